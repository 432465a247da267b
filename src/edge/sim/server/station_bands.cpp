// Limit up - limit down over the recorded market: orders do not execute beyond the bands, a limit state that lasts halts the
// stock for five minutes, as tick 49 tells it (2: volatility).

#include "edge/sim/server/station.hpp"

namespace robo::sim {
namespace {

bool banded(const Instrument& instrument) {
  return (instrument.asset_class == AssetClass::Stock || instrument.asset_class == AssetClass::Etf) && instrument.currency.view() == "USD";
}

}  // namespace

void Station::watch_bands(Timestamp at, const EventPayload& payload) {
  const auto bands_of = [&](InstrumentId id) -> PriceBands* {
    if (!banded(contracts_[id])) return nullptr;
    auto [known, fresh] = bands_.try_emplace(id, !settings_.tier_2.contains(std::string(contracts_[id].symbol.view())));
    const auto& matcher = broker_.matcher();
    // The simulator may be started in the middle of a session: the first word about it opens the bands.
    if (matcher.phase(id) == TradingPhase::Regular) {
      if (!known->second.is_open()) known->second.open(matcher.regular_since(id).ns != 0 ? matcher.regular_since(id) : at, matcher.phase_until(id), Date{static_cast<std::int32_t>(at.ns / 86'400'000'000'000)});
    } else {
      if (matcher.phase(id) != TradingPhase::Halted) known->second.close();
      return nullptr;  // in a halt nothing counts
    }
    return &known->second;
  };
  InstrumentId id{0xFFFFFFFF};
  if (const auto* trade = std::get_if<Trade>(&payload)) {
    using namespace trade_condition;
    id = trade->instrument;
    if (auto* bands = bands_of(id); bands != nullptr && (trade->conditions & (odd_lot | off_exchange | late | not_last | not_volume)) == 0) bands->on_trade(at, trade->price);
  } else if (const auto* quote = std::get_if<Quote>(&payload)) {
    id = quote->instrument;
    if (auto* bands = bands_of(id)) bands->on_quote(at, quote->bid, quote->bid_size, quote->ask, quote->ask_size);
  } else if (const auto* change = std::get_if<PhaseChange>(&payload)) {
    id = change->instrument;
    (void)bands_of(id);
  }
  const auto known = bands_.find(id);
  if (known == bands_.end()) return;
  broker_.matcher().set_bands(id, known->second.low(at), known->second.high(at));
  if (broker_.matcher().phase(id) == TradingPhase::Regular && known->second.pauses(at)) stop_for_bands(id);
}

void Station::bands_by_time() {
  for (auto& [id, bands] : bands_)
    if (broker_.matcher().phase(id) == TradingPhase::Regular && bands.pauses(now_)) stop_for_bands(id);
}

void Station::stop_for_bands(InstrumentId id) {
  broker_.matcher().set_bands(id, {}, {});
  (void)act(fault::Halt{.symbol = std::string(contracts_[id].symbol.view()), .reason = fault::HaltReason::Volatility, .seconds = PriceBands::pause.seconds()});
}

}  // namespace robo::sim
