#include "edge/store/nbbo.hpp"

namespace robo::store {

void Nbbo::apply(std::uint8_t venue, Price bid, Quantity bid_size, Price ask, Quantity ask_size) {
  const std::size_t at = venue % venues_max;  // letters of one case do not meet
  bids_[at] = bid.is_positive() && bid_size.is_positive() ? Side{bid, bid_size} : Side{};
  asks_[at] = ask.is_positive() && ask_size.is_positive() ? Side{ask, ask_size} : Side{};
  for (std::size_t other = 0; other < venues_max; ++other) {
    if (other == at) continue;
    if (bids_[at].size.is_positive() && asks_[other].size.is_positive() && asks_[other].price <= bids_[at].price) asks_[other] = {};
    if (asks_[at].size.is_positive() && bids_[other].size.is_positive() && bids_[other].price >= asks_[at].price) bids_[other] = {};
  }
  find_best();
}

void Nbbo::find_best() {
  BestQuote best;
  Quantity most_bid, most_ask;
  for (std::size_t i = 0; i < venues_max; ++i) {
    const auto letter = static_cast<std::uint8_t>(i + 64);
    if (const auto& side = bids_[i]; side.size.is_positive()) {
      if (best.bid_size.is_zero() || side.price > best.bid) best.bid = side.price, best.bid_size = most_bid = Quantity{};
      if (side.price == best.bid) {
        best.bid_size += side.size;
        if (side.size > most_bid) most_bid = side.size, best.bid_venue = letter;
      }
    }
    if (const auto& side = asks_[i]; side.size.is_positive()) {
      if (best.ask_size.is_zero() || side.price < best.ask) best.ask = side.price, best.ask_size = most_ask = Quantity{};
      if (side.price == best.ask) {
        best.ask_size += side.size;
        if (side.size > most_ask) most_ask = side.size, best.ask_venue = letter;
      }
    }
  }
  best_ = best;
}

}  // namespace robo::store
