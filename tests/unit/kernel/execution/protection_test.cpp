#include "desk.hpp"

namespace robo {

using test::DeskScene;

namespace {
Price trigger_of(const OrderIntent& intent) { return std::get<Stop>(intent.kind).trigger; }
}  // namespace

TEST(Protection, entry_target_and_stop_leave_together_and_only_the_last_transmits) {
  DeskScene scene;
  const auto sent = scene.want(0.9, price(2), price(4));
  ASSERT_EQ(sent.size(), 3u);
  EXPECT_EQ(sent[0].purpose, OrderPurpose::Entry);
  EXPECT_FALSE(sent[0].transmit);
  EXPECT_EQ(sent[1].purpose, OrderPurpose::ProfitTarget);
  EXPECT_FALSE(sent[1].transmit);
  EXPECT_EQ(std::get<Limit>(sent[1].kind).price, price(104));
  EXPECT_EQ(sent[2].purpose, OrderPurpose::ProtectiveStop);
  EXPECT_TRUE(sent[2].transmit);
  EXPECT_EQ(trigger_of(sent[2]), price(98));
  for (int child : {1, 2}) {
    EXPECT_EQ(sent[static_cast<std::size_t>(child)].parent, sent[0].key);
    EXPECT_EQ(sent[static_cast<std::size_t>(child)].oca_group, sent[0].key);
    EXPECT_EQ(sent[static_cast<std::size_t>(child)].side, Side::Sell);
    EXPECT_EQ(sent[static_cast<std::size_t>(child)].quantity, sent[0].quantity);
  }
}

TEST(Protection, an_entry_leaves_only_when_there_is_room_for_its_protection_too) {
  auto config = test::small_config();
  config.limits.open_orders_max = 2;
  DeskScene tight(TradingMode::Paper, config);
  EXPECT_TRUE(tight.want(0.9, price(2), price(4)).empty());
  EXPECT_EQ(tight.told<OrderDenied>().at(0).reason, Denial::TooManyOpenOrders);
  EXPECT_TRUE(tight.all<SubmitOrder>().empty());
  config.limits.open_orders_max = 3;
  DeskScene enough(TradingMode::Paper, config);
  EXPECT_EQ(enough.want(0.9, price(2), price(4)).size(), 3u);
}

TEST(Protection, a_refused_stop_takes_the_entry_back) {  // C17
  DeskScene scene;
  const auto sent = scene.want(0.9, price(2));
  ASSERT_EQ(sent.size(), 2u);
  scene.status(sent[0], OrderState::Submitted);
  scene.status(sent[1], OrderState::Rejected, 201);
  EXPECT_EQ(scene.cancels(sent[0]), 1u);
  EXPECT_TRUE(scene.noted(NoteKind::BracketBroken));
  scene.status(sent[0], OrderState::Cancelled);
  EXPECT_EQ(scene.orders().size(), 2u);  // nothing was filled: nothing to flatten, and nobody goes in again
  scene.wait_quoting(seconds(30));
  EXPECT_EQ(scene.orders().size(), 2u);
}

TEST(Protection, a_refused_stop_flattens_what_was_filled_already) {  // C17
  DeskScene scene;
  const auto sent = scene.want(0.9, price(2));
  scene.status(sent[0], OrderState::Submitted);
  scene.fill(sent[0], shares(30), price(100), "1.01");
  scene.status(sent[1], OrderState::Rejected, 201);
  EXPECT_EQ(scene.cancels(sent[0]), 1u);
  scene.status(sent[0], OrderState::Cancelled);
  ASSERT_EQ(scene.orders().size(), 3u);
  const auto out = scene.orders()[2];
  EXPECT_EQ(out.purpose, OrderPurpose::Flatten);
  EXPECT_EQ(out.quantity, shares(30));
  scene.status(out, OrderState::Submitted);
  scene.fill(out, shares(30), price(99, 90), "2.01");
  scene.wait_quoting(seconds(10));
  EXPECT_EQ(scene.held(), Quantity{});
  EXPECT_EQ(scene.orders().size(), 3u);
}

TEST(Protection, the_filled_part_of_a_cancelled_entry_gets_a_stop_of_its_own) {
  DeskScene scene;
  const auto sent = scene.want(0.9, price(2));
  scene.status(sent[0], OrderState::Submitted);
  scene.status(sent[1], OrderState::PreSubmitted);
  scene.fill(sent[0], shares(40), price(100), "1.01");
  scene.status(sent[0], OrderState::Cancelled);
  scene.status(sent[1], OrderState::Cancelled);  // IB takes the children of a cancelled entry back
  scene.wait_quoting(seconds(1));
  ASSERT_GE(scene.orders().size(), 3u);
  const auto stop = scene.orders()[2];
  EXPECT_EQ(stop.purpose, OrderPurpose::ProtectiveStop);
  EXPECT_EQ(stop.quantity, shares(40));
  EXPECT_EQ(trigger_of(stop), price(98));
  EXPECT_FALSE(stop.parent);
}

TEST(Protection, a_stop_that_covers_more_than_is_held_is_cut_down) {
  DeskScene scene;
  const auto sent = scene.want(0.9, price(2));
  scene.status(sent[0], OrderState::Submitted);
  scene.status(sent[1], OrderState::PreSubmitted);
  scene.fill(sent[0], shares(40), price(100), "1.01");
  scene.ask({.action = OperatorAction::CancelOrder, .order = sent[0].key, .who = "desk"});
  scene.status(sent[0], OrderState::Cancelled);  // and here the gateway leaves the child alone
  scene.wait_quoting(seconds(4));
  ASSERT_EQ(scene.all<ModifyOrder>().size(), 1u);
  EXPECT_EQ(scene.all<ModifyOrder>()[0].order.intent().key, sent[1].key);
  EXPECT_EQ(scene.all<ModifyOrder>()[0].order.intent().quantity, shares(40));
}

TEST(Protection, when_the_stop_fills_the_target_goes_and_nobody_walks_back_in) {
  DeskScene scene;
  scene.enter(0.9, price(2), price(4));
  const auto orders = scene.orders();
  scene.market(price(97, 90), price(97, 95));
  scene.status(orders[2], OrderState::Submitted);
  scene.fill(orders[2], orders[2].quantity, price(97, 90), "S.01");
  EXPECT_EQ(scene.held(), Quantity{});
  scene.wait_quoting(seconds(5));
  EXPECT_EQ(scene.cancels(orders[1]), 1u);  // IB did not do it by itself
  scene.status(orders[1], OrderState::Cancelled);
  scene.want(0.9, price(2), price(4));      // the same opinion again
  EXPECT_EQ(scene.orders().size(), 3u);
}

TEST(Protection, an_exit_takes_the_stops_back_first_and_never_sells_twice) {
  DeskScene scene;
  scene.enter(0.9, price(2), price(4));
  const auto orders = scene.orders();
  EXPECT_TRUE(scene.leave().empty());
  EXPECT_EQ(scene.cancels(orders[1]), 1u);
  EXPECT_EQ(scene.cancels(orders[2]), 1u);
  scene.status(orders[1], OrderState::Cancelled);
  EXPECT_EQ(scene.orders().size(), 3u);  // the stop may still fill
  scene.status(orders[2], OrderState::Cancelled);
  ASSERT_EQ(scene.orders().size(), 4u);
  EXPECT_EQ(scene.orders()[3].purpose, OrderPurpose::Exit);
  EXPECT_EQ(scene.orders()[3].quantity, orders[0].quantity);
}

TEST(Protection, a_stop_stays_where_it_is_while_its_exit_may_not_go) {  // found by simulation, seed 21
  DeskScene scene;
  scene.enter(0.9, price(2));
  const auto stop = scene.orders()[1];
  OperatorInput kill;
  kill.action = OperatorAction::Kill;
  scene.ask(kill);
  scene.leave();
  scene.wait_quoting(seconds(30));
  EXPECT_EQ(scene.cancels(stop), 0u);
  EXPECT_TRUE(scene.order(stop).live());
}

TEST(Protection, a_stop_that_made_room_is_put_back_when_its_exit_may_not_go_any_more) {
  DeskScene scene;
  scene.enter(0.9, price(2));
  const auto stop = scene.orders()[1];
  scene.leave();
  ASSERT_EQ(scene.cancels(stop), 1u);
  OperatorInput kill;
  kill.action = OperatorAction::Kill;
  scene.ask(kill);
  scene.status(stop, OrderState::Cancelled);
  scene.wait_quoting(seconds(10));
  ASSERT_EQ(scene.orders().size(), 3u);
  EXPECT_EQ(scene.orders()[2].purpose, OrderPurpose::ProtectiveStop);
  EXPECT_EQ(scene.orders()[2].quantity, stop.quantity);
}

TEST(Protection, a_stop_that_fills_while_it_is_being_cancelled_is_the_exit) {
  DeskScene scene;
  scene.enter(0.9, price(2));
  const auto orders = scene.orders();
  scene.leave();
  scene.fill(orders[1], orders[1].quantity, price(98), "S.01");
  scene.status(orders[1], OrderState::Filled);
  EXPECT_EQ(scene.held(), Quantity{});
  scene.wait_quoting(seconds(10));
  EXPECT_EQ(scene.orders().size(), 2u);
}

TEST(Protection, a_replacement_stop_that_is_refused_flattens) {
  DeskScene scene;
  scene.enter(0.9, price(2));
  const auto orders = scene.orders();
  scene.status(orders[1], OrderState::Cancelled, 202);  // somebody cancelled it in TWS
  scene.wait_quoting(seconds(1));
  ASSERT_EQ(scene.orders().size(), 3u);
  EXPECT_EQ(scene.orders()[2].purpose, OrderPurpose::ProtectiveStop);
  scene.status(scene.orders()[2], OrderState::Rejected, 201);
  ASSERT_EQ(scene.orders().size(), 4u);
  EXPECT_EQ(scene.orders()[3].purpose, OrderPurpose::Flatten);
  EXPECT_EQ(scene.orders()[3].quantity, orders[0].quantity);
}

TEST(Protection, the_second_entry_that_stands_without_its_stop_pulls_the_kill_switch_and_is_flattened_all_the_same) {
  DeskScene scene;
  const auto naked = [&](int round) {
    const auto before = scene.orders().size();
    const auto sent = scene.want(0.9, price(2));
    ASSERT_EQ(sent.size(), 2u) << round;
    scene.status(sent[0], OrderState::Submitted);
    scene.fill(sent[0], shares(30), price(100), std::to_string(round) + "1.01");
    scene.status(sent[1], OrderState::Rejected, 201);
    scene.status(sent[0], OrderState::Cancelled);
    ASSERT_EQ(scene.orders().size(), before + 3) << round;
    const auto out = scene.orders().back();
    EXPECT_EQ(out.purpose, OrderPurpose::Flatten);
    scene.status(out, OrderState::Submitted);
    scene.fill(out, shares(30), price(99, 90), std::to_string(round) + "2.01");
    scene.wait_quoting(minutes(2));
    EXPECT_EQ(scene.held(), Quantity{});
    (void)scene.leave();  // the opinion is spent until the strategy leaves
  };
  naked(1);
  EXPECT_TRUE(scene.told<KillChanged>().empty()) << "once may be the instrument's or the hour's fault";
  naked(2);
  ASSERT_EQ(scene.told<KillChanged>().size(), 1u);
  EXPECT_TRUE(scene.told<KillChanged>()[0].killed);
  EXPECT_EQ(scene.told<KillChanged>()[0].cause, KillCause::UnprotectedEntry);
  EXPECT_TRUE(scene.want(0.8, price(2)).empty()) << "no entry until a person has looked";
}

TEST(Protection, policy_can_demand_a_stop_for_every_entry) {
  auto config = test::small_config();
  config.execution.require_stop = true;
  DeskScene scene(TradingMode::Paper, config);
  EXPECT_TRUE(scene.want(0.9).empty());
  EXPECT_EQ(scene.want(0.8, price(2)).size(), 2u);
}

}  // namespace robo
