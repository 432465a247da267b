#pragma once
// Exponential average, alpha = 2/(n+1), begun with the mean of the first n values (TA-Lib's classic start).

#include "kernel/features/indicators/window.hpp"

namespace robo::features {

class Ema {
 public:
  Ema() = default;
  explicit Ema(int period) : alpha_(2.0 / (period + 1)), left_(period), period_(period) {}
  void add(double x) {
    if (left_ > 0) [[unlikely]] return start(x);
    value_ += alpha_ * (x - value_);
  }
  [[nodiscard]] bool warm() const { return left_ == 0; }
  [[nodiscard]] double value() const { return warm() ? value_ : nan; }

 private:
  void start(double x) {
    value_ += x;
    if (--left_ == 0) value_ /= period_;
  }
  double alpha_ = 0, value_ = 0;
  int left_ = 1, period_ = 1;
};

}  // namespace robo::features
