#include "kernel/risk/gate.hpp"

#include <gtest/gtest.h>

namespace robo::risk {

namespace {

constexpr InstrumentId aaa{0}, bbb{1};
constexpr Timestamp now{1'514'903'400'000'000'000};

struct Bench {
  explicit Bench(const Limits& limits = {}, TradingMode mode = TradingMode::Backtest, std::string_view account = "DU1", bool armed = false,
                 Money day_loss = {})
      : gate(limits, market, portfolio, 4) {
    const EngineStarted started{.session = 1, .mode = mode, .armed = armed, .account = account, .base_currency = "USD",
                                .starting_cash = Money::whole(1'000'000), .day_loss = day_loss};
    portfolio.start(started);
    gate.start(started);
    for (const auto id : {aaa, bbb}) {
      const Instrument instrument{.id = id, .asset_class = AssetClass::Stock, .currency = "USD", .ticks = TickTable::flat(price(0, 1)),
                                  .size_increment = shares(1)};
      market.define(instrument);
      portfolio.define(instrument);
      gate.define(instrument);
      quote(id, price(100), price(100, 2));
    }
  }
  void quote(InstrumentId id, Price bid, Price ask, Timestamp at = now, bool live = true, std::int64_t bid_size = 100) {
    market.apply(Quote{.instrument = id, .live = live, .bid = bid, .ask = ask, .bid_size = shares(bid_size), .ask_size = shares(100)}, at);
    if (const auto mark = market.mark(id)) portfolio.mark(id, *mark);
  }
  void hold(InstrumentId id, std::int64_t quantity, Price at = price(100)) {
    portfolio.book(Execution{.id = ExecutionId{std::string_view(std::to_string(++fills) + ".01")}, .instrument = id,
                             .side = quantity > 0 ? Side::Buy : Side::Sell, .quantity = shares(quantity).abs(), .price = at},
                   nullptr);
  }
  void phase(TradingPhase phase) { market.apply(PhaseChange{.instrument = aaa, .phase = phase}, now); }
  Claim working(Side side, std::int64_t quantity, OrderPurpose purpose = OrderPurpose::Entry, bool unknown = false) {
    Claim claim{.instrument = aaa, .side = side, .purpose = purpose, .remaining = shares(quantity), .notional = Money::whole(quantity * 100), .unknown = unknown};
    gate.open_orders().add(claim);
    return claim;
  }
  /// The first reason against it, or nothing when it passes (and then it has been counted).
  std::optional<Denial> ask(const OrderIntent& intent, Timestamp at = now) {
    const auto answer = gate.approve(intent, at);
    if (answer) return std::nullopt;
    return answer.error().reason;
  }

