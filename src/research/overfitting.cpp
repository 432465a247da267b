#include "research/overfitting.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

#include "research/normal.hpp"

namespace robo::research {

double probabilistic_sharpe(const TrackRecord& r, double benchmark) {
  if (r.n < 2) return 0.5;
  const double variance = 1 - r.skew * r.sharpe + (r.kurtosis - 1) / 4 * r.sharpe * r.sharpe;
  if (!(variance > 0)) return 0.5;
  return normal_cdf((r.sharpe - benchmark) * std::sqrt(static_cast<double>(r.n) - 1) / std::sqrt(variance));
}

double expected_best_sharpe(double trials, double variance) {
  if (trials <= 1 || !(variance > 0)) return 0;
  // Between one and two trials the approximation dips below zero; the best of several is never expected to be worse than one.
  return std::sqrt(variance) *
         std::max(0.0, (1 - std::numbers::egamma) * normal_quantile(1 - 1 / trials) + std::numbers::egamma * normal_quantile(1 - 1 / (trials * std::numbers::e)));
}

double deflated_sharpe(const TrackRecord& record, double trials, double variance) {
  return probabilistic_sharpe(record, expected_best_sharpe(trials, variance));
}

double effective_trials(std::size_t trials, double mean_correlation) {
  const double rho = std::clamp(mean_correlation, 0.0, 1.0);
  return static_cast<double>(trials) * (1 - rho) + rho;
}

std::optional<double> minimum_track_record(const TrackRecord& r, double benchmark, double confidence) {
  if (!(r.sharpe > benchmark)) return std::nullopt;
  const double z = normal_quantile(confidence) / (r.sharpe - benchmark);
  return 1 + (1 - r.skew * r.sharpe + (r.kurtosis - 1) / 4 * r.sharpe * r.sharpe) * z * z;
}

namespace {

struct BlockSums {
  double sum = 0, squares = 0;
  double n = 0;
};

double sharpe_of(double sum, double squares, double n) {
  if (n < 2) return 0;
  const double mean = sum / n;
  const double variance = (squares - n * mean * mean) / (n - 1);
  return variance > 1e-300 ? mean / std::sqrt(variance) : 0;
}

}  // namespace

std::optional<Overfitting> overfitting(std::span<const std::vector<double>> configurations, int blocks) {
  if (configurations.size() < 2 || blocks < 2 || blocks > 20 || blocks % 2 != 0) return std::nullopt;
  const std::size_t length = configurations.front().size();
  const auto block_count = static_cast<std::size_t>(blocks);
  for (const auto& series : configurations)
    if (series.size() != length) return std::nullopt;
  if (length < 2 * block_count) return std::nullopt;

  const std::size_t width = configurations.size();
  std::vector<BlockSums> sums(block_count * width);
  std::vector<BlockSums> whole(width);
  for (std::size_t c = 0; c < width; ++c) {
    for (std::size_t b = 0; b < block_count; ++b) {
      BlockSums& s = sums[b * width + c];
      for (std::size_t t = b * length / block_count; t < (b + 1) * length / block_count; ++t) {
        const double r = configurations[c][t];
        s.sum += r;
        s.squares += r * r;
        s.n += 1;
      }
      whole[c].sum += s.sum;
      whole[c].squares += s.squares;
      whole[c].n += s.n;
    }
  }

  Overfitting result;
  std::size_t below = 0, lost = 0;
  std::vector<double> out(width);
  std::vector<BlockSums> in(width);
  for (std::uint32_t mask = 0; mask < (std::uint32_t{1} << blocks); ++mask) {
    if (std::popcount(mask) != blocks / 2) continue;
    std::fill(in.begin(), in.end(), BlockSums{});
    for (std::size_t b = 0; b < block_count; ++b) {
      if ((mask >> b & 1) == 0) continue;
      const BlockSums* row = &sums[b * width];
      for (std::size_t c = 0; c < width; ++c) {
        in[c].sum += row[c].sum;
        in[c].squares += row[c].squares;
        in[c].n += row[c].n;
      }
    }
    std::size_t best = 0;
    double best_in = -INFINITY;
    for (std::size_t c = 0; c < width; ++c) {
      const double inside = sharpe_of(in[c].sum, in[c].squares, in[c].n);
      out[c] = sharpe_of(whole[c].sum - in[c].sum, whole[c].squares - in[c].squares, whole[c].n - in[c].n);
      if (inside > best_in) best_in = inside, best = c;
    }
    // Relative rank in (0, 1): ties count half, so equal configurations sit at the median.
    double rank = 0.5;
    for (std::size_t c = 0; c < width; ++c)
      if (c != best) rank += out[c] < out[best] ? 1.0 : out[c] == out[best] ? 0.5 : 0.0;
    const double omega = rank / static_cast<double>(width);
    below += omega <= 0.5;
    lost += whole[best].sum - in[best].sum < 0;
    result.best_in_sample += best_in;
    result.same_out_of_sample += out[best];
    ++result.splits;
  }
  const auto n = static_cast<double>(result.splits);
  result.probability = static_cast<double>(below) / n;
  result.loss_probability = static_cast<double>(lost) / n;
  result.best_in_sample /= n;
  result.same_out_of_sample /= n;
  return result;
}

}  // namespace robo::research
