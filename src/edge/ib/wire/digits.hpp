#pragma once
// Eight characters at a time, in one register.

#include <cstdint>

namespace robo::ib::wire {

struct Digits {
  /// How many of the eight characters, from the front, are digits.
  [[gnu::always_inline]] static unsigned in_front(std::uint64_t word) {
    const std::uint64_t others = ((word + 0x4646464646464646) | (word - 0x3030303030303030)) & 0x8080808080808080;
    return others == 0 ? 8 : static_cast<unsigned>(__builtin_ctzll(others)) >> 3;
  }
  /// Value of the first `count` (1 to 8) characters: pairs, fours, eights.
  [[gnu::always_inline]] static std::uint64_t value(std::uint64_t word, unsigned count) {
    word <<= 64 - 8 * count;
    word = (word & 0x0F0F0F0F0F0F0F0F) * 2561 >> 8;
    word = (word & 0x00FF00FF00FF00FF) * 6553601 >> 16;
    return (word & 0x0000FFFF0000FFFF) * 42949672960001 >> 32;
  }
};

}  // namespace robo::ib::wire
