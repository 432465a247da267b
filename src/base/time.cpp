#include "base/time.hpp"

#include <chrono>
#include <fmt/core.h>

namespace robo {

namespace {

std::string text_of(std::chrono::sys_days day) {
  const std::chrono::year_month_day ymd{day};
  return fmt::format("{:04}-{:02}-{:02}", int{ymd.year()}, unsigned{ymd.month()}, unsigned{ymd.day()});
}

}  // namespace

std::string to_text(Timestamp at) {
  using namespace std::chrono;
  const sys_time<std::chrono::nanoseconds> t{std::chrono::nanoseconds{at.ns}};
  const auto day = floor<days>(t);
  const auto ns = (t - day).count();
  std::string text = fmt::format("{}T{:02}:{:02}:{:02}", text_of(day), ns / 3'600'000'000'000, ns / 60'000'000'000 % 60,
                                 ns / 1'000'000'000 % 60);
  if (const auto fraction = ns % 1'000'000'000) {
    std::string digits = fmt::format("{:09}", fraction);
    digits.erase(digits.find_last_not_of('0') + 1);
    text += '.' + digits;
  }
  return text + 'Z';
}

Date date_of(int year, unsigned month, unsigned day) {
  using namespace std::chrono;
  const sys_days days{std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day}};
  return {static_cast<std::int32_t>(days.time_since_epoch().count())};
}

std::string to_text(Date date) { return text_of(std::chrono::sys_days{std::chrono::days{date.days}}); }

}  // namespace robo
