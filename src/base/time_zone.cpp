#include "base/time_zone.hpp"

#include <array>
#include <date/tz.h>
#include <fmt/core.h>
#include <utility>

namespace robo {

namespace {

// Names gateways print that are not IANA zones (protocol notes, section 1.2: the login zone of the gateway).
constexpr std::array<std::pair<std::string_view, std::string_view>, 18> aliases{{
    {"EST", "America/New_York"}, {"EDT", "America/New_York"}, {"EST5EDT", "America/New_York"},
    {"Eastern Standard Time", "America/New_York"}, {"Eastern Daylight Time", "America/New_York"},
    {"CST", "America/Chicago"}, {"CDT", "America/Chicago"}, {"Central Standard Time", "America/Chicago"},
    {"PST", "America/Los_Angeles"}, {"PDT", "America/Los_Angeles"}, {"Pacific Standard Time", "America/Los_Angeles"},
    {"MET", "Europe/Berlin"}, {"CET", "Europe/Berlin"}, {"Central European Standard Time", "Europe/Berlin"},
    {"Central European Time", "Europe/Berlin"}, {"GMT", "Etc/UTC"}, {"Greenwich Mean Time", "Europe/London"},
    {"Coordinated Universal Time", "Etc/UTC"},
}};

const date::time_zone& zone_of(const void* zone) { return *static_cast<const date::time_zone*>(zone); }

date::sys_time<std::chrono::nanoseconds> sys(Timestamp at) {
  return date::sys_time<std::chrono::nanoseconds>{std::chrono::nanoseconds{at.ns}};
}

}  // namespace

Result<TimeZone, Problem> TimeZone::find(std::string_view name) {
  TimeZone zone;
  zone.name_ = std::string(name);
  std::string_view known = name;
  for (const auto& [alias, iana] : aliases)
    if (alias == name) known = iana;
  try {
    zone.zone_ = date::locate_zone(std::string(known));
  } catch (const std::exception&) {
    return fail(Problem{fmt::format("time zone '{}' is not known here; use an IANA name such as America/New_York", name)});
  }
  return zone;
}

Timestamp TimeZone::to_utc(LocalTime local) const {
  const date::local_time<std::chrono::nanoseconds> wall{date::days{local.date.days} +
                                                        std::chrono::nanoseconds{local.since_midnight.ns}};
  const auto utc = zone_of(zone_).to_sys(wall, date::choose::earliest);
  return {std::chrono::duration_cast<std::chrono::nanoseconds>(utc.time_since_epoch()).count()};
}

LocalTime TimeZone::to_local(Timestamp at) const {
  const auto wall = zone_of(zone_).to_local(sys(at));
  const auto day = date::floor<date::days>(wall);
  return {{static_cast<std::int32_t>(day.time_since_epoch().count())}, {(wall - day).count()}};
}

Duration TimeZone::offset(Timestamp at) const {
  return seconds(zone_of(zone_).get_info(sys(at)).offset.count());
}

}  // namespace robo
