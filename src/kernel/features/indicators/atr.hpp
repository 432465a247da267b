#pragma once
// Wilder's average true range: first the mean of n ranges, then (a (n-1) + tr) / n.

#include <algorithm>
#include <cmath>

#include "kernel/features/indicators/window.hpp"

namespace robo::features {

constexpr double true_range(double high, double low, double last_close) {
  return std::max(high, last_close) - std::min(low, last_close);
}

class Atr {
 public:
  Atr() = default;
  explicit Atr(int period) : inverse_(1.0 / period), left_(period) {}
  void add(double high, double low, double close) {
    const double range = true_range(high, low, last_);
    last_ = close;
    if (left_ >= 0) [[unlikely]] return start(range);
    value_ += inverse_ * (range - value_);
  }
  [[nodiscard]] bool warm() const { return left_ < 0; }
  [[nodiscard]] double value() const { return warm() ? value_ : nan; }

 private:
  void start(double range) {
    if (!begun_) {  // no close before the first bar
      begun_ = true;
      return;
    }
    value_ += range * inverse_;
    if (--left_ == 0) left_ = -1;
  }
  double inverse_ = 0, last_ = 0, value_ = 0;
  int left_ = 1;
  bool begun_ = false;
};

}  // namespace robo::features
