#pragma once
// How a strategy says which number it wants. One spec, computed once per instrument however many ask for it.

#include <cstdint>

#include "base/strong.hpp"
#include "base/time.hpp"
#include "model/ids.hpp"

namespace robo::features {

enum class Kind : std::uint8_t {
  Ema, Rsi, Macd, MacdSignal, MacdHistogram, Atr, Adx, PlusDi, MinusDi, BollingerMid, BollingerUpper, BollingerLower, BollingerZ,
  RealizedVolatility, SessionVwap, SessionVwapUpper, SessionVwapLower, VolumeZ, RelativeVolume, ImbalanceL1, ImbalanceL5, Ofi, Microprice,
  SignedFlow, Cvd, DonchianHigh, DonchianLow, Breakout, PairCorrelation, PairBeta, PairSpreadZ, EfficiencyRatio, TickReturn, SpreadBp, Mid, LastPrice
};

/// `period` counts bars of `timeframe` (or ticks where timeframe is zero); `other` is the second leg of a pair feature.
struct Spec {
  Kind kind{};
  Duration timeframe{};   // 0: per tick
  int period{};
  int slow{}, signal{};   // MACD only
  double width{};         // Bollinger and VWAP bands, in standard deviations
  InstrumentId other{};   // pair features only
  friend constexpr auto operator<=>(const Spec&, const Spec&) = default;
};

/// Column of a feature within every instrument's row.
using Handle = Strong<struct FeatureHandleTag, std::uint16_t>;

}  // namespace robo::features
