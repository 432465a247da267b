#include "edge/store/import_taq.hpp"

#include <numeric>

#include "edge/store/nbbo.hpp"
#include "model/sale_conditions.hpp"
#include "unit/edge/store/support.hpp"

using namespace robo;
using namespace robo::store;
using namespace robo::store::test;

namespace {

const std::string quotes_file = "equity_intraday/taq_XXX_quotes_raw_2018-01-02_03.csv.gz";
const std::string trades_file = "equity_intraday/taq_XXX_trades_raw_2018-01-02_03.csv.gz";

ImportReport quotes(const std::string& text, Remember& sink, ImportOptions options = {}) {
  options.calendar = &calendar("NYSE");
  return import_taq_quotes("taq_XXX.csv", text, options, sink);
}
ImportReport trades(const std::string& text, Remember& sink, ImportOptions options = {}) {
  options.calendar = &calendar("NYSE");
  return import_taq_trades("taq_XXX.csv", text, options, sink);
}

TEST(ImportTaq, quote_sizes_are_round_lots_and_times_are_new_york) {
  Remember sink;
  const auto report = quotes("DT,EX,SYMBOL,BID,BIDSIZ,OFR,OFRSIZ\n2018-01-02T04:04:13.125000,P,XXX,156.57,1,158.85,12\n", sink);
  ASSERT_EQ(report.kept, 1u);
  EXPECT_EQ(sink.quotes[0].record.bid_size, shares(100));
  EXPECT_EQ(sink.quotes[0].record.ask_size, shares(1200));
  EXPECT_EQ(to_text(sink.quotes[0].record.at), "2018-01-02T09:04:13.125Z");
  EXPECT_EQ(sink.quotes[0].record.venue, 'P');
  EXPECT_EQ(to_text(sink.quotes[0].day), "2018-01-02");
}

TEST(ImportTaq, every_quote_of_the_shipped_tape_is_kept_and_missing_sides_are_told) {
  Remember sink;
  const auto report = quotes(text_of(quotes_file), sink);
  EXPECT_EQ(report.rows, 131401u);
  EXPECT_EQ(report.kept, 131401u);
  EXPECT_EQ(rows_of(report.flags, "one-sided"), 61u);
  EXPECT_EQ(rows_of(report.flags, "withdrew both"), 35u);  // these are the rows whose bid equals their ask: 0 and 0
  EXPECT_EQ(rows_of(report.flags, "locked"), 0u);
}

TEST(ImportTaq, the_cancelled_block_and_its_cancel_record_are_refused_and_the_late_report_is_kept) {
  Remember sink;
  const auto report = trades(text_of(trades_file), sink);
  EXPECT_EQ(report.rows, 77263u);
  EXPECT_EQ(report.kept, 77261u);
  EXPECT_EQ(lines_of(report.refusals, "cancelled later"), std::vector<std::uint64_t>{39520});
  EXPECT_EQ(lines_of(report.refusals, "record of a cancel"), std::vector<std::uint64_t>{77254});
  int blocks = 0;
  for (const auto& got : sink.trades)
    if (got.record.size == shares(127'300)) {
      ++blocks;
      EXPECT_TRUE(got.record.conditions & trade_condition::late);
      EXPECT_TRUE(got.record.conditions & trade_condition::not_last);
      EXPECT_FALSE(got.record.conditions & trade_condition::not_volume);
    }
  EXPECT_EQ(blocks, 1);
}

TEST(ImportTaq, the_closing_auction_counts_once) {
  Remember sink;
  (void)trades(text_of(trades_file), sink);
  for (const std::int64_t auction : {443'901, 300'363}) {
    int counted = 0, printed = 0;
    for (const auto& got : sink.trades) {
      if (got.record.size != shares(auction)) continue;
      ++printed;
      counted += (got.record.conditions & trade_condition::not_volume) == 0 ? 1 : 0;
      EXPECT_TRUE(got.record.conditions & trade_condition::auction);
    }
    EXPECT_EQ(printed, 2);
    EXPECT_EQ(counted, 1);
  }
}

TEST(ImportTaq, off_exchange_prints_odd_lots_and_sweeps_are_told_apart) {
  Remember sink;
  (void)trades(text_of(trades_file), sink);
  const auto count = [&](std::uint16_t bit) {
    return std::accumulate(sink.trades.begin(), sink.trades.end(), 0, [&](int n, const auto& got) { return n + ((got.record.conditions & bit) != 0 ? 1 : 0); });
  };
  EXPECT_EQ(count(trade_condition::off_exchange), 23'697 - 2);  // the cancelled pair was printed by the TRF
  EXPECT_EQ(conditions_of("F I", 'N'), trade_condition::sweep | trade_condition::odd_lot | trade_condition::not_last);
  EXPECT_EQ(conditions_of("", 'D'), trade_condition::off_exchange);
  EXPECT_EQ(conditions_of("", 'N'), 0);
  EXPECT_EQ(conditions_of("4 B", 'D') & trade_condition::not_last, trade_condition::not_last);
}

TEST(ImportTaq, bad_rows_are_refused_with_their_lines_and_the_rest_is_kept) {
  Remember sink;
  const auto report = trades(
      "DT,EX,SYMBOL,PRICE,SIZE,COND,CORR\n"
      "2018-01-02T10:00:00,N,XXX,157.8,2,,0\n"        // 2 good
      "2018-01-02T10:00:61,N,XXX,157.8,2,,0\n"        // 3 61 seconds
      "2018-01-02T10:00:00,N,XXX,abc,2,,0\n"          // 4
      "2018-01-02T10:00:00,N,XXX,157.8,0,,0\n"        // 5
      "2018-01-02T10:00:00,N,XXX,157.8,-3,,0\n"       // 6
      "2018-01-02T10:00:00,NN,XXX,157.8,3,,0\n"       // 7
      "2018-01-02T10:00:00,N,XXX,157.8,3,\n"          // 8 a cell short
      "2018-01-01T10:00:00,N,XXX,157.8,3,,0\n"        // 9 New Year's Day
      "2018-01-02T10:00:00,N,XXX,157.8,3,,99\n"       // 10
      "\n"                                            // 11 nothing
      "2018-01-02T10:00:01,N,,157.8,3,,0\r\n"         // 12 no symbol
      "2018-01-02T10:00:01,N,XXX,157.81,3,,0\r\n",    // 13 good, CRLF
      sink, ImportOptions{.allow_pseudo_dates = false});
  // One of two days is no trading day: the file's dates as a whole would be suspect, so nothing may be read.
  EXPECT_EQ(report.kept, 0u);
  ASSERT_FALSE(report.notes.empty());
  EXPECT_NE(report.notes[0].find("2018-01-01"), std::string::npos);

  Remember again;
  const auto kept = import_taq_trades("x.csv",
      "DT,EX,SYMBOL,PRICE,SIZE,COND,CORR\n2018-01-02T10:00:00,N,XXX,157.8,2,,0\n2018-01-02T10:00:61,N,XXX,157.8,2,,0\n"
      "2018-01-02T10:00:00,N,XXX,abc,2,,0\n2018-01-02T10:00:00,N,XXX,157.8,0,,0\n2018-01-02T10:00:00,N,XXX,157.8,-3,,0\n"
      "2018-01-02T10:00:00,NN,XXX,157.8,3,,0\n2018-01-02T10:00:00,N,XXX,157.8,3,\n2018-01-02T10:00:00,N,XXX,157.8,3,,99\n\n"
      "2018-01-02T10:00:01,N,,157.8,3,,0\r\n2018-01-02T10:00:01,N,XXX,157.81,3,,0\r\n", {}, again);
  EXPECT_EQ(kept.rows, 10u);
  EXPECT_EQ(kept.kept, 2u);
  EXPECT_EQ(kept.refused, 8u);
  EXPECT_EQ(lines_of(kept.refusals, "the time cannot"), std::vector<std::uint64_t>{3});
  EXPECT_EQ(lines_of(kept.refusals, "not a number"), std::vector<std::uint64_t>{4});
  EXPECT_EQ(lines_of(kept.refusals, "not positive"), (std::vector<std::uint64_t>{5, 6}));
  EXPECT_EQ(lines_of(kept.refusals, "not a letter"), std::vector<std::uint64_t>{7});
  EXPECT_EQ(lines_of(kept.refusals, "fewer cells"), std::vector<std::uint64_t>{8});
  EXPECT_EQ(lines_of(kept.refusals, "correction code is not"), std::vector<std::uint64_t>{9});
  EXPECT_EQ(lines_of(kept.refusals, "symbol is empty"), std::vector<std::uint64_t>{11});
  EXPECT_EQ(again.trades[1].record.price, price(157, 81));
}

TEST(ImportTaq, a_file_with_made_up_dates_is_refused_as_a_whole_unless_asked_for) {
  const auto text = text_of("equity_intraday/europe_ABC_trades_2013-06-08.csv.gz");
  Remember sink;
  const auto refused = trades(text, sink);
  EXPECT_EQ(refused.kept, 0u);
  EXPECT_NE(refused.notes[0].find("pseudo-dates"), std::string::npos);
  const auto taken = trades(text, sink, ImportOptions{.zone = "Europe/Berlin", .allow_pseudo_dates = true});
  EXPECT_EQ(taken.kept, 33'488u);
  EXPECT_EQ(to_text(sink.trades[0].record.at), "2013-06-08T07:00:01.625474Z");
}

TEST(Nbbo, takes_the_best_of_all_venues_and_adds_their_sizes) {
  Nbbo nbbo;
  nbbo.apply('N', price(10, 0), shares(100), price(10, 5), shares(300));
  nbbo.apply('P', price(10, 1), shares(200), price(10, 5), shares(500));
  EXPECT_EQ(nbbo.best().bid, price(10, 1));
  EXPECT_EQ(nbbo.best().bid_size, shares(200));
  EXPECT_EQ(nbbo.best().bid_venue, 'P');
  EXPECT_EQ(nbbo.best().ask, price(10, 5));
  EXPECT_EQ(nbbo.best().ask_size, shares(800));
  EXPECT_EQ(nbbo.best().ask_venue, 'P');
  nbbo.apply('P', Price{}, Quantity{}, Price{}, Quantity{});
  EXPECT_EQ(nbbo.best().bid, price(10, 0));
  EXPECT_EQ(nbbo.best().ask_size, shares(300));
  nbbo.apply('N', Price{}, Quantity{}, price(10, 5), shares(300));
  EXPECT_EQ(nbbo.best().bid_size, Quantity{});
}

TEST(Nbbo, an_older_quote_that_a_newer_one_would_lock_or_cross_must_have_gone) {
  Nbbo nbbo;
  nbbo.apply('P', price(10, 1), shares(200), price(10, 3), shares(200));
  nbbo.apply('N', price(10, 3), shares(100), price(10, 4), shares(100));  // locks P's ask
  EXPECT_EQ(nbbo.best().bid, price(10, 3));
  EXPECT_EQ(nbbo.best().ask, price(10, 4));
  nbbo.apply('T', price(9, 99), shares(100), price(10, 0), shares(100));  // crosses both bids
  EXPECT_EQ(nbbo.best().ask, price(10, 0));
  EXPECT_EQ(nbbo.best().bid, price(9, 99));
}

TEST(Nbbo, is_never_crossed_or_locked_on_the_shipped_tape) {
  Remember sink;
  ImportOptions options{.consolidate = true};
  (void)quotes(text_of(quotes_file), sink, options);
  std::size_t best = 0;
  for (const auto& got : sink.quotes) {
    if (got.record.venue != 0) continue;
    ++best;
    if (got.record.bid_size.is_positive() && got.record.ask_size.is_positive()) {
      ASSERT_LT(got.record.bid, got.record.ask) << to_text(got.record.at);
    }
  }
  EXPECT_EQ(best, 131401u);
}

}  // namespace
