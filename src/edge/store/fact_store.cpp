#include "edge/store/fact_store.hpp"

#include <optional>

#include "model/json/json_of.hpp"

namespace robo::store {

namespace {

/// The instrument a fact is about, wherever the fact keeps it.
template <class F>
std::optional<InstrumentId> instrument_of(const F& fact) {
  if constexpr (requires { fact.instrument; }) return fact.instrument;
  else if constexpr (requires { fact.intent.instrument; }) return fact.intent.instrument;
  else if constexpr (requires { fact.bar.instrument; }) return fact.bar.instrument;
  else return std::nullopt;
}

std::string_view kind_word(const OrderKind& kind) {
  return std::visit([](const auto& one) { return json::type_name<std::remove_cvref_t<decltype(one)>>(); }, kind);
}

void set_prices(const OrderKind& kind, OrderRecord& record) {
  std::visit([&](const auto& one) {
    if constexpr (requires { one.price; }) record.limit = one.price;
    if constexpr (requires { one.trigger; }) record.trigger = one.trigger;
  }, kind);
}

OrderRecord record_of(Timestamp at, const OrderChanged& changed, std::string_view symbol) {
  const auto& intent = changed.intent;
  OrderRecord record{.at = at, .session = intent.key.session, .number = intent.key.number, .perm_id = changed.perm_id.value,
                     .client_id = changed.broker_id.client_id, .order_id = changed.broker_id.order_id, .symbol = symbol, .side = intent.side,
                     .kind = kind_word(intent.kind), .time_in_force = intent.time_in_force, .purpose = intent.purpose,
                     .quantity = intent.quantity, .state = changed.state, .previous = changed.previous, .filled = changed.filled,
                     .average_price = changed.average_price, .code = changed.code, .text = changed.text};
  set_prices(intent.kind, record);
  return record;
}

ExecutionRecord record_of(Timestamp at, const OrderFilled& filled, std::string_view symbol) {
  const auto& execution = filled.execution;
  return {.at = at, .executed_at = execution.executed_at, .execution = execution.id, .session = execution.key.session,
          .number = execution.key.number, .perm_id = execution.perm_id.value, .symbol = symbol, .side = execution.side,
          .external = execution.external, .correction = filled.correction, .liquidity = execution.liquidity, .quantity = execution.quantity,
          .price = execution.price, .venue = execution.venue, .position_after = filled.position_after, .realized = filled.realized,
          .arrival_price = filled.arrival_price};
}

}  // namespace

std::string_view kind_name(const FactPayload& payload) {
  return std::visit([](const auto& fact) { return json::type_name<std::remove_cvref_t<decltype(fact)>>(); }, payload);
}

void FactStore::know(const Instrument& instrument) {
  if (instrument.id.value >= symbols_.size()) symbols_.resize(instrument.id.value + 1);
  symbols_[instrument.id.value] = std::string(instrument.symbol.view());
}

std::string_view FactStore::symbol(InstrumentId instrument) const {
  return instrument.value < symbols_.size() ? std::string_view(symbols_[instrument.value]) : std::string_view{};
}

void FactStore::take(const Fact& fact) {
  const Date day{static_cast<std::int32_t>(fact.at.ns / hours(24).ns)};
  const auto its = std::visit([](const auto& one) { return instrument_of(one); }, fact.payload);
  const auto name = its ? symbol(*its) : std::string_view{};
  const auto place = name.empty() ? std::string_view("_engine") : name;
  writer_.fact(place, day, {.at = fact.at, .sequence = sequence_++, .kind = kind_name(fact.payload), .symbol = name, .json = json::to_json(fact.payload)});
  if (const auto* changed = std::get_if<OrderChanged>(&fact.payload)) writer_.order(place, day, record_of(fact.at, *changed, name));
  if (const auto* filled = std::get_if<OrderFilled>(&fact.payload)) writer_.execution(place, day, record_of(fact.at, *filled, name));
}

}  // namespace robo::store

ROBO_JSON(robo::FactPayload);
