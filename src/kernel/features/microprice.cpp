#include "kernel/features/microprice.hpp"

#include <algorithm>
#include <cmath>

#include "kernel/features/indicators/wrapping.hpp"

namespace robo::features {

namespace {
constexpr std::size_t n = MicropriceTable::states;
using Matrix = std::array<std::array<double, n>, n>;
using Vector = std::array<double, n>;

// The mirror of a state: bid and ask change places.
constexpr std::size_t mirrored(std::size_t state) {
  constexpr auto bins = MicropriceTable::imbalance_bins;
  return state / bins * bins + (bins - 1 - state % bins);
}

// Solves A X = B in place by elimination with partial pivoting; B becomes X.
void solve_in_place(Matrix& a, Matrix& b, Vector& c) {
  for (std::size_t column = 0; column < n; ++column) {
    std::size_t pivot = column;
    for (std::size_t row = column + 1; row < n; ++row)
      if (std::fabs(a[row][column]) > std::fabs(a[pivot][column])) pivot = row;
    std::swap(a[column], a[pivot]);
    std::swap(b[column], b[pivot]);
    std::swap(c[column], c[pivot]);
    const double scale = 1 / a[column][column];
    for (std::size_t k = 0; k < n; ++k) a[column][k] *= scale, b[column][k] *= scale;
    c[column] *= scale;
    for (std::size_t row = 0; row < n; ++row) {
      const double factor = row == column ? 0 : a[row][column];
      if (factor == 0) continue;
      for (std::size_t k = 0; k < n; ++k) a[row][k] -= factor * a[column][k], b[row][k] -= factor * b[column][k];
      c[row] -= factor * c[column];
    }
  }
}
}  // namespace

std::optional<std::size_t> MicropriceTable::state_of(const Quote& quote, Price tick) {
  const auto spread = difference(quote.ask.raw, quote.bid.raw) / tick.raw;
  if (quote.ask <= quote.bid || spread < 1 || spread > static_cast<std::int64_t>(spreads) || quote.bid_size.raw <= 0 || quote.ask_size.raw <= 0) return std::nullopt;
  const double share = static_cast<double>(quote.bid_size.raw) / (static_cast<double>(quote.bid_size.raw) + static_cast<double>(quote.ask_size.raw));
  const auto bin = std::min(static_cast<std::size_t>(share * imbalance_bins), imbalance_bins - 1);
  return static_cast<std::size_t>(spread - 1) * imbalance_bins + bin;
}

void MicropriceEstimator::add(const Quote& quote, Price tick) {
  const auto state = MicropriceTable::state_of(quote, tick);
  if (!state) return last_.reset();
  if (last_) {
    const auto twice = sum_of(difference(quote.bid.raw, last_->bid.raw), difference(quote.ask.raw, last_->ask.raw));
    if (twice == 0) {
      stayed_[last_->state][*state] += 1;
    } else {
      const double ticks = std::clamp(0.5 * static_cast<double>(twice) / static_cast<double>(tick.raw), -2.0, 2.0);
      moved_[last_->state][*state] += 1;
      distance_[last_->state] += ticks;
      ++moves_;
    }
  }
  last_ = Last{*state, quote.bid, quote.ask};
}

std::optional<MicropriceTable> MicropriceEstimator::solve() const {
  if (moves_ < moves_min) return std::nullopt;
  // Mirrored data beside the data: without it the table would carry the day's trend.
  Matrix stay{}, move{};
  Vector drift{};
  for (std::size_t from = 0; from < n; ++from) {
    double total = 0;
    for (std::size_t to = 0; to < n; ++to) {
      stay[from][to] = static_cast<double>(stayed_[from][to]) + static_cast<double>(stayed_[mirrored(from)][mirrored(to)]);
      move[from][to] = static_cast<double>(moved_[from][to]) + static_cast<double>(moved_[mirrored(from)][mirrored(to)]);
      total += stay[from][to] + move[from][to];
    }
    drift[from] = distance_[from] - distance_[mirrored(from)];
    const double scale = total > 0 ? 1 / total : 0;
    for (std::size_t to = 0; to < n; ++to) stay[from][to] *= scale, move[from][to] *= scale;
    drift[from] *= scale;
  }
  Matrix rest{};  // 1 - Q
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) rest[i][j] = (i == j ? 1.0 : 0.0) - stay[i][j];
  // A state that was never seen to move would make it singular: it stays put.
  for (std::size_t i = 0; i < n; ++i) rest[i][i] += 1e-9;
  solve_in_place(rest, move, drift);  // move: B = (1-Q)^-1 T; drift: G1 = (1-Q)^-1 R K
  Vector sum = drift, next = drift;
  for (int round = 1; round < 6; ++round) {
    Vector moved{};
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) moved[i] += move[i][j] * next[j];
    next = moved;
    for (std::size_t i = 0; i < n; ++i) sum[i] += next[i];
  }
  return MicropriceTable{sum};
}

}  // namespace robo::features
