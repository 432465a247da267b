#pragma once
// The bars of before the start, fetched from the gateway by a client of its own, so that strategies are warm at the first tick.

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "edge/ib/client.hpp"
#include "kernel/features/spec.hpp"
#include "model/calendar.hpp"

namespace robo::apps {

/// Sessions to ask for of each size of bars; 0: not asked for.
struct HistoryPlan {
  int of_days{}, of_hours{}, of_minutes{};
  std::vector<std::string> missing{};   // what asks for more than is fetched, for people
};
/// What these features need before they say something: days where a day is wanted, hours where that is more than the minutes of
/// `minute_days` hold, and those minutes, or more where a feature of minutes wants it.
[[nodiscard]] HistoryPlan plan_history(std::span<const features::Spec> specs, int minute_days);

struct History {
  std::vector<Bar> bars{};              // of all instruments, in order of their ends
  std::size_t instruments{};            // that had any
  std::vector<std::string> missing{};   // "AAPL: no permissions", for people
};

/// One instrument's answers.
struct PastBars {
  std::vector<Bar> days{}, hours{}, minutes{};
};
/// Every session once: its minutes where they are whole, else its hours, else its day. The first session of finer bars may have
/// begun before they do: the coarser bars tell it where they know it. Days begin at midnight of their market, or so much earlier that
/// the last is over when the finer bars begin. Without a calendar a session is a day of UTC. Nothing that ends after `now`.
[[nodiscard]] std::vector<Bar> each_session_once(PastBars bars, const Calendar* calendar, Timestamp now);

/// Connects with `settings`, asks for the bars of `plan` of every instrument, and leaves. `calendars` are those of the contracts,
/// null where there is none. `progress` 0..1. A gateway that does not answer within `patience` of wall time ends it with what is there.
[[nodiscard]] History fetch_history(const ib::ClientSettings& settings, runtime::Clock& clock, std::span<const ib::ContractSpec> contracts,
                                    std::span<const Calendar* const> calendars, const HistoryPlan& plan, Duration patience,
                                    const std::function<void(double)>& progress);

}  // namespace robo::apps
