#include "edge/sim/exchange/matcher.hpp"

#include <algorithm>

namespace robo::sim {
namespace {

constexpr BookSide book_side_of(Side side) { return side == Side::Buy ? BookSide::Bid : BookSide::Ask; }
constexpr BookSide opposite_book(Side side) { return side == Side::Buy ? BookSide::Ask : BookSide::Bid; }
constexpr std::size_t index_of(Side side) { return static_cast<std::size_t>(side); }
constexpr std::size_t index_of(BookSide side) { return static_cast<std::size_t>(side); }
constexpr Price infinite_price = Price::from_raw(INT64_MAX);

/// a is at least as good as b for somebody who wants to trade with us: a buy at a crosses an ask at b.
constexpr bool crosses(Side side, Price limit, Price opposite) { return side == Side::Buy ? limit >= opposite : limit <= opposite; }
constexpr bool better(Side side, Price a, Price b) { return side == Side::Buy ? a > b : a < b; }

bool eligible(const Trade& trade) {
  using namespace trade_condition;
  return (trade.conditions & (odd_lot | off_exchange | late | not_last | not_volume)) == 0;
}

}  // namespace

Matcher::Matcher(OrderPool& orders, FillRules rules) : orders_(orders), rules_(rules) {
  matches_.reserve(1024);
  scratch_.reserve(1024);
}

void Matcher::add(const Instrument& instrument) {
  if (lanes_.size() <= instrument.id.value) lanes_.resize(instrument.id.value + 1);
  Lane& l = lane(instrument.id);
  l.instrument = instrument;
  l.known = true;
  l.trigger_by_quote = instrument.asset_class == AssetClass::Forex;
  for (auto& list : l.resting) list.reserve(64);
  for (auto& list : l.taken) list.reserve(64);
  l.stops.reserve(64);
  l.parked.reserve(64);
  for (const Side side : {Side::Buy, Side::Sell}) bounds(l, side);
}

void Matcher::set_prior_close(InstrumentId instrument, Price close) { lane(instrument).prior_close = close; }

bool Matcher::open_for(const Lane& l, const Order& order) {
  switch (l.phase) {
    case TradingPhase::Regular: return true;
    case TradingPhase::PreMarket:
    case TradingPhase::PostMarket:
      return order.outside_regular_hours && (std::holds_alternative<Limit>(order.kind) || std::holds_alternative<StopLimit>(order.kind));
    case TradingPhase::Closed:
    case TradingPhase::Halted: return false;
  }
  return false;
}

Matcher::Touch Matcher::touch(const Lane& l) const {
  if (!l.book || !l.book->ready()) return l.top;
  Touch t;
  if (l.book->has(BookSide::Bid)) t.bid = l.book->best(BookSide::Bid), t.bid_size = l.book->best_size(BookSide::Bid);
  if (l.book->has(BookSide::Ask)) t.ask = l.book->best(BookSide::Ask), t.ask_size = l.book->best_size(BookSide::Ask);
  return t;
}
Matcher::Touch Matcher::touch(InstrumentId instrument) const { return touch(lane(instrument)); }

Quantity Matcher::taken(const Lane& l, BookSide side, Price price) const {
  for (const auto& t : l.taken[index_of(side)])
    if (t.price == price) return t.size;
  return {};
}

void Matcher::take_note(Lane& l, BookSide side, Price price, Quantity size) {
  for (auto& t : l.taken[index_of(side)])
    if (t.price == price) {
      t.size += size;
      return;
    }
  l.taken[index_of(side)].push_back({price, size});
}

void Matcher::clamp_taken(Lane& l, BookSide side, Price price, Quantity shown) {
  auto& list = l.taken[index_of(side)];
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i].price != price) continue;
    if (shown.is_positive()) {
      list[i].size = std::min(list[i].size, shown);
    } else {
      list[i] = list.back();
      list.pop_back();
    }
    return;
  }
}

// ---------------------------------------------------------------- the market

