#include <fmt/core.h>
#include <fstream>

#include "apps/terminal.hpp"
#include "apps/verbs.hpp"
#include "edge/store/import.hpp"

namespace robo::apps {

int run(const ImportOptions& options) {
  terminal::heading(fmt::format("import into {}", options.store));
  auto calendars = store::read_calendars("data/calendars");
  if (!calendars) throw std::runtime_error(calendars.error().text);
  store::Importer importer(options.store, *calendars);
  std::ofstream report;
  if (!options.report.empty()) {
    report.open(options.report, std::ios::trunc);
    if (!report) throw std::runtime_error(fmt::format("{}: cannot be written", options.report));
  }
  int code = 0;
  for (const auto& file : options.files) {
    terminal::Step step("import");
    const auto outcome = importer.import({.file = file, .symbol = options.symbol, .zone = options.zone, .calendar = options.calendar},
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
    step.done(fmt::format("{}: {} kept, {} refused", std::filesystem::path(file).filename().string(), outcome->report.kept, outcome->report.refused));
    const auto text = store::to_text(*outcome, options.store);
    terminal::print(text);
    if (report.is_open()) report << text << '\n';
  }
  return code;
}

}  // namespace robo::apps
