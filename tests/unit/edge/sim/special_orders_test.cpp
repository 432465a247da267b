// The rest of IB's vocabulary at the simulated exchange: each type by its rule, from both sides of its edge.

#include "scene.hpp"

namespace robo::sim {
namespace {

using namespace scene;
constexpr InstrumentId xxx{0};
constexpr std::int64_t minute = 60'000, hour = 60 * minute;

// ---------------------------------------------------------------- auctions


TEST(Auction, a_market_on_close_waits_for_the_closing_print_and_gets_its_price) {
  scene::Market m;
  m.phase(TradingPhase::Regular, 6 * hour).quote(10.00, 300, 10.02, 300).trade(10.01, 100);
  const auto slot = m.place(buy(xxx, shares(500)).at_close());
  m.at(5 * hour).quote(10.40, 9000, 10.42, 9000).trade(10.41, 9000);
  EXPECT_EQ(m.filled(slot), 0) << "whatever trades before the auction is not for it";
  EXPECT_EQ(m.state(slot), OrderState::PreSubmitted);
  m.at(6 * hour).phase(TradingPhase::PostMarket, 10 * hour);
  EXPECT_EQ(m.filled(slot), 0) << "the session is over, the auction's print has not come";
  m.at(6 * hour + 4'000).trade(10.55, 120'000, Aggressor::Unknown, trade_condition::auction);
  EXPECT_EQ(m.state(slot), OrderState::Filled);
  EXPECT_EQ(m.average(slot), 10.55);
}

TEST(Auction, a_limit_on_close_fills_at_the_auctions_price_when_that_is_better_than_its_limit_and_is_cancelled_at_its_limit) {
  scene::Market m;
  m.phase(TradingPhase::Regular, 6 * hour).quote(10.00, 300, 10.02, 300).trade(10.01, 100);
  const auto better = m.place(buy(xxx, shares(100)).at_close(usd(10.51)));
  const auto at_it = m.place(buy(xxx, shares(100)).at_close(usd(10.50)));
  const auto seller = m.place(sell(xxx, shares(50)).at_close(usd(10.49)));
  m.at(6 * hour).phase(TradingPhase::PostMarket, 10 * hour).trade(10.50, 10'000, Aggressor::Unknown, trade_condition::auction);
  EXPECT_EQ(m.average(better), 10.50);
  EXPECT_EQ(m.state(at_it), OrderState::Cancelled);
  EXPECT_EQ(m.average(seller), 10.50);
}

TEST(Auction, without_a_closing_print_the_last_price_stands_for_it_after_ten_minutes) {
  scene::Market m;
  m.phase(TradingPhase::Regular, 6 * hour).quote(10.00, 300, 10.02, 300).trade(10.01, 100);
  const auto slot = m.place(sell(xxx, shares(10)).at_close());
  m.at(6 * hour).phase(TradingPhase::PostMarket, 10 * hour);
  m.pass(6 * hour + 10 * minute - 1);
  EXPECT_EQ(m.filled(slot), 0);
  m.pass(6 * hour + 10 * minute);
  EXPECT_EQ(m.average(slot), 10.01);
}

TEST(Auction, the_entry_for_the_close_ends_at_the_exchanges_time_of_that_year) {
  Instrument nasdaq = stock();
  nasdaq.primary_exchange = "NASDAQ";
  scene::Market m({}, nasdaq);  // in January 2018 the last MOC was at 15:50, ten minutes before
  m.phase(TradingPhase::Regular, 6 * hour).quote(10.00, 300, 10.02, 300);
  m.at(6 * hour - 10 * minute);
  EXPECT_EQ(m.refusal(buy(xxx, shares(1)).at_close()), 0);
  m.at(6 * hour - 10 * minute + 1);
  EXPECT_EQ(m.refusal(buy(xxx, shares(1)).at_close()), 201);
}

TEST(Auction, a_market_on_open_gets_the_first_price_of_the_session) {
  scene::Market m;
  m.phase(TradingPhase::PreMarket, hour).quote(10.00, 300, 10.02, 300);
  const auto market = m.place(buy(xxx, shares(100)).at_open());
  const auto limit = m.place(sell(xxx, shares(30)).at_open(usd(10.30)));
  m.trade(10.01, 500);
  EXPECT_EQ(m.filled(market), 0);
  m.at(hour).phase(TradingPhase::Regular, 7 * hour).trade(10.25, 50'000, Aggressor::Unknown, trade_condition::auction);
  EXPECT_EQ(m.average(market), 10.25);
  EXPECT_EQ(m.state(limit), OrderState::Cancelled) << "the auction was below its limit; it has no second chance";
}

// ---------------------------------------------------------------- conditions

TEST(Conditional, an_order_waits_for_the_price_of_its_condition) {
  scene::Market m;
  m.quote(10.00, 300, 10.02, 300).trade(10.01, 100);
  const auto slot = m.place(buy(xxx, shares(100)).limit(usd(10.60)).when(PriceCondition{.instrument = xxx, .beyond = Beyond::AtLeast, .price = usd(10.50)}));
  EXPECT_EQ(m.state(slot), OrderState::PreSubmitted);
  EXPECT_EQ(m.filled(slot), 0) << "marketable, but not yet an order";
  m.quote(10.48, 300, 10.50, 300).trade(10.49, 100);
  EXPECT_EQ(m.filled(slot), 0);
  m.trade(10.50, 100);
  EXPECT_EQ(m.average(slot), 10.50);
}

TEST(Conditional, and_needs_both_or_needs_one_read_from_left_to_right) {
  scene::Market m;
  m.quote(10.00, 3000, 10.02, 3000).trade(10.01, 100);
  const PriceCondition high{.instrument = xxx, .beyond = Beyond::AtLeast, .price = usd(10.50)};
  const TimeCondition later{.at = m.start + seconds(60)};
  const VolumeCondition busy{.instrument = xxx, .volume = 1'000};
  const auto both = m.place(buy(xxx, shares(1)).market().when(high).and_when(later));
  const auto either = m.place(buy(xxx, shares(1)).market().when(high).or_when(later));
  const auto left = m.place(buy(xxx, shares(1)).market().when(high).or_when(later).and_when(busy));
  m.pass(59'999);
  EXPECT_EQ(m.filled(either), 0);
  m.pass(60'000);
  EXPECT_EQ(m.filled(either), 1);
  EXPECT_EQ(m.filled(both), 0);
  EXPECT_EQ(m.filled(left), 0) << "(high or later) and busy";
  m.trade(10.02, 899);
  EXPECT_EQ(m.filled(left), 0);
  m.trade(10.02, 1);
  EXPECT_EQ(m.filled(left), 1);
  m.trade(10.50, 100);
  EXPECT_EQ(m.filled(both), 1);
}

TEST(Conditional, a_condition_may_cancel_a_working_order) {
  scene::Market m;
  m.quote(10.00, 300, 10.02, 300).trade(10.01, 100);
  const auto slot = m.place(buy(xxx, shares(100)).limit(usd(9.90)).cancel_when(PriceCondition{.instrument = xxx, .beyond = Beyond::AtLeast, .price = usd(10.10)}));
  EXPECT_EQ(m.state(slot), OrderState::Submitted);
  m.trade(10.09, 100);
  EXPECT_EQ(m.state(slot), OrderState::Submitted);
  m.trade(10.10, 100);
  EXPECT_EQ(m.state(slot), OrderState::Cancelled);
}

TEST(Conditional, an_execution_of_ours_and_a_change_since_yesterday_and_a_cushion_are_conditions_too) {
  scene::Market m;
  m.broker.matcher().set_prior_close(xxx, usd(10.00));
  m.quote(10.00, 3000, 10.02, 3000).trade(10.01, 100);
  m.buy(10, robo::Market{});
  const auto after_fill = m.place(buy(xxx, shares(1)).market().when(ExecutionCondition{xxx}));
  const auto up_two = m.place(buy(xxx, shares(1)).market().when(ChangeCondition{.instrument = xxx, .beyond = Beyond::AtLeast, .change = percent(2)}));
  const auto tight = m.place(buy(xxx, shares(1)).market().when(MarginCondition{.beyond = Beyond::AtMost, .percent = 50}));
  EXPECT_EQ(m.filled(after_fill), 0) << "fills from before it came do not count";
  m.trade(10.19, 100);
  EXPECT_EQ(m.filled(up_two), 0);
  m.trade(10.20, 100);
  EXPECT_EQ(m.filled(up_two), 1);
  m.trade(10.20, 100);
  EXPECT_EQ(m.filled(after_fill), 1);
  EXPECT_EQ(m.filled(tight), 0) << "the account is nearly all cash";
}

TEST(Conditional, a_double_trigger_method_needs_two_sightings_in_a_row) {
  scene::Market m;
  m.quote(10.00, 300, 10.02, 300).trade(10.01, 100);
  const auto slot = m.place(buy(xxx, shares(1)).market().when(
      PriceCondition{.instrument = xxx, .beyond = Beyond::AtLeast, .method = TriggerMethod::DoubleLast, .price = usd(10.50)}));
  m.trade(10.50, 100).trade(10.40, 100).trade(10.50, 100);
  EXPECT_EQ(m.filled(slot), 0);
  m.trade(10.51, 100);
  EXPECT_EQ(m.filled(slot), 1);
}

}  // namespace
}  // namespace robo::sim
