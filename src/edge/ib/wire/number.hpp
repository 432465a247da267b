#pragma once
// Number: a decimal exactly as the wire spells it, digits x 10^-places. Prices and sizes go from text to fixed point and
// back without ever being a double; trailing zeros are kept, so 150.0 and 150 stay what they were.

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "base/decimal.hpp"
#include "base/result.hpp"

namespace robo::ib::wire {

/// What IB writes for "no value" in an integer field.
inline constexpr std::int32_t unset_integer = 2147483647;

inline constexpr std::int64_t powers_of_ten[] = {1, 10, 100, 1'000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000,
    1'000'000'000, 10'000'000'000, 100'000'000'000, 1'000'000'000'000, 10'000'000'000'000, 100'000'000'000'000,
    1'000'000'000'000'000, 10'000'000'000'000'000, 100'000'000'000'000'000, 1'000'000'000'000'000'000};

class Number {
 public:
  enum class State : std::uint8_t { Set, Unset, Infinite };

  constexpr Number() = default;
  static constexpr Number of(std::int64_t digits, int places = 0) {
    Number n;
    n.digits_ = digits;
    n.places_ = static_cast<std::int16_t>(places);
    return n;
  }
  static constexpr Number unset() { return in_state(State::Unset); }
  static constexpr Number infinite() { return in_state(State::Infinite); }

  /// As clients print a double: at least one place (150.0, 150.25).
  static constexpr Number from(Price price) { return shortened(price.raw, 9, 1); }
  /// As clients print a size: as few places as the value needs (100, 0.5).
  static constexpr Number from(Quantity quantity) { return shortened(quantity.raw, 8, 0); }
  static constexpr Number from(Money money) { return shortened(money.raw, 6, 0); }

  constexpr State state() const { return state_; }
  constexpr bool is_set() const { return state_ == State::Set; }
  constexpr std::int64_t digits() const { return digits_; }
  constexpr int places() const { return places_; }
  constexpr bool is_positive() const { return is_set() && digits_ > 0; }

  /// Exactly, or the reason why not. An unset number is Empty.
  template <class D>
  [[nodiscard]] Result<D, DecimalError> exactly() const {
    if (!is_set()) return fail(DecimalError::Empty);
    constexpr int scale_places = places_of(D::scale);
    if (places_ <= scale_places) {
      const int shift = scale_places - places_;
      std::int64_t raw = 0;
      if (shift > 18 || __builtin_mul_overflow(digits_, power_of_ten(shift), &raw)) {
        if (digits_ == 0) return D{};
        return fail(DecimalError::TooLarge);
      }
      return D::from_raw(raw);
    }
    const int drop = places_ - scale_places;
    if (drop > 18) {
      if (digits_ == 0) return D{};
      return fail(DecimalError::TooPrecise);
    }
    if (digits_ % power_of_ten(drop) != 0) return fail(DecimalError::TooPrecise);
    return D::from_raw(digits_ / power_of_ten(drop));
  }

  /// Nearest representable value, half away from zero: for averages, which IB sends with every digit of a division.
  template <class D>
  [[nodiscard]] Result<D, DecimalError> nearest() const {
    constexpr int scale_places = places_of(D::scale);
    std::int64_t raw = 0;
    if (is_set() && places_ <= scale_places && places_ >= 0 &&
        !__builtin_mul_overflow(digits_, power_of_ten(scale_places - places_), &raw)) [[likely]] {
      return D::from_raw(raw);
    }
    if (!is_set() || places_ <= scale_places) return exactly<D>();
    const int drop = places_ - scale_places;
    if (drop > 18) return D{};
    return D::from_raw(narrow(divide_rounded(digits_, power_of_ten(drop))));
  }

  /// For values that are no money: greeks, percentages, account ratios.
  [[nodiscard]] double to_double() const;
  /// As it would stand on the wire, empty when unset.
  [[nodiscard]] std::string to_text() const;

  /// Equal in value; 150 equals 150.0.
  friend bool operator==(const Number& a, const Number& b);

  static constexpr std::int64_t power_of_ten(int n) { return powers_of_ten[n]; }

 private:
  static constexpr int places_of(std::int64_t scale) {
    int n = 0;
    for (; scale > 1; scale /= 10) ++n;
    return n;
  }
  static constexpr Number in_state(State state) {
    Number n;
    n.state_ = state;
    return n;
  }
  static constexpr Number shortened(std::int64_t digits, int places, int places_min) {
    while (places > places_min && digits % 10 == 0) digits /= 10, --places;
    return of(digits, places);
  }

  std::int64_t digits_ = 0;
  std::int16_t places_ = 0;
  State state_ = State::Set;
};

/// Reads any spelling an IB server or client uses: 12.5, -1, 1.0E-5, 1.7976931348623157E308 (unset), Infinity, NaN (unset).
/// More than 18 digits are rounded. Errors: NotANumber, TooLarge. Empty text is the caller's affair.
[[nodiscard]] Result<Number, DecimalError> parse_number(std::string_view text);

}  // namespace robo::ib::wire
