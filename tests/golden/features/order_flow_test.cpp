// Order flow on recorded quotes: what it explains of the second it is in, and what imbalance says about the next move. A wrong
// sign or a lost term shows at once.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cmath>

#include "kernel/features/indicators/window.hpp"
#include "support/gzip.hpp"
#include "support/market_day.hpp"

namespace robo::features {
namespace {

struct Findings {
  double explained{};      // R2 of the mid's change in a second on the OFI of that second
  double up_when_bid_heavy{};  // share of next mid moves that go up, when L1 imbalance > 0.6
  double up_when_ask_heavy{};
  int seconds{}, moves{};
};

Findings measure(const std::string& file) {
  test::MarketDay day(1, {.quote_age_max = seconds(5)});
  const auto ofi = day.declare({.kind = Kind::Ofi, .timeframe = seconds(1), .period = 1}), mid = day.declare({.kind = Kind::Mid}),
             imbalance = day.declare({.kind = Kind::ImbalanceL1});
  day.start();
  struct Second {
    double flow{}, change{};
  };
  std::vector<Second> seconds_seen;
  Findings found;
  double opened = features::nan, flow = features::nan, last_mid = features::nan, last_imbalance = features::nan;
  std::int64_t second = 0;
  int heavy[2]{}, up[2]{};
  for (const auto& line : test::lines_of(std::string(ROBO_SOURCE_DIR) + "/data/orderbook/" + file)) {
    const auto space = line.find(' ');
    if (line.find("@bookTicker", space) == std::string::npos) continue;
    const auto root = boost::json::parse(std::string_view(line).substr(space + 1));
    const auto& data = root.at("data").as_object();
    const auto text = [&](const char* key) { return std::string_view(data.at(key).as_string()); };
    day.now = Timestamp{std::strtoll(line.c_str(), nullptr, 10)};
    day.apply(Quote{.instrument = InstrumentId{0}, .bid = parse_decimal<Price>(text("b")).value(), .ask = parse_decimal<Price>(text("a")).value(),
                    .bid_size = parse_decimal<Quantity>(text("B")).value(), .ask_size = parse_decimal<Quantity>(text("A")).value()});
    if (const auto now = day.now.ns / seconds(1).ns; now != second) {
      if (!std::isnan(opened) && !std::isnan(flow)) seconds_seen.push_back({flow, last_mid - opened});
      opened = last_mid;
      second = now;
    }
    if (const double m = day.value(mid); m != last_mid) {
      if (!std::isnan(last_imbalance) && std::fabs(last_imbalance) > 0.6) {
        const int side = last_imbalance > 0;
        ++heavy[side];
        up[side] += m > last_mid;
      }
      ++found.moves;
      last_mid = m;
    }
    flow = day.value(ofi);
    last_imbalance = day.value(imbalance);
  }
  double x = 0, y = 0, xx = 0, yy = 0, xy = 0;
  const auto n = static_cast<double>(seconds_seen.size());
  for (const auto& s : seconds_seen) x += s.flow / n, y += s.change / n;
  for (const auto& s : seconds_seen) xx += (s.flow - x) * (s.flow - x), yy += (s.change - y) * (s.change - y), xy += (s.flow - x) * (s.change - y);
  found.seconds = static_cast<int>(seconds_seen.size());
  found.explained = xy * std::fabs(xy) / (xx * yy);  // with its sign
  found.up_when_bid_heavy = static_cast<double>(up[1]) / heavy[1];
  found.up_when_ask_heavy = static_cast<double>(up[0]) / heavy[0];
  return found;
}

// The shares were computed from the formula a second time, over the plain file, in another language.
TEST(OrderFlowOnRecordedQuotes, explains_the_second_it_is_in_and_imbalance_the_next_move) {
  struct Want {
    const char* file{};
    double explained{};
  };
  for (const auto& [file, explained] : {Want{"binance_usdm_btcusdt_20240808.jsonl.gz", 0.394}, Want{"binance_spot_btcusdt_20240808.jsonl.gz", 0.304},
                                        Want{"binance_spot_btcusdt_20240809.jsonl.gz", 0.774}}) {
    const auto found = measure(file);
    EXPECT_GT(found.seconds, 290) << file;
    EXPECT_GT(found.moves, 1'000) << file;
    EXPECT_NEAR(found.explained, explained, 0.01) << file;
    EXPECT_GT(found.up_when_bid_heavy, 0.75) << file;
    EXPECT_LT(found.up_when_ask_heavy, 0.25) << file;
  }
}

}  // namespace
}  // namespace robo::features
