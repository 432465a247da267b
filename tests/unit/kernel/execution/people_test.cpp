#include "desk.hpp"

namespace robo {

using test::DeskScene;

namespace {
OperatorInput asks(OperatorAction action) { return {.action = action, .who = "desk", .reason = "test"}; }
}  // namespace

TEST(People, kill_takes_back_what_could_open_and_leaves_the_stop_of_a_position) {
  DeskScene scene;
  scene.enter(0.9, price(2));
  const auto stop = scene.orders()[1];
  scene.want(0.4);
  scene.ask(asks(OperatorAction::Kill));
  EXPECT_TRUE(scene.kernel->gate().killed());
  EXPECT_EQ(scene.told<KillChanged>().at(0).who.view(), "desk");
  EXPECT_TRUE(scene.order(stop).live());
  const auto before = scene.orders().size();
  scene.want(-0.9);
  scene.wait_quoting(seconds(20));
  for (const auto& order : scene.sent_since(before)) EXPECT_EQ(order.purpose, OrderPurpose::ProtectiveStop);
}

TEST(People, kill_cancels_a_working_entry) {
  DeskScene scene;
  const auto order = scene.want(0.9)[0];
  scene.status(order, OrderState::Submitted);
  scene.ask(asks(OperatorAction::Kill));
  EXPECT_EQ(scene.cancels(order), 1u);
}

TEST(People, kill_and_flatten_ends_with_nothing) {
  DeskScene scene;
  scene.enter(0.9, price(2), price(4));
  const auto bracket = scene.orders();
  scene.ask(asks(OperatorAction::Kill));
  scene.ask(asks(OperatorAction::FlattenAll));
  scene.status(bracket[1], OrderState::Cancelled);
  scene.status(bracket[2], OrderState::Cancelled);
  ASSERT_EQ(scene.orders().size(), 4u);
  const auto out = scene.orders()[3];
  EXPECT_EQ(out.purpose, OrderPurpose::Flatten);
  EXPECT_EQ(out.quantity, bracket[0].quantity);
  EXPECT_LT(std::get<Limit>(out.kind).price, price(100));  // through the bid, but not at any price
  scene.fill(out, out.quantity, price(100), "F.01");
  scene.wait_quoting(seconds(30));
  EXPECT_EQ(scene.held(), Quantity{});
  EXPECT_EQ(scene.orders().size(), 4u);
}

TEST(People, a_flatten_without_prices_leaves_at_the_market) {
  DeskScene scene;
  scene.enter();
  scene.wait(seconds(30));
  scene.ask(asks(OperatorAction::FlattenAll));
  ASSERT_EQ(scene.orders().size(), 2u);
  EXPECT_TRUE(std::holds_alternative<Market>(scene.orders()[1].kind));
}

TEST(People, a_flatten_waits_for_an_unknown_order) {
  DeskScene scene;
  scene.enter();
  const auto exit = scene.leave()[0];
  scene.wait_quoting(seconds(6));
  ASSERT_EQ(scene.state(exit), OrderState::Unknown);
  scene.ask(asks(OperatorAction::FlattenAll));
  EXPECT_EQ(scene.cancels(exit), 1u);
  EXPECT_EQ(scene.orders().size(), 2u);
  scene.status(exit, OrderState::Cancelled);
  ASSERT_EQ(scene.orders().size(), 3u);
  EXPECT_EQ(scene.orders()[2].purpose, OrderPurpose::Flatten);
}

TEST(People, a_reset_lets_it_trade_again_unless_the_loss_still_stands) {
  DeskScene fine;
  fine.ask(asks(OperatorAction::Kill));
  fine.ask(asks(OperatorAction::ResetKill));
  EXPECT_FALSE(fine.kernel->gate().killed());
  EXPECT_EQ(fine.want(0.9).size(), 1u);

  DeskScene worn(TradingMode::Paper, test::small_config(), Money::whole(10'000));
  EXPECT_TRUE(worn.kernel->gate().killed());  // the loss of before the restart
  EXPECT_EQ(worn.told<KillChanged>().at(0).cause, KillCause::DailyLoss);
  worn.ask(asks(OperatorAction::ResetKill));
  EXPECT_TRUE(worn.kernel->gate().killed());
  auto raise = asks(OperatorAction::SetLimit);
  raise.name = "daily_loss_max";
  raise.value = 20'000;
  worn.ask(raise);
  worn.ask(asks(OperatorAction::ResetKill));
  EXPECT_FALSE(worn.kernel->gate().killed());
}

TEST(People, the_daily_loss_kills_and_flattens) {
  DeskScene scene;
  const auto entry = scene.enter();
  const auto fall = Price::nearest(11'000 / entry.quantity.to_double());
  scene.market(scene.kernel->market().instrument(InstrumentId{0}).ticks.floor(price(100) - fall), scene.kernel->market().instrument(InstrumentId{0}).ticks.floor(price(100, 2) - fall));
  EXPECT_TRUE(scene.kernel->gate().killed());
  EXPECT_EQ(scene.told<KillChanged>().at(0).cause, KillCause::DailyLoss);
  ASSERT_EQ(scene.orders().size(), 2u);
  EXPECT_EQ(scene.orders()[1].purpose, OrderPurpose::Flatten);
}

TEST(People, stopped_entries_let_exits_go) {
  DeskScene scene;
  scene.enter();
  scene.ask(asks(OperatorAction::StopEntries));
  EXPECT_EQ(scene.leave().size(), 1u);
  DeskScene idle;
  idle.ask(asks(OperatorAction::StopEntries));
  EXPECT_TRUE(idle.want(0.9).empty());
  EXPECT_EQ(idle.told<OrderDenied>().at(0).reason, Denial::EntriesStopped);
}

TEST(People, a_cancelled_order_is_not_sent_again_by_itself) {
  DeskScene scene;
  const auto order = scene.want(0.9)[0];
  scene.status(order, OrderState::Submitted);
  auto input = asks(OperatorAction::CancelOrder);
  input.order = order.key;
  scene.ask(input);
  scene.status(order, OrderState::Cancelled);
  scene.wait_quoting(seconds(30));
  EXPECT_EQ(scene.orders().size(), 1u);
}

TEST(People, query_now_asks_the_broker) {
  DeskScene scene;
  const auto order = scene.want(0.9)[0];
  auto input = asks(OperatorAction::QueryOrder);
  input.order = order.key;
  scene.ask(input);
  EXPECT_EQ(scene.all<QueryOrder>().size(), 1u);
}

TEST(People, a_limit_changes_with_a_fact_and_a_wrong_name_changes_nothing) {
  DeskScene scene;
  auto input = asks(OperatorAction::SetLimit);
  input.name = "order_quantity_max";
  input.value = 5;
  scene.ask(input);
  const auto changed = scene.told<LimitChanged>().at(0);
  EXPECT_EQ(changed.before, 10'000);
  EXPECT_EQ(changed.after, 5);
  EXPECT_EQ(scene.kernel->gate().limits().order_quantity_max, shares(5));
  input.name = "no_such_limit";
  scene.ask(input);
  EXPECT_EQ(scene.told<LimitChanged>().size(), 1u);
  EXPECT_TRUE(scene.noted(NoteKind::OperatorAsked));
}

TEST(People, a_journal_that_cannot_be_written_stops_entries_and_not_exits) {
  DeskScene scene;
  scene.enter();
  scene.on(RuntimeAlarm{.kind = AlarmKind::JournalFailed});
  EXPECT_TRUE(scene.noted(NoteKind::Alarm));
  EXPECT_EQ(scene.leave().size(), 1u);
  DeskScene idle;
  idle.on(RuntimeAlarm{.kind = AlarmKind::JournalFailed});
  EXPECT_TRUE(idle.want(0.9).empty());
  idle.on(RuntimeAlarm{.kind = AlarmKind::JournalRestored});
  EXPECT_EQ(idle.orders().size(), 1u);  // what was wanted goes now, without being asked for again
}

TEST(People, a_full_queue_kills) {
  DeskScene scene;
  scene.on(RuntimeAlarm{.kind = AlarmKind::QueueFull});
  EXPECT_TRUE(scene.kernel->gate().killed());
}

TEST(People, a_kill_is_one_denial_and_not_a_thousand_and_its_reset_lets_the_wish_go_at_once) {
  DeskScene scene;
  scene.ask({.action = OperatorAction::Kill, .who = "desk"});
  EXPECT_TRUE(scene.want(0.9).empty());
  const auto denied = scene.told<OrderDenied>().size();
  EXPECT_GE(denied, 1u);
  scene.wait_quoting(minutes(20));
  EXPECT_EQ(scene.told<OrderDenied>().size(), denied);
  const auto before = scene.orders().size();
  scene.ask({.action = OperatorAction::ResetKill, .who = "desk"});
  scene.wait(seconds(1));
  scene.quote_again();
  EXPECT_GT(scene.orders().size(), before);
}

}  // namespace robo
