#include "model/calendar.hpp"

#include <array>
#include <charconv>
#include <fmt/core.h>

namespace robo {

namespace {

constexpr int longest_gap_days = 14;  // more than any exchange ever stayed shut in a row since 1990

std::vector<std::string_view> split(std::string_view line) {
  std::vector<std::string_view> cells;
  while (true) {
    const auto comma = line.find(',');
    cells.push_back(line.substr(0, comma));
    if (comma == std::string_view::npos) return cells;
    line.remove_prefix(comma + 1);
  }
}

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// "09:30", up to "24:00".
std::optional<Duration> wall_clock(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hour = number(text.substr(0, 2)), minute = number(text.substr(3, 2));
  if (!hour || !minute || *hour < 0 || *minute < 0 || *minute > 59 || *hour * 60 + *minute > 24 * 60) return std::nullopt;
  return minutes(*hour * 60 + *minute);
}

std::optional<TradingPhase> phase_named(std::string_view name) {
  const auto& names = EnumNames<TradingPhase>::names;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == name) return static_cast<TradingPhase>(i);
  return std::nullopt;
}

}  // namespace

Result<Date, Problem> parse_date(std::string_view text) {
  if (text.size() == 10 && text[4] == '-' && text[7] == '-') {
    const auto year = number(text.substr(0, 4)), month = number(text.substr(5, 2)), day = number(text.substr(8, 2));
    if (year && month && day && *year >= 1 && *month >= 1 && *month <= 12 && *day >= 1 && *day <= 31) {
      const Date date = date_of(*year, static_cast<unsigned>(*month), static_cast<unsigned>(*day));
      if (to_text(date) == text) return date;
    }
  }
  return fail(Problem{fmt::format("'{}' is not a date like 2018-01-02", text)});
}

int weekday_of(Date date) { return ((date.days + 3) % 7 + 7) % 7 + 1; }

std::optional<PhaseSpan> Session::regular() const {
  for (const auto& span : phases)
    if (span.phase == TradingPhase::Regular) return span;
  return std::nullopt;
}

Result<Calendar, Problem> Calendar::parse(std::string_view text, std::string_view file) {
  Calendar calendar;
  int line_number = 0;
  while (!text.empty()) {
    const auto end = text.find('\n');
    auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    ++line_number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.starts_with('#')) continue;
    if (const auto wrong = calendar.read_line(line)) return fail(Problem{fmt::format("{}:{}: {}", file, line_number, *wrong)});
  }
  if (calendar.name_.empty()) return fail(Problem{fmt::format("{}: no 'calendar,NAME' line", file)});
  if (calendar.zone_.name().empty()) return fail(Problem{fmt::format("{}: no 'zone,NAME' line", file)});
  if (calendar.eras_.empty()) return fail(Problem{fmt::format("{}: no 'hours,...' line", file)});
  if (calendar.first_ >= calendar.last_) return fail(Problem{fmt::format("{}: no 'years,FIRST,LAST' line", file)});
  return calendar;
}

std::optional<std::string> Calendar::read_line(std::string_view line) {
  const auto cells = split(line);
  const auto kind = cells[0];
  if (kind == "calendar" && cells.size() == 2) {
    name_ = std::string(cells[1]);
    return std::nullopt;
  }
  if (kind == "zone" && cells.size() == 2) {
    const auto zone = TimeZone::find(cells[1]);
    if (!zone) return zone.error().text;
    zone_ = *zone;
    return std::nullopt;
  }
  if (kind == "years" && cells.size() == 3) {
    const auto first = number(cells[1]), last = number(cells[2]);
    if (!first || !last || *first < 1900 || *last > 2200 || *first > *last) return fmt::format("'{}' are not years", line);
    first_ = date_of(*first, 1, 1);
    last_ = date_of(*last, 12, 31);
    return std::nullopt;
  }
  if (cells.size() < 3) return fmt::format("'{}' is not a calendar, zone, years, hours, closed, early or late line", line);

  const auto date = parse_date(cells[1]);
  if (!date) return date.error().text;

  if (kind == "hours" && cells.size() == 6) {
    const auto days = cells[2];
    const auto phase = phase_named(cells[3]);
    auto opening = cells[4];
    const bool day_before = opening.ends_with("-1d");
    if (day_before) opening.remove_suffix(3);
    const auto opens = wall_clock(opening), closes = wall_clock(cells[5]);
    if (days.size() != 3 || days[0] < '1' || days[2] > '7' || days[0] > days[2]) return fmt::format("'{}' is not a span of weekdays like 1-5", days);
    if (!phase) return fmt::format("'{}' is not a phase", cells[3]);
    if (!opens || !closes || (!day_before && *opens >= *closes)) return fmt::format("'{} to {}' are not hours", cells[4], cells[5]);
    if (eras_.empty() || eras_.back().from < *date) eras_.push_back({*date, {}});
    if (eras_.back().from != *date) return std::string("hours must be in order of their first day");
    if (eras_.back().hours.size() == 4) return std::string("more than four phases a day");
    eras_.back().hours.push_back({*phase, static_cast<std::uint8_t>(days[0] - '0'), static_cast<std::uint8_t>(days[2] - '0'), *opens,
                                  *closes, day_before});
    return std::nullopt;
  }
  auto& exception = exceptions_[date->days];
  if (kind == "closed") {
    exception.closed = true;
    return std::nullopt;
  }
  if (kind == "early" && cells.size() >= 5) {
    const auto stop = wall_clock(cells[2]), end = wall_clock(cells[3]);
    if (!stop || !end || *end < *stop) return fmt::format("'{}, {}' are not closing times", cells[2], cells[3]);
    exception.early = true;
    exception.regular_ends = *stop;
    exception.all_ends = *end;
    return std::nullopt;
  }
  if (kind == "late" && cells.size() >= 4) {
    const auto start = wall_clock(cells[2]);
    if (!start) return fmt::format("'{}' is not an opening time", cells[2]);
    exception.late = true;
    exception.regular_begins = *start;
    return std::nullopt;
  }
  return fmt::format("'{}' is not a calendar, zone, years, hours, closed, early or late line", line);
}

