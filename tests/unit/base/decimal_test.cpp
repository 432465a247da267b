#include "base/decimal.hpp"

#include <gtest/gtest.h>

namespace robo {

TEST(Decimal, parses_prices_as_exchanges_write_them) {
  EXPECT_EQ(parse_decimal<Price>("187.25").value(), price(187, 25));
  EXPECT_EQ(parse_decimal<Price>("-0.05").value().raw, -50'000'000);
  EXPECT_EQ(parse_decimal<Price>("100").value(), price(100));
  EXPECT_EQ(parse_decimal<Price>("100.").value(), price(100));
  EXPECT_EQ(parse_decimal<Price>(".5").value().raw, 500'000'000);
  EXPECT_EQ(parse_decimal<Quantity>("0.00000001").value().raw, 1);
  EXPECT_EQ(parse_decimal<Quantity>("0.000000010").value().raw, 1);
}

TEST(Decimal, says_what_is_wrong_with_bad_text) {
  EXPECT_EQ(parse_decimal<Price>("").error(), DecimalError::Empty);
  EXPECT_EQ(parse_decimal<Price>("-").error(), DecimalError::NotANumber);
  EXPECT_EQ(parse_decimal<Price>("1e5").error(), DecimalError::NotANumber);
  EXPECT_EQ(parse_decimal<Price>("1.2.3").error(), DecimalError::NotANumber);
  EXPECT_EQ(parse_decimal<Price>("99999999999").error(), DecimalError::TooLarge);
  EXPECT_EQ(parse_decimal<Quantity>("0.000000001").error(), DecimalError::TooPrecise);
}

TEST(Decimal, text_round_trips_for_any_raw_value) {
  std::uint64_t state = 7;
  for (int i = 0; i < 20'000; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    const auto value = Price::from_raw(static_cast<std::int64_t>(state) >> (state % 60));
    if (value.raw == INT64_MIN) continue;
    ASSERT_EQ(parse_decimal<Price>(to_text(value)).value(), value) << value.raw;
  }
}

TEST(Decimal, notional_is_exact_to_a_millionth_and_rounds_half_away_from_zero) {
  EXPECT_EQ(notional(price(187, 25), shares(300)), Money::whole(56'175));
  EXPECT_EQ(notional(Price::from_raw(1), Quantity::from_raw(1)).raw, 0);
  EXPECT_EQ(notional(price(5000, 25), shares(-2), 50), Money::whole(-500'025));
  EXPECT_EQ(notional(Price::from_raw(500), shares(1)).raw, 1);     // 0.0000005 -> 0.000001
  EXPECT_EQ(notional(Price::from_raw(-500), shares(1)).raw, -1);
}

TEST(DecimalDeathTest, overflow_stops_the_process) {
  EXPECT_DEATH((void)(Money::from_raw(INT64_MAX) + Money::from_raw(1)), "INVARIANT");
}

}  // namespace robo
