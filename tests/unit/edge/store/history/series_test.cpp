// Reading bars in the terms of a day, and who was a member when.

#include "edge/store/history/series.hpp"

#include "edge/store/history/universe.hpp"
#include "edge/store/import_bars.hpp"
#include "edge/store/text_file.hpp"
#include "unit/edge/store/history/support.hpp"

namespace robo::store::history {
namespace {

using namespace test;

class ASeries : public InAStore {
 protected:
  void store(std::string_view symbol, Date from, int days, Price first, std::string_view source = "test", std::string_view adjusted_until = {}) {
    StoreWriter writer(root_, WriterKind::Import, source);
    if (!adjusted_until.empty()) writer.note("adjusted_until", std::string(adjusted_until));
    auto day = nyse().next_trading_day({from.days - 1});
    for (int i = 0; i < days; ++i, day = nyse().next_trading_day(*day)) writer.bar(symbol, *day, daily(*day, first + price(i)));
    ASSERT_TRUE(writer.finish());
  }
  std::vector<BarRecord> read(SeriesRequest request) {
    const auto series = read_series(root_, request, actions_);
    EXPECT_TRUE(series) << series.error().text;
    return series ? series->bars : std::vector<BarRecord>{};
  }
  Actions actions_;
};

TEST_F(ASeries, is_stored_as_it_came_and_adjusted_when_it_is_read) {
  store("ABC", date_of(2020, 8, 26), 6, price(400));  // Wednesday 26 August to Wednesday 2 September
  actions_ = Actions::parse("symbol,ex_date,kind,value,known_at\nABC,2020-08-31,split,4:1,2020-07-30\n", "a.csv").value();
  const SeriesRequest request{.symbol = "ABC", .from = date_of(2020, 8, 1), .until = date_of(2020, 9, 30)};
  auto bars = read(request);
  ASSERT_EQ(bars.size(), 6U);
  EXPECT_EQ(to_text(bars[2].close), "100.5") << "402 of the 28th in shares of today";
  EXPECT_EQ(bars[2].volume, shares(4'000'000));
  EXPECT_EQ(to_text(bars[3].close), "403") << "on and after the ex-date nothing moves";
  auto raw = request;
  raw.adjust = Adjust::None;
  EXPECT_EQ(to_text(read(raw)[2].close), "402");
}

TEST_F(ASeries, of_a_test_that_ends_before_the_announcement_knows_no_split) {
  store("ABC", date_of(2020, 7, 1), 50, price(400));
  actions_ = Actions::parse("symbol,ex_date,kind,value,known_at\nABC,2020-08-31,split,4:1,2020-07-30\n", "a.csv").value();
  SeriesRequest request{.symbol = "ABC", .from = date_of(2020, 7, 1), .until = date_of(2020, 7, 20)};
  EXPECT_EQ(to_text(read(request).front().close), "400");
  request.basis = date_of(2020, 12, 31);
  EXPECT_EQ(to_text(read(request).front().close), "100");
  request.known_at = date_of(2020, 7, 29);
  EXPECT_EQ(to_text(read(request).front().close), "400") << "announced on the 30th";
  request.known_at = date_of(2020, 7, 30);
  EXPECT_EQ(to_text(read(request).front().close), "100");
}

TEST_F(ASeries, takes_back_what_a_source_adjusted_with_later_knowledge) {
  store("ABC", date_of(2020, 8, 26), 3, price(100), "gateway", "2026-11-23");  // a gateway of today has divided by four already
  actions_ = Actions::parse("symbol,ex_date,kind,value,known_at\nABC,2020-08-31,split,4:1,2020-07-30\n", "a.csv").value();
  SeriesRequest request{.symbol = "ABC", .from = date_of(2020, 8, 1), .until = date_of(2020, 8, 30)};
  EXPECT_EQ(to_text(read(request).front().close), "400") << "as it was traded on that day";
  request.basis = date_of(2021, 1, 1);
  EXPECT_EQ(to_text(read(request).front().close), "100");
}

TEST_F(ASeries, puts_dividends_back_when_the_total_return_is_wanted) {
  store("ABC", date_of(2020, 8, 24), 5, price(100));
  actions_ = Actions::parse("symbol,ex_date,kind,value,known_at\nABC,2020-08-27,dividend,5.1,\n", "a.csv").value();
  SeriesRequest request{.symbol = "ABC", .from = date_of(2020, 8, 1), .until = date_of(2020, 8, 30), .adjust = Adjust::Total};
  const auto bars = read(request);
  // The close before was 102: every price before is worth 1 - 5.1 / 102 = 0.95 of itself.
  EXPECT_EQ(to_text(bars[2].close), "96.9");
  EXPECT_EQ(to_text(bars[0].close), "95");
  EXPECT_EQ(to_text(bars[3].close), "103");
  request.adjust = Adjust::Splits;
  EXPECT_EQ(to_text(read(request)[2].close), "102");
}

TEST_F(ASeries, goes_through_a_change_of_symbol_with_its_splits) {
  store("FB", date_of(2022, 6, 6), 3, price(200));
  store("META", date_of(2022, 6, 9), 3, price(210));
  store("FB", date_of(2022, 7, 1), 3, price(7), "somebody else's later");  // the letters may be given to another
  actions_ = Actions::parse("symbol,ex_date,kind,value,known_at\nFB,2022-06-09,symbol,META,\nMETA,2022-06-10,split,2:1,\n", "a.csv").value();
  const auto series = read_series(root_, {.symbol = "META", .from = date_of(2022, 1, 1), .until = date_of(2022, 12, 31)}, actions_);
  ASSERT_TRUE(series);
  ASSERT_EQ(series->bars.size(), 6U);
  EXPECT_EQ(to_text(series->bars[0].close), "100") << "the split under the later name moves the former one's bars";
  EXPECT_EQ(to_text(series->bars[3].close), "105");
  EXPECT_EQ(to_text(series->bars[4].close), "211");
  EXPECT_EQ(series->names.size(), 2U);
}

TEST_F(ASeries, of_the_shipped_fund_returns_in_2019_what_the_fund_reported) {
  // SPY's price rose by 28.8 % from the last close of 2018; with its four dividends the year was worth 31.2 %.
  const auto text = read_text_file(data + "daily/etf_sectors_ohlcv_2000_2025.csv.gz")->text;
  actions_ = Actions::parse(text, "etf.csv").value();
  StoreWriter writer(root_, WriterKind::Import, "etf");
  ASSERT_TRUE(import_bars("etf.csv", text, {.calendar = &nyse()}, writer).kept > 0);
  ASSERT_TRUE(writer.finish());
  SeriesRequest request{.symbol = "SPY", .from = date_of(2018, 12, 31), .until = date_of(2020, 1, 1), .adjust = Adjust::Splits};
  auto bars = read(request);
  ASSERT_EQ(bars.size(), 253U);
  EXPECT_NEAR(bars.back().close.to_double() / bars.front().close.to_double() - 1, 0.288, 0.001);
  request.adjust = Adjust::Total;
  bars = read(request);
  EXPECT_NEAR(bars.back().close.to_double() / bars.front().close.to_double() - 1, 0.312, 0.001);
}

TEST(Universe, members_of_a_day_are_those_who_had_joined_and_not_left) {
  const auto text = read_text_file(data + "reference/sp500_ticker_start_end_1996_2025.csv")->text;
  const auto universe = Universe::parse(text, "sp500.csv");
  ASSERT_TRUE(universe) << universe.error().front().text;
  EXPECT_EQ(universe->all().size(), 1230U);
  EXPECT_TRUE(universe->contains("NFX", date_of(2019, 2, 14)));
  EXPECT_FALSE(universe->contains("NFX", date_of(2019, 2, 15))) << "the end is the first day without it";
  EXPECT_TRUE(universe->contains("AAL", date_of(1996, 6, 1)));
  EXPECT_FALSE(universe->contains("AAL", date_of(2000, 1, 1)));
  EXPECT_TRUE(universe->contains("AAL", date_of(2015, 3, 23)));
  const auto members = universe->on(date_of(2008, 9, 12));
  EXPECT_GT(members.size(), 480U);
  EXPECT_LT(members.size(), 510U);
  EXPECT_GT(universe->during(date_of(2008, 1, 1), date_of(2009, 1, 1)).size(), members.size());
}

TEST(Universe, every_wrong_line_is_named) {
  const auto wrong = Universe::parse("ticker,start_date,end_date\nA,2000-06-05\nB,2000-06-32,\nC,2000-06-05,1999-01-01\nD,2000-01-01,\nD,2001-01-01,\n,2000-01-01,\n", "u.csv");
  ASSERT_FALSE(wrong);
  ASSERT_EQ(wrong.error().size(), 5U);
  EXPECT_TRUE(wrong.error()[0].text.starts_with("u.csv:2: "));
  EXPECT_TRUE(wrong.error()[4].text.starts_with("u.csv:7: "));
  EXPECT_FALSE(Universe::parse("A,2000-06-05,\n", "u.csv"));
}

class UniverseOfAStore : public InAStore {};

TEST_F(UniverseOfAStore, is_kept_under_its_name_and_an_unknown_one_names_those_there_are) {
  const auto universe = Universe::parse("ticker,start_date,end_date\nA,2000-06-05,\nAAL,1996-01-02,1997-01-15\n", "u.csv").value();
  ASSERT_FALSE(universe.keep_in(root_, "sp500"));
  EXPECT_TRUE(universe.keep_in(root_, "../sp500"));
  EXPECT_EQ(Universe::load(root_, "sp500")->all().size(), 2U);
  const auto unknown = Universe::load(root_, "nasdaq");
  ASSERT_FALSE(unknown);
  EXPECT_NE(unknown.error().text.find("sp500"), std::string::npos);
}

}  // namespace
}  // namespace robo::store::history
