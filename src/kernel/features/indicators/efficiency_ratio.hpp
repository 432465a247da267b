#pragma once
// Kaufman's efficiency ratio: how far the price came, by how far it walked. 0 when it did not move.

#include <algorithm>
#include <cmath>

#include "kernel/features/indicators/rolling_sum.hpp"

namespace robo::features {

class EfficiencyRatio {
 public:
  EfficiencyRatio() = default;
  /// Two rooms of n values: prices and steps.
  EfficiencyRatio(std::span<double> prices, std::span<double> steps) : prices_(prices), steps_(steps) {}
  void add(double x) {
    if (begun_) [[likely]] {
      steps_.add(std::fabs(x - last_));
      from_ = prices_.full() ? prices_.oldest() : nan;
    }
    begun_ = true;
    last_ = x;
    prices_.push(x);
  }
  [[nodiscard]] bool warm() const { return steps_.warm(); }
  [[nodiscard]] double value() const {
    if (!warm()) return nan;
    const double walked = steps_.sum();
    return walked > 1e-14 ? std::min(1.0, std::fabs(last_ - from_) / walked) : 0;
  }

 private:
  Window<double> prices_{};
  RollingSum<double> steps_{};
  double last_ = 0, from_ = nan;
  bool begun_ = false;
};

}  // namespace robo::features
