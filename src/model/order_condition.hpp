#pragma once
// What an order may wait for before it goes to work, or before it is cancelled.

#include "model/order_kinds.hpp"

namespace robo {

/// How a price is looked at for a trigger; IB's numbering has gaps (order_words.hpp).
enum class TriggerMethod : std::uint8_t { Default, DoubleBidAsk, Last, DoubleLast, BidAsk, LastOrBidAsk, MidPoint };
template <>
struct EnumNames<TriggerMethod> {
  static constexpr std::array<std::string_view, 7> names{"default", "double_bid_ask", "last", "double_last", "bid_ask", "last_or_bid_ask", "midpoint"};
};

/// At or beyond a level, from below (AtLeast) or from above (AtMost).
enum class Beyond : std::uint8_t { AtMost, AtLeast };
template <>
struct EnumNames<Beyond> {
  static constexpr std::array<std::string_view, 2> names{"at_most", "at_least"};
};

struct PriceCondition {
  InstrumentId instrument{};
  Beyond beyond{};
  TriggerMethod method{};
  Price price{};
  friend constexpr bool operator==(PriceCondition, PriceCondition) = default;
  using fields = Fields<&PriceCondition::instrument, &PriceCondition::beyond, &PriceCondition::method, &PriceCondition::price>;
};
/// AtLeast: from that moment on.
struct TimeCondition {
  Beyond beyond{Beyond::AtLeast};
  Timestamp at{};
  friend constexpr bool operator==(TimeCondition, TimeCondition) = default;
  using fields = Fields<&TimeCondition::beyond, &TimeCondition::at>;
};
/// The account's cushion (excess liquidity as a share of net liquidation) in whole percent.
struct MarginCondition {
  Beyond beyond{};
  std::int32_t percent{};
  friend constexpr bool operator==(MarginCondition, MarginCondition) = default;
  using fields = Fields<&MarginCondition::beyond, &MarginCondition::percent>;
};
/// Any fill of ours in that instrument.
struct ExecutionCondition {
  InstrumentId instrument{};
  friend constexpr bool operator==(ExecutionCondition, ExecutionCondition) = default;
  using fields = Fields<&ExecutionCondition::instrument>;
};
/// Volume of the day.
struct VolumeCondition {
  InstrumentId instrument{};
  Beyond beyond{Beyond::AtLeast};
  std::int32_t volume{};
  friend constexpr bool operator==(VolumeCondition, VolumeCondition) = default;
  using fields = Fields<&VolumeCondition::instrument, &VolumeCondition::beyond, &VolumeCondition::volume>;
};
/// Change against the close of the session before.
struct ChangeCondition {
  InstrumentId instrument{};
  Beyond beyond{};
  BasisPoints change{};
  friend constexpr bool operator==(ChangeCondition, ChangeCondition) = default;
  using fields = Fields<&ChangeCondition::instrument, &ChangeCondition::beyond, &ChangeCondition::change>;
};
using ConditionKind = std::variant<PriceCondition, TimeCondition, MarginCondition, ExecutionCondition, VolumeCondition, ChangeCondition>;

/// How a condition is joined with the one after it; read from left to right.
enum class Join : std::uint8_t { And, Or };
template <>
struct EnumNames<Join> {
  static constexpr std::array<std::string_view, 2> names{"and", "or"};
};

struct Condition {
  ConditionKind when{};
  Join next{};
  friend constexpr bool operator==(const Condition&, const Condition&) = default;
  using fields = Fields<&Condition::when, &Condition::next>;
};

}  // namespace robo
