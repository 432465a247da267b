#pragma once
// Volume-weighted average price with the volume-weighted deviation around it; sums are shifted by the first price, so that
// the variance of a 60,000 price to the cent loses nothing.

#include <algorithm>
#include <cmath>

#include "kernel/features/indicators/window.hpp"

namespace robo::features {

class Vwap {
 public:
  void add(double price, double size) {
    if (volume_ == 0) origin_ = price;
    const double p = price - origin_;
    volume_ += size;
    first_ += p * size;
    second_ += p * p * size;
  }
  void clear() { *this = Vwap{}; }
  [[nodiscard]] double value() const { return volume_ > 0 ? origin_ + first_ / volume_ : nan; }
  [[nodiscard]] double deviation() const {
    if (!(volume_ > 0)) return nan;
    const double mean = first_ / volume_;
    return std::sqrt(std::max(0.0, second_ / volume_ - mean * mean));
  }

 private:
  double origin_ = 0, volume_ = 0, first_ = 0, second_ = 0;
};

}  // namespace robo::features
