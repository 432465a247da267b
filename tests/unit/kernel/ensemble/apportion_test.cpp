#include "kernel/ensemble/detail/apportion.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numeric>
#include <vector>

namespace robo::ensemble::detail {
namespace {

std::vector<std::int64_t> split(std::int64_t total, std::vector<double> wishes) {
  std::vector<std::int64_t> parts(wishes.size());
  apportion(total, wishes, parts);
  return parts;
}

TEST(Apportion, gives_the_rest_to_the_largest_remainder_and_ties_to_the_first) {
  EXPECT_EQ(split(10, {3.4, 3.3, 3.3}), (std::vector<std::int64_t>{4, 3, 3}));
  EXPECT_EQ(split(10, {3.3, 3.3, 3.4}), (std::vector<std::int64_t>{3, 3, 4}));
  EXPECT_EQ(split(1, {0.5, 0.5}), (std::vector<std::int64_t>{1, 0}));
}

TEST(Apportion, keeps_opposite_signs_and_still_sums_to_the_total) {
  EXPECT_EQ(split(60, {100.0, -40.0}), (std::vector<std::int64_t>{100, -40}));
  EXPECT_EQ(split(0, {40.6, -40.6}), (std::vector<std::int64_t>{40, -40}));
  EXPECT_EQ(split(-7, {3.2, -10.2}), (std::vector<std::int64_t>{3, -10}));
}

TEST(Apportion, sums_exactly_for_thousands_of_odd_splits) {
  std::uint64_t x = 1;
  for (int round = 0; round < 20'000; ++round) {
    std::vector<double> wishes;
    double sum = 0;
    for (int i = 0; i < 1 + round % 8; ++i) {
      x = x * 6364136223846793005ULL + 1442695040888963407ULL;
      wishes.push_back(static_cast<double>(static_cast<std::int64_t>(x >> 33)) / 1e6 - 1000);
      sum += wishes.back();
    }
    const auto total = static_cast<std::int64_t>(std::trunc(sum));
    const auto parts = split(total, wishes);
    ASSERT_EQ(std::accumulate(parts.begin(), parts.end(), std::int64_t{0}), total);
    for (std::size_t i = 0; i < parts.size(); ++i) ASSERT_LE(std::abs(static_cast<double>(parts[i]) - wishes[i]), 2.0);
  }
}

TEST(Apportion, who_wished_nothing_gets_nothing) { EXPECT_EQ(split(3, {0.0, 2.4}), (std::vector<std::int64_t>{0, 3})); }

}  // namespace
}  // namespace robo::ensemble::detail