  market::Market market{market::Settings{}, 4};
  portfolio::Portfolio portfolio{portfolio::Settings{}, 4};
  Gate gate;
  int fills = 0;
};

OrderIntent buy(std::int64_t quantity, Price limit = price(100)) {
  return {.key = {1, 1}, .instrument = aaa, .side = Side::Buy, .quantity = shares(quantity), .kind = Limit{limit}};
}
OrderIntent sell(std::int64_t quantity, OrderPurpose purpose = OrderPurpose::Entry, OrderKind kind = Limit{price(100, 2)}) {
  return {.key = {1, 2}, .instrument = aaa, .side = Side::Sell, .purpose = purpose, .quantity = shares(quantity), .kind = kind};
}

}  // namespace

TEST(Gate, lets_an_order_of_exactly_the_limit_through_and_no_more) {
  Bench bench({.order_quantity_max = shares(500)});
  EXPECT_EQ(bench.ask(buy(501)), Denial::TooLarge);
  EXPECT_EQ(bench.ask(buy(500)), std::nullopt);
}

TEST(Gate, says_the_number_that_broke_the_limit) {
  Bench bench({.order_notional_max = Money::whole(10'000)});
  const auto refused = bench.gate.approve(buy(101), now);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().reason, Denial::NotionalTooLarge);
  EXPECT_DOUBLE_EQ(refused.error().measured, 10'100);
  EXPECT_DOUBLE_EQ(refused.error().limit, 10'000);
  EXPECT_EQ(bench.ask(buy(100)), std::nullopt);
}

TEST(Gate, counts_working_entries_of_the_same_direction_as_filled) {
  Bench bench({.position_quantity_max = shares(1'000)});
  bench.hold(aaa, 400);
  auto claim = bench.working(Side::Buy, 300);
  EXPECT_EQ(bench.ask(buy(301)), Denial::PositionTooLarge);
  EXPECT_EQ(bench.ask(buy(300)), std::nullopt);
  bench.gate.open_orders().remove(claim);
  EXPECT_EQ(bench.ask(buy(600)), std::nullopt);
}

TEST(Gate, holds_gross_and_net_apart) {
  Bench bench({.gross_exposure_max = Money::whole(100'000), .net_exposure_max = Money::whole(40'000)});
  bench.hold(bbb, -500);  // 50,000 short
  bench.quote(bbb, price(99, 99), price(100, 1));
  EXPECT_EQ(bench.ask(buy(501, price(100))), Denial::GrossTooLarge);
  EXPECT_EQ(bench.ask(sell(1)), Denial::NetTooLarge);  // 50,000 net short already
  EXPECT_EQ(bench.ask(buy(500, price(100))), std::nullopt);
}

TEST(Gate, the_loss_of_the_day_counts_what_was_lost_before_a_restart) {
  Bench fresh({.daily_loss_max = Money::whole(1'000)}, TradingMode::Backtest, "", false, Money::whole(999));
  EXPECT_EQ(fresh.ask(buy(1)), std::nullopt);
  Bench worn({.daily_loss_max = Money::whole(1'000)}, TradingMode::Backtest, "", false, Money::whole(1'000));
  EXPECT_EQ(worn.ask(buy(1)), Denial::DailyLoss);
  EXPECT_TRUE(worn.gate.daily_loss_reached());
}

TEST(Gate, keeps_prices_within_the_collar_of_the_middle) {
  Bench bench({.price_collar_bp = 50});
  EXPECT_EQ(bench.ask(buy(10, price(100, 52))), Denial::PriceCollar);  // 51 bp past 100.01
  EXPECT_EQ(bench.ask(buy(10, price(100, 51))), std::nullopt);
  EXPECT_EQ(bench.ask(buy(20, price(90))), std::nullopt);                // far away on the patient side harms nobody
  EXPECT_EQ(bench.ask(sell(10, OrderPurpose::Entry, Limit{price(99, 50)})), Denial::PriceCollar);
  bench.quote(aaa, price(100), price(103));
  EXPECT_EQ(bench.ask({.key = {1, 9}, .instrument = aaa, .side = Side::Buy, .quantity = shares(5), .kind = Market{}}), Denial::PriceCollar);
}

TEST(Gate, refuses_to_trade_on_prices_that_cannot_be_trusted) {
  Bench bench;
  bench.quote(aaa, price(100, 5), price(100));
  EXPECT_EQ(bench.ask(buy(1)), Denial::CrossedQuote);
  bench.quote(aaa, price(100), price(100, 2), now, false);
  EXPECT_EQ(bench.ask(buy(1)), Denial::DelayedData);
  bench.quote(aaa, price(100), price(100, 2), now, true, 0);
  EXPECT_EQ(bench.ask(buy(1)), Denial::NoQuote);
  bench.quote(aaa, price(100), price(100, 2));
  EXPECT_EQ(bench.ask(buy(1), now + seconds(5)), std::nullopt);
  EXPECT_EQ(bench.ask(buy(2), now + seconds(5) + nanoseconds(1)), Denial::StaleQuote);  // C28
}

TEST(Gate, counts_orders_in_a_sliding_window) {
  Bench bench({.orders_max = 3, .order_window_s = 10});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(bench.ask(buy(10 + i), now + seconds(i)), std::nullopt);
  EXPECT_EQ(bench.gate.orders_in_window(now + seconds(4)), 3);
  EXPECT_EQ(bench.ask(buy(20), now + seconds(4)), Denial::OrderRate);
  bench.quote(aaa, price(100), price(100, 2), now + seconds(10));
  EXPECT_EQ(bench.ask(buy(20), now + seconds(10) - nanoseconds(1)), Denial::OrderRate);
  EXPECT_EQ(bench.ask(buy(20), now + seconds(10)), std::nullopt);
}

TEST(Gate, knows_the_same_order_when_it_comes_again) {
  Bench bench({.duplicate_window_s = 1});
  EXPECT_EQ(bench.ask(buy(10)), std::nullopt);
  EXPECT_EQ(bench.ask(buy(10), now + milliseconds(999)), Denial::DuplicateOrder);
  EXPECT_EQ(bench.ask(buy(11), now + milliseconds(999)), std::nullopt);
  EXPECT_EQ(bench.ask(buy(10), now + seconds(2)), std::nullopt);
}

TEST(Gate, waits_for_the_fate_of_an_unknown_order) {  // C19
  Bench bench;
  bench.hold(aaa, 100);
  auto claim = bench.working(Side::Sell, 100, OrderPurpose::Exit, true);
  EXPECT_EQ(bench.ask(buy(1)), Denial::UnknownOrderOutstanding);
  EXPECT_EQ(bench.ask(sell(50, OrderPurpose::Flatten, Market{})), Denial::UnknownOrderOutstanding);  // might sell twice
  EXPECT_EQ(bench.ask(sell(100, OrderPurpose::ProtectiveStop, Stop{price(95)})), std::nullopt);
  bench.gate.open_orders().remove(claim);
  EXPECT_EQ(bench.ask(buy(1)), std::nullopt);
}

TEST(Gate, keeps_room_for_the_protection_of_an_entry_under_IBs_count) {
  Bench bench({.open_orders_per_contract_max = 20});
  std::vector<Claim> claims;
  for (int i = 0; i < 17; ++i) claims.push_back(bench.working(Side::Buy, 1));
  EXPECT_EQ(bench.ask(buy(1)), std::nullopt);
  claims.push_back(bench.working(Side::Buy, 1));
  EXPECT_EQ(bench.ask(buy(2)), Denial::TooManyOpenOrders);
  bench.hold(aaa, 10);
  EXPECT_EQ(bench.ask(sell(10, OrderPurpose::Exit)), std::nullopt);
}

TEST(Gate, a_purchase_may_not_overdraw_the_account) {
  Bench bench({.order_quantity_max = shares(20'000), .order_notional_max = Money::whole(2'000'000), .position_notional_max = Money::whole(2'000'000),
               .gross_exposure_max = Money::whole(3'000'000), .net_exposure_max = Money::whole(3'000'000)});
  EXPECT_EQ(bench.ask(buy(10'001, price(100))), Denial::NotEnoughCash);
  EXPECT_EQ(bench.ask(buy(10'000, price(100))), std::nullopt);
}

TEST(Gate, refuses_sizes_and_prices_that_do_not_exist) {
  Bench bench;
  EXPECT_EQ(bench.ask(buy(0)), Denial::QuantityNotPositive);
  auto half = buy(1);
  half.quantity = Quantity::nearest(1.5);
  EXPECT_EQ(bench.ask(half), Denial::QuantityOffStep);
  EXPECT_EQ(bench.ask(buy(1, Price::nearest(99.995))), Denial::PriceOffTick);
}

// ---- session, switches -----------------------------------------------------------------------------------------------------

TEST(Gate, halts_and_closed_sessions_stop_entries_and_exits_but_not_protection) {
  Bench bench;
  bench.hold(aaa, 100);
  bench.phase(TradingPhase::Halted);
  EXPECT_EQ(bench.ask(buy(1)), Denial::Halted);
  EXPECT_EQ(bench.ask(sell(100, OrderPurpose::Exit)), Denial::Halted);
  EXPECT_EQ(bench.ask(sell(100, OrderPurpose::ProtectiveStop, Stop{price(95)})), std::nullopt);
  EXPECT_EQ(bench.ask(sell(100, OrderPurpose::Flatten, Market{})), std::nullopt);
  bench.phase(TradingPhase::PreMarket);
  EXPECT_EQ(bench.ask(buy(1)), Denial::SessionClosed);
  auto early = buy(1);
  early.outside_regular_hours = true;
  EXPECT_EQ(bench.ask(early), std::nullopt);
  bench.phase(TradingPhase::Regular);
  EXPECT_EQ(bench.ask(buy(2)), std::nullopt);
}

TEST(Gate, a_kill_leaves_only_the_ways_out) {
  Bench bench;
  bench.hold(aaa, 100);
  bench.gate.set_killed(true);
  EXPECT_EQ(bench.ask(buy(1)), Denial::KillSwitch);
  EXPECT_EQ(bench.ask(sell(100, OrderPurpose::Exit)), Denial::KillSwitch);
  EXPECT_EQ(bench.ask(sell(100, OrderPurpose::Flatten)), std::nullopt);
  EXPECT_EQ(bench.ask(sell(100, OrderPurpose::ProtectiveStop, Stop{price(95)})), std::nullopt);
}

TEST(Gate, stopped_entries_and_a_broken_journal_let_exits_go) {
  Bench bench;
  bench.hold(aaa, 100);
  bench.gate.set_entries_stopped(true);
  EXPECT_EQ(bench.ask(buy(1)), Denial::EntriesStopped);
  bench.gate.set_entries_stopped(false);
  bench.gate.set_journal_down(true);
  EXPECT_EQ(bench.ask(buy(1)), Denial::JournalDown);
  EXPECT_EQ(bench.ask(sell(100, OrderPurpose::Exit)), std::nullopt);
}

TEST(Gate, an_exit_passes_what_only_bounds_entries) {
  Bench bench({.order_quantity_max = shares(10), .order_notional_max = Money::whole(100), .gross_exposure_max = Money::whole(1), .orders_max = 0},
              TradingMode::Backtest, "", false, Money::whole(50'000));
  bench.hold(aaa, 5'000);
  EXPECT_EQ(bench.ask(sell(5'000, OrderPurpose::Exit)), std::nullopt);
}

TEST(Gate, an_exit_that_would_sell_more_than_is_held_is_an_entry) {
  Bench bench;
  bench.hold(aaa, 100);
  bench.gate.set_entries_stopped(true);
  EXPECT_EQ(bench.ask(sell(101, OrderPurpose::Exit)), Denial::EntriesStopped);
  EXPECT_EQ(bench.ask(sell(101, OrderPurpose::Flatten)), Denial::EntriesStopped);
  auto claim = bench.working(Side::Sell, 60, OrderPurpose::Exit);
  EXPECT_EQ(bench.ask(sell(41, OrderPurpose::Exit)), Denial::EntriesStopped);  // 60 are on their way already
  EXPECT_EQ(bench.ask(sell(40, OrderPurpose::Exit)), std::nullopt);
  bench.gate.open_orders().remove(claim);
}

TEST(Gate, a_stop_may_wait_for_its_entry_but_not_cover_more) {
  Bench bench;
  bench.gate.set_entries_stopped(true);
  auto claim = bench.working(Side::Buy, 100);
  EXPECT_EQ(bench.ask(sell(101, OrderPurpose::ProtectiveStop, Stop{price(95)})), Denial::EntriesStopped);
  EXPECT_EQ(bench.ask(sell(100, OrderPurpose::ProtectiveStop, Stop{price(95)})), std::nullopt);
  bench.gate.open_orders().remove(claim);
}

TEST(Gate, a_change_is_judged_by_what_it_adds) {
  Bench bench({.position_quantity_max = shares(100)});
  auto standing = buy(100);
  auto claim = bench.working(Side::Buy, 100);
  auto wanted = standing;
  wanted.kind = Limit{price(100, 1)};
  EXPECT_TRUE(bench.gate.approve_change(wanted, standing, {}, now).has_value());
  wanted.quantity = shares(101);
  EXPECT_EQ(bench.gate.approve_change(wanted, standing, {}, now).error().reason, Denial::PositionTooLarge);
  bench.gate.open_orders().remove(claim);
}

// ---- accounts ----------------------------------------------------------------------------------------------------------------

TEST(Gate, a_paper_mode_takes_only_paper_accounts) {
  for (const auto* account : {"DU123", "DF9"}) {
    Bench bench({}, TradingMode::Paper, account);
    bench.gate.set_ready(true);
    EXPECT_EQ(bench.ask(buy(1)), std::nullopt) << account;
  }
  for (const auto* account : {"U123", "", "F1"}) {
    Bench bench({}, TradingMode::Paper, account);
    bench.gate.set_ready(true);
    EXPECT_EQ(bench.ask(buy(1)), Denial::WrongAccount) << account;
  }
}

TEST(Gate, live_money_needs_the_arm_and_a_live_account) {
  Bench unarmed({}, TradingMode::Live, "U123", false);
  unarmed.gate.set_ready(true);
  EXPECT_EQ(unarmed.ask(buy(1)), Denial::NotArmed);
  Bench paper({}, TradingMode::Live, "DU123", true);
  paper.gate.set_ready(true);
  EXPECT_EQ(paper.ask(buy(1)), Denial::WrongAccount);
  Bench armed({}, TradingMode::Live, "U123", true);
  EXPECT_EQ(armed.ask(buy(1)), Denial::NotReady);
  armed.gate.set_ready(true);
  EXPECT_EQ(armed.ask(buy(1)), std::nullopt);
}

TEST(Gate, starts_shut_until_somebody_has_said_who_trades) {
  market::Market market{market::Settings{}, 1};
  portfolio::Portfolio portfolio{portfolio::Settings{}, 1};
  Gate gate({}, market, portfolio, 1);
  const Instrument instrument{.id = aaa, .currency = "USD"};
  market.define(instrument);
  portfolio.define(instrument);
  gate.define(instrument);
  const auto reasons = gate.reasons(buy(1), {}, now);
  EXPECT_TRUE(reasons & bit(Denial::NotReady));
  EXPECT_TRUE(reasons & bit(Denial::NotArmed));
  EXPECT_TRUE(reasons & bit(Denial::NoQuote));
}

}  // namespace robo::risk
