#include <algorithm>
#include <cmath>
#include <ctime>
#include <fmt/core.h>
#include <fstream>

#include "apps/backtest.hpp"
#include "apps/grid.hpp"
#include "apps/terminal.hpp"
#include "apps/verbs.hpp"
#include "edge/config/config.hpp"
#include "research/report.hpp"
#include "runtime/clock.hpp"

namespace robo::apps {

namespace {

/// Names the data by the bytes it was read from.
std::string data_digest(const DataSettings& data) {
  research::Digest digest;
  std::ifstream manifest(std::filesystem::path(data.folder) / "MANIFEST.csv", std::ios::binary);
  digest.add(std::string(std::istreambuf_iterator<char>(manifest), {}));
  digest.add(data.market);
  for (const auto& symbol : data.symbols) digest.add(symbol);
  return digest.finish();
}

void write(const std::filesystem::path& path, std::string_view text) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (!out) throw std::runtime_error(fmt::format("{}: cannot be written", path.string()));
}

struct GridResult {
  std::string name{};
  research::Trial trial{};
};

std::string grid_table(std::vector<GridResult> results) {
  std::stable_sort(results.begin(), results.end(), [](const auto& a, const auto& b) { return a.trial.sharpe > b.trial.sharpe; });
  std::string text = fmt::format("  {:<58} {:>8} {:>10} {:>10}\n", "tried, best first", "Sharpe", "total", "drawdown");
  for (const auto& [name, trial] : results)
    text += fmt::format("  {:<58} {:>8.2f} {:>9.2f}% {:>9.2f}%\n", name, trial.sharpe * std::sqrt(trial.periods_per_year), trial.total * 100, trial.drawdown * 100);
  return text + "  the first of many is lucky: what it is worth is the deflated Sharpe of the report, which counts them all\n";
}

std::string grid_csv(const std::vector<GridResult>& results) {
  std::string text = "cell,sharpe,total,drawdown,returns\n";
  for (const auto& [name, trial] : results)
    text += fmt::format("\"{}\",{},{},{},{}\n", name, trial.sharpe * std::sqrt(trial.periods_per_year), trial.total, trial.drawdown, trial.n);
  return text;
}

std::vector<std::string> strategy_names_of(const RunSettings& settings) {
  std::vector<std::string> names;
  for (const auto& strategy : settings.strategies) names.push_back(strategy.name);
  return names;
}

}  // namespace

int run(const BacktestOptions& options) {
  const auto loaded = load_settings(options.config, {{"mode", "backtest"}});
  const auto& settings = loaded.settings;
  const auto axes = parse_grid(options.grid, settings);
  if (!axes) throw config::ConfigError(axes.error());
  auto cells = options.grid.empty() ? std::vector<GridCell>{} : cells_of(loaded, *axes);
  terminal::heading(fmt::format("backtest {}", settings.name));

  terminal::Step loading("data");
  const auto market = open_market(settings.data);
  loading.done(fmt::format("{} instruments, {} rows, {} refused", market->instruments().size(), market->rows(), market->rows_refused()));
  for (const auto& note : market->notes()) terminal::print(terminal::paint(terminal::Tone::Dim, "             " + note));

  const std::filesystem::path out = options.out.empty() ? std::filesystem::path("out") / settings.name : std::filesystem::path(options.out);
  std::filesystem::create_directories(out);
  const auto journal = options.journal ? out / "journal" : std::filesystem::path{};
  if (options.journal) std::filesystem::remove_all(journal);

  terminal::Step running("run");
  research::Collector collector({.strategies = strategy_names_of(settings)});
  const auto first = run_backtest(loaded, *market, {.journal = journal, .taps = {&collector}});
  running.done(fmt::format("{} events, {} orders, one thread", first.summary.events, first.summary.orders),
               fmt::format("{}   {:.1f} M events/s", terminal::duration(first.seconds), static_cast<double>(first.summary.events) / first.seconds / 1e6));
  if (options.twice) {
    terminal::Step again("again");
    const auto second = run_backtest(loaded, *market, {});
    if (second.command_hash != first.command_hash) {
      again.failed(fmt::format("commands {:016x} and {:016x} differ", first.command_hash, second.command_hash));
      return 1;
    }
    again.done(fmt::format("commands {:016x}, twice the same", first.command_hash));
  }

  const auto record = collector.finish();
  const research::ReportSettings wanted{.title = settings.name, .config = research::digest(loaded.text), .data = data_digest(settings.data),
                                        .data_note = first.summary.data_note};
  const research::Ledger ledger(std::filesystem::path(settings.state) / "trials.jsonl");
  std::filesystem::create_directories(settings.state);
  runtime::WallClock wall;
  if (const auto kept = ledger.append(research::trial_of(record, wanted, to_text(wall.now()).substr(0, 19) + "Z")); !kept)
    throw std::runtime_error(kept.error().text);
  // The file's own settings are reported; what else was tried stands beside it and is counted against it.
  std::vector<GridResult> grid;
  if (!cells.empty()) {
    terminal::Step trying("grid");
    for (std::size_t i = 0; i < cells.size(); ++i) {
      terminal::progress("grid", static_cast<double>(i) / static_cast<double>(cells.size()), cells[i].name);
      research::Collector heard({.strategies = strategy_names_of(settings)});
      (void)run_backtest(cells[i].settings, *market, {.taps = {&heard}});
      auto as = wanted;
      as.config = research::digest(cells[i].settings.text);
      as.title = cells[i].name;
      grid.push_back({cells[i].name, research::trial_of(heard.finish(), as, to_text(wall.now()).substr(0, 19) + "Z")});
      if (const auto kept = ledger.append(grid.back().trial); !kept) throw std::runtime_error(kept.error().text);
    }
    write(out / "grid.csv", grid_csv(grid));
    trying.done(fmt::format("{} combinations, all in the ledger; {}/grid.csv", grid.size(), out.string()));
  }
  terminal::Step reporting("report");
  const auto trials = ledger.read();
  if (!trials) throw std::runtime_error(trials.error().text);
  const auto report = research::report(record, wanted, *trials);
  write(out / "report.json", research::to_json(report));
  write(out / "report.html", research::to_html(report));
  write(out / "report.txt", research::to_text(report, false));
  reporting.done(fmt::format("{}/report.html, .json, .txt", out.string()));
  terminal::print("");
  if (!grid.empty()) terminal::print(grid_table(std::move(grid)));
  terminal::print(research::to_text(report, terminal::coloured()));
  return 0;
}

}  // namespace robo::apps
