#include "kernel/execution/dealer.hpp"

#include <algorithm>
#include <optional>

#include "base/defence.hpp"
#include "kernel/execution/pursuit.hpp"
#include "kernel/execution/words.hpp"

namespace robo::execution {

Dealer::Dealer(const Policy& policy, const market::Market& market, portfolio::Portfolio& portfolio, risk::Gate& gate,
               std::size_t instruments_max)
    : policy_(policy),
      market_(market),
      portfolio_(portfolio),
      gate_(gate),
      orders_(static_cast<std::size_t>(std::max<std::int64_t>(policy.orders_max, 64)), instruments_max),
      pursuits_(instruments_max),
      rejects_(static_cast<std::size_t>(std::max<std::int64_t>(policy.rejects_max, 1)), Timestamp{INT64_MIN}) {
  remembered_.reserve(1'024);
}

Dealer::~Dealer() = default;

void Dealer::start(const EngineStarted& started, Turn& turn) {
  session_ = started.session;
  counter_ = 0;
  backtest_ = started.mode == TradingMode::Backtest;
  watch_loss(turn);
}

void Dealer::define(const Instrument& instrument) {
  INVARIANT(instrument.id.value < pursuits_.size());
  auto& p = pursuits_[instrument.id.value];
  p.instrument = instrument.id;
  p.defined = true;
  p.multiplier = std::max<std::int64_t>(instrument.multiplier, 1);
  p.ticks = instrument.ticks;
  p.step = instrument.size_increment;
  p.expiry = instrument.expiry;
  size_ = std::max<std::size_t>(size_, instrument.id.value + 1);
}

void Dealer::remember(const OrderIntent& intent) {
  if (remembered_.size() < remembered_.capacity()) remembered_.push_back(intent);
}

// ---- sending -----------------------------------------------------------------------------------------------------------

void Dealer::deny(const OrderIntent& intent, const risk::Refusal& refusal, Turn& turn) {
  turn.facts.add(OrderDenied{.intent = intent, .reason = refusal.reason, .measured = refusal.measured, .limit = refusal.limit});
  auto& p = pursuits_[intent.instrument.value];
  if (p.denied != refusal.reason) p.denials = 0;
  p.denied = refusal.reason;
  p.denied_at = turn.now;
  p.back_off(turn.now);
  // These pass by an event that wakes us, not by asking again: a closed night must not be a thousand denials.
  constexpr auto until_told = risk::bit(Denial::SessionClosed) | risk::bit(Denial::Halted) | risk::bit(Denial::KillSwitch) |
                              risk::bit(Denial::EntriesStopped) | risk::bit(Denial::JournalDown);
  if ((risk::bit(refusal.reason) & until_told) != 0) p.retry_at = turn.now + hours(1);
  want(p.retry_at, turn);
}

void Dealer::wake_all(Turn& turn) {
  for (std::size_t i = 0; i < size_; ++i) {
    pursuits_[i].retry_at = Timestamp{INT64_MIN};
    if (pursuits_[i].defined) step(pursuits_[i].instrument, turn);
  }
}

Order* Dealer::submit(const OrderIntent& intent, Turn& turn) {
  const auto approved = gate_.approve(intent, turn.now);
  if (!approved) {
    deny(intent, approved.error(), turn);
    return nullptr;
  }
  if (!orders_.has_room(1)) {
    deny(intent, no_room(), turn);
    return nullptr;
  }
  return &place(approved.value(), turn);
}

risk::Refusal Dealer::no_room() const {  // every remembered order is still live
  const auto count = static_cast<double>(orders_.live_count());
  return {.reason = Denial::TooManyOpenOrders, .measured = count, .limit = count};
}

Order& Dealer::place(const ApprovedOrder& approved, Turn& turn) {
  const auto& intent = approved.intent();
  auto& order = *orders_.add(intent);
  order.sent_at = order.heard_at = order.changed_at = turn.now;
  order.seen_in = reconciliation_;
  order.arrival = pursuits_[intent.instrument.value].arrival;
  reclaim(order);
  turn.out.push_back(SubmitOrder{approved});
  tell(order, OrderState::PendingSubmit, turn);
  if (!backtest_) want(turn.now + of_seconds(policy_.answer_timeout_s), turn);
  return order;
}

// Entry, profit target and stop leave together or not at all: each passes the gate, and only the last one transmits.
bool Dealer::submit_bracket(OrderIntent& entry, const Goal& goal, Price reference, Turn& turn) {
  auto& p = pursuits_[entry.instrument.value];
  const bool buy = entry.side == Side::Buy;
  entry.transmit = false;
  OrderIntent stop{.instrument = entry.instrument,
                    .side = opposite(entry.side),
                    .time_in_force = TimeInForce::GoodTillCancel,  // it must outlive the day the entry was made
                    .outside_regular_hours = entry.outside_regular_hours,
                    .quantity = entry.quantity,
                    .parent = entry.key,
                    .oca_group = entry.key,
                    .reason = entry.reason};
  stop.reason.target = {};

  if (!orders_.has_room(3)) {
    deny(entry, no_room(), turn);
    return false;
  }
  const auto approved_entry = gate_.approve(entry, turn.now);
  if (!approved_entry) {
    deny(entry, approved_entry.error(), turn);
    return false;
  }
  // The children are judged as if the entry were working already.
  risk::Claim claim{.instrument = entry.instrument, .side = entry.side, .purpose = entry.purpose, .remaining = entry.quantity};
  gate_.open_orders().add(claim);
  std::optional<OrderIntent> wanted_target;
  std::optional<Result<ApprovedOrder, risk::Refusal>> approved_target;
  if (goal.target_distance.is_positive()) {
    auto& target = wanted_target.emplace(stop);
    target.key = next_key();
    target.purpose = OrderPurpose::ProfitTarget;
    target.transmit = false;
    target.kind = Limit{p.on_grid(buy ? reference + goal.target_distance : reference - goal.target_distance, buy)};
    approved_target = gate_.approve(target, turn.now);
  }
  stop.key = next_key();
  stop.purpose = OrderPurpose::ProtectiveStop;
  stop.kind = Stop{p.on_grid(buy ? reference - goal.stop_distance : reference + goal.stop_distance, !buy)};
  const auto approved_stop = gate_.approve(stop, turn.now);
  gate_.open_orders().remove(claim);
  if (approved_target && !*approved_target) {
    deny(*wanted_target, approved_target->error(), turn);
    return false;
  }
  if (!approved_stop) {
    deny(stop, approved_stop.error(), turn);
    return false;
  }
  place(*approved_entry, turn);
  if (approved_target) place(**approved_target, turn);
  place(*approved_stop, turn);
  return true;
}

bool Dealer::change(Order& order, const OrderIntent& wanted, Turn& turn) {
  const auto approved = gate_.approve_change(wanted, order.intent, order.filled, turn.now);
  if (!approved) {
    deny(wanted, approved.error(), turn);
    return false;
  }
  order.proposed = wanted;
  order.proposed.transmit = true;
  order.change_pending = true;
  order.proposed_at = turn.now;
  order.proposed_on = connections_lost_;
  order.changed_at = turn.now;
  order.queries = 0;
  reclaim(order);
  turn.out.push_back(ModifyOrder{approved.value()});
  want(turn.now + of_seconds(policy_.answer_timeout_s), turn);
  return true;
}

void Dealer::cancel(Order& order, Turn& turn) {
  if (!order.live() || order.cancel_sent) return;
  order.cancel_sent = true;
  order.changed_at = turn.now;
  order.queries = 0;
  if (order.external) turn.out.push_back(CancelExternal{order.perm_id});
  else turn.out.push_back(CancelOrder{order.intent.key});
  if (order.state != OrderState::Unknown) settle(order, OrderState::PendingCancel, turn);
  want(turn.now + of_seconds(policy_.answer_timeout_s), turn);
}

void Dealer::query(Order& order, Turn& turn) {
  ++order.queries;
  order.changed_at = turn.now;
  if (order.intent.key) turn.out.push_back(QueryOrder{order.intent.key});
  else reconcile(turn);
  want(turn.now + of_seconds(policy_.query_interval_s), turn);
}

void Dealer::reconcile(Turn& turn) {
  if (reconciliation_ != 0) return;
  turn.out.push_back(Reconcile{++reconciliations_asked_});
}

void Dealer::note(NoteKind kind, InstrumentId instrument, OrderKey key, std::string_view text, Turn& turn) {
  turn.facts.add(Noted{.kind = kind, .instrument = instrument, .key = key, .text = FixedText<120>{text}});
}

// ---- an order's life ---------------------------------------------------------------------------------------------------

void Dealer::reclaim(Order& order) {
  gate_.open_orders().remove(order.claim);
  if (!order.live()) return;
  const auto most = order.change_pending ? std::max(order.intent.quantity, order.proposed.quantity) : order.intent.quantity;
  const auto remaining = std::max(Quantity{}, most - order.filled);
  order.claim = risk::Claim{.instrument = order.intent.instrument,
                            .side = order.intent.side,
                            .purpose = order.intent.purpose,
                            .remaining = remaining,
                            .notional = gate_.notional_of(order.intent, remaining),
                            .unknown = order.state == OrderState::Unknown};
  gate_.open_orders().add(order.claim);
}

void Dealer::tell(const Order& order, OrderState previous, Turn& turn) {
  turn.facts.add(OrderChanged{.intent = order.intent,
                              .state = order.state,
                              .previous = previous,
                              .broker_id = order.broker_id,
                              .perm_id = order.perm_id,
                              .filled = order.filled,
                              .average_price = order.average_price(),
                              .code = order.code,
                              .text = order.text});
}

void Dealer::settle(Order& order, OrderState state, Turn& turn) {
  const auto previous = order.state;
  INVARIANT(!is_final(previous) || state == previous);
  if (state == previous) {
    reclaim(order);
    return;
  }
  order.state = state;
  if (is_final(state)) order.change_pending = false;
  reclaim(order);
  orders_.settle(order);
  tell(order, previous, turn);
  if (is_final(state)) finished(order, turn);
}

void Dealer::tell_position(InstrumentId instrument, Turn& turn) {
  const auto& position = portfolio_.position(instrument);
  turn.facts.add(PositionChanged{.instrument = instrument,
                                 .quantity = position.quantity,
                                 .average_price = position.average_price(),
                                 .realized = position.realized,
                                 .commissions = position.commissions});
}

Order* Dealer::order_of(OrderKey key, PermId perm_id) {
  if (auto* order = orders_.find(key)) return order;
  return key ? nullptr : orders_.find(perm_id);
}

// ---- time --------------------------------------------------------------------------------------------------------------

void Dealer::want(Timestamp due, Turn& turn) {
  if (due >= armed_due_) return;
  armed_due_ = due;
  turn.out.push_back(StartTimer{TimerId{++timers_}, due});
}

void Dealer::on(const TimerFired&, Turn& turn) {
  if (turn.now < armed_due_) return;  // an older, later timer
  armed_due_ = Timestamp{INT64_MAX};
  sweep(turn);
}

// Looks after everything that waits for time to pass, and arms the next timer.
void Dealer::sweep(Turn& turn) {
  Timestamp next{INT64_MAX};
  const auto soonest = [&](Timestamp due) { next = std::min(next, due); };

  orders_.each_live([&](Order& order) {
    if (has_room(turn)) soonest(watch(order, turn));
    else soonest(turn.now + milliseconds(1));
  });
  for (std::size_t i = 0; i < size_; ++i) {
    auto& p = pursuits_[i];
    if (!p.defined) continue;
    if (!has_room(turn)) {
      soonest(turn.now + milliseconds(1));
      break;
    }
    if (p.guard_at <= turn.now) {
      p.guard_at = Timestamp{INT64_MAX};
      guard(p, turn);
    }
    if (p.set || p.flattening) step(p.instrument, turn);
    soonest(p.guard_at);
    if (p.retry_at > turn.now && p.set) soonest(p.retry_at);
    if (const auto* order = orders_.find(p.order); order != nullptr && order->live()) {
      // Quotes move it in between; this is for when none come, and for the end of patience.
      const auto patience = of_seconds(p.aggressive ? policy_.aggressive_patience_s : policy_.patience_s);
      const auto due = (p.aggressive ? p.priced_at : p.started_at) + patience;
      soonest(due > turn.now ? due : turn.now + std::max(patience, seconds(1)));
    }
    if (p.differs_since.ns != INT64_MAX) {
      const auto due = p.differs_since + of_seconds(policy_.position_grace_s);
      if (!portfolio_.disagrees(p.instrument)) {
        p.differs_since = Timestamp{INT64_MAX};
      } else if (due <= turn.now) {
        Words words;
        words << "IB holds " << portfolio_.theirs(p.instrument) << ", we count " << portfolio_.position(p.instrument).quantity
              << ": reconciling";
        note(NoteKind::UnknownOrder, p.instrument, {}, words.view(), turn);
        p.differs_since = Timestamp{INT64_MAX};
        reconcile(turn);
      } else {
        soonest(due);
      }
    }
  }
  soonest(watch_cash(turn));
  soonest(watch_expiries(turn));
  if (reconcile_at_ <= turn.now) {
    reconcile_at_ = Timestamp{INT64_MAX};
    reconcile(turn);
  }
  soonest(reconcile_at_);
  if (next.ns != INT64_MAX) want(std::max(next, turn.now + microseconds(1)), turn);
}

// Answers that do not come. Returns when to look again.
Timestamp Dealer::watch(Order& order, Turn& turn) {
  constexpr Timestamp never{INT64_MAX};
  if (backtest_) return never;  // a back-test's exchange always answers
  if (order.external) {         // one cancel of a twin may hit the other: again, until it is gone
    if (!order.cancel_sent || gateway_ != GatewayState::Ready) return never;
    const auto again = order.changed_at + of_seconds(policy_.answer_timeout_s);
    if (turn.now < again) return again;
    order.changed_at = turn.now;
    ++order.queries;
    if (!order.twin) {
      reconcile(turn);  // nobody tells us of others' orders: look
    } else if (order.queries < 3) {
      turn.out.push_back(CancelExternal{order.perm_id});
    } else if (order.queries == 3 || order.queries % 12 == 0) {
      note(NoteKind::UnknownOrder, order.intent.instrument, {}, "an order that works twice cannot be cancelled by its id: all orders are cancelled, stops are put back", turn);
      turn.out.push_back(CancelAllOrders{.including_external = true});
    }
    return turn.now + of_seconds(policy_.answer_timeout_s);
  }
  const bool waits = order.state == OrderState::PendingSubmit || order.cancel_sent || order.change_pending || order.fills_missing() ||
                     order.state == OrderState::Unknown;
  if (!waits || !stands(Defence::UnknownIsAState)) return never;
  const auto patience = of_seconds(order.queries == 0 ? policy_.answer_timeout_s : policy_.query_interval_s);
  const auto due = order.changed_at + patience;
  if (turn.now < due) return due;
  if (gateway_ != GatewayState::Ready && gateway_ != GatewayState::RestartWindow) {  // nobody to ask; the reconciliation will tell
    if (order.state != OrderState::Unknown && order.state == OrderState::PendingSubmit) settle(order, OrderState::Unknown, turn);
    return never;
  }
  // A change or a missing fill is asked for once before the order counts as unknown.
  const bool at_once = order.state == OrderState::PendingSubmit || (order.cancel_sent && !order.change_pending);
  if (order.state != OrderState::Unknown && (at_once || order.queries > 0)) {
    Words words;
    words << to_text(order.intent.side) << " " << order.intent.quantity << " has no answer from IB after "
          << static_cast<std::int64_t>(policy_.answer_timeout_s) << " s. It may be live. It is queried now";
    order.text = FixedText<120>{words.view()};
    settle(order, OrderState::Unknown, turn);
    note(NoteKind::UnknownOrder, order.intent.instrument, order.intent.key, words.view(), turn);
  }
  if (order.queries >= static_cast<std::uint32_t>(policy_.queries_max)) {
    order.queries = 0;
    order.changed_at = turn.now;
    reconcile(turn);
  } else {
    query(order, turn);
  }
  return turn.now + of_seconds(policy_.query_interval_s);
}

}  // namespace robo::execution
