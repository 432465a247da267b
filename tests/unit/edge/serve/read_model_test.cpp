#include "edge/serve/limit_words.hpp"
#include "edge/serve/read_model.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "scenes.hpp"

namespace robo::serve::test {
namespace {

const std::string key7 = to_text(OrderKey{.session = 7, .number = 1});

bool logged(const ReadModel& model, std::string_view part) {
  for (const auto& line : model.log())
    if (line.text.find(part) != std::string::npos) return true;
  return false;
}

}  // namespace

TEST(ReadModel, the_banner_says_who_trades_and_masks_the_account) {
  Desk desk;
  EXPECT_FALSE(desk.model.status().entries_allowed);
  desk.open();
  const auto& status = desk.model.status();
  EXPECT_EQ(status.mode, view::Mode::Paper);
  EXPECT_EQ(status.account, "DU•••417");
  EXPECT_EQ(status.gateway.state, view::GatewayState::LoggedIn);
  EXPECT_EQ(status.gateway.server_version, 176u);
  EXPECT_TRUE(status.entries_allowed) << status.entries_blocked_by;
  EXPECT_EQ(desk.model.instrument(0)->symbol, "JPM");
  EXPECT_EQ(desk.model.instrument(0)->price_decimals, 2u);
  EXPECT_EQ(desk.model.instrument(0)->source, "recorded");
}

TEST(ReadModel, no_sentence_carries_the_account_number) {
  Desk desk;
  desk.open();
  GatewayChanged lost;
  lost.state = GatewayState::Disconnected;
  lost.text = "DU1234417 was logged out";
  desk.tell(1, GatewayNoted{lost});
  EXPECT_EQ(desk.model.status().gateway.detail, "DU•••417 was logged out");
  for (const auto& line : desk.model.log()) EXPECT_EQ(line.text.find("DU1234417"), std::string::npos) << line.text;
}

TEST(ReadModel, data_that_is_back_is_news_only_when_it_was_gone) {
  Desk desk;
  desk.open();
  desk.market(0, quote(0, price(100), price(101)));
  DataFarmChanged farm;
  farm.all = true;
  farm.code = 2104;
  desk.event(1, farm);
  EXPECT_FALSE(logged(desk.model, "is back"));
  farm.broken = true;
  farm.code = 2103;
  desk.event(2, farm);
  EXPECT_TRUE(logged(desk.model, "Market data of all instruments is broken (2103)"));
  EXPECT_EQ(desk.model.market(0)->quote().state, view::QuoteState::Stale);
  farm.broken = false;
  desk.event(60, farm);
  EXPECT_TRUE(logged(desk.model, "is back"));
  const auto gaps = desk.model.chart(0, 0, 10).gaps;
  ASSERT_EQ(gaps.size(), 1u);
  EXPECT_EQ(gaps[0].from, at(2));
  EXPECT_EQ(gaps[0].to, at(60));
}

TEST(ReadModel, an_order_walks_from_sent_to_filled_and_its_fill_says_slippage_for_us) {
  Desk desk;
  desk.open();
  const auto buy = intent(1, 0, Side::Buy, 100, price(105, 20));
  desk.tell(1, order(buy, OrderState::PendingSubmit));
  ASSERT_NE(desk.model.order(key7), nullptr);
  EXPECT_EQ(desk.model.order(key7)->state, view::OrderState::Pending);
  EXPECT_EQ(desk.model.order(key7)->strategies, std::vector<std::string>{"momentum"});
  desk.tell(2, order(buy, OrderState::Submitted));
  EXPECT_EQ(desk.model.order(key7)->state, view::OrderState::Working);
  desk.tell(3, order(buy, OrderState::Submitted, 40));
  EXPECT_EQ(desk.model.order(key7)->state, view::OrderState::Partial);
  desk.tell(3, fill(buy, "0001.01.01.01", 40, price(105, 20), price(105, 31)));
  desk.tell(4, order(buy, OrderState::Filled, 100));
  EXPECT_EQ(desk.model.order(key7)->state, view::OrderState::Filled);
  ASSERT_EQ(desk.model.fills().size(), 1u);
  const auto row = desk.model.fills()[0];
  EXPECT_NEAR(row.slippage_bp.value(), (105.31 - 105.20) / 105.31 * 1e4, 1e-9) << "bought below the arrival mid: good for us";
  EXPECT_EQ(row.maker, true);
  EXPECT_FALSE(row.commission.has_value());
  CommissionBooked booked;
  booked.commission.execution = "0001.01.01.01";
  booked.commission.amount = Money::from_raw(350'000);
  desk.tell(5, booked);
  EXPECT_EQ(to_text(desk.model.fills()[0].commission.value()), "0.35");
  EXPECT_TRUE(logged(desk.model, "JPM BUY 40 filled at 105.20"));
  EXPECT_EQ(desk.model.strategy("momentum")->orders, 1u);
  EXPECT_EQ(desk.model.strategy("momentum")->fills, 1u);
}

TEST(ReadModel, a_commission_may_come_before_its_fill_and_a_correction_replaces_the_row) {
  Desk desk;
  desk.open();
  CommissionBooked booked;
  booked.commission.execution = "0001.02.01.01";
  booked.commission.amount = Money::whole(1);
  desk.tell(1, booked);
  const auto sell = intent(2, 0, Side::Sell, 10, price(100));
  desk.tell(2, fill(sell, "0001.02.01.01", 10, price(100), Price{}));
  EXPECT_EQ(desk.model.fills()[0].commission, Money::whole(1));
  auto corrected = fill(sell, "0001.02.01.02", 10, price(101), Price{});
  corrected.correction = true;
  desk.tell(3, corrected);
  ASSERT_EQ(desk.model.fills().size(), 1u);
  EXPECT_EQ(desk.model.fills()[0].price, price(101));
}

TEST(ReadModel, a_denial_carries_its_number_and_repeats_are_one_row) {
  Desk desk;
  desk.open();
  OrderDenied denied;
  denied.intent = intent(3, 1, Side::Buy, 501, price(29));
  denied.reason = Denial::TooLarge;
  denied.measured = 501;
  denied.limit = 500;
  desk.tell(1, denied);
  desk.tell(2, denied);
  ASSERT_EQ(desk.model.denials().size(), 1u);
  const auto row = desk.model.denials()[0];
  EXPECT_EQ(row.code, "too_large");
  EXPECT_EQ(row.reason, "BAC BUY 501 denied: the quantity 501 is above the limit of 500.");
  EXPECT_EQ(row.repeats, 1u);
  EXPECT_EQ(desk.model.limit("order_quantity_max")->denials, 2u);
  denied.reason = Denial::KillSwitch;
  desk.tell(3, denied);
  EXPECT_EQ(desk.model.denials().size(), 2u);
}

TEST(ReadModel, what_is_not_known_of_the_risk_is_null_and_never_zero) {
  Desk desk;
  desk.open();
  const double unknown = std::nan("");
  desk.tell(1, ExposureMarked{.kind = ExposureKind::Sector, .name = "Financial", .gross = Money::whole(80), .net = Money::whole(40), .share = 0.08, .beta_exposure = unknown});
  desk.tell(1, ExposureMarked{.kind = ExposureKind::Instrument, .instrument = InstrumentId{0}, .gross = Money::whole(60), .net = Money::whole(60), .share = unknown, .beta_exposure = 75});
  desk.tell(1, RiskMarked{.positions = 2, .volatility = 0.011, .value_at_risk_95 = unknown, .value_at_risk_99 = 0.03, .expected_shortfall_975 = unknown});
  auto rows = desk.model.exposures();
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].name, "JPM");
  EXPECT_EQ(rows[0].percent, std::nullopt);
  EXPECT_NEAR(rows[0].beta.value(), 1.25, 1e-12);
  EXPECT_EQ(rows[1].name, "Financial");
  EXPECT_NEAR(rows[1].percent.value(), 8, 1e-12);
  EXPECT_EQ(rows[1].beta_exposure, std::nullopt);
  EXPECT_NEAR(desk.model.risk().volatility_percent.value(), 1.1, 1e-12);
  EXPECT_EQ(desk.model.risk().value_at_risk_95_percent, std::nullopt);
  // Closed: the row goes, the account's stays.
  desk.tell(2, ExposureMarked{.kind = ExposureKind::Instrument, .instrument = InstrumentId{0}});
  rows = desk.model.exposures();
  ASSERT_EQ(rows.size(), 1u);
}

