#include "kernel/risk/correlation.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "kernel/risk/filtered_history.hpp"

namespace robo::risk {
namespace {

double wave(int t, double rate) { return 0.01 * std::sin(rate * t); }

TEST(CorrelationMatrix, says_nothing_before_its_bars_and_then_the_obvious) {
  CorrelationMatrix matrix({}, 3);
  for (int t = 0; t < 40; ++t) {
    const double r = wave(t, 1.7);
    const std::vector<double> row{r, 2 * r, wave(t, 0.4)};
    EXPECT_EQ(std::isnan(matrix.volatility(0)), t < 20) << t;
    EXPECT_TRUE(std::isnan(matrix.correlation(0, 1))) << t;
    EXPECT_TRUE(std::isnan(matrix.average()));
    matrix.update(row);
  }
  const std::vector<double> row{wave(40, 1.7), 2 * wave(40, 1.7), wave(40, 0.4)};
  matrix.update(row);
  EXPECT_EQ(matrix.bars(), 41u);
  ASSERT_FALSE(std::isnan(matrix.correlation(0, 1)));
  const double raw = (matrix.correlation(0, 1) - matrix.shrinkage() * matrix.average()) / (1 - matrix.shrinkage());
  EXPECT_NEAR(raw, 1, 1e-9);
  EXPECT_EQ(matrix.correlation(2, 2), 1);
  EXPECT_EQ(matrix.correlation(0, 2), matrix.correlation(2, 0));
  EXPECT_NEAR(matrix.volatility(1), 2 * matrix.volatility(0), 1e-12);
  EXPECT_NEAR(matrix.beta(1, 0) / matrix.correlation(1, 0), 2, 1e-9);
}

TEST(CorrelationMatrix, an_instrument_that_stands_still_has_no_correlation) {
  CorrelationMatrix matrix({}, 3);
  for (int t = 0; t < 100; ++t) matrix.update(std::vector<double>{wave(t, 1.7), 0, wave(t, 0.4)});
  EXPECT_TRUE(std::isnan(matrix.volatility(1)));
  EXPECT_TRUE(std::isnan(matrix.correlation(0, 1)));
  EXPECT_FALSE(std::isnan(matrix.correlation(0, 2)));
}

TEST(CorrelationMatrix, missing_bars_do_not_age_what_others_know) {
  CorrelationMatrix a({}, 2), b({}, 2);
  for (int t = 0; t < 100; ++t) {
    const std::vector<double> row{wave(t, 1.7), wave(t, 1.7) + wave(t, 0.6)};
    a.update(row);
    b.update(row);
    b.update(std::vector<double>{std::nan(""), std::nan("")});
  }
  EXPECT_EQ(a.correlation(0, 1), b.correlation(0, 1));
  EXPECT_EQ(b.bars(), 200u);
}

TEST(CorrelationMatrix, the_least_shrinkage_is_kept_and_all_of_it_is_the_mean) {
  CorrelationMatrix free({}, 4), half({.shrinkage_min = 0.5}, 4), whole({.shrinkage_min = 1}, 4);
  for (int t = 0; t < 300; ++t) {
    const double m = wave(t, 1.7);
    const std::vector<double> row{m, m + wave(t, 0.6), m + wave(t, 0.9), wave(t, 2.3)};
    free.update(row), half.update(row), whole.update(row);
  }
  EXPECT_LT(free.shrinkage(), 0.5);
  EXPECT_EQ(half.shrinkage(), 0.5);
  EXPECT_EQ(whole.correlation(0, 3), whole.average());
}

// The weight of the next bar grows instead of all others falling: after some thousand half-lives it must come down in time.
TEST(CorrelationMatrix, never_runs_out_of_numbers) {
  CorrelationMatrix matrix({.volatility_half_life = 2, .correlation_half_life = 4}, 2);
  for (int t = 0; t < 20'000; ++t) matrix.update(std::vector<double>{wave(t, 1.7), wave(t, 1.7) + wave(t, 0.6)});
  EXPECT_TRUE(std::isfinite(matrix.correlation(0, 1)));
  EXPECT_LE(std::abs(matrix.correlation(0, 1)), 1);
}

TEST(Quantile, lies_between_order_statistics) {
  std::vector<double> values{5, 1, 4, 2, 3};
  EXPECT_EQ(quantile(values, 0), 1);
  EXPECT_EQ(quantile(values, 0.5), 3);
  EXPECT_NEAR(quantile(values, 0.1), 1.4, 1e-12);
  EXPECT_EQ(quantile(values, 1), 5);
}

}  // namespace
}  // namespace robo::risk
