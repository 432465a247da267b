#include "kernel/regime/rotation.hpp"

#include <cmath>

#include "base/invariant.hpp"

namespace robo::regime {

namespace {
constexpr double nan = __builtin_nan("");
bool known_number(double x) { return x == x; }
}  // namespace

Rotation::Rotation(const RotationSettings& settings, std::size_t members)
    : settings_(settings), keep_(std::exp2(-1 / static_cast<double>(settings.lookback))), state_(members, Member{.log_price = nan, .last = nan}),
      standings_(members, Standing{.strength = nan, .momentum = nan}), prices_(members * static_cast<std::size_t>(settings.lookback + 1), nan),
      strengths_(members * static_cast<std::size_t>(settings.momentum + 1), nan), moved_(members, nan), then_(members, nan), breadth_(nan),
      dispersion_(nan), turnover_(nan), leader_(members) {
  INVARIANT(settings.lookback >= 2 && settings.momentum >= 1 && settings.silent_max >= 1);
}

double& Rotation::price_at(std::size_t member, std::int64_t ago) {
  const auto n = settings_.lookback + 1;
  return prices_[member * static_cast<std::size_t>(n) + static_cast<std::size_t>((bars_ - ago + n) % n)];
}
double& Rotation::strength_at(std::size_t member, std::int64_t ago) {
  const auto n = settings_.momentum + 1;
  return strengths_[member * static_cast<std::size_t>(n) + static_cast<std::size_t>((bars_ - ago + n) % n)];
}

void Rotation::close(std::size_t member, double price) {
  auto& m = state_[member];
  m.log_price = price > 0 ? std::log(price) : nan;
  m.silent = -1;
  spoken_ = true;
}

bool Rotation::bar() {
  if (!spoken_) return false;
  spoken_ = false;
  ++bars_;
  // One-bar returns against the mean of those that have one: their size is what strength is measured in.
  double sum = 0, count = 0;
  for (std::size_t i = 0; i < state_.size(); ++i) {
    auto& m = state_[i];
    if (++m.silent >= settings_.silent_max) m.log_price = nan;  // a price nobody has paid for so long is not a price
    moved_[i] = m.log_price - m.last;
    m.last = m.log_price;
    price_at(i, 0) = m.log_price;
    if (known_number(moved_[i])) sum += moved_[i], ++count;
  }
  for (std::size_t i = 0; i < state_.size(); ++i) {
    if (!known_number(moved_[i]) || count < members_min) continue;
    const double against = moved_[i] - sum / count;
    auto& m = state_[i];
    m.square = m.square * keep_ + (1 - keep_) * against * against;
    m.weight = m.weight * keep_ + (1 - keep_);
    ++m.returns;
  }
  // Returns over the lookback, their mean, and strength.
  double total = 0, squares = 0, rose = 0;
  known_ = 0;
  for (std::size_t i = 0; i < state_.size(); ++i) {
    moved_[i] = bars_ > settings_.lookback ? price_at(i, 0) - price_at(i, settings_.lookback) : nan;
    if (state_[i].returns < settings_.lookback || !(state_[i].square > 0)) moved_[i] = nan;
    if (!known_number(moved_[i])) continue;
    total += moved_[i];
    rose += moved_[i] > 0 ? 1 : 0;
    ++known_;
  }
  const bool enough = known_ >= members_min;
  const double mean = total / known_;
  for (std::size_t i = 0; i < state_.size(); ++i) {
    auto& standing = standings_[i];
    const bool own = enough && known_number(moved_[i]);
    if (own) squares += (moved_[i] - mean) * (moved_[i] - mean);
    const double deviation = std::sqrt(state_[i].square / state_[i].weight * static_cast<double>(settings_.lookback));
    standing.strength = own ? (moved_[i] - mean) / deviation : nan;
    then_[i] = strength_at(i, settings_.momentum);
    standing.momentum = standing.strength - then_[i];
    strength_at(i, 0) = standing.strength;
    standing.quadrant = !known_number(standing.momentum)                        ? Quadrant::Unknown
                        : standing.strength >= 0 && standing.momentum >= 0      ? Quadrant::Leading
                        : standing.strength >= 0                                ? Quadrant::Weakening
                        : standing.momentum < 0                                 ? Quadrant::Lagging
                                                                                : Quadrant::Improving;
  }
  breadth_ = enough ? rose / known_ : nan;
  dispersion_ = enough ? std::sqrt(squares / known_) : nan;
  rank();
  return true;
}

void Rotation::rank() {
  leader_ = state_.size();
  double differences = 0, both = 0;
  for (std::size_t i = 0; i < state_.size(); ++i) {
    auto& standing = standings_[i];
    standing.rank = 0;
    if (!known_number(standing.strength)) continue;
    const bool compared = known_number(then_[i]);
    double now = 1, then = 1;  // ranks among those that have both
    standing.rank = 1;
    for (std::size_t j = 0; j < state_.size(); ++j) {
      const double other = standings_[j].strength;
      if (j == i || !known_number(other)) continue;
      const bool ahead = other > standing.strength || (other == standing.strength && j < i);
      standing.rank += ahead;
      if (!compared || !known_number(then_[j])) continue;
      now += ahead;
      then += then_[j] > then_[i] || (then_[j] == then_[i] && j < i);
    }
    if (standing.rank == 1) leader_ = i;
    if (!compared) continue;
    differences += (now - then) * (now - then);
    ++both;
  }
  turnover_ = both >= members_min ? 3 * differences / (both * (both * both - 1)) : nan;  // (1 - rho) / 2
}

}  // namespace robo::regime
