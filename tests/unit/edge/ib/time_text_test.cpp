#include "edge/ib/time_text.hpp"

#include <gtest/gtest.h>

namespace robo::ib {
namespace {

std::string read(std::string_view text, const TimeZone* otherwise = nullptr) {
  const auto at = parse_time(text, otherwise);
  return at ? to_text(*at) : "none";
}

TEST(TimeText, reads_every_form_ib_writes) {
  EXPECT_EQ(read("20260413 15:27:04 US/Eastern"), "2026-04-13T19:27:04Z");
  EXPECT_EQ(read("20260113 15:27:04 US/Eastern"), "2026-01-13T20:27:04Z");
  EXPECT_EQ(read("20260413-15:27:04"), "2026-04-13T15:27:04Z");
  EXPECT_EQ(read("20260411 22:18:53 Europe/Berlin"), "2026-04-11T20:18:53Z");
  EXPECT_EQ(read("1776093424"), "2026-04-13T15:17:04Z");
  EXPECT_EQ(read("1776093424123"), "2026-04-13T15:17:04.123Z");
  EXPECT_EQ(read("20260413"), "2026-04-13T00:00:00Z");
  EXPECT_EQ(read("2026-03-23 13:25:15.0"), "2026-03-23T13:25:15Z");
}

TEST(TimeText, uses_the_given_zone_where_none_is_written) {
  const auto zone = TimeZone::find("America/New_York").value();
  EXPECT_EQ(read("20260413  15:27:04", &zone), "2026-04-13T19:27:04Z");
  EXPECT_EQ(read("20260413-15:27:04", &zone), "2026-04-13T15:27:04Z");
}

TEST(TimeText, refuses_what_is_no_time) {
  for (const char* text : {"", "hello", "20261340", "20260230", "20260413 25:00:00", "20260413 15:27:04 Mars/Base", "2026"}) {
    EXPECT_EQ(read(text), "none") << text;
  }
}

TEST(TimeText, writes_the_form_that_needs_no_zone) {
  EXPECT_EQ(utc_text(*parse_time("20260413 15:27:04 US/Eastern")), "20260413-19:27:04");
}

TEST(TimeText, reads_expiries_with_and_without_their_hour) {
  EXPECT_EQ(to_text(*parse_date("20261218 15:00 US/Eastern")), "2026-12-18");
  EXPECT_EQ(to_text(*parse_date("202612")), "2026-12-01");
  EXPECT_FALSE(parse_date("12/2026"));
}

}  // namespace
}  // namespace robo::ib
