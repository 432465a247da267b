#pragma once
// Where a value stands among the last n: its percentile, from buckets 2 % wide. For positive figures such as volatility.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

namespace robo::regime {

class RollingRank {
 public:
  explicit RollingRank(std::size_t window) : ring_(std::max<std::size_t>(window, 1)) {}
  /// Takes the value in and returns its rank among the last n, itself included: 0..1, 0.5 when all are alike.
  double add(double value) {
    const auto bucket = bucket_of(value);
    if (count_ == ring_.size()) --counts_[ring_[next_]];
    else ++count_;
    ring_[next_] = bucket;
    next_ = next_ + 1 == ring_.size() ? 0 : next_ + 1;
    ++counts_[bucket];
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < bucket; ++i) below += counts_[i];
    return (static_cast<double>(below) + 0.5 * static_cast<double>(counts_[bucket])) / static_cast<double>(count_);
  }
  [[nodiscard]] std::size_t count() const { return count_; }

 private:
  static constexpr double smallest = 1e-8, step = 0.02;
  static constexpr std::size_t buckets = 1024;  // up to 1e-8 e^20.5 = 8
  static std::uint16_t bucket_of(double value) {
    if (!(value > smallest)) return 0;
    return static_cast<std::uint16_t>(std::min<double>(1 + std::log(value / smallest) / step, buckets - 1));
  }
  std::vector<std::uint16_t> ring_;
  std::size_t next_ = 0, count_ = 0;
  std::array<std::uint32_t, buckets> counts_{};
};

}  // namespace robo::regime
