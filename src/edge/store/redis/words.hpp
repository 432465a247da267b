#pragma once
// Members of flat structs as the words of a hash, and back. What only counts within a session (instrument and strategy numbers)
// is left out: the key says it by name.

#include <charconv>
#include <map>
#include <string>

#include "base/decimal.hpp"
#include "base/fields.hpp"
#include "base/strong.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "edge/store/redis/connection.hpp"
#include "model/ids.hpp"

namespace robo::store::redis {

template <class Tag, std::int64_t Scale>
std::string word_of(Decimal<Tag, Scale> value) { return to_text(value); }
inline std::string word_of(bool value) { return value ? "1" : "0"; }
inline std::string word_of(double value) {
  char digits[32];
  return {digits, std::to_chars(digits, digits + sizeof digits, value).ptr};
}
template <class I>
  requires(std::is_integral_v<I> && !std::is_same_v<I, bool>)
std::string word_of(I value) { return std::to_string(value); }
template <NamedEnum E>
std::string word_of(E value) { return std::string(to_text(value)); }
template <std::size_t N>
std::string word_of(const FixedText<N>& text) { return std::string(text.view()); }

template <class Tag, std::int64_t Scale>
bool read_word(std::string_view word, Decimal<Tag, Scale>& out) {
  const auto parsed = parse_decimal<Decimal<Tag, Scale>>(word);
  if (parsed) out = *parsed;
  return parsed.has_value();
}
inline bool read_word(std::string_view word, bool& out) { return out = word == "1", word == "0" || word == "1"; }
template <class N>
  requires(std::is_arithmetic_v<N> && !std::is_same_v<N, bool>)
bool read_word(std::string_view word, N& out) {
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), out);
  return error == std::errc{} && end == word.data() + word.size();
}
template <NamedEnum E>
bool read_word(std::string_view word, E& out) {
  for (std::size_t i = 0; i < EnumNames<E>::names.size(); ++i)
    if (EnumNames<E>::names[i] == word) return out = static_cast<E>(i), true;
  return false;
}
template <std::size_t N>
bool read_word(std::string_view word, FixedText<N>& out) { return out = FixedText<N>(word), true; }

template <class T>
inline constexpr bool is_a_word = requires(const T& value) { word_of(value); };

/// "bid" "100.25" "ask" "100.26" ...
template <HasFields T>
void put_words(Commands& out, const T& value) {
  each_field<T>([&](auto field) {
    if constexpr (is_a_word<typename decltype(field)::Type>) out.word(decltype(field)::name).word(word_of(value.*decltype(field)::member));
  });
}
/// False: a member is missing or cannot be read.
template <HasFields T>
bool read_words(const std::map<std::string, std::string>& words, T& out) {
  bool good = true;
  each_field<T>([&](auto field) {
    if constexpr (is_a_word<typename decltype(field)::Type>) {
      const auto found = words.find(std::string(decltype(field)::name));
      good = good && found != words.end() && read_word(found->second, out.*decltype(field)::member);
    }
  });
  return good;
}

}  // namespace robo::store::redis
