#pragma once
// What must hold after every step, whatever the gateway does. Lives longer than an engine: a restart changes nothing about it.

#include <map>
#include <set>
#include <string>

#include "runtime/ports.hpp"

namespace robo::simulation {

class Checkers : public runtime::Tap {
 public:
  void on_event(const Event& event) override;
  void on_command(Timestamp at, const Command& command) override;
  void on_fact(const Fact& fact) override;

  /// A new life of the engine: it knows what its journal told it, and nothing is ready.
  void restarted();
  void wrong(Timestamp at, std::string what);

  /// The first thing that was wrong; empty: nothing.
  [[nodiscard]] const std::string& broken() const { return broken_; }
  [[nodiscard]] const std::map<OrderKey, OrderState>& states() const { return states_; }
  [[nodiscard]] std::size_t sent() const { return sent_.size(); }
  [[nodiscard]] std::size_t filled() const { return filled_.size(); }
  [[nodiscard]] bool killed() const { return killed_; }
  /// Its last entry came with a stop: what we hold of it must never stand without one.
  [[nodiscard]] bool wants_stop(InstrumentId instrument) const { return stopped_.contains(instrument.value); }
  [[nodiscard]] std::size_t stops() const { return stops_; }

 private:
  std::map<OrderKey, Quantity> sent_, filled_;
  std::map<OrderKey, OrderState> states_;
  std::set<std::string> executions_;
  std::set<std::uint32_t> halted_, stopped_;
  std::size_t stops_ = 0;
  bool ready_ = false, killed_ = false;
  std::string broken_;
};

}  // namespace robo::simulation
