#pragma once
// How much of a Sharpe ratio is luck and choosing: probabilistic and deflated Sharpe, minimum track record, probability of
// back-test overfitting. Bailey & Lopez de Prado 2012, 2014; Bailey, Borwein, Lopez de Prado & Zhu 2017. By formula.
// Sharpe ratios here are per period, never annual; kurtosis is raw (3 for a normal).

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace robo::research {

struct TrackRecord {
  double sharpe{};           // per period
  std::size_t n{};           // periods
  double skew{};
  double kurtosis{3};        // raw
};

/// Probability that the true Sharpe exceeds `benchmark` (per period). 0.5 when nothing is known.
[[nodiscard]] double probabilistic_sharpe(const TrackRecord& record, double benchmark);
/// Sharpe per period the best of `trials` worthless strategies would show, with `variance` across trial Sharpes.
[[nodiscard]] double expected_best_sharpe(double trials, double variance);
/// probabilistic_sharpe against expected_best_sharpe.
[[nodiscard]] double deflated_sharpe(const TrackRecord& record, double trials, double variance);
/// Independent trials among correlated ones: N (1 - rho) + rho.
[[nodiscard]] double effective_trials(std::size_t trials, double mean_correlation);
/// Periods needed before `sharpe` is believed above `benchmark` at `confidence`; nullopt when it is not above it.
[[nodiscard]] std::optional<double> minimum_track_record(const TrackRecord& record, double benchmark, double confidence = 0.95);

/// Probability of back-test overfitting by combinatorially symmetric cross-validation.
struct Overfitting {
  double probability{};           // share of splits whose best in sample is at or below the median out of sample
  std::size_t splits{};
  double best_in_sample{};        // mean over splits, Sharpe per period
  double same_out_of_sample{};    // mean over splits of that choice's Sharpe out of sample
  double loss_probability{};      // share of splits whose choice lost money out of sample
};
/// `configurations` hold equally long series of returns. Blocks must be even, 2..20. nullopt: fewer than 2 configurations, or
/// shorter than two periods a block.
[[nodiscard]] std::optional<Overfitting> overfitting(std::span<const std::vector<double>> configurations, int blocks = 16);

}  // namespace robo::research
