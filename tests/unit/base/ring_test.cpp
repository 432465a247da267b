#include <gtest/gtest.h>
#include <thread>

#include "base/crc32c.hpp"
#include "base/histogram.hpp"
#include "base/spsc_ring.hpp"
#include "base/text.hpp"

namespace robo {

TEST(SpscRing, refuses_when_full_and_loses_nothing) {
  SpscRing<int> ring(4);
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(ring.push(i));
  EXPECT_FALSE(ring.push(4));
  EXPECT_EQ(*ring.front(), 0);
  ring.pop();
  EXPECT_TRUE(ring.push(4));
  for (int i = 1; i <= 4; ++i) {
    ASSERT_NE(ring.front(), nullptr);
    EXPECT_EQ(*ring.front(), i);
    ring.pop();
  }
  EXPECT_EQ(ring.front(), nullptr);
}

TEST(SpscRing, keeps_order_between_two_threads) {
  SpscRing<std::uint64_t> ring(1024);
  constexpr std::uint64_t count = 200'000;
  std::jthread producer([&] {
    for (std::uint64_t i = 0; i < count;)
      if (ring.push(i)) ++i;
      else std::this_thread::yield();
  });
  for (std::uint64_t expected = 0; expected < count;) {
    const auto* item = ring.front();
    if (!item) {
      std::this_thread::yield();
      continue;
    }
    ASSERT_EQ(*item, expected++);
    ring.pop();
  }
}

TEST(Histogram, quantiles_are_within_two_percent) {
  Histogram h;
  for (int i = 1; i <= 100'000; ++i) h.add(i);
  EXPECT_NEAR(static_cast<double>(h.quantile(0.5)), 50'000, 1'000);
  EXPECT_NEAR(static_cast<double>(h.quantile(0.99)), 99'000, 2'000);
  EXPECT_EQ(h.max(), 100'000u);
  EXPECT_EQ(h.quantile(1.0), 100'000u);
  EXPECT_EQ(h.count(), 100'000u);
}

TEST(Crc32c, matches_the_published_check_value) {
  const char text[] = "123456789";
  EXPECT_EQ(crc32c(std::as_bytes(std::span(text, 9))), 0xE3069283u);
}

TEST(FixedText, cuts_what_does_not_fit) {
  const FixedText<4> text("abcdef");
  EXPECT_EQ(text.view(), "abcd");
  EXPECT_EQ(FixedText<4>("ab"), FixedText<4>("ab"));
}

}  // namespace robo
