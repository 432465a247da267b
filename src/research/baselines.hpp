#pragma once
// What doing nothing clever would have made, on the same samples and with the same costs.

#include <string>
#include <vector>

#include "research/collector.hpp"

namespace robo::research {

struct Baseline {
  std::string name{};
  std::vector<double> growth{};   // of 1, by sample; as long as record.times
};

/// Buy and hold of SPY (or the first instrument), 1/N over all instruments, rebalanced at the first sample of every trade date, and cash.
/// `cost_bp` is paid on everything traded. Instruments without a price yet are left in cash.
[[nodiscard]] std::vector<Baseline> baselines(const Record& record, double cost_bp);

}  // namespace robo::research
