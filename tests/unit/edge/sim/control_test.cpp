// The HTTP control and the recorder, over real sockets.

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "day.hpp"
#include "edge/sim/server/control.hpp"
#include "edge/sim/server/recorder.hpp"

namespace robo::sim {
namespace {

using namespace scene;

struct Answer {
  int status{};
  std::string body;
};

/// One request on a connection of its own, as plain bytes.
Answer ask(std::uint16_t port, std::string_view method, std::string_view path, std::string_view body = {}, std::string_view headers = "Host: 127.0.0.1\r\n") {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(port);
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0) return ::close(fd), Answer{};
  const std::string request = std::string(method) + " " + std::string(path) + " HTTP/1.1\r\n" + std::string(headers) + "Connection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
  (void)!::send(fd, request.data(), request.size(), MSG_NOSIGNAL);
  std::string heard;
  char buffer[8192];
  for (;;) {
    const auto got = ::recv(fd, buffer, sizeof buffer, 0);
    if (got <= 0) break;
    heard.append(buffer, static_cast<std::size_t>(got));
  }
  ::close(fd);
  const auto split = heard.find("\r\n\r\n");
  return heard.size() < 12 || split == std::string::npos ? Answer{} : Answer{std::stoi(heard.substr(9, 3)), heard.substr(split + 4)};
}

struct Control : ::testing::Test {
  Running tws;
  ControlServer control{tws.server, {}};
  void SetUp() override { ASSERT_TRUE(control.start()); }
  Answer get(std::string_view path) { return ask(control.port(), "GET", path); }
  Answer post(std::string_view path, std::string_view body) { return ask(control.port(), "POST", path, body); }
};

TEST_F(Control, tells_what_is_true) {
  WireClient client(tws.server.port());
  ASSERT_TRUE(client.until_code(2158));
  client.send(order(1, "BUY", 100, "MKT"));
  ASSERT_TRUE(client.until_name("commissionReport"));
  const auto state = boost::json::parse(get("/state").body).as_object();
  EXPECT_EQ(state.at("positions").at(0).at("symbol").as_string(), "XXX");
  EXPECT_EQ(state.at("positions").at(0).at("quantity").as_string(), "100");
  EXPECT_EQ(state.at("orders").at(0).at("status").as_string(), "Filled");
  EXPECT_EQ(state.at("clients").at(0).at("id").as_int64(), 1);
  const auto status = boost::json::parse(get("/status").body).as_object();
  EXPECT_EQ(status.at("clients").as_int64(), 1);
  EXPECT_GE(boost::json::parse(get("/faults").body).as_array().size(), 40u);
}

TEST_F(Control, strikes_and_says_what_was_done) {
  WireClient client(tws.server.port());
  ASSERT_TRUE(client.until_code(2158));
  EXPECT_EQ(post("/faults", R"({"fault":"lose_ib"})").status, 200);
  EXPECT_TRUE(client.until_code(1100));
  EXPECT_EQ(post("/faults/restore_ib", "").status, 200);
  EXPECT_TRUE(client.until_code(1102));
  EXPECT_EQ(post("/faults/price", R"({"symbol":"XXX","bid":20,"ask":20.05,"last":20})").status, 200);
  const auto both = post("/faults", R"([{"fault":"drop","message":"currentTime"},{"fault":"say","code":2104,"text":"hello"}])");
  EXPECT_EQ(both.status, 200) << both.body;
  EXPECT_TRUE(client.until_code(2104));
  EXPECT_EQ(ask(control.port(), "DELETE", "/faults").status, 200);
  client.send(wire::ReqCurrentTime{});
  EXPECT_TRUE(client.until_name("currentTime")) << "the rule was forgotten";
}

TEST_F(Control, what_is_wrong_is_named_and_nothing_is_done) {
  const auto wrong = post("/faults", R"([{"fault":"read_only"},{"fault":"dorp"}])");
  EXPECT_EQ(wrong.status, 400);
  EXPECT_NE(wrong.body.find("fault 2: \\\"dorp\\\" is no fault"), std::string::npos) << wrong.body;
  EXPECT_NE(get("/state").body.find("\"read_only\":false"), std::string::npos) << "all of a list or none";
  EXPECT_EQ(post("/faults", "{").status, 400);
  EXPECT_EQ(post("/faults/price", R"({"symbol":"NOPE","bid":1})").status, 400);
  EXPECT_EQ(get("/nothing").status, 404);
  EXPECT_EQ(ask(control.port(), "PUT", "/faults").status, 405);
}

TEST_F(Control, strangers_and_browsers_are_kept_out) {
  EXPECT_EQ(ask(control.port(), "GET", "/state", {}, "Host: evil.example\r\n").status, 403);
  EXPECT_EQ(ask(control.port(), "GET", "/state", {}, "Host: localhost\r\nOrigin: http://evil.example\r\n").status, 403);
  ControlServer open(tws.server, {.address = "0.0.0.0"});
  const auto started = open.start();
  ASSERT_FALSE(started);
  EXPECT_NE(started.error().text.find("token"), std::string::npos);
  ControlServer guarded(tws.server, {.token = "sesame"});
  ASSERT_TRUE(guarded.start());
  EXPECT_EQ(ask(guarded.port(), "GET", "/state").status, 401);
  EXPECT_EQ(ask(guarded.port(), "GET", "/state", {}, "Host: x\r\nAuthorization: Bearer sesame\r\n").status, 200);
}

TEST(FaultFile, mistakes_name_the_line) {
  const auto file = std::filesystem::temp_directory_path() / ("robo_faults_" + std::to_string(::getpid()) + ".txt");
  std::ofstream(file) << "# a night\nlose_ib in=1\n\nrestore_ib in=2 data_kept=false\n";
  const auto right = read_fault_file(file);
  ASSERT_TRUE(right) << right.error().text;
  EXPECT_EQ(right->size(), 2u);
  EXPECT_DOUBLE_EQ((*right)[1].when.seconds, 2);
  std::ofstream(file) << "lose_ib\nrestart seconds=x\n";
  EXPECT_NE(read_fault_file(file).error().text.find(".txt:2: seconds"), std::string::npos) << read_fault_file(file).error().text;
  std::filesystem::remove(file);
}

TEST(Mask, account_numbers_become_others_and_prices_do_not) {
  Mask mask;
  EXPECT_EQ(mask("U7654321 and DU1234567, U7654321 again"), "U0000001 and DU0000002, U0000001 again");
  EXPECT_EQ(mask("9.U7654321/100"), "9.U0000001/100");
  EXPECT_EQ(mask("US0378331005 UAL 1234567 20180102 U12"), "US0378331005 UAL 1234567 20180102 U12");
  mask.learn("demo7");
  EXPECT_EQ(mask("demo7 demo77"), "demo3 demo77");
}

TEST(Recorder, writes_what_was_said_without_the_account_and_changes_nothing) {
  ServerSettings settings;
  settings.account = "DU7654321";
  Running tws(settings);
  const auto file = std::filesystem::temp_directory_path() / ("robo_recorded_" + std::to_string(::getpid()) + ".scene");
  Recorder recorder({.gateway_port = tws.server.port(), .file = file});
  ASSERT_TRUE(recorder.start());
  {
    WireClient client(recorder.port());
    ASSERT_TRUE(client.until_code(2158));
    auto placed = order(1, "BUY", 100, "MKT");
    placed.order.account = "DU7654321";
    client.send(placed);
    ASSERT_TRUE(client.until_name("commissionReport")) << "the account passed unmasked";
  }
  recorder.stop();
  EXPECT_EQ(recorder.unreadable(), 0u);
  std::stringstream text;
  text << std::ifstream(file).rdbuf();
  const auto scene = text.str();
  EXPECT_EQ(scene.find("DU7654321"), std::string::npos);
  EXPECT_NE(scene.find("> managedAccounts accountsList=DU0000001"), std::string::npos) << scene;
  EXPECT_NE(scene.find("< placeOrder orderId=1 "), std::string::npos) << scene;
  EXPECT_NE(scene.find("account=DU0000001"), std::string::npos);
  EXPECT_NE(scene.find("> execDetails"), std::string::npos);
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace robo::sim
