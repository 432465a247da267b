#pragma once
// How the instruments move together: an iterated exponentially weighted correlation matrix with shrinkage, one update of O(n^2) a
// bar. Volatilities forget with one half-life; correlations of the returns in units of them with a longer one.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/fields.hpp"

namespace robo::risk {

struct CorrelationSettings {
  double volatility_half_life = 63;    // bars
  double correlation_half_life = 126;  // bars
  std::int64_t bars_min = 20;          // of an instrument, or of both of a pair, before its figure is known
  double shrinkage_min = 0;            // 0..1; the estimate decides above it
  using fields = Fields<&CorrelationSettings::volatility_half_life, &CorrelationSettings::correlation_half_life,
                        &CorrelationSettings::bars_min, &CorrelationSettings::shrinkage_min>;
  static constexpr bool defaults = true;
  static constexpr auto ranges = std::to_array<Range>({{"volatility_half_life", 0.1, 1e12}, {"correlation_half_life", 0.1, 1e12}, {"bars_min", 1, 100'000}, {"shrinkage_min", 0, 1}});
};
static_assert(Complete<CorrelationSettings>);

/// A figure that is not known yet is NaN. Allocates in the constructor only.
class CorrelationMatrix {
 public:
  CorrelationMatrix(const CorrelationSettings& settings, std::size_t instruments);

  /// One bar: a return for each instrument, NaN where it is missing. A pair learns from the bars that both have.
  void update(std::span<const double> returns);

  [[nodiscard]] std::size_t instruments() const { return n_; }
  [[nodiscard]] std::uint32_t bars() const { return bars_; }
  /// Of a bar's return.
  [[nodiscard]] double volatility(std::size_t i) const;
  /// Shrunk; 1 on the diagonal once the instrument is known.
  [[nodiscard]] double correlation(std::size_t i, std::size_t j) const;
  [[nodiscard]] double covariance(std::size_t i, std::size_t j) const { return correlation(i, j) * volatility(i) * volatility(j); }
  /// Slope of i's return on j's.
  [[nodiscard]] double beta(std::size_t i, std::size_t j) const { return correlation(i, j) * volatility(i) / volatility(j); }
  /// Mean of all pairs that are known.
  [[nodiscard]] double average() const { return average_; }
  /// 0..1: how much of every correlation off the diagonal is that mean. Schaefer and Strimmer's estimate with the mean as target:
  /// the pairs' sampling variance over their spread.
  [[nodiscard]] double shrinkage() const { return shrinkage_; }

 private:
  [[nodiscard]] bool known(std::size_t i) const { return seen_[i] >= static_cast<std::uint32_t>(settings_.bars_min); }
  [[nodiscard]] double raw(std::size_t i, std::size_t j) const;
  void forget(double growth);
  void measure();

  CorrelationSettings settings_;
  std::size_t n_ = 0;
  double volatility_keep_ = 0, keep_ = 0;
  double weight_min_ = 0;                 // a pair's weight once it has seen bars_min
  std::vector<double> square_, weight_;   // per instrument: weighted squared returns and their weights
  std::vector<std::uint32_t> seen_;
  std::vector<double> z_, mask_, scale_;  // of the bar: return over volatility, 1 or 0; of the matrix: 1 / sqrt(diagonal)
  // Lower triangle with the diagonal, row after row. What decays is the weight of the next bar, which grows instead.
  std::vector<double> product_, pair_weight_;
  double next_weight_ = 1;
  double weight_sum_ = 0, weight_squares_ = 0;  // over bars, relative to next_weight_
  std::uint32_t bars_ = 0;
  double average_, shrinkage_;
};

}  // namespace robo::risk
