#include "edge/ib/delivery.hpp"

#include <gtest/gtest.h>

namespace robo::ib {
namespace {

TEST(Delivery, keeps_order_and_long_payloads_until_the_next_pop) {
  Delivery out;
  for (int i = 0; i < 5000; ++i) {
    out.push(Timestamp{i}, Quote{.instrument = InstrumentId{static_cast<std::uint32_t>(i)}});
    out.push(Timestamp{i}, OrderUpdate{.code = i});
  }
  Event event;
  for (int i = 0; i < 5000; ++i) {
    ASSERT_TRUE(out.pop(event));
    ASSERT_EQ(std::get<Quote>(event.payload).instrument.value, static_cast<std::uint32_t>(i));
    ASSERT_TRUE(out.pop(event));
    ASSERT_EQ(std::get<Boxed<OrderUpdate>>(event.payload)->code, i);
    ASSERT_EQ(event.at.ns, i);
  }
  EXPECT_FALSE(out.pop(event));
}

TEST(Delivery, goes_round_its_ring_without_losing_its_place) {
  Delivery out;
  Event event;
  std::uint32_t taken = 0;
  std::uint32_t put = 0;
  for (int round = 0; round < 3000; ++round) {
    for (int i = 0; i < 3; ++i) out.push(Timestamp{}, Quote{.instrument = InstrumentId{put++}});
    for (int i = 0; i < 2; ++i) {
      ASSERT_TRUE(out.pop(event));
      ASSERT_EQ(std::get<Quote>(event.payload).instrument.value, taken++);
    }
  }
  EXPECT_EQ(out.size(), put - taken);
}

}  // namespace
}  // namespace robo::ib
