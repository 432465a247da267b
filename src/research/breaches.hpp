#pragma once
// Whether a value at risk deserves its percentage: how often it was broken, and whether breaches come in clusters.

#include <cstddef>
#include <span>

namespace robo::research {

struct Verdict {
  double statistic{};
  double p{};  // of a statistic this large when the model is right; chi-square with one degree of freedom
};

/// Kupiec (1995): `breaches` in `n` days against the probability `tail`. Terms with nothing in them drop out.
[[nodiscard]] Verdict kupiec(std::size_t n, std::size_t breaches, double tail);

/// Christoffersen (1998): a breach tells nothing of the next day. 1 where the value at risk was broken.
[[nodiscard]] Verdict independence(std::span<const unsigned char> broken);

/// Basel's light for 250 days at 99 %.
enum class Light : unsigned char { Green, Yellow, Red };
[[nodiscard]] constexpr Light basel_light(std::size_t breaches) { return breaches <= 4 ? Light::Green : breaches <= 9 ? Light::Yellow : Light::Red; }

}  // namespace robo::research
