#pragma once
// When the gateway goes away by itself: the daily restart, and the login that asks for a second factor once a week.

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "base/time_zone.hpp"

namespace robo::ib {

/// A moment of every day, or of one day of every week, by the wall clock of a place.
struct Recurring {
  Duration since_midnight{};
  int weekday{-1};               // 0 Sunday .. 6 Saturday; -1: every day
  TimeZone zone{};

  /// "23:45 America/New_York", "Sunday 01:00 America/New_York". Errors name what is wrong with it.
  [[nodiscard]] static Result<Recurring, Problem> parse(std::string_view text);
  /// The first time at or after `now`. In the hours of a clock change the zone's own rules hold.
  [[nodiscard]] Timestamp next(Timestamp now) const;
};

struct Agenda {
  std::optional<Recurring> restart{};
  std::optional<Recurring> second_factor{};
  Duration restart_warning{minutes(15)};
  Duration login_patience{minutes(3)};       // a restart takes about one; after so long a person is told

  [[nodiscard]] std::optional<Timestamp> next_restart(Timestamp now) const {
    return restart ? std::optional<Timestamp>(restart->next(now)) : std::nullopt;
  }
  /// The sentence that falls due in (`until`, `now`]; nothing most of the time.
  [[nodiscard]] std::optional<std::string> warning(Timestamp now, Timestamp until) const;
  /// The gateway went away at a time at which it wants a second factor to come back.
  [[nodiscard]] bool second_factor_due(Timestamp down_since) const;
};

}  // namespace robo::ib
