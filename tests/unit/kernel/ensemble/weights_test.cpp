#include "kernel/ensemble/weights.hpp"

#include <gtest/gtest.h>

namespace robo::ensemble {
namespace {

const StrategyId good{0}, bad{1}, idle{2};

void live(Weights& weights, int days, RegimeKind regime, double best, double worst) {
  for (int day = 0; day < days; ++day) {
    weights.earn(good, regime, day % 3 == 0 ? -best / 4 : best);
    weights.earn(bad, regime, day % 3 == 0 ? -worst / 4 : worst);
    weights.close_day();
  }
}

double sum(const Weights& w, RegimeKind regime) { return w.weight(good, regime) + w.weight(bad, regime) + w.weight(idle, regime); }

TEST(Weights, equal_risk_never_moves) {
  Weights weights(WeightRule::EqualRisk, 3);
  live(weights, 500, RegimeKind::Trending, 0.01, -0.01);
  EXPECT_EQ(weights.weight(good, RegimeKind::Trending), 1.0 / 3);
  EXPECT_EQ(weights.weight(bad, RegimeKind::Trending), 1.0 / 3);
}

TEST(Weights, performance_moves_them_to_what_paid_and_never_to_all_or_nothing) {
  Weights weights(WeightRule::PerformanceAware, 3);
  live(weights, 250, RegimeKind::Trending, 0.01, -0.01);
  EXPECT_GT(weights.weight(good, RegimeKind::Ranging), 0.8);
  EXPECT_LT(weights.weight(bad, RegimeKind::Ranging), 0.05);
  EXPECT_GE(weights.weight(bad, RegimeKind::Ranging), 0.01 / 3);
  EXPECT_NEAR(sum(weights, RegimeKind::Ranging), 1, 1e-12);
}

TEST(Weights, a_fallen_strategy_comes_back_when_it_pays_again) {
  Weights weights(WeightRule::PerformanceAware, 3);
  live(weights, 500, RegimeKind::Trending, 0.01, -0.01);
  live(weights, 500, RegimeKind::Trending, -0.01, 0.01);
  EXPECT_GT(weights.weight(bad, RegimeKind::Trending), 0.8);
}

TEST(Weights, by_regime_learns_only_where_it_was_and_shrinks_to_equal) {
  Weights weights(WeightRule::ByRegime, 3);
  live(weights, 250, RegimeKind::Trending, 0.01, -0.01);
  EXPECT_EQ(weights.weight(good, RegimeKind::Ranging), 1.0 / 3) << "no day was spent in it";
  const double here = weights.weight(good, RegimeKind::Trending);
  EXPECT_GT(here, 1.0 / 3 + 0.2);
  EXPECT_LT(here, 1.0 / 3 + 0.5 * 2.0 / 3 + 1e-12) << "kappa is 250 / (250 + 250) = one half";
  EXPECT_NEAR(sum(weights, RegimeKind::Trending), 1, 1e-12);
}

TEST(Weights, days_in_which_nothing_was_held_teach_nothing) {
  Weights weights(WeightRule::PerformanceAware, 3);
  for (int day = 0; day < 100; ++day) weights.close_day();
  EXPECT_EQ(weights.weight(good, RegimeKind::Trending), 1.0 / 3);
}

}  // namespace
}  // namespace robo::ensemble
