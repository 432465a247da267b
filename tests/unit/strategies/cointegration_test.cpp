#include "strategies/pairs/cointegration.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "support/gzip.hpp"

namespace robo::strategies {
namespace {

/// The last `n` log closes of an ETF, 2008 to 2016.
std::vector<double> etf(const std::string& symbol, std::size_t n) {
  static const auto lines = test::lines_of(ROBO_SOURCE_DIR "/data/daily/etf22_close_2008_2016.csv.gz");
  std::size_t column = 0, at = 0;
  const auto cell = [](const std::string& line, std::size_t wanted) {
    std::size_t from = 0;
    for (std::size_t i = 0; i < wanted; ++i) from = line.find(',', from) + 1;
    return line.substr(from, line.find(',', from) - from);
  };
  for (; cell(lines[0], at) != symbol; ++at) column = at + 1;
  std::vector<double> out;
  for (std::size_t i = lines.size() - n; i < lines.size(); ++i) out.push_back(std::log(std::stod(cell(lines[i], column))));
  return out;
}

struct Reference {
  const char *y, *x;
  std::size_t n, lags;
  double alpha, beta, sd, adf, half_life;
};

class EngleGranger : public testing::TestWithParam<Reference> {};

// statsmodels 0.14 coint(y, x, trend='c', maxlag=lags, autolag=None) and OLS on the same closes.
TEST_P(EngleGranger, agrees_with_statsmodels_on_real_etfs) {
  const Reference& r = GetParam();
  const auto y = etf(r.y, r.n), x = etf(r.x, r.n);
  const Cointegration c = cointegration(y, x, r.lags);
  ASSERT_TRUE(c.valid);
  EXPECT_NEAR(c.alpha, r.alpha, 1e-9);
  EXPECT_NEAR(c.beta, r.beta, 1e-9);
  EXPECT_NEAR(c.spread_sd, r.sd, 1e-9);
  EXPECT_NEAR(c.adf, r.adf, 1e-7);
  EXPECT_NEAR(c.half_life, r.half_life, 1e-5);
}

INSTANTIATE_TEST_SUITE_P(Cointegration, EngleGranger,
                         testing::Values(Reference{"EWG", "EWQ", 500, 1, -0.347464833997, 1.129358804001, 0.026760301771, -2.1950549972, 34.41188492},
                                         Reference{"EWG", "EWQ", 500, 0, -0.347464833997, 1.129358804001, 0.026760301771, -2.2386581287, 34.41188492},
                                         Reference{"XLE", "XLB", 750, 2, -0.006946259399, 1.137907162426, 0.134270801964, -1.3326511833, 207.30429083},
                                         Reference{"SPY", "DIA", 1000, 4, -1.395965949877, 1.300044028261, 0.016868509744, -2.9574570939, 40.54548512},
                                         Reference{"VGK", "EFA", 250, 1, -0.401286755307, 1.058690369202, 0.008455664600, -3.7751634024, 6.80899936},
                                         Reference{"EFA", "VGK", 240, 3, 0.461936720062, 0.923339573538, 0.008054913211, -2.6832596959, 7.02193478}),
                         [](const auto& one) { return std::string(one.param.y) + "_" + one.param.x + "_" + std::to_string(one.param.n) + "_lags" + std::to_string(one.param.lags); });

TEST(CriticalValue, is_mackinnons_for_two_series_with_a_constant) {
  EXPECT_NEAR(critical_value(0.01, 249), -3.94096428, 1e-6);
  EXPECT_NEAR(critical_value(0.05, 249), -3.3607786, 1e-6);
  EXPECT_NEAR(critical_value(0.10, 249), -3.0615268, 1e-6);
  EXPECT_NEAR(critical_value(0.05, 500), -3.34837749, 1e-6);
}

TEST(CriticalValue, in_between_the_stricter_one_counts) {
  EXPECT_EQ(critical_value(0.049, 500), critical_value(0.01, 500));
  EXPECT_EQ(critical_value(0.05, 500), critical_value(0.07, 500));
}

TEST(Cointegration, a_real_tie_is_found_and_a_random_walk_is_not) {
  std::uint64_t state = 5;
  const auto noise = [&state] {
    double sum = 0;
    for (int i = 0; i < 12; ++i) sum += static_cast<double>((state = state * 6364136223846793005ULL + 1442695040888963407ULL) >> 11) * 0x1.0p-53;
    return sum - 6;
  };
  std::vector<double> x{4}, tied, free{3};
  double spread = 0;
  for (int i = 0; i < 500; ++i) {
    if (i > 0) x.push_back(x.back() + 0.01 * noise()), free.push_back(free.back() + 0.01 * noise());
    spread = 0.8 * spread + 0.005 * noise();
    tied.push_back(0.3 + 1.5 * x.back() + spread);
  }
  const Cointegration real = cointegration(tied, x, 1), chance = cointegration(free, x, 1);
  EXPECT_LT(real.adf, critical_value(0.01, 499));
  EXPECT_NEAR(real.beta, 1.5, 0.05);
  EXPECT_NEAR(real.half_life, std::log(2) / -std::log(0.8), 1.5);
  EXPECT_GT(chance.adf, critical_value(0.05, 499));
}

TEST(Cointegration, refuses_what_has_no_answer) {
  const std::vector<double> flat(50, 1.0);
  std::vector<double> line;
  for (int i = 0; i < 50; ++i) line.push_back(i);
  EXPECT_FALSE(cointegration(flat, flat, 1).valid) << "nothing moved";
  EXPECT_FALSE(cointegration(line, line, 1).valid) << "no residual to test";
  EXPECT_FALSE(cointegration(std::vector<double>(5, 1.0), std::vector<double>(5, 2.0), 1).valid) << "too short";
  EXPECT_FALSE(cointegration(flat, line, 1).valid);
}

}  // namespace
}  // namespace robo::strategies
