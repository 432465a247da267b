// The journal in PostgreSQL: a real server, started here.

#include <fmt/core.h>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

#include "apps/store_pump.hpp"
#include "edge/store/postgres/dump.hpp"
#include "edge/store/postgres/schema.hpp"
#include "edge/store/postgres/sink.hpp"
#include "edge/store/postgres/tables.hpp"
#include "stores/a_day.hpp"
#include "support/private_postgres.hpp"

namespace robo {

namespace {

using apps::StorePump;
using store::postgres::Connection;
using store::postgres::PostgresSink;
using test::Day;
using test::PrivatePostgres;

PrivatePostgres& server() {
  static PrivatePostgres one;
  return one;
}

class PostgresTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "robo-stores-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    if (!server().running()) server().start();
    static int count = 0;
    database_ = fmt::format("day{}", ++count);
    server().create(database_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::filesystem::path journal(int n = 1) const { return folder_ / fmt::format("00000{}-20180102-DU1", n); }
  [[nodiscard]] std::unique_ptr<StorePump> pump(std::uint64_t batch = 500, store::PostgresSettings settings = {}) {
    settings.timeout = seconds(2);
    return std::make_unique<StorePump>(apps::PumpSettings{.name = "postgres", .batch_rows = batch, .batch_time = milliseconds(10), .retry_first = milliseconds(20), .retry_max = milliseconds(100)},
                                       std::make_unique<PostgresSink>(settings, server().dsn(database_)),
                                       [this](bool good, const std::string& text) {
                                         const std::lock_guard hold(lock_);
                                         (good ? good_ : bad_).push_back(text);
                                       });
  }
  [[nodiscard]] store::postgres::Answer ask(const std::string& sql) const {
    Connection connection;
    if (const auto wrong = connection.open(server().dsn(database_), seconds(20))) throw std::runtime_error(wrong->text);
    auto answer = connection.run(sql);
    if (!answer) throw std::runtime_error(answer.error().text);
    return std::move(*answer);
  }
  [[nodiscard]] std::int64_t number(const std::string& sql) const { return ask(sql).integer(0, 0); }
  [[nodiscard]] std::uint64_t rows(const std::string& table) const { return static_cast<std::uint64_t>(number("SELECT count(*) FROM robo." + table)); }
  void expect_all(const Day& day) const {
    EXPECT_EQ(rows("quotes"), day.quotes);
    EXPECT_EQ(rows("trades"), day.trades);
    EXPECT_EQ(rows("facts"), day.facts);
    EXPECT_EQ(rows("orders"), day.orders);
    EXPECT_EQ(rows("executions"), day.executions);
    EXPECT_EQ(number("SELECT count(*) FROM (SELECT journal, record FROM robo.quotes GROUP BY 1, 2 HAVING count(*) > 1) twice"), 0);
    EXPECT_EQ(number("SELECT count(*) FROM (SELECT journal, record FROM robo.facts GROUP BY 1, 2 HAVING count(*) > 1) twice"), 0);
  }
  template <class F>
  static bool eventually(F&& f) {
    for (int i = 0; i < 4000; ++i) {
      if (f()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
  }
  [[nodiscard]] std::vector<std::string> told() {
    const std::lock_guard hold(lock_);
    return bad_;
  }

  std::filesystem::path folder_;
  std::string database_;
  std::mutex lock_;
  std::vector<std::string> good_, bad_;
};

template <class R>
std::string columns_in(const store::postgres::Answer& answer) {
  std::string text;
  for (int i = 0; i < answer.rows(); ++i) text += fmt::format("{}\"{}\"", i == 0 ? "" : ", ", answer.at(i, 0));
  return text;
}

}  // namespace

TEST_F(PostgresTest, holds_every_row_of_a_day_exactly_as_the_journal_has_it) {
  Day day(journal());
  day.begin();
  for (int i = 0; i < 2'000; ++i) day.quote(i, i % 2);
  day.trade(price(100, 25), 50);
  day.depth();
  day.fill(1);
  day.mark();
  auto store = pump();
  store->follow(journal());
  day.later(hours(24));
  day.quote(7);  // another day, another partition
  day.close();
  store->stop(seconds(20));
  EXPECT_TRUE(store->status().trouble.empty()) << store->status().trouble;
  expect_all(day);
  EXPECT_EQ(rows("depth"), 1u);
  EXPECT_EQ(rows("depth_rows"), 1u);
  const auto quote = ask("SELECT q.bid, q.bid_size, extract(epoch FROM q.at)::numeric * 1000000000 + q.at_ns, q.symbol, r.bid FROM robo.quotes q JOIN robo_read.quotes r "
                         "USING (journal, record) ORDER BY q.record LIMIT 1");
  EXPECT_EQ(quote.at(0, 0), "100000000001");
  EXPECT_EQ(quote.at(0, 1), "10000000000");
  EXPECT_EQ(quote.integer(0, 2), test::day_start().ns + 4 * 1'000'001);
  EXPECT_EQ(quote.at(0, 3), "XXX");
  EXPECT_EQ(quote.at(0, 4).substr(0, 13), "100.000000001");
  const auto about = ask("SELECT mode, account, session, next_record FROM robo.journals");
  EXPECT_EQ(about.at(0, 0), "paper");
  EXPECT_EQ(about.at(0, 1), "DU1");
  EXPECT_EQ(about.integer(0, 2), 7);
  const auto execution = ask("SELECT execution, side, quantity, price, realized, executed_at = at FROM robo_read.executions");
  EXPECT_EQ(execution.at(0, 0), "e.1");
  EXPECT_EQ(execution.at(0, 4).substr(0, 9), "-1.234567");
  EXPECT_EQ(ask("SELECT json->'intent'->>'quantity' FROM robo.facts WHERE kind = 'OrderChanged'").at(0, 0), "10");
  EXPECT_EQ(number("SELECT parts FROM robo.disk() WHERE name = 'quotes'"), 2);
  EXPECT_EQ(number("SELECT count(DISTINCT tableoid) FROM robo.quotes"), 2);
}

TEST_F(PostgresTest, has_the_columns_of_the_records) {
  Connection connection;
  ASSERT_FALSE(connection.open(server().dsn(database_), seconds(20)));
  ASSERT_EQ(store::postgres::migrate(connection, "auto").value().applied, 1);
  EXPECT_EQ(store::postgres::migrate(connection, "auto").value().applied, 0);
  const auto check = [&]<class R>(const R&) {
    const auto answer = ask(fmt::format("SELECT column_name FROM information_schema.columns WHERE table_schema = 'robo' AND table_name = '{}' ORDER BY ordinal_position",
                                        store::postgres::table_of<R>));
    EXPECT_EQ(columns_in<R>(answer), store::postgres::column_list<R>()) << store::postgres::table_of<R>;
  };
  check(store::postgres::InstrumentRecord{}), check(store::QuoteRecord{}), check(store::TradeRecord{}), check(store::DepthRecord{}), check(store::DepthRowRecord{});
  check(store::BarRecord{}), check(store::OrderRecord{}), check(store::ExecutionRecord{}), check(store::FactRecord{});
}

TEST_F(PostgresTest, brings_each_record_once_however_often_the_server_crashes_in_the_middle) {
  Day day(journal());
  day.begin();
  auto store = pump(300);
  store->follow(journal());
  for (int crash = 0; crash < 4; ++crash) {
    const auto before = store->status().next_record;
    for (int i = 0; i < 3'000; ++i) {
      day.quote(i);
      if (i % 100 == 0) day.fill(static_cast<std::uint64_t>(crash * 100 + i / 100));
    }
    ASSERT_TRUE(eventually([&] { return store->status().next_record > before; }));
    server().kill();  // wherever it stands: in a COPY, before or after its COMMIT
    for (int i = 0; i < 500; ++i) day.quote(i);
    server().start();
  }
  ASSERT_TRUE(eventually([&] { return store->status().caught_up; }));
  day.close();
  store->stop(seconds(30));
  expect_all(day);
  EXPECT_GE(store->status().outages, 1u);
  ASSERT_FALSE(told().empty());
  EXPECT_NE(told().front().find("trading goes on"), std::string::npos) << told().front();
}

TEST_F(PostgresTest, two_writers_of_one_journal_do_not_double_it) {
  Day day(journal());
  day.begin();
  for (int i = 0; i < 20'000; ++i) day.quote(i);
  day.close();
  auto one = pump(50), two = pump(70);
  one->bring({journal()});
  two->bring({journal()});
  EXPECT_TRUE(one->wait(seconds(60)));
  EXPECT_TRUE(two->wait(seconds(60)));
  expect_all(day);
}

TEST_F(PostgresTest, a_new_start_goes_on_where_the_last_one_was_cut) {
  Day day(journal());
  day.begin();
  for (int i = 0; i < 5'000; ++i) day.quote(i);
  {
    auto first = pump(100);
    first->follow(journal());
    ASSERT_TRUE(eventually([&] { return first->status().rows > 200; }));
  }  // cut at once
  day.fill(3);
  day.close();
  auto second = pump();
  second->bring({journal()});
  ASSERT_TRUE(second->wait(seconds(60)));
  expect_all(day);
}

TEST_F(PostgresTest, a_server_that_stops_answering_holds_nobody_up) {
  Day day(journal());
  day.begin();
  day.quote(1);
  auto store = pump();
  store->follow(journal());
  ASSERT_TRUE(eventually([&] { return store->status().caught_up && store->status().rows > 0; }));
  Connection holds_the_table;
  ASSERT_FALSE(holds_the_table.open(server().dsn(database_), seconds(60)));
  ASSERT_TRUE(holds_the_table.run("BEGIN; LOCK TABLE robo.quotes IN ACCESS EXCLUSIVE MODE").has_value());
  for (int i = 0; i < 2'000; ++i) day.quote(i);
  ASSERT_TRUE(eventually([&] { return store->status().held_rows > 0; }));
  ASSERT_TRUE(eventually([&] { return !store->status().trouble.empty(); })) << "the statement's time is over";
  EXPECT_NE(store->status().trouble.find("statement timeout"), std::string::npos) << store->status().trouble;
  ASSERT_TRUE(eventually([&] { return store->status().connected; }));
  const auto begun = std::chrono::steady_clock::now();
  store->stop(milliseconds(200));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::milliseconds(1'500));
  EXPECT_EQ(holds_the_table.run("SELECT count(*) FROM robo.quotes")->integer(0, 0), 1);
  holds_the_table.close();
  day.close();
  auto next = pump();
  next->bring({journal()});
  ASSERT_TRUE(next->wait(seconds(60)));
  expect_all(day);
}

TEST_F(PostgresTest, text_that_is_no_text_does_not_stop_the_rows_behind_it) {
  Day day(journal());
  day.begin();
  day.fill(1, std::string_view("zero \0 byte", 11));
  day.fill(2, "cut inside a character \xe2\x82");
  day.fill(3, "euro \xe2\x82\xac, latin \xe9, \"quoted\" \\u0000");
  day.close();
  auto store = pump();
  store->bring({journal()});
  ASSERT_TRUE(store->wait(seconds(30)));
  EXPECT_TRUE(store->status().trouble.empty()) << store->status().trouble;
  expect_all(day);
  EXPECT_EQ(ask("SELECT text FROM robo.orders ORDER BY record").at(2, 0), "euro \xe2\x82\xac, latin \xef\xbf\xbd, \"quoted\" \\u0000");
}

TEST_F(PostgresTest, says_in_one_sentence_what_is_wrong) {
  store::JournalName name{.name = "j@1", .session = 1, .begins_at = test::day_start()};
  PostgresSink nowhere({}, "host=/nonexistent dbname=x user=robo");
  EXPECT_NE(nowhere.open(name).error().text.find("start the server"), std::string::npos);
  PostgresSink no_database({}, server().dsn("never_made"));
  EXPECT_NE(no_database.open(name).error().text.find("createdb"), std::string::npos);

  (void)ask("CREATE ROLE stranger LOGIN PASSWORD 'right'; GRANT ALL ON DATABASE " + database_ + " TO stranger");
  server().ask_for_passwords();
  const auto wrong_password = [&] {
    PostgresSink sink({}, server().dsn(database_, "stranger") + " password=wrong");
    return sink.open(name).error().text;
  };
  ASSERT_TRUE(eventually([&] { return wrong_password().find("password authentication failed") != std::string::npos; }));
  EXPECT_NE(wrong_password().find("environment variable"), std::string::npos);
  EXPECT_EQ(wrong_password().find("wrong"), std::string::npos) << "the password is told";
  PostgresSink right({}, server().dsn(database_, "stranger") + " password=right");
  EXPECT_TRUE(right.open(name).has_value());
}

TEST_F(PostgresTest, refuses_a_schema_of_the_future_and_one_of_another_history) {
  store::JournalName name{.name = "j@1", .session = 1, .begins_at = test::day_start()};
  PostgresSink sink({}, server().dsn(database_));
  ASSERT_TRUE(sink.open(name).has_value());
  (void)ask("INSERT INTO robo.migrations (version, name, flavour, checksum) VALUES (99, 'later', 'native', 'x')");
  EXPECT_NE(sink.open(name).error().text.find("version 99, this program knows 1: update the program"), std::string::npos);
  (void)ask("DELETE FROM robo.migrations WHERE version = 99; UPDATE robo.migrations SET checksum = 'other'");
  EXPECT_NE(sink.open(name).error().text.find("is not the one of this program"), std::string::npos);
}

TEST_F(PostgresTest, keeps_what_it_is_told_and_warns_before_the_ceiling) {
  Day day(journal());
  day.begin();
  day.quote(1);
  day.later(hours(24 * 40));
  day.quote(2);
  day.close();
  store::PostgresSettings settings;
  settings.keep_days = {{"quotes", 30}};
  settings.disk_max_gb = 0.000'001;
  PostgresSink sink(settings, server().dsn(database_));
  auto store = pump(10, settings);
  store->bring({journal()});
  ASSERT_TRUE(store->wait(seconds(30)));
  ASSERT_EQ(rows("quotes"), 2u);
  ASSERT_TRUE(sink.open({.name = "other@1", .session = 1, .begins_at = test::day_start()}).has_value());
  sink.event(0, {.at = day.now(), .received_at = day.now(), .payload = TimerFired{}});
  const auto warning = sink.keep_house();
  EXPECT_NE(warning.find("postgres.disk_max_gb"), std::string::npos) << warning;
  EXPECT_EQ(rows("quotes"), 1u);
  EXPECT_EQ(rows("facts"), day.facts);
}

TEST_F(PostgresTest, a_backup_restored_elsewhere_is_the_same_to_the_row) {
  Day day(journal());
  day.begin();
  for (int i = 0; i < 500; ++i) day.quote(i);
  day.fill(1, "with text");
  day.mark();
  day.close();
  auto store = pump();
  store->bring({journal()});
  ASSERT_TRUE(store->wait(seconds(30)));
  const auto file = folder_ / "backup.dump";
  const auto backed_up = store::postgres::backup(server().dsn(database_), file);
  ASSERT_FALSE(backed_up) << backed_up->text;
  const auto digest = [&] {
    std::string text;
    for (const auto* table : {"quotes", "orders", "executions", "facts", "instruments", "journals", "migrations"})
      text += ask(fmt::format("SELECT count(*) || ' ' || md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM robo.{} t", table)).at(0, 0);
    return text;
  };
  const auto before = digest();
  const auto source = database_;
  database_ += "_restored";
  server().create(database_);
  const auto restored = store::postgres::restore(server().dsn(database_), file);
  ASSERT_FALSE(restored) << restored->text;
  EXPECT_EQ(digest(), before);
  // A session goes on in it as if nothing had been.
  auto again = pump();
  again->bring({journal()});
  ASSERT_TRUE(again->wait(seconds(30)));
  EXPECT_EQ(again->status().rows, 0u);
  expect_all(day);
  const auto twice = store::postgres::restore(server().dsn(database_), file);
  ASSERT_TRUE(twice.has_value()) << "over tables that are there";
  EXPECT_NE(twice->text.find("already exists"), std::string::npos) << twice->text;
  EXPECT_EQ(digest(), before);
  EXPECT_TRUE(store::postgres::restore(server().dsn(database_), folder_ / "none").has_value());
}

TEST_F(PostgresTest, aggregates_trades_to_seconds_minutes_and_hours) {
  Day day(journal());
  day.begin();
  day.trade(price(100), 10);
  day.trade(price(103), 20);
  day.trade(price(90), 5, trade_condition::not_last);
  day.trade(price(101), 30, trade_condition::not_volume);
  day.later(seconds(61));
  day.trade(price(99), 7);
  day.close();
  auto store = pump();
  store->bring({journal()});
  ASSERT_TRUE(store->wait(seconds(30)));
  const auto bars = ask("SELECT open, high, low, close, volume, trades FROM robo.trades_1m ORDER BY bucket");
  ASSERT_EQ(bars.rows(), 2);
  EXPECT_EQ(bars.integer(0, 0), price(100).raw);
  EXPECT_EQ(bars.integer(0, 1), price(103).raw);
  EXPECT_EQ(bars.integer(0, 2), price(100).raw);
  EXPECT_EQ(bars.integer(0, 3), price(101).raw);
  EXPECT_EQ(bars.integer(0, 4), shares(35).raw);
  EXPECT_EQ(bars.integer(0, 5), 4);
  EXPECT_EQ(number("SELECT close FROM robo.trades_1h"), price(99).raw);
}

// The statements that need the extension: run where ROBO_TIMESCALE_DSN names a server that has it; parsed word by word by
// PL/pgSQL's checker on any server.
TEST_F(PostgresTest, timescale_statements_are_right) {
  std::ifstream file(std::string(ROBO_SOURCE_DIR) + "/deploy/migrations/postgres/0001_timescale.sql");
  std::ostringstream text;
  text << file.rdbuf();
  if (const char* dsn = std::getenv("ROBO_TIMESCALE_DSN")) {
    Connection connection;
    const auto wrong = connection.open(dsn, seconds(60));
    ASSERT_FALSE(wrong) << wrong->text;
    ASSERT_TRUE(connection.run("DROP SCHEMA IF EXISTS robo CASCADE; DROP SCHEMA IF EXISTS robo_read CASCADE").has_value());
    const auto made = store::postgres::migrate(connection, "on");
    ASSERT_TRUE(made.has_value()) << made.error().text;
    EXPECT_EQ(made->flavour, store::postgres::Flavour::Timescale);
    const auto chunks = connection.run("SELECT count(*) FROM timescaledb_information.hypertables WHERE hypertable_schema = 'robo'");
    ASSERT_TRUE(chunks.has_value());
    EXPECT_GE(chunks->integer(0, 0), 9);
    return;
  }
  // SELECTs become PERFORM's expression by being written as EXISTS; functions are made, everything else stands as it is.
  std::string statement, body, functions;
  bool in_function = false;
  std::istringstream lines(text.str());
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("--") || line.empty()) continue;
    statement += line + "\n";
    if (line.find("CREATE FUNCTION") == 0) in_function = true;
    const bool ends = in_function ? (line.find("$$;") != std::string::npos) : line.ends_with(";");
    if (!ends) continue;
    if (in_function) functions += statement;
    else if (statement.starts_with("SELECT ")) body += "PERFORM " + statement.substr(7);
    else body += statement;
    statement.clear();
    in_function = false;
  }
  EXPECT_TRUE(statement.empty()) << statement;
  EXPECT_NO_THROW((void)ask("CREATE FUNCTION parses() RETURNS void LANGUAGE plpgsql AS $check$ BEGIN\n" + body + "\nEND $check$"));
  EXPECT_THROW((void)ask("CREATE FUNCTION parses_not() RETURNS void LANGUAGE plpgsql AS $check$ BEGIN\nCREATE MATERIALISED VIEW x AS SELECT 1;\nEND $check$"), std::runtime_error);
  Connection connection;
  ASSERT_FALSE(connection.open(server().dsn(database_), seconds(20)));
  EXPECT_NE(store::postgres::migrate(connection, "on").error().text.find("CREATE EXTENSION timescaledb"), std::string::npos);
}

}  // namespace robo
