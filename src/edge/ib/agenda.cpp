#include "edge/ib/agenda.hpp"

#include <array>
#include <charconv>

#include <fmt/format.h>

namespace robo::ib {

namespace {

constexpr std::array<std::string_view, 7> weekdays{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
constexpr Duration second_factor_warnings[] = {hours(24), hours(2), minutes(15)};
constexpr Duration second_factor_stays_due = hours(12);

int weekday_of(Date date) { return ((date.days + 4) % 7 + 7) % 7; }  // 1970-01-01 was a Thursday

std::string_view word(std::string_view& text) {
  const auto end = std::min(text.find(' '), text.size());
  const auto taken = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return taken;
}

std::optional<int> two_digits(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.size() != 2 || error != std::errc{} || end != text.data() + 2) return std::nullopt;
  return value;
}

std::string in_words(Duration left) {
  const auto minutes_left = (left.ns + 30'000'000'000) / 60'000'000'000;
  return minutes_left >= 120 ? fmt::format("{} h", (minutes_left + 30) / 60) : fmt::format("{} min", minutes_left);
}

}  // namespace

Result<Recurring, Problem> Recurring::parse(std::string_view text) {
  const auto wrong = [&](std::string_view what) { return fail(Problem{fmt::format("'{}': {}; write 23:45 America/New_York or Sunday 01:00 America/New_York", text, what)}); };
  Recurring out;
  std::string_view rest = text;
  for (std::size_t i = 0; i < weekdays.size(); ++i)
    if (rest.starts_with(weekdays[i])) out.weekday = static_cast<int>(i), (void)word(rest);
  const auto clock = word(rest);
  const auto hour = clock.size() == 5 && clock[2] == ':' ? two_digits(clock.substr(0, 2)) : std::nullopt;
  const auto minute = hour ? two_digits(clock.substr(3)) : std::nullopt;
  if (!minute || *hour > 23 || *minute > 59) return wrong("the time of day is not hh:mm");
  auto zone = TimeZone::find(rest);
  if (!zone) return wrong(zone.error().text);
  out.since_midnight = hours(*hour) + minutes(*minute);
  out.zone = *zone;
  return out;
}

Timestamp Recurring::next(Timestamp now) const {
  Date date = zone.to_local(now).date;
  date.days -= 1;  // a clock change may put yesterday's reading past now
  for (int tried = 0; tried < 10; ++tried, ++date.days) {
    if (weekday >= 0 && weekday_of(date) != weekday) continue;
    const Timestamp at = zone.to_utc({.date = date, .since_midnight = since_midnight});
    if (at >= now) return at;
  }
  return Timestamp{INT64_MAX};
}

std::optional<std::string> Agenda::warning(Timestamp now, Timestamp until) const {
  const auto passed = [&](const Recurring& moment, Duration before) {
    const Timestamp at{moment.next(now).ns - before.ns};
    return until < at && at <= now && until.ns != 0;
  };
  if (second_factor)
    for (const auto before : second_factor_warnings)
      if (passed(*second_factor, before)) return fmt::format("in {} the gateway needs a login with its second factor: have your phone at hand", in_words(before));
  if (restart && passed(*restart, restart_warning)) return fmt::format("the gateway restarts in {}", in_words(restart_warning));
  return std::nullopt;
}

bool Agenda::second_factor_due(Timestamp down_since) const {
  if (!second_factor) return false;
  const Timestamp last{second_factor->next(Timestamp{down_since.ns - second_factor_stays_due.ns})};
  return last <= down_since + minutes(10);
}

}  // namespace robo::ib
