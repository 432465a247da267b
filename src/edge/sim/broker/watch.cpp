// Orders that wait for something, end by the clock, or change by themselves: conditions, good-after and good-till times, pegs,
// adjusting stops, algorithms.

#include <algorithm>

#include "edge/sim/broker/broker.hpp"

namespace robo::sim {

std::optional<Refusal> Broker::size_by_money(const TicketTerms& ticket, Order& order) const {
  if (ticket.cash.is_zero()) return std::nullopt;
  const Instrument& instrument = account_.instrument(ticket.instrument);
  const auto touch = matcher_.touch(ticket.instrument);
  Price price = ticket.side == Side::Buy ? touch.ask : touch.bid;
  if (const auto* limit = std::get_if<Limit>(&ticket.kind)) price = limit->price;
  if (!price.is_positive()) return Refusal{201, "Order rejected - reason:there is no price to turn the cash quantity into a size"};
  const i128 unit = i128{Price::scale} * Quantity::scale / Money::scale;
  const auto step = std::max<std::int64_t>(1, instrument.size_increment.raw);
  order.quantity = Quantity::from_raw(static_cast<std::int64_t>(i128{ticket.cash.raw} * unit / (i128{price.raw} * instrument.multiplier)) / step * step);
  if (!order.quantity.is_positive()) return Refusal{434, "The cash quantity does not buy the smallest size."};
  return std::nullopt;
}

void Broker::begin_watch(Order& order) {
  Special& special = *orders_.special(order);
  special.cash_left = special.terms.cash;
  special.shown_left = special.terms.display;
  if (special.terms.algo.index() != 0) special.bound = Quantity{};  // until it is paced
  for (std::size_t i = 0; i < special.terms.condition_count; ++i)
    if (const auto* execution = std::get_if<ExecutionCondition>(&special.terms.conditions[i].when); execution && execution->instrument.value < fills_.size())
      special.fills_before[i] = fills_[execution->instrument.value];
}

/// Starts to watch a transmitted order. True: it has to wait.
bool Broker::waits(Timestamp at, Slot slot) {
  Special& special = *orders_.special(orders_[slot]);
  const auto& t = special.terms;
  const auto type = type_of(t.kind);
  const bool watched = t.condition_count != 0 || t.good_after.ns != 0 || t.lifetime == Lifetime::GoodTillDate || t.adjustment.index() != 0 || t.algo.index() != 0 || is_pegged(type);
  if (watched && std::find(watched_.begin(), watched_.end(), slot) == watched_.end()) watched_.push_back(slot);
  if (special.released) return false;
  const bool early = t.good_after.ns != 0 && at < t.good_after;
  const bool unmet = t.condition_count != 0 && !t.cancel_when_met && !met(at, special);
  special.released = !early && !unmet;
  return !special.released;
}

bool Broker::met(Timestamp at, Special& special) {
  const auto& t = special.terms;
  bool result = false;
  for (std::size_t i = 0; i < t.condition_count; ++i) {
    const bool one = met(at, t.conditions[i].when, special.fills_before[i], special.seen[i]);
    result = i == 0 ? one : t.conditions[i - 1].next == Join::And ? result && one : result || one;
  }
  return result;
}

bool Broker::met(Timestamp at, const ConditionKind& condition, std::uint32_t fills_before, std::uint8_t& seen) {
  const auto beyond = [](Beyond how, auto value, auto level) { return how == Beyond::AtLeast ? value >= level : value <= level; };
  return std::visit(overload{[&](const PriceCondition& c) {
                               const Price price = matcher_.seen(c.instrument, c.method, c.beyond == Beyond::AtLeast);
                               const bool now = price.is_positive() && beyond(c.beyond, price, c.price);
                               if (c.method != TriggerMethod::DoubleLast && c.method != TriggerMethod::DoubleBidAsk) return now;
                               if (print_ == (c.method == TriggerMethod::DoubleLast)) seen = now ? static_cast<std::uint8_t>(std::min(seen + 1, 2)) : std::uint8_t{0};
                               return seen >= 2;
                             },
                             [&](const TimeCondition& c) { return c.beyond == Beyond::AtLeast ? at >= c.at : at < c.at; },
                             [&](const MarginCondition& c) {
                               mark();
                               const auto values = account_.values();
                               const double cushion = values.net_liquidation > 0 ? 100 * values.excess_liquidity() / values.net_liquidation : 0;
                               return beyond(c.beyond, cushion, static_cast<double>(c.percent));
                             },
                             [&](const ExecutionCondition& c) { return fills_[c.instrument.value] > fills_before; },
                             [&](const VolumeCondition& c) { return beyond(c.beyond, matcher_.volume(c.instrument), shares(c.volume)); },
                             [&](const ChangeCondition& c) {
                               const Price close = matcher_.prior_close(c.instrument), last = matcher_.last(c.instrument);
                               if (!close.is_positive() || !last.is_positive()) return false;
                               const i128 change = i128{last.raw - close.raw} * 10'000;
                               return beyond(c.beyond, change, i128{close.raw} * c.change.value);
                             }},
                    condition);
}

void Broker::let_go(Timestamp at, Slot slot) {
  Order& order = orders_[slot];
  order.hold = Hold::None;
  const auto first_match = matcher_.matches().size();
  matcher_.enter(slot);
  if (orders_.special(order)->terms.algo.index() != 0) pace(at, slot);
  const bool at_once = matcher_.matches().size() != first_match;
  if (order.hold == Hold::None && !at_once) order.state = OrderState::Submitted;
  status(at, slot);
}

void Broker::on_time(Timestamp at) {
  matcher_.on_time(at);
  settle(at);
  if (!watched_.empty()) watch(at, InstrumentId{UINT32_MAX});
  settle(at);
  release();
}

void Broker::watch(Timestamp at, InstrumentId moved) {
  const auto now = watched_;
  for (const Slot slot : now) {
    if (std::find(watched_.begin(), watched_.end(), slot) == watched_.end()) continue;  // over by what another one did
    if (!watch_one(at, slot, moved)) std::erase(watched_, slot);
    settle(at);
  }
}

/// False: nothing is left to watch.
bool Broker::watch_one(Timestamp at, Slot slot, InstrumentId moved) {
  Order& order = orders_[slot];
  Special& special = *orders_.special(order);
  const auto& t = special.terms;
  if (is_final(order.state)) return false;
  const auto end = [&](std::string_view why) {
    matcher_.remove(slot);
    finish(at, slot, OrderState::Cancelled, 202, why);
    return false;
  };
  if (t.lifetime == Lifetime::GoodTillDate && at >= t.good_till) return end("Order Canceled - reason:Cancelled by System: good till date");
  if (order.hold == Hold::Condition) {
    if (!waits(at, slot)) let_go(at, slot);
    return true;
  }
  if (order.hold == Hold::Child || order.hold == Hold::NotTransmitted || order.hold == Hold::Locate) return true;
  if (t.cancel_when_met && met(at, special)) return end("Order Canceled - reason:its condition is met");
  if (t.algo.index() != 0) pace(at, slot);
  if (moved != order.instrument) return true;
  if (is_pegged(type_of(t.kind))) matcher_.repeg(slot);
  if (t.adjustment.index() != 0 && order.hold == Hold::Trigger) adjust(at, slot);
  return true;
}

/// The day is over for day orders whose condition never came.
void Broker::end_waiting(Timestamp at, InstrumentId instrument) {
  const auto now = watched_;
  for (const Slot slot : now) {
    const Order& order = orders_[slot];
    if (order.instrument != instrument || order.hold != Hold::Condition || order.time_in_force != TimeInForce::Day || order.outside_regular_hours || is_final(order.state)) continue;
    finish(at, slot, OrderState::Cancelled, 202, "Order Canceled - reason:Cancelled by System: end of the trading day");
  }
}

void Broker::adjust(Timestamp at, Slot slot) {
  Order& order = orders_[slot];
  Special& special = *orders_.special(order);
  // A stop that protects a long position is adjusted when the price has risen, one for a short when it has fallen.
  const bool rising = order.side == Side::Sell;
  const Price now = matcher_.seen(order.instrument, special.terms.trigger_method, rising);
  const Price trigger = std::visit([](const auto& a) {
    if constexpr (requires { a.trigger; }) return a.trigger;
    else return Price{};
  }, special.terms.adjustment);
  if (now.is_zero() || (rising ? now < trigger : now > trigger)) return;
  std::visit(overload{[](const NoAdjustment&) {}, [&](const AdjustToStop& a) { special.terms.kind = Stop{a.stop}; },
                      [&](const AdjustToStopLimit& a) { special.terms.kind = StopLimit{a.stop, a.limit}; },
                      [&](const AdjustToTrail& a) { special.terms.kind = Trail{a.distance, a.stop}; },
                      [&](const AdjustToTrailPercent& a) { special.terms.kind = TrailPercent{a.distance, a.stop}; }},
             special.terms.adjustment);
  special.terms.adjustment = NoAdjustment{};
  rework(slot, mechanics_of(special.terms));
  if (!is_final(order.state)) status(at, slot);
}

/// New mechanics for a working order; it goes to the back of whatever queue it joins.
void Broker::rework(Slot slot, const OrderKind& kind) {
  orders_[slot].kind = kind;
  matcher_.remove(slot);
  orders_[slot].hold = Hold::None;
  matcher_.enter(slot);
}

void Broker::change_special(Timestamp at, Slot slot, const Terms& terms) {
  Order& order = orders_[slot];
  std::erase(watched_, slot);
  if (terms.ticket == nullptr) {  // plain from now on
    order.special = 0;
  } else {
    if (order.special == 0) order.special = orders_.add_special(*terms.ticket);
    else *orders_.special(order) = Special{.terms = *terms.ticket};
    begin_watch(order);
  }
  if (order.hold == Hold::NotTransmitted) {
    if (!terms.transmit) return;
    order.hold = Hold::None;
    if (order.parent != no_slot) transmit_family(at, order.parent);
    else send_to_exchange(at, slot);
    return;
  }
  if (order.hold == Hold::Child || order.hold == Hold::Locate) return status(at, slot);
  matcher_.remove(slot);
  order.hold = Hold::None;
  if (order.special != 0 && waits(at, slot)) {
    order.hold = Hold::Condition;
    order.state = OrderState::PreSubmitted;
    return status(at, slot);
  }
  matcher_.enter(slot);
  if (order.special != 0 && orders_.special(order)->terms.algo.index() != 0) pace(at, slot);
  if (order.in_matcher && order.hold == Hold::None) order.state = OrderState::Submitted;
  if (!is_final(order.state)) status(at, slot);
}

}  // namespace robo::sim
