// Plans, the memory of what was asked, and rows that replace rows.

#include "edge/store/history/archive.hpp"

#include <algorithm>
#include <fstream>

#include "edge/store/history/files.hpp"
#include "edge/store/history/plan.hpp"
#include "edge/store/history/state.hpp"
#include "unit/edge/store/history/support.hpp"

namespace robo::store::history {
namespace {

using namespace test;

const Date monday = date_of(2019, 2, 11);
const Timestamp noon{date_of(2026, 11, 23).days * hours(24).ns + hours(12).ns};

TEST(Plan, a_request_a_day_and_none_for_a_holiday_or_a_weekend) {
  const auto days = plan(nyse(), bar_size_named("1 min").value(), date_of(2019, 2, 14), date_of(2019, 2, 21), true);
  ASSERT_EQ(days.size(), 4U);  // Thursday, Friday, Tuesday, Wednesday: Monday was Presidents' Day
  EXPECT_EQ(to_text(days[2].day), "2019-02-19");
  EXPECT_EQ(days[0].bars, 390U);
  ASSERT_EQ(days[0].requests.size(), 1U);
  EXPECT_EQ(days[0].requests[0].duration, "23400 S");
  EXPECT_EQ(to_text(days[0].requests[0].until), "2019-02-14T21:00:00Z");
}

TEST(Plan, a_half_day_is_half_as_long_and_all_hours_are_sixteen) {
  EXPECT_EQ(plan(nyse(), bar_size_named("1 min").value(), date_of(2019, 7, 3), date_of(2019, 7, 4), true).at(0).requests.at(0).duration, "12600 S");
  EXPECT_EQ(plan(nyse(), bar_size_named("1min").value(), date_of(2019, 2, 14), date_of(2019, 2, 15), false).at(0).requests.at(0).duration, "57600 S");
}

TEST(Plan, small_bars_are_asked_for_in_the_longest_pieces_ib_answers) {
  const auto five = plan(nyse(), bar_size_named("5 secs").value(), monday, {monday.days + 1}, true);
  ASSERT_EQ(five.at(0).requests.size(), 7U);  // six hours and a half, an hour each
  EXPECT_EQ(five[0].requests[6].duration, "1800 S");
  for (std::size_t i = 1; i < 7; ++i) EXPECT_EQ(five[0].requests[i].from, five[0].requests[i - 1].until);
  EXPECT_EQ(plan(nyse(), bar_size_named("1 secs").value(), monday, {monday.days + 1}, true).at(0).requests.size(), 13U);
  EXPECT_EQ(plan(nyse(), bar_size_named("30 secs").value(), monday, {monday.days + 1}, true).at(0).requests.size(), 1U);
}

TEST(Plan, daily_bars_are_asked_for_by_the_year) {
  const auto years = plan(nyse(), bar_size_named("1 day").value(), date_of(2017, 6, 1), date_of(2019, 2, 1), true);
  ASSERT_EQ(years.size(), 3U);
  EXPECT_EQ(to_text(years[0].day), "2017-01-01");
  EXPECT_EQ(to_text(years[0].from), "2017-06-01");
  EXPECT_EQ(to_text(years[2].until), "2019-02-01");
  EXPECT_EQ(years[1].bars, 251U);
  EXPECT_EQ(years[1].requests.at(0).duration, "1 Y");
}

TEST(Plan, a_bar_size_ib_does_not_have_is_told_with_those_it_has) {
  const auto wrong = bar_size_named("7 mins");
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().text.find("5 mins"), std::string::npos);
}

class State : public InAStore {};

TEST_F(State, the_last_word_on_a_day_counts_and_a_line_cut_by_a_crash_does_not) {
  auto states = StateFile::load(root_, "BRK/B", "1 min");
  EXPECT_EQ(states.find(monday), nullptr);
  ASSERT_FALSE(states.put({.day = monday, .status = DayStatus::Partial, .rows = 10, .asked = 1}));
  ASSERT_FALSE(states.put({.day = monday, .status = DayStatus::Complete, .rows = 390, .asked = 2, .replaced = {"a", "b"}}));
  std::ofstream(states.path(), std::ios::app) << R"({"day":"2019-02-12","from":"2019)";
  auto again = StateFile::load(root_, "BRK/B", "1 min");
  ASSERT_NE(again.find(monday), nullptr);
  EXPECT_EQ(again.find(monday)->status, DayStatus::Complete);
  EXPECT_EQ(again.find(monday)->replaced.size(), 2U);
  EXPECT_EQ(again.find({monday.days + 1}), nullptr);
  ASSERT_EQ(again.damaged().size(), 1U);
  EXPECT_NE(again.damaged()[0].find("1-min.jsonl:3"), std::string::npos);
  ASSERT_FALSE(again.put({.day = {monday.days + 1}, .status = DayStatus::Empty}));
  EXPECT_EQ(StateFile::load(root_, "BRK/B", "1 min").find({monday.days + 1})->status, DayStatus::Empty) << "the cut line does not swallow the next one";
}

