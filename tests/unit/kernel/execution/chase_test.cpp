#include "desk.hpp"

namespace robo {

using test::DeskScene;

namespace {
Price limit_of(const OrderIntent& intent) { return std::get<Limit>(intent.kind).price; }
}  // namespace

TEST(Chase, posts_at_the_near_touch_first) {
  DeskScene scene;
  const auto sent = scene.want(0.9);
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(limit_of(sent[0]), price(100));
  DeskScene shorts;
  const auto sold = shorts.want(-0.9);
  ASSERT_EQ(sold.size(), 1u);
  EXPECT_EQ(limit_of(sold[0]), price(100, 2));
}

TEST(Chase, follows_the_touch_when_it_moves_away_and_stays_when_it_comes_closer) {
  DeskScene scene;
  const auto order = scene.want(0.9)[0];
  scene.status(order, OrderState::Submitted);
  scene.wait(seconds(1));
  scene.market(price(100, 1), price(100, 3));
  ASSERT_EQ(scene.all<ModifyOrder>().size(), 1u);
  EXPECT_EQ(limit_of(scene.all<ModifyOrder>()[0].order.intent()), price(100, 1));
  EXPECT_EQ(scene.all<ModifyOrder>()[0].order.intent().key, order.key);
  scene.market(price(99, 90), price(99, 92));
  EXPECT_EQ(scene.all<ModifyOrder>().size(), 1u);
}

TEST(Chase, changes_the_price_at_most_once_in_its_interval_and_never_while_a_change_is_unanswered) {
  DeskScene scene;
  const auto order = scene.want(0.9)[0];
  scene.status(order, OrderState::Submitted);
  scene.wait(seconds(1));
  scene.market(price(100, 1), price(100, 3));
  scene.wait(seconds(1));
  scene.market(price(100, 3), price(100, 5));  // the first change has no answer yet
  EXPECT_EQ(scene.all<ModifyOrder>().size(), 1u);
  scene.update({.key = order.key, .instrument = order.instrument, .state = OrderState::Submitted, .side = Side::Buy, .quantity = order.quantity, .limit = price(100, 1)});
  scene.market(price(100, 4), price(100, 6));
  EXPECT_EQ(scene.all<ModifyOrder>().size(), 2u);
  EXPECT_EQ(limit_of(scene.order(order).intent), price(100, 1));
}

TEST(Chase, crosses_the_spread_when_patience_ends) {
  DeskScene scene;
  const auto order = scene.want(0.9)[0];
  scene.status(order, OrderState::Submitted);
  scene.wait_quoting(milliseconds(4'900));
  EXPECT_TRUE(scene.all<ModifyOrder>().empty());
  scene.wait_quoting(milliseconds(200));
  ASSERT_EQ(scene.all<ModifyOrder>().size(), 1u);
  EXPECT_EQ(limit_of(scene.all<ModifyOrder>()[0].order.intent()), price(100, 2));
}

TEST(Chase, never_pays_past_the_collar_from_where_it_was_decided) {
  DeskScene patient;  // decided at 100.01, collar 30 bp: 100.31 at most
  const auto order = patient.want(0.9)[0];
  patient.status(order, OrderState::Submitted);
  patient.wait(seconds(1));
  patient.market(price(101), price(101, 2));
  ASSERT_EQ(patient.all<ModifyOrder>().size(), 1u);
  EXPECT_EQ(limit_of(patient.all<ModifyOrder>()[0].order.intent()), price(100, 31));
  DeskScene aggressive;
  const auto crossing = aggressive.want(0.9)[0];
  aggressive.status(crossing, OrderState::Submitted);
  aggressive.market(price(99, 98), price(101, 2));
  aggressive.wait(seconds(5));
  ASSERT_EQ(aggressive.all<ModifyOrder>().size(), 1u);
  EXPECT_EQ(limit_of(aggressive.all<ModifyOrder>()[0].order.intent()), price(100, 31));
}

TEST(Chase, an_urgent_exit_crosses_at_once) {
  DeskScene scene;
  const auto entry = scene.enter();
  const auto exit = scene.leave();
  ASSERT_EQ(exit.size(), 1u);
  EXPECT_EQ(exit[0].purpose, OrderPurpose::Exit);
  EXPECT_EQ(exit[0].side, Side::Sell);
  EXPECT_EQ(exit[0].quantity, entry.quantity);
  EXPECT_EQ(limit_of(exit[0]), price(100));
}

TEST(Chase, goes_through_zero_in_two_orders) {
  DeskScene scene;
  const auto entry = scene.enter();
  const auto out = scene.want(-0.9);
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].purpose, OrderPurpose::Exit);
  EXPECT_EQ(out[0].quantity, entry.quantity);
  const auto before = scene.orders().size();
  scene.status(out[0], OrderState::Submitted);
  scene.fill(out[0], out[0].quantity, price(100), "X.01");
  const auto next = scene.sent_since(before);
  ASSERT_EQ(next.size(), 1u);
  EXPECT_EQ(next[0].purpose, OrderPurpose::Entry);
  EXPECT_EQ(next[0].side, Side::Sell);
}

TEST(Chase, a_smaller_wish_shrinks_the_working_order) {
  DeskScene scene;
  const auto order = scene.want(0.9)[0];
  scene.status(order, OrderState::Submitted);
  scene.want(0.3);
  ASSERT_EQ(scene.all<ModifyOrder>().size(), 1u);
  EXPECT_LT(scene.all<ModifyOrder>()[0].order.intent().quantity, order.quantity);
  EXPECT_EQ(scene.orders().size(), 1u);
}

TEST(Chase, takes_the_order_back_when_nobody_wants_it_any_more) {
  DeskScene scene;
  const auto order = scene.want(0.9)[0];
  scene.status(order, OrderState::Submitted);
  scene.leave();
  EXPECT_EQ(scene.cancels(order), 1u);
  EXPECT_EQ(scene.state(order), OrderState::PendingCancel);
  scene.fill(order, shares(10), price(100), "late.01");  // it fills in part all the same
  scene.status(order, OrderState::Cancelled);
  const auto out = scene.orders().back();
  EXPECT_EQ(out.purpose, OrderPurpose::Exit);
  EXPECT_EQ(out.quantity, shares(10));
}

TEST(Chase, what_is_more_than_one_order_may_carry_is_worked_in_slices) {
  auto config = test::small_config();
  config.limits.order_quantity_max = shares(100);
  DeskScene scene(TradingMode::Paper, config);
  const auto first = scene.want(0.9);
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(first[0].quantity, shares(100));
  const auto wanted = scene.told<TargetSet>().back().target;
  ASSERT_GT(wanted, shares(200));
  for (int i = 0; i < 20 && scene.held() < wanted; ++i) {
    const auto slice = scene.orders().back();
    ASSERT_LE(slice.quantity, shares(100));
    scene.status(slice, OrderState::Submitted);
    scene.fill(slice, slice.quantity, price(100), "S" + std::to_string(i) + ".01");
    scene.wait_quoting(seconds(2));
  }
  EXPECT_EQ(scene.held(), wanted);
  EXPECT_TRUE(scene.told<OrderDenied>().empty());
}

TEST(Chase, asks_less_and_less_often_after_a_denial) {
  auto config = test::small_config();
  config.limits.position_quantity_max = shares(1);
  DeskScene scene(TradingMode::Paper, config);
  EXPECT_TRUE(scene.want(0.9).empty());
  scene.wait_quoting(minutes(5));
  const auto denials = scene.told<OrderDenied>();
  EXPECT_GE(denials.size(), 2u);
  EXPECT_LE(denials.size(), 12u);
  EXPECT_EQ(denials[0].reason, Denial::PositionTooLarge);
  EXPECT_GT(denials[0].measured, denials[0].limit);
}

TEST(Chase, an_exit_without_usable_prices_waits_and_then_leaves_at_the_market) {
  DeskScene scene;
  scene.enter();
  scene.wait(seconds(10));  // no quotes: stale
  scene.opinion({.instrument = InstrumentId{0}, .horizon = hours(1), .exit = true});
  scene.on(Quote{.instrument = InstrumentId{0}, .bid = price(100), .ask = price(99), .bid_size = shares(1), .ask_size = shares(1)});  // crossed
  EXPECT_EQ(scene.orders().size(), 1u);
  scene.wait(seconds(8));
  ASSERT_EQ(scene.orders().size(), 2u);
  EXPECT_TRUE(std::holds_alternative<Market>(scene.orders()[1].kind));
}

}  // namespace robo
