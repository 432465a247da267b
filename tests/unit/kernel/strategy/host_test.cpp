#include "kernel/strategy/host.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <stdexcept>

#include "support/rooms.hpp"

namespace robo::strategy {
namespace {

const InstrumentId spy{0}, qqq{1}, gld{2};

/// A strategy whose behaviour the test writes.
class Scripted final : public Strategy {
 public:
  explicit Scripted(std::string_view name, std::function<void(const View&, Signals&)> on_trade = {}) : name_(name), on_trade_(std::move(on_trade)) {}
  std::string_view name() const override { return name_; }
  void declare(Declaration& d) override {
    d.parameter({.name = "length", .help = "Bars.", .unit = "bars", .value = 14, .least = 2, .most = 200, .step = 1});
    d.parameter({.name = "edge", .help = "Edge.", .value = 0.5, .least = 0, .most = 1, .step = 0.1});
    d.parameter({.name = "shape", .help = "Shape.", .value = 5, .least = 1, .most = 9, .step = 1, .fixed = true});
    d.bars(minutes(5));
  }
  void on_trade(const View& view, const Trade&, Signals& signals) override {
    if (on_trade_) on_trade_(view, signals);
  }
  void on_bar(const View&, const Bar& bar, Signals&) override { bars_seen.push_back(bar.period); }
  void reset() override {
    ++resets;
    if (reset_throws) throw std::runtime_error("cannot reset");
  }
  std::vector<Duration> bars_seen;
  int resets = 0;
  bool reset_throws = false;

 private:
  std::string name_;
  std::function<void(const View&, Signals&)> on_trade_;
};

Signal opinion(InstrumentId instrument, double score) {
  return {.instrument = instrument, .score = score, .confidence = 1, .horizon = minutes(5), .why = "because"};
}

class HostTest : public testing::Test {
 protected:
  HostTest() : rooms({test::stock(0, "SPY"), test::stock(1, "QQQ"), test::stock(2, "GLD")}), host(rooms.instruments, {}) { rooms.start(); }

  Scripted& add(std::string_view name, std::function<void(const View&, Signals&)> on_trade = {}, Enlistment terms = {.universe = {spy, qqq}}) {
    auto made = std::make_unique<Scripted>(name, std::move(on_trade));
    Scripted& strategy = *made;
    EXPECT_TRUE(host.enlist(std::move(made), terms).empty());
    return strategy;
  }
  std::span<const Opinion> trade(InstrumentId instrument, Timestamp at = test::monday) {
    facts.clear();
    return host.on_trade(at, world, Trade{.instrument = instrument, .price = price(100), .size = shares(1)}, facts);
  }
  void operate(OperatorAction action, std::uint16_t strategy, std::string_view name = {}, double value = 0) {
    facts.clear();
    host.on_operator(test::monday, {.action = action, .strategy = StrategyId(strategy), .name = name, .value = value, .who = "desk"}, facts);
  }

