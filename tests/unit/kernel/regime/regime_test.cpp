#include "kernel/regime/regime.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "support/gzip.hpp"
#include "support/market_day.hpp"

namespace robo::regime {
namespace {

constexpr InstrumentId first{0}, second{1};

struct RegimeDay : test::MarketDay {
  explicit RegimeDay(std::size_t instruments, Settings settings = {}) : MarketDay(instruments), regimes(settings, instruments) {
    std::vector<InstrumentId> all;
    for (std::uint32_t id = 0; id < instruments; ++id) all.push_back(InstrumentId{id});
    regimes.declare(features, all);
    start();
  }
  void minute(std::initializer_list<double> prices) {
    std::uint32_t id = 0;
    for (const double at : prices) trade(at, 100, 0, {}, id++);
    now = now + minutes(1);
    market.advance(now);
    features.close_bars(market);
    regimes.close_bars(market, features, facts);
  }
  [[nodiscard]] std::vector<RegimeChanged> changes() const {
    std::vector<RegimeChanged> all;
    for (const auto& fact : facts) all.push_back(std::get<RegimeChanged>(fact.payload));
    return all;
  }
  Regimes regimes;
  Facts facts;
};

TEST(Regimes, are_not_believed_before_there_is_history) {
  RegimeDay day(1);
  for (int bar = 0; bar < 79; ++bar) {
    day.minute({100 + 0.1 * (bar % 2)});
    EXPECT_FALSE(day.regimes.state(first).warm) << bar;
  }
  for (int bar = 79; bar < 82; ++bar) day.minute({100 + 0.1 * (bar % 2)});
  EXPECT_TRUE(day.regimes.state(first).warm) << "20 returns, then 60 volatilities";
  ASSERT_GE(day.changes().size(), 1u);
  EXPECT_EQ(day.changes()[0].instrument, first);
  EXPECT_EQ(day.changes()[0].held, RegimeKind::Ranging);
  EXPECT_NEAR(day.changes()[0].efficiency_ratio, 0, 1e-9);
}

TEST(Regimes, tell_a_range_from_a_trend_and_say_so_once) {
  RegimeDay day(1);
  double at = 100;
  for (int bar = 0; bar < 200; ++bar) day.minute({at = 100 + 0.05 * (bar % 2)});
  EXPECT_EQ(day.regimes.state(first).held, RegimeKind::Ranging);
  for (int bar = 0; bar < 60; ++bar) day.minute({at += bar % 4 == 3 ? -0.03 : 0.05});
  EXPECT_EQ(day.regimes.state(first).held, RegimeKind::Trending);
  std::size_t trending = 0;
  for (const auto& change : day.changes()) trending += change.instrument == first && change.held == RegimeKind::Trending;
  EXPECT_EQ(trending, 1u);
}

TEST(Regimes, a_gap_at_the_open_is_neither_a_trend_nor_volatility) {
  RegimeDay day(2);
  const auto session = [&](double base) {
    for (int bar = 0; bar < 120; ++bar) day.minute({base + 0.05 * (bar % 2), 2 * base - 0.05 * (bar % 3)});
    day.wait(hours(15));
  };
  session(100);
  const auto calm = day.regimes.state(first).inputs.volatility;
  session(102);
  session(101);
  EXPECT_NEAR(day.regimes.state(first).inputs.volatility, calm, 0.1 * calm);
  for (const auto& change : day.changes()) EXPECT_EQ(change.held, RegimeKind::Ranging) << change.instrument.value;
  EXPECT_EQ(day.regimes.market_wide().held, RegimeKind::Ranging);
}

TEST(Regimes, a_crash_of_the_market_is_a_crisis_of_the_market) {
  RegimeDay day(3);
  double at = 100;
  for (int bar = 0; bar < 300; ++bar) {
    at = 100 + 0.05 * std::sin(bar * 1.1);
    day.minute({at, at / 2, at * 3});
  }
  EXPECT_EQ(day.regimes.market_wide().held, RegimeKind::Ranging);
  for (int bar = 0; bar < 20; ++bar) {
    at *= bar % 3 == 2 ? 1.004 : 0.99;
    day.minute({at, at / 2, at * 3});
  }
  EXPECT_EQ(day.regimes.market_wide().held, RegimeKind::Crisis);
  EXPECT_EQ(day.regimes.state(second).held, RegimeKind::Crisis);
  const auto changes = day.changes();
  EXPECT_TRUE(std::ranges::any_of(changes, [](const RegimeChanged& c) {
    return c.instrument == Regimes::market_wide_id && c.held == RegimeKind::Crisis && c.drawdown > 0.05;
  }));
}

TEST(Regimes, one_crashing_stock_is_not_a_crisis_of_the_market) {
  RegimeDay day(10);
  for (int bar = 0; bar < 340; ++bar) {
    const double crash = bar < 300 ? 1 : std::pow(bar % 3 == 2 ? 1.001 : 0.995, bar - 299);
    const auto wave = [&](int i) { return 100 + 0.05 * std::sin(bar * 1.1 + i); };
    day.minute({wave(0) * crash, wave(1), wave(2), wave(3), wave(4), wave(5), wave(6), wave(7), wave(8), wave(9)});
  }
  EXPECT_EQ(day.regimes.state(first).held, RegimeKind::Crisis);
  EXPECT_NE(day.regimes.market_wide().held, RegimeKind::Crisis);
}

TEST(Regimes, of_an_instrument_nobody_declared_are_unknown) {
  RegimeDay day(1);
  EXPECT_FALSE(day.regimes.state(InstrumentId{77}).warm);
}

// S&P 500 daily closes as bars: 2008 is a crisis, 1995 and 2017 are not. What a regime is for.
TEST(Regimes, know_2008_from_1995_and_2013) {
  RegimeDay day(1, {.history = 2'500, .crisis_drawdown = 0.10});
  std::map<int, int> crisis, bars;
  const auto lines = test::lines_of(std::string(ROBO_SOURCE_DIR) + "/data/daily/index_SP500_close_1950_2015.csv.gz");
  ASSERT_GT(lines.size(), 16'000u);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto comma = lines[i].rfind(',');
    const double close = std::strtod(lines[i].c_str() + comma + 1, nullptr);
    const auto year = std::atoi(lines[i].c_str() + (lines[i].find_first_of("12")));
    if (!(close > 0)) continue;
    day.minute({close});
    day.facts.clear();
    ++bars[year];
    crisis[year] += day.regimes.state(first).held == RegimeKind::Crisis;
  }
  ASSERT_GT(bars[2008], 240);
  EXPECT_GT(crisis[2008], bars[2008] / 4);
  EXPECT_GT(crisis[1987], 20);
  EXPECT_EQ(crisis[1995], 0);
  EXPECT_EQ(crisis[2013], 0);
}

}  // namespace
}  // namespace robo::regime
