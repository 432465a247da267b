#pragma once
// Where the mid went after each trade: realized spread, price impact, markout, of the last n looks. Trades within a thousandth
// of the horizon share one look, so that the room for those still waiting is bounded whatever the rate of trades.

#include <cmath>
#include <cstdint>
#include <span>

#include "base/time.hpp"
#include "kernel/features/indicators/window.hpp"

namespace robo::features {

class Markouts {
 public:
  static constexpr std::uint32_t waiting_max = 1024;
  struct Look {
    Timestamp first{};      // trade of it
    double paid{}, scale{}, before{};  // sums of 2 s p / |m|, 2 s / |m|, 2 s m / |m|
    std::int64_t trades{};
  };
  /// What looks have found.
  struct Found {
    double realized{}, impact{};
    std::int64_t trades{};
  };

  Markouts() = default;
  Markouts(std::span<Look> waiting, std::span<Found> found, Duration horizon) : waiting_(waiting.data()), horizon_(horizon), found_(found) {}

  [[nodiscard]] bool due(Timestamp now) const { return due_ < now; }
  /// What was due before `now`: `mid` is the one in force until then, NaN when there is none.
  void look(Timestamp now, double mid) {
    while (due_ < now) {
      const auto& look = waiting_[first_++ % waiting_max];
      wait_for_next();
      if (!(mid == mid)) continue;
      const Found found{look.paid - look.scale * mid, look.scale * mid - look.before, look.trades};
      if (found_.full()) {
        const auto old = found_.oldest();
        sum_ = {sum_.realized - old.realized, sum_.impact - old.impact, sum_.trades - old.trades};
      }
      sum_ = {sum_.realized + found.realized, sum_.impact + found.impact, sum_.trades + found.trades};
      found_.push(found);
      if (++since_rebuild_ >= rebuild_after(found_.capacity())) [[unlikely]] rebuild();
    }
  }
  /// A trade of `side` at `price` when the mid was `mid`. look() first.
  void add(Timestamp at, int side, double price, double mid) {
    const double by = 2 * side / std::fabs(mid);
    const bool joins = first_ != last_ && (at - last_look_).ns * 1000 < horizon_.ns;
    if (!joins) {
      if (last_ - first_ == waiting_max) return;  // cannot be: a thousand looks cover the horizon
      waiting_[last_++ % waiting_max] = {at, by * price, by, by * mid, 1};
      last_look_ = at;
      if (last_ - first_ == 1) wait_for_next();
      return;
    }
    auto& look = waiting_[(last_ - 1) % waiting_max];
    look.paid += by * price;
    look.scale += by;
    look.before += by * mid;
    ++look.trades;
  }
  void clear() {
    interrupt();
    found_.clear();
    sum_ = {};
  }
  /// What comes next does not follow: those waiting will never know.
  void interrupt() {
    first_ = last_ = 0;
    due_ = never;
  }
  [[nodiscard]] double realized_bp() const { return mean(sum_.realized); }
  [[nodiscard]] double impact_bp() const { return mean(sum_.impact); }
  [[nodiscard]] double markout_bp() const { return mean(-0.5 * sum_.realized); }  // s (m(+h) - p) / m

 private:
  static constexpr Timestamp never{INT64_MAX};
  void wait_for_next() { due_ = first_ == last_ ? never : waiting_[first_ % waiting_max].first + horizon_; }
  void rebuild() {
    since_rebuild_ = 0;
    sum_ = {};
    for (const auto& one : found_.values()) sum_ = {sum_.realized + one.realized, sum_.impact + one.impact, sum_.trades + one.trades};
  }
  [[nodiscard]] double mean(double sum) const { return sum_.trades > 0 ? 10'000 * sum / static_cast<double>(sum_.trades) : nan; }
  Timestamp due_ = never;  // of the look that has waited longest: here, not in the room, which is far away
  Look* waiting_ = nullptr;
  std::uint32_t first_ = 0, last_ = 0;
  Duration horizon_{};
  Timestamp last_look_{};
  Window<Found> found_{};
  Found sum_{};
  std::uint32_t since_rebuild_ = 0;
};

}  // namespace robo::features
