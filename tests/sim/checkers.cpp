#include "sim/checkers.hpp"

#include <fmt/format.h>

namespace robo::simulation {

void Checkers::wrong(Timestamp at, std::string what) {
  if (broken_.empty()) broken_ = fmt::format("{}: {}", to_text(at), what);
}

void Checkers::restarted() {
  ready_ = killed_ = false;
  states_.clear();
  halted_.clear();
}

void Checkers::on_event(const Event& event) {
  // Orders are possible once the broker's word has been compared with ours, and until the connection is lost.
  if (const auto* changed = std::get_if<Boxed<GatewayChanged>>(&event.payload)) ready_ = (*changed)->state == GatewayState::Ready;
  if (const auto* ended = std::get_if<ReconciliationEnded>(&event.payload)) ready_ = ended->complete;
  if (const auto* phase = std::get_if<PhaseChange>(&event.payload)) {
    if (phase->phase == TradingPhase::Halted) halted_.insert(phase->instrument.value);
    else halted_.erase(phase->instrument.value);
  }
}

void Checkers::on_command(Timestamp at, const Command& command) {
  if (const auto* submit = std::get_if<SubmitOrder>(&command)) {
    const auto& intent = submit->order.intent();
    if (!sent_.try_emplace(intent.key, intent.quantity).second) wrong(at, "an order was sent twice");
    if (!ready_) wrong(at, "an order was sent to a gateway that was not reconciled");
    if (killed_ && intent.purpose == OrderPurpose::Entry) wrong(at, "an entry was sent while killed");
    if (intent.purpose == OrderPurpose::Entry) stopped_.erase(intent.instrument.value);
    if (intent.purpose == OrderPurpose::ProtectiveStop) stopped_.insert(intent.instrument.value), ++stops_;
    if (intent.purpose == OrderPurpose::Entry && halted_.contains(intent.instrument.value)) wrong(at, "an entry was sent into a halt");
  }
  if (const auto* modify = std::get_if<ModifyOrder>(&command)) {
    auto& most = sent_[modify->order.intent().key];
    most = std::max(most, modify->order.intent().quantity);
  }
}

void Checkers::on_fact(const Fact& fact) {
  if (const auto* filled = std::get_if<OrderFilled>(&fact.payload)) {
    const bool first = executions_.insert(std::string(filled->execution.id.view())).second;
    if (filled->intent.key && !filled->correction && first) {
      auto& sum = filled_[filled->intent.key];
      sum += filled->execution.quantity;
      if (sum > sent_[filled->intent.key]) wrong(fact.at, "more was filled than was ever approved");
    }
  }
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
