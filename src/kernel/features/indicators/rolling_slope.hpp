#pragma once
// Least-squares slope of the last n values over their order, measured against what a walk without drift of the same steps
// would show by chance.

#include <cmath>

#include "kernel/features/indicators/rolling_sum.hpp"

namespace robo::features {

class RollingSlope {
 public:
  RollingSlope() = default;
  /// Room for n values and n - 1 steps between them.
  RollingSlope(std::span<double> values, std::span<double> steps) : window_(values), squares_(steps) {}

  void add(double value) {
    if (window_.count() == 0) origin_ = value;
    else {
      const double step = value - window_.back(0);
      squares_.add(step * step);
    }
    const double n = window_.capacity();
    if (window_.full()) {
      const double oldest = window_.oldest() - origin_;
      weighted_ += (n - 1) * (value - origin_) - (sum_ - oldest);
      sum_ += (value - origin_) - oldest;
    } else {
      weighted_ += window_.count() * (value - origin_);
      sum_ += value - origin_;
    }
    window_.push(value);
    if (++since_rebuild_ >= rebuild_after(window_.capacity())) [[unlikely]] rebuild();
  }
  void clear() {
    window_.clear();
    squares_.clear();
    sum_ = weighted_ = 0;
    since_rebuild_ = 0;
  }
  [[nodiscard]] bool warm() const { return window_.full(); }
  /// Per value.
  [[nodiscard]] double slope() const {
    const double n = window_.capacity();
    return warm() ? (weighted_ - 0.5 * (n - 1) * sum_) * 12 / (n * (n * n - 1)) : nan;
  }
  /// Slope by its deviation under a walk with independent steps: 6 (n^2 + 1) / (5 n (n^2 - 1)) of the steps' mean square.
  /// 0 where nothing moved.
  [[nodiscard]] double z() const {
    if (!warm()) return nan;
    const double n = window_.capacity(), square = squares_.sum() / (n - 1);
    return square > 0 ? slope() / std::sqrt(square * 6 * (n * n + 1) / (5 * n * (n * n - 1))) : 0;
  }

 private:
  void rebuild() {
    since_rebuild_ = 0;
    const auto n = window_.count();
    origin_ = window_.back(n - 1);
    sum_ = weighted_ = 0;
    for (std::uint32_t i = 0; i < n; ++i) {
      const double value = window_.back(n - 1 - i) - origin_;
      sum_ += value;
      weighted_ += i * value;
    }
  }
  Window<double> window_{};
  RollingSum<double> squares_{};
  double origin_ = 0, sum_ = 0, weighted_ = 0;
  std::uint32_t since_rebuild_ = 0;
};

}  // namespace robo::features
