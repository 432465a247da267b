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

}  // namespace robo::sim
