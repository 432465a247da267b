#include "edge/store/detail/cells.hpp"

#include <charconv>
#include <cmath>

namespace robo::store::detail {

void split_cells(std::string_view line, std::vector<std::string_view>& cells) {
  cells.clear();
  while (true) {
    if (line.starts_with('"')) {
      const auto close = line.find('"', 1);
      if (close != std::string_view::npos && (close + 1 == line.size() || line[close + 1] == ',')) {
        cells.push_back(line.substr(1, close - 1));
        if (close + 1 == line.size()) return;
        line.remove_prefix(close + 2);
        continue;
      }
    }
    const auto comma = line.find(',');
    cells.push_back(line.substr(0, comma));
    if (comma == std::string_view::npos) return;
    line.remove_prefix(comma + 1);
  }
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool same_word(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (lower(a[i]) != lower(b[i])) return false;
  return true;
}

template <class D>
std::optional<ReadDecimal<D>> read_decimal(std::string_view text) {
  text = trimmed(text);
  if (const auto exact = parse_decimal<D>(text)) return ReadDecimal<D>{*exact, false};
  // A number born as a double in somebody's program: 49.27333450317383, 1.36e4.
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  const double limit = 9.0e18 / static_cast<double>(D::scale);
  if (value > limit || value < -limit) return std::nullopt;
  return ReadDecimal<D>{D::nearest(value), true};
}
template std::optional<ReadDecimal<Price>> read_decimal<Price>(std::string_view);
template std::optional<ReadDecimal<Quantity>> read_decimal<Quantity>(std::string_view);

std::optional<std::int64_t> read_integer(std::string_view text) {
  text = trimmed(text);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

namespace {

/// Takes a whole number of at most `digits` digits off the front.
std::optional<int> take_digits(std::string_view& text, std::size_t digits) {
  int value = 0;
  std::size_t n = 0;
  while (n < digits && n < text.size() && text[n] >= '0' && text[n] <= '9') value = value * 10 + (text[n++] - '0');
  if (n == 0) return std::nullopt;
  text.remove_prefix(n);
  return value;
}

bool take(std::string_view& text, char wanted) {
  if (text.empty() || text.front() != wanted) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<Date> take_date(std::string_view& text, DateOrder slashes) {
  const auto first = take_digits(text, 4);
  if (!first || text.empty()) return std::nullopt;
  const char separator = text.front();
  if (separator != '-' && separator != '/') return std::nullopt;
  text.remove_prefix(1);
  const auto second = take_digits(text, 2);
  if (!second || !take(text, separator)) return std::nullopt;
  const auto third = take_digits(text, 4);
  if (!third) return std::nullopt;
  int year = *first, month = *second, day = *third;
  if (separator == '/' && slashes != DateOrder::YearFirst) {
    year = *third;
    month = slashes == DateOrder::MonthFirst ? *first : *second;
    day = slashes == DateOrder::MonthFirst ? *second : *first;
  }
  if (year < 1900 || year > 2200 || month < 1 || month > 12 || day < 1) return std::nullopt;
  constexpr int longest[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  if (day > longest[month - 1] || (month == 2 && day == 29 && !leap)) return std::nullopt;
  return date_of(year, static_cast<unsigned>(month), static_cast<unsigned>(day));
}

std::optional<Duration> take_time(std::string_view& text) {
  const auto hour = take_digits(text, 2);
  if (!hour || !take(text, ':')) return std::nullopt;
  const auto minute = take_digits(text, 2);
  if (!minute || *hour > 24 || *minute > 59) return std::nullopt;
  Duration time = minutes(*hour * 60 + *minute);
  if (take(text, ':')) {
    const auto second = take_digits(text, 2);
    if (!second || *second > 60) return std::nullopt;
    time = time + seconds(*second);
    if (take(text, '.')) {
      std::int64_t unit = 100'000'000;
      std::size_t digits = 0;
      for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1), ++digits, unit /= 10)
        time.ns += (text.front() - '0') * unit;
      if (digits == 0) return std::nullopt;
    }
  }
  if (time > hours(24)) return std::nullopt;
  return time;
}

}  // namespace

std::optional<WallTime> read_wall_time(std::string_view text, DateOrder slashes) {
  text = trimmed(text);
  const auto date = take_date(text, slashes);
  if (!date) return std::nullopt;
  WallTime wall{.local = {.date = *date}};
  if (text.empty()) return wall;
  if (!take(text, 'T') && !take(text, ' ')) return std::nullopt;
  const auto time = take_time(text);
  if (!time) return std::nullopt;
  wall.local.since_midnight = *time;
  wall.has_time = true;
  if (take(text, 'Z')) {
    wall.offset = Duration{};
  } else if (!text.empty() && (text.front() == '+' || text.front() == '-')) {
    const bool west = text.front() == '-';
    text.remove_prefix(1);
    const auto hour = take_digits(text, 2);
    (void)take(text, ':');
    const auto minute = text.empty() ? std::optional<int>(0) : take_digits(text, 2);
    if (!hour || !minute || *hour > 14 || *minute > 59) return std::nullopt;
    wall.offset = minutes((*hour * 60 + *minute) * (west ? -1 : 1));
  }
  if (!text.empty()) return std::nullopt;
  return wall;
}

Timestamp ZoneReader::to_utc(const WallTime& time) {
  const Timestamp as_if_utc{time.local.date.days * hours(24).ns + time.local.since_midnight.ns};
  if (time.offset) return as_if_utc - *time.offset;
  const auto hour = time.local.date.days * std::int64_t{24} + time.local.since_midnight.ns / hours(1).ns;
  if (hour != hour_) {
    const LocalTime start{time.local.date, hours(time.local.since_midnight.ns / hours(1).ns)};
    hour_starts_ = start.since_midnight == hours(24) ? zone_.to_utc({Date{start.date.days + 1}, {}}) : zone_.to_utc(start);
    hour_ = hour;
  }
  return hour_starts_ + nanoseconds(time.local.since_midnight.ns % hours(1).ns);
}

}  // namespace robo::store::detail
