#include "kernel/features/features.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "support/market_day.hpp"

namespace robo::features {
namespace {

using test::MarketDay;

// Wilder's worked example as published by StockCharts, RSI(14).
constexpr std::array closes{44.3389, 44.0902, 44.1497, 43.6124, 44.3278, 44.8264, 45.0955, 45.4245, 45.8433, 46.0826, 45.8931,
                            46.0328, 45.6140, 46.2820, 46.2820, 46.0028, 46.0328, 46.4116, 46.2222, 45.6439, 46.2122, 46.2521,
                            45.7137, 46.4515, 45.7835, 45.3548, 44.0288, 44.1783, 44.2181, 44.5672, 43.4205, 42.6628, 43.1314};
constexpr std::array rsi_golden{70.53, 66.32, 66.55, 69.41, 66.36, 57.97, 62.93, 63.26, 56.06, 62.38,
                                54.71, 50.42, 39.99, 41.46, 41.87, 45.46, 37.30, 33.08, 37.77};

void expect_rsi(double value, std::size_t closes_seen) {
  if (closes_seen < 14) {
    EXPECT_TRUE(std::isnan(value)) << closes_seen;
  } else {
    EXPECT_NEAR(value, rsi_golden[closes_seen - 14], 0.005) << closes_seen;
  }
}

TEST(Features, rsi_14_of_ticks_is_the_published_series_and_nan_one_tick_before) {
  MarketDay day;
  const auto rsi = day.declare({.kind = Kind::Rsi, .period = 14});
  day.start();
  for (std::size_t i = 0; i < closes.size(); ++i) {
    day.wait(seconds(1));
    day.trade(closes[i]);
    expect_rsi(day.value(rsi), i);
  }
}

TEST(Features, rsi_14_of_minutes_moves_when_the_minute_ends_and_not_before) {
  MarketDay day;
  const auto rsi = day.declare({.kind = Kind::Rsi, .timeframe = minutes(1), .period = 14});
  day.start();
  for (std::size_t i = 0; i < closes.size(); ++i) {
    day.trade(closes[i] + 5);  // noise within the minute
    day.trade(closes[i]);
    day.advance(test::morning + minutes(static_cast<std::int64_t>(i) + 1) - nanoseconds(1));
    if (i > 0) expect_rsi(day.value(rsi), i - 1);
    day.advance(test::morning + minutes(static_cast<std::int64_t>(i) + 1));
    expect_rsi(day.value(rsi), i);
  }
}

}  // namespace
}  // namespace robo::features
