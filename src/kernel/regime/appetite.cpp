#include "kernel/regime/appetite.hpp"

#include <cmath>

#include "base/invariant.hpp"

namespace robo::regime {

namespace {
constexpr double nan = __builtin_nan("");
bool known_number(double x) { return x == x; }
}  // namespace

Appetite::Appetite(const AppetiteSettings& settings, std::size_t pairs)
    : settings_(settings), keep_(std::exp2(-1 / settings.half_life)),
      state_(pairs, Pair{.risky = nan, .safe = nan, .risky_before = nan, .safe_before = nan, .score = nan}),
      ratios_(pairs * static_cast<std::size_t>(settings.lookback + 1), nan), score_(nan) {
  INVARIANT(settings.lookback >= 1 && settings.half_life > 0 && settings.bars_min >= 2 && settings.volatility_weight >= 0);
}

double& Appetite::ratio_at(std::size_t pair, std::int64_t ago) {
  const auto n = settings_.lookback + 1;
  return ratios_[pair * static_cast<std::size_t>(n) + static_cast<std::size_t>((bars_ - ago + n) % n)];
}

void Appetite::close(std::size_t pair, double risky, double safe) {
  auto& p = state_[pair];
  if (known_number(risky)) p.risky = risky > 0 ? std::log(risky) : nan, p.risky_silent = -1;
  if (known_number(safe)) p.safe = safe > 0 ? std::log(safe) : nan, p.safe_silent = -1;
}

void Appetite::bar(double volatility_percentile) {
  ++bars_;
  known_ = 0;
  double sum = 0, weight = 0;
  for (std::size_t i = 0; i < state_.size(); ++i) {
    auto& pair = state_[i];
    if (++pair.risky_silent >= settings_.silent_max) pair.risky = nan;
    if (++pair.safe_silent >= settings_.silent_max) pair.safe = nan;
    const double r = pair.risky - pair.risky_before, s = pair.safe - pair.safe_before;
    pair.risky_before = pair.risky;
    pair.safe_before = pair.safe;
    ratio_at(i, 0) = pair.risky - pair.safe;
    if (known_number(r) && known_number(s)) {
      pair.square = pair.square * keep_ + (1 - keep_) * (r - s) * (r - s);
      pair.rr = pair.rr * keep_ + (1 - keep_) * r * r;
      pair.ss = pair.ss * keep_ + (1 - keep_) * s * s;
      pair.rs = pair.rs * keep_ + (1 - keep_) * r * s;
      pair.weight = pair.weight * keep_ + (1 - keep_);
      ++pair.changes;
    }
    const double change = bars_ > settings_.lookback ? ratio_at(i, 0) - ratio_at(i, settings_.lookback) : nan;
    const bool known = known_number(change) && pair.changes >= settings_.bars_min && pair.square > 0;
    pair.score = known ? std::tanh(0.5 * change / std::sqrt(pair.square / pair.weight * static_cast<double>(settings_.lookback))) : nan;
    if (!known) continue;
    ++known_;
    sum += pair.score;
    weight += 1;
  }
  const double all = static_cast<double>(state_.size()) + settings_.volatility_weight;
  if (known_number(volatility_percentile)) {
    sum += settings_.volatility_weight * (1 - 2 * volatility_percentile);
    weight += settings_.volatility_weight;
  }
  score_ = weight > 0 && 2 * weight >= all ? sum / weight : nan;
  hold();
}

void Appetite::hold() {
  if (!known_number(score_)) {
    held_ = AppetiteKind::Unknown;
    return;
  }
  if (score_ >= settings_.enter) held_ = AppetiteKind::RiskOn;
  else if (score_ <= -settings_.enter) held_ = AppetiteKind::RiskOff;
  else if ((held_ == AppetiteKind::RiskOn && score_ < settings_.leave) || (held_ == AppetiteKind::RiskOff && score_ > -settings_.leave) ||
           held_ == AppetiteKind::Unknown)
    held_ = AppetiteKind::Neutral;
}

double Appetite::hedge_correlation() const {
  if (state_.empty() || state_[0].changes < settings_.bars_min) return nan;
  const auto& pair = state_[0];
  return pair.rr > 0 && pair.ss > 0 ? pair.rs / std::sqrt(pair.rr * pair.ss) : nan;
}

}  // namespace robo::regime
