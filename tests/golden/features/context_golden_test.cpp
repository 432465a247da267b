// Price context and volume on shipped data, event by event, against what tools/features/context_golden.py computed from the
// same files over whole lists; and what is known of the tape.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "edge/store/import_taq.hpp"
#include "model/sale_conditions.hpp"
#include "support/market_day.hpp"
#include "support/taq_clean.hpp"
#include "unit/edge/store/support.hpp"

namespace robo::features {
namespace {

const std::string here = std::string(ROBO_SOURCE_DIR) + "/tests/golden/features/";

/// Says of each column how often it differed, and where first.
class Differences {
 public:
  void expect(std::size_t row, const std::string& column, double have, double want, double tolerance) {
    if (std::isnan(want) ? std::isnan(have) : std::fabs(have - want) <= tolerance * std::max(1.0, std::fabs(want))) return;
    auto& [count, first] = columns_[column];
    if (count++ == 0) first = "row " + std::to_string(row) + ": " + std::to_string(have) + " for " + std::to_string(want);
  }
  ~Differences() {
    for (const auto& [column, what] : columns_) ADD_FAILURE() << column << " differs " << what.first << " times, first in " << what.second;
  }

 private:
  std::map<std::string, std::pair<int, std::string>> columns_{};
};

TEST(ContextGolden, levels_and_unusual_volume_of_thirty_sessions_are_those_of_the_reference) {
  const test::Table table(here + "context_bars.csv.gz");
  ASSERT_GT(table.rows(), 700u);
  test::MarketDay day;
  const std::map<std::string, Kind> kinds_of{{"support", Kind::Support}, {"support_strength", Kind::SupportStrength}, {"resistance", Kind::Resistance},
                                             {"resistance_strength", Kind::ResistanceStrength}, {"pivot_high", Kind::PivotHigh}, {"pivot_low", Kind::PivotLow},
                                             {"volume_z", Kind::VolumeZ}, {"relative_volume", Kind::RelativeVolume}, {"volume_z_of_day", Kind::VolumeZOfDay},
                                             {"unusual_activity", Kind::UnusualActivity}};
  std::map<std::string, Handle> handles;
  for (const auto& [name, kind] : kinds_of) handles[name] = day.declare({.kind = kind, .timeframe = minutes(15)});
  day.start();
  Date date{};
  Differences differences;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    const Timestamp start{std::atoll(table.text(i, "start").c_str())};
    if (const Date today{static_cast<std::int32_t>(start.ns / hours(24).ns)}; today != date) {
      date = today;
      day.now = Timestamp{} + hours(24) * today.days + hours(9) + minutes(30);
      day.phase(TradingPhase::Regular, date);
    }
    const auto price_of = [&](const char* column) { return Price::nearest(table.value(i, column)); };
    day.now = start + minutes(15);
    day.apply(Bar{.trades = 1, .start = start, .period = minutes(15), .open = price_of("close"), .high = price_of("high"), .low = price_of("low"), .close = price_of("close"),
                  .volume = Quantity::nearest(table.value(i, "volume"))});
    for (const auto& [name, handle] : handles) {
      const bool of_days = name == "relative_volume" || name == "volume_z_of_day" || name == "unusual_activity";  // its means are of single precision
      differences.expect(i, name, day.value(handle), table.value(i, name), of_days ? 2e-5 : 1e-9);
    }
  }
}

/// The raw tape of two days through the import, in order of time.
const auto& raw_trades() {
  static const auto trades = [] {
    store::test::Remember sink;
    store::ImportOptions options;
    options.calendar = &store::test::calendar("NYSE");
    (void)store::import_taq_trades("taq_XXX.csv", store::test::text_of("equity_intraday/taq_XXX_trades_raw_2018-01-02_03.csv.gz"), options, sink);
    std::ranges::stable_sort(sink.trades, {}, [](const auto& got) { return got.record.at; });
    return sink.trades;
  }();
  return trades;
}

/// Plays the tape with the sessions' phases; `after` is told the number of every trade, from 1.
template <class F>
void play(test::MarketDay& day, F&& after) {
  constexpr auto new_york = hours(5);  // of winter
  std::size_t number = 0;
  for (int d : {2, 3}) {
    const auto date = date_of(2018, 1, static_cast<unsigned>(d));
    const auto midnight = Timestamp{} + hours(24) * date.days + new_york;
    std::vector<std::pair<Timestamp, TradingPhase>> phases{{midnight + hours(4), TradingPhase::PreMarket}, {midnight + hours(9) + minutes(30), TradingPhase::Regular},
                                                           {midnight + hours(16), TradingPhase::PostMarket}};
    std::size_t next = 0;
    for (const auto& got : raw_trades()) {
      if (got.day != date) continue;
      for (; next < phases.size() && phases[next].first <= got.record.at; ++next) {
        day.now = phases[next].first;
        day.phase(phases[next].second, date);
      }
      const auto& r = got.record;
      day.now = r.at;
      day.apply(Trade{.venue = r.venue, .conditions = r.conditions, .price = r.price, .size = r.size});
      after(++number);
    }
  }
}

TEST(ContextGolden, profile_off_exchange_share_and_blocks_of_the_raw_tape_are_those_of_the_reference) {
  const test::Table table(here + "context_xxx.csv.gz");
  test::MarketDay day;
  const auto minute = minutes(1);
  const std::vector<std::pair<std::string, Handle>> columns{
      {"poc", day.declare({.kind = Kind::Poc})}, {"value_area_high", day.declare({.kind = Kind::ValueAreaHigh})}, {"value_area_low", day.declare({.kind = Kind::ValueAreaLow})},
      {"poc_30", day.declare({.kind = Kind::Poc, .timeframe = minute})}, {"value_area_high_30", day.declare({.kind = Kind::ValueAreaHigh, .timeframe = minute})},
      {"value_area_low_30", day.declare({.kind = Kind::ValueAreaLow, .timeframe = minute})}, {"hvn_above", day.declare({.kind = Kind::HvnAbove})},
      {"hvn_below", day.declare({.kind = Kind::HvnBelow})}, {"lvn_above", day.declare({.kind = Kind::LvnAbove})}, {"lvn_below", day.declare({.kind = Kind::LvnBelow})},
      {"off_exchange_share", day.declare({.kind = Kind::OffExchangeShare})}, {"off_exchange_share_30", day.declare({.kind = Kind::OffExchangeShare, .timeframe = minute})},
      {"block_volume", day.declare({.kind = Kind::BlockVolume})}, {"block_count", day.declare({.kind = Kind::BlockCount})},
      {"off_exchange_block_volume", day.declare({.kind = Kind::OffExchangeBlockVolume})}, {"block_volume_30", day.declare({.kind = Kind::BlockVolume, .timeframe = minute})},
      {"block_count_30", day.declare({.kind = Kind::BlockCount, .timeframe = minute})},
      {"off_exchange_block_volume_30", day.declare({.kind = Kind::OffExchangeBlockVolume, .timeframe = minute})}};
  day.start();
  std::size_t row = 0;
  Differences differences;
  play(day, [&](std::size_t number) {
    if (row == table.rows() || number != static_cast<std::size_t>(std::atoll(table.text(row, "trade").c_str()))) return;
    for (const auto& [name, handle] : columns) differences.expect(row, name, day.value(handle), table.value(row, name), 1e-12);
    ++row;
  });
  EXPECT_EQ(row, table.rows());
  EXPECT_GT(row, 790u);
}

TEST(ContextAnchors, off_exchange_prints_of_the_raw_file_are_23697_of_77263_and_404_of_1025_million_shares) {
  const auto lines = test::lines_of(std::string(ROBO_SOURCE_DIR) + "/data/equity_intraday/taq_XXX_trades_raw_2018-01-02_03.csv.gz");
  std::int64_t prints = 0, off_prints = 0, size = 0, off_size = 0;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto cells = test::cells_of(lines[i]);
    const auto shares_of = std::atoll(cells[4].c_str());
    ++prints, size += shares_of;
    if (cells[1] == "D") ++off_prints, off_size += shares_of;
  }
  EXPECT_EQ(prints, 77'263);
  EXPECT_EQ(off_prints, 23'697);
  EXPECT_EQ(size, 10'254'551);
  EXPECT_EQ(off_size, 4'040'964);

  // What counts once: without the cancelled block and its cancel record, and without official opens and closes.
  std::int64_t once = 0, off_once = 0, off_kept = 0;
  for (const auto& got : raw_trades()) {
    const auto& r = got.record;
    off_kept += r.venue == 'D';
    if ((r.conditions & trade_condition::not_volume) != 0) continue;
    once += r.size.raw / Quantity::scale;
    if ((r.conditions & trade_condition::off_exchange) != 0) off_once += r.size.raw / Quantity::scale;
  }
  EXPECT_EQ(off_kept, 23'695);
  EXPECT_EQ(off_once, off_size - 2 * 127'300);
  test::MarketDay day;
  const auto share = day.declare({.kind = Kind::OffExchangeShare});
  day.start();
  double volume[2]{}, off[2]{};
  const auto& trades = raw_trades();
  double all = 0;
  play(day, [&](std::size_t number) {
    const auto& got = trades[number - 1];
    const int d = got.day == date_of(2018, 1, 2) ? 0 : 1;
    if ((got.record.conditions & trade_condition::not_volume) == 0) volume[d] += got.record.size.to_double(), all += got.record.size.to_double();
    off[d] = day.value(share) * volume[d];
  });
  EXPECT_NEAR(off[0] + off[1], static_cast<double>(off_once), 1e-3) << "the feature of both days, as shares";
  EXPECT_EQ(static_cast<std::int64_t>(all), once);
}

TEST(ContextAnchors, the_blocks_of_225000_and_127300_shares_count_once_each) {
  test::MarketDay day;
  const auto volume = day.declare({.kind = Kind::BlockVolume}), count = day.declare({.kind = Kind::BlockCount}), off = day.declare({.kind = Kind::OffExchangeBlockVolume});
  day.start();
  const auto& trades = raw_trades();
  std::map<std::int64_t, std::vector<double>> steps;  // what a print of this size added
  double before = 0;
  play(day, [&](std::size_t number) {
    const auto size = trades[number - 1].record.size.raw / Quantity::scale;
    const double now = std::isnan(day.value(off)) ? 0 : day.value(off);
    if (size == 225'000 || size == 127'300 || size == 443'901) steps[size].push_back(now - before);
    before = now;
  });
  EXPECT_EQ(steps[225'000], std::vector<double>{225'000});
  EXPECT_EQ(steps[127'300], std::vector<double>{127'300}) << "the late report; the cancelled print never came in";
  EXPECT_EQ(steps[443'901], (std::vector<double>{0, 0})) << "the closing auction and the official close";
  EXPECT_GT(day.value(count), 100);
  EXPECT_GT(day.value(volume), day.value(off));
}

TEST(ContextAnchors, a_tape_that_does_not_know_the_future_counts_the_cancelled_block_once_too) {
  // As IB tells it: the block at 08:51, no word of the cancel, the late report in the evening.
  test::MarketDay day;
  const auto off = day.declare({.kind = Kind::OffExchangeBlockVolume});
  day.start();
  const auto printed = Timestamp{} + hours(24) * date_of(2018, 1, 3).days + hours(13) + minutes(51);
  bool told = false;
  play(day, [&](std::size_t number) {
    if (told || raw_trades()[number - 1].record.at < printed) return;
    told = true;
    day.apply(Trade{.venue = 'D', .conditions = conditions_of("TB", 'D'), .price = price(157, 4), .size = shares(127'300)});
  });
  EXPECT_TRUE(told);
  const double with_both = day.value(off);
  test::MarketDay without;
  const auto same = without.declare({.kind = Kind::OffExchangeBlockVolume});
  without.start();
  play(without, [](std::size_t) {});
  EXPECT_EQ(with_both, without.value(same));
}

}  // namespace
}  // namespace robo::features
