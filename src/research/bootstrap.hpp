#pragma once
// Intervals by resampling whole stretches of history (stationary bootstrap, Politis & Romano 1994), with a seed.

#include <cstdint>
#include <span>
#include <vector>

namespace robo::research {

/// A small generator with the same numbers everywhere (SplitMix64); std distributions differ between libraries.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();
  /// 0 <= x < 1.
  double uniform();
  /// 0..n-1.
  std::size_t below(std::size_t n);
  /// Standard normal (Box-Muller, one of the pair).
  double normal();

 private:
  std::uint64_t state_;
};

struct Interval {
  double low{}, high{};
};

struct Resampled {
  Interval sharpe{};            // annual, central 95 %
  Interval drawdown{};          // <= 0, central 95 %
  double sharpe_target_share{}; // share of histories whose Sharpe reaches the target
  double drawdown_target_share{};
  std::size_t histories{};
  double block{};               // mean length of a stretch, periods
  /// Growth of 1 at chosen places: 5, 25, 75 and 95 % of the histories; as many entries as `places`.
  std::vector<double> p05{}, p25{}, p75{}, p95{};
  std::vector<std::size_t> places{};  // index into the equity path, 0 is the start
};

struct ResampleSettings {
  std::size_t histories = 1000;
  double block = 0;             // 0: max(2, n^(1/3)) periods, at most 21
  std::uint64_t seed = 20260101;
  double sharpe_target = 2.0;
  double drawdown_target = 0.10;
  std::size_t places = 120;     // points of the percentile paths
};
[[nodiscard]] Resampled resample(std::span<const double> returns, double periods_per_year, const ResampleSettings& settings = {});

/// Lo (2002) standard error of an annual Sharpe for independent returns: sqrt((1 + SR^2/2)/n) per period, scaled.
[[nodiscard]] Interval sharpe_interval_lo(std::span<const double> returns, double periods_per_year);

}  // namespace robo::research
