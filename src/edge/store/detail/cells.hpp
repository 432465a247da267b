#pragma once
// The cells of a CSV row and the numbers and times in them. Every function takes any bytes.

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/decimal.hpp"
#include "base/time.hpp"
#include "base/time_zone.hpp"

namespace robo::store::detail {

/// Cells between commas; a cell in double quotes may hold commas. Views into `line`.
void split_cells(std::string_view line, std::vector<std::string_view>& cells);

[[nodiscard]] std::string_view trimmed(std::string_view text);
/// ASCII letters without regard to case.
[[nodiscard]] bool same_word(std::string_view a, std::string_view b);

/// A decimal of a file: exact where it fits; more digits than the scale holds are rounded (a repair), exponents are read.
template <class D>
struct ReadDecimal {
  D value{};
  bool rounded{};
};
template <class D>
[[nodiscard]] std::optional<ReadDecimal<D>> read_decimal(std::string_view text);
extern template std::optional<ReadDecimal<Price>> read_decimal<Price>(std::string_view);
extern template std::optional<ReadDecimal<Quantity>> read_decimal<Quantity>(std::string_view);

[[nodiscard]] std::optional<std::int64_t> read_integer(std::string_view text);

enum class DateOrder : std::uint8_t { YearFirst, MonthFirst, DayFirst };

struct WallTime {
  LocalTime local{};
  bool has_time{};
  std::optional<Duration> offset{};  // the text names one: Z, +02:00
};

/// 2018-01-02, 1/2/2018 (by `slashes`), with 09:30, 9:30, T09:30:00.123456789, and Z or an offset behind. Years 1900-2200.
[[nodiscard]] std::optional<WallTime> read_wall_time(std::string_view text, DateOrder slashes);

/// Wall clock to UTC; asks the zone once an hour of data, not once a row.
class ZoneReader {
 public:
  explicit ZoneReader(TimeZone zone) : zone_(std::move(zone)) {}
  [[nodiscard]] Timestamp to_utc(const WallTime& time);
  [[nodiscard]] const TimeZone& zone() const { return zone_; }

 private:
  TimeZone zone_;
  std::int64_t hour_ = INT64_MIN;
  Timestamp hour_starts_{};
};

}  // namespace robo::store::detail
