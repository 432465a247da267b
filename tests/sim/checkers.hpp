#pragma once
// What must hold after every step, whatever the gateway does. Lives longer than an engine: a restart changes nothing about it.

#include <deque>
#include <map>
#include <set>
#include <string>

#include "runtime/ports.hpp"

namespace robo::simulation {

/// What the checkers hold the engine to; as it was told, or as IB says.
struct Bounds {
  Quantity position_max{};
  Duration quote_age_max{};
  int messages_per_second{};
};

class Checkers : public runtime::Tap {
 public:
  explicit Checkers(const Bounds& bounds) : bounds_(bounds) {}
  void on_event(const Event& event) override;
  void on_command(Timestamp at, const Command& command) override;
  void on_fact(const Fact& fact) override;

  /// A new life of the engine: it knows what its journal told it, and nothing is ready.
  void restarted();
  /// Nothing stands between the engine and the gateway; `halted_since`: the market has been halted since then.
  void undisturbed(Timestamp now, Timestamp halted_since);
  /// The engine cannot know: it sleeps, is dead, or its line is.
  void disturbed(Timestamp now) { clear_since_ = now; }
  /// The engine said one message to the gateway.
  void on_message(Timestamp at);
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
  struct Sent {
    Quantity quantity{};
    InstrumentId instrument{};
    Side side{};
    OrderPurpose purpose{};
    Timestamp at{};
  };
  void hold(std::uint32_t instrument, Quantity quantity);
  void check_entry(Timestamp at, const OrderIntent& intent);

  Bounds bounds_;
  std::map<OrderKey, Sent> sent_;
  std::map<OrderKey, Quantity> filled_;
  std::map<OrderKey, OrderState> states_;
  std::map<std::uint32_t, Quantity> positions_;  // of this life
  std::map<std::uint32_t, Quantity> held_;       // of all
  std::map<std::uint32_t, Timestamp> quoted_;
  std::deque<Timestamp> messages_;
  Timestamp clear_since_{INT64_MAX}, halted_since_{INT64_MAX};
  std::set<std::string> executions_;
  std::set<std::uint32_t> halted_, stopped_;
  std::size_t stops_ = 0;
  bool ready_ = false, killed_ = false;
  std::string broken_;
};

}  // namespace robo::simulation
