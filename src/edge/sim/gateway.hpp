#pragma once
// The gateway of a back-test: a recorded market, an exchange in front of it, and the delays between us and both.

#include <memory>
#include <vector>

#include "edge/sim/broker/broker.hpp"
#include "edge/sim/latency.hpp"
#include "edge/sim/ring.hpp"
#include "edge/sim/session_clock.hpp"
#include "runtime/ports.hpp"

namespace robo::sim {

struct SimGatewaySettings {
  BrokerSettings broker{};
  Latency latency{};
  std::vector<Calendar> calendars{};   // by name; instruments without one trade always
  std::int32_t client_id{1};
  std::uint64_t session_seed{0x0000e0d5};  // first group of execution ids
};

/// Same source, settings and commands: same events. Allocates while its queues grow, then no more. Thread: one.
///
/// The exchange and we meet only through delayed orders and reports, so the exchange is run ahead of us up to the moment of
/// the event we are shown next; the result is that of a strict merge by time.
class SimGateway : public runtime::Gateway {
 public:
  SimGateway(runtime::MarketSource& market, SimGatewaySettings settings, FeeTable fees);

  [[nodiscard]] bool next(Event& out) override;
  void send(const Command& command) override;
  [[nodiscard]] bool finished() const override;
  void wait(Duration) override {}        // nothing ever arrives by waiting

  [[nodiscard]] const Broker& broker() const { return broker_; }
  [[nodiscard]] Broker& broker() { return broker_; }
  /// Time of the last event handed out.
  [[nodiscard]] Timestamp now() const { return now_; }
  [[nodiscard]] std::uint64_t market_events() const { return market_events_; }

 private:
  struct Arrival {                       // a command on its way to the exchange
    Timestamp at{};
    Command command{CancelOrder{}};
  };
  enum class Word : std::uint8_t { Report, ReconciliationBegan, ReconciliationEnded, Account, Ready, Connecting, Instrument };
  struct Answer {                        // something on its way to us
    Timestamp due{};
    Word word{};
    bool from_reconciliation{};
    std::uint32_t number{};
    AccountValue account{};
    Report report{};
  };

  bool fill_ring();
  bool next_local();
  void push_event(const Event& event);
  void begin();
  void step_exchange_to(Timestamp until);
  void execute(Timestamp at, const Command& command);
  void submit(Timestamp at, const OrderIntent& intent, bool modify);
  void answer_refusal(Timestamp at, const OrderIntent& intent, const Refusal& refusal, OrderState state);
  void take_reports();
  void reconcile(Timestamp at, std::uint32_t number);
  void deliver(const Answer& answer, Event& out);
  Slot& slot_of(std::uint64_t number);
  Answer& answer(Timestamp at, Word word);

  runtime::MarketSource& market_;
  SimGatewaySettings settings_;
  Broker broker_;
  SessionClock sessions_;
  Delay feed_, entry_, response_;
  Ring<Event> ring_{1024};
  Ring<Bar> bars_{16};
  Ring<Arrival> arrivals_{1024};
  Ring<Answer> answers_{1024};
  std::span<const Event> ahead_;         // read from the source, not yet in the ring
  std::size_t exchange_at_ = 0;          // ring position the exchange sees next
  Timestamp exchange_now_{INT64_MIN};
  Timestamp local_due_{};                // when the front of the ring reaches us
  bool local_known_ = false;
  bool market_over_ = false;
  bool begun_ = false;
  Timestamp now_{};
  std::uint64_t market_events_ = 0;
  std::uint64_t session_ = 0;
  std::uint64_t first_number_ = 0;
  std::vector<Slot> slots_;              // by order number
  // What the last event handed out points to.
  Bar bar_{};
  OrderUpdate update_{};
  Execution execution_{};
  Commission commission_{};
  PositionReport position_{};
  AccountValue account_{};
  GatewayChanged changed_{};
};

}  // namespace robo::sim
