#include "edge/ib/contracts.hpp"

#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

namespace robo::ib {
namespace {

wire::ContractDetails apple() {
  wire::ContractDetails d;
  d.contract.conId = 265598;
  d.contract.symbol = "AAPL";
  d.contract.secType = "STK";
  d.contract.exchange = "SMART";
  d.contract.primaryExchange = "NASDAQ";
  d.contract.currency = "USD";
  d.minTick = wire::Number::of(1, 4);
  d.sizeIncrement = wire::Number::of(1, 4);
  d.validExchanges = "SMART,AMEX,NYSE";
  d.marketRuleIds = "26,240,26";
  d.stockType = "COMMON";
  return d;
}

TEST(Contracts, read_what_ib_says_of_a_stock) {
  const auto known = known_contract({.symbol = "AAPL"}, apple(), Timestamp{5});
  ASSERT_TRUE(known);
  EXPECT_EQ(known->instrument.contract.value, 265598);
  EXPECT_EQ(known->instrument.asset_class, AssetClass::Stock);
  EXPECT_EQ(known->instrument.ticks.increment_at(price(187)), Price::from_raw(100'000));
  EXPECT_EQ(known->market_rule, 26);
  EXPECT_EQ(known->instrument.calendar.view(), "NASDAQ");
}

TEST(Contracts, know_futures_with_multiplier_and_expiry) {
  wire::ContractDetails d = apple();
  d.contract.secType = "FUT";
  d.contract.exchange = "CME";
  d.contract.primaryExchange = "";
  d.contract.multiplier = "50";
  d.contract.lastTradeDateOrContractMonth = "20261218";
  d.minTick = wire::Number::of(25, 2);
  const auto known = known_contract({.symbol = "ES", .type = "FUT", .exchange = "CME"}, d, {});
  ASSERT_TRUE(known);
  EXPECT_EQ(known->instrument.asset_class, AssetClass::Future);
  EXPECT_EQ(known->instrument.multiplier, 50);
  EXPECT_EQ(to_text(known->instrument.expiry), "2026-12-18");
  EXPECT_EQ(known->instrument.calendar.view(), "CME");
}

TEST(Contracts, refuse_a_tick_that_is_no_step) {
  wire::ContractDetails d = apple();
  d.minTick = wire::Number{};
  const auto known = known_contract({.symbol = "AAPL"}, d, {});
  ASSERT_FALSE(known);
  EXPECT_NE(known.error().text.find("STK AAPL SMART USD"), std::string::npos);
}

TEST(Contracts, turn_a_market_rule_into_bands_in_any_order) {
  wire::MarketRule rule;
  rule.priceIncrements = {{.lowEdge = wire::Number::of(1), .increment = wire::Number::of(1, 2)},
                          {.lowEdge = wire::Number::of(0), .increment = wire::Number::of(1, 4)}};
  const TickTable table = tick_table(rule);
  EXPECT_EQ(table.increment_at(price(0, 50)), Price::from_raw(100'000));
  EXPECT_EQ(table.increment_at(price(1)), price(0, 1));
}

TEST(ContractCache, remembers_over_a_restart_and_says_when_its_file_is_damaged) {
  const auto file = std::filesystem::temp_directory_path() / ("robo-contracts-" + std::to_string(::getpid())) / "contracts.json";
  std::filesystem::remove_all(file.parent_path());
  ContractCache first;
  EXPECT_FALSE(first.open(file));
  EXPECT_FALSE(first.put(known_contract({.symbol = "AAPL"}, apple(), Timestamp{5}).value()));
  ContractCache second;
  EXPECT_FALSE(second.open(file));
  const KnownContract* known = second.find("STK AAPL SMART USD");
  ASSERT_NE(known, nullptr);
  EXPECT_EQ(known->instrument.contract.value, 265598);
  EXPECT_EQ(known->resolved_at.ns, 5);
  EXPECT_EQ(second.find("STK MSFT SMART USD"), nullptr);

  std::ofstream(file, std::ios::trunc) << "{\"version\": 1, \"contr";
  ContractCache third;
  const auto problem = third.open(file);
  ASSERT_TRUE(problem);
  EXPECT_NE(problem->text.find("contracts are asked for again"), std::string::npos);
  EXPECT_EQ(third.size(), 0u);
  std::filesystem::remove_all(file.parent_path());
}

TEST(InstrumentTable, gives_the_next_number_to_a_contract_nobody_declared) {
  InstrumentTable table;
  Instrument declared;
  declared.id = InstrumentId{0};
  declared.contract = ContractId{1};
  table.put(declared);
  Instrument other;
  other.contract = ContractId{2};
  EXPECT_EQ(table.adopt(other).value, 1u);
  EXPECT_EQ(table.find(ContractId{2})->id.value, 1u);
  EXPECT_EQ(table.find(ContractId{3}), nullptr);
}

}  // namespace
}  // namespace robo::ib
