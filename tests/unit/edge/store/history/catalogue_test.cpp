// What is stored, told without reading it.

#include "edge/store/history/catalogue.hpp"

#include "unit/edge/store/history/support.hpp"

namespace robo::store::history {
namespace {

using namespace test;

class ACatalogue : public InAStore {};

TEST_F(ACatalogue, names_first_last_rows_days_missing_source_and_adjustment_of_every_series) {
  {
    StoreWriter writer(root_, WriterKind::Import, "abc.csv.gz");
    for (const Date day : {date_of(2019, 2, 15), date_of(2019, 2, 20)})
      for (const auto& bar : minutes_of(day)) writer.bar("ABC", day, bar);
    for (int d = 4; d < 9; ++d) writer.bar("ABC", date_of(2019, 2, static_cast<unsigned>(d)), daily(date_of(2019, 2, static_cast<unsigned>(d)), price(100)));
    writer.trade("BRK/B", date_of(2019, 2, 15), {.at = nyse().session(date_of(2019, 2, 15))->regular()->from, .price = price(200), .size = shares(1)});
    ASSERT_TRUE(writer.finish());
  }
  const auto found = catalogue(root_, {}, calendars());
  ASSERT_EQ(found.holdings.size(), 3U);
  const auto& bars = found.holdings[0];
  EXPECT_EQ(bars.symbol, "ABC");
  EXPECT_EQ(bars.kind, "bars");
  EXPECT_EQ(bars.size, "1 min");
  EXPECT_EQ(to_text(bars.first), "2019-02-15T14:30:00Z");
  EXPECT_EQ(to_text(bars.last), "2019-02-20T20:59:00Z");
  EXPECT_EQ(bars.rows, 780U);
  EXPECT_EQ(bars.days, 2U);
  EXPECT_EQ(bars.days_missing, 1U) << "the 19th; the 18th was a holiday";
  EXPECT_EQ(bars.sources, std::vector<std::string>{"abc.csv.gz"});
  EXPECT_EQ(bars.adjusted, "as traded");
  EXPECT_GT(bars.bytes, 0U);
  EXPECT_EQ(found.holdings[1].kind, "daily_bars");
  EXPECT_EQ(found.holdings[1].size, "1 day");
  EXPECT_EQ(found.holdings[1].days, 5U);
  EXPECT_EQ(found.holdings[1].days_missing, 0U);
  EXPECT_EQ(found.holdings[2].symbol, "BRK/B");
  EXPECT_EQ(found.holdings[2].size, "");
}

TEST_F(ACatalogue, takes_a_selection_and_names_files_it_cannot_read) {
  StoreWriter writer(root_, WriterKind::Import, "abc.csv.gz");
  for (const Date day : {date_of(2019, 2, 14), date_of(2019, 2, 15)})
    for (const auto& bar : minutes_of(day)) writer.bar("ABC", day, bar);
  ASSERT_TRUE(writer.finish());
  EXPECT_EQ(catalogue(root_, {.symbols = {"XYZ"}}, calendars()).holdings.size(), 0U);
  EXPECT_EQ(catalogue(root_, {.kinds = {"trades"}}, calendars()).holdings.size(), 0U);
  EXPECT_EQ(catalogue(root_, {.from = date_of(2019, 2, 15)}, calendars()).holdings.at(0).rows, 390U);
  std::filesystem::resize_file(parts_of(root_, {"bars", date_of(2019, 2, 14), "ABC"})->front(), 20);
  const auto found = catalogue(root_, {}, calendars());
  ASSERT_EQ(found.damaged.size(), 1U);
  EXPECT_NE(found.damaged[0].find("date=2019-02-14"), std::string::npos);
  EXPECT_EQ(found.holdings.at(0).rows, 390U);
}

TEST(Words, lengths_of_bars_are_told_as_ib_tells_them) {
  EXPECT_EQ(words_of(seconds(5)), "5 secs");
  EXPECT_EQ(words_of(minutes(1)), "1 min");
  EXPECT_EQ(words_of(minutes(15)), "15 mins");
  EXPECT_EQ(words_of(hours(1)), "1 hour");
  EXPECT_EQ(words_of(hours(24)), "1 day");
  EXPECT_EQ(words_of(hours(24 * 7)), "1 week");
}

}  // namespace
}  // namespace robo::store::history
