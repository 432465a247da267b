#pragma once
// The defences against what a gateway does wrong, by name.
//
// In the product every defence stands: defence.cpp says so, and no setting changes it. A test program that links its own stands()
// in front of this library takes one defence away and shows that somebody notices (tests/faults; the linker takes the first
// definition it meets).

#include <array>
#include <cstdint>
#include <string_view>

#include "base/fields.hpp"

namespace robo {

enum class Defence : std::uint8_t {
  ProbeWhileConnected,       // silence is asked about, and a connection that does not answer is made anew
  RestartGuard,              // no new orders just before the gateway's daily restart
  OrderIdHighWater,          // an order id is never used twice, whatever the gateway counts
  PermIdIdentity,            // an order id alone identifies nothing
  OneReferenceOneOrder,      // our reference under a second permId is an alarm
  FetchAfterReconnect,       // executions, orders, positions, account: fetched and compared before the gate opens
  KeepUnknownFills,          // a fill of an order nobody knows is booked and shown
  AdoptOwnOrders,            // orders of ours from before a restart are taken up again
  WatchPositions,            // the broker's position is the truth within seconds
  WatchFreshness,            // every stream has an age, and one that stopped is asked for again
  FarmsAreNotOrders,         // data-farm codes never touch the order path
  WarnOfCalendar,            // restart and second-factor windows are told before they come
  PaceRequests,              // IB's message limit
  BudgetLines,               // market-data lines are counted before they are asked for
  OneContractOneFailure,     // an unknown contract stops its own instrument and no other
  ExecutionsAreTruth,        // fills come from executions, once each, with corrections; a status never moves back
  StopOrFlat,                // an entry without a working stop is flattened
  CodeTable,                 // what a code does is looked up, never guessed from its number
  UnknownIsAState,           // an order without an answer is asked for, not believed dead or alive
  Preflight,                 // settings of the gateway that block orders are named before the first order
  CompetingSession,          // data that went to another session is not traded on
  TickRules,                 // prices are put on the market rule's tick of their band
  FractionalSizes,           // a size below one share stops nobody
  TimeZones,                 // every form of IB's time is read with its zone
  UnexplainedChanges,        // positions that change without a fill are explained and adopted
  ExpiryCalendar,            // contracts that end are told days before
  ReadyChecklist,            // ready only when every answer is there
  StaleQuotes,               // an old price is no price
  HaltsAndLocates,           // halted and held orders are states of their own
  CurrencyLedger,            // cash and commissions per currency
  ManualOrders,              // orders of TWS are shown and can be cancelled from there
  WatchCash,                 // cash that differs from IB's is told and taken over
  PositionLimit,             // a position has a largest size, working entries counted in
  KillSwitch,                // after a kill nothing enters
};

/// True: the defence stands. Thread: any.
[[nodiscard]] bool stands(Defence defence);

template <>
struct EnumNames<Defence> {
  static constexpr std::array<std::string_view, 34> names{
      "probe_while_connected", "restart_guard", "order_id_high_water", "perm_id_identity", "one_reference_one_order",
      "fetch_after_reconnect", "keep_unknown_fills", "adopt_own_orders", "watch_positions", "watch_freshness",
      "farms_are_not_orders", "warn_of_calendar", "pace_requests", "budget_lines", "one_contract_one_failure",
      "executions_are_truth", "stop_or_flat", "code_table", "unknown_is_a_state", "preflight",
      "competing_session", "tick_rules", "fractional_sizes", "time_zones", "unexplained_changes",
      "expiry_calendar", "ready_checklist", "stale_quotes", "halts_and_locates", "currency_ledger",
      "manual_orders", "watch_cash", "position_limit", "kill_switch"};
};
}  // namespace robo
