#include "research/normal.hpp"

#include <cmath>
#include <limits>
#include <numbers>

namespace robo::research {

double normal_cdf(double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }

double normal_quantile(double p) {
  if (!(p > 0)) return -std::numeric_limits<double>::infinity();
  if (!(p < 1)) return std::numeric_limits<double>::infinity();
  // Hastings 26.2.23 start (error < 4.5e-4), then Newton-Halley on the exact distribution until it stands still.
  const double q = p < 0.5 ? p : 1 - p;
  const double t = std::sqrt(-2 * std::log(q));
  double x = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  x = p < 0.5 ? -x : x;
  for (int i = 0; i < 4; ++i) {
    const double error = normal_cdf(x) - p;
    const double density = std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi);
    if (density == 0) break;
    const double step = error / density;
    x -= step / (1 + x * step / 2);
  }
  return x;
}

}  // namespace robo::research
