#pragma once
// Which attributes go with which order type. One table serves twice: Draft (order_ticket.hpp) has no member function for what the
// law forbids, so code that asks for it does not compile; and what comes in at run time (wire, REST) is judged by the same words.

#include <bit>

#include "model/order_kinds.hpp"

namespace robo {

/// What an order has beyond its type. Lifetime Day is the absence of the five others.
enum class Mark : std::uint8_t {
  GoodTillCancelled, GoodTillDate, ImmediateOrCancel, FillOrKill, DayTillCancelled, GoodAfter, OutsideHours, Iceberg, Hidden,
  Discretionary, AllOrNone, MinimumQuantity, SweepToFill, CashQuantity, Conditional, Adjusting, Algorithm, LegPrices
};
template <>
struct EnumNames<Mark> {
  static constexpr std::array<std::string_view, 18> names{
      "good_till_cancelled", "good_till_date", "immediate_or_cancel", "fill_or_kill", "day_till_cancelled", "good_after", "outside_hours",
      "iceberg", "hidden", "discretionary", "all_or_none", "minimum_quantity", "sweep_to_fill", "cash_quantity", "conditional",
      "adjusting", "algorithm", "leg_prices"};
};
inline constexpr int mark_count = static_cast<int>(EnumNames<Mark>::names.size());

/// Bit per Mark.
using Marks = std::uint32_t;
constexpr Marks bit(Mark mark) { return Marks{1} << static_cast<unsigned>(mark); }
template <class... M>
constexpr Marks bits(M... marks) {
  return (Marks{0} | ... | bit(marks));
}

namespace law {

inline constexpr Marks lifetimes =
    bits(Mark::GoodTillCancelled, Mark::GoodTillDate, Mark::ImmediateOrCancel, Mark::FillOrKill, Mark::DayTillCancelled);
inline constexpr Marks lasting = bits(Mark::GoodTillCancelled, Mark::GoodTillDate, Mark::DayTillCancelled, Mark::GoodAfter);

/// Attributes a type may have (docs/orders.md is written from this).
constexpr Marks allowed(OrderType type) {
  using enum Mark;
  switch (type) {
    case OrderType::Market: return lasting | bits(ImmediateOrCancel, FillOrKill, AllOrNone, SweepToFill, CashQuantity, Conditional, Algorithm);
    case OrderType::Limit:
      return lasting | bits(ImmediateOrCancel, FillOrKill, OutsideHours, Iceberg, Hidden, Discretionary, AllOrNone, MinimumQuantity, SweepToFill,
                            CashQuantity, Conditional, Algorithm, LegPrices);
    case OrderType::Stop:
    case OrderType::Trail:
    case OrderType::TrailPercent: return lasting | bits(OutsideHours, Conditional, Adjusting);
    case OrderType::StopLimit:
    case OrderType::TrailLimit: return lasting | bits(OutsideHours, Iceberg, Hidden, Conditional, Adjusting);
    case OrderType::MarketIfTouched: return lasting | bits(OutsideHours, Conditional);
    case OrderType::LimitIfTouched: return lasting | bits(OutsideHours, Iceberg, Hidden, Conditional);
    case OrderType::MarketToLimit: return lasting | bits(Conditional);
    // An auction is a moment of one day: no lifetime, nothing to show or to hide.
    case OrderType::MarketOnClose:
    case OrderType::LimitOnClose:
    case OrderType::MarketOnOpen:
    case OrderType::LimitOnOpen: return 0;
    case OrderType::Relative: return lasting | bits(Iceberg, Hidden, Conditional);
    case OrderType::PegMid: return bits(GoodTillCancelled, ImmediateOrCancel, MinimumQuantity);
    case OrderType::PegBest: return bits(GoodTillCancelled);
  }
  return 0;
}

/// Attributes that exclude each other.
struct Clash {
  Mark one{};
  Marks others{};
};
inline constexpr std::array<Clash, 8> clashes{{
    {Mark::Iceberg, bits(Mark::Hidden, Mark::Discretionary, Mark::AllOrNone, Mark::SweepToFill)},
    {Mark::Hidden, bits(Mark::SweepToFill)},
    {Mark::AllOrNone, bits(Mark::MinimumQuantity, Mark::Discretionary)},
    {Mark::ImmediateOrCancel, bits(Mark::Iceberg, Mark::Hidden, Mark::GoodAfter, Mark::Discretionary)},
    {Mark::FillOrKill, bits(Mark::Iceberg, Mark::Hidden, Mark::GoodAfter, Mark::Discretionary, Mark::MinimumQuantity)},
    {Mark::Algorithm, bits(Mark::ImmediateOrCancel, Mark::FillOrKill, Mark::DayTillCancelled, Mark::OutsideHours, Mark::Iceberg, Mark::Hidden,
                           Mark::Discretionary, Mark::AllOrNone, Mark::MinimumQuantity, Mark::SweepToFill, Mark::CashQuantity, Mark::LegPrices)},
    {Mark::CashQuantity, bits(Mark::Iceberg, Mark::AllOrNone, Mark::MinimumQuantity, Mark::LegPrices)},
    {Mark::LegPrices, bits(Mark::Iceberg, Mark::Hidden, Mark::Discretionary, Mark::AllOrNone, Mark::SweepToFill)},
}};

}  // namespace law

/// Why a type and its marks do not go together; code 0: they do. The code is IB's for the same complaint.
struct Unlawful {
  std::int32_t code{};
  Mark mark{};
  Mark with{};          // the mark it clashes with; equal to `mark` when it is the type
};

constexpr Unlawful judge(OrderType type, Marks marks) {
  const Marks stray = marks & ~law::allowed(type);
  if (stray != 0) {
    const auto mark = static_cast<Mark>(std::countr_zero(stray));
    const bool on_close = type == OrderType::MarketOnClose || type == OrderType::LimitOnClose;
    std::int32_t code = 387;  // unsupported for this order
    if ((bit(mark) & law::lifetimes) != 0) code = on_close ? 113 : 111;
    else if (mark == Mark::Hidden) code = 152;
    else if (mark == Mark::OutsideHours) code = 411;
    else if (mark == Mark::Conditional) code = 402;
    else if (mark == Mark::CashQuantity) code = 10244;
    else if (mark == Mark::Algorithm) code = 442;
    return {code, mark, mark};
  }
  if (const Marks life = marks & law::lifetimes; std::popcount(life) > 1)
    return {111, static_cast<Mark>(std::countr_zero(life)), static_cast<Mark>(31 - std::countl_zero(life))};
  for (const auto& clash : law::clashes) {
    if ((marks & bit(clash.one)) == 0) continue;
    const Marks both = marks & clash.others;
    if (both == 0) continue;
    const auto other = static_cast<Mark>(std::countr_zero(both));
    std::int32_t code = 387;
    if (clash.one == Mark::Iceberg && other == Mark::Discretionary) code = 157;
    else if (other == Mark::Hidden || clash.one == Mark::Hidden) code = 152;
    else if (clash.one == Mark::ImmediateOrCancel || clash.one == Mark::FillOrKill) code = 111;
    else if (clash.one == Mark::Algorithm) code = 442;
    else if (clash.one == Mark::CashQuantity) code = 10244;
    return {code, clash.one, other};
  }
  return {};
}

/// May an order of this type have these marks together?
constexpr bool sayable(OrderType type, Marks marks) { return judge(type, marks).code == 0; }

}  // namespace robo
