#pragma once
// Is this ticket one that IB would take? Asked before it leaves: every objection comes with IB's code and a sentence of ours.

#include <optional>
#include <vector>

#include "model/instrument.hpp"
#include "model/order_ticket.hpp"

namespace robo {

/// Last moments for an auction, counted back from its time. Dated: exchanges move them.
struct AuctionCutoffs {
  Duration close_entry{}, close_change{};  // before the regular close
  Duration open_entry{};                   // before the regular open; also the last cancel
};
/// The exchange's own rules on that day (docs/orders.md, Auctions).
[[nodiscard]] AuctionCutoffs auction_cutoffs(std::string_view primary_exchange, Date day);
/// Ours: earlier than any exchange's, so that a slow line does not turn a MOC into nothing.
inline constexpr AuctionCutoffs engine_cutoffs{.close_entry = minutes(16), .close_change = minutes(12), .open_entry = minutes(4)};

/// Where and when a ticket would arrive. Zero: not known, and what needs it is not judged.
struct Surroundings {
  const Instrument* instrument{};
  Timestamp now{};
  Timestamp regular_open{}, regular_close{};  // of the session that is on, or of the next one
  Price bid{}, ask{};
  AuctionCutoffs cutoffs{engine_cutoffs};
  bool fractional_shares{};                   // the account may (IB's API: normally not)
};

/// Everything against the ticket, the gravest first; empty: it may go.
[[nodiscard]] std::vector<Objection> objections(const Ticket& ticket, const Surroundings& at);

/// May an auction order still be changed or cancelled?
[[nodiscard]] std::optional<Objection> change_objection(const Ticket& ticket, const Surroundings& at);

}  // namespace robo
