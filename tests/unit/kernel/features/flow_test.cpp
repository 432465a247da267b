// Order flow: who pressed, how much, and what the touch and the depth say.
#include <gtest/gtest.h>

#include <cmath>

#include "kernel/features/indicators/trade_side.hpp"
#include "support/market_day.hpp"

namespace robo::features {
namespace {

using test::MarketDay;
namespace condition = trade_condition;

TEST(Imbalance, of_the_touch_is_nan_when_both_sides_are_empty_and_1_when_only_one_is) {
  MarketDay day;
  const auto l1 = day.declare({.kind = Kind::ImbalanceL1});
  day.start();
  EXPECT_TRUE(std::isnan(day.value(l1)));
  day.quote(100, 101, 300, 100);
  EXPECT_DOUBLE_EQ(day.value(l1), 0.5);
  day.quote(100, 101, 300, 0);
  EXPECT_DOUBLE_EQ(day.value(l1), 1);
  day.quote(0, 0, 0, 0);
  EXPECT_TRUE(std::isnan(day.value(l1)));
}

TEST(Imbalance, of_depth_weighs_the_near_levels_more) {
  MarketDay day;
  const auto l5 = day.declare({.kind = Kind::ImbalanceL5}), l1 = day.declare({.kind = Kind::ImbalanceL5, .period = 1});
  day.start();
  const auto row = [&](BookSide side, std::uint16_t position, double at, std::int64_t size, RowOperation operation = RowOperation::Insert) {
    day.apply(DepthRow{.instrument = InstrumentId{0}, .side = side, .operation = operation, .position = position, .price = Price::nearest(at), .size = shares(size)});
  };
  EXPECT_TRUE(std::isnan(day.value(l5))) << "an empty book has no side";
  row(BookSide::Bid, 0, 100, 200);
  row(BookSide::Ask, 0, 101, 100);
  row(BookSide::Ask, 1, 102, 400);
  const double w = std::exp(-0.5);
  EXPECT_NEAR(day.value(l5), (200 - 100 - w * 400) / (300 + w * 400), 1e-12);
  EXPECT_NEAR(day.value(l1), 1.0 / 3, 1e-12);
  row(BookSide::Ask, 0, 99, 1, RowOperation::Update);
  EXPECT_TRUE(std::isnan(day.value(l5))) << "a crossed book says nothing";
  day.apply(DepthReset{InstrumentId{0}});
  EXPECT_TRUE(std::isnan(day.value(l1)));
}

TEST(Imbalance, of_price_levels_waits_for_the_end_of_the_batch_and_for_changes_it_can_see) {
  MarketDay day;
  const auto l2 = day.declare({.kind = Kind::ImbalanceL5, .period = 2});
  day.start();
  const auto level = [&](BookSide side, double at, std::int64_t size, bool last = true) {
    day.apply(DepthLevel{.instrument = InstrumentId{0}, .side = side, .last_of_batch = last, .price = Price::nearest(at), .size = shares(size)});
  };
  for (int i = 0; i < 3; ++i) level(BookSide::Bid, 100 - i, 100, false), level(BookSide::Ask, 101 + i, 100, i == 2);
  EXPECT_NEAR(day.value(l2), 0, 1e-12);
  level(BookSide::Bid, 100, 300, false);
  EXPECT_NEAR(day.value(l2), 0, 1e-12) << "half a batch";
  level(BookSide::Ask, 110, 1, true);
  const double w = std::exp(-0.5);
  EXPECT_NEAR(day.value(l2), 200 / (400 + w * 200), 1e-12) << "the batch ended with a level too deep to matter itself";
  level(BookSide::Bid, 99, 0);
  EXPECT_NEAR(day.value(l2), 200 / (400 + w * 200), 1e-12) << "98 took the place of 99";
  level(BookSide::Bid, 98, 700);
  EXPECT_NEAR(day.value(l2), (200 + w * 600) / (400 + w * 800), 1e-12);
}

TEST(Ofi, adds_what_came_and_takes_what_left) {
  MarketDay day;
  const auto ofi = day.declare({.kind = Kind::Ofi, .period = 3});
  day.start();
  day.quote(100, 101, 10, 20);
  EXPECT_TRUE(std::isnan(day.value(ofi))) << "one quote is no change";
  day.quote(100, 101, 15, 20);
  EXPECT_DOUBLE_EQ(day.value(ofi), 5);
  day.quote(100.5, 101, 7, 20);
  EXPECT_DOUBLE_EQ(day.value(ofi), 12) << "a better bid counts whole";
  day.quote(100.5, 100.9, 7, 30);
  EXPECT_DOUBLE_EQ(day.value(ofi), -18) << "a better ask too, the other way";
  day.quote(100.5, 101.2, 7, 8);
  EXPECT_DOUBLE_EQ(day.value(ofi), 7 - 30 + 30) << "the first change left the window";
}

TEST(Ofi, drops_crossed_quotes_and_starts_anew_after_a_gap) {
  MarketDay day;
  const auto ofi = day.declare({.kind = Kind::Ofi, .period = 10});
  day.start();
  day.quote(100, 101, 10, 10);
  day.quote(102, 101, 99, 99);
  day.quote(100, 101, 12, 10);
  EXPECT_DOUBLE_EQ(day.value(ofi), 2) << "as if the crossed one had never been";
  day.apply(DataFarmChanged{.instrument = InstrumentId{0}, .broken = true});
  day.quote(150, 151, 500, 10);
  EXPECT_DOUBLE_EQ(day.value(ofi), 2) << "what happened in the gap is not known";
  day.phase(TradingPhase::Halted, date_of(2018, 1, 2));
  day.phase(TradingPhase::Regular, date_of(2018, 1, 2));
  EXPECT_TRUE(std::isnan(day.value(ofi)));
}

TEST(Ofi, of_time_forgets_by_the_clock) {
  MarketDay day;
  const auto ofi = day.declare({.kind = Kind::Ofi, .timeframe = seconds(1), .period = 2});
  day.start();
  day.quote(100, 101, 10, 10);
  day.quote(100, 101, 14, 10);
  EXPECT_DOUBLE_EQ(day.value(ofi), 4);
  day.wait(seconds(1));
  day.quote(100, 101, 15, 10);
  EXPECT_DOUBLE_EQ(day.value(ofi), 5) << "this second and the one before";
  day.wait(seconds(1));
  day.quote(100, 101, 15, 10);
  EXPECT_DOUBLE_EQ(day.value(ofi), 1);
  day.wait(minutes(1));
  day.quote(100, 101, 15, 10);
  EXPECT_DOUBLE_EQ(day.value(ofi), 0);
}

TEST(SignedFlow, believes_the_flag_and_says_so) {
  MarketDay day;
  const auto flow = day.declare({.kind = Kind::SignedFlow, .period = 2}), cvd = day.declare({.kind = Kind::Cvd});
  day.start();
  day.trade(100, 30, 0, Aggressor::Buyer);
  day.trade(100, 10, 0, Aggressor::Seller);
  day.trade(100, 5, 0, Aggressor::Seller);
  EXPECT_DOUBLE_EQ(day.value(flow), -15) << "the last two";
  EXPECT_DOUBLE_EQ(day.value(cvd), 15);
  EXPECT_EQ(day.features.source(cvd, InstrumentId{0}), "aggressor flag");
  day.trade(100, 5);
  EXPECT_EQ(day.features.source(cvd, InstrumentId{0}), "emo rule");
}

TEST(SignedFlow, without_a_flag_asks_the_quote_before_the_trade_and_the_tick_in_between) {
  MarketDay day;
  const auto cvd = day.declare({.kind = Kind::Cvd});
  day.start();
  day.quote(100, 101);
  day.wait(milliseconds(1));
  day.trade(101, 1);
  EXPECT_DOUBLE_EQ(day.value(cvd), 1) << "at the ask";
  day.trade(100, 10);
  EXPECT_DOUBLE_EQ(day.value(cvd), -9) << "at the bid";
  day.trade(100.4, 100);
  EXPECT_DOUBLE_EQ(day.value(cvd), 91) << "inside, above the last price";
  day.trade(100.4, 1000);
  EXPECT_DOUBLE_EQ(day.value(cvd), 1091) << "the last different price was below";
  day.wait(milliseconds(1));
  day.quote(99, 100.4);
  day.trade(100.4, 1);
  EXPECT_DOUBLE_EQ(day.value(cvd), 1092) << "a quote of the same instant may be the trade's effect: the one before is asked, then the tick";
}

TEST(SignedFlow, auctions_and_off_exchange_reports_have_no_side) {
  MarketDay day;
  const auto cvd = day.declare({.kind = Kind::Cvd});
  day.start();
  day.quote(100, 101);
  day.wait(milliseconds(1));
  day.trade(101, 50, condition::auction);
  day.trade(101, 50, condition::off_exchange);
  day.trade(101, 50, condition::late);
  EXPECT_DOUBLE_EQ(day.value(cvd), 0);
  day.trade(101, 50);
  EXPECT_DOUBLE_EQ(day.value(cvd), 50);
}

TEST(SignedFlow, cvd_starts_at_zero_every_session_and_counts_regular_trades_only) {
  MarketDay day;
  const auto cvd = day.declare({.kind = Kind::Cvd});
  day.start();
  day.phase(TradingPhase::Regular, date_of(2018, 1, 2));
  day.trade(100, 30, 0, Aggressor::Buyer);
  day.phase(TradingPhase::PostMarket, date_of(2018, 1, 2));
  day.trade(100, 500, condition::extended_hours, Aggressor::Seller);
  EXPECT_DOUBLE_EQ(day.value(cvd), 30);
  day.phase(TradingPhase::PreMarket, date_of(2018, 1, 3));
  EXPECT_TRUE(std::isnan(day.value(cvd)));
  day.phase(TradingPhase::Regular, date_of(2018, 1, 3));
  day.trade(100, 7, 0, Aggressor::Seller);
  EXPECT_DOUBLE_EQ(day.value(cvd), -7);
}

TEST(TradeSide, rules_differ_where_they_should) {
  const QuoteBefore quote{price(100), price(101), true};
  TickRule ticks;
  EXPECT_EQ(ticks.side(price(100)), 0) << "the first trade has no tick";
  ticks.remember(price(100, 20));
  const auto at = price(100, 60);
  EXPECT_EQ(quote_rule(at, quote), 1);
  EXPECT_EQ(quote_rule(price(100, 50), quote), 0);
  EXPECT_EQ(lee_ready(price(100, 50), quote, ticks), 1) << "at the mid by the tick";
  EXPECT_EQ(lee_ready(price(100, 10), quote, ticks), -1);
  EXPECT_EQ(emo(at, quote, ticks), 1);
  EXPECT_EQ(emo(price(100, 10), quote, ticks), -1) << "inside by the tick: below 100.20";
  EXPECT_EQ(emo(price(101), quote, ticks), 1);
  EXPECT_EQ(clnv(price(100, 70), quote, ticks), 1);
  EXPECT_EQ(clnv(price(100, 30), quote, ticks), -1);
  EXPECT_EQ(clnv(price(100, 31), quote, ticks), 1) << "between the outer 30 % by the tick";
  EXPECT_EQ(emo(price(101), QuoteBefore{}, ticks), 1) << "without a quote only the tick is left";
  EXPECT_EQ(lee_ready(price(99), QuoteBefore{}, ticks), -1);
}

}  // namespace
}  // namespace robo::features
