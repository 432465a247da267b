#include "kernel/ensemble/weights.hpp"

#include <algorithm>
#include <cmath>

namespace robo::ensemble {
namespace {
constexpr double fixed_share = 0.01;
constexpr double horizon_days = 250;
constexpr double risk_decay = 0.97;
constexpr double clip_sigmas = 3;
}  // namespace

Hedge::Hedge(std::size_t strategies)
    : weights_(strategies, strategies == 0 ? 0.0 : 1.0 / static_cast<double>(strategies)),
      rate_(std::sqrt(8 * std::log(std::max<double>(2, static_cast<double>(strategies))) / horizon_days)) {}

void Hedge::learn(std::span<const double> rewards) {
  double sum = 0;
  for (std::size_t s = 0; s < weights_.size(); ++s) sum += weights_[s] *= std::exp(rate_ * rewards[s]);
  for (double& w : weights_) w = (1 - fixed_share) * w / sum + fixed_share / static_cast<double>(weights_.size());
  ++count_;
}

Weights::Weights(WeightRule rule, std::size_t strategies)
    : rule_(rule), strategies_(strategies), all_(strategies), by_regime_(regimes, Hedge(strategies)), earned_(strategies * regimes, 0.0),
      risk_(strategies * (regimes + 1)), rewards_(strategies, 0.0) {}

void Weights::close_day() {
  const auto reward = [](Risk& risk, double earned) {
    const double square = earned * earned;
    risk.mean_square = risk.days == 0 ? square : risk_decay * risk.mean_square + (1 - risk_decay) * square;
    ++risk.days;
    const double sigma = std::sqrt(risk.mean_square);
    return sigma > 0 ? std::clamp(earned / sigma, -clip_sigmas, clip_sigmas) / clip_sigmas : 0.0;
  };
  bool any = false;
  for (std::size_t r = 0; r < regimes; ++r) {
    if (!seen_[r]) continue;
    any = true;
    for (std::size_t s = 0; s < strategies_; ++s) rewards_[s] = reward(risk_[s * (regimes + 1) + r], earned_[s * regimes + r]);
    by_regime_[r].learn(rewards_);
  }
  if (any) {
    for (std::size_t s = 0; s < strategies_; ++s) {
      double earned = 0;
      for (std::size_t r = 0; r < regimes; ++r) earned += earned_[s * regimes + r];
      rewards_[s] = reward(risk_[s * (regimes + 1) + regimes], earned);
    }
    all_.learn(rewards_);
  }
  std::fill(earned_.begin(), earned_.end(), 0.0);
  seen_.fill(false);
}

double Weights::weight(StrategyId strategy, RegimeKind regime) const {
  const double equal = 1.0 / static_cast<double>(strategies_);
  if (rule_ == WeightRule::EqualRisk) return equal;
  if (rule_ == WeightRule::PerformanceAware) return all_.weight(strategy.value);
  const Hedge& here = by_regime_[static_cast<std::size_t>(regime)];
  const double kappa = here.count() / (here.count() + shrink_days);
  return kappa * here.weight(strategy.value) + (1 - kappa) * equal;
}

}  // namespace robo::ensemble
