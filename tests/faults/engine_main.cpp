// An engine that dies: like `robotrader trade`, but at one step of an order's life it kills itself with SIGKILL, as a power cut would.
//   faults_engine PORT FOLDER DATA STEP|none order|cancel|look
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <optional>

#include <fmt/core.h>

#include "apps/live.hpp"
#include "apps/rehearsal/puppet.hpp"
#include "apps/rehearsal/witness.hpp"
#include "base/step.hpp"

namespace {
std::optional<robo::Step> deadly;
}

namespace robo {
// In front of the library's own, which does nothing.
void passed(Step step) {
  if (deadly == step) (void)std::raise(SIGKILL);
}
}  // namespace robo

using namespace robo;

int main(int argc, char** argv) {
  if (argc != 6) return 2;
  const std::string folder = argv[2], data = argv[3], what = argv[5];
  for (std::size_t i = 0; i < EnumNames<Step>::names.size(); ++i)
    if (EnumNames<Step>::names[i] == argv[4]) deadly = static_cast<Step>(i);
  const auto loaded = apps::load_settings(data + "/faults/rehearsal.toml",
                                          {{"journal", folder + "/journal"}, {"state", folder + "/state"}, {"gateway.cache", folder + "/contracts.json"},
                                           {"execution.passive_first", what == "cancel"}, {"execution.patience_s", std::int64_t{600}}});
  apps::LiveSetup setup{.mode = TradingMode::Paper, .host = "127.0.0.1", .port = static_cast<std::uint16_t>(std::atoi(argv[1])), .history_days = 0, .quiet = true};
  setup.contracts.push_back({.symbol = "AAPL"});
  setup.instruments.push_back(apps::skeleton_of(setup.contracts[0], InstrumentId{0}));
  std::vector<apps::rehearsal::Wish> wishes;
  if (what != "look") wishes.push_back({.instrument = InstrumentId{0}, .quantity = shares(100)});
  setup.strategies = [&](std::span<const Instrument>) {
    std::vector<Enlisted> out;
    out.push_back({std::make_unique<apps::rehearsal::Puppet>(wishes), {.universe = {InstrumentId{0}}, .settings = {}, .running = true}});
    return out;
  };
  runtime::WallClock clock;
  apps::LiveRun live(loaded, setup, clock);
  apps::rehearsal::Witness witness;
  live.engine().drive().add(witness);
  const auto limit = clock.now() + seconds(20);
  std::optional<Timestamp> settled;
  bool cancelled = false;
  while (clock.now() < limit) {
    while (live.engine().drive().step()) {}
    const auto& orders = witness.orders();
    if (what == "cancel" && !cancelled && !orders.empty() && orders[0].state == OrderState::Submitted) {
      cancelled = true;
      (void)live.engine().drive().operators().ask({.action = OperatorAction::CancelOrder, .order = orders[0].intent.key, .who = "test"});
    }
    if (what == "look" && live.engine().kernel().gate().ready() && !settled) settled = clock.now() + milliseconds(300);
    if (settled && clock.now() > *settled) break;
    usleep(500);
  }
  std::size_t working = 0;
  live.engine().kernel().dealer().orders().each_live([&](const auto&) { ++working; });
  fmt::print("position {}\nworking {}\nready {}\n", to_text(live.engine().kernel().portfolio().position(InstrumentId{0}).quantity), working,
             live.engine().kernel().gate().ready());
  for (const auto& line : witness.lines()) fmt::print("note {}\n", line.text);
  std::fflush(stdout);
  (void)live.finish("done");
  return 0;
}
