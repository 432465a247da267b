#include "scene.hpp"

namespace robo::sim {
namespace {

using namespace scene;
const OrderKind at_market = robo::Market{};
OrderKind limit(double p) { return robo::Limit{usd(p)}; }

std::int32_t refusal(scene::Market& m, const Terms& terms) {
  const auto slot = m.broker.place(m.now, terms);
  return slot ? 0 : slot.error().code;
}

TEST(Broker, refuses_with_ibs_codes) {
  scene::Market m;
  m.quote(10.00, 300, 10.02, 200);
  EXPECT_EQ(refusal(m, scene::Market::terms(Side::Buy, 100, limit(10.005))), 110);
  EXPECT_EQ(refusal(m, scene::Market::terms(Side::Buy, 0, limit(10))), 434);
  EXPECT_EQ(refusal(m, scene::Market::terms(Side::Buy, 10.5, limit(10))), 10243);
  auto unknown = scene::Market::terms(Side::Buy, 100, limit(10));
  unknown.instrument = InstrumentId{7};
  EXPECT_EQ(refusal(m, unknown), 200);
}

TEST(Broker, rejects_a_limit_more_than_ten_percent_through_the_market) {
  scene::Market m;
  m.quote(10.00, 300, 10.00 + 0.10, 200);
  const auto exactly = m.buy(100, limit(11.11));
  EXPECT_EQ(m.state(exactly), OrderState::Filled) << "10.10 x 1.1 = 11.11 is still allowed";
  const auto beyond = m.buy(100, limit(11.12));
  EXPECT_EQ(m.state(beyond), OrderState::Rejected);
  EXPECT_EQ(m.broker.reports().back().code, 201);
}

TEST(Broker, rejects_what_the_account_cannot_carry) {
  BrokerSettings settings;
  settings.cash = Money::whole(10'000);
  scene::Market m(settings);
  m.quote(10.00, 100'000, 10.01, 100'000);
  const auto too_much = m.buy(4'000, at_market);
  EXPECT_EQ(m.state(too_much), OrderState::Rejected);
  EXPECT_EQ(m.state(m.buy(3'900, at_market)), OrderState::Filled);
}

TEST(Broker, the_twenty_first_active_order_on_one_side_is_rejected) {
  scene::Market m;
  m.quote(10.00, 300, 10.02, 200);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(m.state(m.buy(1, limit(9.50))), OrderState::Submitted);
  EXPECT_EQ(m.state(m.buy(1, limit(9.50))), OrderState::Rejected);
  EXPECT_EQ(m.state(m.sell(1, limit(10.50))), OrderState::Submitted) << "the other side has its own twenty";
}

TEST(Broker, tells_an_order_in_the_sequence_of_a_real_gateway) {
  scene::Market m;
  m.quote(10.00, 300, 10.02, 200);
  m.broker.clear_reports();
  m.buy(300, limit(10.02));
  std::vector<std::pair<ReportKind, OrderState>> seen;
  for (const auto& r : m.broker.reports()) seen.emplace_back(r.kind, r.state);
  using enum ReportKind;
  const std::vector<std::pair<ReportKind, OrderState>> expected{{Status, OrderState::PreSubmitted}, {Execution, OrderState::PreSubmitted},
                                                                {Status, OrderState::Submitted},    {Commission, OrderState::PreSubmitted},
                                                                {Position, OrderState::PreSubmitted}};
  EXPECT_EQ(seen, expected);
}

TEST(Broker, a_bracket_sleeps_until_its_parent_is_filled_and_one_child_ends_the_other) {
  scene::Market m;
  m.quote(10.00, 300, 10.02, 200);
  m.trade(10.01, 100);
  auto parent_terms = scene::Market::terms(Side::Buy, 100, limit(10.00));
  parent_terms.transmit = false;
  const auto parent = m.place(parent_terms);
  auto target_terms = scene::Market::terms(Side::Sell, 100, limit(10.50));
  target_terms.parent = parent;
  target_terms.transmit = false;
  const auto target = m.place(target_terms);
  EXPECT_TRUE(m.broker.reports().empty()) << "nothing is said until the family is sent";
  auto stop_terms = scene::Market::terms(Side::Sell, 100, Stop{usd(9.50)});
  stop_terms.parent = parent;
  const auto stop = m.place(stop_terms);
  EXPECT_EQ(m.state(parent), OrderState::Submitted);
  EXPECT_EQ(m.order(target).hold, Hold::Child);
  EXPECT_EQ(m.order(stop).hold, Hold::Child);
  m.trade(9.99, 60);
  EXPECT_EQ(m.filled(parent), 60);
  EXPECT_EQ(m.order(stop).hold, Hold::Child) << "a partial fill does not wake the children";
  m.trade(9.99, 40);
  EXPECT_EQ(m.state(target), OrderState::Submitted);
  EXPECT_EQ(m.order(stop).hold, Hold::Trigger);
  m.quote(10.51, 300, 10.53, 100);
  EXPECT_EQ(m.state(target), OrderState::Filled);
  EXPECT_EQ(m.state(stop), OrderState::Cancelled);
  EXPECT_TRUE(m.broker.account().holding(InstrumentId{0}).quantity.is_zero());
}

TEST(Broker, cancelling_the_parent_cancels_the_children) {
  scene::Market m;
  m.quote(10.00, 300, 10.02, 200);
  auto terms = scene::Market::terms(Side::Buy, 100, limit(9.90));
  terms.transmit = false;
  const auto parent = m.place(terms);
  auto child = scene::Market::terms(Side::Sell, 100, Stop{usd(9.50)});
  child.parent = parent;
  const auto stop = m.place(child);
  EXPECT_FALSE(m.broker.cancel(m.now, parent));
  EXPECT_EQ(m.state(parent), OrderState::Cancelled);
  EXPECT_EQ(m.state(stop), OrderState::Cancelled);
}

TEST(Broker, a_partly_filled_child_reduces_its_sibling) {
  scene::Market m;
  m.quote(10.00, 300, 10.02, 200);
  m.trade(10.01, 100);
  auto terms = scene::Market::terms(Side::Buy, 100, at_market);
  terms.transmit = false;
  const auto parent = m.place(terms);
  auto child = scene::Market::terms(Side::Sell, 100, limit(10.50));
  child.parent = parent;
  child.transmit = false;
  const auto target = m.place(child);
  child.kind = Stop{usd(9.50)};
  child.transmit = true;
  const auto stop = m.place(child);
  m.quote(10.51, 30, 10.53, 100);
  EXPECT_EQ(m.filled(target), 30);
  EXPECT_EQ(m.order(stop).quantity, shares(70));
}

TEST(Broker, a_modification_keeps_the_place_only_when_it_asks_for_less) {
  scene::Market m;
  m.quote(10.00, 300, 10.02, 200);
  const auto a = m.buy(100, limit(10.00));
  const auto b = m.buy(100, limit(10.00));
  m.trade(10.00, 250);
  EXPECT_FALSE(m.broker.modify(m.now, a, scene::Market::terms(Side::Buy, 50, limit(10.00))));
  EXPECT_FALSE(m.broker.modify(m.now, b, scene::Market::terms(Side::Buy, 150, limit(10.00))));
  m.trade(10.00, 60);
  EXPECT_EQ(m.filled(a), 10);
  EXPECT_EQ(m.filled(b), 0) << "back to the end of the queue";
}

TEST(Broker, a_filled_order_can_be_neither_modified_nor_cancelled) {
  scene::Market m;
  m.quote(10.00, 300, 10.02, 200);
  const auto order = m.buy(100, at_market);
  EXPECT_EQ(m.broker.modify(m.now, order, scene::Market::terms(Side::Buy, 200, at_market))->code, 104);
  EXPECT_EQ(m.broker.cancel(m.now, order)->code, 10148);
}

TEST(Broker, what_if_changes_nothing) {
  scene::Market m;
  m.quote(10.00, 300, 10.00 + 0.02, 200);
  const auto before = m.broker.account().values();
  const auto answer = m.broker.what_if(scene::Market::terms(Side::Buy, 1000, at_market), m.now);
  EXPECT_NEAR(answer.initial_after - answer.initial_before, 1000 * 10.02 * 0.25, 1e-9);
  EXPECT_EQ(answer.commission, Money::whole(5));
  EXPECT_EQ(m.broker.account().values().net_liquidation, before.net_liquidation);
  EXPECT_EQ(m.broker.orders(), 0u);
}

TEST(Account, average_cost_holds_commission_and_realized_pnl_is_net) {
  scene::Market m;
  m.quote(10.00, 1000, 10.00 + 0.02, 1000);
  m.buy(100, at_market);
  const auto& holding = m.broker.account().holding(InstrumentId{0});
  EXPECT_EQ(holding.average_cost(), Money::nearest(10.03));  // 1002 + 1.00
  m.quote(11.00, 1000, 11.02, 1000);
  m.sell(100, at_market);
  const auto& sale = m.broker.reports().back();
  EXPECT_TRUE(holding.quantity.is_zero());
  EXPECT_EQ(sale.realized, Money::whole(1100) - sale.commission - Money::whole(1003));
  EXPECT_EQ(m.broker.account().cash()[0].amount, Money::whole(1'000'000) + sale.realized);
}

TEST(Account, turning_a_long_into_a_short_closes_the_one_and_opens_the_other) {
  Account account("USD", Money::whole(1000));
  account.know(stock());
  account.book(InstrumentId{0}, Side::Buy, shares(100), usd(10), Money::whole(1), "USD");
  const auto booked = account.book(InstrumentId{0}, Side::Sell, shares(300), usd(11), Money::whole(3), "USD");
  EXPECT_TRUE(booked.closes);
  EXPECT_EQ(booked.realized, Money::whole(1100 - 1001 - 1));
  const auto& holding = account.holding(InstrumentId{0});
  EXPECT_EQ(holding.quantity, shares(-200));
  EXPECT_EQ(holding.average_cost(), Money::nearest(10.99)) << "sold at 11, two dollars of commission on 200 shares";
  account.mark(InstrumentId{0}, usd(10));
  EXPECT_EQ(account.unrealized(InstrumentId{0}), Money::whole(198));
}

TEST(Account, a_future_moves_cash_only_by_its_profit) {
  Instrument es = stock();
  es.asset_class = AssetClass::Future;
  es.multiplier = 50;
  Account account("USD", Money::whole(100'000));
  account.know(es);
  account.book(InstrumentId{0}, Side::Buy, shares(1), usd(5000), Money::whole(2), "USD");
  EXPECT_EQ(account.cash()[0].amount, Money::whole(99'998));
  account.book(InstrumentId{0}, Side::Sell, shares(1), usd(5010), Money::whole(2), "USD");
  EXPECT_EQ(account.cash()[0].amount, Money::whole(100'000 + 500 - 4));
}

}  // namespace
}  // namespace robo::sim
