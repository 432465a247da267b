#pragma once
// Engle-Granger: are two price series tied together, by what ratio, and how fast do they come back?

#include <cstddef>
#include <span>

namespace robo::strategies {

/// log y = alpha + beta log x + e, and what e does. Everything is about one window; nothing is allocated.
struct Cointegration {
  bool valid{};             // enough different numbers to say anything
  double alpha{}, beta{};
  double spread_sd{};       // of e over the window (mean of e is 0)
  double step_sd{};         // of the changes of e
  double adf{};             // t statistic of e's pull towards 0: the more negative, the stronger
  double half_life{};       // bars until half of a deviation is gone; infinite when it does not come back
};

/// Augmented Dickey-Fuller test of the residual with `lags` lagged changes (0..4), no constant: the second step of
/// Engle and Granger (1987). `y` and `x` are log prices, oldest first, equally long.
[[nodiscard]] Cointegration cointegration(std::span<const double> y, std::span<const double> x, std::size_t lags);

/// Critical value of `adf` for two series with a constant, sample size `n`: MacKinnon (2010), table 2, N = 2.
/// `significance` 0.01, 0.05 or 0.10; anything between counts as the stricter one below it.
[[nodiscard]] double critical_value(double significance, std::size_t n);

}  // namespace robo::strategies
