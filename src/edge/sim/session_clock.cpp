#include "edge/sim/session_clock.hpp"

#include <algorithm>
#include <limits>

namespace robo::sim {
namespace {
constexpr auto none = static_cast<std::size_t>(-1);
constexpr Timestamp never{std::numeric_limits<std::int64_t>::max()};
constexpr Timestamp not_yet{std::numeric_limits<std::int64_t>::min()};
}  // namespace

SessionClock::SessionClock(std::span<const Instrument> instruments, std::vector<Calendar> calendars) : calendars_(std::move(calendars)) {
  for (const auto& instrument : instruments) {
    const auto found = std::ranges::find_if(calendars_, [&](const Calendar& c) { return c.name() == instrument.calendar.view(); });
    hands_.push_back({instrument.id, found == calendars_.end() ? none : static_cast<std::size_t>(found - calendars_.begin()), not_yet, false});
  }
  find_due();
}

void SessionClock::find_due() {
  due_ = never;
  for (const auto& hand : hands_) due_ = std::min(due_, hand.next);
}

bool SessionClock::turn(Timestamp at, PhaseChange& change, Timestamp& when) {
  if (due_ > at) return false;
  for (auto& hand : hands_) {
    if (hand.next != due_) continue;
    when = hand.told ? hand.next : at;
    change = {.instrument = hand.instrument, .phase = TradingPhase::Regular};
    hand.told = true;
    hand.next = never;
    if (hand.calendar != none) {
      const auto phase = calendars_[hand.calendar].phase_at(when);
      change.phase = phase ? phase->phase : TradingPhase::Closed;
      if (phase) {
        change.trade_date = phase->trade_date;
        change.until = phase->until;
        if (phase->until > when) hand.next = phase->until;
      }
    }
    find_due();
    return true;
  }
  return false;
}

void SessionClock::complete(Timestamp at, PhaseChange& change) const {
  const auto hand = std::ranges::find_if(hands_, [&](const Hand& one) { return one.instrument == change.instrument; });
  if (hand == hands_.end() || hand->calendar == none) return;
  const auto phase = calendars_[hand->calendar].phase_at(at);
  if (!phase) return;
  change.trade_date = phase->trade_date;
  change.until = phase->until;
  if (change.phase != TradingPhase::Halted) change.phase = phase->phase;
}

}  // namespace robo::sim
