// Every order type and attribute, end to end: a ticket, our client's bytes over a socket, the gateway simulator, its exchange, and
// back as states and fills.

#include "edge/ib/preflight.hpp"
#include "orders/street.hpp"

namespace robo::orders {
namespace {

struct Case {
  const char* name;
  Ticket ticket;
  OrderState ends{OrderState::Filled};
  double average{};          // of its fills; 0: none
  std::int32_t code{};       // IB's code with its end
};

const auto b = buy(xxx, shares(100));
const auto s = sell(xxx, shares(100));
const PriceCondition at_1050{xxx, Beyond::AtLeast, TriggerMethod::Default, usd(10.50)};
AlgoWindow window() { return {open + minutes(20), open + minutes(40), true}; }

/// Sent at 9:45; what they come to by 16:10.
std::vector<Case> day_cases() {
  return {
      {"MKT", b.market(), OrderState::Filled, 10.02},
      {"LMT", b.limit(usd(9.60)), OrderState::Filled, 9.60},
      {"STP", s.stop(usd(9.70)), OrderState::Filled, 9.50},
      {"STP LMT", s.stop_limit(usd(9.70), usd(9.60)), OrderState::Filled, 9.60},
      {"TRAIL", s.trail(usd(0.50)), OrderState::Filled, 9.50},
      {"TRAIL in percent", s.trail(percent(2)), OrderState::Filled, 9.50},
      {"TRAIL LIMIT", s.trail_limit(usd(0.50), usd(9.60), usd(0.20)), OrderState::Filled, 9.91},
      {"MIT", b.market_if_touched(usd(9.60)), OrderState::Filled, 9.52},
      {"LIT", s.limit_if_touched(usd(10.50), usd(10.55)), OrderState::Filled, 10.60},
      {"MTL", b.market_to_limit(), OrderState::Filled, 10.02},
      {"MOC", b.at_close(), OrderState::Filled, 10.55},
      {"LOC better", b.at_close(usd(10.60)), OrderState::Filled, 10.55},
      {"LOC worse", b.at_close(usd(10.50)), OrderState::Cancelled, 0, 202},
      {"REL", b.relative(usd(0.01)), OrderState::Filled, 10.01},
      {"PEG MID", b.peg_mid(), OrderState::Filled, 10.01},
      {"PEG BEST", b.peg_best({.better = usd(0.01), .competing = 100}).routed_to("IBKRATS"), OrderState::Filled, 10.01},
      {"iceberg", b.limit(usd(9.60)).iceberg(shares(20)), OrderState::Filled, 9.60},
      {"hidden", b.limit(usd(9.60)).hidden(), OrderState::Filled, 9.60},
      {"discretionary", b.limit(usd(10.00)).discretion(usd(0.02)), OrderState::Filled, 10.02},
      {"all or none", b.limit(usd(10.02)).all_or_none(), OrderState::Filled, 10.02},
      {"minimum quantity", b.limit(usd(10.02)).at_least(shares(50)), OrderState::Filled, 10.02},
      {"sweep to fill", b.limit(usd(10.05)).sweep_to_fill(), OrderState::Filled, 10.02},
      {"cash quantity", buy(btc, Money::whole(500)).market().immediate_or_cancel(), OrderState::Filled, 100.1},
      {"fraction of a coin", sell(btc, Quantity::nearest(0.5)).market(), OrderState::Filled, 100.0},
      {"DAY", b.limit(usd(9.00)), OrderState::Cancelled, 0, 202},
      {"GTC", b.limit(usd(9.00)).good_till_cancelled(), OrderState::Submitted, 0},
      {"GTD", b.limit(usd(9.00)).good_till(open + hours(3)), OrderState::Cancelled, 0, 202},
      {"good after", b.market().good_after(open + hours(3)), OrderState::Filled, 10.02},
      {"IOC", b.limit(usd(9.00)).immediate_or_cancel(), OrderState::Cancelled, 0, 202},
      {"FOK", b.limit(usd(9.00)).fill_or_kill(), OrderState::Cancelled, 0},
      {"DTC", b.limit(usd(9.00)).day_till_cancelled(), OrderState::Rejected, 0},
      {"outside hours", b.limit(usd(9.00)).outside_hours(), OrderState::Submitted, 0},
      {"if price", b.market().when(at_1050), OrderState::Filled, 10.62},
      {"if time", b.market().when(TimeCondition{Beyond::AtLeast, open + minutes(70)}), OrderState::Filled, 10.62},
      {"if margin", b.market().when(MarginCondition{Beyond::AtMost, 5}), OrderState::Cancelled, 0, 202},
      {"if execution", b.market().when(ExecutionCondition{xxx}), OrderState::Filled, 10.02},
      {"if volume", b.market().when(VolumeCondition{xxx, Beyond::AtLeast, 230'000}), OrderState::Filled, 10.62},
      {"if change", b.market().when(at_1050).and_when(TimeCondition{Beyond::AtLeast, open + minutes(80)}), OrderState::Filled, 10.62},
      {"cancel if", b.limit(usd(9.60)).cancel_when(at_1050), OrderState::Cancelled, 0, 202},
      {"adjusted to STP", s.stop(usd(9.00)).adjusted(AdjustToStop{usd(10.50), usd(10.30)}), OrderState::Filled, 9.50},
      {"adjusted to STP LMT", s.stop(usd(9.00)).adjusted(AdjustToStopLimit{usd(10.50), usd(10.30), usd(9.90)}), OrderState::Filled, 9.90},
      {"adjusted to TRAIL", s.stop(usd(9.00)).adjusted(AdjustToTrail{usd(10.50), usd(10.30), usd(0.20)}), OrderState::Filled, 9.50},
      {"trigger by midpoint", s.stop(usd(9.70)).triggered_by(TriggerMethod::MidPoint), OrderState::Filled, 9.50},
      {"Adaptive", b.market().worked_by(Adaptive{AdaptivePriority::Patient}), OrderState::Filled, 10.01},
      {"TWAP", b.market().worked_by(Twap{.window = window()}), OrderState::Filled, 10.02},
      {"VWAP", b.market().worked_by(Vwap{.share = volume_share<50>(), .window = window()}), OrderState::Filled, 10.02},
      {"ArrivalPx", b.market().worked_by(ArrivalPrice{.share = volume_share<50>(), .window = window()}), OrderState::Filled, 10.02},
      {"PctVol", b.market().worked_by(PercentOfVolume{.share = volume_share<10>(), .window = window()}), OrderState::Filled, 10.02},
      {"DarkIce", b.limit(usd(9.60)).worked_by(DarkIce{.display = 20, .window = {{}, {}, true}}), OrderState::Filled, 9.60},
      {"ClosePx", b.market().worked_by(ClosePrice{.share = volume_share<50>(), .start = open + hours(6), .force_completion = true}), OrderState::Filled, 10.02},
      {"AccuDistr", b.limit(usd(10.02)).worked_by(AccumulateDistribute{.component = 50, .every_seconds = 60}), OrderState::Filled, 10.02},
  };
}

TEST(OrdersOverTheWire, every_type_and_attribute_comes_to_its_end) {
  Street street;
  const auto at_open = street.send(b.at_open());
  const auto too_dear = street.send(s.at_open(usd(10.50)));
  street.to(open + minutes(15));
  EXPECT_EQ(street.told(at_open).average(), 10.00) << "MOO: the opening print";
  EXPECT_EQ(street.told(too_dear).state, OrderState::Cancelled) << "LOO: the auction was below its limit";
  const auto cases = day_cases();
  std::vector<OrderKey> keys;
  for (const auto& one : cases) {
    keys.push_back(street.send(one.ticket));
    street.turn(milliseconds(5));
  }
  street.to(close + minutes(9));
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const auto& told = street.told(keys[i]);
    EXPECT_EQ(told.state, cases[i].ends) << cases[i].name << " ended " << to_text(told.state) << " " << told.code << " " << told.text;
    EXPECT_NEAR(told.average(), cases[i].average, 0.0051) << cases[i].name;
    if (cases[i].code != 0) {
      EXPECT_EQ(told.code, cases[i].code) << cases[i].name << " " << told.text;
    }
    if (cases[i].ends == OrderState::Filled) {
      EXPECT_GT(told.bought, 0) << cases[i].name;
    }
  }
}

TEST(OrdersOverTheWire, a_bracket_with_an_adjusting_stop_sleeps_until_its_entry_is_filled_and_one_child_ends_the_other) {
  Street street;
  street.to(open + minutes(15));
  const auto entry = street.send(b.limit(usd(10.02)), {}, false);
  const auto target = street.send(s.limit(usd(10.55)), entry, false);
  const auto stop = street.send(s.stop(usd(9.70)).adjusted(AdjustToStop{usd(10.20), usd(10.00)}), entry);
  street.to(open + minutes(20));
  EXPECT_EQ(street.told(entry).state, OrderState::Filled);
  EXPECT_EQ(street.told(target).state, OrderState::Submitted);
  EXPECT_EQ(street.told(stop).state, OrderState::PreSubmitted);
  street.to(open + minutes(62));
  EXPECT_EQ(street.told(target).state, OrderState::Filled);
  EXPECT_EQ(street.told(stop).state, OrderState::Cancelled);
}

TEST(OrdersOverTheWire, one_cancels_all_in_its_three_ways) {
  for (const auto type : {OcaType::CancelWithBlock, OcaType::ReduceWithBlock, OcaType::ReduceWithoutBlock}) {
    Street street;
    street.to(open + minutes(15));
    const auto up = street.send(s.limit(usd(10.50)).one_cancels_all("pair", type));
    const auto down = street.send(s.stop(usd(9.70)).one_cancels_all("pair", type));
    street.to(open + minutes(62));
    EXPECT_EQ(street.told(up).state, OrderState::Filled) << to_text(type);
    EXPECT_EQ(street.told(down).state, OrderState::Cancelled) << to_text(type);
  }
}

TEST(OrdersOverTheWire, what_ib_would_refuse_never_leaves_and_says_ibs_code) {
  Street street;
  street.to(open + minutes(15));
  const auto half_a_cent = street.send(b.limit(usd(9.605)));
  const auto half_a_share = street.send(buy(xxx, Quantity::nearest(0.5)).market());
  const auto far_away = street.send(b.peg_best({.better = usd(0.01)}));
  street.to(close - minutes(16) + seconds(2));
  const auto too_late = street.send(b.at_close());
  street.turn(milliseconds(5));
  for (const auto& [key, code] : {std::pair{half_a_cent, 110}, {half_a_share, 10243}, {far_away, 342}, {too_late, 201}}) {
    EXPECT_EQ(street.told(key).state, OrderState::Rejected);
    EXPECT_EQ(street.told(key).code, code) << street.told(key).text;
    EXPECT_FALSE(street.client().broker_id(key)) << "it never left";
  }
}

TEST(OrdersOverTheWire, a_what_if_of_any_type_tells_margin_and_commission_and_places_nothing) {
  Street street;
  street.to(open + minutes(15));
  int answers = 0;
  for (const Ticket& ticket : std::vector<Ticket>{b.market(), b.at_close(), b.limit(usd(10.00)).when(at_1050), b.limit(usd(10)).iceberg(shares(10)), s.trail(percent(2))}) {
    OrderIntent intent;
    intent.key = {9, static_cast<std::uint64_t>(++answers)};
    intent.instrument = xxx;
    intent.quantity = shares(100);
    bool told = false;
    street.client().what_if(intent, ticket, [&](const auto& answer) {
      ASSERT_TRUE(answer) << answer.error().text;
      EXPECT_TRUE(answer->initial_margin_change.has_value());
      EXPECT_GE(answer->commission, Money::whole(1));
      told = true;
    });
    for (int i = 0; i < 20 && !told; ++i) street.turn(milliseconds(5));
    EXPECT_TRUE(told);
  }
  EXPECT_EQ(street.client().working_orders(), 0u);
}

TEST(OrdersOverTheWire, every_status_of_TWS_is_understood_in_its_order) {
  Street street;
  street.to(open + minutes(15));
  std::map<OrderKey, std::vector<OrderState>> states;
  street.listener = [&](const Event& event) {
    const auto* update = std::get_if<Boxed<OrderUpdate>>(&event.payload);
    if (update == nullptr) return;
    auto& told = states[(*update)->key];
    if (told.empty() || told.back() != (*update)->state) told.push_back((*update)->state);
  };
  using enum OrderState;
  (void)street.inject("hesitate orders=4 cancels=4");
  const auto patient = street.send(b.limit(usd(9.00)));
  const auto regretted = street.send(b.limit(usd(9.00)));
  street.turn(seconds(1));
  street.cancel(regretted);  // TWS has not sent it to IB yet
  street.turn(milliseconds(5));
  street.to(street.now() + seconds(6));
  EXPECT_EQ(states[patient], (std::vector<OrderState>{PendingSubmit, Submitted})) << "ApiPending and PendingSubmit are one to us";
  EXPECT_EQ(states[regretted], (std::vector<OrderState>{PendingSubmit, Cancelled})) << "ApiCancelled";
  street.cancel(patient);
  street.to(street.now() + seconds(6));
  EXPECT_EQ(states[patient], (std::vector<OrderState>{PendingSubmit, Submitted, PendingCancel, Cancelled}));
  // A cancel that comes too late: the fill counts.
  const auto late = street.send(b.limit(usd(9.80)));
  street.to(street.now() + seconds(6));
  street.cancel(late);
  street.turn(seconds(1));
  (void)street.inject("price symbol=XXX bid=9.70 ask=9.75 size=1000");
  street.to(street.now() + seconds(6));
  EXPECT_EQ(states[late].back(), Filled);
  EXPECT_EQ(street.told(late).bought, 100);
  // Sent to IB, not acknowledged, and cancelled: it may still fill on its way, and here does not.
  const auto between = street.send(b.limit(usd(9.00)));
  street.turn(seconds(3));
  street.turn(milliseconds(5));
  street.cancel(between);
  street.to(street.now() + seconds(12));
  EXPECT_EQ(states[between].back(), Cancelled);
  EXPECT_EQ(street.client().working_orders(), 0u);
}

TEST(OrdersOverTheWire, precautionary_settings_of_TWS_refuse_with_their_code_and_their_words) {
  Street street;
  street.to(open + minutes(15));
  (void)street.inject("precautions size=500 value=4000 percent=5");
  for (const auto& [ticket, code] : std::vector<std::pair<Ticket, int>>{{buy(xxx, shares(501)).limit(usd(1)), 383}, {buy(xxx, shares(500)).market(), 451}, {b.limit(usd(9.00)), 163}, {s.stop(usd(9.00)), 109}}) {
    const auto key = street.send(ticket);
    street.to(street.now() + seconds(2));
    EXPECT_EQ(street.told(key).state, OrderState::Rejected);
    EXPECT_EQ(street.told(key).code, code);
    EXPECT_FALSE(street.told(key).text.empty());
  }
  const auto fine = street.send(b.limit(usd(9.60)));
  street.to(street.now() + seconds(2));
  EXPECT_EQ(street.told(fine).state, OrderState::Submitted);
}

TEST(OrdersOverTheWire, a_stock_that_stands_at_its_price_band_is_halted_for_five_minutes_and_orders_outlive_it) {
  Street street(true);
  street.to(open + minutes(15));
  std::vector<std::pair<TradingPhase, Timestamp>> phases;
  street.listener = [&](const Event& event) {
    const auto* change = std::get_if<PhaseChange>(&event.payload);
    if (change != nullptr && change->instrument == xxx && (phases.empty() || phases.back().first != change->phase)) phases.emplace_back(change->phase, street.now());
  };
  street.client().want(stock(), {.quotes = true});
  street.to(open + minutes(16));
  phases.clear();
  (void)street.inject("price symbol=XXX bid=11.10 ask=11.12 size=1000");  // ten percent up in the first quarter of an hour is the band; five now
  const Timestamp moved = street.now();
  const auto beyond = street.send(b.limit(usd(11.12)));
  street.to(moved + seconds(14));
  EXPECT_EQ(street.told(beyond).state, OrderState::Submitted) << "the offer is beyond the upper band of 10.51";
  EXPECT_TRUE(phases.empty());
  street.to(moved + seconds(20));
  ASSERT_EQ(phases.size(), 1u);
  EXPECT_EQ(phases[0].first, TradingPhase::Halted);
  EXPECT_GE(phases[0].second - moved, seconds(15));
  street.to(moved + minutes(5));
  EXPECT_EQ(phases.size(), 1u);
  EXPECT_EQ(street.told(beyond).bought, 0);
  street.to(moved + minutes(6));
  ASSERT_EQ(phases.size(), 2u);
  EXPECT_EQ(phases[1].first, TradingPhase::Regular);
  EXPECT_EQ(street.told(beyond).state, OrderState::Filled) << "it stood through the halt";
}

TEST(Preflight, names_the_setting_that_would_hold_the_largest_order_back_and_how_to_change_it) {
  Street street;
  street.to(open + minutes(15));
  const Quantity largest = ib::largest_order(stock(), usd(10.02), shares(10'000), Money::whole(50'000));
  EXPECT_EQ(largest, shares(4990)) << "50,000 at 10.02";
  EXPECT_EQ(ib::largest_order(stock(), usd(10.02), shares(300), Money::whole(50'000)), shares(300));
  const auto ask = [&](Quantity quantity, Price limit) {
    std::optional<ib::Obstacle> told;
    ib::preflight(street.client(), xxx, quantity, limit, [&](const ib::Obstacle& obstacle) { told = obstacle; });
    for (int i = 0; i < 40 && !told; ++i) street.turn(milliseconds(5));
    EXPECT_TRUE(told.has_value());
    return told.value_or(ib::Obstacle{-1});
  };
  EXPECT_EQ(ask(largest, usd(10.02)).code, 0) << "nothing is set";
  (void)street.inject("precautions value=40000");
  const auto obstacle = ask(largest, usd(10.02));
  EXPECT_EQ(obstacle.code, 451);
  EXPECT_NE(obstacle.text.find("Total Value Limit of 40000 USD"), std::string::npos) << obstacle.text;
  EXPECT_NE(obstacle.remedy.find("Precautionary Settings"), std::string_view::npos);
  EXPECT_EQ(ask(shares(3000), usd(10.02)).code, 0) << "a smaller one passes";
  (void)street.inject("precautions size=1000");
  EXPECT_EQ(ask(largest, usd(10.02)).code, 383);
  EXPECT_EQ(ask(shares(1000), usd(10.02)).code, 0);
  (void)street.inject("precautions percent=3");
  EXPECT_EQ(ask(shares(100), usd(9.00)).code, 163);
  (void)street.inject("precautions");
  EXPECT_EQ(ask(shares(100), usd(9.005)).code, 0) << "a price off the grid is the order's own fault, no setting";
  (void)street.inject("read_only on=true");
  const auto locked = ask(shares(100), usd(9.00));
  EXPECT_EQ(locked.code, 321);
  EXPECT_NE(locked.remedy.find("Read-Only"), std::string_view::npos);
  EXPECT_EQ(street.client().working_orders(), 0u) << "nothing was placed";
}

}  // namespace
}  // namespace robo::orders
