// Order flow on shipped data, event by event, against what tools/features/flow_golden.py computed from the same files over
// whole arrays.
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <cstdlib>
#include <map>

#include "kernel/features/indicators/quote_lag.hpp"
#include "support/gzip.hpp"
#include "support/market_day.hpp"
#include "support/taq_clean.hpp"

namespace robo::features {
namespace {

const std::string here = std::string(ROBO_SOURCE_DIR) + "/tests/golden/features/";

/// Compares column by column and says of each how often it differed, and where first.
class Comparison {
 public:
  explicit Comparison(const test::Table& want) : want_(want) {}
  void expect(std::size_t row, const std::string& column, double have, double tolerance = 1e-9) {
    ++compared_;
    const double value = want_.value(row, column);
    if (std::isnan(value) ? std::isnan(have) : std::fabs(have - value) <= tolerance * std::max(1.0, std::fabs(value))) return;
    auto& [count, first] = differ_[column];
    if (count++ == 0) first = "row " + std::to_string(row) + ": " + std::to_string(have) + " for " + std::to_string(value);
  }
  ~Comparison() {
    for (const auto& [column, what] : differ_) ADD_FAILURE() << column << " differs " << what.first << " times, first in " << what.second;
    EXPECT_GT(compared_, 0u);
  }

