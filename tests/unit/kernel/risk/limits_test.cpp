#include "kernel/risk/limits.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace robo::risk {

TEST(Limits, change_by_name_and_say_what_they_were) {
  Limits limits;
  EXPECT_EQ(set_limit(limits, "daily_loss_max", 5'000).value(), 10'000);
  EXPECT_EQ(limits.daily_loss_max, Money::whole(5'000));
  EXPECT_EQ(limit_value(limits, "daily_loss_max").value(), 5'000);
  EXPECT_EQ(set_limit(limits, "orders_max", 3).value(), 50);
  EXPECT_EQ(limits.orders_max, 3);
  EXPECT_EQ(set_limit(limits, "order_quantity_max", 0.5).value(), 10'000);
  EXPECT_EQ(limits.order_quantity_max.to_double(), 0.5);
}

TEST(Limits, refuse_names_and_values_that_make_no_sense_and_stay_as_they_were) {
  Limits limits;
  EXPECT_EQ(set_limit(limits, "dayly_loss", 1).error(), LimitError::UnknownName);
  EXPECT_EQ(set_limit(limits, "daily_loss_max", -1).error(), LimitError::OutOfRange);
  EXPECT_EQ(set_limit(limits, "daily_loss_max", std::nan("")).error(), LimitError::NotANumber);
  EXPECT_EQ(set_limit(limits, "orders_max", 5'000).error(), LimitError::OutOfRange);
  EXPECT_EQ(set_limit(limits, "orders_max", 4'096).value(), 50);
  EXPECT_EQ(limits.daily_loss_max, Money::whole(10'000));
  EXPECT_TRUE(set_limit(limits, "cash_min", -20'000).has_value());  // margin may be used
}

TEST(Limits, every_field_can_be_changed_by_its_name) {
  Limits limits;
  each_field<Limits>([&](auto field) {
    EXPECT_TRUE(set_limit(limits, decltype(field)::name, 7).has_value()) << decltype(field)::name;
    EXPECT_EQ(limit_value(limits, decltype(field)::name).value(), 7) << decltype(field)::name;
  });
}

}  // namespace robo::risk
