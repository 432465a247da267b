#include "kernel/regime/tracker.hpp"

#include <algorithm>
#include <cmath>

namespace robo::regime {

namespace {
double logistic(double x) { return 1 / (1 + std::exp(-x)); }
double fallen(const Inputs& inputs, const Settings& settings) { return logistic(8 * (inputs.drawdown / settings.crisis_drawdown - 1)); }
/// A trend as far as the way was straight (efficiency ratio) and one-sided (ADX, where it is known).
double trending(const Inputs& inputs) {
  const double straight = logistic(14 * (inputs.efficiency_ratio - 0.35));
  const double sided = inputs.adx == inputs.adx ? logistic(0.25 * (inputs.adx - 25)) : straight;
  return 0.65 * straight + 0.35 * sided;
}
}  // namespace

std::array<double, 4> probabilities(const Inputs& inputs, const Settings& settings) {
  // Stress first: a fall with volatility in its top tail. Then volatility on its own, in the top fifth of its history.
  // Where volatility hardly varies its rank says nothing: it must be well above its usual size, too.
  const double raised = logistic(16 * (inputs.volatility_ratio - 1.25));
  const double tail = logistic(60 * (inputs.volatility_percentile - 0.85)) * raised;
  const double crisis = fallen(inputs, settings) * tail;
  const double volatility = (1 - crisis) * logistic(30 * (inputs.volatility_percentile - 0.80)) * raised;
  const double trend = trending(inputs);  // what is left
  const double rest = 1 - crisis - volatility;
  return {rest * trend, rest * (1 - trend), volatility, crisis};
}

std::array<double, 4> probabilities(const Inputs& inputs, const Settings& settings, const HmmFilter& filter) {
  const auto& p = filter.probabilities();
  const bool three = filter.model().states == 3;
  const double crisis = three ? p[2] : p[1] * fallen(inputs, settings);
  const double volatility = three ? p[1] : p[1] - crisis;
  const double trend = trending(inputs);
  return {p[0] * trend, p[0] * (1 - trend), volatility, crisis};
}

bool Tracker::hold(RegimeKind kind) {
  if (state_.held == kind) return false;
  state_.held = kind;
  state_.age = 0;
  calm_ = 0;
  return true;
}

bool Tracker::step(const Inputs& inputs, const std::array<double, 4>& probabilities) {
  state_.inputs = inputs;
  state_.probabilities = probabilities;
  ++state_.age;
  const auto& p = state_.probabilities;
  const auto likeliest = static_cast<RegimeKind>(std::max_element(p.begin(), p.end()) - p.begin());
  if (!state_.warm) {
    state_.warm = true;
    hold(likeliest);
    return true;
  }
  if (state_.probability(RegimeKind::Crisis) > settings_->enter) {
    calm_ = 0;
    return hold(RegimeKind::Crisis);  // at once, whatever the dwell
  }
  if (state_.held == RegimeKind::Crisis) {
    calm_ = state_.probability(RegimeKind::Crisis) < settings_->leave ? calm_ + 1 : 0;
    return calm_ >= settings_->crisis_exit && hold(likeliest);
  }
  // Another regime takes over when it is likely enough and the held one is not any more.
  const bool given_up = state_.probability(state_.held) < settings_->leave;
  const bool convincing = state_.probability(likeliest) > settings_->enter;
  return state_.age >= settings_->dwell && given_up && convincing && hold(likeliest);
}

}  // namespace robo::regime
