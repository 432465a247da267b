#pragma once
// Wilder's relative strength index. 0 when nothing moved in the whole memory, as TA-Lib.

#include <cmath>

#include "kernel/features/indicators/window.hpp"

namespace robo::features {

class Rsi {
 public:
  Rsi() = default;
  explicit Rsi(int period) : inverse_(1.0 / period), left_(period) {}
  void add(double x) {
    const double change = x - last_, size = std::fabs(change);
    last_ = x;
    // Half sums instead of a comparison: which way a price goes is a coin flip no branch predictor wins.
    const double up = 0.5 * (size + change), down = 0.5 * (size - change);
    if (left_ >= 0) [[unlikely]] return start(up, down);
    gain_ += inverse_ * (up - gain_);
    loss_ += inverse_ * (down - loss_);
  }
  [[nodiscard]] bool warm() const { return left_ < 0; }
  [[nodiscard]] double value() const {
    if (!warm()) return nan;
    const double sum = gain_ + loss_;
    return sum > vanished ? 100 * gain_ / sum : 0;
  }

 private:
  void start(double up, double down) {
    if (!begun_) {  // the first value has no change
      begun_ = true;
      return;
    }
    gain_ += up * inverse_;
    loss_ += down * inverse_;
    if (--left_ == 0) left_ = -1;
  }
  double inverse_ = 0, last_ = 0, gain_ = 0, loss_ = 0;
  int left_ = 1;
  bool begun_ = false;
};

}  // namespace robo::features
