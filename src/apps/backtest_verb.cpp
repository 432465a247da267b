#include <fmt/core.h>

#include "apps/backtest.hpp"
#include "apps/terminal.hpp"
#include "apps/verbs.hpp"

namespace robo::apps {

int run(const BacktestOptions& options) {
  const auto settings = load_settings(options.config, {{"mode", "backtest"}});
  terminal::heading(fmt::format("backtest {}", settings.settings.name));

  terminal::Step loading("data");
  const auto market = open_market(settings.settings.data);
  loading.done(fmt::format("{} instruments, {} rows, {} refused", market->instruments().size(), market->rows(), market->rows_refused()));
  for (const auto& note : market->notes()) terminal::print(terminal::paint(terminal::Tone::Dim, "             " + note));

  const std::filesystem::path out = options.out.empty() ? std::filesystem::path("out") / settings.settings.name : std::filesystem::path(options.out);
  std::filesystem::create_directories(out);
  const auto journal = options.journal ? out / "journal" : std::filesystem::path{};
  if (options.journal) std::filesystem::remove_all(journal);

  terminal::Step running("run");
  const auto first = run_backtest(settings, *market, {.journal = journal});
  running.done(fmt::format("{} events, {} orders, one thread", first.summary.events, first.summary.orders),
               fmt::format("{}   {:.1f} M events/s", terminal::duration(first.seconds), static_cast<double>(first.summary.events) / first.seconds / 1e6));
  if (options.twice) {
    terminal::Step again("again");
    const auto second = run_backtest(settings, *market, {});
    if (second.command_hash != first.command_hash) {
      again.failed(fmt::format("commands {:016x} and {:016x} differ", first.command_hash, second.command_hash));
      return 1;
    }
    again.done(fmt::format("commands {:016x}, twice the same", first.command_hash));
  }
  const auto& s = first.summary;
  terminal::print(fmt::format("\n  net liq {}   P&L net {}   commissions {}   drawdown {:.2f} %", terminal::grouped(s.equity, 2),
                              terminal::grouped(s.pnl_net, 2, true), terminal::grouped(s.commissions, 2), s.drawdown * 100));
  terminal::print(fmt::format("  orders {}   changes {}   cancels {}   fills {}   denials {}", s.orders, s.modifications, s.cancellations, s.fills, s.denials));
  for (const auto& [reason, count] : s.denials_by_reason) terminal::print(fmt::format("    denied {:<24} {:>8}", reason, count));
  return 0;
}

}  // namespace robo::apps
