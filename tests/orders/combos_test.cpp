// Combinations from a ticket over a socket through the simulator to executions, positions and money.

#include "kernel/portfolio/portfolio.hpp"
#include "orders/street.hpp"

namespace robo::orders {
namespace {

const auto b = buy(spread, shares(100));
const auto s = sell(spread, shares(100));

std::vector<std::string> lines(const std::vector<Execution>& executions) {
  std::vector<std::string> out;
  for (const auto& e : executions) out.push_back(std::string(to_text(e.side)) + " " + to_text(e.quantity) + " of " + std::to_string(e.instrument.value) + " at " + to_text(e.price));
  return out;
}

TEST(CombosOverTheWire, a_market_order_is_executed_as_a_whole_and_once_in_each_leg_at_what_the_legs_show) {
  Street street;
  street.to(open + minutes(15));
  const auto order = street.send(b.market());
  street.to(open + minutes(16));
  const auto& told = street.told(order);
  EXPECT_EQ(told.state, OrderState::Filled);
  EXPECT_EQ(lines(told.executions), (std::vector<std::string>{"buy 100 of 3 at 0.04", "buy 200 of 0 at 10.02", "sell 100 of 2 at 20"}));
  EXPECT_EQ(street.broker().account().holding(xxx).quantity, shares(200));
  EXPECT_EQ(street.broker().account().holding(yyy).quantity, shares(-100));
}

TEST(CombosOverTheWire, what_the_portfolio_books_is_what_the_broker_holds_to_the_cent) {
  Street street;
  portfolio::Portfolio ours({}, 8);
  for (const auto& instrument : {stock(), coin(), other_stock(), two_for_one()}) ours.define(instrument);
  street.listener = [&](const Event& event) {
    if (const auto* execution = std::get_if<Boxed<Execution>>(&event.payload)) (void)ours.book(**execution, nullptr);
    if (const auto* commission = std::get_if<Boxed<Commission>>(&event.payload)) (void)ours.book(**commission);
  };
  street.to(open + minutes(15));
  (void)street.send(b.market());
  street.to(open + minutes(65));
  (void)street.send(s.market());  // XXX is at 10.60 now
  street.to(open + minutes(66));
  (void)street.send(b.limit(usd(1.30)));
  street.to(open + minutes(67));
  const auto& account = street.broker().account();
  for (const auto id : {xxx, yyy}) {
    EXPECT_EQ(ours.position(id).quantity, account.holding(id).quantity);
    EXPECT_FALSE(account.holding(id).quantity.is_zero());
  }
  EXPECT_TRUE(ours.position(spread).quantity.is_zero()) << "the whole is nothing we hold";
  EXPECT_EQ(ours.cash(CurrencyCode{"USD"}), account.cash().front().amount - Money::whole(1'000'000));
  EXPECT_EQ(ours.realized() - ours.commissions(), account.holding(xxx).realized + account.holding(yyy).realized - Money::from_raw(account.holding(xxx).basis.raw - account.holding(xxx).entered.raw) -
                                                     Money::from_raw(account.holding(yyy).basis.raw - account.holding(yyy).entered.raw));
}

TEST(CombosOverTheWire, a_limit_is_the_net_of_the_legs_and_may_be_below_zero) {
  Street street;
  street.to(open + minutes(15));
  const auto good = street.send(b.limit(usd(0.04)));
  const auto patient = street.send(b.limit(usd(0.03)));
  const auto credit = street.send(b.limit(usd(-0.90)));
  street.to(open + minutes(16));
  EXPECT_EQ(street.told(good).state, OrderState::Filled);
  EXPECT_EQ(street.told(patient).state, OrderState::Submitted) << "one cent better than the legs show";
  street.to(open + minutes(95));  // XXX fell to 9.50-9.52: the two cost 19.04 and bring 20.00
  EXPECT_EQ(street.told(patient).average(), -0.96);
  EXPECT_EQ(street.told(credit).average(), -0.96);
}

TEST(CombosOverTheWire, the_smallest_leg_bounds_the_fill_and_what_was_taken_stays_gone) {
  Street street;
  street.to(open + minutes(15));
  const auto whole = street.send(buy(spread, shares(1000)).limit(usd(0.04)).fill_or_kill());
  street.to(open + minutes(16));
  EXPECT_EQ(street.told(whole).state, OrderState::Cancelled) << "YYY shows 300";
  EXPECT_TRUE(street.told(whole).executions.empty());
  const auto some = street.send(buy(spread, shares(1000)).limit(usd(0.04)).immediate_or_cancel());
  street.to(open + minutes(17));
  EXPECT_EQ(street.told(some).state, OrderState::Cancelled);
  EXPECT_EQ(street.told(some).bought, 300);
  const auto late = street.send(b.limit(usd(0.04)));
  street.to(open + minutes(18));
  EXPECT_EQ(street.told(late).state, OrderState::Submitted) << "the same 300 are not sold twice";
}

TEST(CombosOverTheWire, every_leg_keeps_to_its_own_price) {
  Street street;
  street.to(open + minutes(15));
  const auto strict = street.send(b.limit(usd(0.10)).leg_prices({usd(10.01), usd(20.00)}));
  const auto just = street.send(b.limit(usd(0.10)).leg_prices({usd(10.02), usd(20.00)}));
  street.to(open + minutes(16));
  EXPECT_EQ(street.told(strict).state, OrderState::Submitted) << "the whole is good, the first leg is a cent too dear";
  EXPECT_EQ(street.told(just).average(), 0.04);
}

TEST(CombosOverTheWire, it_may_be_changed_cancelled_tied_and_told_to_wait_like_any_order) {
  Street street;
  street.to(open + minutes(15));
  const auto waiting = street.send(b.market().when(PriceCondition{xxx, Beyond::AtLeast, TriggerMethod::Default, usd(10.50)}));
  const auto up = street.send(s.limit(usd(1.10)).one_cancels_all("pair", OcaType::CancelWithBlock));
  const auto other = street.send(b.limit(usd(-3)).one_cancels_all("pair", OcaType::CancelWithBlock));
  const auto regretted = street.send(b.limit(usd(-2)));
  street.to(open + minutes(16));
  street.cancel(regretted);
  street.to(open + minutes(17));
  EXPECT_EQ(street.told(regretted).state, OrderState::Cancelled);
  EXPECT_EQ(street.told(waiting).state, OrderState::PreSubmitted);
  street.to(open + minutes(61));
  EXPECT_NEAR(street.told(waiting).average(), 1.24, 1e-9);
  EXPECT_NEAR(street.told(up).average(), 1.16, 1e-9);
  EXPECT_EQ(street.told(other).state, OrderState::Cancelled);
}

TEST(CombosOverTheWire, what_cannot_be_a_combination_never_leaves) {
  Street street;
  street.to(open + minutes(15));
  for (const auto& [ticket, code] : std::vector<std::pair<Ticket, int>>{{s.stop(usd(0.01)), 387}, {b.market().good_after(open + hours(1)), 0}, {b.limit(usd(0.1)).leg_prices({usd(10)}), 312}, {b.limit(usd(0.1)).at_least(shares(5)), 387}, {b.limit(usd(0.045)), 110}}) {
    const auto key = street.send(ticket);
    street.turn(milliseconds(5));
    EXPECT_EQ(street.told(key).code, code) << street.told(key).text;
  }
}

TEST(CombosOverTheWire, a_what_if_adds_up_its_legs) {
  Street street;
  street.to(open + minutes(15));
  OrderIntent intent;
  intent.key = {9, 1};
  intent.instrument = spread;
  intent.quantity = shares(100);
  bool told = false;
  street.client().what_if(intent, b.market(), [&](const auto& answer) {
    ASSERT_TRUE(answer) << answer.error().text;
    EXPECT_NEAR(answer->commission->to_double(), 2.07, 0.005) << "two legs at the minimum of a dollar, and what the sale pays SEC and FINRA";
    // 25 % of 200 x 10.02 long, 30 % of 100 x 20.00 short.
    EXPECT_NEAR(answer->initial_margin_change->to_double(), 0.25 * 2004 + 0.30 * 2000, 0.01);
    told = true;
  });
  for (int i = 0; i < 20 && !told; ++i) street.turn(milliseconds(5));
  EXPECT_TRUE(told);
}

}  // namespace
}  // namespace robo::orders
