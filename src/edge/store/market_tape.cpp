#include "edge/store/market_tape.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <set>

#include "edge/store/import_bars.hpp"
#include "edge/store/import_binance.hpp"
#include "edge/store/import_taq.hpp"
#include "edge/store/nbbo.hpp"
#include "edge/store/shipped.hpp"
#include "edge/store/text_file.hpp"

namespace robo::store {

namespace {

constexpr std::int64_t invented_contracts = 900'000'001;
constexpr double spread_of_price = 1e-4, spread_of_range = 0.1;
constexpr std::int64_t quoted_part = 40;  // a fortieth of a bar's volume stands on each side

}  // namespace

BarPath path_of(const Bar& bar, const TickTable& ticks) {
  const bool rising = bar.close >= bar.open;
  BarPath path;
  path.prices = {bar.open, rising ? bar.low : bar.high, rising ? bar.high : bar.low, bar.close};
  // Whole units where the bar has whole units; what does not divide goes to the close.
  const std::int64_t unit = bar.volume.raw % Quantity::scale == 0 ? Quantity::scale : 1;
  const auto quarter = Quantity::from_raw(bar.volume.raw / unit / 4 * unit);
  path.sizes = {quarter, quarter, quarter, bar.volume - quarter * 3};
  // The last trade lies just inside the bar, so that nobody sees the close before the bar is over.
  const auto last = bar.period - milliseconds(1);
  path.offsets = {Duration{}, nanoseconds(last.ns / 3), nanoseconds(last.ns / 3 * 2), last};
  const Price tick = ticks.increment_at(bar.close);
  // A minute's range tells how wide the market was; a day's range tells nothing about it.
  const double of_range = bar.period < hours(1) ? spread_of_range * (bar.high - bar.low).to_double() : 0;
  const double spread = std::max(spread_of_price * std::abs(bar.close.to_double()), of_range);
  const auto steps = std::max<std::int64_t>(1, static_cast<std::int64_t>(spread / 2 / tick.to_double() + 0.5));
  path.half_spread = tick * steps;
  return path;
}

void add_bar_ticks(const Instrument& instrument, const BarRecord& record, std::vector<Event>& events, bool quotes, bool trades) {
  const Bar bar{.instrument = instrument.id, .start = record.start, .period = record.period, .open = record.open, .high = record.high,
                .low = record.low, .close = record.close, .volume = record.volume};
  const auto path = path_of(bar, instrument.ticks);
  const bool index = instrument.asset_class == AssetClass::Index;
  const auto shown = Quantity::from_raw(std::max<std::int64_t>(100, bar.volume.raw / Quantity::scale / quoted_part / 100 * 100) * Quantity::scale);
  const auto push = [&](Timestamp at, const EventPayload& payload) { events.push_back({.at = at, .received_at = at, .payload = payload}); };
  for (std::size_t i = 0; i < path.prices.size(); ++i) {
    const Timestamp at = record.start + path.offsets[i];
    if (!index && quotes)
      push(at, Quote{.instrument = instrument.id, .bid = instrument.ticks.floor(path.prices[i] - path.half_spread),
                     .ask = instrument.ticks.ceil(path.prices[i] + path.half_spread), .bid_size = shown, .ask_size = shown});
    if (!trades || (!index && !path.sizes[i].is_positive())) continue;
    push(at, Trade{.instrument = instrument.id, .conditions = index ? trade_condition::not_volume : std::uint16_t{},
                   .price = path.prices[i], .size = path.sizes[i]});
  }
}

/// Puts records of one or more files into the tape.
class TapeSink final : public RecordSink {
 public:
  TapeSink(MarketTape& tape, DataOrigin origin, std::string_view calendar, bool build_nbbo)
      : tape_(tape), origin_(origin), calendar_(calendar), build_nbbo_(build_nbbo) {}

