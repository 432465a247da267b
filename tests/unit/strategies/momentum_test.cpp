#include "strategies/momentum/momentum.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "stage.hpp"

namespace robo::strategies {
namespace {

using test::Stage;

const std::vector<strategy::Setting> quick{{"lookback", 5}, {"exit_bars", 3}, {"volume_bars", 5}, {"atr_bars", 3}, {"efficiency_min", 0},
                                           {"flat_before_close_s", 0}, {"hold_bars", 10}};

std::vector<strategy::Setting> with(std::vector<strategy::Setting> more) {
  auto all = quick;
  for (auto& one : more) {
    std::erase_if(all, [&](const strategy::Setting& s) { return s.name == one.name; });
    all.push_back(std::move(one));
  }
  return all;
}

Stage stage_of(std::uint32_t names, std::vector<strategy::Setting> more = {}) {
  std::vector<Instrument> instruments;
  for (std::uint32_t i = 0; i < names; ++i) instruments.push_back(test::stock(i, "N" + std::to_string(i)));
  return {std::move(instruments), std::make_unique<Momentum>(), with(std::move(more))};
}

/// Bars that go nowhere in particular, so that a channel and a usual volume exist.
void warm(Stage& stage, std::uint32_t names, int bars = 30) {
  for (int i = 0; i < bars; ++i) {
    for (std::uint32_t n = 0; n < names; ++n) stage.trade(n, 100 + 0.05 * ((i * 7 + static_cast<int>(n)) % 5), 100 + 10 * (i % 3));
    EXPECT_TRUE(stage.close().empty()) << "bar " << i;
  }
}

TEST(Momentum, buys_a_new_high_on_unusual_volume_with_a_stop_in_true_ranges) {
  Stage stage = stage_of(1);
  ASSERT_TRUE(stage.problems.empty()) << stage.problems[0];
  warm(stage, 1);
  const auto said = stage.bar(101, 5000);
  ASSERT_EQ(said.size(), 1u);
  EXPECT_GT(said[0].score, 0.3);
  EXPECT_LE(said[0].score, 1);
  EXPECT_GT(said[0].stop_distance, Price{});
  EXPECT_EQ(said[0].target_distance, Price{});
  EXPECT_EQ(said[0].horizon, minutes(10));
  EXPECT_GT(said[0].expected_return, 0);
  EXPECT_EQ(said[0].why.view().substr(0, 10), "5 bar high");
}

TEST(Momentum, the_same_high_on_usual_volume_is_no_breakout) {
  Stage stage = stage_of(1);
  warm(stage, 1);
  EXPECT_TRUE(stage.bar(101, 110).empty());
}

TEST(Momentum, a_price_inside_the_channel_is_no_breakout_whatever_the_volume) {
  Stage stage = stage_of(1);
  warm(stage, 1);
  EXPECT_TRUE(stage.bar(100.2, 50'000).empty()) << "the old high exactly";
  EXPECT_EQ(stage.bar(100.21, 500'000).size(), 1u) << "a cent above it";
}

TEST(Momentum, sells_a_new_low_short_only_when_allowed) {
  Stage both = stage_of(1), longs = stage_of(1, {{"short", 0}});
  warm(both, 1);
  warm(longs, 1);
  const auto said = both.bar(99, 5000);
  ASSERT_EQ(said.size(), 1u);
  EXPECT_LT(said[0].score, -0.3);
  EXPECT_LT(said[0].expected_return, 0);
  EXPECT_TRUE(longs.bar(99, 5000).empty());
}

TEST(Momentum, leaves_when_the_close_falls_out_of_the_exit_channel) {
  Stage stage = stage_of(1);
  warm(stage, 1);
  ASSERT_EQ(stage.bar(101, 5000).size(), 1u);
  EXPECT_TRUE(stage.bar(101.2).empty());
  EXPECT_TRUE(stage.bar(101.1).empty()) << "lower, but inside the last three bars";
  const auto said = stage.bar(100.5);
  ASSERT_EQ(said.size(), 1u);
  EXPECT_TRUE(said[0].exit);
}

TEST(Momentum, holds_at_most_so_many_names_and_replaces_the_weakest_by_a_stronger) {
  Stage stage = stage_of(3, {{"top", 2}});
  warm(stage, 3);
  stage.trade(0, 100.3, 5000);
  stage.trade(1, 100.5, 5000);
  stage.trade(2, 100.1, 100);
  ASSERT_EQ(stage.close().size(), 2u);
  stage.trade(0, 100.3, 100);
  stage.trade(1, 100.5, 100);
  stage.trade(2, 110, 50'000);
  const auto said = stage.close();
  ASSERT_EQ(said.size(), 2u);
  EXPECT_TRUE(said[0].exit);
  EXPECT_EQ(said[0].instrument, InstrumentId(0));
  EXPECT_EQ(said[1].instrument, InstrumentId(2));
  EXPECT_FALSE(said[1].exit);
}

TEST(Momentum, a_time_out_frees_the_place_without_a_word) {
  Stage stage = stage_of(2, {{"top", 1}, {"hold_bars", 2}});
  warm(stage, 2);
  stage.trade(0, 101, 5000);
  stage.trade(1, 100.1);
  ASSERT_EQ(stage.close().size(), 1u);
  for (int i = 0; i < 2; ++i) {
    stage.trade(0, 101.1 + 0.1 * i);
    stage.trade(1, 100.1);
    EXPECT_TRUE(stage.close().empty());
  }
  stage.trade(0, 101.4);
  stage.trade(1, 100.25, 9000);
  const auto said = stage.close();
  ASSERT_EQ(said.size(), 1u);
  EXPECT_EQ(said[0].instrument, InstrumentId(1));
}

TEST(Momentum, is_out_before_the_close_and_enters_nothing_after) {
  Stage stage = stage_of(1, {{"flat_before_close_s", 300}});
  const Timestamp close = test::monday + minutes(40);
  stage.rooms.phase(InstrumentId(0), TradingPhase::Regular, test::monday, close);
  warm(stage, 1);
  ASSERT_EQ(stage.bar(101, 5000).size(), 1u);   // minute 31
  EXPECT_TRUE(stage.bar(101.1).empty());
  EXPECT_TRUE(stage.bar(101.2).empty());
  EXPECT_TRUE(stage.bar(101.3).empty());        // ends at minute 34: six minutes left
  const auto said = stage.bar(101.4);           // five
  ASSERT_EQ(said.size(), 1u);
  EXPECT_TRUE(said[0].exit);
  EXPECT_TRUE(stage.bar(105, 500'000).empty());
}

TEST(Momentum, parameters_changed_while_it_runs_act_on_the_next_bar) {
  Stage stage = stage_of(1);
  warm(stage, 1);
  stage.set("volume_z_min", 20);
  EXPECT_TRUE(stage.bar(101, 250).empty());
  stage.set("volume_z_min", -5);
  EXPECT_EQ(stage.bar(102, 100).size(), 1u);
}

}  // namespace
}  // namespace robo::strategies
