#include "runtime/drive.hpp"

#include <algorithm>

#include "base/step.hpp"
#include "runtime/clock.hpp"

namespace robo::runtime {

namespace {

bool later(Timestamp a_due, TimerId a, Timestamp b_due, TimerId b) { return a_due != b_due ? a_due > b_due : a > b; }

bool is_order(const Command& command) {
  return std::holds_alternative<SubmitOrder>(command) || std::holds_alternative<ModifyOrder>(command);
}

}  // namespace

Drive::Drive(Kernel& kernel, Gateway& gateway, Clock& clock, const DriveSettings& settings)
    : kernel_(kernel), gateway_(gateway), clock_(clock), settings_(settings), commands_(std::make_unique<Commands>()) {
  timers_.reserve(4096);
  health_at_ = steady_ns();
}

void Drive::tell(const EventPayload& payload) { tell_at(clock_.now(), payload); }

void Drive::tell_at(Timestamp at, const EventPayload& payload) {
  Event event{.at = at, .received_at = at, .payload = payload};
  process(event, 0);
}

void Drive::process(Event& event, std::int64_t received_steady_ns) {
  event.at = std::max(event.at, now_);  // two sources of one run may overlap by a clock tick; time never goes back
  now_ = event.at;
  ++events_;
  if (recorder_) recorder_->on_event(event);
  commands_->clear();
  facts_.clear();
  facts_.set_now(now_);
  kernel_.on(event, *commands_, facts_);
  if (recorder_) {
    for (const Fact& fact : facts_) recorder_->on_fact(fact);
    for (const Command& command : *commands_) recorder_->on_command(now_, command);
    if (!commands_->empty()) tell_steps();
    if (std::holds_alternative<Boxed<Execution>>(event.payload)) passed(Step::FillJournaled);
  }
  bool ordered = false;
  for (const Command& command : *commands_) {
    act(command);
    ordered |= is_order(command);
  }
  std::int64_t taken = 0;
  if (received_steady_ns != 0) {
    taken = steady_ns() - received_steady_ns;
    event_latency_.add(taken);
    if (ordered) order_latency_.add(taken);
  }
  for (Tap* tap : taps_) {
    tap->on_event(event);
    for (const Fact& fact : facts_) tap->on_fact(fact);
    for (const Command& command : *commands_) {
      tap->on_command(now_, command);
      if (taken == 0 || !ordered) continue;
      if (const auto* submit = std::get_if<SubmitOrder>(&command)) tap->on_order_sent(now_, submit->order.intent().key, taken);
    }
  }
}

void Drive::tell_steps() const {
  for (const Command& command : *commands_) {
    if (std::holds_alternative<SubmitOrder>(command)) passed(Step::CommandJournaled);
    if (std::holds_alternative<CancelOrder>(command)) passed(Step::CancelJournaled);
  }
}

void Drive::act(const Command& command) {
  ++commands_sent_;
  if (is_order(command)) ++orders_;
  if (const auto* timer = std::get_if<StartTimer>(&command)) {
    if (!settings_.keep_timers) return;
    timers_.push_back({timer->due, timer->timer});
    std::push_heap(timers_.begin(), timers_.end(), [](const Timer& a, const Timer& b) { return later(a.due, a.id, b.due, b.id); });
    return;
  }
  gateway_.send(command);
}

bool Drive::fire_timer_before(Timestamp limit) {
  if (timers_.empty() || timers_.front().due > limit) return false;
  std::pop_heap(timers_.begin(), timers_.end(), [](const Timer& a, const Timer& b) { return later(a.due, a.id, b.due, b.id); });
  const Timer timer = timers_.back();
  timers_.pop_back();
  Event event{.at = timer.due, .received_at = timer.due, .payload = TimerFired{timer.id}};
  process(event, 0);
  return true;
}

bool Drive::check_recorder() {
  if (!recorder_ || recorder_->healthy() == recorder_healthy_) return false;
  recorder_healthy_ = !recorder_healthy_;
  tell(RuntimeAlarm{.kind = recorder_healthy_ ? AlarmKind::JournalRestored : AlarmKind::JournalFailed, .count = recorder_->lost()});
  return true;
}

bool Drive::step() {
  OperatorInput wish;
  if (operators_.take(wish)) {
    tell(Boxed<OperatorInput>{&wish});
    return true;
  }
  if (check_recorder()) return true;
  if (!holding_) {
    holding_ = gateway_.next(held_);
    if (!holding_) return fire_timer_before(clock_.now());
  }
  if (fire_timer_before(held_.at)) return true;
  holding_ = false;
  process(held_, settings_.measure ? steady_ns() : 0);
  return true;
}

void Drive::tell_health(std::int64_t steady) {
  const auto elapsed = std::max<std::int64_t>(steady - health_at_, 1);
  Health health{.events = events_, .commands = commands_sent_, .orders = orders_,
                .events_per_second = (events_ - events_at_health_) * 1'000'000'000u / static_cast<std::uint64_t>(elapsed)};
  const auto fill = [](const Histogram& h, std::int64_t& p50, std::int64_t& p99, std::int64_t& max) {
    p50 = static_cast<std::int64_t>(h.quantile(0.5));
    p99 = static_cast<std::int64_t>(h.quantile(0.99));
    max = static_cast<std::int64_t>(h.max());
  };
  fill(event_latency_, health.event_ns_p50, health.event_ns_p99, health.event_ns_max);
  fill(order_latency_, health.order_ns_p50, health.order_ns_p99, health.order_ns_max);
  if (recorder_) health.journal_lost = recorder_->lost();
  for (Tap* tap : taps_) tap->on_health(health);
  health_at_ = steady;
  events_at_health_ = events_;
}

void Drive::run(const std::atomic<bool>& stop) {
  while (!stop.load(std::memory_order_relaxed)) {
    bool busy = false;
    for (int i = 0; i < 256 && step(); ++i) busy = true;
    if (!busy) {
      if (gateway_.finished() && !holding_) break;
      gateway_.wait(settings_.idle);
    }
    if (settings_.measure)
      if (const auto steady = steady_ns(); steady - health_at_ >= settings_.health_every.ns) tell_health(steady);
  }
  if (settings_.measure) tell_health(steady_ns());
}

}  // namespace robo::runtime
