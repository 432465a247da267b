#pragma once
// Bars and ticks of former days from a gateway into the store: day by day, under IB's pacing, resumable at any moment.

#include <atomic>
#include <functional>
#include <map>
#include <set>

#include "edge/ib/client.hpp"
#include "edge/store/history/actions.hpp"
#include "edge/store/history/plan.hpp"
#include "edge/store/history/state.hpp"
#include "edge/store/shipped.hpp"

namespace robo::apps {

struct FetchTarget {
  std::string symbol{};
  ib::ContractSpec spec{};
  std::map<Date, std::string> days{};   // a repair: only these partitions, and why; empty: all of the time asked for
};

struct FetchSettings {
  std::filesystem::path root{};
  store::history::BarSize size{};       // of bars, or
  std::string ticks{};                  // trades, quotes: every one of the day, to the second
  Date from{}, until{};                 // [from, until)
  bool regular_hours = true;
  bool repair = false;
  bool again = false;                   // also what the source had nothing of, and what it has confirmed
  Duration patience = seconds(30);      // without a gateway
  std::uint32_t at_once = 8;            // questions on the way
};

struct FetchOutcome {
  std::uint64_t days{}, days_skipped{}, complete{}, partial{}, empty{}, confirmed{};
  std::uint64_t requests{}, rows_added{}, rows_changed{}, rows_dropped{}, files_kept{};
  std::vector<std::string> failed{};    // "SPY 2019-02-11: why"
  std::vector<std::string> notes{};
  bool interrupted{};
  [[nodiscard]] bool all_well() const { return failed.empty() && !interrupted; }
};

struct FetchProgress {
  double part{};
  std::string text{};                   // "SPY 2019-02-11   12 of 60 small requests in ten minutes"
};

/// Asks the gateway for every day that is wanted and not there. What is stored is on disk before its day counts as done, so a
/// kill at any moment loses at most the days on the way. Errors: the store cannot be written; another one works on it; no gateway.
[[nodiscard]] Result<FetchOutcome, Problem> fetch_history_into_store(const ib::ClientSettings& gateway, runtime::Clock& clock, const FetchSettings& settings, const std::vector<FetchTarget>& targets,
                                                       const store::Calendars& calendars, const std::atomic<bool>& stop, const std::function<void(const FetchProgress&)>& progress);

}  // namespace robo::apps
