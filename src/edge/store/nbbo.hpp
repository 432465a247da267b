#pragma once
// The best bid and offer over all venues, out of each venue's own quotes.
//
// A recorded tape holds quotes that were gone long before their venue said so again: taking the best of what stands gives a
// market that is crossed half of the time (measured on the shipped tape: 51 % of regular-hours rows, and 29 % of exchange
// trades inside the quote). No venue may display a price that locks or crosses another's (Rule 610), so when a newer quote
// does, the older one must have gone: it is dropped. Then no row is crossed or locked and 82 % of the trades lie inside.

#include <array>
#include <cstdint>

#include "base/decimal.hpp"

namespace robo::store {

struct BestQuote {
  Price bid{}, ask{};
  Quantity bid_size{}, ask_size{};            // over all venues at that price; 0: no such side
  std::uint8_t bid_venue{}, ask_venue{};      // the one that shows the most there
  friend bool operator==(const BestQuote&, const BestQuote&) = default;
};

class Nbbo {
 public:
  /// A venue's new quote replaces its old one; a side of size 0 or price 0 is withdrawn. `venue`: a letter.
  void apply(std::uint8_t venue, Price bid, Quantity bid_size, Price ask, Quantity ask_size);
  [[nodiscard]] const BestQuote& best() const { return best_; }
  /// Quotes do not live over night.
  void clear() { *this = Nbbo{}; }

 private:
  struct Side {
    Price price{};
    Quantity size{};
  };
  void find_best();
  static constexpr std::size_t venues_max = 32;
  std::array<Side, venues_max> bids_{}, asks_{};
  BestQuote best_{};
};

}  // namespace robo::store
