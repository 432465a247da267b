#pragma once
// Macro figures as they were known: a figure of March is published in April and corrected for years. Used with the date it is
// about it looks into the future; here every value has the days on which it was the last word.

#include <optional>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace robo::store::history {

struct Vintage {
  Date period{};                    // what it is about: the first day of the month or quarter
  Date known_from{}, known_until{}; // [from, until): days on which this was the value
  std::optional<double> value{};    // none: said to be missing
};

class Vintages {
 public:
  /// A FRED answer (`series/observations` with all releases: realtime_start and realtime_end of every value). Errors: not such
  /// an answer; an answer that knows today's values only, unless `release_lag_days` says how long after its period a figure came.
  [[nodiscard]] static Result<Vintages, Problem> parse_fred(std::string_view json, std::string_view file, std::optional<int> release_lag_days = {});

  [[nodiscard]] const std::vector<Vintage>& all() const { return values_; }
  /// The value of a period as it stood on a day; none: not published yet, or missing.
  [[nodiscard]] std::optional<double> as_known(Date period, Date day) const;
  /// The newest figure that was out on a day.
  [[nodiscard]] const Vintage* latest(Date day) const;

 private:
  std::vector<Vintage> values_;  // by period, then by known_from
};

}  // namespace robo::store::history
