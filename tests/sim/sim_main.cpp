// Deterministic simulation: a robot that trades through trouble, by seed. A seed that fails says how to see it again.
//
//   sim --seed 17               one seed over the wire: real client, journal, kills and restarts, an hour of market
//   sim --seed 1 --seeds 200 --hours 2
//   sim --planted --seed 260 --seeds 40 --hours 0.5   the checkers checked: bugs planted on purpose must be found
//   sim --kernel --seeds 40     without the wire: whole days, thousands of hours a minute
#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <optional>

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <unistd.h>

#include "base/defence.hpp"
#include "base/log.hpp"
#include "sim/kernel_day.hpp"
#include "sim/wire_day.hpp"

using namespace robo;

namespace {

std::optional<Defence> missing;  // --without: the bug that is planted

}  // namespace

// In front of the product's own, which always says yes.
bool robo::stands(Defence defence) { return missing != defence; }

namespace {

double cpu_seconds() {
  timespec t{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

struct Run {
  std::uint64_t first = 1, seeds = 1;
  double hours = 1;
  bool kernel = false, talk = false, keep = false;
  std::string without{};
};

int failed(std::uint64_t seed, const std::string& what, const Run& run, const std::filesystem::path& folder) {
  fmt::print("seed {} FAILED: {}\n  again: sim{} --seed {}{}\n  its journals: {}\n", seed, what, run.kernel ? " --kernel" : "", seed,
             run.kernel ? std::string() : fmt::format(" --hours {:g}", run.hours), folder.string());
  return 1;
}

int without_wire(const Run& run, const apps::LoadedSettings& loaded, apps::RecordedMarket& market, const sim::FeeTable& fees, const std::filesystem::path& folder) {
  std::uint64_t orders = 0, breaks = 0, troubles = 0;
  const double start = cpu_seconds();
  for (std::uint64_t seed = run.first; seed < run.first + run.seeds; ++seed) {
    std::filesystem::remove_all(folder);
    const auto out = simulation::run_kernel_day(seed, loaded, market, fees, folder);
    if (!out.broken.empty()) return failed(seed, out.broken, run, folder);
    // The journal of a day of trouble replays to the same commands, too.
    if (const auto difference = simulation::replay_difference(folder, loaded, market.instruments()); !difference.empty())
      return failed(seed, difference, run, folder);
    orders += out.orders, breaks += out.breaks, troubles += out.troubles;
    if (run.seeds == 1) fmt::print("seed {}: {} events, commands {:016x}\n", seed, out.events, out.hash);
  }
  const double hours = (market.end() - market.start()).seconds() / 3600 * static_cast<double>(run.seeds);
  fmt::print("{} seeds: {} orders, {} broken connections, {} troubles; every checker content, every journal replays; {:.0f} market hours per CPU minute\n",
             run.seeds, orders, breaks, troubles, hours / (cpu_seconds() - start) * 60);
  return orders > 0 && breaks > 0 ? 0 : (fmt::print("nothing happened: this proves nothing\n"), 1);
}

int over_the_wire(const Run& run, const apps::LoadedSettings& loaded, apps::RecordedMarket& market, const sim::FeeTable& fees, const std::filesystem::path& folder) {
  std::uint64_t orders = 0, filled = 0, faults = 0, kills = 0, troubles = 0;
  double hours = 0;
  const double start = cpu_seconds();
  for (std::uint64_t seed = run.first; seed < run.first + run.seeds; ++seed) {
    simulation::WireDay day({.seed = seed, .market = Duration{static_cast<std::int64_t>(run.hours * 3.6e12)}, .folder = folder}, loaded, market, fees);
    const auto out = day.run();
    if (!out.broken.empty()) return failed(seed, out.broken, run, folder);
    orders += out.orders, filled += out.filled, faults += out.faults, kills += out.kills, troubles += out.troubles;
    hours += out.simulated.seconds() / 3600;
    if (run.seeds == 1 || run.talk)
      fmt::print("seed {}: {} events, {} orders, {} of them stops, {} filled, {} faults, {} kills, {} odd messages, commands {:016x}\n", seed, out.events, out.orders, out.stops, out.filled, out.faults,
                 out.kills, out.troubles, out.hash);
  }
  fmt::print("{} seeds over the wire: {} orders, {} filled, {} faults, {} kills, {} odd messages; every checker content, every journal replays; {:.0f} market hours per CPU minute\n",
             run.seeds, orders, filled, faults, kills, troubles, hours / (cpu_seconds() - start) * 60);
  return orders > 0 ? 0 : (fmt::print("nothing happened: this proves nothing\n"), 1);
}

/// Bugs that were planted, each one line behind a switch of base/defence.hpp, and must be found within so many seeds.
constexpr Defence planted[] = {Defence::ProbeWhileConnected, Defence::FetchAfterReconnect, Defence::AdoptOwnOrders, Defence::ExecutionsAreTruth,
                               Defence::CodeTable,           Defence::OrderIdHighWater,    Defence::StopOrFlat,     Defence::PermIdIdentity,
                               Defence::ReadyChecklist,      Defence::PaceRequests,        Defence::HaltsAndLocates,
                               Defence::StaleQuotes,         Defence::PositionLimit,       Defence::KillSwitch};

int find_planted(const Run& run, const apps::LoadedSettings& loaded, apps::RecordedMarket& market, const sim::FeeTable& fees, const std::filesystem::path& folder) {
  int missed = 0;
  for (const auto bug : planted) {
    missing = bug;
    std::string how;
    std::uint64_t seed = run.first;
    for (; seed < run.first + run.seeds && how.empty(); ++seed)
      how = simulation::WireDay({.seed = seed, .market = Duration{static_cast<std::int64_t>(run.hours * 3.6e12)}, .folder = folder}, loaded, market, fees).run().broken;
    fmt::print("{:<24} {}\n", EnumNames<Defence>::names[static_cast<std::size_t>(bug)],
               how.empty() ? fmt::format("NOT FOUND in {} seeds", run.seeds) : fmt::format("seed {}: {}", seed - 1, how));
    missed += how.empty();
  }
  return missed == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  Run run;
  CLI::App app{"Deterministic simulation of a robot that trades through trouble"};
  app.add_option("--seed", run.first, "first seed");
  app.add_option("--seeds", run.seeds, "how many");
  app.add_option("--hours", run.hours, "market hours a seed")->check(CLI::Range(0.05, 6.0));
  app.add_flag("--kernel", run.kernel, "kernel and exchange only, whole days");
  app.add_option("--without", run.without, "take a defence away (base/defence.hpp): somebody must notice");
  bool planted_bugs = false;
  app.add_flag("--planted", planted_bugs, "plant every known bug in turn: each must be found within --seeds");
  app.add_flag("--talk", run.talk, "a line a seed, and the engine's own log");
  app.add_flag("--keep", run.keep, "leave the journals");
  CLI11_PARSE(app, argc, argv);
  for (std::size_t i = 0; i < EnumNames<Defence>::names.size(); ++i)
    if (EnumNames<Defence>::names[i] == run.without) missing = static_cast<Defence>(i);
  if (!run.without.empty() && !missing) return fmt::print("no defence is called {}\n", run.without), 2;
  log::open(run.talk ? log::Level::Info : log::Level::Error);
  const auto loaded = apps::load_settings("tests/sim/hostile.toml");
  const auto market = apps::open_market(loaded.settings.data);
  const auto fees = sim::FeeTable::load("data/fees/ib.csv").value();
  const auto folder = std::filesystem::temp_directory_path() / fmt::format("robo-sim-{}", ::getpid());
  const int result = planted_bugs ? find_planted(run, loaded, *market, fees, folder) : (run.kernel ? without_wire : over_the_wire)(run, loaded, *market, fees, folder);
  if (result == 0 && !run.keep) std::filesystem::remove_all(folder);
  return result;
}
