#pragma once
// Which table a record goes to, and its columns by name.

#include <string>

#include "edge/store/postgres/copy_rows.hpp"

namespace robo::store::postgres {

/// An instrument as it was defined, with everything there is to know about it.
struct InstrumentRecord {
  Timestamp at{};
  std::string json{};
  using fields = Fields<&InstrumentRecord::at, &InstrumentRecord::json>;
};
static_assert(Complete<InstrumentRecord>);

template <class R> inline constexpr std::string_view table_of = "";
template <> inline constexpr std::string_view table_of<InstrumentRecord> = "instruments";
template <> inline constexpr std::string_view table_of<QuoteRecord> = "quotes";
template <> inline constexpr std::string_view table_of<TradeRecord> = "trades";
template <> inline constexpr std::string_view table_of<DepthRecord> = "depth";
template <> inline constexpr std::string_view table_of<DepthRowRecord> = "depth_rows";
template <> inline constexpr std::string_view table_of<BarRecord> = "bars";
template <> inline constexpr std::string_view table_of<OrderRecord> = "orders";
template <> inline constexpr std::string_view table_of<ExecutionRecord> = "executions";
template <> inline constexpr std::string_view table_of<FactRecord> = "facts";

/// "journal", "record", "symbol", "at", "at_ns", ... in the order put_row() writes them, quoted.
template <HasFields R>
[[nodiscard]] std::string column_list() {
  std::string text = "\"journal\", \"record\"";
  if constexpr (!names_its_symbol<R>) text += ", \"symbol\"";
  each_field<R>([&](auto field) {
    const std::string name(decltype(field)::name);
    text += ", \"" + name + "\"";
    if constexpr (std::is_same_v<typename decltype(field)::Type, Timestamp>) text += ", \"" + name + "_ns\"";
  });
  return text;
}

/// When the row happened: what its partition goes by.
template <HasFields R>
[[nodiscard]] Timestamp time_of(const R& record) {
  if constexpr (requires { record.at; }) return record.at;
  else return record.start;
}

}  // namespace robo::store::postgres
