#pragma once
// A ticket: an order with everything IB lets people say about one. Built by name; what the law (order_law.hpp) forbids has no
// member function, so it cannot be written down:
//
//   buy(spy, shares(500)).limit(price(412, 30)).good_till_cancelled().iceberg(shares(100))
//   sell(spy, shares(500)).at_close()                                    // .iceberg(...) here does not compile
//   buy(spy, shares(500)).limit(price(412)).when(PriceCondition{...}).worked_by(Adaptive{})
//
// Numbers are judged before it leaves (order_check.hpp). Tickets ride beside OrderIntent, which stays small for the hot path.

#include "base/result.hpp"
#include "model/order_algo.hpp"
#include "model/order_condition.hpp"
#include "model/order_law.hpp"

namespace robo {

enum class Lifetime : std::uint8_t { Day, GoodTillCancelled, GoodTillDate, ImmediateOrCancel, FillOrKill, DayTillCancelled };
template <>
struct EnumNames<Lifetime> {
  static constexpr std::array<std::string_view, 6> names{"day", "gtc", "gtd", "ioc", "fok", "dtc"};
};

/// What IB does with the others of a one-cancels-all group when one is filled. Block: only one of them is at the exchange at a
/// time, so that two can never fill together.
enum class OcaType : std::uint8_t { None, CancelWithBlock, ReduceWithBlock, ReduceWithoutBlock };
template <>
struct EnumNames<OcaType> {
  static constexpr std::array<std::string_view, 4> names{"none", "cancel_with_block", "reduce_with_block", "reduce_without_block"};
};

/// A stop that becomes another order once the market reaches `trigger`.
struct AdjustToStop {
  Price trigger{};
  Price stop{};
  friend constexpr bool operator==(AdjustToStop, AdjustToStop) = default;
  using fields = Fields<&AdjustToStop::trigger, &AdjustToStop::stop>;
};
struct AdjustToStopLimit {
  Price trigger{};
  Price stop{};
  Price limit{};
  friend constexpr bool operator==(AdjustToStopLimit, AdjustToStopLimit) = default;
  using fields = Fields<&AdjustToStopLimit::trigger, &AdjustToStopLimit::stop, &AdjustToStopLimit::limit>;
};
struct AdjustToTrail {
  Price trigger{};
  Price stop{};
  Price distance{};
  friend constexpr bool operator==(AdjustToTrail, AdjustToTrail) = default;
  using fields = Fields<&AdjustToTrail::trigger, &AdjustToTrail::stop, &AdjustToTrail::distance>;
};
struct AdjustToTrailPercent {
  Price trigger{};
  Price stop{};
  BasisPoints distance{};
  friend constexpr bool operator==(AdjustToTrailPercent, AdjustToTrailPercent) = default;
  using fields = Fields<&AdjustToTrailPercent::trigger, &AdjustToTrailPercent::stop, &AdjustToTrailPercent::distance>;
};
struct NoAdjustment {
  friend constexpr bool operator==(NoAdjustment, NoAdjustment) = default;
  using fields = Fields<>;
};
using Adjustment = std::variant<NoAdjustment, AdjustToStop, AdjustToStopLimit, AdjustToTrail, AdjustToTrailPercent>;

/// The plain words of a ticket, as they are written to disk and taken from outside. Zero: not said.
struct TicketTerms {
  InstrumentId instrument{};
  Side side{};
  Quantity quantity{};                     // zero with `cash`
  Money cash{};                            // money to spend instead of a quantity
  TicketKind kind{};
  Lifetime lifetime{};
  Timestamp good_till{};                   // with GoodTillDate
  Timestamp good_after{};
  bool outside_hours{};
  bool hidden{};
  bool all_or_none{};
  bool sweep_to_fill{};
  Quantity display{};                      // iceberg
  Quantity minimum{};                      // of the first fill
  Price discretion{};
  TriggerMethod trigger_method{};
  std::array<Condition, 6> conditions{};
  std::uint8_t condition_count{};
  bool cancel_when_met{};                  // the conditions cancel the order instead of releasing it
  bool conditions_outside_hours{};
  Adjustment adjustment{};
  Algo algo{};
  std::array<Price, 4> leg_prices{};
  std::uint8_t leg_price_count{};
  FixedText<32> oca_group{};
  OcaType oca{};
  FixedText<12> exchange{};                // empty: SMART
  using fields =
      Fields<&TicketTerms::instrument, &TicketTerms::side, &TicketTerms::quantity, &TicketTerms::cash, &TicketTerms::kind,
             &TicketTerms::lifetime, &TicketTerms::good_till, &TicketTerms::good_after, &TicketTerms::outside_hours, &TicketTerms::hidden,
             &TicketTerms::all_or_none, &TicketTerms::sweep_to_fill, &TicketTerms::display, &TicketTerms::minimum, &TicketTerms::discretion,
             &TicketTerms::trigger_method, &TicketTerms::conditions, &TicketTerms::condition_count, &TicketTerms::cancel_when_met,
             &TicketTerms::conditions_outside_hours, &TicketTerms::adjustment, &TicketTerms::algo, &TicketTerms::leg_prices,
             &TicketTerms::leg_price_count, &TicketTerms::oca_group, &TicketTerms::oca, &TicketTerms::exchange>;
  friend bool operator==(const TicketTerms&, const TicketTerms&) = default;
};

/// The marks the words of a ticket carry.
[[nodiscard]] Marks marks_of(const TicketTerms& terms);

/// What is wrong with an order: IB's code for it, and our sentence.
struct Objection {
  std::int32_t code{};
  FixedText<160> text{};
};
/// Our sentence for a breach of the law.
[[nodiscard]] Objection sentence_of(OrderType type, const Unlawful& unlawful);

template <OrderType T, Marks M>
class Draft;

/// A lawful ticket: made by a Draft, or from words that were judged.
class Ticket {
 public:
  /// Errors: the first breach of the law.
  [[nodiscard]] static Result<Ticket, Objection> of(const TicketTerms& terms);
  [[nodiscard]] const TicketTerms& terms() const { return terms_; }
  [[nodiscard]] OrderType type() const { return type_of(terms_.kind); }

