#pragma once
// Private to features: price context and volume. Calculations of many columns that read whole bars or trades; they stand in lists of
// their own beside the Steps of plan.hpp.

#include <array>
#include <cstdint>
#include <vector>

#include "kernel/features/indicators/block_prints.hpp"
#include "kernel/features/indicators/order_flow.hpp"
#include "kernel/features/indicators/relative_volume.hpp"
#include "kernel/features/indicators/rolling_moments.hpp"
#include "kernel/features/indicators/rolling_profile.hpp"
#include "kernel/features/indicators/support_resistance.hpp"
#include "kernel/features/spec.hpp"
#include "kernel/market/bars.hpp"

namespace robo::features {

struct Row;

enum class ContextOp : std::uint8_t {
  // bars
  SupportResistance, PriorDay, UnusualActivity,
  // trades
  SessionProfile, RollingProfile, OffExchange, OffExchangeTime, Blocks, BlocksTime,
  // both: collected by trades, told by bars
  OffExchangeZ
};

struct ContextPlace {
  ContextOp op{};
  std::size_t slot{};  // which of the calculation's figures
};

struct ContextStep {
  void* state{};
  Duration timeframe{};
  ContextOp op{};
  std::array<std::uint16_t, 13> columns{};  // the spare column where nobody asked
  std::uint32_t asked{};                    // bit per column that is not the spare one
  Spec spec{};                              // of the first column
};

struct UnusualActivityState {
  RollingMoments before{};
  RelativeVolume of_day{};
};

/// Shares off exchange and altogether.
struct OffExchangeState {
  std::int64_t off{}, all{};
};
struct OffExchangeTimeState {
  TimeBuckets off{}, all{};
};
struct OffExchangeZState {
  Timestamp start{INT64_MIN};  // of the running bar
  std::int64_t off{}, all{};
  RelativeVolume of_day{};
};
struct BlocksState {
  std::int64_t volume{}, off{}, count{};
};
struct BlocksTimeState {
  TimeBuckets volume{}, off{}, count{};
};

/// Where a bar stands in its session: time since the open (of the UTC day where no open is known), and the date.
struct BarPlace {
  Duration since_open{};
  Date date{};
};

struct Context {
  std::vector<ContextStep> on_bar{}, on_trade{};
  BlockPrints blocks{};
  bool reads_blocks{};
};

/// Deviations from the mean of the values before this one, which then becomes one of them; NaN where all were alike.
double z_of_past(RollingMoments& before, double value);

/// False for kinds that are not of price context and volume.
bool place_of_context(const Spec& spec, ContextPlace& place);
void close_context(Row& row, const market::ClosedBar& closed, const BarPlace& place);
/// `side`: +1 buyer, -1 seller, 0 nobody can say.
void trade_context(Row& row, const Trade& trade, const market::TradeUse& use, int side, Timestamp at);
void new_session_context(Row& row);
/// Asks for the states a trade will need, all at once.
void fetch_context(const Row& row);

}  // namespace robo::features
