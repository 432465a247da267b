#pragma once
// How JSON is made of fields<>. Include in .cpp files only, next to ROBO_JSON(T).

#include <boost/json.hpp>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "base/decimal.hpp"
#include "base/fields.hpp"
#include "base/strong.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "model/json/json.hpp"
#include "model/json/kinds.hpp"

namespace robo::json {

namespace bj = boost::json;

/// Where the reader is, and what it found wrong so far.
struct Reading {
  std::string path{};
  std::vector<Problem> problems{};

  void wrong(std::string_view what) { problems.push_back({(path.empty() ? std::string("body") : path) + ": " + std::string(what)}); }
};

[[nodiscard]] bool read_timestamp(std::string_view text, Timestamp& out);
[[nodiscard]] bool read_date(std::string_view text, Date& out);
/// `text` as a JSON string; what is not UTF-8 (a cut character, bytes of a stranger) becomes U+FFFD, for a page closes a
/// connection that sends anything else.
[[nodiscard]] bj::string utf8(std::string_view text, const bj::storage_ptr& memory);
/// Text of a JSON number as written by people: 105.26, never 1.0526E2.
[[nodiscard]] std::string plain_number(const bj::value& number);
[[nodiscard]] Result<bj::value, std::vector<Problem>> parse(std::string_view text, bj::storage_ptr memory);

// ---- writing ---------------------------------------------------------------------------------------------------------

template <class T>
bj::value value_of(const T& value, const bj::storage_ptr& memory) {
  using Plain = std::remove_cv_t<T>;
  if constexpr (std::same_as<Plain, bool>) return bj::value(value, memory);
  else if constexpr (NamedEnum<Plain>) return bj::value(robo::to_text(value), memory);
  else if constexpr (std::is_enum_v<Plain>) return bj::value(static_cast<std::int64_t>(value), memory);
  else if constexpr (std::integral<Plain>) return bj::value(value, memory);
  else if constexpr (std::floating_point<Plain>) return std::isfinite(value) ? bj::value(value, memory) : bj::value(nullptr, memory);
  else if constexpr (IsDecimal<Plain> || std::same_as<Plain, Timestamp> || std::same_as<Plain, Date>) return bj::value(bj::string(robo::to_text(value), memory));
  else if constexpr (std::same_as<Plain, Duration>) return bj::value(value.ns, memory);
  else if constexpr (IsStrong<Plain>) return value_of(value.value, memory);
  else if constexpr (IsText<Plain>) return bj::value(utf8(text_of(value), memory));
  else if constexpr (IsOptional<Plain>) return value ? value_of(*value, memory) : bj::value(nullptr, memory);
  else if constexpr (IsVariant<Plain>) {
    return std::visit([&](const auto& one) {
      using One = std::remove_cvref_t<decltype(one)>;
      bj::object object(memory);
      object.emplace("kind", type_name<One>());
      if constexpr (HasFields<One>) {
        each_field<One>([&](auto field) { object.emplace(field.name, value_of(one.*field.member, memory)); });
      }
      return bj::value(std::move(object));
    }, value);
  } else if constexpr (HasFields<Plain>) {
    bj::object object(memory);
    object.reserve(Plain::fields::count);
    each_field<Plain>([&](auto field) { object.emplace(field.name, value_of(value.*field.member, memory)); });
    return bj::value(std::move(object));
  } else if constexpr (IsMap<Plain>) {
    bj::object object(memory);
    for (const auto& [key, item] : value) object.emplace(std::string_view(utf8(key, memory)), value_of(item, memory));
    return bj::value(std::move(object));
  } else if constexpr (IsList<Plain>) {
    bj::array array(memory);
    array.reserve(std::size(value));
    for (const auto& item : value) array.push_back(value_of(item, memory));
    return bj::value(std::move(array));
  } else {
    static_assert(sizeof(T) == 0, "this type has no JSON: give it fields<>, or EnumNames<> if it is an enum");
  }
}

template <class T>
std::string to_json(const T& value) {
  bj::monotonic_resource memory;
  return bj::serialize(value_of(value, bj::storage_ptr(&memory)));
}

// ---- reading ---------------------------------------------------------------------------------------------------------

template <class T>
void read(const bj::value& json, T& out, Reading& reading);

template <class T>
void read_members(const bj::object& object, T& out, Reading& reading, std::string_view also_known = {}) {
  const auto here = reading.path;
  each_field<T>([&](auto field) {
    reading.path = here.empty() ? std::string(field.name) : here + "." + std::string(field.name);
    const auto found = object.find(field.name);
    if (found != object.end()) read(found->value(), out.*field.member, reading);
    else if constexpr (!IsOptional<std::remove_cvref_t<decltype(out.*field.member)>>) reading.wrong("is missing");
  });
  for (const auto& member : object) {
    bool known = std::string_view(member.key()) == also_known && !also_known.empty();
    each_field<T>([&](auto field) { known = known || field.name == std::string_view(member.key()); });
    reading.path = here.empty() ? std::string(member.key()) : here + "." + std::string(member.key());
    if (!known) reading.wrong("is not a member");
  }
  reading.path = here;
}

template <class V>
void read_variant(const bj::value& json, V& out, Reading& reading) {
  const auto* object = json.if_object();
  const auto* kind = object != nullptr ? object->if_contains("kind") : nullptr;
  if (kind == nullptr || !kind->is_string()) return reading.wrong("has the wrong kind: an object with \"kind\" is expected");
  bool known = false;
  [&]<class... One>(std::type_identity<std::variant<One...>>) {
    ([&] {
      if (type_name<One>() != std::string_view(kind->get_string())) return;
      known = true;
      One one{};
      if constexpr (HasFields<One>) read_members(*object, one, reading, "kind");
      out = std::move(one);
    }(), ...);
  }(std::type_identity<V>{});
  if (!known) reading.wrong("kind \"" + std::string(kind->get_string()) + "\" is not known");
}

template <class I>
void read_integer(const bj::value& json, I& out, Reading& reading) {
  const auto out_of_range = [&] {
    reading.wrong("is out of range: " + std::to_string(std::numeric_limits<I>::min()) + " to " +
                  std::to_string(std::numeric_limits<I>::max()));
  };
  if (json.is_int64()) {
    if (std::in_range<I>(json.get_int64())) out = static_cast<I>(json.get_int64());
    else out_of_range();
  } else if (json.is_uint64()) {
    if (std::in_range<I>(json.get_uint64())) out = static_cast<I>(json.get_uint64());
    else out_of_range();
  } else if (json.is_double() && std::trunc(json.get_double()) == json.get_double()) {
    out_of_range();
  } else {
    reading.wrong("has the wrong kind: a whole number is expected");
  }
}

template <class T>
void read(const bj::value& json, T& out, Reading& reading) {
  if constexpr (std::same_as<T, bool>) {
    if (json.is_bool()) out = json.get_bool();
    else reading.wrong("has the wrong kind: true or false is expected");
  } else if constexpr (NamedEnum<T>) {
    if (!json.is_string()) return reading.wrong("has the wrong kind: one of " + names_of<T>() + " is expected");
    for (std::size_t i = 0; i < EnumNames<T>::names.size(); ++i) {
      if (EnumNames<T>::names[i] == std::string_view(json.get_string())) {
        out = static_cast<T>(i);
        return;
      }
    }
    reading.wrong("\"" + std::string(json.get_string()) + "\" is not one of " + names_of<T>());
  } else if constexpr (std::is_enum_v<T>) {
    std::underlying_type_t<T> number{};
    read_integer(json, number, reading);
    out = static_cast<T>(number);
  } else if constexpr (std::integral<T>) {
    read_integer(json, out, reading);
  } else if constexpr (std::floating_point<T>) {
    if (json.is_number()) out = json.to_number<T>();
    else reading.wrong("has the wrong kind: a number is expected");
  } else if constexpr (IsDecimal<T>) {
    if (!json.is_string() && !json.is_number()) return reading.wrong("has the wrong kind: a decimal is expected, as text or number");
    const auto number = parse_decimal<T>(json.is_string() ? std::string(json.get_string()) : plain_number(json));
    if (number) out = number.value();
    else reading.wrong(robo::to_text(number.error()));
  } else if constexpr (std::same_as<T, Timestamp>) {
    if (!json.is_string() || !read_timestamp(json.get_string(), out)) reading.wrong("has the wrong kind: a UTC time like 2019-02-15T14:30:00Z is expected");
  } else if constexpr (std::same_as<T, Date>) {
    if (!json.is_string() || !read_date(json.get_string(), out)) reading.wrong("has the wrong kind: a date like 2019-02-15 is expected");
  } else if constexpr (std::same_as<T, Duration>) {
    read_integer(json, out.ns, reading);
  } else if constexpr (IsStrong<T>) {
    read(json, out.value, reading);
  } else if constexpr (IsText<T>) {
    if (!json.is_string()) return reading.wrong("has the wrong kind: text is expected");
    const std::string_view text = json.get_string();
    if (text.size() > capacity_of<T>()) return reading.wrong("is too long: at most " + std::to_string(capacity_of<T>()) + " bytes");
    out = T(text);
  } else if constexpr (IsOptional<T>) {
    if (json.is_null()) out.reset();
    else read(json, out.emplace(), reading);
  } else if constexpr (IsVariant<T>) {
    read_variant(json, out, reading);
  } else if constexpr (HasFields<T>) {
    if (json.is_object()) read_members(json.get_object(), out, reading);
    else reading.wrong("has the wrong kind: an object is expected");
  } else if constexpr (IsMap<T>) {
    if (!json.is_object()) return reading.wrong("has the wrong kind: an object is expected");
    const auto here = reading.path;
    for (const auto& member : json.get_object()) {
      reading.path = here + "." + std::string(member.key());
      read(member.value(), out[std::string(member.key())], reading);
    }
    reading.path = here;
  } else if constexpr (IsList<T>) {
    if (!json.is_array()) return reading.wrong("has the wrong kind: a list is expected");
    const auto here = reading.path;
    std::size_t index = 0;
    for (const auto& item : json.get_array()) {
      reading.path = here + "[" + std::to_string(index) + "]";
      if (!read_item(out, index, [&](auto& one) { read(item, one, reading); })) reading.wrong("is one too many");
      ++index;
    }
    reading.path = here;
  } else {
    static_assert(sizeof(T) == 0, "this type has no JSON: give it fields<>, or EnumNames<> if it is an enum");
  }
}

template <class T>
Result<T, std::vector<Problem>> from_json(std::string_view text) {
  bj::monotonic_resource memory;
  auto json = parse(text, bj::storage_ptr(&memory));
  if (!json) return fail(std::move(json.error()));
  Reading reading;
  T out{};
  read(json.value(), out, reading);
  if (!reading.problems.empty()) return fail(std::move(reading.problems));
  return out;
}

}  // namespace robo::json

/// Makes to_json and from_json of T exist for the linker.
#define ROBO_JSON(T)                                               \
  template std::string robo::json::to_json<T>(const T&);           \
  template robo::Result<T, std::vector<robo::Problem>> robo::json::from_json<T>(std::string_view)
