// Every scenario holds, and fails once the defence it is about is taken away.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "apps/rehearsal/rehearsal.hpp"
#include "faults/switches.hpp"

namespace robo::apps::rehearsal {
namespace {

const std::filesystem::path source = ROBO_SOURCE_DIR;

Scenario scenario_of(const std::filesystem::path& file) {
  auto scenario = read_scenario(file);
  if (!scenario) {
    for (const auto& problem : scenario.error()) ADD_FAILURE() << problem.text;
    return {};
  }
  return std::move(*scenario);
}

std::string account_of(const Outcome& outcome) {
  std::string text = outcome.broken + "\n";
  for (const auto& line : outcome.account) text += to_text(line.at) + "  " + line.who + "  " + line.text + "\n";
  return text;
}

std::string name_of(const testing::TestParamInfo<std::filesystem::path>& info) { return info.param.stem().string(); }

class Rehearsals : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(Rehearsals, hold) {
  const auto scenario = scenario_of(GetParam());
  const auto outcome = rehearse(scenario, {.data = source / "data"});
  EXPECT_TRUE(outcome.passed) << account_of(outcome);
}

TEST_P(Rehearsals, fail_without_their_defence) {
  const auto scenario = scenario_of(GetParam());
  ASSERT_FALSE(scenario.defences.empty()) << GetParam() << ": names no defence";
  for (const auto defence : scenario.defences) {
    const test::Without without(defence);
    const auto outcome = rehearse(scenario, {.data = source / "data"});
    EXPECT_FALSE(outcome.passed) << "holds although " << to_text(defence) << " is gone\n" << account_of(outcome);
  }
}

TEST(FaultsPage, is_what_the_scenarios_say) {
  std::vector<Rehearsed> rehearsed;
  for (const auto& file : scenarios_in(source / "data/faults")) {
    auto scenario = scenario_of(file);
    const bool passed = rehearse(scenario, {.data = source / "data"}).passed;
    rehearsed.push_back({std::move(scenario), passed});
  }
  if (std::getenv("ROBO_UPDATE_FAULTS") != nullptr) std::ofstream(source / "docs/ib-faults.md") << faults_page(rehearsed);
  std::ostringstream page;
  page << std::ifstream(source / "docs/ib-faults.md").rdbuf();
  EXPECT_EQ(page.str(), faults_page(rehearsed)) << "write it again: robotrader rehearse all --report docs/ib-faults.md";
}

INSTANTIATE_TEST_SUITE_P(Faults, Rehearsals, testing::ValuesIn(scenarios_in(source / "data/faults")), name_of);

}  // namespace
}  // namespace robo::apps::rehearsal
