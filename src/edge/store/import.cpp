#include "edge/store/import.hpp"

#include <fmt/core.h>

#include "edge/store/detail/layout.hpp"
#include "edge/store/detail/reading.hpp"
#include "edge/store/import_bars.hpp"
#include "edge/store/import_taq.hpp"
#include "edge/store/text_file.hpp"

namespace robo::store {

namespace {

std::vector<std::string_view> header_of(std::string_view text) {
  Lines lines(text);
  std::string_view line;
  std::vector<std::string_view> cells;
  if (lines.next(line)) detail::split_cells(line, cells);
  for (auto& cell : cells) cell = detail::trimmed(cell);
  return cells;
}

/// NYSE unless the file speaks of another place.
std::string_view calendar_for(FileFormat format, std::string_view text) {
  if (format == FileFormat::Binance) return "24x7";
  for (const auto column : header_of(text)) {
    const auto zone = zone_named_by(column);
    if (zone == "America/Chicago") return "CME";
    if (zone == "Etc/UTC") return "24x7";
  }
  return "NYSE";
}

Result<ImportOptions, Problem> options_of(const ImportRequest& request) {
  ImportOptions options{.symbol = request.symbol, .zone = request.zone, .allow_pseudo_dates = request.allow_pseudo_dates,
                        .period = request.period, .listener = request.listener, .consolidate = request.consolidate};
  if (request.symbol.size() > 24) return fail(Problem{fmt::format("symbol '{}' is longer than 24 characters", request.symbol)});
  if (request.stamp == "start") options.stamp = BarStamp::Start;
  else if (request.stamp == "end") options.stamp = BarStamp::End;
  else if (!request.stamp.empty()) return fail(Problem{fmt::format("stamp '{}' is neither start nor end", request.stamp)});
  if (request.dates == "month-first") options.dates = detail::DateOrder::MonthFirst;
  else if (request.dates == "day-first") options.dates = detail::DateOrder::DayFirst;
  else if (!request.dates.empty()) return fail(Problem{fmt::format("dates '{}' is neither month-first nor day-first", request.dates)});
  if (!request.zone.empty())
    if (const auto zone = TimeZone::find(request.zone); !zone) return fail(zone.error());
  if (request.period && request.period->ns <= 0) return fail(Problem{"the period of bars must be positive"});
  return options;
}

}  // namespace

FileFormat format_of(std::string_view text) {
  Lines lines(text);
  std::string_view first;
  if (!lines.next(first)) return FileFormat::Unknown;
  if (const auto blank = first.find(' '); blank != std::string_view::npos && detail::read_integer(first.substr(0, blank)) &&
                                          detail::trimmed(first.substr(blank)).starts_with('{'))
    return FileFormat::Binance;
  const auto header = header_of(text);
  const auto has = [&](std::string_view name) {
    for (const auto cell : header)
      if (detail::same_word(cell, name)) return true;
    return false;
  };
  if (has("BID") && (has("OFR") || has("ASK"))) return FileFormat::TaqQuotes;
  if (has("PRICE") && has("SIZE")) return FileFormat::TaqTrades;
  for (const std::string_view time : {"date", "datetime", "timestamp", "dt", "time"})
    if (has(time) && header.size() > 1) return FileFormat::Bars;
  for (const auto cell : header)
    if (detail::same_word(cell.substr(0, 5), "time_") && header.size() > 1) return FileFormat::Bars;
  return FileFormat::Unknown;
}

namespace {

Result<ImportReport, Problem> read_file(const ImportRequest& request, const Calendars& calendars, BinanceReader& binance, RecordSink& sink, const Progress& progress) {
  auto options = options_of(request);
  if (!options) return fail(options.error());
  auto file = read_text_file(request.file);
  if (!file) return fail(file.error());
  const auto name = request.file.string();
  auto layout = detail::into_known_layout(file->text);
  if (layout) file->text = std::move(layout->text);
  const auto format = format_of(file->text);
  if (format == FileFormat::Unknown)
    return fail(Problem{fmt::format("{}: neither bars, prices, TAQ quotes, TAQ trades nor Binance streams: the first line must name the "
                                    "columns (docs/import.md){}", name, file->damage.empty() ? "" : "; " + file->damage)});
  const std::string wanted = request.calendar.empty() ? std::string(calendar_for(format, file->text)) : request.calendar;
  const auto calendar = calendars.find(wanted);
  if (calendar == calendars.end()) {
    std::string known;
    for (const auto& [its, unused] : calendars) known += (known.empty() ? "" : ", ") + its;
    return fail(Problem{fmt::format("there is no calendar '{}'; there are {}", wanted, known)});
  }
  options->calendar = &calendar->second;

  ImportReport report;
  switch (format) {
    case FileFormat::TaqQuotes: report = import_taq_quotes(name, file->text, *options, sink, progress); break;
    case FileFormat::TaqTrades: report = import_taq_trades(name, file->text, *options, sink, progress); break;
    case FileFormat::Bars: report = import_bars(name, file->text, *options, sink, progress); break;
    case FileFormat::Binance: report = binance.read(name, file->text, *options, sink, progress); break;
    case FileFormat::Unknown: break;
  }
  if (layout) report.notes.insert(report.notes.begin(), layout->notes.begin(), layout->notes.end());
  if (!file->damage.empty()) report.notes.push_back(file->damage + ": what came before it was read");
  return report;
}

}  // namespace

Result<ImportReport, Problem> examine(const ImportRequest& request, const Calendars& calendars, RecordSink& sink, const Progress& progress) {
  BinanceReader binance;
  return read_file(request, calendars, binance, sink, progress);
}

Result<ImportOutcome, Problem> Importer::import(const ImportRequest& request, const Progress& progress) {
  StoreWriter writer(root_, WriterKind::Import, request.file.filename().string());
  if (!request.adjusted_until.empty()) {
    const auto day = parse_date(request.adjusted_until);
    if (!day) return fail(Problem{fmt::format("adjusted until: {}", day.error().text)});
    writer.note("adjusted_until", to_text(*day));
  }
  auto report = read_file(request, calendars_, binance_, writer, progress);
  if (!report) return fail(report.error());
  ImportOutcome outcome{.report = std::move(*report)};
  auto written = writer.finish();
  if (!written) return fail(written.error());
  outcome.written = *written;
  return outcome;
}

std::string to_text(const ImportOutcome& outcome, const std::filesystem::path& root) {
  return to_text(outcome.report) + fmt::format("  {:<10} {:>9}  rows in {} files, {:.1f} MB, under {}\n", "stored", outcome.written.rows,
                                               outcome.written.parts, static_cast<double>(outcome.written.bytes) / 1e6, root.string());
}

}  // namespace robo::store
