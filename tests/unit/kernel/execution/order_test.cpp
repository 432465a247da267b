#include "kernel/execution/order.hpp"

#include <gtest/gtest.h>

#include <random>

namespace robo::execution {

TEST(OrderState, only_advances) {
  using enum OrderState;
  EXPECT_EQ(advanced(PendingSubmit, Submitted), Submitted);
  EXPECT_EQ(advanced(Submitted, PreSubmitted), Submitted);   // C16: an openOrder after the fill tells an old state
  EXPECT_EQ(advanced(PendingCancel, Submitted), PendingCancel);
  EXPECT_EQ(advanced(PendingCancel, Filled), Filled);        // it may still fill
  EXPECT_EQ(advanced(Filled, Cancelled), Filled);
  EXPECT_EQ(advanced(Cancelled, Submitted), Cancelled);
}

TEST(OrderState, unknown_yields_to_any_word_and_is_never_the_brokers) {
  using enum OrderState;
  EXPECT_EQ(advanced(Unknown, PreSubmitted), PreSubmitted);
  EXPECT_EQ(advanced(Unknown, Cancelled), Cancelled);
  EXPECT_EQ(advanced(Submitted, Unknown), Submitted);
}

TEST(OrderState, no_sequence_of_reports_leaves_a_final_state) {
  std::mt19937 random(3);
  for (int run = 0; run < 2'000; ++run) {
    auto state = OrderState::PendingSubmit;
    bool was_final = false;
    OrderState final_state{};
    for (int i = 0; i < 12; ++i) {
      state = advanced(state, static_cast<OrderState>(random() % 8));
      if (was_final) {
        ASSERT_EQ(state, final_state);
      }
      if (is_final(state)) was_final = true, final_state = state;
    }
  }
}

}  // namespace robo::execution
