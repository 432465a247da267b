// What a person asks for, and the stops that pull themselves.

#include "kernel/execution/pursuit.hpp"
#include "kernel/execution/words.hpp"

namespace robo::execution {

namespace {

constexpr bool protects(const OrderIntent& intent) {
  return intent.purpose == OrderPurpose::ProtectiveStop || intent.purpose == OrderPurpose::ProfitTarget;
}

}  // namespace

// Everything that could open or chase is taken back. Stops and targets of what we hold rest at IB: a kill must not leave a
// position naked. Flattening is a decision of its own.
void Dealer::kill(KillCause cause, std::string_view who, std::string_view reason, Turn& turn) {
  if (gate_.killed()) return;
  gate_.set_killed(true);
  turn.facts.add(KillChanged{.killed = true, .cause = cause, .who = FixedText<24>{who}, .reason = FixedText<80>{reason}});
  orders_.each_live([&](Order& order) {
    if (!order.external && !protects(order.intent) && order.intent.purpose != OrderPurpose::Flatten && has_room(turn)) cancel(order, turn);
  });
  for (std::size_t i = 0; i < size_; ++i)
    if (!pursuits_[i].flattening) pursuits_[i].set = false;
}

void Dealer::watch_loss(Turn& turn) {
  if (gate_.killed() || !gate_.daily_loss_reached()) return;
  Words words;
  words << "the loss of the day reached its limit of " << gate_.limits().daily_loss_max.raw / Money::scale;
  kill(KillCause::DailyLoss, "engine", words.view(), turn);
  if (!policy_.flatten_on_daily_loss) return;
  for (std::size_t i = 0; i < size_; ++i)
    if (pursuits_[i].defined) flatten(pursuits_[i].instrument, turn);
}

void Dealer::on(const RuntimeAlarm& alarm, Turn& turn) {
  Words words;
  switch (alarm.kind) {
    case AlarmKind::JournalFailed:
      gate_.set_journal_down(true);
      words << "the journal cannot be written: entries stop, exits go on";
      break;
    case AlarmKind::JournalRestored:
      gate_.set_journal_down(false);
      words << "the journal is written again: entries may resume";
      break;
    case AlarmKind::MarketDataDropped:
      words << static_cast<std::int64_t>(alarm.count) << " market data events dropped: the engine could not keep up";
      break;
    case AlarmKind::ClockJumped: words << "the clock jumped by " << static_cast<std::int64_t>(alarm.count) << " ns"; break;
    case AlarmKind::QueueFull: words << "a queue of executions or commands is full"; break;
  }
  note(NoteKind::Alarm, {}, {}, words.view(), turn);
  if (alarm.kind == AlarmKind::JournalRestored) wake_all(turn);
  if (alarm.kind == AlarmKind::QueueFull) kill(KillCause::QueueFull, "engine", words.view(), turn);
}

void Dealer::on(const OperatorInput& input, Turn& turn) {
  const auto who = input.who.view();
  const auto asked = [&](std::string_view what) {
    Words words;
    words << who << (who.empty() ? "" : ": ") << what;
    if (!input.reason.empty()) words << " (" << input.reason.view() << ")";
    note(NoteKind::OperatorAsked, input.instrument, input.order, words.view(), turn);
  };
  switch (input.action) {
    case OperatorAction::Kill:
      if (gate_.killed()) asked("kill, which stands already");
      kill(KillCause::Operator, who, input.reason.view(), turn);
      break;
    case OperatorAction::ResetKill:
      if (!gate_.killed()) {
        asked("reset of the kill switch, which does not stand");
        break;
      }
      gate_.set_killed(false);
      turn.facts.add(KillChanged{.killed = false, .cause = KillCause::Operator, .who = input.who, .reason = input.reason});
      reject_count_ = 0;
      for (std::size_t i = 0; i < size_; ++i) pursuits_[i].unprotected = 0;
      watch_loss(turn);  // a loss that still stands trips it again: raise the limit first
      if (!gate_.killed()) wake_all(turn);
      break;
    case OperatorAction::StopEntries:
    case OperatorAction::ResumeEntries:
      entries_stopped_ = input.action == OperatorAction::StopEntries;
      gate_.set_entries_stopped(entries_stopped_ || restart_window_);
      asked(entries_stopped_ ? "stop entries" : "resume entries");
      if (!entries_stopped_) wake_all(turn);
      break;
    case OperatorAction::CancelOrder:
    case OperatorAction::QueryOrder: {
      auto* order = orders_.find(input.order);
      const bool cancels = input.action == OperatorAction::CancelOrder;
      if (order == nullptr || !order->live()) {
        asked(cancels ? "cancel of an order that is not working" : "query of an order that is not working");
        if (order == nullptr && input.order) turn.out.push_back(QueryOrder{input.order});
        break;
      }
      asked(cancels ? "cancel order" : "query order");
      if (cancels) {
        order->cancel_sent = false;  // a person may ask again
        cancel(*order, turn);
        auto& p = pursuits_[order->intent.instrument.value];
        if (p.order == order->intent.key) p.set = p.flattening;  // and does not want it sent anew
      } else {
        query(*order, turn);
      }
      break;
    }
    case OperatorAction::CancelAll:
      asked("cancel all orders");
      for (std::size_t i = 0; i < size_; ++i) {
        pursuits_[i].set = pursuits_[i].flattening = false;
        pursuits_[i].stop_distance = {};  // protection goes too, and is not put back
      }
      turn.out.push_back(CancelAllOrders{.including_external = input.value != 0});
      orders_.each_live([&](Order& order) {
        if (order.external && input.value == 0) return;
        order.cancel_sent = true;
        order.changed_at = turn.now;
        order.queries = 0;
        if (order.state != OrderState::Unknown) settle(order, OrderState::PendingCancel, turn);
      });
      if (!backtest_) want(turn.now + of_seconds(policy_.answer_timeout_s), turn);
      break;
    case OperatorAction::FlattenInstrument:
      if (input.instrument.value >= size_) break;
      asked("flatten");
      flatten(input.instrument, turn);
      break;
    case OperatorAction::FlattenAll:
      asked("flatten everything");
      for (std::size_t i = 0; i < size_; ++i)
        if (pursuits_[i].defined) flatten(pursuits_[i].instrument, turn);
      break;
    case OperatorAction::SetLimit: {
      const auto before = gate_.set_limit(input.name.view(), input.value);
      if (before) {
        turn.facts.add(LimitChanged{.name = input.name, .before = *before, .after = input.value, .who = input.who});
        watch_loss(turn);
      } else {
        Words words;
        words << "limit " << input.name.view()
              << (before.error() == risk::LimitError::UnknownName ? " does not exist" : " cannot take that value") << ": nothing changed";
        note(NoteKind::OperatorAsked, {}, {}, words.view(), turn);
      }
      break;
    }
    case OperatorAction::StartStrategy:
    case OperatorAction::StopStrategy:
    case OperatorAction::PauseStrategy:
    case OperatorAction::SetParameter: break;  // the strategy host's
  }
}

}  // namespace robo::execution
