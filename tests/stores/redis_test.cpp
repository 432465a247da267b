// The engine's state in Redis: a real server, started here.

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "apps/store_pump.hpp"
#include "apps/warm_desk.hpp"
#include "edge/store/redis/sink.hpp"
#include "stores/a_day.hpp"
#include "support/private_redis.hpp"

namespace robo {

namespace {

using apps::StorePump;
using Words = store::redis::Commands;
using store::redis::Connection;
using store::redis::RedisSink;
using test::Day;
using test::PrivateRedis;

class RedisTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "robo-stores-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::filesystem::path journal(int n = 1) const { return folder_ / fmt::format("00000{}-20180102-DU1", n); }
  [[nodiscard]] static store::redis::Address address(const PrivateRedis& server) { return store::redis::parse_address(server.url()).value(); }
  [[nodiscard]] std::unique_ptr<StorePump> pump(const PrivateRedis& server) {
    store::RedisSettings settings;
    settings.timeout = milliseconds(500);
    settings.stream_length = 100;
    return std::make_unique<StorePump>(
        apps::PumpSettings{.name = "redis", .batch_rows = 200, .batch_time = milliseconds(5), .retry_first = milliseconds(20), .retry_max = milliseconds(100)},
        std::make_unique<RedisSink>(settings, address(server),
                                    store::redis::Beginning{.strategies = {{"momentum", {{"lookback", 15}}}}, .limits = {{"orders_max", 20}}}),
        nullptr);
  }
  [[nodiscard]] static std::map<std::string, std::string> hash(const PrivateRedis& server, std::string_view key) {
    Connection connection;
    if (const auto wrong = connection.open(address(server), seconds(5))) throw std::runtime_error(wrong->text);
    return connection.hash(key).value();
  }
  template <class... W>
  [[nodiscard]] static std::string ask(const PrivateRedis& server, const W&... words) {
    Connection connection;
    if (const auto wrong = connection.open(address(server), seconds(5))) throw std::runtime_error(wrong->text);
    Words command;
    command.add(words...);
    return connection.text(command).value().value_or("");
  }
  template <class F>
  static bool eventually(F&& f) {
    for (int i = 0; i < 4000; ++i) {
      if (f()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
  }
  static bool stands(const StorePump& pump, const Day& day) { return pump.status().caught_up && pump.status().next_record + 1 >= day.records(); }

  std::filesystem::path folder_;
};

void position(Day& day, std::int64_t quantity) {
  day.fact(PositionChanged{.instrument = InstrumentId{0}, .quantity = shares(quantity), .average_price = price(100, 25), .realized = Money::from_raw(-1'500'000)});
}

}  // namespace

TEST_F(RedisTest, shows_what_is_now_and_what_changed) {
  PrivateRedis server;
  Day day(journal());
  day.begin();
  for (int i = 0; i < 500; ++i) day.quote(i);
  day.trade(price(100, 25), 50);
  position(day, 10);
  day.fill(1);
  const OrderIntent working{.key = {7, 2}, .instrument = InstrumentId{0}, .side = Side::Sell, .quantity = shares(10), .kind = Limit{price(105)}};
  day.fact(OrderChanged{.intent = working, .state = OrderState::Submitted});
  day.fact(StrategyChanged{.strategy = StrategyId{0}, .state = StrategyState::Running, .why = "started"});
  day.fact(ParameterChanged{.strategy = StrategyId{0}, .name = "lookback", .before = 15, .after = 20.5, .who = "desk"});
  day.fact(LimitUsed{"orders_max", 3, 20});
  day.fact(RegimeChanged{.instrument = InstrumentId{0}, .held = RegimeKind::Volatile, .probabilities = {0.1, 0.2, 0.6, 0.1}});
  day.fact(EquityMarked{.equity = Money::from_raw(1'000'000'500'000)});
  auto store = pump(server);
  store->follow(journal());
  ASSERT_TRUE(eventually([&] { return store->status().caught_up && store->status().rows > 0; })) << store->status().trouble;
  const auto quote = hash(server, "robo:quote:XXX");
  EXPECT_EQ(quote.at("bid"), "100.0000005");
  EXPECT_EQ(quote.at("ask"), "100.02");
  EXPECT_EQ(quote.at("last"), "100.25");
  EXPECT_EQ(hash(server, "robo:position:XXX").at("quantity"), "10");
  EXPECT_EQ(hash(server, "robo:position:XXX").at("realized"), "-1.5");
  EXPECT_EQ(ask(server, "SCARD", "robo:orders"), "1") << "a filled order works no longer";
  EXPECT_EQ(hash(server, "robo:order:" + to_text(working.key)).at("limit"), "105");
  EXPECT_EQ(hash(server, "robo:strategy:momentum").at("state"), "running");
  EXPECT_EQ(hash(server, "robo:parameters:momentum").at("lookback"), "20.5");
  EXPECT_EQ(hash(server, "robo:limits_used").at("orders_max"), "3");
  EXPECT_EQ(hash(server, "robo:regime:XXX").at("held"), "volatile");
  EXPECT_EQ(hash(server, "robo:regime:XXX").at("probability_volatile"), "0.6");
  EXPECT_EQ(hash(server, "robo:account").at("equity"), "1000000.5");
  EXPECT_EQ(hash(server, "robo:engine").at("mode"), "paper");
  EXPECT_EQ(ask(server, "XLEN", "robo:stream:orders"), "2");
  EXPECT_EQ(ask(server, "XLEN", "robo:stream:executions"), "1");
  store->stop(seconds(5));
}

TEST_F(RedisTest, streams_are_bounded_and_every_change_is_in_them_once_through_a_cut_connection) {
  PrivateRedis server;
  Day day(journal());
  day.begin();
  auto store = pump(server);
  store->follow(journal());
  for (int cut = 0; cut < 3; ++cut) {
    for (int i = 0; i < 12; ++i) position(day, cut * 12 + i);
    (void)ask(server, "CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
    for (int i = 0; i < 300; ++i) day.quote(i);
  }
  position(day, 99);
  ASSERT_TRUE(eventually([&] { return hash(server, "robo:position:XXX")["quantity"] == "99"; })) << store->status().trouble;
  EXPECT_EQ(ask(server, "XLEN", "robo:stream:positions"), "37");
  for (int i = 0; i < 5'000; ++i) position(day, i);
  ASSERT_TRUE(eventually([&] { return hash(server, "robo:position:XXX")["quantity"] == "4999"; }));
  EXPECT_LE(std::stoi(ask(server, "XLEN", "robo:stream:positions")), 300) << "about a hundred were asked for; Redis cuts by whole nodes";
  store->stop(seconds(5));
}

TEST_F(RedisTest, a_server_that_lost_everything_is_filled_again) {
  PrivateRedis server;
  Day day(journal());
  day.begin();
  position(day, 10);
  auto store = pump(server);
  store->follow(journal());
  ASSERT_TRUE(eventually([&] { return store->status().caught_up && store->status().rows > 0; }));
  server.kill();
  position(day, 20);
  ASSERT_TRUE(eventually([&] { return store->status().trouble.find("start the server") != std::string::npos; })) << store->status().trouble;
  server.start();
  ASSERT_TRUE(eventually([&] { return hash(server, "robo:position:XXX")["quantity"] == "20"; }));
  EXPECT_EQ(ask(server, "XLEN", "robo:stream:positions"), "2");
  EXPECT_EQ(hash(server, "robo:parameters:momentum").at("lookback"), "15");
  store->stop(seconds(5));
}

TEST_F(RedisTest, a_server_that_does_not_answer_holds_nobody_up) {
  PrivateRedis server;
  Day day(journal());
  day.begin();
  position(day, 10);
  auto store = pump(server);
  store->follow(journal());
  ASSERT_TRUE(eventually([&] { return store->status().caught_up && store->status().rows > 0; }));
  server.freeze();
  const auto begun = std::chrono::steady_clock::now();
  for (int i = 0; i < 1'000; ++i) position(day, i);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(1)) << "the journal does not know of it";
  store->stop(milliseconds(50));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(3));
  server.thaw();
}

TEST_F(RedisTest, another_session_begins_with_no_orders_of_the_former_one_and_the_desk_with_what_was_known) {
  PrivateRedis server;
  {
    Day day(journal(1));
    day.begin();
    day.quote(5);
    position(day, 10);
    day.fact(OrderChanged{.intent = {.key = {7, 2}, .instrument = InstrumentId{0}, .quantity = shares(10), .kind = Limit{price(105)}}, .state = OrderState::Submitted});
    day.mark();
    auto store = pump(server);
    store->follow(journal(1));
    ASSERT_TRUE(eventually([&] { return store->status().caught_up && store->status().rows > 0; }));
    store->stop(seconds(5));
  }
  const auto known = store::redis::last_known({}, address(server), seconds(1)).value();
  ASSERT_EQ(known.positions.size(), 1u);
  EXPECT_EQ(known.positions[0].symbol, "XXX");
  EXPECT_EQ(known.positions[0].position.quantity, shares(10));
  ASSERT_EQ(known.quotes.size(), 1u);
  EXPECT_EQ(known.quotes[0].quote.bid, Price::from_raw(100'000'000'006));
  ASSERT_TRUE(known.equity.has_value());
  EXPECT_EQ(known.equity->equity, Money::whole(1'000'000));

  struct Desk final : runtime::Tap {
    void on_event(const Event& event) override { quotes += std::holds_alternative<Quote>(event.payload); }
    void on_command(Timestamp, const Command&) override {}
    void on_fact(const Fact& fact) override {
      if (const auto* changed = std::get_if<PositionChanged>(&fact.payload)) positions.push_back(changed->quantity);
    }
    int quotes = 0;
    std::vector<Quantity> positions;
  } desk;
  const Instrument other{.id = InstrumentId{0}, .symbol = "YYY"}, same{.id = InstrumentId{1}, .symbol = "XXX"};
  const std::array instruments{other, same};
  apps::WarmDesk warm(desk, known, instruments, test::day_start());
  EXPECT_EQ(desk.quotes, 1);
  ASSERT_EQ(desk.positions, std::vector{shares(10)});
  warm.on_fact({.payload = ReconciliationNoted{.complete = true}});
  EXPECT_EQ(desk.positions, (std::vector{shares(10), Quantity{}})) << "what the broker did not confirm is taken back";
  warm.on_fact({.payload = ReconciliationNoted{.complete = true}});
  EXPECT_EQ(desk.positions.size(), 2u);

  Day day(journal(2));
  day.later(hours(1));
  day.begin();
  day.quote(6);
  auto store = pump(server);
  store->follow(journal(2));
  ASSERT_TRUE(eventually([&] { return hash(server, "robo:quote:XXX")["bid"] == "100.000000007"; }));
  EXPECT_EQ(ask(server, "SCARD", "robo:orders"), "0");
  EXPECT_TRUE(hash(server, "robo:position:XXX").empty());
  EXPECT_EQ(ask(server, "XLEN", "robo:stream:orders"), "1") << "streams are the past, they stay";
  store->stop(seconds(5));
}

TEST_F(RedisTest, alarms_are_published_as_they_happen) {
  PrivateRedis server;
  Connection listener;
  ASSERT_FALSE(listener.open(address(server), seconds(10)));
  Words subscribe;
  subscribe.add("SUBSCRIBE", "robo:alerts");
  ASSERT_EQ(listener.list(subscribe).value().at(0), "subscribe");
  Day day(journal());
  day.begin();
  day.fact(KillChanged{.killed = true, .cause = KillCause::DailyLoss, .who = "engine", .reason = "the day's loss"});
  auto store = pump(server);
  store->follow(journal());
  const auto heard = listener.list(Words{});
  ASSERT_TRUE(heard.has_value()) << heard.error().text;
  ASSERT_EQ(heard->size(), 3u);
  EXPECT_NE(heard->at(2).find(R"("kind":"KillChanged")"), std::string::npos);
  EXPECT_NE(heard->at(2).find("the day's loss"), std::string::npos);
  store->stop(seconds(5));
}

TEST_F(RedisTest, says_in_one_sentence_what_is_wrong) {
  const auto wrong = [](std::string_view url) {
    const auto address = store::redis::parse_address(url);
    if (!address) return address.error().text;
    Connection connection;
    const auto problem = connection.open(*address, seconds(1));
    return problem ? problem->text : std::string{};
  };
  EXPECT_NE(wrong("rediss://host").find("TLS"), std::string::npos);
  EXPECT_NE(wrong("http://host").find("redis://:password@host:6379/0"), std::string::npos);
  EXPECT_NE(wrong("redis://127.0.0.1:port/0").find("port that is no number"), std::string::npos);
  EXPECT_NE(wrong("unix:///nonexistent/s").find("start the server"), std::string::npos);
  PrivateRedis locked({"--requirepass", "right", "--maxmemory", "3mb"});
  EXPECT_NE(wrong(locked.url()).find("environment variable"), std::string::npos);
  EXPECT_NE(wrong(locked.url() + "?password=wrong").find("WRONGPASS"), std::string::npos);
  EXPECT_EQ(wrong(locked.url() + "?password=right"), "");

  store::RedisSettings settings;
  settings.stream_length = 100'000'000;
  RedisSink sink(settings, store::redis::parse_address(locked.url() + "?password=right").value(), {});
  ASSERT_TRUE(sink.open({.name = "j@1", .session = 1, .begins_at = {}}).has_value());
  std::string text, warning;
  std::uint64_t record = 0;
  for (int batch = 0; batch < 200 && text.empty(); ++batch) {
    for (int i = 0; i < 100; ++i) sink.fact(record++, {.at = test::day_start(), .payload = PositionChanged{.instrument = InstrumentId{0}, .quantity = shares(i)}});
    if (const auto done = sink.commit(record); !done) text = done.error().text;
    if (text.empty() && warning.empty()) warning = sink.keep_house();
  }
  EXPECT_NE(warning.find("maxmemory"), std::string::npos) << "warned before it is full: " << warning;
  EXPECT_NE(text.find("memory is full"), std::string::npos) << text;
}

}  // namespace robo
