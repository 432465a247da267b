#include "strategies/pairs/cointegration.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <numbers>

namespace robo::strategies {
namespace {

constexpr std::size_t regressors_max = 5;  // the level and up to four lagged changes

/// Normal equations of a small regression, solved by Cholesky.
struct Normal {
  std::array<std::array<double, regressors_max>, regressors_max> a{};
  std::array<double, regressors_max> b{};
  std::size_t k = 0;

  /// Coefficient of regressor 0 and the top-left element of the inverse; false: singular.
  bool solve_first(std::array<double, regressors_max>& beta, double& inverse_00) const {
    std::array<std::array<double, regressors_max>, regressors_max> l{};
    for (std::size_t i = 0; i < k; ++i)
      for (std::size_t j = 0; j <= i; ++j) {
        double sum = a[i][j];
        for (std::size_t m = 0; m < j; ++m) sum -= l[i][m] * l[j][m];
        if (i == j) {
          if (!(sum > a[i][i] * 1e-12)) return false;
          l[i][i] = std::sqrt(sum);
        } else {
          l[i][j] = sum / l[j][j];
        }
      }
    const auto solve = [&](std::array<double, regressors_max> v) {
      for (std::size_t i = 0; i < k; ++i) {
        for (std::size_t m = 0; m < i; ++m) v[i] -= l[i][m] * v[m];
        v[i] /= l[i][i];
      }
      for (std::size_t i = k; i-- > 0;) {
        for (std::size_t m = i + 1; m < k; ++m) v[i] -= l[m][i] * v[m];
        v[i] /= l[i][i];
      }
      return v;
    };
    beta = solve(b);
    std::array<double, regressors_max> unit{};
    unit[0] = 1;
    inverse_00 = solve(unit)[0];
    return true;
  }
};

}  // namespace

Cointegration cointegration(std::span<const double> y, std::span<const double> x, std::size_t lags) {
  Cointegration c;
  const std::size_t n = y.size();
  lags = lags < regressors_max ? lags : regressors_max - 1;
  if (x.size() != n || n < lags + 10) return c;
  const auto count = static_cast<double>(n);

  double mean_y = 0, mean_x = 0;
  for (std::size_t i = 0; i < n; ++i) mean_y += y[i], mean_x += x[i];
  mean_y /= count;
  mean_x /= count;
  double xx = 0, xy = 0;
  for (std::size_t i = 0; i < n; ++i) {
    xx += (x[i] - mean_x) * (x[i] - mean_x);
    xy += (x[i] - mean_x) * (y[i] - mean_y);
  }
  if (!(xx > 1e-18)) return c;
  c.beta = xy / xx;
  c.alpha = mean_y - c.beta * mean_x;

  const auto residual = [&](std::size_t i) { return (y[i] - mean_y) - c.beta * (x[i] - mean_x); };
  Normal eq;
  eq.k = lags + 1;
  double squares = 0, steps = 0, levels = 0, pull = 0, total = 0;
  std::array<double, regressors_max> row{};
  std::size_t used = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double e = residual(i);
    squares += e * e;
    if (i == 0) continue;
    const double before = residual(i - 1), step = e - before;
    steps += step * step;
    levels += before * before;
    pull += before * step;
    if (i <= lags) continue;
    row[0] = before;
    for (std::size_t m = 1; m <= lags; ++m) row[m] = residual(i - m) - residual(i - m - 1);
    for (std::size_t p = 0; p < eq.k; ++p) {
      for (std::size_t q = 0; q <= p; ++q) eq.a[p][q] += row[p] * row[q];
      eq.b[p] += row[p] * step;
    }
    total += step * step;
    ++used;
  }
  if (!(squares > 1e-18) || !(levels > 0) || used <= eq.k) return c;
  c.spread_sd = std::sqrt(squares / (count - 2));
  c.step_sd = std::sqrt(steps / (count - 1));

  std::array<double, regressors_max> beta{};
  double inverse = 0;
  if (!eq.solve_first(beta, inverse)) return c;
  double explained = 0;
  for (std::size_t p = 0; p < eq.k; ++p) explained += beta[p] * eq.b[p];
  const double variance = (total - explained) / static_cast<double>(used - eq.k);
  if (!(variance > 0)) return c;
  c.adf = beta[0] / std::sqrt(variance * inverse);

  const double phi = 1 + pull / levels;  // e(t) = phi e(t-1) + noise
  c.half_life = phi >= 1   ? std::numeric_limits<double>::infinity()
                : phi <= 0 ? 0.5
                           : -std::numbers::ln2 / std::log(phi);
  c.valid = true;
  return c;
}

double critical_value(double significance, std::size_t n) {
  // b0 + b1/T + b2/T^2 + b3/T^3
  constexpr double one[] = {-3.89644, -10.9519, -33.527, 0}, five[] = {-3.33613, -6.1101, -6.823, 0}, ten[] = {-3.04445, -4.2412, -2.720, 0};
  const double* b = significance >= 0.10 ? ten : significance >= 0.05 ? five : one;
  const double t = static_cast<double>(n);
  return b[0] + b[1] / t + b[2] / (t * t) + b[3] / (t * t * t);
}

}  // namespace robo::strategies
