#pragma once
// The durable steps of an order's life, after any of which the process may be gone and nothing may be lost or doubled.
//
// In the product a step does nothing: step.cpp says so. A test program that links its own passed() in front of this library
// kills itself at one of them (tests/faults).

#include <array>
#include <cstdint>
#include <string_view>

#include "base/fields.hpp"

namespace robo {

/// In the order they happen to an order.
enum class Step : std::uint8_t {
  IdReserved,                // the high-water mark is on disk
  CommandJournaled,          // the journal has the order, nothing has left
  OrderTracked,              // about to be encoded
  OrderSent,                 // the bytes are with the system
  Acknowledged,              // the gateway's first word was read
  FillRead,                  // an execution was decoded
  FillJournaled,             // and written down
  CommissionRead,
  CancelJournaled,           // the journal has the cancel, nothing has left
  CancelSent,
  ReconciliationBegan,       // a restart that dies again
  ReconciliationEnded,
};

/// Called when a step is done. Thread: any.
void passed(Step step);

template <>
struct EnumNames<Step> {
  static constexpr std::array<std::string_view, 12> names{
      "id_reserved", "command_journaled", "order_tracked", "order_sent", "acknowledged", "fill_read", "fill_journaled",
      "commission_read", "cancel_journaled", "cancel_sent", "reconciliation_began", "reconciliation_ended"};
};

}  // namespace robo
