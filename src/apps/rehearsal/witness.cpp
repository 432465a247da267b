#include "apps/rehearsal/witness.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace robo::apps::rehearsal {

namespace {

/// What nobody reads in an account of minutes.
bool is_noise(const FactPayload& fact) {
  return std::holds_alternative<EquityMarked>(fact) || std::holds_alternative<StrategyMarked>(fact) || std::holds_alternative<LimitUsed>(fact) ||
         std::holds_alternative<SignalRaised>(fact) || std::holds_alternative<TargetSet>(fact) || std::holds_alternative<PositionChanged>(fact) ||
         std::holds_alternative<RegimeChanged>(fact) || std::holds_alternative<BarClosed>(fact) || std::holds_alternative<StrategyChanged>(fact) ||
         std::holds_alternative<ExposureMarked>(fact) || std::holds_alternative<RiskMarked>(fact) || std::holds_alternative<LeadershipMarked>(fact) ||
         std::holds_alternative<AppetiteMarked>(fact);
}

Price limit_of(const OrderKind& kind) {
  if (const auto* limit = std::get_if<Limit>(&kind)) return limit->price;
  return {};
}

}  // namespace

std::string_view Witness::symbol(InstrumentId instrument) const {
  return instrument.value < symbols_.size() ? std::string_view(symbols_[instrument.value]) : std::string_view{};
}

void Witness::breaks(Timestamp at, std::string_view law) {
  if (broken_.empty()) broken_ = law;
  write(at, "LAW", law);
}

void Witness::next_life() {
  gateway_ = {};
  compared_ = killed_ = false;
}

bool Witness::told(std::string_view text) const {
  return std::any_of(told_.begin(), told_.end(), [&](const std::string& said) { return said.find(text) != std::string::npos; });
}

Money Witness::broker(AccountTag tag) const {
  const auto found = broker_.find(tag);
  return found == broker_.end() ? Money{} : found->second;
}

void Witness::on_event(const Event& event) {
  if (const auto* instrument = std::get_if<Boxed<Instrument>>(&event.payload)) {
    const auto index = std::size_t{(*instrument)->id.value};
    if (symbols_.size() <= index) symbols_.resize(index + 1);
    symbols_[index] = (*instrument)->symbol.view();
  }
  if (const auto* changed = std::get_if<Boxed<GatewayChanged>>(&event.payload)) {
    gateway_ = (*changed)->state;
    if (gateway_ == GatewayState::Connecting) ++connections_;
    if (gateway_ == GatewayState::Disconnected) compared_ = false;
  }
  if (std::holds_alternative<ReconciliationBegan>(event.payload)) compared_ = false;
  if (const auto* ended = std::get_if<ReconciliationEnded>(&event.payload)) compared_ = ended->complete;
  if (const auto* value = std::get_if<Boxed<AccountValue>>(&event.payload)) broker_[(*value)->tag] = (*value)->value;
}

void Witness::on_command(Timestamp at, const Command& command) {
  if (const auto* submit = std::get_if<SubmitOrder>(&command)) {
    const auto& intent = submit->order.intent();
    if (!by_key_.try_emplace(intent.key, orders_.size()).second) return breaks(at, "an order was sent twice");
    orders_.push_back({.intent = intent, .limit = limit_of(intent.kind), .most = intent.quantity});
    if (!compared_ || gateway_ != GatewayState::Ready) {
      // Protection and ways out may leave in the restart window; nothing leaves before everything was compared.
      if (!compared_ || (gateway_ != GatewayState::RestartWindow || intent.purpose == OrderPurpose::Entry)) breaks(at, "an order was sent to a gateway that was not ready");
    }
    if (killed_ && intent.purpose == OrderPurpose::Entry) breaks(at, "an entry was sent while the kill switch stood");
  }
  if (const auto* modify = std::get_if<ModifyOrder>(&command)) {
    const auto found = by_key_.find(modify->order.intent().key);
    if (found != by_key_.end()) orders_[found->second].most = std::max(orders_[found->second].most, modify->order.intent().quantity);
  }
}

void Witness::on_fact(const Fact& fact) {
  if (const auto* kill = std::get_if<KillChanged>(&fact.payload)) killed_ = kill->killed;
  if (const auto* denied = std::get_if<OrderDenied>(&fact.payload)) ++denials_[std::string(to_text(denied->reason))];
  if (const auto* changed = std::get_if<OrderChanged>(&fact.payload)) {
    if (const auto found = by_key_.find(changed->intent.key); found != by_key_.end() && changed->intent.key) {
      auto& seen = orders_[found->second];
      if (is_final(seen.state) && changed->state != seen.state)
        breaks(fact.at, fmt::format("an order left its final state {} for {}", to_text(seen.state), to_text(changed->state)));
      seen.state = changed->state;
      seen.code = changed->code;
      if (changed->broker_id.order_id != 0 && by_broker_id_.try_emplace(changed->broker_id, changed->intent.key).first->second != changed->intent.key)
        breaks(fact.at, "an order id was given to a second order");
      seen.filled = changed->filled;
      if (changed->filled > seen.most) breaks(fact.at, "more was filled than was ever approved");
    }
  }
  if (const auto* filled = std::get_if<OrderFilled>(&fact.payload)) {
    if (!filled->correction) ++fills_;
    const auto apart = fact.at.ns - filled->execution.executed_at.ns;
    if (!filled->correction && !filled->execution.from_reconciliation && std::abs(apart) > minutes(30).ns)
      breaks(fact.at, fmt::format("an execution of now is booked at {}", to_text(filled->execution.executed_at)));
    if (!filled->correction && !executions_.try_emplace(std::string(filled->execution.id.view()), filled->execution.quantity).second)
      breaks(fact.at, fmt::format("execution {} was booked twice", filled->execution.id.view()));
  }
  if (is_noise(fact.payload)) return;
  auto said = sentence(fact, *this);
  told_.push_back(said);
  write(fact.at, "engine", said);
}

}  // namespace robo::apps::rehearsal
