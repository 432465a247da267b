#include "kernel/ensemble/ensemble.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "support/rooms.hpp"

namespace robo::ensemble {
namespace {

const InstrumentId spy{0}, qqq{1}, gld{2};
const StrategyId first{0}, second{1}, third{2};

/// No cap but the one a test sets: full weight to what strategies say.
Settings wide() {
  Settings s;
  s.volatility_target = 100;
  s.instrument_risk_share = 0.004;   // x volatility 0.4 assumed: a lone full opinion of one strategy is equity x 1/3
  s.position_max = s.gross_max = s.net_max = 100;
  s.no_trade_band = 0;
  return s;
}

class EnsembleTest : public testing::Test {
 protected:
  EnsembleTest() : rooms({test::stock(0, "SPY"), test::stock(1, "QQQ"), test::stock(2, "GLD")}) {
    rooms.start();
    for (const InstrumentId id : {spy, qqq, gld}) rooms.trade(id, price(100), shares(100), test::monday);
  }
  static strategy::Opinion says(StrategyId who, InstrumentId instrument, double score, Duration horizon = minutes(10)) {
    return {who, {.instrument = instrument, .score = score, .confidence = 1, .horizon = horizon}};
  }
  static strategy::Opinion leaves(StrategyId who, InstrumentId instrument) { return {who, {.instrument = instrument, .exit = true}}; }
  std::span<const Target> blend(Ensemble& e, std::vector<strategy::Opinion> opinions, Timestamp at = test::monday) {
    facts.clear();
    return e.blend(at, opinions, rooms.world(), facts);
  }
  static Quantity sum(const Reason& reason) {
    Quantity total;
    for (std::size_t i = 0; i < reason.contribution_count; ++i) total += reason.contributions[i].quantity;
    return total;
  }

