#include "kernel/ensemble/detail/apportion.hpp"

#include <cmath>
#include <cstddef>

namespace robo::ensemble::detail {

void apportion(std::int64_t total, std::span<const double> wishes, std::span<std::int64_t> parts) {
  std::int64_t left = total;
  bool anybody = false;
  for (std::size_t i = 0; i < wishes.size(); ++i) {
    parts[i] = static_cast<std::int64_t>(std::trunc(wishes[i]));
    left -= parts[i];
    anybody |= wishes[i] != 0;
  }
  while (left != 0) {
    const std::int64_t step = left > 0 ? 1 : -1;
    std::size_t best = 0;
    double best_gap = -INFINITY;
    for (std::size_t i = 0; i < wishes.size(); ++i) {
      if (anybody && wishes[i] == 0) continue;
      const double gap = static_cast<double>(step) * (wishes[i] - static_cast<double>(parts[i]));
      if (gap > best_gap) best_gap = gap, best = i;
    }
    // Beyond one step each the wishes did not sum to the total; the nearest strategy takes the rest at once.
    const std::int64_t take = std::abs(left) > static_cast<std::int64_t>(wishes.size()) ? left : step;
    parts[best] += take;
    left -= take;
  }
}

}  // namespace robo::ensemble::detail
