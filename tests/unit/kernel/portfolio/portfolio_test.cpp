#include "kernel/portfolio/portfolio.hpp"

#include <gtest/gtest.h>

namespace robo::portfolio {

namespace {

constexpr InstrumentId stock{0}, future{1}, euro{2}, london{3};

struct Desk {
  explicit Desk(const Settings& settings = {}, TradingMode mode = TradingMode::Backtest) : book(settings, 8) {
    start(mode);
    book.define({.id = stock, .asset_class = AssetClass::Stock, .symbol = "AAA", .currency = "USD"});
    book.define({.id = future, .asset_class = AssetClass::Future, .symbol = "ES", .currency = "USD", .multiplier = 50});
    book.define({.id = euro, .asset_class = AssetClass::Forex, .symbol = "EUR", .currency = "USD"});
    book.define({.id = london, .asset_class = AssetClass::Stock, .symbol = "VOW", .currency = "EUR"});
  }
  void start(TradingMode mode, Money day_loss = {}) {
    book.start({.session = 1, .mode = mode, .base_currency = "USD", .starting_cash = Money::whole(100'000), .day_loss = day_loss});
  }
  Booked fill(std::string_view id, InstrumentId instrument, std::int64_t quantity, Price at, const Reason* reason = nullptr, bool replay = false) {
    return book.book(Execution{.id = id, .instrument = instrument, .side = quantity > 0 ? Side::Buy : Side::Sell,
                               .from_reconciliation = replay, .quantity = shares(quantity).abs(), .price = at},
                     reason);
  }
  BookedCommission commission(std::string_view id, Money amount, std::string_view currency = "USD") {
    return book.book(Commission{.execution = id, .amount = amount, .currency = currency});
  }
  void position(InstrumentId instrument, std::int64_t quantity, Money average) {
    book.hear(PositionReport{.instrument = instrument, .quantity = shares(quantity), .average_cost = average, .from_reconciliation = true});
  }
  Portfolio book;
};

Reason by(std::initializer_list<std::pair<int, std::int64_t>> parts) {
  Reason reason;
  for (const auto& [strategy, quantity] : parts)
    reason.contributions[reason.contribution_count++] = {StrategyId{static_cast<std::uint16_t>(strategy)}, shares(quantity)};
  return reason;
}

}  // namespace

TEST(Portfolio, a_round_trip_ends_in_cash) {
  Desk desk;
  desk.fill("1.01", stock, 100, price(50));
  desk.book.mark(stock, price(51));
  EXPECT_EQ(desk.book.cash(), Money::whole(95'000));
  EXPECT_EQ(desk.book.equity(), Money::whole(100'100));
  EXPECT_EQ(desk.book.unrealized(), Money::whole(100));
  desk.fill("2.01", stock, -100, price(52));
  EXPECT_EQ(desk.book.equity(), Money::whole(100'200));
  EXPECT_EQ(desk.book.realized(), Money::whole(200));
  EXPECT_EQ(desk.book.day_pnl(), Money::whole(200));
  EXPECT_EQ(desk.book.gross_exposure(), Money{});
}

TEST(Portfolio, counts_the_same_execution_once) {
  Desk desk;
  EXPECT_EQ(desk.fill("0000e0d5.69dd7411.01.01", stock, 100, price(50)).outcome, Booking::Booked);
  EXPECT_EQ(desk.fill("0000e0d5.69dd7411.01.01", stock, 100, price(50)).outcome, Booking::Duplicate);
  EXPECT_EQ(desk.book.position(stock).quantity, shares(100));
}

// C16: a correction keeps all of the id but its last group.
TEST(Portfolio, a_correction_leaves_the_books_as_if_it_had_always_been_so) {
  Desk corrected, honest;
  corrected.fill("a.01.01", stock, 100, price(50));
  corrected.fill("b.01.01", stock, -40, price(55));
  const auto outcome = corrected.fill("a.01.02", stock, 80, price(49));
  corrected.fill("c.01.01", stock, -40, price(56));
  EXPECT_EQ(outcome.outcome, Booking::Corrected);
  EXPECT_EQ(outcome.previous_quantity, shares(100));
  EXPECT_EQ(outcome.previous_price, price(50));

  honest.fill("a.01.02", stock, 80, price(49));
  honest.fill("b.01.01", stock, -40, price(55));
  honest.fill("c.01.01", stock, -40, price(56));
  EXPECT_EQ(corrected.book.position(stock).quantity, honest.book.position(stock).quantity);
  EXPECT_EQ(corrected.book.position(stock).realized, honest.book.position(stock).realized);
  EXPECT_EQ(corrected.book.cash(), honest.book.cash());
  EXPECT_EQ(corrected.book.equity(), honest.book.equity());
}

TEST(Portfolio, an_older_version_that_arrives_after_its_correction_changes_nothing) {
  Desk desk;
  desk.fill("a.01.02", stock, 80, price(49));
  EXPECT_EQ(desk.fill("a.01.01", stock, 100, price(50)).outcome, Booking::Duplicate);
  EXPECT_EQ(desk.book.position(stock).quantity, shares(80));
}

TEST(Portfolio, takes_a_commission_early_late_twice_and_corrected) {
  Desk desk;
  EXPECT_TRUE(desk.commission("a.01.01", Money::whole(2)).waiting);  // before its execution
  EXPECT_EQ(desk.book.commissions(), Money{});
  desk.fill("a.01.01", stock, 100, price(50));
  EXPECT_EQ(desk.book.commissions(), Money::whole(2));
  EXPECT_FALSE(desk.commission("a.01.01", Money::whole(2)).counted);  // again
  EXPECT_TRUE(desk.commission("a.01.02", Money::whole(3)).counted);   // corrected
  EXPECT_FALSE(desk.commission("a.01.01", Money::whole(2)).counted);  // the old one, late
  EXPECT_EQ(desk.book.commissions(), Money::whole(3));
  EXPECT_EQ(desk.book.cash(), Money::whole(94'997));
  EXPECT_EQ(desk.book.equity(), Money::whole(99'997));
}

TEST(Portfolio, futures_settle_their_profit_and_count_with_their_multiplier) {
  Desk desk;
  desk.fill("1.01", future, 2, price(5'000));
  desk.book.mark(future, price(5'001));
  EXPECT_EQ(desk.book.cash(), Money::whole(100'000));
  EXPECT_EQ(desk.book.equity(), Money::whole(100'100));
  EXPECT_EQ(desk.book.gross_exposure(), Money::whole(500'100));
  desk.fill("2.01", future, -2, price(5'001));
  EXPECT_EQ(desk.book.cash(), Money::whole(100'100));
}

// C30
TEST(Portfolio, keeps_a_purse_per_currency_and_converts_at_the_pair) {
  Desk desk;
  desk.book.mark(euro, price(1, 10));
  desk.fill("1.01", euro, 10'000, price(1, 10));  // buys 10,000 EUR
  EXPECT_EQ(desk.book.cash(CurrencyCode{"EUR"}), Money::whole(10'000));
  EXPECT_EQ(desk.book.cash(CurrencyCode{"USD"}), Money::whole(89'000));
  EXPECT_EQ(desk.book.equity(), Money::whole(100'000));
  desk.fill("2.01", london, 50, price(100));
  desk.commission("2.01", Money::whole(5), "EUR");
  desk.book.mark(london, price(100));
  EXPECT_EQ(desk.book.cash(CurrencyCode{"EUR"}), Money::whole(4'995));
  desk.book.mark(euro, price(1, 20));
  EXPECT_EQ(desk.book.equity(), Money::whole(89'000) + Money::whole(9'995) + Money::nearest(9'995 * 0.2));
  EXPECT_EQ(desk.book.commissions(), Money::whole(6));  // 5 EUR at 1.20
}

TEST(Portfolio, says_when_a_currency_has_no_rate) {
  Desk desk;
  desk.fill("1.01", london, 10, price(100));
  EXPECT_TRUE(desk.book.unconverted());
  desk.book.mark(euro, price(1, 10));
  EXPECT_FALSE(desk.book.unconverted());
}

TEST(Portfolio, drawdown_is_measured_from_the_highest_mark) {
  Desk desk;
  desk.fill("1.01", stock, 1'000, price(50));
  desk.book.mark(stock, price(60));  // 110,000
  desk.book.mark(stock, price(49));  // 99,000
  EXPECT_DOUBLE_EQ(desk.book.drawdown(), 0.1);
}

TEST(Portfolio, a_loss_of_before_the_restart_still_counts_today_and_not_tomorrow) {
  Desk desk;
  desk.start(TradingMode::Backtest, Money::whole(700));
  EXPECT_EQ(desk.book.day_pnl(), Money::whole(-700));
  desk.book.roll_day(Date{100});
  EXPECT_EQ(desk.book.day_pnl(), Money::whole(-700));  // the day it started in
  desk.book.roll_day(Date{101});
  EXPECT_EQ(desk.book.day_pnl(), Money{});
}

// ---- whose doing ---------------------------------------------------------------------------------------------------------

TEST(Portfolio, shares_a_fill_by_what_each_strategy_lacks) {
  Desk desk;
  const auto reason = by({{0, 300}, {1, 100}});
  desk.fill("1.01", stock, 200, price(50), &reason);  // half of 400
  EXPECT_EQ(desk.book.share(stock, StrategyId{0}), shares(150));
  EXPECT_EQ(desk.book.share(stock, StrategyId{1}), shares(50));
  desk.fill("2.01", stock, 200, price(51), &reason);
  EXPECT_EQ(desk.book.share(stock, StrategyId{0}), shares(300));
  EXPECT_EQ(desk.book.share(stock, StrategyId{1}), shares(100));
}

TEST(Portfolio, strategies_that_disagree_cross_inside_the_house) {
  Desk desk;
  const auto first = by({{0, 100}, {1, 100}});
  desk.fill("1.01", stock, 200, price(50), &first);
  const auto second = by({{0, 250}, {1, -50}});  // same sum: one buys 150, the other sells 150
  const auto third = by({{0, 251}, {1, -50}});
  desk.fill("2.01", stock, 1, price(52), &third);
  (void)second;
  EXPECT_EQ(desk.book.share(stock, StrategyId{0}), shares(251));
  EXPECT_EQ(desk.book.share(stock, StrategyId{1}), shares(-50));
  EXPECT_EQ(desk.book.account(StrategyId{1}).realized, Money::whole(200));
}

TEST(Portfolio, a_stop_takes_from_each_what_it_holds) {
  Desk desk;
  const auto reason = by({{0, 300}, {1, 100}});
  desk.fill("1.01", stock, 400, price(50), &reason);
  desk.fill("2.01", stock, -200, price(49), &reason);  // the stop carries the entry's reason
  EXPECT_EQ(desk.book.share(stock, StrategyId{0}), shares(150));
  EXPECT_EQ(desk.book.share(stock, StrategyId{1}), shares(50));
}

TEST(Portfolio, a_strangers_fill_belongs_to_nobody) {
  Desk desk;
  desk.fill("1.01", stock, 100, price(50));
  EXPECT_EQ(desk.book.share(stock, unattributed), shares(100));
}

// ---- reconciliation ------------------------------------------------------------------------------------------------------

TEST(Portfolio, at_the_start_takes_positions_over_and_does_not_count_the_fills_inside_them) {  // C8
  Desk desk({}, TradingMode::Paper);
  desk.book.begin_reconciliation();
  EXPECT_EQ(desk.fill("1.01", stock, 50, price(50), nullptr, true).outcome, Booking::Opening);
  desk.position(stock, 150, Money::whole(48));
  desk.book.hear(AccountValue{.tag = AccountTag::TotalCash, .currency = "USD", .value = Money::whole(20'000)});
  const auto differences = desk.book.end_reconciliation(true);
  ASSERT_EQ(differences.size(), 1u);
  EXPECT_EQ(differences[0].theirs, shares(150));
  EXPECT_EQ(desk.book.position(stock).quantity, shares(150));
  EXPECT_EQ(desk.book.position(stock).average_price(), price(48));
  EXPECT_EQ(desk.book.cash(), Money::whole(20'000));
  EXPECT_EQ(desk.book.day_pnl(), Money{});
  EXPECT_EQ(desk.fill("1.01", stock, 50, price(50)).outcome, Booking::Duplicate);  // and it may come again
  EXPECT_EQ(desk.book.position(stock).quantity, shares(150));
}

TEST(Portfolio, a_fill_missed_in_an_outage_is_booked_once_and_then_positions_agree) {  // C6
  Desk desk({}, TradingMode::Paper);
  desk.book.begin_reconciliation();
  (void)desk.book.end_reconciliation(true);
  desk.fill("1.01", stock, 100, price(50));
  desk.book.begin_reconciliation();
  EXPECT_EQ(desk.fill("1.01", stock, 100, price(50), nullptr, true).outcome, Booking::Duplicate);
  EXPECT_EQ(desk.fill("2.01", stock, 20, price(51), nullptr, true).outcome, Booking::Booked);
  desk.position(stock, 120, Money::nearest(50.1667));
  EXPECT_TRUE(desk.book.end_reconciliation(true).empty());
  EXPECT_EQ(desk.book.fills_missed(), 1u);
  EXPECT_EQ(desk.book.position(stock).quantity, shares(120));
}

TEST(Portfolio, a_position_closed_by_hand_while_we_were_away_is_gone) {  // C9
  Desk desk({}, TradingMode::Paper);
  desk.book.begin_reconciliation();
  (void)desk.book.end_reconciliation(true);
  desk.fill("1.01", stock, 100, price(50));
  desk.book.mark(stock, price(50));
  desk.book.begin_reconciliation();
  const auto differences = desk.book.end_reconciliation(true);  // nobody reports the stock: IB holds none
  ASSERT_EQ(differences.size(), 1u);
  EXPECT_EQ(differences[0].ours, shares(100));
  EXPECT_EQ(desk.book.position(stock).quantity, Quantity{});
  EXPECT_EQ(desk.book.gross_exposure(), Money{});
}

TEST(Portfolio, a_live_fill_during_the_comparison_is_not_undone_by_an_older_report) {
  Desk desk({}, TradingMode::Paper);
  desk.book.begin_reconciliation();
  (void)desk.book.end_reconciliation(true);
  desk.book.begin_reconciliation();
  desk.position(stock, 0, Money{});
  desk.fill("9.01", stock, 10, price(50));
  EXPECT_EQ(desk.book.end_reconciliation(true).size(), 1u);
  EXPECT_TRUE(desk.book.moved_while_reconciling());
  EXPECT_EQ(desk.book.position(stock).quantity, shares(10));
}

TEST(Portfolio, a_fill_inside_a_position_taken_over_can_still_be_corrected_and_so_can_later_ones) {
  Desk desk({}, TradingMode::Paper);
  desk.book.begin_reconciliation();
  (void)desk.book.end_reconciliation(true);
  desk.fill("1.01", stock, 100, price(50));
  desk.book.begin_reconciliation();
  desk.position(stock, 130, Money::whole(50));
  (void)desk.book.end_reconciliation(true);
  desk.fill("2.01", stock, 10, price(60));
  EXPECT_EQ(desk.fill("1.02", stock, 90, price(50)).outcome, Booking::Corrected);
  EXPECT_EQ(desk.book.position(stock).quantity, shares(130));
  desk.fill("2.02", stock, 20, price(60));
  EXPECT_EQ(desk.book.position(stock).quantity, shares(140));
  EXPECT_EQ(desk.book.position(stock).cost, Money::whole(120 * 50 + 20 * 60));
}

TEST(Portfolio, remembers_executions_up_to_its_room_and_folds_the_oldest) {
  Desk desk(Settings{.executions_max = 4});
  for (int i = 0; i < 10; ++i) desk.fill(std::to_string(i) + ".01", stock, 10, price(50));
  EXPECT_EQ(desk.book.position(stock).quantity, shares(100));
  EXPECT_EQ(desk.fill("9.01", stock, 10, price(50)).outcome, Booking::Duplicate);
  const auto corrected = desk.fill("7.02", stock, 5, price(40));
  EXPECT_EQ(corrected.outcome, Booking::Corrected);
  EXPECT_EQ(desk.book.position(stock).quantity, shares(95));
  EXPECT_EQ(desk.book.position(stock).cost, Money::whole(4'500 + 200));
}

}  // namespace robo::portfolio
