#include "apps/stored_market.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <map>
#include <set>

#include "edge/store/history/catalogue.hpp"
#include "edge/store/history/plan.hpp"
#include "edge/store/history/series.hpp"
#include "edge/store/history/universe.hpp"
#include "edge/store/store_market.hpp"

namespace robo::apps {

namespace {

namespace history = store::history;

// After a share has left the universe it is shown so much longer: what is held of it must be sold to somebody.
constexpr int days_after_leaving = 7;

template <class T>
T must(Result<T, Problem> result) {
  if (!result) throw std::runtime_error(result.error().text);
  return std::move(*result);
}

std::optional<Date> set(Date day) { return day.days == 0 ? std::nullopt : std::optional(day); }

history::Adjust adjust_named(const std::string& name) {
  for (std::size_t i = 0; i < EnumNames<history::Adjust>::names.size(); ++i)
    if (EnumNames<history::Adjust>::names[i] == name) return static_cast<history::Adjust>(i);
  throw std::runtime_error(fmt::format("data.adjust: '{}' is none of none, splits, total", name));
}

std::string some(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size() && i < 12; ++i) out += (i > 0 ? " " : "") + names[i];
  return names.size() > 12 ? out + " ..." : out;
}

StoredMarket ticks_of(const DataSettings& settings) {
  auto source = must(store::StoreMarket::open({.root = settings.store, .symbols = settings.symbols, .from = set(settings.from), .until = set(settings.until), .bars = false}));
  StoredMarket out;
  out.instruments.assign(source.instruments().begin(), source.instruments().end());
  for (auto events = source.next(); !events.empty(); events = source.next()) out.events.insert(out.events.end(), events.begin(), events.end());
  if (source.failed()) throw std::runtime_error(source.failed()->text);
  out.rows = out.events.size();
  out.notes.push_back(fmt::format("{}: recorded ticks of {} symbols, {} to {}", settings.store, out.instruments.size(), to_text(source.days().front()), to_text(source.days().back())));
  return out;
}

struct Stretch {
  Date from{}, until{};
};

}  // namespace

StoredMarket read_stored_market(const DataSettings& settings, const store::Calendars& calendars) {
  if (settings.bars == "ticks") {
    if (!settings.universe.empty()) throw std::runtime_error("data.universe goes with bars, not with ticks: name data.symbols");
    return ticks_of(settings);
  }
  const auto size = must(history::bar_size_named(settings.bars));
  const bool daily = size.period >= hours(24);
  const auto adjust = adjust_named(settings.adjust);
  const auto actions = must(history::Actions::load(settings.store));
  const std::string kind(daily ? store::daily_kind : store::kind_of<store::BarRecord>);

  std::set<std::string> stored;
  Date first{INT32_MAX}, last{INT32_MIN};
  for (const auto& partition : store::partitions(settings.store, kind)) {
    stored.insert(partition.symbol);
    first = std::min(first, partition.day);
    last = std::max(last, daily ? Date{partition.day.days + 366} : partition.day);
  }
  if (stored.empty()) throw std::runtime_error(fmt::format("{} holds no {}; robotrader import and robotrader data fetch bring some in", settings.store, kind));
  const Date from = set(settings.from).value_or(first), until = set(settings.until).value_or(Date{last.days + 1});
  if (until <= from) throw std::runtime_error("data.until must be a day after data.from");

  std::optional<history::Universe> universe;
  if (!settings.universe.empty()) universe = must(history::Universe::load(settings.store, settings.universe));
  std::vector<std::string> symbols = settings.symbols;
  if (universe) {
    symbols = universe->during(from, until);
    if (!settings.symbols.empty()) std::erase_if(symbols, [&](const auto& name) { return std::ranges::find(settings.symbols, name) == settings.symbols.end(); });
  } else if (symbols.empty()) {
    symbols.assign(stored.begin(), stored.end());
  }

  StoredMarket out;
  std::vector<std::string> missing, left_out;
  std::set<std::string> sources;
  for (const auto& symbol : symbols) {
    auto series = must(history::read_series(settings.store, {.symbol = symbol, .period = size.period, .from = from, .until = until, .adjust = adjust, .known_at = set(settings.known_at)}, actions));
    left_out.insert(left_out.end(), series.notes.begin(), series.notes.end());
    sources.insert(series.sources.begin(), series.sources.end());
    if (universe) {
      const auto spans = universe->of(symbol);
      std::erase_if(series.bars, [&](const store::BarRecord& bar) {
        const Date day{static_cast<std::int32_t>((bar.start + hours(daily ? 12 : 0)).ns / hours(24).ns)};
        return std::ranges::none_of(spans, [&](const auto& m) { return m.from <= day && (m.until.days == INT32_MAX || day.days < m.until.days + days_after_leaving); });
      });
    }
    if (series.bars.empty()) {
      missing.push_back(symbol);
      continue;
    }
    auto instrument = store::instrument_named(symbol);
    instrument.id = InstrumentId{static_cast<std::uint32_t>(out.instruments.size())};
    instrument.origin = DataOrigin::ReconstructedFromBars;
    const auto calendar = calendars.find(instrument.calendar.view());
    for (auto bar : series.bars) {
      if (daily && calendar != calendars.end()) {
        // A daily bar lies at midnight; it trades in the regular hours.
        const Date day{static_cast<std::int32_t>((bar.start + hours(12)).ns / hours(24).ns)};
        const auto session = calendar->second.session(day);
        const auto regular = session ? session->regular() : std::nullopt;
        if (!regular) continue;
        bar.start = regular->from;
        bar.period = regular->until - regular->from;
      }
      store::add_bar_ticks(instrument, bar, out.events);
    }
    out.rows += series.bars.size();
    out.instruments.push_back(instrument);
  }
  if (out.events.empty()) throw std::runtime_error(fmt::format("{} holds no {} bars of {} within {} and {}", settings.store, settings.bars, symbols.empty() ? "anybody" : some(symbols), to_text(from), to_text(until)));
  std::ranges::stable_sort(out.events, {}, &Event::at);
  std::string source;
  for (const auto& one : sources) source += (source.empty() ? "" : ", ") + one;
  out.notes.push_back(fmt::format("{}: {} symbols, ticks reconstructed from {} bars, {} to {}, prices {}; from {}", settings.store, out.instruments.size(), settings.bars, to_text(from), to_text(Date{until.days - 1}),
                                  adjust == history::Adjust::None ? "as traded" : adjust == history::Adjust::Splits ? "adjusted for splits" : "adjusted for splits and dividends", source));
  if (universe) out.notes.push_back(fmt::format("{}: {} members of these days, each from the day it joined until a week after it left", settings.universe, symbols.size()));
  if (!missing.empty())
    out.notes.push_back(fmt::format("{} of {} have no bars here: {}{}", missing.size(), symbols.size(), some(missing), universe ? ": as far as they failed, the result flatters" : ""));
  for (const auto& note : left_out) out.notes.push_back(note);
  return out;
}

}  // namespace robo::apps