void Matcher::on_quote(const Quote& quote) {
  Lane& l = lane(quote.instrument);
  const Touch before = l.top;
  l.top = {quote.bid, quote.ask, quote.bid_size, quote.ask_size};
  l.bid_venue = quote.bid_venue;
  l.ask_venue = quote.ask_venue;
  if (l.orders == 0 && l.in_combos.empty()) {
    if (!l.taken[0].empty() || !l.taken[1].empty()) l.taken[0].clear(), l.taken[1].clear();
    return;
  }
  if (l.book && l.book->ready()) return;  // the book knows better
  const auto side_changed = [&](BookSide side, Price was, Quantity was_size, Price is, Quantity is_size) {
    if (was == is) {
      clamp_taken(l, side, is, is_size);
      if (was_size != is_size) size_changed(l, side, is, was_size, is_size);
      return;
    }
    l.taken[index_of(side)].clear();
    const Side own = side == BookSide::Bid ? Side::Buy : Side::Sell;
    for (const Slot slot : l.resting[index_of(own)]) {
      Order& order = orders_[slot];
      if (!order.priced) continue;
      if (is_size.is_zero() || better(own, order.limit, is)) order.queue_front = 0;  // everybody ahead of us is gone
      else if (order.limit == is) order.queue_front = std::min(order.queue_front, is_size.raw);
      order.queue_traded = 0;
    }
  };
  side_changed(BookSide::Bid, before.bid, before.bid_size, quote.bid, quote.bid_size);
  side_changed(BookSide::Ask, before.ask, before.ask_size, quote.ask, quote.ask_size);
  if (l.phase == TradingPhase::Halted || l.phase == TradingPhase::Closed) return;
  cross_resting(l);
  if (!l.stops.empty() && (l.trigger_by_quote || l.last.is_zero() || l.special_stops)) trigger(l);
}

void Matcher::on_level(const DepthLevel& level) {
  Lane& l = lane(level.instrument);
  if (!l.book) l.book = std::make_unique<LevelBook>(l.instrument.ticks.increment_at(level.price));
  const auto before = l.book->apply(level.side, level.price, level.size, level.last_of_batch);
  if (l.orders == 0 && l.in_combos.empty()) return;
  clamp_taken(l, level.side, level.price, level.size);
  const Side own = level.side == BookSide::Bid ? Side::Buy : Side::Sell;
  if (level.price <= l.own_high[index_of(own)] && level.price >= l.own_low[index_of(own)]) size_changed(l, level.side, level.price, before, level.size);
  if (!level.last_of_batch || l.phase == TradingPhase::Halted || l.phase == TradingPhase::Closed || !l.book->ready()) return;
  const bool buys_cross = l.book->has(BookSide::Ask) && l.own_high[0] >= l.book->best(BookSide::Ask);
  const bool sells_cross = l.book->has(BookSide::Bid) && l.own_low[1] <= l.book->best(BookSide::Bid);
  if (buys_cross || sells_cross || l.aggressive) cross_resting(l);
  if (!l.stops.empty() && (l.trigger_by_quote || l.last.is_zero() || l.special_stops)) trigger(l);
}

void Matcher::on_reset(const DepthReset& reset) {
  Lane& l = lane(reset.instrument);
  if (l.book) l.book->clear();
  for (auto& list : l.resting)
    for (const Slot slot : list) orders_[slot].queue_front = queue_unknown;
}

