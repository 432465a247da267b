#include "apps/backtest.hpp"

#include <fmt/core.h>

#include "apps/command_hash.hpp"
#include "edge/sim/gateway.hpp"
#include "runtime/clock.hpp"

namespace robo::apps {

BacktestRun run_backtest(const LoadedSettings& loaded, RecordedMarket& market, const BacktestSetup& setup) {
  const RunSettings& settings = loaded.settings;
  auto fees = sim::FeeTable::load(std::filesystem::path(settings.data.folder) / "fees" / "ib.csv");
  if (!fees) throw std::runtime_error(fees.error().text);
  market.rewind();
  sim::SimGatewaySettings gateway_settings;
  gateway_settings.broker.base = std::string_view(settings.base_currency);
  gateway_settings.broker.cash = settings.starting_cash;
  gateway_settings.latency = {.feed = milliseconds(2), .entry = milliseconds(20), .response = milliseconds(20)};
  for (const auto& [name, calendar] : market.calendars()) gateway_settings.calendars.push_back(calendar);
  sim::SimGateway gateway(market, std::move(gateway_settings), std::move(*fees));

  runtime::DataClock clock;
  clock.set(market.start());
  Engine engine(loaded, {.mode = TradingMode::Backtest, .account = settings.account, .session = 1, .measure = false, .journal = setup.journal},
                market.instruments(), gateway, clock);
  CommandHash hash;
  engine.drive().add(hash);
  for (auto* tap : setup.taps) engine.drive().add(*tap);
  engine.start(clock.now());

  const auto start = std::chrono::steady_clock::now();
  const std::atomic<bool> never{false};
  engine.run(never);
  BacktestRun run;
  run.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  run.summary = engine.finish("end of data");
  for (const auto& note : market.notes()) run.summary.data_note += (run.summary.data_note.empty() ? "" : "; ") + note;
  run.command_hash = hash.value();
  run.commands = hash.count();
  run.market_events = gateway.market_events();
  return run;
}

}  // namespace robo::apps
