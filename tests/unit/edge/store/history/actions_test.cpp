// Splits, dividends and new names, as they were known at a moment.

#include "edge/store/history/actions.hpp"

#include "edge/store/text_file.hpp"

#include "unit/edge/store/history/support.hpp"

namespace robo::store::history {
namespace {

using namespace test;

constexpr std::string_view table = "symbol,ex_date,kind,value,known_at\n"
                                   "AAPL,2014-06-09,split,7:1,2014-04-23\n"
                                   "AAPL,2014-05-08,dividend,3.29,2014-04-23\n"
                                   "AAPL,2020-08-31,split,4:1,2020-07-30\n"
                                   "C,2011-05-09,split,1:10,2011-03-21\n"
                                   "FB,2022-06-09,symbol,META,\n";

const Date forever{INT32_MAX};

TEST(Actions, splits_between_a_day_and_a_basis_multiply) {
  const auto actions = Actions::parse(table, "actions.csv").value();
  EXPECT_EQ(actions.splits("AAPL", date_of(2014, 6, 6), date_of(2021, 1, 1), forever), (Ratio{28, 1}));
  EXPECT_EQ(actions.splits("AAPL", date_of(2014, 6, 9), date_of(2021, 1, 1), forever), (Ratio{4, 1})) << "the ex-date is the first day on the new terms";
  EXPECT_EQ(actions.splits("AAPL", date_of(2014, 6, 6), date_of(2014, 6, 8), forever), (Ratio{1, 1}));
  EXPECT_EQ(actions.splits("AAPL", date_of(2014, 6, 6), std::nullopt, forever), (Ratio{1, 1})) << "as traded";
  EXPECT_EQ(actions.splits("C", date_of(2011, 5, 6), date_of(2012, 1, 1), forever), (Ratio{1, 10}));
}

TEST(Actions, what_was_not_announced_yet_moves_nothing) {
  const auto actions = Actions::parse(table, "actions.csv").value();
  EXPECT_EQ(actions.splits("AAPL", date_of(2014, 6, 6), date_of(2021, 1, 1), date_of(2020, 7, 29)), (Ratio{7, 1}));
  EXPECT_EQ(actions.splits("AAPL", date_of(2014, 6, 6), date_of(2021, 1, 1), date_of(2020, 7, 30)), (Ratio{28, 1}));
  EXPECT_EQ(actions.splits("AAPL", date_of(2014, 6, 6), date_of(2014, 12, 31), date_of(2014, 4, 22)), (Ratio{1, 1}));
}

TEST(Actions, a_bar_goes_from_what_a_source_adjusted_to_what_is_wanted_and_back_without_loss) {
  const auto actions = Actions::parse(table, "actions.csv").value();
  const Date day = date_of(2014, 6, 6);
  auto bar = daily(day, price(645, 57), shares(1'000));
  const auto traded = bar;
  actions.rebase(bar, "AAPL", day, std::nullopt, date_of(2020, 1, 1), forever);
  EXPECT_EQ(to_text(bar.close), "92.224285714");
  EXPECT_EQ(bar.volume, shares(7'000));
  actions.rebase(bar, "AAPL", day, date_of(2020, 1, 1), date_of(2021, 1, 1), forever);
  EXPECT_EQ(bar.volume, shares(28'000));
  actions.rebase(bar, "AAPL", day, date_of(2021, 1, 1), std::nullopt, forever);
  EXPECT_NEAR(bar.close.to_double(), traded.close.to_double(), 1e-7);
  EXPECT_EQ(bar.volume, traded.volume);
}

TEST(Actions, a_series_has_the_names_of_its_times) {
  const auto actions = Actions::parse(table, "actions.csv").value();
  const auto names = actions.names("META", date_of(2022, 1, 1), date_of(2023, 1, 1), forever);
  ASSERT_EQ(names.size(), 2U);
  EXPECT_EQ(names[0].symbol, "FB");
  EXPECT_EQ(names[0].until, date_of(2022, 6, 9));
  EXPECT_EQ(names[1].symbol, "META");
  EXPECT_EQ(names[1].from, date_of(2022, 6, 9));
  EXPECT_EQ(actions.names("META", date_of(2022, 6, 9), date_of(2023, 1, 1), forever).size(), 1U);
  EXPECT_EQ(actions.names("META", date_of(2022, 1, 1), date_of(2023, 1, 1), date_of(2022, 6, 8)).size(), 1U) << "nobody knew yet";
}

TEST(Actions, every_wrong_line_is_named_with_what_is_wrong) {
  const auto wrong = Actions::parse("symbol,ex_date,kind,value,known_at\nAAPL,2014-13-09,split,7:1,\nAAPL,2014-06-09,split,0:1,\nAAPL,2014-06-09,merger,1,\nAAPL,2014-06-09\n"
                                    "FB,2022-06-09,symbol,FB,\nX,2014-06-09,dividend,-1,\nX,2014-06-09,split,2:1,tomorrow\n",
                                    "a.csv");
  ASSERT_FALSE(wrong);
  ASSERT_EQ(wrong.error().size(), 7U);
  for (std::size_t i = 0; i < 7; ++i) EXPECT_TRUE(wrong.error()[i].text.starts_with("a.csv:" + std::to_string(i + 2) + ": ")) << wrong.error()[i].text;
  EXPECT_FALSE(Actions::parse("", "a.csv"));
  EXPECT_FALSE(Actions::parse("hello\n", "a.csv"));
  EXPECT_FALSE(Actions::parse("symbol,ex_date,kind,value,known_at\nA,2014-06-09,split,7:1,\nA,2014-06-09,split,8:1,\n", "a.csv")) << "two that contradict each other";
}

TEST(Actions, the_shipped_bars_tell_their_own_dividends) {
  const auto text = read_text_file(data + "daily/etf_sectors_ohlcv_2000_2025.csv.gz");
  ASSERT_TRUE(text);
  const auto actions = Actions::parse(text->text, "etf_sectors.csv");
  ASSERT_TRUE(actions) << actions.error().front().text;
  const auto spy = actions->dividends("SPY", date_of(2019, 1, 1), date_of(2019, 12, 31), forever);
  ASSERT_EQ(spy.size(), 4U);
  EXPECT_EQ(to_text(spy[0].ex), "2019-03-15");
  EXPECT_EQ(to_text(spy[0].amount), "1.233");
}

class ActionsOfAStore : public InAStore {};

TEST_F(ActionsOfAStore, are_kept_added_to_and_changed) {
  const auto first = Actions::parse(table, "actions.csv").value();
  EXPECT_EQ(first.keep_in(root_).value(), 5U);
  EXPECT_EQ(first.keep_in(root_).value(), 0U);
  const auto second = Actions::parse("symbol,ex_date,kind,value,known_at\nAAPL,2014-06-09,split,7:1,2014-04-24\nTSLA,2020-08-31,split,5:1,\n", "more.csv").value();
  EXPECT_EQ(second.keep_in(root_).value(), 2U);
  const auto all = Actions::load(root_).value();
  EXPECT_EQ(all.all().size(), 6U);
  EXPECT_EQ(all.splits("AAPL", date_of(2014, 6, 6), date_of(2015, 1, 1), date_of(2014, 4, 23)), (Ratio{1, 1}));
  EXPECT_TRUE(Actions::load(root_ / "nowhere").value().all().empty());
}

}  // namespace
}  // namespace robo::store::history
