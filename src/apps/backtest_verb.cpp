#include <algorithm>
#include <cmath>
#include <fmt/core.h>
#include <fstream>

#include "apps/grid.hpp"
#include "apps/heard_run.hpp"
#include "apps/heat_map.hpp"
#include "apps/terminal.hpp"
#include "apps/verbs.hpp"
#include "edge/config/config.hpp"

namespace robo::apps {

namespace {

void write(const std::filesystem::path& path, std::string_view text) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (!out) throw std::runtime_error(fmt::format("{}: cannot be written", path.string()));
}

std::string grid_table(std::vector<GridResult> results) {
  std::stable_sort(results.begin(), results.end(), [](const auto& a, const auto& b) { return annual(a.trial) > annual(b.trial); });
  std::string text = fmt::format("  {:<58} {:>8} {:>10} {:>10}\n", "tried, best first", "Sharpe", "total", "drawdown");
  for (const auto& [name, values, trial] : results)
    text += fmt::format("  {:<58} {:>8.2f} {:>9.2f}% {:>9.2f}%\n", name, annual(trial), trial.total * 100, trial.drawdown * 100);
  return text + "  the first of many is lucky: what it is worth is the deflated Sharpe of the report, which counts them all\n";
}

std::string grid_csv(const std::vector<GridResult>& results) {
  std::string text = "cell,sharpe,total,drawdown,returns\n";
  for (const auto& [name, values, trial] : results)
    text += fmt::format("\"{}\",{},{},{},{}\n", name, annual(trial), trial.total, trial.drawdown, trial.n);
  return text;
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
  const auto heard = hear_backtest(loaded, *market, {.journal = journal});
  const auto& first = heard.run;
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

  (void)keep_trial(heard, settings);
  // The file's own settings are reported; what else was tried stands beside it and is counted against it.
  std::vector<GridResult> grid;
  if (!cells.empty()) {
    terminal::Step trying("grid");
    for (std::size_t i = 0; i < cells.size(); ++i) {
      terminal::progress("grid", static_cast<double>(i) / static_cast<double>(cells.size()), cells[i].name);
      const auto cell = hear_backtest(cells[i].settings, *market, {}, cells[i].name);
      grid.push_back({cells[i].name, cells[i].values, keep_trial(cell, settings)});
    }
    write(out / "grid.csv", grid_csv(grid));
    trying.done(fmt::format("{} combinations, all in the ledger; {}/grid.csv", grid.size(), out.string()));
  }
  terminal::Step reporting("report");
  auto report = report_of(heard, settings);
  report.grid = heat_map(*axes, grid, settings);
  if (const auto written = research::write_report(report, out); !written) throw std::runtime_error(written.error().text);
  reporting.done(fmt::format("{}/report.html, .json, .txt", out.string()));
  terminal::print("");
  if (!grid.empty()) terminal::print(grid_table(std::move(grid)));
  terminal::print(research::to_text(report, terminal::coloured()));
  return 0;
}

}  // namespace robo::apps
