#include "model/calendar.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <set>
#include <sstream>

#include "support/gzip.hpp"

using namespace robo;

namespace {

const std::string data = std::string(ROBO_SOURCE_DIR) + "/data/";

Calendar calendar(const std::string& name) {
  std::ifstream in(data + "calendars/" + name + ".csv");
  std::stringstream text;
  text << in.rdbuf();
  auto parsed = Calendar::parse(text.str(), name + ".csv");
  EXPECT_TRUE(parsed) << (parsed ? "" : parsed.error().text);
  return *parsed;
}

Date day(int y, unsigned m, unsigned d) { return date_of(y, m, d); }

Timestamp wall(const Calendar& calendar, Date date, int hour, int minute) {
  return calendar.zone().to_utc({date, minutes(hour * 60 + minute)});
}

std::string local(const Calendar& calendar, Timestamp at) {
  const auto wall = calendar.zone().to_local(at);
  const auto total = wall.since_midnight.ns / minutes(1).ns;
  char text[32];
  std::snprintf(text, sizeof text, "%s %02d:%02d", to_text(wall.date).c_str(), static_cast<int>(total / 60), static_cast<int>(total % 60));
  return text;
}

std::set<Date> trading_days(const Calendar& calendar, Date from, Date until) {
  std::set<Date> days;
  for (Date date = from; date < until; ++date.days)
    if (calendar.trades_on(date)) days.insert(date);
  return days;
}

TEST(Calendar, nyse_traded_on_exactly_the_days_the_index_has_a_close_from_1990_to_2015) {
  std::set<Date> index;
  for (const auto& line : test::lines_of(data + "daily/index_SP500_close_1950_2015.csv.gz"))
    if (const auto date = parse_date(std::string_view(line).substr(0, 10)); date && *date >= day(1990, 1, 1)) index.insert(*date);
  EXPECT_EQ(index.size(), 6553u);
  EXPECT_EQ(trading_days(calendar("NYSE"), day(1990, 1, 1), day(2016, 1, 1)), index);
}

TEST(Calendar, nyse_sessions_and_planned_half_days_are_those_of_the_reference_to_2016) {
  const auto nyse = calendar("NYSE");
  // The reference knows planned closes only; these three days went otherwise.
  const std::set<Date> unplanned{day(1994, 2, 11), day(1996, 1, 8), day(2002, 9, 11)};
  std::set<Date> reference_days;
  for (const auto& line : test::lines_of(data + "reference/nyse_sessions_1990_2016.csv.gz")) {
    const auto date = parse_date(std::string_view(line).substr(0, 10));
    if (!date) continue;
    reference_days.insert(*date);
    const auto session = nyse.session(*date);
    ASSERT_TRUE(session) << line;
    if (unplanned.contains(*date)) continue;
    const auto second_comma = line.find(',', line.find(',') + 1);
    const std::string close = line.substr(second_comma + 1, 10) + "T" + line.substr(second_comma + 12, 8) + "Z";
    EXPECT_EQ(to_text(session->regular()->until), close);
    EXPECT_EQ(session->early_close, session->regular()->until < wall(nyse, *date, 16, 0));
  }
  EXPECT_EQ(trading_days(nyse, day(1990, 1, 1), day(2016, 4, 7)), reference_days);
}

TEST(Calendar, cme_days_are_those_of_the_reference_but_for_the_days_it_gets_wrong) {
  std::set<Date> reference;
  for (const auto& line : test::lines_of(data + "reference/cme_sessions.csv.gz"))
    if (const auto date = parse_date(std::string_view(line).substr(0, 10))) reference.insert(*date);
  // It has sessions in the days after the attacks, and none on the Good Fridays when futures traded until the employment report.
  for (unsigned d = 11; d <= 14; ++d) EXPECT_EQ(reference.erase(day(2001, 9, d)), 1u);
  for (const Date date : {day(2010, 4, 2), day(2012, 4, 6), day(2015, 4, 3)}) EXPECT_TRUE(reference.insert(date).second);
  EXPECT_EQ(trading_days(calendar("CME"), day(1990, 1, 1), day(2017, 7, 20)), reference);
}

TEST(Calendar, knows_the_days_that_no_rule_yields) {
  const auto nyse = calendar("NYSE");
  for (const Date date : {day(1994, 4, 27), day(2001, 9, 11), day(2001, 9, 14), day(2004, 6, 11), day(2007, 1, 2), day(2012, 10, 29),
                          day(2012, 10, 30), day(2018, 12, 5), day(2025, 1, 9)})
    EXPECT_FALSE(nyse.trades_on(date)) << to_text(date);
  EXPECT_TRUE(nyse.trades_on(day(2001, 9, 10)));
  EXPECT_TRUE(nyse.trades_on(day(2001, 9, 17)));
  EXPECT_TRUE(nyse.trades_on(day(2021, 6, 18)));   // Juneteenth became a holiday a year later
  EXPECT_FALSE(nyse.trades_on(day(2022, 6, 20)));
  EXPECT_FALSE(nyse.trades_on(day(2027, 6, 18)));
  EXPECT_TRUE(nyse.trades_on(day(1997, 1, 20)));   // Martin Luther King Day: from 1998
  EXPECT_FALSE(nyse.trades_on(day(1998, 1, 19)));
  EXPECT_TRUE(nyse.trades_on(day(2021, 12, 31)));  // a Saturday 1 January is not kept
  EXPECT_FALSE(nyse.trades_on(day(2023, 1, 2)));   // a Sunday one is
}

TEST(Calendar, half_days_follow_the_rules_of_their_time) {
  const auto nyse = calendar("NYSE");
  const auto closes_at = [&](Date date) { return local(nyse, nyse.session(date)->regular()->until).substr(11); };
  EXPECT_EQ(closes_at(day(1992, 11, 27)), "14:00");
  EXPECT_EQ(closes_at(day(1993, 11, 26)), "13:00");
  EXPECT_EQ(closes_at(day(2002, 7, 5)), "13:00");   // Thursday the 4th: Friday after it was short ...
  EXPECT_EQ(closes_at(day(2002, 7, 3)), "16:00");
  EXPECT_EQ(closes_at(day(2013, 7, 3)), "13:00");   // ... until 2013, when Wednesday before it became so
  EXPECT_EQ(closes_at(day(2013, 7, 5)), "16:00");
  EXPECT_EQ(closes_at(day(2026, 11, 27)), "13:00");
  EXPECT_EQ(closes_at(day(2026, 12, 24)), "13:00");
  EXPECT_EQ(closes_at(day(2026, 7, 2)), "16:00");
}

TEST(Calendar, hours_follow_the_wall_clock_through_daylight_saving) {
  const auto nyse = calendar("NYSE");
  EXPECT_EQ(to_text(nyse.session(day(2019, 3, 8))->regular()->from), "2019-03-08T14:30:00Z");
  EXPECT_EQ(to_text(nyse.session(day(2019, 3, 11))->regular()->from), "2019-03-11T13:30:00Z");
  EXPECT_EQ(to_text(nyse.session(day(2019, 11, 1))->regular()->until), "2019-11-01T20:00:00Z");
  EXPECT_EQ(to_text(nyse.session(day(2019, 11, 4))->regular()->until), "2019-11-04T21:00:00Z");
  // A future's session that begins on the Sunday when clocks change opens at 17:00 of the new clock.
  EXPECT_EQ(to_text(calendar("CME").session(day(2019, 3, 11))->opens()), "2019-03-10T22:00:00Z");
  EXPECT_EQ(to_text(calendar("CME").session(day(2019, 11, 4))->opens()), "2019-11-03T23:00:00Z");
}

TEST(Calendar, phases_turn_at_the_bell_and_not_a_nanosecond_before) {
  const auto nyse = calendar("NYSE");
  const Date date = day(2018, 1, 2);
  const auto phase = [&](Timestamp at) { return nyse.phase_at(at)->phase; };
  const auto bell = wall(nyse, date, 9, 30), close = wall(nyse, date, 16, 0), end = wall(nyse, date, 20, 0);
  EXPECT_EQ(phase(bell - nanoseconds(1)), TradingPhase::PreMarket);
  EXPECT_EQ(phase(bell), TradingPhase::Regular);
  EXPECT_EQ(phase(close - nanoseconds(1)), TradingPhase::Regular);
  EXPECT_EQ(phase(close), TradingPhase::PostMarket);
  EXPECT_EQ(phase(end), TradingPhase::Closed);
  EXPECT_EQ(nyse.phase_at(end)->trade_date, day(2018, 1, 3));
  EXPECT_EQ(nyse.phase_at(end)->until, wall(nyse, day(2018, 1, 3), 4, 0));
  EXPECT_EQ(nyse.phase_at(bell)->until, close);
}

TEST(Calendar, next_open_is_strictly_later_and_skips_holidays) {
  const auto nyse = calendar("NYSE");
  const auto friday = wall(nyse, day(2018, 12, 21), 9, 30);
  EXPECT_EQ(*nyse.next_open(friday - nanoseconds(1)), friday);
  EXPECT_EQ(local(nyse, *nyse.next_open(friday)), "2018-12-24 09:30");
  EXPECT_EQ(local(nyse, *nyse.next_open(wall(nyse, day(2018, 12, 24), 9, 30))), "2018-12-26 09:30");
  EXPECT_EQ(local(nyse, *nyse.next_close(wall(nyse, day(2018, 12, 24), 9, 30))), "2018-12-24 13:00");
}

TEST(Calendar, a_futures_evening_belongs_to_the_next_trade_date) {
  const auto cme = calendar("CME");
  EXPECT_EQ(*cme.trade_date(wall(cme, day(2019, 2, 10), 17, 0)), day(2019, 2, 11));                   // Sunday evening
  EXPECT_EQ(*cme.trade_date(wall(cme, day(2019, 2, 11), 15, 59)), day(2019, 2, 11));
  EXPECT_EQ(*cme.trade_date(wall(cme, day(2019, 2, 11), 17, 0)), day(2019, 2, 12));
  EXPECT_EQ(cme.phase_at(wall(cme, day(2019, 2, 11), 16, 30))->phase, TradingPhase::Closed);          // the daily break
  EXPECT_EQ(cme.phase_at(wall(cme, day(2011, 1, 6), 15, 20))->phase, TradingPhase::Closed);           // the old 15:15 halt
  EXPECT_EQ(cme.phase_at(wall(cme, day(2022, 1, 6), 15, 20))->phase, TradingPhase::Regular);          // abolished in 2021
  EXPECT_EQ(local(cme, cme.session(day(2011, 1, 17))->closes()), "2011-01-17 10:30");
  EXPECT_EQ(local(cme, cme.session(day(2019, 1, 21))->closes()), "2019-01-21 12:00");
  const auto good_friday = cme.session(day(2015, 4, 3));
  EXPECT_EQ(local(cme, good_friday->closes()), "2015-04-03 08:15");
  EXPECT_FALSE(good_friday->regular());
  EXPECT_FALSE(cme.session(day(2014, 4, 18)));
}

TEST(Calendar, crypto_never_closes_and_currencies_rest_at_the_week_end) {
  const auto always = calendar("24x7");
  EXPECT_EQ(always.trading_days(day(2024, 1, 1), day(2025, 1, 1)), 366);
  EXPECT_EQ(always.phase_at(wall(always, day(2024, 8, 10), 23, 59))->phase, TradingPhase::Regular);
  EXPECT_EQ(always.phase_at(wall(always, day(2024, 8, 10), 23, 59))->until, wall(always, day(2024, 8, 11), 0, 0));
  const auto fx = calendar("FX");
  EXPECT_EQ(fx.phase_at(wall(fx, day(2024, 8, 9), 16, 59))->phase, TradingPhase::Regular);   // Friday
  EXPECT_EQ(fx.phase_at(wall(fx, day(2024, 8, 9), 17, 0))->phase, TradingPhase::Closed);
  EXPECT_EQ(local(fx, fx.phase_at(wall(fx, day(2024, 8, 10), 12, 0))->until), "2024-08-11 17:15");
}

TEST(Calendar, knows_nothing_outside_its_years_and_says_so) {
  const auto nyse = calendar("NYSE");
  EXPECT_TRUE(nyse.covers(day(1990, 1, 1)));
  EXPECT_FALSE(nyse.covers(day(1989, 12, 31)));
  EXPECT_TRUE(nyse.covers(day(2035, 12, 31)));
  EXPECT_FALSE(nyse.session(day(2036, 1, 2)));
  EXPECT_FALSE(nyse.phase_at(wall(nyse, day(2036, 1, 2), 12, 0)));
  EXPECT_EQ(*nyse.previous_trading_day(day(2001, 9, 17)), day(2001, 9, 10));
  EXPECT_EQ(*nyse.next_trading_day(day(2001, 9, 10)), day(2001, 9, 17));
}

TEST(Calendar, a_bad_file_is_refused_with_line_and_reason) {
  const auto error = [](const char* text) {
    const auto parsed = Calendar::parse(text, "X.csv");
    return parsed ? std::string("accepted") : parsed.error().text;
  };
  EXPECT_EQ(error("calendar,X\nzone,Mars/Olympus\n"),
            "X.csv:2: time zone 'Mars/Olympus' is not known here; use an IANA name such as America/New_York");
  EXPECT_EQ(error("calendar,X\nclosed,2018-02-30,why\n"), "X.csv:2: '2018-02-30' is not a date like 2018-01-02");
  EXPECT_EQ(error("hours,1990-01-01,1-5,lunch,09:30,16:00\n"), "X.csv:1: 'lunch' is not a phase");
  EXPECT_EQ(error("hours,1990-01-01,1-5,regular,16:00,09:30\n"), "X.csv:1: '16:00 to 09:30' are not hours");
  EXPECT_EQ(error("early,2018-07-03,25:00,26:00,why\n"), "X.csv:1: '25:00, 26:00' are not closing times");
  EXPECT_EQ(error(""), "X.csv: no 'calendar,NAME' line");
  EXPECT_EQ(error("calendar,X\nzone,Etc/UTC\nyears,1990,2035\n"), "X.csv: no 'hours,...' line");
}

}  // namespace
