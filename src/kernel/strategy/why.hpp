#pragma once
// The sentence beside a signal: numbers first, no allocation, cut where it is too long.

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace robo::strategy {

template <std::size_t N, class... Args>
FixedText<N> sentence(fmt::format_string<Args...> format, Args&&... args) {
  FixedText<N> text;
  const auto end = fmt::format_to_n(text.bytes.data(), N, format, std::forward<Args>(args)...);
  text.size = static_cast<std::uint16_t>(std::min(end.size, N));
  return text;
}

template <class... Args>
FixedText<80> why(fmt::format_string<Args...> format, Args&&... args) {
  return sentence<80>(format, std::forward<Args>(args)...);
}

}  // namespace robo::strategy