TEST(ReadModel, the_rotation_stands_in_order_of_rank) {
  Desk desk;
  desk.open();
  desk.tell(1, LeadershipMarked{.instrument = InstrumentId{0}, .rank = 0, .strength = std::nan(""), .momentum = std::nan("")});
  desk.tell(1, LeadershipMarked{.instrument = InstrumentId{1}, .rank = 1, .quadrant = Quadrant::Leading, .strength = 1.5, .momentum = 0.2});
  desk.tell(1, AppetiteMarked{.held = AppetiteKind::RiskOff, .pairs = 3, .pairs_known = 2, .leader = InstrumentId{1}, .score = -0.4, .turnover = std::nan("")});
  const auto rotation = desk.model.rotation();
  ASSERT_EQ(rotation.members.size(), 2u);
  EXPECT_EQ(rotation.members[0].symbol, "BAC");
  EXPECT_EQ(rotation.members[0].quadrant, view::Quadrant::Leading);
  EXPECT_EQ(rotation.members[1].rank, std::nullopt);
  EXPECT_EQ(rotation.appetite.leader, "BAC");
  EXPECT_EQ(rotation.appetite.turnover, std::nullopt);
  EXPECT_EQ(desk.model.log().back().text, "Risk appetite: risk off.");
}

TEST(ReadModel, columns_of_positions_add_up_to_the_account_strip) {
  Desk desk;
  desk.open();
  PositionChanged jpm;
  jpm.instrument = InstrumentId{0};
  jpm.quantity = shares(700);
  jpm.average_price = price(104, 80);
  jpm.realized = Money::from_raw(42'370'000);
  jpm.commissions = Money::whole(3);
  desk.tell(1, jpm);
  PositionChanged bac;
  bac.instrument = InstrumentId{1};
  bac.quantity = -shares(200);
  bac.average_price = price(29);
  desk.tell(1, bac);
  EquityMarked marked;
  marked.cash = Money::whole(900'000);
  marked.unrealized = Money::whole(5);
  marked.equity = Money::whole(1'000'000);
  marked.day_pnl = Money::from_raw(44'370'000);
  marked.realized = jpm.realized;
  desk.tell(1, marked);
  desk.market(2, quote(0, price(105, 25), price(105, 27)));
  desk.market(2, quote(1, price(29, 7), price(29, 9)));
  desk.tick();
  Money unrealized, day;
  for (const auto& position : desk.model.positions()) {
    unrealized += position.unrealized_pnl;
    day += position.day_pnl;
  }
  EXPECT_EQ(to_text(unrealized), "306") << "700 x 0.46 gained, 200 x 0.08 lost";
  const auto& account = desk.model.account();
  EXPECT_EQ(account.unrealized_pnl, unrealized);
  EXPECT_EQ(account.net_liquidation, marked.equity - marked.unrealized + unrealized);
  EXPECT_EQ(account.day_pnl, marked.day_pnl - marked.unrealized + unrealized);
  EXPECT_EQ(to_text(account.gross_exposure), "79498");
  EXPECT_EQ(to_text(account.net_exposure), "67866");
}

TEST(ReadModel, old_data_is_stale_after_three_seconds_and_not_before) {
  Desk desk;
  desk.open();
  desk.market(1, quote(0, price(100), price(100, 1)));
  desk.tick(2.9);
  EXPECT_EQ(desk.model.market(0)->quote().state, view::QuoteState::Live);
  EXPECT_EQ(desk.model.status().streams_live, 1u);
  EXPECT_NEAR(desk.model.status().data_age_ms.value(), 2900, 1);
  desk.tick(0.3);
  EXPECT_EQ(desk.model.market(0)->quote().state, view::QuoteState::Stale);
  EXPECT_EQ(desk.model.status().streams_live, 0u);
  desk.market(5, quote(0, price(100), price(99)));
  EXPECT_EQ(desk.model.market(0)->quote().state, view::QuoteState::Crossed);
}

TEST(ReadModel, candles_are_of_trades_as_soon_as_there_are_trades) {
  Desk desk;
  desk.open();
  desk.market(0, quote(0, price(100), price(102)));
  EXPECT_EQ(desk.model.chart(0, *bar_length("1m"), 10).source, "midpoint");
  desk.market(1, trade(0, price(101), 100));
  desk.market(30, trade(0, price(103), 50));
  desk.market(61, trade(0, price(99), 10));
  auto reported = trade(0, price(500), 10);
  reported.conditions = trade_condition::not_last | trade_condition::not_volume;
  desk.market(62, reported);
  const auto chart = desk.model.chart(0, *bar_length("1m"), 10);
  EXPECT_EQ(chart.source, "trades");
  ASSERT_EQ(chart.candles.size(), 2u);
  EXPECT_EQ(chart.candles[0].open, price(101));
  EXPECT_EQ(chart.candles[0].high, price(103));
  EXPECT_EQ(chart.candles[0].volume, shares(150));
  EXPECT_EQ(chart.candles[1].close, price(99));
  EXPECT_EQ(desk.model.chart(0, *bar_length("5s"), 1).candles.size(), 1u) << "the newest one";
  EXPECT_EQ(desk.model.market(0)->quote().volume, shares(160));
  EXPECT_EQ(desk.model.tape(0, 10).prints.front().price, price(500)) << "the tape shows every print, newest first";
}

Bar minute_bar(std::uint32_t id, double s, Price close, std::int64_t volume) {
  Bar bar;
  bar.instrument = InstrumentId{id};
  bar.start = at(s);
  bar.period = minutes(1);
  bar.open = bar.low = close - price(1);
  bar.high = bar.close = close;
  bar.vwap = close;
  bar.volume = shares(volume);
  return bar;
}

TEST(ReadModel, history_stays_on_the_chart_when_the_market_begins_to_speak) {
  Desk desk;
  desk.open();
  for (int minute = 0; minute < 12; ++minute) desk.event(minute * 60 + 60, minute_bar(0, minute * 60, price(100 + minute), 50));
  desk.market(720, quote(0, price(109), price(111)));  // one candle of the midpoint
  desk.market(721, trade(0, price(112), 10));
  const auto minutes_shown = desk.model.chart(0, *bar_length("1m"), 100);
  ASSERT_EQ(minutes_shown.candles.size(), 13u);
  EXPECT_EQ(minutes_shown.candles.front().close, price(100));
  EXPECT_EQ(minutes_shown.candles.back().open, price(112)) << "the midpoint's candle is gone, the trade's is there";
  const auto fives = desk.model.chart(0, *bar_length("5m"), 100);
  ASSERT_EQ(fives.candles.size(), 3u) << "made of the minutes";
  EXPECT_EQ(fives.candles[0].open, price(99));
  EXPECT_EQ(fives.candles[0].close, price(104));
  EXPECT_EQ(fives.candles[0].volume, shares(250));
  EXPECT_EQ(fives.candles[2].volume, shares(110)) << "two minutes of history and the trade since";
  EXPECT_EQ(fives.candles[2].close, price(112));
}

TEST(ReadModel, a_minute_told_twice_counts_once_and_the_days_figures_start_before_the_engine) {
  Desk desk;
  desk.open();
  const auto bar = minute_bar(0, 0, price(100), 50);
  desk.event(60, bar);
  desk.event(60, bar);
  desk.market(61, trade(0, price(130), 50));
  const auto quotes = desk.model.quotes();
  ASSERT_FALSE(quotes.empty());
  EXPECT_EQ(quotes[0].volume, shares(100));
  EXPECT_EQ(quotes[0].vwap, price(115));
  EXPECT_EQ(quotes[0].open, price(99));
  EXPECT_EQ(quotes[0].high, price(130));
  EXPECT_EQ(desk.model.chart(0, *bar_length("1h"), 10).candles.at(0).volume, shares(100));
}

TEST(ReadModel, relative_volume_compares_today_with_earlier_days_at_the_same_time) {
  Desk desk;
  desk.open();
  constexpr double day = 86'400;
  desk.event(60, minute_bar(0, 0, price(100), 100));
  desk.event(120, minute_bar(0, 60, price(100), 1000));  // later than "now" on its day
  desk.market(day + 1, quote(0, price(99), price(101)));
  desk.tick();
  EXPECT_EQ(desk.model.quotes()[0].relative_volume, 0.0);
  desk.market(day + 10, trade(0, price(100), 150));
  desk.market(day + 70, trade(0, price(100), 1));
  desk.tick();
  EXPECT_NEAR(desk.model.quotes()[0].relative_volume.value_or(0), 151.0 / 1100, 1e-9) << "the second minute has begun on both days";
  Desk young;
  young.open();
  young.market(10, trade(0, price(100), 150));
  young.tick();
  EXPECT_FALSE(young.model.quotes()[0].relative_volume) << "nothing to compare with";
}

TEST(ReadModel, a_resting_order_moves_up_its_queue_as_its_price_trades) {
  Desk desk;
  desk.open();
  desk.market(1, quote(0, price(100), price(101)));  // 300 bid
  const auto buy = intent(1, 0, Side::Buy, 50, price(100));
  desk.tell(2, order(buy, OrderState::Submitted));
  const auto place = [&] {
    desk.market(3, quote(0, price(100), price(101)));
    desk.tick();
    return desk.model.orders().at(0).queue_percent;
  };
  ASSERT_EQ(place(), 100.0);
  desk.market(3, trade(0, price(100), 150));
  EXPECT_EQ(place(), 50.0);
  EXPECT_EQ(desk.model.depth(0).bids.at(0).queue_percent, 50.0);
  desk.market(4, trade(0, price(101), 900));
  EXPECT_EQ(place(), 50.0) << "what trades elsewhere moves nobody";
  desk.market(5, trade(0, price(99), 1));
  EXPECT_EQ(place(), 0.0) << "traded through: nobody is before us";
  desk.tell(6, order(buy, OrderState::Filled, 50));
  desk.market(7, quote(0, price(100), price(101)));
  desk.tick();
  EXPECT_FALSE(desk.model.depth(0).bids.at(0).queue_percent);
}

TEST(ReadModel, a_price_that_is_not_shown_has_no_known_queue) {
  Desk desk;
  desk.open();
  desk.market(1, quote(0, price(100), price(101)));
  desk.tell(2, order(intent(1, 0, Side::Buy, 50, price(98)), OrderState::Submitted));
  desk.tick();
  EXPECT_FALSE(desk.model.orders().at(0).queue_percent);
}

TEST(ReadModel, every_limit_the_desk_can_measure_is_measured) {
  auto words = catalogue();
  words.limits.clear();
  for (const auto* name : {"order_quantity_max", "order_notional_max", "position_quantity_max", "position_notional_max", "price_collar_bp", "open_orders_per_contract_max", "open_orders_max", "cash_min"})
    words.limits.push_back(limit_row(name, 1000));
  ReadModel model(words);
  Desk clock;
  model.apply(Word{at(0), instrument(0, "XXX")});
  model.set_time(1000);
  model.apply(Event{.at = at(1), .received_at = at(1), .payload = quote(0, price(100), price(102))});
  model.apply(Word{at(2), FactPayload{order(intent(1, 0, Side::Buy, 40, price(102)), OrderState::Submitted)}});
  model.apply(Word{at(2), FactPayload{order(intent(2, 0, Side::Sell, 10, price(104)), OrderState::Submitted)}});
  model.apply(Word{at(3), FactPayload{PositionChanged{.instrument = InstrumentId{0}, .quantity = -shares(7), .average_price = price(100)}}});
  model.tick(1001, Figures{}, 0);
  const auto used = [&](const char* name) { return model.limit(name)->used; };
  EXPECT_EQ(used("order_quantity_max"), 40.0);
  EXPECT_EQ(used("order_notional_max"), 4080.0);
  EXPECT_EQ(model.limit("order_notional_max")->state, view::LimitState::Hit);
  EXPECT_EQ(used("position_quantity_max"), 7.0);
  EXPECT_EQ(used("position_notional_max"), 707.0);
  EXPECT_NEAR(used("price_collar_bp").value_or(0), (102.0 - 101.0) / 101 * 1e4, 1e-9);
  EXPECT_EQ(used("open_orders_per_contract_max"), 2.0);
  EXPECT_EQ(used("open_orders_max"), 2.0);
  EXPECT_FALSE(used("cash_min")) << "the account has not been told yet";
  model.apply(Word{at(4), FactPayload{EquityMarked{.equity = Money::from_raw(5'000'000'000), .cash = Money::from_raw(900'000'000)}}});
  model.tick(1002, Figures{}, 0);
  EXPECT_EQ(used("cash_min"), 900.0);
  EXPECT_EQ(model.limit("cash_min")->state, view::LimitState::Hit) << "a floor: less than the least";
}

TEST(ReadModel, an_order_and_its_reasons_carry_the_time_it_took) {
  Desk desk;
  desk.open();
  const auto buy = intent(1, 0, Side::Buy, 50, price(100));
  desk.tell(2, order(buy, OrderState::PendingSubmit));
  desk.event(2, OrderTimed{.key = buy.key, .ns = 6800});
  EXPECT_EQ(desk.model.orders().at(0).tick_to_order_us, 6.8);
  EXPECT_EQ(desk.model.why(desk.model.orders().at(0).key)->tick_to_order_us, 6.8);
}

TEST(ReadModel, a_book_by_rows_and_a_book_by_price_show_alike) {
  Desk desk;
  desk.open();
  const auto row = [](BookSide side, RowOperation operation, std::uint16_t position, Price p, std::int64_t size) {
    DepthRow r;
    r.instrument = InstrumentId{0};
    r.side = side;
    r.operation = operation;
    r.position = position;
    r.price = p;
    r.size = shares(size);
    return r;
  };
  desk.market(1, row(BookSide::Bid, RowOperation::Insert, 0, price(100), 5));
  desk.market(1, row(BookSide::Bid, RowOperation::Insert, 0, price(101), 7));
  desk.market(1, row(BookSide::Ask, RowOperation::Insert, 0, price(102), 9));
  desk.market(1, row(BookSide::Bid, RowOperation::Update, 1, price(100), 6));
  desk.market(1, row(BookSide::Bid, RowOperation::Delete, 9, price(1), 0));
  const auto level = [](BookSide side, Price p, std::int64_t size, bool last) {
    DepthLevel l;
    l.instrument = InstrumentId{1};
    l.side = side;
    l.price = p;
    l.size = shares(size);
    l.last_of_batch = last;
    return l;
  };
  desk.market(1, level(BookSide::Bid, price(100), 6, false));
  desk.market(1, level(BookSide::Bid, price(101), 7, false));
  desk.market(1, level(BookSide::Bid, price(99), 1, false));
  desk.market(1, level(BookSide::Ask, price(102), 9, false));
  EXPECT_FALSE(desk.model.market(1)->book_consistent());
  desk.market(1, level(BookSide::Bid, price(99), 0, true));
  EXPECT_TRUE(desk.model.market(1)->book_consistent());
  for (const auto id : {0u, 1u}) {
    const auto depth = desk.model.depth(id);
    ASSERT_EQ(depth.bids.size(), 2u) << id;
    ASSERT_EQ(depth.asks.size(), 1u) << id;
    EXPECT_EQ(depth.bids[0].price, price(101));
    EXPECT_EQ(depth.bids[1].size, shares(6));
    EXPECT_EQ(depth.asks[0].size, shares(9));
  }
  desk.tell(2, order(intent(9, 0, Side::Buy, 300, price(101)), OrderState::Submitted, 100));
  EXPECT_EQ(desk.model.depth(0).bids[0].own, shares(200));
}

TEST(ReadModel, a_kill_counts_how_far_it_got) {
  Desk desk;
  desk.open();
  const auto a = intent(1, 0, Side::Buy, 100, price(105)), b = intent(2, 0, Side::Sell, 50, price(106));
  desk.tell(1, order(a, OrderState::Submitted));
  desk.tell(1, order(b, OrderState::Submitted));
  PositionChanged position;
  position.instrument = InstrumentId{0};
  position.quantity = shares(10);
  position.average_price = price(104);
  desk.tell(1, position);
  KillChanged kill;
  kill.killed = true;
  kill.who = "desk";
  kill.reason = "spread looks wrong";
  desk.tell(2, kill);
  EXPECT_EQ(desk.model.status().kill.state, view::KillState::Fired);
  EXPECT_FALSE(desk.model.status().entries_allowed);
  EXPECT_EQ(desk.model.status().kill.orders_total, 2u);
  desk.tell(3, order(a, OrderState::Cancelled));
  EXPECT_EQ(desk.model.status().kill.orders_cancelled, 1u);
  position.quantity = {};
  desk.tell(4, position);
  EXPECT_EQ(desk.model.status().kill.positions_closed, 1u);
  kill.killed = false;
  desk.tell(5, kill);
  EXPECT_EQ(desk.model.status().kill.state, view::KillState::Ready);
  EXPECT_TRUE(desk.model.status().entries_allowed);
}

TEST(ReadModel, why_keeps_what_the_strategies_said_when_the_order_was_made) {
  Desk desk;
  desk.open();
  StrategyMarked weight;
  weight.weight = 0.28;
  desk.tell(0, weight);
  SignalRaised said;
  said.instrument = InstrumentId{0};
  said.score = 0.6;
  said.confidence = 0.5;
  said.why = "breakout of 105.10 on 2.1x volume";
  desk.tell(1, said);
  desk.tell(2, order(intent(1, 0, Side::Buy, 100, price(105)), OrderState::PendingSubmit));
  said.score = -1;
  said.why = "later";
  desk.tell(3, said);
  const auto* why = desk.model.why(key7);
  ASSERT_NE(why, nullptr);
  ASSERT_EQ(why->views.size(), 1u);
  EXPECT_EQ(why->views[0].strategy, "momentum");
  EXPECT_EQ(why->views[0].score, 0.6);
  EXPECT_DOUBLE_EQ(why->views[0].weight_percent, 28);
  EXPECT_EQ(why->views[0].reason, "breakout of 105.10 on 2.1x volume");
  EXPECT_EQ(why->cap, "Kelly cap");
  EXPECT_TRUE(desk.model.signals()[0].traded);
  EXPECT_FALSE(desk.model.signals()[1].traded);
}

TEST(ReadModel, limits_turn_near_at_their_warning_mark_and_hit_at_the_limit) {
  Desk desk;
  desk.open();
  LimitUsed used;
  used.name = "daily_loss_max";
  used.limit = 1000;
  used.used = 799;
  desk.tell(1, used);
  EXPECT_EQ(desk.model.limit("daily_loss_max")->state, view::LimitState::Ok);
  used.used = 800;
  desk.tell(2, used);
  EXPECT_EQ(desk.model.limit("daily_loss_max")->state, view::LimitState::Near);
  used.used = 1000;
  desk.tell(3, used);
  EXPECT_EQ(desk.model.limit("daily_loss_max")->state, view::LimitState::Hit);
}

TEST(ReadModel, the_equity_curve_stays_bounded_and_keeps_its_first_and_last_point) {
  Desk desk;
  desk.open();
  for (int s = 0; s < 20'000; ++s) {
    EquityMarked marked;
    marked.equity = Money::whole(1'000'000 + s);
    desk.tell(s, marked);
  }
  const auto points = desk.model.equity();
  EXPECT_LE(points.size(), ReadModel::equity_kept);
  EXPECT_GT(points.size(), ReadModel::equity_kept / 4);
  EXPECT_EQ(points.front().at, at(0));
  EXPECT_GE(points.back().at, at(19'980));
}

TEST(ReadModel, finished_orders_are_bounded_and_working_ones_stay) {
  Desk desk;
  desk.open();
  desk.tell(0, order(intent(1, 0, Side::Buy, 1, price(1)), OrderState::Submitted));
  const auto before = desk.model.seq();
  for (std::uint64_t n = 2; n < ReadModel::orders_kept + 102; ++n) desk.tell(1, order(intent(n, 0, Side::Buy, 1, price(1)), OrderState::Cancelled));
  EXPECT_EQ(desk.model.orders().size(), ReadModel::orders_kept + 1);
  EXPECT_NE(desk.model.order(key7), nullptr);
  EXPECT_TRUE(desk.model.knows(before));
  EXPECT_EQ(desk.model.orders_removed_since(before).size(), 100u);
}

TEST(ReadModel, a_full_list_lets_its_oldest_row_go_and_remembers_its_name) {
  detail::Table<int, std::string> table(2);
  const auto long_name = [](int n) { return "a key too long to live inside the string object, number " + std::to_string(n); };
  for (int n = 1; n <= 4; ++n) table.touch(long_name(n), static_cast<std::uint64_t>(n)) = n;
  EXPECT_EQ(table.rows(), (std::vector<int>{3, 4}));
  EXPECT_EQ(table.removed_since(0), (std::vector<std::string>{long_name(1), long_name(2)}));
  EXPECT_EQ(table.find(long_name(1)), nullptr);
}

TEST(Feed, order_facts_are_never_dropped_and_market_events_are_counted) {
  Feed feed(64);
  Event e;
  e.payload = quote(0, price(1), price(2));
  for (int i = 0; i < 100; ++i) feed.on_event(e);
  EXPECT_EQ(feed.dropped(), 36u);
  for (std::size_t i = 0; i < Feed::words_backlog_max + 5000; ++i) feed.on_fact(Fact{at(0), order(intent(i + 1, 0, Side::Buy, 1, price(1)), OrderState::PendingSubmit)});
  feed.on_fact(Fact{at(0), SignalRaised{}});
  EXPECT_EQ(feed.dropped(), 37u) << "signals may be dropped when the desk is far behind";
  std::uint64_t expected = 1, quotes = 0;
  while (feed.backlog() > 0) {
    feed.drain(1000, [&](const Word& word) { EXPECT_EQ(std::get<OrderChanged>(std::get<FactPayload>(word.payload)).intent.key.number, expected++); },
               [&](const Event&) { ++quotes; });
  }
  EXPECT_EQ(expected, Feed::words_backlog_max + 5001);
  EXPECT_EQ(quotes, 64u);
}

TEST(Feed, carries_long_payloads_by_value) {
  Feed feed;
  {
    const auto jpm = std::make_unique<Instrument>(instrument(0, "JPM"));
    Event e;
    e.payload = Boxed<Instrument>{jpm.get()};
    feed.on_event(e);
  }
  feed.drain(10, [](const Word& word) { EXPECT_EQ(std::get<Instrument>(word.payload).symbol.view(), "JPM"); }, [](const Event&) { FAIL(); });
}

}  // namespace robo::serve::test
