#include "runtime/clock.hpp"

#include <gtest/gtest.h>

#include "runtime/operator_queue.hpp"

namespace robo::runtime {

TEST(WallClock, never_runs_backwards) {
  WallClock clock;
  Timestamp last{};
  for (int i = 0; i < 100'000; ++i) {
    const auto now = clock.now();
    ASSERT_GE(now, last);
    last = now;
  }
}

TEST(ScaledClock, runs_as_many_times_as_fast_as_it_is_told) {
  const Timestamp start{1'000'000'000'000};
  ScaledClock clock(start, 1000);
  const auto wall = steady_ns();
  while (steady_ns() - wall < 2'000'000) {
  }
  const auto elapsed = clock.now() - start;
  EXPECT_GE(elapsed, seconds(2));
}

TEST(OperatorQueue, refuses_when_full_and_keeps_order) {
  OperatorQueue queue(2);
  EXPECT_TRUE(queue.ask({.action = OperatorAction::Kill}));
  EXPECT_TRUE(queue.ask({.action = OperatorAction::CancelAll}));
  EXPECT_FALSE(queue.ask({.action = OperatorAction::FlattenAll}));
  OperatorInput wish;
  ASSERT_TRUE(queue.take(wish));
  EXPECT_EQ(wish.action, OperatorAction::Kill);
  ASSERT_TRUE(queue.take(wish));
  EXPECT_EQ(wish.action, OperatorAction::CancelAll);
  EXPECT_FALSE(queue.take(wish));
}

}  // namespace robo::runtime
