// Clients that mean harm, beside one that trades: its session goes on.

#include <gtest/gtest.h>

#include <bit>
#include <cstring>

#include "day.hpp"

namespace robo::sim {
namespace {

using namespace scene;

std::string framed(std::string_view payload, std::uint32_t claimed) {
  const std::uint32_t big = __builtin_bswap32(claimed);
  return std::string(reinterpret_cast<const char*>(&big), 4) + std::string(payload);
}
std::string framed(std::string payload) {
  for (char& c : payload)
    if (c == '|') c = '\0';
  return framed(payload, static_cast<std::uint32_t>(payload.size()));
}

struct HostileClients : ::testing::Test {
  static ServerSettings settings() {
    ServerSettings s;
    s.limits.clients = 4;
    s.limits.messages_per_second = 100'000;
    s.limits.backlog_bytes = 1u << 20;
    s.limits.handshake_patience = milliseconds(300);
    return s;
  }
  Running tws{settings()};
  WireClient good{tws.server.port(), 200, 1};
  std::int32_t order_id = 0;

  void SetUp() override { ASSERT_TRUE(good.until_code(2158)); }
  /// The good client still trades.
  void still_trades() {
    const auto id = ++order_id;
    good.send(order(id, "BUY", 100, "LMT", 9.00));
    EXPECT_TRUE(good.until([&](const Heard& h) { return h.name == "orderStatus" && h.about == id; }));
    good.send(wire::CancelOrder{.orderId = id});
    EXPECT_TRUE(good.until([&](const Heard& h) { return h.code == 202 && h.about == id; }));
    EXPECT_FALSE(good.closed_by_server());
  }
};

TEST_F(HostileClients, a_frame_of_two_gigabytes_closes_who_claims_it) {
  WireClient bad(tws.server.port(), 200, 2);
  ASSERT_TRUE(bad.until_code(2158));
  bad.send_bytes(framed("1", 0x7FFFFFFF));
  bad.listen(2000);
  EXPECT_TRUE(bad.closed_by_server());
  still_trades();
}

TEST_F(HostileClients, a_frame_of_nothing_closes_who_sends_it) {
  WireClient bad(tws.server.port(), 200, 2);
  ASSERT_TRUE(bad.until_code(2158));
  bad.send_bytes(framed("", 0));
  bad.listen(2000);
  EXPECT_TRUE(bad.closed_by_server());
  still_trades();
}

TEST_F(HostileClients, counts_and_numbers_that_lie_are_refused_with_320) {
  for (const char* payload : {
           "3|7|0|XXX|STK||0|||SMART||USD|||||BUY|nan|LMT|1e999999|",                       // numbers that are none, and too few fields
           "7|3|1|0||||||9|2147483647|20180102|",                                            // two thousand million dates
           "1|11|1|0|XXX|BAG||0|||SMART||USD|||999999999|1|1|BUY|SMART|0||0|0||",            // legs
           "9|8|1|99999999999999999999|XXX|STK||0|||SMART||USD||||0|||",                     // an id of twenty digits
           "3|", "3", "|||||", "-5|1|", "2147483648|1|"}) {
    WireClient bad(tws.server.port(), 200, 2);
    ASSERT_TRUE(bad.until_code(2158)) << payload;
    bad.send_bytes(framed(payload));
    bad.send(wire::ReqCurrentTime{});
    EXPECT_TRUE(bad.until([](const Heard& h) { return h.code == 320 || h.name == "currentTime"; }) || bad.closed_by_server()) << payload;
    bad.close();
    still_trades();
  }
}

TEST_F(HostileClients, who_never_finishes_the_handshake_is_hung_up_on_and_takes_nobodys_place) {
  std::vector<std::unique_ptr<WireClient>> slow;
  for (int i = 0; i < 12; ++i) {
    slow.push_back(std::make_unique<WireClient>(tws.server.port(), 200, -1));
    slow.back()->send_bytes("AP");
  }
  WireClient late(tws.server.port(), 200, 3);
  EXPECT_TRUE(late.until_code(2158)) << "a real client still gets in";
  still_trades();
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (tws.server.status().clients > 2 && std::chrono::steady_clock::now() < end) good.listen(20);
  EXPECT_EQ(tws.server.status().clients, 2u) << "the strangers are gone, the clients are not";
  still_trades();
}

TEST_F(HostileClients, the_fifth_of_four_is_hung_up_on) {
  std::vector<std::unique_ptr<WireClient>> others;
  for (std::int32_t id = 2; id <= 4; ++id) {
    others.push_back(std::make_unique<WireClient>(tws.server.port(), 200, id));
    ASSERT_TRUE(others.back()->until_code(2158));
  }
  WireClient fifth(tws.server.port(), 200, 5);
  fifth.listen(2000);
  EXPECT_TRUE(fifth.closed_by_server());
  EXPECT_EQ(fifth.count("nextValidId"), 0u);
  still_trades();
}

TEST_F(HostileClients, who_asks_and_never_reads_is_dropped) {
  WireClient greedy(tws.server.port(), 200, 2);
  ASSERT_TRUE(greedy.until_code(2158));
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  for (std::int32_t request = 1; tws.server.status().clients > 1 && std::chrono::steady_clock::now() < end; ++request) {
    for (int i = 0; i < 50; ++i) greedy.send(wire::ReqContractDetails{.reqId = request, .contract = xxx()});
    if (request % 10 == 0) still_trades();
  }
  EXPECT_EQ(tws.server.status().clients, 1u);
  still_trades();
}

TEST_F(HostileClients, one_byte_at_a_time_delays_nobody_else) {
  WireClient slow(tws.server.port(), 200, 2);
  ASSERT_TRUE(slow.until_code(2158));
  const auto bytes = framed("49|1|");
  for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
    slow.send_bytes(std::string_view(bytes).substr(i, 1));
    if (i % 3 == 0) still_trades();
  }
  slow.send_bytes(std::string_view(bytes).substr(bytes.size() - 1));
  EXPECT_TRUE(slow.until_name("currentTime")) << "and the slow one is served in the end";
}

}  // namespace
}  // namespace robo::sim
