#pragma once
// Fixed-point decimals for everything that is money. Arithmetic is checked: an overflow is a bug of ours (INVARIANT),
// because every number from outside is range-checked where it enters. Doubles are for features, never for these.

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/invariant.hpp"
#include "base/result.hpp"

namespace robo {

__extension__ using i128 = __int128;

enum class DecimalError : std::uint8_t { Empty, NotANumber, TooLarge, TooPrecise };

/// A decimal of `Scale` units to one, in 64 bits. Tag keeps prices, quantities and money apart.
template <class Tag, std::int64_t Scale>
struct Decimal {
  static constexpr std::int64_t scale = Scale;
  std::int64_t raw{};

  constexpr Decimal() = default;
  static constexpr Decimal from_raw(std::int64_t r) {
    Decimal d;
    d.raw = r;
    return d;
  }
  /// Whole units: whole(5) is 5.0.
  static constexpr Decimal whole(std::int64_t units) {
    std::int64_t r = 0;
    INVARIANT(!__builtin_mul_overflow(units, Scale, &r));
    return from_raw(r);
  }
  /// Nearest representable value, half away from zero. For values that were born as doubles (indicators, limits).
  static constexpr Decimal nearest(double value) {
    const double scaled = value * static_cast<double>(Scale);
    INVARIANT(scaled < 9.2e18 && scaled > -9.2e18);
    return from_raw(static_cast<std::int64_t>(scaled < 0 ? scaled - 0.5 : scaled + 0.5));
  }

  constexpr double to_double() const { return static_cast<double>(raw) / static_cast<double>(Scale); }
  constexpr bool is_zero() const { return raw == 0; }
  constexpr bool is_positive() const { return raw > 0; }
  constexpr bool is_negative() const { return raw < 0; }
  constexpr int sign() const { return (raw > 0) - (raw < 0); }
  constexpr Decimal abs() const { return raw < 0 ? -*this : *this; }

  friend constexpr auto operator<=>(Decimal, Decimal) = default;
  friend constexpr Decimal operator+(Decimal a, Decimal b) {
    std::int64_t r = 0;
    INVARIANT(!__builtin_add_overflow(a.raw, b.raw, &r));
    return from_raw(r);
  }
  friend constexpr Decimal operator-(Decimal a, Decimal b) {
    std::int64_t r = 0;
    INVARIANT(!__builtin_sub_overflow(a.raw, b.raw, &r));
    return from_raw(r);
  }
  friend constexpr Decimal operator-(Decimal a) { return Decimal{} - a; }
  friend constexpr Decimal operator*(Decimal a, std::int64_t n) {
    std::int64_t r = 0;
    INVARIANT(!__builtin_mul_overflow(a.raw, n, &r));
    return from_raw(r);
  }
  constexpr Decimal& operator+=(Decimal b) { return *this = *this + b; }
  constexpr Decimal& operator-=(Decimal b) { return *this = *this - b; }
};

using Price = Decimal<struct PriceTag, 1'000'000'000>;        // 1e-9 of the quote currency
using Quantity = Decimal<struct QuantityTag, 100'000'000>;    // 1e-8 of a share, contract or coin; signed where it is a position
using Money = Decimal<struct MoneyTag, 1'000'000>;            // 1e-6 of a currency

constexpr Quantity shares(std::int64_t n) { return Quantity::whole(n); }
/// price(412, 30) is 412.30.
constexpr Price price(std::int64_t units, std::int64_t cents = 0) {
  return Price::from_raw(units * Price::scale + cents * (Price::scale / 100));
}

/// Divides rounding half away from zero, as statements do.
constexpr i128 divide_rounded(i128 numerator, i128 denominator) {
  const bool negative = (numerator < 0) != (denominator < 0);
  const i128 n = numerator < 0 ? -numerator : numerator;
  const i128 d = denominator < 0 ? -denominator : denominator;
  const i128 q = (n + d / 2) / d;
  return negative ? -q : q;
}

constexpr std::int64_t narrow(i128 value) {
  INVARIANT(value <= INT64_MAX && value >= INT64_MIN);
  return static_cast<std::int64_t>(value);
}

/// price x quantity x multiplier in money, rounded half away from zero to 1e-6.
constexpr Money notional(Price price, Quantity quantity, std::int64_t multiplier = 1) {
  constexpr i128 unit = i128{Price::scale} * Quantity::scale / Money::scale;
  return Money::from_raw(narrow(divide_rounded(i128{price.raw} * quantity.raw * multiplier, unit)));
}

/// Digits with an optional sign and one point, no exponent: the form IB and exchanges send.
/// Errors: Empty, NotANumber, TooLarge, TooPrecise (a non-zero digit below the scale).
template <class D>
[[nodiscard]] Result<D, DecimalError> parse_decimal(std::string_view text);
extern template Result<Price, DecimalError> parse_decimal<Price>(std::string_view);
extern template Result<Quantity, DecimalError> parse_decimal<Quantity>(std::string_view);
extern template Result<Money, DecimalError> parse_decimal<Money>(std::string_view);

/// Shortest exact text: 412.3, -0.05, 100. Parses back to the same raw value.
template <class D>
[[nodiscard]] std::string to_text(D value);
extern template std::string to_text<Price>(Price);
extern template std::string to_text<Quantity>(Quantity);
extern template std::string to_text<Money>(Money);

std::string_view to_text(DecimalError error);

}  // namespace robo
