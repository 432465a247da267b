#pragma once
// When a historical request may be sent. IB answers a violation with 162 and, for a while, with nothing: so none is made
// (docs/ib.md, Pacing). Bars above 30 s only need a free slot; smaller ones have three rules more.

#include <deque>
#include <string>

#include "edge/ib/limits.hpp"

namespace robo::ib {

class HistoryPacing {
 public:
  explicit HistoryPacing(const Limits& limits) : limits_(limits) {}

  struct Ask {
    std::string contract{};   // contract, exchange and kind of data
    std::string exactly{};    // the whole request
    bool small{};             // bars of 30 s and less, real-time bars, ticks
    bool twice{};             // BID_ASK
  };

  /// The earliest moment for it: `now` when it may go at once, `forever` while every slot is taken.
  [[nodiscard]] Timestamp earliest(const Ask& ask, Timestamp now) const;
  /// It was sent: a slot is taken, and the rules count it.
  void sent(const Ask& ask, Timestamp now);
  /// Its answer is complete, or there will be none.
  void ended() { open_ -= open_ > 0 ? 1 : 0; }
  /// The connection is gone and with it every slot; what was asked still counts.
  void all_ended() { open_ = 0; }

  [[nodiscard]] std::uint32_t open() const { return open_; }
  /// Weight of the small requests within the window.
  [[nodiscard]] std::uint32_t small(Timestamp now) const;

  static constexpr Timestamp forever{INT64_MAX};

 private:
  struct Sent {
    Timestamp at{};
    std::string contract{};
    std::string exactly{};
    std::uint32_t weight{1};
  };
  Limits limits_;
  std::deque<Sent> sent_;  // small ones, oldest first, none older than the window
  std::uint32_t open_ = 0;
};

}  // namespace robo::ib
