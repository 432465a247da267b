#include "edge/config/config_of.hpp"

#include <charconv>

namespace robo::config {

void Reading::wrong(std::string_view what) {
  found_.push_back({line, file_ + ":" + std::to_string(line) + ": " + (key.empty() ? "" : key + ": ") + std::string(what)});
}

std::vector<Problem> Reading::finish() {
  std::stable_sort(found_.begin(), found_.end(), [](const Found& a, const Found& b) { return a.line < b.line; });
  std::vector<Problem> out;
  out.reserve(found_.size());
  for (auto& found : found_) out.push_back({std::move(found.text)});
  return out;
}

std::optional<toml::table> parse(std::string_view text, Reading& reading) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    reading.line = error.source().begin.line;
    reading.wrong("is not TOML: " + std::string(error.description()));
    return std::nullopt;
  }
}

std::string decimal_text(const toml::node& node) {
  if (const auto text = node.value_exact<std::string>()) return *text;
  if (const auto whole = node.value_exact<std::int64_t>()) return std::to_string(*whole);
  char text[400];
  const auto [end, error] = std::to_chars(std::begin(text), std::end(text), node.value_or(0.0), std::chars_format::fixed);
  return error == std::errc{} ? std::string(text, end) : std::string();
}

std::string_view kind_of(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::table: return "a table";
    case toml::node_type::array: return "a list";
    case toml::node_type::string: return "text";
    case toml::node_type::integer: return "a whole number";
    case toml::node_type::floating_point: return "a number";
    case toml::node_type::boolean: return "true or false";
    case toml::node_type::date: return "a date";
    case toml::node_type::time: return "a time of day";
    case toml::node_type::date_time: return "a date and time";
    case toml::node_type::none: break;
  }
  return "nothing";
}

bool read_date(const toml::node& node, Date& out) {
  const auto date = node.value_exact<toml::date>();
  if (!date) return false;
  out = date_of(date->year, date->month, date->day);
  return true;
}

bool read_timestamp(const toml::node& node, Timestamp& out) {
  const auto at = node.value_exact<toml::date_time>();
  if (!at || !at->offset || at->date.year < 1700 || at->date.year > 2200) return false;  // 64 bits of nanoseconds
  const auto day = date_of(at->date.year, at->date.month, at->date.day);
  const std::int64_t minutes_of_day = at->time.hour * 60 + at->time.minute - at->offset->minutes;
  out = Timestamp{std::int64_t{day.days} * 86'400'000'000'000 + minutes(minutes_of_day).ns + seconds(at->time.second).ns + at->time.nanosecond};
  return true;
}

std::string number_text(double value) {
  char text[64];
  const auto [end, error] = std::to_chars(std::begin(text), std::end(text), value);
  return error == std::errc{} ? std::string(text, end) : "?";
}

}  // namespace robo::config
