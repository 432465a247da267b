#include "scene.hpp"

namespace robo::sim {
namespace {

using namespace scene;
using robo::Limit;
const OrderKind at_market = robo::Market{};
OrderKind limit(double p) { return Limit{usd(p)}; }

TEST(Matching, a_market_order_takes_what_is_shown_and_waits_for_the_rest) {
  scene::Market m;
  m.quote(10.00, 300, 10.02, 200);
  const auto order = m.buy(500, at_market);
  EXPECT_EQ(m.filled(order), 200);
  m.quote(10.00, 300, 10.02, 200);
  EXPECT_EQ(m.filled(order), 200) << "the same shown size cannot be taken twice";
  m.quote(10.00, 300, 10.03, 1000);
  EXPECT_EQ(m.filled(order), 500);
  EXPECT_DOUBLE_EQ(m.average(order), (200 * 10.02 + 300 * 10.03) / 500);
  EXPECT_EQ(m.state(order), OrderState::Filled);
}

TEST(Matching, a_limit_order_through_the_market_pays_the_market) {
  scene::Market m;
  m.quote(10.00, 300, 10.02, 200);
  const auto order = m.buy(100, limit(10.05));
  EXPECT_EQ(m.filled(order), 100);
  EXPECT_DOUBLE_EQ(m.average(order), 10.02);
}

TEST(Matching, a_resting_order_fills_at_its_own_price_when_the_market_comes) {
  scene::Market m;
  m.quote(10.00, 300, 10.02, 200);
  const auto order = m.buy(100, limit(10.00));
  m.quote(9.98, 300, 9.99, 60);
  EXPECT_EQ(m.filled(order), 60) << "no more than was brought";
  EXPECT_DOUBLE_EQ(m.average(order), 10.00);
}

TEST(Matching, behind_a_queue_only_prints_move_us_forward_by_default) {
  scene::Market m;
  m.quote(10.00, 300, 10.02, 200);
  const auto order = m.buy(100, limit(10.00));
  m.quote(10.00, 310, 10.02, 200);
  m.trade(10.00, 250);
  EXPECT_EQ(m.filled(order), 0);
  m.trade(10.00, 50);
  EXPECT_EQ(m.filled(order), 0) << "exactly the queue ahead of us";
  m.trade(10.00, 40);
  EXPECT_EQ(m.filled(order), 40);
}

TEST(Matching, a_cancellation_ahead_helps_only_as_far_as_the_level_shrinks_below_our_place) {
  scene::Market m;
  m.quote(10.00, 300, 10.02, 200);
  const auto order = m.buy(100, limit(10.00));
  m.quote(10.00, 50, 10.02, 200);
  m.trade(10.00, 60);
  EXPECT_EQ(m.filled(order), 10);
}

TEST(Matching, the_probabilistic_queue_is_kinder_than_the_risk_averse_one) {
  const auto filled_with = [](QueueModel model) {
    BrokerSettings settings;
    settings.fills.queue = model;
    scene::Market m(settings);
    m.quote(10.00, 300, 10.02, 200);
    const auto order = m.buy(100, limit(10.00));
    m.quote(10.00, 600, 10.02, 200);
    m.quote(10.00, 400, 10.02, 200);
    m.trade(10.00, 300);
    return m.filled(order);
  };
  EXPECT_EQ(filled_with(QueueModel::RiskAverse), 0);
  EXPECT_GT(filled_with(QueueModel::Proportional), 0);
  EXPECT_GT(filled_with(QueueModel::Proportional), filled_with(QueueModel::RiskAverse));
}

TEST(Matching, a_print_through_our_price_fills_us_with_no_more_than_the_print) {
  scene::Market m;
  m.quote(10.00, 300, 10.02, 200);
  const auto order = m.buy(500, limit(10.00));
  m.trade(9.99, 120);
  EXPECT_EQ(m.filled(order), 120);
  EXPECT_DOUBLE_EQ(m.average(order), 10.00);
}

TEST(Matching, prints_that_do_not_count_fill_nobody) {
  scene::Market m;
  m.quote(10.00, 300, 10.02, 200);
  const auto order = m.buy(100, limit(10.00));
  m.trade(9.99, 99, Aggressor::Unknown, trade_condition::odd_lot);
  m.trade(9.99, 500, Aggressor::Unknown, trade_condition::off_exchange);
  m.trade(9.99, 500, Aggressor::Unknown, trade_condition::late);
  EXPECT_EQ(m.filled(order), 0);
}

TEST(Matching, a_buyers_print_at_our_bid_is_not_ours) {
  scene::Market m;
  m.quote(10.00, 0, 10.02, 200);
  const auto order = m.buy(100, limit(10.00));
  m.trade(10.00, 100, Aggressor::Buyer);
  EXPECT_EQ(m.filled(order), 0);
  m.trade(10.00, 100, Aggressor::Seller);
  EXPECT_EQ(m.filled(order), 100);
}

TEST(Matching, a_stop_fills_at_the_market_it_meets_not_at_its_price) {
  scene::Market m;
  m.quote(10.00, 300, 10.02, 200);
  m.trade(10.01, 100);
  m.buy(100, at_market);
  const auto stop = m.sell(100, Stop{usd(9.90)});
  EXPECT_EQ(m.order(stop).hold, Hold::Trigger);
  m.trade(9.91, 100);
  EXPECT_EQ(m.filled(stop), 0);
  m.quote(9.50, 400, 9.55, 100);
  m.trade(9.50, 100);
  EXPECT_EQ(m.filled(stop), 100);
  EXPECT_DOUBLE_EQ(m.average(stop), 9.50);
}

TEST(Matching, a_stop_limit_rests_when_the_market_has_jumped_past_its_limit) {
  scene::Market m;
  m.quote(10.00, 300, 10.02, 200);
  m.trade(10.01, 100);
  const auto stop = m.buy(100, StopLimit{usd(10.10), usd(10.12)});
  m.quote(10.29, 100, 10.30, 100);
  m.trade(10.30, 100);
  EXPECT_EQ(m.filled(stop), 0);
  EXPECT_TRUE(m.order(stop).elected);
  m.quote(10.05, 100, 10.08, 500);
  EXPECT_EQ(m.filled(stop), 100);
  EXPECT_DOUBLE_EQ(m.average(stop), 10.12) << "it rested first, so somebody came to its own price";
}

TEST(Matching, a_trailing_stop_follows_up_and_never_down) {
  scene::Market m;
  m.quote(10.00, 300, 10.02, 200);
  m.trade(10.00, 100);
  m.buy(100, at_market);
  const auto trail = m.sell(100, Trail{usd(0.50), {}});
  EXPECT_EQ(m.order(trail).trigger, usd(9.50));
  m.trade(11.00, 100);
  EXPECT_EQ(m.order(trail).trigger, usd(10.50));
  m.trade(10.60, 100);
  EXPECT_EQ(m.order(trail).trigger, usd(10.50));
  m.quote(10.45, 300, 10.50, 300);
  m.trade(10.50, 100);
  EXPECT_EQ(m.filled(trail), 100);
  EXPECT_DOUBLE_EQ(m.average(trail), 10.45);
}

TEST(Matching, immediate_or_cancel_takes_what_is_there_and_fill_or_kill_all_or_nothing) {
  scene::Market m;
  m.quote(10.00, 300, 10.02, 200);
  auto ioc = scene::Market::terms(Side::Buy, 300, limit(10.02));
  ioc.time_in_force = TimeInForce::ImmediateOrCancel;
  const auto a = m.place(ioc);
  EXPECT_EQ(m.filled(a), 200);
  EXPECT_EQ(m.state(a), OrderState::Cancelled);
  m.quote(10.00, 300, 10.03, 200);
  auto fok = scene::Market::terms(Side::Buy, 201, limit(10.03));
  fok.time_in_force = TimeInForce::FillOrKill;
  const auto b = m.place(fok);
  EXPECT_EQ(m.filled(b), 0);
  EXPECT_EQ(m.state(b), OrderState::Cancelled);
  fok.quantity = shares(200);
  EXPECT_EQ(m.filled(m.place(fok)), 200);
}

TEST(Matching, nothing_trades_in_a_halt_and_orders_wait) {
  scene::Market m;
  m.quote(10.00, 300, 10.02, 200);
  const auto resting = m.buy(100, limit(10.01));
  m.phase(TradingPhase::Halted);
  const auto entered = m.buy(100, at_market);
  m.quote(9.90, 300, 9.95, 500);
  m.trade(9.90, 1000);
  EXPECT_EQ(m.filled(resting) + m.filled(entered), 0);
  m.phase(TradingPhase::Regular);
  EXPECT_EQ(m.filled(resting), 100);
  EXPECT_EQ(m.filled(entered), 100);
}

TEST(Matching, day_orders_die_at_the_end_of_their_session_and_gtc_orders_live) {
  scene::Market m;
  m.quote(10.00, 300, 10.02, 200);
  const auto day = m.buy(100, limit(9.00 + 0.5));
  auto terms = scene::Market::terms(Side::Buy, 100, limit(9.50));
  terms.time_in_force = TimeInForce::GoodTillCancel;
  const auto gtc = m.place(terms);
  terms.time_in_force = TimeInForce::Day;
  terms.outside_regular_hours = true;
  const auto extended = m.place(terms);
  m.phase(TradingPhase::PostMarket);
  EXPECT_EQ(m.state(day), OrderState::Cancelled);
  EXPECT_EQ(m.state(extended), OrderState::Submitted);
  m.phase(TradingPhase::Closed);
  EXPECT_EQ(m.state(extended), OrderState::Cancelled);
  EXPECT_FALSE(is_final(m.state(gtc)));
  m.phase(TradingPhase::PreMarket).phase(TradingPhase::Regular);
  m.quote(9.40, 100, 9.45, 500);
  EXPECT_EQ(m.filled(gtc), 100);
}

TEST(Matching, an_order_entered_after_the_close_waits_for_the_next_session) {
  scene::Market m;
  m.quote(10.00, 300, 10.02, 200);
  m.phase(TradingPhase::Closed);
  const auto order = m.buy(100, at_market);
  EXPECT_EQ(m.order(order).hold, Hold::Session);
  EXPECT_EQ(m.broker.reports().back().code, 399);
  m.phase(TradingPhase::PreMarket);
  EXPECT_EQ(m.filled(order), 0);
  m.phase(TradingPhase::Regular);
  EXPECT_EQ(m.filled(order), 100);
}

TEST(Matching, outside_regular_hours_only_limits_that_asked_for_it_trade) {
  scene::Market m;
  m.phase(TradingPhase::PreMarket);
  m.quote(10.00, 300, 10.02, 200);
  const auto plain = m.buy(100, limit(10.02));
  auto terms = scene::Market::terms(Side::Buy, 100, limit(10.02));
  terms.outside_regular_hours = true;
  const auto asked = m.place(terms);
  terms.kind = at_market;
  const auto market = m.place(terms);
  EXPECT_EQ(m.filled(plain), 0);
  EXPECT_EQ(m.filled(asked), 100);
  EXPECT_EQ(m.filled(market), 0);
}

TEST(Matching, under_the_short_sale_rule_nobody_sells_short_at_the_bid) {
  scene::Market m;
  m.broker.matcher().set_prior_close(InstrumentId{0}, usd(12));
  m.quote(10.80, 300, 10.82, 200);
  m.trade(10.81, 100);
  EXPECT_FALSE(m.broker.matcher().short_sale_restricted(InstrumentId{0}));
  m.trade(10.80, 100);
  EXPECT_TRUE(m.broker.matcher().short_sale_restricted(InstrumentId{0}));
  const auto marketable = m.sell(100, limit(10.79));
  const auto market = m.sell(100, at_market);
  EXPECT_EQ(m.filled(marketable) + m.filled(market), 0);
  EXPECT_EQ(m.order(market).limit, usd(10.81)) << "offered one step above the bid";
  m.quote(10.90, 300, 10.95, 200);
  EXPECT_EQ(m.filled(marketable), 0);
  EXPECT_EQ(m.filled(market), 100) << "somebody came to its offer";
  m.phase(TradingPhase::Closed).phase(TradingPhase::Regular);
  EXPECT_TRUE(m.broker.matcher().short_sale_restricted(InstrumentId{0})) << "and the next day";
  m.phase(TradingPhase::Closed).phase(TradingPhase::Regular);
  EXPECT_FALSE(m.broker.matcher().short_sale_restricted(InstrumentId{0}));
}

TEST(Matching, a_short_sale_without_shares_to_borrow_is_held) {
  scene::Market m;
  m.quote(10.00, 300, 10.02, 200);
  m.broker.set_shortable(m.now, InstrumentId{0}, shares(99));
  const auto order = m.sell(100, at_market);
  EXPECT_EQ(m.order(order).hold, Hold::Locate);
  EXPECT_EQ(m.broker.reports().back().code, 404);
  m.broker.set_shortable(m.now, InstrumentId{0}, shares(100));
  EXPECT_EQ(m.filled(order), 100);
}

TEST(Matching, a_sweep_through_the_book_pays_level_by_level_and_a_level_is_taken_once) {
  scene::Market m({}, coin());
  m.level(BookSide::Bid, 99.9, 5, false).level(BookSide::Ask, 100.0, 1, false).level(BookSide::Ask, 100.1, 2, false).level(BookSide::Ask, 100.5, 9);
  const auto first = m.buy(2, at_market);
  EXPECT_EQ(m.filled(first), 2);
  EXPECT_DOUBLE_EQ(m.average(first), 100.05);
  const auto second = m.buy(2, at_market);
  EXPECT_DOUBLE_EQ(m.average(second), (100.1 + 100.5) / 2);
}

TEST(Matching, the_book_keeps_its_place_when_the_price_runs_away) {
  LevelBook book(usd(0.1));
  book.apply(BookSide::Bid, usd(50'000.0), Quantity::whole(1), false);
  book.apply(BookSide::Ask, usd(50'000.1), Quantity::whole(2), true);
  for (int step = 1; step <= 40'000; ++step) {
    book.apply(BookSide::Ask, usd(50'000.1 + 0.1 * step), Quantity::whole(2), false);
    book.apply(BookSide::Ask, usd(50'000.1 + 0.1 * (step - 1)), Quantity{}, false);
    book.apply(BookSide::Bid, usd(50'000.0 + 0.1 * step), Quantity::whole(1), true);
  }
  EXPECT_EQ(book.best(BookSide::Bid), usd(54'000.0));
  EXPECT_EQ(book.best(BookSide::Ask), usd(54'000.1));
  EXPECT_EQ(book.size_at(BookSide::Bid, usd(53'990.0)), Quantity::whole(1));
}

}  // namespace
}  // namespace robo::sim
