// The gateway server in its two regimes: text clients and protobuf clients side by side.

#include "day.hpp"

namespace robo::sim {
namespace {

using namespace scene;

TEST(Regimes, a_protobuf_client_greets_sees_a_market_and_is_filled) {
  Running tws;
  WireClient client(tws.server.port(), 226);
  EXPECT_EQ(client.version(), 226);
  ASSERT_TRUE(client.until_code(2158));
  ASSERT_NE(client.last("nextValidId"), nullptr);
  EXPECT_EQ(client.last("nextValidId")->about, 1);
  client.send(wire::ReqMktData{.reqId = 21, .contract = xxx()});
  EXPECT_TRUE(client.until_name("tickReqParams"));
  EXPECT_TRUE(client.until_name("tickPrice"));
  EXPECT_TRUE(client.until_name("tickSize"));
  client.send(order(1, "BUY", 100, "MKT"));
  EXPECT_TRUE(client.until_name("execDetails"));
  EXPECT_TRUE(client.until_name("commissionReport"));
}

TEST(Regimes, a_text_client_and_a_protobuf_client_hear_the_same_market) {
  Running tws;
  WireClient text(tws.server.port(), 193, 1), protobuf(tws.server.port(), 225, 2), mixed(tws.server.port(), 207, 3);
  EXPECT_EQ(text.version(), 193);
  EXPECT_EQ(protobuf.version(), 225);
  EXPECT_EQ(mixed.version(), 207);
  for (WireClient* client : {&text, &protobuf, &mixed}) {
    ASSERT_TRUE(client->until_code(2158));
    client->send(wire::ReqContractDetails{.reqId = 5, .contract = xxx()});
    ASSERT_TRUE(client->until_name("contractDetailsEnd"));
    client->send(wire::ReqHistoricalData{.reqId = 6, .contract = xxx(), .barSize = "1 min", .duration = "1 D", .whatToShow = "TRADES", .formatDate = 1});
    ASSERT_TRUE(client->until_name("historicalData"));
  }
  EXPECT_EQ(text.last("contractDetails")->text, protobuf.last("contractDetails")->text);
  EXPECT_EQ(text.last("contractDetails")->text, mixed.last("contractDetails")->text);
  EXPECT_EQ(text.last("historicalData")->text, protobuf.last("historicalData")->text);
}

TEST(Regimes, an_order_without_the_word_transmit_stays_where_it_is) {
  Running tws;
  WireClient client(tws.server.port(), 226);
  ASSERT_TRUE(client.until_code(2158));
  auto request = order(1, "BUY", 100, "MKT");
  request.order.transmit = false;  // absent on the wire
  client.send(request);
  client.send(wire::ReqOpenOrders{});
  ASSERT_TRUE(client.until_name("openOrderEnd"));
  EXPECT_EQ(client.count("openOrder"), 0u);
  EXPECT_EQ(client.count("execDetails"), 0u);
}

TEST(Regimes, a_pinned_version_is_the_highest_and_a_client_that_needs_more_is_turned_away) {
  Running tws({.version_max = 176});
  WireClient client(tws.server.port(), 226);
  EXPECT_EQ(client.version(), 176);
  WireClient modern(tws.server.port(), 226, -1);
  wire::OutBuffer out;
  wire::encode_hello(out, {213, 226, {}});
  modern.send_bytes(out.view());
  modern.listen(500);
  EXPECT_TRUE(modern.closed_by_server());
}

TEST(Regimes, bytes_that_are_no_protobuf_cost_the_sender_its_connection_and_nobody_else) {
  Running tws;
  WireClient honest(tws.server.port(), 226, 1), hostile(tws.server.port(), 226, 2);
  ASSERT_TRUE(honest.until_code(2158));
  ASSERT_TRUE(hostile.until_code(2158));
  const std::string bomb("\0\0\0\x0a\0\0\0\xcb\x12\xff\xff\xff\xff\x0f", 14);  // placeOrder: a contract of four gigabytes
  hostile.send_bytes(bomb);
  EXPECT_TRUE(hostile.until_code(320));
  honest.send(wire::ReqCurrentTime{});
  EXPECT_TRUE(honest.until_name("currentTime"));
}

TEST(Regimes, display_groups_and_configuration_are_answered) {
  Running tws;
  WireClient client(tws.server.port(), 226);
  ASSERT_TRUE(client.until_code(2158));
  client.send(wire::QueryDisplayGroups{.reqId = 1});
  EXPECT_TRUE(client.until_name("displayGroupList"));
  client.send(wire::SubscribeToGroupEvents{.reqId = 2, .groupId = 4});
  EXPECT_TRUE(client.until_name("displayGroupUpdated"));
  client.send(wire::UpdateDisplayGroup{.reqId = 2, .contractInfo = "265598@SMART"});
  EXPECT_TRUE(client.until_name("displayGroupUpdated"));
  client.send(wire::ReqConfig{.reqId = 3});
  EXPECT_TRUE(client.until_name("configResponse"));
  client.send(wire::UpdateConfig{.reqId = 4});
  EXPECT_TRUE(client.until_name("updateConfigResponse"));
}

}  // namespace
}  // namespace robo::sim
