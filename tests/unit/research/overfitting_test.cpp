#include "research/overfitting.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "research/bootstrap.hpp"
#include "research/normal.hpp"

namespace robo::research {
namespace {

TEST(Normal, quantile_inverts_the_distribution_in_the_middle_and_in_the_tails) {
  for (const double p : {1e-9, 1e-4, 0.025, 0.3, 0.5, 0.7, 0.95, 0.9999, 1 - 1e-9}) EXPECT_NEAR(normal_cdf(normal_quantile(p)), p, 1e-13 + p * 1e-12);
  EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-12);
}

TEST(DeflatedSharpe, reproduces_the_published_example) {
  // Bailey & Lopez de Prado 2014: annual Sharpe 2.5 over 1250 days, the best of 100 trials, is not significant.
  const TrackRecord record{.sharpe = 2.5 / std::sqrt(250.0), .n = 1250, .skew = -3, .kurtosis = 10};
  EXPECT_NEAR(expected_best_sharpe(100, 0.5 / 250), 0.11317, 5e-6);
  EXPECT_NEAR(expected_best_sharpe(100, 0.5 / 250) * std::sqrt(250.0), 1.789, 1e-3);
  EXPECT_NEAR(deflated_sharpe(record, 100, 0.5 / 250), 0.9004, 5e-5);
}

TEST(DeflatedSharpe, falls_with_every_trial_and_one_trial_costs_nothing) {
  const TrackRecord record{.sharpe = 0.1, .n = 1000};
  EXPECT_EQ(deflated_sharpe(record, 1, 0.001), probabilistic_sharpe(record, 0));
  EXPECT_LT(deflated_sharpe(record, 20, 0.001), deflated_sharpe(record, 10, 0.001));
}

TEST(DeflatedSharpe, hardly_more_than_one_independent_trial_is_no_gift) {
  EXPECT_EQ(expected_best_sharpe(1.1, 0.001), 0);
  EXPECT_GT(expected_best_sharpe(2.0, 0.001), 0);
}

TEST(ProbabilisticSharpe, counts_kurtosis_raw_so_a_normal_record_has_three) {
  const TrackRecord normal{.sharpe = 0.1, .n = 101, .skew = 0, .kurtosis = 3};
  EXPECT_NEAR(probabilistic_sharpe(normal, 0), normal_cdf(0.1 * 10 / std::sqrt(1 + 0.5 * 0.01)), 1e-12);
}

TEST(MinimumTrackRecord, is_the_published_number_of_years) {
  const auto years = [](double annual, double benchmark) {
    const auto n = minimum_track_record({.sharpe = annual / std::sqrt(252.0), .n = 1000}, benchmark / std::sqrt(252.0));
    return n.value() / 252;
  };
  EXPECT_NEAR(years(0.5, 0), 10.8, 0.05);
  EXPECT_NEAR(years(1.0, 0), 2.7, 0.05);
  EXPECT_NEAR(years(1.5, 0), 1.2, 0.05);
  EXPECT_NEAR(years(2.0, 0), 0.7, 0.05);
  EXPECT_NEAR(years(2.0, 1.0), 2.7, 0.05);
}

TEST(MinimumTrackRecord, no_record_is_long_enough_for_a_sharpe_at_its_benchmark) {
  EXPECT_FALSE(minimum_track_record({.sharpe = 0.1, .n = 100}, 0.1));
  EXPECT_TRUE(minimum_track_record({.sharpe = 0.1001, .n = 100}, 0.1));
}

TEST(EffectiveTrials, equal_trials_are_one_and_strangers_count_fully) {
  EXPECT_EQ(effective_trials(48, 1), 1);
  EXPECT_EQ(effective_trials(48, 0), 48);
}

std::vector<std::vector<double>> noise(std::size_t configurations, std::size_t length, std::uint64_t seed) {
  Dice dice(seed);
  std::vector<std::vector<double>> all(configurations);
  for (auto& series : all)
    for (std::size_t t = 0; t < length; ++t) series.push_back(dice.normal() * 0.01);
  return all;
}

TEST(Overfitting, tries_every_half_of_sixteen_blocks) {
  EXPECT_EQ(overfitting(noise(3, 160, 1))->splits, 12'870u);
  EXPECT_EQ(overfitting(noise(3, 160, 1), 4)->splits, 6u);
}

TEST(Overfitting, of_pure_noise_is_about_a_half_and_the_choice_is_worth_nothing) {
  double probability = 0, inside = 0, outside = 0;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const auto result = overfitting(noise(30, 1600, seed), 10);
    probability += result->probability / 8;
    inside += result->best_in_sample * std::sqrt(252.0) / 8;
    outside += result->same_out_of_sample * std::sqrt(252.0) / 8;
  }
  EXPECT_NEAR(probability, 0.5, 0.2);
  EXPECT_GT(inside, 0.8);
  EXPECT_LT(std::abs(outside), 0.4);
}

TEST(Overfitting, falls_when_one_configuration_is_really_better) {
  double blind = 0, seeing = 0;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    auto all = noise(30, 1600, seed);
    blind += overfitting(all, 10)->probability / 8;
    for (double& r : all[7]) r += 0.01 * 2.0 / std::sqrt(252.0);  // a true Sharpe of 2
    seeing += overfitting(all, 10)->probability / 8;
  }
  EXPECT_LT(seeing, 0.15);
  EXPECT_GT(blind, seeing + 0.2);
}

TEST(Overfitting, equal_configurations_leave_the_choice_at_the_median) {
  const auto one = noise(1, 160, 3).front();
  const auto result = overfitting(std::vector{one, one, one});
  EXPECT_EQ(result->probability, 1);  // at the median counts as overfitted: choosing gained nothing
}

TEST(Overfitting, refuses_what_it_cannot_split) {
  EXPECT_FALSE(overfitting(noise(1, 160, 1)));
  EXPECT_FALSE(overfitting(noise(2, 31, 1)));
  EXPECT_TRUE(overfitting(noise(2, 32, 1)));
  EXPECT_FALSE(overfitting(noise(2, 160, 1), 7));
}

}  // namespace
}  // namespace robo::research
