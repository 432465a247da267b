#include "kernel/ensemble/volatility.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "support/rooms.hpp"

namespace robo::ensemble {
namespace {

Bar minute(int number, double open, double close) {
  return {.instrument = InstrumentId(0), .start = test::monday + minutes(number), .period = minutes(1), .open = Price::nearest(open),
          .close = Price::nearest(close)};
}

TEST(Volatility, says_nothing_before_twenty_returns_and_something_after) {
  Volatility v;
  for (int i = 0; i < 20; ++i) v.update(minute(i, 100, 100));
  EXPECT_FALSE(v.per_bar());
  v.update(minute(20, 100, 100));
  EXPECT_TRUE(v.per_bar());
}

TEST(Volatility, of_one_percent_up_and_down_is_one_percent_from_the_start) {
  Volatility v;
  for (int i = 0; i < 40; ++i) v.update(minute(i, 100, i % 2 == 0 ? 100 : 100 * std::exp(0.01)));
  EXPECT_NEAR(*v.per_bar(), 0.01, 1e-9);
}

TEST(Volatility, rises_fast_and_falls_slowly) {
  Volatility v;
  int i = 0;
  double price = 100;
  const auto step = [&](double r) { v.update(minute(i, price, price * std::exp(i % 2 == 0 ? r : -r))), price *= std::exp(i % 2 == 0 ? r : -r), ++i; };
  for (int n = 0; n < 500; ++n) step(0.001);
  for (int n = 0; n < 20; ++n) step(0.01);
  EXPECT_GT(*v.per_bar(), 0.007) << "one fast half-life";
  for (int n = 0; n < 60; ++n) step(0.001);
  EXPECT_GT(*v.per_bar(), 0.002) << "the slow estimate still remembers";
}

TEST(Volatility, a_night_is_not_a_minute) {
  Volatility v;
  for (int i = 0; i < 30; ++i) v.update(minute(i, 100, 100));
  v.update(minute(30 + 60 * 17, 110, 110));
  EXPECT_EQ(*v.per_bar(), 0);
  v.update(minute(31 + 60 * 17, 110, 111.1));
  EXPECT_GT(*v.per_bar(), 0);
}

TEST(Volatility, a_minute_that_is_missing_counts_as_time_and_not_as_a_larger_move) {
  Volatility whole, gaps;
  for (int i = 0; i < 400; ++i) whole.update(minute(i, 100, i % 2 == 0 ? 100 : 101));
  for (int i = 0; i < 400; ++i) gaps.update(minute(4 * i, 100, i % 2 == 0 ? 100 : 101));
  EXPECT_NEAR(*gaps.per_bar() * 2, *whole.per_bar(), 1e-4);
}

TEST(Volatility, negative_prices_have_no_returns) {
  Volatility v;
  for (int i = 0; i < 60; ++i) v.update(minute(i, -36, -37));
  EXPECT_FALSE(v.per_bar());
}

TEST(BarsPerYear, knows_who_sleeps) {
  Instrument coin = test::stock(0, "BTC");
  coin.asset_class = AssetClass::Crypto;
  EXPECT_NEAR(bars_per_year(test::stock(0, "SPY"), minutes(1)), 252 * 390, 1e-6);
  EXPECT_NEAR(bars_per_year(coin, minutes(1)), 365 * 1440, 1e-6);
  EXPECT_EQ(bars_per_year(test::stock(0, "SPY"), hours(24)), 252);
  EXPECT_EQ(bars_per_year(coin, hours(24)), 365);
}

TEST(HorizonsPerYear, within_a_day_count_open_hours_and_beyond_it_the_calendar) {
  EXPECT_NEAR(horizons_per_year(test::stock(0, "SPY"), minutes(65)), 252 * 6, 1e-9);
  EXPECT_NEAR(horizons_per_year(test::stock(0, "SPY"), hours(24)), 365, 1e-9);
}

}  // namespace
}  // namespace robo::ensemble
