#pragma once
// Private to features: what is computed for each instrument, laid out once before the first event.

#include <array>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <optional>
#include <type_traits>
#include <vector>

#include "kernel/features/detail/context.hpp"
#include "base/large_pages.hpp"
#include "kernel/features/detail/flow.hpp"
#include "kernel/features/features.hpp"
#include "kernel/features/indicators/order_flow.hpp"
#include "kernel/features/indicators/pause.hpp"
#include "kernel/features/indicators/relative_volume.hpp"
#include "kernel/features/indicators/rolling_extreme.hpp"
#include "kernel/features/indicators/rolling_moments.hpp"
#include "kernel/features/indicators/rolling_pair.hpp"
#include "kernel/features/indicators/rolling_sum.hpp"
#include "kernel/features/indicators/trade_side.hpp"
#include "kernel/features/indicators/vwap.hpp"
#include "kernel/features/microprice.hpp"

namespace robo::features {

/// One calculation; several kinds may be columns of the same one (MACD, its signal, its histogram).
enum class Op : std::uint8_t {
  // prices: of a tick or of a closed bar
  Ema, Rsi, Macd, Atr, Adx, Bollinger, RealizedVolatility, VolumeZ, Donchian, EfficiencyRatio, Return, RelativeVolume,
  // trades
  LastPrice, Vwap, Flow, FlowTime, Cvd,
  // quotes
  Mid, SpreadBp, WeightedMid, ImbalanceL1, Ofi, OfiTime, Microprice,
  // depth
  Imbalance,
  Pair,
  // order flow (flow.hpp)
  MultiOfi, TradeSide, QuoteLag, Divergence, DivergenceBars, EffectiveSpread, Markouts, KyleLambda, Vpin, Whales, Runs, Sweeps, IcebergBid, IcebergAsk,
  Context  // not a Step: detail/context.hpp
};
constexpr bool of_flow(Op op) { return op >= Op::MultiOfi && op <= Op::IcebergAsk; }

struct Step {
  void* state{};
  std::array<std::uint16_t, 4> columns{};  // the spare column where nobody asked
  Op op{};
  std::uint8_t asked{};  // bit per column that is not the spare one
};

struct Place {
  Op op{};
  std::size_t slot{};  // which of the calculation's figures
};
Place place_of(const Spec& spec);

/// One tick or closed bar.
struct Sample {
  double price{}, high{}, low{}, volume{};
  double log{};  // of price; NaN when no step needs it or price <= 0
  bool after_pause{};  // the step from the value before is of a night, not of a bar or tick
};

struct BollingerState {
  RollingMoments moments{};
  double width{};
};
struct VolatilityState {
  RollingSum<double> squares{};
  double last_log{nan};
};
struct VwapState {
  Vwap vwap{};
  double width{};
};
struct DonchianState {
  RollingMax high{};
  RollingMin low{};
};
struct ImbalanceState {
  std::size_t levels{};
  Price worst_bid{}, worst_ask{};  // of the levels counted last; a change beyond both moves nothing
  bool full{};
};
struct MicropriceState {
  MicropriceEstimator estimator{};
  std::optional<MicropriceTable> table{};
  bool given{};  // by set_microprice: not replaced by our own
};
struct PairState {
  RollingPair prices{}, returns{};
  std::array<double*, 3> out{};  // correlation, beta, z
  Timestamp first_start{INT64_MIN}, second_start{INT64_MIN};
  double first{nan}, second{nan};            // log prices of the bars that started then
  double first_before{nan}, second_before{nan};
  std::uint8_t asked{};  // bit per figure that somebody reads
  void step();
};

struct Series {
  Duration timeframe{};
  bool needs_log{};
  Timestamp last_end{};  // of the bar before
  std::vector<Step> steps{};
  std::vector<Step> flow{};
  std::vector<PairState*> leads{}, follows{};  // pairs of which this is the first or the other leg
};

struct Row {
  InstrumentId id{};
  double* values{};
  bool ticks_from_quotes{}, extended_ticks{}, needs_log{}, wants_depth{}, wants_flow{};
  TickTable ticks{};
  // quote state
  bool touch_valid{};
  Touch touch{};
  Timestamp quote_at{INT64_MIN};
  QuoteBefore quote{}, quote_before{};  // of now, and the last of an earlier time
  double last_mid{nan};
  Timestamp last_tick{};
  // trade state
  TickRule tick_rule{};
  std::int64_t cvd{};
  bool flagged{};  // the last signed trade came with its aggressor
  // session
  bool session_known{};
  Date trade_date{};
  Timestamp opened_at{};
  TradingPhase phase{};
  SideJudge judge{};
  FlowRow flow{};
  std::vector<Step> on_tick{}, on_trade{}, on_quote{}, on_depth{};
  std::vector<Series> series{};
  Context context{};
  PriceRing ring{};  // last: 8 KB between what every event reads would cost it a page
};

struct Features::Plan {
  struct Column {
    Spec spec{};
    std::vector<InstrumentId> instruments{};
  };
  std::vector<Column> columns{};
  std::vector<std::unique_ptr<Row>> rows{};
  std::vector<std::optional<MicropriceTable>> tables{};
  Settings settings{};
  // States of an instrument side by side, their windows elsewhere: with 500 instruments an event pays for every page it touches.
  LargePages pages{};
  std::pmr::monotonic_buffer_resource arena{&pages}, rooms{&pages};
  std::size_t arena_bytes = 0;
  bool started = false;

  template <class T, class... Args>
  T* make(Args&&... args) {
    static_assert(std::is_trivially_destructible_v<T>);
    arena_bytes += sizeof(T);
    return new (arena.allocate(sizeof(T), alignof(T))) T(std::forward<Args>(args)...);
  }
  template <class T>
  std::span<T> room(std::size_t n, T value = {}) {
    arena_bytes += n * sizeof(T);
    auto* const first = static_cast<T*>(rooms.allocate(n * sizeof(T), alignof(T)));
    std::uninitialized_fill_n(first, n, value);
    return {first, n};
  }
  /// Columns of a row: beside its states.
  double* make_values(std::size_t n) {
    arena_bytes += n * sizeof(double);
    auto* const first = static_cast<double*>(arena.allocate(n * sizeof(double), 64));
    std::uninitialized_fill_n(first, n, nan);
    return first;
  }

  void lay_out(Row& row, std::size_t width, market::Market& market);
  void lay_out_pair(const Spec& spec, std::size_t column, InstrumentId lead);
  void lay_out_context(Row& row, const Spec& spec, std::size_t column, market::Market& market);
  void* make_state(Op op, const Spec& spec, InstrumentId id);
  void* make_flow_state(Op op, const Spec& spec, const Instrument& instrument);
  void lay_out_flow(Row& row, const Instrument& instrument);
  void* make_context(ContextOp op, const Spec& spec, const Row& row, std::uint32_t asked);
  void finish_context(Row& row);
  [[nodiscard]] Row* find(InstrumentId id) const { return id.value < rows.size() ? rows[id.value].get() : nullptr; }
};

}  // namespace robo::features
