#pragma once
// Kyle's lambda: by how much signed flow moves the mid. One point per interval of the clock: change of the mid on
// sum s sqrt(q), through the origin, older intervals forgotten by 0.999 (scalar recursive least squares).

#include <cstdint>

#include "base/time.hpp"
#include "kernel/features/indicators/window.hpp"

namespace robo::features {

class KyleLambda {
 public:
  static constexpr double forgetting = 0.999;
  KyleLambda() = default;
  KyleLambda(Duration length, int intervals_min) : length_(length.ns), intervals_min_(static_cast<std::uint32_t>(intervals_min)) {}

  /// Before every event: `mid` is the one in force until now.
  void roll(Timestamp now, double mid) {
    if (now.ns < end_) [[likely]] return;
    if (traded_ && start_ == start_ && mid == mid) learn(mid - start_);
    end_ = now.ns - now.ns % length_ + length_;
    start_ = mid;
    flow_ = 0;
    traded_ = false;
  }
  /// After a quote: the first mid begins a running interval that had none.
  void begin(double mid) {
    if (!(start_ == start_)) start_ = mid, flow_ = 0, traded_ = false;
  }
  /// `flow`: s sqrt(q).
  void add(double flow) {
    flow_ += flow;
    traded_ = true;
  }
  void interrupt() {
    start_ = nan;
    flow_ = 0;
    traded_ = false;
  }
  [[nodiscard]] double value() const { return intervals_ >= intervals_min_ && squares_ > 0 ? products_ / squares_ : nan; }

 private:
  void learn(double change) {
    squares_ = forgetting * squares_ + flow_ * flow_;
    products_ = forgetting * products_ + flow_ * change;
    intervals_ += intervals_ < intervals_min_;
  }
  std::int64_t length_ = 1, end_ = 0;
  std::uint32_t intervals_min_ = 1, intervals_ = 0;
  double start_ = nan, flow_ = 0, squares_ = 0, products_ = 0;
  bool traded_ = false;
};

}  // namespace robo::features
