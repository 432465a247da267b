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

TEST(Features, the_same_spec_is_the_same_handle_whether_defaults_are_spelled_out_or_not) {
  MarketDay day(2);
  const auto short_form = day.declare({.kind = Kind::Rsi});
  EXPECT_EQ(day.declare({.kind = Kind::Rsi, .period = 14}, 1), short_form);
  EXPECT_EQ(day.declare({.kind = Kind::Rsi, .period = 14, .slow = 99, .width = 3}), short_form) << "members RSI does not use do not count";
  EXPECT_NE(day.declare({.kind = Kind::Rsi, .period = 15}), short_form);
  EXPECT_NE(day.declare({.kind = Kind::Rsi, .timeframe = minutes(1)}), short_form);
  EXPECT_EQ(day.features.size(), 3u);
  EXPECT_EQ(to_text(day.features.spec(short_form)), "rsi(14) tick");
}

TEST(Features, what_cannot_be_computed_is_refused_with_the_fix) {
  const auto complaint = [](const Spec& spec) {
    MarketDay day(2);
    try {
      (void)day.declare(spec);
    } catch (const std::invalid_argument& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  EXPECT_EQ(complaint({.kind = Kind::Ema, .period = -1}), "feature ema: period is -1, must be 1..10000");
  EXPECT_EQ(complaint({.kind = Kind::Ema, .period = 10'001}), "feature ema: period is 10001, must be 1..10000");
  EXPECT_EQ(complaint({.kind = Kind::Ema, .period = 10'000}), "accepted");
  EXPECT_EQ(complaint({.kind = Kind::Macd, .period = 26, .slow = 26}), "feature macd: periods are 26, 26, 9: must be fast < slow <= 10000 and signal >= 1");
  EXPECT_EQ(complaint({.kind = Kind::RelativeVolume}), "feature relative_volume: needs a timeframe, e.g. one minute");
  EXPECT_EQ(complaint({.kind = Kind::Mid, .timeframe = minutes(1)}), "feature mid: is computed per tick: leave timeframe 0");
  EXPECT_EQ(complaint({.kind = Kind::Rsi, .timeframe = Duration{-1}}), "feature rsi: timeframe must be 0 (per tick) or positive");
  EXPECT_EQ(complaint({.kind = Kind::PairBeta, .timeframe = minutes(1), .other = InstrumentId{0}}),
            "feature pair_beta(60, #0) 1m: the other leg must be another, known instrument");
  EXPECT_EQ(complaint({.kind = Kind::BollingerUpper, .width = -2}), "feature bollinger_upper: width must be above 0 and at most 100 standard deviations");
}

TEST(Features, only_the_touched_instrument_moves_and_undeclared_ones_have_no_value) {
  MarketDay day(3);
  const auto last = day.declare({.kind = Kind::LastPrice}, 0);
  (void)day.declare({.kind = Kind::LastPrice}, 1);
  day.start();
  EXPECT_TRUE(std::isnan(day.value(last, 0)));
  day.trade(10, 1, 0, {}, 0);
  day.trade(30, 1, 0, {}, 2);
  EXPECT_EQ(day.value(last, 0), 10);
  EXPECT_TRUE(std::isnan(day.value(last, 1)));
  EXPECT_TRUE(std::isnan(day.value(last, 2))) << "not declared there";
  EXPECT_TRUE(std::isnan(day.features.value(last, InstrumentId{99})));
  EXPECT_EQ(day.features.prices(InstrumentId{2}), nullptr);
}

TEST(Features, every_kind_is_nan_until_its_warm_up_and_a_number_from_then_on) {
  const auto of_days = [](Kind kind) { return kind == Kind::RelativeVolume || kind == Kind::VolumeZOfDay || kind == Kind::OffExchangeZ; };
  const auto of_turns = [](Kind kind) { return kind >= Kind::Support && kind <= Kind::PivotLow; };  // a level must be there too: context_test.cpp
  const auto of_sellers = [](Kind kind) { return kind >= Kind::SellPoc && kind <= Kind::SellValueAreaLow; };  // every trade below is a buyer's
  for (const auto& spec : one_of_each(minutes(1), InstrumentId{1})) {
    if (of_sellers(spec.kind) || describe(spec.kind).input == Input::Depth || of_days(spec.kind) || of_turns(spec.kind) || spec.timeframe.ns == 0) continue;
    MarketDay day(2);
    const auto handle = day.declare(spec);
    day.start();
    const bool flow = spec.kind == Kind::Ofi || spec.kind == Kind::SignedFlow || spec.kind == Kind::KyleLambda;  // windows of time: their inputs are ticks
    for (int bar = 1; bar <= warm_up(spec) + 3; ++bar) {
      const double wave = std::sin(bar * 0.7), other = std::cos(bar * 1.3);
      if (flow) day.quote(100 + wave, 101 + wave);
      day.trade(100 + wave, 100 + bar % 7, 0, Aggressor::Buyer, 0);
      day.trade(50 + other, 100, 0, Aggressor::Buyer, 1);
      day.wait(minutes(1));
      day.advance(day.now);
      EXPECT_EQ(std::isnan(day.value(handle)), bar < warm_up(spec)) << to_text(spec) << " after " << bar;
    }
  }
}

TEST(Features, a_flat_window_has_no_deviation) {
  MarketDay day;
  const auto upper = day.declare({.kind = Kind::BollingerUpper, .period = 5}), z = day.declare({.kind = Kind::BollingerZ, .period = 5});
  day.start();
  day.trade(61'234.56);
  for (int i = 0; i < 5; ++i) day.trade(0.1 + 61'234.56);
  EXPECT_DOUBLE_EQ(day.value(upper), 61'234.66);
  EXPECT_TRUE(std::isnan(day.value(z))) << "0/0 is not a signal";
}

TEST(Features, bollinger_z_is_the_distance_from_the_mean_in_deviations) {
  MarketDay day;
  const auto z = day.declare({.kind = Kind::BollingerZ, .period = 4}), mid = day.declare({.kind = Kind::BollingerMid, .period = 4});
  day.start();
  for (const double x : {4.0, 7.0, 13.0, 16.0}) day.trade(1e9 + x);
  EXPECT_DOUBLE_EQ(day.value(mid), 1e9 + 10);
  EXPECT_NEAR(day.value(z), 6 / std::sqrt(22.5), 1e-9) << "exact where sums of squares lose everything";
}

TEST(Features, breakout_compares_with_the_bars_before_and_not_with_itself) {
  MarketDay day;
  const auto out = day.declare({.kind = Kind::Breakout, .period = 3}), high = day.declare({.kind = Kind::DonchianHigh, .period = 3}),
             low = day.declare({.kind = Kind::DonchianLow, .period = 3});
  day.start();
  for (const double x : {10.0, 12.0, 11.0}) day.trade(x);
  EXPECT_TRUE(std::isnan(day.value(out)));
  EXPECT_EQ(day.value(high), 12);
  EXPECT_EQ(day.value(low), 10);
  day.trade(12);
  EXPECT_EQ(day.value(out), 0) << "touching the high is not breaking it";
  day.trade(12.01);
  EXPECT_EQ(day.value(out), 1);
  day.trade(10.99);
  EXPECT_EQ(day.value(out), -1);
  EXPECT_EQ(day.value(low), 10.99);
}

TEST(Features, efficiency_ratio_is_1_on_a_straight_way_and_0_on_a_round_trip) {
  MarketDay day;
  const auto ratio = day.declare({.kind = Kind::EfficiencyRatio, .period = 4});
  day.start();
  for (const double x : {1.0, 2.0, 3.0, 4.0, 5.0}) day.trade(x);
  EXPECT_DOUBLE_EQ(day.value(ratio), 1);
  for (const double x : {6.0, 5.0, 4.0, 5.0}) day.trade(x);
  EXPECT_DOUBLE_EQ(day.value(ratio), 0);
  for (int i = 0; i < 4; ++i) day.trade(5);
  EXPECT_DOUBLE_EQ(day.value(ratio), 0) << "nothing moved";
}

TEST(Features, realized_volatility_and_returns_are_of_logs) {
  MarketDay day;
  const auto volatility = day.declare({.kind = Kind::RealizedVolatility, .period = 2}), back = day.declare({.kind = Kind::TickReturn, .period = 2});
  day.start();
  day.trade(100);
  day.trade(101);
  EXPECT_TRUE(std::isnan(day.value(volatility)));
  day.trade(99);
  const double up = std::log(101.0 / 100), down = std::log(99.0 / 101);
  EXPECT_NEAR(day.value(volatility), std::sqrt((up * up + down * down) / 2), 1e-15);
  EXPECT_NEAR(day.value(back), std::log(0.99), 1e-15);
}

TEST(Features, the_night_is_no_return_of_a_minute) {
  MarketDay day;
  const auto volatility = day.declare({.kind = Kind::RealizedVolatility, .timeframe = minutes(1), .period = 2});
  day.start();
  const auto minute = [&](double at) {
    day.trade(at);
    day.advance(day.now + minutes(1));
  };
  for (const double x : {100.0, 100.1, 100.0}) minute(x);
  const double calm = day.value(volatility);
  day.wait(hours(1));
  minute(103);
  EXPECT_NE(day.value(volatility), calm) << "an hour without a trade is a slow market";
  for (const double x : {100.0, 100.1, 100.0}) minute(x);
  day.wait(hours(1) + minutes(1));
  minute(103);
  EXPECT_NEAR(day.value(volatility), calm, 1e-12) << "a pause of more is another session";
}

TEST(Features, a_price_without_a_logarithm_poisons_nothing_after_it) {
  MarketDay day;
  const auto volatility = day.declare({.kind = Kind::RealizedVolatility, .period = 2}), back = day.declare({.kind = Kind::TickReturn, .period = 1});
  day.start();
  for (const double x : {100.0, 101.0, 102.0, -1.0, 100.0, 101.0, 102.0}) day.trade(x);
  const double up = std::log(101.0 / 100), more = std::log(102.0 / 101);
  EXPECT_NEAR(day.value(volatility), std::sqrt((up * up + more * more) / 2), 1e-15);
  EXPECT_NEAR(day.value(back), std::log(102.0 / 101), 1e-15);
}

TEST(Features, the_price_ring_remembers_a_thousand_eligible_trades) {
  MarketDay day;
  (void)day.declare({.kind = Kind::LastPrice});
  day.start();
  for (int i = 0; i < 1'500; ++i) day.trade(100 + i);
  day.trade(1, 1, trade_condition::not_last);
  day.trade(1, 1, trade_condition::late);
  day.trade(1, 1, trade_condition::extended_hours);
  const auto* const ring = day.features.prices(InstrumentId{0});
  ASSERT_NE(ring, nullptr);
  EXPECT_EQ(ring->size(), 1'000u);
  EXPECT_EQ(ring->back(0), 1'599);
  EXPECT_EQ(ring->back(999), 600);
}

TEST(Features, currencies_tick_with_their_mid) {
  market::Market market({}, 1);
  auto pair = test::stock(0, "EUR");
  pair.asset_class = AssetClass::Forex;
  market.define(pair);
  Features features(1);
  const InstrumentId id{0};
  const auto ema = features.declare({.kind = Kind::Ema, .period = 2}, std::span(&id, 1));
  features.start(market);
  const auto quote = [&](double bid, double ask) {
    const Quote q{.instrument = id, .bid = Price::nearest(bid), .ask = Price::nearest(ask), .bid_size = shares(1), .ask_size = shares(1)};
    market.apply(q, test::morning);
    features.apply(q, market);
  };
  quote(1.10, 1.12);
  quote(1.10, 1.12);
  EXPECT_TRUE(std::isnan(features.value(ema, id))) << "the same mid is no tick";
  quote(1.12, 1.14);
  EXPECT_NEAR(features.value(ema, id), 1.12, 1e-12);
}

TEST(Features, an_instrument_without_a_tick_table_and_any_numbers_at_all_are_survived) {
  constexpr std::array<std::int64_t, 8> nasty{0, 1, -1, INT64_MAX, INT64_MIN + 1, INT64_MIN, 100'000'000'000, 100'010'000'000};
  market::Market market({}, 2);
  Features features(2, {.calibrate = true});
  const std::array ids{InstrumentId{0}};
  for (std::uint32_t i = 0; i < 2; ++i) {
    auto bare = test::stock(i);
    bare.ticks = {};
    market.define(bare);
  }
  for (const auto& spec : one_of_each(seconds(1), InstrumentId{1})) (void)features.declare(spec, ids);
  features.start(market);
  std::uint64_t state = 1;
  const auto number = [&] { return nasty[(state = state * 6364136223846793005ULL + 1) >> 61]; };
  for (int i = 0; i < 20'000; ++i) {
    const auto now = test::morning + milliseconds(100) * i;
    const InstrumentId id{static_cast<std::uint32_t>(i % 3)};
    const Quote quote{.instrument = id, .bid = Price::from_raw(number()), .ask = Price::from_raw(number()), .bid_size = Quantity::from_raw(number()), .ask_size = Quantity::from_raw(number())};
    market.apply(quote, now);
    features.close_bars(market);
    features.apply(quote, market);
    const Trade trade{.instrument = id, .aggressor = static_cast<Aggressor>(i % 3), .price = Price::from_raw(number()), .size = Quantity::from_raw(number())};
    market.apply(trade, now);
    features.close_bars(market);
    features.apply(trade, market);
    const DepthLevel level{.instrument = id, .side = static_cast<BookSide>(i % 2), .last_of_batch = true, .price = Price::from_raw(number()), .size = Quantity::from_raw(number())};
    market.apply(level, now);
    features.apply(level, market);
  }
  EXPECT_EQ(market.session(ids[0]).trade_date, Date{});
}

TEST(Features, a_pair_moves_only_when_both_legs_have_the_same_bar) {
  MarketDay day(2);
  const auto declare = [&](Kind kind) { return day.declare({.kind = kind, .timeframe = minutes(1), .period = 5, .other = InstrumentId{1}}, 0); };
  const auto beta = declare(Kind::PairBeta), z = declare(Kind::PairSpreadZ), correlation = declare(Kind::PairCorrelation);
  day.start();
  const auto minute = [&](double a, double b) {
    if (a > 0) day.trade(a, 1, 0, {}, 0);
    if (b > 0) day.trade(b, 1, 0, {}, 1);
    day.advance(day.now + minutes(1));
  };
  // log a = 1 + 2 log b exactly: slope 2, correlation 1, and no residual to speak of.
  const auto a_for = [](double b) { return std::exp(1 + 2 * std::log(b)); };
  for (const double b : {100.0, 101.0, 99.0, 102.0}) minute(a_for(b), b);
  EXPECT_TRUE(std::isnan(day.value(beta)));
  minute(a_for(103), 0);
  EXPECT_TRUE(std::isnan(day.value(beta))) << "one leg alone is no point";
  minute(a_for(100.5), 100.5);
  EXPECT_NEAR(day.value(beta), 2, 1e-6);
  EXPECT_TRUE(std::isnan(day.value(correlation))) << "five points are four returns";
  minute(a_for(98), 98);
  EXPECT_NEAR(day.value(correlation), 1, 1e-9);
  minute(a_for(100) * 1.05, 100);
  EXPECT_GT(day.value(z), 1.5) << "a is dear against b";
  minute(a_for(101) * 0.95, 101);
  EXPECT_LT(day.value(z), -1);
}

}  // namespace
}  // namespace robo::features