 private:
  template <OrderType T, Marks M>
  friend class Draft;
  explicit Ticket(const TicketTerms& terms) : terms_(terms) {}
  TicketTerms terms_;
};

/// A ticket being written. Each word returns the draft with that word in it; words the law forbids are not there.
template <OrderType T, Marks M = 0>
class Draft {
  static constexpr bool may(Mark mark) { return (M & bit(mark)) == 0 && sayable(T, M | bit(mark)); }

 public:
  explicit Draft(const TicketTerms& terms) : terms_(terms) {}
  operator Ticket() const { return Ticket(terms_); }
  [[nodiscard]] Ticket ticket() const { return Ticket(terms_); }

  auto good_till_cancelled() const requires(may(Mark::GoodTillCancelled)) { return live<Mark::GoodTillCancelled>(Lifetime::GoodTillCancelled); }
  auto immediate_or_cancel() const requires(may(Mark::ImmediateOrCancel)) { return live<Mark::ImmediateOrCancel>(Lifetime::ImmediateOrCancel); }
  auto fill_or_kill() const requires(may(Mark::FillOrKill)) { return live<Mark::FillOrKill>(Lifetime::FillOrKill); }
  auto day_till_cancelled() const requires(may(Mark::DayTillCancelled)) { return live<Mark::DayTillCancelled>(Lifetime::DayTillCancelled); }
  auto good_till(Timestamp at) const requires(may(Mark::GoodTillDate)) {
    auto draft = live<Mark::GoodTillDate>(Lifetime::GoodTillDate);
    draft.terms_.good_till = at;
    return draft;
  }
  auto good_after(Timestamp at) const requires(may(Mark::GoodAfter)) { return with<Mark::GoodAfter>(&TicketTerms::good_after, at); }
  auto outside_hours() const requires(may(Mark::OutsideHours)) { return with<Mark::OutsideHours>(&TicketTerms::outside_hours, true); }
  auto iceberg(Quantity shown) const requires(may(Mark::Iceberg)) { return with<Mark::Iceberg>(&TicketTerms::display, shown); }
  auto hidden() const requires(may(Mark::Hidden)) { return with<Mark::Hidden>(&TicketTerms::hidden, true); }
  auto discretion(Price beyond_limit) const requires(may(Mark::Discretionary)) {
    return with<Mark::Discretionary>(&TicketTerms::discretion, beyond_limit);
  }
  auto all_or_none() const requires(may(Mark::AllOrNone)) { return with<Mark::AllOrNone>(&TicketTerms::all_or_none, true); }
  auto at_least(Quantity first_fill) const requires(may(Mark::MinimumQuantity)) {
    return with<Mark::MinimumQuantity>(&TicketTerms::minimum, first_fill);
  }
  auto sweep_to_fill() const requires(may(Mark::SweepToFill)) { return with<Mark::SweepToFill>(&TicketTerms::sweep_to_fill, true); }

