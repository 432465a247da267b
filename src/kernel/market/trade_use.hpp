#pragma once
// What a trade may be used for, by its conditions and the phase it happened in. One rule for bars, session figures and features.

#include "model/market.hpp"

namespace robo::market {

struct TradeUse {
  bool regular{};    // of the regular session (its auctions too)
  bool sets_last{};  // moves the last price, open, high, low
  bool counts{};     // is volume
  bool averages{};   // enters a VWAP: prices that set the last, and odd lots
  bool late{};       // belongs to a time that is over
};

constexpr TradeUse use_of(const Trade& trade, TradingPhase phase, bool phase_known) {
  namespace condition = trade_condition;
  const auto has = [&](std::uint16_t bit) { return (trade.conditions & bit) != 0; };
  const bool regular_phase = !phase_known || phase == TradingPhase::Regular || phase == TradingPhase::Halted;
  TradeUse use;
  use.late = has(condition::late);
  use.regular = !has(condition::extended_hours) && (regular_phase || has(condition::auction));
  use.sets_last = !has(condition::not_last) && !use.late;
  use.counts = !has(condition::not_volume) && trade.size.raw > 0;
  use.averages = use.counts && !use.late && (use.sets_last || has(condition::odd_lot));
  return use;
}

}  // namespace robo::market
