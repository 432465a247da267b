#pragma once
// Where the mid went after each trade: realized spread, price impact, markout, of the last n looks. Trades within a thousandth
// of the horizon share one look, so that the room for those still waiting is bounded whatever the rate of trades.

#include <cmath>
#include <cstdint>
#include <span>

#include "base/time.hpp"
#include "kernel/features/indicators/rolling_sum.hpp"

namespace robo::features {

class Markouts {
 public:
  static constexpr std::uint32_t waiting_max = 1024;
  struct Look {
    Timestamp first{};      // trade of it
    double paid{}, scale{}, before{};  // sums of 2 s p / |m|, 2 s / |m|, 2 s m / |m|
    std::int64_t trades{};
  };

  Markouts() = default;
  Markouts(std::span<Look> waiting, std::span<double> realized, std::span<double> impact, std::span<std::int64_t> trades, Duration horizon)
      : waiting_(waiting.data()), horizon_(horizon), realized_(realized), impact_(impact), trades_(trades) {}

  [[nodiscard]] bool due(Timestamp now) const { return first_ != last_ && waiting_[first_ % waiting_max].first + horizon_ < now; }
  /// What was due before `now`: `mid` is the one in force until then, NaN when there is none.
  void look(Timestamp now, double mid) {
    while (first_ != last_ && waiting_[first_ % waiting_max].first + horizon_ < now) {
      const auto& due = waiting_[first_++ % waiting_max];
      if (!(mid == mid)) continue;
      realized_.add(due.paid - due.scale * mid);
      impact_.add(due.scale * mid - due.before);
      trades_.add(due.trades);
    }
  }
  /// A trade of `side` at `price` when the mid was `mid`. look() first.
  void add(Timestamp at, int side, double price, double mid) {
    const double s = 2 * side;
    const bool joins = first_ != last_ && (at - waiting_[(last_ - 1) % waiting_max].first).ns * 1000 < horizon_.ns;
    if (!joins) {
      if (last_ - first_ == waiting_max) return;  // cannot be: a thousand looks cover the horizon
      waiting_[last_++ % waiting_max] = {.first = at};
    }
    auto& look = waiting_[(last_ - 1) % waiting_max];
    const double by = s / std::fabs(mid);
    look.paid += by * price;
    look.scale += by;
    look.before += by * mid;
    ++look.trades;
  }
  void clear() {
    interrupt();
    realized_.clear(), impact_.clear(), trades_.clear();
  }
  /// What comes next does not follow: those waiting will never know.
  void interrupt() { first_ = last_ = 0; }
  [[nodiscard]] double realized_bp() const { return mean(realized_.sum()); }
  [[nodiscard]] double impact_bp() const { return mean(impact_.sum()); }
  [[nodiscard]] double markout_bp() const { return mean(-0.5 * realized_.sum()); }  // s (m(+h) - p) / m

 private:
  [[nodiscard]] double mean(double sum) const { return trades_.sum() > 0 ? 10'000 * sum / static_cast<double>(trades_.sum()) : nan; }
  Look* waiting_ = nullptr;
  std::uint32_t first_ = 0, last_ = 0;
  Duration horizon_{};
  RollingSum<double> realized_{}, impact_{};
  RollingSum<std::int64_t> trades_{};
};

}  // namespace robo::features
