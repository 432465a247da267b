#pragma once
// What the gateway's own settings would hold back, asked before there is an order: with orders that are not placed (what-if).

#include <functional>
#include <string>
#include <string_view>

#include "edge/ib/client.hpp"

namespace robo::ib {

/// A setting that stands in the way of orders of this engine's size. Code 0: nothing does, or IB would have refused for its own reasons.
struct Obstacle {
  std::int32_t code{};
  std::string text{};          // the gateway's words
  std::string_view remedy{};   // what a person can do
};

/// A setting of the gateway, not a fault of the order: read-only API, precautionary limits.
[[nodiscard]] std::string_view remedy_for(std::int32_t code, std::string_view text);

/// The largest order the limits allow at `price`: what the settings must let through.
[[nodiscard]] Quantity largest_order(const Instrument& instrument, Price price, Quantity quantity_max, Money notional_max);

/// Asks once; the answer comes while the client works. Nothing is placed. Thread: the client's.
void preflight(Client& client, InstrumentId instrument, Quantity quantity, Price limit, std::function<void(const Obstacle&)> answer);

}  // namespace robo::ib
