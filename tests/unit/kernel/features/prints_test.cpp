// Off-exchange prints and blocks: what counts, what counts once, what is not one.
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "support/market_day.hpp"

namespace robo::features {
namespace {

using test::MarketDay;
namespace condition = trade_condition;

TEST(OffExchange, share_is_of_all_volume_and_nan_before_any) {
  MarketDay day;
  const auto share = day.declare({.kind = Kind::OffExchangeShare}), rolling = day.declare({.kind = Kind::OffExchangeShare, .timeframe = minutes(1), .period = 5});
  day.start();
  EXPECT_TRUE(std::isnan(day.value(share)));
  day.trade(100, 300);
  EXPECT_EQ(day.value(share), 0) << "volume, and none of it off exchange";
  day.trade(100, 100, condition::off_exchange);
  EXPECT_DOUBLE_EQ(day.value(share), 0.25);
  day.trade(100, 400, condition::auction | condition::not_last | condition::not_volume);
  EXPECT_DOUBLE_EQ(day.value(share), 0.25) << "the official close repeats the auction";
  day.trade(100, 100, condition::off_exchange | condition::late | condition::not_last);
  EXPECT_DOUBLE_EQ(day.value(share), 0.4) << "late is volume of the day";
  EXPECT_DOUBLE_EQ(day.value(rolling), 0.25) << "but not of these five minutes";
  day.wait(minutes(5));
  day.trade(100, 100);
  EXPECT_EQ(day.value(rolling), 0);
  EXPECT_DOUBLE_EQ(day.value(share), 1.0 / 3);
  day.phase(TradingPhase::Regular, date_of(2018, 1, 2));
  EXPECT_TRUE(std::isnan(day.value(share)));
}

TEST(OffExchange, z_is_against_the_same_minute_of_earlier_days) {
  MarketDay day;
  const auto z = day.declare({.kind = Kind::OffExchangeZ, .timeframe = minutes(1)});
  day.start();
  const auto minute = [&](int number, std::int64_t off) {
    day.now = test::morning + hours(24) * number;
    day.phase(TradingPhase::Regular, date_of(2018, 1, static_cast<unsigned>(2 + number)));
    day.trade(100, 100 - off);
    day.trade(100, off, condition::off_exchange);
    day.wait(minutes(1));
    day.advance(day.now);
  };
  const std::array<std::int64_t, 5> usual{30, 40, 35, 45, 50};
  for (int i = 0; i < 5; ++i) {
    minute(i, usual[static_cast<std::size_t>(i)]);
    EXPECT_TRUE(std::isnan(day.value(z)));
  }
  minute(5, 80);
  EXPECT_NEAR(day.value(z), 0.40 / std::sqrt(0.005), 1e-5) << "mean 0.40, variance 0.005";
}

TEST(Blocks, begin_at_ten_thousand_units_or_two_hundred_thousand_dollars) {
  MarketDay day;
  const auto volume = day.declare({.kind = Kind::BlockVolume}), count = day.declare({.kind = Kind::BlockCount}), off = day.declare({.kind = Kind::OffExchangeBlockVolume});
  day.start();
  EXPECT_TRUE(std::isnan(day.value(count)));
  day.trade(10, 9'999);
  EXPECT_EQ(day.value(count), 0) << "99,990 dollars";
  day.trade(10, 10'000);
  EXPECT_EQ(day.value(count), 1);
  day.trade(150, 1'333);
  EXPECT_EQ(day.value(count), 1) << "199,950 dollars";
  day.trade(150, 1'334, condition::off_exchange);
  EXPECT_EQ(day.value(count), 2);
  EXPECT_EQ(day.value(volume), 11'334);
  EXPECT_EQ(day.value(off), 1'334);
  day.trade(10, 500'000, condition::auction);
  EXPECT_EQ(day.value(count), 2) << "an auction is a crowd";
}

TEST(Blocks, one_that_is_cancelled_and_reported_again_late_counts_once) {
  MarketDay day;
  const auto volume = day.declare({.kind = Kind::BlockVolume}), share = day.declare({.kind = Kind::OffExchangeShare});
  day.start();
  day.trade(157.04, 127'300, condition::off_exchange | condition::extended_hours | condition::not_last);
  day.trade(157.10, 72'700);
  const double before = day.value(share);
  day.trade(157.04, 127'300, condition::off_exchange | condition::late | condition::not_last);
  EXPECT_EQ(day.value(volume), 200'000);
  EXPECT_EQ(day.value(share), before);
  day.trade(157.04, 127'300, condition::off_exchange | condition::late | condition::not_last);
  EXPECT_EQ(day.value(volume), 327'300) << "a second late report of the same size is another block";
  day.trade(157.05, 127'300, condition::off_exchange | condition::late | condition::not_last);
  EXPECT_EQ(day.value(volume), 454'600) << "another price: another block";
}

TEST(Blocks, of_a_window_are_what_the_market_paid_now) {
  MarketDay day;
  const auto count = day.declare({.kind = Kind::BlockCount, .timeframe = minutes(1), .period = 2});
  day.start();
  day.trade(100, 20'000, condition::off_exchange | condition::not_last);
  EXPECT_EQ(day.value(count), 0) << "an average or derived price is not of now";
  day.trade(100, 20'000, condition::off_exchange | condition::late);
  EXPECT_EQ(day.value(count), 0);
  day.trade(100, 20'000, condition::off_exchange);
  EXPECT_EQ(day.value(count), 1);
  day.wait(minutes(2));
  day.trade(100, 1);
  EXPECT_EQ(day.value(count), 0);
}

}  // namespace
}  // namespace robo::features
