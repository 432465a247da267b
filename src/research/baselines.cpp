#include "research/baselines.hpp"

#include <algorithm>
#include <cmath>

namespace robo::research {
namespace {

bool tradable(const Instrument& i) { return i.asset_class != AssetClass::Index && i.symbol.view() != "VIX"; }

/// Value of 1 put into `instruments` in equal parts; rebalanced at each new date when `rebalance`.
std::vector<double> hold(const Record& r, const std::vector<std::size_t>& instruments, bool rebalance, double cost) {
  std::vector<double> growth;
  std::vector<double> units(instruments.size(), 0.0);
  double cash = 1;
  const auto part = 1.0 / static_cast<double>(instruments.size());
  for (std::size_t t = 0; t < r.times.size(); ++t) {
    double value = cash;
    for (std::size_t k = 0; k < instruments.size(); ++k)
      if (units[k] != 0) value += units[k] * r.prices[instruments[k]][t];
    const bool new_date = t > 0 && r.dates[t] != r.dates[t - 1];
    for (std::size_t k = 0; k < instruments.size(); ++k) {
      const double price = r.prices[instruments[k]][t];
      if (!(price > 0)) continue;
      const bool buy = units[k] == 0 || (rebalance && new_date);
      if (!buy) continue;
      // Costs come out of what is bought, so that cash never goes below zero.
      const double wanted = value * part / (1 + cost) / price;
      const double traded = std::abs(wanted - units[k]) * price;
      cash -= (wanted - units[k]) * price + traded * cost;
      units[k] = wanted;
    }
    value = cash;
    for (std::size_t k = 0; k < instruments.size(); ++k)
      if (units[k] != 0) value += units[k] * r.prices[instruments[k]][t];
    growth.push_back(value);
  }
  return growth;
}

}  // namespace

std::vector<Baseline> baselines(const Record& r, double cost_bp) {
  std::vector<Baseline> out;
  const double cost = cost_bp / 1e4;
  std::vector<std::size_t> all;
  std::size_t market = SIZE_MAX;
  for (std::size_t i = 0; i < r.instruments.size(); ++i) {
    const bool priced = std::any_of(r.prices[i].begin(), r.prices[i].end(), [](double p) { return p > 0; });
    if (!priced || !tradable(r.instruments[i])) continue;
    if (market == SIZE_MAX || r.instruments[i].symbol.view() == "SPY") market = i;
    all.push_back(i);
  }
  if (market != SIZE_MAX)
    out.push_back({"buy and hold " + std::string(r.instruments[market].symbol.view()), hold(r, {market}, false, cost)});
  if (all.size() > 1) out.push_back({"1/N of " + std::to_string(all.size()), hold(r, all, true, cost)});
  out.push_back({"cash", std::vector(r.times.size(), 1.0)});
  return out;
}

}  // namespace robo::research
