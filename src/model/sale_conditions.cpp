#include "model/sale_conditions.hpp"

#include <string>

#include "model/market.hpp"

namespace robo {

using namespace trade_condition;

std::uint16_t conditions_of(std::string_view letters, std::uint8_t venue) {
  unsigned bits = venue == 'D' ? off_exchange : 0u;
  for (const char letter : letters) {
    switch (letter) {
      case 'I': bits |= odd_lot | not_last; break;
      case 'F': bits |= sweep; break;
      case 'O': case '5': case '6': bits |= auction; break;
      // A venue's official open and close repeat a print that stands on the tape already: prices, not volume.
      case 'Q': case 'M': case '9': bits |= auction | not_volume | not_last; break;
      case 'T': bits |= extended_hours; break;
      case 'U': bits |= extended_hours | late | not_last; break;
      case 'Z': case 'G': case 'P': bits |= late | not_last; break;
      case 'L': bits |= late; break;
      // Average price, derivatively priced, contingent, seller's option, next day, cash, price variation.
      case 'B': case 'W': case '4': case '7': case 'V': case 'R': case 'N': case 'C': case 'H': bits |= not_last; break;
      default: break;
    }
  }
  return static_cast<std::uint16_t>(bits);
}

FixedText<8> letters_of(std::uint16_t conditions) {
  const auto has = [&](unsigned bits) { return (conditions & bits) == bits; };
  std::string letters;
  if (has(auction | not_volume | not_last)) letters += 'M';
  else if (has(auction)) letters += 'O';
  if (has(sweep)) letters += 'F';
  if (has(extended_hours | late | not_last)) letters += 'U';
  else {
    if (has(extended_hours)) letters += 'T';
    if (has(late)) letters += has(not_last) ? 'Z' : 'L';
  }
  if (has(odd_lot)) letters += 'I';
  // Not the last price for a reason none of them gives; one that is no volume either has no letter at all.
  if (has(not_last) && !has(not_volume) && (conditions_of(letters, 0) & not_last) == 0) letters += '4';
  return FixedText<8>(letters);
}

}  // namespace robo
