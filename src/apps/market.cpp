#include "apps/market.hpp"

#include <algorithm>
#include <fmt/core.h>

#include "apps/stored_market.hpp"

namespace robo::apps {

namespace {

// Recordings carry no contract numbers of IB's; these are far from real ones and different for every instrument of a run.
constexpr std::int64_t invented_contracts = 900'000'001;

/// Puts an event of one recording on the common day and among the common instruments.
void rebase(Event& event, Duration shift, std::uint32_t first_instrument) {
  event.at = event.at + shift;
  event.received_at = event.received_at + shift;
  if (first_instrument == 0) return;
  std::visit(
      [&](auto& payload) {
        if constexpr (requires { payload.instrument.value += first_instrument; }) payload.instrument.value += first_instrument;
      },
      event.payload);
}

}  // namespace

void RecordedMarket::add(std::unique_ptr<store::MarketTape> tape, Duration shift, bool repeat, std::string note) {
  for (const auto& report : tape->reports()) rows_ += report.rows, refused_ += report.refused;
  if (tape->events().empty()) return;
  const auto events = tape->events();
  const auto instruments = tape->instruments();
  add({.tape = std::move(tape), .events = events, .shift = shift, .repeat = repeat}, instruments, std::move(note));
}

void RecordedMarket::add(Strip strip, std::span<const Instrument> instruments, std::string note) {
  strip.first_instrument = static_cast<std::uint32_t>(instruments_.size());
  strip.instruments = static_cast<std::uint32_t>(instruments.size());
  strip.lap = strip.events.back().at - strip.events.front().at + milliseconds(100);
  for (auto instrument : instruments) {
    instrument.id = InstrumentId{static_cast<std::uint32_t>(instruments_.size())};
    instrument.contract = ContractId{invented_contracts + instrument.id.value};
    instruments_.push_back(instrument);
  }
  strips_.push_back(std::move(strip));
  notes_.push_back(std::move(note));
}

Timestamp RecordedMarket::time_of(const Strip& strip) const {
  return strip.events[strip.at].at + strip.shift + strip.lap * static_cast<std::int64_t>(strip.laps);
}

Timestamp RecordedMarket::start() const {
  Timestamp earliest{INT64_MAX};
  for (const auto& strip : strips_) earliest = std::min(earliest, strip.events.front().at + strip.shift);
  return earliest;
}

Timestamp RecordedMarket::end() const {
  Timestamp latest{};
  for (const auto& strip : strips_)
    if (!strip.repeat || strips_.size() == 1) latest = std::max(latest, strip.events.back().at + strip.shift);
  return latest;
}

std::span<const Event> RecordedMarket::next() {
  buffer_.clear();
  while (buffer_.size() < 1024) {
    Strip* earliest = nullptr;
    bool lasting = false;
    for (auto& strip : strips_) {
      if (strip.at == strip.events.size()) continue;
      lasting |= !strip.repeat;
      if (earliest == nullptr || time_of(strip) < time_of(*earliest)) earliest = &strip;
    }
    if (earliest == nullptr || !lasting) break;  // repeated recordings alone do not make a day
    Event event = earliest->events[earliest->at];
    rebase(event, earliest->shift + earliest->lap * static_cast<std::int64_t>(earliest->laps), earliest->first_instrument);
    buffer_.push_back(event);
    if (++earliest->at == earliest->events.size() && earliest->repeat) {
      earliest->at = 0;
      ++earliest->laps;
      for (std::uint32_t i = 0; i < earliest->instruments; ++i)
        buffer_.push_back({.at = event.at, .received_at = event.received_at, .payload = DepthReset{InstrumentId{earliest->first_instrument + i}}});
    }
  }
  return buffer_;
}

void RecordedMarket::rewind() {
  for (auto& strip : strips_) strip.at = 0, strip.laps = 0;
}

std::unique_ptr<RecordedMarket> open_market(const DataSettings& settings) {
  auto market = std::make_unique<RecordedMarket>();
  auto calendars = store::read_calendars(std::filesystem::path(settings.folder) / "calendars");
  if (!calendars) throw std::runtime_error(calendars.error().text);
  market->calendars_ = std::move(*calendars);
  const auto tape = [&](store::ShippedMarket which) {
    auto opened = store::open_shipped_market(settings.folder, which, market->calendars_, {.phases = false, .symbols = settings.symbols});
    if (!opened) throw std::runtime_error(opened.error().text);
    return std::move(*opened);
  };
  const bool all = settings.market == "all";

  // The recordings' sessions are all winter days in New York, so moving by whole days keeps the hours of the session. The stock's
  // second day meets the fourth day of the bars: on that morning each has a history.
  const Date common = date_of(2019, 2, 13);
  if (all || settings.market == "us24")
    market->add(tape(store::ShippedMarket::Us24), {}, false, "24 US names: ticks reconstructed from 1-minute bars, 11 to 15 February 2019");
  if (all || settings.market == "taq")
    market->add(tape(store::ShippedMarket::Taq), all ? hours(24) * (common.days - date_of(2018, 1, 2).days) : Duration{}, false,
                fmt::format("XXX: every quote and trade of one NYSE stock, recorded 2 and 3 January 2018{}", all ? ", played on 13 and 14 February 2019" : ""));
  if (all || settings.market == "crypto") {
    auto coins = tape(store::ShippedMarket::Crypto);
    const auto first = coins->events().empty() ? Timestamp{} : coins->events().front().at;
    const Timestamp bell = TimeZone::find("America/New_York").value().to_utc({common, hours(9) + minutes(30)});
    market->add(std::move(coins), all ? bell - first : Duration{}, all,
                fmt::format("BTCUSDT: order book and trades of Binance spot, eleven minutes of 8 August 2024{}", all ? ", repeated" : ""));
  }
  if (settings.market == "sectors")
    market->add(tape(store::ShippedMarket::Sectors), {}, false,
                "11 US ETFs: four ticks a session reconstructed from daily bars, 2000 to 2025, without dividends");
  if (settings.market == "store") {
    auto stored = read_stored_market(settings, market->calendars_);
    market->rows_ = stored.rows;
    RecordedMarket::Strip strip{.own = std::move(stored.events)};
    strip.events = strip.own;
    const auto notes = std::move(stored.notes);
    market->add(std::move(strip), stored.instruments, notes.front());
    market->notes_.insert(market->notes_.end(), notes.begin() + 1, notes.end());
  }
  if (market->strips_.empty())
    throw std::runtime_error(fmt::format("no data for market '{}'{}; there are us24, taq, crypto, sectors, all and store", settings.market,
                                         settings.symbols.empty() ? "" : " and these symbols"));
  return market;
}

}  // namespace robo::apps
