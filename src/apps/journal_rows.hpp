#pragma once
// A journal's records as rows of the store: market data by its market's day, orders, executions and facts by the UTC day.

#include <map>

#include "edge/journal/reader.hpp"
#include "edge/store/fact_store.hpp"
#include "edge/store/shipped.hpp"
#include "edge/store/store.hpp"
#include "kernel/market/book.hpp"

namespace robo::apps {

class JournalRows {
 public:
  JournalRows(store::StoreWriter& writer, const store::Calendars& calendars) : writer_(writer), facts_(writer), calendars_(calendars) {}

  void take(const journal::Record& record);

  [[nodiscard]] std::uint64_t market_rows() const { return market_rows_; }
  [[nodiscard]] std::uint64_t facts() const { return facts_taken_; }
  /// Events that are not rows of a table: timers, states of the gateway, what is in the facts anyway.
  [[nodiscard]] std::uint64_t passed_over() const { return passed_over_; }

 private:
  template <class T>
  bool row(const T&) { return false; }
  bool row(const Boxed<Instrument>& instrument);
  bool row(const Quote& quote);
  bool row(const Trade& trade);
  bool row(const DepthReset& reset);
  bool row(const DepthLevel& level);
  bool row(const DepthRow& row);
  bool row(const Boxed<Bar>& bar);
  [[nodiscard]] std::string_view name(InstrumentId instrument) const;
  [[nodiscard]] Date day(InstrumentId instrument) const;

  store::StoreWriter& writer_;
  store::FactStore facts_;
  const store::Calendars& calendars_;
  std::map<InstrumentId, const TimeZone*> zones_;
  std::map<InstrumentId, market::Book> books_;   // of rows by position: the store keeps levels by price
  journal::EventDecoder decoder_;
  Timestamp at_{}, received_{};
  std::uint64_t market_rows_ = 0, facts_taken_ = 0, passed_over_ = 0;
};

/// What a journal is called as a source of the store. Sessions are numbered by each state folder on its own, so the journal's
/// folder belongs to the name.
[[nodiscard]] std::string source_of(std::uint64_t session, const std::filesystem::path& journal);

}  // namespace robo::apps