TEST_F(State, a_store_is_worked_on_by_one_at_a_time) {
  {
    const auto first = Lock::take(root_);
    ASSERT_TRUE(first);
    EXPECT_FALSE(Lock::take(root_));
  }
  EXPECT_TRUE(Lock::take(root_));
}

class Archive : public InAStore {
 protected:
  Put put(const std::vector<BarRecord>& bars, bool repair, Basis adjusted = {}) {
    auto done = put_bars(root_, partition_, minutes(1), bars, {.source = repair ? "gateway again" : "gateway", .adjusted = adjusted, .repair = repair, .at = noon}, actions_);
    EXPECT_TRUE(done) << done.error().text;
    return done.value_or(Put{});
  }
  std::vector<BarRecord> stored() { return read_partition<BarRecord>(root_, partition_).value(); }

  Partition partition_{"bars", monday, "ABC"};
  Actions actions_;
};

TEST_F(Archive, what_is_new_is_recorded_and_what_is_the_same_is_not_written_again) {
  const auto bars = minutes_of(monday);
  const auto first = put(bars, false);
  EXPECT_EQ(first.added, 390U);
  EXPECT_TRUE(first.replaced.empty());
  EXPECT_EQ(stored().front().origin, DataOrigin::Recorded);
  const auto path = parts_of(root_, partition_)->front();
  const auto written = std::filesystem::last_write_time(path);
  const auto second = put(bars, true);
  EXPECT_EQ(second.added + second.changed + second.dropped, 0U);
  EXPECT_EQ(std::filesystem::last_write_time(path), written);
}

TEST_F(Archive, a_repair_marks_what_it_brings_and_keeps_what_it_replaces) {
  auto bars = minutes_of(monday);
  auto damaged = bars;
  damaged[100].close = damaged[100].high = price(500);
  damaged.erase(damaged.begin() + 200, damaged.begin() + 210);
  put(damaged, false);
  const auto done = put(bars, true);
  EXPECT_EQ(done.changed, 1U);
  EXPECT_EQ(done.added, 10U);
  EXPECT_EQ(done.rows, 390U);
  const auto now = stored();
  EXPECT_EQ(now.size(), 390U);
  EXPECT_EQ(now[100].close, bars[100].close);
  EXPECT_EQ(std::ranges::count(now, DataOrigin::Repaired, &BarRecord::origin), 11);
  EXPECT_EQ(now[99].origin, DataOrigin::Recorded);
  const auto part = summary_of(parts_of(root_, partition_)->front());
  EXPECT_EQ(part->notes.at("repaired_at"), to_text(noon));
  EXPECT_EQ(part->notes.at("repaired_from"), "gateway again");
  EXPECT_EQ(part->notes.at(std::string(source_note)), "gateway; gateway again");
  ASSERT_EQ(done.replaced.size(), 1U);
  const auto before = read_partition<BarRecord>(root_ / replaced_folder, partition_);
  ASSERT_TRUE(before);
  ASSERT_EQ(before->size(), 380U);
  EXPECT_EQ((*before)[100].close, price(500)) << "what was there stays readable";
  const auto listed = catalogue(root_ / replaced_folder, {}, calendars());
  EXPECT_EQ(listed.holdings.at(0).rows, 380U);
}

