// Working a target: passive at the near touch first, then across the spread, never past the collar.

#include <algorithm>

#include "kernel/execution/pursuit.hpp"

namespace robo::execution {

namespace {

Price by_basis_points(Price price, double bp) { return Price::nearest(price.to_double() * bp * 1e-4); }

const Price* limit_of(const OrderIntent& intent) {
  const auto* limit = std::get_if<Limit>(&intent.kind);
  return limit == nullptr ? nullptr : &limit->price;
}

constexpr bool protects(const OrderIntent& intent) {
  return intent.purpose == OrderPurpose::ProtectiveStop || intent.purpose == OrderPurpose::ProfitTarget;
}

}  // namespace

void Dealer::pursue(const Goal& goal, Turn& turn) {
  auto& p = pursuits_[goal.instrument.value];
  if (!p.defined || (p.flattening && !goal.quantity.is_zero())) return;
  const bool news = !p.set || p.goal.quantity != goal.quantity;
  p.goal = goal;
  p.set = true;
  if (news) {
    p.retry_at = Timestamp{INT64_MIN};
    p.denials = 0;
    p.started_at = turn.now;
    p.aggressive = goal.urgent || !policy_.passive_first;
    const auto quote = market_.quote(goal.instrument, turn.now);
    p.arrival = quote ? quote->mid() : Price{};
  }
  p.aggressive = p.aggressive || goal.urgent;
  step(goal.instrument, turn);
}

void Dealer::on_quote(InstrumentId instrument, Turn& turn) {
  auto& p = pursuits_[instrument.value];
  // What was refused for want of prices is tried again when there are some, at most once a second.
  constexpr auto for_want_of_prices = risk::bit(Denial::NoQuote) | risk::bit(Denial::StaleQuote) | risk::bit(Denial::CrossedQuote) | risk::bit(Denial::DelayedData);
  if (p.denials != 0 && (risk::bit(p.denied) & for_want_of_prices) != 0 && turn.now - p.denied_at >= seconds(1)) p.retry_at = Timestamp{INT64_MIN};
  if (!p.set || (!p.order && portfolio_.position(instrument).quantity == p.goal.quantity)) return;
  step(instrument, turn);
}

void Dealer::on_phase(const PhaseChange& change, Turn& turn) {
  auto& p = pursuits_[change.instrument.value];
  if (!p.defined) return;
  p.retry_at = Timestamp{INT64_MIN};  // what was refused because of the session may go now
  if (p.guard_at.ns != INT64_MAX) want(p.guard_at, turn);
  step(change.instrument, turn);
}

bool Dealer::waits_for_word(InstrumentId instrument) {
  bool waits = false;
  orders_.each_live(instrument, [&](const Order& order) {
    waits = waits || order.twin || (!order.external && (order.state == OrderState::Unknown || order.fills_missing()));
  });
  return waits;
}

void Dealer::step(InstrumentId instrument, Turn& turn) {
  auto& p = pursuits_[instrument.value];
  if ((!p.set && !p.flattening) || !gate_.ready() || turn.now < p.retry_at || !has_room(turn)) return;

  auto* order = orders_.find(p.order);
  if (order == nullptr || !order->live()) {
    order = nullptr;
    p.order = {};
    // Another of ours may be at work: taken over after a restart, or still being cancelled.
    orders_.each_live(instrument, [&](Order& other) {
      if (!other.external && !protects(other.intent)) order = &other;
    });
    if (order != nullptr) p.order = order->intent.key;
  }
  if (order != nullptr) {
    adjust(p, *order, turn);
    return;
  }
  if (waits_for_word(instrument)) return;

  const auto held = portfolio_.position(instrument).quantity;
  const auto wanted = p.flattening ? Quantity{} : p.goal.quantity;
  const auto difference = wanted - held;
  if (difference.is_zero()) {
    p.making_room = false;
    if (p.flattening) {
      p.flattening = p.set = false;
      p.guard_at = turn.now;
      guard(p, turn);
    }
    return;
  }
  const auto side = difference.is_positive() ? Side::Buy : Side::Sell;
  if (held.sign() * difference.sign() < 0) {
    const auto leaving = std::min(difference.abs(), held.abs());
    const auto purpose = p.flattening ? OrderPurpose::Flatten : OrderPurpose::Exit;
    if (const auto exit = draft(p, purpose, side, leaving, turn); exit && make_room(p, *exit, turn)) begin_order(p, *exit, turn);
  } else if (p.making_room) {  // for an exit that nobody wants any more
    p.making_room = false;
    want(p.guard_at = turn.now, turn);
  } else if (p.guard_at.ns == INT64_MAX) {  // what we hold is protected before more of it is bought
    if (const auto entry = draft(p, OrderPurpose::Entry, side, difference.abs(), turn)) begin_order(p, *entry, turn);
  }
}

Price Dealer::working_price(const Pursuit& p, Side side, OrderPurpose purpose, bool aggressive, const market::UsableQuote& quote) const {
  const bool buy = side == Side::Buy;
  const auto touch = buy == aggressive ? quote.ask() : quote.bid();  // the far one when aggressive
  if (purpose == OrderPurpose::Flatten) {  // through the touch by the collar: out, but not at any price
    const auto slack = by_basis_points(touch.abs(), policy_.collar_bp);
    return p.on_grid(buy ? touch + slack : touch - slack, buy);
  }
  const auto arrival = p.arrival.is_zero() ? quote.mid() : p.arrival;
  const auto slack = by_basis_points(arrival.abs(), policy_.collar_bp);
  return buy ? std::min(p.on_grid(touch, aggressive), p.on_grid(arrival + slack, false))
             : std::max(p.on_grid(touch, !aggressive), p.on_grid(arrival - slack, true));
}

bool Dealer::is_aggressive(const Pursuit& p, OrderPurpose purpose, Timestamp now) const {
  return p.aggressive || purpose == OrderPurpose::Flatten || now - p.started_at >= of_seconds(policy_.patience_s);
}

// The order that would be sent now, without its key. None: it waits for prices.
std::optional<OrderIntent> Dealer::draft(Pursuit& p, OrderPurpose purpose, Side side, Quantity quantity, Turn& turn) {
  const auto quote = market_.quote(p.instrument, turn.now);
  OrderIntent intent{.instrument = p.instrument,
                     .side = side,
                     .time_in_force = policy_.time_in_force,
                     .purpose = purpose,
                     .outside_regular_hours = policy_.outside_regular_hours,
                     .quantity = quantity,
                     .reason = p.goal.reason};
  intent.reason.target = p.flattening ? Quantity{} : p.goal.quantity;
  if (quote) {
    if (p.arrival.is_zero()) p.arrival = quote->mid();
    intent.kind = Limit{working_price(p, side, purpose, is_aggressive(p, purpose, turn.now), *quote)};
  } else if (purpose == OrderPurpose::Exit && turn.now - p.started_at < of_seconds(policy_.patience_s)) {
    p.retry_at = turn.now + seconds(1);  // prices may come back; later it leaves at the market
    want(p.retry_at, turn);
    return {};
  }  // an entry without prices is the gate's to refuse; a flatten leaves at the market
  return intent;
}

void Dealer::begin_order(Pursuit& p, OrderIntent intent, Turn& turn) {
  const auto purpose = intent.purpose;
  intent.key = next_key();
  if (purpose == OrderPurpose::Entry && ends_soon(p, turn)) return;
  p.sliced = false;
  if (const auto* limit = limit_of(intent); purpose == OrderPurpose::Entry && limit != nullptr) {
    const auto most = gate_.largest_entry(p.instrument, *limit);
    p.sliced = most.is_positive() && most < intent.quantity;
    if (p.sliced) intent.quantity = most;
  }
  p.aggressive = is_aggressive(p, purpose, turn.now);
  p.priced_at = turn.now;
  p.making_room = false;

  const bool bracket = purpose == OrderPurpose::Entry && p.goal.stop_distance.is_positive() && limit_of(intent) != nullptr;
  if (purpose == OrderPurpose::Entry && policy_.require_stop && !p.goal.stop_distance.is_positive()) {
    note(NoteKind::BracketBroken, p.instrument, {}, "entry refused: it came without a protective stop and policy asks for one", turn);
    p.retry_at = turn.now + seconds(60);
    return;
  }
  const bool sent = bracket ? submit_bracket(intent, p.goal, std::get<Limit>(intent.kind).price, turn) : submit(intent, turn) != nullptr;
  if (!sent) {
    if (purpose == OrderPurpose::Exit) want(p.guard_at = turn.now, turn);  // room that was made for it is not needed
    return;
  }
  p.order = intent.key;
  p.denials = 0;
  if (purpose == OrderPurpose::Entry) {
    p.stop_distance = p.goal.stop_distance;
    p.target_distance = p.goal.target_distance;
  }
  want(turn.now + of_seconds(p.aggressive ? policy_.aggressive_patience_s : policy_.patience_s), turn);
}

// Is the working order still the right one?
void Dealer::adjust(Pursuit& p, Order& order, Turn& turn) {
  if (order.cancel_sent || order.state == OrderState::Unknown) return;
  const auto held = portfolio_.position(p.instrument).quantity;
  const auto wanted = p.flattening ? Quantity{} : p.goal.quantity;
  const auto difference = wanted - held;
  const bool closing = held.sign() * difference.sign() < 0;
  const bool entry = order.intent.purpose == OrderPurpose::Entry;
  const auto need = closing ? std::min(difference.abs(), held.abs()) : difference.abs();
  const bool wrong = difference.sign() != sign(order.intent.side) || entry == closing ||
                     (p.flattening && order.intent.purpose != OrderPurpose::Flatten) || (closing && need > order.remaining());
  if (wrong) {
    if (order.fills_missing()) return;  // it has done something we have not seen yet
    cancel(order, turn);
    return;
  }
  if (need != order.remaining() && !(entry && p.sliced && need > order.remaining())) {
    if (order.change_pending || order.state == OrderState::PendingSubmit || order.fills_missing()) return;
    if (!order.intent.transmit) {  // a bracket: its children would have to change too
      cancel(order, turn);
      return;
    }
    auto terms = order.intent;
    terms.quantity = order.filled + need;
    terms.reason = p.goal.reason;
    terms.reason.target = wanted;
    change(order, terms, turn);
    return;
  }
  reprice(p, order, turn);
}

void Dealer::reprice(Pursuit& p, Order& order, Turn& turn) {
  const auto* limit = limit_of(order.intent);
  if (limit == nullptr || order.change_pending || order.state == OrderState::PendingSubmit) return;
  const bool patience_over = turn.now - p.started_at >= of_seconds(policy_.patience_s);
  const bool turns = !p.aggressive && (p.goal.urgent || patience_over);
  if (!turns && turn.now - p.priced_at < of_seconds(policy_.reprice_interval_s)) return;
  const auto quote = market_.quote(p.instrument, turn.now);
  if (!quote) return;
  p.aggressive = p.aggressive || turns;
  const bool exit = order.intent.purpose != OrderPurpose::Entry;
  // An exit must come to an end: after every patient wait the collar is measured from where the market is now.
  if (exit && p.aggressive && !turns && turn.now - p.priced_at >= of_seconds(policy_.aggressive_patience_s)) p.arrival = quote->mid();

  const auto price = working_price(p, order.intent.side, order.intent.purpose, p.aggressive, *quote);
  const bool better = order.intent.side == Side::Buy ? price > *limit : price < *limit;
  if (!better) return;  // still at or inside the touch
  auto terms = order.intent;
  terms.kind = Limit{price};
  if (change(order, terms, turn)) p.priced_at = turn.now;
}

}  // namespace robo::execution
