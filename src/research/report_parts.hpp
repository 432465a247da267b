#pragma once
// The parts of a report, each from the record alone.

#include <vector>

#include "research/baselines.hpp"
#include "research/bootstrap.hpp"
#include "research/report.hpp"

namespace robo::research::detail {

/// In order of time.
[[nodiscard]] std::vector<ReportDay> daily(const Record& record);
[[nodiscard]] std::vector<ReportMonth> months(const Record& record);
[[nodiscard]] ReportCosts costs(const Record& record, double years);
[[nodiscard]] ReportTrades trades(const Record& record);
[[nodiscard]] std::vector<ReportStrategy> strategies(const Record& record);
[[nodiscard]] std::vector<ReportDenial> denials(const Record& record);
[[nodiscard]] std::vector<ReportFill> last_fills(const Record& record, std::size_t most);
/// Net returns at the points `at` had every traded unit of money cost `bp` instead of its commission.
[[nodiscard]] std::vector<double> returns_at_cost(const Record& record, const std::vector<std::size_t>& at, double bp);
/// Returns at `at` of the positions held `lag` samples before, at sample prices and without costs. A cliff from 0 to 1 means the
/// profit was made in the moment of trading, which is where errors hide.
[[nodiscard]] std::vector<double> lagged_returns(const Record& record, const std::vector<std::size_t>& at, std::size_t lag);
/// The run with each fill at a price drawn from its spread, uniformly, `draws` times. The orders stay as they were.
[[nodiscard]] ReportNoise noise(const Record& record, const Sampled& sampled, std::uint64_t draws, std::uint64_t seed);
void add_curves(ReportCurves& curves, const Record& record, const Sampled& sampled, const std::vector<Baseline>& baselines,
                const Resampled& histories, std::size_t points);
[[nodiscard]] std::vector<std::string> caveats(const Report& report, const Record& record);

}  // namespace robo::research::detail
