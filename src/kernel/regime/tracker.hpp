#pragma once
// One regime over time: probabilities from its inputs, and which regime is held, with hysteresis.

#include "kernel/regime/regime.hpp"

namespace robo::regime {

/// Probabilities by RegimeKind, sum 1. Pure: the same inputs give the same answer. Expects no NaN but in adx.
[[nodiscard]] std::array<double, 4> probabilities(const Inputs& inputs, const Settings& settings);

class Tracker {
 public:
  explicit Tracker(const Settings& settings) : settings_(&settings) {}
  /// Takes in one bar. True when the held regime is another than before, or is known for the first time.
  bool step(const Inputs& inputs);
  /// A bar whose inputs are not complete yet.
  void wait(const Inputs& inputs) { state_.inputs = inputs; }
  [[nodiscard]] const State& state() const { return state_; }

 private:
  bool hold(RegimeKind kind);
  const Settings* settings_;
  State state_{};
  std::uint32_t calm_ = 0;  // bars in a row without crisis, while crisis is held
};

}  // namespace robo::regime
