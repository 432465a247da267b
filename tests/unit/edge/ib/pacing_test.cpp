#include "edge/ib/pacing.hpp"

#include <random>

#include <gtest/gtest.h>

namespace robo::ib {
namespace {

TEST(Pacer, lets_exactly_the_limit_through_in_a_second_and_no_more) {
  Pacer pacer(10);
  const Timestamp start{0};
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(pacer.pass(Pace::Order, start)) << i;
  EXPECT_FALSE(pacer.pass(Pace::Order, start));
  EXPECT_FALSE(pacer.pass(Pace::Cancel, start + seconds(1)));
  EXPECT_TRUE(pacer.pass(Pace::Cancel, start + seconds(1) + nanoseconds(1)));
}

TEST(Pacer, keeps_one_in_five_for_cancels_and_orders) {
  Pacer pacer(10);
  int requests = 0;
  while (pacer.pass(Pace::Request, Timestamp{0})) ++requests;
  EXPECT_EQ(requests, 8);
  EXPECT_TRUE(pacer.pass(Pace::Order, Timestamp{0}));
  EXPECT_TRUE(pacer.pass(Pace::Cancel, Timestamp{0}));
  EXPECT_FALSE(pacer.pass(Pace::Cancel, Timestamp{0}));
}

TEST(Pacer, sends_what_waits_in_order_of_urgency) {
  Pacer pacer(2);
  ASSERT_TRUE(pacer.pass(Pace::Order, Timestamp{0}));
  ASSERT_TRUE(pacer.pass(Pace::Order, Timestamp{0}));
  pacer.queue(Pace::Request, "r");
  pacer.queue(Pace::Order, "o1");
  pacer.queue(Pace::Order, "o2");
  pacer.queue(Pace::Cancel, "c");
  wire::OutBuffer out;
  EXPECT_EQ(pacer.pump(Timestamp{0}, out), 0u);
  EXPECT_EQ(pacer.pump(Timestamp{0} + milliseconds(1001), out), 2u);
  EXPECT_EQ(out.view(), "co1");
  // Those that wait are not overtaken by their like.
  EXPECT_FALSE(pacer.pass(Pace::Order, Timestamp{0} + milliseconds(2500)));
  EXPECT_EQ(pacer.pump(Timestamp{0} + milliseconds(2500), out), 2u);
  EXPECT_EQ(out.view(), "co1o2r");
}

TEST(Pacer, never_exceeds_the_limit_in_any_second_of_a_random_day) {
  constexpr std::size_t limit = 50;
  Pacer pacer(limit);
  std::mt19937_64 random(7);
  std::vector<Timestamp> sent;
  wire::OutBuffer out;
  Timestamp now{0};
  for (int i = 0; i < 20'000; ++i) {
    now = now + Duration{static_cast<std::int64_t>(random() % 30'000'000)};
    const auto pace = static_cast<Pace>(random() % 3);
    for (std::size_t n = pacer.pump(now, out); n > 0; --n) sent.push_back(now);
    out.clear();
    if (pacer.pass(pace, now)) sent.push_back(now);
    else if (pacer.waiting() < 200) pacer.queue(pace, "x");
  }
  EXPECT_GT(sent.size(), 5'000u);
  for (std::size_t i = limit; i < sent.size(); ++i) ASSERT_GT((sent[i] - sent[i - limit]).ns, seconds(1).ns);
}

}  // namespace
}  // namespace robo::ib
