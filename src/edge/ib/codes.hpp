#pragma once
// IB's codes: what each one does to the connection, to a request and to an order. The same number can mean different things
// for different addressees (321 kills a request, but a refused modification leaves the order alive). Source: docs/ib.md, Codes.

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/fields.hpp"

namespace robo::ib {

/// For messages with id -1, and those that concern the whole session whatever their id.
enum class LinkEffect : std::uint8_t {
  None,
  Lost,            // the gateway lost IB: nothing can be sent to the market
  RestoredEmpty,   // back, subscriptions are gone: subscribe again, reconcile
  RestoredKept,    // back, subscriptions live on: reconcile
  FarmBroken,      // market data only; orders are not touched
  FarmOk,
  HistoryFarm,     // historical data or security definitions only: neither quotes nor orders
  ClientIdInUse,   // the gateway still holds our old socket: wait, never change the id
  Paced,           // too many messages
  Moved            // the gateway's port changed: the socket is gone
};

enum class RequestEffect : std::uint8_t {
  None,            // advice; the request goes on
  Dead,            // no answer will come
  ResetDepth,      // the book is void, rows follow
  Resubscribe,     // the stream stopped; ask again with a fresh id
  Done             // the id was not known any more: nothing to cancel
};

enum class OrderEffect : std::uint8_t {
  None,            // advice; the order lives
  Rejected,        // refused: the order never lived; refused as a modification, the old terms stay
  Cancelled,       // confirmed
  CancelRefused,   // it cannot be cancelled (any more): ask for its fate
  Doubtful         // something happened to it: ask for its fate
};

struct Code {
  std::int32_t number{};
  LinkEffect link{};
  RequestEffect request{};
  OrderEffect order{};
  std::string_view meaning{};  // for people, with the fix where there is one
};

/// The row of a code. Codes not in the table get advice for the link and requests and Doubtful for orders: nothing is ever
/// declared dead because a number was large.
[[nodiscard]] const Code& code_of(std::int32_t number);
[[nodiscard]] bool is_known(std::int32_t number);
[[nodiscard]] std::span<const Code> all_codes();

}  // namespace robo::ib
