// How the special orders meet the market: pegs, touches, trails by percentage or with a limit, icebergs, hidden size, discretion,
// all-or-none, money to spend, algorithms' bounds, blocked groups.

#include <algorithm>

#include "edge/sim/exchange/matcher.hpp"

namespace robo::sim {
namespace {

Price midpoint(const Matcher::Touch& t) { return Price::from_raw(t.bid.raw + (t.ask.raw - t.bid.raw) / 2); }
bool two_sided(const Matcher::Touch& t) { return t.bid_size.is_positive() && t.ask_size.is_positive(); }
Price times(Price price, BasisPoints share) { return Price::from_raw(narrow(divide_rounded(i128{price.raw} * share.value, 10'000))); }

}  // namespace

bool Matcher::blocked(const Order& order) const {
  return order.oca_group != 0 && !blocked_.empty() && order.oca != OcaRule::ReduceFree &&
         std::find(blocked_.begin(), blocked_.end(), order.oca_group) != blocked_.end();
}

/// The worst price an order takes from the book: its limit, and what is left to its discretion beyond.
Price Matcher::reach(const Order& order) const {
  const Special* special = orders_.special(order);
  if (special == nullptr || special->terms.discretion.is_zero()) return order.limit;
  return order.side == Side::Buy ? order.limit + special->terms.discretion : order.limit - special->terms.discretion;
}

/// All or none, or a least first fill, and not enough is there.
bool Matcher::holds_back(const Order& order, Quantity there) const {
  const Special* special = orders_.special(order);
  if (special == nullptr) return false;
  if (special->terms.all_or_none) return there < order.remaining();
  if (const auto* best = std::get_if<PegBest>(&special->terms.kind); best != nullptr && best->least_trade > 0)
    return there < std::min(shares(best->least_trade), order.remaining());
  return order.filled.is_zero() && there < std::min(special->terms.minimum, order.remaining());
}

/// The most an order may trade now at `price`.
Quantity Matcher::most(const Lane& l, const Order& order, Price price) const {
  const Special* special = orders_.special(order);
  Quantity quantity = order.remaining();
  if (special == nullptr) return quantity;
  if (special->bound != no_bound) quantity = std::min(quantity, std::max(Quantity{}, special->bound - order.filled));
  if (!special->terms.cash.is_zero() && price.is_positive()) {
    const i128 unit = i128{Price::scale} * Quantity::scale / Money::scale;
    const i128 affordable = i128{std::max<std::int64_t>(0, special->cash_left.raw)} * unit / (i128{price.raw} * l.instrument.multiplier);
    const auto step = std::max<std::int64_t>(1, l.instrument.size_increment.raw);
    quantity = std::min(quantity, Quantity::from_raw(static_cast<std::int64_t>(affordable / step) * step));
  }
  return quantity;
}

/// What of a print at or through our price is ours.
std::int64_t Matcher::special_share(const Lane& l, Order& order, const Trade& trade, bool hits_us, std::int64_t print_left, std::int64_t ours) const {
  const Special* special = orders_.special(order);
  // Hidden size stands behind everything shown at its price, whenever that came.
  if (special->terms.hidden || is_pegged(type_of(special->terms.kind))) {
    const bool unseen = special->terms.hidden || std::holds_alternative<PegMid>(special->terms.kind);
    if (unseen && order.limit == trade.price) {
      const auto t = touch(l);
      const bool buys = order.side == Side::Buy;
      const BookSide own = buys ? BookSide::Bid : BookSide::Ask;
      const Quantity shown = l.book && l.book->ready() ? l.book->size_at(own, order.limit) : order.limit == (buys ? t.bid : t.ask) ? (buys ? t.bid_size : t.ask_size) : Quantity{};
      ours = hits_us ? std::max<std::int64_t>(0, std::min(print_left, trade.size.raw - shown.raw)) : 0;
    }
  }
  if (special->terms.display.is_positive()) ours = std::min(ours, special->shown_left.raw);
  if (ours > 0 && holds_back(order, Quantity::from_raw(ours))) return 0;
  return std::min(ours, most(l, order, order.limit).raw);
}

void Matcher::after_resting_fill(const Lane& l, Order& order, Quantity quantity) {
  Special* special = orders_.special(order);
  if (!special->terms.display.is_positive()) return;
  special->shown_left -= std::min(special->shown_left, quantity);
  if (special->shown_left.is_positive() || order.remaining().is_zero()) return;
  // The next slice is shown as a new order: behind everybody at its price.
  special->shown_left = std::min(special->terms.display, order.remaining());
  const auto t = touch(l);
  const bool buys = order.side == Side::Buy;
  const BookSide own = buys ? BookSide::Bid : BookSide::Ask;
  if (l.book && l.book->ready()) order.queue_front = l.book->size_at(own, order.limit).raw;
  else if (order.limit == (buys ? t.bid : t.ask)) order.queue_front = (buys ? t.bid_size : t.ask_size).raw;
  order.queue_traded = 0;
}

void Matcher::after_taking(Lane& l, Order& order) {
  Special* special = orders_.special(order);
  if (order.remaining().is_zero()) return;
  const auto type = type_of(special->terms.kind);
  if (type == OrderType::MarketToLimit && order.filled.is_positive() && !order.priced) {
    Price at;
    for (const Match& m : matches_)
      if (m.kind == MatchKind::Filled && &orders_[m.slot] == &order) at = m.price;
    order.kind = Limit{at};
    order.limit = at;
    order.priced = true;
    order.aggressive = false;
  }
  if (!special->terms.cash.is_zero() && order.filled.is_positive()) {
    const auto t = touch(l);
    const Price next = order.side == Side::Buy ? t.ask : t.bid;
    if (next.is_positive() && most(l, order, next).is_zero()) order.quantity = order.filled;  // the money is spent
  }
  special->shown_left = std::min(special->terms.display, order.remaining());
  if (special->bound != no_bound && order.priced) order.aggressive = true;  // more may be allowed later
}

Price Matcher::seen(InstrumentId instrument, TriggerMethod method, bool rising) const {
  const Lane& l = lane(instrument);
  const auto t = touch(l);
  const Price quote = rising ? (t.bid_size.is_positive() ? t.bid : Price{}) : (t.ask_size.is_positive() ? t.ask : Price{});
  switch (method) {
    case TriggerMethod::Default:
      // A stop of a currency looks at the price it would pay; everything else at the last one.
      if (l.trigger_by_quote || l.last.is_zero()) return rising ? t.ask : t.bid;
      return l.last;
    case TriggerMethod::Last:
    case TriggerMethod::DoubleLast: return l.last;
    case TriggerMethod::BidAsk:
    case TriggerMethod::DoubleBidAsk: return quote;
    case TriggerMethod::LastOrBidAsk:
      if (l.last.is_zero()) return quote;
      if (quote.is_zero()) return l.last;
      return rising ? std::max(l.last, quote) : std::min(l.last, quote);
    case TriggerMethod::MidPoint: return two_sided(t) ? midpoint(t) : Price{};
  }
  return {};
}

/// Lets a special stop trail and tells whether it is hit.
bool Matcher::follow(Lane& l, Order& order, Special& special) {
  const TicketTerms& terms = special.terms;
  const bool sells = order.side == Side::Sell;
  const auto type = type_of(terms.kind);
  // A stop to buy and a touch to sell wait for a rise.
  const bool rising = sells == is_touched(type);
  const Price now = seen(order.instrument, terms.trigger_method, rising);
  if (now.is_zero()) return false;
  const auto trail = [&](Price distance) {
    const Price stop = sells ? now - distance : now + distance;
    if (order.trigger.is_zero()) order.trigger = stop;
    else order.trigger = sells ? std::max(order.trigger, stop) : std::min(order.trigger, stop);
  };
  if (const auto* t = std::get_if<Trail>(&terms.kind)) {
    trail(t->distance);
  } else if (const auto* p = std::get_if<TrailPercent>(&terms.kind)) {
    trail(times(now, p->distance));
    order.trigger = sells ? l.instrument.ticks.floor(order.trigger) : l.instrument.ticks.ceil(order.trigger);
  } else if (const auto* tl = std::get_if<TrailLimit>(&terms.kind)) {
    trail(tl->distance);
    order.limit = sells ? order.trigger - tl->limit_offset : order.trigger + tl->limit_offset;
  }
  const bool hit = rising ? now >= order.trigger : now <= order.trigger;
  const bool twice = terms.trigger_method == TriggerMethod::DoubleLast || terms.trigger_method == TriggerMethod::DoubleBidAsk;
  if (!twice) return hit;
  if (print_turn_ != (terms.trigger_method == TriggerMethod::DoubleLast)) return false;
  special.trigger_seen = hit ? static_cast<std::uint8_t>(special.trigger_seen + 1) : std::uint8_t{0};
  return special.trigger_seen >= 2;
}

/// Where a pegged order stands now; zero: nowhere, there is nothing to peg to.
Price Matcher::peg(const Lane& l, const Order& order, const TicketTerms& terms) const {
  const auto t = touch(l);
  const bool buys = order.side == Side::Buy;
  const auto capped = [&](Price p, Price cap) { return cap.is_zero() ? p : buys ? std::min(p, cap) : std::max(p, cap); };
  const auto& ticks = l.instrument.ticks;
  if (const auto* relative = std::get_if<Relative>(&terms.kind)) {
    if (!(buys ? t.bid_size : t.ask_size).is_positive()) return {};
    Price p = buys ? ticks.floor(t.bid + relative->offset) : ticks.ceil(t.ask - relative->offset);
    // Better than the best of its side, but it never takes from the other.
    if (buys && t.ask_size.is_positive()) p = std::min(p, ticks.ceil(t.ask) - ticks.increment_at(t.ask));
    if (!buys && t.bid_size.is_positive()) p = std::max(p, ticks.floor(t.bid) + ticks.increment_at(t.bid));
    return capped(p, relative->cap);
  }
  if (!two_sided(t)) return {};
  if (const auto* mid = std::get_if<PegMid>(&terms.kind)) return capped(buys ? midpoint(t) - mid->offset : midpoint(t) + mid->offset, mid->cap);
  const auto& best = std::get<PegBest>(terms.kind);
  const Quantity against = buys ? t.bid_size : t.ask_size;
  if (against < shares(best.competing)) return {};
  const Price p = buys ? std::min(t.bid + best.better, midpoint(t)) : std::max(t.ask - best.better, midpoint(t));
  return capped(p, best.cap);
}

void Matcher::repeg(Slot slot) {
  Order& order = orders_[slot];
  const Special* special = orders_.special(order);
  if (!order.in_matcher || order.hold != Hold::None) return;
  Lane& l = lane(order.instrument);
  if (l.phase == TradingPhase::Halted || l.phase == TradingPhase::Closed) return;
  const Price p = peg(l, order, special->terms);
  if (p == order.limit && order.priced == p.is_positive()) return;
  remove(slot);
  enter(slot);
}

}  // namespace robo::sim
