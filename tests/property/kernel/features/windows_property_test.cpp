// Every running figure against the same figure computed anew from the last n values, on hostile series.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "kernel/features/indicators/efficiency_ratio.hpp"
#include "kernel/features/indicators/order_flow.hpp"
#include "kernel/features/indicators/rolling_extreme.hpp"
#include "kernel/features/indicators/rolling_moments.hpp"
#include "kernel/features/indicators/rolling_pair.hpp"
#include "kernel/features/indicators/rolling_sum.hpp"

namespace robo::features {
namespace {

struct Series {
  const char* name;
  std::vector<double> values;
};

std::vector<Series> hostile_series() {
  std::mt19937_64 random(5);
  std::normal_distribution<double> normal;
  std::vector<Series> all;
  constexpr int length = 12'000;
  const auto make = [&](const char* name, auto&& next) {
    Series series{name, {}};
    for (int i = 0; i < length; ++i) series.values.push_back(next(i));
    all.push_back(std::move(series));
  };
  double walk = 100;
  make("random_walk", [&](int) { return walk += 0.01 * std::round(normal(random)); });
  make("far_from_zero", [&](int i) { return 1e9 + (i * 7919 % 17); });
  make("stands_still", [&](int i) { return i / 700 % 2 == 0 ? 61'234.56 : 61'234.56 + 0.01 * (i % 3); });
  make("one_outlier", [&](int i) { return i % 3'000 == 1'500 ? 1e7 : 50 + 0.1 * std::sin(i * 0.3); });
  make("trend", [&](int i) { return 10 + 0.01 * i; });
  return all;
}

std::span<const double> last(const std::vector<double>& values, std::size_t end, std::size_t n) { return std::span(values).subspan(end + 1 - n, n); }

TEST(Windows, moments_equal_two_passes_over_the_window) {
  for (const auto& series : hostile_series()) {
    for (const std::size_t n : {2u, 20u, 300u}) {
      std::vector<double> room(n);
      RollingMoments moments{room};
      double largest = 0;
      for (std::size_t i = 0; i < series.values.size(); ++i) {
        moments.add(series.values[i]);
        largest = std::max(largest, std::fabs(series.values[i]));
        ASSERT_EQ(moments.warm(), i + 1 >= n);
        if (!moments.warm()) continue;
        long double mean = 0, squares = 0;
        for (const double x : last(series.values, i, n)) mean += x;
        mean /= static_cast<long double>(n);
        for (const double x : last(series.values, i, n)) squares += (x - mean) * (x - mean);
        const double variance = static_cast<double>(squares / static_cast<long double>(n));
        ASSERT_NEAR(moments.mean(), static_cast<double>(mean), 1e-14 * largest) << series.name << ' ' << n << ' ' << i;
        ASSERT_NEAR(moments.variance(), variance, 1e-8 * variance + 1e-17) << series.name << ' ' << n << ' ' << i;
        const auto window = last(series.values, i, n);
        const bool flat = std::ranges::all_of(window, [&](double x) { return x == window[0]; });
        ASSERT_TRUE(!flat || moments.variance() == 0) << "a flat window has none at all";
      }
    }
  }
}

TEST(Windows, extremes_are_those_of_the_window_from_the_first_value_on) {
  for (const auto& series : hostile_series()) {
    for (const std::size_t n : {1u, 2u, 20u, 257u}) {
      std::vector<double> up(n), down(n);
      RollingMax high{up};
      RollingMin low{down};
      for (std::size_t i = 0; i < series.values.size(); ++i) {
        high.add(series.values[i]);
        low.add(series.values[i]);
        const auto window = last(series.values, i, std::min(n, i + 1));
        ASSERT_EQ(high.value(), *std::ranges::max_element(window)) << series.name << ' ' << n << ' ' << i;
        ASSERT_EQ(low.value(), *std::ranges::min_element(window)) << series.name << ' ' << n << ' ' << i;
        ASSERT_EQ(high.warm(), i + 1 >= n);
      }
    }
  }
}

TEST(Windows, sums_do_not_drift) {
  for (const auto& series : hostile_series()) {
    constexpr std::size_t n = 50;
    std::vector<double> room(n);
    RollingSum<double> sum{room};
    std::vector<std::int64_t> exact_room(n);
    RollingSum<std::int64_t> exact{exact_room};
    double largest = 0;
    for (std::size_t i = 0; i < series.values.size(); ++i) {
      sum.add(series.values[i]);
      exact.add(static_cast<std::int64_t>(series.values[i] * 1e6));
      largest = std::max(largest, std::fabs(series.values[i]));
      long double want = 0;
      std::int64_t whole = 0;
      for (const double x : last(series.values, i, std::min(n, i + 1))) want += x, whole += static_cast<std::int64_t>(x * 1e6);
      ASSERT_NEAR(sum.sum(), static_cast<double>(want), 1e-11 * largest) << series.name << ' ' << i;
      ASSERT_EQ(exact.sum(), whole);
    }
  }
}

TEST(Windows, efficiency_ratio_is_way_by_walk) {
  for (const auto& series : hostile_series()) {
    constexpr std::size_t n = 10;
    std::vector<double> prices(n), steps(n);
    EfficiencyRatio ratio{prices, steps};
    for (std::size_t i = 0; i < series.values.size(); ++i) {
      ratio.add(series.values[i]);
      ASSERT_EQ(ratio.warm(), i >= n);
      if (i < n) continue;
      double walk = 0;
      for (std::size_t k = i - n + 1; k <= i; ++k) walk += std::fabs(series.values[k] - series.values[k - 1]);
      const double want = walk > 0 ? std::fabs(series.values[i] - series.values[i - n]) / walk : 0;
      ASSERT_NEAR(ratio.value(), want, 1e-5) << series.name << ' ' << i;
    }
  }
}

TEST(Windows, pairs_equal_least_squares_over_the_window) {
  std::mt19937_64 random(9);
  std::normal_distribution<double> normal;
  constexpr std::size_t n = 60;
  std::vector<RollingPair::Point> room(n), seen;
  RollingPair pair{room};
  double x = 4.6;
  for (int i = 0; i < 5'000; ++i) {
    const bool still = i / 500 % 3 == 2;
    if (!still) x += 0.001 * normal(random);
    const double y = 0.5 + 1.7 * x + 0.002 * normal(random);
    pair.add(x, y);
    seen.push_back({x, y});
    if (seen.size() < n) {
      ASSERT_TRUE(std::isnan(pair.beta()));
      continue;
    }
    long double mx = 0, my = 0, xx = 0, yy = 0, xy = 0;
    const auto window = std::span(seen).last(n);
    for (const auto& p : window) mx += p.x, my += p.y;
    mx /= n, my /= n;
    for (const auto& p : window) xx += (p.x - mx) * (p.x - mx), yy += (p.y - my) * (p.y - my), xy += (p.x - mx) * (p.y - my);
    if (xx == 0) {
      ASSERT_TRUE(std::isnan(pair.beta()) && std::isnan(pair.correlation()) && std::isnan(pair.residual_z()));
      continue;
    }
    if (xx < 1e-7) continue;  // a window that has almost stopped: the slope is noise either way
    const long double beta = xy / xx;
    ASSERT_NEAR(pair.beta(), static_cast<double>(beta), 1e-6) << i;
    ASSERT_NEAR(pair.correlation(), static_cast<double>(xy / std::sqrt(xx * yy)), 1e-7) << i;
    const long double residual = (window.back().y - my) - beta * (window.back().x - mx);
    ASSERT_NEAR(pair.residual_z(), static_cast<double>(residual / std::sqrt((yy - beta * xy) / n)), 1e-5) << i;
  }
}

TEST(Windows, time_buckets_hold_what_a_list_of_events_says) {
  std::mt19937_64 random(3);
  for (const std::size_t n : {1u, 2u, 7u}) {
    std::vector<std::int64_t> room(n);
    TimeBuckets buckets{room, seconds(1)};
    struct Entry {
      std::int64_t second{}, amount{};
    };
    std::vector<Entry> entries;
    Timestamp now{1'514'903'400'000'000'000};
    for (int i = 0; i < 4'000; ++i) {
      now = now + milliseconds(static_cast<std::int64_t>(random() % (i % 50 == 0 ? 20'000 : 700)));
      const auto amount = static_cast<std::int64_t>(random() % 2'001) - 1'000;
      buckets.add(amount, now);
      entries.push_back({now.ns / seconds(1).ns, amount});
      std::int64_t want = 0;
      for (auto e = entries.rbegin(); e != entries.rend() && e->second > now.ns / seconds(1).ns - static_cast<std::int64_t>(n); ++e) want += e->amount;
      ASSERT_EQ(buckets.sum(), want) << n << ' ' << i;
    }
  }
}

}  // namespace
}  // namespace robo::features
