#include "model/ids.hpp"

#include <gtest/gtest.h>

#include "model/command.hpp"
#include "model/fact.hpp"

namespace robo {

TEST(OrderKey, survives_the_trip_through_orderRef) {
  const OrderKey key{.session = 0xc4, .number = 7};
  EXPECT_EQ(to_text(key), "RT00000000000000c4-0000000000000007");
  EXPECT_EQ(parse_order_key(to_text(key)).value(), key);
}

TEST(OrderKey, does_not_claim_a_stranger) {
  for (const auto* text : {"", "my manual order", "RT00000000000000c4", "RT00000000000000c4-000000000000000g", "rt00000000000000c4-0000000000000007"})
    EXPECT_FALSE(parse_order_key(text).has_value()) << text;
}

TEST(Facts, never_drop_what_happened_to_an_order) {
  Facts facts(2);
  facts.add(OrderChanged{});
  facts.add(SignalRaised{});
  facts.add(SignalRaised{});
  EXPECT_EQ(facts.size(), 2u);
  EXPECT_EQ(facts.dropped(), 1u);
  EXPECT_DEATH(facts.add(OrderFilled{}), "INVARIANT");
}

static_assert(!std::is_default_constructible_v<ApprovedOrder>);
static_assert(!std::is_constructible_v<ApprovedOrder, OrderIntent, Timestamp>, "only the gate makes an approved order");
static_assert(std::is_trivially_copyable_v<Event> && std::is_trivially_copyable_v<Fact> && std::is_trivially_copyable_v<Command>);

}  // namespace robo
