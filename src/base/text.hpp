#pragma once
// FixedText<N>: text inside a message, without allocation. Longer text is cut, never refused.

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace robo {

template <std::size_t N>
struct FixedText {
  static_assert(N < 65536);
  std::uint16_t size{};
  std::array<char, N> bytes{};

  constexpr FixedText() = default;
  constexpr FixedText(std::string_view text) : size(static_cast<std::uint16_t>(std::min(text.size(), N))) {
    std::copy_n(text.data(), size, bytes.data());
  }
  constexpr FixedText(const char* text) : FixedText(std::string_view(text)) {}

  constexpr std::string_view view() const { return {bytes.data(), size}; }
  constexpr bool empty() const { return size == 0; }
  friend constexpr bool operator==(const FixedText& a, const FixedText& b) { return a.view() == b.view(); }
  friend constexpr auto operator<=>(const FixedText& a, const FixedText& b) { return a.view() <=> b.view(); }
};

}  // namespace robo
