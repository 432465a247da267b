// The correlation matrix against NumPy (tools/risk/correlation_golden.py), and against published figures of the same 18 ETFs.
#include "kernel/risk/correlation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include "support/gzip.hpp"

namespace robo::risk {
namespace {

struct Etfs {
  std::vector<std::string> names{}, dates{};
  std::vector<std::vector<double>> returns{};
  [[nodiscard]] std::size_t of(const std::string& name) const { return static_cast<std::size_t>(std::ranges::find(names, name) - names.begin()); }
  [[nodiscard]] std::size_t from(const std::string& date) const { return static_cast<std::size_t>(std::ranges::lower_bound(dates, date) - dates.begin()); }
};

const Etfs& etfs() {
  static const Etfs data = [] {
    Etfs out;
    const auto lines = test::lines_of(ROBO_SOURCE_DIR "/data/daily/etf18_returns_2006_2022.csv.gz");
    const auto head = test::cells_of(lines.at(0));
    out.names.assign(head.begin() + 1, head.end());
    for (std::size_t i = 1; i < lines.size(); ++i) {
      const auto cells = test::cells_of(lines[i]);
      out.dates.push_back(cells[0]);
      auto& row = out.returns.emplace_back();
      for (std::size_t k = 1; k < cells.size(); ++k) row.push_back(std::strtod(cells[k].c_str(), nullptr));
    }
    return out;
  }();
  return data;
}

TEST(CorrelationGolden, the_running_matrix_is_numpys_from_scratch_whole_and_with_holes) {
  std::map<std::string, std::map<std::size_t, std::vector<std::vector<std::string>>>> wanted;
  const auto lines = test::lines_of(ROBO_SOURCE_DIR "/tests/golden/risk/correlation_etf18.csv.gz");
  for (std::size_t i = 1; i < lines.size(); ++i) {
    auto cells = test::cells_of(lines[i]);
    wanted[cells[0]][static_cast<std::size_t>(std::atoi(cells[1].c_str()))].push_back(cells);
  }
  ASSERT_EQ(wanted.size(), 2u);
  std::size_t compared = 0, unknown = 0;
  for (const auto& [name, days] : wanted) {
    CorrelationMatrix matrix({}, 18);
    for (std::size_t t = 0; t < etfs().returns.size(); ++t) {
      auto row = etfs().returns[t];
      if (name == "holes")
        for (std::size_t k = 0; k < row.size(); ++k)
          if ((7 * t + 13 * k) % 11 == 0 || (k == 3 && t < 900)) row[k] = std::nan("");
      matrix.update(row);
      const auto day = days.find(t);
      if (day == days.end()) continue;
      for (const auto& cells : day->second) {
        const double want = std::strtod(cells.at(4).c_str(), nullptr);
        const auto i = static_cast<std::size_t>(std::atoi(cells[2].c_str()));
        const double have = cells[2] == "average"      ? matrix.average()
                            : cells[2] == "shrinkage"  ? matrix.shrinkage()
                            : cells[3] == "volatility" ? matrix.volatility(i)
                                                       : matrix.correlation(i, static_cast<std::size_t>(std::atoi(cells[3].c_str())));
        ASSERT_EQ(std::isnan(want), std::isnan(have)) << name << " day " << t << " " << cells[2] << "," << cells[3];
        if (std::isnan(want)) ++unknown;
        else ASSERT_NEAR(have, want, 1e-10) << name << " day " << t << " " << cells[2] << "," << cells[3];
        ++compared;
      }
    }
  }
  EXPECT_EQ(compared, 2u * 5u * (2 + 18 + 171));
  EXPECT_GT(unknown, 0u) << "an ETF that is not listed yet is not known, not uncorrelated";
}

/// Solves A x = b for a positive definite A; log-determinant on the side. False when A is not.
bool solve(std::vector<std::vector<double>> a, std::vector<double>& x, double& log_determinant) {
  const std::size_t n = a.size();
  log_determinant = 0;
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t k = 0; k < j; ++k) a[j][j] -= a[j][k] * a[j][k];
    if (!(a[j][j] > 0)) return false;
    a[j][j] = std::sqrt(a[j][j]);
    log_determinant += 2 * std::log(a[j][j]);
    for (std::size_t i = j + 1; i < n; ++i) {
      for (std::size_t k = 0; k < j; ++k) a[i][j] -= a[i][k] * a[j][k];
      a[i][j] /= a[j][j];
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < i; ++k) x[i] -= a[i][k] * x[k];
    x[i] /= a[i][i];
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t k = i + 1; k < n; ++k) x[i] -= a[k][i] * x[k];
    x[i] /= a[i][i];
  }
  return true;
}

