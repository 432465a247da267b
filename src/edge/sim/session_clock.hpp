#pragma once
// Turns calendars into PhaseChange events, instrument by instrument, as time passes them.

#include <span>
#include <string>
#include <vector>

#include "model/calendar.hpp"
#include "model/instrument.hpp"

namespace robo::sim {

class SessionClock {
 public:
  /// Instruments whose calendar is not among `calendars` trade always.
  SessionClock(std::span<const Instrument> instruments, std::vector<Calendar> calendars);

  /// When the next instrument's phase turns; far away when none will.
  [[nodiscard]] Timestamp due() const { return due_; }
  /// The change that is due at or before `at`, oldest first; false: none. The first call for an instrument tells where it stands.
  [[nodiscard]] bool turn(Timestamp at, PhaseChange& change, Timestamp& when);
  /// Adds to a change that knows of halts only what the calendar says of that moment: date and end of the phase, and, when a halt
  /// ends, the phase itself.
  void complete(Timestamp at, PhaseChange& change) const;

 private:
  struct Hand {
    InstrumentId instrument{};
    std::size_t calendar{};      // index, or npos
    Timestamp next{};
    bool told{};
  };
  void find_due();

  std::vector<Calendar> calendars_;
  std::vector<Hand> hands_;
  Timestamp due_{};
};

}  // namespace robo::sim
