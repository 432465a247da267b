// The server over real sockets: what a browser, a stranger and an attacker see.

#include "edge/serve/server.hpp"

#include <boost/json.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <gtest/gtest.h>
#include <thread>

#include "edge/serve/frames.hpp"
#include "runtime/operator_queue.hpp"
#include "scenes.hpp"
#include "socket_client.hpp"

namespace robo::serve::test {
namespace {

namespace bj = boost::json;

bool eventually(const std::function<bool()>& what, double within = 5) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(within);
  while (std::chrono::steady_clock::now() < end) {
    if (what()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return what();
}

/// A running server and the engine's side of it.
class ServerTest : public ::testing::Test {
 protected:
  void SetUp() override { folder_ = std::filesystem::temp_directory_path() / ("robo_serve_" + std::to_string(::getpid())); }
  void TearDown() override {
    server.reset();
    std::filesystem::remove_all(folder_);
  }
  void start(Settings settings = {}) {
    std::filesystem::create_directories(folder_ / "assets");
    std::ofstream(folder_ / "index.html") << "<!doctype html><title>desk</title>";
    std::ofstream(folder_ / "assets" / "app-1a2b.js") << "export const x = 1;";
    std::ofstream(folder_.parent_path() / "robo_secret.txt") << "secret";
    settings.port = 0;
    settings.page = folder_.string();
    server = std::make_unique<Server>(settings, catalogue(), operators);
    server->start();
    port = server->port();
    bearer = "Authorization: Bearer " + server->token() + "\r\n";
    open();
  }
  template <class T>
  void event(double s, const T& payload) {
    Event e;
    e.at = e.received_at = at(s);
    if constexpr (std::is_constructible_v<EventPayload, T>) e.payload = payload;
    else e.payload = Boxed<T>{&payload};
    server->tap().on_event(e);
  }
  void fact(double s, const FactPayload& payload) { server->tap().on_fact(Fact{at(s), payload}); }
  void open() {
    EngineStarted started;
    started.mode = TradingMode::Paper;
    started.account = "DU1234417";
    started.base_currency = "USD";
    event(0, started);
    const auto jpm = instrument(0, "JPM"), bac = instrument(1, "BAC");
    event(0, jpm);
    event(0, bac);
    GatewayChanged ready;
    ready.state = GatewayState::Ready;
    fact(0, GatewayNoted{ready});
    ASSERT_TRUE(eventually([&] { return ask(port, {.target = "/health/ready"}).status == 200; }));
  }
  std::optional<OperatorInput> taken() {
    OperatorInput out;
    return operators.take(out) ? std::optional(out) : std::nullopt;
  }
  bj::value get(std::string target) { return bj::parse(ask(port, {.target = std::move(target)}).body); }
  bool logged(std::string_view part) { return ask(port, {.target = "/api/v1/log"}).body.find(part) != std::string::npos; }

  runtime::OperatorQueue operators{8};
  std::unique_ptr<Server> server;
  std::uint16_t port = 0;
  std::string bearer;

 private:
  std::filesystem::path folder_;
};

}  // namespace

TEST_F(ServerTest, answers_what_the_engine_said) {
  start();
  fact(1, order(intent(1, 0, Side::Buy, 100, price(105, 26)), OrderState::Submitted));
  ASSERT_TRUE(eventually([&] { return !get("/api/v1/orders").as_array().empty(); }));
  const auto row = get("/api/v1/orders").as_array()[0].as_object();
  EXPECT_EQ(row.at("limit").as_string(), "105.26");
  EXPECT_EQ(row.at("state").as_string(), "working");
  EXPECT_EQ(get("/api/v1/status").at("mode").as_string(), "PAPER");
}

TEST_F(ServerTest, a_write_needs_the_token_and_becomes_an_event) {
  start();
  const Ask pause{.method = "POST", .target = "/api/v1/strategies/momentum/pause", .body = R"({"reason":"news"})"};
  auto without = pause;
  EXPECT_EQ(ask(port, without).status, 401);
  auto wrong = pause;
  wrong.headers = "Authorization: Bearer " + std::string(64, '0') + "\r\n";
  EXPECT_EQ(ask(port, wrong).status, 401);
  EXPECT_FALSE(taken()) << "nothing reached the engine";
  auto right = pause;
  right.headers = bearer;
  const auto answer = ask(port, right);
  EXPECT_EQ(answer.status, 202) << answer.body;
  const auto input = taken();
  ASSERT_TRUE(input);
  EXPECT_EQ(input->action, OperatorAction::PauseStrategy);
  EXPECT_EQ(input->strategy, StrategyId{0});
  EXPECT_EQ(input->reason.view(), "news");
  EXPECT_TRUE(logged("Request refused (401 token_missing)"));
}

TEST_F(ServerTest, a_foreign_page_and_a_rebound_name_are_refused_even_with_the_token) {
  start();
  const Ask kill{.method = "POST", .target = "/api/v1/kill", .headers = bearer, .body = R"({"scope":"flatten"})"};
  auto foreign = kill;
  foreign.headers += "Origin: http://evil.example\r\n";
  EXPECT_EQ(ask(port, foreign).status, 403);
  auto null_origin = kill;
  null_origin.headers += "Origin: null\r\n";
  EXPECT_EQ(ask(port, null_origin).status, 403);
  auto rebound = kill;
  rebound.host = "evil.example:" + std::to_string(port);
  EXPECT_EQ(ask(port, rebound).status, 403);
  auto injected = kill;
  injected.host = "127.0.0.1:80; script-src *";
  EXPECT_EQ(ask(port, injected).status, 403);
  EXPECT_EQ(ask(port, {.target = "/", .host = "evil.example"}).status, 403) << "not even the page";
  EXPECT_FALSE(taken());
  auto own = kill;
  own.headers += "Origin: http://127.0.0.1\r\n";
  EXPECT_EQ(ask(port, own).status, 202);
  EXPECT_EQ(taken()->action, OperatorAction::Kill);
  EXPECT_EQ(taken()->action, OperatorAction::FlattenAll);
  EXPECT_TRUE(logged("origin_refused"));
  EXPECT_TRUE(logged("host_not_served"));
}

TEST_F(ServerTest, a_body_of_64_KiB_is_read_and_one_byte_more_is_not) {
  start();
  const std::string filler = R"({"reason":")" + std::string(64 * 1024 - 13, 'x') + R"("})";
  ASSERT_EQ(filler.size(), 64u * 1024);
  Ask stop{.method = "POST", .target = "/api/v1/entries/stop", .headers = bearer, .body = filler};
  EXPECT_EQ(ask(port, stop).status, 202);
  stop.body.insert(stop.body.size() - 2, "x");
  EXPECT_EQ(ask(port, stop).status, 413);
  EXPECT_TRUE(logged("413 body_too_large"));
  Ask huge{.method = "POST", .target = "/api/v1/entries/stop", .headers = bearer + "Content-Length: 99999999999\r\n"};
  EXPECT_EQ(ask(port, huge).status, 413) << "refused by its length, before a byte of it came";
  Ask chunked{.method = "POST", .target = "/api/v1/entries/stop", .headers = bearer + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n"};
  Socket socket(port);
  socket.send("POST /api/v1/entries/stop HTTP/1.1\r\nHost: 127.0.0.1\r\n" + chunked.headers + "\r\n");
  for (int i = 0; i < 20; ++i) socket.send("2000\r\n" + std::string(0x2000, 'y') + "\r\n");
  EXPECT_EQ(read_answer(socket).status, 413);
}

TEST_F(ServerTest, headers_and_requests_have_limits) {
  start(Settings{.request_timeout = milliseconds(300)});
  EXPECT_EQ(ask(port, {.target = "/api/v1/status", .headers = "X: " + std::string(9000, 'x') + "\r\n"}).status, 431);
  EXPECT_EQ(ask(port, {.target = "/" + std::string(9000, 'a')}).status, 431);
  Socket nonsense(port);
  nonsense.send("\x16\x03\x01 hello\r\n\r\n");
  EXPECT_EQ(read_answer(nonsense).status, 400);
  Socket slow(port);
  slow.send("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ");
  const auto began = std::chrono::steady_clock::now();
  EXPECT_TRUE(slow.closed()) << "a client that never finishes its headers is cut off";
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(4));
}

TEST_F(ServerTest, a_bad_body_is_told_member_by_member) {
  start();
  const auto answer = ask(port, {.method = "PUT", .target = "/api/v1/strategies/momentum/parameters/lookback", .headers = bearer, .body = R"({"valu":30})"});
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(bj::serialize(bj::parse(answer.body).at("details")), R"(["value: is missing","valu: is not a member"])");
  const auto put = [&](std::string body) { return ask(port, {.method = "PUT", .target = "/api/v1/strategies/momentum/parameters/lookback", .headers = bearer, .body = std::move(body)}).status; };
  EXPECT_EQ(put("{"), 422);
  EXPECT_EQ(put(R"({"value":101})"), 422);
  EXPECT_FALSE(taken());
  EXPECT_EQ(put(R"({"value":100})"), 202);
  EXPECT_EQ(taken()->value, 100);
  EXPECT_EQ(ask(port, {.method = "PUT", .target = "/api/v1/strategies/momentum/parameters/nothing", .headers = bearer, .body = R"({"value":1})"}).status, 404);
  EXPECT_EQ(ask(port, {.method = "POST", .target = "/api/v1/entries/stop", .headers = bearer + "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}"}).status, 415);
}

TEST_F(ServerTest, raising_a_limit_needs_a_reason_and_lowering_does_not) {
  start();
  const auto put = [&](std::string body) { return ask(port, {.method = "PUT", .target = "/api/v1/limits/order_quantity_max", .headers = bearer, .body = std::move(body)}).status; };
  EXPECT_EQ(put(R"({"value":501})"), 422);
  EXPECT_EQ(put(R"({"value":501,"reason":"  "})"), 422);
  EXPECT_EQ(put(R"({"value":501,"reason":"index rebalance"})"), 202);
  EXPECT_EQ(put(R"({"value":499})"), 202);
}

TEST_F(ServerTest, the_cancel_entries_scope_cancels_entries_and_leaves_exits) {
  start();
  auto entry = intent(1, 0, Side::Buy, 100, price(105));
  auto stop = intent(2, 0, Side::Sell, 100, price(104));
  stop.purpose = OrderPurpose::ProtectiveStop;
  fact(1, order(entry, OrderState::Submitted));
  fact(1, order(stop, OrderState::Submitted));
  ASSERT_TRUE(eventually([&] { return get("/api/v1/orders").as_array().size() == 2; }));
  EXPECT_EQ(ask(port, {.method = "POST", .target = "/api/v1/kill", .headers = bearer, .body = R"({"scope":"cancel_entries"})"}).status, 202);
  EXPECT_EQ(taken()->action, OperatorAction::StopEntries);
  const auto cancel = taken();
  ASSERT_TRUE(cancel);
  EXPECT_EQ(cancel->action, OperatorAction::CancelOrder);
  EXPECT_EQ(cancel->order, entry.key);
  EXPECT_FALSE(taken());
  const auto key = to_text(entry.key);
  EXPECT_EQ(ask(port, {.method = "POST", .target = "/api/v1/orders/" + key + "/cancel", .headers = bearer}).status, 202);
  fact(2, order(entry, OrderState::Cancelled));
  ASSERT_TRUE(eventually([&] { return ask(port, {.method = "POST", .target = "/api/v1/orders/" + key + "/cancel", .headers = bearer}).status == 409; }));
}

TEST_F(ServerTest, a_full_operator_queue_is_said_and_not_waited_for) {
  start(Settings{.writes_per_second = 1000});
  int busy = 0;
  std::string said;
  for (int i = 0; i < 12; ++i) {
    const auto answer = ask(port, {.method = "POST", .target = "/api/v1/entries/stop", .headers = bearer});
    busy += answer.status == 503 ? 1 : 0;
    if (answer.status == 503) said = answer.body;
  }
  EXPECT_EQ(busy, 4) << "8 fit";
  EXPECT_NE(said.find("nothing of this request was taken"), std::string::npos) << said;
}

TEST_F(ServerTest, writes_are_limited_in_rate_and_reads_are_not) {
  start(Settings{.writes_per_second = 3});
  int refused = 0;
  for (int i = 0; i < 8; ++i) refused += ask(port, {.method = "POST", .target = "/api/v1/entries/stop", .headers = bearer}).status == 429 ? 1 : 0;
  EXPECT_GE(refused, 3);
  EXPECT_LE(refused, 5);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(ask(port, {.target = "/api/v1/status"}).status, 200);
}

TEST_F(ServerTest, serves_the_page_and_nothing_outside_its_folder) {
  start();
  const auto index = ask(port, {.target = "/"});
  EXPECT_EQ(index.status, 200);
  EXPECT_TRUE(index.has("Content-Type: text/html"));
  EXPECT_TRUE(index.has("script-src 'self'"));
  EXPECT_TRUE(index.has("Cache-Control: no-cache"));
  EXPECT_EQ(ask(port, {.target = "/risk"}).body, index.body) << "a path of the page itself";
  const auto script = ask(port, {.target = "/assets/app-1a2b.js"});
  EXPECT_TRUE(script.has("text/javascript"));
  EXPECT_TRUE(script.has("immutable"));
  const auto etag = index.head.substr(index.head.find("ETag: ") + 6, 26);
  EXPECT_EQ(ask(port, {.target = "/", .headers = "If-None-Match: " + etag + "\r\n"}).status, 304);
  EXPECT_EQ(ask(port, {.method = "HEAD", .target = "/"}).status, 200);
  EXPECT_EQ(ask(port, {.target = "/assets/gone.js"}).status, 404);
  for (const auto* path : {"/../robo_secret.txt", "/assets/../../robo_secret.txt", "/%2e%2e/robo_secret.txt", "/..%2frobo_secret.txt", "/assets/%2e%2e%2f%2e%2e%2frobo_secret.txt", "//robo_secret.txt"}) {
    const auto answer = ask(port, {.target = path});
    EXPECT_EQ(answer.body.find("secret"), std::string::npos) << path;
    EXPECT_NE(answer.status, 200) << path;
  }
}

TEST_F(ServerTest, a_page_gets_a_snapshot_then_patches_that_add_up_to_the_state) {
  start();
  Page page(port);
  ASSERT_EQ(page.answer.status, 101) << page.answer.head;
  page.text(R"({"type":"hello","protocol":1})");
  auto state = bj::parse(page.next_text("\"snapshot\"")).as_object();
  ASSERT_EQ(state.at("type").as_string(), "snapshot");
  auto desk = state.at("state").as_object();
  auto seq = state.at("seq").to_number<std::uint64_t>();

  fact(1, order(intent(1, 0, Side::Buy, 100, price(105)), OrderState::Submitted));
  fact(2, order(intent(1, 0, Side::Buy, 100, price(105)), OrderState::Filled, 100));
  fact(2, fill(intent(1, 0, Side::Buy, 100, price(105)), "e.1.1.1", 100, price(105), price(105)));
  OrderDenied denied;
  denied.intent = intent(2, 1, Side::Buy, 1, price(1));
  fact(3, denied);
  StrategyChanged running;
  running.state = StrategyState::Running;
  fact(3, running);
  EquityMarked marked;
  marked.equity = Money::whole(5);
  fact(4, marked);

  const std::map<std::string, std::string> keys{{"instruments", "id"}, {"positions", "instrument"}, {"orders", "key"}, {"fills", "execution"}, {"denials", "id"}, {"strategies", "name"},
                                                {"limits", "name"}, {"regimes", "instrument"}, {"signals", "id"}, {"log", "id"}};
  const auto apply = [&](const bj::object& patch) {
    EXPECT_EQ(patch.at("prev").to_number<std::uint64_t>(), seq) << "no patch is missing";
    seq = patch.at("seq").to_number<std::uint64_t>();
    for (const auto& [name, value] : patch.at("changes").as_object()) {
      if (value.is_null()) continue;
      if (name == "status" || name == "account") desk[name] = value;
      else if (name == "equity") {
        for (const auto& point : value.as_array()) desk[name].as_array().push_back(point);
      } else {
        const auto key = keys.at(std::string(name));
        for (const auto& row : value.as_array()) {
          auto& rows = desk[name].as_array();
          const auto same = std::find_if(rows.begin(), rows.end(), [&](const bj::value& other) { return other.at(key) == row.at(key); });
          if (same != rows.end()) *same = row;
          else rows.push_back(row);
        }
      }
    }
  };
  bool equal = false;
  for (int i = 0; i < 200 && !equal; ++i) {
    const auto message = page.next();
    ASSERT_NE(message.opcode, 0);
    if (message.opcode != 1 || message.bytes.find("\"patch\"") == std::string::npos) continue;
    apply(bj::parse(message.bytes).as_object());
    auto rest = get("/api/v1/state").as_object();
    if (rest.at("seq").to_number<std::uint64_t>() != seq) continue;  // the engine went on meanwhile: the next patch
    auto there = rest.at("state").as_object();
    there.erase("quotes");
    auto here = desk;
    here.erase("quotes");
    ASSERT_EQ(there, here);
    equal = here.at("fills").as_array().size() == 1 && here.at("equity").as_array().size() == 1;
  }
  EXPECT_TRUE(equal);
}

TEST_F(ServerTest, a_page_that_comes_back_gets_only_what_it_missed) {
  start();
  std::string epoch;
  std::uint64_t seq = 0;
  {
    Page page(port);
    page.text(R"({"type":"hello","protocol":1})");
    const auto snapshot = bj::parse(page.next_text("\"snapshot\""));
    epoch = std::string(snapshot.at("epoch").as_string());
    seq = snapshot.at("seq").to_number<std::uint64_t>();
  }
  fact(1, order(intent(1, 0, Side::Buy, 100, price(105)), OrderState::Submitted));
  ASSERT_TRUE(eventually([&] { return get("/api/v1/orders").as_array().size() == 1; }));
  Page again(port);
  again.text(R"({"type":"hello","protocol":1,"epoch":")" + epoch + R"(","seq":)" + std::to_string(seq) + "}");
  const auto patch = again.next_text("\"type\"");
  EXPECT_EQ(patch.substr(0, 15), R"({"type":"patch")");
  EXPECT_EQ(bj::parse(patch).at("prev").to_number<std::uint64_t>(), seq);
  EXPECT_EQ(bj::parse(patch).at("changes").at("orders").as_array().size(), 1u);
  Page other(port);
  other.text(R"({"type":"hello","protocol":1,"epoch":"another","seq":)" + std::to_string(seq) + "}");
  EXPECT_EQ(other.next_text("\"type\"").substr(0, 18), R"({"type":"snapshot")") << "another start of the engine: everything anew";
}

TEST_F(ServerTest, market_frames_carry_the_newest_quote_and_every_trade) {
  start();
  Page page(port);
  page.text(R"({"type":"hello","protocol":1})");
  page.text(R"({"type":"subscribe","id":1,"channel":"quotes"})");
  page.text(R"({"type":"subscribe","id":2,"channel":"trades","instrument":0})");
  page.text(R"({"type":"subscribe","id":3,"channel":"bars","instrument":0,"bar":"1m"})");
  ASSERT_FALSE(page.next_text("\"id\":3").empty());
  for (int i = 0; i < 100; ++i) {
    event(1, quote(0, price(100 + i), price(101 + i)));
    event(1, trade(0, price(100, i), 10));
  }
  double last_bid = 0, trades = 0, next_trade = 1, volume = 0;
  std::uint32_t number = 0;
  while (trades < 100 || last_bid < 199) {
    const auto message = page.next();
    ASSERT_NE(message.opcode, 0) << trades << " trades, bid " << last_bid;
    if (message.opcode != 2) continue;
    const auto at_byte = [&]<class T>(std::size_t offset, T) {
      T value{};
      std::memcpy(&value, message.bytes.data() + offset, sizeof value);
      return value;
    };
    ASSERT_EQ(at_byte(0, std::uint32_t{}), frames::magic);
    ASSERT_EQ(at_byte(12, std::uint32_t{}), ++number);
    std::size_t offset = at_byte(6, std::uint16_t{});
    for (auto blocks = at_byte(8, std::uint32_t{}); blocks > 0; --blocks) {
      const auto type = static_cast<frames::BlockType>(at_byte(offset, std::uint16_t{}));
      const std::size_t width = at_byte(offset + 2, std::uint16_t{}), rows = at_byte(offset + 4, std::uint32_t{});
      const auto cell = [&](std::size_t row, std::size_t column) { return at_byte(offset + 16 + (row * width + column) * 8, double{}); };
      for (std::size_t row = 0; row < rows; ++row) {
        if (type == frames::BlockType::Quotes) last_bid = cell(row, 1);
        if (type == frames::BlockType::Bars) volume = cell(row, 5);
        if (type != frames::BlockType::Trades) continue;
        ASSERT_EQ(cell(row, 0), next_trade++) << "every trade, in order";
        ++trades;
      }
      offset += 16 + width * rows * 8;
    }
    ASSERT_EQ(offset, message.bytes.size());
  }
  EXPECT_EQ(last_bid, 199);
  EXPECT_EQ(volume, 1000);
}

TEST_F(ServerTest, a_stream_needs_an_origin_of_ours_or_the_token) {
  start();
  EXPECT_EQ(Page(port, "").answer.status, 403);
  EXPECT_EQ(Page(port, "Origin: http://evil.example\r\n").answer.status, 403);
  EXPECT_EQ(Page(port, bearer).answer.status, 101);
  EXPECT_EQ(Page(port, "Authorization: Bearer nonsense\r\n").answer.status, 401);
}

TEST_F(ServerTest, hostile_messages_are_answered_with_an_error_and_a_close) {
  start();
  const auto close_code = [&](const std::function<void(Page&)>& attack) {
    Page page(port);
    attack(page);
    for (int i = 0; i < 200; ++i) {
      const auto message = page.next();
      if (message.opcode == 8) return message.close_code();
      if (message.opcode == 0) return 0;
    }
    return -1;
  };
  const auto after_hello = [](Page& page) { page.text(R"({"type":"hello","protocol":1})"); };
  EXPECT_EQ(close_code([](Page& page) { page.text("not json"); }), 1008);
  EXPECT_EQ(close_code([](Page& page) { page.text(R"({"type":"subscribe","id":1,"channel":"quotes"})"); }), 1008) << "no hello";
  EXPECT_EQ(close_code([](Page& page) { page.text(R"({"type":"hello","protocol":2})"); }), 1008);
  EXPECT_EQ(close_code([](Page& page) { page.text(R"({"type":"hello","protocol":1,"token":"guess"})"); }), 1008);
  EXPECT_EQ(close_code([&](Page& page) { after_hello(page); page.text(std::string(20'000, '[')); }), 1009) << "larger than 16 KiB";
  EXPECT_EQ(close_code([&](Page& page) { after_hello(page); page.frame(2, "binary"); }), 1003);
  EXPECT_EQ(close_code([&](Page& page) { after_hello(page); page.text("\xff\xfe bad utf8"); }), 1007);
  EXPECT_EQ(close_code([&](Page& page) { after_hello(page); page.frame(1, "{}", false); }), 1002) << "a client must mask";
  EXPECT_EQ(close_code([&](Page& page) { after_hello(page); page.frame(5, "?"); }), 1002) << "no such opcode";
  EXPECT_EQ(close_code([&](Page& page) { after_hello(page); for (int i = 0; i < 80; ++i) page.text(R"({"type":"ping","id":1})"); }), 1008) << "a flood";
  Page polite(port);
  after_hello(polite);
  polite.text(R"({"type":"subscribe","id":9,"channel":"depth","instrument":77})");
  const auto error = polite.next_text("\"error\"");
  EXPECT_NE(error.find("\"fatal\":false"), std::string::npos) << error;
  EXPECT_EQ(ask(port, {.target = "/health/live"}).status, 200);
}

TEST_F(ServerTest, a_page_that_reads_nothing_is_dropped_and_the_engine_and_other_pages_go_on) {
  start(Settings{.slow_client = milliseconds(500)});
  Page slow(port, "Origin: http://127.0.0.1\r\n", 4096);
  slow.text(R"({"type":"hello","protocol":1})");
  slow.text(R"({"type":"subscribe","id":1,"channel":"trades","instrument":0})");
  Page good(port);
  good.text(R"({"type":"hello","protocol":1})");
  ASSERT_FALSE(good.next_text("\"snapshot\"").empty());
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  bool dropped = false;
  std::int64_t slowest = 0;
  while (!dropped && std::chrono::steady_clock::now() < end) {
    for (int i = 0; i < 2000; ++i) {
      const auto before = std::chrono::steady_clock::now();
      event(1, trade(0, price(100), 10));
      slowest = std::max(slowest, std::chrono::nanoseconds(std::chrono::steady_clock::now() - before).count());
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    good.socket.patience(0.01);
    dropped = good.next_text("too slow").find("A page was dropped: too slow") != std::string::npos;
  }
  EXPECT_TRUE(dropped);
  EXPECT_TRUE(eventually([&] { return ask(port, {.target = "/metrics"}).body.find("robotrader_stream_clients 1\n") != std::string::npos; })) << "the other page stays";
}

TEST_F(ServerTest, a_slow_page_that_reads_again_in_time_is_told_why_it_is_closed) {
  start(Settings{.slow_client = milliseconds(300), .goodbye = seconds(60)});
  auto page = std::make_unique<Page>(port, "Origin: http://127.0.0.1\r\n", 4096);
  auto& slow = *page;
  slow.text(R"({"type":"hello","protocol":1})");
  slow.text(R"({"type":"subscribe","id":1,"channel":"trades","instrument":0})");
  ASSERT_TRUE(eventually([&] {
    for (int i = 0; i < 2000; ++i) event(1, trade(0, price(100), 10));
    return ask(port, {.target = "/api/v1/log", .headers = bearer}).body.find("A page was dropped: too slow") != std::string::npos;
  }));
  Page::Message last;
  do last = slow.next();
  while (last.opcode != 8 && last.opcode != 0);
  EXPECT_EQ(last.close_code(), 1008);
  slow.frame(8, last.bytes);
  page.reset();
  EXPECT_TRUE(eventually([&] { return ask(port, {.target = "/metrics"}).body.find("robotrader_stream_clients 0\n") != std::string::npos; }));
}

TEST_F(ServerTest, the_number_of_connections_is_bounded) {
  start(Settings{.connections_max = 4});
  std::vector<std::unique_ptr<Socket>> held;
  for (int i = 0; i < 4; ++i) held.push_back(std::make_unique<Socket>(port));
  Answer full;
  ASSERT_TRUE(eventually([&] { return (full = ask(port, {.target = "/health/live"})).status == 503; }));
  EXPECT_NE(full.body.find(R"("code":"busy")"), std::string::npos) << full.body;
  EXPECT_NE(full.body.find("4 connections are open"), std::string::npos) << full.body;
  held.clear();
  EXPECT_TRUE(eventually([&] { return ask(port, {.target = "/health/live"}).status == 200; }));
}

TEST_F(ServerTest, reads_need_the_token_when_others_can_reach_the_server) {
  start(Settings{.reads_need_token = true});
  EXPECT_EQ(ask(port, {.target = "/api/v1/state"}).status, 401);
  EXPECT_EQ(ask(port, {.target = "/metrics"}).status, 401);
  EXPECT_EQ(ask(port, {.target = "/api/v1/state", .headers = bearer}).status, 200);
  EXPECT_EQ(ask(port, {.target = "/"}).status, 200) << "the page itself holds no secret";
  EXPECT_EQ(ask(port, {.target = "/health/live"}).status, 200) << "probes carry no token";
  Page without(port);
  without.text(R"({"type":"hello","protocol":1})");
  EXPECT_FALSE(without.next_text("token_missing").empty());
  Page with(port);
  with.text(R"({"type":"hello","protocol":1,"token":")" + server->token() + "\"}");
  EXPECT_FALSE(with.next_text("\"snapshot\"").empty());
}

TEST(ServerStart, an_address_others_can_reach_must_be_wanted_in_so_many_words) {
  runtime::OperatorQueue operators;
  Server open(Settings{.bind = "0.0.0.0", .port = 0}, catalogue(), operators);
  EXPECT_THROW(open.start(), std::runtime_error);
  Server meant(Settings{.bind = "0.0.0.0", .port = 0, .expose = true}, catalogue(), operators);
  meant.start();
  EXPECT_EQ(ask(meant.port(), {.target = "/api/v1/status"}).status, 401) << "then reading needs the token as well";
  EXPECT_EQ(ask(meant.port(), {.target = "/api/v1/status", .headers = "Authorization: Bearer " + meant.token() + "\r\n"}).status, 200);
}

TEST(ServerStart, a_taken_port_is_said_with_its_number) {
  runtime::OperatorQueue operators;
  Server first(Settings{.port = 0}, catalogue(), operators);
  first.start();
  Server second(Settings{.port = first.port()}, catalogue(), operators);
  try {
    second.start();
    FAIL() << "two servers on one port";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find(std::to_string(first.port())), std::string::npos) << error.what();
  }
}

TEST(ServerStart, stops_with_pages_connected_and_says_goodbye) {
  runtime::OperatorQueue operators;
  Server server(Settings{.port = 0}, catalogue(), operators);
  server.start();
  Page page(server.port());
  page.text(R"({"type":"hello","protocol":1})");
  ASSERT_FALSE(page.next_text("\"snapshot\"").empty());
  std::thread stopper([&] { server.stop(); });
  int code = 0;
  for (int i = 0; i < 100 && code == 0; ++i) {
    const auto message = page.next();
    if (message.opcode == 8) code = message.close_code();
    if (message.opcode == 0) break;
  }
  stopper.join();
  EXPECT_EQ(code, 1001);
}

}  // namespace robo::serve::test
