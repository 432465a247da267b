#pragma once
// Command: everything the engine wants from the world.

#include <variant>

#include "base/fixed_vector.hpp"
#include "model/event.hpp"
#include "model/order_ticket.hpp"

namespace robo {

struct SubmitOrder {
  ApprovedOrder order;
  /// Everything else IB is told about it; null: nothing. Its words stay where they are until the engine ends.
  const TicketTerms* ticket{};
};
/// Same key, new price or quantity. The old terms stay in force until the broker says otherwise.
struct ModifyOrder {
  ApprovedOrder order;
};
struct CancelOrder {
  OrderKey key{};
  using fields = Fields<&CancelOrder::key>;
};
/// An order that is not ours (manual, other client), by IB's id.
struct CancelExternal {
  PermId perm_id{};
  using fields = Fields<&CancelExternal::perm_id>;
};
struct CancelAllOrders {
  bool including_external{};
  using fields = Fields<&CancelAllOrders::including_external>;
};
/// Ask the broker for the fate of an order; answers arrive as OrderUpdate and Execution.
struct QueryOrder {
  OrderKey key{};
  using fields = Fields<&QueryOrder::key>;
};
struct StartTimer {
  TimerId timer{};
  Timestamp due{};
  using fields = Fields<&StartTimer::timer, &StartTimer::due>;
};
/// Fetch executions, orders, positions and account again.
struct Reconcile {
  std::uint32_t number{};
  using fields = Fields<&Reconcile::number>;
};

using Command = std::variant<CancelOrder, SubmitOrder, ModifyOrder, CancelExternal, CancelAllOrders, QueryOrder, StartTimer, Reconcile>;

/// Commands of one event. Room for a flatten of everything (a bracket is three commands).
using Commands = FixedVector<Command, 512>;

}  // namespace robo
