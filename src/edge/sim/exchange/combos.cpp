// Combinations: one order, several markets, all legs or nothing. There is no book of spreads in the data, so a combination trades
// against what its legs show (a native spread made of them), and never against a print.

#include <algorithm>

#include "edge/sim/exchange/matcher.hpp"

namespace robo::sim {
namespace {

constexpr BookSide opposite_book(Side side) { return side == Side::Buy ? BookSide::Ask : BookSide::Bid; }
constexpr bool within(Side side, Price limit, Price price) { return side == Side::Buy ? price <= limit : price >= limit; }

/// What the owner of an order does in a leg.
constexpr Side side_in(const LegOf& leg, Side side) { return (leg.ratio > 0) == (side == Side::Buy) ? Side::Buy : Side::Sell; }
constexpr std::int64_t per_unit(const LegOf& leg) { return leg.ratio < 0 ? -leg.ratio : leg.ratio; }

}  // namespace

void Matcher::combine(InstrumentId combo, std::span<const LegOf> legs) {
  Lane& l = lane(combo);
  INVARIANT(l.known && l.legs.empty() && legs.size() <= 4);
  l.legs.assign(legs.begin(), legs.end());
  for (const LegOf& leg : legs) lane(leg.instrument).in_combos.push_back(combo);
  has_combos_ = true;
  leg_moved(legs.front().instrument);
}

/// The levels of a leg's side from the best, less what we took of them: f(price, raw size left) until it says stop.
template <class F>
void Matcher::shown(const Lane& leg, BookSide side, F&& f) const {
  constexpr std::int64_t endless = INT64_MAX / 8;
  const auto one = [&](Price price, Quantity size) {
    const auto left = rules_.displayed_size_only ? size.raw - taken(leg, side, price).raw : endless;
    return left <= 0 || f(price, left);
  };
  if (leg.book && leg.book->ready()) return leg.book->walk(side, one);
  const Price price = side == BookSide::Ask ? leg.top.ask : leg.top.bid;
  const Quantity size = side == BookSide::Ask ? leg.top.ask_size : leg.top.bid_size;
  if (size.is_positive()) one(price, size);
}

/// The next units the legs give, beyond `used` of each: every leg at the price of the level that completes one unit, never better.
Matcher::Part Matcher::part_of(const Lane& l, const Order& order, const std::array<std::int64_t, 4>& used) const {
  const auto step = std::max<std::int64_t>(1, l.instrument.size_increment.raw);
  const Special* special = orders_.special(order);
  const bool priced_legs = special != nullptr && special->terms.leg_price_count == l.legs.size();
  Part part;
  part.units = order.remaining().raw;
  i128 net = 0;
  for (std::size_t i = 0; i < l.legs.size(); ++i) {
    const LegOf& leg = l.legs[i];
    const Side side = side_in(leg, order.side);
    std::int64_t skip = used[i], sum = 0;
    shown(lane(leg.instrument), opposite_book(side), [&](Price price, std::int64_t left) {
      const auto gone = std::min(skip, left);
      skip -= gone;
      sum += left - gone;
      part.prices[i] = price;
      return sum / per_unit(leg) < step;
    });
    part.units = std::min(part.units, sum / per_unit(leg));
    if (part.units < step || (priced_legs && !within(side, special->terms.leg_prices[i], part.prices[i]))) return {};
    net += i128{part.prices[i].raw} * leg.ratio;
  }
  part.net = Price::from_raw(narrow(net));
  part.units = part.units / step * step;
  if (order.priced && !within(order.side, order.limit, part.net)) return {};
  return part;
}

Quantity Matcher::available_combo(const Lane& l, const Order& order) const {
  std::array<std::int64_t, 4> used{};
  Order asking = order;
  while (asking.remaining().is_positive()) {
    const auto part = part_of(l, asking, used);
    if (part.units == 0) break;
    for (std::size_t i = 0; i < l.legs.size(); ++i) used[i] += part.units * per_unit(l.legs[i]);
    asking.filled += Quantity::from_raw(part.units);
  }
  return asking.filled - order.filled;
}

void Matcher::take_combo(Lane& l, Slot slot) {
  Order& order = orders_[slot];
  while (order.remaining().is_positive()) {
    const auto part = part_of(l, order, {});
    if (part.units == 0) return;
    fill(slot, Quantity::from_raw(part.units), part.net, FeeLiquidity::Removed, 0);
    for (std::size_t i = 0; i < l.legs.size(); ++i) {
      Lane& leg = lane(l.legs[i].instrument);
      const auto book = opposite_book(side_in(l.legs[i], order.side));
      const auto quantity = part.units * per_unit(l.legs[i]);
      std::vector<Taken> taking;  // noted after the walk that reads the notes
      auto left = quantity;
      shown(leg, book, [&](Price price, std::int64_t there) {
        const auto now = std::min(left, there);
        taking.push_back({price, Quantity::from_raw(now)});
        left -= now;
        return left > 0;
      });
      for (const Taken& level : taking) take_note(leg, book, level.price, level.size);
      matches_.push_back({.kind = MatchKind::LegFilled, .liquidity = FeeLiquidity::Removed, .venue = book == BookSide::Ask ? leg.ask_venue : leg.bid_venue,
                          .leg = static_cast<std::uint8_t>(i), .slot = slot, .quantity = Quantity::from_raw(quantity), .price = part.prices[i]});
    }
  }
}

void Matcher::cross_combo(Lane& l) {
  if (l.phase == TradingPhase::Halted || l.phase == TradingPhase::Closed) return;
  for (const Side side : {Side::Buy, Side::Sell}) {
    auto& list = l.resting[static_cast<std::size_t>(side)];
    for (std::size_t i = 0; i < list.size();) {
      Order& order = orders_[list[i]];
      if (!blocked(order)) take_combo(l, list[i]);
      if (order.remaining().is_positive()) {
        ++i;
        continue;
      }
      list.erase(list.begin() + static_cast<std::ptrdiff_t>(i));
      --l.orders;
      order.in_matcher = false;
    }
    bounds(l, side);
  }
}

Matcher::Touch Matcher::touch_of_legs(const Lane& l) const {
  Touch t;
  t.bid_size = t.ask_size = Quantity::from_raw(INT64_MAX);
  for (const LegOf& leg : l.legs) {
    const Touch of = touch(lane(leg.instrument));
    const bool bought = leg.ratio > 0;
    t.ask += Price::from_raw((bought ? of.ask : of.bid).raw * leg.ratio);
    t.bid += Price::from_raw((bought ? of.bid : of.ask).raw * leg.ratio);
    t.ask_size = std::min(t.ask_size, Quantity::from_raw((bought ? of.ask_size : of.bid_size).raw / per_unit(leg)));
    t.bid_size = std::min(t.bid_size, Quantity::from_raw((bought ? of.bid_size : of.ask_size).raw / per_unit(leg)));
  }
  return t;
}

void Matcher::leg_moved(InstrumentId leg) {
  const auto combos = lane(leg).in_combos;
  for (const InstrumentId combo : combos) {
    Lane& l = lane(combo);
    l.top = touch_of_legs(l);
    // It trades while all its legs do.
    constexpr auto strictness = [](TradingPhase phase) { return phase == TradingPhase::Closed ? 4 : phase == TradingPhase::Halted ? 3 : phase == TradingPhase::Regular ? 0 : 1; };
    const Lane* strictest = &lane(l.legs.front().instrument);
    for (const LegOf& one : l.legs)
      if (strictness(lane(one.instrument).phase) > strictness(strictest->phase)) strictest = &lane(one.instrument);
    if (strictest->phase != l.phase) {
      on_phase({.instrument = combo, .phase = strictest->phase, .until = strictest->until});
    } else {
      l.until = strictest->until;
      if (l.orders != 0) cross_combo(l);
    }
  }
}

}  // namespace robo::sim
