#pragma once
// Every form in which IB writes a time.

#include <optional>
#include <string_view>

#include "base/time.hpp"
#include "base/time_zone.hpp"

namespace robo::ib {

/// 20260413 15:27:04 US/Eastern | 20260413-15:27:04 (UTC) | 20260413  15:27:04 (in `otherwise`) | 20260413 (midnight there)
/// | 1776093424 (epoch seconds) | 2026-03-23 13:25:15.0 (in `otherwise`). Nothing: none of these.
[[nodiscard]] std::optional<Timestamp> parse_time(std::string_view text, const TimeZone* otherwise = nullptr);

/// 20260413-15:27:04, UTC: the one form that needs no zone.
[[nodiscard]] std::string utc_text(Timestamp at);

/// 20261218, 20261218 15:00 US/Eastern, 202612 (its first day).
[[nodiscard]] std::optional<Date> parse_date(std::string_view text);

}  // namespace robo::ib
