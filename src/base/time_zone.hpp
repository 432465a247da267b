#pragma once
// Wall clocks of the world, by the system's zone data. For the edge: the kernel never asks a zone.

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"

namespace robo {

/// A wall-clock reading without a zone.
struct LocalTime {
  Date date{};
  Duration since_midnight{};
  friend constexpr auto operator<=>(LocalTime, LocalTime) = default;
};

/// An IANA zone ("America/New_York") or one of the names IB uses ("US/Eastern", "EST", "Central European Standard Time").
class TimeZone {
 public:
  /// Errors: the name is not a known zone.
  [[nodiscard]] static Result<TimeZone, Problem> find(std::string_view name);

  /// UTC of a wall clock reading. In the hour that happens twice the first one is meant; in the hour that does not exist
  /// the clock's jump is taken (both are rules, not errors: feeds do send such times).
  [[nodiscard]] Timestamp to_utc(LocalTime local) const;
  [[nodiscard]] LocalTime to_local(Timestamp at) const;
  [[nodiscard]] Duration offset(Timestamp at) const;
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  std::string name_;
  const void* zone_ = nullptr;  // date::time_zone, owned by the zone database
};

}  // namespace robo
