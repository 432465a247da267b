#pragma once
// Who started a trade, where nobody says: +1 a buyer, -1 a seller, 0 unknown. Accuracy of the rules against true flags:
// docs/features.md.

#include <cstdint>

#include "base/decimal.hpp"

namespace robo::features {

struct QuoteBefore {
  Price bid{}, ask{};
  bool valid{};  // two-sided and not crossed
};

/// Above the last different price a buyer, below it a seller.
class TickRule {
 public:
  /// Side of a trade at `price`, before it is remembered.
  [[nodiscard]] int side(Price price) const { return !begun_ ? 0 : price > last_ ? 1 : price < last_ ? -1 : side_; }
  void remember(Price price) {
    side_ = side(price);
    last_ = price;
    begun_ = true;
  }
  void clear() { *this = TickRule{}; }

 private:
  Price last_{};
  int side_ = 0;
  bool begun_ = false;
};

/// Above the mid a buyer, below it a seller, at it nobody.
constexpr int quote_rule(Price price, const QuoteBefore& quote) {
  if (!quote.valid) return 0;
  const auto twice = i128{price.raw} * 2, sum = i128{quote.bid.raw} + quote.ask.raw;
  return (twice > sum) - (twice < sum);
}

/// Lee and Ready (1991): the quote rule, at the mid the tick rule.
inline int lee_ready(Price price, const QuoteBefore& quote, const TickRule& ticks) {
  const int side = quote_rule(price, quote);
  return side != 0 ? side : ticks.side(price);
}

/// Ellis, Michaely and O'Hara (2000): at the ask a buyer, at the bid a seller, anywhere else the tick rule.
inline int emo(Price price, const QuoteBefore& quote, const TickRule& ticks) {
  if (quote.valid && quote.bid < quote.ask) {
    if (price == quote.ask) return 1;
    if (price == quote.bid) return -1;
  }
  return ticks.side(price);
}

/// Chakrabarty, Li, Nguyen and Van Ness (2007): in the outer 30 % of the spread by the quote, else the tick rule.
inline int clnv(Price price, const QuoteBefore& quote, const TickRule& ticks) {
  if (quote.valid && quote.bid < quote.ask && price >= quote.bid && price <= quote.ask) {
    const auto width = i128{quote.ask.raw} - quote.bid.raw, above = i128{price.raw} - quote.bid.raw;
    if (above * 10 >= width * 7) return 1;
    if (above * 10 <= width * 3) return -1;
  }
  return ticks.side(price);
}

}  // namespace robo::features
