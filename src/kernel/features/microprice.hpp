#pragma once
// Stoikov's micro-price: where the mid is expected to be after the next moves, given imbalance and spread. The table is
// estimated from the instrument's own quotes; nobody else's fits.

#include <array>
#include <cstdint>
#include <optional>

#include "model/market.hpp"

namespace robo::features {

/// Expected move of the mid in ticks, by bin of Qb/(Qb+Qa) and spread in ticks.
class MicropriceTable {
 public:
  static constexpr std::size_t imbalance_bins = 10, spreads = 3, states = imbalance_bins * spreads;

  /// Nothing: the spread is wider than the table knows.
  static std::optional<std::size_t> state_of(const Quote& quote, Price tick);
  [[nodiscard]] double move(std::size_t state) const { return moves_[state]; }
  [[nodiscard]] const std::array<double, states>& moves() const { return moves_; }
  explicit MicropriceTable(const std::array<double, states>& moves) : moves_(moves) {}

 private:
  std::array<double, states> moves_;
};

/// Counts the transitions of one instrument's quotes and solves for the table. Thread: the one that feeds it.
class MicropriceEstimator {
 public:
  static constexpr std::uint64_t moves_min = 2'000;  // mid moves before a table is believed

  void add(const Quote& quote, Price tick);
  /// Forget the last quote, not the counts (session open, halt, gap).
  void interrupt() { last_.reset(); }
  [[nodiscard]] std::uint64_t moves() const { return moves_; }
  /// Solves for the table, 6 rounds of moves ahead; about 50 us. Nothing: too few moves.
  [[nodiscard]] std::optional<MicropriceTable> solve() const;

 private:
  static constexpr std::size_t n = MicropriceTable::states;
  struct Last {
    std::size_t state{};
    Price bid{}, ask{};
  };
  std::optional<Last> last_{};
  std::uint64_t moves_ = 0;
  std::array<std::array<float, n>, n> stayed_{};       // from, to: the mid did not move
  std::array<std::array<float, n>, n> moved_{};        // from, to: it did
  std::array<double, n> distance_{};                   // sum of the moves out of a state, in ticks
};

}  // namespace robo::features
