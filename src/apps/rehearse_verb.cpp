#include <algorithm>
#include <fmt/core.h>
#include <fstream>

#include "apps/home.hpp"
#include "apps/rehearsal/rehearsal.hpp"
#include "apps/terminal.hpp"
#include "apps/verbs.hpp"
#include "base/time_zone.hpp"
#include "edge/config/config.hpp"

namespace robo::apps {

namespace {

using terminal::Tone;

void tell_account(const rehearsal::Outcome& outcome) {
  const auto zone = TimeZone::find("America/New_York").value();
  for (const auto& line : outcome.account) {
    const auto ms = zone.to_local(line.at).since_midnight.ns / 1'000'000;
    const auto tone = line.who == "LAW" ? Tone::Bad : line.who == "engine" ? Tone::Plain : Tone::Dim;
    terminal::print(fmt::format("  {:02}:{:02}:{:02}.{:03}  {:<8}  {}", ms / 3'600'000, ms / 60'000 % 60, ms / 1'000 % 60, ms % 1'000, line.who,
                                terminal::paint(tone, line.text)));
  }
}

/// The files meant by "all", a class or a path.
std::vector<std::filesystem::path> meant(const std::string& what, const std::filesystem::path& folder) {
  if (std::filesystem::is_regular_file(what)) return {what};
  auto files = rehearsal::scenarios_in(folder);
  if (what != "all") std::erase_if(files, [&](const auto& file) { return !file.filename().string().starts_with(what); });
  return files;
}

}  // namespace

int run(const RehearseOptions& options) {
  const std::filesystem::path data = need_own(options.data, "the scenarios and fees that come with the program");
  terminal::heading("robotrader  rehearse  what IB's gateway does wrong, tried on this engine");
  const auto files = meant(options.what, data / "faults");
  if (files.empty()) {
    terminal::complain(fmt::format("there is no rehearsal '{}' in {}: C01 to C31, all, or a file", options.what, (data / "faults").string()));
    return 2;
  }
  std::vector<rehearsal::Rehearsed> done;
  std::vector<Problem> problems;
  std::size_t failed = 0;
  for (const auto& file : files) {
    auto scenario = rehearsal::read_scenario(file);
    if (!scenario) {
      problems.insert(problems.end(), scenario.error().begin(), scenario.error().end());
      continue;
    }
    const auto begun = std::chrono::steady_clock::now();
    const auto outcome = rehearsal::rehearse(*scenario, {.data = data});
    const double taken = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    if (files.size() == 1 || !outcome.passed || options.verbose) tell_account(outcome);
    terminal::print(fmt::format("  {}  {:<4} {}   {}", outcome.passed ? terminal::paint(Tone::Good, "✓") : terminal::paint(Tone::Bad, "✗"), scenario->number,
                                scenario->title, terminal::paint(Tone::Dim, fmt::format("{} of the market in {}", terminal::duration(outcome.took.seconds()), terminal::duration(taken)))));
    if (!outcome.passed) terminal::print("       " + outcome.broken);
    failed += !outcome.passed;
    done.push_back({std::move(*scenario), outcome.passed});
  }
  if (!problems.empty()) throw config::ConfigError(std::move(problems));
  terminal::print(fmt::format("\n  {} of {} rehearsals hold", done.size() - failed, done.size()));
  if (!options.report.empty()) {
    std::ofstream out(options.report);
    out << rehearsal::faults_page(done);
    if (!out.flush()) throw std::runtime_error(fmt::format("{}: cannot be written", options.report));
  }
  return failed == 0 ? 0 : 1;
}

}  // namespace robo::apps
