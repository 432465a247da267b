#include "apps/warm_desk.hpp"

#include <algorithm>

namespace robo::apps {

WarmDesk::WarmDesk(runtime::Tap& desk, const store::redis::LastKnown& known, std::span<const Instrument> instruments, Timestamp now) : desk_(desk) {
  const auto id_of = [&](std::string_view symbol) -> const Instrument* {
    const auto found = std::find_if(instruments.begin(), instruments.end(), [&](const Instrument& one) { return one.symbol.view() == symbol; });
    return found == instruments.end() ? nullptr : &*found;
  };
  for (const auto& [symbol, quote, at] : known.quotes)
    if (const auto* instrument = id_of(symbol)) {
      auto last = quote;
      last.instrument = instrument->id;
      last.live = false;  // shown, and marked as not of now
      desk_.on_event({.at = now, .received_at = now, .payload = last});
    }
  for (const auto& [symbol, position] : known.positions)
    if (const auto* instrument = id_of(symbol)) {
      auto last = position;
      last.instrument = instrument->id;
      desk_.on_fact({.at = now, .payload = last});
      unconfirmed_.push_back(instrument->id);
    }
  if (known.equity) desk_.on_fact({.at = now, .payload = *known.equity});
}

void WarmDesk::on_fact(const Fact& fact) {
  desk_.on_fact(fact);
  if (unconfirmed_.empty()) return;
  if (const auto* changed = std::get_if<PositionChanged>(&fact.payload)) std::erase(unconfirmed_, changed->instrument);
  const auto* reconciled = std::get_if<ReconciliationNoted>(&fact.payload);
  if (reconciled == nullptr || !reconciled->complete) return;
  for (const auto id : unconfirmed_) desk_.on_fact({.at = fact.at, .payload = PositionChanged{.instrument = id}});
  unconfirmed_.clear();
}

}  // namespace robo::apps
