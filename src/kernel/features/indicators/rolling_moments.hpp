#pragma once
// Mean and variance of the last n values by Welford's update with removal: no difference of large sums.

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
    const double before = mean_;
    mean_ += (x - old) * inverse_;
    squares_ = std::max(0.0, squares_ + (x - old) * ((x - mean_) + (old - before)));
    window_.push(x);
    if (++since_rebuild_ >= rebuild_after(window_.capacity())) [[unlikely]] rebuild();
  }
  [[nodiscard]] bool warm() const { return window_.full(); }
  [[nodiscard]] std::uint32_t count() const { return window_.count(); }
  [[nodiscard]] double mean() const { return mean_; }
  /// Population variance (divided by n, as TA-Lib).
  [[nodiscard]] double variance() const { return window_.full() ? squares_ * inverse_ : squares_ / std::max(1u, window_.count()); }
  [[nodiscard]] double deviation() const { return std::sqrt(variance()); }
  /// Deviation that is more than the rounding of n values around this mean; a flat window has none.
  [[nodiscard]] bool spread_out() const { return variance() > 1e-24 * (mean_ * mean_ + 1e-300); }
  void clear() {
    window_.clear();
    mean_ = squares_ = 0;
  }

 private:
  void grow(double x) {
    window_.push(x);
    const double delta = x - mean_;
    mean_ += delta / window_.count();
    squares_ += delta * (x - mean_);
  }
  void rebuild() {
    since_rebuild_ = 0;
    mean_ = 0;
    for (const double x : window_.values()) mean_ += x;
    mean_ *= inverse_;
    squares_ = 0;
    for (const double x : window_.values()) squares_ += (x - mean_) * (x - mean_);
  }
  Window<double> window_{};
  double inverse_ = 0, mean_ = 0, squares_ = 0;
  std::uint32_t since_rebuild_ = 0;
};

/// Mean and variance of everything so far (Welford).
class RunningMoments {
 public:
  void add(double x) {
    ++count_;
    const double delta = x - mean_;
    mean_ += delta / static_cast<double>(count_);
    squares_ += delta * (x - mean_);
  }
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] double mean() const { return mean_; }
  [[nodiscard]] double variance() const { return count_ == 0 ? 0 : squares_ / static_cast<double>(count_); }
  /// Divided by n - 1.
  [[nodiscard]] double sample_variance() const { return count_ < 2 ? 0 : squares_ / static_cast<double>(count_ - 1); }

 private:
  std::uint64_t count_ = 0;
  double mean_ = 0, squares_ = 0;
};

}  // namespace robo::features
