#pragma once
// How a strategy says which number it wants. One spec, computed once per instrument however many ask for it.

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/decimal.hpp"
#include "base/fields.hpp"
#include "base/result.hpp"
#include "base/strong.hpp"
#include "base/time.hpp"
#include "model/ids.hpp"

namespace robo::features {

enum class Kind : std::uint8_t {
  Ema, Rsi, Macd, MacdSignal, MacdHistogram, Atr, Adx, PlusDi, MinusDi, BollingerMid, BollingerUpper, BollingerLower, BollingerZ,
  RealizedVolatility, SessionVwap, SessionVwapUpper, SessionVwapLower, VolumeZ, RelativeVolume, ImbalanceL1, ImbalanceL5, Ofi, Microprice,
  SignedFlow, Cvd, DonchianHigh, DonchianLow, Breakout, PairCorrelation, PairBeta, PairSpreadZ, EfficiencyRatio, TickReturn, SpreadBp, Mid,
  LastPrice, WeightedMid,
  // order flow (detail/flow.hpp)
  OfiMulti, OfiIntegrated, TradeSide, QuoteLag, CvdDivergence, EffectiveSpread, RealizedSpread, PriceImpact, Markout, KyleLambda, Vpin, VpinSigned,
  VpinVolatility, WhaleThreshold, WhaleZ, WhaleFlow, RunLength, Metaorder, SweepFlow, IcebergBid, IcebergAsk,
  // price context and volume
  Support, SupportStrength, Resistance, ResistanceStrength, PivotHigh, PivotLow, PriorHigh, PriorLow, PriorClose, VolumeZOfDay, UnusualActivity,
  Poc, ValueAreaHigh, ValueAreaLow, BuyPoc, BuyValueAreaHigh, BuyValueAreaLow, SellPoc, SellValueAreaHigh, SellValueAreaLow,
  HvnAbove, HvnBelow, LvnAbove, LvnBelow, OffExchangeShare, OffExchangeZ, BlockVolume, BlockCount, OffExchangeBlockVolume
};
inline constexpr std::size_t kinds = 87;
/// Days before a deviation from the same minute of the day says anything.
inline constexpr int days_for_deviation = 5;

/// `period` counts bars of `timeframe`, or ticks where timeframe is zero: eligible trades, quote changes for Ofi, mid changes
/// for instruments without trades (FX). Zero members take the defaults of the table in docs/features.md.
struct Spec {
  Kind kind{};
  Duration timeframe{};   // 0: per tick
  int period{};
  int slow{}, signal{};   // MACD only
  double width{};         // Bollinger and VWAP bands, in standard deviations
  InstrumentId other{};   // pair features only: the leg that is hedged with
  int levels{};           // of the book, counted from the touch
  Duration horizon{};     // how far ahead a markout looks; how close in time prints of one run, sweep or refill are
  double quantile{};      // of trade sizes from which a trade is large
  double floor{};         // least notional of a whale, in the instrument's currency
  Quantity bucket{};      // VPIN: volume of a bucket; 0: a fiftieth of what a session trades, learned
  friend constexpr auto operator<=>(const Spec&, const Spec&) = default;
};

/// Column of a feature within every instrument's row.
using Handle = Strong<struct FeatureHandleTag, std::uint16_t>;

/// What the input of a feature is. Decides when it moves.
enum class Input : std::uint8_t { Bars, Trades, Quotes, Depth, Pair };

/// One row of the table of features (docs/features.md is made of it).
struct Description {
  Kind kind{};
  std::string_view name{};
  std::string_view unit{};
  std::string_view formula{};
  std::string_view warm_up{};  // in words; warm_up(spec) is the number
  std::string_view source{};   // where the definition comes from
  Input input{};               // with timeframe zero; with a timeframe it is Bars
  bool per_tick{};             // timeframe zero is allowed
  bool per_bar{};              // a timeframe is allowed
  int period{}, slow{}, signal{};
  double width{};              // defaults; 0: not used
  int levels{};
  Duration horizon{};
  double quantile{}, floor{};
};

[[nodiscard]] const Description& describe(Kind kind);
/// All kinds in order of the enum.
[[nodiscard]] std::span<const Description, kinds> descriptions();
/// The spec with its zero members replaced by defaults. Errors: what cannot be computed, with the fix.
[[nodiscard]] Result<Spec, Problem> completed(Spec spec);
/// Inputs (bars, ticks) before the first value; NaN until then. Expects a completed spec.
[[nodiscard]] int warm_up(const Spec& spec);
/// Every kind with its defaults, per tick where that is possible and per bar of `timeframe` where that is; pairs with `other`.
/// For benchmarks, tests and the table: what "all features" means. `first`: only so many kinds of the enum, so that a figure
/// measured over the kinds of then stays comparable.
[[nodiscard]] std::vector<Spec> one_of_each(Duration timeframe, InstrumentId other, std::size_t first = kinds);
/// The table of docs/features.md.
[[nodiscard]] std::string table_markdown();
/// "rsi(14) 1m", "macd(12,26,9) tick": for facts, screens and logs.
[[nodiscard]] std::string to_text(const Spec& spec);

}  // namespace robo::features

namespace robo {
template <>
struct EnumNames<features::Kind> {
  static constexpr std::array<std::string_view, features::kinds> names{
      "ema", "rsi", "macd", "macd_signal", "macd_histogram", "atr", "adx", "plus_di", "minus_di", "bollinger_mid", "bollinger_upper",
      "bollinger_lower", "bollinger_z", "realized_volatility", "session_vwap", "session_vwap_upper", "session_vwap_lower", "volume_z",
      "relative_volume", "imbalance_l1", "imbalance_l5", "ofi", "microprice", "signed_flow", "cvd", "donchian_high", "donchian_low",
      "breakout", "pair_correlation", "pair_beta", "pair_spread_z", "efficiency_ratio", "tick_return", "spread_bp", "mid", "last_price",
      "weighted_mid", "ofi_multi", "ofi_integrated", "trade_side", "quote_lag", "cvd_divergence", "effective_spread", "realized_spread",
      "price_impact", "markout", "kyle_lambda", "vpin", "vpin_signed", "vpin_volatility", "whale_threshold", "whale_z", "whale_flow",
      "run_length", "metaorder", "sweep_flow", "iceberg_bid", "iceberg_ask", "support", "support_strength", "resistance", "resistance_strength", "pivot_high",
      "pivot_low", "prior_high", "prior_low", "prior_close", "volume_z_of_day", "unusual_activity",
      "poc", "value_area_high", "value_area_low", "buy_poc", "buy_value_area_high", "buy_value_area_low", "sell_poc",
      "sell_value_area_high", "sell_value_area_low", "hvn_above", "hvn_below", "lvn_above", "lvn_below", "off_exchange_share",
      "off_exchange_z", "block_volume", "block_count", "off_exchange_block_volume"};
};
template <>
struct EnumNames<features::Input> {
  static constexpr std::array<std::string_view, 5> names{"bars", "trades", "quotes", "depth", "pair"};
};
}  // namespace robo