  test::Rooms rooms;
  World world = rooms.world();
  Host host;
  Facts facts;
};

TEST_F(HostTest, asks_only_those_who_watch_the_instrument_and_in_order) {
  add("first", [](const View&, Signals& s) { s.say(opinion(spy, 0.5)); });
  add("gold", [](const View&, Signals& s) { s.say(opinion(gld, 1)); }, {.universe = {gld}});
  add("third", [](const View&, Signals& s) { s.say(opinion(spy, -0.5)); });
  const auto opinions = trade(spy);
  ASSERT_EQ(opinions.size(), 2u);
  EXPECT_EQ(opinions[0].strategy, StrategyId(0));
  EXPECT_EQ(opinions[1].strategy, StrategyId(2));
  EXPECT_EQ(test::only<SignalRaised>(facts).size(), 2u);
  EXPECT_EQ(test::only<SignalRaised>(facts)[0].why.view(), "because");
  EXPECT_EQ(trade(gld).size(), 1u);
}

TEST_F(HostTest, a_throwing_strategy_is_stopped_and_reported_and_the_others_go_on) {
  add("bad", [](const View&, Signals& s) { s.say(opinion(spy, 1)); throw std::runtime_error("index 7 out of range"); });
  add("good", [](const View&, Signals& s) { s.say(opinion(spy, 1)); });
  const auto opinions = trade(spy);
  ASSERT_EQ(opinions.size(), 1u) << "what it said before it threw is not heard";
  EXPECT_EQ(opinions[0].strategy, StrategyId(1));
  const auto changed = test::only<StrategyChanged>(facts);
  ASSERT_EQ(changed.size(), 1u);
  EXPECT_EQ(changed[0].state, StrategyState::Failed);
  EXPECT_EQ(changed[0].why.view(), "threw: index 7 out of range");
  ASSERT_EQ(host.changes().size(), 1u);
  EXPECT_EQ(trade(spy).size(), 1u);
  EXPECT_TRUE(host.changes().empty());
}

TEST_F(HostTest, exactly_sixty_four_signals_in_an_event_are_heard_and_one_more_is_a_runaway) {
  int n = 64;
  add("loud", [&n](const View&, Signals& s) { for (int i = 0; i < n; ++i) s.say(opinion(spy, 0.1)); });
  EXPECT_EQ(trade(spy).size(), 64u);
  n = 65;
  EXPECT_EQ(trade(spy).size(), 0u);
  EXPECT_EQ(host.state(StrategyId(0)), StrategyState::Failed);
  EXPECT_EQ(test::only<StrategyChanged>(facts)[0].why.view(), "runaway: more than 64 signals in one event");
}

TEST_F(HostTest, the_rate_of_signals_is_counted_by_the_second_of_event_time) {
  Host strict(rooms.instruments, {}, {.signals_per_second_max = 10});
  ASSERT_TRUE(strict.enlist(std::make_unique<Scripted>("busy", [](const View&, Signals& s) { s.say(opinion(spy, 1)); }), {.universe = {spy}}).empty());
  const Trade t{.instrument = spy, .price = price(1), .size = shares(1)};
  for (int i = 0; i < 10; ++i) EXPECT_EQ(strict.on_trade(test::monday + milliseconds(i), world, t, facts).size(), 1u);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(strict.on_trade(test::monday + seconds(1) + milliseconds(i), world, t, facts).size(), 1u);
  EXPECT_EQ(strict.on_trade(test::monday + seconds(1) + milliseconds(10), world, t, facts).size(), 0u);
  EXPECT_EQ(strict.state(StrategyId(0)), StrategyState::Failed);
}

TEST_F(HostTest, nonsense_stops_a_strategy_and_the_edges_of_sense_do_not) {
  const double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
  struct Case {
    Signal signal;
    bool sense;
  };
  Signal no_horizon = opinion(spy, 1), no_confidence = opinion(spy, 1), too_confident = opinion(spy, 1), bad_return = opinion(spy, 1),
         bad_volatility = opinion(spy, 1), stop_behind = opinion(spy, 1), exit;
  no_horizon.horizon = {};
  no_confidence.confidence = 0;
  too_confident.confidence = 1.01;
  bad_return.expected_return = nan;
  bad_volatility.volatility = -0.1;
  stop_behind.stop_distance = price(-1);
  exit.instrument = spy;
  exit.exit = true;
  const Case cases[] = {{opinion(spy, 1), true},      {opinion(spy, -1), true},  {opinion(spy, 1.0001), false}, {opinion(spy, nan), false},
                        {opinion(spy, inf), false},   {no_horizon, false},       {no_confidence, true},         {too_confident, false},
                        {bad_return, false},          {bad_volatility, false},   {stop_behind, false},          {exit, true},
                        {opinion(gld, 0.5), false},   {opinion(InstrumentId(99), 0.5), false}};
  std::uint16_t number = 0;
  for (const Case& c : cases) {
    Host fresh(rooms.instruments, {});
    ASSERT_TRUE(fresh.enlist(std::make_unique<Scripted>("s", [&c](const View&, Signals& s) { s.say(c.signal); }), {.universe = {spy}}).empty());
    facts.clear();
    const auto heard = fresh.on_trade(test::monday, world, Trade{.instrument = spy, .price = price(1), .size = shares(1)}, facts);
    EXPECT_EQ(heard.size(), c.sense ? 1u : 0u) << "case " << number;
    EXPECT_EQ(fresh.state(StrategyId(0)), c.sense ? StrategyState::Running : StrategyState::Failed) << "case " << number;
    ++number;
  }
}

TEST_F(HostTest, operator_stops_pauses_and_starts_and_only_a_fresh_start_resets) {
  Scripted& s = add("s", [](const View&, Signals& out) { out.say(opinion(spy, 1)); });
  operate(OperatorAction::PauseStrategy, 0);
  EXPECT_EQ(trade(spy).size(), 0u);
  operate(OperatorAction::StartStrategy, 0);
  EXPECT_EQ(s.resets, 0) << "resumed from a pause";
  EXPECT_EQ(trade(spy).size(), 1u);
  operate(OperatorAction::StopStrategy, 0);
  EXPECT_EQ(test::only<StrategyChanged>(facts)[0].why.view(), "asked by desk");
  EXPECT_EQ(trade(spy).size(), 0u);
  operate(OperatorAction::PauseStrategy, 0);
  EXPECT_EQ(test::only<Noted>(facts)[0].text.view(), "s is stopped; only a running strategy can be paused");
  operate(OperatorAction::StartStrategy, 0);
  EXPECT_EQ(s.resets, 1);
  operate(OperatorAction::StartStrategy, 0);
  EXPECT_EQ(test::only<Noted>(facts)[0].text.view(), "s is already running");
}

TEST_F(HostTest, a_failed_strategy_can_be_started_again_and_one_that_cannot_reset_stays_failed) {
  Scripted& s = add("s", [](const View&, Signals&) { throw 7; });
  (void)trade(spy);
  EXPECT_EQ(host.state(StrategyId(0)), StrategyState::Failed);
  operate(OperatorAction::StartStrategy, 0);
  EXPECT_EQ(host.state(StrategyId(0)), StrategyState::Running);
  (void)trade(spy);
  s.reset_throws = true;
  operate(OperatorAction::StartStrategy, 0);
  EXPECT_EQ(host.state(StrategyId(0)), StrategyState::Failed);
  ASSERT_EQ(host.changes().size(), 1u);
  EXPECT_EQ(host.changes()[0].state, StrategyState::Failed);
}

TEST_F(HostTest, parameters_change_while_it_runs_inside_their_range_and_not_outside) {
  double seen = 0;
  add("s", [&seen](const View& view, Signals&) { seen = view.parameter(0); });
  (void)trade(spy);
  EXPECT_EQ(seen, 14);
  operate(OperatorAction::SetParameter, 0, "length", 200);
  const auto changed = test::only<ParameterChanged>(facts);
  ASSERT_EQ(changed.size(), 1u);
  EXPECT_EQ(changed[0].before, 14);
  EXPECT_EQ(changed[0].after, 200);
  EXPECT_EQ(changed[0].who.view(), "desk");
  (void)trade(spy);
  EXPECT_EQ(seen, 200);
  operate(OperatorAction::SetParameter, 0, "length", 199.99999999999997);
  EXPECT_EQ(host.values(StrategyId(0))[0], 200) << "what a slider makes of 200";
  const auto refused = [&](std::string_view name, double value) {
    operate(OperatorAction::SetParameter, 0, name, value);
    EXPECT_TRUE(test::only<ParameterChanged>(facts).empty());
    EXPECT_EQ(host.values(StrategyId(0))[0], 200);
    return std::string(test::only<Noted>(facts).at(0).text.view());
  };
  EXPECT_EQ(refused("length", 201), "s: length = 201 is outside 2 to 200; unchanged");
  EXPECT_EQ(refused("length", 20.5), "s: length = 20.5 must be 2 plus whole steps of 1; unchanged");
  EXPECT_EQ(refused("length", std::nan("")), "s: length must be a number between 2 and 200; unchanged");
  EXPECT_EQ(refused("width", 3), "s has no parameter width");
  EXPECT_EQ(refused("shape", 6), "s.shape shapes what is computed: set it in the configuration and start again");
  operate(OperatorAction::SetParameter, 9, "length", 20);
  EXPECT_EQ(test::only<Noted>(facts)[0].text.view(), "there is no strategy number 9");
}

TEST_F(HostTest, bars_come_only_in_the_length_that_was_asked_for) {
  Scripted& s = add("s");
  (void)host.on_bar(test::monday, world, Bar{.instrument = spy, .period = minutes(1)}, facts);
  (void)host.on_bar(test::monday, world, Bar{.instrument = spy, .period = minutes(5)}, facts);
  EXPECT_EQ(s.bars_seen, std::vector{minutes(5)});
}

TEST_F(HostTest, start_says_the_state_of_every_strategy) {
  add("on");
  add("off", {}, {.universe = {spy}, .running = false});
  host.start(test::monday, facts);
  const auto states = test::only<StrategyChanged>(facts);
  ASSERT_EQ(states.size(), 2u);
  EXPECT_EQ(states[0].state, StrategyState::Running);
  EXPECT_EQ(states[1].state, StrategyState::Stopped);
}

TEST_F(HostTest, enlisting_says_everything_that_is_wrong_at_once) {
  add("s");
  const auto problems = host.enlist(std::make_unique<Scripted>("s"), {.universe = {InstrumentId(7)}});
  ASSERT_EQ(problems.size(), 2u);
  EXPECT_EQ(problems[0].text, "strategy s: there is already a strategy of this name");
  EXPECT_EQ(problems[1].text, "strategy s: instrument number 7 of its universe does not exist");
  const auto values = host.enlist(std::make_unique<Scripted>("t"), {.universe = {spy}, .settings = {{"length", 1}, {"edge", 2}, {"widht", 3}}});
  ASSERT_EQ(values.size(), 3u);
  EXPECT_EQ(values[0].text, "strategy t: length = 1 is outside 2 to 200");
  EXPECT_EQ(values[2].text, "strategy t: it has no parameter widht; its parameters are: length, edge, shape");
  EXPECT_EQ(host.count(), 1u) << "a refused strategy leaves nothing behind";
}

TEST_F(HostTest, the_eighth_strategy_of_an_instrument_is_taken_and_the_ninth_refused) {
  const char* const names[] = {"a", "b", "c", "d", "e", "f", "g", "h"};
  for (const char* name : names) add(name, {}, {.universe = {spy}});
  const auto problems = host.enlist(std::make_unique<Scripted>("i"), {.universe = {spy}});
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].text, "strategy i: SPY already has 8 strategies, the most one instrument may have");
  EXPECT_TRUE(host.enlist(std::make_unique<Scripted>("j"), {.universe = {qqq}}).empty());
}

TEST_F(HostTest, settings_reach_the_strategy_and_wishes_reach_the_rooms) {
  std::vector<Duration> asked;
  Host wishing(rooms.instruments, {.bars = [&](Duration timeframe, std::span<const InstrumentId> on) {
                 asked.push_back(timeframe);
                 EXPECT_EQ(on.size(), 2u);
               }});
  ASSERT_TRUE(wishing.enlist(std::make_unique<Scripted>("s"), {.universe = {qqq, spy, qqq}, .settings = {{"shape", 7}}}).empty());
  EXPECT_EQ(asked, std::vector{minutes(5)});
  EXPECT_EQ(wishing.values(StrategyId(0))[2], 7);
  EXPECT_EQ(wishing.universe(StrategyId(0)).size(), 2u);
}

}  // namespace
}  // namespace robo::strategy
