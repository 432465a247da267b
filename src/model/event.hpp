#pragma once
// Event: everything that can change a decision. One cache line; what is longer travels Boxed.

#include <array>
#include <cstdint>
#include <variant>

#include "model/account.hpp"
#include "model/instrument.hpp"
#include "model/market.hpp"
#include "model/order.hpp"

namespace robo {

/// A long payload, owned by whoever delivers the event and valid until that source is asked for its next event.
/// The journal writes the payload, never the pointer.
template <class T>
struct Boxed {
  const T* value{};
  const T& operator*() const { return *value; }
  const T* operator->() const { return value; }
};

enum class TradingMode : std::uint8_t { Demo, Paper, Live, Backtest, Replay };
template <>
struct EnumNames<TradingMode> {
  static constexpr std::array<std::string_view, 5> names{"demo", "paper", "live", "backtest", "replay"};
};

/// First event of every journal: who runs, as whom. `session` is never reused (kept on disk).
struct EngineStarted {
  std::uint64_t session{};
  TradingMode mode{};
  bool armed{};                  // live only: the operator has said so, in so many words
  FixedText<16> account{};
  CurrencyCode base_currency{};
  Money starting_cash{};         // for modes without a broker's word on it
  Money day_loss{};              // loss already made today, from before a restart (>= 0)
  using fields = Fields<&EngineStarted::session, &EngineStarted::mode, &EngineStarted::armed,
                        &EngineStarted::account, &EngineStarted::base_currency, &EngineStarted::starting_cash,
                        &EngineStarted::day_loss>;
};

enum class GatewayState : std::uint8_t { Disconnected, Connecting, Reconciling, Ready, RestartWindow };
template <>
struct EnumNames<GatewayState> {
  static constexpr std::array<std::string_view, 5> names{"disconnected", "connecting", "reconciling", "ready", "restart_window"};
};
struct GatewayChanged {
  GatewayState state{};
  std::int32_t code{};           // IB code that caused it, 0 without
  std::int32_t server_version{};
  FixedText<120> text{};
  using fields = Fields<&GatewayChanged::state, &GatewayChanged::code, &GatewayChanged::server_version,
                        &GatewayChanged::text>;
};

/// Market data of one instrument (or all, instrument = none) is broken or restored; cause in IB's code.
struct DataFarmChanged {
  InstrumentId instrument{};
  bool all{};
  bool broken{};
  std::int32_t code{};
  using fields = Fields<&DataFarmChanged::instrument, &DataFarmChanged::all, &DataFarmChanged::broken, &DataFarmChanged::code>;
};

/// Between Begin and End the broker's open orders, executions, positions and account values arrive (from_reconciliation).
struct ReconciliationBegan {
  std::uint32_t number{};
  using fields = Fields<&ReconciliationBegan::number>;
};
struct ReconciliationEnded {
  std::uint32_t number{};
  bool complete{};               // false: an answer was missing; the gate stays shut and it is tried again
  using fields = Fields<&ReconciliationEnded::number, &ReconciliationEnded::complete>;
};

struct TimerFired {
  TimerId timer{};
  using fields = Fields<&TimerFired::timer>;
};

enum class OperatorAction : std::uint8_t {
  StartStrategy, StopStrategy, PauseStrategy, SetParameter, SetLimit, CancelOrder, CancelAll, FlattenAll, FlattenInstrument, Kill,
  ResetKill, StopEntries, ResumeEntries, QueryOrder
};
template <>
struct EnumNames<OperatorAction> {
  static constexpr std::array<std::string_view, 14> names{
      "start_strategy", "stop_strategy", "pause_strategy", "set_parameter", "set_limit", "cancel_order", "cancel_all", "flatten_all",
      "flatten_instrument", "kill", "reset_kill", "stop_entries", "resume_entries", "query_order"};
};
/// A person (page, phone, API, terminal) asked for something.
struct OperatorInput {
  OperatorAction action{};
  StrategyId strategy{};
  InstrumentId instrument{};
  OrderKey order{};
  FixedText<40> name{};          // parameter or limit
  double value{};
  FixedText<24> who{};           // "desk", "api", "terminal"
  FixedText<80> reason{};
  using fields = Fields<&OperatorInput::action, &OperatorInput::strategy, &OperatorInput::instrument,
                        &OperatorInput::order, &OperatorInput::name, &OperatorInput::value, &OperatorInput::who,
                        &OperatorInput::reason>;
};

/// Runtime's own word: events were dropped (full ring), the journal cannot write, a stream fell silent.
enum class AlarmKind : std::uint8_t { MarketDataDropped, JournalFailed, JournalRestored, ClockJumped, QueueFull };
template <>
struct EnumNames<AlarmKind> {
  static constexpr std::array<std::string_view, 5> names{"market_data_dropped", "journal_failed", "journal_restored", "clock_jumped", "queue_full"};
};
struct RuntimeAlarm {
  AlarmKind kind{};
  std::uint64_t count{};
  using fields = Fields<&RuntimeAlarm::kind, &RuntimeAlarm::count>;
};

/// Boxed<OrderIntent>: an order of ours from before a restart, read from the journal and told before the first reconciliation;
/// when the broker still shows it, it is taken up again with this intent instead of a guessed one.
using EventPayload =
    std::variant<Quote, Trade, DepthRow, DepthLevel, DepthReset, Boxed<Bar>, PhaseChange, DataFarmChanged, TimerFired, Boxed<OrderUpdate>,
                 Boxed<Execution>, Boxed<Commission>, Boxed<AccountValue>, Boxed<PositionReport>, ReconciliationBegan, ReconciliationEnded,
                 Boxed<GatewayChanged>, Boxed<OperatorInput>, RuntimeAlarm, Boxed<Instrument>, Boxed<EngineStarted>, Boxed<OrderIntent>>;

struct alignas(64) Event {
  Timestamp at{};           // when it happened, by the clock that orders this run; never goes backwards inside one run
  Timestamp received_at{};  // when we received it: wall clock in live, equal to `at` in a back-test
  EventPayload payload{};
};
static_assert(sizeof(Event) == 64, "an event is one cache line");

}  // namespace robo
