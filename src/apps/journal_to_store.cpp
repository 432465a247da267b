#include "apps/journal_to_store.hpp"

#include <fmt/core.h>
#include <map>

#include "edge/journal/reader.hpp"
#include "edge/store/fact_store.hpp"

namespace robo::apps {

namespace {

/// The market events of one journal as records.
class MarketRows {
 public:
  MarketRows(store::StoreWriter& writer, store::FactStore& facts, const store::Calendars& calendars) : writer_(writer), facts_(facts), calendars_(calendars) {}

  /// True when the event became a row.
  bool take(const Event& event) {
    at_ = event.at;
    received_ = event.received_at;
    return std::visit([this](const auto& payload) { return row(payload); }, event.payload);
  }

 private:
  template <class T>
  bool row(const T&) { return false; }
  bool row(const Boxed<Instrument>& instrument) {
    facts_.know(*instrument);
    const auto calendar = calendars_.find(instrument->calendar.view());
    if (calendar != calendars_.end()) zones_.insert_or_assign(instrument->id, &calendar->second.zone());
    return false;
  }
  bool row(const Quote& quote) {
    writer_.quote(name(quote.instrument), day(quote.instrument), {.at = at_, .received_at = received_, .bid = quote.bid, .ask = quote.ask,
                                                                  .bid_size = quote.bid_size, .ask_size = quote.ask_size});
    return true;
  }
  bool row(const Trade& trade) {
    writer_.trade(name(trade.instrument), day(trade.instrument), {.at = at_, .received_at = received_, .venue = trade.venue, .aggressor = trade.aggressor,
                                                                  .conditions = trade.conditions, .price = trade.price, .size = trade.size});
    return true;
  }
  bool row(const DepthReset& reset) {
    writer_.depth(name(reset.instrument), day(reset.instrument), {.at = at_, .received_at = received_, .snapshot = true, .last_of_batch = true});
    return true;
  }
  bool row(const DepthLevel& level) {
    writer_.depth(name(level.instrument), day(level.instrument), {.at = at_, .received_at = received_, .last_of_batch = level.last_of_batch,
                                                                  .side = level.side, .price = level.price, .size = level.size});
    return true;
  }
  bool row(const Boxed<Bar>& bar) {
    writer_.bar(name(bar->instrument), day(bar->instrument), {.start = bar->start, .period = bar->period, .open = bar->open, .high = bar->high,
                                                              .low = bar->low, .close = bar->close, .volume = bar->volume, .volume_known = bar->volume.is_positive()});
    return true;
  }

  [[nodiscard]] std::string_view name(InstrumentId instrument) const {
    const auto symbol = facts_.symbol(instrument);
    return symbol.empty() ? std::string_view("_unknown") : symbol;
  }
  /// The date in the market's own zone.
  [[nodiscard]] Date day(InstrumentId instrument) const {
    const auto zone = zones_.find(instrument);
    return zone == zones_.end() ? Date{static_cast<std::int32_t>(at_.ns / hours(24).ns)} : zone->second->to_local(at_).date;
  }

  store::StoreWriter& writer_;
  store::FactStore& facts_;
  const store::Calendars& calendars_;
  std::map<InstrumentId, const TimeZone*> zones_;
  Timestamp at_{}, received_{};
};

}  // namespace

Result<StoredJournal, Problem> store_journal(const std::filesystem::path& folder, const std::filesystem::path& root, const store::Calendars& calendars) {
  auto reader = journal::Reader::open(folder);
  if (!reader) return fail(reader.error());
  StoredJournal result{.session = reader->session()};
  // Sessions are numbered by each state folder on its own, so the journal's folder belongs to the name.
  const auto source = fmt::format("session {} {}", result.session, std::filesystem::weakly_canonical(folder).filename().string());
  store::StoreWriter writer(root, store::WriterKind::Import, source);
  store::FactStore facts(writer);
  MarketRows market(writer, facts, calendars);
  journal::EventDecoder decoder;
  journal::Record record;
  while (reader->next(record)) {
    if (record.kind_of == journal::RecordClass::Event) {
      Event event;
      if (!decoder.decode(record, event)) continue;
      ++(market.take(event) ? result.market_rows : result.passed_over);
    } else if (record.kind_of == journal::RecordClass::Fact) {
      Fact fact;
      if (!journal::decode(record, fact)) continue;
      facts.take(fact);
      ++result.facts;
    }
  }
  if (reader->ending() != journal::Ending::Clean) result.ending = reader->ending_text();
  auto written = writer.finish();
  if (!written) return fail(written.error());
  result.written = *written;
  return result;
}

}  // namespace robo::apps
