#pragma once
// One order's life as far as we know it, and the rules by which it moves on.

#include "kernel/risk/open_orders.hpp"
#include "model/fact.hpp"

namespace robo::execution {

/// What begins anew with every order.
struct OrderLife {
  OrderState state{};
  BrokerOrderId broker_id{};
  PermId perm_id{};
  Quantity filled{};               // by executions, never by statuses
  Quantity told_filled{};          // the most a status has claimed
  i128 filled_value{};             // sum of price x quantity, raw
  Price arrival{};                 // mid at the decision; 0: none
  Timestamp sent_at{}, heard_at{}, changed_at{};
  Timestamp proposed_at{};         // when the new terms left
  std::uint32_t proposed_on{};     // number of the connection they left on
  std::uint32_t queries{};         // unanswered ones
  std::uint32_t seen_in{};         // number of the last reconciliation that showed it
  std::int32_t code{};             // the broker's last code
  bool change_pending{}, cancel_sent{}, external{}, adopted{};
  bool twin{};                     // our reference on a second order at IB
  bool told_filled_all{};          // status Filled while executions are missing
  bool told_cancelled{};           // status Cancelled while executions are missing
  risk::Claim claim{};             // what the gate counts for it
};

// What the next order needs at once stands first, on as few lines of memory as possible.
struct Order : OrderLife {
  std::uint32_t place{};           // in Orders
  OrderIntent intent{};            // the terms in force; key zero in no order of ours
  FixedText<120> text{};           // the broker's last words
  OrderIntent proposed{};          // new terms sent and not yet confirmed; means something when `change_pending`

  [[nodiscard]] bool live() const { return !is_final(state); }
  [[nodiscard]] Quantity remaining() const { return intent.quantity - filled; }
  [[nodiscard]] Price average_price() const {
    return filled.is_zero() ? Price{} : Price::from_raw(narrow(divide_rounded(filled_value, filled.raw)));
  }
  /// Fills that the broker's statuses speak of and no execution has shown.
  [[nodiscard]] bool fills_missing() const { return told_filled > filled || (told_filled_all && filled < intent.quantity); }
};

/// The state after a status of the broker: states only advance, final ones are never left, Unknown yields to any word.
[[nodiscard]] OrderState advanced(OrderState now, OrderState told);

}  // namespace robo::execution
