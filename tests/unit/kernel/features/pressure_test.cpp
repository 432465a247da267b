// Order flow beyond the touch: hand-computed vectors for every kind, through the whole path.
#include <gtest/gtest.h>

#include <cmath>

#include "kernel/features/indicators/quote_lag.hpp"
#include "kernel/features/indicators/size_quantile.hpp"
#include "support/market_day.hpp"

namespace robo::features {
namespace {

using test::MarketDay;
namespace condition = trade_condition;

TEST(EffectiveSpread, is_twice_the_distance_from_the_mid_before_on_the_side_of_the_aggressor) {
  MarketDay day;
  const auto spread = day.declare({.kind = Kind::EffectiveSpread, .period = 2});
  day.start();
  day.trade(100, 10, 0, Aggressor::Buyer);
  EXPECT_TRUE(std::isnan(day.value(spread))) << "no mid yet";
  day.quote(99.9, 100.1);
  day.wait(milliseconds(1));
  day.trade(100.1, 10, 0, Aggressor::Buyer);
  EXPECT_NEAR(day.value(spread), 20, 1e-9) << "2 x 0.10 of 100";
  day.trade(100.1, 10, condition::auction);
  EXPECT_NEAR(day.value(spread), 20, 1e-9) << "an auction has no aggressor";
  day.trade(99.95, 10, 0, Aggressor::Seller);
  EXPECT_NEAR(day.value(spread), 15, 1e-9) << "mean of 20 and 10";
  day.trade(99.95, 10, 0, Aggressor::Buyer);
  EXPECT_NEAR(day.value(spread), 0, 1e-9) << "a buyer below the mid was paid 10: mean of 10 and -10";
}

TEST(Markouts, look_at_the_mid_in_force_when_the_horizon_is_over_and_not_at_a_later_one) {
  MarketDay day;
  const auto realized = day.declare({.kind = Kind::RealizedSpread}), impact = day.declare({.kind = Kind::PriceImpact}), markout = day.declare({.kind = Kind::Markout});
  day.start();
  day.quote(99.9, 100.1);
  day.wait(milliseconds(1));
  day.trade(100.1, 10, 0, Aggressor::Buyer);
  day.wait(seconds(4));
  day.quote(100, 100.2);
  day.wait(seconds(1));
  day.quote(100.1, 100.3);  // the instant itself: in force at the horizon
  EXPECT_TRUE(std::isnan(day.value(realized)));
  day.wait(seconds(1));
  day.quote(150, 151);
  EXPECT_NEAR(day.value(realized), 2 * (100.1 - 100.2) / 100 * 1e4, 1e-9);
  EXPECT_NEAR(day.value(impact), 2 * (100.2 - 100.0) / 100 * 1e4, 1e-9);
  EXPECT_NEAR(day.value(markout), (100.2 - 100.1) / 100 * 1e4, 1e-9);
}

TEST(Markouts, of_trades_that_wait_when_trading_stops_are_never_known) {
  MarketDay day;
  const auto impact = day.declare({.kind = Kind::PriceImpact});
  day.start();
  day.quote(99.9, 100.1);
  day.wait(milliseconds(1));
  day.trade(100.1, 10, 0, Aggressor::Buyer);
  day.apply(DataFarmChanged{.instrument = InstrumentId{0}, .broken = true});
  day.wait(seconds(10));
  day.quote(150, 151);
  day.wait(seconds(10));
  day.quote(150, 151);
  EXPECT_TRUE(std::isnan(day.value(impact)));
}

TEST(KyleLambda, is_the_price_of_a_root_of_signed_volume) {
  MarketDay day;
  const auto lambda = day.declare({.kind = Kind::KyleLambda, .timeframe = minutes(5), .period = 2});
  day.start();
  const auto interval = [&](double mid_at_end, std::int64_t bought, std::int64_t sold) {
    if (bought > 0) day.trade(100, bought, 0, Aggressor::Buyer);
    if (sold > 0) day.trade(100, sold, 0, Aggressor::Seller);
    day.wait(minutes(4));
    day.quote(mid_at_end - 0.01, mid_at_end + 0.01);
    day.wait(minutes(1));
  };
  day.quote(99.99, 100.01);
  interval(100.3, 900, 0);    // sqrt 30, moved +0.3
  interval(100.1, 0, 400);    // -20, moved -0.2
  EXPECT_TRUE(std::isnan(day.value(lambda))) << "the second interval has not been seen to end";
  day.quote(100.09, 100.11);
  const double f = 0.999;
  EXPECT_NEAR(day.value(lambda), (f * 30 * 0.3 + 20 * 0.2) / (f * 900 + 400), 1e-12);
  interval(105, 0, 0);
  day.quote(104.99, 105.01);
  EXPECT_NEAR(day.value(lambda), (f * 30 * 0.3 + 20 * 0.2) / (f * 900 + 400), 1e-12) << "nobody traded: no point";
}

TEST(Vpin, counts_the_imbalance_of_equal_volumes_beside_their_volatility) {
  MarketDay day;
  const auto signed_vpin = day.declare({.kind = Kind::VpinSigned, .period = 3, .bucket = shares(100)}), vpin = day.declare({.kind = Kind::Vpin, .period = 3, .bucket = shares(100)}),
             volatility = day.declare({.kind = Kind::VpinVolatility, .period = 3, .bucket = shares(100)});
  day.start();
  day.trade(100, 100, 0, Aggressor::Buyer);           // first bucket: no change, 1 change is no deviation
  day.trade(101, 80, 0, Aggressor::Buyer);
  day.trade(101, 20, 0, Aggressor::Seller);           // +1: |80 - 20| / 100
  day.trade(100, 150, 0, Aggressor::Seller);          // -1: 1, and half of the next
  EXPECT_TRUE(std::isnan(day.value(vpin)));
  day.trade(102, 50, 0, Aggressor::Buyer);            // +2: |50 - 50|
  EXPECT_NEAR(day.value(signed_vpin), (0.6 + 1 + 0) / 3, 1e-12);
  const auto bulk = [](double change, std::initializer_list<double> changes) {
    double mean = 0, squares = 0;
    for (const double c : changes) mean += c / static_cast<double>(changes.size());
    for (const double c : changes) squares += (c - mean) * (c - mean) / static_cast<double>(changes.size());
    const double z = std::fabs(change) / std::sqrt(squares), phi = 0.5 * std::erfc(-z / std::sqrt(2.0));
    return std::fabs(2 * phi - 1);
  };
  EXPECT_NEAR(day.value(vpin), (bulk(1, {0, 1}) + bulk(-1, {0, 1, -1}) + bulk(2, {1, -1, 2})) / 3, 1e-12);
  const auto squared = [](double x) { return x * x; };
  EXPECT_NEAR(day.value(volatility), std::sqrt(squared(std::log(1.01)) + squared(std::log(100.0 / 101)) + squared(std::log(1.02))), 1e-12);
}

TEST(Vpin, learns_its_bucket_from_the_session_before_and_knows_nothing_until_then) {
  MarketDay day;
  const auto vpin = day.declare({.kind = Kind::VpinSigned, .period = 3});
  day.start();
  day.phase(TradingPhase::Regular, date_of(2018, 1, 2));
  for (int i = 0; i < 50; ++i) day.trade(100 + i % 2, 100, 0, Aggressor::Buyer);
  EXPECT_TRUE(std::isnan(day.value(vpin)));
  day.phase(TradingPhase::Regular, date_of(2018, 1, 3));
  for (int i = 0; i < 3; ++i) day.trade(100 + i, 100, 0, Aggressor::Buyer);
  EXPECT_TRUE(std::isnan(day.value(vpin)));
  day.trade(100, 100, 0, Aggressor::Seller);
  EXPECT_DOUBLE_EQ(day.value(vpin), 1) << "four buckets of 5,000 / 50: three imbalances";
}

TEST(CvdDivergence, speaks_when_price_and_flow_part_and_only_then) {
  MarketDay day;
  const auto divergence = day.declare({.kind = Kind::CvdDivergence, .period = 5});
  day.start();
  for (int i = 0; i < 5; ++i) day.trade(100 + i, 10, 0, Aggressor::Buyer);
  EXPECT_DOUBLE_EQ(day.value(divergence), 0) << "both rise";
  for (int i = 0; i < 5; ++i) day.trade(105 + i, 10, 0, Aggressor::Seller);
  EXPECT_DOUBLE_EQ(day.value(divergence), -1) << "it rises and is sold";
  for (int i = 0; i < 5; ++i) day.trade(108 - i, 10, 0, Aggressor::Buyer);
  EXPECT_DOUBLE_EQ(day.value(divergence), 1) << "it falls and is bought";
  for (int i = 0; i < 5; ++i) day.trade(104, 10, 0, Aggressor::Buyer);
  EXPECT_DOUBLE_EQ(day.value(divergence), 0) << "a price that stands still parts from nobody";
  day.phase(TradingPhase::Regular, date_of(2018, 1, 3));
  EXPECT_TRUE(std::isnan(day.value(divergence)));
}

TEST(Whales, reach_the_quantile_of_the_trades_before_and_the_floor) {
  MarketDay day;
  const auto declare = [&](Kind kind) { return day.declare({.kind = kind, .period = 100, .quantile = 0.9, .floor = 6'000}); };
  const auto threshold = declare(Kind::WhaleThreshold), z = declare(Kind::WhaleZ), flow = declare(Kind::WhaleFlow);
  day.start();
  for (int i = 1; i <= 99; ++i) day.trade(10, i, 0, Aggressor::Buyer);
  EXPECT_TRUE(std::isnan(day.value(threshold)));
  day.trade(10, 100, 0, Aggressor::Buyer);
  EXPECT_NEAR(day.value(threshold), 90, 90 * 0.016);
  EXPECT_TRUE(std::isnan(day.value(z))) << "judged by those before it, of which there were 99";
  EXPECT_DOUBLE_EQ(day.value(flow), 0);
  day.trade(10, 500, 0, Aggressor::Seller);
  EXPECT_DOUBLE_EQ(day.value(flow), 0) << "large, but worth 5,000";
  EXPECT_GT(day.value(z), 2);
  day.trade(10, 700, 0, Aggressor::Seller);
  EXPECT_DOUBLE_EQ(day.value(flow), -700);
  day.trade(1'000, 50, 0, Aggressor::Buyer);
  EXPECT_DOUBLE_EQ(day.value(flow), -700) << "worth enough, but not large";
  day.trade(10, 900, condition::off_exchange);
  EXPECT_DOUBLE_EQ(day.value(flow), -700) << "an off-exchange report is no one's aggression";
}

TEST(SizeHistogram, is_right_to_a_bucket_at_every_quantile_and_forgets_by_halves) {
  std::vector<std::uint32_t> room(SizeHistogram::buckets);
  SizeHistogram sizes(room, 1'000);
  std::array marks{SizeHistogram::Mark{.p = 0.5}, SizeHistogram::Mark{.p = 0.995}};
  std::uint64_t state = 1;
  const auto random = [&] { return (state = state * 6364136223846793005ULL + 1442695040888963407ULL) >> 33; };
  std::vector<std::int64_t> all;
  for (int i = 0; i < 10'000; ++i) {
    const auto size = static_cast<std::int64_t>(1 + random() % 1'000'000) << (random() % 20);
    all.push_back(size);
    sizes.add(SizeHistogram::bucket_of(size), marks);
    if (i % 997 != 996) continue;
    auto sorted = all;
    std::sort(sorted.begin(), sorted.end());
    for (const auto& mark : marks) {
      const auto exact = sorted[static_cast<std::size_t>(std::ceil(mark.p * static_cast<double>(sorted.size()))) - 1];
      EXPECT_EQ(mark.bucket, SizeHistogram::bucket_of(exact)) << mark.p << " after " << i;
    }
  }
  for (int i = 0; i < 60'000; ++i) sizes.add(SizeHistogram::bucket_of(7), marks);
  EXPECT_EQ(SizeHistogram::edge_of(marks[0].bucket), 7);
  for (const std::int64_t size : {std::int64_t{0}, std::int64_t{1}, std::int64_t{63}, std::int64_t{64}, std::int64_t{10'000'000'000}, INT64_MAX}) {
    const auto bucket = SizeHistogram::bucket_of(size);
    ASSERT_LT(bucket, SizeHistogram::buckets);
    EXPECT_LE(SizeHistogram::edge_of(bucket), size);
    EXPECT_LE(static_cast<double>(size), static_cast<double>(SizeHistogram::edge_of(bucket)) * (1 + 1.0 / 64));
  }
}

TEST(Runs, count_prints_of_one_side_and_a_sweep_once) {
  MarketDay day;
  const auto length = day.declare({.kind = Kind::RunLength, .period = 10, .quantile = 0.95}), metaorder = day.declare({.kind = Kind::Metaorder, .period = 10, .quantile = 0.95});
  day.start();
  const auto trade = [&](std::int64_t size, Aggressor side, Duration after) {
    day.wait(after);
    day.trade(100, size, 0, side);
  };
  EXPECT_TRUE(std::isnan(day.value(length)));
  trade(100, Aggressor::Buyer, seconds(1));
  EXPECT_DOUBLE_EQ(day.value(length), 1);
  trade(100, Aggressor::Buyer, seconds(1));
  EXPECT_DOUBLE_EQ(day.value(length), 2) << "a gap of one second still belongs";
  trade(50, Aggressor::Buyer, {});
  trade(50, Aggressor::Buyer, {});
  EXPECT_DOUBLE_EQ(day.value(length), 2) << "three prints of one instant are one order's";
  trade(100, Aggressor::Buyer, seconds(1) + milliseconds(1));
  EXPECT_DOUBLE_EQ(day.value(length), 1);
  trade(100, Aggressor::Seller, seconds(1));
  EXPECT_DOUBLE_EQ(day.value(length), -1);
  EXPECT_TRUE(std::isnan(day.value(metaorder)));
  for (int i = 0; i < 7; ++i) trade(100, i % 2 == 0 ? Aggressor::Buyer : Aggressor::Seller, seconds(2));
  EXPECT_DOUBLE_EQ(day.value(length), 1);
  EXPECT_DOUBLE_EQ(day.value(metaorder), 0) << "100 is less than the 200 that came at once";
  trade(120, Aggressor::Buyer, milliseconds(500));
  EXPECT_DOUBLE_EQ(day.value(length), 2);
  EXPECT_DOUBLE_EQ(day.value(metaorder), 220);
}

TEST(Sweeps, take_several_prices_or_venues_at_once_or_carry_the_mark) {
  MarketDay day;
  const auto sweep = day.declare({.kind = Kind::SweepFlow, .period = 10});
  day.start();
  const auto trade = [&](double at, std::int64_t size, char venue, std::uint16_t conditions = 0, Aggressor side = Aggressor::Buyer) {
    day.apply(Trade{.instrument = InstrumentId{0}, .aggressor = side, .venue = static_cast<std::uint8_t>(venue), .conditions = conditions, .price = Price::nearest(at), .size = shares(size)});
  };
  trade(100, 10, 'N');
  trade(100, 10, 'N');
  EXPECT_DOUBLE_EQ(day.value(sweep), 0) << "one price, one venue";
  trade(100, 10, 'Q');
  EXPECT_DOUBLE_EQ(day.value(sweep), 30) << "with the prints that began it";
  trade(100.01, 5, 'Q');
  EXPECT_DOUBLE_EQ(day.value(sweep), 35);
  day.wait(milliseconds(2));
  trade(100, 7, 'N', 0, Aggressor::Seller);
  day.wait(milliseconds(2));
  trade(99.99, 7, 'N', 0, Aggressor::Seller);
  EXPECT_DOUBLE_EQ(day.value(sweep), 35) << "too late for one order";
  trade(99.98, 7, 'N', 0, Aggressor::Seller);
  EXPECT_DOUBLE_EQ(day.value(sweep), 21);
  day.wait(seconds(1));
  trade(99, 100, 'N', condition::sweep);
  EXPECT_DOUBLE_EQ(day.value(sweep), 121);
}

TEST(Iceberg, is_seen_when_more_traded_than_was_shown_and_the_size_came_back_twice) {
  MarketDay day;
  const auto bid = day.declare({.kind = Kind::IcebergBid}), ask = day.declare({.kind = Kind::IcebergAsk});
  day.start();
  EXPECT_TRUE(std::isnan(day.value(bid)));
  day.quote(100, 101, 200, 300);
  EXPECT_DOUBLE_EQ(day.value(bid), 0);
  const auto hit_and_back = [&](Duration after) {
    day.wait(milliseconds(1));
    day.trade(100, 150, 0, Aggressor::Seller);
    day.quote(100, 101, 50, 300);
    day.wait(after);
    day.quote(100, 101, 200, 300);
  };
  hit_and_back(milliseconds(100));
  hit_and_back(milliseconds(101));
  EXPECT_DOUBLE_EQ(day.value(bid), 0) << "the second time it came back too late";
  hit_and_back(milliseconds(5));
  EXPECT_DOUBLE_EQ(day.value(bid), 450.0 / 200);
  EXPECT_DOUBLE_EQ(day.value(ask), 0);
  day.trade(100, 150, 0, Aggressor::Seller);
  EXPECT_DOUBLE_EQ(day.value(bid), 3);
  day.quote(99.99, 101, 200, 300);
  EXPECT_DOUBLE_EQ(day.value(bid), 0) << "another price begins anew";
  day.quote(0, 101, 0, 300);
  EXPECT_TRUE(std::isnan(day.value(bid)));
}

TEST(TradeSide, says_who_and_zero_where_nobody_can) {
  MarketDay day;
  const auto side = day.declare({.kind = Kind::TradeSide}), lag = day.declare({.kind = Kind::QuoteLag});
  day.start();
  EXPECT_DOUBLE_EQ(day.value(lag), 0);
  EXPECT_TRUE(std::isnan(day.value(side)));
  day.trade(100, 10);
  EXPECT_DOUBLE_EQ(day.value(side), 0) << "the first trade has neither quote nor tick";
  day.trade(99, 10);
  EXPECT_DOUBLE_EQ(day.value(side), -1);
  day.trade(99, 10, 0, Aggressor::Buyer);
  EXPECT_DOUBLE_EQ(day.value(side), 1);
  EXPECT_EQ(day.features.source(side, InstrumentId{0}), "aggressor flag");
  EXPECT_EQ(day.features.source(lag, InstrumentId{0}), "emo rule");
}

TEST(MultiOfi, adds_up_every_level_in_mean_depths_and_forgets_by_the_clock) {
  MarketDay day;
  const auto ofi = day.declare({.kind = Kind::OfiMulti, .timeframe = seconds(1), .period = 2, .levels = 2});
  const auto touch = day.declare({.kind = Kind::OfiMulti, .timeframe = seconds(1), .period = 2, .levels = 1});
  day.start();
  const auto row = [&](BookSide side, std::uint16_t position, double at, std::int64_t size, RowOperation operation = RowOperation::Update) {
    day.apply(DepthRow{.instrument = InstrumentId{0}, .side = side, .operation = operation, .position = position, .price = Price::nearest(at), .size = shares(size)});
  };
  for (std::uint16_t i = 0; i < 3; ++i) row(BookSide::Bid, i, 100 - i, 100, RowOperation::Insert), row(BookSide::Ask, i, 101 + i, 100, RowOperation::Insert);
  day.wait(seconds(5));
  row(BookSide::Bid, 1, 99, 160);
  const double w = std::exp(-0.5), depth = (100 + 160 + 100 + 100) / 4.0;
  EXPECT_NEAR(day.value(ofi), w * 60 / (1 + w) / depth, 1e-12) << "the second level grew by 60";
  row(BookSide::Ask, 0, 101, 70);
  const double depth2 = (depth + (100 + 160 + 70 + 100) / 4.0) / 2;
  EXPECT_NEAR(day.value(ofi), (30 + w * 60) / (1 + w) / depth2, 1e-12) << "30 were taken from the ask";
  EXPECT_NEAR(day.value(touch), 30 / 85.0, 1e-12) << "one level saw one change: its mean depth is that of 100 and 70";
  row(BookSide::Bid, 2, 98, 5'000);
  EXPECT_NEAR(day.value(ofi), (30 + w * 60) / (1 + w) / depth2, 1e-12) << "the third level is not counted";
  row(BookSide::Ask, 0, 99.5, 1);
  EXPECT_NEAR(day.value(ofi), (30 + w * 60) / (1 + w) / depth2, 1e-12) << "a crossed book says nothing";
  row(BookSide::Ask, 0, 101, 70);
  day.wait(seconds(2));
  row(BookSide::Bid, 0, 100, 90);
  EXPECT_LT(day.value(touch), 0) << "only the last change is left";
  day.apply(DepthReset{InstrumentId{0}});
  row(BookSide::Bid, 0, 50, 1'000, RowOperation::Insert);
  EXPECT_LT(day.value(touch), 0) << "what came in the gap is not known";
}

TEST(MultiOfi, needs_twenty_intervals_before_it_tells_the_levels_common_part) {
  MarketDay day;
  const auto integrated = day.declare({.kind = Kind::OfiIntegrated, .timeframe = seconds(1), .period = 1, .levels = 3});
  day.start();
  for (std::uint16_t i = 0; i < 3; ++i)
    for (const auto side : {BookSide::Bid, BookSide::Ask})
      day.apply(DepthRow{.instrument = InstrumentId{0}, .side = side, .operation = RowOperation::Insert, .position = i, .price = price(side == BookSide::Bid ? 100 - i : 101 + i), .size = shares(100)});
  std::int64_t size = 100;
  for (int second = 0; second < 25; ++second) {
    day.wait(seconds(1));
    size += second % 2 == 0 ? 30 : -30;  // the first two bids breathe together, the third never moves
    for (std::uint16_t i = 0; i < 2; ++i)
      day.apply(DepthRow{.instrument = InstrumentId{0}, .side = BookSide::Bid, .operation = RowOperation::Update, .position = i, .price = price(100 - i), .size = shares(size)});
    EXPECT_EQ(std::isnan(day.value(integrated)), second < 19) << second << ": the building of the book was the first interval";
  }
  // Both moved by +30: weights 1/2, 1/2, 0. Mean depth of the two changes: (130 + 5 x 100) / 6 and (2 x 130 + 4 x 100) / 6.
  EXPECT_NEAR(day.value(integrated), 30 / ((630 / 6.0 + 660 / 6.0) / 2), 1e-6);
}

TEST(QuoteLag, is_found_from_trades_that_carry_no_flag) {
  // The quote arrives 8 ms before the trade that made it: it has moved on when the trade is told.
  market::Market market({}, 1);
  market.define(test::stock(0));
  Features features(1, {.side_rule = SideRule::LeeReady, .calibrate = true});
  const InstrumentId id{0};
  const auto lag = features.declare({.kind = Kind::QuoteLag}, std::span(&id, 1)), side = features.declare({.kind = Kind::TradeSide}, std::span(&id, 1));
  features.start(market);
  auto now = test::morning;
  std::uint64_t state = 7;
  int right = 0, judged = 0;
  std::int64_t bid = 10'000;
  for (int i = 0; i < 2'000; ++i) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    const bool buyer = (state >> 40) % 2 == 0;
    const auto traded = buyer ? bid + 4 : bid;
    bid += buyer ? 3 : -3;  // the touch moves through the price that was paid
    const Quote after{.instrument = id, .bid = price(0, bid), .ask = price(0, bid + 4), .bid_size = shares(100), .ask_size = shares(100)};
    market.apply(after, now), features.apply(after, market);
    now = now + milliseconds(8);
    const Trade trade{.instrument = id, .price = price(0, traded), .size = shares(100)};
    market.apply(trade, now), features.apply(trade, market);
    if (i == 100) {
      EXPECT_TRUE(std::isnan(features.value(lag, id)));
      EXPECT_EQ(features.source(side, id), "emo rule (lag not calibrated yet)");
    }
    if (i >= 1'000) ++judged, right += features.value(side, id) == (buyer ? 1 : -1);
    now = now + milliseconds(300);
  }
  EXPECT_GE(features.value(lag, id), 0.010) << "the first lag beyond 8 ms";
  EXPECT_LE(features.value(lag, id), 0.200);
  EXPECT_EQ(right, judged) << "asked for the quote of before, the rule is never wrong";
  EXPECT_EQ(features.lag_curve(id).size(), LagCalibrator::lags.size());
  EXPECT_LT(features.lag_curve(id)[0].agreement(), 0.1) << "the quote of after says the opposite";
}

TEST(QuoteHistory, keeps_the_quote_of_before_an_instant_and_nothing_older_than_it_has_room_for) {
  QuoteHistory quotes;
  EXPECT_FALSE(quotes.before(quotes.first_not_before(test::morning, 0)).valid);
  for (int i = 0; i < 600; ++i) quotes.add(test::morning + milliseconds(i), {price(100 + i), price(101 + i), true});
  const auto at = [&](Duration since) { return quotes.before(quotes.first_not_before(test::morning + since, 0)); };
  EXPECT_EQ(at(milliseconds(500)).bid, price(599)) << "strictly before";
  EXPECT_EQ(at(milliseconds(500) + nanoseconds(1)).bid, price(600));
  EXPECT_EQ(at(hours(1)).bid, price(699));
  EXPECT_FALSE(at(milliseconds(344)).valid) << "256 changes ago: forgotten, not guessed";
  EXPECT_TRUE(at(milliseconds(345)).valid);
  quotes.add(test::morning + milliseconds(599), {price(1), price(2), true});
  EXPECT_EQ(at(hours(1)).bid, price(1)) << "of one instant the last word counts";
}

TEST(Pressure, says_not_known_of_what_a_broken_feed_cannot_tell) {
  MarketDay day;
  const auto effective = day.declare({.kind = Kind::EffectiveSpread}), bid = day.declare({.kind = Kind::IcebergBid});
  day.start();
  day.quote(101, 100);
  day.wait(milliseconds(1));
  day.trade(100, 10, 0, Aggressor::Buyer);
  EXPECT_TRUE(std::isnan(day.value(effective))) << "a crossed quote has no mid";
  day.quote(0, 100, 0, 10);
  day.wait(milliseconds(1));
  day.trade(100, 10, 0, Aggressor::Buyer);
  EXPECT_TRUE(std::isnan(day.value(effective))) << "nor has one side alone";
  EXPECT_TRUE(std::isnan(day.value(bid)));
  day.quote(-37.00, -36.90);
  day.wait(milliseconds(1));
  day.trade(-36.90, 10, 0, Aggressor::Buyer);
  EXPECT_NEAR(day.value(effective), 2 * 0.05 / 36.95 * 1e4, 1e-9) << "crude oil of 2020: a buyer above the mid paid, whatever its sign";
}

}  // namespace
}  // namespace robo::features
