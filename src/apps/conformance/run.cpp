#include <chrono>

#include <fmt/format.h>

#include "apps/conformance/cards.hpp"

namespace robo::apps::conformance {

Result<std::vector<Line>, Problem> run_cards(const Conditions& conditions, const std::function<void(const Line&)>& told) {
  auto probe = Probe::ready(conditions.endpoint, conditions.client);
  if (!probe) return fail(probe.error());
  if (conditions.orders) {
    // Real money is never touched: every account of the login must be a paper one.
    const auto accounts = probe->accounts() + ",";
    for (std::size_t at = 0; at < accounts.size();) {
      const auto end = accounts.find(',', at);
      const auto account = accounts.substr(at, end - at);
      at = end + 1;
      if (account.empty() || account.starts_with("DU") || account.starts_with("DF")) continue;
      return fail(Problem{"the cards that place orders run on paper accounts only (DU..., DF...); this login has another. Run without --orders"});
    }
  }
  std::vector<Line> lines;
  const auto run = [&](const Card& card) {
    const auto start = std::chrono::steady_clock::now();
    Outcome outcome;
    if (probe->closed()) {
      auto again = Probe::ready(conditions.endpoint, conditions.client);
      if (again) probe = std::move(again);
    }
    if (probe->closed()) outcome = {Verdict::Failed, "the connection is gone and does not come back"};
    else outcome = card.run(conditions, *probe);
    if (!probe->trouble().empty() && outcome.verdict == Verdict::Passed) outcome = {Verdict::Failed, "a message could not be read: " + probe->trouble()};
    lines.push_back({std::string(card.number), std::string(card.title), std::move(outcome), std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count()});
    if (told) told(lines.back());
  };
  for (const auto& card : session_cards()) run(card);
  if (conditions.orders)
    for (const auto& card : order_cards()) run(card);
  return lines;
}

std::string report_of(const Conditions& conditions, const std::vector<Line>& lines, int version, std::string_view server_time) {
  std::size_t passed = 0, failed = 0, skipped = 0;
  for (const auto& line : lines) ++(line.outcome.verdict == Verdict::Passed ? passed : line.outcome.verdict == Verdict::Failed ? failed : skipped);
  std::string page = fmt::format("# Conformance of {}:{}\n\nServer version {}, {}. {} cards: {} passed, {} failed, {} skipped.\n\n| card | what | outcome | seen | s |\n|---|---|---|---|---|\n",
                                 conditions.endpoint.host, conditions.endpoint.port, version, server_time, lines.size(), passed, failed, skipped);
  for (const auto& line : lines) {
    const auto verdict = line.outcome.verdict == Verdict::Passed ? "passed" : line.outcome.verdict == Verdict::Failed ? "**failed**" : "skipped";
    page += fmt::format("| {} | {} | {} | {} | {:.2f} |\n", line.number, line.title, verdict, line.outcome.why, line.seconds);
  }
  return page;
}

}  // namespace robo::apps::conformance
