#pragma once
// Sources of time for the modes of the engine.

#include <chrono>

#include "runtime/ports.hpp"

namespace robo::runtime {

/// UTC by the system's clock, never running backwards: monotonic time anchored at the start, re-anchored forwards only.
class WallClock : public Clock {
 public:
  WallClock();
  [[nodiscard]] Timestamp now() override;

 private:
  std::int64_t wall_start_, steady_start_, last_ = 0;
};

/// A simulated day that begins at `start` and runs `speed` times as fast as the wall. Thread: any.
class ScaledClock : public Clock {
 public:
  ScaledClock(Timestamp start, double speed);
  [[nodiscard]] Timestamp now() override;
  [[nodiscard]] double speed() const { return speed_; }

 private:
  Timestamp start_;
  double speed_;
  std::int64_t steady_start_;
};

/// The data's own time: whatever the last event said.
class DataClock : public Clock {
 public:
  [[nodiscard]] Timestamp now() override { return now_; }
  void set(Timestamp now) { now_ = now; }

 private:
  Timestamp now_{};
};

[[nodiscard]] inline std::int64_t steady_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace robo::runtime
