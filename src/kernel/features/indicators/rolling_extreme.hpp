#pragma once
// Largest (or smallest) of the last n values, O(1) amortised: two stacks, the older one already holding its suffix maxima.

#include "kernel/features/indicators/window.hpp"

namespace robo::features {

/// Sign +1: maximum, -1: minimum. `room` holds n values.
template <int Sign>
class RollingExtreme {
 public:
  RollingExtreme() = default;
  explicit RollingExtreme(std::span<double> room) : data_(room.data()), size_(static_cast<std::uint32_t>(room.size())) { INVARIANT(size_ > 0); }

  void add(double x) {
    x *= Sign;
    // Slots [next_, size_) hold suffix maxima of the older values, slots [0, next_) the newer values as they came.
    data_[next_] = x;
    newer_ = next_ == 0 || x > newer_ ? x : newer_;
    if (++next_ == size_) turn();
    count_ += count_ < size_;
  }
  [[nodiscard]] bool warm() const { return count_ == size_; }
  /// NaN before the first value.
  [[nodiscard]] double value() const {
    if (count_ == 0) return nan;
    double best = next_ == 0 ? data_[0] : newer_;
    if (next_ != 0 && warm()) best = data_[next_] > best ? data_[next_] : best;
    return best * Sign;
  }
  void clear() { next_ = count_ = 0; }

 private:
  void turn() {
    // Without a branch: which of two prices is higher is a coin flip.
    double best = data_[size_ - 1];
    for (std::uint32_t i = size_ - 1; i-- > 0;) best = data_[i] = data_[i] < best ? best : data_[i];
    next_ = 0;
  }
  double* data_ = nullptr;
  std::uint32_t size_ = 0, next_ = 0, count_ = 0;
  double newer_ = 0;
};

using RollingMax = RollingExtreme<1>;
using RollingMin = RollingExtreme<-1>;

}  // namespace robo::features
