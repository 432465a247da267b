#pragma once
// Figures about a series of simple returns, by the definitions written beside them. No annual figure hides its period:
// `periods_per_year` is always said.

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace robo::research {

struct Moments {
  double mean{};
  double deviation{};   // sample standard deviation, n - 1
  double skew{};        // of the population
  double kurtosis{};    // of the population, raw: 3 for a normal
};
[[nodiscard]] Moments moments(std::span<const double> returns);

/// sum(1 + r) over all, minus 1.
[[nodiscard]] double total_return(std::span<const double> returns);
/// growth^(periods_per_year / n) - 1; -1 when everything was lost.
[[nodiscard]] double annual_growth(std::span<const double> returns, double periods_per_year);
/// mean / deviation x sqrt(periods_per_year); risk-free rate zero. 0 when nothing moved.
[[nodiscard]] double sharpe(std::span<const double> returns, double periods_per_year);
/// Lo (2002): the annual figure corrected for autocorrelation over one year of periods, q/sqrt(q + 2 sum (q-k) rho_k), with
/// autocorrelations to lag `lags` only.
[[nodiscard]] double sharpe_lo(std::span<const double> returns, double periods_per_year, std::size_t lags = 10);
/// mean / sqrt(mean(min(r, 0)^2) over all n) x sqrt(periods_per_year).
[[nodiscard]] double sortino(std::span<const double> returns, double periods_per_year);
/// Quantile with linear interpolation between order statistics, 0 <= q <= 1.
[[nodiscard]] double quantile(std::span<const double> values, double q);
/// The `tail` quantile of returns (5 %: VaR95 as a return, so negative when there is a loss).
[[nodiscard]] double value_at_risk(std::span<const double> returns, double tail);
/// Mean of the returns at or below value_at_risk.
[[nodiscard]] double expected_shortfall(std::span<const double> returns, double tail);

struct Drawdown {
  double depth{};           // <= 0, from the running peak, which starts at the start
  std::size_t peak{};       // index into the equity path: 0 is the start, i the value after return i
  std::size_t trough{};
  std::size_t longest_under_water{};  // periods below a peak
  double ulcer{};           // sqrt(mean(drawdown^2))
};
[[nodiscard]] Drawdown drawdown(std::span<const double> returns);
/// Drawdown after each return, <= 0.
[[nodiscard]] std::vector<double> drawdown_path(std::span<const double> returns);

/// Autocorrelation at `lag`, about the common mean.
[[nodiscard]] double autocorrelation(std::span<const double> returns, std::size_t lag);
[[nodiscard]] double correlation(std::span<const double> a, std::span<const double> b);

/// Everything the report's tables show of one series.
struct Summary {
  std::size_t n{};
  double periods_per_year{};
  double total{}, growth{}, volatility{}, sharpe{}, sharpe_lo{}, sortino{}, calmar{};
  double drawdown{};
  std::size_t under_water_longest{};
  double ulcer{};
  double var95{}, es95{}, skew{}, kurtosis{}, best{}, worst{};
  double winning{};         // share of non-zero periods that were positive
  double tail_ratio{};      // |95 % quantile| / |5 % quantile|
};
[[nodiscard]] Summary summarize(std::span<const double> returns, double periods_per_year);

/// Simple returns of a path of values.
[[nodiscard]] std::vector<double> returns_of(std::span<const double> path);

}  // namespace robo::research
