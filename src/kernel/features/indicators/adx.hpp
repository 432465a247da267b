#pragma once
// Wilder's directional movement: +DI, -DI and their trend index ADX. Start and zero rules as TA-Lib: sums of the first n-1
// bars, then s - s/n + x; where +DI and -DI are both zero the ADX stays what it was.

#include <algorithm>
#include <cmath>

#include "kernel/features/indicators/atr.hpp"

namespace robo::features {

class Adx {
 public:
  Adx() = default;
  explicit Adx(int period) : inverse_(1.0 / period), period_(period) {}
  void add(double high, double low, double close) {
    const double up = high - high_, down = low_ - low;
    const double range = true_range(high, low, close_);
    high_ = high, low_ = low, close_ = close;
    // At most one of both counts, and only when it is positive.
    const double plus = up > down ? std::max(up, 0.0) : 0.0;
    const double minus = down > up ? std::max(down, 0.0) : 0.0;
    if (bars_ < period_) [[unlikely]] {
      if (bars_++ != 0) plus_ += plus, minus_ += minus, range_ += range;
      return;
    }
    plus_ += plus - plus_ * inverse_;
    minus_ += minus - minus_ * inverse_;
    range_ += range - range_ * inverse_;
    const double sum = plus_ + minus_;
    const bool moved = sum > vanished && range_ > vanished;
    const double index = moved ? 100 * std::fabs(plus_ - minus_) / sum : 0;
    if (bars_ < 2 * period_) [[unlikely]] {
      adx_ += index * inverse_;
      ++bars_;
      return;
    }
    if (moved) adx_ += inverse_ * (index - adx_);
  }
  [[nodiscard]] bool di_warm() const { return bars_ > period_; }
  [[nodiscard]] bool warm() const { return bars_ >= 2 * period_; }
  [[nodiscard]] double adx() const { return warm() ? adx_ : nan; }
  [[nodiscard]] double plus_di() const { return di_warm() ? part(plus_) : nan; }
  [[nodiscard]] double minus_di() const { return di_warm() ? part(minus_) : nan; }

 private:
  [[nodiscard]] double part(double sum) const { return range_ > vanished ? 100 * sum / range_ : 0; }
  double inverse_ = 0, high_ = 0, low_ = 0, close_ = 0, plus_ = 0, minus_ = 0, range_ = 0, adx_ = 0;
  int period_ = 1, bars_ = 0;
};

}  // namespace robo::features
