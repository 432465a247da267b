#pragma once
// Flow imbalance in volume time: buckets of equal volume, classified in bulk by the price change of the bucket (BVC) and trade
// by trade, with the realized volatility of the same buckets beside it, which much of it only repeats (Andersen, Bondarenko).

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>

#include "kernel/features/indicators/rolling_moments.hpp"
#include "kernel/features/indicators/rolling_sum.hpp"

namespace robo::features {

class Vpin {
 public:
  static constexpr int buckets_of_a_session = 50, sessions_max = 20;
  Vpin() = default;
  /// Rooms of n each. `bucket` raw volume; 0: learned.
  Vpin(std::span<double> changes, std::span<double> bulk, std::span<double> by_trade, std::span<double> squares, std::int64_t bucket)
      : changes_(changes), bulk_(bulk), by_trade_(by_trade), squares_(squares), bucket_(bucket), given_(bucket > 0) {}

  /// A trade of `size` raw > 0; side 0: half of it bought. `price` NaN: one that does not set the last price.
  void add(double price, std::int64_t size, int side) {
    session_ += static_cast<double>(size);
    if (price == price) last_ = price;
    if (bucket_ <= 0 || !(last_ == last_)) return;
    if (!(start_ == start_)) start_ = last_;
    // Of a print larger than all buckets together only its end can be seen.
    const auto n = static_cast<std::int64_t>(bulk_.window().capacity());
    if (size / bucket_ > n + 1) size = bucket_ * (n + 1) + size % bucket_;
    while (size > 0) {
      const auto part = std::min(size, bucket_ - filled_);
      filled_ += part;
      pressed_ += side * static_cast<double>(part);
      size -= part;
      if (filled_ == bucket_) close();
    }
  }
  /// The night is no price change of a bucket; the sessions so far say what a bucket is.
  void new_session() {
    if (!given_ && session_ > 0) {
      sessions_ += sessions_ < sessions_max;
      mean_session_ += (session_ - mean_session_) / sessions_;
      bucket_ = std::max<std::int64_t>(1, static_cast<std::int64_t>(std::min(mean_session_, 9e18) / buckets_of_a_session));
    }
    session_ = pressed_ = 0;
    filled_ = 0;
    last_ = start_ = nan;
  }
  [[nodiscard]] double value() const { return mean(bulk_); }
  [[nodiscard]] double signed_value() const { return mean(by_trade_); }
  [[nodiscard]] double volatility() const { return squares_.warm() && without_log_ == 0 ? std::sqrt(std::max(0.0, squares_.sum())) : nan; }
  [[nodiscard]] std::int64_t bucket() const { return bucket_; }

 private:
  static double mean(const RollingSum<double>& sum) { return sum.warm() ? std::clamp(sum.sum() / sum.count(), 0.0, 1.0) : nan; }
  void close() {
    const double change = last_ - start_;
    changes_.add(change);
    if (changes_.count() >= 2) {
      const double deviation = changes_.deviation();
      // |2 Phi(z) - 1| = erf(|z| / sqrt 2); where prices stand still nobody pressed.
      bulk_.add(deviation > 0 ? std::erf(std::fabs(change) / deviation * 0.70710678118654752) : 0);
      by_trade_.add(std::fabs(pressed_) / static_cast<double>(bucket_));
      const bool logs = last_ > 0 && start_ > 0;
      const double ret = logs ? std::log(last_ / start_) : 0;
      squares_.add(ret * ret);
      without_log_ = logs ? without_log_ - (without_log_ > 0) : squares_.window().capacity();
    }
    filled_ = 0;
    pressed_ = 0;
    start_ = last_;
  }
  RollingMoments changes_{};
  RollingSum<double> bulk_{}, by_trade_{}, squares_{};
  std::int64_t bucket_ = 0, filled_ = 0;
  bool given_ = false;
  double pressed_ = 0, last_ = nan, start_ = nan, session_ = 0, mean_session_ = 0;
  int sessions_ = 0;
  std::uint32_t without_log_ = 0;
};

}  // namespace robo::features
