#pragma once
// Orders: what is wanted (OrderIntent), what the gate let through (ApprovedOrder), what became of it (OrderUpdate, Execution).

#include <array>
#include <cstdint>
#include <variant>

#include "base/decimal.hpp"
#include "base/fields.hpp"
#include "base/time.hpp"
#include "model/ids.hpp"

namespace robo {

namespace risk {
class Gate;
}

enum class Side : std::uint8_t { Buy, Sell };
template <>
struct EnumNames<Side> {
  static constexpr std::array<std::string_view, 2> names{"buy", "sell"};
};
constexpr int sign(Side side) { return side == Side::Buy ? 1 : -1; }
constexpr Side opposite(Side side) { return side == Side::Buy ? Side::Sell : Side::Buy; }
constexpr Quantity signed_quantity(Side side, Quantity quantity) { return side == Side::Buy ? quantity : -quantity; }

struct Market {
  friend constexpr bool operator==(Market, Market) = default;
  using fields = Fields<>;
};
struct Limit {
  Price price{};
  friend constexpr bool operator==(Limit, Limit) = default;
  using fields = Fields<&Limit::price>;
};
struct Stop {
  Price trigger{};
  friend constexpr bool operator==(Stop, Stop) = default;
  using fields = Fields<&Stop::trigger>;
};
struct StopLimit {
  Price trigger{};
  Price price{};
  friend constexpr bool operator==(StopLimit, StopLimit) = default;
  using fields = Fields<&StopLimit::trigger, &StopLimit::price>;
};
/// Trails the market by `distance`; `trigger` is the first stop price.
struct Trail {
  Price distance{};
  Price trigger{};
  friend constexpr bool operator==(Trail, Trail) = default;
  using fields = Fields<&Trail::distance, &Trail::trigger>;
};
using OrderKind = std::variant<Market, Limit, Stop, StopLimit, Trail>;

enum class TimeInForce : std::uint8_t { Day, GoodTillCancel, ImmediateOrCancel, FillOrKill };
template <>
struct EnumNames<TimeInForce> {
  static constexpr std::array<std::string_view, 4> names{"day", "gtc", "ioc", "fok"};
};

/// Why an order exists. Only Entry raises risk; the others stay possible when entries are stopped.
enum class OrderPurpose : std::uint8_t { Entry, Exit, ProtectiveStop, ProfitTarget, Flatten };
template <>
struct EnumNames<OrderPurpose> {
  static constexpr std::array<std::string_view, 5> names{"entry", "exit", "protective_stop", "profit_target", "flatten"};
};

/// One strategy's part in a decision: its signed share of the target, in units.
struct Contribution {
  StrategyId strategy{};
  Quantity quantity{};
  using fields = Fields<&Contribution::strategy, &Contribution::quantity>;
};

/// What bounded the size of a target, the tightest of all.
enum class SizeCap : std::uint8_t { None, VolatilityTarget, Kelly, PositionLimit, GrossExposure, NetExposure, Drawdown, Cash, NoTradeBand };
template <>
struct EnumNames<SizeCap> {
  static constexpr std::array<std::string_view, 9> names{"none", "volatility_target", "kelly", "position_limit", "gross_exposure",
                                                         "net_exposure", "drawdown", "cash", "no_trade_band"};
};

/// Who decided, and which cap bound: goes with an order from target to statement.
struct Reason {
  std::array<Contribution, 8> contributions{};
  std::uint8_t contribution_count{};
  SizeCap cap{};
  Quantity target{};         // position wanted when the order was made
  double blended_score{};    // -1..1
  using fields = Fields<&Reason::contributions, &Reason::contribution_count, &Reason::cap, &Reason::target, &Reason::blended_score>;
};

struct OrderIntent {
  OrderKey key{};                 // given by execution; constant over modifications
  InstrumentId instrument{};
  Side side{};
  TimeInForce time_in_force{};
  OrderPurpose purpose{};
  bool outside_regular_hours{};
  bool transmit{true};            // false: waits at the gateway for the last order of its bracket
  Quantity quantity{};            // > 0
  OrderKind kind{};
  OrderKey parent{};              // bracket: the entry this one protects
  OrderKey oca_group{};           // one cancels all: the entry's key
  Reason reason{};
  using fields = Fields<&OrderIntent::key, &OrderIntent::instrument, &OrderIntent::side, &OrderIntent::time_in_force,
                        &OrderIntent::purpose, &OrderIntent::outside_regular_hours, &OrderIntent::transmit,
                        &OrderIntent::quantity, &OrderIntent::kind, &OrderIntent::parent, &OrderIntent::oca_group,
                        &OrderIntent::reason>;
};

/// An intent that passed the gate. Only risk::Gate can make one, and gateways accept nothing else.
class ApprovedOrder {
 public:
  [[nodiscard]] const OrderIntent& intent() const { return intent_; }
  [[nodiscard]] Timestamp approved_at() const { return at_; }

