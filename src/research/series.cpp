#include "research/series.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace robo::research {
namespace {
double mean_of(std::span<const double> x) {
  double sum = 0;
  for (const double v : x) sum += v;
  return x.empty() ? 0 : sum / static_cast<double>(x.size());
}
}  // namespace

Moments moments(std::span<const double> returns) {
  Moments m;
  const auto n = static_cast<double>(returns.size());
  m.mean = mean_of(returns);
  m.kurtosis = 3;
  if (returns.size() < 2) return m;
  double s2 = 0, s3 = 0, s4 = 0;
  for (const double r : returns) {
    const double d = r - m.mean;
    s2 += d * d;
    s3 += d * d * d;
    s4 += d * d * d * d;
  }
  m.deviation = std::sqrt(s2 / (n - 1));
  if (s2 > 0) {
    const double v = s2 / n;
    m.skew = s3 / n / std::pow(v, 1.5);
    m.kurtosis = s4 / n / (v * v);
  }
  return m;
}

double total_return(std::span<const double> returns) {
  double growth = 1;
  for (const double r : returns) growth *= 1 + r;
  return growth - 1;
}

double annual_growth(std::span<const double> returns, double periods_per_year) {
  if (returns.empty()) return 0;
  const double growth = 1 + total_return(returns);
  return growth <= 0 ? -1 : std::pow(growth, periods_per_year / static_cast<double>(returns.size())) - 1;
}

double sharpe(std::span<const double> returns, double periods_per_year) {
  const Moments m = moments(returns);
  return m.deviation > 0 ? m.mean / m.deviation * std::sqrt(periods_per_year) : 0;
}

double autocorrelation(std::span<const double> returns, std::size_t lag) {
  if (returns.size() <= lag + 1) return 0;
  const double mean = mean_of(returns);
  double over = 0, under = 0;
  for (std::size_t i = 0; i < returns.size(); ++i) {
    const double d = returns[i] - mean;
    under += d * d;
    if (i >= lag) over += d * (returns[i - lag] - mean);
  }
  return under > 0 ? over / under : 0;
}

double sharpe_lo(std::span<const double> returns, double periods_per_year, std::size_t lags) {
  const double q = periods_per_year;
  double sum = q;
  for (std::size_t k = 1; k <= lags && static_cast<double>(k) < q; ++k)
    sum += 2 * (q - static_cast<double>(k)) * autocorrelation(returns, k);
  const Moments m = moments(returns);
  // Strong negative autocorrelation can turn the variance of the sum negative: then the correction has no meaning.
  if (m.deviation <= 0 || sum <= 0) return sharpe(returns, periods_per_year);
  return m.mean / m.deviation * q / std::sqrt(sum);
}

double sortino(std::span<const double> returns, double periods_per_year) {
  double below = 0;
  for (const double r : returns) below += r < 0 ? r * r : 0;
  if (below == 0) return 0;
  return mean_of(returns) / std::sqrt(below / static_cast<double>(returns.size())) * std::sqrt(periods_per_year);
}

double quantile(std::span<const double> values, double q) {
  if (values.empty()) return 0;
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  const double place = q * static_cast<double>(sorted.size() - 1);
  const auto low = std::min(static_cast<std::size_t>(place), sorted.size() - 1);
  const auto high = std::min(low + 1, sorted.size() - 1);
  return sorted[low] + (place - static_cast<double>(low)) * (sorted[high] - sorted[low]);
}

double value_at_risk(std::span<const double> returns, double tail) { return quantile(returns, tail); }

double expected_shortfall(std::span<const double> returns, double tail) {
  const double edge = value_at_risk(returns, tail);
  double sum = 0;
  std::size_t n = 0;
  for (const double r : returns)
    if (r <= edge) sum += r, ++n;
  return n == 0 ? 0 : sum / static_cast<double>(n);
}

std::vector<double> drawdown_path(std::span<const double> returns) {
  std::vector<double> path;
  path.reserve(returns.size());
  double value = 1, peak = 1;
  for (const double r : returns) {
    value *= 1 + r;
    peak = std::max(peak, value);
    path.push_back(value / peak - 1);
  }
  return path;
}

Drawdown drawdown(std::span<const double> returns) {
  Drawdown d;
  double value = 1, peak = 1, squares = 0;
  std::size_t peak_at = 0;
  for (std::size_t i = 0; i < returns.size(); ++i) {
    value *= 1 + returns[i];
    if (value >= peak) peak = value, peak_at = i + 1;
    const double depth = value / peak - 1;
    squares += depth * depth;
    if (depth < d.depth) d.depth = depth, d.peak = peak_at, d.trough = i + 1;
    d.longest_under_water = std::max(d.longest_under_water, i + 1 - peak_at);
  }
  d.ulcer = returns.empty() ? 0 : std::sqrt(squares / static_cast<double>(returns.size()));
  return d;
}

double correlation(std::span<const double> a, std::span<const double> b) {
  const std::size_t n = std::min(a.size(), b.size());
  const double ma = mean_of(a.first(n)), mb = mean_of(b.first(n));
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < n; ++i) {
    ab += (a[i] - ma) * (b[i] - mb);
    aa += (a[i] - ma) * (a[i] - ma);
    bb += (b[i] - mb) * (b[i] - mb);
  }
  return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : 0;
}

Summary summarize(std::span<const double> returns, double periods_per_year) {
  Summary s;
  s.n = returns.size();
  s.periods_per_year = periods_per_year;
  if (returns.empty()) return s;
  const Moments m = moments(returns);
  const Drawdown d = drawdown(returns);
  s.total = total_return(returns);
  s.growth = annual_growth(returns, periods_per_year);
  s.volatility = m.deviation * std::sqrt(periods_per_year);
  s.sharpe = sharpe(returns, periods_per_year);
  s.sharpe_lo = sharpe_lo(returns, periods_per_year);
  s.sortino = sortino(returns, periods_per_year);
  s.drawdown = d.depth;
  s.calmar = d.depth < 0 ? s.growth / -d.depth : 0;
  s.under_water_longest = d.longest_under_water;
  s.ulcer = d.ulcer;
  s.var95 = value_at_risk(returns, 0.05);
  s.es95 = expected_shortfall(returns, 0.05);
  s.skew = m.skew;
  s.kurtosis = m.kurtosis;
  s.best = *std::max_element(returns.begin(), returns.end());
  s.worst = *std::min_element(returns.begin(), returns.end());
  const auto wins = std::count_if(returns.begin(), returns.end(), [](double r) { return r > 0; });
  const auto moved = std::count_if(returns.begin(), returns.end(), [](double r) { return r != 0; });
  s.winning = moved > 0 ? static_cast<double>(wins) / static_cast<double>(moved) : 0;
  const double low = quantile(returns, 0.05);
  s.tail_ratio = low != 0 ? std::abs(quantile(returns, 0.95)) / std::abs(low) : 0;
  return s;
}

std::vector<double> returns_of(std::span<const double> path) {
  std::vector<double> returns;
  for (std::size_t i = 1; i < path.size(); ++i) returns.push_back(path[i - 1] != 0 ? path[i] / path[i - 1] - 1 : 0);
  return returns;
}

}  // namespace robo::research
