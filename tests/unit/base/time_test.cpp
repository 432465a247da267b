#include "base/time.hpp"

#include <gtest/gtest.h>

#include "base/time_zone.hpp"

namespace robo {

TEST(Time, prints_as_utc_with_no_more_digits_than_needed) {
  EXPECT_EQ(to_text(Timestamp{1514903400'000000000}), "2018-01-02T14:30:00Z");
  EXPECT_EQ(to_text(Timestamp{1514903400'120000000}), "2018-01-02T14:30:00.12Z");
  EXPECT_EQ(to_text(Timestamp{-1}), "1969-12-31T23:59:59.999999999Z");
}

TEST(TimeZone, knows_the_opening_bell_in_winter_and_summer) {
  const auto ny = TimeZone::find("US/Eastern").value();
  EXPECT_EQ(to_text(ny.to_utc({date_of(2018, 1, 2), hours(9) + minutes(30)})), "2018-01-02T14:30:00Z");
  EXPECT_EQ(to_text(ny.to_utc({date_of(2018, 7, 2), hours(9) + minutes(30)})), "2018-07-02T13:30:00Z");
}

TEST(TimeZone, takes_the_first_of_the_hour_that_happens_twice) {
  const auto ny = TimeZone::find("America/New_York").value();
  EXPECT_EQ(to_text(ny.to_utc({date_of(2026, 11, 1), hours(1) + minutes(30)})), "2026-11-01T05:30:00Z");
}

TEST(TimeZone, moves_the_hour_that_does_not_exist_to_the_jump) {
  const auto ny = TimeZone::find("America/New_York").value();
  EXPECT_EQ(to_text(ny.to_utc({date_of(2026, 3, 8), hours(2) + minutes(30)})), "2026-03-08T07:00:00Z");
}

TEST(TimeZone, reads_the_names_gateways_print_and_refuses_others_by_name) {
  EXPECT_TRUE(TimeZone::find("Central European Standard Time").has_value());
  EXPECT_TRUE(TimeZone::find("EST").has_value());
  const auto bad = TimeZone::find("Mars/Olympus");
  ASSERT_FALSE(bad.has_value());
  EXPECT_NE(bad.error().text.find("Mars/Olympus"), std::string::npos);
}

TEST(TimeZone, local_and_utc_are_inverse_outside_the_doubled_hour) {
  const auto ny = TimeZone::find("America/New_York").value();
  for (std::int64_t hour = 0; hour < 24 * 366; hour += 5) {
    const Timestamp at{1767225600'000000000 + hours(hour).ns};
    if (to_text(at) == "2026-11-01T06:00:00Z") continue;
    EXPECT_EQ(ny.to_utc(ny.to_local(at)), at) << to_text(at);
  }
}

}  // namespace robo
