#pragma once
// Result<T, E>: a value or an expected failure the caller must look at.

#include <expected>
#include <string>
#include <utility>

namespace robo {

template <class T, class E>
class [[nodiscard]] Result : public std::expected<T, E> {
 public:
  using std::expected<T, E>::expected;
};

template <class E>
[[nodiscard]] constexpr std::unexpected<std::decay_t<E>> fail(E&& error) {
  return std::unexpected<std::decay_t<E>>(std::forward<E>(error));
}

/// An error for people: what is wrong, where, and what to do about it.
struct Problem {
  std::string text{};
};

template <class... Handlers>
struct overload : Handlers... {
  using Handlers::operator()...;
};

}  // namespace robo
