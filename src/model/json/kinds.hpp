#pragma once
// Which kind of value a type is, for the writers that follow fields<>: JSON, schemas, TOML.

#include <array>
#include <concepts>
#include <cstddef>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/decimal.hpp"
#include "base/fields.hpp"
#include "base/fixed_vector.hpp"
#include "base/strong.hpp"
#include "base/text.hpp"

namespace robo::json {

template <class T> inline constexpr bool is_decimal = false;
template <class Tag, std::int64_t S> inline constexpr bool is_decimal<Decimal<Tag, S>> = true;
template <class T> concept IsDecimal = is_decimal<T>;

template <class T> inline constexpr bool is_strong = false;
template <class Tag, class R> inline constexpr bool is_strong<Strong<Tag, R>> = true;
template <class T> concept IsStrong = is_strong<T>;

template <class T> inline constexpr bool is_text = false;
template <> inline constexpr bool is_text<std::string> = true;
template <std::size_t N> inline constexpr bool is_text<FixedText<N>> = true;
template <class T> concept IsText = is_text<T>;

template <class T> inline constexpr bool is_optional = false;
template <class T> inline constexpr bool is_optional<std::optional<T>> = true;
template <class T> concept IsOptional = is_optional<T>;

template <class T> inline constexpr bool is_variant = false;
template <class... T> inline constexpr bool is_variant<std::variant<T...>> = true;
template <class T> concept IsVariant = is_variant<T>;

template <class T> inline constexpr bool is_map = false;
template <class T> inline constexpr bool is_map<std::map<std::string, T>> = true;
template <class T> concept IsMap = is_map<T>;

template <class T> inline constexpr bool is_list = false;
template <class T> inline constexpr bool is_list<std::vector<T>> = true;
template <class T, std::size_t N> inline constexpr bool is_list<std::array<T, N>> = true;
template <class T, std::size_t N> inline constexpr bool is_list<FixedVector<T, N>> = true;
template <class T> concept IsList = is_list<T>;

inline std::string_view text_of(const std::string& text) { return text; }
template <std::size_t N>
std::string_view text_of(const FixedText<N>& text) { return text.view(); }

template <class T>
constexpr std::size_t capacity_of() { return std::numeric_limits<std::size_t>::max(); }
template <class T>
  requires requires { T{}.bytes.size(); }
constexpr std::size_t capacity_of() { return T{}.bytes.size(); }

template <class T, class F>
bool read_item(std::vector<T>& list, std::size_t, F&& f) {
  f(list.emplace_back());
  return true;
}
template <class T, std::size_t N, class F>
bool read_item(std::array<T, N>& list, std::size_t index, F&& f) {
  if (index >= N) return false;
  f(list[index]);
  return true;
}
template <class T, std::size_t N, class F>
bool read_item(FixedVector<T, N>& list, std::size_t index, F&& f) {
  if (index >= N) return false;
  T item{};
  f(item);
  list.push_back(item);
  return true;
}

/// The type's own name, without namespaces: "Limit".
template <class T>
consteval std::string_view type_name() {
  std::string_view s = __PRETTY_FUNCTION__;
  s = s.substr(s.find("T = ") + 4);
  s = s.substr(0, s.find_first_of(";]"));
  const auto colon = s.rfind(':');
  return colon == std::string_view::npos ? s : s.substr(colon + 1);
}

/// buy, sell
template <NamedEnum E>
std::string names_of() {
  std::string all;
  for (const auto name : EnumNames<E>::names) {
    if (!all.empty()) all += ", ";
    all += name;
  }
  return all;
}

}  // namespace robo::json
