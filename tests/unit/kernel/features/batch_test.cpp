// Columns say what the engine says, bit for bit.
#include "kernel/features/batch.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <random>

#include "support/market_day.hpp"

namespace robo::features {
namespace {

using test::MarketDay;

struct Table {
  std::vector<std::int64_t> times{}, opens{};
  std::vector<double> high{}, low{}, close{}, volume{}, other{};
  [[nodiscard]] Columns columns() const { return {.times = times, .high = high, .low = low, .close = close, .volume = volume, .other = other}; }
};

/// Minutes of several sessions, with a still stretch and a missing hour.
Table sessions(std::uint64_t seed, int days, int minutes_a_day) {
  std::mt19937_64 random(seed);
  const auto below = [&](std::uint64_t n) { return static_cast<std::int64_t>(random() % n); };
  Table table;
  std::int64_t cents = 15'000, other = 5'000;
  for (int d = 0; d < days; ++d) {
    for (int m = 0; m < minutes_a_day; ++m) {
      if (m > 40 && m < 110 && d == 1) continue;
      const bool still = m > 120 && m < 150;
      if (!still) cents += below(21) - 10;
      other += below(11) - 5;
      const auto usd = [](std::int64_t c) { return price(0, c).to_double(); };
      table.times.push_back(test::morning.ns + hours(24).ns * d + minutes(m).ns);
      table.opens.push_back(test::morning.ns + hours(24).ns * d);
      table.close.push_back(usd(cents));
      table.high.push_back(usd(cents + (still ? 0 : below(9))));
      table.low.push_back(usd(cents - (still ? 0 : below(9))));
      table.volume.push_back(static_cast<double>(100 + below(5'000)));
      table.other.push_back(usd(other));
    }
  }
  return table;
}

bool same(double a, double b) { return std::memcmp(&a, &b, sizeof a) == 0 || (a != a && b != b); }

TEST(Batch, every_feature_of_bars_is_bit_for_bit_what_the_engine_says) {
  const auto table = sessions(1, 8, 200);
  for (const bool calendar : {false, true}) {
    MarketDay day(2);
    std::vector<Spec> specs;
    std::vector<Handle> handles;
    for (const auto& spec : one_of_each(minutes(1), InstrumentId{1})) {
      if (spec.timeframe.ns == 0 || !batchable(spec.kind)) continue;
      specs.push_back(spec);
      handles.push_back(day.declare(spec));
    }
    ASSERT_GT(specs.size(), 30u);
    day.start();
    auto columns = table.columns();
    if (calendar) columns.opens = table.opens;
    const auto batched = batch(specs, columns);
    ASSERT_TRUE(batched.has_value()) << batched.error().text;
    std::size_t numbers = 0;
    for (std::size_t i = 0; i < table.times.size(); ++i) {
      if (calendar && (i == 0 || table.opens[i] != table.opens[i - 1])) {
        day.now = Timestamp{table.opens[i]};
        day.phase(TradingPhase::Regular, Date{static_cast<std::int32_t>(table.opens[i] / hours(24).ns)});
      }
      day.now = Timestamp{table.times[i]} + minutes(1);
      for (const std::uint32_t id : {0u, 1u}) {
        const auto close = Price::nearest(id == 0 ? table.close[i] : table.other[i]);
        day.apply(Bar{.instrument = InstrumentId{id}, .trades = 1, .start = Timestamp{table.times[i]}, .period = minutes(1), .open = close,
                      .high = id == 0 ? Price::nearest(table.high[i]) : close, .low = id == 0 ? Price::nearest(table.low[i]) : close, .close = close,
                      .volume = Quantity::nearest(table.volume[i])});
      }
      for (std::size_t k = 0; k < specs.size(); ++k) {
        const double engine = day.value(handles[k]), column = (*batched)[k][i];
        ASSERT_TRUE(same(engine, column)) << to_text(specs[k]) << " row " << i << ": engine " << engine << ", column " << column << (calendar ? ", with a calendar" : "");
        numbers += engine == engine;
      }
    }
    EXPECT_GT(numbers, specs.size() * table.times.size() * 2 / 3);
  }
}

TEST(Batch, every_feature_of_ticks_is_bit_for_bit_what_the_engine_says) {
  const auto table = sessions(2, 3, 300);
  MarketDay day(1);
  std::vector<Spec> specs;
  std::vector<Handle> handles;
  for (const auto& spec : one_of_each(minutes(1), InstrumentId{}))
    if (spec.timeframe.ns == 0 && batchable(spec.kind)) specs.push_back(spec), handles.push_back(day.declare(spec));
  ASSERT_GT(specs.size(), 20u);
  day.start();
  const auto batched = batch(specs, {.times = table.times, .close = table.close, .volume = table.volume});
  ASSERT_TRUE(batched.has_value()) << batched.error().text;
  for (std::size_t i = 0; i < table.times.size(); ++i) {
    day.now = Timestamp{table.times[i]};
    if (i == 0 || table.opens[i] != table.opens[i - 1]) day.phase(TradingPhase::Regular, Date{static_cast<std::int32_t>(table.opens[i] / hours(24).ns)});
    day.apply(Trade{.price = Price::nearest(table.close[i]), .size = Quantity::nearest(table.volume[i])});
    for (std::size_t k = 0; k < specs.size(); ++k)
      ASSERT_TRUE(same(day.value(handles[k]), (*batched)[k][i])) << to_text(specs[k]) << " row " << i << ": " << day.value(handles[k]) << " and " << (*batched)[k][i];
  }
}

TEST(Batch, one_at_a_time_is_the_same_as_all_at_once) {
  const auto table = sessions(3, 2, 200);
  const std::array<Spec, 3> specs{Spec{.kind = Kind::MacdSignal, .timeframe = minutes(1)}, Spec{.kind = Kind::Macd, .timeframe = minutes(1)},
                                  Spec{.kind = Kind::MacdSignal, .timeframe = minutes(1)}};
  const auto together = batch(specs, table.columns());
  ASSERT_TRUE(together.has_value());
  for (std::size_t k = 0; k < specs.size(); ++k) {
    const auto alone = batch(specs[k], table.columns());
    ASSERT_TRUE(alone.has_value());
    for (std::size_t i = 0; i < alone->size(); ++i) ASSERT_TRUE(same((*alone)[i], (*together)[k][i]));
  }
}

TEST(Batch, writes_into_columns_of_the_caller_and_nothing_when_one_is_wrong) {
  const auto table = sessions(5, 1, 100);
  const std::array<Spec, 2> specs{Spec{.kind = Kind::Rsi, .timeframe = minutes(1)}, Spec{.kind = Kind::TickReturn, .timeframe = minutes(1)}};
  std::vector<double> rsi(table.close.size(), -1), returns(table.close.size(), -1);
  const std::array<std::span<double>, 2> out{rsi, returns}, narrow{rsi, std::span(returns).first(7)};
  const auto problem = batch(specs, table.columns(), narrow);
  ASSERT_TRUE(problem.has_value());
  EXPECT_EQ(problem->text, "feature tick_return(1) 1m: the result has room for 7 rows, close has 100");
  EXPECT_EQ(rsi.back(), -1);
  ASSERT_FALSE(batch(specs, table.columns(), out).has_value());
  const auto alone = batch(specs[0], table.columns());
  for (std::size_t i = 0; i < rsi.size(); ++i) ASSERT_TRUE(same(rsi[i], (*alone)[i]));
  EXPECT_TRUE(batch(specs, table.columns(), std::span(out).first(1)).has_value()) << "two specs need two columns";
}

TEST(Batch, a_row_that_is_not_known_is_a_bar_that_did_not_come) {
  auto table = sessions(4, 1, 100);
  auto without = table;
  const std::ptrdiff_t hole = 50;
  for (auto* column : {&without.high, &without.low, &without.close, &without.volume}) column->erase(column->begin() + hole);
  without.times.erase(without.times.begin() + hole);
  table.close[hole] = std::nan("");
  for (const auto kind : {Kind::Rsi, Kind::DonchianHigh, Kind::VolumeZ, Kind::Support}) {
    const Spec spec{.kind = kind, .timeframe = minutes(1)};
    const auto with = batch(spec, {.times = table.times, .high = table.high, .low = table.low, .close = table.close, .volume = table.volume});
    const auto cut = batch(spec, {.times = without.times, .high = without.high, .low = without.low, .close = without.close, .volume = without.volume});
    ASSERT_TRUE(with && cut);
    EXPECT_TRUE(std::isnan((*with)[hole]));
    for (std::size_t i = 0; i < cut->size(); ++i) ASSERT_TRUE(same((*cut)[i], (*with)[i < hole ? i : i + 1])) << i;
  }
}

TEST(Batch, what_is_missing_is_named_with_the_fix) {
  const std::vector<double> three{1, 2, 3}, two{1, 2};
  const auto complaint = [](const Spec& spec, const Columns& columns) {
    const auto result = batch(spec, columns);
    return result ? std::string("accepted") : result.error().text;
  };
  const auto minute = minutes(1);
  EXPECT_EQ(complaint({.kind = Kind::Ema, .timeframe = minute}, {.close = three}), "accepted");
  EXPECT_EQ(complaint({.kind = Kind::Ema, .timeframe = minute}, {}), "accepted") << "no rows, no values";
  EXPECT_EQ(complaint({.kind = Kind::Atr, .timeframe = minute}, {.low = three, .close = three}), "feature atr(14) 1m: the column high is missing");
  EXPECT_EQ(complaint({.kind = Kind::Atr}, {.close = three}), "accepted") << "ticks have no range";
  EXPECT_EQ(complaint({.kind = Kind::Atr, .timeframe = minute}, {.high = three, .low = two, .close = three}), "feature atr(14) 1m: the column low has 2 rows, close has 3");
  EXPECT_EQ(complaint({.kind = Kind::VolumeZ, .timeframe = minute}, {.close = three}), "feature volume_z(20) 1m: the column volume is missing");
  EXPECT_EQ(complaint({.kind = Kind::VolumeZ, .timeframe = minute}, {.volume = three}), "feature volume_z(20) 1m: the column close is missing");
  EXPECT_EQ(complaint({.kind = Kind::Ofi}, {.close = three}).substr(0, 40), "feature ofi(100) tick: needs quotes, dep");
  EXPECT_EQ(complaint({.kind = Kind::Ema, .period = -1}, {.close = three}), "feature ema: period is -1, must be 1..10000");
  EXPECT_EQ(complaint({.kind = Kind::PairBeta, .timeframe = minute, .other = InstrumentId{1}}, {.close = three}), "feature pair_beta(60, #1) 1m: the column other is missing");
}

}  // namespace
}  // namespace robo::features
