#pragma once
// The end of the trading day, as far as the calendar has told it.

#include "kernel/market/market.hpp"
#include "kernel/strategy/strategy.hpp"

namespace robo::strategies {

/// The regular session of the instrument ends within `seconds`, or is over. False where no session is known (24x7).
[[nodiscard]] inline bool near_close(const strategy::View& view, InstrumentId instrument, double seconds) {
  const market::Session& session = view.market().session(instrument);
  if (seconds <= 0 || !session.known) return false;
  if (session.phase == TradingPhase::Regular) return session.phase_until.ns != 0 && (session.phase_until - view.now()).seconds() <= seconds;
  return session.phase == TradingPhase::PostMarket || session.phase == TradingPhase::Closed;
}

[[nodiscard]] inline Duration bars(double count, Duration timeframe) {
  return Duration{static_cast<std::int64_t>(count * static_cast<double>(timeframe.ns))};
}

}  // namespace robo::strategies
