#include "base/decimal.hpp"

namespace robo {

namespace {

constexpr int digits_of(std::int64_t scale) {
  int digits = 0;
  while (scale > 1) scale /= 10, ++digits;
  return digits;
}

}  // namespace

template <class D>
Result<D, DecimalError> parse_decimal(std::string_view text) {
  constexpr int decimals = digits_of(D::scale);
  if (text.empty()) return fail(DecimalError::Empty);
  std::size_t at = 0;
  const bool negative = text[0] == '-';
  if (text[0] == '-' || text[0] == '+') ++at;
  i128 value = 0;
  int digits = 0, after_point = -1;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '.' && after_point < 0) {
      after_point = 0;
      continue;
    }
    if (c < '0' || c > '9') return fail(DecimalError::NotANumber);
    ++digits;
    if (after_point >= 0 && after_point == decimals) {
      if (c != '0') return fail(DecimalError::TooPrecise);
      continue;
    }
    value = value * 10 + (c - '0');
    if (value > INT64_MAX) return fail(DecimalError::TooLarge);
    if (after_point >= 0) ++after_point;
  }
  if (digits == 0) return fail(DecimalError::NotANumber);
  for (int i = after_point < 0 ? 0 : after_point; i < decimals; ++i) {
    value *= 10;
    if (value > INT64_MAX) return fail(DecimalError::TooLarge);
  }
  return D::from_raw(static_cast<std::int64_t>(negative ? -value : value));
}

template <class D>
std::string to_text(D value) {
  const bool negative = value.raw < 0;
  i128 rest = value.raw;
  if (negative) rest = -rest;
  const auto units = static_cast<std::uint64_t>(rest / D::scale);
  auto fraction = static_cast<std::uint64_t>(rest % D::scale);
  std::string text = negative ? "-" : "";
  text += std::to_string(units);
  if (fraction == 0) return text;
  std::string tail(digits_of(D::scale), '0');
  for (auto it = tail.rbegin(); it != tail.rend(); ++it, fraction /= 10) *it = static_cast<char>('0' + fraction % 10);
  tail.erase(tail.find_last_not_of('0') + 1);
  return text + '.' + tail;
}

template Result<Price, DecimalError> parse_decimal<Price>(std::string_view);
template Result<Quantity, DecimalError> parse_decimal<Quantity>(std::string_view);
template Result<Money, DecimalError> parse_decimal<Money>(std::string_view);
template std::string to_text<Price>(Price);
template std::string to_text<Quantity>(Quantity);
template std::string to_text<Money>(Money);

std::string_view to_text(DecimalError error) {
  switch (error) {
    case DecimalError::Empty: return "is empty";
    case DecimalError::NotANumber: return "is not a plain decimal number";
    case DecimalError::TooLarge: return "is too large";
    case DecimalError::TooPrecise: return "has more digits after the point than we keep";
  }
  return "is not a number";
}

}  // namespace robo
