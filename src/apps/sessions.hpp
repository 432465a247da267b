#pragma once
// Calendars beside a gateway: IB does not say when a session turns, so we do.

#include "edge/sim/session_clock.hpp"
#include "runtime/ports.hpp"

namespace robo::apps {

/// Passes everything through and puts PhaseChange events in between, when the clock passes them.
class SessionGateway : public runtime::Gateway {
 public:
  SessionGateway(runtime::Gateway& inner, std::span<const Instrument> instruments, std::vector<Calendar> calendars, runtime::Clock& clock)
      : inner_(inner), sessions_(instruments, std::move(calendars)), clock_(clock) {}

  [[nodiscard]] bool next(Event& out) override {
    if (const Timestamp now = clock_.now(); sessions_.due() <= now) {
      PhaseChange change;
      Timestamp when;
      if (sessions_.turn(now, change, when)) {
        out = {.at = now, .received_at = now, .payload = change};
        return true;
      }
    }
    if (!inner_.next(out)) return false;
    // The gateway knows that a halt is over, and nothing of the hour: the calendar says what it is over for. A halt keeps the
    // date of its session, which the gateway does not say either.
    if (auto* change = std::get_if<PhaseChange>(&out.payload)) sessions_.complete(out.at, *change);
    return true;
  }
  void send(const Command& command) override { inner_.send(command); }
  [[nodiscard]] bool finished() const override { return inner_.finished(); }
  void wait(Duration at_most) override { inner_.wait(at_most); }

 private:
  runtime::Gateway& inner_;
  sim::SessionClock sessions_;
  runtime::Clock& clock_;
};

}  // namespace robo::apps
