#include "edge/store/history/catalogue.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <map>
#include <set>

#include "edge/store/parquet_file.hpp"

namespace robo::store::history {

namespace {

constexpr Duration day = hours(24);

struct Tally {
  Holding holding{};
  std::set<Date> days{};
  std::set<std::string> sources{}, adjusted{};
};

void count(Tally& tally, const PartSummary& part, Date date) {
  Holding& h = tally.holding;
  if (part.rows > 0 && part.first <= part.last) {
    h.first = h.rows == 0 ? part.first : std::min(h.first, part.first);
    h.last = h.rows == 0 ? part.last : std::max(h.last, part.last);
    tally.days.insert(date);
  }
  h.rows += part.rows;
  ++h.parts;
  h.bytes += part.bytes;
  const auto note = [&](std::string_view key) {
    const auto found = part.notes.find(std::string(key));
    return found == part.notes.end() ? std::string{} : found->second;
  };
  if (const auto source = note(source_note); !source.empty()) tally.sources.insert(source);
  const auto until = note(adjusted_note);
  tally.adjusted.insert(until.empty() ? "as traded" : "splits until " + until);
  if (const auto repaired = note(repaired_note); !repaired.empty()) h.rows_repaired += std::strtoull(repaired.c_str(), nullptr, 10);
}

std::string joined(const std::set<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

/// A daily bar starts at midnight of its market: within 14 hours of midnight UTC.
Date day_of_daily(Timestamp start) { return {static_cast<std::int32_t>((start + hours(12)).ns / day.ns)}; }

void close(Tally& tally, const Calendars& calendars) {
  Holding& h = tally.holding;
  h.sources.assign(tally.sources.begin(), tally.sources.end());
  h.adjusted = joined(tally.adjusted);
  const bool daily = h.kind == daily_kind;
  h.days = daily ? h.rows : tally.days.size();
  const auto* calendar = calendar_of(h.symbol, calendars);
  if (calendar == nullptr || h.rows == 0 || tally.days.empty()) return;
  const Date first = daily ? day_of_daily(h.first) : *tally.days.begin(), last = daily ? day_of_daily(h.last) : *tally.days.rbegin();
  const auto expected = static_cast<std::uint64_t>(calendar->trading_days(first, {last.days + 1}));
  std::uint64_t have = h.days;
  if (!daily) have = static_cast<std::uint64_t>(std::ranges::count_if(tally.days, [&](Date d) { return calendar->trades_on(d); }));
  // Bars of a week are no days.
  if (!daily || h.size == "1 day") h.days_missing = expected > have ? expected - have : 0;
}

}  // namespace

bool Selection::wants(std::string_view symbol) const { return symbols.empty() || std::ranges::find(symbols, symbol) != symbols.end(); }
bool Selection::wants_kind(std::string_view kind) const { return kinds.empty() || std::ranges::find(kinds, kind) != kinds.end(); }

std::string words_of(Duration period) {
  const auto in = [&](Duration unit, std::string_view one, std::string_view many) {
    const auto n = period.ns / unit.ns;
    return n == 1 ? fmt::format("1 {}", one) : fmt::format("{} {}", n, many);
  };
  const auto whole = [&](Duration unit) { return period.ns >= unit.ns && period.ns % unit.ns == 0; };
  if (whole(day * 7)) return in(day * 7, "week", "weeks");
  if (whole(day)) return in(day, "day", "days");
  if (whole(hours(1))) return in(hours(1), "hour", "hours");
  if (whole(minutes(1))) return in(minutes(1), "min", "mins");
  if (whole(seconds(1))) return in(seconds(1), "sec", "secs");
  return fmt::format("{} s", period.seconds());
}

const Calendar* calendar_of(std::string_view symbol, const Calendars& calendars) {
  const auto found = calendars.find(instrument_named(symbol).calendar.view());
  return found == calendars.end() ? nullptr : &found->second;
}

Catalogue catalogue(const std::filesystem::path& root, const Selection& selection, const Calendars& calendars) {
  Catalogue out;
  std::map<std::tuple<std::string, std::string, Duration, Duration>, Tally> tallies;
  for (const auto kind : market_kinds) {
    if (!selection.wants_kind(kind)) continue;
    const auto from = selection.from && kind == daily_kind ? std::optional(first_of_year(*selection.from)) : selection.from;
    for (const auto& partition : partitions(root, kind, {}, from, selection.until)) {
      if (!selection.wants(partition.symbol)) continue;
      const auto parts = parts_of(root, partition);
      if (!parts) {
        out.damaged.push_back(parts.error().text);
        continue;
      }
      for (const auto& path : *parts) {
        const auto part = summary_of(path);
        if (!part) {
          out.damaged.push_back(part.error().text);
          continue;
        }
        Tally& tally = tallies[{partition.symbol, partition.kind, part->shortest, part->longest}];
        if (tally.holding.symbol.empty()) {
          tally.holding.symbol = partition.symbol;
          tally.holding.kind = partition.kind;
          if (part->longest.ns > 0) tally.holding.size = part->shortest == part->longest ? words_of(part->longest) : words_of(part->shortest) + " to " + words_of(part->longest);
        }
        count(tally, *part, partition.day);
      }
    }
  }
  for (auto& [key, tally] : tallies) {
    close(tally, calendars);
    out.holdings.push_back(std::move(tally.holding));
  }
  return out;
}

}  // namespace robo::store::history
