// The opening and the closing auction. A recorded market tells their price by a print; our size does not move it.

#include <algorithm>

#include "edge/sim/exchange/matcher.hpp"

namespace robo::sim {

void Matcher::auction_phase(Lane& l, const PhaseChange& change, TradingPhase was, bool regular_ended) {
  if (change.phase == TradingPhase::Regular && was != TradingPhase::Halted) {
    l.opening = true;
    l.closing = false;
    l.regular_since = now_;
    l.volume = {};
  }
  if (regular_ended && change.phase != TradingPhase::PreMarket) {
    l.opening = false;
    l.closing = true;
    l.closing_since = now_;
    l.regular_since = {};
    // Bars carry no prints of auctions: the last price is all there is, at once.
    if (l.instrument.origin == DataOrigin::ReconstructedFromBars && l.last.is_positive()) uncross(l, true, l.last, 0);
  } else if (l.closing && (change.phase == TradingPhase::Closed || change.phase == TradingPhase::PreMarket)) {
    uncross(l, true, l.last, 0);
  }
}

void Matcher::on_time(Timestamp at) {
  now_ = at;
  if (auction_orders_ == 0) return;
  for (Lane& l : lanes_)
    if (l.closing && !l.auction[1].empty() && at - l.closing_since >= FillRules::auction_print_patience) uncross(l, true, l.last, 0);
}

void Matcher::uncross(Lane& l, bool close, Price price, std::uint8_t venue) {
  (close ? l.closing : l.opening) = false;
  auto& list = l.auction[close ? 1 : 0];
  const auto waiting = std::move(list);
  list.clear();
  for (const Slot slot : waiting) {
    Order& order = orders_[slot];
    --l.orders, --auction_orders_;
    order.in_matcher = false;
    order.hold = Hold::None;
    const auto* limit = std::get_if<Limit>(&order.kind);
    const bool fills = price.is_positive() && (limit == nullptr || (order.side == Side::Buy ? price < limit->price : price > limit->price) ||
                                               (FillRules::auction_fills_at_its_limit && price == limit->price));
    if (fills) fill(slot, order.remaining(), price, close ? FeeLiquidity::CloseAuction : FeeLiquidity::OpenAuction, venue);
    else matches_.push_back({.kind = MatchKind::AuctionMissed, .slot = slot, .quantity = order.remaining(), .price = price});
  }
}

}  // namespace robo::sim
