#include "sim/checkers.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace robo::simulation {

void Checkers::wrong(Timestamp at, std::string what) {
  if (broken_.empty()) broken_ = fmt::format("{}: {}", to_text(at), what);
}

void Checkers::restarted() {
  ready_ = killed_ = false;
  states_.clear();
  halted_.clear();
  positions_.clear();
  quoted_.clear();
}

void Checkers::undisturbed(Timestamp now, Timestamp halted_since) {
  halted_since_ = halted_since;
  if (!ready_) clear_since_ = now;
  // Long after the engine's own patience an order is either answered or shown as unknown.
  for (const auto& [key, state] : states_)
    if (state == OrderState::PendingSubmit && sent_.contains(key) && now - std::max(sent_[key].at, clear_since_) > minutes(2))
      return wrong(now, fmt::format("order {} had no answer for two minutes and is not shown as unknown", to_text(key)));
}

void Checkers::on_message(Timestamp at) {
  messages_.push_back(at);
  while (at - messages_.front() >= seconds(1)) messages_.pop_front();
  if (std::ssize(messages_) > bounds_.messages_per_second) wrong(at, fmt::format("more than {} messages were sent in a second", bounds_.messages_per_second));
}

void Checkers::on_event(const Event& event) {
  // Orders are possible once the broker's word has been compared with ours, and until the connection is lost.
  if (const auto* changed = std::get_if<Boxed<GatewayChanged>>(&event.payload)) ready_ = (*changed)->state == GatewayState::Ready;
  if (const auto* ended = std::get_if<ReconciliationEnded>(&event.payload)) ready_ = ended->complete;
  if (const auto* quote = std::get_if<Quote>(&event.payload)) quoted_[quote->instrument.value] = event.at;
  if (const auto* phase = std::get_if<PhaseChange>(&event.payload)) {
    if (phase->phase == TradingPhase::Halted) halted_.insert(phase->instrument.value);
    else halted_.erase(phase->instrument.value);
  }
}

void Checkers::hold(std::uint32_t instrument, Quantity quantity) {
  positions_[instrument] = quantity;
  // What people bought by hand out of nothing has no stop of ours to lose.
  if (std::exchange(held_[instrument], quantity).sign() != quantity.sign()) stopped_.erase(instrument);
}

void Checkers::check_entry(Timestamp at, const OrderIntent& intent) {
  const auto instrument = intent.instrument.value;
  if (killed_) wrong(at, "an entry was sent while killed");
  if (halted_.contains(instrument)) wrong(at, "an entry was sent into a halt");
  if (clear_since_.ns != INT64_MAX && halted_since_.ns != INT64_MAX && at - std::max(halted_since_, clear_since_) > seconds(30))
    wrong(at, "an entry was sent to a market that has been halted for a while");
  if (const auto quoted = quoted_.find(instrument); quoted == quoted_.end() || at - quoted->second > bounds_.quote_age_max)
    wrong(at, "an entry was sent on an old quote");
  Quantity most = positions_[instrument];
  for (const auto& [key, order] : sent_) {
    const auto state = states_.find(key);
    const bool works = key == intent.key || (state != states_.end() && !is_final(state->second));
    if (works && order.purpose == OrderPurpose::Entry && order.instrument == intent.instrument && order.side == intent.side)
      most += (order.quantity - filled_[key]) * sign(order.side);
  }
  if (most.abs() > bounds_.position_max && most.abs() > positions_[instrument].abs())
    wrong(at, fmt::format("an entry was sent that makes the position {}, more than is allowed", to_text(most)));
}

void Checkers::on_command(Timestamp at, const Command& command) {
  if (const auto* submit = std::get_if<SubmitOrder>(&command)) {
    const auto& intent = submit->order.intent();
    if (!sent_.try_emplace(intent.key, Sent{intent.quantity, intent.instrument, intent.side, intent.purpose, at}).second) wrong(at, "an order was sent twice");
    if (!ready_) wrong(at, "an order was sent to a gateway that was not reconciled");
    if (intent.purpose == OrderPurpose::Entry) stopped_.erase(intent.instrument.value);
    if (intent.purpose == OrderPurpose::ProtectiveStop) stopped_.insert(intent.instrument.value), ++stops_;
    if (intent.purpose == OrderPurpose::Entry) check_entry(at, intent);
  }
  if (const auto* modify = std::get_if<ModifyOrder>(&command)) {
    auto& most = sent_[modify->order.intent().key].quantity;
    most = std::max(most, modify->order.intent().quantity);
  }
}

void Checkers::on_fact(const Fact& fact) {
  if (const auto* filled = std::get_if<OrderFilled>(&fact.payload)) {
    const bool first = executions_.insert(std::string(filled->execution.id.view())).second;
    if (filled->intent.key && !filled->correction && first) {
      auto& sum = filled_[filled->intent.key];
      sum += filled->execution.quantity;
      if (sum > sent_[filled->intent.key].quantity) wrong(fact.at, "more was filled than was ever approved");
    }
  }
  if (const auto* position = std::get_if<PositionChanged>(&fact.payload)) hold(position->instrument.value, position->quantity);
  if (const auto* kill = std::get_if<KillChanged>(&fact.payload)) killed_ = kill->killed;
  if (const auto* changed = std::get_if<OrderChanged>(&fact.payload); changed && changed->intent.key) {  // other people's have no key
    if (changed->code == 103) wrong(fact.at, "an order id was used twice");
    auto& state = states_[changed->intent.key];
    if (is_final(state) && changed->state != state)
      wrong(fact.at, fmt::format("an order left its final state {} for {}", to_text(state), to_text(changed->state)));
    state = changed->state;
  }
}

}  // namespace robo::simulation
