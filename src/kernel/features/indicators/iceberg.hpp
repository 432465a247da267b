#pragma once
// More traded at the touch than was ever shown there, while the size kept coming back: an order that shows only its tip.

#include <algorithm>
#include <cstdint>

#include "base/decimal.hpp"
#include "base/time.hpp"
#include "kernel/features/indicators/window.hpp"
#include "kernel/features/indicators/wrapping.hpp"

namespace robo::features {

/// One side of the touch.
class Iceberg {
 public:
  static constexpr double multiple_min = 1.5;
  static constexpr int refills_min = 2;
  Iceberg() = default;
  explicit Iceberg(Duration window) : window_(window) {}

  void quote(Timestamp at, Price price, std::int64_t size) {
    if (size <= 0) return forget();
    if (!known_ || price != price_) {
      *this = Iceberg(window_);
      known_ = true;
      price_ = price;
      shown_ = shown_max_ = size;
      return;
    }
    // It came back: it grew after an execution, or all that was shown has traded and it stands as before.
    if (hit_ && at - hit_at_ <= window_ && (size > shown_ || taken_ >= shown_)) {
      ++refills_;
      hit_ = false;
    }
    shown_ = size;
    shown_max_ = std::max(shown_max_, size);
    taken_ = 0;
  }
  /// A trade that may have met this side.
  void trade(Timestamp at, Price price, std::int64_t size) {
    if (!known_ || price != price_) return;
    executed_ = sum_of(executed_, size);
    taken_ = sum_of(taken_, size);
    hit_ = true;
    hit_at_ = at;
  }
  void forget() { *this = Iceberg(window_); }
  /// Executed / displayed; 0 where nothing is hidden as far as one can see, NaN without a quote.
  [[nodiscard]] double multiple() const {
    if (!known_) return nan;
    const double ratio = static_cast<double>(executed_) / static_cast<double>(shown_max_);
    return refills_ >= refills_min && ratio >= multiple_min ? ratio : 0;
  }

 private:
  Duration window_{};
  bool known_ = false, hit_ = false;
  Price price_{};
  std::int64_t shown_ = 0, shown_max_ = 0, executed_ = 0, taken_ = 0;
  Timestamp hit_at_{};
  int refills_ = 0;
};

}  // namespace robo::features