  void quote(std::string_view symbol, Date day, const QuoteRecord& record) override {
    if (!select(symbol) || !tape_.options_.quotes) return;
    Quote quote{.instrument = id_, .bid = record.bid, .ask = record.ask, .bid_size = record.bid_size, .ask_size = record.ask_size};
    if (build_nbbo_) {
      if (day != nbbo_day_) nbbo_.clear(), nbbo_day_ = day;
      nbbo_.apply(record.venue, record.bid, record.bid_size, record.ask, record.ask_size);
      const auto& best = nbbo_.best();
      quote.bid = best.bid, quote.ask = best.ask, quote.bid_size = best.bid_size, quote.ask_size = best.ask_size;
      quote.bid_venue = best.bid_venue, quote.ask_venue = best.ask_venue;
    }
    if (tape_.options_.quotes_on_change_only && quote.bid == last_.bid && quote.ask == last_.ask && quote.bid_size == last_.bid_size &&
        quote.ask_size == last_.ask_size)
      return;
    last_ = quote;
    push(record.at, record.received_at, quote);
  }

  void trade(std::string_view symbol, Date, const TradeRecord& record) override {
    if (!select(symbol) || !tape_.options_.trades) return;
    push(record.at, record.received_at, Trade{.instrument = id_, .aggressor = record.aggressor, .venue = record.venue,
                                              .conditions = record.conditions, .price = record.price, .size = record.size});
  }

  void depth(std::string_view symbol, Date, const DepthRecord& record) override {
    if (!select(symbol) || !tape_.options_.depth) return;
    if (record.snapshot && !in_snapshot_) push(record.at, record.received_at, DepthReset{id_});
    in_snapshot_ = record.snapshot && !record.last_of_batch;
    if (record.price.is_zero() && record.size.is_zero()) return;  // a gap: the reset says it all
    push(record.at, record.received_at, DepthLevel{.instrument = id_, .side = record.side, .last_of_batch = record.last_of_batch,
                                                   .price = record.price, .size = record.size});
  }

  void bar(std::string_view symbol, Date day, const BarRecord& record) override {
    if (!select(symbol)) return;
    const auto before = tape_.events_.size();
    add_bar_ticks(tape_.instruments_[id_.value], in_session(day, record), tape_.events_, tape_.options_.quotes, tape_.options_.trades);
    for (auto i = before; i < tape_.events_.size(); ++i) {
      tape_.events_[i].at = tape_.events_[i].at + tape_.shift_;
      tape_.events_[i].received_at = tape_.events_[i].at;
    }
  }

 private:
  bool select(std::string_view symbol) {
    if (symbol == symbol_) return selected_;
    symbol_ = std::string(symbol);
    selected_ = tape_.wanted(symbol);
    if (selected_) id_ = tape_.instrument(symbol, origin_, calendar_).id;
    nbbo_.clear();
    last_ = {};
    return selected_;
  }
  /// A day's bar happened between the opening and the closing bell, not between two midnights.
  BarRecord in_session(Date day, BarRecord record) const {
    if (record.period < hours(24)) return record;
    const auto calendar = tape_.calendars_.find(calendar_);
    if (calendar == tape_.calendars_.end()) return record;
    const auto session = calendar->second->session(day);
    const auto regular = session ? session->regular() : std::nullopt;
    if (!regular) return record;
    record.start = regular->from;
    record.period = regular->until - regular->from;
    return record;
  }
  void push(Timestamp at, Timestamp received, const EventPayload& payload) {
    tape_.events_.push_back({.at = at + tape_.shift_, .received_at = received + tape_.shift_, .payload = payload});
  }

