// What the broker tells us of orders: late, twice, out of order. Executions are the truth, statuses only advance.

#include <algorithm>

#include "kernel/execution/pursuit.hpp"
#include "base/defence.hpp"
#include "kernel/execution/words.hpp"

namespace robo::execution {

namespace {

Price limit_of(const OrderKind& kind) {
  if (const auto* limit = std::get_if<Limit>(&kind)) return limit->price;
  if (const auto* stop = std::get_if<StopLimit>(&kind)) return stop->price;
  return {};
}
Price trigger_of(const OrderKind& kind) {
  if (const auto* stop = std::get_if<Stop>(&kind)) return stop->trigger;
  if (const auto* stop = std::get_if<StopLimit>(&kind)) return stop->trigger;
  if (const auto* trail = std::get_if<Trail>(&kind)) return trail->trigger;
  return {};
}

/// The broker shows these terms (what it does not tell counts as agreeing). A trailing stop's trigger moves by itself.
bool shows(const OrderUpdate& update, const OrderIntent& intent) {
  const bool trails = std::holds_alternative<Trail>(intent.kind);
  return (update.quantity.is_zero() || update.quantity == intent.quantity) &&
         (update.limit.is_zero() || update.limit == limit_of(intent.kind)) &&
         (trails || update.trigger.is_zero() || update.trigger == trigger_of(intent.kind));
}
bool tells_terms(const OrderUpdate& update) { return !update.quantity.is_zero() || !update.limit.is_zero() || !update.trigger.is_zero(); }

void put_terms(OrderIntent& intent, const OrderUpdate& update) {
  if (!update.quantity.is_zero()) intent.quantity = update.quantity;
  if (auto* limit = std::get_if<Limit>(&intent.kind); limit != nullptr && !update.limit.is_zero()) limit->price = update.limit;
  if (auto* stop = std::get_if<Stop>(&intent.kind); stop != nullptr && !update.trigger.is_zero()) stop->trigger = update.trigger;
  if (auto* stop = std::get_if<StopLimit>(&intent.kind)) {
    if (!update.limit.is_zero()) stop->price = update.limit;
    if (!update.trigger.is_zero()) stop->trigger = update.trigger;
  }
}

}  // namespace

// New terms are in force when the broker shows them. Terms nobody of ours asked for were edited elsewhere: ours follow.
void Dealer::take_terms(Order& order, const OrderUpdate& update, Turn& turn) {
  if (order.change_pending) {
    if (tells_terms(update) && shows(update, order.proposed) && !shows(update, order.intent)) {
      const bool last = order.intent.transmit;
      order.intent = order.proposed;
      order.intent.transmit = last;
      order.change_pending = false;
      reclaim(order);
      tell(order, order.state, turn);
    } else if (update.code != 0 && !is_final(update.state)) {  // the change was refused, the order stays as it was
      order.change_pending = false;
      order.code = update.code;
      order.text = update.text;
      reclaim(order);
      tell(order, order.state, turn);
      pursuits_[order.intent.instrument.value].retry_at = turn.now + seconds(1);
      want(turn.now + seconds(1), turn);
    }
    return;
  }
  if (is_final(update.state) || !tells_terms(update) || shows(update, order.intent)) return;
  put_terms(order.intent, update);
  reclaim(order);
  tell(order, order.state, turn);
}

// One order of ours under two permanent ids: after a change in an outage IB may work both. Neither is wanted; the second is shown
// as a stranger's and both are cancelled until they are gone.
void Dealer::on_twin(const OrderUpdate& update, Turn& turn) {
  auto* twin = orders_.find(update.perm_id);
  if (twin == nullptr) {
    if (is_final(update.state) || update.instrument.value >= size_ || !orders_.has_room(1)) return;
    twin = orders_.add_external(update);
    twin->twin = true;
    twin->state = update.state;
    twin->sent_at = twin->heard_at = twin->changed_at = turn.now;
    reclaim(*twin);
    const auto* order = orders_.find(update.key);
    Words words;
    words << "one order works twice at IB, permId " << (order == nullptr ? 0 : order->perm_id.value) << " and " << update.perm_id.value << ": cancelling both";
    note(NoteKind::UnknownOrder, update.instrument, update.key, words.view(), turn);
  }
  if (update.from_reconciliation) twin->seen_in = reconciliation_;
  twin->heard_at = turn.now;
  if (!twin->live()) return;
  settle(*twin, advanced(twin->state, update.state), turn);
  if (!twin->live()) return;
  if (auto* order = orders_.find(update.key)) cancel(*order, turn);
  cancel(*twin, turn);
}

void Dealer::on(const OrderUpdate& update, Turn& turn) {
  if (update.key) {
    const auto* known = orders_.find(update.key);
    const bool other_id = known != nullptr && known->perm_id.value != 0 && update.perm_id.value != 0 && known->perm_id != update.perm_id;
    if (update.external || (other_id && stands(Defence::OneReferenceOneOrder))) return on_twin(update, turn);
  }
  auto* order = order_of(update.key, update.perm_id);
  if (order == nullptr) {
    if (is_final(update.state)) return;  // of before our time, and over
    order = adopt(update, turn);
    if (order == nullptr) return;
  }
  orders_.name(*order, update.perm_id);
  if (update.broker_id != BrokerOrderId{}) order->broker_id = update.broker_id;
  order->heard_at = turn.now;
  if (update.from_reconciliation) order->seen_in = reconciliation_;
  if (!order->live()) return;
  if (order->state == OrderState::Unknown && update.from_reconciliation) ++progress_.unknown_resolved;

  take_terms(*order, update, turn);
  if (update.filled > order->told_filled) {
    order->told_filled = update.filled;
    order->changed_at = turn.now;  // a status often runs ahead of its execution: patience counts from here
  }
  const auto told_code = order->code;
  if (update.code != 0) order->code = update.code;
  if (!update.text.empty()) order->text = update.text;
  const bool was_unknown = order->state == OrderState::Unknown;
  if (was_unknown) {
    order->queries = 0;
    if (!is_final(update.state)) order->cancel_sent = order->cancel_sent && update.state == OrderState::PendingCancel;
  }

  switch (update.state) {
    case OrderState::Filled:
      order->told_filled_all = true;
      if (order->filled >= order->intent.quantity) settle(*order, OrderState::Filled, turn);
      else order->changed_at = turn.now;  // its executions are still on their way
      break;
    case OrderState::Cancelled:
      order->told_cancelled = true;
      if (!order->fills_missing()) settle(*order, OrderState::Cancelled, turn);
      else order->changed_at = turn.now;
      break;
    case OrderState::Rejected:
      if (order->fills_missing()) break;
      settle(*order, OrderState::Rejected, turn);
      if (!order->external) count_reject(turn);
      break;
    default: {
      const auto next = advanced(order->state, update.state);
      // Held for shares, not at the exchange until tomorrow: nothing changed, and a person wants to know.
      if (next == order->state && update.code != 0 && update.code != told_code) tell(*order, next, turn);
      settle(*order, next, turn);
      break;
    }
  }
  if (order->live() && order->fills_missing() && !backtest_) want(order->changed_at + of_seconds(policy_.answer_timeout_s), turn);
  look_after(order->intent.instrument, turn);
}

void Dealer::on(const Execution& execution, Turn& turn) {
  auto* order = order_of(execution.key, execution.perm_id);
  const bool ours = order != nullptr && !order->external;
  const auto booked = portfolio_.book(execution, ours ? &order->intent.reason : nullptr);
  if (booked.outcome == portfolio::Booking::Duplicate) return;
  const bool correction = booked.outcome == portfolio::Booking::Corrected;

  // A combination's order lives by the executions of the whole; its legs' change what we hold.
  const bool leg = order != nullptr && execution.instrument != order->intent.instrument &&
                   portfolio_.position(order->intent.instrument).settlement == portfolio::Settlement::Legs;
  if (leg) {
    orders_.name(*order, execution.perm_id);
    order->heard_at = turn.now;
  } else if (order != nullptr) {
    orders_.name(*order, execution.perm_id);
    const auto previous = booked.previous_quantity;
    order->filled += execution.quantity - previous;
    order->filled_value += i128{execution.price.raw} * execution.quantity.raw - i128{booked.previous_price.raw} * previous.raw;
    order->heard_at = turn.now;
  } else if (!stands(Defence::KeepUnknownFills)) {
    return;
  } else {
    // Somebody else's fill, or one of an order we do not know. It changed our position all the same: booked, shown, asked about.
    Words words;
    words << to_text(execution.side) << " " << execution.quantity << " at " << execution.price
          << (execution.key ? ": the order is not known here, asking IB" : ": not by this engine, booked as external");
    note(NoteKind::QuarantinedExecution, execution.instrument, execution.key, words.view(), turn);
    if (execution.key) turn.out.push_back(QueryOrder{execution.key});
  }

  if (booked.outcome != portfolio::Booking::Opening) {
    OrderIntent nobody{.instrument = execution.instrument, .side = execution.side, .quantity = execution.quantity};
    turn.facts.add(OrderFilled{.execution = execution,
                               .intent = ours ? order->intent : nobody,
                               .position_after = booked.position_after,
                               .realized = booked.realized,
                               .arrival_price = ours ? order->arrival : Price{},
                               .correction = correction});
    tell_position(execution.instrument, turn);
  }
  if (order != nullptr && order->live() && !leg) {
    if (order->filled >= order->intent.quantity) {
      settle(*order, OrderState::Filled, turn);
    } else if (order->told_cancelled && !order->fills_missing()) {
      settle(*order, OrderState::Cancelled, turn);
    } else {
      reclaim(*order);
      const auto previous = order->state;
      // A fill says it is alive.
      order->state = advanced(order->state, OrderState::Submitted);
      if (previous == OrderState::Unknown) order->queries = 0;
      reclaim(*order);
      tell(*order, previous, turn);
    }
  }
  if (ours && (order->intent.purpose == OrderPurpose::ProtectiveStop || order->intent.purpose == OrderPurpose::ProfitTarget)) {
    auto& p = pursuits_[execution.instrument.value];
    if (!p.flattening) p.set = false;  // it took us out: nobody walks straight back in
    p.guard_at = std::min(p.guard_at, turn.now + seconds(2));
    if (p.guard_at > turn.now) want(p.guard_at, turn);
  }
  watch_loss(turn);
  (void)watch_expiries(turn);
  look_after(execution.instrument, turn);
}

void Dealer::on(const Commission& commission, Turn& turn) {
  const auto booked = portfolio_.book(commission);
  if (!booked.counted) return;
  turn.facts.add(CommissionBooked{.commission = commission, .instrument = booked.instrument, .key = booked.key});
  tell_position(booked.instrument, turn);
}

void Dealer::count_reject(Turn& turn) {
  rejects_[reject_count_++ % rejects_.size()] = turn.now;
  const auto oldest = rejects_[reject_count_ % rejects_.size()];
  if (reject_count_ >= rejects_.size() && turn.now - oldest <= of_seconds(policy_.reject_window_s) && !gate_.killed()) {
    Words words;
    words << static_cast<std::int64_t>(rejects_.size()) << " orders rejected within " << static_cast<std::int64_t>(policy_.reject_window_s)
          << " s";
    kill(KillCause::RejectStorm, "engine", words.view(), turn);
  }
}

}  // namespace robo::execution
