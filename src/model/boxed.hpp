#pragma once
// The payloads that events carry boxed, as a list: who must keep them somewhere (io thread, journal reader) asks here.

#include <tuple>
#include <variant>

#include "model/event.hpp"

namespace robo {

/// The payload type behind an event alternative: T of Boxed<T>, else itself.
template <class T>
struct Unboxed {
  using type = T;
  static constexpr bool boxed = false;
};
template <class T>
struct Unboxed<Boxed<T>> {
  using type = T;
  static constexpr bool boxed = true;
};

namespace detail {
template <class... T>
auto boxed_tuple(const std::variant<T...>*)
    -> decltype(std::tuple_cat(std::conditional_t<Unboxed<T>::boxed, std::tuple<typename Unboxed<T>::type>, std::tuple<>>{}...));
template <class... T>
auto variant_of(const std::tuple<T...>*) -> std::variant<std::monostate, T...>;
}  // namespace detail

/// One of each boxed payload.
using BoxedStorage = decltype(detail::boxed_tuple(static_cast<const EventPayload*>(nullptr)));
/// Any boxed payload, or none.
using BoxedAny = decltype(detail::variant_of(static_cast<const BoxedStorage*>(nullptr)));

/// Place of T among the alternatives of a variant: the kind a journal record carries.
template <class V, class T, std::size_t I = 0>
consteval std::size_t variant_index() {
  if constexpr (std::is_same_v<std::variant_alternative_t<I, V>, T>) return I;
  else return variant_index<V, T, I + 1>();
}

}  // namespace robo
