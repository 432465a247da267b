#pragma once
// The tape's letters for how a trade came about, and what they mean for its use: one table for files, for IB and for the
// gateway simulator.

#include <cstdint>
#include <string_view>

#include "base/text.hpp"

namespace robo {

/// Bits of trade_condition for a tape's sale-condition letters and its venue letter (D: off exchange).
[[nodiscard]] std::uint16_t conditions_of(std::string_view letters, std::uint8_t venue);
/// Letters that mean these bits, as a tape would write them; empty for a plain trade.
[[nodiscard]] FixedText<8> letters_of(std::uint16_t conditions);

}  // namespace robo
