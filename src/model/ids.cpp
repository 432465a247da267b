#include "model/ids.hpp"

#include <charconv>
#include <fmt/core.h>

namespace robo {

std::string to_text(OrderKey key) { return fmt::format("RT{:016x}-{:016x}", key.session, key.number); }

Result<OrderKey, Problem> parse_order_key(std::string_view text) {
  const auto hex = [](std::string_view digits, std::uint64_t& out) {
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out, 16);
    return error == std::errc{} && end == digits.data() + digits.size();
  };
  OrderKey key;
  if (text.size() == 35 && text.starts_with("RT") && text[18] == '-' && hex(text.substr(2, 16), key.session) &&
      hex(text.substr(19), key.number))
    return key;
  return fail(Problem{fmt::format("'{}' is not an order key of this engine", text)});
}

}  // namespace robo
