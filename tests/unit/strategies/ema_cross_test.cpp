#include "strategies/ema_cross/ema_cross.hpp"

#include <gtest/gtest.h>

#include "stage.hpp"

namespace robo::strategies {
namespace {

using test::Stage;

std::unique_ptr<EmaCross> made() { return std::make_unique<EmaCross>(); }

TEST(EmaCross, says_nothing_before_the_slow_average_is_warm_and_then_once_per_cross) {
  Stage stage({test::stock(0, "SPY")}, made(), {{"fast", 2}, {"slow", 4}});
  ASSERT_TRUE(stage.problems.empty());
  EXPECT_TRUE(stage.bar(100).empty());
  EXPECT_TRUE(stage.bar(101).empty());
  EXPECT_TRUE(stage.bar(102).empty());
  const auto first = stage.bar(103);
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(first[0].score, 1);
  EXPECT_TRUE(stage.bar(104).empty()) << "still above";
  std::vector<strategy::Signal> turned;
  for (const double price : {100.0, 96.0, 92.0})
    for (const auto& s : stage.bar(price)) turned.push_back(s);
  ASSERT_EQ(turned.size(), 1u);
  EXPECT_EQ(turned[0].score, -1);
}

TEST(EmaCross, long_only_leaves_where_the_other_sells_short) {
  Stage stage({test::stock(0, "SPY")}, made(), {{"fast", 2}, {"slow", 4}, {"short", 0}});
  for (const double price : {100, 101, 102, 103}) (void)stage.bar(price);
  std::vector<strategy::Signal> turned;
  for (const double price : {96.0, 92.0, 88.0})
    for (const auto& s : stage.bar(price)) turned.push_back(s);
  ASSERT_EQ(turned.size(), 1u);
  EXPECT_TRUE(turned[0].exit);
  EXPECT_EQ(turned[0].score, 0);
}

TEST(EmaCross, with_bars_of_zero_it_looks_at_every_trade) {
  Stage stage({test::stock(0, "SPY")}, made(), {{"fast", 2}, {"slow", 3}}, Duration{});
  ASSERT_TRUE(stage.problems.empty());
  const auto world = stage.rooms.world();
  std::size_t said = 0;
  for (const double price : {100, 101, 102, 99, 95}) {
    stage.trade(0, price);
    stage.now = stage.now + seconds(1);
    said += stage.host.on_trade(stage.now, world, Trade{.instrument = InstrumentId(0)}, stage.rooms.facts).size();
  }
  EXPECT_EQ(said, 2u);
}

TEST(EmaCross, fast_must_be_faster) {
  EXPECT_EQ(Stage({test::stock(0, "SPY")}, made(), {{"fast", 20}, {"slow", 20}}).problems.at(0),
            "strategy ema_cross: it cannot be set up: fast must be shorter than slow");
  EXPECT_TRUE(Stage({test::stock(0, "SPY")}, made(), {{"fast", 19}, {"slow", 20}}).problems.empty());
}

}  // namespace
}  // namespace robo::strategies
