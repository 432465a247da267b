#include "edge/store/market_tape.hpp"

#include <set>

#include "edge/store/import_bars.hpp"
#include "edge/store/import_binance.hpp"
#include "edge/store/shipped.hpp"
#include "unit/edge/store/support.hpp"

using namespace robo;
using namespace robo::store;
using namespace robo::store::test;

namespace {

const std::string quotes_file = data + "equity_intraday/taq_XXX_quotes_raw_2018-01-02_03.csv.gz";
const std::string trades_file = data + "equity_intraday/taq_XXX_trades_raw_2018-01-02_03.csv.gz";

template <class T>
std::size_t count(const MarketTape& tape) {
  return static_cast<std::size_t>(std::count_if(tape.events().begin(), tape.events().end(), [](const Event& event) { return std::holds_alternative<T>(event.payload); }));
}

bool in_order(const MarketTape& tape) {
  return std::is_sorted(tape.events().begin(), tape.events().end(), [](const Event& a, const Event& b) { return a.at < b.at; });
}

TEST(MarketTape, both_days_of_the_shipped_stock_in_order_of_time) {
  MarketTape tape;
  ASSERT_TRUE(tape.add_taq(quotes_file, trades_file, calendar("NYSE")));
  tape.finish();
  EXPECT_EQ(count<Quote>(tape), 131'401u);
  EXPECT_EQ(count<Trade>(tape), 77'261u);
  EXPECT_EQ(count<PhaseChange>(tape), 7u);
  EXPECT_TRUE(in_order(tape));
  ASSERT_EQ(tape.instruments().size(), 1u);
  EXPECT_EQ(tape.instruments()[0].symbol.view(), "XXX");
  EXPECT_EQ(tape.instruments()[0].origin, DataOrigin::Recorded);
}

TEST(MarketTape, four_of_five_exchange_trades_lie_inside_the_quote_that_stands) {
  MarketTape tape;
  ASSERT_TRUE(tape.add_taq(quotes_file, trades_file, calendar("NYSE")));
  tape.finish();
  Quote quote{};
  int inside = 0, all = 0;
  for (const Event& event : tape.events()) {
    if (const auto* q = std::get_if<Quote>(&event.payload)) quote = *q;
    const auto* trade = std::get_if<Trade>(&event.payload);
    if (trade == nullptr || trade->venue == 'D' || (trade->conditions & ~(trade_condition::sweep)) != 0) continue;
    ++all;
    inside += quote.bid <= trade->price && trade->price <= quote.ask ? 1 : 0;
  }
  EXPECT_GT(all, 20'000);
  EXPECT_GT(inside * 100, all * 80);
}

TEST(MarketTape, quotes_on_change_only_leave_out_the_rows_that_move_nothing) {
  MarketTape tape(TapeOptions{.trades = false, .quotes_on_change_only = true, .phases = false});
  ASSERT_TRUE(tape.add_taq(quotes_file, {}, calendar("NYSE")));
  tape.finish();
  EXPECT_LT(tape.events().size(), 131'401u);
  EXPECT_GT(tape.events().size(), 40'000u);
  const Quote* before = nullptr;
  for (const Event& event : tape.events()) {
    const auto& quote = std::get<Quote>(event.payload);
    if (before != nullptr) {
      ASSERT_FALSE(before->bid == quote.bid && before->ask == quote.ask && before->bid_size == quote.bid_size && before->ask_size == quote.ask_size);
    }
    before = &quote;
  }
}

/// Replays depth into a plain map and compares its touch, after each batch, with the best prices the exchange sent last.
void compare_book(const std::vector<std::filesystem::path>& files, double least) {
  MarketTape tape;
  ASSERT_TRUE(tape.add_binance(files, &calendar("24x7")));
  tape.finish();
  EXPECT_TRUE(in_order(tape));
  std::map<Price, Quantity> bids, asks;
  std::size_t resets = 0, compared = 0, equal = 0, crossed = 0, batches = 0;
  const Quote* quote = nullptr;
  for (const Event& event : tape.events()) {
    if (std::holds_alternative<DepthReset>(event.payload)) {
      bids.clear();
      asks.clear();
      ++resets;
    } else if (const auto* level = std::get_if<DepthLevel>(&event.payload)) {
      auto& side = level->side == BookSide::Bid ? bids : asks;
      if (level->size.is_zero()) side.erase(level->price);
      else side[level->price] = level->size;
      if (!level->last_of_batch) continue;
      ++batches;
      crossed += !bids.empty() && !asks.empty() && bids.rbegin()->first >= asks.begin()->first ? 1u : 0u;
      if (quote == nullptr) continue;
      ++compared;
      equal += bids.rbegin()->first == quote->bid && asks.begin()->first == quote->ask ? 1u : 0u;
    } else if (const auto* best = std::get_if<Quote>(&event.payload)) {
      quote = best;
    }
  }
  EXPECT_EQ(resets, 1u);
  EXPECT_EQ(crossed, 0u);
  EXPECT_GT(batches, 3000u);
  EXPECT_GT(static_cast<double>(equal), least * static_cast<double>(compared)) << equal << " of " << compared;
}

TEST(MarketTape, the_perpetual_book_agrees_with_the_best_prices_the_exchange_sent) {
  compare_book({data + "orderbook/binance_usdm_btcusdt_20240808.jsonl.gz"}, 0.99);
}

TEST(MarketTape, the_spot_book_goes_on_over_midnight_in_a_file_without_snapshot) {
  compare_book({data + "orderbook/binance_spot_btcusdt_20240808.jsonl.gz", data + "orderbook/binance_spot_btcusdt_20240809.jsonl.gz"}, 0.98);
}

TEST(MarketTape, depth_without_a_snapshot_is_refused_and_trades_and_quotes_are_kept) {
  MarketTape tape;
  ASSERT_TRUE(tape.add_binance({data + "orderbook/binance_spot_btcusdt_20240809.jsonl.gz"}));
  tape.finish();
  EXPECT_EQ(count<DepthLevel>(tape), 0u);
  EXPECT_EQ(count<Trade>(tape), 10'147u);
  EXPECT_EQ(count<Quote>(tape), 45'134u);
  EXPECT_EQ(rows_of(tape.reports()[0].refusals, "without a snapshot"), 3044u);
}

TEST(MarketTape, receive_times_are_never_before_the_exchange_once_the_recorders_clock_is_set_right) {
  MarketTape tape;
  ASSERT_TRUE(tape.add_binance({data + "orderbook/binance_usdm_btcusdt_20240808.jsonl.gz"}));
  tape.finish();
  EXPECT_NE(tape.reports()[0].notes[0].find("1.272 s behind"), std::string::npos);
  for (const Event& event : tape.events()) {
    if (!std::holds_alternative<Trade>(event.payload)) continue;
    ASSERT_GE(event.received_at, event.at);
    ASSERT_LT((event.received_at - event.at).seconds(), 0.2);
  }
}

TEST(BinanceReader, a_gap_voids_the_book_until_the_next_snapshot) {
  const auto line = [](int ms, const std::string& data_json) { return std::to_string(1'723'161'254'000'000'000 + ms * 1'000'000LL) + " " + data_json + "\n"; };
  const auto diff = [&](int ms, long first, long last, const char* bid) {
    return line(ms, R"({"stream":"btcusdt@depth","data":{"e":"depthUpdate","E":)" + std::to_string(1'723'161'254'000 + ms) +
                        R"(,"s":"BTCUSDT","U":)" + std::to_string(first) + R"(,"u":)" + std::to_string(last) + R"(,"b":[[")" + bid + R"(","1.0"]],"a":[]}})");
  };
  const std::string snapshot = line(5, R"({"lastUpdateId":100,"bids":[["10.0","2.0"]],"asks":[["11.0","2.0"]]})");
  Remember sink;
  BinanceReader reader;
  const auto report = reader.read("x.jsonl", diff(0, 90, 99, "9.0") + diff(1, 99, 101, "9.5") + snapshot + diff(10, 102, 103, "9.6") + diff(20, 105, 106, "9.7") +
                                                 diff(30, 107, 108, "9.8") + "garbage\n" + "17 {\"a\":1}\n" + line(40, R"({"lastUpdateId":120,"bids":[],"asks":[["12.0","1"]]})"),
                                  {}, sink);
  EXPECT_EQ(lines_of(report.refusals, "older than the snapshot"), std::vector<std::uint64_t>{1});
  EXPECT_EQ(lines_of(report.refusals, "after a gap"), (std::vector<std::uint64_t>{5, 6}));
  EXPECT_EQ(lines_of(report.flags, "updates 104 to 104 are missing"), std::vector<std::uint64_t>{5});
  EXPECT_EQ(report.refused, 5u);
  // Snapshot (2 levels), the diff that waited for it, the next one, the void book, the second snapshot.
  ASSERT_EQ(sink.levels.size(), 6u);
  EXPECT_TRUE(sink.levels[0].record.snapshot);
  EXPECT_EQ(sink.levels[2].record.price, *parse_decimal<Price>("9.5"));
  EXPECT_EQ(sink.levels[3].record.price, *parse_decimal<Price>("9.6"));
  EXPECT_TRUE(sink.levels[4].record.snapshot && sink.levels[4].record.price.is_zero());
  EXPECT_EQ(sink.levels[5].record.price, price(12));
}

TEST(MarketTape, a_bar_becomes_a_path_through_its_four_prices_with_all_its_volume) {
  const Bar rising{.start = {}, .period = minutes(1), .open = price(100), .high = price(102), .low = price(99), .close = price(101), .volume = shares(1003)};
  const auto up = path_of(rising, TickTable::flat(price(0, 1)));
  EXPECT_EQ(up.prices, (std::array{price(100), price(99), price(102), price(101)}));
  EXPECT_EQ(up.sizes, (std::array{shares(250), shares(250), shares(250), shares(253)}));
  EXPECT_LT(up.offsets[3], minutes(1));
  auto falling = rising;
  std::swap(falling.open, falling.close);
  EXPECT_EQ(path_of(falling, TickTable::flat(price(0, 1))).prices, (std::array{price(101), price(102), price(99), price(100)}));
}

TEST(MarketTape, reconstructed_ticks_keep_every_bar_and_are_labelled) {
  MarketTape tape(TapeOptions{.symbols = {"AAPL", "SPY", "VIX"}});
  ASSERT_TRUE(tape.add_bars(data + "equity_intraday/us24_1min_to_2019-02-15.csv.gz", calendar("NYSE")));
  tape.finish();
  ASSERT_EQ(tape.instruments().size(), 3u);
  for (const auto& instrument : tape.instruments()) EXPECT_EQ(instrument.origin, DataOrigin::ReconstructedFromBars);
  EXPECT_EQ(tape.instruments()[0].asset_class, AssetClass::Stock);
  EXPECT_EQ(tape.instruments()[1].asset_class, AssetClass::Etf);
  EXPECT_EQ(tape.instruments()[2].asset_class, AssetClass::Index);
  EXPECT_TRUE(in_order(tape));

  Remember bars;
  (void)import_bars("us24", text_of("equity_intraday/us24_1min_to_2019-02-15.csv.gz"), ImportOptions{.calendar = &calendar("NYSE")}, bars);
  std::map<std::int64_t, BarRecord> rebuilt;
  Quote quote{};
  for (const Event& event : tape.events()) {
    if (const auto* q = std::get_if<Quote>(&event.payload); q != nullptr && q->instrument.value == 0) quote = *q;
    const auto* trade = std::get_if<Trade>(&event.payload);
    if (trade == nullptr || trade->instrument.value != 0) continue;
    ASSERT_LE(quote.bid, trade->price);
    ASSERT_GE(quote.ask, trade->price);
    ASSERT_LT(quote.bid, quote.ask);
    auto [found, fresh] = rebuilt.try_emplace(event.at.ns / minutes(1).ns);
    auto& bar = found->second;
    if (fresh) bar.open = bar.high = bar.low = trade->price;
    bar.high = std::max(bar.high, trade->price);
    bar.low = std::min(bar.low, trade->price);
    bar.close = trade->price;
    bar.volume += trade->size;
  }
  std::size_t checked = 0;
  for (const auto& got : bars.bars) {
    if (got.symbol != "AAPL") continue;
    const auto& bar = rebuilt.at(got.record.start.ns / minutes(1).ns);
    EXPECT_EQ(bar.open, got.record.open);
    EXPECT_EQ(bar.high, got.record.high);
    EXPECT_EQ(bar.low, got.record.low);
    EXPECT_EQ(bar.close, got.record.close);
    EXPECT_EQ(bar.volume, got.record.volume);
    ++checked;
  }
  EXPECT_EQ(checked, 1948u);
}

TEST(MarketTape, a_missing_file_says_which) {
  MarketTape tape;
  const auto result = tape.add_bars("no/such/file.csv", calendar("NYSE"));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().text, "no/such/file.csv: cannot be opened for reading");
}

TEST(Shipped, all_markets_play_side_by_side_on_one_morning) {
  const auto calendars = read_calendars(data + "calendars");
  ASSERT_TRUE(calendars) << calendars.error().text;
  auto tape = open_shipped_market(data, ShippedMarket::All, *calendars, TapeOptions{.quotes_on_change_only = true});
  ASSERT_TRUE(tape) << tape.error().text;
  EXPECT_EQ((*tape)->instruments().size(), 26u);
  EXPECT_TRUE(in_order(**tape));
  const auto opening = calendars->at("NYSE").session(date_of(2019, 2, 14))->regular()->from;
  std::set<std::uint32_t> active;
  for (const Event& event : (*tape)->events())
    if (const auto* trade = std::get_if<Trade>(&event.payload); trade != nullptr && event.at >= opening && event.at < opening + minutes(5)) active.insert(trade->instrument.value);
  EXPECT_GT(active.size(), 20u);
  const auto& reports = (*tape)->reports();
  EXPECT_TRUE(reports[0].notes.size() == 1 && reports[1].notes.back() == "replayed with its dates moved by 408 days");
}

TEST(Shipped, a_source_tells_its_events_once_and_again_after_a_rewind) {
  const auto calendars = read_calendars(data + "calendars").value();
  auto tape = open_shipped_market(data, ShippedMarket::Taq, calendars).value();
  runtime::MarketSource& source = *tape;
  const auto all = source.next().size();
  EXPECT_EQ(all, 208'669u);
  EXPECT_TRUE(source.next().empty());
  source.rewind();
  EXPECT_EQ(source.next().size(), all);
  EXPECT_EQ(source.instruments()[0].primary_exchange.view(), "NYSE");
}

TEST(Shipped, a_market_or_folder_that_is_not_there_is_named) {
  EXPECT_EQ(shipped_market_named("nasdaq").error().text, "'nasdaq' is not a market that ships: us24, taq, crypto, perpetual, sectors or all");
  EXPECT_NE(read_calendars(data + "nowhere").error().text.find("nowhere"), std::string::npos);
}

}  // namespace
