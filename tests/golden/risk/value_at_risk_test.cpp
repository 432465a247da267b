// Value at risk on 65 years of the shipped S&P 500: plain history fails Kupiec's test, history in units of its own volatility
// passes. Published figures for the US market factor 1967-2022 (13,979 days): breaches of the 99 % figure 1.60 % and 1.13 %.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <span>
#include <vector>

#include "kernel/risk/filtered_history.hpp"
#include "research/breaches.hpp"
#include "support/gzip.hpp"

namespace robo::risk {
namespace {

std::vector<double> sp500() {
  std::vector<double> returns;
  double last = 0;
  const auto lines = test::lines_of(ROBO_SOURCE_DIR "/data/daily/index_SP500_close_1950_2015.csv.gz");
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const double close = std::strtod(lines[i].c_str() + lines[i].rfind(',') + 1, nullptr);
    if (last > 0) returns.push_back(close / last - 1);
    last = close;
  }
  return returns;
}

TEST(ValueAtRisk, kupiecs_figures) {
  struct Row {
    std::size_t n, x;
    double tail, statistic, p;
  };
  for (const auto& row : {Row{250, 5, 0.01, 1.9568, 0.1619}, Row{250, 10, 0.01, 12.9555, 0.0003}, Row{1000, 17, 0.01, 4.0910, 0.0431}, Row{1000, 65, 0.05, 4.3455, 0.0371}}) {
    const auto verdict = research::kupiec(row.n, row.x, row.tail);
    EXPECT_NEAR(verdict.statistic, row.statistic, 5e-5) << row.n << " " << row.x;
    EXPECT_NEAR(verdict.p, row.p, 5e-5);
  }
  EXPECT_NEAR(research::kupiec(250, 0, 0.01).statistic, -2 * 250 * std::log(0.99), 1e-12) << "no breach: the empty term drops out";
  EXPECT_TRUE(std::isfinite(research::kupiec(10, 10, 0.05).statistic));
}

TEST(ValueAtRisk, breaches_that_come_in_pairs_are_found) {
  std::vector<unsigned char> even(1'000), pairs(1'000);
  for (std::size_t t = 0; t < 1'000; ++t) even[t] = t % 50 == 0, pairs[t] = t % 100 == 0 || t % 100 == 1;
  EXPECT_GT(research::independence(even).p, 0.2);
  EXPECT_LT(research::independence(pairs).p, 1e-6);
}

TEST(ValueAtRisk, filtered_history_passes_where_plain_history_fails) {
  const auto returns = sp500();
  FilteredHistory filtered;
  std::vector<double> window(500);
  std::size_t days = 0, plain_1 = 0, ours_1 = 0, ours_5 = 0, plain_red = 0, ours_red = 0;
  std::vector<unsigned char> plain_broken, ours_broken;
  std::size_t from = 4'500;  // 1967
  for (std::size_t t = from; t < returns.size(); ++t) {
    const auto risk = filtered.measure(std::span(returns).first(t).last(1'000));
    std::copy_n(returns.begin() + static_cast<std::ptrdiff_t>(t - 500), 500, window.begin());
    const double plain = -quantile(window, 0.01);
    plain_broken.push_back(returns[t] < -plain);
    ours_broken.push_back(returns[t] < -risk.value_at_risk_99);
    plain_1 += plain_broken.back();
    ours_1 += ours_broken.back();
    ours_5 += returns[t] < -risk.value_at_risk_95;
    ++days;
    ASSERT_GE(risk.value_at_risk_99, risk.value_at_risk_95);
    ASSERT_GE(risk.expected_shortfall_975, risk.value_at_risk_95);
    if (days < 250) continue;
    const auto count = [&](const std::vector<unsigned char>& broken) {
      std::size_t n = 0;
      for (std::size_t k = broken.size() - 250; k < broken.size(); ++k) n += broken[k];
      return n;
    };
    plain_red += research::basel_light(count(plain_broken)) == research::Light::Red;
    ours_red += research::basel_light(count(ours_broken)) == research::Light::Red;
  }
  ASSERT_GT(days, 12'000u);
  EXPECT_LT(research::kupiec(days, plain_1, 0.01).p, 1e-4) << plain_1 << " breaches of plain history in " << days;
  EXPECT_GT(research::kupiec(days, ours_1, 0.01).p, 0.05) << ours_1 << " breaches";
  EXPECT_GT(research::kupiec(days, ours_5, 0.05).p, 0.05) << ours_5 << " breaches";
  EXPECT_LT(ours_red * 10, plain_red + 10) << "red lights " << ours_red << " against " << plain_red;
  RecordProperty("filtered_1_percent", static_cast<int>(ours_1));
  RecordProperty("plain_1_percent", static_cast<int>(plain_1));
}

// The morning of 1987-10-19. Published for the market factor with exponential weights: 4.29 % against a fall of 17.4 %, 4.1 times.
// GJR has taken the fall of the Friday before more seriously: 6.3 % against the S&P 500's 20.5 %.
TEST(ValueAtRisk, the_crash_of_1987_was_three_times_what_was_thought_possible) {
  const auto returns = sp500();
  const auto crash = static_cast<std::size_t>(std::min_element(returns.begin(), returns.end()) - returns.begin());
  ASSERT_NEAR(returns[crash], -0.204669, 1e-6);
  const auto risk = FilteredHistory().measure(std::span(returns).first(crash));
  EXPECT_NEAR(risk.value_at_risk_99, 0.063, 0.002);
  EXPECT_GT(-returns[crash] / risk.value_at_risk_99, 3);
}

TEST(ValueAtRisk, too_little_history_or_none_that_moved_is_not_known) {
  FilteredHistory filtered;
  const std::vector<double> short_one(249, 0.01), still(500, 0.0);
  EXPECT_TRUE(std::isnan(filtered.measure(short_one).value_at_risk_99));
  EXPECT_TRUE(std::isnan(filtered.measure(still).volatility));
  std::vector<double> enough(250);
  for (std::size_t i = 0; i < 250; ++i) enough[i] = i % 2 == 0 ? 0.01 : -0.01;
  EXPECT_NEAR(filtered.measure(enough).value_at_risk_99, 0.01, 0.002);
}

}  // namespace
}  // namespace robo::risk
