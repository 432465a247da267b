#include "research/breaches.hpp"

#include <algorithm>
#include <cmath>

namespace robo::research {

namespace {

/// count x log(p), nothing of nothing.
double term(double count, double p) { return count > 0 ? count * std::log(p) : 0; }

Verdict verdict(double statistic) {
  statistic = std::max(0.0, statistic);
  return {.statistic = statistic, .p = std::erfc(std::sqrt(statistic / 2))};
}

}  // namespace

Verdict kupiec(std::size_t n, std::size_t breaches, double tail) {
  if (n == 0) return {.statistic = 0, .p = 1};
  const auto days = static_cast<double>(n), x = static_cast<double>(breaches), rate = x / days;
  const double expected = term(days - x, 1 - tail) + term(x, tail);
  const double seen = term(days - x, 1 - rate) + term(x, rate);
  return verdict(-2 * (expected - seen));
}

Verdict independence(std::span<const unsigned char> broken) {
  double moves[2][2] = {};
  for (std::size_t t = 1; t < broken.size(); ++t) ++moves[broken[t - 1] != 0][broken[t] != 0];
  const double calm = moves[0][0] + moves[0][1], after = moves[1][0] + moves[1][1], hits = moves[0][1] + moves[1][1];
  if (calm == 0 || after == 0) return {.statistic = 0, .p = 1};
  const double p = hits / (calm + after), p0 = moves[0][1] / calm, p1 = moves[1][1] / after;
  const double one = term(moves[0][0] + moves[1][0], 1 - p) + term(hits, p);
  const double two = term(moves[0][0], 1 - p0) + term(moves[0][1], p0) + term(moves[1][0], 1 - p1) + term(moves[1][1], p1);
  return verdict(-2 * (one - two));
}

}  // namespace robo::research
