#include "strategies/mean_reversion/mean_reversion.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "stage.hpp"

namespace robo::strategies {
namespace {

using test::Stage;

Stage stage_of(std::vector<strategy::Setting> more = {}) {
  std::vector<strategy::Setting> settings{{"rsi_bars", 5}, {"atr_bars", 5}, {"flat_before_close_s", 0}, {"ranging_min", 0}, {"cost_bp", 0}};
  for (auto& one : more) {
    std::erase_if(settings, [&](const strategy::Setting& s) { return s.name == one.name; });
    settings.push_back(std::move(one));
  }
  return {{test::stock(0, "SPY")}, std::make_unique<MeanReversion>(), std::move(settings)};
}

void warm(Stage& stage, int bars = 40) {
  for (int i = 0; i < bars; ++i) EXPECT_TRUE(stage.bar(100 + (i % 2 == 0 ? 0.1 : -0.1)).empty()) << "bar " << i;
}

TEST(MeanReversion, buys_a_fast_fall_and_leaves_when_the_index_is_back) {
  Stage stage = stage_of();
  ASSERT_TRUE(stage.problems.empty()) << stage.problems[0];
  warm(stage);
  std::vector<strategy::Signal> said;
  double price = 100;
  while (said.empty() && price > 98) said = stage.bar(price -= 0.15);
  ASSERT_EQ(said.size(), 1u);
  EXPECT_GE(said[0].score, 0.5);
  EXPECT_GT(said[0].stop_distance, Price{});
  EXPECT_EQ(said[0].why.view().substr(0, 4), "RSI ");
  said.clear();
  while (said.empty() && price < 101) said = stage.bar(price += 0.15);
  ASSERT_EQ(said.size(), 1u);
  EXPECT_TRUE(said[0].exit);
}

TEST(MeanReversion, sells_a_fast_rise_only_when_shorts_are_allowed) {
  Stage both = stage_of(), longs = stage_of({{"short", 0}});
  warm(both);
  warm(longs);
  std::vector<strategy::Signal> said, none;
  for (double price = 100; price < 102; price += 0.2) {
    for (const auto& s : both.bar(price)) said.push_back(s);
    for (const auto& s : longs.bar(price)) none.push_back(s);
  }
  ASSERT_EQ(said.size(), 1u) << "one opinion a trade";
  EXPECT_LE(said[0].score, -0.5);
  EXPECT_TRUE(none.empty());
}

TEST(MeanReversion, a_deeper_fall_is_a_stronger_opinion) {
  const auto score_after = [](double step) {
    Stage stage = stage_of();
    warm(stage);
    std::vector<strategy::Signal> said;
    double price = 100;
    while (said.empty()) said = stage.bar(price -= step);
    return said[0].score;
  };
  EXPECT_GT(score_after(1.0), score_after(0.1));
}

TEST(MeanReversion, stands_aside_unless_the_market_ranges) {
  Stage strict = stage_of({{"ranging_min", 0.9}}), open = stage_of({{"ranging_min", 0}});
  std::size_t strict_said = 0, open_said = 0;
  for (int i = 0; i < 150; ++i) {  // a clean trend upwards: the index stays high all the way
    const double price = 100 * std::exp(0.001 * i);
    strict_said += strict.bar(price).size();
    open_said += open.bar(price).size();
  }
  EXPECT_EQ(strict_said, 0u);
  EXPECT_GT(open_said, 0u);
}

TEST(MeanReversion, a_way_back_shorter_than_the_round_trip_costs_is_not_traded) {
  Stage cheap = stage_of({{"cost_bp", 1}}), dear = stage_of({{"cost_bp", 200}});
  warm(cheap);
  warm(dear);
  std::size_t cheap_said = 0, dear_said = 0;
  for (double price = 100; price > 99; price -= 0.15) cheap_said += cheap.bar(price).size(), dear_said += dear.bar(price).size();
  EXPECT_EQ(cheap_said, 1u);
  EXPECT_EQ(dear_said, 0u);
}

TEST(MeanReversion, forgets_a_trade_whose_time_is_over_and_may_enter_again) {
  Stage stage = stage_of({{"hold_bars", 2}});
  warm(stage);
  std::size_t entries = 0;
  for (double price = 100; price > 97; price -= 0.2)
    for (const auto& s : stage.bar(price)) entries += !s.exit;
  EXPECT_GT(entries, 2u);
}

}  // namespace
}  // namespace robo::strategies