  MarketTape& tape_;
  DataOrigin origin_;
  std::string calendar_;
  bool build_nbbo_;
  std::string symbol_;
  bool selected_{}, in_snapshot_{};
  InstrumentId id_{};
  Nbbo nbbo_;
  Date nbbo_day_{INT32_MIN};
  Quote last_{};
};

bool MarketTape::wanted(std::string_view symbol) const {
  return options_.symbols.empty() || std::find(options_.symbols.begin(), options_.symbols.end(), symbol) != options_.symbols.end();
}

Instrument& MarketTape::instrument(std::string_view symbol, DataOrigin origin, std::string_view calendar) {
  for (auto& known : instruments_)
    if (known.symbol.view() == symbol) return known;
  Instrument fresh = instrument_named(symbol);
  fresh.id = InstrumentId{static_cast<std::uint32_t>(instruments_.size())};
  fresh.contract = ContractId{invented_contracts + fresh.id.value};
  fresh.origin = origin;
  fresh.calendar = calendar;
  return instruments_.emplace_back(fresh);
}

std::span<const Event> MarketTape::next() {
  if (told_) return {};
  told_ = true;
  return events_;
}

void MarketTape::told(ImportReport report, const std::string& damage) {
  if (!damage.empty()) report.notes.push_back(damage);
  if (shift_.ns != 0)
    report.notes.push_back(fmt::format("replayed with its dates moved by {} days", static_cast<double>(shift_.ns) / static_cast<double>(hours(24).ns)));
  reports_.push_back(std::move(report));
}

namespace {
Result<TextFile, Problem> load(const std::filesystem::path& path) {
  auto file = read_text_file(path);
  if (file && file->text.empty()) return fail(Problem{fmt::format("{}: holds no text{}", path.string(), file->damage.empty() ? "" : ": " + file->damage)});
  return file;
}
}  // namespace

Result<bool, Problem> MarketTape::add_taq(const std::filesystem::path& quotes, const std::filesystem::path& trades, const Calendar& calendar) {
  calendars_[calendar.name()] = &calendar;
  ImportOptions options{.calendar = &calendar};
  const auto add = [&](const std::filesystem::path& path, auto import) -> Result<bool, Problem> {
    if (path.empty()) return true;
    auto file = load(path);
    if (!file) return fail(file.error());
    events_.reserve(events_.size() + file->text.size() / 45);
    TapeSink sink(*this, DataOrigin::Recorded, calendar.name(), true);
    told(import(path.string(), file->text, options, sink, Progress{}), file->damage);
    return true;
  };
  if (auto done = add(quotes, import_taq_quotes); !done) return done;
  return add(trades, import_taq_trades);
}

Result<bool, Problem> MarketTape::add_binance(const std::vector<std::filesystem::path>& files, const Calendar* calendar) {
  if (calendar != nullptr) calendars_["24x7"] = calendar;
  BinanceReader reader;
  TapeSink sink(*this, DataOrigin::Recorded, "24x7", false);
  for (const auto& path : files) {
    auto file = load(path);
    if (!file) return fail(file.error());
    events_.reserve(events_.size() + file->text.size() / 50);
    told(reader.read(path.string(), file->text, {}, sink), file->damage);
  }
  return true;
}

Result<bool, Problem> MarketTape::add_bars(const std::filesystem::path& path, const Calendar& calendar) {
  calendars_[calendar.name()] = &calendar;
  auto file = load(path);
  if (!file) return fail(file.error());
  TapeSink sink(*this, DataOrigin::ReconstructedFromBars, calendar.name(), false);
  told(import_bars(path.string(), file->text, ImportOptions{.calendar = &calendar}, sink), file->damage);
  return true;
}

void MarketTape::add_phases() {
  const auto count = events_.size();
  for (const auto& instrument : instruments_) {
    const auto found = calendars_.find(std::string(instrument.calendar.view()));
    if (found == calendars_.end() || count == 0) continue;
    Timestamp first{INT64_MAX}, last{INT64_MIN};
    for (std::size_t i = 0; i < count; ++i) {
      const bool mine = std::visit([&](const auto& payload) {
        if constexpr (requires { payload.instrument; }) return payload.instrument == instrument.id;
        else return false;
      }, events_[i].payload);
      if (!mine) continue;
      first = std::min(first, events_[i].at);
      last = std::max(last, events_[i].at);
    }
    // The phase that holds at the first event is told with it; then every turn until the last.
    for (Timestamp at = first; at <= last;) {
      const auto phase = found->second->phase_at(at);
      if (!phase) break;
      events_.push_back({.at = at, .received_at = at, .payload = PhaseChange{.instrument = instrument.id, .phase = phase->phase,
                                                                             .trade_date = phase->trade_date, .until = phase->until}});
      at = phase->until;
    }
  }
}

void MarketTape::finish() {
  told_ = false;
  if (options_.phases) add_phases();
  // A phase is told first; then, in one millisecond, quotes before trades: tried on the shipped tape, 82 % of exchange trades
  // then lie inside the quote that stands, 67 % the other way round.
  const auto rank = [](const Event& event) {
    return std::holds_alternative<PhaseChange>(event.payload) ? 0 : std::holds_alternative<Trade>(event.payload) ? 2 : 1;
  };
  std::stable_sort(events_.begin(), events_.end(), [&](const Event& a, const Event& b) { return a.at != b.at ? a.at < b.at : rank(a) < rank(b); });
}

}  // namespace robo::store
