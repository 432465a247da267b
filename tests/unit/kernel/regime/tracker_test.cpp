#include "kernel/regime/tracker.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <vector>

#include "kernel/regime/rolling_rank.hpp"

namespace robo::regime {
namespace {

constexpr Settings settings{};
constexpr Inputs straight{.volatility = 1e-4, .volatility_percentile = 0.3, .volatility_ratio = 0.9, .efficiency_ratio = 0.8, .adx = 45};
constexpr Inputs wobbling{.volatility = 1e-4, .volatility_percentile = 0.3, .volatility_ratio = 0.9, .efficiency_ratio = 0.05, .adx = 12};
constexpr Inputs between{.volatility = 1e-4, .volatility_percentile = 0.3, .volatility_ratio = 0.9, .efficiency_ratio = 0.34, .adx = 26};
constexpr Inputs wild{.volatility = 1e-3, .volatility_percentile = 0.97, .volatility_ratio = 2, .efficiency_ratio = 0.2, .adx = 20};
constexpr Inputs falling{.volatility = 3e-3, .volatility_percentile = 0.995, .volatility_ratio = 4, .efficiency_ratio = 0.6, .adx = 40, .drawdown = 0.09};

TEST(RegimeProbabilities, sum_to_one_and_name_the_obvious) {
  for (const auto& inputs : {straight, wobbling, between, wild, falling}) {
    const auto p = probabilities(inputs, settings);
    EXPECT_NEAR(std::accumulate(p.begin(), p.end(), 0.0), 1, 1e-12);
    for (const double x : p) EXPECT_TRUE(x >= 0 && x <= 1);
  }
  const auto of = [](const Inputs& inputs, RegimeKind kind) { return probabilities(inputs, settings)[static_cast<std::size_t>(kind)]; };
  EXPECT_GT(of(straight, RegimeKind::Trending), 0.65);
  EXPECT_GT(of(wobbling, RegimeKind::Ranging), 0.65);
  EXPECT_GT(of(wild, RegimeKind::Volatile), 0.65);
  EXPECT_GT(of(falling, RegimeKind::Crisis), 0.65);
}

TEST(RegimeProbabilities, crisis_needs_the_fall_and_the_volatility_both) {
  const auto crisis = [](Inputs inputs) { return probabilities(inputs, settings)[3]; };
  Inputs calm_fall = falling;
  calm_fall.volatility_percentile = 0.4;
  EXPECT_LT(crisis(calm_fall), 0.05);
  EXPECT_LT(crisis(wild), 0.05) << "volatile at the highs is no crisis";
  Inputs at_the_line = falling;
  at_the_line.drawdown = settings.crisis_drawdown;
  EXPECT_NEAR(crisis(at_the_line), 0.5, 0.01);
}

TEST(RegimeProbabilities, the_top_of_a_volatility_that_hardly_varies_is_not_volatile) {
  Inputs inputs = wild;
  inputs.volatility_ratio = 1.05;
  EXPECT_LT(probabilities(inputs, settings)[2], 0.1);
}

TEST(RegimeProbabilities, an_unknown_adx_leaves_the_word_to_the_efficiency_ratio) {
  Inputs inputs = straight;
  inputs.adx = std::nan("");
  EXPECT_GT(probabilities(inputs, settings)[0], 0.65);
}

TEST(Tracker, the_first_bar_decides_at_once) {
  Tracker tracker(settings);
  EXPECT_FALSE(tracker.state().warm);
  EXPECT_EQ(tracker.state().held, RegimeKind::Ranging) << "cautious until it knows";
  EXPECT_TRUE(tracker.step(straight));
  EXPECT_TRUE(tracker.state().warm);
  EXPECT_EQ(tracker.state().held, RegimeKind::Trending);
}

TEST(Tracker, keeps_a_regime_at_least_five_bars) {
  Tracker tracker(settings);
  tracker.step(straight);
  for (int bar = 1; bar < 5; ++bar) EXPECT_FALSE(tracker.step(wobbling)) << bar;
  EXPECT_EQ(tracker.state().age, 4u);
  EXPECT_TRUE(tracker.step(wobbling));
  EXPECT_EQ(tracker.state().held, RegimeKind::Ranging);
  EXPECT_EQ(tracker.state().age, 0u);
}

TEST(Tracker, does_not_flicker_on_what_could_be_either) {
  Tracker tracker(settings);
  tracker.step(straight);
  for (int bar = 0; bar < 50; ++bar) EXPECT_FALSE(tracker.step(between));
  EXPECT_EQ(tracker.state().held, RegimeKind::Trending);
}

TEST(Tracker, takes_over_above_enter_and_not_at_it) {
  const double p = probabilities(wobbling, settings)[1];
  Settings stricter = settings, exact = settings;
  exact.enter = std::nextafter(p, 0);
  stricter.enter = p;
  for (const bool takes : {true, false}) {
    const auto& rules = takes ? exact : stricter;
    Tracker tracker(rules);
    tracker.step(straight);
    for (int bar = 0; bar < 10; ++bar) tracker.step(wobbling);
    EXPECT_EQ(tracker.state().held, takes ? RegimeKind::Ranging : RegimeKind::Trending);
  }
}

TEST(Tracker, crisis_comes_at_once_and_goes_after_twenty_calm_bars) {
  Tracker tracker(settings);
  tracker.step(straight);
  EXPECT_TRUE(tracker.step(falling)) << "no dwell for a crisis";
  EXPECT_EQ(tracker.state().held, RegimeKind::Crisis);
  for (int bar = 0; bar < 19; ++bar) EXPECT_FALSE(tracker.step(wobbling));
  EXPECT_FALSE(tracker.step(falling)) << "a relapse starts the count again";
  for (int bar = 0; bar < 19; ++bar) EXPECT_FALSE(tracker.step(wobbling)) << bar;
  EXPECT_TRUE(tracker.step(wobbling));
  EXPECT_EQ(tracker.state().held, RegimeKind::Ranging);
}

TEST(RollingRank, tells_where_a_value_stands_in_its_window) {
  RollingRank rank(100);
  EXPECT_DOUBLE_EQ(rank.add(0.01), 0.5);
  EXPECT_DOUBLE_EQ(rank.add(0.01), 0.5) << "all alike";
  for (int i = 0; i < 98; ++i) rank.add(0.01);
  EXPECT_NEAR(rank.add(0.02), 0.995, 1e-12);
  EXPECT_NEAR(rank.add(0.001), 0.005, 1e-12);
  for (int i = 0; i < 100; ++i) rank.add(0.5);
  EXPECT_DOUBLE_EQ(rank.add(0.5), 0.5) << "what left the window is forgotten";
  EXPECT_EQ(rank.count(), 100u);
  EXPECT_NEAR(rank.median(), 0.5, 0.01);
  EXPECT_GE(rank.add(0), 0.0);
  EXPECT_LE(rank.add(1e9), 1.0);
}

TEST(RollingRank, equals_counting_the_window) {
  std::uint64_t state = 3;
  const auto number = [&] { return std::exp(-12 + 10 * static_cast<double>((state = state * 6364136223846793005ULL + 1) >> 40) / (1 << 24)); };
  RollingRank rank(250);
  std::vector<double> seen;
  for (int i = 0; i < 3'000; ++i) {
    seen.push_back(number());
    const double have = rank.add(seen.back());
    const auto window = std::span(seen).last(std::min<std::size_t>(seen.size(), 250));
    // A bucket is 2 % wide: what lies within one of it may count either way.
    const auto n = static_cast<double>(window.size());
    const double least = static_cast<double>(std::ranges::count_if(window, [&](double x) { return x < seen.back() * 0.98; })) / n;
    const double most = static_cast<double>(std::ranges::count_if(window, [&](double x) { return x <= seen.back() * 1.0203; })) / n;
    ASSERT_GE(have, least) << i;
    ASSERT_LE(have, most) << i;
    std::vector<double> sorted(window.begin(), window.end());
    std::ranges::sort(sorted);
    ASSERT_NEAR(rank.median() / sorted[sorted.size() / 2], 1, 0.021) << i;
  }
}

}  // namespace
}  // namespace robo::regime
