#include "edge/store/import_bars.hpp"

#include "unit/edge/store/support.hpp"

using namespace robo;
using namespace robo::store;
using namespace robo::store::test;

namespace {

ImportReport bars(const std::string& file, const std::string& text, Remember& sink, ImportOptions options = {}) {
  if (options.calendar == nullptr) options.calendar = &calendar("NYSE");
  return import_bars(file, text, options, sink);
}
ImportReport shipped(const std::string& path, Remember& sink, ImportOptions options = {}) { return bars(path, text_of(path), sink, options); }

bool notes(const ImportReport& report, const std::string& part) {
  return std::any_of(report.notes.begin(), report.notes.end(), [&](const auto& note) { return note.find(part) != std::string::npos; });
}

TEST(ImportBars, newest_first_rows_come_out_in_order_and_end_stamps_become_starts) {
  Remember sink;
  const auto report = shipped("equity_intraday/us24_1min_to_2019-02-15.csv.gz", sink);
  EXPECT_EQ(report.kept, 43'164u);
  EXPECT_EQ(report.symbols.size(), 24u);
  EXPECT_TRUE(notes(report, "newest row first"));
  EXPECT_NE(report.format.find("1 minute, stamped at their end in America/New_York"), std::string::npos) << report.format;
  EXPECT_EQ(to_text(sink.bars[0].record.start), "2019-02-11T14:30:00Z");  // 09:31 in the file: the minute from 09:30
  for (std::size_t i = 1; i < sink.bars.size(); ++i) {
    if (sink.bars[i].symbol == sink.bars[i - 1].symbol) {
      ASSERT_LT(sink.bars[i - 1].record.start, sink.bars[i].record.start);
    }
  }
}

TEST(ImportBars, start_stamps_stay_starts) {
  Remember sink;
  const auto report = shipped("equity_intraday/SPY_1min_2020-12-15_18.csv.gz", sink);
  EXPECT_NE(report.format.find("stamped at their start"), std::string::npos);
  EXPECT_EQ(to_text(sink.bars[0].record.start), "2020-12-15T14:30:00Z");
  EXPECT_EQ(report.symbols, std::vector<std::string>{"SPY"});
}

TEST(ImportBars, columns_are_found_by_name_and_american_dates_by_the_calendar) {
  Remember sink;
  const auto report = shipped("equity_intraday/SPX_1min_2019-11-05_08.csv.gz", sink);  // Open,Close,High,Low; no day above 12
  EXPECT_EQ(report.kept, 1563u);
  EXPECT_EQ(to_text(sink.bars[0].record.start), "2019-11-05T14:30:00Z");
  EXPECT_EQ(sink.bars[0].record.open, price(3080, 80));
  EXPECT_EQ(sink.bars[0].record.close, price(3080, 49));
  EXPECT_EQ(sink.bars[0].record.high, price(3081, 47));
  EXPECT_EQ(sink.bars[0].record.low, price(3080, 30));
  EXPECT_FALSE(sink.bars[0].record.volume_known);
}

TEST(ImportBars, ambiguous_dates_are_refused_until_somebody_says_which) {
  const std::string text = "Date,Price\n1/2/2019,46.5\n1/3/2019,46.9\n";
  Remember sink;
  ImportOptions options{};
  const auto refused = import_bars("x.csv", text, options, sink);
  EXPECT_EQ(refused.kept, 0u);
  EXPECT_TRUE(notes(refused, "could be month or day first"));
  options.dates = robo::store::detail::DateOrder::DayFirst;
  EXPECT_EQ(import_bars("x.csv", text, options, sink).kept, 2u);
  EXPECT_EQ(to_text(sink.bars[1].day), "2019-03-01");
}

TEST(ImportBars, a_wall_clock_in_chicago_is_taken_as_the_column_says_although_its_source_said_utc) {
  Remember sink;
  const auto report = shipped("equity_intraday/ES_1min_2011-01.csv.gz", sink, ImportOptions{.calendar = &calendar("CME")});
  EXPECT_EQ(report.kept, 28'625u);
  EXPECT_NE(report.format.find("end in America/Chicago"), std::string::npos) << report.format;
  EXPECT_EQ(to_text(sink.bars[0].record.start), "2011-01-02T23:00:00Z");
  EXPECT_FALSE(notes(report, "right zone"));
  // The same file read as UTC falls into the daily break, and that is said.
  Remember wrong;
  const auto misread = shipped("equity_intraday/ES_1min_2011-01.csv.gz", wrong, ImportOptions{.zone = "Etc/UTC", .calendar = &calendar("CME"), .stamp = BarStamp::End});
  EXPECT_TRUE(notes(misread, "is Etc/UTC the right zone?"));
}

TEST(ImportBars, a_file_whose_dates_fall_on_week_ends_is_refused_as_a_whole) {
  Remember sink;
  const auto report = shipped("equity_intraday/us_stock_and_market_1min_2001-08_09.csv.gz", sink);
  EXPECT_EQ(report.kept, 0u);
  EXPECT_TRUE(notes(report, "pseudo-dates"));
  const auto taken = shipped("equity_intraday/us_stock_and_market_1min_2001-08_09.csv.gz", sink, ImportOptions{.allow_pseudo_dates = true});
  EXPECT_EQ(taken.kept, 2u * 8602u);
  EXPECT_EQ(taken.symbols, (std::vector<std::string>{"STOCK", "MARKET"}));
}

TEST(ImportBars, zero_means_unknown) {
  Remember sink;
  const auto index = shipped("daily/index_SP500_ohlcv_1990_2022.csv.gz", sink);
  EXPECT_EQ(rows_of(index.repairs, "volume 0"), 2215u);
  EXPECT_EQ(index.symbols, std::vector<std::string>{"SP500"});
  EXPECT_FALSE(sink.bars.front().record.volume_known);
  EXPECT_TRUE(sink.bars.back().record.volume_known);
  EXPECT_EQ(rows_of(shipped("daily/MSFT_ohlcv_1990_2022.csv.gz", sink).repairs, "volume 0"), 506u);
  EXPECT_EQ(bars("x.csv", "date,close\n2019-01-02,0\n2019-01-03,5\n", sink).kept, 1u);
}

TEST(ImportBars, equal_open_high_low_and_close_are_told) {
  Remember sink;
  const auto report = shipped("daily/index_SP500_ohlcv_1950_2012.csv.gz", sink);
  EXPECT_TRUE(notes(report, "newest row first"));
  EXPECT_GT(rows_of(report.flags, "are equal"), 3000u);
  EXPECT_EQ(to_text(sink.bars.front().day), "1950-01-03");
}

TEST(ImportBars, negative_oil_is_kept_and_told) {
  Remember sink;
  const auto report = shipped("macro/wti_daily_eia.csv.gz", sink);
  EXPECT_EQ(rows_of(report.flags, "negative price"), 1u);
  const auto negative = std::find_if(sink.bars.begin(), sink.bars.end(), [](const auto& got) { return got.record.close.is_negative(); });
  ASSERT_NE(negative, sink.bars.end());
  EXPECT_EQ(to_text(negative->day), "2020-04-20");
  EXPECT_EQ(to_text(negative->record.close), "-36.98");
}

TEST(ImportBars, a_table_of_many_symbols_becomes_many_series) {
  Remember sink;
  const auto report = shipped("daily/etf22_close_2008_2016.csv.gz", sink);
  EXPECT_EQ(report.symbols.size(), 23u);
  EXPECT_EQ(report.kept, 23u * 2141u);
  EXPECT_EQ(sink.bars[0].symbol, "EEM");
  EXPECT_EQ(to_text(sink.bars[0].record.close), "49.273334503");
}

TEST(ImportBars, broken_rows_are_repaired_or_refused_by_documented_rules) {
  Remember sink;
  const auto report = bars("X_daily.csv",
      "symbol,datetime,open,high,low,close,volume\n"
      "X,2019-01-02,10,9,8,9.5,100\n"        // 2 high below open: widened
      "X,2019-01-03,10,11,9,,100\n"          // 3 no close
      "X,2019-01-04,10,11,9,10,-5\n"         // 4 negative volume
      "X,2019-01-07,10,11,9,10,1e3\n"        // 5 exponent: fine
      "X,2019-01-07,10,11,9,10,1e3\n"        // 6 the same again
      "X,2019-01-07,10,11,9,10.5,1e3\n"      // 7 another bar of that day
      "X,2019-01-08,1e40,11,9,10,5\n"        // 8 not a price
      "X,2019-02-30,10,11,9,10,5\n"          // 9 no such day
      "X,2019-01-09,20,21,19,20,5\n"         // 10 doubles: told
      "X,2019-01-10,20,21,19,20\n",          // 11 a cell short
      sink);
  EXPECT_EQ(report.rows, 10u);
  EXPECT_EQ(report.kept, 3u);
  EXPECT_EQ(report.refused, 7u);
  EXPECT_EQ(lines_of(report.repairs, "widened"), std::vector<std::uint64_t>{2});
  EXPECT_EQ(sink.bars[0].record.high, price(10));
  EXPECT_EQ(lines_of(report.refusals, "price is missing"), std::vector<std::uint64_t>{3});
  EXPECT_EQ(lines_of(report.refusals, "volume is negative"), std::vector<std::uint64_t>{4});
  EXPECT_EQ(lines_of(report.refusals, "same bar again"), std::vector<std::uint64_t>{6});
  EXPECT_EQ(lines_of(report.refusals, "a second, different bar"), std::vector<std::uint64_t>{7});
  EXPECT_EQ(lines_of(report.refusals, "price is not a number"), std::vector<std::uint64_t>{8});
  EXPECT_EQ(lines_of(report.refusals, "date or time"), std::vector<std::uint64_t>{9});
  EXPECT_EQ(lines_of(report.refusals, "fewer cells"), std::vector<std::uint64_t>{11});
  EXPECT_EQ(lines_of(report.flags, "jumps by more than 40 %"), std::vector<std::uint64_t>{10});
}

TEST(ImportBars, the_report_names_lines_and_can_be_read_by_people) {
  Remember sink;
  const auto text = to_text(bars("X.csv", "date,close\n2019-01-02,5\n2019-01-03,\x01\x02 oops\n", sink));
  EXPECT_NE(text.find("refused            1  ✗ a price is not a number\n"), std::string::npos) << text;
  EXPECT_NE(text.find("line 3"), std::string::npos) << text;
}

TEST(ImportBars, every_row_that_is_not_simply_kept_can_be_listed) {
  std::string listed;
  ImportOptions options{.listener = [&](std::string_view outcome, std::string_view, std::uint64_t line, std::string_view row) {
    listed += std::string(outcome) + ":" + std::to_string(line) + ":" + std::string(row) + ";";
  }};
  Remember sink;
  (void)import_bars("x.csv", "date,open,high,low,close\n2019-01-02,5,4,3,5\n2019-01-03,x,4,3,5\n2019-01-04,3,4,3,4\n", options, sink);
  EXPECT_EQ(listed, "repaired:2:2019-01-02,5,4,3,5;refused:3:2019-01-03,x,4,3,5;");
}

TEST(ImportBars, a_file_without_header_says_so) {
  Remember sink;
  EXPECT_TRUE(notes(bars("x.csv", "2019-01-02,5\n2019-01-03,6\n", sink), "is there a header at all?"));
  EXPECT_TRUE(notes(bars("x.csv", "", sink), "is there a header at all?"));
}

TEST(ImportBars, stops_when_progress_says_so_and_tells_how_far_it_is) {
  std::string text = "date,close\n";
  for (int i = 0; i < 20'000; ++i) text += "2019-01-02,5\n";
  Remember sink;
  double seen = 0;
  const auto report = import_bars("x.csv", text, {}, sink, [&](double part) {
    EXPECT_GE(part, seen);
    seen = part;
    return part < 0.5;
  });
  EXPECT_GT(seen, 0.5);
  EXPECT_LT(report.rows, 15'000u);
  EXPECT_TRUE(notes(report, "stopped on request"));
}

}  // namespace
