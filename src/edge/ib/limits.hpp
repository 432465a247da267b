#pragma once
// IB's limits as numbers (docs/ib.md, Pacing), and how much of them is in use.

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>

#include "base/time.hpp"

namespace robo::ib {

struct Limits {
  std::uint32_t lines{100};              // market-data lines of the account: shared with TWS and its other clients
  std::uint32_t scanners{10};
  std::uint32_t history_open{50};        // historical requests without an answer yet
  std::uint32_t history_small{60};       // requests for bars of 30 s and less within history_window; BID_ASK counts twice
  std::uint32_t history_same{6};         // fewer than so many for one contract, exchange and kind within history_same_window
  Duration history_window{seconds(600)};
  Duration history_same_window{seconds(2)};
  Duration history_again{seconds(15)};   // the identical request not before

  /// Books at a time: 3 below 400 lines, one more for every further hundred, 60 at most.
  [[nodiscard]] constexpr std::uint32_t depth() const { return lines < 400 ? 3 : std::min(60U, 4 + (lines - 400) / 100); }
  /// Tick-by-tick streams: one in twenty of the lines, 60 at most.
  [[nodiscard]] constexpr std::uint32_t tick_by_tick() const { return std::min(60U, lines / 20); }
};

struct Used {
  std::uint32_t used{};
  std::uint32_t max{};
};

/// What the desk shows of the line to IB.
struct Budget {
  Used messages{};        // sent within the last second
  Used queue{};           // messages that wait for their second; max: a second's worth
  Used lines{};
  Used depth{};
  Used tick_by_tick{};
  Used history_open{};
  Used history_small{};
  Used history_waiting{};  // questions kept back; max 0
  static constexpr std::size_t count = 8;
};

/// The budget, written by the line's thread and read by any.
class BudgetBoard {
 public:
  void put(const Budget& budget) {
    std::size_t i = 0;
    for (const Used& one : {budget.messages, budget.queue, budget.lines, budget.depth, budget.tick_by_tick, budget.history_open,
                            budget.history_small, budget.history_waiting}) {
      cells_[i++].store(std::uint64_t{one.max} << 32 | one.used, std::memory_order_relaxed);
    }
  }
  [[nodiscard]] Budget get() const {
    const auto cell = [this](std::size_t i) {
      const std::uint64_t both = cells_[i].load(std::memory_order_relaxed);
      return Used{.used = static_cast<std::uint32_t>(both), .max = static_cast<std::uint32_t>(both >> 32)};
    };
    return {.messages = cell(0), .queue = cell(1), .lines = cell(2), .depth = cell(3), .tick_by_tick = cell(4),
            .history_open = cell(5), .history_small = cell(6), .history_waiting = cell(7)};
  }

 private:
  std::array<std::atomic<std::uint64_t>, Budget::count> cells_{};
};

}  // namespace robo::ib
