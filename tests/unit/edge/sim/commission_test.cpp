#include "edge/sim/fees/commission.hpp"

#include <gtest/gtest.h>

namespace robo::sim {
namespace {

FeeTable shipped() {
  auto table = FeeTable::load(ROBO_SOURCE_DIR "/data/fees/ib.csv");
  if (!table) throw std::runtime_error(table.error().text);
  return *table;
}
Instrument of(AssetClass kind, const char* symbol, std::int64_t multiplier = 1, const char* currency = "USD") {
  Instrument i;
  i.asset_class = kind;
  i.symbol = symbol;
  i.multiplier = multiplier;
  i.currency = currency;
  return i;
}
const Instrument stock = of(AssetClass::Stock, "ABC");
const Instrument option = of(AssetClass::Option, "ABC", 100);
const Instrument euro = of(AssetClass::Stock, "SAP", 1, "EUR");

Price at(double p) { return Price::nearest(p); }
Money money(double m) { return Money::nearest(m); }
Rate rate(double r) { return Rate::nearest(r); }

struct Trade1 {
  Side side = Side::Buy;
  double quantity = 0, price = 0;
  FeeLiquidity liquidity = FeeLiquidity::Removed;
  const char* venue = "";
  bool directed = false;
};

class Till {
 public:
  explicit Till(CommissionPlan plan, Date day = date_of(2026, 6, 15), FeeTable table = shipped()) : cashier(std::move(table), plan), day_(day) {}
  Charge pay(const Instrument& instrument, const Trade1& t) {
    OrderTicket ticket;
    return pay(instrument, t, ticket);
  }
  Charge pay(const Instrument& instrument, const Trade1& t, OrderTicket& ticket) {
    return cashier.charge({&instrument, t.side, Quantity::nearest(t.quantity), at(t.price), t.liquidity, t.venue, t.directed}, ticket, month, day_);
  }
  Cashier cashier;
  MonthToDate month{};

