#pragma once
// notional() for the hot path: the same figure to the last digit, without a 128-bit division where none is needed.

#include <cstdlib>

#include "base/decimal.hpp"

namespace robo::portfolio {

/// price x quantity x multiplier in money. Quick for prices and quantities given to a millionth whose product fits in 64 bits.
inline Money quick_notional(Price price, Quantity quantity, std::int64_t multiplier) {
  const auto p = price.raw / 1'000, q = quantity.raw / 100;
  std::int64_t product = 0;
  if (p * 1'000 != price.raw || q * 100 != quantity.raw || __builtin_mul_overflow(p, q, &product) ||
      __builtin_mul_overflow(product, multiplier, &product) || product > INT64_MAX - 500'000 || product < -(INT64_MAX - 500'000)) [[unlikely]]
    return notional(price, quantity, multiplier);
  const auto half = product < 0 ? -500'000 : 500'000;
  return Money::from_raw((product + half) / 1'000'000);
}

}  // namespace robo::portfolio
