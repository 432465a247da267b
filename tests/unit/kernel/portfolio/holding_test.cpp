#include "kernel/portfolio/holding.hpp"

#include <gtest/gtest.h>

namespace robo::portfolio {

namespace {

Money book(Holding& holding, std::int64_t quantity, Price at, std::int64_t multiplier = 1, Settlement settlement = Settlement::Full) {
  return holding.apply(shares(quantity), notional(at, shares(quantity), multiplier), settlement);
}

}  // namespace

TEST(Holding, averages_what_was_paid) {
  Holding h;
  book(h, 100, price(10));
  book(h, 300, price(12));
  EXPECT_EQ(h.quantity, shares(400));
  EXPECT_EQ(average_price(h, 1), price(11, 50));
  EXPECT_EQ(h.cash, Money::whole(-4'600));
  EXPECT_EQ(h.realized, Money{});
}

TEST(Holding, selling_part_realizes_against_the_average_and_leaves_it_alone) {
  Holding h;
  book(h, 100, price(10));
  book(h, 100, price(12));
  EXPECT_EQ(book(h, -50, price(14)), Money::whole(150));
  EXPECT_EQ(average_price(h, 1), price(11));
  EXPECT_EQ(h.cost, Money::whole(1'650));
}

TEST(Holding, a_short_earns_when_bought_back_cheaper) {
  Holding h;
  book(h, -200, price(50));
  EXPECT_EQ(h.cost, Money::whole(-10'000));
  EXPECT_EQ(average_price(h, 1), price(50));
  EXPECT_EQ(book(h, 200, price(48)), Money::whole(400));
  EXPECT_TRUE(h.quantity.is_zero());
  EXPECT_TRUE(h.cost.is_zero());
  EXPECT_EQ(h.cash, Money::whole(400));
}

TEST(Holding, a_flip_through_zero_closes_all_and_opens_the_rest_at_the_new_price) {
  Holding h;
  book(h, 100, price(10));
  EXPECT_EQ(book(h, -250, price(11)), Money::whole(100));
  EXPECT_EQ(h.quantity, shares(-150));
  EXPECT_EQ(average_price(h, 1), price(11));
  EXPECT_EQ(h.cash, Money::whole(1'750));
}

TEST(Holding, a_future_moves_cash_by_its_profit_alone) {
  Holding h;
  book(h, 2, price(5'000), 50, Settlement::Future);
  EXPECT_EQ(h.cash, Money{});
  EXPECT_EQ(average_price(h, 50), price(5'000));
  EXPECT_EQ(book(h, -1, price(5'010), 50, Settlement::Future), Money::whole(500));
  EXPECT_EQ(h.cash, Money::whole(500));
}

TEST(Holding, a_currency_pair_exchanges_two_balances) {
  Holding h;
  book(h, 10'000, price(1, 10), 1, Settlement::Pair);
  EXPECT_EQ(h.cash, Money::whole(-11'000));
  EXPECT_EQ(h.base_cash, Money::whole(10'000));
}

TEST(Holding, selling_a_third_three_times_leaves_nothing_behind) {
  Holding h;
  book(h, 3, price(0, 1));
  h.cost = Money::from_raw(10'000'001);  // does not divide by three
  const auto start = h.cost;
  Money removed{};
  for (int i = 0; i < 3; ++i) removed += -book(h, -1, Price{});
  EXPECT_EQ(removed, start);
  EXPECT_TRUE(h.cost.is_zero());
}

}  // namespace robo::portfolio
