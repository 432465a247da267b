#include "sim/kernel_day.hpp"

#include <fmt/format.h>

#include "apps/command_hash.hpp"
#include "apps/engine.hpp"
#include "runtime/clock.hpp"
#include "sim/checkers.hpp"
#include "sim/hostile_gateway.hpp"

namespace robo::simulation {

KernelOutcome run_kernel_day(std::uint64_t seed, const apps::LoadedSettings& loaded, apps::RecordedMarket& market, const sim::FeeTable& fees,
                             const std::filesystem::path& journal) {
  market.rewind();
  sim::SimGatewaySettings settings;
  settings.broker.cash = loaded.settings.starting_cash;
  settings.latency = {.feed = milliseconds(1), .entry = milliseconds(30), .response = milliseconds(30), .jitter = 0.5, .seed = seed};
  for (const auto& [name, calendar] : market.calendars()) settings.calendars.push_back(calendar);
  sim::SimGateway exchange(market, std::move(settings), fees);
  HostileGateway gateway(exchange, {.seed = seed});
  runtime::DataClock clock;
  clock.set(market.start());
  apps::Engine engine(loaded, {.mode = TradingMode::Demo, .account = loaded.settings.account, .session = seed, .measure = false, .journal = journal},
                      market.instruments(), gateway, clock);
  Checkers checkers({.position_max = loaded.settings.limits.position_quantity_max, .quote_age_max = loaded.settings.market.quote_age_max});
  apps::CommandHash hash;
  engine.drive().add(checkers);
  engine.drive().add(hash);
  engine.start(clock.now());
  while (checkers.broken().empty() && engine.drive().step()) {
  }
  gateway.calm_down();
  while (checkers.broken().empty() && engine.drive().step()) {
  }
  KernelOutcome out{.broken = checkers.broken(), .hash = hash.value(), .events = engine.drive().events(), .breaks = gateway.breaks(),
              .troubles = gateway.troubles(), .orders = checkers.sent(), .filled = checkers.filled()};
  if (out.broken.empty() && gateway.connected()) {
    for (const auto& instrument : market.instruments()) {
      const auto ours = engine.kernel().portfolio().position(instrument.id).quantity;
      const auto theirs = exchange.broker().account().holding(instrument.id).quantity;
      if (ours != theirs) out.broken = fmt::format("{}: we hold {}, the exchange says {}", instrument.symbol.view(), to_text(ours), to_text(theirs));
    }
  }
  return out;
}

}  // namespace robo::simulation
