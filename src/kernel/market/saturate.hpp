#pragma once
// Sums of sizes the world sends. What is too large to count stays at the largest countable: a broken feed must not stop us.

#include "base/decimal.hpp"

namespace robo::market {

constexpr std::int64_t add_saturated(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  if (!__builtin_add_overflow(a, b, &sum)) [[likely]] return sum;
  return a < 0 ? INT64_MIN : INT64_MAX;
}
constexpr Quantity add_saturated(Quantity a, Quantity b) { return Quantity::from_raw(add_saturated(a.raw, b.raw)); }

}  // namespace robo::market
