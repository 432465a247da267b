#include "kernel/kernel.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <memory>

#include "support/scene.hpp"

namespace robo {

using test::Scene;

namespace {

strategy::Signal bullish(Price stop = {}, Price target = {}) {
  return {.instrument = InstrumentId{0}, .score = 0.9, .confidence = 0.9, .horizon = hours(1), .stop_distance = stop, .target_distance = target, .why = "test"};
}

}  // namespace

TEST(Kernel, walks_a_tick_to_an_order_and_a_fill_to_a_position) {
  Scene scene;
  scene.quote(price(100), price(100, 2));
  scene.opinion(bullish());
  scene.now = scene.now + milliseconds(10);
  scene.quote(price(100), price(100, 2));
  ASSERT_EQ(scene.orders().size(), 1u);
  const auto order = scene.orders()[0];
  EXPECT_EQ(order.side, Side::Buy);
  EXPECT_EQ(order.purpose, OrderPurpose::Entry);
  EXPECT_EQ(std::get<Limit>(order.kind).price, price(100));  // passive: at the bid
  EXPECT_EQ(order.reason.contribution_count, 1);

  scene.status(order, OrderState::Submitted);
  scene.fill(order, order.quantity, price(100), "E1.01");
  EXPECT_EQ(scene.held(), order.quantity);
  EXPECT_EQ(scene.order(order).state, OrderState::Filled);
  EXPECT_EQ(scene.told<OrderFilled>().size(), 1u);
  EXPECT_EQ(scene.kernel->portfolio().share(InstrumentId{0}, StrategyId{0}), order.quantity);
}

TEST(Kernel, days_told_before_the_start_do_not_forgive_the_loss_made_today) {
  Scene scene({}, TradingMode::Paper, Money::whole(777));
  const auto day = [&](int number) {
    scene.on(PhaseChange{.instrument = InstrumentId{0}, .phase = TradingPhase::Regular, .trade_date = Date{17'900 + number}});
    scene.now = scene.now + hours(24);
  };
  for (int number = 0; number < 4; ++number) day(number);  // the past, for the features' sake; today is the last
  EXPECT_EQ(scene.kernel->portfolio().day_pnl(), -Money::whole(777));
  scene.gateway(GatewayState::Ready);
  EXPECT_EQ(scene.kernel->portfolio().day_pnl(), -Money::whole(777));
  scene.on(PhaseChange{.instrument = InstrumentId{1}, .phase = TradingPhase::Regular, .trade_date = Date{17'903}});
  EXPECT_EQ(scene.kernel->portfolio().day_pnl(), -Money::whole(777)) << "the same day";
  day(4);
  EXPECT_EQ(scene.kernel->portfolio().day_pnl(), Money{}) << "a new day";
}

TEST(Kernel, gives_the_same_commands_for_the_same_events) {
  const auto run = [] {
    Scene scene;
    std::uint64_t random = 11;
    std::int64_t mid = 100'00;
    for (int i = 0; i < 3'000; ++i) {
      random = random * 6364136223846793005u + 1442695040888963407u;
      mid += static_cast<std::int64_t>(random >> 62) - 1;
      if (i % 97 == 0) scene.opinion(random >> 63 ? bullish() : strategy::Signal{.instrument = InstrumentId{0}, .score = -0.7, .confidence = 1, .horizon = minutes(3)});
      scene.wait(milliseconds(120));
      scene.quote(price(0, mid), price(0, mid + 2));
      if (i % 7 == 0)
        if (const auto orders = scene.orders(); !orders.empty() && scene.order(orders.back()).live()) {
          const auto& order = scene.order(orders.back());
          if (order.cancel_sent) scene.status(order.intent, OrderState::Cancelled);
          else scene.fill(order.intent, std::min(order.remaining(), shares(100)), price(0, mid), "X" + std::to_string(i) + ".01");
        }
    }
    return scene;
  };
  const auto a = run(), b = run();
  ASSERT_GT(a.commands.size(), 20u);
  ASSERT_EQ(a.commands.size(), b.commands.size());
  for (std::size_t i = 0; i < a.commands.size(); ++i) ASSERT_EQ(a.commands[i].index(), b.commands[i].index()) << i;
  const auto one = a.orders(), other = b.orders();
  ASSERT_EQ(one.size(), other.size());
  for (std::size_t i = 0; i < one.size(); ++i) {
    EXPECT_EQ(one[i].key, other[i].key);
    EXPECT_EQ(one[i].quantity, other[i].quantity);
    EXPECT_EQ(one[i].kind, other[i].kind);
  }
}

TEST(Kernel, marks_the_account_once_a_second_and_at_every_fill) {
  Scene scene;
  for (int i = 0; i < 31; ++i) {
    scene.quote(price(100), price(100, 2));
    scene.wait(milliseconds(100));
  }
  EXPECT_EQ(scene.told<EquityMarked>().size(), 4u);  // at the first event and at 1, 2 and 3 seconds
  EXPECT_EQ(scene.told<EquityMarked>()[0].equity, Money::whole(1'000'000));
  scene.opinion(bullish());
  scene.quote(price(100), price(100, 2));
  const auto before = scene.told<EquityMarked>().size();
  scene.fill(scene.orders()[0], shares(1), price(100), "E1.01");
  EXPECT_EQ(scene.told<EquityMarked>().size(), before + 1);
  // Strategies and limits are told at first and when they change: the puppet and nobody, then the puppet's fill.
  EXPECT_EQ(scene.told<StrategyMarked>().size(), 3u);
  EXPECT_EQ(scene.told<StrategyMarked>().back().strategy, StrategyId{0});
}

TEST(Kernel, tells_exposures_with_the_marks_and_the_risk_of_the_book_bar_by_bar) {
  Scene scene;
  scene.quote(price(100), price(100, 2));
  scene.opinion(bullish());
  scene.quote(price(100), price(100, 2));
  scene.fill(scene.orders()[0], shares(10), price(100), "E1.01");
  std::vector<ExposureMarked> held;
  for (const auto& told : scene.told<ExposureMarked>())
    if (told.kind == ExposureKind::Instrument && !told.gross.is_zero()) held.push_back(told);
  ASSERT_EQ(held.size(), 1u);
  EXPECT_EQ(held[0].net, Money::from_raw(1'000'100'000)) << "at the mark, the middle of bid and ask";
  EXPECT_EQ(scene.kernel->exposures().sector(risk::Exposures::unclassified).net, held[0].net);
  for (int minute = 0; minute < 30; ++minute) {
    const Price bid = price(100, minute % 3);
    scene.on(Trade{.instrument = InstrumentId{0}, .price = bid, .size = shares(100)});
    scene.quote(bid, bid + price(0, 2));
    scene.wait(minutes(1));
  }
  const auto risks = scene.told<RiskMarked>();
  ASSERT_GT(risks.size(), 25u);
  EXPECT_EQ(risks.back().positions, 1u);
  EXPECT_TRUE(std::isnan(risks.front().volatility));
  EXPECT_GT(risks.back().value_at_risk_99, 0);
}

TEST(KernelDeathTest, refuses_time_that_goes_backwards) {
  Scene scene;
  scene.quote(price(100), price(100, 2));
  scene.now = scene.now - nanoseconds(1);
  EXPECT_DEATH(scene.quote(price(100), price(100, 2)), "INVARIANT");
}

/// Wants RSI from a second to a day, and remembers what it was told.
class FiveClocks final : public strategy::Strategy {
 public:
  static constexpr std::array lengths{seconds(1), minutes(1), minutes(5), hours(1), hours(24)};
  std::string_view name() const override { return "five_clocks"; }
  void declare(strategy::Declaration& d) override {
    for (const auto length : lengths) rsi_.push_back(d.feature({.kind = features::Kind::Rsi, .timeframe = length, .period = 2}));
  }
  void on_trade(const strategy::View& view, const Trade& trade, strategy::Signals&) override {
    for (std::size_t i = 0; i < rsi_.size(); ++i) (*told)[i] = view.features().value(rsi_[i], trade.instrument);
  }
  void reset() override {}
  std::shared_ptr<std::array<double, 5>> told = std::make_shared<std::array<double, 5>>();

 private:
  std::vector<features::Handle> rsi_;
};

TEST(Kernel, a_strategy_asks_for_rsi_of_a_second_a_minute_five_minutes_an_hour_and_a_day) {
  auto strategy = std::make_unique<FiveClocks>();
  const auto told = strategy->told;
  std::vector<Enlisted> strategies;
  strategies.push_back({std::move(strategy), {.universe = {InstrumentId{0}}, .running = true}});
  Kernel kernel({.instruments_max = 1}, std::move(strategies));
  Commands out;
  Facts facts;
  Timestamp now = test::nine_thirty - hours(24 * 4);
  const auto tell = [&](const auto& payload) {
    out.clear();
    facts.clear();
    kernel.on(Event{.at = now, .received_at = now, .payload = payload}, out, facts);
  };
  const auto instrument = test::stock(0, "AAA");
  tell(Boxed<Instrument>{&instrument});
  EngineStarted started;
  started.session = 1;
  started.mode = TradingMode::Backtest;
  started.base_currency = "USD";
  started.starting_cash = Money::whole(1'000'000);
  tell(Boxed<EngineStarted>{&started});
  ASSERT_TRUE(kernel.problems().empty()) << kernel.problems()[0].text;
  // Daily bars of history, then a session of trades up and down.
  for (const int close : {100, 101, 100}) {
    now = now + hours(24);
    const Bar bar{.instrument = InstrumentId{0}, .trades = 1, .start = now - hours(24), .period = hours(24), .open = price(close), .high = price(close), .low = price(close), .close = price(close),
                  .volume = shares(1'000)};
    tell(Boxed<Bar>{&bar});
  }
  now = test::nine_thirty;
  tell(PhaseChange{.instrument = InstrumentId{0}, .phase = TradingPhase::Regular, .trade_date = date_of(2018, 1, 2)});
  for (int i = 0; i < 1'500; ++i) {
    tell(Trade{.instrument = InstrumentId{0}, .price = price(100, (i * 7) % 11), .size = shares(100)});
    now = now + seconds(10);
  }
  for (std::size_t i = 0; i < told->size(); ++i) EXPECT_TRUE((*told)[i] > 0 && (*told)[i] < 100) << i << ": " << (*told)[i];
  EXPECT_DOUBLE_EQ((*told)[4], 50) << "of the days of history: today is not over";
}

TEST(Kernel, reports_a_strategy_whose_terms_are_wrong_and_does_not_run_it) {
  std::vector<Enlisted> strategies;
  strategies.push_back({std::make_unique<test::Puppet>(), {.universe = {InstrumentId{0}}, .settings = {{"no_such_parameter", 1}}, .running = true}});
  Kernel kernel({.instruments_max = 1}, std::move(strategies));
  const auto instrument = test::stock(0, "AAA");
  auto out = std::make_unique<Commands>();
  Facts facts;
  kernel.on(Event{.payload = Boxed<Instrument>{&instrument}}, *out, facts);
  ASSERT_EQ(kernel.problems().size(), 1u);
  EXPECT_NE(kernel.problems()[0].text.find("no_such_parameter"), std::string::npos) << kernel.problems()[0].text;
}

}  // namespace robo
