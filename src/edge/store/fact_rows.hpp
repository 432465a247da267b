#pragma once
// Facts as rows of tables: the steps of an order's life and executions beside the fact itself.

#include <optional>
#include <string_view>

#include "edge/store/records.hpp"
#include "model/fact.hpp"

namespace robo::store {

/// The fact's name on the wire: "OrderFilled".
[[nodiscard]] std::string_view kind_name(const FactPayload& payload);
/// The instrument a fact is about, wherever the fact keeps it.
[[nodiscard]] std::optional<InstrumentId> instrument_of(const FactPayload& payload);
/// The fact in the words of the wire (docs/api.md).
[[nodiscard]] std::string json_of(const FactPayload& payload);

[[nodiscard]] OrderRecord record_of(Timestamp at, const OrderChanged& changed, std::string_view symbol);
[[nodiscard]] ExecutionRecord record_of(Timestamp at, const OrderFilled& filled, std::string_view symbol);

}  // namespace robo::store
