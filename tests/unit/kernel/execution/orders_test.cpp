#include "kernel/execution/orders.hpp"

#include <gtest/gtest.h>

namespace robo::execution {

namespace {

OrderIntent intent(std::uint64_t number, std::uint32_t instrument = 0) {
  return {.key = {7, number}, .instrument = InstrumentId{instrument}, .quantity = shares(1)};
}
std::size_t live_of(Orders& orders, std::uint32_t instrument) {
  std::size_t n = 0;
  orders.each_live(InstrumentId{instrument}, [&](Order&) { ++n; });
  return n;
}

}  // namespace

TEST(Orders, finds_an_order_by_each_of_its_names) {
  Orders orders(8, 2);
  auto* order = orders.add(intent(1));
  orders.name(*order, PermId{99});
  EXPECT_EQ(orders.find(OrderKey{7, 1}), order);
  EXPECT_EQ(orders.find(PermId{99}), order);
  EXPECT_EQ(orders.find(OrderKey{8, 1}), nullptr);  // another session's number one is another order
  EXPECT_EQ(orders.find(OrderKey{}), nullptr);
  EXPECT_EQ(orders.find(PermId{}), nullptr);
}

TEST(Orders, final_orders_make_way_and_live_ones_never) {
  Orders orders(4, 1);
  for (std::uint64_t i = 1; i <= 4; ++i) orders.add(intent(i));
  EXPECT_FALSE(orders.has_room(1));
  EXPECT_EQ(orders.add(intent(5)), nullptr);
  auto* second = orders.find(OrderKey{7, 2});
  second->state = OrderState::Filled;
  orders.settle(*second);
  EXPECT_EQ(orders.live_count(), 3u);
  ASSERT_NE(orders.add(intent(5)), nullptr);
  EXPECT_EQ(orders.find(OrderKey{7, 2}), nullptr);
  EXPECT_NE(orders.find(OrderKey{7, 5}), nullptr);
  EXPECT_EQ(live_of(orders, 0), 4u);
}

TEST(Orders, keeps_live_orders_by_instrument_through_many_lives) {
  Orders orders(16, 3);
  std::size_t live[3] = {};
  for (std::uint64_t n = 1; n < 5'000; ++n) {
    const auto instrument = static_cast<std::uint32_t>(n % 3);
    if (orders.has_room(1)) {
      orders.add(intent(n, instrument));
      ++live[instrument];
    }
    if (n % 2 == 0 || !orders.has_room(1)) {
      Order* oldest = nullptr;
      orders.each_live([&](Order& order) {
        if (oldest == nullptr) oldest = &order;
      });
      oldest->state = OrderState::Cancelled;
      orders.settle(*oldest);
      --live[oldest->intent.instrument.value];
    }
    for (std::uint32_t i = 0; i < 3; ++i) ASSERT_EQ(live_of(orders, i), live[i]) << n;
  }
}

}  // namespace robo::execution
