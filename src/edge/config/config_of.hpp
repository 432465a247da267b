#pragma once
// How TOML becomes a struct with fields<>. Include in .cpp files only, next to ROBO_CONFIG(T).

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <toml++/toml.h>
#include <type_traits>
#include <vector>

#include "base/decimal.hpp"
#include "base/fields.hpp"
#include "base/time.hpp"
#include "edge/config/config.hpp"
#include "model/json/kinds.hpp"

namespace robo::config {

/// Where the reader is, and what it found wrong so far.
class Reading {
 public:
  explicit Reading(std::string_view file) : file_(file) {}
  std::string key{};
  std::uint32_t line{};

  void at(const toml::node& node) {
    if (node.source().begin) line = node.source().begin.line;
  }
  void wrong(std::string_view what);
  [[nodiscard]] std::size_t found() const { return found_.size(); }
  [[nodiscard]] std::vector<Problem> finish();

 private:
  struct Found {
    std::uint32_t line{};
    std::string text{};
  };
  std::string file_;
  std::vector<Found> found_;
};

/// Text of a TOML number for parse_decimal: 0.01, not 1e-2.
[[nodiscard]] std::string decimal_text(const toml::node& node);
/// The kind a person sees: "text", "a whole number", "a table".
[[nodiscard]] std::string_view kind_of(const toml::node& node);
[[nodiscard]] bool read_date(const toml::node& node, Date& out);
[[nodiscard]] bool read_timestamp(const toml::node& node, Timestamp& out);
[[nodiscard]] std::string number_text(double value);
/// Parses; on a syntax error adds it to `reading` and returns nothing.
[[nodiscard]] std::optional<toml::table> parse(std::string_view text, Reading& reading);

template <class T>
void read_node(const toml::node& node, T& out, Reading& reading);

inline void wrong_kind(const toml::node& node, std::string_view wanted, Reading& reading) {
  reading.wrong("has the wrong kind: " + std::string(wanted) + " is expected, this is " + std::string(kind_of(node)));
}

template <class T>
consteval bool required(std::string_view name) {
  if constexpr (requires { T::defaults; }) {
    if constexpr (requires { T::required; }) return std::find(T::required.begin(), T::required.end(), name) != T::required.end();
    else return !T::defaults;
  } else {
    return true;
  }
}

template <class T>
consteval bool ranges_name_members() {
  bool all = true;
  if constexpr (requires { T::ranges; }) {
    for (const auto& range : T::ranges) {
      bool found = false;
      each_field<T>([&](auto field) { found = found || field.name == range.name; });
      all = all && found;
    }
  }
  if constexpr (requires { T::required; }) {
    for (const auto name : T::required) {
      bool found = false;
      each_field<T>([&](auto field) { found = found || field.name == name; });
      all = all && found;
    }
  }
  return all;
}

/// A number as the ranges see it; durations in seconds. Nothing for what is not a number.
template <class V>
std::optional<double> measured(const V& value) {
  if constexpr (json::IsOptional<V>) return value ? measured(*value) : std::nullopt;
  else if constexpr (std::same_as<V, bool>) return std::nullopt;
  else if constexpr (std::is_arithmetic_v<V>) return static_cast<double>(value);
  else if constexpr (json::IsDecimal<V>) return value.to_double();
  else if constexpr (std::same_as<V, Duration>) return value.seconds();
  else if constexpr (json::IsStrong<V>) return static_cast<double>(value.value);
  else return std::nullopt;
}

template <class T>
void check_ranges(const T& out, std::string_view name, Reading& reading) {
  if constexpr (requires { T::ranges; }) {
    each_field<T>([&](auto field) {
      if (field.name != name) return;
      const auto value = measured(out.*field.member);
      for (const auto& range : T::ranges) {
        if (range.name != name || !value || (*value >= range.least && *value <= range.most)) continue;
        reading.wrong(number_text(*value) + " is out of range: " + number_text(range.least) + " to " + number_text(range.most));
      }
    });
  }
}

template <class T>
void read_table(const toml::table& table, T& out, Reading& reading) {
  static_assert(ranges_name_members<T>(), "a name in `ranges` or `required` is not a member");
  const auto here = reading.key;
  const auto below = [&](std::string_view name) { return here.empty() ? std::string(name) : here + "." + std::string(name); };
  std::vector<std::string_view> known;
  each_field<T>([&](auto field) { known.push_back(field.name); });

  each_field<T>([&](auto field) {
    using F = decltype(field);
    reading.key = below(F::name);
    if (const auto* node = table.get(F::name)) {
      reading.at(*node);
      const auto before = reading.found();
      read_node(*node, out.*F::member, reading);
      if (reading.found() == before) check_ranges(out, F::name, reading);
    } else if constexpr (required<T>(F::name) && !json::IsOptional<typename F::Type>) {
      reading.at(table);
      reading.wrong("is missing");
    }
  });
  for (const auto& [name, node] : table) {
    if (std::find(known.begin(), known.end(), name.str()) != known.end()) continue;
    reading.key = below(name.str());
    reading.at(node);
    if (name.source().begin) reading.line = name.source().begin.line;
    const auto meant = nearest(name.str(), known);
    reading.wrong(meant.empty() ? std::string("is not a setting") : "is not a setting; did you mean \"" + std::string(meant) + "\"?");
  }
  reading.key = here;
}

template <class I>
void read_integer(const toml::node& node, I& out, Reading& reading) {
  const auto number = node.value_exact<std::int64_t>();
  if (!number) return wrong_kind(node, "a whole number", reading);
  if (std::in_range<I>(*number)) out = static_cast<I>(*number);
  else reading.wrong(std::to_string(*number) + " is out of range: " + std::to_string(std::numeric_limits<I>::min()) + " to " + std::to_string(std::numeric_limits<I>::max()));
}

template <class T>
void read_enum(const toml::node& node, T& out, Reading& reading) {
  const auto text = node.value_exact<std::string_view>();
  if (!text) return wrong_kind(node, "one of " + json::names_of<T>(), reading);
  for (std::size_t i = 0; i < EnumNames<T>::names.size(); ++i) {
    if (EnumNames<T>::names[i] != *text) continue;
    out = static_cast<T>(i);
    return;
  }
  reading.wrong("\"" + std::string(*text) + "\" is not one of " + json::names_of<T>());
}

template <class T>
void read_list(const toml::node& node, T& out, Reading& reading) {
  const auto* list = node.as_array();
  if (list == nullptr) return wrong_kind(node, "a list", reading);
  const auto here = reading.key;
  std::size_t index = 0;
  if constexpr (requires { out.clear(); }) out.clear();
  for (const auto& item : *list) {
    reading.key = here + "[" + std::to_string(index) + "]";
    reading.at(item);
    if (!json::read_item(out, index, [&](auto& one) { read_node(item, one, reading); })) reading.wrong("is one too many");
    ++index;
  }
  reading.key = here;
}

template <class T>
void read_node(const toml::node& node, T& out, Reading& reading) {
  if constexpr (std::same_as<T, bool>) {
    if (const auto value = node.value_exact<bool>()) out = *value;
    else wrong_kind(node, "true or false", reading);
  } else if constexpr (NamedEnum<T>) {
    read_enum(node, out, reading);
  } else if constexpr (std::integral<T>) {
    read_integer(node, out, reading);
  } else if constexpr (std::floating_point<T>) {
    const auto value = node.is_number() ? node.value<double>() : std::nullopt;
    if (!value) wrong_kind(node, "a number", reading);
    else if (!std::isfinite(*value)) reading.wrong("is not a finite number");
    else out = static_cast<T>(*value);
  } else if constexpr (json::IsDecimal<T>) {
    if (!node.is_number() && !node.is_string()) return wrong_kind(node, "a number", reading);
    const auto number = parse_decimal<T>(decimal_text(node));
    if (number) out = number.value();
    else reading.wrong(robo::to_text(number.error()));
  } else if constexpr (std::same_as<T, Duration>) {
    const auto text = node.value_exact<std::string_view>();
    if (!text || !read_duration(*text, out.ns)) reading.wrong("has the wrong kind: a duration like \"250 ms\", \"10 s\", \"5 min\" or \"1 h\" is expected");
  } else if constexpr (std::same_as<T, Date>) {
    if (!read_date(node, out)) wrong_kind(node, "a date like 2019-02-15", reading);
  } else if constexpr (std::same_as<T, Timestamp>) {
    if (!read_timestamp(node, out)) wrong_kind(node, "a UTC time like 2019-02-15T14:30:00Z", reading);
  } else if constexpr (json::IsStrong<T>) {
    read_node(node, out.value, reading);
  } else if constexpr (json::IsText<T>) {
    const auto text = node.value_exact<std::string_view>();
    if (!text) wrong_kind(node, "text in quotes", reading);
    else if (text->size() > json::capacity_of<T>()) reading.wrong("is too long: at most " + std::to_string(json::capacity_of<T>()) + " bytes");
    else out = T(*text);
  } else if constexpr (json::IsOptional<T>) {
    read_node(node, out.emplace(), reading);
  } else if constexpr (HasFields<T>) {
    if (const auto* table = node.as_table()) read_table(*table, out, reading);
    else wrong_kind(node, "a table", reading);
  } else if constexpr (json::IsMap<T>) {
    const auto* table = node.as_table();
    if (table == nullptr) return wrong_kind(node, "a table", reading);
    const auto here = reading.key;
    for (const auto& [name, item] : *table) {
      reading.key = here.empty() ? std::string(name.str()) : here + "." + std::string(name.str());
      reading.at(item);
      read_node(item, out[std::string(name.str())], reading);
    }
    reading.key = here;
  } else if constexpr (json::IsList<T>) {
    read_list(node, out, reading);
  } else {
    static_assert(sizeof(T) == 0, "this type cannot be a setting: give it fields<>, or EnumNames<> if it is an enum");
  }
}

template <class T>
Result<T, std::vector<Problem>> read(std::string_view toml, std::string_view file) {
  Reading reading(file);
  T out{};
  if (const auto table = parse(toml, reading)) read_table(*table, out, reading);
  auto problems = reading.finish();
  if (!problems.empty()) return fail(std::move(problems));
  return out;
}

}  // namespace robo::config

/// Makes read() of T exist for the linker.
#define ROBO_CONFIG(T) template robo::Result<T, std::vector<robo::Problem>> robo::config::read<T>(std::string_view, std::string_view)
