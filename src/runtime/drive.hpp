#pragma once
// The one loop behind live, paper, demo, back-test and replay: take what happened, let the kernel decide, write it down, act.

#include <atomic>
#include <vector>

#include "base/histogram.hpp"
#include "kernel/kernel.hpp"
#include "runtime/operator_queue.hpp"
#include "runtime/ports.hpp"

namespace robo::runtime {

struct DriveSettings {
  bool keep_timers = true;        // false in replay: timers fire from the journal
  bool measure = false;           // clock readings around every event (about 50 ns each)
  Duration idle = microseconds(200);
  Duration health_every = seconds(1);
};

/// Thread: one thread calls step() or run(); operators() may be asked from any thread.
class Drive {
 public:
  Drive(Kernel& kernel, Gateway& gateway, Clock& clock, const DriveSettings& settings);

  /// The journal: written before anything leaves, and the gate shuts while it cannot be written.
  void record_with(Recorder& recorder) { recorder_ = &recorder; }
  /// Taps see events, facts and commands after the journal, in the order added.
  void add(Tap& tap) { taps_.push_back(&tap); }
  [[nodiscard]] OperatorQueue& operators() { return operators_; }

  /// Puts an event of our own in front of everything else (EngineStarted, instruments).
  void tell(const EventPayload& payload);
  /// The same at a time of the past that is not before the last event: the bars of before the start.
  void tell_at(Timestamp at, const EventPayload& payload);

  /// One turn of the crank: operators, journal health, due timers, one gateway event. False: nothing happened.
  bool step();
  /// Turns until the gateway is finished or `stop` is set.
  void run(const std::atomic<bool>& stop);

  [[nodiscard]] Timestamp now() const { return now_; }
  [[nodiscard]] std::uint64_t events() const { return events_; }
  [[nodiscard]] std::uint64_t commands() const { return commands_sent_; }
  [[nodiscard]] std::uint64_t orders() const { return orders_; }
  [[nodiscard]] const Histogram& order_latency() const { return order_latency_; }
  [[nodiscard]] const Histogram& event_latency() const { return event_latency_; }

 private:
  struct Timer {
    Timestamp due{};
    TimerId id{};
  };
  void process(Event& event, std::int64_t received_steady_ns);
  void act(const Command& command);
  void tell_steps() const;
  bool fire_timer_before(Timestamp limit);
  bool check_recorder();
  void tell_health(std::int64_t steady);

  Kernel& kernel_;
  Gateway& gateway_;
  Clock& clock_;
  DriveSettings settings_;
  Recorder* recorder_ = nullptr;
  std::vector<Tap*> taps_;
  OperatorQueue operators_;
  std::unique_ptr<Commands> commands_;
  Facts facts_;
  std::vector<Timer> timers_;  // heap, earliest first
  Event held_{};               // taken from the gateway, waits for timers that are due before it
  bool holding_ = false;
  bool recorder_healthy_ = true;
  Timestamp now_{};
  std::uint64_t events_ = 0, commands_sent_ = 0, orders_ = 0, events_at_health_ = 0;
  Histogram order_latency_, event_latency_;
  std::int64_t health_at_ = 0;
};

}  // namespace robo::runtime
