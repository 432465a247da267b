// Sector leadership and risk appetite over 25 years of the shipped sector ETFs, against NumPy from scratch (tools/regime/rotation_golden.py).
#include "kernel/regime/rotation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "kernel/regime/appetite.hpp"
#include "support/gzip.hpp"

namespace robo::regime {
namespace {

const std::vector<std::string> sectors{"XLB", "XLC", "XLE", "XLI", "XLK", "XLP", "XLU", "XLV", "XLY"};
const std::vector<std::pair<std::string, std::string>> pairs{{"SPY", "AGG"}, {"XLY", "XLP"}, {"XLK", "XLU"}};

using Days = std::map<std::string, std::map<std::string, double>>;
const Days& closes() {
  static const Days days = [] {
    Days out;
    const auto lines = test::lines_of(ROBO_SOURCE_DIR "/data/daily/etf_sectors_ohlcv_2000_2025.csv.gz");
    for (std::size_t i = 1; i < lines.size(); ++i) {
      const auto cells = test::cells_of(lines[i]);
      out[cells.at(1).substr(0, 10)][cells[0]] = std::strtod(cells.at(5).c_str(), nullptr);
    }
    return out;
  }();
  return days;
}

/// Walks all days; `look` sees them after each.
template <class Look>
void walk(Look&& look) {
  Rotation rotation({}, sectors.size());
  Appetite appetite({.volatility_weight = 0}, pairs.size());
  const double none = std::nan("");
  for (const auto& [date, row] : closes()) {
    const auto price = [&](const std::string& symbol) { return row.contains(symbol) ? row.at(symbol) : none; };
    for (std::size_t k = 0; k < sectors.size(); ++k)
      if (row.contains(sectors[k])) rotation.close(k, row.at(sectors[k]));
    for (std::size_t k = 0; k < pairs.size(); ++k) appetite.close(k, price(pairs[k].first), price(pairs[k].second));
    rotation.bar();
    appetite.bar(none);
    look(date, rotation, appetite);
  }
}

TEST(RotationGolden, every_twenty_third_day_of_25_years_is_numpys) {
  const auto lines = test::lines_of(ROBO_SOURCE_DIR "/tests/golden/regime/rotation_sectors.csv.gz");
  std::size_t day = 0, row = 1, numbers = 0, unknown = 0;
  walk([&](const std::string& date, const Rotation& rotation, const Appetite& appetite) {
    if (day++ % 23 != 0) return;
    const auto cells = test::cells_of(lines.at(row++));
    ASSERT_EQ(cells.at(0), date);
    std::vector<double> have;
    for (std::size_t k = 0; k < 9; ++k) have.push_back(rotation.standing(k).strength);
    for (std::size_t k = 0; k < 9; ++k) have.push_back(rotation.standing(k).momentum);
    for (const double x : {rotation.breadth(), rotation.dispersion(), appetite.score(), appetite.hedge_correlation()}) have.push_back(x);
    ASSERT_EQ(cells.size(), have.size() + 1);
    for (std::size_t c = 0; c < have.size(); ++c) {
      const double want = std::strtod(cells[c + 1].c_str(), nullptr);
      if (c == 21 && std::isnan(have[c])) continue;  // the hedge is told from bars_min on
      ASSERT_EQ(std::isnan(want), std::isnan(have[c])) << date << " column " << c;
      if (std::isnan(want)) ++unknown;
      else ASSERT_NEAR(have[c], want, 1e-8) << date << " column " << c;
      ++numbers;
    }
  });
  EXPECT_EQ(row, lines.size());
  EXPECT_GT(numbers, 5'000u);
  EXPECT_GT(unknown, 100u) << "XLC is not known before 2018";
}

TEST(RotationGolden, the_market_runs_for_cover_in_2008_and_2020_and_comes_out_again) {
  std::map<std::string, AppetiteKind> held;
  std::map<std::string, std::string> leader;
  walk([&](const std::string& date, const Rotation& rotation, const Appetite& appetite) {
    held[date] = appetite.held();
    leader[date] = rotation.leader() < sectors.size() ? sectors[rotation.leader()] : "";
  });
  EXPECT_EQ(held.at("2008-10-10"), AppetiteKind::RiskOff);
  EXPECT_EQ(held.at("2020-03-16"), AppetiteKind::RiskOff);
  EXPECT_EQ(held.at("2020-06-05"), AppetiteKind::RiskOn);
  EXPECT_EQ(held.at("2000-01-03"), AppetiteKind::Unknown) << "one day is no history";
  EXPECT_EQ(leader.at("2008-10-10"), "XLP") << "what people eat in any case";
  EXPECT_EQ(leader.at("2021-03-01"), "XLE");
}

}  // namespace
}  // namespace robo::regime
