#include "apps/grid.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/core.h>

#include "apps/strategies.hpp"
#include "edge/config/config.hpp"
#include "kernel/strategy/host.hpp"

namespace robo::apps {

namespace {

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

/// "10,15,20" or "10:30:5"; empty: neither.
std::vector<double> values_of(std::string_view text) {
  std::vector<double> values;
  if (const auto range = split(text, ':'); range.size() == 3) {
    const auto from = number(range[0]), to = number(range[1]), step = number(range[2]);
    if (!from || !to || !step || *step <= 0 || *to < *from || (*to - *from) / *step > 1000) return {};
    for (int i = 0; *from + i * *step <= *to + *step * 1e-9; ++i) values.push_back(*from + i * *step);
    return values;
  }
  for (const auto part : split(text, ',')) {
    const auto value = number(part);
    if (!value) return {};
    values.push_back(*value);
  }
  return values;
}

}  // namespace

Result<std::vector<GridAxis>, std::vector<Problem>> parse_grid(const std::vector<std::string>& words, const RunSettings& settings) {
  std::vector<GridAxis> axes;
  std::vector<Problem> problems;
  for (const auto& word : words) {
    const auto complain = [&](std::string text) { problems.push_back({fmt::format("--grid {}: {}", word, text)}); };
    const auto equals = word.find('='), dot = word.find('.');
    if (equals == std::string::npos || dot == std::string::npos || dot > equals) {
      complain("write it as strategy.parameter=10,15,20 or strategy.parameter=10:30:5");
      continue;
    }
    GridAxis axis{.strategy = word.substr(0, dot), .parameter = word.substr(dot + 1, equals - dot - 1), .values = values_of(std::string_view(word).substr(equals + 1))};
    if (axis.values.empty()) complain("its values are no numbers, or from:to:step with a step above 0 and at most 1000 of them");
    const auto found = std::find_if(settings.strategies.begin(), settings.strategies.end(), [&](const StrategySettings& one) { return one.name == axis.strategy; });
    if (found == settings.strategies.end()) {
      std::string known;
      for (const auto& one : settings.strategies) known += (known.empty() ? "" : ", ") + one.name;
      complain(fmt::format("there is no strategy '{}' in this file; there are {}", axis.strategy, known));
    }
    if (std::any_of(axes.begin(), axes.end(), [&](const GridAxis& one) { return one.strategy == axis.strategy && one.parameter == axis.parameter; })) complain("named twice");
    axes.push_back(std::move(axis));
  }
  if (!problems.empty()) return fail(std::move(problems));
  return axes;
}

std::optional<double> value_in(const RunSettings& settings, const GridAxis& axis) {
  for (const auto& strategy : settings.strategies) {
    if (strategy.name != axis.strategy) continue;
    if (const auto said = strategy.parameters.find(axis.parameter); said != strategy.parameters.end()) return said->second;
    if (const auto known = make_strategy(strategy.kind.empty() ? strategy.name : strategy.kind, strategy.name))
      for (const auto& parameter : strategy::declared_parameters(*known))
        if (parameter.name == axis.parameter) return parameter.value;
  }
  return std::nullopt;
}

std::vector<GridCell> cells_of(const LoadedSettings& loaded, const std::vector<GridAxis>& axes, std::size_t cells_max) {
  std::size_t count = 1;
  for (const auto& axis : axes) count *= axis.values.size();
  if (count > cells_max) throw config::ConfigError({{fmt::format("--grid: {} combinations; at most {} at once", count, cells_max)}});
  std::vector<GridCell> cells;
  for (std::size_t index = 0; index < count; ++index) {
    GridCell cell{.settings = loaded};
    std::size_t rest = index;
    for (const auto& axis : axes) {
      const double value = axis.values[rest % axis.values.size()];
      rest /= axis.values.size();
      cell.values.push_back(value);
      cell.name += fmt::format("{}{}.{}={}", cell.name.empty() ? "" : " ", axis.strategy, axis.parameter, value);
      for (auto& strategy : cell.settings.settings.strategies)
        if (strategy.name == axis.strategy) strategy.parameters[axis.parameter] = value;
    }
    cell.settings.text += "\n# " + cell.name + "\n";  // a configuration of its own in the ledger
    cells.push_back(std::move(cell));
  }
  return cells;
}

}  // namespace robo::apps
