#pragma once
// What a grid of parameters came to, as the report shows it.

#include <cmath>

#include "apps/grid.hpp"
#include "research/report.hpp"

namespace robo::apps {

struct GridResult {
  std::string name{};
  std::vector<double> values{};      // by axis
  research::Trial trial{};
};

/// The trial's Sharpe ratio a year.
[[nodiscard]] inline double annual(const research::Trial& trial) { return trial.sharpe * std::sqrt(trial.periods_per_year); }

/// The first two axes as a map; over others the mean.
[[nodiscard]] research::ReportGrid heat_map(const std::vector<GridAxis>& axes, const std::vector<GridResult>& results, const RunSettings& settings);

}  // namespace robo::apps
