#pragma once
// The normal distribution and its inverse.

namespace robo::research {

[[nodiscard]] double normal_cdf(double x);
/// Inverse of normal_cdf for 0 < p < 1, to about 1e-14 (rational start, Halley steps on the exact distribution).
[[nodiscard]] double normal_quantile(double p);

}  // namespace robo::research
