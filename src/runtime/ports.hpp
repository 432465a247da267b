#pragma once
// The doors between the engine and the world. Live, paper, demo, back-test and replay differ only in what stands behind them.

#include <span>

#include "model/command.hpp"
#include "model/event.hpp"
#include "model/fact.hpp"

namespace robo::runtime {

/// Tells the time. Live: wall clock. Back-test and replay: the data's own. Thread: the one that calls it.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Timestamp now() = 0;
};

/// A broker, or what stands for one: delivers what happened and takes commands.
class Gateway {
 public:
  virtual ~Gateway() = default;

  /// The next thing that happened, in time order within this source; false: nothing now. Boxed payloads stay valid until the
  /// next call. Does not block: a live gateway polls its socket, a back-test steps its exchange.
  [[nodiscard]] virtual bool next(Event& out) = 0;

  /// Takes a command of the kernel (StartTimer never gets here: drive keeps timers). Errors come back as events.
  virtual void send(const Command& command) = 0;

  /// True when no further event will ever come (end of the recorded data). Live gateways are never finished.
  [[nodiscard]] virtual bool finished() const = 0;

  /// Nothing to do: wait until something may have arrived, at most this long. A socket gateway waits on its socket.
  virtual void wait(Duration at_most);
};

/// A recorded market: its instruments, and what was said about them in time order. Where data comes from (store, files) and where
/// it goes (back-test exchange, gateway simulator) meet here and nowhere else.
class MarketSource {
 public:
  virtual ~MarketSource() = default;
  [[nodiscard]] virtual std::span<const Instrument> instruments() const = 0;
  /// The next stretch of events (Quote, Trade, DepthRow, DepthLevel, DepthReset, Bar, PhaseChange), never going back in time; empty
  /// at the end. Valid until the next call.
  [[nodiscard]] virtual std::span<const Event> next() = 0;
  /// Back to the first event.
  virtual void rewind() = 0;
};

/// How the engine feels, told once a second of wall time. Not part of the deterministic record: it is made of wall clock.
struct Health {
  std::uint64_t events{}, commands{}, orders{};
  std::uint64_t events_per_second{};
  std::int64_t event_ns_p50{}, event_ns_p99{}, event_ns_max{};        // event taken from the gateway -> kernel done
  std::int64_t order_ns_p50{}, order_ns_p99{}, order_ns_max{};        // market event received -> order bytes handed to the gateway
  std::uint64_t journal_lost{};
  std::uint64_t market_events_dropped{};
};

/// Sees every event, command and fact in the order they happened; the journal, the read model and the tests hang here.
/// Called on the hot thread: must not block.
class Tap {
 public:
  virtual ~Tap() = default;
  virtual void on_event(const Event& event) = 0;
  virtual void on_command(Timestamp at, const Command& command) = 0;
  virtual void on_fact(const Fact& fact) = 0;
  virtual void on_health(const Health&) {}
  /// After an order's own command, in runs that measure: market event taken -> its bytes handed to the gateway. Wall clock, so no part of the record.
  virtual void on_order_sent(Timestamp, OrderKey, std::int64_t /*ns*/) {}
};

/// A tap that must not miss anything: the journal. While it is not healthy the engine opens no new risk.
class Recorder : public Tap {
 public:
  [[nodiscard]] virtual bool healthy() const = 0;
  /// Records that could not be written since the start.
  [[nodiscard]] virtual std::uint64_t lost() const = 0;
};

/// People's wishes, handed in from any thread and taken by the hot thread. Bounded; false when full (the caller says so).
class OperatorDoor {
 public:
  virtual ~OperatorDoor() = default;
  [[nodiscard]] virtual bool ask(const OperatorInput& input) = 0;
};

}  // namespace robo::runtime
