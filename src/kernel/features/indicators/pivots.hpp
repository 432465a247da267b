#pragma once
// Swing pivots: a bar whose high (low) is beyond the n bars on either side. It exists only once its right side is complete, n
// bars later: nothing of the future is in it. Of a plateau the first bar is the pivot.

#include "kernel/features/indicators/rolling_extreme.hpp"

namespace robo::features {

class Pivots {
 public:
  struct Candidate {
    double high{}, low{}, volume{};
    double high_before{}, low_before{};  // of the n bars before it; NaN where there are fewer
  };
  Pivots() = default;
  /// Rooms of n + 1, n and n.
  Pivots(std::span<Candidate> bars, std::span<double> highs, std::span<double> lows) : bars_(bars), highs_(highs), lows_(lows) {}

  void add(double high, double low, double volume) {
    const bool complete = highs_.warm();
    bars_.push({high, low, volume, complete ? highs_.value() : nan, complete ? lows_.value() : nan});
    highs_.add(high);
    lows_.add(low);
    at_high_ = at_low_ = false;
    if (!bars_.full()) return;
    const auto bar = bars_.oldest();
    at_high_ = bar.high > bar.high_before && bar.high >= highs_.value();
    at_low_ = bar.low < bar.low_before && bar.low <= lows_.value();
    if (at_high_) high_ = bar.high;
    if (at_low_) low_ = bar.low;
    if (at_high_ || at_low_) volume_ = bar.volume;
  }
  /// Confirmed by the bar just added.
  [[nodiscard]] bool at_high() const { return at_high_; }
  [[nodiscard]] bool at_low() const { return at_low_; }
  /// Volume of the bar just confirmed.
  [[nodiscard]] double volume() const { return volume_; }
  /// The last confirmed ones; NaN before the first.
  [[nodiscard]] double high() const { return high_; }
  [[nodiscard]] double low() const { return low_; }

 private:
  Window<Candidate> bars_{};
  RollingMax highs_{};
  RollingMin lows_{};
  double high_ = nan, low_ = nan, volume_ = 0;
  bool at_high_ = false, at_low_ = false;
};

}  // namespace robo::features