  /// Waits for the condition; and() and or() add more, read from left to right.
  auto when(const ConditionKind& condition) const requires(may(Mark::Conditional)) { return conditional(condition, false); }
  /// Works at once and is cancelled when the condition is met.
  auto cancel_when(const ConditionKind& condition) const requires(may(Mark::Conditional)) { return conditional(condition, true); }
  auto and_when(const ConditionKind& condition) const requires((M & bit(Mark::Conditional)) != 0) { return joined(Join::And, condition); }
  auto or_when(const ConditionKind& condition) const requires((M & bit(Mark::Conditional)) != 0) { return joined(Join::Or, condition); }

  /// Only stops change into another stop.
  auto adjusted(const Adjustment& to) const requires(may(Mark::Adjusting)) { return with<Mark::Adjusting>(&TicketTerms::adjustment, to); }

  template <class A>
  auto worked_by(const A& algo) const
    requires(may(Mark::Algorithm) && !std::is_same_v<A, NoAlgo> &&
             (std::is_same_v<A, Adaptive> ? (M & law::lifetimes) == 0 : true))
  {
    return with<Mark::Algorithm>(&TicketTerms::algo, Algo{algo});
  }

  /// How stops, touches and trails look at the price.
  auto triggered_by(TriggerMethod method) const { return changed(&TicketTerms::trigger_method, method); }
  auto one_cancels_all(std::string_view group, OcaType type) const {
    auto draft = changed(&TicketTerms::oca_group, FixedText<32>{group});
    draft.terms_.oca = type;
    return draft;
  }
  auto routed_to(std::string_view exchange) const { return changed(&TicketTerms::exchange, FixedText<12>{exchange}); }
  /// A price for each leg of a combination, instead of the net price alone.
  auto leg_prices(std::initializer_list<Price> prices) const requires(may(Mark::LegPrices)) {
    Draft<T, M | bit(Mark::LegPrices)> draft{terms_};
    for (const Price p : prices) {
      INVARIANT(draft.terms_.leg_price_count < draft.terms_.leg_prices.size());
      draft.terms_.leg_prices[draft.terms_.leg_price_count++] = p;
    }
    return draft;
  }

 private:
  template <OrderType U, Marks N>
  friend class Draft;
  friend class Start;
  template <Mark Added, class V>
  auto with(V TicketTerms::*member, const V& value) const {
    Draft<T, M | bit(Added)> draft{terms_};
    draft.terms_.*member = value;
    return draft;
  }
  template <class V>
  auto changed(V TicketTerms::*member, const V& value) const {
    Draft draft{terms_};
    draft.terms_.*member = value;
    return draft;
  }
  template <Mark Added>
  auto live(Lifetime lifetime) const {
    return with<Added>(&TicketTerms::lifetime, lifetime);
  }
  auto conditional(const ConditionKind& condition, bool cancels) const {
    Draft<T, M | bit(Mark::Conditional)> draft{terms_};
    draft.terms_.conditions[0] = {condition, Join::And};
    draft.terms_.condition_count = 1;
    draft.terms_.cancel_when_met = cancels;
    return draft;
  }
  auto joined(Join join, const ConditionKind& condition) const {
    Draft draft{terms_};
    auto& t = draft.terms_;
    INVARIANT(t.condition_count < t.conditions.size());
    t.conditions[t.condition_count - 1].next = join;
    t.conditions[t.condition_count++] = {condition, Join::And};
    return draft;
  }

  TicketTerms terms_;
};

/// The beginning of a ticket: side, instrument and size are said, the type is not yet.
class Start {
 public:
  Start(Side side, InstrumentId instrument, Quantity quantity) { terms_.side = side, terms_.instrument = instrument, terms_.quantity = quantity; }

