#include "edge/store/store_market.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <set>

#include "edge/store/nbbo.hpp"
#include "edge/store/shipped.hpp"

namespace robo::store {

namespace {
constexpr std::int64_t invented_contracts = 900'000'001;
constexpr std::string_view market_kinds[] = {"quotes", "trades", "depth", "bars"};
}  // namespace

Result<StoreMarket, Problem> StoreMarket::open(StoreMarketSettings settings) {
  StoreMarket market;
  std::set<Date> days;
  std::map<std::string, bool> symbols;  // true: only bars
  for (const auto kind : market_kinds) {
    if (kind == "bars" && !settings.bars) continue;
    for (const auto& partition : partitions(settings.root, kind, {}, settings.from, settings.until)) {
      const bool wanted = settings.symbols.empty() || std::find(settings.symbols.begin(), settings.symbols.end(), partition.symbol) != settings.symbols.end();
      if (!wanted) continue;
      days.insert(partition.day);
      const auto [found, fresh] = symbols.try_emplace(partition.symbol, kind == "bars");
      if (!fresh) found->second = found->second && kind == "bars";
    }
  }
  for (const auto& name : settings.symbols)
    if (!symbols.contains(name)) return fail(Problem{fmt::format("{}: holds no market data of {} in the time asked for", settings.root.string(), name)});
  if (days.empty()) return fail(Problem{fmt::format("{}: holds no market data that fits; robotrader import brings some in", settings.root.string())});
  market.days_.assign(days.begin(), days.end());
  for (const auto& [name, only_bars] : symbols) {
    auto instrument = instrument_named(name);
    instrument.id = InstrumentId{static_cast<std::uint32_t>(market.instruments_.size())};
    instrument.contract = ContractId{invented_contracts + instrument.id.value};
    instrument.origin = only_bars ? DataOrigin::ReconstructedFromBars : DataOrigin::Recorded;
    market.instruments_.push_back(instrument);
  }
  market.settings_ = std::move(settings);
  return market;
}

const Instrument* StoreMarket::instrument(std::string_view symbol) const {
  for (const auto& one : instruments_)
    if (one.symbol.view() == symbol) return &one;
  return nullptr;
}

std::span<const Event> StoreMarket::next() {
  events_.clear();
  while (day_ < days_.size() && !failed_) {
    events_ = std::move(held_);
    held_.clear();
    if (!read_day(days_[day_++])) return {};
    if (day_ < days_.size()) {
      // No market's next day begins earlier than 14 hours before midnight UTC.
      const Timestamp begins{(days_[day_].days * std::int64_t{24} - 14) * hours(1).ns};
      const auto cut = std::partition_point(events_.begin(), events_.end(), [&](const Event& event) { return event.at < begins; });
      held_.assign(cut, events_.end());
      events_.erase(cut, events_.end());
    }
    if (!events_.empty()) return events_;
  }
  return {};
}

bool StoreMarket::read_day(Date day) {
  const Date after{day.days + 1};
  std::set<std::string> ticking;
  const auto each = [&]<class R>(std::type_identity<R>, auto&& take) {
    for (const auto& partition : partitions(settings_.root, kind_of<R>, {}, day, after)) {
      const auto* its = instrument(partition.symbol);
      if (its == nullptr || (kind_of<R> == "bars" && ticking.contains(partition.symbol))) continue;
      auto rows = read_partition<R>(settings_.root, partition);
      if (!rows) {
        failed_ = rows.error();
        return false;
      }
      if (kind_of<R> != "bars") ticking.insert(partition.symbol);
      take(*its, *rows);
    }
    return true;
  };
  const auto push = [&](Timestamp at, Timestamp received, const EventPayload& payload) { events_.push_back({.at = at, .received_at = received, .payload = payload}); };

  const bool all = each(std::type_identity<QuoteRecord>{}, [&](const Instrument& its, const std::vector<QuoteRecord>& rows) {
    Nbbo nbbo;
    for (const auto& row : rows) {
      Quote quote{.instrument = its.id, .bid = row.bid, .ask = row.ask, .bid_size = row.bid_size, .ask_size = row.ask_size};
      if (row.venue != 0) {
        nbbo.apply(row.venue, row.bid, row.bid_size, row.ask, row.ask_size);
        const auto& best = nbbo.best();
        quote = {.instrument = its.id, .bid_venue = best.bid_venue, .ask_venue = best.ask_venue, .bid = best.bid, .ask = best.ask, .bid_size = best.bid_size, .ask_size = best.ask_size};
      }
      push(row.at, row.received_at, quote);
    }
  }) && each(std::type_identity<DepthRecord>{}, [&](const Instrument& its, const std::vector<DepthRecord>& rows) {
    bool in_snapshot = false;
    for (const auto& row : rows) {
      if (row.snapshot && !in_snapshot) push(row.at, row.received_at, DepthReset{its.id});
      in_snapshot = row.snapshot && !row.last_of_batch;
      if (row.price.is_zero() && row.size.is_zero()) continue;
      push(row.at, row.received_at, DepthLevel{.instrument = its.id, .side = row.side, .last_of_batch = row.last_of_batch, .price = row.price, .size = row.size});
    }
  }) && each(std::type_identity<TradeRecord>{}, [&](const Instrument& its, const std::vector<TradeRecord>& rows) {
    for (const auto& row : rows)
      push(row.at, row.received_at, Trade{.instrument = its.id, .aggressor = row.aggressor, .venue = row.venue, .conditions = row.conditions, .price = row.price, .size = row.size});
  }) && (!settings_.bars || each(std::type_identity<BarRecord>{}, [&](const Instrument& its, const std::vector<BarRecord>& rows) {
    for (const auto& row : rows)
      if (row.period == settings_.bar_period) add_bar_ticks(its, row, events_);
  }));
  if (!all) return false;
  std::stable_sort(events_.begin(), events_.end(), [](const Event& a, const Event& b) {
    return a.at != b.at ? a.at < b.at : !std::holds_alternative<Trade>(a.payload) && std::holds_alternative<Trade>(b.payload);
  });
  return true;
}

}  // namespace robo::store
