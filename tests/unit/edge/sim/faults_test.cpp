// What a gateway does wrong on command, seen by a client on the socket.

#include <gtest/gtest.h>

#include "day.hpp"
#include "edge/sim/server/fault.hpp"

namespace robo::sim {
namespace {

using namespace scene;

struct Faults : ::testing::Test {
  Running tws;
  std::string strike(std::string_view line) { return tws.server.inject(line); }
  /// A market order that fills, from `client`.
  void buy(WireClient& client, std::int32_t id) { client.send(order(id, "BUY", 100, "MKT")); }
};

TEST(FaultWords, a_line_and_json_say_the_same) {
  const auto line = parse_injection("drop message=execDetails client=7 count=2 when=placeOrder nth=3");
  const auto json = parse_injection_json(R"({"fault":"drop","message":"execDetails","client":7,"count":2,"when":{"message":"placeOrder","nth":3}})");
  ASSERT_TRUE(line) << line.error().text;
  ASSERT_TRUE(json) << json.error().text;
  EXPECT_EQ(to_line(*line), to_line(*json));
  EXPECT_EQ(to_line(*line), "drop message=execDetails client=7 count=2 when.message=placeOrder when.nth=3");
  EXPECT_EQ(std::get<fault::Drop>(line->fault).client, 7);
}

TEST(FaultWords, what_is_wrong_is_named) {
  EXPECT_NE(parse_injection("dorp message=execDetails").error().text.find("there are: disconnect"), std::string::npos);
  EXPECT_NE(parse_injection("drop mesage=x").error().text.find("'mesage' is not a member; there are: message client"), std::string::npos);
  EXPECT_NE(parse_injection("restart seconds=soon").error().text.find("seconds"), std::string::npos);
  EXPECT_NE(parse_injection("farm state=sideways").error().text.find("up, down, dormant, connecting"), std::string::npos);
  EXPECT_NE(parse_injection("say text=\"half").error().text.find("not closed"), std::string::npos);
  EXPECT_FALSE(parse_injection_json("[1]"));
  EXPECT_FALSE(parse_injection_json(R"({"fault":"drop","when":{"nth":0}})"));
}

TEST(FaultWords, a_seed_makes_the_same_faults_and_another_makes_others) {
  std::string first, again, other;
  for (const auto& f : faults_by_seed(7, 50, 60)) first += to_line(f) + "\n";
  for (const auto& f : faults_by_seed(7, 50, 60)) again += to_line(f) + "\n";
  for (const auto& f : faults_by_seed(8, 50, 60)) other += to_line(f) + "\n";
  EXPECT_EQ(first, again);
  EXPECT_NE(first, other);
  for (const auto& f : faults_by_seed(9, 300, 60)) EXPECT_TRUE(parse_injection(to_line(f))) << to_line(f);
}

TEST_F(Faults, an_execution_that_is_dropped_is_there_for_who_asks) {
  WireClient client(tws.server.port());
  ASSERT_TRUE(client.until_code(2158));
  EXPECT_EQ(strike("drop message=execDetails count=0"), "drop");
  buy(client, 1);
  ASSERT_TRUE(client.until_name("commissionReport"));
  EXPECT_EQ(client.count("execDetails"), 0u);
  (void)strike("clear");
  client.send(wire::ReqExecutions{.reqId = 9});
  ASSERT_TRUE(client.until_name("execDetailsEnd"));
  EXPECT_GE(client.count("execDetails"), 1u);
}

TEST_F(Faults, a_commission_comes_before_its_execution_when_that_is_held_until_then) {
  WireClient client(tws.server.port());
  ASSERT_TRUE(client.until_code(2158));
  (void)strike("hold message=execDetails until=commissionReport");
  buy(client, 1);
  ASSERT_TRUE(client.until_name("execDetails"));
  EXPECT_GE(client.count("commissionReport"), 1u) << "the commission was said first";
}

TEST_F(Faults, a_commission_that_is_delayed_comes_late_and_once) {
  WireClient client(tws.server.port());
  ASSERT_TRUE(client.until_code(2158));
  (void)strike("delay message=commissionReport seconds=0.3 count=0");
  buy(client, 1);
  ASSERT_TRUE(client.until([](const Heard& h) { return h.name == "orderStatus" && h.text.starts_with("Filled"); }));
  EXPECT_EQ(client.count("commissionReport"), 0u);
  ASSERT_TRUE(client.until_name("commissionReport"));
}

TEST_F(Faults, duplicates_come_as_often_as_was_said) {
  WireClient client(tws.server.port());
  ASSERT_TRUE(client.until_code(2158));
  (void)strike("duplicate message=nextValidId times=2");
  client.send(wire::ReqIds{.numIds = 1});
  client.send(wire::ReqCurrentTime{});
  ASSERT_TRUE(client.until_name("currentTime"));
  EXPECT_EQ(client.count("nextValidId"), 4u) << "one at the start, then one and two more";
}

TEST_F(Faults, a_held_end_marker_comes_when_it_is_released) {
  WireClient client(tws.server.port());
  ASSERT_TRUE(client.until_code(2158));
  (void)strike("hold message=openOrderEnd");
  client.send(wire::ReqOpenOrders{});
  client.send(wire::ReqCurrentTime{});
  ASSERT_TRUE(client.until_name("currentTime"));
  EXPECT_EQ(client.count("openOrderEnd"), 0u);
  EXPECT_EQ(strike("release"), "1 messages let go");
  EXPECT_TRUE(client.until_name("openOrderEnd"));
}

TEST_F(Faults, half_a_frame_and_then_nothing) {
  WireClient client(tws.server.port());
  ASSERT_TRUE(client.until_code(2158));
  (void)strike("half_frame message=currentTime");
  client.send(wire::ReqCurrentTime{});
  client.listen(2000);
  EXPECT_TRUE(client.closed_by_server());
  EXPECT_EQ(client.count("currentTime"), 0u);
  WireClient other(tws.server.port(), 200, 2);
  EXPECT_TRUE(other.until_code(2158)) << "only that connection is gone";
}

TEST_F(Faults, the_connection_ends_before_the_order_is_read_and_the_order_never_was) {
  WireClient client(tws.server.port()), other(tws.server.port(), 200, 2);
  ASSERT_TRUE(client.until_code(2158));
  ASSERT_TRUE(other.until_code(2158));
  (void)strike("disconnect client=1 when=placeOrder before=true");
  client.send(order(1, "BUY", 100, "LMT", 9.00));
  client.listen(2000);
  EXPECT_TRUE(client.closed_by_server());
  EXPECT_FALSE(other.closed_by_server());
  EXPECT_EQ(tws.server.dump().find("\"order\":1"), std::string::npos);
}

TEST_F(Faults, the_connection_ends_after_the_order_is_taken_and_its_answer_is_lost) {
  WireClient client(tws.server.port());
  ASSERT_TRUE(client.until_code(2158));
  (void)strike("disconnect client=1 when=openOrder before=true");
  client.send(order(1, "BUY", 100, "LMT", 9.00));
  client.listen(2000);
  EXPECT_TRUE(client.closed_by_server());
  EXPECT_EQ(client.count("openOrder"), 0u);
  EXPECT_NE(tws.server.dump().find(R"("order":1)"), std::string::npos);
  EXPECT_NE(tws.server.dump().find(R"("status":"Submitted")"), std::string::npos);
}

TEST_F(Faults, bytes_are_cut_where_it_was_said) {
  WireClient client(tws.server.port());
  ASSERT_TRUE(client.until_code(2158));
  (void)strike("cut_bytes client=1 bytes=3 sent=false");
  client.send(order(1, "BUY", 100, "LMT", 9.00));
  client.listen(2000);
  EXPECT_TRUE(client.closed_by_server());
  EXPECT_EQ(tws.server.dump().find("\"order\":1"), std::string::npos) << "three bytes are no order";
  WireClient next(tws.server.port(), 200, 3);
  ASSERT_TRUE(next.until_code(2158));
  (void)strike("cut_bytes client=3 bytes=0");
  next.listen(2000);
  EXPECT_TRUE(next.closed_by_server());
}

TEST_F(Faults, a_trickle_still_makes_whole_messages) {
  WireClient client(tws.server.port());
  ASSERT_TRUE(client.until_code(2158));
  (void)strike("trickle bytes=7");
  client.send(wire::ReqCurrentTime{});
  EXPECT_TRUE(client.until_name("currentTime"));
}

TEST_F(Faults, a_frozen_connection_says_nothing_and_then_everything) {
  WireClient client(tws.server.port());
  ASSERT_TRUE(client.until_code(2158));
  (void)strike("freeze client=1");
  client.send(wire::ReqCurrentTime{});
  EXPECT_FALSE(client.until_name("currentTime", 150));
  EXPECT_FALSE(client.closed_by_server());
  (void)strike("thaw client=1");
  EXPECT_TRUE(client.until_name("currentTime"));
}

TEST_F(Faults, a_swallowed_order_is_never_heard_of_again) {
  WireClient client(tws.server.port());
  ASSERT_TRUE(client.until_code(2158));
  (void)strike("swallow message=placeOrder");
  client.send(order(1, "BUY", 100, "LMT", 9.00));
  client.send(order(2, "BUY", 100, "LMT", 9.00));
  ASSERT_TRUE(client.until_name("orderStatus"));
  EXPECT_EQ(client.last("orderStatus")->about, 2);
}

TEST_F(Faults, a_request_is_refused_with_the_code_that_was_asked_for) {
  WireClient client(tws.server.port());
  ASSERT_TRUE(client.until_code(2158));
  (void)strike("answer message=reqHistoricalData code=162 text=\"Historical Market Data Service error message:Historical data request pacing violation\"");
  client.send(wire::ReqHistoricalData{.reqId = 5, .contract = xxx(), .barSize = "1 min", .duration = "60 S", .useRTH = false, .whatToShow = "TRADES", .formatDate = 1});
  ASSERT_TRUE(client.until_code(162));
  EXPECT_EQ(client.last("error")->about, 5);
  client.send(wire::ReqHistoricalData{.reqId = 6, .contract = xxx(), .barSize = "1 min", .duration = "60 S", .useRTH = false, .whatToShow = "TRADES", .formatDate = 1});
  EXPECT_TRUE(client.until_name("historicalData"));
}

TEST_F(Faults, the_door_is_refused_silent_or_without_a_login) {
  const auto port = tws.server.port();
  (void)strike("door seconds=0.4");
  EXPECT_FALSE(WireClient(port, 200, -1).connected());
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (std::chrono::steady_clock::now() < end && !WireClient(port, 200, -1).connected()) {
  }
  (void)strike("door how=no_login seconds=60");
  WireClient early(port, 200, 4);
  EXPECT_EQ(early.version(), 200) << "it greets";
  EXPECT_FALSE(early.until_name("nextValidId", 200)) << "and is never ready";
}

TEST_F(Faults, ids_go_back_after_a_restart_that_forgets_them) {
  const auto port = tws.server.port();
  {
    WireClient client(port);
    ASSERT_TRUE(client.until_code(2158));
    buy(client, 41);
    ASSERT_TRUE(client.until([](const Heard& h) { return h.name == "orderStatus" && h.text.starts_with("Filled"); }));
    (void)strike("restart seconds=0.1 roll_back=4");
    client.listen(1000);
    EXPECT_TRUE(client.closed_by_server());
  }
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (std::chrono::steady_clock::now() < end && !WireClient(port, 200, -1).connected()) {
  }
  WireClient again(port);
  ASSERT_TRUE(again.until_name("nextValidId"));
  EXPECT_EQ(again.last("nextValidId")->about, 38);
  again.send(order(41, "BUY", 100, "LMT", 9.00));
  ASSERT_TRUE(again.until_name("orderStatus")) << "an id used before is another order's now";
}

TEST_F(Faults, a_farm_comes_back_with_dead_streams_when_told) {
  WireClient client(tws.server.port());
  ASSERT_TRUE(client.until_code(2158));
  client.send(wire::ReqMktData{.reqId = 1, .contract = xxx()});
  ASSERT_TRUE(client.until_name("tickPrice"));
  (void)strike("farm state=down");
  ASSERT_TRUE(client.until_code(2103));
  const auto count = client.count("tickPrice");
  (void)strike("farm state=up resumes=false");
  ASSERT_TRUE(client.until_code(2104));
  client.listen(300);
  EXPECT_EQ(client.count("tickPrice"), count);
  client.send(wire::ReqMktData{.reqId = 2, .contract = xxx()});
  EXPECT_TRUE(client.until([](const Heard& h) { return h.name == "tickPrice" && h.about == 2; }));
}

TEST_F(Faults, a_competing_session_takes_the_data_and_says_10197) {
  WireClient client(tws.server.port());
  ASSERT_TRUE(client.until_code(2158));
  client.send(wire::ReqMktData{.reqId = 1, .contract = xxx()});
  ASSERT_TRUE(client.until_name("tickPrice"));
  (void)strike("competing");
  ASSERT_TRUE(client.until_code(10197));
  client.send(wire::ReqHistoricalData{.reqId = 5, .contract = xxx(), .barSize = "1 min", .duration = "60 S", .useRTH = false, .whatToShow = "TRADES", .formatDate = 1});
  ASSERT_TRUE(client.until_code(162));
  EXPECT_NE(client.last("error")->text.find("different IP address"), std::string::npos);
}

TEST_F(Faults, entitlements_have_ibs_codes) {
  WireClient client(tws.server.port());
  ASSERT_TRUE(client.until_code(2158));
  std::int32_t request = 0;
  for (const auto& [right, code] : {std::pair{"delayed", 354}, {"needs_api", 10089}, {"none", 10186}, {"partial", 10090}}) {
    (void)strike(std::string("entitlement symbol=XXX data=") + right);
    client.send(wire::ReqMktData{.reqId = ++request, .contract = xxx()});
    EXPECT_TRUE(client.until_code(code)) << right;
  }
  EXPECT_TRUE(client.until([&](const Heard& h) { return h.name == "tickPrice" && h.about == request; })) << "part of the data flows";
}

TEST_F(Faults, a_price_can_be_set_and_stays) {
  WireClient client(tws.server.port());
  ASSERT_TRUE(client.until_code(2158));
  (void)strike("price symbol=XXX bid=20.00 ask=20.05 last=20.05");
  client.send(order(1, "BUY", 100, "MKT"));
  ASSERT_TRUE(client.until_name("execDetails"));
  EXPECT_NE(client.last("execDetails")->text.find("@ 20.05"), std::string::npos) << client.last("execDetails")->text;
}

TEST_F(Faults, refusals_come_in_the_form_asked_for) {
  WireClient client(tws.server.port());
  ASSERT_TRUE(client.until_code(2158));
  (void)strike("reject_orders code=201 text=\"Order rejected - reason:margin\" form=inactive");
  client.send(order(1, "BUY", 100, "LMT", 9.00));
  ASSERT_TRUE(client.until_name("orderStatus"));
  EXPECT_TRUE(client.last("orderStatus")->text.starts_with("Inactive"));
  EXPECT_EQ(client.last("error")->code, 201);
  (void)strike("reject_orders code=10289 text=\"You must enable trading\" symbol=ABC");
  client.send(order(2, "BUY", 100, "LMT", 9.00));
  ASSERT_TRUE(client.until([](const Heard& h) { return h.name == "orderStatus" && h.about == 2; })) << "XXX is not ABC";
  EXPECT_TRUE(client.last("orderStatus")->text.starts_with("Submitted") || client.last("orderStatus")->text.starts_with("PreSubmitted"));
}

TEST_F(Faults, a_correction_has_the_next_number_and_moves_the_cash) {
  WireClient client(tws.server.port());
  ASSERT_TRUE(client.until_code(2158));
  (void)strike("price symbol=XXX bid=10.00 ask=10.02 size=1000");
  buy(client, 1);
  ASSERT_TRUE(client.until_name("commissionReport"));
  const auto before = client.last("execDetails")->text;
  EXPECT_NE(before.find(".01.01"), std::string::npos);
  const auto answer = strike("correct_execution price=10.01");
  EXPECT_NE(answer.find(".01.02"), std::string::npos) << answer;
  ASSERT_TRUE(client.until([](const Heard& h) { return h.name == "execDetails" && h.text.find("@ 10.01") != std::string::npos; }));
  client.send(wire::ReqPositions{});
  ASSERT_TRUE(client.until_name("positionEnd"));
  EXPECT_TRUE(client.last("position")->text.starts_with("XXX 100 "));
}

TEST_F(Faults, a_close_on_the_phone_moves_the_position_and_no_order) {
  WireClient client(tws.server.port());
  ASSERT_TRUE(client.until_code(2158));
  buy(client, 1);
  ASSERT_TRUE(client.until_name("commissionReport"));
  client.send(wire::ReqPositions{});
  ASSERT_TRUE(client.until_name("positionEnd"));
  const auto executions = client.count("execDetails");
  (void)strike("manual_trade symbol=XXX");
  ASSERT_TRUE(client.until([](const Heard& h) { return h.name == "position" && h.text.starts_with("XXX 0 "); }));
  EXPECT_EQ(client.count("execDetails"), executions) << "it was nobody's order";
  client.send(wire::ReqExecutions{.reqId = 9});
  ASSERT_TRUE(client.until_name("execDetailsEnd"));
  EXPECT_EQ(client.last("execDetails")->about, 0);
}

TEST_F(Faults, client_0_binds_what_was_typed_into_tws_and_cancels_it) {
  WireClient other(tws.server.port(), 200, 5), zero(tws.server.port(), 200, 0);
  ASSERT_TRUE(other.until_code(2158));
  ASSERT_TRUE(zero.until_code(2158));
  (void)strike("manual_order symbol=XXX side=BUY quantity=100 limit=9.00");
  other.send(wire::ReqAllOpenOrders{});
  ASSERT_TRUE(other.until_name("openOrderEnd"));
  EXPECT_EQ(other.last("openOrder")->about, 0) << "unbound: order id 0";
  zero.send(wire::ReqOpenOrders{});
  ASSERT_TRUE(zero.until_name("openOrderEnd"));
  EXPECT_EQ(zero.last("openOrder")->about, -1);
  EXPECT_EQ(zero.count("orderBound"), 1u);
  zero.send(wire::CancelOrder{.orderId = -1});
  EXPECT_TRUE(zero.until_code(202));
}

TEST_F(Faults, a_deficit_is_liquidated_and_said_in_the_execution) {
  WireClient client(tws.server.port(), 200, 0);
  ASSERT_TRUE(client.until_code(2158));
  client.send(wire::ReqAutoOpenOrders{.autoBind = true});
  buy(client, 1);
  ASSERT_TRUE(client.until_name("commissionReport"));
  (void)strike("deposit amount=-999900");
  ASSERT_TRUE(client.until([](const Heard& h) { return h.name == "execDetails" && h.text.starts_with("SLD"); }, 10'000)) << tws.server.dump();
}

TEST_F(Faults, an_order_split_in_two_shows_two_perm_ids_under_one_order_id) {
  WireClient client(tws.server.port());
  ASSERT_TRUE(client.until_code(2158));
  client.send(order(1, "BUY", 100, "LMT", 9.00));
  ASSERT_TRUE(client.until_name("orderStatus"));
  (void)strike("split_order client=1 order=1");
  client.send(wire::ReqOpenOrders{});
  ASSERT_TRUE(client.until_name("openOrderEnd"));
  const auto dump = tws.server.dump();
  EXPECT_NE(dump.find("1380000001"), std::string::npos) << dump;
  EXPECT_NE(dump.find("1380000002"), std::string::npos) << dump;
  client.send(wire::CancelOrder{.orderId = 1});
  ASSERT_TRUE(client.until_code(202));
  client.send(wire::ReqAllOpenOrders{});
  const auto shown = client.count("openOrder");
  ASSERT_TRUE(client.until_name("openOrderEnd"));
  EXPECT_EQ(client.count("openOrder"), shown + 1) << "its sibling works on";
}

}  // namespace
}  // namespace robo::sim
