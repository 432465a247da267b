// What is known of order flow on recorded feeds, reproduced through the whole path: how right the side rules are by the age of
// the quotes they ask, what the calibrator makes of it, and how large the large trades are.
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <cstdlib>

#include "kernel/features/indicators/quote_lag.hpp"
#include "support/gzip.hpp"
#include "support/market_day.hpp"

namespace robo::features {
namespace {

struct Feed {
  struct One {
    std::int64_t at{};
    bool is_trade{};
    Quote quote{};
    Trade trade{};  // its aggressor is the exchange's word
  };
  std::vector<One> all{};
};

enum class Clock { Received, Exchange };

Feed load(const std::string& file, Clock clock) {
  Feed feed;
  for (const auto& line : test::lines_of(std::string(ROBO_SOURCE_DIR) + "/data/orderbook/" + file)) {
    const auto space = line.find(' ');
    const bool ticker = line.find("@bookTicker", space) != std::string::npos, trade = line.find("@trade", space) != std::string::npos;
    if (!ticker && !trade) continue;
    const auto root = boost::json::parse(std::string_view(line).substr(space + 1));
    const auto& data = root.at("data").as_object();
    const auto price_of = [&](const char* key) { return parse_decimal<Price>(std::string_view(data.at(key).as_string())).value(); };
    const auto size_of = [&](const char* key) { return parse_decimal<Quantity>(std::string_view(data.at(key).as_string())).value(); };
    Feed::One one{.at = clock == Clock::Received ? std::strtoll(line.c_str(), nullptr, 10) : data.at("T").as_int64() * 1'000'000, .is_trade = trade};
    if (ticker) one.quote = {.instrument = InstrumentId{0}, .bid = price_of("b"), .ask = price_of("a"), .bid_size = size_of("B"), .ask_size = size_of("A")};
    else one.trade = {.instrument = InstrumentId{0}, .aggressor = data.at("m").as_bool() ? Aggressor::Seller : Aggressor::Buyer, .price = price_of("p"), .size = size_of("q")};
    feed.all.push_back(one);
  }
  std::ranges::stable_sort(feed.all, {}, &Feed::One::at);
  return feed;
}

struct Found {
  int trades{};
  double right{};  // share of trades whose side was the exchange's
  double lag{};
  std::string source{};
  std::vector<LagPoint> curve{};
};

Found judge(const Feed& feed, const Settings& settings) {
  market::Market market({}, 1);
  market.define(test::stock(0));
  Features features(1, settings);
  const InstrumentId id{0};
  const auto side = features.declare({.kind = Kind::TradeSide}, std::span(&id, 1)), lag = features.declare({.kind = Kind::QuoteLag}, std::span(&id, 1));
  features.start(market);
  Found found;
  for (const auto& one : feed.all) {
    const auto apply = [&](const auto& event) {
      market.apply(event, Timestamp{one.at});
      features.close_bars(market);
      features.apply(event, market);
    };
    if (!one.is_trade) {
      apply(one.quote);
      continue;
    }
    auto silent = one.trade;
    silent.aggressor = Aggressor::Unknown;
    apply(silent);
    ++found.trades;
    found.right += features.value(side, id) == (one.trade.aggressor == Aggressor::Buyer ? 1 : -1);
  }
  found.right /= found.trades;
  found.lag = features.value(lag, id);
  found.source = features.source(side, id);
  const auto curve = features.lag_curve(id);
  found.curve.assign(curve.begin(), curve.end());
  return found;
}

TEST(SideRulesOnRecordedTrades, lee_ready_is_a_coin_with_fresh_quotes_and_right_with_quotes_20_ms_old) {
  const auto spot = load("binance_spot_btcusdt_20240809.jsonl.gz", Clock::Received);
  struct Want {
    Duration lag{};
    double lee_ready{}, emo{};
  };
  for (const auto& want : {Want{milliseconds(0), 0.540, 0.909}, Want{milliseconds(1), 0.734, 0.961}, Want{milliseconds(2), 0.862, 0.982}, Want{milliseconds(5), 0.913, 0.984},
                           Want{milliseconds(20), 0.966, 0.988}, Want{milliseconds(100), 0.956, 0.978}}) {
    const auto found = judge(spot, {.side_rule = SideRule::LeeReady, .quote_lag = want.lag});
    EXPECT_EQ(found.trades, 10'147);
    EXPECT_NEAR(found.right, want.lee_ready, 0.001) << want.lag.seconds();
    EXPECT_DOUBLE_EQ(found.lag, want.lag.seconds());
    EXPECT_NEAR(judge(spot, {.quote_lag = want.lag}).right, want.emo, 0.001) << want.lag.seconds();
  }
  EXPECT_NEAR(judge(spot, {.side_rule = SideRule::Clnv}).right, 0.881, 0.001);
  EXPECT_NEAR(judge(spot, {.side_rule = SideRule::Tick}).right, 0.959, 0.001);
  EXPECT_EQ(judge(spot, {.quote_lag = milliseconds(20)}).source, "emo rule, quotes older than 20 ms");
}

TEST(SideRulesOnRecordedTrades, on_the_exchange_s_clock_a_quote_of_the_millisecond_before_is_right_998_times_in_1000) {
  const auto perpetual = load("binance_usdm_btcusdt_20240808.jsonl.gz", Clock::Exchange);
  const auto found = judge(perpetual, {.side_rule = SideRule::LeeReady, .calibrate = true});
  EXPECT_EQ(found.trades, 21'313);
  EXPECT_DOUBLE_EQ(found.lag, 0) << "nothing to be made good";
  EXPECT_NEAR(judge(perpetual, {.side_rule = SideRule::LeeReady}).right, 0.9983, 0.0001);
  EXPECT_EQ(found.source, "lee_ready rule, quotes of before the trade (calibrated)");
}

TEST(SideRulesOnRecordedTrades, the_calibrator_finds_without_any_flag_the_lag_that_makes_every_rule_right) {
  const auto spot = load("binance_spot_btcusdt_20240809.jsonl.gz", Clock::Received);
  const auto lee_ready = judge(spot, {.side_rule = SideRule::LeeReady, .calibrate = true}), emo = judge(spot, {.calibrate = true});
  EXPECT_DOUBLE_EQ(lee_ready.lag, 0.05);
  EXPECT_GT(lee_ready.right, 0.95) << "0.540 with the quote that was received last; 500 trades of learning included";
  EXPECT_GT(emo.right, 0.975) << "0.909 without";
  EXPECT_EQ(emo.source, "emo rule, quotes older than 50 ms (calibrated)");
  ASSERT_EQ(lee_ready.curve.size(), LagCalibrator::lags.size());
  const auto top = std::ranges::max_element(lee_ready.curve, {}, &LagPoint::agreement);
  EXPECT_EQ(top->lag, milliseconds(50));
  EXPECT_NEAR(top->agreement(), 0.958, 0.002);
  EXPECT_NEAR(lee_ready.curve[0].agreement(), 0.510, 0.002);
}

TEST(WhalesOnRecordedTrades, a_hundredth_of_the_trades_is_a_quarter_of_the_volume) {
  struct Want {
    const char* file{};
    double median{}, p99{}, top{}, whales{};
  };
  // top: volume of exactly one trade in a hundred. whales: of those at the bucket of the quantile and beyond, 1.2 in a hundred.
  for (const auto& want : {Want{"binance_usdm_btcusdt_20240808.jsonl.gz", 0.016, 1.146, 0.307, 0.3251}, Want{"binance_spot_btcusdt_20240809.jsonl.gz", 0.00072, 0.3243, 0.227, 0.2646}}) {
    const auto feed = load(want.file, Clock::Received);
    test::MarketDay day;
    const auto p99 = day.declare({.kind = Kind::WhaleThreshold, .period = 5'000, .quantile = 0.99}), median = day.declare({.kind = Kind::WhaleThreshold, .period = 5'000, .quantile = 0.5});
    day.start();
    for (const auto& one : feed.all)
      if (one.is_trade) day.now = Timestamp{one.at}, day.apply(one.trade);
    EXPECT_NEAR(day.value(p99), want.p99, want.p99 * 0.017) << want.file;
    EXPECT_NEAR(day.value(median), want.median, want.median * 0.017) << want.file;
    std::vector<double> sizes;
    double all = 0, whales = 0, top = 0;
    for (const auto& one : feed.all)
      if (one.is_trade) sizes.push_back(one.trade.size.to_double());
    std::ranges::sort(sizes, std::greater{});
    for (std::size_t i = 0; i < sizes.size(); ++i) all += sizes[i], whales += sizes[i] >= day.value(p99) ? sizes[i] : 0, top += i < sizes.size() / 100 ? sizes[i] : 0;
    EXPECT_NEAR(top / all, want.top, 0.0005) << want.file;
    EXPECT_NEAR(whales / all, want.whales, 0.0005) << want.file;
  }
}

}  // namespace
}  // namespace robo::features
