// Price context: pivots, levels, days before; unusual volume; RSI from a second to a day.
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "kernel/features/indicators/relative_volume.hpp"
#include "kernel/features/indicators/support_resistance.hpp"
#include "support/market_day.hpp"

namespace robo::features {
namespace {

using test::MarketDay;

/// One bar a minute, its high and low a dime around the close.
void minute(MarketDay& day, double close, std::int64_t size = 100) {
  day.trade(close + 0.1, size);
  day.trade(close - 0.1, size);
  day.trade(close, size);
  day.wait(minutes(1));
  day.advance(day.now);
}

TEST(Pivots, a_high_is_known_when_its_right_side_is_complete_and_not_a_bar_earlier) {
  MarketDay day;
  const auto high = day.declare({.kind = Kind::PivotHigh, .timeframe = minutes(1), .period = 2});
  day.start();
  for (const double close : {10., 11., 12., 11.5}) minute(day, close);
  EXPECT_TRUE(std::isnan(day.value(high))) << "one bar to its right is not two";
  minute(day, 11);
  EXPECT_DOUBLE_EQ(day.value(high), 12.1);
  for (const double close : {13., 14., 15.}) minute(day, close);
  EXPECT_DOUBLE_EQ(day.value(high), 12.1) << "15 has no right side yet: it does not exist";
}

TEST(Pivots, what_came_before_does_not_change_when_the_future_does) {
  // The same past with two futures: every value of the past must be the same.
  const std::array past{10., 11., 12., 11., 10., 11., 12.5, 12., 11., 10.5, 11.};
  std::vector<double> seen[2];
  for (const int future : {0, 1}) {
    MarketDay day;
    const auto support = day.declare({.kind = Kind::Support, .timeframe = minutes(1), .period = 2}),
               resistance = day.declare({.kind = Kind::Resistance, .timeframe = minutes(1), .period = 2});
    day.start();
    for (const double close : past) minute(day, close), seen[future].push_back(day.value(support)), seen[future].push_back(day.value(resistance));
    for (int i = 0; i < 5; ++i) minute(day, future == 0 ? 5. : 20.);
  }
  ASSERT_EQ(seen[0].size(), seen[1].size());
  for (std::size_t i = 0; i < seen[0].size(); ++i) EXPECT_TRUE(seen[0][i] == seen[1][i] || (std::isnan(seen[0][i]) && std::isnan(seen[1][i]))) << i;
}

TEST(Pivots, of_a_plateau_the_first_bar_turns_and_only_once) {
  std::array<Pivots::Candidate, 3> bars{};
  std::array<double, 2> highs{}, lows{};
  Pivots pivots{bars, highs, lows};
  int turns = 0;
  for (const double high : {1., 2., 3., 3., 3., 2., 1.}) pivots.add(high, 0, 1), turns += pivots.at_high();
  EXPECT_EQ(turns, 1);
  EXPECT_EQ(pivots.high(), 3);
}

struct Levels {
  explicit Levels(int n) : bars(static_cast<std::size_t>(n) + 1), highs(static_cast<std::size_t>(n)), lows(static_cast<std::size_t>(n)),
                           volumes(2 * static_cast<std::size_t>(n) + 1), of(n, bars, highs, lows, volumes) {}
  std::vector<Pivots::Candidate> bars;
  std::vector<double> highs, lows, volumes;
  SupportResistance of;
};

TEST(SupportResistance, turns_close_to_each_other_are_one_level_that_gains_strength) {
  Levels levels(1);
  const Date date{17'533};
  // A range between 10 and 12: its turns are cents apart, its bars a dollar high.
  double strength = 0;
  for (int i = 0; i < 60; ++i) {
    const double mid = i % 4 == 0 ? 10 : i % 4 == 2 ? 12 : 11;
    levels.of.add(mid + 0.5 + 0.01 * (i % 3), mid - 0.5 - 0.01 * (i % 3), mid, 100, date);
    if (i == 30) strength = levels.of.resistance().strength;
  }
  EXPECT_NEAR(levels.of.resistance().price, 12.51, 0.02);
  EXPECT_NEAR(levels.of.support().price, 9.49, 0.02);
  EXPECT_GT(levels.of.resistance().strength, strength) << "more touches";
  std::int64_t most = 0;
  for (const auto& level : levels.of.levels()) most = std::max(most, level.touches);
  EXPECT_GT(most, 6);
}

TEST(SupportResistance, a_touch_of_twice_the_usual_volume_weighs_twice_and_fades_with_age) {
  Levels levels(1);
  const Date date{17'533};
  for (int i = 0; i < 3; ++i) levels.of.add(10, 9, 9.5, 100, date);
  levels.of.add(12, 9, 9.5, 400, date);
  EXPECT_TRUE(std::isnan(levels.of.resistance().price));
  levels.of.add(10, 9, 9.5, 100, date);
  EXPECT_DOUBLE_EQ(levels.of.resistance().price, 12);
  EXPECT_DOUBLE_EQ(levels.of.resistance().strength, 400 / 200.0) << "one touch, its bar against the mean of three";
  for (int i = 0; i < 50; ++i) levels.of.add(10, 9, 9.5, 100, date);
  EXPECT_NEAR(levels.of.resistance().strength, 2 * std::exp(-1.0), 1e-12) << "n x 50 bars later";
}

TEST(SupportResistance, days_before_leave_their_high_low_and_close) {
  Levels levels(5);
  for (const double close : {10., 14., 12.}) levels.of.add(close, close, close, 1, Date{17'533});
  EXPECT_TRUE(std::isnan(levels.of.support().price)) << "today is not a level";
  levels.of.add(13, 13, 13, 1, Date{17'534});
  EXPECT_EQ(levels.of.support().price, 12);
  EXPECT_EQ(levels.of.resistance().price, 14);
  ASSERT_EQ(levels.of.levels().size(), 3u);
}

TEST(SupportResistance, the_weakest_level_goes_when_there_is_no_room) {
  Levels levels(1);
  const Date date{17'533};
  for (int i = 0; i < 200; ++i) levels.of.add(100 + 10 * i + (i % 2) * 15, 99 + 10 * i + (i % 2) * 15, 99.5 + 10 * i, 100, date);
  EXPECT_EQ(levels.of.levels().size(), SupportResistance::capacity);
  for (const auto& level : levels.of.levels()) EXPECT_GT(level.price, 1'000) << "the oldest went first";
}

TEST(PriorDay, is_the_session_before_and_nan_without_one) {
  MarketDay day;
  const auto high = day.declare({.kind = Kind::PriorHigh}), low = day.declare({.kind = Kind::PriorLow}), close = day.declare({.kind = Kind::PriorClose});
  day.start();
  day.phase(TradingPhase::Regular, date_of(2018, 1, 2));
  for (const double price : {100., 105., 98., 101.}) day.trade(price);
  EXPECT_TRUE(std::isnan(day.value(high)));
  day.wait(hours(24));
  day.phase(TradingPhase::Regular, date_of(2018, 1, 3));
  EXPECT_EQ(day.value(high), 105);
  EXPECT_EQ(day.value(low), 98);
  EXPECT_EQ(day.value(close), 101);
  day.trade(500);
  EXPECT_EQ(day.value(high), 105) << "today does not count";
}

TEST(PriorDay, comes_from_daily_bars_of_history_too) {
  MarketDay day;
  const auto high = day.declare({.kind = Kind::PriorHigh}), close = day.declare({.kind = Kind::PriorClose});
  day.start();
  for (int i = 0; i < 3; ++i) {
    day.now = test::morning + hours(24) * i;
    day.apply(Bar{.trades = 1, .start = day.now - hours(24), .period = hours(24), .open = price(10), .high = price(12 + i), .low = price(9), .close = price(11 + i), .volume = shares(100)});
  }
  EXPECT_EQ(day.value(high), 14);
  EXPECT_EQ(day.value(close), 13);
}

TEST(UnusualActivity, is_the_larger_of_the_last_bars_and_of_the_same_bar_of_earlier_days) {
  MarketDay day;
  const auto of_day = day.declare({.kind = Kind::VolumeZOfDay, .timeframe = minutes(1)}), recent = day.declare({.kind = Kind::VolumeZ, .timeframe = minutes(1), .period = 5}),
             unusual = day.declare({.kind = Kind::UnusualActivity, .timeframe = minutes(1), .period = 5});
  day.start();
  const auto session = [&](int number, std::vector<std::int64_t> volumes) {
    day.now = test::morning + hours(24) * number;
    day.phase(TradingPhase::Regular, date_of(2018, 1, static_cast<unsigned>(2 + number)));
    for (const auto volume : volumes) {
      day.trade(100, volume);
      day.wait(minutes(1));
      day.advance(day.now);
    }
  };
  // The open is always busy: unusual against the last minutes, usual for the hour of the day.
  for (int number = 0; number < 5; ++number) {
    session(number, {1'000 + 10 * number, 100 + number, 100 - number});
    EXPECT_TRUE(std::isnan(day.value(of_day))) << "four earlier days are not five";
  }
  session(5, {1'020});
  EXPECT_NEAR(day.value(of_day), 0, 1e-6) << "1,000 to 1,040 are usual at the open";
  EXPECT_GT(day.value(recent), 1);
  EXPECT_EQ(day.value(unusual), day.value(recent));
  session(6, {1'020, 300});
  // Minutes of 100 to 104 on the days before, now 300.
  EXPECT_GT(day.value(of_day), 3);
  EXPECT_GE(day.value(unusual), day.value(of_day));
}

TEST(VolumeZOfDay, is_against_mean_and_deviation_of_the_same_minute) {
  std::array<RelativeVolume::Slot, 2> slots{};
  RelativeVolume volume{slots, hours(12), 20};
  const std::array days{4., 7., 13., 16., 10.};
  for (std::size_t i = 0; i < days.size(); ++i) {
    volume.add({}, Date{static_cast<std::int32_t>(i)}, days[i]);
    EXPECT_TRUE(std::isnan(volume.z()));
  }
  volume.add({}, Date{5}, 40);
  EXPECT_NEAR(volume.z(), 30 / std::sqrt(18.0), 1e-6) << "mean 10, variance 18 of five days";
}

TEST(Rsi, works_at_a_second_a_minute_five_minutes_an_hour_and_a_day_side_by_side) {
  MarketDay day;
  const std::array lengths{seconds(1), minutes(1), minutes(5), hours(1), hours(24)};
  std::array<Handle, lengths.size()> handles{};
  for (std::size_t i = 0; i < lengths.size(); ++i) handles[i] = day.declare({.kind = Kind::Rsi, .timeframe = lengths[i], .period = 2});
  day.start();
  std::array<std::vector<double>, lengths.size()> closes{};  // of the bars as a reader would cut them
  std::array<std::int64_t, lengths.size()> bar{};
  bar.fill(-1);
  double price = 100;
  for (int date = 0; date < 5; ++date) {
    day.now = test::morning + hours(24) * date;
    day.phase(TradingPhase::Regular, date_of(2018, 1, static_cast<unsigned>(2 + date)));
    for (int i = 0; i < 800; ++i) {
      price += 0.01 * ((i * 7 + date * 3) % 11 - 5);
      for (std::size_t k = 0; k < lengths.size(); ++k) {
        const auto number = k == 4 ? date : day.now.ns / lengths[k].ns;
        if (number != bar[k]) closes[k].push_back(0), bar[k] = number;
        closes[k].back() = Price::nearest(price).to_double();
      }
      day.trade(price);
      day.wait(seconds(17));
    }
    day.phase(TradingPhase::Closed, date_of(2018, 1, static_cast<unsigned>(2 + date)));
  }
  for (std::size_t k = 0; k < lengths.size(); ++k) {
    ASSERT_GE(closes[k].size(), 5u);
    // Wilder over the whole series, by hand.
    double gain = 0, loss = 0;
    for (std::size_t i = 1; i < closes[k].size(); ++i) {
      const double change = closes[k][i] - closes[k][i - 1], up = std::max(change, 0.0), down = std::max(-change, 0.0);
      if (i <= 2) gain += up / 2, loss += down / 2;
      else gain = (gain + up) / 2, loss = (loss + down) / 2;
    }
    day.advance(day.now + hours(2));
    EXPECT_NEAR(day.value(handles[k]), 100 * gain / (gain + loss), 1e-9) << to_text(day.features.spec(handles[k]));
  }
}

TEST(Rsi, of_days_is_warm_from_daily_bars_of_history_and_moves_on_with_the_session) {
  MarketDay day;
  const auto rsi = day.declare({.kind = Kind::Rsi, .timeframe = hours(24), .period = 2});
  day.start();
  for (int i = 0; i < 3; ++i) {
    day.now = test::morning - hours(24) * (3 - i);
    const auto close = price(100 + i % 2);
    day.apply(Bar{.trades = 1, .start = day.now - hours(24), .period = hours(24), .open = close, .high = close, .low = close, .close = close, .volume = shares(100)});
  }
  EXPECT_DOUBLE_EQ(day.value(rsi), 50);
  day.now = test::morning;
  day.phase(TradingPhase::Regular, date_of(2018, 1, 2));
  day.trade(103);
  EXPECT_DOUBLE_EQ(day.value(rsi), 50) << "the session is not over";
  day.phase(TradingPhase::Closed, date_of(2018, 1, 2));
  EXPECT_DOUBLE_EQ(day.value(rsi), 100 * (0.25 + 1.5) / (0.25 + 1.5 + 0.25));
}

}  // namespace
}  // namespace robo::features