void Matcher::on_trade(const Trade& trade) {
  Lane& l = lane(trade.instrument);
  const bool counts = !rules_.eligible_prints_only || eligible(trade);
  if (counts) {
    l.last = trade.price;
    if (l.prior_close.is_positive() && !l.restricted && l.phase == TradingPhase::Regular &&
        i128{trade.price.raw} * 10 <= i128{l.prior_close.raw} * 9)
      l.restricted = l.restricted_tomorrow = true;
  }
  if ((trade.conditions & trade_condition::not_volume) == 0) l.volume += trade.size;
  if (auction_orders_ != 0) {
    const bool print = (trade.conditions & trade_condition::auction) != 0 && (trade.conditions & trade_condition::late) == 0;
    if (l.closing && print) uncross(l, true, trade.price, trade.venue);
    else if (l.opening && l.phase == TradingPhase::Regular && (print || counts)) uncross(l, false, trade.price, trade.venue);
  }
  if (l.orders == 0 || !counts || l.phase == TradingPhase::Halted || l.phase == TradingPhase::Closed) return;
  for (const Side side : {Side::Buy, Side::Sell}) {
    auto& list = l.resting[index_of(side)];
    if (list.empty()) continue;
    if (side == Side::Buy ? trade.price > l.own_high[0] : trade.price < l.own_low[1]) continue;
    const auto t = touch(l);
    const bool hits_us = trade.aggressor == Aggressor::Unknown ? (side == Side::Buy ? !t.ask_size.is_positive() || trade.price < t.ask
                                                                                    : !t.bid_size.is_positive() || trade.price > t.bid)
                                                               : trade.aggressor == (side == Side::Buy ? Aggressor::Seller : Aggressor::Buyer);
    std::int64_t print_left = trade.size.raw;
    bool changed = false;
    for (std::size_t i = 0; i < list.size() && print_left > 0;) {
      const Slot slot = list[i];
      Order& order = orders_[slot];
      if (!order.priced || blocked(order)) {
        ++i;
        continue;
      }
      if (!crosses(side, order.limit, trade.price)) break;
      std::int64_t ours = 0;
      if (order.limit != trade.price) {
        ours = print_left;
      } else if (hits_us) {
        QueuePlace place{order.queue_front, order.queue_traded};
        ours = std::min(on_print(place, trade.size.raw), print_left);
        order.queue_front = place.front;
        order.queue_traded = place.traded;
      }
      if (order.special != 0) [[unlikely]] ours = special_share(l, order, trade, hits_us, print_left, ours);
      const auto quantity = std::min(ours, order.remaining().raw);
      if (quantity > 0) {
        print_left -= quantity;
        fill(slot, Quantity::from_raw(quantity), order.limit, FeeLiquidity::Added, trade.venue);
        if (order.special != 0) [[unlikely]] after_resting_fill(l, order, Quantity::from_raw(quantity));
        if (order.remaining().is_zero()) {
          list.erase(list.begin() + static_cast<std::ptrdiff_t>(i));
          --l.orders;
          order.in_matcher = false;
          changed = true;
          continue;
        }
      }
      ++i;
    }
    if (changed) bounds(l, side);
  }
  if (!l.stops.empty() && (!l.trigger_by_quote || l.special_stops)) {
    print_turn_ = true;
    trigger(l);
    print_turn_ = false;
  }
}

void Matcher::size_changed(Lane& l, BookSide side, Price price, Quantity before, Quantity now) {
  const Side own = side == BookSide::Bid ? Side::Buy : Side::Sell;
  for (const Slot slot : l.resting[index_of(own)]) {
    Order& order = orders_[slot];
    if (!order.priced || order.limit != price) continue;
    QueuePlace place{order.queue_front, order.queue_traded};
    on_size(place, rules_.queue, before.raw, now.raw);
    order.queue_front = place.front;
    order.queue_traded = place.traded;
  }
}

