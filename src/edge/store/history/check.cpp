#include "edge/store/history/check.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <map>
#include <set>

#include "edge/store/history/findings.hpp"
#include "edge/store/parquet_file.hpp"

namespace robo::store::history {

namespace {

Finding unreadable(const Partition& partition, const Problem& problem) {
  return {.fault = Fault::Unreadable, .problem = true, .symbol = partition.symbol, .kind = partition.kind, .count = 1, .text = "files that cannot be read", .examples = {problem.text},
          .days = {partition.day}};
}

/// Rows of a partition as they lie in its files, with where each file begins.
template <class R>
struct Lying {
  std::vector<R> rows{};
  std::vector<std::size_t> file_starts{};
};
template <class R>
void read_lying(const std::filesystem::path& root, const Partition& partition, Lying<R>& into, CheckReport& report) {
  const auto parts = parts_of(root, partition);
  if (!parts) return report.findings.push_back(unreadable(partition, parts.error()));
  for (const auto& path : *parts) {
    auto rows = read_parquet<R>(path);
    if (!rows) {
      report.findings.push_back(unreadable(partition, rows.error()));
      continue;
    }
    report.rows += rows->size();
    into.file_starts.push_back(into.rows.size());
    into.rows.insert(into.rows.end(), rows->begin(), rows->end());
  }
}

/// Days between the first and the last partition of a symbol on which nothing of a kind is stored.
void missing_days(std::string_view symbol, std::string_view kind, const std::set<Date>& days, const Calendar* calendar, std::vector<Finding>& out) {
  if (calendar == nullptr || days.empty()) return;
  Findings findings(symbol, kind, "", out);
  for (auto next = calendar->next_trading_day(*days.begin()); next && *next < *days.rbegin(); next = calendar->next_trading_day(*next))
    if (!days.contains(*next)) findings.add(Fault::MissingDay, true, to_text(*next), *next);
}

}  // namespace

CheckReport check(const std::filesystem::path& root, const Selection& selection, const Calendars& calendars, const std::function<void(double)>& progress) {
  CheckReport report;
  std::map<std::pair<std::string, std::string>, std::vector<Partition>> series;  // by symbol and kind
  std::size_t all = 0;
  for (const auto kind : market_kinds) {
    if (!selection.wants_kind(kind) || kind == "depth") continue;
    const auto from = selection.from && kind == daily_kind ? std::optional(first_of_year(*selection.from)) : selection.from;
    for (auto& partition : partitions(root, kind, {}, from, selection.until))
      if (selection.wants(partition.symbol)) series[{partition.symbol, std::string(kind)}].push_back(std::move(partition)), ++all;
  }
  for (const auto& [key, its] : series) {
    const auto& [symbol, kind] = key;
    const auto* calendar = calendar_of(symbol, calendars);
    const auto done = [&] {
      ++report.partitions;
      if (progress) progress(static_cast<double>(report.partitions) / static_cast<double>(all));
    };
    if (kind == "bars" || kind == daily_kind) {
      Lying<BarRecord> lying;
      for (const auto& partition : its) read_lying(root, partition, lying, report), done();
      std::map<Duration, Lying<BarRecord>> by_period;
      std::size_t file = 0;
      for (std::size_t i = 0; i < lying.rows.size(); ++i) {
        while (file < lying.file_starts.size() && lying.file_starts[file] <= i) {
          for (auto& [period, one] : by_period) one.file_starts.push_back(one.rows.size());
          ++file;
        }
        const auto& row = lying.rows[i];
        const Date day{static_cast<std::int32_t>((row.start + hours(12)).ns / hours(24).ns)};
        if (kind == daily_kind && ((selection.from && day < *selection.from) || (selection.until && day >= *selection.until))) continue;
        by_period[row.period].rows.push_back(row);
      }
      for (const auto& [period, one] : by_period) check_bars(symbol, period, one.rows, one.file_starts, calendar, report.findings);
      continue;
    }
    std::set<Date> days;
    for (const auto& partition : its) {
      days.insert(partition.day);
      std::vector<Finding> found;
      if (kind == "trades") {
        Lying<TradeRecord> lying;
        read_lying(root, partition, lying, report);
        check_trades(symbol, lying.rows, lying.file_starts, calendar, found);
      } else {
        Lying<QuoteRecord> lying;
        read_lying(root, partition, lying, report);
        check_quotes(symbol, lying.rows, lying.file_starts, calendar, found);
      }
      for (auto& finding : found) {
        if (finding.problem && finding.fault != Fault::TimeZone && finding.days.empty()) finding.days.push_back(partition.day);
        report.findings.push_back(std::move(finding));
      }
      done();
    }
    missing_days(symbol, kind, days, calendar, report.findings);
  }
  report.findings = merged(std::move(report.findings));
  return report;
}

}  // namespace robo::store::history
