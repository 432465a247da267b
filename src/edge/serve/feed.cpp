#include "edge/serve/feed.hpp"

namespace robo::serve {
namespace {

template <class T, class... Of>
constexpr bool one_of = (std::same_as<T, Of> || ...);

bool may_be_dropped(const FactPayload& payload) {
  return std::visit([]<class T>(const T&) { return one_of<T, SignalRaised, TargetSet, BarClosed, RegimeChanged, StrategyMarked, LimitUsed, EquityMarked,
                                                         ExposureMarked, RiskMarked, LeadershipMarked, AppetiteMarked>; }, payload);
}

}  // namespace

Feed::Feed(std::size_t market_capacity) : market_(market_capacity), words_(8) {}

void Feed::on_event(const Event& event) {
  std::visit(
      [&]<class T>(const T& payload) {
        if constexpr (one_of<T, Quote, Trade, DepthRow, DepthLevel, DepthReset>) {
          if (!market_.push(event)) drop();
        } else if constexpr (one_of<T, PhaseChange, DataFarmChanged, RuntimeAlarm>) {
          words_.push(event.at, payload);
        } else if constexpr (one_of<T, Boxed<GatewayChanged>, Boxed<OperatorInput>, Boxed<EngineStarted>, Boxed<AccountValue>, Boxed<Instrument>>) {
          words_.push(event.at, *payload);
        } else if constexpr (std::same_as<T, Boxed<Bar>>) {
          if (words_.size() < words_backlog_max) words_.push(event.at, *payload);
          else drop();
        }
        // Broker updates, executions and timers reach the desk as the facts the kernel made of them.
      },
      event.payload);
}

void Feed::on_fact(const Fact& fact) {
  if (words_.size() >= words_backlog_max && may_be_dropped(fact.payload)) return drop();
  words_.push(fact.at, fact.payload);
}

void Feed::on_order_sent(Timestamp at, OrderKey key, std::int64_t ns) {
  if (words_.size() < words_backlog_max) words_.push(at, OrderTimed{key, ns});
}

void Feed::on_health(const runtime::Health& health) {
  if (words_.size() < words_backlog_max) words_.push(Timestamp{}, health);
}

}  // namespace robo::serve