TEST_F(Archive, second_bars_and_files_that_cannot_be_read_leave_and_are_kept) {
  const auto bars = minutes_of(monday);
  StoreWriter one(root_, WriterKind::Import, "one"), two(root_, WriterKind::Import, "two");
  for (const auto& bar : bars) one.bar("ABC", monday, bar), two.bar("ABC", monday, bar);
  ASSERT_TRUE(one.finish());
  ASSERT_TRUE(two.finish());
  auto done = put(bars, true);
  EXPECT_EQ(done.dropped, 390U);
  EXPECT_EQ(done.replaced.size(), 2U);
  EXPECT_EQ(stored().size(), 390U);
  EXPECT_EQ(parts_of(root_, partition_)->size(), 1U);
  std::filesystem::resize_file(parts_of(root_, partition_)->front(), 40);
  EXPECT_FALSE(put_bars(root_, partition_, minutes(1), bars, {.source = "gateway"}, actions_)) << "a fetch does not touch a damaged file";
  done = put(bars, true);
  EXPECT_EQ(done.added, 390U);
  EXPECT_EQ(done.replaced.size(), 1U);
  EXPECT_EQ(stored().size(), 390U);
}

TEST_F(Archive, bars_of_another_length_in_the_same_file_stay) {
  StoreWriter writer(root_, WriterKind::Import, "both");
  for (const auto& bar : minutes_of(monday)) writer.bar("ABC", monday, bar);
  for (const auto& bar : minutes_of(monday, price(100), minutes(15))) writer.bar("ABC", monday, bar);
  ASSERT_TRUE(writer.finish());
  auto bars = minutes_of(monday);
  bars[3].low = price(90);
  EXPECT_EQ(put(bars, true).changed, 1U);
  EXPECT_EQ(std::ranges::count(stored(), minutes(15), &BarRecord::period), 26);
  EXPECT_EQ(std::ranges::count(stored(), minutes(1), &BarRecord::period), 390);
}

TEST_F(Archive, prices_that_a_source_adjusted_come_into_the_terms_of_what_is_there) {
  actions_ = Actions::parse("symbol,ex_date,kind,value,known_at\nABC,2020-08-31,split,4:1,\n", "a.csv").value();
  auto traded = minutes_of(monday, price(400));
  auto half = traded;
  half.resize(200);
  put(half, false);
  auto adjusted = traded;
  for (auto& bar : adjusted) actions_.rebase(bar, "ABC", monday, std::nullopt, date_of(2026, 1, 1), {INT32_MAX});
  EXPECT_EQ(adjusted[0].volume, shares(4000));
  const auto done = put(adjusted, true, date_of(2026, 1, 1));
  EXPECT_EQ(done.changed, 0U);
  EXPECT_EQ(done.added, 190U);
  EXPECT_EQ(stored().back().close, traded.back().close);
  EXPECT_EQ(stored().back().volume, shares(1000));
}

TEST_F(Archive, ticks_of_a_source_are_replaced_as_a_day_and_kept_when_they_differ) {
  std::vector<TradeRecord> trades{{.at = noon, .price = price(100), .size = shares(1)}, {.at = noon + seconds(1), .price = price(101), .size = shares(1)}};
  const Partition partition{"trades", monday, "ABC"};
  ASSERT_TRUE(put_ticks<TradeRecord>(root_, partition, trades, {.source = "gateway", .at = noon}));
  auto same = trades;
  for (auto& trade : same) trade.received_at = noon;
  EXPECT_EQ(put_ticks<TradeRecord>(root_, partition, same, {.source = "gateway", .at = noon})->added, 0U);
  trades.push_back({.at = noon + seconds(2), .price = price(102), .size = shares(1)});
  const auto done = put_ticks<TradeRecord>(root_, partition, trades, {.source = "gateway", .at = noon});
  EXPECT_EQ(done->replaced.size(), 1U);
  EXPECT_EQ(read_partition<TradeRecord>(root_, partition)->size(), 3U);
  EXPECT_EQ(read_partition<TradeRecord>(root_ / replaced_folder, partition)->size(), 2U);
}

}  // namespace
}  // namespace robo::store::history
