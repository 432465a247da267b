#include "research/bootstrap.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "research/series.hpp"

namespace robo::research {

std::uint64_t Dice::next() {
  std::uint64_t z = state_ += 0x9e3779b97f4a7c15ULL;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

double Dice::uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

std::size_t Dice::below(std::size_t n) { return static_cast<std::size_t>(uniform() * static_cast<double>(n)); }

double Dice::normal() {
  const double u = 1 - uniform();
  return std::sqrt(-2 * std::log(u)) * std::cos(2 * std::numbers::pi * uniform());
}

Resampled resample(std::span<const double> returns, double periods_per_year, const ResampleSettings& settings) {
  Resampled result;
  const std::size_t n = returns.size();
  if (n < 2 || settings.histories == 0) return result;
  result.histories = settings.histories;
  result.block = settings.block > 0 ? settings.block : std::clamp(std::cbrt(static_cast<double>(n)), 2.0, 21.0);
  const double again = 1 / result.block;

  const std::size_t count = std::min(settings.places, n);
  for (std::size_t i = 0; i <= count; ++i) result.places.push_back(i * n / count);
  std::vector<std::vector<double>> at(result.places.size());
  std::vector<double> sharpes, drawdowns, history(n);
  Dice dice(settings.seed);
  std::size_t reached_sharpe = 0, reached_drawdown = 0;
  for (std::size_t h = 0; h < settings.histories; ++h) {
    std::size_t from = dice.below(n);
    for (std::size_t i = 0; i < n; ++i) {
      if (i > 0) from = dice.uniform() < again ? dice.below(n) : (from + 1 == n ? 0 : from + 1);
      history[i] = returns[from];
    }
    sharpes.push_back(sharpe(history, periods_per_year));
    drawdowns.push_back(drawdown(history).depth);
    reached_sharpe += sharpes.back() >= settings.sharpe_target;
    reached_drawdown += -drawdowns.back() < settings.drawdown_target;
    double growth = 1;
    std::size_t next = 0;
    for (std::size_t i = 0; i <= n; ++i) {
      if (i > 0) growth *= 1 + history[i - 1];
      while (next < result.places.size() && result.places[next] == i) at[next++].push_back(growth);
    }
  }
  result.sharpe = {quantile(sharpes, 0.025), quantile(sharpes, 0.975)};
  result.drawdown = {quantile(drawdowns, 0.025), quantile(drawdowns, 0.975)};
  result.sharpe_target_share = static_cast<double>(reached_sharpe) / static_cast<double>(settings.histories);
  result.drawdown_target_share = static_cast<double>(reached_drawdown) / static_cast<double>(settings.histories);
  for (const auto& values : at) {
    result.p05.push_back(quantile(values, 0.05));
    result.p25.push_back(quantile(values, 0.25));
    result.p75.push_back(quantile(values, 0.75));
    result.p95.push_back(quantile(values, 0.95));
  }
  return result;
}

Interval sharpe_interval_lo(std::span<const double> returns, double periods_per_year) {
  if (returns.size() < 2) return {};
  const double annual = sharpe(returns, periods_per_year);
  const double per_period = annual / std::sqrt(periods_per_year);
  const double error = std::sqrt((1 + per_period * per_period / 2) / static_cast<double>(returns.size()) * periods_per_year);
  return {annual - 1.959963984540054 * error, annual + 1.959963984540054 * error};
}

}  // namespace robo::research
