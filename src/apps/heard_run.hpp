#pragma once
// A back-test with what its report is made of. Whoever runs one (verb, Python) keeps the same trial and gets the same report.

#include <string>

#include "apps/backtest.hpp"
#include "research/collector.hpp"
#include "research/report.hpp"

namespace robo::apps {

struct HeardRun {
  BacktestRun run{};
  research::Record record{};
  research::ReportSettings wanted{};
};

/// Runs the settings and keeps what their report needs. `title`: of the report; empty: the settings' name.
/// Throws as run_backtest() does.
[[nodiscard]] HeardRun hear_backtest(const LoadedSettings& settings, RecordedMarket& market, const BacktestSetup& setup, std::string_view title = {});

/// Appends the run to the trial ledger in the settings' state folder, stamped with the wall clock. Throws when it cannot be written.
[[nodiscard]] research::Trial keep_trial(const HeardRun& heard, const RunSettings& settings);

/// The report, with every trial the ledger knows counted against it. Throws when the ledger cannot be read.
[[nodiscard]] research::Report report_of(const HeardRun& heard, const RunSettings& settings);

}  // namespace robo::apps
