#include "edge/store/store.hpp"

#include <filesystem>
#include <limits>
#include <random>

#include "edge/store/fact_store.hpp"
#include "edge/store/import.hpp"
#include "edge/store/parquet_file.hpp"
#include "edge/store/store_market.hpp"
#include "unit/edge/store/support.hpp"

using namespace robo;
using namespace robo::store;
using namespace robo::store::test;
namespace fs = std::filesystem;

namespace {

/// A folder of its own for each test, gone afterwards.
class Store : public ::testing::Test {
 protected:
  Store() : root_(fs::temp_directory_path() / ("robo_store_" + std::to_string(std::random_device{}()))) { fs::create_directories(root_); }
  ~Store() override { fs::remove_all(root_); }
  const Calendars& calendars() {
    static const Calendars known = read_calendars(data + "calendars").value();
    return known;
  }
  std::vector<fs::path> files() {
    std::vector<fs::path> found;
    for (const auto& entry : fs::recursive_directory_iterator(root_))
      if (entry.is_regular_file()) found.push_back(entry.path());
    std::sort(found.begin(), found.end());
    return found;
  }
  fs::path root_;
};

const Date monday = date_of(2019, 2, 11);

TradeRecord trade_at(std::int64_t second, std::int64_t units) {
  return {.at = {monday.days * hours(24).ns + seconds(second).ns}, .venue = 'N', .aggressor = Aggressor::Seller, .conditions = 5,
          .sale_conditions = "F I", .price = price(units), .size = shares(3)};
}

template <class R>
bool equal(const R& a, const R& b) {
  bool same = true;
  each_field<R>([&](auto field) { same = same && a.*field.member == b.*field.member; });
  return same;
}

TEST_F(Store, every_kind_of_record_comes_back_as_it_was_with_its_extremes) {
  const auto smallest = std::numeric_limits<std::int64_t>::min(), largest = std::numeric_limits<std::int64_t>::max();
  const auto check = [&]<class R>(const std::vector<R>& rows) {
    const auto path = root_ / std::string(kind_of<R>) / "x.parquet";
    const auto written = write_parquet<R>(path, rows, {{"a", "b"}});
    ASSERT_TRUE(written) << written.error().text;
    const auto back = read_parquet<R>(path);
    ASSERT_TRUE(back) << back.error().text;
    ASSERT_EQ(back->size(), rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_TRUE(equal(rows[i], (*back)[i])) << kind_of<R> << i;
    EXPECT_EQ(read_notes(path)->at("a"), "b");
  };
  check(std::vector<QuoteRecord>{{}, {.at = {largest}, .received_at = {smallest}, .venue = 255, .bid = Price::from_raw(smallest), .ask = Price::from_raw(largest), .bid_size = shares(1)}});
  check(std::vector<TradeRecord>{{}, trade_at(1, 2), {.aggressor = Aggressor::Buyer, .conditions = 65535, .sale_conditions = "12345678"}});
  check(std::vector<DepthRecord>{{}, {.snapshot = true, .side = BookSide::Bid, .price = price(-36, -98), .update_id = largest}});
  check(std::vector<BarRecord>{{}, {.start = {smallest}, .period = hours(24), .close = price(1), .volume_known = true, .origin = DataOrigin::ReconstructedFromBars}});
  check(std::vector<OrderRecord>{{}, {.session = std::numeric_limits<std::uint64_t>::max(), .perm_id = -1, .client_id = -5, .symbol = "BRK B", .side = Side::Sell, .kind = "StopLimit", .state = OrderState::Rejected, .text = "quotes \" and ünïcode"}});
  check(std::vector<ExecutionRecord>{{}, {.execution = "0000e0d5.1.01.01", .external = true, .realized = Money::from_raw(smallest)}});
  check(std::vector<FactRecord>{{}, {.sequence = 7, .kind = "Noted", .json = std::string(100'000, 'x')}});
  check(std::vector<TradeRecord>{});
}

TEST_F(Store, partitions_are_folders_by_kind_day_and_symbol) {
  StoreWriter writer(root_, WriterKind::Import, "a.csv");
  writer.trade("AAPL", monday, trade_at(2, 10));
  writer.trade("AAPL", monday, trade_at(1, 11));
  writer.trade("BRK/B", date_of(2019, 2, 12), trade_at(1, 12));
  writer.bar("../evil", monday, {.period = minutes(1)});
  const auto written = writer.finish();
  ASSERT_TRUE(written) << written.error().text;
  EXPECT_EQ(written->rows, 4u);
  EXPECT_EQ(written->parts, 3u);
  ASSERT_EQ(partitions(root_, "trades").size(), 2u);
  EXPECT_EQ(partitions(root_, "trades", "BRK/B")[0].day, date_of(2019, 2, 12));
  EXPECT_TRUE(partitions(root_, "trades", "", date_of(2019, 2, 13)).empty());
  EXPECT_TRUE(fs::exists(root_ / "trades/date=2019-02-11/symbol=AAPL"));
  EXPECT_TRUE(fs::exists(root_ / "trades/date=2019-02-12/symbol=BRK%2FB"));
  EXPECT_EQ(partitions(root_, "bars")[0].symbol, "../evil");  // and nothing left the store
  for (const auto& path : files()) EXPECT_TRUE(path.string().starts_with(root_.string()));
  const auto rows = read_partition<TradeRecord>(root_, {"trades", monday, "AAPL"});
  ASSERT_EQ(rows->size(), 2u);
  EXPECT_EQ((*rows)[0].price, price(11));  // in order of time
}

TEST_F(Store, the_same_source_again_replaces_and_another_one_adds) {
  const auto bring = [&](std::string_view source, int rows, std::size_t rows_max) {
    StoreWriter writer(root_, WriterKind::Import, source, rows_max);
    for (int i = 0; i < rows; ++i) writer.trade("AAPL", monday, trade_at(i, 10));
    ASSERT_TRUE(writer.finish());
  };
  const auto held = [&] { return read_partition<TradeRecord>(root_, {"trades", monday, "AAPL"})->size(); };
  bring("a.csv", 1000, 100);
  EXPECT_EQ(files().size(), 10u);
  EXPECT_EQ(held(), 1000u);
  bring("a.csv", 300, 100);  // shorter: what the longer one left is gone
  EXPECT_EQ(held(), 300u);
  bring("b.csv", 7, 100);
  EXPECT_EQ(held(), 307u);
}

TEST_F(Store, parts_of_sessions_are_joined_and_a_crash_in_between_changes_nothing) {
  {
    StoreWriter writer(root_, WriterKind::Session, "session 1");
    for (int i = 0; i < 5; ++i) {
      writer.trade("AAPL", monday, trade_at(10 - i, i + 1));
      ASSERT_TRUE(writer.flush());
    }
  }
  const fs::path folder = path_of(root_, {"trades", monday, "AAPL"});
  const auto before = files();
  ASSERT_EQ(before.size(), 5u);
  const fs::path kept = root_.string() + "_kept";
  fs::copy(folder, kept);
  std::ofstream(folder / ".part-session-x.parquet.1.tmp") << "half a file";

  const auto summary = compact(root_);
  ASSERT_TRUE(summary) << summary.error().text;
  EXPECT_EQ(summary->parts_before, 5u);
  EXPECT_EQ(summary->parts_after, 1u);
  EXPECT_EQ(summary->leftovers_removed, 1u);
  EXPECT_EQ(files().size(), 1u);
  const auto whole = read_partition<TradeRecord>(root_, {"trades", monday, "AAPL"});
  ASSERT_EQ(whole->size(), 5u);
  EXPECT_EQ((*whole)[0].price, price(5));

  // As if the process had died after the new part appeared and before the old ones were removed.
  fs::copy(kept, folder, fs::copy_options::skip_existing | fs::copy_options::recursive);
  EXPECT_EQ(files().size(), 6u);
  EXPECT_EQ(read_partition<TradeRecord>(root_, {"trades", monday, "AAPL"})->size(), 5u);
  ASSERT_TRUE(compact(root_));
  EXPECT_EQ(files().size(), 1u);
  EXPECT_EQ(read_partition<TradeRecord>(root_, {"trades", monday, "AAPL"})->size(), 5u);
  fs::remove_all(kept);
}

TEST_F(Store, a_damaged_or_foreign_part_is_named_and_not_fatal) {
  StoreWriter writer(root_, WriterKind::Import, "a.csv");
  for (int i = 0; i < 1000; ++i) writer.trade("AAPL", monday, trade_at(i, 10));
  ASSERT_TRUE(writer.finish());
  const auto path = files()[0];
  const auto size = fs::file_size(path);
  fs::resize_file(path, size / 2);
  auto rows = read_partition<TradeRecord>(root_, {"trades", monday, "AAPL"});
  ASSERT_FALSE(rows);
  EXPECT_NE(rows.error().text.find(path.string()), std::string::npos);
  std::ofstream(path) << "not parquet at all";
  EXPECT_FALSE(read_partition<TradeRecord>(root_, {"trades", monday, "AAPL"}));
  fs::resize_file(path, 0);
  EXPECT_FALSE(read_partition<TradeRecord>(root_, {"trades", monday, "AAPL"}));
  // Another kind's columns.
  ASSERT_TRUE(write_parquet<BarRecord>(path, std::vector<BarRecord>(3)));
  rows = read_partition<TradeRecord>(root_, {"trades", monday, "AAPL"});
  ASSERT_FALSE(rows);
  EXPECT_NE(rows.error().text.find("column at is missing"), std::string::npos) << rows.error().text;
}

TEST_F(Store, any_bytes_as_a_part_are_an_error_and_never_a_crash) {
  StoreWriter writer(root_, WriterKind::Import, "a.csv");
  for (int i = 0; i < 50; ++i) writer.trade("AAPL", monday, trade_at(i, 10));
  ASSERT_TRUE(writer.finish());
  const auto path = files()[0];
  std::ifstream in(path, std::ios::binary);
  const std::string good((std::istreambuf_iterator<char>(in)), {});
  std::mt19937 random(7);
  for (int round = 0; round < 400; ++round) {
    auto bad = good;
    for (int i = 0; i < 1 + round % 5; ++i) bad[random() % bad.size()] = static_cast<char>(random());
    if (round % 7 == 0) bad.resize(random() % bad.size());
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bad;
    (void)read_partition<TradeRecord>(root_, {"trades", monday, "AAPL"});
  }
}

TEST_F(Store, a_store_that_cannot_be_written_says_so_and_keeps_the_rows) {
  std::ofstream(root_ / "blocked") << "a file where a folder should be";
  StoreWriter writer(root_ / "blocked", WriterKind::Session, "session 1");
  writer.trade("AAPL", monday, trade_at(1, 10));
  ASSERT_FALSE(writer.flush());
  fs::remove(root_ / "blocked");
  const auto again = writer.flush();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->rows, 1u);
}

TEST_F(Store, the_shipped_tape_through_import_and_store_is_the_market_read_from_its_files) {
  Importer importer(root_, calendars());
  double progress = 0;
  for (const auto* file : {"equity_intraday/taq_XXX_quotes_raw_2018-01-02_03.csv.gz", "equity_intraday/taq_XXX_trades_raw_2018-01-02_03.csv.gz"}) {
    const auto outcome = importer.import({.file = data + file, .consolidate = false}, [&](double part) {
      progress = part;
      return true;
    });
    ASSERT_TRUE(outcome) << outcome.error().text;
    EXPECT_EQ(outcome->written.rows, outcome->report.kept);
    EXPECT_EQ(outcome->written.parts, 2u);
    EXPECT_EQ(progress, 1.0);
  }
  auto stored = StoreMarket::open({.root = root_});
  ASSERT_TRUE(stored) << stored.error().text;
  EXPECT_EQ(stored->days().size(), 2u);
  auto tape = open_shipped_market(data, ShippedMarket::Taq, calendars(), TapeOptions{.phases = false}).value();
  std::size_t at = 0;
  for (auto day = stored->next(); !day.empty(); day = stored->next()) {
    for (const Event& event : day) {
      ASSERT_LT(at, tape->events().size());
      const Event& expected = tape->events()[at++];
      ASSERT_EQ(event.at, expected.at);
      ASSERT_EQ(event.payload.index(), expected.payload.index()) << at;
      std::visit([&](const auto& one) {
        using T = std::remove_cvref_t<decltype(one)>;
        if constexpr (std::is_same_v<T, Quote> || std::is_same_v<T, Trade>) {
          ASSERT_TRUE(equal(one, std::get<T>(expected.payload))) << at;
        }
      }, event.payload);
    }
  }
  EXPECT_FALSE(stored->failed());
  EXPECT_EQ(at, tape->events().size());
}

TEST_F(Store, recorded_depth_and_bars_come_in_and_go_out_in_order_over_midnight) {
  Importer importer(root_, calendars());
  for (const auto* file : {"orderbook/binance_spot_btcusdt_20240808.jsonl.gz", "orderbook/binance_spot_btcusdt_20240809.jsonl.gz"}) {
    const auto outcome = importer.import({.file = data + file});
    ASSERT_TRUE(outcome) << outcome.error().text;
    EXPECT_EQ(rows_of(outcome->report.refusals, "without a snapshot"), 0u);
  }
  ASSERT_TRUE(importer.import({.file = data + "equity_intraday/us24_1min_to_2019-02-15.csv.gz"}));
  auto stored = StoreMarket::open({.root = root_, .symbols = {"BTCUSDT", "AAPL"}});
  ASSERT_TRUE(stored) << stored.error().text;
  Timestamp last{};
  std::size_t levels = 0, trades = 0;
  for (auto day = stored->next(); !day.empty(); day = stored->next())
    for (const Event& event : day) {
      ASSERT_GE(event.at, last);
      last = event.at;
      levels += std::holds_alternative<DepthLevel>(event.payload) ? 1u : 0u;
      trades += std::holds_alternative<Trade>(event.payload) ? 1u : 0u;
    }
  EXPECT_EQ(trades, 9757u + 10147u + 4u * 1948u);
  auto tape = open_shipped_market(data, ShippedMarket::Crypto, calendars(), {}).value();
  const auto expected = std::count_if(tape->events().begin(), tape->events().end(), [](const Event& event) { return std::holds_alternative<DepthLevel>(event.payload); });
  EXPECT_EQ(levels, static_cast<std::size_t>(expected));
  EXPECT_FALSE(StoreMarket::open({.root = root_, .symbols = {"NOPE"}}));
}

TEST_F(Store, daily_bars_lie_by_the_year_and_come_back_by_the_day) {
  Importer importer(root_, calendars());
  const auto outcome = importer.import({.file = data + "daily/MSFT_ohlcv_1990_2022.csv.gz"});
  ASSERT_TRUE(outcome) << outcome.error().text;
  EXPECT_EQ(outcome->written.rows, 8111u);
  EXPECT_EQ(outcome->written.parts, 33u);
  EXPECT_TRUE(fs::exists(root_ / "daily_bars/date=1990-01-01/symbol=MSFT"));
  const auto january = read_daily_bars(root_, "MSFT", date_of(1990, 1, 2), date_of(1990, 2, 1));
  ASSERT_TRUE(january) << january.error().text;
  EXPECT_EQ(january->size(), 22u);
  EXPECT_EQ(january->front().open, *parse_decimal<Price>("0.378"));
  EXPECT_EQ(read_daily_bars(root_, "MSFT", date_of(2022, 3, 10), date_of(2022, 3, 11))->size(), 1u);
  EXPECT_TRUE(read_daily_bars(root_, "MSFT", date_of(2022, 3, 11), date_of(2023, 1, 1))->empty());
  EXPECT_TRUE(compact(root_));
}

TEST_F(Store, import_says_what_is_wrong_with_a_request) {
  Importer importer(root_, calendars());
  const auto error = [&](ImportRequest request) {
    const auto outcome = importer.import(request);
    return outcome ? std::string("accepted") : outcome.error().text;
  };
  const auto file = root_ / "x.csv";
  std::ofstream(file) << "hello world\n";
  EXPECT_NE(error({.file = file}).find("the first line must name the columns"), std::string::npos);
  EXPECT_NE(error({.file = root_ / "no.csv"}).find("cannot be opened"), std::string::npos);
  EXPECT_NE(error({.file = root_}).find("is a folder"), std::string::npos);
  std::ofstream(file) << "date,close\n2019-01-02,5\n";
  EXPECT_EQ(error({.file = file, .calendar = "LSE"}), "there is no calendar 'LSE'; there are 24x7, CME, FX, NASDAQ, NYSE");
  EXPECT_EQ(error({.file = file, .stamp = "middle"}), "stamp 'middle' is neither start nor end");
  EXPECT_NE(error({.file = file, .zone = "Mars"}).find("Mars"), std::string::npos);
  EXPECT_EQ(error({.file = file}), "accepted");
}

TEST_F(Store, a_gzip_file_cut_in_the_middle_gives_what_is_there_and_says_so) {
  std::ifstream in(data + "equity_intraday/us24_1min_to_2019-02-15.csv.gz", std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(in)), {});
  std::ofstream(root_ / "cut.csv.gz", std::ios::binary) << bytes.substr(0, bytes.size() / 2);
  Importer importer(root_ / "store", calendars());
  const auto outcome = importer.import({.file = root_ / "cut.csv.gz"});
  ASSERT_TRUE(outcome) << outcome.error().text;
  EXPECT_GT(outcome->report.kept, 15'000u);
  EXPECT_LT(outcome->report.kept, 30'000u);
  EXPECT_NE(outcome->report.notes.back().find("ends too early"), std::string::npos) << outcome->report.notes.back();
}

TEST_F(Store, orders_executions_and_facts_become_tables) {
  const Instrument spy = [] {
    auto instrument = instrument_named("SPY");
    instrument.id = InstrumentId{0};
    return instrument;
  }();
  StoreWriter writer(root_, WriterKind::Session, "session 42");
  FactStore facts(writer);
  facts.know(spy);
  const Timestamp at{monday.days * hours(24).ns + hours(15).ns};
  const OrderIntent intent{.key = {42, 7}, .instrument = spy.id, .side = Side::Sell, .quantity = shares(100), .kind = StopLimit{price(270), price(269, 50)}};
  facts.take({at, OrderChanged{.intent = intent, .state = OrderState::Submitted, .previous = OrderState::PendingSubmit, .broker_id = {1, 9}, .perm_id = PermId{55}}});
  facts.take({at + seconds(1), OrderFilled{.execution = {.id = "e.1.01", .key = {42, 7}, .instrument = spy.id, .side = Side::Sell, .quantity = shares(100), .price = price(269, 60), .executed_at = at}, .intent = intent, .position_after = shares(-100)}});
  facts.take({at + seconds(2), KillChanged{.killed = true, .who = "desk", .reason = "a test"}});
  const auto written = writer.flush();
  ASSERT_TRUE(written) << written.error().text;
  EXPECT_EQ(written->rows, 5u);
  const auto orders = read_partition<OrderRecord>(root_, {"orders", monday, "SPY"});
  ASSERT_EQ(orders->size(), 1u);
  EXPECT_EQ((*orders)[0].kind.view(), "StopLimit");
  EXPECT_EQ((*orders)[0].limit, price(269, 50));
  EXPECT_EQ((*orders)[0].trigger, price(270));
  EXPECT_EQ((*orders)[0].state, OrderState::Submitted);
  const auto executions = read_partition<ExecutionRecord>(root_, {"executions", monday, "SPY"});
  ASSERT_EQ(executions->size(), 1u);
  EXPECT_EQ((*executions)[0].position_after, shares(-100));
  const auto kill = read_partition<FactRecord>(root_, {"facts", monday, "_engine"});
  ASSERT_EQ(kill->size(), 1u);
  EXPECT_EQ((*kill)[0].kind.view(), "KillChanged");
  EXPECT_NE((*kill)[0].json.find("\"reason\":\"a test\""), std::string::npos) << (*kill)[0].json;
}

}  // namespace
