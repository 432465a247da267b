#pragma once
// A gateway that does to us what gateways do: words twice, late, in the wrong order, or never; connections that break with
// orders in flight. All by seed.

#include <deque>
#include <map>

#include "edge/sim/gateway.hpp"
#include "model/boxed.hpp"
#include "runtime/ports.hpp"

namespace robo::simulation {

struct Hostility {
  std::uint64_t seed{1};
  double twice = 0.15;        // an order's word is repeated
  double late = 0.15;         // it comes some events later
  double lost = 0.02;         // a status never comes (executions are never lost but by a broken connection)
  double breaks = 2e-4;       // per market event: the connection breaks
};

class HostileGateway : public runtime::Gateway {
 public:
  HostileGateway(sim::SimGateway& inner, const Hostility& hostility) : inner_(inner), hostility_(hostility), state_(hostility.seed * 0x9E3779B97F4A7C15u + 7) {}

  [[nodiscard]] bool next(Event& out) override;
  void send(const Command& command) override;
  [[nodiscard]] bool finished() const override { return calm_ && inner_.finished() && waiting_.empty(); }
  void wait(Duration) override {}

  /// The day is over: what is late arrives, and nothing breaks any more.
  void calm_down() { calm_ = true; }
  [[nodiscard]] std::uint64_t breaks() const { return breaks_; }
  [[nodiscard]] std::uint64_t troubles() const { return troubles_; }
  [[nodiscard]] bool connected() const { return up_; }

 private:
  struct Held {
    Event event{};
    BoxedAny payload{};
    std::uint64_t after{};   // events of the inner gateway
  };
  bool chance(double probability);
  void hold(const Event& event, std::uint64_t after);
  void remember(const Event& event);
  void break_connection(Timestamp at);
  void say(Timestamp at, GatewayState state);
  void reconcile_with_executions(const Event& event);
  bool give(Held held, Event& out);

  sim::SimGateway& inner_;
  Hostility hostility_;
  std::uint64_t state_;
  std::deque<Held> waiting_;
  std::vector<Execution> executions_;           // of the day: told again at every reconciliation, as IB does
  std::map<std::string, Commission> commissions_;
  Held taken_{};
  std::uint64_t seen_ = 0, breaks_ = 0, troubles_ = 0, silent_until_ = 0;
  std::uint32_t reconciliations_ = 1'000;
  bool up_ = true, calm_ = false, ready_ = false;
  GatewayChanged changed_{};
};

}  // namespace robo::simulation