// Published for these ETFs, one day ahead, 2008-09 to 2022: log-likelihood 66.71 a day and 4.23 % realised volatility of the
// minimum-variance portfolio, without shrinkage. The estimated shrinkage costs 0.02 of the one and gains a little of the other.
TEST(CorrelationGolden, a_day_ahead_it_explains_18_etfs_as_published) {
  CorrelationMatrix matrix({}, 18);
  double likelihood = 0, sum = 0, squares = 0, shrunk = 0, without = 0, raw_sum = 0, raw_squares = 0;
  int days = 0;
  for (std::size_t t = 0; t < etfs().returns.size(); ++t) {
    const auto& today = etfs().returns[t];
    if (t >= 600) {
      const double delta = matrix.shrinkage(), mean = matrix.average();
      for (const bool with : {true, false}) {
        std::vector<std::vector<double>> covariance(18, std::vector<double>(18));
        for (std::size_t i = 0; i < 18; ++i)
          for (std::size_t j = 0; j < 18; ++j) {
            double c = matrix.correlation(i, j);
            if (!with && i != j) c = (c - delta * mean) / (1 - delta);
            covariance[i][j] = c * matrix.volatility(i) * matrix.volatility(j);
          }
        double log_determinant = 0;
        auto x = today;
        ASSERT_TRUE(solve(covariance, x, log_determinant)) << etfs().dates[t];
        const double distance = std::inner_product(x.begin(), x.end(), today.begin(), 0.0);
        (with ? likelihood : without) += -0.5 * (18 * std::log(2 * 3.14159265358979323846) + log_determinant + distance);
        std::vector<double> weights(18, 1);
        ASSERT_TRUE(solve(covariance, weights, log_determinant));
        const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
        const double r = std::inner_product(weights.begin(), weights.end(), today.begin(), 0.0) / total;
        (with ? sum : raw_sum) += r, (with ? squares : raw_squares) += r * r;
      }
      shrunk += delta;
      ++days;
    }
    matrix.update(today);
  }
  const auto annual = [&](double s, double ss) { return std::sqrt((ss - s * s / days) / (days - 1) * 252) * 100; };
  EXPECT_NEAR(without / days, 66.71, 0.005);
  EXPECT_NEAR(annual(raw_sum, raw_squares), 4.23, 0.01);
  EXPECT_NEAR(likelihood / days, 66.69, 0.005);
  EXPECT_NEAR(annual(sum, squares), 4.22, 0.01);
  EXPECT_NEAR(shrunk / days, 0.0105, 0.0005);
}

// Average pairwise correlation and that of stocks and long bonds, as published: 2022 turned the hedge around.
TEST(CorrelationGolden, average_correlations_of_crises_are_as_published) {
  struct Period {
    const char *from, *to;
    double average, stocks_bonds;
  };
  constexpr double open = std::numeric_limits<double>::quiet_NaN();
  for (const auto& [from, to, average, stocks_bonds] :
       {Period{"2017-01-01", "2018-01-01", 0.20, -0.35}, {"2007-01-01", "2007-07-01", 0.47, open}, {"2008-09-01", "2008-12-01", 0.51, -0.53},
        {"2020-03-01", "2020-04-01", 0.61, -0.48}, {"2022-01-01", "2023-01-01", 0.49, 0.09}}) {
    // No forgetting, and returns around the mean of the period: Pearson's correlation.
    CorrelationMatrix matrix({.volatility_half_life = 1e12, .correlation_half_life = 1e12, .bars_min = 1}, 18);
    const auto begin = etfs().from(from), end = etfs().from(to);
    // Volatility of the whole period first: then every day of it weighs alike.
    std::vector<double> first(18), mean(18);
    for (std::size_t k = 0; k < 18; ++k) {
      double squares = 0;
      for (std::size_t t = begin; t < end; ++t) mean[k] += etfs().returns[t][k] / static_cast<double>(end - begin);
      for (std::size_t t = begin; t < end; ++t) squares += (etfs().returns[t][k] - mean[k]) * (etfs().returns[t][k] - mean[k]);
      first[k] = std::sqrt(squares / static_cast<double>(end - begin));
    }
    for (int i = 0; i < 90'000; ++i) {  // so many that what follows moves no volatility
      std::vector<double> flat(18, std::nan(""));
      for (std::size_t k = 0; k < 18; ++k) flat[k] = i % 18 == static_cast<int>(k) ? first[k] : flat[k];
      matrix.update(flat);
    }
    for (std::size_t t = begin; t < end; ++t) {
      auto row = etfs().returns[t];
      for (std::size_t k = 0; k < 18; ++k) row[k] -= mean[k];
      matrix.update(row);
    }
    EXPECT_NEAR(matrix.average(), average, 0.006) << from;
    if (stocks_bonds != stocks_bonds) continue;
    const double shrunk = matrix.correlation(etfs().of("VTI"), etfs().of("TLT"));
    const double plain = (shrunk - matrix.shrinkage() * matrix.average()) / (1 - matrix.shrinkage());
    EXPECT_NEAR(plain, stocks_bonds, 0.006) << from;
  }
}

}  // namespace
}  // namespace robo::risk
