#include <fmt/core.h>
#include <fstream>

#include "apps/conformance/cards.hpp"
#include "apps/terminal.hpp"
#include "apps/verbs.hpp"

namespace robo::apps {

int run(const ConformanceOptions& options) {
  using namespace conformance;
  using terminal::Tone;
  terminal::heading("robotrader  conformance  what a client relies on, card by card");
  const Conditions conditions{.endpoint = {.host = options.host, .port = options.port, .patience = options.patience},
                              .client = options.client,
                              .symbol = options.symbol,
                              .security_type = options.security_type,
                              .exchange = options.exchange,
                              .currency = options.currency,
                              .orders = options.orders};
  int version = 0;
  std::string server_time;
  {
    auto first = Probe::dial(conditions.endpoint);
    if (first && first->greet(100, ib::wire::version_newest_text)) version = first->version(), server_time = first->server_time();
  }
  const auto lines = run_cards(conditions, [](const Line& line) {
    const auto mark = line.outcome.verdict == Verdict::Passed ? terminal::paint(Tone::Good, "✓") : line.outcome.verdict == Verdict::Failed ? terminal::paint(Tone::Bad, "✗") : terminal::paint(Tone::Warn, "–");
    terminal::print(fmt::format("  {}  {} {}  {}", line.number, mark, terminal::padded(line.title, 56), terminal::paint(Tone::Dim, line.outcome.why)));
  });
  if (!lines) {
    terminal::complain(lines.error().text);
    return 1;
  }
  std::size_t failed = 0, skipped = 0;
  for (const auto& line : *lines) failed += line.outcome.verdict == Verdict::Failed, skipped += line.outcome.verdict == Verdict::Skipped;
  terminal::print(fmt::format("  {} cards, {} failed, {} skipped; server version {}", lines->size(), failed, skipped, version));
  if (!options.report.empty()) {
    std::ofstream out(options.report, std::ios::trunc);
    out << report_of(conditions, *lines, version, server_time);
    if (!out.flush()) {
      terminal::complain(fmt::format("{}: cannot be written", options.report));
      return 1;
    }
  }
  return failed == 0 ? 0 : 1;
}

}  // namespace robo::apps
