#include "apps/heat_map.hpp"

#include <map>

namespace robo::apps {

research::ReportGrid heat_map(const std::vector<GridAxis>& axes, const std::vector<GridResult>& results, const RunSettings& settings) {
  research::ReportGrid map;
  if (results.empty()) return map;
  const auto name = [&](std::size_t axis) { return axes[axis].strategy + "." + axes[axis].parameter; };
  map.x = name(0);
  if (axes.size() > 1) map.y = name(1);
  for (std::size_t axis = 2; axis < axes.size(); ++axis) map.others.push_back(name(axis));
  std::map<std::pair<double, double>, std::pair<research::ReportCell, int>> cells;  // by y, then x
  for (const auto& [_, values, trial] : results) {
    const double x = values[0], y = axes.size() > 1 ? values[1] : 0;
    auto& [cell, count] = cells[{y, x}];
    cell.x = x, cell.y = y;
    cell.sharpe += annual(trial), cell.total += trial.total;
    ++count;
  }
  const auto own = [&](std::size_t axis, double value) { return axis >= axes.size() || value_in(settings, axes[axis]) == value; };
  for (auto& [_, entry] : cells) {
    auto& [cell, count] = entry;
    cell.sharpe /= count, cell.total /= count;
    cell.chosen = own(0, cell.x) && own(1, cell.y);
    map.cells.push_back(cell);
  }
  return map;
}

}  // namespace robo::apps
