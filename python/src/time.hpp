#pragma once
// Times as Python people write them.

#include <nanobind/nanobind.h>

#include <optional>
#include <string_view>

#include "base/time.hpp"

namespace robo::python {

/// datetime (naive: UTC), pandas.Timestamp, numpy.datetime64, date (its midnight UTC), "2018-01-02", "2018-01-02T14:30:00Z", or whole
/// nanoseconds since 1970; None: nothing. Throws ValueError or TypeError that names `what`.
[[nodiscard]] std::optional<Timestamp> time_from(nanobind::handle value, std::string_view what);
/// timedelta, "5 s", "1m", or whole nanoseconds; None: nothing.
[[nodiscard]] std::optional<Duration> duration_from(nanobind::handle value, std::string_view what);
/// "1s", "5m", "1h", "1d", "tick"; with a space between, too. Nothing: another word.
[[nodiscard]] std::optional<Duration> timeframe_named(std::string_view word);

}  // namespace robo::python
