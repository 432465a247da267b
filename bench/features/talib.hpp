#pragma once
// TA-Lib's C library, the rival: loaded at run time out of the Python wheel that brings it (bench/requirements.txt), or from
// the path in ROBO_TALIB.

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace robo::bench {

struct TaLib {
  using Line = const double*;
  using EmaCall = int (*)(int, int, Line, int, int*, int*, double*);
  using RsiCall = EmaCall;
  using MacdCall = int (*)(int, int, Line, int, int, int, int*, int*, double*, double*, double*);
  using AtrCall = int (*)(int, int, Line, Line, Line, int, int*, int*, double*);
  using AdxCall = AtrCall;
  using BollingerCall = int (*)(int, int, Line, int, double, double, int, int*, int*, double*, double*, double*);

  EmaCall ema{};
  RsiCall rsi{};
  MacdCall macd{};
  AtrCall atr{};
  AdxCall adx{};
  BollingerCall bollinger{};
  std::string version{};

  /// Nothing when the library is not there.
  static std::optional<TaLib> load();
};

}  // namespace robo::bench
