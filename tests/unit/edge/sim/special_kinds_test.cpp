// Touches, trails, pegs, attributes, lifetimes, one-cancels-all and adjusting stops at the simulated exchange.

#include "scene.hpp"

namespace robo::sim {
namespace {

using namespace scene;
constexpr InstrumentId xxx{0};
constexpr std::int64_t minute = 60'000, hour = 60 * minute;

scene::Market& ready(scene::Market& m) { return m.quote(10.00, 300, 10.02, 300).trade(10.01, 100); }

// ---------------------------------------------------------------- touched

TEST(IfTouched, a_buy_waits_for_a_fall_and_then_takes_the_market) {
  scene::Market m;
  ready(m);
  const auto slot = m.place(buy(xxx, shares(100)).market_if_touched(usd(9.90)));
  m.quote(9.90, 300, 9.92, 300).trade(9.91, 100);
  EXPECT_EQ(m.filled(slot), 0);
  m.trade(9.90, 100);
  EXPECT_EQ(m.average(slot), 9.92);
}

TEST(IfTouched, a_sale_with_a_limit_waits_for_a_rise_and_then_for_its_limit) {
  scene::Market m;
  ready(m);
  m.buy(100, robo::Market{});
  const auto slot = m.place(sell(xxx, shares(100)).limit_if_touched(usd(10.20), usd(10.25)));
  m.quote(10.19, 300, 10.21, 300).trade(10.20, 100);
  EXPECT_EQ(m.state(slot), OrderState::Submitted) << "touched, and now a limit order";
  EXPECT_EQ(m.filled(slot), 0);
  m.quote(10.26, 300, 10.28, 300);
  EXPECT_EQ(m.filled(slot), 100);
  EXPECT_EQ(m.average(slot), 10.25);
}

TEST(MarketToLimit, what_is_left_rests_at_the_price_of_the_first_fill) {
  scene::Market m;
  ready(m);
  const auto slot = m.place(buy(xxx, shares(500)).market_to_limit());
  EXPECT_EQ(m.filled(slot), 300);
  m.quote(10.03, 300, 10.05, 900);
  EXPECT_EQ(m.filled(slot), 300) << "a market order would have paid 10.05";
  m.quote(10.00, 300, 10.02, 900);
  EXPECT_EQ(m.filled(slot), 500);
  EXPECT_EQ(m.average(slot), 10.02);
}

// ---------------------------------------------------------------- trails

TEST(Trailing, by_a_share_of_the_price_the_stop_rises_with_it_and_never_falls) {
  scene::Market m;
  ready(m);
  m.buy(100, robo::Market{});
  const auto slot = m.place(sell(xxx, shares(100)).trail(percent(2)));
  m.quote(19.99, 300, 20.01, 300).trade(20.00, 100);
  EXPECT_EQ(m.order(slot).trigger.to_double(), 19.60);
  m.trade(19.61, 100);
  EXPECT_EQ(m.filled(slot), 0);
  m.quote(19.58, 300, 19.60, 300).trade(19.60, 100);
  EXPECT_EQ(m.average(slot), 19.58);
}

TEST(Trailing, a_trailing_stop_limit_carries_its_limit_along) {
  scene::Market m;
  ready(m);
  m.buy(100, robo::Market{});
  const auto slot = m.place(sell(xxx, shares(100)).trail_limit(usd(0.50), usd(9.60), usd(0.10)));
  m.quote(10.99, 300, 11.01, 300).trade(11.00, 100);
  EXPECT_EQ(m.order(slot).trigger.to_double(), 10.50);
  m.quote(10.30, 300, 10.32, 300).trade(10.45, 100);
  EXPECT_EQ(m.filled(slot), 0) << "elected, and its limit is 10.40";
  EXPECT_EQ(m.order(slot).limit.to_double(), 10.40);
  m.quote(10.41, 300, 10.43, 300);
  EXPECT_EQ(m.filled(slot), 100);
}

// ---------------------------------------------------------------- pegs

TEST(Pegged, a_relative_order_stays_ahead_of_the_best_bid_and_behind_its_cap) {
  scene::Market m;
  m.quote(10.00, 300, 10.10, 300);
  const auto slot = m.place(buy(xxx, shares(100)).relative(usd(0.02), usd(10.05)));
  EXPECT_EQ(m.order(slot).limit.to_double(), 10.02);
  m.quote(10.02, 300, 10.10, 300);
  EXPECT_EQ(m.order(slot).limit.to_double(), 10.04);
  m.quote(10.04, 300, 10.10, 300);
  EXPECT_EQ(m.order(slot).limit.to_double(), 10.05);
  m.trade(10.05, 60, Aggressor::Seller);
  EXPECT_EQ(m.filled(slot), 60);
}

TEST(Pegged, to_the_midpoint_it_is_unseen_and_fills_inside_the_spread) {
  scene::Market m;
  m.quote(10.00, 300, 10.03, 300);
  const auto slot = m.place(buy(xxx, shares(100)).peg_mid());
  EXPECT_EQ(m.order(slot).limit.to_double(), 10.015);
  m.trade(10.02, 100, Aggressor::Seller);
  EXPECT_EQ(m.filled(slot), 0);
  m.trade(10.015, 40, Aggressor::Seller);
  EXPECT_EQ(m.filled(slot), 40);
  m.quote(10.01, 300, 10.03, 300);
  EXPECT_EQ(m.order(slot).limit.to_double(), 10.02);
}

TEST(Pegged, to_best_it_competes_only_with_enough_size_and_never_past_the_middle) {
  scene::Market m;
  m.quote(10.00, 100, 10.10, 300);
  const auto slot = m.place(buy(xxx, shares(100)).peg_best({.better = usd(0.02), .competing = 200}).routed_to("IBKRATS"));
  EXPECT_FALSE(m.order(slot).priced) << "100 shares are nobody to compete with";
  m.quote(10.00, 200, 10.10, 300);
  EXPECT_EQ(m.order(slot).limit.to_double(), 10.02);
  m.quote(10.08, 200, 10.10, 300);
  EXPECT_EQ(m.order(slot).limit.to_double(), 10.09);
}

// ---------------------------------------------------------------- attributes

TEST(Iceberg, each_slice_goes_to_the_back_of_the_queue) {
  scene::Market m;
  m.quote(10.00, 100, 10.02, 300);
  const auto slot = m.place(buy(xxx, shares(300)).limit(usd(10.00)).iceberg(shares(100)));
  m.trade(10.00, 250, Aggressor::Seller);
  EXPECT_EQ(m.filled(slot), 100) << "100 stood before it; of the rest it had 100 to show";
  m.trade(10.00, 100, Aggressor::Seller);
  EXPECT_EQ(m.filled(slot), 100) << "the next slice stands behind the 100 shown there";
  m.trade(10.00, 50, Aggressor::Seller);
  EXPECT_EQ(m.filled(slot), 150);
}

TEST(Hidden, it_stands_behind_everything_shown_at_its_price_for_ever) {
  scene::Market m;
  m.quote(10.00, 100, 10.02, 300);
  const auto shown = m.buy(100, Limit{usd(10.00)});
  const auto hidden = m.place(buy(xxx, shares(100)).limit(usd(10.00)).hidden());
  m.trade(10.00, 100, Aggressor::Seller);
  m.trade(10.00, 100, Aggressor::Seller);
  EXPECT_EQ(m.filled(shown), 100);
  EXPECT_EQ(m.filled(hidden), 0) << "200 have traded, and there were always 100 before it";
  m.trade(10.00, 130, Aggressor::Seller);
  EXPECT_EQ(m.filled(hidden), 30);
}

TEST(Discretionary, it_shows_its_limit_and_takes_what_comes_within_its_discretion) {
  scene::Market m;
  m.quote(10.00, 100, 10.10, 300);
  const auto slot = m.place(buy(xxx, shares(100)).limit(usd(10.00)).discretion(usd(0.05)));
  m.quote(10.00, 100, 10.06, 300);
  EXPECT_EQ(m.filled(slot), 0);
  m.quote(10.00, 100, 10.05, 60);
  EXPECT_EQ(m.filled(slot), 60);
  EXPECT_EQ(m.average(slot), 10.05);
}

TEST(AllOrNone, it_waits_for_one_fill_that_is_the_whole) {
  scene::Market m;
  m.quote(10.00, 100, 10.02, 300);
  const auto slot = m.place(buy(xxx, shares(400)).limit(usd(10.02)).all_or_none());
  EXPECT_EQ(m.filled(slot), 0);
  m.quote(10.00, 100, 10.02, 399);
  EXPECT_EQ(m.filled(slot), 0);
  m.quote(10.00, 100, 10.01, 400);
  EXPECT_EQ(m.filled(slot), 400);
}

TEST(MinimumQuantity, it_bounds_the_first_fill_only) {
  scene::Market m;
  m.quote(10.00, 100, 10.02, 99);
  const auto slot = m.place(buy(xxx, shares(300)).limit(usd(10.02)).at_least(shares(100)));
  EXPECT_EQ(m.filled(slot), 0);
  m.quote(10.00, 100, 10.01, 100);
  EXPECT_EQ(m.filled(slot), 100);
  m.quote(10.00, 100, 10.02, 7);
  EXPECT_EQ(m.filled(slot), 107);
}

TEST(SweepToFill, it_takes_every_level_within_its_limit_at_once) {
  scene::Market m;
  m.level(BookSide::Bid, 9.99, 100, false).level(BookSide::Ask, 10.00, 100, false).level(BookSide::Ask, 10.01, 100, false).level(BookSide::Ask, 10.03, 500);
  const auto slot = m.place(buy(xxx, shares(300)).limit(usd(10.02)).sweep_to_fill());
  EXPECT_EQ(m.filled(slot), 200);
  EXPECT_EQ(m.average(slot), 10.005);
}

TEST(CashQuantity, it_spends_the_money_level_by_level_and_no_more) {
  scene::Market m({}, coin());
  m.level(BookSide::Bid, 99.9, 10, false).level(BookSide::Ask, 100.0, 1, false).level(BookSide::Ask, 200.0, 10);
  const auto slot = m.place(buy(xxx, Money::whole(300)).market().immediate_or_cancel());
  EXPECT_EQ(m.filled(slot), 2) << "one at 100 and one at 200";
  EXPECT_EQ(m.state(slot), OrderState::Filled);
  EXPECT_EQ(m.refusal(buy(xxx, Money::from_raw(1)).market().immediate_or_cancel()), 434);
}

TEST(Fractional, ib_takes_fractions_of_shares_only_where_the_account_may) {
  scene::Market m;
  ready(m);
  EXPECT_EQ(m.refusal(buy(xxx, Quantity::nearest(0.5)).market().good_till_cancelled().good_after(m.now + hours(1))), 10243);
  BrokerSettings settings;
  settings.fractional_shares = true;
  Instrument divisible = stock();
  divisible.size_increment = Quantity::nearest(0.0001);
  scene::Market allowed(settings, divisible);
  ready(allowed);
  EXPECT_EQ(allowed.filled(allowed.place(buy(xxx, Quantity::nearest(0.5)).market())), 0.5);
  EXPECT_EQ(allowed.filled(allowed.place(buy(xxx, Money::whole(5)).limit(usd(10.02)))), 0.499) << "5 dollars at 10.02, in ten-thousandths of a share";
}

// ---------------------------------------------------------------- lifetimes

TEST(Lifetimes, good_till_a_moment_ends_at_that_moment_in_a_silent_market) {
  scene::Market m;
  ready(m);
  const auto slot = m.place(buy(xxx, shares(1)).limit(usd(9)).good_till(m.start + seconds(60)));
  m.pass(59'999);
  EXPECT_EQ(m.state(slot), OrderState::Submitted);
  m.pass(60'000);
  EXPECT_EQ(m.state(slot), OrderState::Cancelled);
}

TEST(Lifetimes, good_after_a_moment_begins_then) {
  scene::Market m;
  ready(m);
  const auto slot = m.place(buy(xxx, shares(1)).market().good_after(m.start + seconds(60)));
  m.pass(59'999);
  EXPECT_EQ(m.state(slot), OrderState::PreSubmitted);
  m.pass(60'000);
  EXPECT_EQ(m.filled(slot), 1);
}

TEST(Lifetimes, day_till_cancelled_is_deactivated_at_the_end_of_the_day_and_not_cancelled) {
  scene::Market m;
  m.phase(TradingPhase::Regular, 6 * hour);
  ready(m);
  const auto day = m.place(buy(xxx, shares(1)).limit(usd(9)));
  const auto kept = m.place(buy(xxx, shares(1)).limit(usd(9)).day_till_cancelled());
  m.at(6 * hour).phase(TradingPhase::Closed);
  EXPECT_EQ(m.state(day), OrderState::Cancelled);
  EXPECT_EQ(m.state(kept), OrderState::Rejected) << "IB says Inactive";
}

// ---------------------------------------------------------------- one cancels all

struct Pair {
  Slot low{}, high{};
};
Pair two_sales(scene::Market& m, OcaType type, double low, double high, double stop_quantity = 100) {
  m.buy(100, robo::Market{});
  const auto place = [&](const Ticket& ticket) {
    const TicketTerms words = ticket.terms();
    Terms terms = terms_of(words);
    terms.oca_group = 77;
    return m.place(terms);
  };
  return {place(sell(xxx, Quantity::nearest(stop_quantity)).stop(usd(low)).one_cancels_all("g", type)), place(sell(xxx, shares(100)).limit(usd(high)).one_cancels_all("g", type))};
}

TEST(OneCancelsAll, type_1_cancels_the_rest_at_the_first_part_of_a_fill) {
  scene::Market m;
  ready(m);
  const auto [stop, target] = two_sales(m, OcaType::CancelWithBlock, 9.50, 10.50);
  m.quote(10.50, 40, 10.52, 300);
  EXPECT_EQ(m.filled(target), 40);
  EXPECT_EQ(m.state(stop), OrderState::Cancelled);
}

TEST(OneCancelsAll, types_2_and_3_reduce_the_rest_in_proportion) {
  for (const auto type : {OcaType::ReduceWithBlock, OcaType::ReduceWithoutBlock}) {
    scene::Market m;
    ready(m);
    const auto [stop, target] = two_sales(m, type, 9.50, 10.50, 50);
    m.quote(10.50, 40, 10.52, 300);
    EXPECT_EQ(m.filled(target), 40);
    EXPECT_EQ(m.order(stop).quantity, shares(30)) << "40 of 100 gone, so 20 of 50";
    m.quote(10.51, 30, 10.52, 300);
    EXPECT_EQ(m.order(stop).quantity, shares(15)) << "half of what was left";
  }
}

TEST(OneCancelsAll, with_block_two_cannot_fill_in_one_moment_and_without_block_they_can) {
  const auto filled = [](OcaType type) {
    scene::Market m;
    ready(m);
    m.buy(100, robo::Market{});
    std::vector<Slot> slots;
    for (int i = 0; i < 2; ++i) {
      const TicketTerms words = sell(xxx, shares(100)).limit(usd(10.50)).one_cancels_all("g", type).ticket().terms();
      Terms terms = terms_of(words);
      terms.oca_group = 77;
      slots.push_back(m.place(terms));
    }
    m.quote(10.60, 900, 10.62, 300);
    return m.filled(slots[0]) + m.filled(slots[1]);
  };
  EXPECT_EQ(filled(OcaType::CancelWithBlock), 100);
  EXPECT_EQ(filled(OcaType::ReduceWithBlock), 100);
  EXPECT_EQ(filled(OcaType::ReduceWithoutBlock), 200) << "the overfill that the block prevents";
}

// ---------------------------------------------------------------- adjusting stops

TEST(AdjustingStop, it_becomes_a_tighter_stop_once_the_trigger_is_reached) {
  scene::Market m;
  ready(m);
  m.buy(100, robo::Market{});
  const auto slot = m.place(sell(xxx, shares(100)).stop(usd(9.00)).adjusted(AdjustToStop{usd(11.00), usd(10.00)}));
  m.quote(10.98, 300, 11.00, 300).trade(10.99, 100);
  EXPECT_EQ(m.order(slot).trigger.to_double(), 9.00);
  m.trade(11.00, 100);
  EXPECT_EQ(m.order(slot).trigger.to_double(), 10.00);
  m.quote(9.99, 300, 10.01, 300).trade(10.00, 100);
  EXPECT_EQ(m.average(slot), 9.99);
}

TEST(AdjustingStop, it_may_become_a_stop_limit_or_a_trail) {
  scene::Market m;
  ready(m);
  m.buy(200, robo::Market{});
  const auto limited = m.place(sell(xxx, shares(100)).stop(usd(9.00)).adjusted(AdjustToStopLimit{usd(11.00), usd(10.50), usd(10.45)}));
  const auto trailing = m.place(sell(xxx, shares(100)).stop(usd(9.00)).adjusted(AdjustToTrail{usd(11.00), usd(10.40), usd(0.30)}));
  m.quote(10.99, 300, 11.01, 300).trade(11.00, 100);
  m.quote(11.49, 300, 11.51, 300).trade(11.50, 100);
  EXPECT_EQ(m.order(trailing).trigger.to_double(), 11.20);
  EXPECT_EQ(m.order(limited).trigger.to_double(), 10.50);
  m.quote(10.30, 300, 10.32, 300).trade(10.50, 100);
  EXPECT_EQ(m.average(trailing), 10.30);
  EXPECT_EQ(m.filled(limited), 0) << "its limit is 10.45";
}

TEST(TriggerMethod, a_stop_may_look_at_the_quote_or_the_middle_instead_of_the_last_price) {
  scene::Market m;
  ready(m);
  m.buy(300, robo::Market{});
  const auto by_last = m.place(sell(xxx, shares(100)).stop(usd(9.50)));
  const auto by_quote = m.place(sell(xxx, shares(100)).stop(usd(9.50)).triggered_by(TriggerMethod::BidAsk));
  const auto by_middle = m.place(sell(xxx, shares(100)).stop(usd(9.50)).triggered_by(TriggerMethod::MidPoint));
  m.quote(9.40, 900, 9.56, 300);
  EXPECT_EQ(m.filled(by_middle), 100);
  EXPECT_EQ(m.filled(by_quote), 0);
  m.quote(9.40, 900, 9.50, 300);
  EXPECT_EQ(m.filled(by_quote), 100);
  EXPECT_EQ(m.filled(by_last), 0);
}

}  // namespace
}  // namespace robo::sim
