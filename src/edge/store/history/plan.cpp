#include "edge/store/history/plan.hpp"

#include <algorithm>
#include <fmt/core.h>

#include "edge/store/store.hpp"

namespace robo::store::history {

namespace {

constexpr Duration day_length = hours(24);
// IB's longest durations by bar size (docs/ib.md, Pacing).
constexpr BarSize sizes[] = {{"1 secs", seconds(1), seconds(1800)},    {"5 secs", seconds(5), seconds(3600)},    {"10 secs", seconds(10), seconds(14'400)},
                             {"15 secs", seconds(15), seconds(14'400)}, {"30 secs", seconds(30), seconds(28'800)}, {"1 min", minutes(1), day_length},
                             {"2 mins", minutes(2), day_length},       {"3 mins", minutes(3), day_length},       {"5 mins", minutes(5), day_length},
                             {"10 mins", minutes(10), day_length},     {"15 mins", minutes(15), day_length},     {"20 mins", minutes(20), day_length},
                             {"30 mins", minutes(30), day_length},     {"1 hour", hours(1), day_length},         {"2 hours", hours(2), day_length},
                             {"3 hours", hours(3), day_length},        {"4 hours", hours(4), day_length},        {"8 hours", hours(8), day_length},
                             {"1 day", day_length, day_length * 366}};

std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c != ' ') out += c;
  if (out.ends_with('s') && out.size() > 1) out.pop_back();
  return out;
}

DayPlan of_day(const Session& session, const BarSize& size, bool regular_hours) {
  DayPlan out{.day = session.trade_date, .from = session.trade_date, .until = {session.trade_date.days + 1}};
  const auto regular = session.regular();
  out.opens = regular_hours && regular ? regular->from : session.opens();
  out.closes = regular_hours && regular ? regular->until : session.closes();
  out.bars = static_cast<std::uint64_t>((out.closes - out.opens).ns / size.period.ns);
  for (Timestamp at = out.opens; at < out.closes;) {
    const Timestamp end = std::min(out.closes, at + size.longest);
    out.requests.push_back({.from = at, .until = end, .duration = fmt::format("{} S", (end - at).ns / 1'000'000'000)});
    at = end;
  }
  return out;
}

}  // namespace

Result<BarSize, Problem> bar_size_named(std::string_view text) {
  for (const auto& size : sizes)
    if (plain(size.name) == plain(text)) return size;
  std::string known;
  for (const auto& size : sizes) known += (known.empty() ? "" : ", ") + std::string(size.name);
  return fail(Problem{fmt::format("'{}' is no bar size; there are {}", text, known)});
}

std::vector<DayPlan> plan(const Calendar& calendar, const BarSize& size, Date from, Date until, bool regular_hours) {
  std::vector<DayPlan> out;
  if (size.period >= day_length) {
    for (Date year = first_of_year(from); year < until; year = first_of_year({year.days + 370})) {
      const Date next = first_of_year({year.days + 370});
      DayPlan one{.day = year, .from = std::max(from, year), .until = std::min(until, next)};
      one.bars = static_cast<std::uint64_t>(calendar.trading_days(one.from, one.until));
      if (one.bars == 0) continue;
      one.opens = calendar.zone().to_utc({one.from, {}});
      one.closes = calendar.zone().to_utc({one.until, {}});
      one.requests.push_back({.from = one.opens, .until = one.closes, .duration = "1 Y"});
      out.push_back(std::move(one));
    }
    return out;
  }
  for (auto day = calendar.next_trading_day({from.days - 1}); day && *day < until; day = calendar.next_trading_day(*day))
    if (const auto session = calendar.session(*day)) out.push_back(of_day(*session, size, regular_hours));
  return out;
}

}  // namespace robo::store::history
