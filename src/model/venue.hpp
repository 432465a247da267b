#pragma once
// Two names of a venue of US equities: the letter of the consolidated tape, and the word IB uses.

#include <cstdint>
#include <string_view>

namespace robo {

/// "ARCA" for 'P', "FINRA" for 'D' (off exchange); empty when not known.
[[nodiscard]] std::string_view venue_name(std::uint8_t letter);
/// 'P' for "ARCA"; 0 when not known.
[[nodiscard]] std::uint8_t venue_letter(std::string_view name);

}  // namespace robo
