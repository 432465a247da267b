#pragma once
// Mean and variance of the last n values by Welford's update with removal, around an origin inside the window: no difference
// of large sums, and no rounding of a 60,000 price in a deviation of half a cent.

#include <algorithm>
#include <cmath>

#include "kernel/features/indicators/window.hpp"

namespace robo::features {

class RollingMoments {
 public:
  RollingMoments() = default;
  explicit RollingMoments(std::span<double> room) : window_(room), inverse_(1.0 / static_cast<double>(room.size())) {}

  void add(double x) {
    if (!window_.full()) [[unlikely]] return grow(x);
    const double old = window_.oldest();
    const double before = mean_, left = (old - origin_) - before;
    mean_ += (x - old) * inverse_;
    squares_ = std::max(0.0, squares_ + (x - old) * (((x - origin_) - mean_) + left));
    window_.push(x);
    // What left was most of it: the digits of the rest went with it.
    const bool hollow = squares_ < 1e-6 * left * left;
    if (++since_rebuild_ >= rebuild_after(window_.capacity()) || hollow) [[unlikely]] rebuild();
    settle(x);
  }
  [[nodiscard]] bool warm() const { return window_.full(); }
  [[nodiscard]] std::uint32_t count() const { return window_.count(); }
  [[nodiscard]] double mean() const { return origin_ + mean_; }
  /// Population variance (divided by n, as TA-Lib).
  [[nodiscard]] double variance() const { return window_.full() ? squares_ * inverse_ : squares_ / std::max(1u, window_.count()); }
  [[nodiscard]] double deviation() const { return std::sqrt(variance()); }
  /// False for a window of one and the same value.
  [[nodiscard]] bool spread_out() const { return squares_ > 0; }
  void clear() {
    window_.clear();
    mean_ = squares_ = 0;
    alike_ = 0;
  }

 private:
  void grow(double x) {
    if (window_.count() == 0) origin_ = x;
    window_.push(x);
    const double shifted = x - origin_, delta = shifted - mean_;
    mean_ += delta / window_.count();
    squares_ += delta * (shifted - mean_);
    settle(x);
  }
  /// A window of one and the same value has no rounding left over.
  void settle(double x) {
    alike_ = x == last_ ? alike_ + 1 : 1;
    last_ = x;
    if (alike_ >= window_.count()) origin_ = x, mean_ = squares_ = 0;
  }
  void rebuild() {
    since_rebuild_ = 0;
    origin_ += mean_;
    mean_ = 0;
    for (const double x : window_.values()) mean_ += x - origin_;
    mean_ *= inverse_;
    squares_ = 0;
    for (const double x : window_.values()) squares_ += (x - origin_ - mean_) * (x - origin_ - mean_);
  }
  Window<double> window_{};
  double inverse_ = 0, origin_ = 0, mean_ = 0, squares_ = 0, last_ = 0;  // mean_ is measured from origin_
  std::uint32_t since_rebuild_ = 0, alike_ = 0;
};

}  // namespace robo::features
