#pragma once
// Where a value stands among the last n: its percentile and the median, from buckets 2 % wide in a tree of sums. For positive
// figures such as volatility.

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
    if (count_ == ring_.size()) change(ring_[next_], -1);
    else ++count_;
    ring_[next_] = bucket;
    next_ = next_ + 1 == ring_.size() ? 0 : next_ + 1;
    change(bucket, 1);
    const double below = before(bucket), upto = before(bucket + 1);
    return 0.5 * (below + upto) / static_cast<double>(count_);
  }
  /// Middle of the bucket that holds the median; 0 when empty.
  [[nodiscard]] double median() const {
    if (count_ == 0) return 0;
    // Down the tree to the last bucket with no more than half of the values before it.
    std::size_t bucket = 0;
    std::int64_t left = static_cast<std::int64_t>(count_) / 2;
    for (std::size_t span = buckets / 2; span > 0; span /= 2)
      if (sums_[bucket + span] <= left) left -= sums_[bucket += span];
    return bucket == 0 ? smallest : smallest * std::exp((static_cast<double>(bucket) - 0.5) * step);
  }
  [[nodiscard]] std::size_t count() const { return count_; }

 private:
  static constexpr double smallest = 1e-8, step = 0.02;
  static constexpr std::size_t buckets = 1024;  // up to 1e-8 e^20.5 = 8
  static std::uint16_t bucket_of(double value) {
    if (!(value > smallest)) return 0;
    return static_cast<std::uint16_t>(std::min<double>(1 + std::log(value / smallest) / step, buckets - 1));
  }
  // Fenwick tree: sums_[i] holds the buckets (i - lowest bit of i) .. i - 1.
  void change(std::size_t bucket, int by) {
    for (auto i = bucket + 1; i <= buckets; i += i & -i) sums_[i] += by;
  }
  [[nodiscard]] double before(std::size_t bucket) const {
    std::int64_t sum = 0;
    for (auto i = bucket; i > 0; i &= i - 1) sum += sums_[i];
    return static_cast<double>(sum);
  }
  std::vector<std::uint16_t> ring_;
  std::size_t next_ = 0, count_ = 0;
  std::array<std::int32_t, buckets + 1> sums_{};
};

}  // namespace robo::regime
