// Combinations as IB's contracts: found or made by their legs, quoted from what their legs show.

#include <algorithm>

#include "edge/sim/server/station.hpp"

namespace robo::sim {

Station::Wanted Station::wanted(const wire::Contract& contract) {
  if (contract.secType == "BAG") {
    auto combo = contracts_.combination(contract);
    if (combo.code != 0) return {nullptr, combo.code, std::move(combo.text)};
    if (combo.is_new) {
      replay_.know(combo.id);
      broker_.add(contracts_[combo.id]);
      for (const LegOf& leg : broker_.matcher().legs(combo.id)) wake(leg.instrument), combos_follow(now_, leg.instrument);
    }
    return {&contracts_[combo.id].id, 0, {}};
  }
  make_options(contract);
  const auto meant = contracts_.meant(contract);
  if (meant.found && !expired_.contains(meant.id)) {
    wake(meant.id);
    return {&contracts_[meant.id].id, 0, {}};
  }
  return {nullptr, 200, meant.ambiguous ? "The contract description specified is ambiguous; you must specify more of it (exchange, currency or conId)." : "No security definition has been found for the request"};
}

void Station::combos_follow(Timestamp at, InstrumentId leg) {
  for (const auto& instrument : contracts_.all()) {
    if (instrument.asset_class != AssetClass::Combo) continue;
    const auto legs = broker_.matcher().legs(instrument.id);
    if (std::ranges::none_of(legs, [&](const LegOf& one) { return one.instrument == leg; })) continue;
    const auto touch = broker_.matcher().touch(instrument.id);
    Quote quote{};
    quote.instrument = instrument.id;
    quote.bid = touch.bid, quote.ask = touch.ask, quote.bid_size = touch.bid_size, quote.ask_size = touch.ask_size;
    const Tape& tape = replay_.tape(instrument.id);
    if (tape.has_quote && tape.quote.bid == quote.bid && tape.quote.ask == quote.ask && tape.quote.bid_size == quote.bid_size && tape.quote.ask_size == quote.ask_size) continue;
    const Event event{.at = at, .received_at = at, .payload = quote};
    replay_.note(event);
    if (connected_) fan_out(event);
  }
}

}  // namespace robo::sim
