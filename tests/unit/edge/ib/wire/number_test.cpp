#include "edge/ib/wire/number.hpp"

#include <gtest/gtest.h>

#include "edge/ib/wire/writer.hpp"

namespace robo::ib::wire {
namespace {

Number read(std::string_view text) {
  const auto number = parse_number(text);
  EXPECT_TRUE(number) << text;
  return number.value_or(Number::unset());
}

TEST(Number, goes_from_text_to_a_price_without_losing_a_digit) {
  EXPECT_EQ(read("187.210000001").exactly<Price>().value().raw, 187'210'000'001);
  EXPECT_EQ(read("-0.05").exactly<Price>().value().raw, -50'000'000);
  EXPECT_EQ(read("1.0E-5").exactly<Price>().value().raw, 10'000);
  EXPECT_EQ(read("2.5e3").exactly<Price>().value(), price(2500));
}

TEST(Number, says_when_a_price_cannot_hold_it) {
  EXPECT_EQ(read("0.0000000001").exactly<Price>().error(), DecimalError::TooPrecise);
  EXPECT_EQ(read("0.0000000010").exactly<Price>().value().raw, 1);
  EXPECT_EQ(read("9223372037").exactly<Price>().error(), DecimalError::TooLarge);
  EXPECT_EQ(read("9223372036").exactly<Price>().value(), price(9223372036));
}

TEST(Number, rounds_only_when_asked) {
  EXPECT_EQ(read("33.3333333335").nearest<Price>().value().raw, 33'333'333'334);
  EXPECT_EQ(read("33.3333333334").nearest<Price>().value().raw, 33'333'333'333);
}

TEST(Number, knows_every_spelling_of_unset) {
  for (const char* text : {"1.7976931348623157E308", "1.7976931348623157e+308", "1.7976931348623e+308", "NaN"}) {
    EXPECT_EQ(read(text).state(), Number::State::Unset) << text;
  }
  EXPECT_EQ(read("Infinity").state(), Number::State::Infinite);
  EXPECT_TRUE(read("1.7976931348623157E18").is_set());
}

TEST(Number, refuses_what_is_no_number) {
  for (const char* text : {"-", ".", "1.2.3", "12a", "1e", "1e+", "0x10", " 1", "1 "}) {
    EXPECT_EQ(parse_number(text).error(), DecimalError::NotANumber) << text;
  }
  EXPECT_EQ(parse_number("").error(), DecimalError::Empty);
  EXPECT_EQ(parse_number("99999999999999999999").error(), DecimalError::TooLarge);
}

TEST(Number, keeps_eighteen_digits_of_a_long_fraction) {
  EXPECT_EQ(read("123.456789012345678901").to_text(), "123.456789012345679");
}

TEST(Number, is_spelled_as_official_clients_spell_it) {
  EXPECT_EQ(Number::from(price(150)).to_text(), "150.0");
  EXPECT_EQ(Number::from(price(150, 25)).to_text(), "150.25");
  EXPECT_EQ(Number::from(Price::from_raw(100'000)).to_text(), "0.0001");
  EXPECT_EQ(Number::from(Price::from_raw(10'000)).to_text(), "1e-05");
  EXPECT_EQ(Number::from(Price::from_raw(-12'500)).to_text(), "-1.25e-05");
  EXPECT_EQ(Number::from(shares(100)).to_text(), "100");
  EXPECT_EQ(Number::from(Quantity::from_raw(50'000'000)).to_text(), "0.5");
}

TEST(Number, keeps_the_zeros_it_was_sent_with_and_is_equal_without_them) {
  EXPECT_EQ(read("12.50").to_text(), "12.50");
  EXPECT_EQ(read("12.50"), read("12.5"));
  EXPECT_EQ(read("0.0"), read("0"));
  EXPECT_FALSE(read("12.5") == read("12.51"));
  EXPECT_FALSE(read("0") == Number::unset());
}

}  // namespace
}  // namespace robo::ib::wire
