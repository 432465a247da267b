#pragma once
// One instrument on the dealer's desk: the position wanted, the order that works towards it, and how it is protected.

#include <algorithm>

#include "kernel/execution/dealer.hpp"

namespace robo::execution {

struct Dealer::Pursuit {
  InstrumentId instrument{};
  bool defined{};
  std::int64_t multiplier{1};
  TickTable ticks{};
  Quantity step{};
  Date expiry{};                 // futures, options
  Date expiry_told{};

  bool set{};                    // somebody wants a position
  Goal goal{};
  OrderKey order{};              // the entry or exit that works now
  bool aggressive{};
  bool sliced{};                 // the working entry is a part of what is wanted: more would be past the limit of one order
  bool flattening{};             // out, whatever anybody wants
  bool making_room{};            // protective orders are being reduced so that an exit fits
  Price arrival{};
  Timestamp started_at{}, priced_at{};

  Price stop_distance{}, target_distance{};  // of the position we hold; 0: unprotected by wish
  bool stop_refused{};           // the last replacement stop was refused: out
  std::uint32_t unprotected{};   // how often it stood without its stop since the kill was last reset
  Timestamp guard_at{INT64_MAX}; // look at the protection again
  bool guard_owed{};             // it was time, and the gate was shut

  Timestamp retry_at{INT64_MIN}; // after a denial, not before
  std::uint32_t denials{};       // in a row
  Denial denied{};
  Timestamp denied_at{INT64_MIN};
  Timestamp differs_since{INT64_MAX};  // the broker's position is not ours

  /// The same answer again and again helps nobody: ask at longer and longer intervals, a minute at most.
  void back_off(Timestamp now) {
    denials += denials < 6;
    retry_at = now + seconds(std::min<std::int64_t>(60, std::int64_t{1} << denials));
  }
  [[nodiscard]] Price on_grid(Price price, bool up) const { return up ? ticks.ceil(price) : ticks.floor(price); }
};

inline Duration of_seconds(double s) { return Duration{static_cast<std::int64_t>(s * 1e9)}; }

}  // namespace robo::execution
