// The twelve traps of real market data, each one a test: shipped files, or rows as such files hold them.

#include <algorithm>
#include <cmath>

#include "edge/store/history/actions.hpp"
#include "edge/store/history/option_chain.hpp"
#include "edge/store/history/series.hpp"
#include "edge/store/history/universe.hpp"
#include "edge/store/history/vintages.hpp"
#include "edge/store/import.hpp"
#include "edge/store/import_bars.hpp"
#include "edge/store/text_file.hpp"
#include "unit/edge/store/history/support.hpp"
#include "unit/edge/store/support.hpp"

namespace robo::store::history {
namespace {

using test::calendars;
using test::found;
using test::nyse;
using store::test::Remember;
using store::test::rows_of;

const std::string files = std::string(ROBO_SOURCE_DIR) + "/data/";

ImportReport look(const ImportRequest& request, Remember& into) {
  auto report = examine(request, calendars(), into);
  EXPECT_TRUE(report) << report.error().text;
  return report.value_or(ImportReport{});
}
std::vector<BarRecord> bars_of(const Remember& got, std::string_view symbol = {}) {
  std::vector<BarRecord> out;
  for (const auto& one : got.bars)
    if (symbol.empty() || one.symbol == symbol) out.push_back(one.record);
  return out;
}

TEST(Trap01, dates_written_on_weekends_are_made_up_and_their_files_refused_as_a_whole) {
  for (const std::string file : {"equity_intraday/us_stock_and_market_1min_2001-08_09.csv.gz", "equity_intraday/europe_ABC_trades_2013-06-08.csv.gz"}) {
    Remember nothing;
    EXPECT_EQ(look({.file = files + file}, nothing).kept, 0U) << file;
    EXPECT_TRUE(nothing.bars.empty() && nothing.trades.empty());
  }
  Remember anyway;
  look({.file = files + "equity_intraday/us_stock_and_market_1min_2001-08_09.csv.gz", .allow_pseudo_dates = true}, anyway);
  std::vector<Finding> findings;
  check_bars("STOCK", minutes(1), bars_of(anyway, anyway.bars.front().symbol), {}, &nyse(), findings);
  ASSERT_NE(found(findings, Fault::PseudoDate), nullptr) << "and what was taken all the same is found by check";
  EXPECT_TRUE(found(findings, Fault::PseudoDate)->problem);
}

TEST(Trap02, a_chicago_clock_that_its_source_calls_utc_is_seen) {
  const auto& cme = calendars().find("CME")->second;
  const ImportRequest file{.file = files + "equity_intraday/ES_1min_2011-01.csv.gz", .symbol = "ES"};
  Remember right, wrong;
  look(file, right);
  auto as_said = file;
  as_said.zone = "Etc/UTC";
  as_said.calendar = "CME";
  look(as_said, wrong);
  ASSERT_FALSE(right.bars.empty());
  ASSERT_FALSE(wrong.bars.empty());
  EXPECT_EQ(right.bars.front().record.start - wrong.bars.front().record.start, hours(6)) << "the column's own word, time_chicago, counts";
  std::vector<Finding> good, bad;
  check_bars("ES", minutes(1), bars_of(right), {}, &cme, good);
  check_bars("ES", minutes(1), bars_of(wrong), {}, &cme, bad);
  const auto* zone = found(bad, Fault::TimeZone);
  ASSERT_NE(zone, nullptr);
  EXPECT_TRUE(zone->problem);
  EXPECT_NE(zone->text.find("later by 6 h"), std::string::npos) << zone->text;
  EXPECT_TRUE(found(good, Fault::TimeZone) == nullptr || !found(good, Fault::TimeZone)->problem);
}

TEST(Trap03, the_closing_auction_counts_once_and_a_cancelled_block_not_at_all) {
  Remember got;
  look({.file = files + "equity_intraday/taq_XXX_trades_raw_2018-01-02_03.csv.gz"}, got);
  std::int64_t block = 0, counted_443901 = 0, repeated_300363 = 0;
  for (const auto& one : got.trades) {
    const bool counts = (one.record.conditions & trade_condition::not_volume) == 0;
    if (one.record.size == shares(127'300)) {
      ++block;
      EXPECT_NE(one.record.conditions & trade_condition::late, 0) << "only its late report is left";
    }
    if (one.record.size == shares(443'901)) counted_443901 += counts;
    if (one.record.size == shares(300'363)) repeated_300363 += counts;
  }
  EXPECT_EQ(block, 1);
  // Each auction is printed twice, as the closing print and as the official close: one of the two counts.
  const auto twice = [&](std::int64_t size) { return std::ranges::count_if(got.trades, [&](const auto& one) { return one.record.size == shares(size); }); };
  EXPECT_EQ(twice(443'901), 2);
  EXPECT_EQ(counted_443901, 1);
  EXPECT_EQ(twice(300'363), 2);
  EXPECT_EQ(repeated_300363, 1);
}

TEST(Trap04, quote_sizes_are_round_lots_of_a_hundred_and_a_missing_side_is_no_price_of_zero) {
  Remember got;
  (void)look({.file = files + "equity_intraday/taq_XXX_quotes_raw_2018-01-02_03.csv.gz", .consolidate = false}, got);
  EXPECT_TRUE(std::ranges::all_of(got.quotes, [](const auto& one) { return one.record.bid_size.raw % shares(100).raw == 0 && one.record.ask_size.raw % shares(100).raw == 0; }));
  EXPECT_TRUE(std::ranges::all_of(got.quotes, [](const auto& one) { return one.record.bid_size.is_positive() == one.record.bid.is_positive() && one.record.ask_size.is_positive() == one.record.ask.is_positive(); }));
  EXPECT_EQ(std::ranges::count_if(got.quotes, [](const auto& one) { return one.record.bid.is_zero() || one.record.ask.is_zero(); }), 96);
  std::vector<QuoteRecord> rows;
  for (const auto& one : got.quotes) rows.push_back(one.record);
  std::vector<Finding> findings;
  check_quotes("XXX", rows, {}, nullptr, findings);
  EXPECT_EQ(found(findings, Fault::ZeroMeansUnknown), nullptr);
  EXPECT_EQ(found(findings, Fault::Inconsistent), nullptr);
}

TEST(Trap05, a_recorder_whose_clock_runs_behind_is_set_right_and_one_that_was_not_is_found) {
  Remember got;
  look({.file = files + "orderbook/binance_spot_btcusdt_20240808.jsonl.gz"}, got);
  ASSERT_FALSE(got.trades.empty());
  std::vector<TradeRecord> rows;
  for (const auto& one : got.trades) rows.push_back(one.record);
  std::vector<Finding> findings;
  check_trades("BTCUSDT", rows, {}, nullptr, findings);
  EXPECT_EQ(found(findings, Fault::Clock), nullptr);
  for (auto& row : rows) row.received_at = row.received_at - milliseconds(1271);
  check_trades("BTCUSDT", rows, {}, nullptr, findings);
  ASSERT_NE(found(findings, Fault::Clock), nullptr);
  EXPECT_TRUE(found(findings, Fault::Clock)->problem);
  Remember alone;
  (void)look({.file = files + "orderbook/binance_spot_btcusdt_20240809.jsonl.gz"}, alone);
  EXPECT_TRUE(alone.levels.empty()) << "without the snapshot of the file before there is no book";
  EXPECT_FALSE(alone.trades.empty());
}

TEST(Trap06, newest_first_month_first_and_columns_in_another_order_come_out_right) {
  Remember us24, msft, spx;
  look({.file = files + "equity_intraday/us24_1min_to_2019-02-15.csv.gz"}, us24);
  const auto spy = bars_of(us24, "SPY");
  EXPECT_TRUE(std::ranges::is_sorted(spy, {}, &BarRecord::start));
  EXPECT_EQ(to_text(spy.front().start), "2019-02-11T14:30:00Z");
  look({.file = files + "daily/MSFT_ohlcv_1990_2022.csv.gz"}, msft);
  const auto days = bars_of(msft);
  std::vector<Finding> findings;
  check_bars("MSFT", hours(24), days, {}, &nyse(), findings);
  EXPECT_EQ(found(findings, Fault::PseudoDate), nullptr) << "read day-first, a third of them would be on other days";
  look({.file = files + "equity_intraday/SPX_1min_2019-11-05_08.csv.gz"}, spx);
  for (const auto& bar : bars_of(spx)) ASSERT_TRUE(bar.high >= std::max(bar.open, bar.close) && bar.low <= std::min(bar.open, bar.close)) << to_text(bar.start);
}

TEST(Trap07, zero_means_unknown_and_four_equal_prices_perhaps_only_a_close) {
  Remember sp, old;
  look({.file = files + "daily/index_SP500_ohlcv_1990_2022.csv.gz"}, sp);
  EXPECT_EQ(std::ranges::count_if(sp.bars, [](const auto& one) { return !one.record.volume_known; }), 2215);
  look({.file = files + "daily/index_SP500_ohlcv_1950_2012.csv.gz"}, old);
  std::vector<Finding> findings;
  auto rows = bars_of(old);
  std::erase_if(rows, [](const BarRecord& bar) { return to_text(bar.start) >= "1962"; });
  check_bars("SP500", hours(24), rows, {}, nullptr, findings);
  ASSERT_NE(found(findings, Fault::EqualPrices), nullptr);
  EXPECT_GT(found(findings, Fault::EqualPrices)->count, rows.size() / 2);
  EXPECT_EQ(found(findings, Fault::ZeroMeansUnknown), nullptr) << "the import has said so of every one of them";
}

TEST(Trap08, a_universe_of_the_day_holds_those_who_failed_later_and_not_those_who_came_later) {
  const auto universe = Universe::parse(read_text_file(files + "reference/sp500_ticker_start_end_1996_2025.csv")->text, "sp500").value();
  const auto then = universe.on(date_of(2008, 9, 12)), now = universe.on(date_of(2024, 6, 28));
  const auto in = [](const std::vector<std::string>& members, std::string_view symbol) { return std::ranges::find(members, symbol) != members.end(); };
  EXPECT_FALSE(in(then, "TSLA"));
  EXPECT_TRUE(in(now, "TSLA"));
  std::size_t gone = 0;
  for (const auto& member : then) gone += !in(now, member);
  EXPECT_GT(gone, 150U) << "a test on today's members would never have held any of them";
}

TEST(Trap09, a_macro_figure_is_known_when_it_is_released_and_as_it_was_first_told) {
  constexpr std::string_view vintages = R"({"observations":[
    {"realtime_start":"2024-04-25","realtime_end":"2024-05-29","date":"2024-01-01","value":"27956.998"},
    {"realtime_start":"2024-05-30","realtime_end":"9999-12-31","date":"2024-01-01","value":"28255.9"},
    {"realtime_start":"2024-01-25","realtime_end":"9999-12-31","date":"2023-10-01","value":"27938.831"},
    {"realtime_start":"2024-01-25","realtime_end":"9999-12-31","date":"2023-07-01","value":"."}]})";
  const auto gdp = Vintages::parse_fred(vintages, "gdp.json");
  ASSERT_TRUE(gdp) << gdp.error().text;
  const Date quarter = date_of(2024, 1, 1);
  EXPECT_FALSE(gdp->as_known(quarter, date_of(2024, 1, 1))) << "its date is what it is about, not when it was known";
  EXPECT_FALSE(gdp->as_known(quarter, date_of(2024, 4, 24)));
  EXPECT_DOUBLE_EQ(*gdp->as_known(quarter, date_of(2024, 4, 25)), 27956.998);
  EXPECT_DOUBLE_EQ(*gdp->as_known(quarter, date_of(2024, 5, 29)), 27956.998);
  EXPECT_DOUBLE_EQ(*gdp->as_known(quarter, date_of(2024, 5, 30)), 28255.9) << "revised";
  EXPECT_EQ(gdp->latest(date_of(2024, 4, 1))->period, date_of(2023, 10, 1));
  EXPECT_FALSE(gdp->as_known(date_of(2023, 7, 1), date_of(2024, 6, 1))) << "missing is no zero";
  constexpr std::string_view today = R"({"observations":[{"realtime_start":"2024-10-30","realtime_end":"2024-10-30","date":"2024-01-01","value":"1"},
    {"realtime_start":"2024-10-30","realtime_end":"2024-10-30","date":"2024-04-01","value":"2"}]})";
  EXPECT_FALSE(Vintages::parse_fred(today, "gdp.json")) << "today's values are refused as yesterday's knowledge";
  const auto lagged = Vintages::parse_fred(today, "gdp.json", 120);
  ASSERT_TRUE(lagged);
  EXPECT_FALSE(lagged->as_known(quarter, date_of(2024, 4, 1)));
  EXPECT_TRUE(lagged->as_known(quarter, date_of(2024, 5, 1)));
}

TEST(Trap10, negative_oil_is_kept_told_and_breaks_no_arithmetic) {
  Remember got;
  look({.file = files + "macro/wti_daily_eia.csv.gz", .symbol = "WTI"}, got);
  const auto rows = bars_of(got);
  std::vector<Finding> findings;
  check_bars("WTI", hours(24), rows, {}, nullptr, findings);
  const auto* negative = found(findings, Fault::Negative);
  ASSERT_NE(negative, nullptr);
  EXPECT_EQ(negative->examples.front(), "2020-04-20: -36.98");
  EXPECT_FALSE(negative->problem);
  const auto actions = Actions::parse("symbol,ex_date,kind,value,known_at\nWTI,2021-01-04,split,2:1,\n", "a.csv").value();
  auto bar = *std::ranges::find_if(rows, [](const BarRecord& b) { return b.close.raw < 0; });
  actions.rebase(bar, "WTI", date_of(2020, 4, 20), std::nullopt, date_of(2022, 1, 1), {INT32_MAX});
  EXPECT_EQ(to_text(bar.close), "-18.49");
}

TEST(Trap11, split_adjusted_and_total_return_prices_are_told_apart_and_never_mixed) {
  const auto text = read_text_file(files + "daily/etf_sectors_ohlcv_2000_2025.csv.gz")->text;
  const auto actions = Actions::parse(text, "etf.csv").value();
  std::string name = (std::filesystem::temp_directory_path() / "robo-trap-XXXXXX").string();
  ASSERT_NE(::mkdtemp(name.data()), nullptr);
  {
    StoreWriter writer(name, WriterKind::Import, "etf");
    ASSERT_GT(import_bars("etf.csv", text, {.calendar = &nyse()}, writer).kept, 0U);
    ASSERT_TRUE(writer.finish());
  }
  // A bond fund: its price falls while its owners earn. Only the total return sees the coupons.
  SeriesRequest request{.symbol = "AGG", .from = date_of(2004, 1, 1), .until = date_of(2025, 1, 1)};
  const auto price_only = read_series(name, request, actions)->bars;
  request.adjust = Adjust::Total;
  const auto total = read_series(name, request, actions)->bars;
  const auto a_year = [](const std::vector<BarRecord>& bars) { return std::pow(bars.back().close.to_double() / bars.front().close.to_double(), 1.0 / 21) - 1; };
  EXPECT_LT(a_year(price_only), 0.0);
  EXPECT_GT(a_year(total), 0.025);
  EXPECT_EQ(price_only.back().close, total.back().close) << "in the terms of the last day both end at the same price";
  request.adjust = Adjust::None;
  EXPECT_EQ(read_series(name, request, actions)->bars.front().close, price_only.front().close) << "what is stored stays as it came";
  std::filesystem::remove_all(name);
}

TEST(Trap12, an_option_is_what_its_cell_says_and_a_blank_bid_is_no_bid_of_zero) {
  constexpr std::string_view page =
      "SPX (S&P 500 INDEX),2768.78,-40.43\n"
      "Oct 19 2018 @ 16:06 ET\n"
      "Calls,Last Sale,Net,Bid,Ask,Vol,Open Int,Puts,Last Sale,Net,Bid,Ask,Vol,Open Int\n"
      "2018 Oct 19 800.00 (SPX1819J800),2130.03,0.0,1965.90,1978.00,0,5,2018 Oct 19 800.00 (SPX1819V800),0.0,0.0, ,0.05,0,0\n"
      "2018 Oct 19 800.00 (SPXW1819J800),0.0,0.0,1965.80,1979.70,0,0,2018 Oct 19 800.00 (SPXW1819V800),0.0,0.0, ,0.05,0,0\n"
      "2018 Nov 16 2750.00 (SPX1816K2750),61.2,0.0,60.5,61.3,12,3400,2018 Nov 16 2750.00 (SPX1816W2750),55,0.0,54.8,55.5,9,8100\n"
      "2018 Nov 16 2750.00 (SPX1816L2750),61.2,0.0,60.5,61.3,12,3400,2018 Nov 16 2750.00 (SPX1816W2755),55,0.0,54.8,55.5,9,8100\n";
  const auto chain = parse_chain(page, "spx.csv");
  ASSERT_TRUE(chain) << chain.error().text;
  EXPECT_EQ(chain->underlying, "SPX");
  EXPECT_EQ(to_text(chain->at), "2018-10-19T20:06:00Z");
  ASSERT_EQ(chain->options.size(), 6U);
  EXPECT_EQ(chain->refused.size(), 2U) << "the month and the strike of the words are not those of the code";
  const auto& am = chain->options[1];
  EXPECT_EQ(am.right, OptionRight::Put);
  EXPECT_FALSE(am.bid) << "blank: nobody bids, and nobody bids zero";
  EXPECT_EQ(am.ask, price(0, 5));
  EXPECT_TRUE(am.settles_at_open);
  EXPECT_FALSE(chain->options[3].settles_at_open) << "the weeklies share the page and settle at the close";
  EXPECT_TRUE(chain->options[3].expired) << "after 16:00 the page still shows them";
  const auto& november = chain->options[4];
  EXPECT_EQ(november.strike, price(2750));
  EXPECT_EQ(to_text(november.expiry), "2018-11-16");
  EXPECT_FALSE(november.expired);
  EXPECT_EQ(november.open_interest, 3400);
  EXPECT_FALSE(parse_chain("hello\n", "spx.csv"));
}

}  // namespace
}  // namespace robo::store::history
