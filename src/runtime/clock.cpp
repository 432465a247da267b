#include "runtime/clock.hpp"

#include <algorithm>
#include <thread>

namespace robo::runtime {

namespace {
std::int64_t wall_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}
}  // namespace

void Gateway::wait(Duration at_most) { std::this_thread::sleep_for(std::chrono::nanoseconds(at_most.ns)); }

WallClock::WallClock() : wall_start_(wall_ns()), steady_start_(steady_ns()) {}

Timestamp WallClock::now() {
  const std::int64_t steady = wall_start_ + (steady_ns() - steady_start_);
  last_ = std::max(last_, steady);
  // The system clock was put forward (suspend, time service): follow. Put back: our time only waits until it is overtaken.
  if (const std::int64_t wall = wall_ns(); wall > last_ + 1'000'000'000) {
    wall_start_ += wall - last_;
    last_ = wall;
  }
  return {last_};
}

ScaledClock::ScaledClock(Timestamp start, double speed) : start_(start), speed_(speed), steady_start_(steady_ns()) {}

Timestamp ScaledClock::now() {
  return {start_.ns + static_cast<std::int64_t>(static_cast<double>(steady_ns() - steady_start_) * speed_)};
}

}  // namespace robo::runtime
