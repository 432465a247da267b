#pragma once
// How opinions become sizes. Names are the same in TOML, API and screen; fractions are of equity unless said otherwise.

#include <array>

#include "base/fields.hpp"

namespace robo::ensemble {

enum class WeightRule : std::uint8_t { EqualRisk, ByRegime, PerformanceAware };

struct Settings {
  WeightRule weights{WeightRule::EqualRisk};
  double volatility_target = 0.06;         // of the whole book, annual
  double instrument_risk_share = 0.5;      // of volatility_target that one instrument at full conviction may use
  double correlation_assumed = 0.3;        // between any two instruments' returns
  double volatility_assumed = 0.40;        // annual, until an instrument's own estimate is warm
  double volatility_floor = 0.05;          // annual; quiet hours must not make us big
  double volatility_timeframe_s = 60.0;    // bars the estimate is made of
  double kelly_fraction = 0.25;            // of full Kelly; at most 0.25
  double kelly_error_multiple = 1.0;       // standard errors taken off a claimed return
  double kelly_evidence = 250.0;           // observations behind a claimed return
  double drawdown_limit = 0.10;            // ladder: full size above, nothing at this drawdown
  double position_max = 0.20;              // notional of one instrument
  double gross_max = 1.00;                 // sum of absolute notionals of all targets
  double net_max = 1.00;                   // absolute sum of signed notionals of all targets
  double no_trade_band = 0.10;             // of the target: smaller changes are not worth their cost
  using fields =
      Fields<&Settings::weights, &Settings::volatility_target, &Settings::instrument_risk_share, &Settings::correlation_assumed,
             &Settings::volatility_assumed, &Settings::volatility_floor, &Settings::volatility_timeframe_s, &Settings::kelly_fraction,
             &Settings::kelly_error_multiple, &Settings::kelly_evidence, &Settings::drawdown_limit, &Settings::position_max,
             &Settings::gross_max, &Settings::net_max, &Settings::no_trade_band>;
  static constexpr bool defaults = true;  // a setting left out of the file keeps its value from here
};

}  // namespace robo::ensemble

template <>
struct robo::EnumNames<robo::ensemble::WeightRule> {
  static constexpr std::array<std::string_view, 3> names{"equal_risk", "by_regime", "performance_aware"};
};
