#pragma once
// One regime over time: probabilities from its inputs, and which regime is held, with hysteresis.

#include "kernel/regime/regime.hpp"

namespace robo::regime {

/// Probabilities by RegimeKind, sum 1. Pure: the same inputs give the same answer. Expects no NaN but in adx.
[[nodiscard]] std::array<double, 4> probabilities(const Inputs& inputs, const Settings& settings);

/// The same from the states of the model of returns: its calm state is a trend or a range by the way's straightness, its wildest of
/// three is crisis; of two, as far as the drawdown says so.
[[nodiscard]] std::array<double, 4> probabilities(const Inputs& inputs, const Settings& settings, const HmmFilter& filter);

class Tracker {
 public:
  explicit Tracker(const Settings& settings) : settings_(&settings) {}
  /// Takes in one bar. True when the held regime is another than before, or is known for the first time.
  bool step(const Inputs& inputs) { return step(inputs, probabilities(inputs, *settings_)); }
  bool step(const Inputs& inputs, const std::array<double, 4>& probabilities);
  /// A bar whose inputs are not complete yet.
  void wait(const Inputs& inputs) { state_.inputs = inputs; }
  void note(const std::array<double, Hmm::states_max>& states) { state_.states = states; }
  [[nodiscard]] const State& state() const { return state_; }

 private:
  bool hold(RegimeKind kind);
  const Settings* settings_;
  State state_{};
  std::uint32_t calm_ = 0;  // bars in a row without crisis, while crisis is held
};

}  // namespace robo::regime
