#pragma once
// Which rows a journal's records become. One record becomes at most one row of a table.

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "edge/store/fact_rows.hpp"
#include "edge/store/records.hpp"
#include "model/event.hpp"

namespace robo::store {

/// Symbols of one journal's instruments.
class Symbols {
 public:
  void know(const Instrument& instrument) {
    if (instrument.id.value >= names_.size()) names_.resize(instrument.id.value + 1);
    names_[instrument.id.value] = std::string(instrument.symbol.view());
  }
  /// "_unknown" when nobody said it.
  [[nodiscard]] std::string_view operator[](InstrumentId id) const {
    return id.value < names_.size() && !names_[id.value].empty() ? std::string_view(names_[id.value]) : std::string_view("_unknown");
  }
  void clear() { names_.clear(); }

 private:
  std::vector<std::string> names_;
};

[[nodiscard]] inline BarRecord record_of(const Bar& bar, DataOrigin origin) {
  return {.start = bar.start, .period = bar.period, .open = bar.open, .high = bar.high, .low = bar.low, .close = bar.close, .volume = bar.volume,
          .volume_known = bar.volume.is_positive(), .origin = origin};
}

/// Calls row(symbol, record) with the row of a market event; false when it is none.
template <class Row>
bool market_row(const Event& event, const Symbols& symbols, Row&& row) {
  const auto at = event.at, received = event.received_at;
  return std::visit(overload{[&](const Quote& q) {
                               row(symbols[q.instrument], QuoteRecord{.at = at, .received_at = received, .bid = q.bid, .ask = q.ask, .bid_size = q.bid_size,
                                                                      .ask_size = q.ask_size});
                               return true;
                             },
                             [&](const Trade& t) {
                               row(symbols[t.instrument], TradeRecord{.at = at, .received_at = received, .venue = t.venue, .aggressor = t.aggressor,
                                                                      .conditions = t.conditions, .price = t.price, .size = t.size});
                               return true;
                             },
                             [&](const DepthRow& d) {
                               row(symbols[d.instrument], DepthRowRecord{.at = at, .received_at = received, .side = d.side, .operation = d.operation,
                                                                         .position = d.position, .price = d.price, .size = d.size, .maker = d.maker});
                               return true;
                             },
                             [&](const DepthLevel& d) {
                               row(symbols[d.instrument], DepthRecord{.at = at, .received_at = received, .last_of_batch = d.last_of_batch, .side = d.side,
                                                                      .price = d.price, .size = d.size});
                               return true;
                             },
                             [&](const DepthReset& d) {
                               row(symbols[d.instrument], DepthRecord{.at = at, .received_at = received, .snapshot = true, .last_of_batch = true});
                               return true;
                             },
                             [&](const Boxed<Bar>& bar) {
                               row(symbols[bar->instrument], record_of(*bar, DataOrigin::Recorded));
                               return true;
                             },
                             [](const auto&) { return false; }},
                    event.payload);
}

/// Calls row(symbol, record) with the fact's own row and those it means for orders, executions and bars.
template <class Row>
void fact_rows(const Fact& fact, std::uint64_t sequence, const Symbols& symbols, Row&& row) {
  const auto its = instrument_of(fact.payload);
  const auto symbol = its ? symbols[*its] : std::string_view{};
  row(symbol, FactRecord{.at = fact.at, .sequence = sequence, .kind = kind_name(fact.payload), .symbol = symbol, .json = json_of(fact.payload)});
  if (const auto* changed = std::get_if<OrderChanged>(&fact.payload)) row(symbol, record_of(fact.at, *changed, symbol));
  if (const auto* filled = std::get_if<OrderFilled>(&fact.payload)) row(symbol, record_of(fact.at, *filled, symbol));
  if (const auto* closed = std::get_if<BarClosed>(&fact.payload)) row(symbol, record_of(closed->bar, DataOrigin::Live));
}

}  // namespace robo::store
