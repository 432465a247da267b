#pragma once
// Every way an order can be priced. The five of order.hpp are what strategies use; these are the rest of IB's vocabulary, for
// tickets (order_ticket.hpp). A kind carries the prices it cannot be without, and no others.

#include "model/order.hpp"

namespace robo {

/// A share in hundredths of a percent: 250 is 2.5 %.
using BasisPoints = Strong<struct BasisPointsTag, std::int32_t>;
constexpr BasisPoints percent(std::int32_t whole) { return BasisPoints{whole * 100}; }

/// Trails the market by a share of its price; `trigger` is the first stop price, zero: from the market.
struct TrailPercent {
  BasisPoints distance{};
  Price trigger{};
  friend constexpr bool operator==(TrailPercent, TrailPercent) = default;
  using fields = Fields<&TrailPercent::distance, &TrailPercent::trigger>;
};
/// A trailing stop whose limit stays `limit_offset` beyond the stop (below it for a sale).
struct TrailLimit {
  Price distance{};
  Price trigger{};
  Price limit_offset{};
  friend constexpr bool operator==(TrailLimit, TrailLimit) = default;
  using fields = Fields<&TrailLimit::distance, &TrailLimit::trigger, &TrailLimit::limit_offset>;
};
/// A market order once the price is touched from its better side: a buy below the market.
struct MarketIfTouched {
  Price trigger{};
  friend constexpr bool operator==(MarketIfTouched, MarketIfTouched) = default;
  using fields = Fields<&MarketIfTouched::trigger>;
};
struct LimitIfTouched {
  Price trigger{};
  Price price{};
  friend constexpr bool operator==(LimitIfTouched, LimitIfTouched) = default;
  using fields = Fields<&LimitIfTouched::trigger, &LimitIfTouched::price>;
};
/// What the market does not fill at once rests as a limit at the price of that fill.
struct MarketToLimit {
  friend constexpr bool operator==(MarketToLimit, MarketToLimit) = default;
  using fields = Fields<>;
};
/// In the closing auction, at its price.
struct MarketOnClose {
  friend constexpr bool operator==(MarketOnClose, MarketOnClose) = default;
  using fields = Fields<>;
};
struct LimitOnClose {
  Price price{};
  friend constexpr bool operator==(LimitOnClose, LimitOnClose) = default;
  using fields = Fields<&LimitOnClose::price>;
};
/// In the opening auction, at its price. At IB: MKT or LMT with time in force OPG.
struct MarketOnOpen {
  friend constexpr bool operator==(MarketOnOpen, MarketOnOpen) = default;
  using fields = Fields<>;
};
struct LimitOnOpen {
  Price price{};
  friend constexpr bool operator==(LimitOnOpen, LimitOnOpen) = default;
  using fields = Fields<&LimitOnOpen::price>;
};
/// Follows the best price of its own side, better by `offset`, never past `cap` (zero: none).
struct Relative {
  Price offset{};
  Price cap{};
  friend constexpr bool operator==(Relative, Relative) = default;
  using fields = Fields<&Relative::offset, &Relative::cap>;
};
/// Rests unseen at the midpoint, less aggressive by `offset`, never past `cap`.
struct PegMid {
  Price offset{};
  Price cap{};
  friend constexpr bool operator==(PegMid, PegMid) = default;
  using fields = Fields<&PegMid::offset, &PegMid::cap>;
};
/// Competes with the best price of its own side by `better`, up to the midpoint, for at least `competing` units standing there.
struct PegBest {
  Price better{};
  Price cap{};
  std::int32_t competing{};    // minimum size of the order it competes with
  std::int32_t least_trade{};  // smallest fill
  friend constexpr bool operator==(PegBest, PegBest) = default;
  using fields = Fields<&PegBest::better, &PegBest::cap, &PegBest::competing, &PegBest::least_trade>;
};

using TicketKind = std::variant<Market, Limit, Stop, StopLimit, Trail, TrailPercent, TrailLimit, MarketIfTouched, LimitIfTouched, MarketToLimit,
                                MarketOnClose, LimitOnClose, MarketOnOpen, LimitOnOpen, Relative, PegMid, PegBest>;

/// The alternatives of TicketKind by name, in their order.
enum class OrderType : std::uint8_t {
  Market, Limit, Stop, StopLimit, Trail, TrailPercent, TrailLimit, MarketIfTouched, LimitIfTouched, MarketToLimit,
  MarketOnClose, LimitOnClose, MarketOnOpen, LimitOnOpen, Relative, PegMid, PegBest
};
template <>
struct EnumNames<OrderType> {
  static constexpr std::array<std::string_view, 17> names{
      "market", "limit", "stop", "stop_limit", "trail", "trail_percent", "trail_limit", "market_if_touched", "limit_if_touched",
      "market_to_limit", "market_on_close", "limit_on_close", "market_on_open", "limit_on_open", "relative", "peg_mid", "peg_best"};
};
static_assert(std::variant_size_v<TicketKind> == EnumNames<OrderType>::names.size());

constexpr OrderType type_of(const TicketKind& kind) { return static_cast<OrderType>(kind.index()); }

}  // namespace robo
