#pragma once
// A message of the wire as words: what is set, by the wire's own field names. Contracts and orders inside stand in line, the items
// of lists by their place: "conId=265598 action=BUY conditions.0.price=12.5".

#include <string>
#include <string_view>
#include <type_traits>

#include "base/fields.hpp"
#include "edge/ib/wire/number.hpp"

namespace robo::sim {

/// Calls f(name, text) for every field that is set: not empty, not zero, not IB's "unset".
template <HasFields M, class F>
void each_word(const M& message, F&& f, const std::string& prefix = {}) {
  each_field<M>([&](auto field) {
    const auto& value = message.*field.member;
    using T = std::remove_cvref_t<decltype(value)>;
    const auto name = [&] { return prefix + std::string(field.name); };
    if constexpr (HasFields<T>) {
      each_word(value, f, prefix);
    } else if constexpr (std::is_same_v<T, ib::wire::Number>) {
      if (value.is_set() && value.digits() != 0) f(name(), value.to_text());
    } else if constexpr (std::is_same_v<T, bool>) {
      if (value) f(name(), std::string("1"));
    } else if constexpr (std::is_same_v<T, std::int32_t>) {
      if (value != 0 && value != ib::wire::unset_integer) f(name(), std::to_string(value));
    } else if constexpr (std::is_arithmetic_v<T>) {
      if (value != T{}) f(name(), std::to_string(value));
    } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
      if (!std::string_view(value).empty()) f(name(), std::string(std::string_view(value)));
    } else if constexpr (requires { value.size(); value[0]; }) {
      for (std::size_t i = 0; i < value.size(); ++i) {
        const std::string at = prefix + std::string(field.name) + "." + std::to_string(i);
        if constexpr (HasFields<std::remove_cvref_t<decltype(value[i])>>) each_word(value[i], f, at + ".");
        else f(at, std::string(value[i]));
      }
    }
  });
}

}  // namespace robo::sim
