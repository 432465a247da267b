// What a check finds, and what it leaves alone.

#include "edge/store/history/check.hpp"

#include <algorithm>

#include "edge/store/import.hpp"
#include "unit/edge/store/history/support.hpp"

namespace robo::store::history {
namespace {

using namespace test;

const Date monday = date_of(2019, 2, 11), tuesday = date_of(2019, 2, 12), wednesday = date_of(2019, 2, 13);

std::vector<BarRecord> three_days() {
  std::vector<BarRecord> bars;
  for (const Date day : {monday, tuesday, wednesday})
    for (const auto& bar : minutes_of(day)) bars.push_back(bar);
  return bars;
}

TEST(Check, whole_days_of_plain_bars_are_left_alone) {
  EXPECT_TRUE(judged(three_days()).empty());
  EXPECT_TRUE(judged({}).empty());
}

TEST(Check, a_day_that_is_missing_is_named_and_a_holiday_is_not) {
  auto bars = minutes_of(date_of(2019, 2, 15));
  for (const auto& bar : minutes_of(date_of(2019, 2, 20))) bars.push_back(bar);  // Monday 18 February was Presidents' Day
  const auto findings = judged(bars);
  const auto* missing = found(findings, Fault::MissingDay);
  ASSERT_NE(missing, nullptr);
  EXPECT_EQ(missing->count, 1U);
  EXPECT_EQ(missing->examples, std::vector<std::string>{"2019-02-19"});
  EXPECT_TRUE(missing->problem);
  EXPECT_EQ(missing->days, std::vector<Date>{date_of(2019, 2, 19)});
}

TEST(Check, a_half_day_ends_at_one_o_clock_and_misses_nothing) {
  EXPECT_EQ(minutes_of(date_of(2019, 7, 3)).size(), 210U);
  EXPECT_TRUE(judged(minutes_of(date_of(2019, 7, 3))).empty());
}

TEST(Check, five_bars_missing_in_a_row_are_a_hole_and_four_are_quiet_trading) {
  auto bars = three_days();
  bars.erase(bars.begin() + 100, bars.begin() + 104);
  EXPECT_EQ(found(judged(bars), Fault::Hole), nullptr);
  bars.erase(bars.begin() + 100);
  const auto findings = judged(bars);
  const auto* hole = found(findings, Fault::Hole);
  ASSERT_NE(hole, nullptr);
  EXPECT_EQ(hole->count, 5U);
  EXPECT_EQ(hole->examples.front(), "2019-02-11T16:10:00Z: 5 bars");
  EXPECT_EQ(hole->days, std::vector<Date>{monday});
}

TEST(Check, a_thin_name_may_be_quiet_for_longer) {
  std::vector<BarRecord> thin;
  for (std::size_t i = 0; const auto& bar : three_days())
    if (i++ % 3 == 0) thin.push_back(bar);
  thin.erase(thin.begin() + 50, thin.begin() + 54);  // 14 minutes in a row
  EXPECT_EQ(found(judged(thin), Fault::Hole), nullptr);
  thin.erase(thin.begin() + 50, thin.begin() + 70);  // 74
  EXPECT_NE(found(judged(thin), Fault::Hole), nullptr);
}

TEST(Check, an_evening_that_was_cut_off_is_a_hole) {
  auto bars = three_days();
  bars.resize(bars.size() - 60);
  const auto findings = judged(bars);
  ASSERT_NE(found(findings, Fault::Hole), nullptr);
  EXPECT_EQ(found(findings, Fault::Hole)->days, std::vector<Date>{wednesday});
}

TEST(Check, a_price_that_leaves_and_comes_back_is_an_outlier_and_one_that_stays_a_jump) {
  auto bars = three_days();
  auto& spike = bars[200];
  spike.close = spike.high = price(150);
  auto findings = judged(bars);
  ASSERT_NE(found(findings, Fault::Outlier), nullptr);
  EXPECT_EQ(found(findings, Fault::Outlier)->count, 1U);
  EXPECT_EQ(found(findings, Fault::Jump), nullptr);
  bars = three_days();
  for (std::size_t i = 390; i < bars.size(); ++i) {
    bars[i].open = price(50), bars[i].high = price(50, 1), bars[i].low = price(49, 99), bars[i].close = price(50, static_cast<std::int64_t>(i % 2));
  }
  findings = judged(bars);
  EXPECT_EQ(found(findings, Fault::Outlier), nullptr);
  ASSERT_NE(found(findings, Fault::Jump), nullptr);
  EXPECT_FALSE(found(findings, Fault::Jump)->problem);
  EXPECT_NE(found(findings, Fault::Jump)->examples.front().find("near 2 for 1"), std::string::npos);
}

TEST(Check, a_wick_far_outside_its_bar_is_an_outlier) {
  auto bars = three_days();
  bars[30].low = price(60);
  EXPECT_NE(found(judged(bars), Fault::Outlier), nullptr);
}

TEST(Check, rows_out_of_order_twice_and_in_conflict_are_counted_apart) {
  auto bars = minutes_of(monday);
  std::swap(bars[10], bars[11]);
  bars.push_back(bars[20]);
  bars.push_back(bars[21]);
  bars.back().close = bars.back().close + price(0, 1);
  const auto findings = judged(bars);
  ASSERT_NE(found(findings, Fault::OutOfOrder), nullptr);
  EXPECT_EQ(found(findings, Fault::OutOfOrder)->count, 2U);  // the swapped pair, and the two appended ones' beginning
  EXPECT_EQ(found(findings, Fault::Duplicate)->count, 1U);
  EXPECT_EQ(found(findings, Fault::Conflict)->count, 1U);
}

TEST(Check, files_may_overlap_in_time_without_being_out_of_order) {
  auto bars = minutes_of(tuesday);
  const std::size_t second = bars.size();
  for (const auto& bar : minutes_of(monday)) bars.push_back(bar);
  std::vector<Finding> out;
  const std::size_t starts[] = {0, second};
  check_bars("ABC", minutes(1), bars, starts, &nyse(), out);
  EXPECT_EQ(found(out, Fault::OutOfOrder), nullptr);
  out.clear();
  check_bars("ABC", minutes(1), bars, {}, &nyse(), out);
  EXPECT_NE(found(out, Fault::OutOfOrder), nullptr);
}

TEST(Check, a_clock_of_another_zone_is_suspected_and_by_how_much) {
  auto bars = three_days();
  for (auto& bar : bars) bar.start = bar.start - hours(5);  // New York's wall clock, taken for UTC
  const auto findings = judged(bars);
  const auto* zone = found(findings, Fault::TimeZone);
  ASSERT_NE(zone, nullptr);
  EXPECT_TRUE(zone->problem);
  EXPECT_NE(zone->text.find("later by 5 h"), std::string::npos) << zone->text;
}

TEST(Check, one_hour_of_a_missed_summer_time_is_enough_to_be_suspected) {
  auto bars = three_days();
  for (auto& bar : bars) bar.start = bar.start + hours(1);
  const auto findings = judged(bars);
  const auto* zone = found(findings, Fault::TimeZone);
  ASSERT_NE(zone, nullptr);
  EXPECT_NE(zone->text.find("earlier by 1 h"), std::string::npos) << zone->text;
}

TEST(Check, trading_before_and_after_hours_is_no_wrong_zone) {
  auto bars = three_days();
  for (const Date day : {monday, tuesday}) {
    const auto regular = nyse().session(day)->regular();
    for (int i = 1; i <= 200; ++i) {
      auto early = bars.front();
      early.start = regular->from - minutes(i);
      early.volume = shares(10);
      bars.push_back(early);
    }
  }
  std::ranges::sort(bars, {}, &BarRecord::start);
  EXPECT_EQ(found(judged(bars), Fault::TimeZone), nullptr);
}

TEST(Check, a_volume_of_zero_that_is_said_to_be_known_means_unknown) {
  auto bars = minutes_of(monday);
  bars[5].volume = {};
  EXPECT_EQ(found(judged(bars), Fault::ZeroMeansUnknown)->count, 1U);
  bars[5].volume_known = false;
  EXPECT_EQ(found(judged(bars), Fault::ZeroMeansUnknown), nullptr);
  EXPECT_EQ(found(judged(bars), Fault::UnknownVolume)->count, 1U);
  EXPECT_FALSE(found(judged(bars), Fault::UnknownVolume)->problem);
}

TEST(Check, trades_far_from_their_neighbours_are_told_and_late_prints_are_not) {
  std::vector<TradeRecord> trades;
  const auto regular = nyse().session(monday)->regular();
  for (int i = 0; i < 400; ++i)
    trades.push_back({.at = regular->from + seconds(i * 50), .received_at = regular->from + seconds(i * 50), .price = price(100, i % 3), .size = shares(100)});
  std::vector<Finding> out;
  check_trades("ABC", trades, {}, &nyse(), out);
  EXPECT_TRUE(out.empty());
  trades[200].price = price(92);
  check_trades("ABC", trades, {}, &nyse(), out);
  ASSERT_NE(found(out, Fault::Outlier), nullptr);
  EXPECT_EQ(found(out, Fault::Outlier)->count, 1U);
  out.clear();
  trades[200].conditions = trade_condition::late | trade_condition::not_last;
  check_trades("ABC", trades, {}, &nyse(), out);
  EXPECT_EQ(found(out, Fault::Outlier), nullptr);
}

TEST(Check, quotes_without_a_side_are_fine_and_a_side_at_zero_with_a_size_is_not) {
  std::vector<QuoteRecord> quotes;
  const auto regular = nyse().session(monday)->regular();
  for (int i = 0; i < 100; ++i)
    quotes.push_back({.at = regular->from + seconds(i), .received_at = regular->from + seconds(i), .bid = price(100), .ask = price(100, 1), .bid_size = shares(1), .ask_size = shares(1)});
  quotes[3].bid = {}, quotes[3].bid_size = {};
  std::vector<Finding> out;
  check_quotes("ABC", quotes, {}, &nyse(), out);
  EXPECT_TRUE(out.empty());
  quotes[4].bid = {};
  quotes[5].bid = price(101);
  quotes[6].received_at = quotes[6].at - milliseconds(1270);
  check_quotes("ABC", quotes, {}, &nyse(), out);
  EXPECT_EQ(found(out, Fault::ZeroMeansUnknown)->count, 1U);
  EXPECT_EQ(found(out, Fault::Inconsistent)->count, 1U);
  ASSERT_NE(found(out, Fault::Clock), nullptr);
  EXPECT_NE(found(out, Fault::Clock)->text.find("1.270 s"), std::string::npos);
}

class CheckStore : public InAStore {};

TEST_F(CheckStore, faults_of_a_store_come_with_symbol_kind_and_size_and_a_clean_one_with_none) {
  StoreWriter writer(root_, WriterKind::Import, "test");
  for (const Date day : {monday, tuesday, wednesday})
    for (const auto& bar : minutes_of(day)) writer.bar("ABC", day, bar);
  ASSERT_TRUE(writer.finish());
  auto report = check(root_, {}, calendars());
  EXPECT_TRUE(report.clean());
  EXPECT_EQ(report.rows, 3U * 390);
  EXPECT_EQ(report.partitions, 3U);
  std::filesystem::remove_all(path_of(root_, {"bars", tuesday, "ABC"}));
  report = check(root_, {}, calendars());
  EXPECT_FALSE(report.clean());
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings[0].fault, Fault::MissingDay);
  EXPECT_EQ(report.findings[0].symbol, "ABC");
  EXPECT_EQ(report.findings[0].kind, "bars");
  EXPECT_EQ(report.findings[0].size, "1 min");
  EXPECT_TRUE(check(root_, {.symbols = {"XYZ"}}, calendars()).clean());
  EXPECT_TRUE(check(root_, {.from = wednesday}, calendars()).clean());
}

TEST_F(CheckStore, a_part_that_is_no_parquet_is_a_fault_and_stops_nothing) {
  StoreWriter writer(root_, WriterKind::Import, "test");
  for (const Date day : {monday, tuesday})
    for (const auto& bar : minutes_of(day)) writer.bar("ABC", day, bar);
  ASSERT_TRUE(writer.finish());
  const auto parts = parts_of(root_, {"bars", monday, "ABC"});
  ASSERT_TRUE(parts);
  std::filesystem::resize_file(parts->front(), 50);
  const auto report = check(root_, {}, calendars());
  ASSERT_NE(found(report.findings, Fault::Unreadable), nullptr);
  EXPECT_EQ(found(report.findings, Fault::Unreadable)->days, std::vector<Date>{monday});
  EXPECT_EQ(report.rows, 390U);
}

TEST_F(CheckStore, a_file_is_judged_with_its_lines_before_it_is_brought_in) {
  const auto file = root_ / "abc.csv";
  std::filesystem::create_directories(root_);
  std::ofstream(file) << "date,open,high,low,close,volume\n2019-02-11,1,2,0.5,1,10\n2019-02-12,1,2,0.5,x,10\n2019-02-13,1,2,0.5,1,0\n";
  Selection selection;
  struct Nowhere final : RecordSink {
    void quote(std::string_view, Date, const QuoteRecord&) override {}
    void trade(std::string_view, Date, const TradeRecord&) override {}
    void depth(std::string_view, Date, const DepthRecord&) override {}
    void bar(std::string_view, Date, const BarRecord&) override {}
  } nowhere;
  const auto report = examine({.file = file, .symbol = "ABC"}, calendars(), nowhere);
  ASSERT_TRUE(report) << report.error().text;
  const auto findings = findings_of(*report);
  const auto refused = std::ranges::find_if(findings, [](const Finding& f) { return f.problem; });
  ASSERT_NE(refused, findings.end());
  EXPECT_EQ(refused->examples, std::vector<std::string>{file.string() + ":3"});
  EXPECT_NE(found(findings, Fault::ZeroMeansUnknown), nullptr);
}

}  // namespace
}  // namespace robo::store::history
