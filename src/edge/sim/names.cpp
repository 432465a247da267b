#include "edge/sim/names.hpp"

namespace robo::sim {

std::string_view why_held(Hold hold) {
  switch (hold) {
    case Hold::Trigger: return "trigger";
    case Hold::Child: return "child";
    case Hold::Locate: return "locate";
    case Hold::None:
    case Hold::Session:
    case Hold::Condition:
    case Hold::Auction:
    case Hold::NotTransmitted: return "";
  }
  return "";
}

ExecutionId execution_id(std::uint64_t session, std::uint64_t number) {
  constexpr char digits[] = "0123456789abcdef";
  char text[23];
  const auto hex = [&](char* at, std::uint64_t value) {
    for (int i = 7; i >= 0; --i, value >>= 4) at[i] = digits[value & 15];
  };
  hex(text, session);
  text[8] = '.';
  hex(text + 9, number);
  constexpr std::string_view first_word = ".01.01";
  for (std::size_t i = 0; i < first_word.size(); ++i) text[17 + i] = first_word[i];
  return ExecutionId(std::string_view(text, sizeof text));
}

std::string_view venue_name(std::uint8_t letter) {
  switch (letter) {
    case 'N': return "NYSE";
    case 'P': return "ARCA";
    case 'Q':
    case 'T': return "ISLAND";
    case 'Z': return "BATS";
    case 'A': return "AMEX";
    case 'K': return "EDGX";
    case 'J': return "EDGA";
    case 'Y': return "BYX";
    case 'V': return "IEX";
    case 'B': return "BEX";
    case 'X': return "PSX";
    case 'M': return "CHX";
    case 'C': return "NYSENAT";
    default: return {};
  }
}

}  // namespace robo::sim
