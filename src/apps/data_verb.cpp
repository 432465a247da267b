#include <cstdio>
#include <fmt/core.h>

#include "apps/data_view.hpp"
#include "apps/home.hpp"
#include "apps/terminal.hpp"
#include "apps/verbs.hpp"
#include "edge/store/history/actions.hpp"
#include "edge/store/history/universe.hpp"
#include "edge/store/import.hpp"
#include "edge/store/text_file.hpp"
#include "model/json/json.hpp"

namespace robo::apps {

namespace history = store::history;

store::Calendars own_calendars() {
  auto calendars = store::read_calendars(need_own("data/calendars", "the calendars that come with the program"));
  if (!calendars) throw std::runtime_error(calendars.error().text);
  return std::move(*calendars);
}

namespace {
std::optional<Date> day_of(std::string_view option, const std::string& text) {
  if (text.empty()) return std::nullopt;
  const auto day = parse_date(text);
  if (!day) throw std::runtime_error(fmt::format("{}: {}", option, day.error().text));
  return *day;
}

}  // namespace

history::Selection selection_of(const DataOptions& options) {
  history::Selection out{.symbols = options.symbols, .kinds = options.kinds, .from = day_of("--from", options.from), .until = day_of("--until", options.until)};
  for (const auto& kind : options.kinds)
    if (std::ranges::find(history::market_kinds, kind) == std::end(history::market_kinds))
      throw std::runtime_error(fmt::format("--kinds: '{}' is none of quotes, trades, depth, bars, daily_bars", kind));
  return out;
}

namespace {

void print_json(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fputc('\n', stdout);
}

int list(const DataOptions& options) {
  const auto root = options.replaced ? std::filesystem::path(options.store) / history::replaced_folder : std::filesystem::path(options.store);
  const auto found = history::catalogue(root, selection_of(options), own_calendars());
  if (options.json) print_json(json::to_json(found));
  else {
    terminal::heading(fmt::format("data list  {}", root.string()));
    print_catalogue(found);
  }
  return found.damaged.empty() ? 0 : 1;
}

/// Rows go nowhere: the report of the import is what is wanted.
struct Nowhere final : store::RecordSink {
  void quote(std::string_view, Date, const store::QuoteRecord&) override {}
  void trade(std::string_view, Date, const store::TradeRecord&) override {}
  void depth(std::string_view, Date, const store::DepthRecord&) override {}
  void bar(std::string_view, Date, const store::BarRecord&) override {}
};

int check(const DataOptions& options) {
  const auto calendars = own_calendars();
  history::CheckReport report;
  if (!options.json) terminal::heading(fmt::format("data check  {}", options.paths.empty() ? options.store : fmt::format("{} files", options.paths.size())));
  if (options.paths.empty()) {
    report = history::check(options.store, selection_of(options), calendars, [&](double part) {
      if (!options.json) terminal::progress("check", part, "");
    });
    if (!options.json) terminal::progress_end();
  }
  Nowhere nowhere;
  for (const auto& path : options.paths) {
    auto outcome = store::examine({.file = path}, calendars, nowhere);
    ++report.partitions;
    if (!outcome) {
      report.findings.push_back({.fault = history::Fault::Unreadable, .problem = true, .symbol = "?", .kind = "file", .count = 1, .text = outcome.error().text, .examples = {path}});
      continue;
    }
    report.rows += outcome->rows;
    for (auto& finding : history::findings_of(*outcome)) report.findings.push_back(std::move(finding));
  }
  if (options.json) {
    print_json(json::to_json(report));
    return report.clean() ? 0 : 1;
  }
  print_findings(report.findings);
  const auto problems = std::ranges::count_if(report.findings, &history::Finding::problem);
  terminal::print(fmt::format("\n  {} rows in {} {}: {}", report.rows, report.partitions, options.paths.empty() ? "partitions" : "files",
                              report.partitions == 0 ? "there is nothing to check" : problems == 0 ? "nothing is wrong" : fmt::format("{} kinds of fault; robotrader data repair asks for the days again", problems)));
  return report.clean() ? 0 : 1;
}

int complain_all(const std::vector<Problem>& problems) {
  for (const auto& problem : problems) terminal::complain(problem.text);
  return 1;
}

std::string value_text(const history::Action& action) {
  switch (action.kind) {
    case history::ActionKind::Split: return fmt::format("{} for {}", action.ratio.new_shares, action.ratio.old_shares);
    case history::ActionKind::Dividend: return to_text(action.amount);
    case history::ActionKind::Symbol: return "is " + action.to + " from then on";
  }
  return {};
}

int actions(const DataOptions& options) {
  terminal::heading(fmt::format("data actions  {}", options.store));
  if (!options.import.empty()) {
    const auto file = store::read_text_file(options.import);
    if (!file) throw std::runtime_error(file.error().text);
    const auto read = history::Actions::parse(file->text, options.import, options.name);
    if (!read) return complain_all(read.error());
    const auto fresh = read->keep_in(options.store);
    if (!fresh) return complain_all({fresh.error()});
    terminal::print(fmt::format("  {}: {} actions, {} of them new or changed", options.import, read->all().size(), *fresh));
    return 0;
  }
  const auto selection = selection_of(options);
  const auto all = history::Actions::load(options.store);
  if (!all) return complain_all({all.error()});
  for (const auto& a : all->all()) {
    if (!selection.wants(a.symbol) || (selection.from && a.ex < *selection.from) || (selection.until && a.ex >= *selection.until)) continue;
    terminal::print(fmt::format("  {:<12} {}  {:<9} {:<24}{}", a.symbol, to_text(a.ex), robo::to_text(a.kind), value_text(a), a.known == a.ex ? "" : "known " + to_text(a.known)));
  }
  if (all->all().empty()) terminal::print("  none: --import FILE brings some in");
  return 0;
}

int universe(const DataOptions& options) {
  terminal::heading(fmt::format("data universe {}  {}", options.name, options.store));
  if (!options.import.empty()) {
    const auto file = store::read_text_file(options.import);
    if (!file) throw std::runtime_error(file.error().text);
    const auto read = history::Universe::parse(file->text, options.import);
    if (!read) return complain_all(read.error());
    if (const auto wrong = read->keep_in(options.store, options.name)) return complain_all({*wrong});
    terminal::print(fmt::format("  {}: {} memberships", options.import, read->all().size()));
    return 0;
  }
  const auto known = history::Universe::load(options.store, options.name);
  if (!known) return complain_all({known.error()});
  const auto day = day_of("--date", options.date);
  const auto selection = selection_of(options);
  const auto members = day ? known->on(*day) : known->during(selection.from.value_or(Date{INT32_MIN}), selection.until.value_or(Date{INT32_MAX}));
  std::string line;
  for (const auto& member : members) {
    line += fmt::format("{:<8}", member);
    if (line.size() >= 120) terminal::print("  " + line), line.clear();
  }
  if (!line.empty()) terminal::print("  " + line);
  terminal::print(fmt::format("\n  {} members{}", members.size(), day ? " on " + to_text(*day) : ""));
  return 0;
}

}  // namespace

int run(const DataOptions& options) {
  if (options.action == "backup" || options.action == "restore" || options.action == "prune") return keep(options);
  if (options.action == "actions") return actions(options);
  if (options.action == "universe") return universe(options);
  if (options.action == "list") return list(options);
  if (options.action == "fetch" || options.action == "repair") return fetch_or_repair(options);
  return check(options);
}

}  // namespace robo::apps
