// After every connect: what the broker says against what we believe, before anything new may leave.

#include <algorithm>

#include "kernel/execution/pursuit.hpp"
#include "base/defence.hpp"
#include "kernel/execution/words.hpp"

namespace robo::execution {

// An order we have no record of. With our key it is from before a restart; without, somebody else's.
Order* Dealer::adopt(const OrderUpdate& update, Turn& turn) {
  if (update.instrument.value >= size_ || !orders_.has_room(1)) return nullptr;
  if (!stands(Defence::ManualOrders) && (!update.key || update.external)) return nullptr;
  if (!update.key || update.external || !stands(Defence::AdoptOwnOrders)) {
    auto* order = orders_.add_external(update);
    order->state = update.state;
    order->sent_at = order->heard_at = order->changed_at = turn.now;
    reclaim(*order);
    tell(*order, update.state, turn);
    Words words;
    words << to_text(update.side) << " " << update.quantity << " was placed elsewhere: shown, not managed";
    note(NoteKind::ExternalOrder, update.instrument, {}, words.view(), turn);
    return order;
  }
  const auto held = portfolio_.reconciling() ? Quantity{} : portfolio_.position(update.instrument).quantity;
  OrderIntent intent{.key = update.key, .instrument = update.instrument, .side = update.side, .quantity = update.quantity};
  const auto known = std::find_if(remembered_.begin(), remembered_.end(), [&](const OrderIntent& old) { return old.key == update.key; });
  if (known != remembered_.end()) {
    intent = *known;
    intent.instrument = update.instrument;
    if (!update.quantity.is_zero()) intent.quantity = update.quantity;
  } else if (!update.trigger.is_zero()) {  // no journal to ask: read it off its terms
    intent.kind = Stop{update.trigger};
    intent.purpose = OrderPurpose::ProtectiveStop;
  } else if (!update.limit.is_zero()) {
    intent.kind = Limit{update.limit};
    intent.purpose = held.sign() * sign(update.side) < 0 ? OrderPurpose::Exit : OrderPurpose::Entry;
  }
  auto* order = orders_.add(intent);
  order->adopted = true;
  order->state = update.state;
  order->sent_at = order->heard_at = order->changed_at = turn.now;
  orders_.name(*order, update.perm_id);
  // A key of this very session must never be given twice.
  if (intent.key.session == session_) counter_ = std::max(counter_, intent.key.number);
  ++progress_.orders_adopted;

  auto& p = pursuits_[intent.instrument.value];
  if (intent.purpose == OrderPurpose::Entry || intent.purpose == OrderPurpose::Exit || intent.purpose == OrderPurpose::Flatten) {
    if (!p.order) p.order = intent.key;
  }
  reclaim(*order);
  tell(*order, update.state, turn);
  return order;
}

void Dealer::on(const GatewayChanged& change, Turn& turn) {
  turn.facts.add(GatewayNoted{change});
  const bool was_up = gateway_ == GatewayState::Ready || gateway_ == GatewayState::RestartWindow || gateway_ == GatewayState::Reconciling;
  gateway_ = change.state;
  const bool up = gateway_ == GatewayState::Ready || gateway_ == GatewayState::RestartWindow || gateway_ == GatewayState::Reconciling;
  if (was_up && !up) {  // what happens from now on we do not see
    reconciled_ = false;
    ++connections_lost_;
  }
  if (!up) reconciliation_ = 0;
  restart_window_ = gateway_ == GatewayState::RestartWindow;
  gate_.set_entries_stopped(entries_stopped_ || restart_window_);
  const bool was_ready = gate_.ready();
  open_gate_if_ready();
  if (gate_.ready() && !was_ready)
    for (std::size_t i = 0; i < size_; ++i)
      if (pursuits_[i].defined) look_after(pursuits_[i].instrument, turn);
  if (up) want(turn.now + milliseconds(100), turn);
}

void Dealer::open_gate_if_ready() {
  if (backtest_) return;
  gate_.set_ready(reconciled_ && reconciliation_ == 0 && (gateway_ == GatewayState::Ready || gateway_ == GatewayState::RestartWindow));
}

void Dealer::on(const ReconciliationBegan& began, Turn& turn) {
  reconciliation_began_at_ = turn.now;
  reconciliation_ = began.number == 0 ? 1 : began.number;
  progress_ = ReconciliationNoted{.number = began.number};
  portfolio_.begin_reconciliation();
  open_gate_if_ready();
}

void Dealer::compare_orders(ReconciliationNoted& noted, Turn& turn) {
  orders_.each_live([&](Order& order) {
    if (order.seen_in == reconciliation_) {
      if (!order.adopted && !order.external) ++noted.orders_known;
      // New terms that a broken connection swallowed, or that IB has not shown long after, are not coming any more.
      const bool swallowed = order.proposed_on != connections_lost_ || reconciliation_began_at_ - order.proposed_at >= of_seconds(policy_.answer_timeout_s);
      if (order.change_pending && swallowed) {
        order.change_pending = false;
        note(NoteKind::UnknownOrder, order.intent.instrument, order.intent.key, "the last change did not reach IB: the order works on its old terms", turn);
        reclaim(order);
      }
      return;
    }
    if (order.state == OrderState::Unknown) ++noted.unknown_resolved;
    ++noted.orders_gone;
    order.text = FixedText<120>{order.filled >= order.intent.quantity ? "filled while we were away" : "not among IB's open orders"};
    order.told_filled = order.filled;  // all executions have been fetched
    order.told_filled_all = false;
    settle(order, order.filled >= order.intent.quantity ? OrderState::Filled : OrderState::Cancelled, turn);
  });
}

/// What we held when the last session ended keeps the distance of its stop: whoever cancelled that stop while we were away,
/// guard() puts another there.
void Dealer::take_up_stops(Turn& turn) {
  for (const auto& stop : remembered_) {
    if (stop.purpose != OrderPurpose::ProtectiveStop || stop.instrument.value >= size_) continue;
    auto& p = pursuits_[stop.instrument.value];
    const auto& position = portfolio_.position(stop.instrument);
    const auto* kind = std::get_if<Stop>(&stop.kind);
    if (kind == nullptr || !p.defined || p.stop_distance.is_positive() || position.quantity.sign() * sign(stop.side) >= 0) continue;
    const auto distance = position.quantity.is_positive() ? position.average_price() - kind->trigger : kind->trigger - position.average_price();
    p.stop_distance = std::max(distance, p.ticks.increment_at(kind->trigger));
    p.guard_at = turn.now;
  }
  stops_taken_up_ = true;  // from here on our own books know more
}

void Dealer::on(const ReconciliationEnded& ended, Turn& turn) {
  if (reconciliation_ == 0) return;
  auto noted = progress_;
  noted.complete = ended.complete;
  if (ended.complete) compare_orders(noted, turn);
  noted.fills_missed = portfolio_.fills_missed();
  const bool moved = portfolio_.moved_while_reconciling();
  const bool compared = portfolio_.compared_before();
  const auto differences = portfolio_.end_reconciliation(ended.complete);
  noted.positions_differing = static_cast<std::uint32_t>(differences.size());
  for (const auto& difference : differences) {
    if (compared) explain(difference, turn);
    turn.facts.add(PositionDiffered{.instrument = difference.instrument, .ours = difference.ours, .theirs = difference.theirs});
    tell_position(difference.instrument, turn);
  }
  turn.facts.add(noted);
  if (ended.complete && !stops_taken_up_) take_up_stops(turn);
  reconciliation_ = 0;
  // A fill came in between: their positions may be older than it. Once more, before anything leaves.
  const bool again = !ended.complete || (moved && !differences.empty());
  reconciled_ = !again;
  if (again) {
    reconcile_at_ = turn.now + seconds(2);
    want(reconcile_at_, turn);
  }
  open_gate_if_ready();
  (void)watch_expiries(turn);
  watch_loss(turn);
  for (std::size_t i = 0; i < size_; ++i) {
    auto& p = pursuits_[i];
    if (!p.defined) continue;
    p.differs_since = Timestamp{INT64_MAX};
    p.retry_at = Timestamp{INT64_MIN};
    if (p.guard_at.ns == INT64_MAX && !portfolio_.position(p.instrument).quantity.is_zero()) p.guard_at = turn.now;
    look_after(p.instrument, turn);
  }
}

void Dealer::on(const PositionReport& report, Turn& turn) {
  portfolio_.hear(report);
  if (portfolio_.reconciling()) return;
  auto& p = pursuits_[report.instrument.value];
  if (!portfolio_.disagrees(report.instrument) || !stands(Defence::WatchPositions)) {
    p.differs_since = Timestamp{INT64_MAX};
  } else if (p.differs_since.ns == INT64_MAX) {  // usually its execution is a moment late
    p.differs_since = turn.now;
    want(turn.now + of_seconds(policy_.position_grace_s), turn);
  }
}

}  // namespace robo::execution
