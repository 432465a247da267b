#pragma once
// When a market trades: sessions of one exchange by trade date, in UTC. Used at the edge, where PhaseChange events are made;
// the kernel is told the phase and never asks a calendar.

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/fixed_vector.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "base/time_zone.hpp"
#include "model/market.hpp"

namespace robo {

/// One stretch of a session, [from, until).
struct PhaseSpan {
  TradingPhase phase{};
  Timestamp from{}, until{};
};

/// All phases that belong to one trade date, in order. A future's session begins on the evening before its date.
struct Session {
  Date trade_date{};
  bool early_close{};
  bool late_open{};
  FixedVector<PhaseSpan, 4> phases{};

  [[nodiscard]] Timestamp opens() const { return phases[0].from; }
  [[nodiscard]] Timestamp closes() const { return phases[phases.size() - 1].until; }
  /// The regular hours; empty on a day that stops before they begin.
  [[nodiscard]] std::optional<PhaseSpan> regular() const;
};

/// What holds at one moment. Between sessions: Closed, with the trade date of the next one and `until` its opening.
struct PhaseAt {
  TradingPhase phase{};
  Date trade_date{};
  Timestamp until{};
};

class Calendar {
 public:
  /// Reads the text of a data/calendars/*.csv. Errors name `file`, the line and what is wrong.
  [[nodiscard]] static Result<Calendar, Problem> parse(std::string_view text, std::string_view file = "calendar");

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const TimeZone& zone() const { return zone_; }
  /// False outside the years of the file: nothing is known there, and nothing trades.
  [[nodiscard]] bool covers(Date date) const { return date >= first_ && date <= last_; }

  [[nodiscard]] bool trades_on(Date date) const;
  /// Empty: no session has this trade date.
  [[nodiscard]] std::optional<Session> session(Date trade_date) const;
  /// The session that is open at `at`, or the next one. Empty: past the years of the file.
  [[nodiscard]] std::optional<Session> session_at(Timestamp at) const;
  [[nodiscard]] std::optional<PhaseAt> phase_at(Timestamp at) const;
  /// Start of the first regular hours after `at`.
  [[nodiscard]] std::optional<Timestamp> next_open(Timestamp at) const;
  /// End of the regular hours that hold at `at`, or of the next ones.
  [[nodiscard]] std::optional<Timestamp> next_close(Timestamp at) const;
  /// The date a trade at `at` is booked to: of the session open then, or of the next one.
  [[nodiscard]] std::optional<Date> trade_date(Timestamp at) const;
  [[nodiscard]] std::optional<Date> next_trading_day(Date after) const;
  [[nodiscard]] std::optional<Date> previous_trading_day(Date before) const;
  /// Trading days in [from, until).
  [[nodiscard]] int trading_days(Date from, Date until) const;

 private:
  struct Hours {  // wall clock; before_midnight: on the evening before the trade date
    TradingPhase phase{};
    std::uint8_t first_weekday{1}, last_weekday{5};
    Duration opens{}, closes{};
    bool opens_day_before{};
  };
  struct Era {
    Date from{};
    std::vector<Hours> hours{};
  };
  struct Exception {
    bool closed{}, early{}, late{};
    Duration regular_ends{}, all_ends{}, regular_begins{};
  };

  [[nodiscard]] std::optional<std::string> read_line(std::string_view line);
  [[nodiscard]] const Era* era_of(Date date) const;
  template <class Wanted>
  [[nodiscard]] std::optional<Session> first_session(Timestamp at, Wanted&& wanted) const;

  std::string name_;
  TimeZone zone_;
  Date first_{}, last_{};
  std::vector<Era> eras_;
  std::unordered_map<std::int32_t, Exception> exceptions_;  // by Date::days
};

/// "2018-01-02". Errors: not such a date.
[[nodiscard]] Result<Date, Problem> parse_date(std::string_view text);
/// Monday 1 ... Sunday 7.
[[nodiscard]] int weekday_of(Date date);

}  // namespace robo
