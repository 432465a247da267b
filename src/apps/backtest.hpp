#pragma once
// One back-test run: recorded market -> exchange -> the same engine as live.

#include "apps/engine.hpp"
#include "apps/market.hpp"

namespace robo::apps {

struct BacktestRun {
  Summary summary{};
  std::uint64_t command_hash{};
  std::uint64_t commands{};
  std::uint64_t market_events{};
  double seconds{};
};

struct BacktestSetup {
  std::filesystem::path journal{};            // empty: none
  std::vector<runtime::Tap*> taps{};          // hear everything, too
};

/// Runs the settings over the market from its start. Throws with a sentence when data or settings are wrong.
[[nodiscard]] BacktestRun run_backtest(const LoadedSettings& settings, RecordedMarket& market, const BacktestSetup& setup);

}  // namespace robo::apps
