#include "edge/ib/history_pacing.hpp"

#include <gtest/gtest.h>

namespace robo::ib {
namespace {

constexpr Timestamp start{1'000'000'000'000};

HistoryPacing::Ask ask(int number, std::string contract = {}, bool twice = false) {
  const auto name = contract.empty() ? "contract " + std::to_string(number) : contract;
  return {.contract = name, .exactly = name + " request " + std::to_string(number), .small = true, .twice = twice};
}

TEST(HistoryPacing, lets_sixty_small_requests_through_in_ten_minutes_and_the_next_when_the_first_is_ten_minutes_old) {
  HistoryPacing pacing{Limits{.history_open = 1000}};
  for (int i = 0; i < 60; ++i) {
    ASSERT_EQ(pacing.earliest(ask(i), start + seconds(i)), start + seconds(i)) << i;
    pacing.sent(ask(i), start + seconds(i));
  }
  const Timestamp allowed = pacing.earliest(ask(60), start + seconds(60));
  EXPECT_GT(allowed, start + seconds(600));
  EXPECT_LT(allowed, start + seconds(601));
  EXPECT_EQ(pacing.earliest(ask(60), allowed), allowed);
  EXPECT_EQ(pacing.small(start + seconds(60)), 60u);
}

TEST(HistoryPacing, counts_bid_and_ask_twice) {
  HistoryPacing pacing{Limits{.history_open = 1000}};
  for (int i = 0; i < 30; ++i) pacing.sent(ask(i, {}, true), start + seconds(i));
  EXPECT_EQ(pacing.small(start + seconds(30)), 60u);
  EXPECT_GT(pacing.earliest(ask(31), start + seconds(31)), start + seconds(600));
  // One more with two places needs the first to leave, which takes two with it.
  EXPECT_EQ(pacing.earliest(ask(31, {}, true), start + seconds(31)), pacing.earliest(ask(31), start + seconds(31)));
}

TEST(HistoryPacing, keeps_the_identical_request_back_for_fifteen_seconds) {
  HistoryPacing pacing{Limits{}};
  pacing.sent(ask(1), start);
  const Timestamp allowed = pacing.earliest(ask(1), start + seconds(1));
  EXPECT_GT(allowed, start + seconds(15));
  EXPECT_EQ(pacing.earliest(ask(2), start + seconds(1)), start + seconds(1)) << "another request is free";
}

TEST(HistoryPacing, asks_for_one_contract_five_times_in_two_seconds_and_not_six) {
  HistoryPacing pacing{Limits{}};
  for (int i = 0; i < 5; ++i) {
    ASSERT_EQ(pacing.earliest(ask(i, "AAPL"), start + milliseconds(i * 100)), start + milliseconds(i * 100)) << i;
    pacing.sent(ask(i, "AAPL"), start + milliseconds(i * 100));
  }
  const Timestamp allowed = pacing.earliest(ask(5, "AAPL"), start + milliseconds(500));
  EXPECT_GT(allowed, start + seconds(2));
  EXPECT_LT(allowed, start + seconds(3));
  EXPECT_EQ(pacing.earliest(ask(5, "MSFT"), start + milliseconds(500)), start + milliseconds(500));
}

TEST(HistoryPacing, has_fifty_slots_and_gives_one_back_with_every_answer) {
  HistoryPacing pacing{Limits{}};
  HistoryPacing::Ask large{.contract = "AAPL", .exactly = "AAPL 1 D", .small = false};
  for (int i = 0; i < 50; ++i) {
    ASSERT_EQ(pacing.earliest(large, start), start) << "bars above 30 s are only counted while they are open";
    pacing.sent(large, start);
  }
  EXPECT_EQ(pacing.earliest(large, start), HistoryPacing::forever);
  pacing.ended();
  EXPECT_EQ(pacing.earliest(large, start), start);
}

TEST(Limits, of_depth_and_tick_by_tick_follow_the_lines) {
  EXPECT_EQ(Limits{}.depth(), 3u);
  EXPECT_EQ(Limits{.lines = 399}.depth(), 3u);
  EXPECT_EQ(Limits{.lines = 400}.depth(), 4u);
  EXPECT_EQ(Limits{.lines = 10'000}.depth(), 60u);
  EXPECT_EQ(Limits{}.tick_by_tick(), 5u);
  EXPECT_EQ(Limits{.lines = 2'000}.tick_by_tick(), 60u);
}

}  // namespace
}  // namespace robo::ib