const Calendar::Era* Calendar::era_of(Date date) const {
  const Era* found = nullptr;
  for (const auto& era : eras_)
    if (era.from <= date) found = &era;
  return found;
}

bool Calendar::trades_on(Date date) const {
  if (!covers(date)) return false;
  const auto exception = exceptions_.find(date.days);
  if (exception != exceptions_.end() && exception->second.closed) return false;
  const auto* era = era_of(date);
  if (era == nullptr) return false;
  const int weekday = weekday_of(date);
  for (const auto& hours : era->hours)
    if (weekday >= hours.first_weekday && weekday <= hours.last_weekday) return true;
  return false;
}

std::optional<Session> Calendar::session(Date trade_date) const {
  if (!trades_on(trade_date)) return std::nullopt;
  const auto found = exceptions_.find(trade_date.days);
  const Exception exception = found == exceptions_.end() ? Exception{} : found->second;
  Session session{.trade_date = trade_date, .early_close = exception.early, .late_open = exception.late, .phases = {}};
  const int weekday = weekday_of(trade_date);
  const auto utc = [&](Duration wall, bool day_before) {
    const Date date{trade_date.days - (day_before ? 1 : 0)};
    return wall == hours(24) ? zone_.to_utc({Date{date.days + 1}, {}}) : zone_.to_utc({date, wall});
  };
  for (const auto& entry : era_of(trade_date)->hours) {
    if (weekday < entry.first_weekday || weekday > entry.last_weekday) continue;
    Timestamp from = utc(entry.opens, entry.opens_day_before);
    Timestamp until = utc(entry.closes, false);
    if (exception.late && entry.phase == TradingPhase::Regular) from = utc(exception.regular_begins, false);
    if (exception.late && entry.phase == TradingPhase::PreMarket) until = utc(exception.regular_begins, false);
    if (exception.early) {
      const Timestamp stop = utc(exception.regular_ends, false);
      if (entry.phase == TradingPhase::PostMarket) {
        from = stop;
        until = utc(exception.all_ends, false);
      } else {
        until = std::min(until, stop);
      }
    }
    if (from < until) session.phases.push_back({entry.phase, from, until});
  }
  if (session.phases.empty()) return std::nullopt;
  return session;
}

template <class Wanted>
std::optional<Session> Calendar::first_session(Timestamp at, Wanted&& wanted) const {
  const Date today = zone_.to_local(at).date;
  for (int ahead = 0; ahead <= longest_gap_days; ++ahead) {
    const auto candidate = session(Date{today.days + ahead});
    if (candidate && wanted(*candidate)) return candidate;
  }
  return std::nullopt;
}

std::optional<Session> Calendar::session_at(Timestamp at) const {
  return first_session(at, [at](const Session& session) { return session.closes() > at; });
}

std::optional<PhaseAt> Calendar::phase_at(Timestamp at) const {
  const auto session = session_at(at);
  if (!session) return std::nullopt;
  for (const auto& span : session->phases) {
    if (at < span.from) return PhaseAt{TradingPhase::Closed, session->trade_date, span.from};
    if (at < span.until) return PhaseAt{span.phase, session->trade_date, span.until};
  }
  return std::nullopt;
}

std::optional<Timestamp> Calendar::next_open(Timestamp at) const {
  const auto session = first_session(at, [at](const Session& s) { return s.regular() && s.regular()->from > at; });
  if (!session) return std::nullopt;
  return session->regular()->from;
}

std::optional<Timestamp> Calendar::next_close(Timestamp at) const {
  const auto session = first_session(at, [at](const Session& s) { return s.regular() && s.regular()->until > at; });
  if (!session) return std::nullopt;
  return session->regular()->until;
}

std::optional<Date> Calendar::trade_date(Timestamp at) const {
  const auto session = session_at(at);
  if (!session) return std::nullopt;
  return session->trade_date;
}

std::optional<Date> Calendar::next_trading_day(Date after) const {
  for (int ahead = 1; ahead <= longest_gap_days; ++ahead)
    if (const Date date{after.days + ahead}; trades_on(date)) return date;
  return std::nullopt;
}

std::optional<Date> Calendar::previous_trading_day(Date before) const {
  for (int back = 1; back <= longest_gap_days; ++back)
    if (const Date date{before.days - back}; trades_on(date)) return date;
  return std::nullopt;
}

int Calendar::trading_days(Date from, Date until) const {
  int count = 0;
  for (Date date = from; date < until; ++date.days) count += trades_on(date) ? 1 : 0;
  return count;
}

}  // namespace robo
