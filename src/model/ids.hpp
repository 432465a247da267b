#pragma once
// Names for things. An order has three different ones, and only OrderKey identifies it for ever.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/fields.hpp"
#include "base/result.hpp"
#include "base/strong.hpp"
#include "base/text.hpp"

namespace robo {

using InstrumentId = Strong<struct InstrumentIdTag, std::uint32_t>;  // dense, 0..n-1, one engine's own numbering
using StrategyId = Strong<struct StrategyIdTag, std::uint16_t>;      // dense, 0..n-1
using TimerId = Strong<struct TimerIdTag, std::uint64_t>;
using PermId = Strong<struct PermIdTag, std::int64_t>;               // IB's own, per account, 0 until acknowledged
using ContractId = Strong<struct ContractIdTag, std::int64_t>;       // IB conId
using ExecutionId = FixedText<40>;                                   // IB execId; a correction changes the last dotted group
using CurrencyCode = FixedText<6>;

/// Ours, for ever: engine session number (never reused, kept on disk) and a counter in it. Written into IB's orderRef.
struct OrderKey {
  std::uint64_t session{};
  std::uint64_t number{};
  friend constexpr auto operator<=>(OrderKey, OrderKey) = default;
  constexpr explicit operator bool() const { return session != 0; }
  using fields = Fields<&OrderKey::session, &OrderKey::number>;
};

/// "RT" + session and number in hex, e.g. RT00000000000000c4-0000000000000007: 35 characters, fits orderRef.
[[nodiscard]] std::string to_text(OrderKey key);
/// Errors: not one of ours.
[[nodiscard]] Result<OrderKey, Problem> parse_order_key(std::string_view text);

/// What IB calls an order within one API client: alone it never identifies an order.
struct BrokerOrderId {
  std::int32_t client_id{};
  std::int32_t order_id{};
  friend constexpr auto operator<=>(BrokerOrderId, BrokerOrderId) = default;
  using fields = Fields<&BrokerOrderId::client_id, &BrokerOrderId::order_id>;
};

}  // namespace robo
