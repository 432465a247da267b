// News, scanners and fundamentals, as a client asks for them.

#include <gtest/gtest.h>

#include "day.hpp"

namespace robo::sim {
namespace {

using namespace scene;

struct Research : ::testing::Test {
  Running tws;
  WireClient client{tws.server.port()};
  void SetUp() override { ASSERT_TRUE(client.until_code(2158)); }
};

TEST_F(Research, a_headline_is_told_to_who_watches_and_its_article_to_who_asks) {
  client.send(wire::ReqMktData{.reqId = 1, .contract = xxx(), .genericTickList = "mdoff,292"});
  ASSERT_TRUE(client.until_name("tickReqParams"));
  const auto id = tws.server.inject("news symbol=XXX headline=\"XXX raises its outlook\" text=\"In full.\" provider=SIM");
  ASSERT_EQ(id, "SIM$00000001");
  EXPECT_TRUE(client.until_name("tickNews"));
  client.send(wire::ReqNewsProviders{});
  EXPECT_TRUE(client.until_name("newsProviders"));
  client.send(wire::ReqNewsArticle{.reqId = 2, .providerCode = "SIM", .articleId = id});
  EXPECT_TRUE(client.until_name("newsArticle"));
  client.send(wire::ReqNewsArticle{.reqId = 3, .providerCode = "SIM", .articleId = "SIM$9"});
  EXPECT_TRUE(client.until_code(10172));
  EXPECT_NE(tws.server.inject("news symbol=XXX").find("headline"), std::string::npos);
}

TEST_F(Research, past_headlines_come_newest_first_and_end) {
  (void)tws.server.inject("news symbol=XXX headline=one");
  (void)tws.server.inject("news symbol=XXX headline=two");
  (void)tws.server.inject("news symbol=ABC headline=other");
  const std::int32_t con_id = 1000;  // of XXX
  client.send(wire::ReqHistoricalNews{.reqId = 4, .conId = con_id, .providerCodes = "SIM+BRFG", .totalResults = 10});
  ASSERT_TRUE(client.until_name("historicalNewsEnd"));
  EXPECT_EQ(client.count("historicalNews"), 2u);
  client.send(wire::ReqHistoricalNews{.reqId = 5, .conId = con_id, .providerCodes = "BRFG", .totalResults = 10});
  ASSERT_TRUE(client.until_name("historicalNewsEnd"));
  EXPECT_EQ(client.count("historicalNews"), 2u) << "none of that provider";
}

TEST_F(Research, a_scanner_ranks_the_stocks_and_an_unknown_code_is_refused) {
  client.send(wire::ReqScannerSubscription{.reqId = 6, .instrument = "STK", .locationCode = "STK.US.MAJOR", .scanCode = "MOST_ACTIVE"});
  ASSERT_TRUE(client.until_name("scannerData"));
  client.send(wire::ReqScannerSubscription{.reqId = 7, .instrument = "STK", .locationCode = "STK.US.MAJOR", .scanCode = "MOST_ACTIVE", .abovePrice = wire::Number::of(1000)});
  EXPECT_TRUE(client.until_code(165)) << "nothing costs so much";
  client.send(wire::ReqScannerSubscription{.reqId = 8, .instrument = "STK", .locationCode = "STK.US.MAJOR", .scanCode = "NO_SUCH_SCAN"});
  EXPECT_TRUE(client.until_code(162));
  client.send(wire::CancelScannerSubscription{.reqId = 6});
  client.send(wire::CancelScannerSubscription{.reqId = 6});
  EXPECT_TRUE(client.until_code(365));
}

TEST_F(Research, fundamentals_are_refused_with_430_and_the_connection_lives) {
  std::string frame("52\0" "2\0" "77\0" "0\0" "XXX\0" "STK\0", 18);
  const std::uint32_t big = __builtin_bswap32(static_cast<std::uint32_t>(frame.size()));
  client.send_bytes(std::string(reinterpret_cast<const char*>(&big), 4) + frame);
  ASSERT_TRUE(client.until_code(430));
  EXPECT_EQ(client.last("error")->about, 77);
  client.send(wire::ReqCurrentTime{});
  EXPECT_TRUE(client.until_name("currentTime"));
}

TEST_F(Research, advisor_requests_are_refused_for_a_plain_account) {
  client.send(wire::RequestFA{.faDataType = 1});
  EXPECT_TRUE(client.until_code(321));
}

}  // namespace
}  // namespace robo::sim
