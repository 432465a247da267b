#pragma once
// Strong<Tag, Rep>: an integer with a meaning. Two tags never mix.

#include <compare>
#include <cstddef>
#include <functional>

namespace robo {

template <class Tag, class Rep>
struct Strong {
  using Representation = Rep;
  Rep value{};

  constexpr Strong() = default;
  explicit constexpr Strong(Rep v) : value(v) {}
  friend constexpr auto operator<=>(Strong, Strong) = default;
};

}  // namespace robo

template <class Tag, class Rep>
struct std::hash<robo::Strong<Tag, Rep>> {
  std::size_t operator()(robo::Strong<Tag, Rep> id) const noexcept { return std::hash<Rep>{}(id.value); }
};
