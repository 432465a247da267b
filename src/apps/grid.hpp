#pragma once
// Many values of parameters, each a trial: every one goes into the ledger, so that choosing the best of them costs what it should.

#include <optional>
#include <string>
#include <vector>

#include "apps/settings.hpp"

namespace robo::apps {

/// One axis: "momentum.lookback=10,15,20" or "momentum.lookback=10:30:5" (from, to, step).
struct GridAxis {
  std::string strategy{}, parameter{};
  std::vector<double> values{};
};
/// Errors: all of them, each naming the axis.
[[nodiscard]] Result<std::vector<GridAxis>, std::vector<Problem>> parse_grid(const std::vector<std::string>& words, const RunSettings& settings);

struct GridCell {
  std::string name{};                // "momentum.lookback=10 momentum.top=5"
  std::vector<double> values{};      // by axis
  LoadedSettings settings{};         // the file's with these values; its text differs, so it is a configuration of its own
};
/// What the file itself says for an axis: its parameter, or the strategy's default.
[[nodiscard]] std::optional<double> value_in(const RunSettings& settings, const GridAxis& axis);
/// Every combination. Throws config::ConfigError when there are more than `cells_max`.
[[nodiscard]] std::vector<GridCell> cells_of(const LoadedSettings& loaded, const std::vector<GridAxis>& axes, std::size_t cells_max = 1000);

}  // namespace robo::apps
