#include "kernel/strategy/why.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <random>

namespace robo::strategy {
namespace {

TEST(Why, writes_what_fmt_writes) {
  EXPECT_EQ(why("RSI {:.1f} {} {:g}, mean {:.0f} bp away, ranging {:.2f}", 28.44, "below", 30.0, 12.3, 0.5).view(),
            "RSI 28.4 below 30, mean 12 bp away, ranging 0.50");
  EXPECT_EQ(why("{} bar {}, {:+.1f} sd, volume z {:.1f}, ER {:.2f}", 20, "high", 1.25, -0.04, 0.999).view(),
            "20 bar high, +1.2 sd, volume z -0.0, ER 1.00");
  EXPECT_EQ(why("spread at {:+.2f} sd, stop {:g}", -3.456, 3.5).view(), "spread at -3.46 sd, stop 3.5");
  EXPECT_EQ(why("close {} beyond", 101.23).view(), "close 101.23 beyond");
  EXPECT_EQ(why("no numbers").view(), "no numbers");
  EXPECT_EQ(why("{{{}}}", 1).view(), "{1}");
  EXPECT_EQ(why("{:>4}|{:.3e}", 7, 12345.0).view(), "   7|1.234e+04");
}

TEST(Why, leaves_to_fmt_what_is_not_a_usual_number) {
  EXPECT_EQ(why("{:.1f} {:+.2f}", std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()).view(), "nan +inf");
  EXPECT_EQ(why("{:.1f}", 1e22).view(), "10000000000000000000000.0");
  EXPECT_EQ(why("{:g}", 1e9).view(), "1e+09");
}

TEST(Why, agrees_with_fmt_on_numbers_of_every_size) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> mantissa(-10, 10);
  for (int i = 0; i < 20'000; ++i) {
    const double x = mantissa(random) * std::pow(10.0, static_cast<double>(i % 9) - 3);
    EXPECT_EQ(why("{:.2f} {:+.1f} {:.0f} {:g}", x, x, x, std::trunc(x)).view(), fmt::format("{:.2f} {:+.1f} {:.0f} {:g}", x, x, x, std::trunc(x)));
  }
}

TEST(Why, cuts_what_is_too_long_and_never_writes_past_its_end) {
  const std::string long_text(200, 'x');
  const auto text = sentence<20>("{} {:.1f}", long_text, 1.5);
  EXPECT_EQ(text.view(), std::string(20, 'x'));
  EXPECT_EQ(sentence<5>("abc {:.3f}", 123.4567).view(), "abc 1");
}

}  // namespace
}  // namespace robo::strategy
