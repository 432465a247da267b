#include "kernel/market/market.hpp"

#include <gtest/gtest.h>

#include "support/market_day.hpp"

namespace robo::market {
namespace {

using test::MarketDay;
namespace condition = trade_condition;
constexpr InstrumentId first{0}, second{1};

QuoteProblem problem_of(const MarketDay& day) {
  const auto quote = day.market.quote(first, day.now);
  EXPECT_FALSE(quote.has_value());
  return quote.error();
}

TEST(Market, a_quote_is_usable_up_to_its_age_limit_and_stale_one_nanosecond_later) {
  MarketDay day(1, {.quote_age_max = seconds(5)});
  day.quote(99.99, 100.01, 300, 200);
  const auto at_limit = day.market.quote(first, day.now + seconds(5));
  ASSERT_TRUE(at_limit.has_value());
  EXPECT_EQ(at_limit->bid(), price(99, 99));
  EXPECT_EQ(at_limit->ask(), price(100, 1));
  EXPECT_EQ(at_limit->mid(), price(100));
  EXPECT_EQ(at_limit->spread(), price(0, 2));
  EXPECT_EQ(at_limit->bid_size(), shares(300));
  EXPECT_EQ(at_limit->age(), seconds(5));
  EXPECT_EQ(day.market.quote(first, day.now + seconds(5) + nanoseconds(1)).error(), QuoteProblem::Stale);
}

TEST(Market, a_quote_that_cannot_be_traded_on_says_why) {
  MarketDay day;
  EXPECT_EQ(problem_of(day), QuoteProblem::Missing);
  day.quote(100.01, 100.00);
  EXPECT_EQ(problem_of(day), QuoteProblem::Crossed);
  day.quote(100.00, 100.00);
  EXPECT_EQ(problem_of(day), QuoteProblem::Locked);
  day.quote(100.00, 100.01, 100, 0);
  EXPECT_EQ(problem_of(day), QuoteProblem::OneSided);
  day.apply(Quote{.instrument = first, .live = false, .bid = price(100), .ask = price(101), .bid_size = shares(1), .ask_size = shares(1)});
  EXPECT_EQ(problem_of(day), QuoteProblem::Delayed);
  day.quote(100.00, 100.01);
  EXPECT_TRUE(day.market.quote(first, day.now).has_value());
}

TEST(Market, after_a_broken_farm_the_quote_stays_missing_until_a_new_one_comes) {
  MarketDay day(2);
  day.quote(100, 100.01);
  day.apply(DataFarmChanged{.instrument = first, .broken = true, .code = 2103});
  EXPECT_EQ(problem_of(day), QuoteProblem::Broken);
  day.apply(DataFarmChanged{.instrument = first, .broken = false, .code = 2104});
  EXPECT_EQ(problem_of(day), QuoteProblem::Missing);
  ASSERT_TRUE(day.market.last_quote(first).has_value()) << "what was quoted before is still known as history";
  day.quote(100, 100.01);
  EXPECT_TRUE(day.market.quote(first, day.now).has_value());
}

TEST(Market, a_farm_that_breaks_for_all_breaks_for_all) {
  MarketDay day(2);
  day.quote(100, 100.01, 1, 1, 0);
  day.quote(100, 100.01, 1, 1, 1);
  day.apply(DataFarmChanged{.all = true, .broken = true, .code = 1100});
  EXPECT_TRUE(day.market.broken(first));
  EXPECT_TRUE(day.market.broken(second));
}

TEST(Market, counts_and_ignores_what_it_was_never_told_about) {
  MarketDay day;
  day.market.apply(Quote{.instrument = InstrumentId{7}, .bid = price(1), .ask = price(2)}, day.now);
  day.market.apply(Trade{.instrument = InstrumentId{7}, .price = price(1), .size = shares(1)}, day.now);
  EXPECT_EQ(day.market.refused(), 2u);
  EXPECT_EQ(day.market.quote(InstrumentId{7}, day.now).error(), QuoteProblem::Missing);
}

TEST(Market, marks_at_the_mid_else_the_last_trade_else_the_prior_close) {
  MarketDay day;
  EXPECT_FALSE(day.market.mark(first).has_value());
  day.market.set_prior_close(first, price(90));
  EXPECT_EQ(day.market.mark(first), price(90));
  day.trade(95);
  EXPECT_EQ(day.market.mark(first), price(95));
  day.quote(99, 101);
  EXPECT_EQ(day.market.mark(first), price(100));
  day.wait(hours(1));
  EXPECT_EQ(day.market.mark(first), price(100)) << "old, yet the best we know";
  day.quote(101, 99);
  EXPECT_EQ(day.market.mark(first), price(95)) << "a crossed quote marks nothing";
}

TEST(Market, conditions_decide_what_a_trade_moves) {
  MarketDay day;
  day.trade(100, 500);
  day.trade(120, 100, condition::not_last);
  EXPECT_EQ(day.market.last_trade(first)->trade.price, price(100));
  EXPECT_EQ(day.market.session(first).high, price(100));
  EXPECT_EQ(day.market.session(first).volume, shares(600)) << "not the last price, but volume";
  day.trade(80, 100, condition::late);
  EXPECT_EQ(day.market.session(first).low, price(100));
  EXPECT_EQ(day.market.session(first).volume, shares(700));
  day.trade(101, 1000, condition::not_volume);
  EXPECT_EQ(day.market.session(first).high, price(101));
  EXPECT_EQ(day.market.session(first).volume, shares(700)) << "a re-report is not volume";
}

TEST(Market, a_new_trade_date_starts_a_new_session_and_keeps_the_close) {
  MarketDay day;
  const Date tuesday = date_of(2018, 1, 2), wednesday = date_of(2018, 1, 3);
  day.phase(TradingPhase::PreMarket, tuesday);
  day.trade(50, 100, condition::extended_hours);
  EXPECT_TRUE(day.market.session(first).open.is_zero()) << "before the open nothing opens";
  day.phase(TradingPhase::Regular, tuesday);
  EXPECT_EQ(day.market.session(first).opened_at, day.now);
  day.trade(51);
  day.trade(53);
  day.trade(52);
  day.phase(TradingPhase::PostMarket, tuesday);
  day.trade(60, 100, condition::extended_hours);
  day.trade(52.5, 9000, condition::auction);
  const auto& session = day.market.session(first);
  EXPECT_EQ(session.open, price(51));
  EXPECT_EQ(session.high, price(53));
  EXPECT_EQ(session.low, price(51));
  EXPECT_EQ(day.market.last_trade(first)->trade.price, price(52, 50));
  day.wait(hours(17));
  day.phase(TradingPhase::PreMarket, wednesday);
  EXPECT_EQ(session.prior_close, price(52, 50)) << "the closing auction, not the trade after it";
  EXPECT_TRUE(session.high.is_zero());
  EXPECT_TRUE(session.volume.is_zero());
  EXPECT_EQ(session.trade_date, wednesday);
}

TEST(Market, a_halt_ends_nothing_of_the_day) {
  MarketDay day;
  const Date date = date_of(2018, 1, 2);
  day.phase(TradingPhase::Regular, date);
  const auto opened = day.now;
  day.trade(51);
  day.wait(minutes(10));
  day.phase(TradingPhase::Halted, date);
  EXPECT_TRUE(day.market.halted(first));
  day.wait(minutes(5));
  day.phase(TradingPhase::Regular, date);
  EXPECT_FALSE(day.market.halted(first));
  EXPECT_EQ(day.market.session(first).opened_at, opened);
  EXPECT_EQ(day.market.session(first).open, price(51));
}

}  // namespace
}  // namespace robo::market
