#include "research/collector.hpp"

#include <gtest/gtest.h>

#include "research/baselines.hpp"
#include "run_by_hand.hpp"

namespace robo::research {
namespace {

TEST(Collector, samples_on_the_grid_only_when_the_market_moved_in_between) {
  RunByHand run;
  const Timestamp start = run.now;
  run.quote(0, 100);
  run.at(start + seconds(30));
  run.quote(0, 101);
  run.equity(100'050);
  run.at(start + seconds(61));
  run.quote(0, 102);          // closes the first minute
  run.at(start + minutes(600));
  run.quote(0, 103);          // closes the second; the hours of silence are no samples
  const Record r = run.collector.finish();
  ASSERT_EQ(r.times.size(), 4u);
  EXPECT_EQ(r.equity[0], 100'000) << "the start, before anything happened";
  EXPECT_EQ(r.equity[1], 100'050);
  EXPECT_NEAR(r.prices[0][1], 101, 1e-9);
  EXPECT_NEAR(r.prices[0][2], 102, 1e-9);
  EXPECT_NEAR(r.prices[0][3], 103, 1e-9);
  EXPECT_TRUE(std::isnan(r.prices[1][3])) << "never quoted";
}

TEST(Collector, a_trade_sets_the_price_only_where_there_are_no_quotes) {
  RunByHand run;
  run.event(Trade{.instrument = InstrumentId(0), .price = price(90), .size = shares(1)});
  run.quote(1, 50);
  run.event(Trade{.instrument = InstrumentId(1), .price = price(40), .size = shares(1)});
  const Record r = run.collector.finish();
  EXPECT_NEAR(r.prices[0].back(), 90, 1e-9);
  EXPECT_NEAR(r.prices[1].back(), 50, 1e-9);
}

TEST(Collector, counts_fills_to_the_strategy_that_wanted_most) {
  RunByHand run;
  run.quote(0, 100);
  run.fill(0, Side::Buy, 10, 100, 0, 10);
  run.fact(SignalRaised{.strategy = StrategyId(1)});
  run.fact(OrderDenied{.intent = {}, .reason = Denial::StaleQuote});
  const Record r = run.collector.finish();
  EXPECT_EQ(r.strategies[0].name, "momentum");
  EXPECT_EQ(r.strategies[0].fills, 1u);
  EXPECT_EQ(r.strategies[1].signals, 1u);
  EXPECT_EQ(r.denials[static_cast<std::size_t>(Denial::StaleQuote)], 1u);
  EXPECT_EQ(r.traded.back(), 1000);
  EXPECT_EQ(r.positions[0].back(), 10);
}

TEST(Collector, equal_commands_have_equal_digests_and_a_cancel_more_has_another) {
  const auto digest_of = [](int cancels) {
    RunByHand run;
    for (int i = 0; i < cancels; ++i) run.collector.on_command(run.now, CancelOrder{.key = {1, static_cast<std::uint64_t>(i)}});
    return run.collector.finish().commands;
  };
  EXPECT_EQ(digest_of(2), digest_of(2));
  EXPECT_NE(digest_of(2), digest_of(3));
}

TEST(Baselines, buy_and_hold_follows_the_price_and_pays_once) {
  RunByHand run;
  const Timestamp start = run.now;
  for (int i = 0; i <= 3; ++i) {
    run.at(start + minutes(i));
    run.quote(0, 100 + 10 * i);
  }
  const Record r = run.collector.finish();
  const auto lines = baselines(r, 10);
  ASSERT_EQ(lines.size(), 2u) << "one priced instrument: no 1/N";
  EXPECT_EQ(lines[0].name, "buy and hold SPY");
  EXPECT_EQ(lines[1].name, "cash");
  EXPECT_EQ(lines[1].growth.back(), 1);
  EXPECT_NEAR(lines[0].growth.back(), 1.3 / 1.001, 0.02);
  EXPECT_LT(lines[0].growth.back(), baselines(r, 0)[0].growth.back());
}

TEST(Baselines, one_over_n_rebalances_once_a_trade_date) {
  RunByHand run(hours(24));
  const Timestamp start = run.now;
  const double path[] = {100, 200, 100, 200, 100};  // SPY doubles and halves, QQQ stands still: rebalancing earns
  for (int day = 0; day < 5; ++day) {
    run.at(start + hours(24 * day));
    run.date({17'938 + day});
    run.quote(0, path[day]);
    run.quote(1, 50);
  }
  const Record r = run.collector.finish();
  const auto lines = baselines(r, 0);
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[1].name, "1/N of 2");
  EXPECT_GT(lines[1].growth.back(), 1.2);
}

}  // namespace
}  // namespace robo::research
