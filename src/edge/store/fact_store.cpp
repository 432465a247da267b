#include "edge/store/fact_store.hpp"

#include "edge/store/fact_rows.hpp"

namespace robo::store {

void FactStore::know(const Instrument& instrument) {
  if (instrument.id.value >= symbols_.size()) symbols_.resize(instrument.id.value + 1);
  symbols_[instrument.id.value] = std::string(instrument.symbol.view());
}

std::string_view FactStore::symbol(InstrumentId instrument) const {
  return instrument.value < symbols_.size() ? std::string_view(symbols_[instrument.value]) : std::string_view{};
}

void FactStore::take(const Fact& fact) {
  const Date day{static_cast<std::int32_t>(fact.at.ns / hours(24).ns)};
  const auto its = instrument_of(fact.payload);
  const auto name = its ? symbol(*its) : std::string_view{};
  const auto place = name.empty() ? std::string_view("_engine") : name;
  writer_.fact(place, day, {.at = fact.at, .sequence = sequence_++, .kind = kind_name(fact.payload), .symbol = name, .json = json_of(fact.payload)});
  if (const auto* changed = std::get_if<OrderChanged>(&fact.payload)) writer_.order(place, day, record_of(fact.at, *changed, name));
  if (const auto* filled = std::get_if<OrderFilled>(&fact.payload)) writer_.execution(place, day, record_of(fact.at, *filled, name));
}

}  // namespace robo::store
