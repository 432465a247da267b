#pragma once
// An order off the wire, in our words. Reads nothing but the message: what the exchange thinks of it is the broker's affair.

#include "base/result.hpp"
#include "edge/sim/server/contracts.hpp"
#include "edge/sim/server/wire_text.hpp"
#include "edge/ib/wire/generated/order_requests.hpp"
#include "model/order_ticket.hpp"

namespace robo::sim {

/// IB's code and words for what is wrong with a message.
struct Misread {
  std::int32_t code{};
  std::string text{};
};

/// Errors: the first thing TWS would complain about. The instrument is already known.
[[nodiscard]] Result<TicketTerms, Misread> read_ticket(const wire::Order& order, InstrumentId instrument, const Contracts& contracts, const Login& login);

}  // namespace robo::sim
