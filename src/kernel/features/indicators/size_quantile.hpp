#pragma once
// Quantiles of trade sizes in a stream: a histogram whose buckets are 1.6 % wide at any size (as HDR Histogram and DDSketch do
// it), the past fading by halves. One step of work per trade, the same room for any number of them.

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <span>

#include "kernel/features/indicators/window.hpp"

namespace robo::features {

class SizeHistogram {
 public:
  static constexpr std::uint32_t buckets = 64 + 57 * 64;
  static constexpr std::uint32_t one = 1024;  // what a trade weighs when it comes; ten halvings until it is gone
  static constexpr std::uint64_t halved_after = 20;  // times n trades

  SizeHistogram() = default;
  SizeHistogram(std::span<std::uint32_t> room, int n) : counts_(room.data()), full_(static_cast<std::uint64_t>(n) * halved_after * one) {}

  static constexpr std::uint32_t bucket_of(std::int64_t size) {
    const auto value = static_cast<std::uint64_t>(size > 0 ? size : 0);
    if (value < 64) return static_cast<std::uint32_t>(value);
    const auto exponent = static_cast<std::uint32_t>(63 - std::countl_zero(value));
    return 64 + (exponent - 6) * 64 + static_cast<std::uint32_t>((value >> (exponent - 6)) & 63);
  }
  /// Smallest size that falls into the bucket.
  static constexpr std::int64_t edge_of(std::uint32_t bucket) {
    if (bucket < 64) return bucket;
    return static_cast<std::int64_t>(64 + (bucket - 64) % 64) << ((bucket - 64) / 64);
  }
  [[nodiscard]] const std::uint32_t* data() const { return counts_; }
  [[nodiscard]] std::uint64_t total() const { return total_; }
  [[nodiscard]] std::uint32_t count(std::uint32_t bucket) const { return counts_[bucket]; }

  /// The bucket in which the share p of all trades is reached, kept up to date one trade at a time.
  struct Mark {
    double p{};
    std::uint32_t bucket{};
    std::uint64_t below{};  // weight in the buckets before it
  };
  void add(std::uint32_t bucket, std::span<Mark> marks) {
    if (total_ >= full_) [[unlikely]] halve(marks);
    counts_[bucket] += one;
    total_ += one;
    for (auto& mark : marks) {
      mark.below += bucket < mark.bucket ? one : 0;
      settle(mark);
    }
  }

 private:
  void settle(Mark& mark) const {
    const auto wanted = static_cast<std::uint64_t>(std::ceil(mark.p * static_cast<double>(total_)));
    while (mark.below + counts_[mark.bucket] < wanted) mark.below += counts_[mark.bucket++];
    while (mark.below >= wanted && mark.below > 0) mark.below -= counts_[--mark.bucket];
  }
  void halve(std::span<Mark> marks) {
    total_ = 0;
    for (std::uint32_t i = 0; i < buckets; ++i) total_ += counts_[i] /= 2;
    for (auto& mark : marks) {
      mark.below = 0;
      for (std::uint32_t i = 0; i < mark.bucket; ++i) mark.below += counts_[i];
      settle(mark);
    }
  }
  std::uint32_t* counts_ = nullptr;
  std::uint64_t total_ = 0, full_ = 0;
};

/// Large trades: sizes at the quantile and beyond, against the trades before, and how far a size is from the usual in robust
/// deviations of its logarithm.
class Whales {
 public:
  static constexpr std::uint32_t spread_every = 64;  // trades after which median and MAD are looked up again
  Whales() = default;
  Whales(std::span<std::uint32_t> room, int n, double quantile) : sizes_(room, n), marks_{SizeHistogram::Mark{.p = quantile}, SizeHistogram::Mark{.p = 0.5}}, n_(static_cast<std::uint32_t>(n)) {}

  /// True: the size reaches the quantile of the trades before it, of which there were n at least.
  bool add(std::int64_t size) {
    const auto bucket = SizeHistogram::bucket_of(size);
    const bool large = warm() && bucket >= marks_[0].bucket;
    z_ = warm() && spread_ > 0 ? (std::log(static_cast<double>(SizeHistogram::edge_of(bucket))) - middle_) / (1.4826 * spread_) : nan;
    sizes_.add(bucket, marks_);
    seen_ += seen_ < n_;
    if (++since_spread_ >= spread_every || seen_ == 1) since_spread_ = 0, measure();
    return large;
  }
  [[nodiscard]] bool warm() const { return seen_ >= n_; }
  /// Raw size; the lower edge of its bucket.
  [[nodiscard]] std::int64_t threshold() const { return SizeHistogram::edge_of(marks_[0].bucket); }
  [[nodiscard]] double z() const { return z_; }
  [[nodiscard]] const SizeHistogram& sizes() const { return sizes_; }

 private:
  /// Median of ln q, and the smallest distance from it that holds half of all trades.
  void measure() {
    const auto median = marks_[1].bucket;
    const auto log_of = [](std::uint32_t bucket) { return std::log(static_cast<double>(std::max<std::int64_t>(1, SizeHistogram::edge_of(bucket)))); };
    middle_ = log_of(median);
    auto held = std::uint64_t{sizes_.count(median)};
    const auto half = (sizes_.total() + 1) / 2;
    auto low = median, high = median;
    spread_ = 0;
    // Distances in steps of the buckets themselves: the ratio to the median, one side against the other.
    const double centre = static_cast<double>(std::max<std::int64_t>(1, SizeHistogram::edge_of(median)));
    double reach = 1;
    while (held < half) {
      const double down = low > 1 ? centre / static_cast<double>(SizeHistogram::edge_of(low - 1)) : HUGE_VAL;
      const double up = high + 1 < SizeHistogram::buckets ? static_cast<double>(SizeHistogram::edge_of(high + 1)) / centre : HUGE_VAL;
      if (down <= up && low > 1) held += sizes_.count(--low), reach = down;
      else if (high + 1 < SizeHistogram::buckets) held += sizes_.count(++high), reach = up;
      else break;
    }
    spread_ = std::log(reach);
  }
  SizeHistogram sizes_{};
  SizeHistogram::Mark marks_[2]{};
  std::uint32_t n_ = 0, seen_ = 0, since_spread_ = 0;
  double middle_ = 0, spread_ = 0, z_ = nan;
};

}  // namespace robo::features
