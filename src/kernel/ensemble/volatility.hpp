#pragma once
// Volatility of one instrument's returns for sizing: the larger of a fast and a slow exponentially weighted estimate.

#include <optional>

#include "model/instrument.hpp"
#include "model/market.hpp"

namespace robo::ensemble {

/// How many bars of this length an instrument trades in a year.
[[nodiscard]] double bars_per_year(const Instrument& instrument, Duration period);

/// How often a horizon fits into a year: by open hours when it is shorter than a day, by the calendar when it is not.
[[nodiscard]] double horizons_per_year(const Instrument& instrument, Duration horizon);

class Volatility {
 public:
  static constexpr double fast_half_life = 20, slow_half_life = 120;  // bars
  static constexpr int warm_after = 20;                              // returns

  /// Takes a closed bar. A gap of many bars (overnight, a halt) counts by the bar's own open-to-close move only: what moved
  /// while nobody could trade says nothing about the next minute.
  void update(const Bar& bar);
  /// Per bar, as a fraction; nullopt until warm.
  [[nodiscard]] std::optional<double> per_bar() const;
  [[nodiscard]] int count() const { return count_; }

 private:
  static constexpr double gap_bars_max = 10;
  double fast_ = 0, slow_ = 0;                    // sums of weights x squared returns
  double fast_left_ = 1, slow_left_ = 1;          // (1 - alpha)^n, for the bias of a young estimate
  double last_close_ = 0;
  Timestamp last_start_{};
  int count_ = 0;
};

}  // namespace robo::ensemble
