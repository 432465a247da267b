// Every indicator TA-Lib has too, through the whole path (bar event -> market -> features), against TA-Lib's own values on
// shipped data. The vectors are made by tools/features/talib_golden.py.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "support/gzip.hpp"
#include "support/market_day.hpp"

namespace robo::features {
namespace {

struct Vectors {
  std::vector<std::string> names{};
  std::vector<std::vector<double>> rows{};
};

Vectors load(const std::string& name) {
  const auto lines = test::lines_of(std::string(ROBO_SOURCE_DIR) + "/tests/golden/features/" + name + ".csv.gz");
  Vectors vectors{.names = test::cells_of(lines.at(0))};
  for (std::size_t i = 1; i < lines.size(); ++i) {
    auto& row = vectors.rows.emplace_back();
    for (const auto& cell : test::cells_of(lines[i])) row.push_back(cell.empty() ? std::nan("") : std::strtod(cell.c_str(), nullptr));
  }
  return vectors;
}

// "macd_signal_12_26_9" -> kind macd_signal, 12, 26, 9
Spec spec_of(const std::string& column) {
  Spec spec{.timeframe = minutes(1)};
  std::size_t digits = column.find_first_of("0123456789");
  const auto kind = column.substr(0, digits - 1);
  const auto& names = EnumNames<Kind>::names;
  const auto found = std::find(names.begin(), names.end(), kind);
  EXPECT_NE(found, names.end()) << column;
  spec.kind = static_cast<Kind>(found - names.begin());
  std::vector<int> numbers;
  for (std::size_t at = digits; at < column.size(); at = column.find('_', at) == std::string::npos ? column.size() : column.find('_', at) + 1)
    numbers.push_back(std::atoi(column.c_str() + at));
  spec.period = numbers.at(0);
  if (numbers.size() == 3) spec.slow = numbers[1], spec.signal = numbers[2];
  return spec;
}

class Talib : public testing::TestWithParam<const char*> {};

TEST_P(Talib, says_the_same_for_every_bar_and_begins_at_the_same_one) {
  const auto vectors = load(GetParam());
  ASSERT_GT(vectors.rows.size(), 200u);
  test::MarketDay day(1, {.quote_age_max = seconds(5), .bars_outside_regular = true});
  std::vector<Handle> handles;
  for (std::size_t c = 5; c < vectors.names.size(); ++c) handles.push_back(day.declare(spec_of(vectors.names[c])));
  day.start();

  std::vector<double> worst(handles.size());
  for (std::size_t i = 0; i < vectors.rows.size(); ++i) {
    const auto& row = vectors.rows[i];
    Bar bar{.trades = 1, .start = test::morning + minutes(static_cast<std::int64_t>(i)), .period = minutes(1), .open = Price::nearest(row[0]),
            .high = Price::nearest(row[1]), .low = Price::nearest(row[2]), .close = Price::nearest(row[3]), .volume = Quantity::nearest(row[4])};
    day.now = bar.start + bar.period;
    day.apply(bar);
    for (std::size_t c = 0; c < handles.size(); ++c) {
      const double want = row[c + 5], have = day.value(handles[c]);
      ASSERT_EQ(std::isnan(want), std::isnan(have)) << vectors.names[c + 5] << " bar " << i << ": " << have << " for " << want;
      if (!std::isnan(want)) worst[c] = std::max(worst[c], std::fabs(have - want) / std::max(1.0, std::fabs(want)));
    }
  }
  for (std::size_t c = 0; c < handles.size(); ++c) {
    // TA-Lib takes its deviation from a difference of sums of squares: where prices stand still it is wrong by about 1e-8,
    // ours is 0 there (features_test, "a_flat_window_has_no_deviation").
    const bool deviation = vectors.names[c + 5].starts_with("bollinger_upper") || vectors.names[c + 5].starts_with("bollinger_lower");
    EXPECT_LT(worst[c], deviation ? 2e-8 : 1e-10) << vectors.names[c + 5];
  }
}

INSTANTIATE_TEST_SUITE_P(Data, Talib, testing::Values("talib_msft_daily", "talib_spy_1min", "talib_standstill"),
                         [](const auto& file) { return std::string(file.param); });

}  // namespace
}  // namespace robo::features
