#pragma once
// Time in UTC nanoseconds since 1970. Two points in time can be subtracted, never added.

#include <compare>
#include <cstdint>
#include <string>

namespace robo {

struct Duration {
  std::int64_t ns{};
  friend constexpr auto operator<=>(Duration, Duration) = default;
  friend constexpr Duration operator+(Duration a, Duration b) { return {a.ns + b.ns}; }
  friend constexpr Duration operator-(Duration a, Duration b) { return {a.ns - b.ns}; }
  friend constexpr Duration operator*(Duration a, std::int64_t n) { return {a.ns * n}; }
  constexpr double seconds() const { return static_cast<double>(ns) * 1e-9; }
};

constexpr Duration nanoseconds(std::int64_t n) { return {n}; }
constexpr Duration microseconds(std::int64_t n) { return {n * 1'000}; }
constexpr Duration milliseconds(std::int64_t n) { return {n * 1'000'000}; }
constexpr Duration seconds(std::int64_t n) { return {n * 1'000'000'000}; }
constexpr Duration minutes(std::int64_t n) { return seconds(n * 60); }
constexpr Duration hours(std::int64_t n) { return seconds(n * 3600); }

struct Timestamp {
  std::int64_t ns{};
  friend constexpr auto operator<=>(Timestamp, Timestamp) = default;
};

constexpr Duration operator-(Timestamp a, Timestamp b) { return {a.ns - b.ns}; }
constexpr Timestamp operator+(Timestamp t, Duration d) { return {t.ns + d.ns}; }
constexpr Timestamp operator-(Timestamp t, Duration d) { return {t.ns - d.ns}; }

/// 2018-01-02T14:30:00.123456789Z; fractions only as far as they are not zero.
[[nodiscard]] std::string to_text(Timestamp at);

/// Days since 1970-01-01, in no zone: a calendar date.
struct Date {
  std::int32_t days{};
  friend constexpr auto operator<=>(Date, Date) = default;
};

[[nodiscard]] Date date_of(int year, unsigned month, unsigned day);
[[nodiscard]] std::string to_text(Date date);  // 2018-01-02

}  // namespace robo
