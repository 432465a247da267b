#pragma once
// Words and numbers as the desk writes them. The sentences about facts are model/sentence.hpp's, the same as on the terminal.

#include <string>
#include <string_view>

#include "edge/serve/view.hpp"
#include "model/fact.hpp"

namespace robo::serve {

/// 12,345.6
[[nodiscard]] std::string grouped(std::string_view decimal);
[[nodiscard]] std::string size_text(Quantity quantity);
/// Always with its sign, two places, and "0.00" without: +1,557.50, −598.50.
[[nodiscard]] std::string signed_money(Money money);
/// With the instrument's decimals, more where the price has more.
[[nodiscard]] std::string price_text(Price price, std::uint32_t decimals);
/// 4 places at most, no trailing zeros.
[[nodiscard]] std::string number_text(double value);

[[nodiscard]] std::string_view cap_text(SizeCap cap);
[[nodiscard]] std::string action_text(const OperatorInput& input, std::string_view strategy, std::string_view symbol);

/// "LMT 105.29", "MKT", "STP 104.35".
[[nodiscard]] std::string order_type_text(const view::Order& order, std::uint32_t decimals);
[[nodiscard]] std::string_view order_state_text(view::OrderState state);

}  // namespace robo::serve
