#include "kernel/features/microprice.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "support/market_day.hpp"

namespace robo::features {
namespace {

constexpr Price tick = price(0, 1);

Quote quote(std::int64_t bid_cents, std::int64_t bid_size, std::int64_t ask_size, std::int64_t spread = 1) {
  return {.bid = price(0, bid_cents), .ask = price(0, bid_cents + spread), .bid_size = shares(bid_size), .ask_size = shares(ask_size)};
}

/// A market where the heavier side wins: the mid moves up with the share of the bid, one tick at a time.
MicropriceEstimator fed(int quotes, double drift = 0, std::uint64_t seed = 1) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> uniform;
  MicropriceEstimator estimator;
  std::int64_t bid = 10'000;
  for (int i = 0; i < quotes; ++i) {
    const double share = 0.02 + 0.96 * uniform(random);
    const auto size = static_cast<std::int64_t>(share * 1'000);
    estimator.add(quote(bid, size, 1'000 - size), tick);
    if (uniform(random) < 0.3) bid += uniform(random) < share + drift ? 1 : -1;
  }
  return estimator;
}

TEST(Microprice, states_are_imbalance_by_spread_and_nothing_wider) {
  EXPECT_EQ(MicropriceTable::state_of(quote(100, 0, 100), tick), std::nullopt) << "one side only";
  EXPECT_EQ(MicropriceTable::state_of(quote(100, 1, 99), tick), 0u);
  EXPECT_EQ(MicropriceTable::state_of(quote(100, 99, 1), tick), 9u);
  EXPECT_EQ(MicropriceTable::state_of(quote(100, 55, 45, 3), tick), 25u);
  EXPECT_EQ(MicropriceTable::state_of(quote(100, 55, 45, 4), tick), std::nullopt);
  EXPECT_EQ(MicropriceTable::state_of(quote(100, 55, 45, 0), tick), std::nullopt) << "locked";
}

TEST(Microprice, too_few_moves_make_no_table) {
  const auto few = fed(2'000);
  EXPECT_LT(few.moves(), MicropriceEstimator::moves_min);
  EXPECT_FALSE(few.solve().has_value());
}

TEST(Microprice, leans_to_the_heavier_side_evenly_and_ignores_the_trend_of_the_day) {
  for (const double drift : {0.0, 0.1}) {
    const auto table = fed(60'000, drift).solve();
    ASSERT_TRUE(table.has_value());
    for (std::size_t bin = 0; bin < 10; ++bin) {
      EXPECT_NEAR(table->move(bin), -table->move(9 - bin), 1e-9) << "mirrored: up and down weigh the same";
      EXPECT_TRUE(bin == 0 || table->move(bin) > table->move(bin - 1)) << bin;
    }
    EXPECT_GT(table->move(9), 0.1);
    EXPECT_LT(table->move(9), 1.5);
  }
}

TEST(Microprice, is_the_weighted_mid_until_there_is_a_table_and_says_so) {
  const auto table = fed(60'000).solve().value();
  for (const bool given : {false, true}) {
    test::MarketDay day;
    const auto micro = day.declare({.kind = Kind::Microprice}), weighted = day.declare({.kind = Kind::WeightedMid});
    if (given) day.features.set_microprice(InstrumentId{0}, table);
    day.start();
    day.quote(100, 100.01, 900, 100);
    EXPECT_DOUBLE_EQ(day.value(weighted), 100.009);
    EXPECT_EQ(day.features.source(micro, InstrumentId{0}), given ? "stoikov table" : "weighted mid");
    EXPECT_NEAR(day.value(micro), given ? 100.005 + 0.01 * table.move(9) : 100.009, 1e-9);
    day.quote(100, 100.05, 900, 100);
    EXPECT_NEAR(day.value(micro), 100.045, 1e-9) << "wider than the table knows";
    day.quote(100.01, 100, 900, 100);
    EXPECT_TRUE(std::isnan(day.value(micro)));
  }
}

TEST(Microprice, learns_its_table_from_the_day_before) {
  test::MarketDay day;
  const auto micro = day.declare({.kind = Kind::Microprice});
  day.start();
  day.phase(TradingPhase::Regular, date_of(2018, 1, 2));
  std::mt19937_64 random(4);
  std::int64_t bid = 10'000;
  for (int i = 0; i < 20'000; ++i) {
    const auto size = static_cast<std::int64_t>(20 + random() % 960);
    auto q = quote(bid, size, 1'000 - size);
    q.instrument = InstrumentId{0};
    day.apply(q);
    if (random() % 3 == 0) bid += static_cast<std::int64_t>(random() % 1'000) < size ? 1 : -1;
  }
  EXPECT_EQ(day.features.source(micro, InstrumentId{0}), "weighted mid");
  day.phase(TradingPhase::PreMarket, date_of(2018, 1, 3));
  EXPECT_EQ(day.features.source(micro, InstrumentId{0}), "stoikov table");
}

}  // namespace
}  // namespace robo::features
