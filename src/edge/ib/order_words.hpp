#pragma once
// A ticket in the words of placeOrder.

#include <deque>
#include <string>

#include "edge/ib/contracts.hpp"
#include "edge/ib/wire/generated/types.hpp"
#include "model/order_ticket.hpp"

namespace robo::ib {

/// Texts that a wire::Order points at; keep them until it is sent.
using OrderTexts = std::deque<std::string>;

/// Writes what `ticket` says into `order`: type, prices, lifetime, attributes, conditions, adjustment, algorithm. Account, ids and
/// reference are the sender's. Errors: a condition names an instrument whose contract is not known.
[[nodiscard]] Result<bool, Problem> write_ticket(const TicketTerms& ticket, const InstrumentTable& instruments, wire::Order& order, OrderTexts& texts);

}  // namespace robo::ib
