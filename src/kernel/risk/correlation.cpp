#include "kernel/risk/correlation.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/invariant.hpp"

namespace robo::risk {

namespace {
constexpr double nan = __builtin_nan("");
constexpr double weight_most = 0x1p500;  // then all of it is brought down again

double* row(std::vector<double>& triangle, std::size_t i) { return triangle.data() + i * (i + 1) / 2; }
const double* row(const std::vector<double>& triangle, std::size_t i) { return triangle.data() + i * (i + 1) / 2; }
}  // namespace

CorrelationMatrix::CorrelationMatrix(const CorrelationSettings& settings, std::size_t instruments)
    : settings_(settings), n_(instruments), volatility_keep_(std::exp2(-1 / settings.volatility_half_life)),
      keep_(std::exp2(-1 / settings.correlation_half_life)), square_(n_), weight_(n_), seen_(n_), z_(n_), mask_(n_), scale_(n_),
      product_(n_ * (n_ + 1) / 2), pair_weight_(n_ * (n_ + 1) / 2), average_(nan), shrinkage_(nan) {
  INVARIANT(settings.volatility_half_life > 0 && settings.correlation_half_life > 0 && settings.bars_min >= 1);
  INVARIANT(settings.shrinkage_min >= 0 && settings.shrinkage_min <= 1);
  // Of the newest bars_min bars; a little less, because the same sum is made in another order.
  for (std::int64_t k = 0; k < settings.bars_min; ++k) weight_min_ = weight_min_ * keep_ + 1;
  weight_min_ *= 1 - 1e-9;
}

void CorrelationMatrix::update(std::span<const double> returns) {
  INVARIANT(returns.size() == n_);
  bool any = false;
  for (std::size_t i = 0; i < n_; ++i) {
    const double r = returns[i];
    z_[i] = 0;
    mask_[i] = 0;
    if (!(r - r == 0)) continue;
    square_[i] = square_[i] * volatility_keep_ + (1 - volatility_keep_) * r * r;
    weight_[i] = weight_[i] * volatility_keep_ + (1 - volatility_keep_);
    const bool was_known = known(i);
    if (seen_[i] < UINT32_MAX) ++seen_[i];
    if (!was_known || !(square_[i] > 0)) continue;  // the first volatilities are too rough to divide by
    z_[i] = r / std::sqrt(square_[i] / weight_[i]);
    mask_[i] = 1;
    any = true;
  }
  if (bars_ < UINT32_MAX) ++bars_;
  if (!any) return;

  next_weight_ /= keep_;
  weight_sum_ = weight_sum_ * keep_ + 1;
  weight_squares_ = weight_squares_ * keep_ * keep_ + 1;
  if (next_weight_ > weight_most) forget(1 / std::exchange(next_weight_, 1.0));
  for (std::size_t i = 0; i < n_; ++i) {
    if (mask_[i] == 0) continue;
    const double w = next_weight_, wz = next_weight_ * z_[i];
    double* const product = row(product_, i);
    double* const weight = row(pair_weight_, i);
    const double *const z = z_.data(), *const mask = mask_.data();
    for (std::size_t j = 0; j <= i; ++j) {
      product[j] += wz * z[j];
      weight[j] += w * mask[j];
    }
  }
  measure();
}

void CorrelationMatrix::forget(double growth) {
  for (auto& x : product_) x *= growth;
  for (auto& x : pair_weight_) x *= growth;
}

void CorrelationMatrix::measure() {
  for (std::size_t i = 0; i < n_; ++i) {
    const double square = row(product_, i)[i], weight = row(pair_weight_, i)[i];
    scale_[i] = weight > 0 && square > 0 ? 1 / std::sqrt(square / weight) : 0;
  }
  const double least = weight_min_ * next_weight_;
  double pairs = 0, sum = 0, squares = 0, variance = 0;
  for (std::size_t i = 1; i < n_; ++i) {
    const double* const product = row(product_, i);
    const double* const weight = row(pair_weight_, i);
    const double* const scale = scale_.data();
    const double mine = scale_[i];
    double row_pairs = 0, row_sum = 0, row_squares = 0, row_variance = 0;
    for (std::size_t j = 0; j < i; ++j) {
      const bool use = weight[j] >= least;
      const double c = use ? std::clamp(product[j] / weight[j] * mine * scale[j], -1.0, 1.0) : 0;
      const double left = use ? 1 - c * c : 0;
      row_pairs += use ? 1 : 0;
      row_sum += c;
      row_squares += c * c;
      row_variance += left * left;
    }
    pairs += row_pairs, sum += row_sum, squares += row_squares, variance += row_variance;
  }
  if (pairs == 0) {
    average_ = shrinkage_ = nan;
    return;
  }
  average_ = sum / pairs;
  const double spread = squares - pairs * average_ * average_;
  // A correlation of m equal bars has the variance (1 - rho^2)^2 / m; weights that decay leave fewer of them.
  const double error = variance * weight_squares_ / (weight_sum_ * weight_sum_);
  const double wanted = error >= spread ? 1 : error / spread;
  shrinkage_ = std::max(settings_.shrinkage_min, wanted);
}

double CorrelationMatrix::raw(std::size_t i, std::size_t j) const {
  if (j > i) std::swap(i, j);
  const double weight = row(pair_weight_, i)[j];
  if (!(weight >= weight_min_ * next_weight_)) return nan;
  return std::clamp(row(product_, i)[j] / weight * scale_[i] * scale_[j], -1.0, 1.0);
}

double CorrelationMatrix::volatility(std::size_t i) const { return known(i) && square_[i] > 0 ? std::sqrt(square_[i] / weight_[i]) : nan; }

double CorrelationMatrix::correlation(std::size_t i, std::size_t j) const {
  const double c = raw(i, j);
  if (i == j || !(c - c == 0)) return i == j && c - c == 0 ? 1 : nan;
  return (1 - shrinkage_) * c + shrinkage_ * average_;
}

}  // namespace robo::risk
