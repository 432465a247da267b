// IB's algorithms as far as their public descriptions go: how much may have traded by now, and at which price to stand. IB's own
// are secret; docs/orders.md says what ours do.

#include <algorithm>
#include <cmath>

#include "edge/sim/broker/broker.hpp"

namespace robo::sim {
namespace {

/// Share of a day's volume traded until `x` of its hours: heavy at both ends.
double day_curve(double x) {
  const double u = 2 * x - 1;
  return (x + (u * u * u + 1) / 2) / 2;
}
double eagerness(RiskAversion urgency) {
  switch (urgency) {
    case RiskAversion::GetDone: return 8;
    case RiskAversion::Aggressive: return 4;
    case RiskAversion::Neutral: return 2;
    case RiskAversion::Passive: return 1;
  }
  return 2;
}
Duration patience(AdaptivePriority priority) {
  switch (priority) {
    case AdaptivePriority::Urgent: return seconds(2);
    case AdaptivePriority::Normal: return seconds(10);
    case AdaptivePriority::Patient: return seconds(30);
  }
  return seconds(10);
}
std::uint32_t roll(std::uint32_t& dice) { return dice = static_cast<std::uint32_t>((std::uint64_t{dice} * 48'271u) % 2'147'483'647u); }
/// A number in [-1, 1] of the order's own dice.
double spread(std::uint32_t& dice) { return 2.0 * roll(dice) / 2'147'483'647.0 - 1.0; }

}  // namespace

void Broker::pace(Timestamp at, Slot slot) {
  Order& order = orders_[slot];
  Special& special = *orders_.special(order);
  const Instrument& instrument = account_.instrument(order.instrument);
  if (matcher_.phase(order.instrument) == TradingPhase::Halted || order.hold == Hold::Session) return;
  const auto step = std::max<std::int64_t>(1, instrument.size_increment.raw);
  const auto touch = matcher_.touch(order.instrument);
  const bool buys = order.side == Side::Buy;
  const AlgoWindow window = std::visit([](const auto& algo) {
    if constexpr (requires { algo.window; }) return algo.window;
    else return AlgoWindow{};
  }, special.terms.algo);
  const auto* close_price = std::get_if<ClosePrice>(&special.terms.algo);
  const Timestamp start = close_price != nullptr ? close_price->start : window.start;
  if (special.began.ns == 0) {
    if (start.ns != 0 && at < start) {
      special.bound = Quantity{};
      return;
    }
    special.began = at;
    special.volume_at_begin = matcher_.volume(order.instrument);
    special.dice = static_cast<std::uint32_t>(order.perm_id.value % 2'147'483'646 + 1);
    special.arrival = buys ? touch.ask : touch.bid;
  }
  const Timestamp session_end = matcher_.phase_until(order.instrument);
  Timestamp end = window.end.ns != 0 ? window.end : session_end.ns != 0 ? session_end : special.began + hours(1);
  if (end <= special.began) end = special.began + seconds(1);
  const double x = std::clamp(static_cast<double>((at - special.began).ns) / static_cast<double>((end - special.began).ns), 0.0, 1.0);
  const double traded = (matcher_.volume(order.instrument) - special.volume_at_begin).to_double();
  const double whole = order.quantity.to_double();
  const bool over = at >= end;
  if (over && window.end.ns != 0 && !window.past_end) {
    matcher_.remove(slot);
    return finish(at, slot, OrderState::Cancelled, 202, "Order Canceled - reason:the algorithm's end time");
  }

  const auto bound_to = [&](double quantity) {
    const auto raw = static_cast<std::int64_t>(std::min(quantity, whole) * static_cast<double>(Quantity::scale));
    const Quantity bound = raw >= order.quantity.raw ? order.quantity : Quantity::from_raw(raw / step * step);
    if (bound > special.bound) {
      special.bound = std::max(bound, order.filled);
      return true;
    }
    return false;
  };
  // Stands where told, never past the order's own limit; the order's own mechanics when there is nowhere to stand.
  const auto stand_at = [&](Price price) {
    OrderKind kind = mechanics_of(special.terms);
    if (price.is_positive()) {
      if (const auto* limit = std::get_if<Limit>(&kind)) price = buys ? std::min(price, limit->price) : std::max(price, limit->price);
      kind = Limit{buys ? instrument.ticks.floor(price) : instrument.ticks.ceil(price)};
    }
    if (kind != order.kind) rework(slot, kind);
  };
  const auto go_on = [&] {
    if (order.in_matcher && order.hold == Hold::None) rework(slot, order.kind);
  };
  const Price near = buys ? touch.bid : touch.ask;
  const Price middle = touch.bid_size.is_positive() && touch.ask_size.is_positive() ? Price::from_raw(touch.bid.raw + (touch.ask.raw - touch.bid.raw) / 2) : near;

  std::visit(overload{
                 [](const NoAlgo&) {},
                 [&](const Adaptive& a) {
                   // Waits at its own side, then in the middle, then takes.
                   special.bound = order.quantity;
                   const auto stage = (at - special.began).ns * 3 / patience(a.priority).ns;
                   if (stage >= 2) {
                     if (special.parts != 2) special.parts = 2, stand_at({});
                     return;
                   }
                   special.parts = static_cast<std::uint32_t>(stage);
                   stand_at(stage == 0 ? near : middle);
                 },
                 [&](const Twap& a) {
                   const bool more = bound_to(whole * x);
                   switch (a.style) {
                     case TwapStyle::Marketable: break;
                     case TwapStyle::MatchingMidpoint: stand_at(middle); break;
                     case TwapStyle::MatchingSameSide: stand_at(near); break;
                     case TwapStyle::MatchingLast: stand_at(matcher_.last(order.instrument)); break;
                   }
                   if (more) go_on();
                 },
                 [&](const Vwap& a) {
                   const Timestamp opened = matcher_.regular_since(order.instrument);
                   double done = x;
                   if (opened.ns != 0 && session_end > opened) {
                     const auto of_day = [&](Timestamp t) { return day_curve(std::clamp(static_cast<double>((t - opened).ns) / static_cast<double>((session_end - opened).ns), 0.0, 1.0)); };
                     const double from = of_day(special.began), to = of_day(end);
                     if (to > from) done = std::clamp((of_day(at) - from) / (to - from), 0.0, 1.0);
                   }
                   const bool more = bound_to(std::min(whole * done, a.share.fraction() * traded));
                   if (a.no_take) stand_at(near);
                   if (more) go_on();
                 },
                 [&](const ArrivalPrice& a) {
                   const double wanted = whole * (1 - std::pow(1 - x, eagerness(a.urgency)));
                   if (bound_to(over && a.force_completion ? whole : std::min(wanted, a.share.fraction() * traded))) go_on();
                 },
                 [&](const PercentOfVolume& a) {
                   const bool more = bound_to(a.share.fraction() * traded);
                   if (a.no_take) stand_at(near);
                   if (more) go_on();
                 },
                 [&](const DarkIce& a) {
                   // Shows its size give or take a half, anew for every slice.
                   if (special.terms.display.is_zero() || special.shown_left == special.terms.display) {
                     const double size = std::max(1.0, std::round(a.display * (1 + 0.5 * spread(special.dice))));
                     special.terms.display = std::min(order.remaining(), shares(static_cast<std::int64_t>(size)));
                     special.shown_left = special.terms.display;
                   }
                   if (special.bound < order.quantity) special.bound = order.quantity, go_on();
                 },
                 [&](const ClosePrice& a) {
                   const double wanted = whole * std::pow(x, 1 + 2 / eagerness(a.urgency));
                   const bool last_call = a.force_completion && end - at <= minutes(1);
                   if (bound_to(last_call ? whole : std::min(wanted, a.share.fraction() * traded))) go_on();
                 },
                 [&](const AccumulateDistribute& a) {
                   if (at < special.next) return;
                   if (a.wait_for_fill && order.filled < special.bound) return;
                   const double size = a.component * (a.randomize_size ? 1 + 0.55 * spread(special.dice) : 1.0);
                   const double from = (a.catch_up ? special.bound : std::max(order.filled, Quantity{})).to_double();
                   const double gap = a.every_seconds * (a.randomize_time ? 1 + 0.2 * spread(special.dice) : 1.0);
                   special.next = at + milliseconds(static_cast<std::int64_t>(gap * 1000));
                   ++special.parts;
                   if (bound_to(from + std::max(1.0, std::round(size)))) go_on();
                 }},
             special.terms.algo);
}

}  // namespace robo::sim
