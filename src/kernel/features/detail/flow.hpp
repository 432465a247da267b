#pragma once
// Private to features: order flow. What is computed of who pressed, how large, and what it did to the price.

#include <string>
#include <vector>

#include "kernel/features/indicators/iceberg.hpp"
#include "kernel/features/indicators/kyle_lambda.hpp"
#include "kernel/features/indicators/markouts.hpp"
#include "kernel/features/indicators/multi_ofi.hpp"
#include "kernel/features/indicators/quote_lag.hpp"
#include "kernel/features/indicators/rolling_slope.hpp"
#include "kernel/features/indicators/runs.hpp"
#include "kernel/features/indicators/size_quantile.hpp"
#include "kernel/features/indicators/trade_side.hpp"
#include "kernel/features/indicators/vpin.hpp"
#include "kernel/features/settings.hpp"
#include "kernel/market/trade_use.hpp"

namespace robo::features {

struct Row;
struct Step;

/// How the sides of one instrument's trades are judged.
struct SideJudge {
  SideRule rule{};
  Duration quote_lag{};           // that is set
  QuoteHistory* quotes{};         // null: the quote of before the trade's instant is enough
  LagCalibrator* calibrator{};    // null: the lag is set
  std::uint64_t cursor{};
  std::string source{};           // of a lag that is set
};

struct Judged {
  int side{};                // +1 a buyer, -1 a seller, 0 nobody can say
  QuoteBefore quote{};       // of before the trade
};

struct DivergenceState {
  RollingSlope price{}, cvd{};
  double width{};
};
struct WhaleState {
  Whales whales{};
  RollingSum<std::int64_t> flow{};
  double floor{}, multiplier{};
};

/// Lists of the calculations that order flow adds to an instrument; on_bar is in the series.
struct FlowRow {
  std::vector<Step> steps{};         // one of each; the lists below share their states
  std::vector<Step> before_event{};  // look at the mid in force until now
  std::vector<Step> on_trade{}, on_quote{}, on_depth{};
  std::vector<const std::uint32_t*> sizes{};  // counts of the histograms, to be fetched early
  double mid{nan};                   // in force; NaN when there is none
  std::int64_t cvd{};                // of the session
};

namespace flow {

[[nodiscard]] Judged judge(Row& row, const Trade& trade, Timestamp at);
/// Which rule speaks now.
[[nodiscard]] std::string_view source_of(const Row& row);

void before_event(Row& row, Timestamp now);
void on_quote(Row& row, const Quote& quote, double mid, Timestamp now);
void on_trade(Row& row, const Trade& trade, const market::TradeUse& use, const Judged& judged, Timestamp now);
void on_depth(Row& row, const DepthRow& depth, const market::Book& book, Timestamp now);
void on_depth(Row& row, const DepthLevel& level, const market::Book& book, Timestamp now);
/// A bar of a series has closed at `price`.
void on_bar(Row& row, const std::vector<Step>& steps, double price);
/// The next quote does not follow from the last one.
void interrupt(Row& row);
void interrupt_depth(Row& row);
/// Regular trading (re)starts: windows of flow forget.
void forget(Row& row);
void new_session(Row& row);

}  // namespace flow
}  // namespace robo::features
