#include "kernel/market/bars.hpp"

#include <gtest/gtest.h>

#include "support/market_day.hpp"

namespace robo::market {
namespace {

using test::MarketDay;
namespace condition = trade_condition;
constexpr InstrumentId first{0}, second{1};

struct BarDay : MarketDay {
  explicit BarDay(BarRule rule, std::size_t instruments = 1, Settings settings = {}) : MarketDay(instruments, settings) {
    market.want_bars(rule, first);
    start();
  }
  [[nodiscard]] std::size_t closed() const { return market.closed_bars().size(); }
  [[nodiscard]] const Bar& bar(std::size_t i = 0) const { return market.closed_bars()[i].bar; }
};

TEST(Bars, a_trade_on_the_boundary_belongs_to_the_next_bar) {
  BarDay day(BarRule::time(minutes(1)));
  day.trade(100, 10);
  day.now = test::morning + minutes(1) - nanoseconds(1);
  day.trade(102, 30);
  EXPECT_EQ(day.closed(), 0u);
  day.now = test::morning + minutes(1);
  day.trade(90, 5);
  ASSERT_EQ(day.closed(), 1u);
  EXPECT_EQ(day.bar().start, test::morning);
  EXPECT_EQ(day.bar().period, minutes(1));
  EXPECT_EQ(day.bar().open, price(100));
  EXPECT_EQ(day.bar().high, price(102));
  EXPECT_EQ(day.bar().low, price(100));
  EXPECT_EQ(day.bar().close, price(102));
  EXPECT_EQ(day.bar().volume, shares(40));
  EXPECT_EQ(day.bar().vwap, price(101, 50));
  EXPECT_EQ(day.bar().trades, 2u);
  ASSERT_NE(day.market.forming(first, BarRule::time(minutes(1))), nullptr);
  EXPECT_EQ(day.market.forming(first, BarRule::time(minutes(1)))->open, price(90));
}

TEST(Bars, end_when_their_time_is_up_whoever_the_next_event_is_about) {
  BarDay day(BarRule::time(minutes(1)), 2);
  day.trade(100);
  day.now = test::morning + minutes(1);
  day.quote(50, 51, 1, 1, second.value);
  EXPECT_EQ(day.closed(), 1u);
  day.quote(50, 51, 1, 1, second.value);
  EXPECT_EQ(day.closed(), 0u) << "a bar ends once";
}

TEST(Bars, minutes_without_trades_have_no_bar) {
  BarDay day(BarRule::time(minutes(1)));
  day.trade(100);
  day.advance(test::morning + minutes(5));
  EXPECT_EQ(day.closed(), 1u);
  day.trade(101);
  day.advance(test::morning + minutes(6));
  ASSERT_EQ(day.closed(), 1u);
  EXPECT_EQ(day.bar().start, test::morning + minutes(5));
}

TEST(Bars, of_trades_end_with_the_trade_that_fills_them) {
  BarDay day(BarRule::ticks(3));
  day.trade(100);
  day.wait(seconds(1));
  day.trade(101);
  EXPECT_EQ(day.closed(), 0u);
  day.wait(seconds(1));
  day.trade(99);
  ASSERT_EQ(day.closed(), 1u);
  EXPECT_EQ(day.bar().close, price(99));
  EXPECT_EQ(day.bar().period, seconds(2)) << "the time it took";
  EXPECT_EQ(day.market.forming(first, BarRule::ticks(3)), nullptr);
}

TEST(Bars, of_volume_end_at_exactly_the_volume_and_not_one_share_earlier) {
  BarDay day(BarRule::volume(shares(1000)));
  day.trade(100, 999);
  EXPECT_EQ(day.closed(), 0u);
  day.trade(100, 1);
  EXPECT_EQ(day.closed(), 1u);
  day.trade(100, 5000);
  ASSERT_EQ(day.closed(), 1u) << "one large trade is one bar";
  EXPECT_EQ(day.bar().volume, shares(5000));
}

TEST(Bars, respect_the_conditions_of_a_trade) {
  BarDay day(BarRule::time(minutes(1)));
  day.trade(100, 100);
  day.trade(110, 100, condition::not_last);              // volume only
  day.trade(101, 50, condition::not_last | condition::odd_lot);  // volume and VWAP
  day.trade(90, 1000, condition::late);                  // of a bar that is over
  day.trade(102, 100, condition::not_volume);            // price only
  day.trade(120, 100, condition::extended_hours);
  day.advance(test::morning + minutes(1));
  ASSERT_EQ(day.closed(), 1u);
  EXPECT_EQ(day.bar().high, price(102));
  EXPECT_EQ(day.bar().low, price(100));
  EXPECT_EQ(day.bar().volume, shares(250));
  EXPECT_EQ(day.bar().vwap, Price::from_raw(100'333'333'333));
}

TEST(Bars, count_extended_hours_only_when_asked_to) {
  for (const bool wanted : {false, true}) {
    BarDay day(BarRule::time(minutes(1)), 1, {.bars_outside_regular = wanted});
    day.phase(TradingPhase::PreMarket, date_of(2018, 1, 2));
    day.trade(100);
    day.advance(test::morning + minutes(1));
    EXPECT_EQ(day.closed(), wanted ? 1u : 0u);
  }
}

Bar minute_bar(int minute, int open, int close, std::int64_t volume = 100) {
  return {.instrument = first, .trades = 7, .start = test::morning + minutes(minute), .period = minutes(1), .open = price(open),
          .high = price(std::max(open, close) + 1), .low = price(std::min(open, close) - 1), .close = price(close), .volume = shares(volume)};
}

TEST(Bars, from_outside_make_longer_ones) {
  BarDay day(BarRule::time(minutes(5)));
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(day.closed(), 0u);
    day.now = test::morning + minutes(i + 1);
    day.apply(minute_bar(i, 100 + i, 101 + i));
  }
  ASSERT_EQ(day.closed(), 1u);
  EXPECT_EQ(day.bar().open, price(100));
  EXPECT_EQ(day.bar().close, price(105));
  EXPECT_EQ(day.bar().high, price(106));
  EXPECT_EQ(day.bar().low, price(99));
  EXPECT_EQ(day.bar().volume, shares(500));
  EXPECT_EQ(day.bar().trades, 35u);
}

TEST(Bars, wait_for_the_last_bar_from_outside_but_not_for_ever) {
  BarDay day(BarRule::time(minutes(5)), 2);
  for (int i = 0; i < 4; ++i) {
    day.now = test::morning + minutes(i + 1);
    day.apply(minute_bar(i, 100 + i, 101 + i));
  }
  day.now = test::morning + minutes(5);
  day.quote(50, 51, 1, 1, second.value);
  EXPECT_EQ(day.closed(), 0u) << "somebody else's news comes first";
  day.wait(milliseconds(200));
  day.apply(minute_bar(4, 104, 105));
  ASSERT_EQ(day.closed(), 1u);
  EXPECT_EQ(day.bar().close, price(105));

  day.now = test::morning + minutes(6);
  day.apply(minute_bar(5, 200, 201));
  day.advance(test::morning + minutes(11) - nanoseconds(1));
  EXPECT_EQ(day.closed(), 0u);
  day.advance(test::morning + minutes(11));
  EXPECT_EQ(day.closed(), 1u) << "the others never came";
  day.apply(minute_bar(9, 300, 301));
  EXPECT_EQ(day.closed(), 0u) << "too late: that bar is over";
  EXPECT_EQ(day.market.forming(first, BarRule::time(minutes(5))), nullptr);
}

TEST(Bars, of_trades_follow_bars_from_outside_without_mixing) {
  BarDay day(BarRule::time(minutes(5)));
  day.now = test::morning + minutes(1);
  day.apply(minute_bar(0, 100, 101));
  day.now = test::morning + minutes(5);
  day.trade(150);
  ASSERT_EQ(day.closed(), 1u);
  EXPECT_EQ(day.bar().close, price(101));
}

TEST(Bars, from_the_future_are_refused) {
  BarDay day(BarRule::time(minutes(1)));
  day.now = test::morning + minutes(1) - nanoseconds(1);
  day.apply(minute_bar(0, 100, 101));
  EXPECT_EQ(day.closed(), 0u);
  EXPECT_EQ(day.market.refused(), 1u);
  day.now = test::morning + minutes(1);
  day.apply(minute_bar(0, 100, 101));
  EXPECT_EQ(day.closed(), 1u);
}

TEST(Bars, from_outside_do_not_count_trades_twice) {
  BarDay day(BarRule::time(minutes(1)));
  day.now = test::morning + seconds(30);
  day.trade(100, 100);
  day.now = test::morning + minutes(1);
  day.apply(minute_bar(0, 100, 101));
  ASSERT_EQ(day.closed(), 1u);
  EXPECT_EQ(day.bar().volume, shares(100));
  EXPECT_EQ(day.bar().close, price(100)) << "the trades came first";
  day.apply(minute_bar(0, 100, 101));
  EXPECT_EQ(day.closed(), 0u);
}

TEST(Bars, of_a_day_end_with_the_session) {
  BarDay day(BarRule::time(hours(24)));
  const Date date = date_of(2018, 1, 2);
  day.phase(TradingPhase::Regular, date);
  day.trade(100);
  day.wait(hours(6));
  day.trade(103);
  day.wait(minutes(30));
  day.phase(TradingPhase::PostMarket, date);
  EXPECT_EQ(day.closed(), 0u) << "the closing auction is still to come";
  day.trade(104, 5000, condition::auction);
  day.wait(hours(4));
  day.phase(TradingPhase::Closed, date);
  ASSERT_EQ(day.closed(), 1u);
  EXPECT_EQ(day.bar().open, price(100));
  EXPECT_EQ(day.bar().close, price(104));
}

TEST(Bars, of_currencies_are_made_of_mids) {
  MarketDay day;
  auto pair = test::stock(0, "EUR");
  pair.asset_class = AssetClass::Forex;
  Market market({}, 1);
  market.define(pair);
  market.want_bars(minutes(1), first);
  const auto quote = [&](double bid, double ask, Timestamp at) {
    market.apply(Quote{.instrument = first, .bid = Price::nearest(bid), .ask = Price::nearest(ask), .bid_size = shares(1), .ask_size = shares(1)}, at);
  };
  quote(1.10, 1.12, test::morning);
  quote(1.12, 1.14, test::morning + seconds(1));
  quote(1.15, 1.14, test::morning + seconds(2));  // crossed
  market.advance(test::morning + minutes(1));
  ASSERT_EQ(market.closed_bars().size(), 1u);
  EXPECT_EQ(market.closed_bars()[0].bar.open, price(1, 11));
  EXPECT_EQ(market.closed_bars()[0].bar.close, price(1, 13));
}

}  // namespace
}  // namespace robo::market
