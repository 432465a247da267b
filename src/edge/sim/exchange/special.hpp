#pragma once
// What an order has beyond price, size and lifetime, and how far that has got. Rides beside the order; plain orders have none.

#include <limits>

#include "model/order_ticket.hpp"

namespace robo::sim {

inline constexpr Quantity no_bound = Quantity::from_raw(std::numeric_limits<std::int64_t>::max());

struct Special {
  TicketTerms terms{};
  bool released{};               // what it waited for has happened
  Quantity bound{no_bound};      // an algorithm lets it have traded no more than this
  Quantity shown_left{};         // of an iceberg's visible part
  Money cash_left{};
  std::array<std::uint32_t, 6> fills_before{};  // executions of a condition's instrument when the order came
  std::array<std::uint8_t, 6> seen{};           // consecutive sightings, for the double trigger methods
  std::uint8_t trigger_seen{};
  // An algorithm's work.
  Timestamp began{}, next{};
  Quantity volume_at_begin{};
  std::uint32_t parts{}, dice{};
  Price arrival{};
};

[[nodiscard]] constexpr bool is_auction(OrderType type) {
  return type == OrderType::MarketOnClose || type == OrderType::LimitOnClose || type == OrderType::MarketOnOpen || type == OrderType::LimitOnOpen;
}
[[nodiscard]] constexpr bool is_pegged(OrderType type) {
  return type == OrderType::Relative || type == OrderType::PegMid || type == OrderType::PegBest;
}
[[nodiscard]] constexpr bool is_touched(OrderType type) { return type == OrderType::MarketIfTouched || type == OrderType::LimitIfTouched; }

/// The plain kind whose mechanics carry a ticket's kind.
[[nodiscard]] OrderKind mechanics_of(const TicketTerms& terms);
[[nodiscard]] TimeInForce time_in_force_of(Lifetime lifetime);
/// Nothing a plain order could not say.
[[nodiscard]] bool is_plain(const TicketTerms& terms);

}  // namespace robo::sim