void Matcher::on_phase(const PhaseChange& change) {
  Lane& l = lane(change.instrument);
  l.until = change.until;
  const auto was = l.phase;
  if (change.phase == was) {
    if (was == TradingPhase::Regular && l.regular_since.ns == 0) l.regular_since = now_;  // told for the first time
    return;
  }
  if (change.phase == TradingPhase::Halted) {
    l.before_halt = was;
    l.phase = TradingPhase::Halted;
    return;
  }
  l.phase = change.phase;
  const bool regular_ended = (was == TradingPhase::Regular || (was == TradingPhase::Halted && l.before_halt == TradingPhase::Regular)) &&
                             change.phase != TradingPhase::Regular;
  if (regular_ended) {
    if (l.last.is_positive()) l.prior_close = l.last;
    l.restricted = l.restricted_tomorrow;
    l.restricted_tomorrow = false;
  }
  auction_phase(l, change, was, regular_ended);
  if (change.phase == TradingPhase::Closed) expire_day_orders(l, false);
  else if (regular_ended) expire_day_orders(l, true);
  if (change.phase == TradingPhase::PreMarket || change.phase == TradingPhase::Regular) {
    for (auto* list : {&l.resting[0], &l.resting[1], &l.stops, &l.parked})
      for (const Slot slot : *list) orders_[slot].next_session = false;
  }
  // What may not trade in this phase waits, and gives up its place in the queue.
  for (auto* list : {&l.resting[0], &l.resting[1], &l.stops}) {
    for (std::size_t i = 0; i < list->size();) {
      const Slot slot = (*list)[i];
      if (open_for(l, orders_[slot])) {
        ++i;
        continue;
      }
      orders_[slot].hold = Hold::Session;
      l.parked.push_back(slot);
      list->erase(list->begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
  bounds(l, Side::Buy);
  bounds(l, Side::Sell);
  scratch_.clear();
  for (std::size_t i = 0; i < l.parked.size();) {
    const Slot slot = l.parked[i];
    if (!open_for(l, orders_[slot])) {
      ++i;
      continue;
    }
    scratch_.push_back(slot);
    l.parked.erase(l.parked.begin() + static_cast<std::ptrdiff_t>(i));
  }
  for (const Slot slot : scratch_) {
    orders_[slot].hold = Hold::None;
    --l.orders;  // start counts it again
    matches_.push_back({.kind = MatchKind::Resumed, .slot = slot});
    start(l, slot);
  }
  if (l.phase != TradingPhase::Closed) {
    cross_resting(l);
    if (!l.stops.empty()) trigger(l);
  }
}

void Matcher::expire_day_orders(Lane& l, bool regular_only) {
  for (auto* list : {&l.resting[0], &l.resting[1], &l.stops, &l.parked}) {
    for (std::size_t i = 0; i < list->size();) {
      const Slot slot = (*list)[i];
      Order& order = orders_[slot];
      const bool dies = order.time_in_force == TimeInForce::Day && !order.next_session && !(regular_only && order.outside_regular_hours);
      if (!dies) {
        ++i;
        continue;
      }
      list->erase(list->begin() + static_cast<std::ptrdiff_t>(i));
      --l.orders;
      order.in_matcher = false;
      matches_.push_back({.kind = MatchKind::Expired, .slot = slot, .quantity = order.remaining()});
    }
  }
}

// ---------------------------------------------------------------- orders

void Matcher::enter(Slot slot) {
  Order& order = orders_[slot];
  Lane& l = lane(order.instrument);
  INVARIANT(l.known && !order.in_matcher);
  order.elected = false;
  order.priced = false;
  order.aggressive = false;
  std::visit(overload{[](const Market&) {},
                      [&](const Limit& k) { order.limit = k.price, order.priced = true; },
                      [&](const Stop& k) { order.trigger = k.trigger; },
                      [&](const StopLimit& k) { order.trigger = k.trigger, order.limit = k.price; },
                      [&](const Trail& k) { order.trigger = k.trigger; }},
             order.kind);
  if (const Special* special = orders_.special(order); special != nullptr) [[unlikely]] {
    if (const auto type = type_of(special->terms.kind); is_auction(type)) {
      const bool close = type == OrderType::MarketOnClose || type == OrderType::LimitOnClose;
      order.in_matcher = true;
      order.hold = Hold::Auction;
      ++l.orders, ++auction_orders_;
      l.auction[close ? 1 : 0].push_back(slot);
      return;
    }
  }
  order.next_session = l.phase == TradingPhase::Closed || (l.phase == TradingPhase::PostMarket && !order.outside_regular_hours);
  if (!open_for(l, order)) {
    order.in_matcher = true;
    order.hold = Hold::Session;
    ++l.orders;
    l.parked.push_back(slot);
    return;
  }
  start(l, slot);
}

void Matcher::start(Lane& l, Slot slot) {
  Order& order = orders_[slot];
  const bool is_stop = !std::holds_alternative<Market>(order.kind) && !std::holds_alternative<Limit>(order.kind);
  order.in_matcher = true;
  ++l.orders;
  if (const Special* special = orders_.special(order); special != nullptr && is_pegged(type_of(special->terms.kind))) [[unlikely]] {
    order.limit = peg(l, order, special->terms);
    order.priced = order.limit.is_positive();
    if (!order.priced) {  // nothing to peg to: it waits until there is
      l.parked.push_back(slot);
      return;
    }
  }
  if (is_stop && !order.elected) {
    if (const auto* trail = std::get_if<Trail>(&order.kind); trail && order.special == 0 && order.trigger.is_zero()) {
      const auto t = touch(l);
      const Price from = l.last.is_positive() ? l.last : order.side == Side::Sell ? t.bid : t.ask;
      if (from.is_positive()) order.trigger = order.side == Side::Sell ? from - trail->distance : from + trail->distance;
    }
    order.hold = Hold::Trigger;
    if (order.special != 0) l.special_stops = true;
    l.stops.push_back(slot);
    trigger(l);
    return;
  }
  if (!order.priced && order.short_sale && l.restricted) {  // may not hit the bid: offered one step above it
    const auto t = touch(l);
    if (t.bid.is_positive()) {
      order.limit = l.instrument.ticks.ceil(t.bid + l.instrument.ticks.increment_at(t.bid));
      order.priced = true;
    }
  }
  take(l, slot);
  if (order.special != 0) [[unlikely]] after_taking(l, order);
  if (order.remaining().is_zero()) {
    order.in_matcher = false;
    --l.orders;
    return;
  }
  if (order.time_in_force == TimeInForce::ImmediateOrCancel || order.time_in_force == TimeInForce::FillOrKill) {
    order.in_matcher = false;
    --l.orders;
    matches_.push_back({.kind = MatchKind::Killed, .slot = slot, .quantity = order.remaining()});
    return;
  }
  rest(l, slot);
}

Quantity Matcher::available(const Order& order) const {
  const Lane& l = lane(order.instrument);
  if (!l.legs.empty()) return available_combo(l, order);
  const auto side = opposite_book(order.side);
  const bool any_price = !order.priced;
  const Price limit = order.special == 0 ? order.limit : reach(order);
  Quantity sum;
  if (l.book && l.book->ready()) {
    l.book->walk(side, [&](Price price, Quantity size) {
      if (!any_price && !crosses(order.side, limit, price)) return false;
      const auto gone = taken(l, side, price);
      if (size > gone) sum += size - gone;
      return sum < order.remaining();
    });
    return sum;
  }
  const Price price = side == BookSide::Ask ? l.top.ask : l.top.bid;
  const Quantity size = side == BookSide::Ask ? l.top.ask_size : l.top.bid_size;
  if (!size.is_positive() || (!any_price && !crosses(order.side, limit, price))) return {};
  const auto gone = taken(l, side, price);
  return size > gone ? size - gone : Quantity{};
}

/// Takes what is shown on the other side, at the prices shown there (a resting order: at its own price).
void Matcher::take(Lane& l, Slot slot) {
  Order& order = orders_[slot];
  if (order.short_sale && l.restricted) {  // Rule 201: never at the bid or below
    const auto t = touch(l);
    if (!order.priced || !t.bid_size.is_positive() || order.limit <= t.bid) {
      order.aggressive = order.priced;
      return;
    }
  }
  if (order.time_in_force == TimeInForce::FillOrKill && available(order) < order.remaining()) return;
  if (blocked(order)) return;
  if (!l.legs.empty()) [[unlikely]] return take_combo(l, slot);
  if (order.special != 0) [[unlikely]] {
    if (holds_back(order, available(order))) {
      order.aggressive = order.priced;
      return;
    }
  }
  const Price limit = order.special == 0 ? order.limit : reach(order);
  const auto side = opposite_book(order.side);
  const auto venue = side == BookSide::Ask ? l.ask_venue : l.bid_venue;
  const auto one_level = [&](Price price, Quantity size) {
    if (order.priced && !crosses(order.side, limit, price)) return false;
    if (l.high_band.is_positive() && (price < l.low_band || price > l.high_band)) [[unlikely]] return false;
    order.aggressive = true;
    const auto gone = rules_.displayed_size_only ? taken(l, side, price) : Quantity{};
    const auto left = rules_.displayed_size_only ? size - gone : order.remaining();
    if (left.is_positive()) {
      const auto quantity = std::min(left, order.special == 0 ? order.remaining() : most(l, order, price));
      if (!quantity.is_positive()) return false;
      take_note(l, side, price, quantity);
      fill(slot, quantity, price, FeeLiquidity::Removed, venue);
    }
    return order.remaining().is_positive();
  };
  if (l.book && l.book->ready()) {
    l.book->walk(side, one_level);
    return;
  }
  const Price price = side == BookSide::Ask ? l.top.ask : l.top.bid;
  const Quantity size = side == BookSide::Ask ? l.top.ask_size : l.top.bid_size;
  if (size.is_positive()) one_level(price, size);
}

void Matcher::rest(Lane& l, Slot slot) {
  Order& order = orders_[slot];
  order.queue_traded = 0;
  if (order.priced) {
    const auto own = book_side_of(order.side);
    const auto t = touch(l);
    const Price best = own == BookSide::Bid ? t.bid : t.ask;
    const Quantity best_size = own == BookSide::Bid ? t.bid_size : t.ask_size;
    if (l.book && l.book->ready()) order.queue_front = l.book->size_at(own, order.limit).raw;
    else if (!best_size.is_positive() || better(order.side, order.limit, best)) order.queue_front = 0;
    else order.queue_front = order.limit == best ? best_size.raw : queue_unknown;
  }
  auto& list = l.resting[index_of(order.side)];
  auto at = list.begin();
  while (at != list.end() && (!orders_[*at].priced || (order.priced && !better(order.side, order.limit, orders_[*at].limit)))) ++at;
  list.insert(at, slot);
  l.aggressive |= order.aggressive;
  bounds(l, order.side);
}

void Matcher::fill(Slot slot, Quantity quantity, Price price, FeeLiquidity liquidity, std::uint8_t venue) {
  Order& order = orders_[slot];
  order.filled += quantity;
  order.filled_value += notional(price, quantity);
  INVARIANT(order.filled <= order.quantity);
  if (order.oca_group != 0 && order.oca != OcaRule::ReduceFree && order.oca != OcaRule::None) blocked_.push_back(order.oca_group);
  if (Special* special = orders_.special(order); special != nullptr && special->cash_left.is_positive())
    special->cash_left -= notional(price, quantity, lane(order.instrument).instrument.multiplier);
  matches_.push_back({.kind = MatchKind::Filled, .liquidity = liquidity, .venue = venue, .slot = slot, .quantity = quantity, .price = price});
}

void Matcher::cross_resting(Lane& l) {
  if (!l.legs.empty()) [[unlikely]] return cross_combo(l);
  const auto t = touch(l);
  l.aggressive = false;
  for (const Side side : {Side::Buy, Side::Sell}) {
    auto& list = l.resting[index_of(side)];
    if (list.empty()) continue;
    const Price opposite = side == Side::Buy ? t.ask : t.bid;
    const Quantity size = side == Side::Buy ? t.ask_size : t.bid_size;
    bool changed = false;
    for (std::size_t i = 0; i < list.size();) {
      const Slot slot = list[i];
      Order& order = orders_[slot];
      if (order.special != 0) [[unlikely]] {
        const Price at_most = reach(order);
        if (order.priced && size.is_positive() && !blocked(order) && crosses(side, at_most, opposite) && !crosses(side, order.limit, opposite)) {
          take(l, slot);  // within its discretion
          order.aggressive = false;
          if (order.remaining().is_zero()) {
            list.erase(list.begin() + static_cast<std::ptrdiff_t>(i));
            --l.orders;
            order.in_matcher = false;
            changed = true;
          } else {
            ++i;
          }
          continue;
        }
      }
      const bool meets = size.is_positive() && !blocked(order) && (!order.priced || crosses(side, order.limit, opposite));
      if (!meets) {
        if (order.aggressive && order.priced) {  // the market left: from now on it rests like any other
          order.aggressive = false;
          order.queue_front = 0;
        }
        ++i;
        continue;
      }
      if (!order.priced || order.aggressive) {
        take(l, slot);
      } else {
        // Somebody came to us: our own price, no more than he brought.
        const auto book = opposite_book(side);
        const auto gone = taken(l, book, opposite);
        const auto left = rules_.displayed_size_only ? size - gone : order.remaining();
        const bool may = left.is_positive() && (!l.high_band.is_positive() || (order.limit >= l.low_band && order.limit <= l.high_band)) && (order.special == 0 || !holds_back(order, left));
        const auto quantity = may ? std::min(left, order.special == 0 ? order.remaining() : most(l, order, order.limit)) : Quantity{};
        if (quantity.is_positive()) {
          take_note(l, book, opposite, quantity);
          fill(slot, quantity, order.limit, FeeLiquidity::Added, side == Side::Buy ? l.ask_venue : l.bid_venue);
          if (order.special != 0) [[unlikely]] after_resting_fill(l, order, quantity);
        }
      }
      if (order.remaining().is_zero()) {
        list.erase(list.begin() + static_cast<std::ptrdiff_t>(i));
        --l.orders;
        order.in_matcher = false;
        changed = true;
      } else {
        l.aggressive |= order.aggressive;
        ++i;
      }
    }
    if (changed) bounds(l, side);
  }
}

void Matcher::trigger(Lane& l) {
  if (l.phase == TradingPhase::Halted || l.phase == TradingPhase::Closed) return;
  const bool by_quote = l.trigger_by_quote || l.last.is_zero();
  const auto t = touch(l);
  scratch_.clear();
  for (std::size_t i = 0; i < l.stops.size();) {
    const Slot slot = l.stops[i];
    Order& order = orders_[slot];
    if (Special* special = orders_.special(order); special != nullptr) [[unlikely]] {
      if (!follow(l, order, *special)) {
        ++i;
        continue;
      }
      l.stops.erase(l.stops.begin() + static_cast<std::ptrdiff_t>(i));
      scratch_.push_back(slot);
      continue;
    }
    const Price seen = by_quote ? (order.side == Side::Buy ? t.ask : t.bid) : l.last;
    if (seen.is_zero()) {
      ++i;
      continue;
    }
    if (const auto* trail = std::get_if<Trail>(&order.kind)) {
      if (order.side == Side::Sell) order.trigger = order.trigger.is_zero() ? seen - trail->distance : std::max(order.trigger, seen - trail->distance);
      else order.trigger = order.trigger.is_zero() ? seen + trail->distance : std::min(order.trigger, seen + trail->distance);
    }
    const bool hit = order.side == Side::Buy ? seen >= order.trigger : seen <= order.trigger;
    if (!hit) {
      ++i;
      continue;
    }
    l.stops.erase(l.stops.begin() + static_cast<std::ptrdiff_t>(i));
    scratch_.push_back(slot);
  }
  for (std::size_t i = 0; i < scratch_.size(); ++i) elect(l, scratch_[i]);
}

void Matcher::elect(Lane& l, Slot slot) {
  Order& order = orders_[slot];
  order.elected = true;
  order.hold = Hold::None;
  order.priced = std::holds_alternative<StopLimit>(order.kind);
  matches_.push_back({.kind = MatchKind::Elected, .slot = slot, .quantity = order.remaining()});
  --l.orders;  // start counts it again
  start(l, slot);
}

void Matcher::unlist(Lane& l, Slot slot) {
  for (auto* list : {&l.resting[0], &l.resting[1], &l.stops, &l.parked, &l.auction[0], &l.auction[1]}) {
    const auto at = std::find(list->begin(), list->end(), slot);
    if (at == list->end()) continue;
    list->erase(at);
    --l.orders;
    if (list == &l.auction[0] || list == &l.auction[1]) --auction_orders_;
    return;
  }
}

void Matcher::remove(Slot slot) {
  Order& order = orders_[slot];
  if (!order.in_matcher) return;
  Lane& l = lane(order.instrument);
  unlist(l, slot);
  order.in_matcher = false;
  bounds(l, order.side);
}

void Matcher::replaced(Slot slot, bool keeps_place) {
  Order& order = orders_[slot];
  if (keeps_place || !order.in_matcher) return;
  remove(slot);
  const bool elected = order.elected;
  if (!elected) {
    enter(slot);
    return;
  }
  if (const auto* limit = std::get_if<StopLimit>(&order.kind)) order.limit = limit->price;
  start(lane(order.instrument), slot);
}

void Matcher::bounds(Lane& l, Side side) {
  Price high = Price::from_raw(INT64_MIN), low = infinite_price;
  for (const Slot slot : l.resting[index_of(side)]) {
    const Order& order = orders_[slot];
    if (!order.priced) {  // meets any price
      high = infinite_price;
      low = Price::from_raw(INT64_MIN);
      break;
    }
    high = std::max(high, order.limit);
    low = std::min(low, order.limit);
  }
  l.own_high[index_of(side)] = high;
  l.own_low[index_of(side)] = low;
}

}  // namespace robo::sim
