#include "model/instrument.hpp"

#include <gtest/gtest.h>

namespace robo {

TEST(TickTable, changes_step_at_one_dollar) {
  TickTable table;
  table.bands[0] = {Price{}, Price::from_raw(100'000)};  // 0.0001
  table.bands[1] = {price(1), price(0, 1)};
  table.count = 2;
  EXPECT_TRUE(table.on_grid(Price::from_raw(999'900'000)));   // 0.9999
  EXPECT_FALSE(table.on_grid(Price::from_raw(1'005'000'000)));  // 1.005
  EXPECT_TRUE(table.on_grid(price(1, 1)));
  EXPECT_EQ(table.floor(Price::from_raw(1'019'000'000)), price(1, 1));
  EXPECT_EQ(table.ceil(Price::from_raw(1'011'000'000)), price(1, 2));
}

TEST(TickTable, rounds_negative_prices_away_from_nothing) {
  const auto table = TickTable::flat(price(0, 5));
  EXPECT_EQ(table.floor(Price::from_raw(-30'000'000)), Price::from_raw(-50'000'000));
  EXPECT_EQ(table.ceil(Price::from_raw(-30'000'000)), Price{});
}

}  // namespace robo
