#include <filesystem>
#include <fmt/core.h>
#include <fstream>

#include "apps/home.hpp"
#include "apps/journal_to_store.hpp"
#include "apps/terminal.hpp"
#include "apps/verbs.hpp"
#include "edge/store/import.hpp"

namespace robo::apps {

namespace {

/// One row of the report: a CSV with the row itself quoted, so that any bytes of the file stay one cell.
void write_row(std::ofstream& report, std::string_view file, std::string_view outcome, std::string_view reason, std::uint64_t line, std::string_view row) {
  std::string quoted;
  for (const char c : row) quoted += c == '"' ? std::string("\"\"") : std::string(1, c < ' ' && c >= 0 ? '?' : c);
  report << file << ',' << line << ',' << outcome << ",\"" << reason << "\",\"" << quoted << "\"\n";
}

int import_journal(const std::string& folder, const ImportOptions& options, const store::Calendars& calendars) {
  terminal::Step step("journal");
  const auto stored = store_journal(folder, options.store, calendars);
  if (!stored) {
    step.failed(folder);
    terminal::complain(stored.error().text);
    return 1;
  }
  step.done(fmt::format("session {}: {} market rows, {} facts", stored->session, stored->market_rows, stored->facts));
  terminal::print(fmt::format("  stored     {} rows in {} files under {}", stored->written.rows, stored->written.parts, options.store));
  if (!stored->ending.empty()) terminal::print("  ▲ " + stored->ending);
  return 0;
}

}  // namespace

int run(const ImportOptions& options) {
  terminal::heading(fmt::format("import into {}", options.store));
  auto calendars = store::read_calendars(need_own("data/calendars", "the calendars that come with the program"));
  if (!calendars) throw std::runtime_error(calendars.error().text);
  store::Importer importer(options.store, *calendars);
  std::ofstream report;
  if (!options.report.empty()) {
    report.open(options.report, std::ios::trunc);
    if (!report) throw std::runtime_error(fmt::format("{}: cannot be written", options.report));
    report << "file,line,outcome,reason,row\n";
  }
  int code = 0;
  for (const auto& file : options.files) {
    if (std::filesystem::is_directory(file)) {
      code = std::max(code, import_journal(file, options, *calendars));
      continue;
    }
    store::RowListener listener;
    if (report.is_open())
      listener = [&](std::string_view outcome, std::string_view reason, std::uint64_t line, std::string_view row) { write_row(report, file, outcome, reason, line, row); };
    terminal::Step step("import");
    const auto outcome = importer.import({.file = file, .symbol = options.symbol, .zone = options.zone, .calendar = options.calendar,
                                          .stamp = options.stamp, .dates = options.dates, .allow_pseudo_dates = options.pseudo_dates, .adjusted_until = options.adjusted_until, .listener = listener},
                                         [&](double part) {
                                           terminal::progress("import", part, file);
                                           return true;
                                         });
    if (!outcome) {
      step.failed(file);
      terminal::complain(outcome.error().text);
      code = 1;
      continue;
    }
    const auto said = fmt::format("{}: {} kept, {} refused", std::filesystem::path(file).filename().string(), outcome->report.kept, outcome->report.refused);
    if (outcome->report.kept > 0) step.done(said);
    else step.failed(said), code = 1;  // nothing came of it, whatever the reasons: the report says them
    const auto text = store::to_text(*outcome, options.store);
    terminal::print(text);
  }
  return code;
}

}  // namespace robo::apps
