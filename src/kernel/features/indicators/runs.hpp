#pragma once
// Prints that belong together: a sweep is one order that takes several venues or prices at once, a run is one side coming back
// again and again, which a metaorder looks like.

#include <cstdint>
#include <span>

#include "base/decimal.hpp"
#include "base/time.hpp"
#include "kernel/features/indicators/rolling_sum.hpp"
#include "kernel/features/indicators/size_quantile.hpp"

namespace robo::features {

/// Prints of one side within `window` of the first of them are one order's.
inline constexpr Duration one_order = milliseconds(1);

/// Same-sign prints with gaps of at most `gap`. Prints of one order count once, else every sweep would be a run.
class Runs {
 public:
  Runs() = default;
  Runs(std::span<std::uint32_t> room, int n, double quantile, Duration gap)
      : sizes_(room, n), mark_{.p = quantile}, n_(static_cast<std::uint32_t>(n)), gap_(gap) {}

  void add(Timestamp at, int side, std::int64_t size) {
    const bool joins = side == side_ && at - last_ <= gap_;
    const bool same_print = joins && at - print_began_ < one_order;
    if (!same_print) {
      if (print_ > 0) {
        sizes_.add(SizeHistogram::bucket_of(print_), std::span(&mark_, 1));
        seen_ += seen_ < n_;
      }
      print_ = 0;
      print_began_ = at;
      prints_ = joins ? prints_ + 1 : 1;
      if (!joins) volume_ = 0;
    }
    print_ = sum_of(print_, size);
    volume_ = sum_of(volume_, size);
    side_ = side;
    last_ = at;
  }
  /// The run is over; what is known of sizes stays.
  void interrupt() { side_ = 0, prints_ = 0, volume_ = 0, print_ = 0; }
  /// Signed.
  [[nodiscard]] double length() const { return side_ == 0 ? nan : static_cast<double>(side_) * static_cast<double>(prints_); }
  /// Signed raw volume of a run that reached the quantile, 0 of one that did not; known from n prints on.
  [[nodiscard]] bool warm() const { return seen_ >= n_; }
  [[nodiscard]] const SizeHistogram& sizes() const { return sizes_; }
  [[nodiscard]] std::int64_t metaorder() const { return volume_ >= SizeHistogram::edge_of(mark_.bucket) ? pressed(side_, volume_) : 0; }

 private:
  SizeHistogram sizes_{};
  SizeHistogram::Mark mark_{};
  std::uint32_t n_ = 0, seen_ = 0;
  Duration gap_{};
  int side_ = 0;
  std::int64_t prints_ = 0, volume_ = 0, print_ = 0;
  Timestamp last_{}, print_began_{};
};

/// Signed volume that came in sweeps, of the last n trades.
class Sweeps {
 public:
  Sweeps() = default;
  Sweeps(std::span<std::int64_t> room, Duration window) : flow_(room), window_(window) {}

  void add(Timestamp at, int side, Price price, std::int64_t size, std::uint8_t venue, bool marked) {
    if (side != side_ || at - began_ > window_) {
      side_ = side;
      began_ = at;
      first_price_ = price;
      first_venue_ = venue;
      volume_ = 0;
      swept_ = false;
    }
    volume_ = sum_of(volume_, size);
    if (swept_) return flow_.add(pressed(side, size));
    swept_ = marked || price != first_price_ || venue != first_venue_;
    flow_.add(swept_ ? pressed(side, volume_) : 0);  // the prints before belong to it too
  }
  void clear() {
    flow_.clear();
    side_ = 0;
  }
  [[nodiscard]] std::int64_t flow() const { return flow_.sum(); }
  [[nodiscard]] bool known() const { return flow_.count() > 0; }

 private:
  RollingSum<std::int64_t> flow_{};
  Duration window_{};
  int side_ = 0;
  Timestamp began_{};
  Price first_price_{};
  std::uint8_t first_venue_ = 0;
  std::int64_t volume_ = 0;
  bool swept_ = false;
};

}  // namespace robo::features
