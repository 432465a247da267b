#include "edge/store/fact_rows.hpp"

#include "model/json/json_of.hpp"

namespace robo::store {

namespace {

template <class F>
std::optional<InstrumentId> instrument_in(const F& fact) {
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

}  // namespace

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

std::string_view kind_name(const FactPayload& payload) {
  return std::visit([](const auto& fact) { return json::type_name<std::remove_cvref_t<decltype(fact)>>(); }, payload);
}

std::optional<InstrumentId> instrument_of(const FactPayload& payload) {
  return std::visit([](const auto& fact) { return instrument_in(fact); }, payload);
}

std::string json_of(const FactPayload& payload) { return json::to_json(payload); }

}  // namespace robo::store

ROBO_JSON(robo::FactPayload);