 private:
  const test::Table& want_;
  std::map<std::string, std::pair<int, std::string>> differ_;
  std::size_t compared_ = 0;
};

struct Xxx {
  explicit Xxx(Settings settings = {}) : features(1, std::move(settings)) { market.define(test::stock(0)); }
  Handle declare(const Spec& spec) {
    const InstrumentId one{0};
    return features.declare(spec, std::span(&one, 1));
  }
  /// Plays the two days; `after` is told the number of every trade, from 1.
  template <class F>
  void play(const std::vector<test::CleanEvent>& events, F&& after) {
    features.start(market);
    Date date{};
    int trades = 0;
    for (const auto& event : events) {
      const auto apply = [&](const auto& payload) {
        market.apply(payload, event.at);
        features.close_bars(market);
        features.apply(payload, market);
      };
      if (const Date today{static_cast<std::int32_t>(event.at.ns / hours(24).ns)}; today != date) {
        date = today;
        apply(PhaseChange{.instrument = InstrumentId{0}, .phase = TradingPhase::Regular, .trade_date = today});
      }
      if (event.is_trade) apply(event.trade), after(++trades);
      else apply(event.quote);
    }
    EXPECT_EQ(trades, 7'168);
  }
  [[nodiscard]] double value(Handle handle) const { return features.value(handle, InstrumentId{0}); }
  market::Market market{{}, 1};
  Features features;
};

TEST(FlowGolden, every_number_of_two_days_of_xxx_is_the_reference_s) {
  const auto events = test::taq_clean();
  const test::Table want(here + "flow_xxx.csv.gz");
  Xxx day;
  std::vector<std::pair<std::string, Handle>> columns;
  const auto one = [&](std::string column, const Spec& spec) { columns.emplace_back(std::move(column), day.declare(spec)); };
  one("emo", {.kind = Kind::TradeSide});
  one("effective_spread", {.kind = Kind::EffectiveSpread});
  one("realized_spread", {.kind = Kind::RealizedSpread});
  one("price_impact", {.kind = Kind::PriceImpact});
  one("markout", {.kind = Kind::Markout});
  one("kyle_lambda", {.kind = Kind::KyleLambda, .timeframe = minutes(5)});
  for (const auto& [column, kind] : {std::pair{"vpin", Kind::Vpin}, {"vpin_signed", Kind::VpinSigned}, {"vpin_volatility", Kind::VpinVolatility}})
    one(column, {.kind = kind, .period = 20, .bucket = shares(5'000)});
  one("vpin_learned", {.kind = Kind::VpinSigned, .period = 10});
  one("whale_threshold", {.kind = Kind::WhaleThreshold, .period = 500, .quantile = 0.99});
  one("whale_z", {.kind = Kind::WhaleZ, .period = 500, .quantile = 0.99});
  one("whale_flow", {.kind = Kind::WhaleFlow, .period = 500, .quantile = 0.99});
  one("run_length", {.kind = Kind::RunLength, .period = 200, .quantile = 0.95});
  one("metaorder", {.kind = Kind::Metaorder, .period = 200, .quantile = 0.95});
  one("sweep_flow", {.kind = Kind::SweepFlow, .horizon = milliseconds(200)});
  one("cvd_divergence", {.kind = Kind::CvdDivergence});
  Comparison compare(want);
  day.play(events, [&](int number) {
    if (number % 5 != 0) return;
    const auto row = static_cast<std::size_t>(number / 5 - 1);
    for (const auto& [column, handle] : columns) compare.expect(row, column, day.value(handle));
  });
  EXPECT_EQ(want.rows(), 7'168u / 5);
}

TEST(FlowGolden, every_side_rule_says_of_every_trade_what_the_reference_says) {
  const auto events = test::taq_clean();
  const test::Table want(here + "flow_xxx.csv.gz");
  for (const auto rule : {SideRule::Emo, SideRule::Tick, SideRule::LeeReady, SideRule::Clnv}) {
    const std::string name{EnumNames<SideRule>::names[static_cast<std::size_t>(rule)]};
    Comparison compare(want);
    Xxx day({.instruments = {{.symbol = "XXX", .side_rule = rule}}});
    const auto side = day.declare({.kind = Kind::TradeSide});
    day.play(events, [&](int number) {
      if (number % 5 == 0) compare.expect(static_cast<std::size_t>(number / 5 - 1), name, day.value(side));
    });
    EXPECT_EQ(day.features.source(side, InstrumentId{0}), name + " rule");
  }
}

TEST(FlowGolden, the_agreement_of_the_rules_by_the_quotes_age_is_the_reference_s_and_the_lag_in_use_near_its_top) {
  const auto events = test::taq_clean();
  const test::Table want(here + "flow_xxx_lags.csv.gz");
  Xxx day({.side_rule = SideRule::LeeReady, .calibrate = true});
  const auto lag = day.declare({.kind = Kind::QuoteLag}), side = day.declare({.kind = Kind::TradeSide});
  bool waited = false;
  day.play(events, [&](int number) {
    if (number < 500 && !std::isnan(day.value(lag))) ADD_FAILURE() << number;
    if (number == 400) waited = day.features.source(side, InstrumentId{0}) == "emo rule (lag not calibrated yet)";
  });
  EXPECT_TRUE(waited);
  const auto curve = day.features.lag_curve(InstrumentId{0});
  ASSERT_EQ(curve.size(), want.rows());
  for (std::size_t i = 0; i < curve.size(); ++i) {
    EXPECT_EQ(static_cast<double>(curve[i].lag.ns) / 1e6, want.value(i, "lag_ms"));
    EXPECT_EQ(curve[i].trades, want.value(i, "trades")) << i;
    EXPECT_EQ(curve[i].agreed, want.value(i, "agreed")) << i;
  }
  // Two markets in one building: older quotes help by half a percent, and anything from 20 to 500 ms does as well.
  const auto top = std::ranges::max_element(curve, {}, &LagPoint::agreement);
  EXPECT_EQ(top->lag, milliseconds(200));
  EXPECT_NEAR(top->agreement(), 0.8453, 0.0001);
  EXPECT_NEAR(curve[0].agreement(), 0.8388, 0.0001);
  const auto used = std::ranges::find(curve, std::llround(1e9 * day.value(lag)), [](const LagPoint& p) { return static_cast<long long>(p.lag.ns); });
  ASSERT_NE(used, curve.end()) << day.value(lag);
  EXPECT_LE(top->agreement() - used->agreement(), LagCalibrator::better_by);
}

TEST(FlowGolden, ofi_of_ten_levels_and_its_component_are_those_of_a_full_eigendecomposition) {
  const test::Table want(here + "flow_book.csv.gz");
  test::MarketDay day;
  const auto weighted = day.declare({.kind = Kind::OfiMulti, .timeframe = seconds(1)}), integrated = day.declare({.kind = Kind::OfiIntegrated, .timeframe = seconds(1)});
  day.start();
  double before = 0, worst = 0;
  std::size_t row = 0;
  Comparison compare(want);
  for (const auto& line : test::lines_of(std::string(ROBO_SOURCE_DIR) + "/data/orderbook/binance_spot_btcusdt_20240808.jsonl.gz")) {
    const auto space = line.find(' ');
    const bool depth = line.find("@depth", space) != std::string::npos;
    if (!depth && line.find("lastUpdateId", space) == std::string::npos) continue;
    auto root = boost::json::parse(std::string_view(line).substr(space + 1)).as_object();
    auto& data = depth ? root["data"].as_object() : root;
    std::vector<DepthLevel> levels;
    for (const auto side : {BookSide::Bid, BookSide::Ask})
      for (const auto& pair : data[depth ? (side == BookSide::Bid ? "b" : "a") : (side == BookSide::Bid ? "bids" : "asks")].as_array()) {
        const auto text = [&](std::size_t i) { return std::string_view(pair.as_array()[i].as_string()); };
        levels.push_back({.instrument = InstrumentId{0}, .side = side, .price = parse_decimal<Price>(text(0)).value(), .size = parse_decimal<Quantity>(text(1)).value()});
      }
    if (levels.empty()) continue;
    levels.back().last_of_batch = true;
    day.now = Timestamp{std::strtoll(line.c_str(), nullptr, 10)};
    for (const auto& level : levels) day.apply(level);
    while (row < want.rows() && want.text(row, "at") == line.substr(0, space)) {
      compare.expect(row, "ofi_multi", day.value(weighted), 1e-6);
      const double full = want.value(row, "ofi_integrated");
      ASSERT_EQ(std::isnan(full), std::isnan(day.value(integrated))) << row;
      if (!std::isnan(full)) worst = std::max(worst, std::fabs(day.value(integrated) - full)), before = std::max(before, std::fabs(full));
      ++row;
    }
  }
  EXPECT_EQ(row, want.rows());
  EXPECT_GT(row, 150u);
  // Two rounds of the power iteration a second follow the component; they need not stand on it.
  EXPECT_LT(worst, 0.05 * before) << worst << " of " << before;
}

}  // namespace
}  // namespace robo::features
