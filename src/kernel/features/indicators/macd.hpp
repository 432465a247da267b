#pragma once
// MACD: difference of a fast and a slow exponential average and its own average. As TA-Lib: both averages begin when the
// slow one does, the fast one with the mean of the last `fast` values of that stretch.

#include "kernel/features/indicators/ema.hpp"

namespace robo::features {

class Macd {
 public:
  Macd() = default;
  Macd(int fast, int slow, int signal) : fast_(fast), slow_(slow), signal_(signal), skip_(slow - fast) {}
  void add(double x) {
    slow_.add(x);
    if (skip_ > 0) [[unlikely]] {
      --skip_;
      return;
    }
    fast_.add(x);
    if (!slow_.warm()) [[unlikely]] return;
    macd_ = fast_.value() - slow_.value();
    signal_.add(macd_);
  }
  [[nodiscard]] bool warm() const { return signal_.warm(); }
  [[nodiscard]] double macd() const { return warm() ? macd_ : nan; }
  [[nodiscard]] double signal() const { return signal_.value(); }
  [[nodiscard]] double histogram() const { return macd_ - signal_.value(); }

 private:
  Ema fast_, slow_, signal_;
  double macd_ = 0;
  int skip_ = 0;
};

}  // namespace robo::features
