#include "research/ledger.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <fstream>
#include <set>

namespace robo::research {
namespace {

class LedgerTest : public testing::Test {
 protected:
  void SetUp() override {
    folder = std::filesystem::temp_directory_path() / ("robo_ledger_" + std::to_string(::getpid()));
    std::filesystem::remove_all(folder);
  }
  void TearDown() override { std::filesystem::remove_all(folder); }
  static Trial trial(std::string config, double sharpe, std::vector<double> returns = {}) {
    return {.at = "2026-01-02T03:04:05Z", .name = "momentum", .config = std::move(config), .data = "data1", .commands = "c0", .n = 250,
            .periods_per_year = 252, .sharpe = sharpe, .returns = std::move(returns)};
  }
  std::filesystem::path folder;
};

TEST_F(LedgerTest, keeps_every_run_in_order_and_gives_the_numbers_back_exactly) {
  const Ledger ledger(folder / "deep" / "trials.jsonl");
  EXPECT_TRUE(ledger.read()->trials.empty()) << "nothing there yet is an empty ledger";
  ASSERT_TRUE(ledger.append(trial("a", 0.1, {0.1, -1.0 / 3})));
  ASSERT_TRUE(ledger.append(trial("b", -0.05)));
  const auto contents = ledger.read();
  ASSERT_TRUE(contents);
  ASSERT_EQ(contents->trials.size(), 2u);
  EXPECT_EQ(contents->trials[0].config, "a");
  EXPECT_EQ(contents->trials[0].returns[1], -1.0 / 3);
  EXPECT_EQ(contents->trials[1].sharpe, -0.05);
}

TEST_F(LedgerTest, half_a_line_of_a_run_that_died_costs_that_line_and_no_other) {
  const Ledger ledger(folder / "trials.jsonl");
  ASSERT_TRUE(ledger.append(trial("a", 0.1)));
  std::ofstream(ledger.path(), std::ios::app) << R"({"at":"2026-01-)";
  ASSERT_TRUE(ledger.append(trial("b", 0.2)));
  const auto contents = ledger.read();
  ASSERT_EQ(contents->trials.size(), 2u);
  ASSERT_EQ(contents->damaged.size(), 1u);
  EXPECT_EQ(contents->damaged[0].line, 2u);
  EXPECT_EQ(contents->trials[1].config, "b");
}

TEST_F(LedgerTest, four_processes_at_once_lose_and_mix_nothing) {
  const Ledger ledger(folder / "trials.jsonl");
  std::filesystem::create_directories(folder);
  constexpr int writers = 4, each = 50;
  for (int w = 0; w < writers; ++w)
    if (::fork() == 0) {
      bool good = true;
      for (int i = 0; i < each; ++i) good = good && ledger.append(trial(std::to_string(w) + "." + std::to_string(i), 0.1, std::vector<double>(500, 0.001 * w)));
      ::_exit(good ? 0 : 1);
    }
  for (int w = 0; w < writers; ++w) {
    int status = 0;
    ::wait(&status);
    EXPECT_EQ(status, 0);
  }
  const auto contents = ledger.read();
  EXPECT_TRUE(contents->damaged.empty());
  std::set<std::string> configs;
  for (const Trial& t : contents->trials) configs.insert(t.config);
  EXPECT_EQ(configs.size(), std::size_t{writers * each});
}

TEST_F(LedgerTest, says_which_file_cannot_be_written) {
  const auto result = Ledger("/proc/nowhere/trials.jsonl").append(trial("a", 0));
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().text.find("/proc/nowhere/trials.jsonl"), std::string::npos);
}

TEST(Trials, the_same_configuration_twice_is_one_trial_and_other_data_is_none) {
  LedgerContents ledger;
  const auto add = [&](const char* config, const char* data, double sharpe) {
    ledger.trials.push_back({.name = "m", .config = config, .data = data, .periods_per_year = 252, .sharpe = sharpe});
  };
  add("a", "d1", 0.1);
  add("b", "d1", 0.3);
  add("a", "d2", 9);
  add("a", "d1", 0.2);
  const Trials t = trials_on(ledger, "d1", "b");
  EXPECT_EQ(t.count, 2u);
  EXPECT_EQ(t.number, 2u);
  EXPECT_NEAR(t.sharpe_variance, 0.005, 1e-12) << "of 0.2, the last run of a, and 0.3";
  EXPECT_EQ(t.effective, 2);
}

TEST(Trials, copies_of_one_idea_count_as_one) {
  LedgerContents ledger;
  std::vector<double> returns;
  for (int i = 0; i < 100; ++i) returns.push_back(std::sin(i) * 0.01);
  for (const char* config : {"a", "b", "c"})
    ledger.trials.push_back({.config = config, .data = "d", .periods_per_year = 252, .sharpe = 0.1, .returns = returns});
  EXPECT_NEAR(trials_on(ledger, "d", "a").effective, 1, 1e-9);
}

}  // namespace
}  // namespace robo::research
