#include "research/series.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <string>

#include "research/bootstrap.hpp"
#include "support/gzip.hpp"

namespace robo::research {
namespace {

/// Daily returns of the S&P 500 whose date lies in [from, to), as text order.
std::vector<double> sp500(const std::string& from, const std::string& to) {
  static const auto lines = test::lines_of(ROBO_SOURCE_DIR "/data/daily/index_SP500_close_1950_2015.csv.gz");
  std::vector<double> returns;
  double last = 0;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto comma = lines[i].find(',');
    const std::string date = lines[i].substr(0, comma);
    const double close = std::strtod(lines[i].c_str() + comma + 1, nullptr);
    if (last > 0 && date >= from && date < to) returns.push_back(close / last - 1);
    last = close;
  }
  return returns;
}

struct Published {
  const char *from, *to;
  std::size_t n;
  double growth, volatility, sharpe, sortino, drawdown, var95, es95, skew, kurtosis, worst;
};

class PublishedWindow : public testing::TestWithParam<Published> {};

TEST_P(PublishedWindow, of_the_SP500_is_reproduced_in_every_column) {
  const Published& p = GetParam();
  const Summary s = summarize(sp500(p.from, p.to), 252);
  EXPECT_EQ(s.n, p.n);
  EXPECT_NEAR(s.growth, p.growth, 5e-7);
  EXPECT_NEAR(s.volatility, p.volatility, 5e-7);
  EXPECT_NEAR(s.sharpe, p.sharpe, 1e-6);
  EXPECT_NEAR(s.sortino, p.sortino, 1e-6);
  EXPECT_NEAR(s.drawdown, p.drawdown, 1e-6);
  EXPECT_NEAR(s.var95, p.var95, 1e-6);
  EXPECT_NEAR(s.es95, p.es95, 1e-6);
  EXPECT_NEAR(s.skew, p.skew, 1e-3);
  EXPECT_NEAR(s.kurtosis, p.kurtosis, 1e-2);
  EXPECT_NEAR(s.worst, p.worst, 1e-6);
}

INSTANTIATE_TEST_SUITE_P(
    Series, PublishedWindow,
    testing::Values(Published{"1987", "1988", 253, .020194, .321410, .232683, .282091, -.335095, -.023411, -.049066, -4.044, 45.58, -.204669},
                    Published{"2008", "2009", 253, -.383675, .409732, -.975935, -1.331979, -.487564, -.043874, -.064591, .189, 6.90, -.090350},
                    Published{"2010", "2011", 252, .127827, .180517, .756513, 1.080871, -.159947, -.017039, -.026859, -.144, 4.96, -.038976},
                    Published{"1950", "2016", 16606, .075717, .153757, .552021, .780058, -.567754, -.014398, -.022286, -.642, 23.93, -.204669}),
    [](const auto& window) { return "from_" + std::string(window.param.from) + "_to_" + std::string(window.param.to); });

TEST(Series, drawdown_counts_from_the_start_even_when_the_first_day_loses) {
  EXPECT_NEAR(drawdown(std::vector{-0.1, 0.05}).depth, -0.1, 1e-12);
  EXPECT_EQ(drawdown(std::vector{0.1, 0.05}).depth, 0);
}

TEST(Series, time_under_water_ends_when_the_peak_is_reached_again_and_not_before) {
  EXPECT_EQ(drawdown(std::vector{0.0, -0.5, 1.0, 0.0}).longest_under_water, 1u);
  EXPECT_EQ(drawdown(std::vector{0.0, -0.5, 0.99, 0.0}).longest_under_water, 3u);
}

TEST(Series, losing_everything_is_minus_one_a_year_and_not_a_complex_number) {
  EXPECT_EQ(annual_growth(std::vector{-1.0, 0.5}, 252), -1);
}

TEST(Series, a_flat_line_has_no_sharpe) {
  EXPECT_EQ(sharpe(std::vector(10, 0.0), 252), 0);
  EXPECT_EQ(sortino(std::vector(10, 0.0), 252), 0);
  EXPECT_EQ(summarize(std::vector(10, 0.0), 252).winning, 0);
}

TEST(Series, lo_takes_sharpe_down_when_returns_trend_and_up_when_they_revert) {
  std::vector<double> trending, reverting;
  Dice dice(7);
  double t = 0, r = 0;
  for (int i = 0; i < 4000; ++i) {
    const double noise = dice.normal() * 0.01;
    trending.push_back(t = 0.0005 + 0.3 * (t - 0.0005) + noise);
    reverting.push_back(r = 0.0005 - 0.3 * (r - 0.0005) + noise);
  }
  EXPECT_LT(sharpe_lo(trending, 252), 0.85 * sharpe(trending, 252));
  EXPECT_GT(sharpe_lo(reverting, 252), 1.15 * sharpe(reverting, 252));
}

TEST(Bootstrap, interval_of_the_market_holds_its_own_sharpe_and_narrows_with_history) {
  const auto all = sp500("1950", "2016"), one = sp500("2010", "2011");
  const auto wide = resample(one, 252), narrow = resample(all, 252, {.histories = 200});
  EXPECT_LT(narrow.sharpe.low, 0.552);
  EXPECT_GT(narrow.sharpe.high, 0.552);
  EXPECT_LT(narrow.sharpe.high - narrow.sharpe.low, 0.6);
  EXPECT_GT(wide.sharpe.high - wide.sharpe.low, 2.5);
  EXPECT_EQ(narrow.sharpe_target_share, 0);
}

TEST(Bootstrap, same_seed_same_interval_other_seed_another) {
  const auto year = sp500("2008", "2009");
  EXPECT_EQ(resample(year, 252, {.histories = 100}).sharpe.low, resample(year, 252, {.histories = 100}).sharpe.low);
  EXPECT_NE(resample(year, 252, {.histories = 100}).sharpe.low, resample(year, 252, {.histories = 100, .seed = 1}).sharpe.low);
}

TEST(Bootstrap, lo_interval_of_four_years_at_sharpe_one_is_one_wide_each_way) {
  std::vector<double> returns;  // mean and deviation set exactly: Sharpe 1 a year
  for (int i = 0; i < 504; ++i) returns.push_back(0.01), returns.push_back(-0.01);
  const double shift = moments(returns).deviation / std::sqrt(252.0);
  for (double& r : returns) r += shift;
  const Interval interval = sharpe_interval_lo(returns, 252);
  EXPECT_NEAR((interval.high - interval.low) / 2, 1.96 * 0.5, 0.01);
}

}  // namespace
}  // namespace robo::research
