#pragma once
// Sums and differences that are defined for every input: integers wrap, so that adding and taking away stay exact opposites
// whatever sizes a broken feed sends; doubles are doubles.

#include <cstdint>

namespace robo::features {

constexpr std::int64_t sum_of(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}
constexpr std::int64_t difference(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}
/// size for a buyer (1), -size for a seller (-1), 0 for nobody.
constexpr std::int64_t pressed(int side, std::int64_t size) { return side > 0 ? size : side < 0 ? difference(0, size) : 0; }
constexpr double sum_of(double a, double b) { return a + b; }
constexpr double difference(double a, double b) { return a - b; }

}  // namespace robo::features
