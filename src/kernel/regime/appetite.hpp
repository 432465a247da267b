#pragma once
// Risk on or risk off: what people pay for the risky leg of a pair against its safe one, over several pairs and the volatility.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/fields.hpp"
#include "model/fact.hpp"

namespace robo::regime {

struct AppetiteSettings {
  std::vector<std::string> pairs{};   // "SPY/TLT": risky/safe, symbols; the first is also asked whether it hedges
  std::int64_t lookback = 20;         // bars
  double half_life = 120;             // bars, of the size of the ratio's moves and of the hedge's correlation
  std::int64_t bars_min = 60;         // before a pair is known
  std::int64_t silent_max = 5;        // bars without a trade after which a leg is not known
  double volatility_weight = 1;       // of the market's volatility beside the pairs' 1 each; 0: not counted
  double enter = 0.30, leave = 0.10;  // risk on is held from +enter down to +leave, risk off the same below zero
  using fields = Fields<&AppetiteSettings::pairs, &AppetiteSettings::lookback, &AppetiteSettings::half_life, &AppetiteSettings::bars_min, &AppetiteSettings::silent_max,
                        &AppetiteSettings::volatility_weight, &AppetiteSettings::enter, &AppetiteSettings::leave>;
  static constexpr bool defaults = true;
  static constexpr auto ranges = std::to_array<Range>({{"lookback", 1, 1'000'000}, {"half_life", 0.1, 1e9}, {"bars_min", 2, 1'000'000}, {"silent_max", 1, 1'000'000},
                                                       {"volatility_weight", 0, 1000}, {"enter", 0, 1}, {"leave", 0, 1}});
};
static_assert(Complete<AppetiteSettings>);

/// Allocates in the constructor only.
class Appetite {
 public:
  Appetite(const AppetiteSettings& settings, std::size_t pairs);

  /// Closes of a pair's legs since the last bar; NaN: that leg has none.
  void close(std::size_t pair, double risky, double safe);
  /// The bar is over. `volatility_percentile` of the market in its own history, 0..1; NaN: not known.
  void bar(double volatility_percentile);

  [[nodiscard]] std::size_t pairs() const { return state_.size(); }
  [[nodiscard]] std::uint32_t known() const { return known_; }
  /// tanh(z/2) of a pair, z its log ratio's change over the lookback in standard deviations; -1..1, NaN: not known.
  [[nodiscard]] double score(std::size_t pair) const { return state_[pair].score; }
  /// Weighted mean of the pairs and of 1 - 2 x percentile of volatility; NaN while less than half of the weight is known.
  [[nodiscard]] double score() const { return score_; }
  /// Correlation of the returns of the first pair's legs: below zero they hedge each other.
  [[nodiscard]] double hedge_correlation() const;
  [[nodiscard]] AppetiteKind held() const { return held_; }

 private:
  struct Pair {
    double risky, safe;              // log prices at the last close
    std::int64_t risky_silent = 0, safe_silent = 0;
    double risky_before, safe_before;
    double square = 0, weight = 0;   // of the ratio's one-bar changes
    double rr = 0, ss = 0, rs = 0;   // of the legs' returns
    std::int64_t changes = 0;
    double score;
  };
  [[nodiscard]] double& ratio_at(std::size_t pair, std::int64_t ago);
  void hold();

  AppetiteSettings settings_;
  double keep_ = 0;
  std::vector<Pair> state_;
  std::vector<double> ratios_;  // rings of lookback + 1
  std::int64_t bars_ = 0;
  std::uint32_t known_ = 0;
  double score_;
  AppetiteKind held_{AppetiteKind::Unknown};
};

}  // namespace robo::regime
