#include "edge/sim/options/black_scholes.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace robo::sim {
namespace {

double below(double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }
double density(double x) { return std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi); }

}  // namespace

OptionValue black_scholes(const OptionTerms& t, double under, double volatility) {
  const double sign = t.right == OptionRight::Put ? -1 : 1;
  if (t.years <= 0 || volatility <= 0 || under <= 0) {
    const double worth = sign * (under - t.strike);
    return {.price = std::max(0.0, worth), .delta = worth > 0 ? sign : 0.0};
  }
  const double root = volatility * std::sqrt(t.years);
  const double d1 = (std::log(under / t.strike) + (t.rate + volatility * volatility / 2) * t.years) / root;
  const double d2 = d1 - root;
  const double present = t.strike * std::exp(-t.rate * t.years);
  const double decay = -under * density(d1) * volatility / (2 * std::sqrt(t.years)) - sign * t.rate * present * below(sign * d2);
  return {.price = sign * (under * below(sign * d1) - present * below(sign * d2)),
          .delta = sign * below(sign * d1),
          .gamma = density(d1) / (under * root),
          .vega = under * density(d1) * std::sqrt(t.years) / 100,
          .theta = decay / 365};
}

std::optional<double> implied_volatility(const OptionTerms& t, double under, double price) {
  constexpr double highest = 5;
  if (t.years <= 0 || under <= 0 || price <= black_scholes(t, under, 1e-6).price || price > black_scholes(t, under, highest).price) return std::nullopt;
  double low = 1e-6, high = highest;  // the price rises with the volatility
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (black_scholes(t, under, middle).price < price ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace robo::sim
