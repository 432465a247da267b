#pragma once
// What to ask a source for: a request a day (a year of daily bars), cut where IB's longest request for a bar size ends. No
// request for a day on which the market is shut.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/calendar.hpp"

namespace robo::store::history {

struct BarSize {
  std::string_view name{};   // IB's
  Duration period{};
  Duration longest{};        // of one request
};
/// "1 min", "1min", "5 secs", "1 day": IB's sizes. Errors: another word, with those there are.
[[nodiscard]] Result<BarSize, Problem> bar_size_named(std::string_view text);

struct Request {
  Timestamp from{}, until{};
  std::string duration{};    // IB's words: "23400 S", "1 Y"
};
struct DayPlan {
  Date day{};                // the partition
  Date from{}, until{};      // days, [from, until)
  Timestamp opens{}, closes{};
  std::uint64_t bars{};      // expected when there is one for every period; 0: not known
  std::vector<Request> requests{};
};

/// Days of [from, until) with a session, in order.
[[nodiscard]] std::vector<DayPlan> plan(const Calendar& calendar, const BarSize& size, Date from, Date until, bool regular_hours);

}  // namespace robo::store::history
