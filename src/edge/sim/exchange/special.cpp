#include "edge/sim/exchange/special.hpp"

namespace robo::sim {

OrderKind mechanics_of(const TicketTerms& terms) {
  const bool sells = terms.side == Side::Sell;
  return std::visit(overload{[](const Market& k) -> OrderKind { return k; },
                             [](const Limit& k) -> OrderKind { return k; },
                             [](const Stop& k) -> OrderKind { return k; },
                             [](const StopLimit& k) -> OrderKind { return k; },
                             [](const Trail& k) -> OrderKind { return k; },
                             [](const TrailPercent& k) -> OrderKind { return Trail{.distance = {}, .trigger = k.trigger}; },
                             [&](const TrailLimit& k) -> OrderKind { return StopLimit{k.trigger, sells ? k.trigger - k.limit_offset : k.trigger + k.limit_offset}; },
                             [](const MarketIfTouched& k) -> OrderKind { return Stop{k.trigger}; },
                             [](const LimitIfTouched& k) -> OrderKind { return StopLimit{k.trigger, k.price}; },
                             [](const MarketToLimit&) -> OrderKind { return robo::Market{}; },
                             [](const MarketOnClose&) -> OrderKind { return robo::Market{}; },
                             [](const LimitOnClose& k) -> OrderKind { return Limit{k.price}; },
                             [](const MarketOnOpen&) -> OrderKind { return robo::Market{}; },
                             [](const LimitOnOpen& k) -> OrderKind { return Limit{k.price}; },
                             [](const Relative& k) -> OrderKind { return Limit{k.cap}; },
                             [](const PegMid& k) -> OrderKind { return Limit{k.cap}; },
                             [](const PegBest& k) -> OrderKind { return Limit{k.cap}; }},
                    terms.kind);
}

TimeInForce time_in_force_of(Lifetime lifetime) {
  switch (lifetime) {
    case Lifetime::Day:
    case Lifetime::DayTillCancelled: return TimeInForce::Day;
    case Lifetime::GoodTillCancelled:
    case Lifetime::GoodTillDate: return TimeInForce::GoodTillCancel;
    case Lifetime::ImmediateOrCancel: return TimeInForce::ImmediateOrCancel;
    case Lifetime::FillOrKill: return TimeInForce::FillOrKill;
  }
  return TimeInForce::Day;
}

bool is_plain(const TicketTerms& terms) {
  constexpr Marks plain = bits(Mark::GoodTillCancelled, Mark::ImmediateOrCancel, Mark::FillOrKill, Mark::OutsideHours);
  return terms.kind.index() < std::variant_size_v<OrderKind> && (marks_of(terms) & ~plain) == 0 && terms.trigger_method == TriggerMethod::Default;
}

}  // namespace robo::sim