  [[nodiscard]] Draft<OrderType::Market> market() const { return as<OrderType::Market>(Market{}); }
  [[nodiscard]] Draft<OrderType::Limit> limit(Price p) const { return as<OrderType::Limit>(Limit{p}); }
  [[nodiscard]] Draft<OrderType::Stop> stop(Price trigger) const { return as<OrderType::Stop>(Stop{trigger}); }
  [[nodiscard]] Draft<OrderType::StopLimit> stop_limit(Price trigger, Price p) const { return as<OrderType::StopLimit>(StopLimit{trigger, p}); }
  [[nodiscard]] Draft<OrderType::Trail> trail(Price distance, Price first_trigger = {}) const { return as<OrderType::Trail>(Trail{distance, first_trigger}); }
  [[nodiscard]] Draft<OrderType::TrailPercent> trail(BasisPoints distance, Price first_trigger = {}) const {
    return as<OrderType::TrailPercent>(TrailPercent{distance, first_trigger});
  }
  [[nodiscard]] Draft<OrderType::TrailLimit> trail_limit(Price distance, Price first_trigger, Price limit_offset) const {
    return as<OrderType::TrailLimit>(TrailLimit{distance, first_trigger, limit_offset});
  }
  [[nodiscard]] Draft<OrderType::MarketIfTouched> market_if_touched(Price trigger) const { return as<OrderType::MarketIfTouched>(MarketIfTouched{trigger}); }
  [[nodiscard]] Draft<OrderType::LimitIfTouched> limit_if_touched(Price trigger, Price p) const { return as<OrderType::LimitIfTouched>(LimitIfTouched{trigger, p}); }
  [[nodiscard]] Draft<OrderType::MarketToLimit> market_to_limit() const { return as<OrderType::MarketToLimit>(MarketToLimit{}); }
  [[nodiscard]] Draft<OrderType::MarketOnClose> at_close() const { return as<OrderType::MarketOnClose>(MarketOnClose{}); }
  [[nodiscard]] Draft<OrderType::LimitOnClose> at_close(Price limit) const { return as<OrderType::LimitOnClose>(LimitOnClose{limit}); }
  [[nodiscard]] Draft<OrderType::MarketOnOpen> at_open() const { return as<OrderType::MarketOnOpen>(MarketOnOpen{}); }
  [[nodiscard]] Draft<OrderType::LimitOnOpen> at_open(Price limit) const { return as<OrderType::LimitOnOpen>(LimitOnOpen{limit}); }
  [[nodiscard]] Draft<OrderType::Relative> relative(Price offset, Price cap = {}) const { return as<OrderType::Relative>(Relative{offset, cap}); }
  [[nodiscard]] Draft<OrderType::PegMid> peg_mid(Price offset = {}, Price cap = {}) const { return as<OrderType::PegMid>(PegMid{offset, cap}); }
  [[nodiscard]] Draft<OrderType::PegBest> peg_best(const PegBest& terms) const { return as<OrderType::PegBest>(terms); }

 private:
  template <OrderType T, class K>
  [[nodiscard]] Draft<T> as(const K& kind) const {
    static_assert(std::is_same_v<std::variant_alternative_t<static_cast<std::size_t>(T), TicketKind>, K>);
    Draft<T> draft{terms_};
    draft.terms_.kind = kind;
    return draft;
  }
  TicketTerms terms_{};
};

/// Money instead of a size: only market and limit orders can be meant.
class CashStart {
 public:
  CashStart(Side side, InstrumentId instrument, Money cash) { terms_.side = side, terms_.instrument = instrument, terms_.cash = cash; }
  [[nodiscard]] Draft<OrderType::Market, bit(Mark::CashQuantity)> market() const { return Draft<OrderType::Market, bit(Mark::CashQuantity)>{terms_}; }
  [[nodiscard]] Draft<OrderType::Limit, bit(Mark::CashQuantity)> limit(Price p) const {
    TicketTerms terms = terms_;
    terms.kind = Limit{p};
    return Draft<OrderType::Limit, bit(Mark::CashQuantity)>{terms};
  }

 private:
  TicketTerms terms_{};
};

[[nodiscard]] inline Start buy(InstrumentId instrument, Quantity quantity) { return {Side::Buy, instrument, quantity}; }
[[nodiscard]] inline Start sell(InstrumentId instrument, Quantity quantity) { return {Side::Sell, instrument, quantity}; }
[[nodiscard]] inline CashStart buy(InstrumentId instrument, Money cash) { return {Side::Buy, instrument, cash}; }
[[nodiscard]] inline CashStart sell(InstrumentId instrument, Money cash) { return {Side::Sell, instrument, cash}; }

}  // namespace robo
