#pragma once
// Value at risk and expected shortfall by filtered historical simulation: every past return in units of the volatility of its own
// bar (GJR with fixed parameters), the worst of those times the volatility of the next bar.

#include <cstddef>
#include <span>
#include <vector>

namespace robo::risk {

/// Losses are positive fractions of what the returns are of, for one bar. NaN: too few returns.
struct TailRisk {
  double value_at_risk_95{}, value_at_risk_99{}, expected_shortfall_975{};
  double volatility{};  // of the next bar
};

class FilteredHistory {
 public:
  static constexpr std::size_t returns_min = 250;
  /// Variance of a bar: (1 - alpha - gamma/2 - beta) long-run + alpha r^2 + gamma r^2 after a fall + beta variance before.
  static constexpr double alpha = 0.03, gamma = 0.10, beta = 0.90;

  /// Allocates here only; takes the newest `returns_max` of what measure() is given.
  explicit FilteredHistory(std::size_t returns_max = 1000);
  /// `returns` oldest first, without NaN.
  [[nodiscard]] TailRisk measure(std::span<const double> returns);

 private:
  std::vector<double> scaled_;
};

/// The q-quantile of `values` by linear interpolation between order statistics; puts them into another order. Expects at least one.
[[nodiscard]] double quantile(std::span<double> values, double q);

}  // namespace robo::risk
