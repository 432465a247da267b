// The model of returns as the source of regimes, and rotation and appetite walked by the same bars.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "kernel/regime/regime.hpp"
#include "kernel/regime/tracker.hpp"
#include "support/gzip.hpp"
#include "support/market_day.hpp"

namespace robo::regime {
namespace {

struct Day : test::MarketDay {
  Day(std::size_t instruments, Settings settings, std::vector<std::string> symbols = {}) : MarketDay(instruments), regimes(settings, instruments) {
    std::vector<InstrumentId> all;
    for (std::uint32_t id = 0; id < instruments; ++id) {
      all.push_back(InstrumentId{id});
      if (id < symbols.size()) regimes.define(test::stock(id, symbols[id]));
    }
    regimes.declare(features, all);
    start();
  }
  void minute(const std::vector<double>& prices) {
    std::uint32_t id = 0;
    for (const double at : prices) trade(at, 100, 0, {}, id++);
    now = now + minutes(1);
    market.advance(now);
    features.close_bars(market);
    regimes.close_bars(market, features, facts);
  }
  template <class T>
  std::vector<T> told() const {
    std::vector<T> all;
    for (const auto& fact : facts)
      if (const auto* one = std::get_if<T>(&fact.payload)) all.push_back(*one);
    return all;
  }
  Regimes regimes;
  Facts facts;
};

TEST(RegimeSource, the_rule_is_the_default) { EXPECT_EQ(Settings{}.source, Source::Rule); }

TEST(RegimeSource, a_models_calm_state_is_a_trend_or_a_range_and_its_wildest_a_crisis) {
  HmmFilter filter(shipped_model());
  for (int i = 0; i < 50; ++i) filter.step(i % 2 == 0 ? 0.3 : -0.1);
  const Inputs straight{.efficiency_ratio = 0.8, .adx = 45}, wobbling{.efficiency_ratio = 0.05, .adx = 12};
  EXPECT_GT(probabilities(straight, {}, filter)[0], 0.65);
  EXPECT_GT(probabilities(wobbling, {}, filter)[1], 0.65);
  filter.step(-7);
  filter.step(-5);
  const auto p = probabilities(wobbling, {}, filter);
  EXPECT_GT(p[3], 0.9) << "two falls of many deviations";
  EXPECT_NEAR(p[0] + p[1] + p[2] + p[3], 1, 1e-12);
}

TEST(RegimeSource, of_two_states_the_drawdown_says_how_much_of_the_wild_one_is_crisis) {
  const auto model = model_of({.mean = {0, 0}, .deviation = {0.7, 2}, .move = {0.98, 0.02, 0.05, 0.95}});
  ASSERT_TRUE(model) << model.error().text;
  EXPECT_NEAR(model->start[0], 5.0 / 7, 1e-9) << "left out: the long run";
  HmmFilter filter(*model);
  for (int i = 0; i < 10; ++i) filter.step(i % 2 == 0 ? 4 : -4);
  Inputs inputs{.efficiency_ratio = 0.1, .adx = 15, .drawdown = 0};
  EXPECT_GT(probabilities(inputs, {}, filter)[2], 0.9);
  inputs.drawdown = 0.15;
  EXPECT_GT(probabilities(inputs, {}, filter)[3], 0.9);
}

TEST(RegimeSource, a_model_that_is_none_is_refused_with_the_fix) {
  EXPECT_NE(model_of({.half_life = 0}).error().text.find("give mean, deviation and move"), std::string::npos);
  EXPECT_NE(model_of({.mean = {0}, .deviation = {1, 2}, .move = {1, 0, 0, 1}}).error().text.find("regime.hmm.mean"), std::string::npos);
  EXPECT_NE(model_of({.mean = {0, 0}, .deviation = {1, 2}, .move = {1, 0, 0}}).error().text.find("regime.hmm.move"), std::string::npos);
  EXPECT_NE(model_of({.mean = {0, 0}, .deviation = {2, 1}, .move = {1, 0, 0, 1}}).error().text.find("calmest first"), std::string::npos);
}

// Days of the S&P 500 as bars. The filter knows 2008, 1987 and 2011 without having seen what came after; 1995 and 2013 are calm.
TEST(RegimeSource, the_model_knows_2008_from_1995) {
  Settings settings{.history = 2'500};
  settings.source = Source::Hmm;
  Day day(1, settings);
  std::map<int, int> crisis, turbulent, bars;
  const auto lines = test::lines_of(std::string(ROBO_SOURCE_DIR) + "/data/daily/index_SP500_close_1950_2015.csv.gz");
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const double close = std::strtod(lines[i].c_str() + lines[i].rfind(',') + 1, nullptr);
    const auto year = std::atoi(lines[i].c_str());
    day.minute({close});
    day.facts.clear();
    const auto& state = day.regimes.state(InstrumentId{0});
    ++bars[year];
    crisis[year] += state.held == RegimeKind::Crisis;
    turbulent[year] += state.held == RegimeKind::Crisis || state.held == RegimeKind::Volatile;
    if (state.warm) {
      ASSERT_NEAR(state.states[0] + state.states[1] + state.states[2], 1, 1e-9);
    }
  }
  EXPECT_GT(crisis[2008], 20);
  EXPECT_GT(crisis[1987], 20);
  EXPECT_GT(turbulent[2008], bars[2008] / 2);
  EXPECT_EQ(crisis[1995], 0);
  EXPECT_LT(turbulent[1995], bars[1995] / 2);
}

TEST(RegimeRotation, leaders_and_appetite_are_told_when_they_change) {
  Settings settings;
  settings.rotation = {.members = {"TECH", "BANK", "FOOD", "GONE"}, .lookback = 10, .momentum = 5};
  settings.appetite = {.pairs = {"TECH/FOOD", "BANK/NONE"}, .lookback = 10, .half_life = 60, .bars_min = 20, .volatility_weight = 0};
  Day day(3, settings, {"TECH", "BANK", "FOOD"});
  const auto& rotation = day.regimes.rotation();
  EXPECT_EQ(day.regimes.rotation_member(2), InstrumentId{2});
  EXPECT_EQ(day.regimes.rotation_member(3), Regimes::market_wide_id) << "not among the instruments of the run";
  double tech = 100, bank = 100, food = 100;
  for (int i = 0; i < 60; ++i) {
    day.minute({tech *= 1.002 + 0.0005 * std::sin(i), bank *= 1 + 0.0005 * std::cos(i), food *= 0.999});
  }
  EXPECT_EQ(rotation.leader(), 0u);
  EXPECT_EQ(rotation.standing(3).rank, 0u);
  EXPECT_EQ(day.regimes.appetite().held(), AppetiteKind::RiskOn);
  const auto moods = day.told<AppetiteMarked>();
  ASSERT_FALSE(moods.empty());
  EXPECT_EQ(moods.back().held, AppetiteKind::RiskOn);
  EXPECT_EQ(moods.back().pairs, 2u);
  EXPECT_EQ(moods.back().pairs_known, 1u) << "a pair without one of its legs is not known";
  EXPECT_EQ(moods.back().leader, InstrumentId{0});
  EXPECT_TRUE(std::isnan(moods.front().score));
  const auto leaders = day.told<LeadershipMarked>();
  ASSERT_FALSE(leaders.empty());
  EXPECT_LT(leaders.size(), 60u) << "only what changed";
}

TEST(RegimeRotation, without_a_set_and_pairs_nothing_is_told) {
  Day day(2, {});
  for (int i = 0; i < 50; ++i) day.minute({100 + 0.1 * i, 50 - 0.1 * i});
  EXPECT_TRUE(day.told<AppetiteMarked>().empty());
  EXPECT_TRUE(day.told<LeadershipMarked>().empty());
}

}  // namespace
}  // namespace robo::regime
