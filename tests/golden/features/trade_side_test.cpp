// The side rules against the exchange's own flag: recorded Binance trades say who the maker was.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "kernel/features/indicators/trade_side.hpp"
#include "support/gzip.hpp"

namespace robo::features {
namespace {

struct Accuracy {
  int trades{};
  double tick{}, quote{}, lee_ready{}, emo{}, clnv{};
};

/// Trades in the order they were received, with the quote that was received before.
Accuracy measure(const std::string& file) {
  Accuracy right;
  QuoteBefore quote;
  TickRule ticks;
  for (const auto& line : test::lines_of(std::string(ROBO_SOURCE_DIR) + "/data/orderbook/" + file)) {
    const auto space = line.find(' ');
    const bool ticker = line.find("@bookTicker", space) != std::string::npos, trade = line.find("@trade", space) != std::string::npos;
    if (!ticker && !trade) continue;
    const auto root = boost::json::parse(std::string_view(line).substr(space + 1));
    const auto& data = root.at("data").as_object();
    const auto price_of = [&](const char* key) { return parse_decimal<Price>(std::string_view(data.at(key).as_string())).value(); };
    if (ticker) {
      quote = {price_of("b"), price_of("a"), true};
      continue;
    }
    const auto price = price_of("p");
    const int side = data.at("m").as_bool() ? -1 : 1;  // the buyer was the maker: a seller came
    ++right.trades;
    right.tick += ticks.side(price) == side;
    right.quote += quote_rule(price, quote) == side;
    right.lee_ready += lee_ready(price, quote, ticks) == side;
    right.emo += emo(price, quote, ticks) == side;
    right.clnv += clnv(price, quote, ticks) == side;
    ticks.remember(price);
  }
  for (double* const share : {&right.tick, &right.quote, &right.lee_ready, &right.emo, &right.clnv}) *share /= right.trades;
  return right;
}

// What docs/features.md says, to half a percent: the data is fixed, so a move means a rule moved.
TEST(TradeSideOnRecordedTrades, is_as_right_as_the_documentation_says) {
  const auto spot = measure("binance_spot_btcusdt_20240808.jsonl.gz"), perp = measure("binance_usdm_btcusdt_20240808.jsonl.gz");
  EXPECT_EQ(spot.trades, 9'757);
  EXPECT_NEAR(spot.tick, 0.969, 0.005);
  EXPECT_NEAR(spot.lee_ready, 0.492, 0.005) << "quotes arrive before the trades that caused them: the quote rule is a coin";
  EXPECT_NEAR(spot.quote, 0.490, 0.005);
  EXPECT_NEAR(spot.emo, 0.935, 0.005);
  EXPECT_NEAR(spot.clnv, 0.894, 0.005);
  EXPECT_EQ(perp.trades, 21'313);
  EXPECT_NEAR(perp.tick, 0.969, 0.005);
  EXPECT_NEAR(perp.lee_ready, 0.866, 0.005);
  EXPECT_NEAR(perp.emo, 0.976, 0.005);
  EXPECT_NEAR(perp.clnv, 0.969, 0.005);
}

}  // namespace
}  // namespace robo::features