 private:
  Date day_;
};

TEST(Commission, fixed_plan_pays_per_share_with_a_minimum_and_a_cap_that_beats_the_minimum) {
  Till till{CommissionPlan::Fixed};
  const auto commission = [&](double q, double p) { return till.pay(stock, {.quantity = q, .price = p}).commission; };
  EXPECT_EQ(commission(100, 25), money(1.00));
  EXPECT_EQ(commission(1000, 25), money(5.00));
  EXPECT_EQ(commission(1000, 0.25), money(2.50));
  EXPECT_EQ(commission(10, 0.20), money(0.02));
  EXPECT_EQ(commission(50, 1.20), money(0.60));
  EXPECT_EQ(commission(10, 5.00), money(0.50));
}

TEST(Commission, a_fixed_sale_of_2026_pays_the_regulators_of_2026) {
  Till till{CommissionPlan::Fixed};
  EXPECT_EQ(till.pay(stock, {.side = Side::Sell, .quantity = 500, .price = 42}).total, money(3.0316));
}

TEST(Commission, the_same_sale_in_september_2025_pays_no_sec_fee) {
  Till till{CommissionPlan::Fixed, date_of(2025, 9, 15), shipped().with("us.cat.rate", rate(0))};
  EXPECT_EQ(till.pay(stock, {.side = Side::Sell, .quantity = 500, .price = 42}).total, money(2.583));
}

TEST(Commission, tiered_buy_that_removes_on_island) {
  Till till{CommissionPlan::Tiered};
  EXPECT_EQ(till.pay(stock, {.quantity = 1000, .price = 25, .venue = "ISLAND"}).total, money(6.70559));
}

TEST(Commission, tiered_sale_that_adds_on_island_earns_the_rebate) {
  Till till{CommissionPlan::Tiered};
  EXPECT_EQ(till.pay(stock, {.side = Side::Sell, .quantity = 1000, .price = 25, .liquidity = FeeLiquidity::Added, .venue = "ISLAND"}).total, money(2.31559));
}

TEST(Commission, an_unknown_venue_never_pays_a_rebate) {
  Till till{CommissionPlan::Tiered};
  const auto known = till.pay(stock, {.quantity = 100, .price = 25, .liquidity = FeeLiquidity::Added, .venue = "ISLAND"});
  const auto unknown = till.pay(stock, {.quantity = 100, .price = 25, .liquidity = FeeLiquidity::Added, .venue = "ELSEWHERE"});
  EXPECT_EQ(unknown.total - known.total, money(0.21));
}

TEST(Commission, tiered_market_on_close_sale_on_nasdaq) {
  Till till{CommissionPlan::Tiered};
  EXPECT_EQ(till.pay(stock, {.side = Side::Sell, .quantity = 300, .price = 60, .liquidity = FeeLiquidity::CloseAuction, .venue = "ISLAND"}).total,
            money(2.020977));
}

TEST(Commission, a_statement_of_july_2026_is_met_to_the_last_digit) {
  Till till{CommissionPlan::Tiered, date_of(2026, 7, 24), shipped().with("us.passthrough.finra", rate(0.00056))};
  EXPECT_EQ(till.pay(stock, {.quantity = 2, .price = 100, .liquidity = FeeLiquidity::Added}).total, money(0.350663));
}

TEST(Commission, tiers_are_marginal_within_a_month) {
  Till till{CommissionPlan::Tiered};
  till.month.us_shares = shares(299'900);
  EXPECT_EQ(till.pay(stock, {.quantity = 500, .price = 50}).commission, money(1.15));
  EXPECT_EQ(till.month.us_shares, shares(300'400));
}

TEST(Commission, a_month_of_thirty_million_shares) {
  Till till{CommissionPlan::Tiered};
  Money sum;
  for (int i = 0; i < 30; ++i) sum += till.pay(stock, {.quantity = 1'000'000, .price = 50}).commission;
  EXPECT_EQ(sum, money(41'950));
}

TEST(Commission, an_order_directed_to_an_exchange_costs_more_on_both_plans) {
  for (const auto plan : {CommissionPlan::Fixed, CommissionPlan::Tiered}) {
    Till till{plan};
    EXPECT_EQ(till.pay(stock, {.quantity = 400, .price = 50, .directed = true}).commission, money(3.00));
    EXPECT_EQ(till.pay(stock, {.quantity = 100, .price = 50, .directed = true}).commission, money(1.00));
  }
}

TEST(Commission, crossing_a_client_inside_ib_is_cheaper) {
  Till till{CommissionPlan::Fixed};
  EXPECT_EQ(till.pay(stock, {.quantity = 1000, .price = 50, .liquidity = FeeLiquidity::IbkrAts}).commission, money(4.30));
}

TEST(Commission, a_modified_order_owes_a_second_minimum) {
  Till till{CommissionPlan::Fixed};
  OrderTicket before, after;
  const Trade1 half{.quantity = 100, .price = 50};
  EXPECT_EQ(till.pay(stock, half, before).commission + till.pay(stock, half, after).commission, money(2.00));
  OrderTicket same;
  EXPECT_EQ(till.pay(stock, half, same).commission + till.pay(stock, half, same).commission, money(1.00)) << "partial fills of one order share one minimum";
}

TEST(Commission, options_pay_by_premium_and_by_the_months_contracts) {
  Till first{CommissionPlan::Fixed};
  const auto commission = [](Till& till, double q, double p) { return till.pay(option, {.quantity = q, .price = p}).commission; };
  EXPECT_EQ(commission(first, 1, 2), money(1.00));
  EXPECT_EQ(commission(first, 2, 5), money(1.30));
  EXPECT_EQ(commission(first, 3, 0.075), money(1.50));
  EXPECT_EQ(commission(first, 5, 0.03), money(1.25));
  Till third{CommissionPlan::Fixed};
  third.month.option_contracts = Quantity::whole(60'000);
  EXPECT_EQ(commission(third, 5, 2), money(1.25));
  Till fourth{CommissionPlan::Fixed};
  fourth.month.option_contracts = Quantity::whole(150'000);
  EXPECT_EQ(commission(fourth, 7, 2), money(1.05));
}

TEST(Commission, an_option_sale_of_may_2026_with_everything_on_it) {
  Till till{CommissionPlan::Fixed, date_of(2026, 5, 11)};
  EXPECT_EQ(till.pay(option, {.side = Side::Sell, .quantity = 10, .price = 1.50}).total, money(7.0953));
}

TEST(Commission, futures_pay_ib_the_exchange_and_the_regulator) {
  Till now{CommissionPlan::Fixed};
  EXPECT_EQ(now.pay(of(AssetClass::Future, "ES", 50), {.quantity = 2, .price = 6000}).total, money(4.50));
  EXPECT_EQ(now.pay(of(AssetClass::Future, "MES", 5), {.quantity = 5, .price = 6000}).total, money(3.10));
  Till before{CommissionPlan::Fixed, date_of(2024, 6, 3)};
  EXPECT_EQ(before.pay(of(AssetClass::Future, "ES", 50), {.quantity = 2, .price = 5300}).total, money(4.30));
  EXPECT_EQ(before.pay(of(AssetClass::Future, "MES", 5), {.quantity = 5, .price = 5300}).total, money(2.85));
}

TEST(Commission, forex_pays_basis_points_of_the_months_value) {
  const Instrument eurusd = of(AssetClass::Forex, "EUR");
  Till small{CommissionPlan::Fixed};
  EXPECT_EQ(small.pay(eurusd, {.quantity = 100'000, .price = 1}).total, money(2.00));
  Till billion{CommissionPlan::Fixed};
  EXPECT_EQ(billion.pay(eurusd, {.quantity = 1e9, .price = 1}).total, money(20'000));
  EXPECT_EQ(billion.pay(eurusd, {.quantity = 0.25e9, .price = 1}).total, money(3'750));
}

TEST(Commission, crypto_minimum_never_exceeds_one_percent) {
  const Instrument btc = of(AssetClass::Crypto, "BTC");
  Till till{CommissionPlan::Fixed};
  const auto pay = [&](double value) { return till.pay(btc, {.quantity = 1, .price = value}).total; };
  EXPECT_EQ(pay(100), money(1.00));
  EXPECT_EQ(pay(500), money(1.75));
  EXPECT_EQ(pay(5'000), money(9.00));
  EXPECT_EQ(pay(50'000), money(90.00));
}

TEST(Commission, xetra_on_both_plans) {
  Till fixed{CommissionPlan::Fixed}, tiered{CommissionPlan::Tiered};
  const double values[] = {4'000, 20'000, 100'000};
  const double fixed_pays[] = {3, 10, 50}, tiered_pays[] = {2, 10, 29};
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(fixed.pay(euro, {.quantity = 100, .price = values[i] / 100}).total, money(fixed_pays[i]));
    EXPECT_EQ(tiered.pay(euro, {.quantity = 100, .price = values[i] / 100}).total, money(tiered_pays[i]));
  }
}

TEST(Commission, a_short_position_pays_for_the_loan_every_day) {
  const Cashier cashier{shipped(), CommissionPlan::Fixed};
  EXPECT_EQ(cashier.borrow_fee(shares(-100), at(59.24), rate(0.05), "USD", date_of(2026, 6, 15)), money(0.847222));
}

TEST(Commission, a_debit_balance_pays_by_tier) {
  const Cashier cashier{shipped(), CommissionPlan::Fixed};
  EXPECT_EQ(cashier.debit_interest(money(-600'000), rate(0.0532), "USD", date_of(2026, 6, 15)), money(106.722222));
}

TEST(FeeTable, says_every_bad_row_at_once_with_its_line) {
  const auto table = FeeTable::parse("key,value,valid_from,valid_to,source\na,1,2020-01-01,2020-12-31,x\nb,one,2020-01-01,,x\nc,1,yesterday,,x\na,2,2020-06-01,,x\n", "fees.csv");
  ASSERT_FALSE(table);
  EXPECT_NE(table.error().text.find("fees.csv:3: value 'one' of b"), std::string::npos) << table.error().text;
  EXPECT_NE(table.error().text.find("fees.csv:4: valid_from 'yesterday'"), std::string::npos);
  EXPECT_NE(table.error().text.find("fees.csv:5: a overlaps the row of line 2"), std::string::npos);
}

TEST(FeeTable, a_rate_holds_from_its_first_to_its_last_day) {
  const auto table = shipped();
  EXPECT_EQ(table.at_or_zero("us.sec_fee", date_of(2025, 5, 13)), rate(0.0000278));
  EXPECT_EQ(table.at_or_zero("us.sec_fee", date_of(2025, 5, 14)), Rate{});
  EXPECT_EQ(table.at_or_zero("us.sec_fee", date_of(2026, 4, 3)), Rate{});
  EXPECT_EQ(table.at_or_zero("us.sec_fee", date_of(2026, 4, 4)), rate(0.0000206));
}

}  // namespace
}  // namespace robo::sim
