#include "desk.hpp"

namespace robo {

using test::DeskScene;
using test::Scene;

namespace {

void tell_open(Scene& scene, const OrderIntent& intent, OrderState state = OrderState::Submitted) {
  OrderUpdate update{.key = intent.key, .perm_id = PermId{static_cast<std::int64_t>(intent.key.number) + 1'000}, .instrument = intent.instrument,
                     .state = state, .side = intent.side, .from_reconciliation = true, .quantity = intent.quantity};
  if (const auto* limit = std::get_if<Limit>(&intent.kind)) update.limit = limit->price;
  if (const auto* stop = std::get_if<Stop>(&intent.kind)) update.trigger = stop->trigger;
  scene.update(update);
}
void tell_fill(Scene& scene, const OrderIntent& intent, Quantity quantity, Price at, std::string_view id) {
  const Execution execution{.id = id, .key = intent.key, .instrument = intent.instrument, .side = intent.side, .from_reconciliation = true,
                            .quantity = quantity, .price = at};
  scene.on(Boxed<Execution>{&execution});
}

}  // namespace

TEST(Reconcile, the_gate_stays_shut_until_the_broker_has_been_heard) {
  Scene scene(test::small_config(), TradingMode::Paper);
  scene.quote(price(100), price(100, 2));
  EXPECT_FALSE(scene.kernel->gate().ready());
  scene.gateway(GatewayState::Ready);
  EXPECT_FALSE(scene.kernel->gate().ready());
  scene.on(ReconciliationBegan{1});
  scene.cash();
  EXPECT_FALSE(scene.kernel->gate().ready());
  scene.on(ReconciliationEnded{1, false});  // an answer was missing
  EXPECT_FALSE(scene.kernel->gate().ready());
  scene.wait(seconds(3));
  EXPECT_EQ(scene.all<Reconcile>().size(), 1u);
  scene.on(ReconciliationBegan{2});
  scene.on(ReconciliationEnded{2, true});
  EXPECT_TRUE(scene.kernel->gate().ready());
}

TEST(Reconcile, what_was_wanted_while_the_gate_was_shut_is_done_when_it_opens) {
  DeskScene scene;
  scene.gateway(GatewayState::Disconnected);
  EXPECT_TRUE(scene.want(0.9).empty());
  scene.gateway(GatewayState::Reconciling);
  scene.on(ReconciliationBegan{2});
  scene.on(ReconciliationEnded{2, true});
  EXPECT_TRUE(scene.orders().empty());
  scene.gateway(GatewayState::Ready);
  EXPECT_EQ(scene.orders().size(), 1u);
}

TEST(Reconcile, fills_of_an_outage_are_booked_and_orders_that_are_gone_are_over) {  // C6, C8
  DeskScene scene;
  const auto order = scene.want(0.9)[0];
  scene.status(order, OrderState::Submitted);
  scene.gateway(GatewayState::Disconnected);
  EXPECT_FALSE(scene.kernel->gate().ready());
  scene.wait(seconds(30));
  scene.gateway(GatewayState::Reconciling);
  scene.on(ReconciliationBegan{2});
  tell_fill(scene, order, shares(60), price(100), "1.01");
  scene.position(shares(60), Money::whole(100));
  scene.on(ReconciliationEnded{2, true});
  EXPECT_EQ(scene.held(), shares(60));
  EXPECT_EQ(scene.state(order), OrderState::Cancelled);
  const auto note = scene.told<ReconciliationNoted>().back();
  EXPECT_EQ(note.fills_missed, 1u);
  EXPECT_EQ(note.orders_gone, 1u);
  EXPECT_EQ(note.positions_differing, 0u);
  EXPECT_TRUE(scene.told<PositionDiffered>().empty());
}

TEST(Reconcile, an_order_the_broker_still_works_goes_on) {
  DeskScene scene;
  const auto order = scene.want(0.9)[0];
  scene.status(order, OrderState::Submitted);
  scene.gateway(GatewayState::Disconnected);
  scene.gateway(GatewayState::Reconciling);
  scene.on(ReconciliationBegan{2});
  tell_open(scene, order);
  scene.on(ReconciliationEnded{2, true});
  scene.gateway(GatewayState::Ready);
  scene.market(price(100), price(100, 2));
  EXPECT_EQ(scene.state(order), OrderState::Submitted);
  EXPECT_EQ(scene.orders().size(), 1u);
  EXPECT_EQ(scene.told<ReconciliationNoted>().back().orders_known, 1u);
}

TEST(Reconcile, a_change_that_a_broken_connection_swallowed_is_not_waited_for) {  // sim seed 1121
  DeskScene scene;
  const auto order = scene.want(0.9)[0];
  scene.status(order, OrderState::Submitted);
  scene.market(price(100, 1), price(100, 3));
  scene.wait_quoting(seconds(1));
  const auto changes = scene.all<ModifyOrder>().size();
  ASSERT_GT(changes, 0u);  // the limit follows the market, and nobody confirms
  scene.gateway(GatewayState::Disconnected);
  scene.gateway(GatewayState::Reconciling);
  scene.on(ReconciliationBegan{2});
  tell_open(scene, order);  // on its old terms
  scene.on(ReconciliationEnded{2, true});
  scene.gateway(GatewayState::Ready);
  EXPECT_EQ(scene.state(order), OrderState::Submitted);
  scene.wait_quoting(seconds(1));
  EXPECT_EQ(scene.all<ModifyOrder>().size(), changes + 1) << "the chase goes on: IB has answered, there is nothing to wait for";
}

TEST(Reconcile, an_order_lost_in_the_restart_second_is_found_out_and_may_be_sent_anew) {  // C2
  DeskScene scene;
  const auto order = scene.want(0.9)[0];
  scene.gateway(GatewayState::Disconnected);  // the gateway never saw it
  scene.wait(seconds(20));
  EXPECT_EQ(scene.state(order), OrderState::Unknown);
  scene.gateway(GatewayState::Reconciling);
  scene.on(ReconciliationBegan{2});
  scene.on(ReconciliationEnded{2, true});
  EXPECT_EQ(scene.state(order), OrderState::Cancelled);
  EXPECT_EQ(scene.told<ReconciliationNoted>().back().unknown_resolved, 1u);
  scene.gateway(GatewayState::Ready);
  scene.wait(seconds(3));
  scene.quote_again();
  ASSERT_EQ(scene.orders().size(), 2u);
  EXPECT_NE(scene.orders()[1].key, order.key);
}

TEST(Reconcile, a_restart_with_working_orders_adopts_them_and_sends_nothing_twice) {  // C8, kill -9
  DeskScene before;
  const auto bracket = before.want(0.9, price(2), price(4));
  ASSERT_EQ(bracket.size(), 3u);

  Scene after(test::small_config(), TradingMode::Paper, Money{}, 2);
  for (const auto& intent : bracket) after.on(Boxed<OrderIntent>{&intent});
  after.gateway(GatewayState::Reconciling);
  after.on(ReconciliationBegan{1});
  after.cash();
  for (const auto& intent : bracket) tell_open(after, intent);
  after.on(ReconciliationEnded{1, true});
  after.gateway(GatewayState::Ready);
  after.quote(price(100), price(100, 2));
  EXPECT_TRUE(after.orders().empty());
  EXPECT_EQ(after.told<ReconciliationNoted>().back().orders_adopted, 3u);
  EXPECT_EQ(after.order(bracket[0]).intent.purpose, OrderPurpose::Entry);
  EXPECT_EQ(after.order(bracket[2]).intent.purpose, OrderPurpose::ProtectiveStop);
  // The same opinion again: the working order is it.
  after.opinion({.instrument = InstrumentId{0}, .score = 0.9, .confidence = 0.9, .horizon = hours(8), .stop_distance = price(2), .target_distance = price(4)});
  after.now = after.now + seconds(1);
  after.quote(price(100), price(100, 2));
  EXPECT_TRUE(after.orders().empty());
  after.fill(bracket[0], bracket[0].quantity, price(100), "late.01");
  EXPECT_EQ(after.held(), bracket[0].quantity);
  EXPECT_EQ(after.order(bracket[0]).state, OrderState::Filled);
  EXPECT_TRUE(after.orders().empty());
}

TEST(Reconcile, a_position_whose_stop_vanished_while_we_were_away_gets_another) {  // sim seed 6
  Scene scene(test::small_config(), TradingMode::Paper);
  scene.quote(price(100), price(100, 2));
  const OrderIntent stop{.key = {3, 9}, .instrument = InstrumentId{0}, .side = Side::Sell, .purpose = OrderPurpose::ProtectiveStop, .quantity = shares(50),
                         .kind = Stop{price(98)}};
  scene.on(Boxed<OrderIntent>{&stop});  // out of the journal: the last stop of what was held
  scene.gateway(GatewayState::Reconciling);
  scene.on(ReconciliationBegan{1});
  scene.cash();
  const PositionReport held{.instrument = InstrumentId{0}, .quantity = shares(50), .average_cost = Money::whole(99), .from_reconciliation = true};
  scene.on(Boxed<PositionReport>{&held});
  scene.on(ReconciliationEnded{1, true});
  scene.gateway(GatewayState::Ready);
  ASSERT_EQ(scene.orders().size(), 1u);
  const auto& placed = scene.orders()[0];
  EXPECT_EQ(placed.purpose, OrderPurpose::ProtectiveStop);
  EXPECT_EQ(placed.side, Side::Sell);
  EXPECT_EQ(placed.quantity, shares(50));
  EXPECT_EQ(std::get<Stop>(placed.kind).trigger, price(98));
  EXPECT_NE(placed.key, stop.key);
}

TEST(Reconcile, orders_of_ours_without_a_journal_are_read_off_their_terms) {
  Scene scene(test::small_config(), TradingMode::Paper, Money{}, 9);
  const OrderIntent stop{.key = {4, 2}, .instrument = InstrumentId{0}, .side = Side::Sell, .quantity = shares(10), .kind = Stop{price(95)}};
  scene.gateway(GatewayState::Reconciling);
  scene.on(ReconciliationBegan{1});
  scene.position(shares(10), Money::whole(100));
  tell_open(scene, stop, OrderState::PreSubmitted);
  scene.on(ReconciliationEnded{1, true});
  EXPECT_EQ(scene.order(stop).intent.purpose, OrderPurpose::ProtectiveStop);
  EXPECT_EQ(scene.held(), shares(10));
}

TEST(Reconcile, keys_are_never_given_twice) {  // C3
  DeskScene one;
  Scene two(test::small_config(), TradingMode::Backtest, Money{}, 2);
  const auto first = one.want(0.9)[0];
  two.quote(price(100), price(100, 2));
  two.opinion({.instrument = InstrumentId{0}, .score = 0.9, .confidence = 0.9, .horizon = hours(8)});
  two.quote(price(100), price(100, 2));
  ASSERT_EQ(two.orders().size(), 1u);
  EXPECT_NE(first.key, two.orders()[0].key);
  EXPECT_EQ(first.key.session, 1u);
  EXPECT_EQ(two.orders()[0].key.session, 2u);
}

TEST(Reconcile, a_manual_close_is_seen_within_seconds_not_next_morning) {  // C9
  DeskScene scene;
  scene.enter();
  scene.position(Quantity{});  // the position stream says flat; no execution of ours explains it
  EXPECT_TRUE(scene.all<Reconcile>().empty());
  scene.wait_quoting(seconds(21));
  ASSERT_EQ(scene.all<Reconcile>().size(), 1u);
  scene.on(ReconciliationBegan{2});
  scene.on(ReconciliationEnded{2, true});
  EXPECT_EQ(scene.held(), Quantity{});
  ASSERT_EQ(scene.told<PositionDiffered>().size(), 1u);
  EXPECT_EQ(scene.told<PositionDiffered>()[0].theirs, Quantity{});
}

TEST(Reconcile, a_position_report_that_is_a_moment_ahead_of_its_execution_is_no_alarm) {
  DeskScene scene;
  const auto order = scene.want(0.9)[0];
  scene.status(order, OrderState::Submitted);
  scene.position(order.quantity, Money::whole(100));
  scene.fill(order, order.quantity, price(100), "1.01");
  scene.wait_quoting(seconds(60));
  EXPECT_TRUE(scene.all<Reconcile>().empty());
}

TEST(Reconcile, a_fill_in_the_middle_is_kept_and_everything_is_asked_once_more) {
  DeskScene scene;
  const auto order = scene.want(0.9)[0];
  scene.status(order, OrderState::Submitted);
  scene.on(ReconciliationBegan{2});
  tell_open(scene, order);
  scene.position(Quantity{});
  scene.fill(order, shares(10), price(100), "1.01");
  scene.on(ReconciliationEnded{2, true});
  EXPECT_EQ(scene.held(), shares(10));
  EXPECT_FALSE(scene.kernel->gate().ready());
  scene.wait(seconds(3));
  EXPECT_EQ(scene.all<Reconcile>().size(), 1u);
}

TEST(Reconcile, a_strangers_order_is_shown_and_left_alone) {  // C31
  DeskScene scene;
  scene.update({.perm_id = PermId{88}, .instrument = InstrumentId{0}, .state = OrderState::Submitted, .side = Side::Buy, .external = true,
                .quantity = shares(5), .limit = price(90)});
  EXPECT_TRUE(scene.noted(NoteKind::ExternalOrder));
  EXPECT_EQ(scene.kernel->dealer().orders().live_count(), 1u);
  EXPECT_TRUE(scene.all<CancelOrder>().empty());
  scene.ask({.action = OperatorAction::CancelAll, .value = 1, .who = "desk"});
  EXPECT_TRUE(scene.all<CancelAllOrders>().at(0).including_external);
}

TEST(Reconcile, the_restart_window_lets_exits_go_and_no_entries) {  // C1, C2
  DeskScene scene;
  scene.enter();
  scene.gateway(GatewayState::RestartWindow);
  EXPECT_TRUE(scene.kernel->gate().entries_stopped());
  EXPECT_EQ(scene.leave().size(), 1u);
  scene.gateway(GatewayState::Ready);
  EXPECT_FALSE(scene.kernel->gate().entries_stopped());
}

}  // namespace robo
