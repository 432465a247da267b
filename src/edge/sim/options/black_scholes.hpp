#pragma once
// What an option is worth by Black and Scholes: European, no dividends, a constant volatility and rate. The simulator quotes by
// it and says so; nothing that trades real money reads it.

#include <optional>

#include "model/instrument.hpp"

namespace robo::sim {

struct OptionTerms {
  OptionRight right{OptionRight::Call};
  double strike{};
  double years{};            // until it expires; 0 or less: what it is worth exercised
  double rate{};             // a year, continuously compounded
};

/// IB's units: vega for one point of volatility (0.01), theta for one day.
struct OptionValue {
  double price{}, delta{}, gamma{}, vega{}, theta{};
};

[[nodiscard]] OptionValue black_scholes(const OptionTerms& terms, double under, double volatility);

/// The volatility at which the option is worth `price`. Empty: none in (0, 500 %], as below its exercise value.
[[nodiscard]] std::optional<double> implied_volatility(const OptionTerms& terms, double under, double price);

}  // namespace robo::sim