  test::Rooms rooms;
  Facts facts;
};

TEST_F(EnsembleTest, blends_opinions_into_one_target_that_names_who_and_how_much) {
  Ensemble e(wide(), rooms.instruments, 3);
  const auto targets = blend(e, {says(first, spy, 1), says(second, spy, -0.4), says(third, qqq, 0.5)});
  ASSERT_EQ(targets.size(), 2u);
  const Target& t = targets[0];
  EXPECT_EQ(t.instrument, spy);
  EXPECT_EQ(t.quantity, shares(2000)) << "a million x (1 - 0.4) / 3 at 100";
  EXPECT_NEAR(t.reason.blended_score, 0.2, 1e-12);
  ASSERT_EQ(t.reason.contribution_count, 2u);
  EXPECT_EQ(t.reason.contributions[0].strategy, first);
  EXPECT_EQ(t.reason.contributions[0].quantity + t.reason.contributions[1].quantity, t.quantity);
  EXPECT_NEAR(t.reason.contributions[0].quantity.to_double(), 3333, 1);
  EXPECT_NEAR(t.reason.contributions[1].quantity.to_double(), -1333, 1);
  EXPECT_EQ(t.reason.cap, SizeCap::None);
  EXPECT_EQ(t.reason.target, t.quantity);
  EXPECT_EQ(targets[1].quantity, shares(1666)) << "rounded towards zero on the share";
  const auto said = test::only<TargetSet>(facts);
  ASSERT_EQ(said.size(), 2u);
  EXPECT_EQ(said[0].target, t.quantity);
}

TEST_F(EnsembleTest, contributions_sum_exactly_for_every_blend_of_three) {
  Ensemble e(wide(), rooms.instruments, 3);
  std::uint64_t x = 42;
  const auto roll = [&x] { return static_cast<double>((x = x * 6364136223846793005ULL + 1442695040888963407ULL) >> 40) / 8388608.0 - 1; };
  int targets_seen = 0;
  for (int i = 0; i < 5000; ++i)
    for (const Target& t : blend(e, {says(first, spy, roll()), says(second, spy, roll()), says(third, spy, roll())})) {
      ASSERT_EQ(sum(t.reason), t.quantity);
      ++targets_seen;
    }
  EXPECT_GT(targets_seen, 4000);
}

TEST_F(EnsembleTest, opposite_opinions_of_equal_size_are_flat_and_say_both_sides) {
  Ensemble e(wide(), rooms.instruments, 2);
  (void)blend(e, {says(first, spy, 0.5)});
  const auto targets = blend(e, {says(second, spy, -0.5)});
  ASSERT_EQ(targets.size(), 1u);
  EXPECT_EQ(targets[0].quantity, Quantity{});
  EXPECT_EQ(sum(targets[0].reason), Quantity{});
  EXPECT_EQ(targets[0].reason.contribution_count, 2u);
}

TEST_F(EnsembleTest, an_opinion_ends_at_its_horizon_and_not_before) {
  Ensemble e(wide(), rooms.instruments, 1);
  (void)blend(e, {says(first, spy, 1, minutes(10))});
  EXPECT_TRUE(e.expire(test::monday + minutes(10) - nanoseconds(1), rooms.world(), facts).empty());
  const auto targets = e.expire(test::monday + minutes(10), rooms.world(), facts);
  ASSERT_EQ(targets.size(), 1u);
  EXPECT_EQ(targets[0].quantity, Quantity{});
  EXPECT_FALSE(targets[0].urgent);
  ASSERT_EQ(targets[0].reason.contribution_count, 1u);
  EXPECT_EQ(targets[0].reason.contributions[0].strategy, first);
  EXPECT_TRUE(e.expire(test::monday + minutes(11), rooms.world(), facts).empty());
}

TEST_F(EnsembleTest, an_exit_leaves_at_once_and_leaves_the_others_part) {
  Ensemble e(wide(), rooms.instruments, 2);
  (void)blend(e, {says(first, spy, 1), says(second, spy, 1)});
  const auto targets = blend(e, {leaves(first, spy)});
  ASSERT_EQ(targets.size(), 1u);
  EXPECT_TRUE(targets[0].urgent);
  ASSERT_EQ(targets[0].reason.contribution_count, 2u);
  EXPECT_EQ(targets[0].reason.contributions[0].strategy, second);
  EXPECT_EQ(targets[0].reason.contributions[0].quantity, targets[0].quantity);
  EXPECT_EQ(targets[0].reason.contributions[1].strategy, first) << "the order names who left";
  EXPECT_EQ(targets[0].reason.contributions[1].quantity, Quantity{});
  EXPECT_TRUE(blend(e, {leaves(first, spy)}).empty()) << "leaving twice is leaving once";
}

TEST_F(EnsembleTest, position_cap_binds_and_says_so) {
  Settings s = wide();
  s.position_max = 0.20;
  Ensemble e(s, rooms.instruments, 1);
  const auto t = blend(e, {says(first, spy, -1)});
  EXPECT_EQ(t[0].quantity, shares(-2000));
  EXPECT_EQ(t[0].reason.cap, SizeCap::PositionLimit);
}

TEST_F(EnsembleTest, gross_and_net_caps_look_at_the_whole_book) {
  Settings s = wide();
  s.gross_max = 1.5;
  Ensemble gross(s, rooms.instruments, 1);
  (void)blend(gross, {says(first, spy, 1)});
  const auto t = blend(gross, {says(first, qqq, -1)});
  EXPECT_EQ(t[0].quantity, shares(-5000));
  EXPECT_EQ(t[0].reason.cap, SizeCap::GrossExposure);

  s = wide();
  s.net_max = 0.25;
  Ensemble net(s, rooms.instruments, 1);
  EXPECT_EQ(blend(net, {says(first, spy, 1)})[0].quantity, shares(2500));
  EXPECT_EQ(blend(net, {says(first, qqq, -0.5)})[0].quantity, shares(-5000)) << "room on the short side is net 25 % + 25 %";
  EXPECT_EQ(net.target(qqq).reason.cap, SizeCap::None);
  EXPECT_TRUE(blend(net, {says(first, gld, -1)}).empty()) << "net is at -25 %";
  EXPECT_EQ(blend(net, {says(first, gld, 1)})[0].reason.cap, SizeCap::NetExposure);
  EXPECT_EQ(net.target(gld).quantity, shares(5000));
}

TEST_F(EnsembleTest, volatility_target_holds_for_the_book_and_counts_correlation) {
  Settings s = wide();
  s.volatility_target = 0.10;
  s.instrument_risk_share = 1;
  s.correlation_assumed = 0.3;
  Ensemble e(s, rooms.instruments, 1);
  EXPECT_EQ(blend(e, {says(first, spy, 1)})[0].quantity, shares(2500)) << "10 % target / 40 % volatility";
  EXPECT_NEAR(e.book_volatility(1e6), 0.10, 1e-12);
  const auto t = blend(e, {says(first, qqq, 1)});
  EXPECT_EQ(t.size(), 0u) << "no room is no position";
  const auto other_way = blend(e, {says(first, qqq, -1)});
  ASSERT_EQ(other_way.size(), 1u);
  EXPECT_EQ(other_way[0].quantity, shares(-1500)) << "2 x 0.3 of the first one's risk is hedged away: a = 2ca";
  EXPECT_EQ(other_way[0].reason.cap, SizeCap::VolatilityTarget);
  EXPECT_NEAR(e.book_volatility(1e6), 0.10, 1e-3);
}

TEST_F(EnsembleTest, kelly_takes_a_quarter_of_the_claim_less_its_error) {
  Settings s = wide();
  s.kelly_fraction = 0.25;
  s.kelly_error_multiple = 1;
  s.kelly_evidence = 100;
  Ensemble e(s, rooms.instruments, 1);
  strategy::Opinion o = says(first, spy, 1, hours(24));
  o.signal.volatility = 0.02;
  o.signal.expected_return = 0.0025;  // error 0.002: mean 0.0005, f = 0.25 x 0.0005 / 0.0004 = 0.3125
  const auto t = blend(e, {o});
  EXPECT_EQ(t[0].quantity, shares(3125));
  EXPECT_EQ(t[0].reason.cap, SizeCap::Kelly);
  o.signal.expected_return = 0.002;   // no more than its own error
  EXPECT_EQ(blend(e, {o})[0].quantity, Quantity{});
  o.signal.expected_return = -0.01;   // claims the opposite of its score
  EXPECT_TRUE(blend(e, {o}).empty());
}

TEST_F(EnsembleTest, nobody_gets_more_than_a_quarter_kelly_by_asking_for_it) {
  Settings greedy = wide(), quarter = wide();
  greedy.kelly_fraction = 1;
  Ensemble a(greedy, rooms.instruments, 1), b(quarter, rooms.instruments, 1);
  strategy::Opinion o = says(first, spy, 1, hours(24));
  o.signal.volatility = 0.02;
  o.signal.expected_return = 0.002;
  EXPECT_EQ(blend(a, {o})[0].quantity, blend(b, {o})[0].quantity);
}

TEST_F(EnsembleTest, drawdown_ladder_steps_down_and_reaches_zero_at_the_limit) {
  Settings s = wide();
  s.drawdown_limit = 0.10;
  Ensemble e(s, rooms.instruments, 1);
  const auto whole = blend(e, {says(first, spy, 1, hours(100))})[0].quantity;
  rooms.fill(gld, Side::Buy, shares(10'000), price(100), test::monday);
  const auto lose = [&](Price now) {
    rooms.portfolio.mark(gld, now);
    Bar bar{.instrument = spy, .start = test::monday, .period = minutes(1), .open = price(100), .close = price(100)};
    e.on_bar(bar, rooms.world());
    facts.clear();
    return e.expire(test::monday + seconds(1), rooms.world(), facts);
  };
  EXPECT_TRUE(lose(price(97)).empty()) << "3 %: 1.5 x (1 - 0.3) is still above 1";
  const auto half = lose(price(93));  // 7 %: 1.5 x 0.3 = 0.45 -> step 0.4, of a smaller equity
  ASSERT_EQ(half.size(), 1u);
  EXPECT_EQ(half[0].reason.cap, SizeCap::Drawdown);
  EXPECT_NEAR(half[0].quantity.to_double(), whole.to_double() * 0.4 * 0.93, 1);
  const auto none = lose(price(90));
  ASSERT_EQ(none.size(), 1u);
  EXPECT_EQ(none[0].quantity, Quantity{});
}

TEST_F(EnsembleTest, changes_inside_the_band_are_not_traded_and_on_its_edge_are) {
  Settings s = wide();
  s.no_trade_band = 0.10;
  Ensemble e(s, rooms.instruments, 1);
  (void)blend(e, {says(first, spy, 0.5)});
  EXPECT_TRUE(blend(e, {says(first, spy, 0.46)}).empty());
  EXPECT_EQ(e.target(spy).quantity, shares(5000));
  EXPECT_EQ(e.target(spy).reason.cap, SizeCap::NoTradeBand);
  EXPECT_EQ(blend(e, {says(first, spy, 0.45)})[0].quantity, shares(4500));
  EXPECT_EQ(blend(e, {says(first, spy, 0)})[0].quantity, Quantity{}) << "going flat is never too small";
}

TEST_F(EnsembleTest, a_failed_strategys_part_is_left_and_a_paused_ones_runs_out) {
  Ensemble e(wide(), rooms.instruments, 2);
  (void)blend(e, {says(first, spy, 1), says(second, qqq, 1)});
  EXPECT_TRUE(e.on_strategy(test::monday, first, StrategyState::Paused, rooms.world(), facts).empty());
  const auto t = e.on_strategy(test::monday, second, StrategyState::Failed, rooms.world(), facts);
  ASSERT_EQ(t.size(), 1u);
  EXPECT_EQ(t[0].instrument, qqq);
  EXPECT_EQ(t[0].quantity, Quantity{});
  EXPECT_TRUE(t[0].urgent);
  EXPECT_EQ(e.expire(test::monday + minutes(10), rooms.world(), facts).size(), 1u);
}

TEST_F(EnsembleTest, after_a_stop_nobody_walks_straight_back_in) {
  Ensemble e(wide(), rooms.instruments, 1);
  (void)blend(e, {says(first, spy, 1, minutes(30))});
  const auto out = e.on_protected_exit(test::monday + minutes(1), spy, rooms.world(), facts);
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].quantity, Quantity{});
  EXPECT_TRUE(blend(e, {says(first, spy, 1)}, test::monday + minutes(2)).empty()) << "the same opinion again";
  EXPECT_EQ(blend(e, {says(first, spy, -1)}, test::monday + minutes(3)).size(), 1u) << "it turned";
  (void)blend(e, {leaves(first, spy)}, test::monday + minutes(4));
  EXPECT_EQ(blend(e, {says(first, spy, 1)}, test::monday + minutes(5)).size(), 1u) << "it had left in between";
}

TEST_F(EnsembleTest, a_spent_opinion_may_come_back_when_its_first_horizon_is_over) {
  Ensemble e(wide(), rooms.instruments, 1);
  (void)blend(e, {says(first, spy, 1, minutes(30))});
  (void)e.on_protected_exit(test::monday + minutes(1), spy, rooms.world(), facts);
  EXPECT_TRUE(blend(e, {says(first, spy, 1)}, test::monday + minutes(30) - nanoseconds(1)).empty());
  EXPECT_EQ(blend(e, {says(first, spy, 1)}, test::monday + minutes(30)).size(), 1u);
}

TEST_F(EnsembleTest, stop_and_target_come_from_the_strongest_on_the_targets_side) {
  Ensemble e(wide(), rooms.instruments, 3);
  auto weak = says(first, spy, 0.3), strong = says(second, spy, 0.9), against = says(third, spy, -0.2);
  weak.signal.stop_distance = price(1);
  strong.signal.stop_distance = price(2);
  strong.signal.target_distance = price(5);
  against.signal.stop_distance = price(9);
  const auto t = blend(e, {weak, strong, against});
  EXPECT_EQ(t[0].stop_distance, price(2));
  EXPECT_EQ(t[0].target_distance, price(5));
}

TEST_F(EnsembleTest, without_a_price_there_is_no_size) {
  test::Rooms dark({test::stock(0, "SPY")});
  dark.start();
  Ensemble e(wide(), dark.instruments, 1);
  EXPECT_TRUE(e.blend(test::monday, std::vector{says(first, spy, 1)}, dark.world(), facts).empty());
  dark.trade(spy, price(50), shares(1), test::monday + seconds(1));
  EXPECT_EQ(e.blend(test::monday + seconds(1), std::vector{says(first, spy, 1)}, dark.world(), facts).size(), 1u);
}

TEST_F(EnsembleTest, sizes_stand_on_the_instruments_grid) {
  Instrument coin = test::stock(0, "BTC");
  coin.asset_class = AssetClass::Crypto;
  coin.size_increment = Quantity::from_raw(100'000);  // 0.001
  test::Rooms crypto({coin});
  crypto.start();
  crypto.trade(spy, price(61'234, 56), Quantity::from_raw(1'000'000), test::monday);
  Ensemble e(wide(), crypto.instruments, 1);
  const auto t = e.blend(test::monday, std::vector{says(first, spy, 0.77)}, crypto.world(), facts);
  ASSERT_EQ(t.size(), 1u);
  EXPECT_EQ(t[0].quantity.raw % coin.size_increment.raw, 0);
  EXPECT_NEAR(t[0].quantity.to_double(), 1e6 * 0.77 / 61'234.56, 0.001);
}

TEST_F(EnsembleTest, quiet_bars_make_it_larger_only_down_to_the_floor) {
  Settings s = wide();
  s.volatility_floor = 0.10;
  Ensemble e(s, rooms.instruments, 1);
  EXPECT_EQ(e.volatility(spy), s.volatility_assumed);
  for (int i = 0; i < 30; ++i)
    e.on_bar({.instrument = spy, .start = test::monday + minutes(i), .period = minutes(1), .open = price(100), .close = price(100)}, rooms.world());
  EXPECT_EQ(e.volatility(spy), 0.10);
}

}  // namespace
}  // namespace robo::ensemble
