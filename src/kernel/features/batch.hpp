#pragma once
// Features over columns: what the engine would have said after every row, for research and training. The same calculations as
// event by event, so the numbers are the same bit for bit (tests/unit/kernel/features/batch_test.cpp).

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "kernel/features/spec.hpp"

namespace robo::features {

/// A table, oldest row first: bars of the spec's timeframe, or ticks where that is zero (`close` the price, `volume` the size).
/// Columns are of equal length; an empty one is not there. A row that is not known is NaN in `close`: it is skipped like a
/// bar that did not come, and so is the result.
struct Columns {
  std::span<const std::int64_t> times{};  // start of the bar, time of the tick: ns since 1970 UTC
  std::span<const double> open{}, high{}, low{}, close{}, volume{};
  std::span<const double> other{};        // closes of the other leg: pairs only
  std::span<const std::int64_t> opens{};  // when the row's session opened, ns; without it days are those of UTC
};

/// Whether batch() has what the feature is made of: bars and ticks, not quotes, depth and sides of trades.
[[nodiscard]] bool batchable(Kind kind);
/// One value a row, NaN where the engine has none. Thread: any, off the hot path (allocates). Errors: a spec that cannot be
/// computed, a column that is missing or of another length, named.
[[nodiscard]] Result<std::vector<double>, Problem> batch(const Spec& spec, const Columns& columns);
/// Several at once: what belongs to one calculation (MACD, its signal, its histogram) is calculated once.
[[nodiscard]] Result<std::vector<std::vector<double>>, Problem> batch(std::span<const Spec> specs, const Columns& columns);
/// The same into columns of the caller, one a spec, each as long as the table: for memory that is used again or belongs to
/// somebody else. What it returns is what was wrong; then nothing is written.
[[nodiscard]] std::optional<Problem> batch(std::span<const Spec> specs, const Columns& columns, std::span<const std::span<double>> out);

}  // namespace robo::features