 private:
  friend class robo::risk::Gate;
  ApprovedOrder(const OrderIntent& intent, Timestamp at) : intent_(intent), at_(at) {}
  OrderIntent intent_;
  Timestamp at_;
};

/// An order's life. States only advance (see kernel/execution); Unknown: sent, and nobody has told us its fate.
enum class OrderState : std::uint8_t { PendingSubmit, PreSubmitted, Submitted, PendingCancel, Unknown, Filled, Cancelled, Rejected };
template <>
struct EnumNames<OrderState> {
  static constexpr std::array<std::string_view, 8> names{"pending_submit", "pre_submitted", "submitted", "pending_cancel",
                                                         "unknown", "filled", "cancelled", "rejected"};
};
constexpr bool is_final(OrderState state) {
  return state == OrderState::Filled || state == OrderState::Cancelled || state == OrderState::Rejected;
}

/// What the broker says of an order. Arrives late, twice, out of order; executions are the truth about fills.
struct OrderUpdate {
  OrderKey key{};              // zero: not an order of ours (manual, or another client's)
  BrokerOrderId broker_id{};
  PermId perm_id{};
  InstrumentId instrument{};
  OrderState state{};
  Side side{};
  bool external{};             // placed by somebody else
  bool from_reconciliation{};
  std::int32_t code{};         // IB code with a rejection or warning, 0 without
  Quantity quantity{};         // total; 0: not told
  Quantity filled{};
  Quantity remaining{};
  Price average_price{};
  Price limit{}, trigger{};    // as the broker shows them; 0: none
  FixedText<16> why_held{};    // "locate", "trigger", ...
  FixedText<120> text{};       // the broker's words
  using fields = Fields<&OrderUpdate::key, &OrderUpdate::broker_id, &OrderUpdate::perm_id, &OrderUpdate::instrument,
                        &OrderUpdate::state, &OrderUpdate::side, &OrderUpdate::external,
                        &OrderUpdate::from_reconciliation, &OrderUpdate::code, &OrderUpdate::quantity,
                        &OrderUpdate::filled, &OrderUpdate::remaining, &OrderUpdate::average_price,
                        &OrderUpdate::limit, &OrderUpdate::trigger, &OrderUpdate::why_held, &OrderUpdate::text>;
};

/// A fill. Idempotent by execution id without its last dotted group; a later group corrects an earlier one.
struct Execution {
  ExecutionId id{};
  OrderKey key{};
  BrokerOrderId broker_id{};
  PermId perm_id{};
  InstrumentId instrument{};
  Side side{};
  bool external{};
  bool from_reconciliation{};
  std::uint8_t liquidity{};    // IB lastLiquidity: 0 not told, 1 added, 2 removed, 3 routed out
  Quantity quantity{};
  Price price{};
  Timestamp executed_at{};     // the exchange's time, UTC
  FixedText<12> venue{};
  using fields = Fields<&Execution::id, &Execution::key, &Execution::broker_id, &Execution::perm_id,
                        &Execution::instrument, &Execution::side, &Execution::external,
                        &Execution::from_reconciliation, &Execution::liquidity, &Execution::quantity,
                        &Execution::price, &Execution::executed_at, &Execution::venue>;
};

/// Commission of one execution; IB may report it before the execution itself.
struct Commission {
  ExecutionId execution{};
  Money amount{};
  CurrencyCode currency{};
  Money realized_pnl{};        // IB's own figure; 0 with has_realized false
  bool has_realized{};
  using fields = Fields<&Commission::execution, &Commission::amount, &Commission::currency,
                        &Commission::realized_pnl, &Commission::has_realized>;
};

}  // namespace robo
