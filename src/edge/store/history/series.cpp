#include "edge/store/history/series.hpp"

#include <algorithm>
#include <fmt/core.h>

#include "edge/store/history/catalogue.hpp"
#include "edge/store/parquet_file.hpp"
#include "model/calendar.hpp"

namespace robo::store::history {

namespace {

constexpr Duration day_length = hours(24);

Date day_of(const BarRecord& bar, Date partition, bool daily) {
  // Intraday bars lie under their market's own day.
  return daily ? Date{static_cast<std::int32_t>((bar.start + hours(12)).ns / day_length.ns)} : partition;
}

Basis basis_of(const FileNotes& notes) {
  const auto found = notes.find(std::string(adjusted_note));
  if (found == notes.end()) return std::nullopt;
  const auto day = parse_date(found->second);
  return day ? Basis(*day) : std::nullopt;
}

struct Dated {
  BarRecord bar{};
  Date day{};
};

/// Every price before an ex-date is taken down by the part of the price that was paid out: 1 - dividend / the close before.
void put_dividends_back(std::vector<Dated>& bars, std::string_view symbol, const SeriesRequest& request, const Actions& actions, Date basis, Date known, Series& out) {
  if (bars.empty()) return;
  const auto paid = actions.dividends(symbol, bars.front().day, basis, known);
  for (const Action& dividend : paid) {
    // The last close before the ex-date; what was paid is in shares of that day, the price may be in shares of the basis.
    const auto first = std::ranges::partition_point(bars, [&](const Dated& one) { return one.day < dividend.ex; });
    if (first == bars.begin()) continue;
    const auto& before = *(first - 1);
    if (first == bars.end() && dividend.ex > bars.back().day && dividend.ex >= request.until) {
      out.notes.push_back(fmt::format("{}: the dividend of {} is left out: it comes after the last bar", symbol, to_text(dividend.ex)));
      continue;
    }
    const auto ratio = actions.splits(symbol, before.day, request.adjust == Adjust::None ? Basis{} : Basis(basis), known);
    const double close = before.bar.close.to_double() * static_cast<double>(ratio.new_shares) / static_cast<double>(ratio.old_shares);
    const double kept = close > 0 ? 1 - dividend.amount.to_double() / close : 0;
    if (kept <= 0 || kept > 1) {
      out.notes.push_back(fmt::format("{}: a dividend of {} on {} beside a close of {} is left out", symbol, to_text(dividend.amount), to_text(dividend.ex), close));
      continue;
    }
    for (auto at = bars.begin(); at != first; ++at)
      for (Price* price : {&at->bar.open, &at->bar.high, &at->bar.low, &at->bar.close}) *price = Price::from_raw(static_cast<std::int64_t>(static_cast<double>(price->raw) * kept + 0.5));
  }
}

}  // namespace

Result<Series, Problem> read_series(const std::filesystem::path& root, const SeriesRequest& request, const Actions& actions) {
  Series out;
  const bool daily = request.period >= day_length;
  const std::string_view kind = daily ? daily_kind : kind_of<BarRecord>;
  const Date basis = request.basis.value_or(Date{request.until.days - 1});
  const Date known = request.known_at.value_or(basis);
  const Basis wanted = request.adjust == Adjust::None ? Basis{} : Basis(basis);
  out.names = actions.names(request.symbol, request.from, request.until, known);
  std::vector<Dated> all;
  for (const auto& name : out.names) {
    std::vector<Dated> bars;
    for (const auto& partition : partitions(root, kind, name.symbol, daily ? first_of_year(name.from) : name.from, name.until)) {
      const auto parts = parts_of(root, partition);
      if (!parts) return fail(parts.error());
      for (const auto& path : *parts) {
        FileNotes notes;
        auto rows = read_parquet<BarRecord>(path, &notes);
        if (!rows) return fail(rows.error());
        const Basis has = basis_of(notes);
        bool any = false;
        for (BarRecord& bar : *rows) {
          const Date day = day_of(bar, partition.day, daily);
          if (bar.period != request.period || day < name.from || day >= name.until) continue;
          any = true;
          actions.rebase(bar, name.symbol, day, has, wanted, known);
          bars.push_back({bar, day});
        }
        if (any)
          if (const auto source = notes.find(std::string(source_note)); source != notes.end()) out.sources.insert(source->second);
      }
    }
    // A bar of a later file repeats one of an earlier: the first counts, as everywhere.
    std::ranges::stable_sort(bars, {}, [](const Dated& one) { return one.bar.start; });
    const auto again = std::ranges::unique(bars, {}, [](const Dated& one) { return one.bar.start; });
    bars.erase(again.begin(), again.end());
    // A split under the later name moves the bars of the former one, too.
    for (const auto& later : out.names)
      if (later.from >= name.until)
        for (auto& one : bars) actions.rebase(one.bar, later.symbol, one.day, std::nullopt, wanted, known);
    if (request.adjust == Adjust::Total) put_dividends_back(bars, name.symbol, request, actions, basis, known, out);
    all.insert(all.end(), bars.begin(), bars.end());
  }
  if (request.adjust == Adjust::Total && out.names.size() > 1)
    for (std::size_t i = 1; i < out.names.size(); ++i)
      if (!actions.dividends(out.names[i].symbol, out.names[i].from, basis, known).empty())
        out.notes.push_back(fmt::format("{}: its dividends do not reach back to the time when it was {}", out.names[i].symbol, out.names[i - 1].symbol));
  out.bars.reserve(all.size());
  for (const auto& one : all) out.bars.push_back(one.bar);
  return out;
}

}  // namespace robo::store::history
