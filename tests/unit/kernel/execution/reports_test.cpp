#include <algorithm>
#include <map>
#include <random>

#include "desk.hpp"

namespace robo {

using test::DeskScene;

TEST(Reports, status_Filled_before_the_execution_moves_no_position) {  // C16
  DeskScene scene;
  const auto order = scene.want(0.9)[0];
  scene.update({.key = order.key, .instrument = order.instrument, .state = OrderState::Filled, .side = order.side, .filled = order.quantity});
  EXPECT_EQ(scene.held(), Quantity{});
  EXPECT_FALSE(is_final(scene.state(order)));
  scene.fill(order, order.quantity, price(100), "1.01");
  EXPECT_EQ(scene.held(), order.quantity);
  EXPECT_EQ(scene.state(order), OrderState::Filled);
}

TEST(Reports, asks_for_executions_a_status_speaks_of_and_nobody_sent) {
  DeskScene scene;
  const auto order = scene.want(0.9)[0];
  scene.update({.key = order.key, .instrument = order.instrument, .state = OrderState::Filled, .side = order.side, .filled = order.quantity});
  scene.wait_quoting(seconds(6));
  ASSERT_EQ(scene.all<QueryOrder>().size(), 1u);
  EXPECT_EQ(scene.all<QueryOrder>()[0].key, order.key);
  EXPECT_EQ(scene.orders().size(), 1u);
  scene.wait_quoting(seconds(10));
  EXPECT_EQ(scene.state(order), OrderState::Unknown);
  scene.fill(order, order.quantity, price(100), "1.01");
  EXPECT_EQ(scene.state(order), OrderState::Filled);
}

TEST(Reports, a_status_ahead_of_its_execution_is_given_its_time_however_old_the_order_is) {  // found in the demo: stops rest for hours
  DeskScene scene;
  const auto order = scene.want(0.9)[0];
  scene.status(order, OrderState::Submitted);
  scene.wait_quoting(minutes(10));
  const auto asked = [&] { return std::count_if(scene.commands.begin(), scene.commands.end(), [](const Command& c) { return std::holds_alternative<QueryOrder>(c); }); };
  const auto before = asked();
  scene.update({.key = order.key, .instrument = order.instrument, .state = OrderState::Submitted, .side = order.side, .filled = order.quantity});
  EXPECT_EQ(asked(), before);
  scene.wait(seconds(6));
  EXPECT_EQ(asked(), before + 1);
}

TEST(Reports, old_and_repeated_statuses_change_nothing) {  // C16
  DeskScene scene;
  const auto order = scene.want(0.9)[0];
  scene.status(order, OrderState::Submitted);
  const auto told = scene.told<OrderChanged>().size();
  scene.status(order, OrderState::Submitted);
  scene.status(order, OrderState::PreSubmitted);
  scene.status(order, OrderState::PendingSubmit);
  EXPECT_EQ(scene.told<OrderChanged>().size(), told);
  EXPECT_EQ(scene.state(order), OrderState::Submitted);
}

TEST(Reports, the_same_execution_twice_is_one_fill) {
  DeskScene scene;
  const auto order = scene.want(0.9)[0];
  scene.fill(order, shares(10), price(100), "a.01.01");
  scene.fill(order, shares(10), price(100), "a.01.01");
  EXPECT_EQ(scene.held(), shares(10));
  EXPECT_EQ(scene.order(order).filled, shares(10));
  EXPECT_EQ(scene.told<OrderFilled>().size(), 1u);
}

TEST(Reports, a_correction_corrects_the_order_too) {
  DeskScene scene;
  const auto order = scene.want(0.9)[0];
  scene.fill(order, shares(10), price(100), "a.01.01");
  scene.fill(order, shares(6), price(99, 50), "a.01.02");
  EXPECT_EQ(scene.held(), shares(6));
  EXPECT_EQ(scene.order(order).filled, shares(6));
  EXPECT_EQ(scene.order(order).average_price(), price(99, 50));
  EXPECT_TRUE(scene.told<OrderFilled>().back().correction);
}

TEST(Reports, a_cancelled_order_that_filled_in_between_waits_for_its_execution) {
  DeskScene scene;
  const auto order = scene.want(0.9)[0];
  scene.status(order, OrderState::Submitted);
  scene.leave();
  scene.update({.key = order.key, .instrument = order.instrument, .state = OrderState::Cancelled, .side = order.side, .filled = shares(25)});
  EXPECT_FALSE(is_final(scene.state(order)));
  scene.fill(order, shares(25), price(100), "1.01");
  EXPECT_EQ(scene.state(order), OrderState::Cancelled);
  EXPECT_EQ(scene.orders().back().quantity, shares(25));  // and that part leaves again
}

TEST(Reports, an_order_without_any_answer_is_unknown_asked_for_and_not_repeated) {  // C19
  DeskScene scene;
  const auto order = scene.want(0.9)[0];
  scene.wait_quoting(milliseconds(4'900));
  EXPECT_EQ(scene.state(order), OrderState::PendingSubmit);
  scene.wait_quoting(milliseconds(200));
  EXPECT_EQ(scene.state(order), OrderState::Unknown);
  EXPECT_EQ(scene.all<QueryOrder>().size(), 1u);
  EXPECT_TRUE(scene.noted(NoteKind::UnknownOrder));
  scene.want(0.4);
  scene.wait_quoting(seconds(60));
  EXPECT_EQ(scene.orders().size(), 1u);
  EXPECT_GE(scene.all<Reconcile>().size(), 1u);  // three questions without an answer: look at everything
}

TEST(Reports, an_answer_brings_an_unknown_order_back) {
  DeskScene scene;
  const auto order = scene.want(0.9)[0];
  scene.wait_quoting(seconds(6));
  ASSERT_EQ(scene.state(order), OrderState::Unknown);
  scene.status(order, OrderState::Submitted);
  EXPECT_EQ(scene.state(order), OrderState::Submitted);
}

TEST(Reports, a_fill_of_an_order_nobody_here_knows_is_booked_shown_and_asked_about) {  // C7
  DeskScene scene;
  const Execution stranger{.id = "q.01", .key = {99, 5}, .instrument = InstrumentId{0}, .side = Side::Buy, .quantity = shares(7), .price = price(100)};
  scene.on(Boxed<Execution>{&stranger});
  EXPECT_EQ(scene.held(), shares(7));
  EXPECT_TRUE(scene.noted(NoteKind::QuarantinedExecution));
  ASSERT_EQ(scene.all<QueryOrder>().size(), 1u);
  EXPECT_EQ(scene.all<QueryOrder>()[0].key, (OrderKey{99, 5}));
  EXPECT_EQ(scene.kernel->portfolio().share(InstrumentId{0}, portfolio::unattributed), shares(7));
}

TEST(Reports, a_manual_fill_counts_and_belongs_to_nobody) {  // C9
  DeskScene scene;
  scene.enter();
  const auto held = scene.held();
  const Execution manual{.id = "m.01", .perm_id = PermId{5}, .instrument = InstrumentId{0}, .side = Side::Sell, .external = true, .quantity = held, .price = price(100)};
  scene.on(Boxed<Execution>{&manual});
  EXPECT_EQ(scene.held(), Quantity{});
  EXPECT_FALSE(scene.told<OrderFilled>().back().intent.key);
}

TEST(Reports, an_orderId_alone_names_nothing) {  // C4
  DeskScene scene;
  const auto order = scene.want(0.9)[0];
  scene.update({.key = order.key, .broker_id = {1, 42}, .perm_id = PermId{500}, .instrument = order.instrument, .state = OrderState::Submitted, .side = order.side});
  const Execution other{.id = "o.01", .broker_id = {1, 42}, .perm_id = PermId{501}, .instrument = InstrumentId{0}, .side = Side::Buy, .external = true,
                        .quantity = shares(3), .price = price(100)};
  scene.on(Boxed<Execution>{&other});
  EXPECT_EQ(scene.order(order).filled, Quantity{});
  const Execution ours{.id = "p.01", .perm_id = PermId{500}, .instrument = InstrumentId{0}, .side = Side::Buy, .quantity = shares(4), .price = price(100)};
  scene.on(Boxed<Execution>{&ours});
  EXPECT_EQ(scene.order(order).filled, shares(4));
}

TEST(Reports, one_order_under_two_permanent_ids_is_cancelled_under_both) {  // C5
  DeskScene scene;
  const auto order = scene.want(0.9)[0];
  scene.status(order, OrderState::Submitted);
  scene.update({.key = order.key, .perm_id = PermId{777}, .instrument = order.instrument, .state = OrderState::Submitted, .side = order.side});
  EXPECT_EQ(scene.all<CancelExternal>().size() + scene.all<CancelOrder>().size(), 2u);
  EXPECT_EQ(scene.state(order), OrderState::PendingCancel);
  EXPECT_TRUE(scene.noted(NoteKind::UnknownOrder));
}

TEST(Reports, an_order_edited_in_TWS_is_followed) {  // need 10
  DeskScene scene;
  const auto order = scene.want(0.9)[0];
  scene.status(order, OrderState::Submitted);
  scene.update({.key = order.key, .instrument = order.instrument, .state = OrderState::Submitted, .side = order.side, .quantity = order.quantity, .limit = price(99, 50)});
  EXPECT_EQ(std::get<Limit>(scene.order(order).intent.kind).price, price(99, 50));
}

TEST(Reports, a_refused_change_leaves_the_order_as_it_was) {  // 110 on a change: the previous order stays
  DeskScene scene;
  const auto order = scene.want(0.9)[0];
  scene.status(order, OrderState::Submitted);
  scene.wait(seconds(1));
  scene.market(price(100, 1), price(100, 3));
  ASSERT_TRUE(scene.order(order).change_pending);
  scene.update({.key = order.key, .instrument = order.instrument, .state = OrderState::Submitted, .side = order.side, .code = 110});
  EXPECT_FALSE(scene.order(order).change_pending);
  EXPECT_EQ(std::get<Limit>(scene.order(order).intent.kind).price, price(100));
  EXPECT_TRUE(scene.order(order).live());
}

TEST(Reports, a_storm_of_rejects_trips_the_kill_switch) {
  auto config = test::small_config();
  config.execution.rejects_max = 3;
  config.limits.duplicate_window_s = 0;
  DeskScene scene(TradingMode::Paper, config);
  for (int i = 0; i < 40 && !scene.kernel->gate().killed(); ++i) {
    if (const auto sent = scene.want(i % 2 == 0 ? 0.9 : 0.5); !sent.empty()) scene.status(sent[0], OrderState::Rejected, 201);
  }
  EXPECT_TRUE(scene.kernel->gate().killed());
  EXPECT_EQ(scene.told<KillChanged>().at(0).cause, KillCause::RejectStorm);
}

// Random days: reports repeated, out of order, lost; every law that must hold holds after every event.
TEST(ReportsProperty, filled_never_exceeds_what_was_approved_and_final_states_stay) {
  std::size_t fills = 0;
  for (std::uint32_t seed = 1; seed <= 25; ++seed) {
    std::mt19937 random(seed);
    const auto roll = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    DeskScene scene(seed % 3 == 0 ? TradingMode::Backtest : TradingMode::Paper);
    struct AtBroker {
      OrderIntent intent{};
      Quantity filled{};
      bool over{};
    };
    std::vector<AtBroker> broker;
    std::vector<std::pair<OrderIntent, Execution>> sent;
    std::map<OrderKey, OrderState> finals;
    Quantity truth{};
    std::size_t seen = 0;
    std::int64_t cents = 100'00;
    for (int step = 0; step < 600; ++step) {
      scene.wait(milliseconds(roll(700)));
      cents += roll(5) - 2;
      scene.best_bid = price(0, cents), scene.best_ask = price(0, cents + 2);
      if (roll(25) == 0) scene.want((roll(19) - 9) / 10.0, roll(2) ? price(1) : Price{}, roll(2) ? price(2) : Price{});
      else scene.quote_again();
      for (; seen < scene.commands.size(); ++seen) {
        const auto& command = scene.commands[seen];
        if (const auto* submit = std::get_if<SubmitOrder>(&command)) broker.push_back({submit->order.intent()});
        if (const auto* modify = std::get_if<ModifyOrder>(&command))
          for (auto& b : broker)
            if (b.intent.key == modify->order.intent().key && !b.over) b.intent = modify->order.intent();
        if (const auto* cancel = std::get_if<CancelOrder>(&command))
          for (auto& b : broker)
            if (b.intent.key == cancel->key && !b.over && roll(4) != 0) {
              b.over = true;
              scene.update({.key = b.intent.key, .instrument = b.intent.instrument, .state = OrderState::Cancelled, .side = b.intent.side, .filled = b.filled});
            }
      }
      if (!broker.empty()) {
        auto& b = broker[static_cast<std::size_t>(roll(static_cast<int>(broker.size())))];
        const bool child_waits = bool(b.intent.parent) && std::any_of(broker.begin(), broker.end(), [&](const AtBroker& o) {
          return o.intent.key == b.intent.parent && o.filled < o.intent.quantity;
        });
        switch (b.over ? 3 : roll(5)) {
          case 0: scene.update({.key = b.intent.key, .instrument = b.intent.instrument, .state = static_cast<OrderState>(roll(3)), .side = b.intent.side,
                                .quantity = b.intent.quantity, .filled = b.filled}); break;
          case 1:
            if (!child_waits && b.filled < b.intent.quantity) {
              const auto room = (b.intent.quantity - b.filled).raw / Quantity::scale;
              const auto quantity = shares(1 + roll(static_cast<int>(room)));
              b.filled += quantity;
              truth += signed_quantity(b.intent.side, quantity);
              if (b.filled == b.intent.quantity) b.over = true;
              const auto id = std::to_string(seed) + "-" + std::to_string(step) + ".01";
              const Execution execution{.id = std::string_view(id), .key = b.intent.key, .instrument = b.intent.instrument, .side = b.intent.side, .quantity = quantity, .price = scene.best_bid};
              sent.push_back({b.intent, execution});
              scene.on(Boxed<Execution>{&execution});
            }
            break;
          case 2:
            if (!sent.empty()) {
              const auto& again = sent[static_cast<std::size_t>(roll(static_cast<int>(sent.size())))].second;
              scene.on(Boxed<Execution>{&again});
            }
            break;
          case 3:
            if (b.filled == b.intent.quantity)
              scene.update({.key = b.intent.key, .instrument = b.intent.instrument, .state = OrderState::Filled, .side = b.intent.side, .filled = b.filled});
            break;
          default: break;
        }
      }
      ASSERT_EQ(scene.held(), truth) << "seed " << seed << " step " << step;
      for (const auto& b : broker) {
        const auto* order = scene.kernel->dealer().orders().find(b.intent.key);
        if (order == nullptr) continue;
        ASSERT_EQ(order->filled, b.filled) << "seed " << seed << " step " << step;
        ASSERT_LE(order->filled, std::max(order->intent.quantity, b.intent.quantity));
        const auto [at, fresh] = finals.try_emplace(b.intent.key, order->state);
        if (!fresh && is_final(at->second)) {
          ASSERT_EQ(order->state, at->second) << "seed " << seed << " step " << step;
        }
        at->second = order->state;
      }
    }
    fills += sent.size();
  }
  ASSERT_GT(fills, 400u);
}

TEST(Reports, an_order_for_a_combination_lives_by_the_whole_and_what_we_hold_changes_by_its_legs) {
  DeskScene scene;
  Instrument combo = test::stock(2, "AAA,BBB");
  combo.asset_class = AssetClass::Combo;
  combo.legs[0] = {ContractId{1}, 2}, combo.legs[1] = {ContractId{2}, -1}, combo.leg_count = 2;
  scene.on(Boxed<Instrument>{&combo});
  const PermId perm{77};  // typed into TWS: adopted and shown
  scene.update({.perm_id = perm, .instrument = combo.id, .state = OrderState::Submitted, .side = Side::Buy, .external = true, .quantity = shares(10), .remaining = shares(10)});
  const auto& orders = scene.kernel->dealer().orders();
  const auto done = [&](std::string_view id, InstrumentId instrument, Side side, Quantity quantity, Price at) {
    const Execution execution{.id = id, .perm_id = perm, .instrument = instrument, .side = side, .external = true, .quantity = quantity, .price = at};
    scene.on(Boxed<Execution>{&execution});
  };
  done("c.01.01", combo.id, Side::Buy, shares(4), price(0, 4));
  done("c.02.01", InstrumentId{0}, Side::Buy, shares(8), price(10));
  done("c.03.01", InstrumentId{1}, Side::Sell, shares(4), price(20));
  done("c.03.01", InstrumentId{1}, Side::Sell, shares(4), price(20));
  const auto* order = const_cast<execution::Orders&>(orders).find(perm);
  ASSERT_NE(order, nullptr);
  EXPECT_EQ(order->filled, shares(4)) << "not the sum of whole and legs";
  EXPECT_TRUE(order->live());
  EXPECT_EQ(scene.held(), shares(8));
  EXPECT_EQ(scene.kernel->portfolio().position(InstrumentId{1}).quantity, shares(-4));
  EXPECT_TRUE(scene.kernel->portfolio().position(combo.id).quantity.is_zero());
  done("c.04.01", combo.id, Side::Buy, shares(6), price(0, 4));
  EXPECT_EQ(order->state, OrderState::Filled);
  EXPECT_EQ(scene.kernel->portfolio().position(combo.id).quantity, Quantity{});
}

TEST(Reports, an_order_that_is_pending_its_cancel_still_fills_and_ends_by_what_came_first) {
  for (const bool filled_first : {true, false}) {
    DeskScene scene;
    const auto order = scene.want(0.9)[0];
    scene.status(order, OrderState::PendingSubmit);  // also TWS's ApiPending
    scene.status(order, OrderState::Submitted);
    scene.status(order, OrderState::PendingCancel);
    EXPECT_EQ(scene.state(order), OrderState::PendingCancel);
    scene.status(order, OrderState::Submitted);
    EXPECT_EQ(scene.state(order), OrderState::PendingCancel) << "an old word";
    const auto part = shares(order.quantity.raw / Quantity::scale / 2);
    scene.fill(order, part, price(100), "p.01.01");
    EXPECT_EQ(scene.held(), part);
    EXPECT_FALSE(is_final(scene.state(order)));
    if (filled_first) scene.fill(order, order.quantity - part, price(100), "p.02.01");
    scene.status(order, OrderState::Cancelled, 202);
    EXPECT_EQ(scene.state(order), filled_first ? OrderState::Filled : OrderState::Cancelled);
    EXPECT_EQ(scene.held(), filled_first ? order.quantity : part);
  }
}

}  // namespace robo
