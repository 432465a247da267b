#include "apps/session_store.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "apps/journal_to_store.hpp"
#include "edge/journal/reader.hpp"
#include "edge/journal/writer.hpp"
#include "edge/store/fact_store.hpp"

namespace robo::apps {
namespace {

namespace fs = std::filesystem;

// Noon of 2019-02-14 in New York.
constexpr Timestamp noon{1'550'163'600'000'000'000};
constexpr InstrumentId spy{0}, coin{1};
const Date day = date_of(2019, 2, 14);

class SessionStoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "robo-session-store-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    root_ = name;
    calendars_ = store::read_calendars(fs::path(ROBO_SOURCE_DIR) / "data/calendars").value();
  }
  void TearDown() override { fs::remove_all(root_); }

  std::unique_ptr<journal::Writer> begin(std::uint64_t session, std::size_t segment = 256u << 10) const {
    auto writer = journal::Writer::open({.folder = journal(session), .session = session, .segment_size = segment, .patient = true}).value();
    const EngineStarted started{.session = session, .account = "DU1"};
    writer->on_event({.at = noon, .received_at = noon, .payload = Boxed<EngineStarted>{&started}});
    Instrument one{.id = spy, .symbol = "SPY", .calendar = "NYSE"};
    writer->on_event({.at = noon, .received_at = noon, .payload = Boxed<Instrument>{&one}});
    one = {.id = coin, .symbol = "BTCUSDT", .calendar = "24x7"};
    writer->on_event({.at = noon, .received_at = noon, .payload = Boxed<Instrument>{&one}});
    return writer;
  }
  /// One second of a day: a quote, a trade, now and then an order that fills, and a bar.
  static void second_of(journal::Writer& writer, std::int64_t i) {
    const Timestamp at = noon + seconds(i);
    writer.on_event({.at = at, .received_at = at + milliseconds(3),
                     .payload = Quote{.instrument = spy, .bid = price(270) + Price::from_raw(i), .ask = price(271), .bid_size = shares(i + 1), .ask_size = shares(2)}});
    writer.on_event({.at = at, .received_at = at, .payload = Trade{.instrument = spy, .price = price(270, 50), .size = shares(i + 1)}});
    writer.on_event({.at = at, .received_at = at, .payload = DepthLevel{.instrument = coin, .side = BookSide::Ask, .last_of_batch = true, .price = price(60'000 + i), .size = shares(1)}});
    const Bar bar{.instrument = spy, .start = at, .period = seconds(1), .open = price(1), .high = price(2), .low = price(1), .close = price(2), .volume = shares(i)};
    writer.on_event({.at = at, .received_at = at, .payload = Boxed<Bar>{&bar}});
    if (i % 10 != 0) return;
    const OrderIntent intent{.key = {7, static_cast<std::uint64_t>(i)}, .instrument = spy, .side = Side::Buy, .quantity = shares(10), .kind = Limit{price(270)}};
    writer.on_fact({.at = at, .payload = OrderChanged{.intent = intent, .state = OrderState::Filled, .previous = OrderState::Submitted, .filled = shares(10)}});
    OrderFilled filled{.intent = intent};
    filled.execution = {.id = ExecutionId{}, .key = intent.key, .instrument = spy, .side = Side::Buy, .quantity = shares(10), .price = price(270), .executed_at = at};
    writer.on_fact({.at = at, .payload = filled});
    writer.on_fact({.at = at, .payload = EquityMarked{.equity = Money::whole(1'000'000 + i)}});
  }
  SessionStoreSettings settings(std::uint64_t session, Duration flush_every = minutes(5)) const {
    return {.root = store(), .journal = journal(session), .session = session, .calendars = calendars_, .flush_every = flush_every};
  }
  fs::path journal(std::uint64_t session) const { return root_ / "journal" / std::to_string(session); }
  fs::path store() const { return root_ / "store"; }

  template <class R>
  std::vector<R> rows(std::string_view symbol, const fs::path& root) const {
    return store::read_partition<R>(root, {std::string(store::kind_of<R>), day, std::string(symbol)}).value();
  }
  /// Every table against what the journal's records say, one by one.
  void expect_equals_journal(std::uint64_t session, const fs::path& root) const {
    const auto quotes = rows<store::QuoteRecord>("SPY", root);
    const auto trades = rows<store::TradeRecord>("SPY", root);
    const auto bars = rows<store::BarRecord>("SPY", root);
    const auto depth = rows<store::DepthRecord>("BTCUSDT", root);
    const auto orders = rows<store::OrderRecord>("SPY", root);
    const auto executions = rows<store::ExecutionRecord>("SPY", root);
    auto facts = rows<store::FactRecord>("SPY", root);
    const auto engine = rows<store::FactRecord>("_engine", root);
    facts.insert(facts.end(), engine.begin(), engine.end());
    std::sort(facts.begin(), facts.end(), [](const auto& a, const auto& b) { return a.sequence < b.sequence; });

    auto reader = journal::Reader::open(journal(session)).value();
    journal::EventDecoder decoder;
    std::size_t quote = 0, trade = 0, bar = 0, level = 0, order = 0, execution = 0, fact = 0;
    for (journal::Record record; reader.next(record);) {
      Event event;
      Fact told;
      if (decoder.decode(record, event)) {
        if (const auto* q = std::get_if<Quote>(&event.payload)) {
          ASSERT_LT(quote, quotes.size());
          EXPECT_EQ(quotes[quote].at, event.at);
          EXPECT_EQ(quotes[quote].received_at, event.received_at);
          EXPECT_EQ(quotes[quote].bid, q->bid);
          EXPECT_EQ(quotes[quote++].bid_size, q->bid_size);
        } else if (const auto* t = std::get_if<Trade>(&event.payload)) {
          ASSERT_LT(trade, trades.size());
          EXPECT_EQ(trades[trade].price, t->price);
          EXPECT_EQ(trades[trade++].size, t->size);
        } else if (const auto* b = std::get_if<Boxed<Bar>>(&event.payload)) {
          ASSERT_LT(bar, bars.size());
          EXPECT_EQ(bars[bar].start, (*b)->start);
          EXPECT_EQ(bars[bar++].volume, (*b)->volume);
        } else if (const auto* l = std::get_if<DepthLevel>(&event.payload)) {
          ASSERT_LT(level, depth.size());
          EXPECT_EQ(depth[level].price, l->price);
          EXPECT_EQ(depth[level++].size, l->size);
        }
      } else if (journal::decode(record, told)) {
        ASSERT_LT(fact, facts.size());
        EXPECT_EQ(facts[fact].at, told.at);
        EXPECT_EQ(facts[fact++].kind, store::kind_name(told.payload));
        if (const auto* changed = std::get_if<OrderChanged>(&told.payload)) {
          ASSERT_LT(order, orders.size());
          EXPECT_EQ(orders[order].number, changed->intent.key.number);
          EXPECT_EQ(orders[order++].state, changed->state);
        } else if (const auto* filled = std::get_if<OrderFilled>(&told.payload)) {
          ASSERT_LT(execution, executions.size());
          EXPECT_EQ(executions[execution].number, filled->intent.key.number);
          EXPECT_EQ(executions[execution++].quantity, filled->execution.quantity);
        }
      }
    }
    EXPECT_EQ(quote, quotes.size());
    EXPECT_EQ(trade, trades.size());
    EXPECT_EQ(bar, bars.size());
    EXPECT_EQ(level, depth.size());
    EXPECT_EQ(order, orders.size());
    EXPECT_EQ(execution, executions.size());
    EXPECT_EQ(fact, facts.size());
    EXPECT_GT(fact, 0u);
  }
  template <class F>
  static bool comes_true(F&& what) {
    for (int i = 0; i < 3'000; ++i, std::this_thread::sleep_for(std::chrono::milliseconds(10)))
      if (what()) return true;
    return false;
  }
  std::size_t parts(const fs::path& root) const {
    std::size_t found = 0;
    if (!fs::exists(root)) return 0;
    for (const auto& entry : fs::recursive_directory_iterator(root)) found += entry.path().extension() == ".parquet";
    return found;
  }

  fs::path root_;
  store::Calendars calendars_;
};

}  // namespace

TEST_F(SessionStoreTest, a_journal_brought_in_is_in_the_store_record_by_record) {
  {
    auto writer = begin(7);
    for (std::int64_t i = 0; i < 2'000; ++i) second_of(*writer, i);
  }
  const auto stored = store_journal(journal(7), store(), calendars_);
  ASSERT_TRUE(stored.has_value());
  EXPECT_EQ(stored->market_rows, 8'000u);
  EXPECT_EQ(stored->facts, 600u);
  EXPECT_TRUE(stored->ending.empty());
  expect_equals_journal(7, store());
  const auto before = parts(store());
  ASSERT_TRUE(store_journal(journal(7), store(), calendars_).has_value());
  EXPECT_EQ(parts(store()), before);
  expect_equals_journal(7, store());
}

TEST_F(SessionStoreTest, a_session_is_stored_while_it_runs_and_its_store_equals_its_journal) {
  auto writer = begin(7);
  SessionStore store_of_it(settings(7, milliseconds(1)));  // flushes as often as it can
  for (std::int64_t i = 0; i < 6'000; ++i) {
    second_of(*writer, i);
    if (i % 1'000 == 999 && i < 3'000) {
      EXPECT_TRUE(comes_true([&] { return parts(store() / "quotes") > static_cast<std::size_t>(i / 1'000); }));
    }
  }
  EXPECT_TRUE(fs::exists(store() / "quotes")) << "the store is there before the session ends";
  EXPECT_EQ(unfinished_sessions(store()).size(), 1u);
  writer.reset();
  const auto stored = store_of_it.finish();
  EXPECT_EQ(stored.problem, "");
  EXPECT_EQ(stored.market_rows, 24'000u);
  EXPECT_EQ(stored.facts, 1'800u);
  EXPECT_EQ(stored.written.rows, 24'000u + 1'800u + 1'200u);
  expect_equals_journal(7, store());
  EXPECT_EQ(parts(store()), stored.written.parts);
  EXPECT_EQ(parts(store()), 8u) << "small parts are joined: one a table and symbol";
  EXPECT_TRUE(unfinished_sessions(store()).empty());

  // Brought in again by hand, nothing is there twice.
  ASSERT_TRUE(store_journal(journal(7), store(), calendars_).has_value());
  expect_equals_journal(7, store());
  EXPECT_EQ(parts(store()), 8u);
}

TEST_F(SessionStoreTest, what_a_crash_cut_off_is_made_up_for_by_the_next_session) {
  {
    auto writer = begin(7);
    for (std::int64_t i = 0; i < 500; ++i) second_of(*writer, i);
  }
  // The first session died after it had begun to store: its mark is there, its rows are not.
  fs::create_directories(store() / "unfinished");
  std::ofstream(store() / "unfinished" / "0badf00d.txt") << journal(7).string() << '\n';
  auto writer = begin(8);
  SessionStore second(settings(8));
  second_of(*writer, 0);
  writer.reset();
  EXPECT_TRUE(comes_true([&] { return !fs::exists(store() / "unfinished" / "0badf00d.txt"); }));
  EXPECT_EQ(second.finish().problem, "");
  EXPECT_TRUE(unfinished_sessions(store()).empty());
  EXPECT_EQ(rows<store::TradeRecord>("SPY", store()).size(), 501u);
}

TEST_F(SessionStoreTest, a_store_that_cannot_be_written_is_told_and_the_session_goes_on) {
  std::ofstream(store()) << "a file where a folder should be";
  auto writer = begin(7);
  SessionStore store_of_it(settings(7));
  second_of(*writer, 0);
  writer.reset();
  EXPECT_NE(store_of_it.finish().problem.find("cannot be written"), std::string::npos);
  auto reader = journal::Reader::open(journal(7)).value();
  std::uint64_t records = 0;
  for (journal::Record record; reader.next(record);) ++records;
  EXPECT_EQ(records, 10u);
}

TEST_F(SessionStoreTest, depth_by_position_becomes_depth_by_price) {
  {
    auto writer = begin(7);
    const auto row = [&](RowOperation operation, std::uint16_t position, std::int64_t at_price, std::int64_t size, std::string_view maker) {
      writer->on_event({.at = noon, .received_at = noon,
                        .payload = DepthRow{.instrument = spy, .side = BookSide::Bid, .operation = operation, .position = position, .price = price(at_price), .size = shares(size), .maker = maker}});
    };
    row(RowOperation::Insert, 0, 100, 5, "NYSE");
    row(RowOperation::Insert, 1, 99, 7, "NYSE");
    row(RowOperation::Insert, 1, 100, 3, "ARCA");   // a second maker at the best price
    row(RowOperation::Update, 0, 100, 6, "NYSE");
    row(RowOperation::Delete, 2, 0, 0, "");         // 99 goes
    row(RowOperation::Update, 2, 98, 1, "NYSE");
  }
  ASSERT_TRUE(store_journal(journal(7), store(), calendars_).has_value());
  const auto depth = rows<store::DepthRecord>("SPY", store());
  const std::vector<std::pair<std::int64_t, std::int64_t>> expected{{100, 5}, {99, 7}, {100, 8}, {100, 9}, {99, 0}, {98, 1}};
  ASSERT_EQ(depth.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(depth[i].price, price(expected[i].first)) << i;
    EXPECT_EQ(depth[i].size, shares(expected[i].second)) << i;
  }
}

}  // namespace robo::apps
