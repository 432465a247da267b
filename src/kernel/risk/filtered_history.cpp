#include "kernel/risk/filtered_history.hpp"

#include <algorithm>
#include <cmath>

namespace robo::risk {

namespace {
constexpr double nan = __builtin_nan("");
}

double quantile(std::span<double> values, double q) {
  const double at = q * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(below);
  std::nth_element(values.begin(), middle, values.end());
  if (below + 1 == values.size()) return *middle;
  const double above = *std::min_element(middle + 1, values.end());
  return *middle + (at - static_cast<double>(below)) * (above - *middle);
}

FilteredHistory::FilteredHistory(std::size_t returns_max) : scaled_(std::max(returns_max, returns_min)) {}

TailRisk FilteredHistory::measure(std::span<const double> returns) {
  if (returns.size() > scaled_.size()) returns = returns.last(scaled_.size());
  if (returns.size() < returns_min) return {nan, nan, nan, nan};
  double squares = 0;
  for (const double r : returns) squares += r * r;
  const double long_run = squares / static_cast<double>(returns.size());
  if (!(long_run > 0)) return {nan, nan, nan, nan};  // nothing ever moved: no risk is known, which is not no risk
  constexpr double pull = 1 - alpha - gamma / 2 - beta;
  double variance = long_run;
  const auto scaled = std::span(scaled_).first(returns.size());
  for (std::size_t t = 0; t < returns.size(); ++t) {
    const double r = returns[t];
    scaled[t] = r / std::sqrt(variance);
    variance = pull * long_run + (r < 0 ? alpha + gamma : alpha) * r * r + beta * variance;
  }
  TailRisk risk{.volatility = std::sqrt(variance)};
  risk.value_at_risk_95 = std::max(0.0, -quantile(scaled, 0.05) * risk.volatility);
  risk.value_at_risk_99 = std::max(0.0, -quantile(scaled, 0.01) * risk.volatility);
  const double edge = quantile(scaled, 0.025);
  double sum = 0, count = 0;
  for (const double z : scaled)
    if (z <= edge) sum += z, ++count;
  risk.expected_shortfall_975 = std::max(0.0, -sum / count * risk.volatility);
  return risk;
}

}  // namespace robo::risk
