#include "edge/ib/time_text.hpp"

#include <charconv>
#include <map>
#include <string>

#include "base/defence.hpp"

namespace robo::ib {

namespace {

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool is_calendar_date(int year, int month, int day) {
  if (year < 1900 || year > 2200 || month < 1 || month > 12 || day < 1) return false;
  constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return day <= days[month - 1] + (month == 2 && leap);
}

std::optional<Date> compact_date(std::string_view text) {
  if (text.size() != 8) return std::nullopt;
  const auto year = number(text.substr(0, 4));
  const auto month = number(text.substr(4, 2));
  const auto day = number(text.substr(6, 2));
  if (!year || !month || !day || !is_calendar_date(*year, *month, *day)) return std::nullopt;
  return date_of(*year, static_cast<unsigned>(*month), static_cast<unsigned>(*day));
}

/// 15:27:04, 15:27, 15:27:04.0
std::optional<Duration> clock_time(std::string_view text) {
  if (text.size() < 5 || text[2] != ':') return std::nullopt;
  const auto hour = number(text.substr(0, 2));
  const auto minute = number(text.substr(3, 2));
  std::optional<int> second = 0;
  if (text.size() >= 8 && text[5] == ':') second = number(text.substr(6, 2));
  else if (text.size() != 5) return std::nullopt;
  if (!hour || !minute || !second || *hour > 23 || *hour < 0 || *minute > 59 || *minute < 0 || *second > 60) return std::nullopt;
  return hours(*hour) + minutes(*minute) + seconds(*second);
}

Timestamp utc(Date date, Duration since_midnight) {
  return Timestamp{std::int64_t{date.days} * 86'400'000'000'000} + since_midnight;
}

/// Zones are few and looked up for every execution.
const TimeZone* zone_named(std::string_view name) {
  thread_local std::map<std::string, std::optional<TimeZone>, std::less<>> known;
  auto found = known.find(name);
  if (found == known.end()) {
    auto zone = TimeZone::find(name);
    found = known.emplace(std::string(name), zone ? std::optional<TimeZone>(*zone) : std::nullopt).first;
  }
  return found->second ? &*found->second : nullptr;
}

}  // namespace

std::optional<Timestamp> parse_time(std::string_view text, const TimeZone* otherwise) {
  if (text.size() >= 9 && text.find_first_not_of("0123456789") == text.npos) {
    std::int64_t epoch = 0;
    std::from_chars(text.data(), text.data() + text.size(), epoch);
    return text.size() >= 13 ? Timestamp{epoch * 1'000'000} : Timestamp{epoch * 1'000'000'000};
  }
  std::optional<Date> date;
  if (text.size() > 10 && text[4] == '-' && text[7] == '-') {
    const std::string compact = std::string(text.substr(0, 4)) + std::string(text.substr(5, 2)) + std::string(text.substr(8, 2));
    date = compact_date(compact);
    text.remove_prefix(10);
  } else if (text.size() >= 8) {
    date = compact_date(text.substr(0, 8));
    text.remove_prefix(8);
  }
  if (!date) return std::nullopt;
  if (text.empty()) return otherwise != nullptr ? otherwise->to_utc({.date = *date}) : utc(*date, {});
  const bool is_utc = text.front() == '-';
  while (!text.empty() && (text.front() == ' ' || text.front() == '-')) text.remove_prefix(1);
  const std::size_t space = text.find(' ');
  const auto clock = clock_time(text.substr(0, space));
  if (!clock) return std::nullopt;
  if (space != text.npos && !is_utc && !stands(Defence::TimeZones)) return utc(*date, *clock);
  if (space != text.npos && !is_utc) {
    const TimeZone* zone = zone_named(text.substr(space + 1));
    if (zone == nullptr) return std::nullopt;
    return zone->to_utc({.date = *date, .since_midnight = *clock});
  }
  if (is_utc || otherwise == nullptr) return utc(*date, *clock);
  return otherwise->to_utc({.date = *date, .since_midnight = *clock});
}

std::string utc_text(Timestamp at) {
  const std::string iso = to_text(at);  // 2018-01-02T14:30:00...
  return iso.substr(0, 4) + iso.substr(5, 2) + iso.substr(8, 2) + "-" + iso.substr(11, 8);
}

std::optional<Date> parse_date(std::string_view text) {
  const std::size_t end = text.find_first_of(" -");
  text = text.substr(0, end);
  if (text.size() == 6) return compact_date(std::string(text) + "01");
  return compact_date(text);
}

}  // namespace robo::ib
