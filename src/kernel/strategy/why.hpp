#pragma once
// The sentence beside a signal: numbers first, no allocation, cut where it is too long.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <concepts>
#include <optional>

#include "base/text.hpp"

namespace robo::strategy {

namespace detail {

/// Writes what signals are made of (whole numbers, text, doubles with up to six places) as fmt does, in a tenth of its time.
class QuickWriter {
 public:
  QuickWriter(char* at, char* end) : at_(at), end_(end) {}
  [[nodiscard]] char* at() const { return at_; }

  void write(std::string_view text) {
    const auto room = std::min(text.size(), static_cast<std::size_t>(end_ - at_));
    at_ = std::copy_n(text.data(), room, at_);
  }
  /// False: this form is not known here.
  template <class T>
  bool write(const T& value, std::string_view form) {
    if constexpr (std::convertible_to<T, std::string_view>) {
      if (!form.empty()) return false;
      write(std::string_view(value));
      return true;
    } else if constexpr (std::floating_point<T>) {
      return write_double(static_cast<double>(value), form);
    } else if constexpr (std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char>) {
      if (!form.empty()) return false;
      char digits[24];
      write({digits, static_cast<std::size_t>(std::to_chars(digits, digits + sizeof digits, value).ptr - digits)});
      return true;
    } else {
      return false;
    }
  }

 private:
  bool write_double(double value, std::string_view form) {
    const bool plus = form.starts_with('+');
    if (plus) form.remove_prefix(1);
    int places = 0;
    if (form.size() == 3 && form[0] == '.' && form[1] >= '0' && form[1] <= '6' && form[2] == 'f') places = form[1] - '0';
    else if (!(form == "g" && value == std::trunc(value) && std::fabs(value) < 1e5)) return false;
    constexpr double powers[]{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};
    const double scaled = std::nearbyint(std::fabs(value) * powers[places]);
    if (!(scaled < 1e15)) return false;
    if (std::signbit(value)) write("-");
    else if (plus) write("+");
    char digits[24];
    const auto power = static_cast<std::uint64_t>(powers[places]), whole = static_cast<std::uint64_t>(scaled);
    auto* const end = std::to_chars(digits, digits + sizeof digits, whole / power).ptr;
    write({digits, static_cast<std::size_t>(end - digits)});
    if (places == 0) return true;
    char fraction[8]{'.'};
    auto rest = whole % power;
    for (int i = places; i > 0; --i, rest /= 10) fraction[i] = static_cast<char>('0' + rest % 10);
    write({fraction, static_cast<std::size_t>(places) + 1});
    return true;
  }
  char *at_, *end_;
};

/// Up to the next argument: its form, between ':' and '}'. Nothing: no argument any more, or a form of fmt's own.
inline std::optional<std::string_view> next_form(QuickWriter& out, std::string_view& format) {
  const auto open = format.find('{');
  if (open == std::string_view::npos) return std::nullopt;
  const auto close = format.find('}', open);
  if (close == std::string_view::npos || format.substr(0, open).find('}') != std::string_view::npos) return std::nullopt;
  auto form = format.substr(open + 1, close - open - 1);
  if (!form.empty() && form[0] != ':') return std::nullopt;
  if (!form.empty()) form.remove_prefix(1);
  out.write(format.substr(0, open));
  format.remove_prefix(close + 1);
  return form;
}

template <class... Args>
char* write_quickly(char* at, char* end, std::string_view format, const Args&... args) {
  QuickWriter out(at, end);
  [[maybe_unused]] const auto one = [&](const auto& arg) {
    const auto form = next_form(out, format);
    return form && out.write(arg, *form);
  };
  if (!(one(args) && ...) || format.find_first_of("{}") != std::string_view::npos) return nullptr;
  out.write(format);
  return out.at();
}

}  // namespace detail

template <std::size_t N, class... Args>
FixedText<N> sentence(fmt::format_string<Args...> format, Args&&... args) {
  FixedText<N> text;
  const fmt::string_view form = format;
  if (const char* end = detail::write_quickly(text.bytes.data(), text.bytes.data() + N, {form.data(), form.size()}, args...)) {
    text.size = static_cast<std::uint16_t>(end - text.bytes.data());
    return text;
  }
  text.bytes.fill('\0');
  const auto end = fmt::format_to_n(text.bytes.data(), N, format, std::forward<Args>(args)...);
  text.size = static_cast<std::uint16_t>(std::min(end.size, N));
  return text;
}

template <class... Args>
FixedText<80> why(fmt::format_string<Args...> format, Args&&... args) {
  return sentence<80>(format, std::forward<Args>(args)...);
}

}  // namespace robo::strategy
