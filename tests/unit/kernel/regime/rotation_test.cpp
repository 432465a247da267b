#include "kernel/regime/rotation.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "kernel/regime/appetite.hpp"

namespace robo::regime {
namespace {

/// Members that grow by `rate` a bar with a wobble of their own.
struct Set {
  explicit Set(std::size_t members, RotationSettings settings = {.lookback = 20, .momentum = 5}) : rotation(settings, members), prices(members, 100.0) {}
  void bar(const std::vector<double>& rates) {
    for (std::size_t i = 0; i < rates.size(); ++i) {
      if (std::isnan(rates[i])) continue;
      prices[i] *= 1 + rates[i] + 0.002 * std::sin(0.9 * bars * static_cast<double>(i + 1));
      rotation.close(i, prices[i]);
    }
    rotation.bar();
    ++bars;
  }
  Rotation rotation;
  std::vector<double> prices;
  int bars = 0;
};

TEST(Rotation, is_not_known_before_a_whole_lookback_of_returns) {
  Set set(4);
  for (int i = 0; i < 20; ++i) {
    set.bar({0.003, 0.001, 0, -0.002});
    EXPECT_EQ(set.rotation.standing(0).rank, 0u) << i;
    EXPECT_TRUE(std::isnan(set.rotation.breadth()));
  }
  set.bar({0.003, 0.001, 0, -0.002});
  EXPECT_EQ(set.rotation.standing(0).rank, 1u);
  EXPECT_EQ(set.rotation.standing(3).rank, 4u);
  EXPECT_EQ(set.rotation.leader(), 0u);
  EXPECT_TRUE(std::isnan(set.rotation.standing(0).momentum)) << "there is no strength of five bars ago yet";
  EXPECT_EQ(set.rotation.standing(0).quadrant, Quadrant::Unknown);
}

TEST(Rotation, strengths_are_against_the_mean_and_a_turn_is_seen) {
  Set set(4);
  for (int i = 0; i < 60; ++i) set.bar({0.004, 0.001, 0, -0.003});
  EXPECT_GT(set.rotation.standing(0).strength, 0);
  EXPECT_LT(set.rotation.standing(3).strength, 0);
  EXPECT_NEAR(set.rotation.turnover(), 0, 0.2);
  for (int i = 0; i < 10; ++i) set.bar({-0.02, 0, 0, 0.02});
  EXPECT_EQ(set.rotation.leader(), 3u);
  EXPECT_EQ(set.rotation.standing(3).quadrant, Quadrant::Leading);
  EXPECT_EQ(set.rotation.standing(0).quadrant, Quadrant::Lagging);
  for (int i = 0; i < 4; ++i) set.bar({0.02, 0, 0, -0.02});
  EXPECT_EQ(set.rotation.standing(3).quadrant, Quadrant::Weakening);
  EXPECT_EQ(set.rotation.standing(0).quadrant, Quadrant::Improving);
}

TEST(Rotation, a_member_nobody_trades_is_unknown_and_not_unchanged) {
  Set set(4);
  const double none = std::nan("");
  for (int i = 0; i < 40; ++i) set.bar({0.004, 0.001, 0, -0.003});
  for (int i = 0; i < 4; ++i) {
    set.bar({none, 0.001, 0, -0.003});
    EXPECT_NE(set.rotation.standing(0).rank, 0u) << "a quiet bar keeps its last price";
  }
  set.bar({none, 0.001, 0, -0.003});
  EXPECT_EQ(set.rotation.standing(0).rank, 0u);
  EXPECT_EQ(set.rotation.known(), 3u);
  for (int i = 0; i < 5; ++i) set.bar({none, none, 0, -0.003});
  EXPECT_EQ(set.rotation.known(), 2u);
  EXPECT_TRUE(std::isnan(set.rotation.breadth())) << "two are no set";
  EXPECT_EQ(set.rotation.leader(), 4u);
}

TEST(Rotation, a_price_below_zero_has_no_strength) {
  Set set(4);
  for (int i = 0; i < 40; ++i) set.bar({0.004, 0.001, 0, -0.003});
  set.rotation.close(2, -36.98);
  set.rotation.bar();
  EXPECT_EQ(set.rotation.standing(2).rank, 0u);
  EXPECT_TRUE(std::isnan(set.rotation.standing(2).strength));
  EXPECT_EQ(set.rotation.known(), 3u);
}

struct Mood {
  explicit Mood(AppetiteSettings settings) : appetite(settings, 1) {}
  void bars(int n, double risky_rate, double percentile = std::nan("")) {
    for (int i = 0; i < n; ++i) {
      risky *= 1 + risky_rate + 0.001 * std::sin(2.1 * count++);
      appetite.close(0, risky, 50);
      appetite.bar(percentile);
    }
  }
  Appetite appetite;
  double risky = 100;
  int count = 0;
};

TEST(Appetite, is_held_from_enter_down_to_leave_on_both_sides) {
  Appetite appetite({.volatility_weight = 1, .enter = 0.30, .leave = 0.10}, 0);  // of volatility alone: its score is 1 - 2 x rank
  const auto after = [&](double score) {
    appetite.bar((1 - score) / 2);
    EXPECT_NEAR(appetite.score(), score, 1e-12);
    return appetite.held();
  };
  EXPECT_EQ(appetite.held(), AppetiteKind::Unknown);
  EXPECT_EQ(after(0.29), AppetiteKind::Neutral);
  EXPECT_EQ(after(0.31), AppetiteKind::RiskOn);
  EXPECT_EQ(after(0.11), AppetiteKind::RiskOn) << "between leave and enter nothing changes";
  EXPECT_EQ(after(0.09), AppetiteKind::Neutral);
  EXPECT_EQ(after(-0.29), AppetiteKind::Neutral);
  EXPECT_EQ(after(-0.31), AppetiteKind::RiskOff);
  EXPECT_EQ(after(-0.11), AppetiteKind::RiskOff);
  EXPECT_EQ(after(0.31), AppetiteKind::RiskOn) << "from one to the other at once";
  appetite.bar(std::nan(""));
  EXPECT_EQ(appetite.held(), AppetiteKind::Unknown) << "what it was made of is gone";
}

TEST(Appetite, follows_what_is_paid_for_risk) {
  Mood mood({.lookback = 10, .half_life = 60, .bars_min = 20, .volatility_weight = 0});
  mood.bars(20, 0);
  EXPECT_EQ(mood.appetite.held(), AppetiteKind::Unknown);
  EXPECT_TRUE(std::isnan(mood.appetite.score()));
  mood.bars(40, 0);
  EXPECT_EQ(mood.appetite.held(), AppetiteKind::Neutral);
  mood.bars(8, 0.006);
  EXPECT_EQ(mood.appetite.held(), AppetiteKind::RiskOn);
  mood.bars(14, -0.008);
  EXPECT_EQ(mood.appetite.held(), AppetiteKind::RiskOff);
}

TEST(Appetite, is_unknown_while_less_than_half_of_the_weight_is) {
  Mood mood({.lookback = 10, .half_life = 60, .bars_min = 20, .volatility_weight = 2});
  mood.bars(60, 0.001);
  EXPECT_EQ(mood.appetite.known(), 1u);
  EXPECT_TRUE(std::isnan(mood.appetite.score())) << "1 of 3";
  mood.bars(1, 0.001, 0.95);
  EXPECT_NEAR(mood.appetite.score(), (mood.appetite.score(0) + 2 * (1 - 2 * 0.95)) / 3, 1e-12);
}

TEST(Appetite, the_legs_of_the_first_pair_hedge_or_do_not) {
  Appetite appetite({.lookback = 10, .half_life = 60, .bars_min = 20}, 1);
  EXPECT_TRUE(std::isnan(appetite.hedge_correlation()));
  double stocks = 100, bonds = 100;
  for (int i = 0; i < 100; ++i) {
    const double move = 0.01 * std::sin(1.7 * i);
    appetite.close(0, stocks *= 1 + move, bonds *= 1 - 0.3 * move);
    appetite.bar(std::nan(""));
  }
  EXPECT_LT(appetite.hedge_correlation(), -0.99);
}

}  // namespace
}  // namespace robo::regime
