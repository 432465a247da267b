#pragma once
// How much each strategy counts. Equal by default; otherwise shifted slowly towards what has paid for its risk.

#include <array>
#include <cstdint>
#include <vector>

#include "kernel/ensemble/settings.hpp"
#include "model/fact.hpp"

namespace robo::ensemble {

/// Exponentiated gradient over strategies with a fixed share, so that a fallen one can come back.
class Hedge {
 public:
  explicit Hedge(std::size_t strategies);
  /// `rewards` in -1..1, one per strategy.
  void learn(std::span<const double> rewards);
  [[nodiscard]] double weight(std::size_t strategy) const { return weights_[strategy]; }
  [[nodiscard]] std::uint32_t count() const { return count_; }

 private:
  std::vector<double> weights_;
  double rate_ = 0;
  std::uint32_t count_ = 0;
};

/// Evidence is one figure a day: the strategy's own return over its usual size, clipped. Sums to 1 over all strategies.
class Weights {
 public:
  static constexpr std::size_t regimes = EnumNames<RegimeKind>::names.size();
  static constexpr double shrink_days = 250;  // quant rule: kappa = n / (n + 250)

  Weights(WeightRule rule, std::size_t strategies);
  /// A strategy's profit over one bar as a fraction of equity, in the regime it was made in.
  void earn(StrategyId strategy, RegimeKind regime, double fraction) {
    earned_[strategy.value * regimes + static_cast<std::size_t>(regime)] += fraction;
    seen_[static_cast<std::size_t>(regime)] = true;
  }
  /// The day's evidence is complete.
  void close_day();
  [[nodiscard]] double weight(StrategyId strategy, RegimeKind regime) const;

 private:
  struct Risk {
    double mean_square = 0;
    std::uint32_t days = 0;
  };
  WeightRule rule_;
  std::size_t strategies_;
  Hedge all_;
  std::vector<Hedge> by_regime_;
  std::vector<double> earned_;       // strategy x regime, since the last close_day
  std::vector<Risk> risk_;           // strategy x (regimes + 1), the last: all regimes
  std::vector<double> rewards_;
  std::array<bool, regimes> seen_{};
};

}  // namespace robo::ensemble
