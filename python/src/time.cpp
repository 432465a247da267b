#include "time.hpp"

#include <fmt/core.h>
#include <nanobind/stl/string.h>

#include <array>
#include <charconv>

#include "model/json/json_of.hpp"

namespace nb = nanobind;

namespace robo::python {

namespace {

/// Whole nanoseconds of a timedelta.
std::int64_t nanoseconds_of(const nb::handle& delta) {
  const auto days = nb::cast<std::int64_t>(delta.attr("days")), in_day = nb::cast<std::int64_t>(delta.attr("seconds")), micro = nb::cast<std::int64_t>(delta.attr("microseconds"));
  return days * hours(24).ns + in_day * seconds(1).ns + micro * 1'000;
}

enum class Fault { Type, Value };

[[noreturn]] void refuse(Fault fault, std::string_view what, nb::handle value, std::string_view expected) {
  const auto text = fmt::format("{}: {} is not {}", what, nb::cast<std::string>(nb::repr(value)), expected);
  if (fault == Fault::Type) throw nb::type_error(text.c_str());
  throw nb::value_error(text.c_str());
}

constexpr std::string_view a_time = "a time: a datetime, \"2018-01-02\", \"2018-01-02T14:30:00Z\" or whole nanoseconds since 1970";

}  // namespace

std::optional<Timestamp> time_from(nb::handle value, std::string_view what) {
  if (value.is_none()) return std::nullopt;
  if (nb::isinstance<nb::str>(value)) {
    const auto text = nb::cast<std::string>(value);
    Timestamp at{};
    Date date{};
    if (json::read_date(text, date)) return Timestamp{date.days * hours(24).ns};
    if (json::read_timestamp(text, at)) return at;
    refuse(Fault::Value, what, value, a_time);
  }
  if (nb::isinstance<nb::int_>(value) && !nb::isinstance<nb::bool_>(value)) return Timestamp{nb::cast<std::int64_t>(value)};
  const auto datetime = nb::module_::import_("datetime");
  if (nb::hasattr(value, "asm8") && nb::hasattr(value, "value")) return Timestamp{nb::cast<std::int64_t>(value.attr("value"))};  // pandas.Timestamp
  if (nb::isinstance(value, datetime.attr("datetime"))) {
    const auto utc = datetime.attr("timezone").attr("utc");
    const nb::object aware = value.attr("tzinfo").is_none() ? value.attr("replace")(nb::arg("tzinfo") = utc) : nb::borrow(value);
    return Timestamp{nanoseconds_of(aware - datetime.attr("datetime")(1970, 1, 1, nb::arg("tzinfo") = utc))};
  }
  if (nb::isinstance(value, datetime.attr("date"))) return Timestamp{nanoseconds_of(nb::borrow(value) - datetime.attr("date")(1970, 1, 1))};
  if (nb::hasattr(value, "astype") && nb::hasattr(value, "dtype")) return Timestamp{nb::cast<std::int64_t>(nb::int_(nb::borrow(value.attr("astype")("datetime64[ns]").attr("astype")("int64"))))};
  refuse(Fault::Type, what, value, a_time);
}

std::optional<Duration> timeframe_named(std::string_view word) {
  if (word == "tick" || word == "ticks") return Duration{};
  double number = 0;
  const auto [rest, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (error != std::errc{} || !(number > 0)) return std::nullopt;
  std::string_view unit(rest, static_cast<std::size_t>(word.data() + word.size() - rest));
  while (unit.starts_with(' ')) unit.remove_prefix(1);
  static constexpr std::array<std::pair<std::string_view, Duration>, 8> units{
      {{"us", microseconds(1)}, {"ms", milliseconds(1)}, {"s", seconds(1)}, {"m", minutes(1)}, {"min", minutes(1)}, {"h", hours(1)}, {"d", hours(24)}, {"D", hours(24)}}};
  for (const auto& [name, length] : units)
    if (unit == name) return Duration{static_cast<std::int64_t>(number * static_cast<double>(length.ns) + 0.5)};
  return std::nullopt;
}

std::optional<Duration> duration_from(nb::handle value, std::string_view what) {
  if (value.is_none()) return std::nullopt;
  constexpr std::string_view expected = "a length of time: a timedelta, \"5s\", \"250 ms\" or whole nanoseconds";
  if (nb::isinstance<nb::str>(value)) {
    if (const auto length = timeframe_named(nb::cast<std::string>(value)); length && length->ns > 0) return length;
    refuse(Fault::Value, what, value, expected);
  }
  if (nb::isinstance<nb::int_>(value) && !nb::isinstance<nb::bool_>(value)) return Duration{nb::cast<std::int64_t>(value)};
  if (nb::isinstance(value, nb::module_::import_("datetime").attr("timedelta"))) return Duration{nanoseconds_of(value)};
  refuse(Fault::Type, what, value, expected);
}

}  // namespace robo::python
