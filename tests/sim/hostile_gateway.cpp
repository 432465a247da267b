#include "sim/hostile_gateway.hpp"

namespace robo::simulation {

bool HostileGateway::chance(double probability) {
  state_ = state_ * 6364136223846793005u + 1442695040888963407u;
  return !calm_ && static_cast<double>(state_ >> 11) * 0x1.0p-53 < probability;
}

void HostileGateway::hold(const Event& event, std::uint64_t after) {
  Held held{.event = event, .payload = {}, .after = after};
  std::visit(
      [&](const auto& payload) {
        if constexpr (Unboxed<std::decay_t<decltype(payload)>>::boxed) held.payload = *payload;
      },
      event.payload);
  waiting_.push_back(std::move(held));
}

bool HostileGateway::give(Held held, Event& out) {
  taken_ = std::move(held);
  out = taken_.event;
  out.at = out.received_at = std::max(out.at, inner_.now());
  std::visit(
      [&](auto& payload) {
        using T = std::decay_t<decltype(payload)>;
        if constexpr (Unboxed<T>::boxed) payload = T{&std::get<typename Unboxed<T>::type>(taken_.payload)};
      },
      out.payload);
  return true;
}

void HostileGateway::remember(const Event& event) {
  if (const auto* execution = std::get_if<Boxed<Execution>>(&event.payload)) executions_.push_back(**execution);
  if (const auto* commission = std::get_if<Boxed<Commission>>(&event.payload)) commissions_[std::string((*commission)->execution.view())] = **commission;
}

void HostileGateway::say(Timestamp at, GatewayState state) {
  GatewayChanged changed{.state = state, .code = 0, .server_version = 200, .text = "by seed"};
  hold({.at = at, .received_at = at, .payload = Boxed<GatewayChanged>{&changed}}, seen_);
}

void HostileGateway::break_connection(Timestamp at) {
  ++breaks_;
  up_ = false;
  std::erase_if(waiting_, [](const Held&) { return true; });  // what was on its way is lost
  say(at, GatewayState::Disconnected);
  silent_until_ = seen_ + 50 + (state_ >> 33) % 2'000;
}

void HostileGateway::reconcile_with_executions(const Event& event) {
  hold(event, seen_);
  for (auto execution : executions_) {
    execution.from_reconciliation = true;
    hold({.at = event.at, .received_at = event.at, .payload = Boxed<Execution>{&execution}}, seen_);
    if (const auto found = commissions_.find(std::string(execution.id.view())); found != commissions_.end())
      hold({.at = event.at, .received_at = event.at, .payload = Boxed<Commission>{&found->second}}, seen_);
  }
}

bool HostileGateway::next(Event& out) {
  for (;;) {
    if (!waiting_.empty() && (waiting_.front().after <= seen_ || calm_)) {
      Held held = std::move(waiting_.front());
      waiting_.pop_front();
      return give(std::move(held), out);
    }
    Event event;
    if (!inner_.next(event)) return false;
    ++seen_;
    remember(event);
    if (!up_) {
      if (seen_ < silent_until_ && !calm_) continue;  // nobody hears it
      up_ = true;
      say(event.at, GatewayState::Connecting);
      say(event.at, GatewayState::Reconciling);
      inner_.send(Reconcile{.number = ++reconciliations_});
      continue;
    }
    if (const auto* began = std::get_if<ReconciliationBegan>(&event.payload)) {
      (void)began;
      reconcile_with_executions(event);
      continue;
    }
    if (const auto* ended = std::get_if<ReconciliationEnded>(&event.payload); ended != nullptr && ended->number >= 1'000) {
      hold(event, seen_);
      say(event.at, GatewayState::Ready);
      continue;
    }
    const bool about_order = std::holds_alternative<Boxed<OrderUpdate>>(event.payload) || std::holds_alternative<Boxed<Execution>>(event.payload) ||
                             std::holds_alternative<Boxed<Commission>>(event.payload);
    const bool reconciling = [&] {
      const auto* update = std::get_if<Boxed<OrderUpdate>>(&event.payload);
      return update != nullptr && (*update)->from_reconciliation;
    }();
    if (about_order && !reconciling) {
      if (std::holds_alternative<Boxed<OrderUpdate>>(event.payload) && chance(hostility_.lost)) {
        ++troubles_;
        continue;
      }
      if (chance(hostility_.twice)) ++troubles_, hold(event, seen_);
      if (chance(hostility_.late)) {
        ++troubles_;
        hold(event, seen_ + 1 + (state_ >> 40) % 40);
        continue;
      }
    } else if (std::holds_alternative<Quote>(event.payload) && chance(hostility_.breaks)) {
      break_connection(event.at);
      continue;
    }
    if (!waiting_.empty()) {  // in order with what must come before it
      hold(event, seen_);
      continue;
    }
    out = event;
    return true;
  }
}

void HostileGateway::send(const Command& command) {
  if (up_) inner_.send(command);  // else it went into a socket nobody reads
}

}  // namespace robo::simulation
