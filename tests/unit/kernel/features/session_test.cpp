// Figures of the trading day: VWAP with bands, volume against its past.
#include <gtest/gtest.h>

#include <cmath>

#include "support/market_day.hpp"

namespace robo::features {
namespace {

using test::MarketDay;
namespace condition = trade_condition;

TEST(SessionVwap, weighs_by_volume_and_its_bands_by_the_spread_of_prices) {
  MarketDay day;
  const auto vwap = day.declare({.kind = Kind::SessionVwap}), upper = day.declare({.kind = Kind::SessionVwapUpper, .width = 2}),
             lower = day.declare({.kind = Kind::SessionVwapLower, .width = 1});
  day.start();
  EXPECT_TRUE(std::isnan(day.value(vwap)));
  day.trade(61'000, 100);
  day.trade(61'004, 300);
  EXPECT_DOUBLE_EQ(day.value(vwap), 61'003);
  const double deviation = std::sqrt((9.0 * 100 + 1.0 * 300) / 400);
  EXPECT_NEAR(day.value(upper), 61'003 + 2 * deviation, 1e-9);
  EXPECT_NEAR(day.value(lower), 61'003 - deviation, 1e-9);
}

TEST(SessionVwap, counts_odd_lots_but_nothing_late_or_outside_hours) {
  MarketDay day;
  const auto vwap = day.declare({.kind = Kind::SessionVwap});
  day.start();
  day.phase(TradingPhase::PreMarket, date_of(2018, 1, 2));
  day.trade(50, 100, condition::extended_hours);
  EXPECT_TRUE(std::isnan(day.value(vwap)));
  day.phase(TradingPhase::Regular, date_of(2018, 1, 2));
  day.trade(100, 100);
  day.trade(200, 100, condition::late);
  day.trade(200, 100, condition::not_volume);
  day.trade(200, 100, condition::not_last);
  EXPECT_DOUBLE_EQ(day.value(vwap), 100);
  day.trade(104, 100, condition::not_last | condition::odd_lot);
  EXPECT_DOUBLE_EQ(day.value(vwap), 102);
}

TEST(SessionVwap, starts_again_every_day_and_goes_on_after_a_halt) {
  MarketDay day;
  const auto vwap = day.declare({.kind = Kind::SessionVwap});
  day.start();
  day.phase(TradingPhase::Regular, date_of(2018, 1, 2));
  day.trade(100, 100);
  day.phase(TradingPhase::Halted, date_of(2018, 1, 2));
  day.phase(TradingPhase::Regular, date_of(2018, 1, 2));
  day.trade(102, 100);
  EXPECT_DOUBLE_EQ(day.value(vwap), 101);
  day.phase(TradingPhase::Regular, date_of(2018, 1, 3));
  EXPECT_TRUE(std::isnan(day.value(vwap)));
  day.trade(200, 1);
  EXPECT_DOUBLE_EQ(day.value(vwap), 200);
}

TEST(VolumeZ, compares_with_the_past_only) {
  MarketDay day;
  const auto z = day.declare({.kind = Kind::VolumeZ, .period = 4});
  day.start();
  for (const int size : {4, 7, 13, 16}) day.trade(100, size);
  EXPECT_TRUE(std::isnan(day.value(z)));
  day.trade(100, 40);
  EXPECT_NEAR(day.value(z), 30 / std::sqrt(22.5), 1e-12) << "40 itself is not in its own yardstick";
  MarketDay flat;
  const auto none = flat.declare({.kind = Kind::VolumeZ, .period = 2});
  flat.start();
  for (int i = 0; i < 3; ++i) flat.trade(100, 10);
  EXPECT_TRUE(std::isnan(flat.value(none)));
}

TEST(RelativeVolume, is_against_the_same_minute_of_earlier_sessions) {
  MarketDay day;
  const auto relative = day.declare({.kind = Kind::RelativeVolume, .timeframe = minutes(1)});
  day.start();
  const auto session = [&](int date, std::vector<std::int64_t> volumes, Duration offset) {
    // An hour earlier or later by the clock (summer time), the same minutes of the session.
    day.now = test::morning + hours(24) * (date - 2) + offset;
    day.phase(TradingPhase::Regular, date_of(2018, 1, static_cast<unsigned>(date)));
    const auto open = day.now;
    std::vector<double> seen;
    for (std::size_t i = 0; i < volumes.size(); ++i) {
      day.now = open + minutes(static_cast<std::int64_t>(i)) + seconds(7);
      if (volumes[i] > 0) day.trade(100, volumes[i]);
      day.advance(open + minutes(static_cast<std::int64_t>(i) + 1));
      seen.push_back(day.value(relative));
    }
    return seen;
  };
  for (const double x : session(2, {100, 50, 200}, {})) EXPECT_TRUE(std::isnan(x)) << "nothing to compare with on the first day";
  const auto second = session(3, {300, 0, 100}, {});
  EXPECT_DOUBLE_EQ(second[0], 3);
  EXPECT_DOUBLE_EQ(second[2], 0.5);
  const auto third = session(4, {100, 50, 150}, hours(1));
  EXPECT_DOUBLE_EQ(third[0], 0.5) << "mean of 100 and 300";
  EXPECT_DOUBLE_EQ(third[1], 2) << "mean of 50 and a minute without trades";
  EXPECT_DOUBLE_EQ(third[2], 1);
}

}  // namespace
}  // namespace robo::features
