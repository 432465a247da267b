#include "apps/journal_rows.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>

namespace robo::apps {

void JournalRows::take(const journal::Record& record) {
  if (record.kind_of == journal::RecordClass::Event) {
    Event event;
    if (!decoder_.decode(record, event)) return;
    at_ = event.at;
    received_ = event.received_at;
    ++(std::visit([this](const auto& payload) { return row(payload); }, event.payload) ? market_rows_ : passed_over_);
  } else if (record.kind_of == journal::RecordClass::Fact) {
    Fact fact;
    if (!journal::decode(record, fact)) return;
    facts_.take(fact);
    ++facts_taken_;
  }
}

bool JournalRows::row(const Boxed<Instrument>& instrument) {
  facts_.know(*instrument);
  const auto calendar = calendars_.find(instrument->calendar.view());
  if (calendar != calendars_.end()) zones_.insert_or_assign(instrument->id, &calendar->second.zone());
  return false;
}

bool JournalRows::row(const Quote& quote) {
  writer_.quote(name(quote.instrument), day(quote.instrument), {.at = at_, .received_at = received_, .bid = quote.bid, .ask = quote.ask,
                                                                .bid_size = quote.bid_size, .ask_size = quote.ask_size});
  return true;
}

bool JournalRows::row(const Trade& trade) {
  writer_.trade(name(trade.instrument), day(trade.instrument), {.at = at_, .received_at = received_, .venue = trade.venue, .aggressor = trade.aggressor,
                                                                .conditions = trade.conditions, .price = trade.price, .size = trade.size});
  return true;
}

bool JournalRows::row(const DepthReset& reset) {
  if (const auto book = books_.find(reset.instrument); book != books_.end()) book->second.reset(at_);
  writer_.depth(name(reset.instrument), day(reset.instrument), {.at = at_, .received_at = received_, .snapshot = true, .last_of_batch = true});
  return true;
}

bool JournalRows::row(const DepthLevel& level) {
  writer_.depth(name(level.instrument), day(level.instrument), {.at = at_, .received_at = received_, .last_of_batch = level.last_of_batch,
                                                                .side = level.side, .price = level.price, .size = level.size});
  return true;
}

/// IB's rows push each other up and down; told by price, only what changed remains: the total at one or two prices.
bool JournalRows::row(const DepthRow& row) {
  auto& book = books_.try_emplace(row.instrument).first->second;
  std::array<market::Level, market::Book::rows_max> before{}, after{};
  const std::span<market::Level> was(before.data(), book.copy(row.side, before));
  book.apply(row, at_);
  const std::span<market::Level> is(after.data(), book.copy(row.side, after));
  const auto size_in = [](std::span<market::Level> levels, Price price) {
    const auto found = std::find_if(levels.begin(), levels.end(), [&](const market::Level& level) { return level.price == price; });
    return found == levels.end() ? Quantity{} : found->size;
  };
  store::DepthRecord record{.at = at_, .received_at = received_, .side = row.side};
  const auto tell = [&](Price price, Quantity size) {
    record.price = price;
    record.size = size;
    writer_.depth(name(row.instrument), day(row.instrument), record);
  };
  for (const auto& level : was)
    if (size_in(is, level.price).is_zero()) tell(level.price, {});
  for (const auto& level : is)
    if (size_in(was, level.price) != level.size) tell(level.price, level.size);
  return true;
}

bool JournalRows::row(const Boxed<Bar>& bar) {
  if (bar->period >= hours(1)) return false;  // told to warm features, months of them at every start: `data fetch` stores these
  writer_.bar(name(bar->instrument), day(bar->instrument), {.start = bar->start, .period = bar->period, .open = bar->open, .high = bar->high,
                                                            .low = bar->low, .close = bar->close, .volume = bar->volume, .volume_known = bar->volume.is_positive()});
  return true;
}

std::string_view JournalRows::name(InstrumentId instrument) const {
  const auto symbol = facts_.symbol(instrument);
  return symbol.empty() ? std::string_view("_unknown") : symbol;
}

/// The date in the market's own zone.
Date JournalRows::day(InstrumentId instrument) const {
  const auto zone = zones_.find(instrument);
  return zone == zones_.end() ? Date{static_cast<std::int32_t>(at_.ns / hours(24).ns)} : zone->second->to_local(at_).date;
}

std::string source_of(std::uint64_t session, const std::filesystem::path& journal) {
  return fmt::format("session {} {}", session, std::filesystem::weakly_canonical(journal).filename().string());
}

}  // namespace robo::apps
