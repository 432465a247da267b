#include "edge/sim/server/server.hpp"

#include <filesystem>

#include "day.hpp"

namespace robo::sim {
namespace {

using namespace scene;

TEST(GatewayServer, greets_with_accounts_next_id_and_farms) {
  Running tws;
  WireClient client(tws.server.port());
  EXPECT_EQ(client.version(), 200);
  EXPECT_TRUE(client.until_code(2158));
  EXPECT_EQ(client.heard[0].name, "managedAccounts");
  EXPECT_EQ(client.heard[1].name, "nextValidId");
  EXPECT_EQ(client.heard[1].about, 1);
}

TEST(GatewayServer, speaks_the_older_of_the_two_versions) {
  Running tws;
  WireClient old(tws.server.port(), 157, 1), older(tws.server.port(), 100, 2);
  EXPECT_EQ(old.version(), 157);
  EXPECT_EQ(older.version(), 100);
  EXPECT_TRUE(old.until_code(2158));
  EXPECT_TRUE(older.until_code(2158));
}

TEST(GatewayServer, refuses_a_second_client_of_the_same_id) {
  Running tws;
  WireClient first(tws.server.port(), 200, 7);
  ASSERT_TRUE(first.until_code(2158));
  WireClient second(tws.server.port(), 200, 7);
  EXPECT_TRUE(second.until_code(326));
  second.listen(200);
  EXPECT_TRUE(second.closed_by_server());
}

TEST(GatewayServer, tells_contracts_and_says_where_their_data_comes_from) {
  Running tws;
  WireClient client(tws.server.port());
  client.send(wire::ReqContractDetails{.reqId = 5, .contract = xxx()});
  ASSERT_TRUE(client.until_name("contractDetailsEnd"));
  EXPECT_EQ(client.last("contractDetails")->text, "XXX STK XXX common stock 0.01");
  auto abc = xxx();
  abc.symbol = "ABC";
  client.send(wire::ReqContractDetails{.reqId = 6, .contract = abc});
  ASSERT_TRUE(client.until_name("contractDetailsEnd"));
  EXPECT_EQ(client.last("contractDetails")->text, "ABC STK ABC common stock (reconstructed from 1-minute bars) 0.01");
  abc.symbol = "NONE";
  client.send(wire::ReqContractDetails{.reqId = 7, .contract = abc});
  EXPECT_TRUE(client.until_code(200));
  EXPECT_EQ(client.count("contractDetailsEnd"), 2u) << "an unknown contract has no end marker";
}

TEST(GatewayServer, streams_the_top_of_book_after_its_kind_and_parameters) {
  Running tws;
  WireClient client(tws.server.port());
  client.until_code(2158);
  client.heard.clear();
  client.send(wire::ReqMktData{.reqId = 11, .contract = xxx()});
  ASSERT_TRUE(client.until([](const Heard& h) { return h.name == "tickPrice" && h.text.starts_with("4 "); }));
  EXPECT_EQ(client.heard[0].name, "marketDataType");
  EXPECT_EQ(client.heard[0].text, "1");
  EXPECT_EQ(client.heard[1].name, "tickReqParams");
  EXPECT_EQ(client.heard[2].name, "tickPrice");
  client.send(wire::ReqMktData{.reqId = 11, .contract = xxx()});
  EXPECT_TRUE(client.until_code(322)) << "the id is taken";
  client.send(wire::CancelMktData{.reqId = 11});
  client.send(wire::CancelMktData{.reqId = 11});
  EXPECT_TRUE(client.until_code(300));
}

TEST(GatewayServer, streams_tick_by_tick_of_all_four_kinds_and_no_more_than_the_limit) {
  ServerSettings settings;
  settings.speed = 10;
  Running tws(settings);
  WireClient client(tws.server.port());
  std::int32_t request = 20;
  for (const auto* kind : {"Last", "AllLast", "BidAsk", "MidPoint"}) client.send(wire::ReqTickByTickData{.reqId = request++, .contract = xxx(), .tickType = kind, .numberOfTicks = 0, .ignoreSize = false});
  EXPECT_TRUE(client.until_name("tickByTick_Last/AllLast"));
  EXPECT_TRUE(client.until_name("tickByTick_BidAsk"));
  EXPECT_TRUE(client.until_name("tickByTick_MidPoint"));
  for (int i = 0; i < 2; ++i) client.send(wire::ReqTickByTickData{.reqId = request++, .contract = btc(), .tickType = "BidAsk", .numberOfTicks = 0, .ignoreSize = false});
  EXPECT_TRUE(client.until_code(10190));
  EXPECT_EQ(client.last("error")->about, 25);
}

TEST(GatewayServer, shows_depth_as_rows_that_always_add_up) {
  ServerSettings settings;
  settings.speed = 20;
  Running tws(settings);
  WireClient client(tws.server.port());
  client.send(wire::ReqMktDepth{.reqId = 30, .contract = btc(), .numRows = 3, .isSmartDepth = false, .mktDepthOptions = ""});
  client.listen(700);
  std::vector<std::pair<double, double>> rows[2];
  int rows_changed = 0;
  for (const auto& h : client.heard) {
    if (h.name != "updateMktDepth") continue;
    int operation = 0, side = 0, position = 0;
    double price = 0, size = 0;
    ASSERT_EQ(std::sscanf(h.text.c_str(), "%d %d %d %lf %lf", &operation, &side, &position, &price, &size), 5);
    auto& list = rows[side];
    const auto at = static_cast<std::size_t>(position);
    ++rows_changed;
    if (operation == 0) {
      ASSERT_LE(at, list.size());
      list.insert(list.begin() + position, {price, size});
    } else if (operation == 1) {
      ASSERT_LT(at, list.size());
      list[at] = {price, size};
    } else {
      ASSERT_LT(at, list.size());
      list.erase(list.begin() + position);
    }
    ASSERT_LE(list.size(), 3u);
  }
  for (int side = 0; side < 2; ++side)
    for (std::size_t i = 1; i < rows[side].size(); ++i)
      EXPECT_TRUE(side == 1 ? rows[side][i].first < rows[side][i - 1].first : rows[side][i].first > rows[side][i - 1].first);
  EXPECT_GT(rows_changed, 10);
  ASSERT_EQ(rows[1].size(), 3u);
  EXPECT_DOUBLE_EQ(rows[1][0].first, 60'000.0);
  EXPECT_DOUBLE_EQ(rows[0][0].first, 60'000.1);
  for (int i = 0; i < 3; ++i) client.send(wire::ReqMktDepth{.reqId = 31 + i, .contract = xxx(), .numRows = 3, .isSmartDepth = true, .mktDepthOptions = ""});
  EXPECT_TRUE(client.until_code(309));
}

TEST(GatewayServer, answers_with_bars_of_what_has_been_played) {
  Running tws;
  WireClient client(tws.server.port());
  client.send(wire::ReqHistoricalData{.reqId = 40, .contract = xxx(), .endDateTime = "", .barSize = "1 min", .duration = "1 D", .useRTH = false, .whatToShow = "TRADES", .formatDate = 1, .keepUpToDate = false, .chartOptions = ""});
  ASSERT_TRUE(client.until_name("historicalDataEnd"));
  const auto& text = client.last("historicalData")->text;
  EXPECT_TRUE(text.starts_with("2 20180102 09:30:00 US/Eastern ") || text.starts_with("3 20180102 09:30:00 US/Eastern ")) << text;
  EXPECT_NE(text.find(" 10.02 10.06 10.02 10.03 30000"), std::string::npos) << text;
  client.send(wire::ReqHistoricalData{.reqId = 41, .contract = xxx(), .endDateTime = "", .barSize = "7 mins", .duration = "1 D", .useRTH = false, .whatToShow = "TRADES", .formatDate = 1, .keepUpToDate = false, .chartOptions = ""});
  EXPECT_TRUE(client.until_code(321));
  client.send(wire::ReqHistoricalData{.reqId = 42, .contract = btc(), .endDateTime = "", .barSize = "1 min", .duration = "1 D", .useRTH = false, .whatToShow = "TRADES", .formatDate = 1, .keepUpToDate = false, .chartOptions = ""});
  EXPECT_TRUE(client.until_code(10299)) << "coins are asked for as AGGTRADES";
  for (int i = 0; i < 2; ++i)
    client.send(wire::ReqHistoricalData{.reqId = 43 + i, .contract = xxx(), .endDateTime = "", .barSize = "5 secs", .duration = "60 S", .useRTH = false, .whatToShow = "MIDPOINT", .formatDate = 2, .keepUpToDate = false, .chartOptions = ""});
  EXPECT_TRUE(client.until_code(162)) << "the identical request within 15 s";
  client.send(wire::ReqHeadTimeStamp{.reqId = 50, .contract = xxx(), .useRTH = false, .whatToShow = "TRADES", .formatDate = 1});
  EXPECT_TRUE(client.until_name("headTimestamp"));
}

TEST(GatewayServer, fills_a_market_order_and_tells_it_in_order) {
  Running tws;
  WireClient client(tws.server.port());
  ASSERT_TRUE(client.until_name("nextValidId"));
  const auto id = client.last("nextValidId")->about;
  client.send(order(id, "BUY", 100, "MKT"));
  ASSERT_TRUE(client.until_name("commissionReport"));
  std::vector<std::string> sequence;
  for (const auto& h : client.heard)
    if (h.about == id && (h.name == "openOrder" || h.name == "orderStatus" || h.name == "execDetails")) sequence.push_back(h.name + " " + h.text.substr(0, h.text.find(' ')));
  ASSERT_GE(sequence.size(), 5u);
  EXPECT_EQ(sequence[0], "openOrder PreSubmitted");
  EXPECT_EQ(sequence[1], "orderStatus PreSubmitted");
  EXPECT_EQ(sequence[2], "execDetails BOT");
  EXPECT_EQ(sequence[3], "openOrder Filled");
  EXPECT_EQ(sequence[4], "orderStatus Filled");
  EXPECT_TRUE(client.last("commissionReport")->text.find(" 1 USD") != std::string::npos || client.last("commissionReport")->text.find(" 1.0 USD") != std::string::npos) << client.last("commissionReport")->text;
  client.send(wire::ReqPositions{});
  ASSERT_TRUE(client.until_name("positionEnd"));
  EXPECT_TRUE(client.last("position")->text.starts_with("XXX 100 "));
  client.send(wire::ReqExecutions{.reqId = 77});
  ASSERT_TRUE(client.until_name("execDetailsEnd"));
  EXPECT_EQ(client.count("execDetails"), 2u);
  client.send(wire::ReqCompletedOrders{.apiOnly = false});
  ASSERT_TRUE(client.until_name("completedOrdersEnd"));
  EXPECT_EQ(client.count("completedOrder"), 1u);
}

TEST(GatewayServer, rests_modifies_and_cancels_a_limit_order) {
  Running tws;
  WireClient client(tws.server.port());
  client.send(order(1, "BUY", 100, "LMT", 9.50));
  ASSERT_TRUE(client.until([](const Heard& h) { return h.name == "orderStatus" && h.text.starts_with("Submitted"); }));
  client.send(order(1, "BUY", 150, "LMT", 9.40));
  ASSERT_TRUE(client.until([](const Heard& h) { return h.name == "openOrder" && h.text.starts_with("Submitted BUY 150"); }));
  client.send(order(1, "BUY", 150, "LMT", 9.405));
  EXPECT_TRUE(client.until_code(110)) << "and the order as it was stays live";
  client.send(wire::ReqAllOpenOrders{});
  ASSERT_TRUE(client.until_name("openOrderEnd"));
  EXPECT_TRUE(client.last("openOrder")->text.starts_with("Submitted BUY 150"));
  client.send(wire::CancelOrder{.orderId = 1});
  ASSERT_TRUE(client.until_code(202));
  EXPECT_TRUE(client.last("orderStatus")->text.starts_with("Cancelled 0/150"));
  client.send(wire::CancelOrder{.orderId = 1});
  EXPECT_TRUE(client.until_code(10148));
  client.send(wire::CancelOrder{.orderId = 99});
  EXPECT_TRUE(client.until_code(10147));
  client.send(order(1, "BUY", 100, "LMT", 9.50));
  EXPECT_TRUE(client.until_code(103)) << "an id is used once";
}

TEST(GatewayServer, refuses_orders_with_the_codes_of_a_real_tws) {
  Running tws;
  WireClient client(tws.server.port());
  auto unknown = order(1, "BUY", 100, "MKT");
  unknown.contract.symbol = "NONE";
  client.send(unknown);
  EXPECT_TRUE(client.until_code(200));
  client.send(order(2, "HOLD", 100, "MKT"));
  EXPECT_TRUE(client.until_code(321));
  client.send(order(3, "BUY", 100, "VOL"));
  EXPECT_TRUE(client.until_code(387));
  client.send(order(4, "BUY", 100, "LMT", 12.00));
  ASSERT_TRUE(client.until_code(201)) << "more than ten percent through the market";
  EXPECT_TRUE(client.until([](const Heard& h) { return h.name == "orderStatus" && h.text.starts_with("Inactive"); }));
  auto untransmitted = order(5, "BUY", 100, "LMT", 9.0);
  untransmitted.order.whatIf = true;
  untransmitted.order.transmit = false;
  client.send(untransmitted);
  EXPECT_TRUE(client.until_code(413));
  auto child = order(6, "SELL", 100, "STP", 0, 9.0);
  child.order.parentId = 55;
  client.send(child);
  EXPECT_TRUE(client.until_code(10006));
  client.send(wire::ReqAutoOpenOrders{.autoBind = true});
  EXPECT_TRUE(client.until_code(327));
}

TEST(GatewayServer, what_if_answers_with_margin_and_commission_and_changes_nothing) {
  Running tws;
  WireClient client(tws.server.port());
  auto question = order(1, "BUY", 1000, "LMT", 10.00);
  question.order.whatIf = true;
  client.send(question);
  ASSERT_TRUE(client.until_name("openOrder"));
  EXPECT_EQ(client.last("openOrder")->text, "PreSubmitted BUY 1000 LMT XXX 2500.00 5");
  client.listen(100);
  EXPECT_EQ(client.count("orderStatus"), 0u);
}

TEST(GatewayServer, a_bracket_is_silent_until_its_last_order_and_its_children_wait) {
  Running tws;
  WireClient client(tws.server.port());
  auto parent = order(1, "BUY", 100, "LMT", 9.80);
  parent.order.transmit = false;
  auto target = order(2, "SELL", 100, "LMT", 10.90);
  target.order.parentId = 1;
  target.order.transmit = false;
  auto stop = order(3, "SELL", 100, "STP", 0, 9.20);
  stop.order.parentId = 1;
  client.send(parent);
  client.send(target);
  client.listen(150);
  EXPECT_EQ(client.count("openOrder"), 0u);
  client.send(stop);
  ASSERT_TRUE(client.until([](const Heard& h) { return h.name == "orderStatus" && h.about == 3; }));
  EXPECT_TRUE(client.last("orderStatus")->text.ends_with("child"));
  client.send(wire::CancelOrder{.orderId = 1});
  ASSERT_TRUE(client.until([](const Heard& h) { return h.code == 202 && h.about == 3; }));
}

TEST(GatewayServer, every_client_sees_its_own_orders_and_all_when_it_asks) {
  Running tws;
  WireClient one(tws.server.port(), 200, 1), two(tws.server.port(), 193, 2);
  one.send(order(1, "BUY", 100, "LMT", 9.50));
  ASSERT_TRUE(one.until([](const Heard& h) { return h.name == "orderStatus" && h.text.starts_with("Submitted"); }));
  two.send(wire::ReqOpenOrders{});
  ASSERT_TRUE(two.until_name("openOrderEnd"));
  EXPECT_EQ(two.count("openOrder"), 0u);
  two.send(wire::ReqAllOpenOrders{});
  ASSERT_TRUE(two.until_name("openOrderEnd"));
  EXPECT_EQ(two.count("openOrder"), 1u);
  two.send(wire::CancelOrder{.orderId = 1});
  EXPECT_TRUE(two.until_code(10147)) << "only the client that placed it may cancel it";
  two.send(wire::ReqGlobalCancel{});
  EXPECT_TRUE(one.until_code(202)) << "but a global cancel reaches everything";
}

TEST(GatewayServer, order_ids_survive_a_restart_per_client) {
  const auto dir = std::filesystem::temp_directory_path() / ("robo_sim_ids_" + std::to_string(::getpid()));
  std::filesystem::remove_all(dir);
  ServerSettings settings;
  settings.state_dir = dir;
  {
    Running tws(settings);
    WireClient client(tws.server.port(), 200, 3);
    client.send(order(41, "BUY", 100, "MKT"));
    EXPECT_TRUE(client.until_name("commissionReport"));
  }
  Running tws(settings);
  WireClient again(tws.server.port(), 200, 3), other(tws.server.port(), 200, 4);
  ASSERT_TRUE(again.until_name("nextValidId"));
  EXPECT_EQ(again.last("nextValidId")->about, 42);
  ASSERT_TRUE(other.until_name("nextValidId"));
  EXPECT_EQ(other.last("nextValidId")->about, 1);
  again.send(order(41, "BUY", 100, "MKT"));
  EXPECT_TRUE(again.until_code(103));
  std::filesystem::remove_all(dir);
}

TEST(GatewayServer, tells_the_account_and_ends_every_answer) {
  Running tws;
  WireClient client(tws.server.port());
  client.send(wire::ReqAccountSummary{.reqId = 60, .group = "All", .tags = "NetLiquidation,BuyingPower,DayTradesRemaining"});
  ASSERT_TRUE(client.until_name("accountSummaryEnd"));
  EXPECT_EQ(client.count("accountSummary"), 3u);
  EXPECT_EQ(client.last("accountSummary")->text, "DayTradesRemaining=-1");
  client.send(wire::ReqAccountUpdates{.subscribe = true, .acctCode = "DU1234567"});
  EXPECT_TRUE(client.until_name("accountDownloadEnd"));
  client.send(wire::ReqAccountUpdatesMulti{.reqId = 61, .account = "DU1234567", .modelCode = "", .ledgerAndNLV = false});
  EXPECT_TRUE(client.until_name("accountUpdateMultiEnd"));
  client.send(wire::ReqPositionsMulti{.reqId = 62, .account = "", .modelCode = ""});
  EXPECT_TRUE(client.until_name("positionMultiEnd"));
  client.send(wire::ReqPnL{.reqId = 63, .account = "DU1234567", .modelCode = ""});
  EXPECT_TRUE(client.until_name("pnl"));
  client.send(wire::ReqSecDefOptParams{.reqId = 64, .underlyingSymbol = "XXX", .futFopExchange = "", .underlyingSecType = "STK", .underlyingConId = 1000});
  EXPECT_TRUE(client.until_name("securityDefinitionOptionParameterEnd"));
  client.send(wire::ReqMarketRule{.marketRuleId = 26});
  EXPECT_TRUE(client.until_name("marketRule"));
  client.send(wire::ReqMatchingSymbols{.reqId = 65, .pattern = "xx"});
  EXPECT_TRUE(client.until_name("symbolSamples"));
  for (std::int32_t i = 0; i < 2; ++i) client.send(wire::ReqAccountSummary{.reqId = 70 + i, .group = "All", .tags = "NetLiquidation"});
  EXPECT_TRUE(client.until_code(322));
}

TEST(GatewayServer, current_time_follows_the_simulated_clock) {
  ServerSettings settings;
  settings.speed = 10;
  Running tws(settings);
  WireClient client(tws.server.port());
  const auto ask = [&] {
    client.send(wire::ReqCurrentTime{});
    EXPECT_TRUE(client.until_name("currentTime"));
    return std::stoll(client.last("currentTime")->text);
  };
  const auto first = ask();
  EXPECT_GE(first, open.ns / 1'000'000'000 + 120);
  client.listen(500);
  const auto later = ask();
  EXPECT_GE(later - first, 4);
}

TEST(GatewayServer, loses_ib_and_gets_it_back_with_what_happened_meanwhile) {
  Running tws;
  WireClient client(tws.server.port());
  client.send(order(1, "BUY", 100, "LMT", 9.50));
  ASSERT_TRUE(client.until([](const Heard& h) { return h.name == "orderStatus" && h.text.starts_with("Submitted"); }));
  EXPECT_EQ(tws.server.inject("cut"), "cut: 1100");
  EXPECT_TRUE(client.until_code(1100));
  client.send(order(2, "BUY", 100, "MKT"));
  EXPECT_TRUE(client.until_code(201));
  EXPECT_EQ(tws.server.inject("restore kept"), "restored");
  EXPECT_TRUE(client.until_code(1102));
  tws.server.inject("cut");
  tws.server.inject("restore lost");
  EXPECT_TRUE(client.until_code(1101));
  tws.server.inject("farm down usfarm");
  EXPECT_TRUE(client.until_code(2103));
  tws.server.inject("farm up usfarm");
  EXPECT_TRUE(client.until_code(2104));
  EXPECT_NE(tws.server.inject("dance").find("is not a command"), std::string::npos);
}

TEST(GatewayServer, restarts_on_command_and_comes_back_on_the_same_port) {
  Running tws;
  const auto port = tws.server.port();
  WireClient client(port);
  client.send(order(1, "BUY", 100, "LMT", 9.50));
  ASSERT_TRUE(client.until([](const Heard& h) { return h.name == "orderStatus" && h.text.starts_with("Submitted"); }));
  tws.server.inject("restart 0.3");
  client.listen(200);
  EXPECT_TRUE(client.closed_by_server());
  EXPECT_FALSE(WireClient(port, 200, -1).connected());
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  WireClient again(port);
  ASSERT_TRUE(again.until([](const Heard& h) { return h.name == "openOrder" && h.about == 1; })) << "the order is still there";
}

TEST(GatewayServer, a_client_that_talks_too_fast_is_told_and_then_dropped) {
  Running tws;
  WireClient fast(tws.server.port(), 200, 1), calm(tws.server.port(), 200, 2);
  for (int i = 0; i < 60; ++i) fast.send(wire::ReqCurrentTime{});
  EXPECT_TRUE(fast.until_code(100));
  for (int strike = 0; strike < 2; ++strike) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1050));
    for (int i = 0; i < 60; ++i) fast.send(wire::ReqCurrentTime{});
  }
  fast.listen(500);
  EXPECT_TRUE(fast.closed_by_server());
  calm.send(wire::ReqCurrentTime{});
  EXPECT_TRUE(calm.until_name("currentTime"));
}

TEST(GatewayServer, hostile_bytes_close_that_client_only) {
  Running tws;
  WireClient good(tws.server.port(), 200, 1);
  ASSERT_TRUE(good.until_code(2158));
  const std::string_view attacks[] = {"GET / HTTP/1.1\r\n\r\n", std::string_view("API\0\xff\xff\xff\xff", 8), std::string_view("API\0\0\0\0\x09v100..200\0\xff\xff\xff", 22),
                                      std::string_view("API\0\0\0\0\x03v99", 11), std::string_view("API\0\0\0\0\x09v100..200\0\0\0\x05""71\0x\0", 25)};
  for (const auto attack : attacks) {
    WireClient bad(tws.server.port(), 200, -1);
    bad.send_bytes(attack);
    bad.listen(300);
  }
  good.send(wire::ReqCurrentTime{});
  EXPECT_TRUE(good.until_name("currentTime"));
  // The last of them is let go a moment after its socket closed.
  for (int tries = 0; tries < 500 && tws.server.status().clients > 1; ++tries) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_EQ(tws.server.status().clients, 1u);
}

TEST(GatewayServer, without_a_subscription_says_354_or_sends_delayed_ticks) {
  ServerSettings settings;
  settings.unentitled = {"XXX"};
  Running tws(settings);
  WireClient client(tws.server.port());
  client.send(wire::ReqMktData{.reqId = 1, .contract = xxx()});
  EXPECT_TRUE(client.until_code(354));
  client.send(wire::ReqMarketDataType{.marketDataType = 3});
  client.send(wire::ReqMktData{.reqId = 2, .contract = xxx()});
  EXPECT_TRUE(client.until_code(10167));
  EXPECT_TRUE(client.until([](const Heard& h) { return h.name == "tickPrice" && h.text.starts_with("66 "); }));
  EXPECT_EQ(client.last("marketDataType")->text, "3");
}

TEST(GatewayServer, a_port_that_is_taken_is_said_in_words) {
  Running tws;
  ServerSettings settings;
  settings.port = tws.server.port();
  GatewayServer second(std::make_unique<Day>(), settings, fees());
  const auto started = second.start();
  ASSERT_FALSE(started);
  EXPECT_NE(started.error().text.find("choose another port"), std::string::npos);
}

TEST(GatewayServer, knows_combinations_by_their_legs_quotes_them_and_refuses_wrong_ones_with_ibs_codes) {
  for (const int version : {200, 226}) {
    Running tws;
    WireClient client(tws.server.port(), version);
    ASSERT_TRUE(client.until_name("nextValidId"));
    wire::Contract bag;
    bag.symbol = "XXX", bag.secType = "BAG", bag.exchange = "SMART", bag.currency = "USD";
    auto spread = order(1, "BUY", 10, "LMT", 0.10);
    spread.contract = bag;
    client.send(spread);
    EXPECT_TRUE(client.until_code(314)) << "no legs";
    const auto leg = [](std::int32_t con_id, std::int32_t ratio, std::string_view action) { return wire::ComboLeg{.conId = con_id, .ratio = ratio, .action = action, .exchange = "SMART", .exemptCode = -1}; };
    spread.contract.comboLegs = {leg(1000, 1, "BUY")};
    client.send(spread);
    EXPECT_TRUE(client.until_code(312)) << "one leg";
    spread.contract.comboLegs = {leg(1000, 1, "BUY"), leg(77, 1, "SELL")};
    client.send(spread);
    EXPECT_TRUE(client.until_code(313)) << "nobody knows 77";
    EXPECT_NE(client.last("error")->text.find("'2'"), std::string::npos);
    spread.contract.comboLegs = {leg(1000, 1, "BUY"), leg(1001, 1, "SELL")};
    auto stop = spread;
    spread.orderId = 2;
    stop.order.orderType = "STP", stop.order.auxPrice = wire::Number::of(1);
    client.send(stop);
    EXPECT_TRUE(client.until_code(387));
    client.send(wire::ReqContractDetails{.reqId = 5, .contract = spread.contract});
    EXPECT_TRUE(client.until_code(321));
    client.send(wire::ReqMktData{.reqId = 6, .contract = spread.contract});
    EXPECT_TRUE(client.until([](const Heard& h) { return h.name == "tickPrice" && h.about == 6; }));
    client.heard.clear();
    client.send(spread);  // pays at most 0.10 more for the one than the other brings
    ASSERT_TRUE(client.until([](const Heard& h) { return h.name == "orderStatus" && h.text.starts_with("Filled 10/0"); }));
    ASSERT_TRUE(client.until_name("commissionReport"));
    ASSERT_TRUE(client.until_name("commissionReport"));
    ASSERT_EQ(client.count("execDetails"), 3u) << "the whole and each leg";
    EXPECT_EQ(client.count("commissionReport"), 2u) << "the legs pay";
    client.send(wire::ReqPositions{});
    ASSERT_TRUE(client.until_name("positionEnd"));
    EXPECT_EQ(client.count("position"), 2u);
  }
}

TEST(GatewayServer, real_time_bars_count_among_the_sixty_questions_of_ten_minutes) {
  ServerSettings settings;
  settings.limits.history_small_bars = 3;
  Running tws(settings);
  WireClient client(tws.server.port());
  ASSERT_TRUE(client.until_name("nextValidId"));
  const auto ask = [&](std::int32_t id) { client.send(wire::ReqRealTimeBars{.reqId = id, .contract = xxx(), .barSize = 5, .whatToShow = "TRADES", .useRTH = false, .realTimeBarsOptions = ""}); };
  client.send(wire::ReqHistoricalData{.reqId = 1, .contract = xxx(), .endDateTime = "", .barSize = "5 secs", .duration = "60 S", .useRTH = false, .whatToShow = "TRADES", .formatDate = 1, .keepUpToDate = false, .chartOptions = ""});
  ASSERT_TRUE(client.until_name("historicalDataEnd"));
  ask(2), ask(3);
  client.listen(50);
  EXPECT_EQ(client.count("error"), 3u) << "the three farms";
  ask(4);
  EXPECT_TRUE(client.until_code(420));
  client.send(wire::CancelRealTimeBars{.reqId = 3});
  ask(5);
  EXPECT_TRUE(client.until([](const Heard& h) { return h.code == 420 && h.about == 5; })) << "a cancelled one was asked all the same";
}

}  // namespace
}  // namespace robo::sim
