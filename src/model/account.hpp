#pragma once
// What the broker says we own and owe.

#include <array>
#include <cstdint>

#include "base/decimal.hpp"
#include "base/fields.hpp"
#include "model/ids.hpp"

namespace robo {

enum class AccountTag : std::uint8_t {
  NetLiquidation, TotalCash, SettledCash, BuyingPower, EquityWithLoan, GrossPositionValue, InitialMargin, MaintenanceMargin,
  AvailableFunds, ExcessLiquidity, Cushion, UnrealizedPnl, RealizedPnl, DailyPnl, AccruedCash
};
template <>
struct EnumNames<AccountTag> {
  static constexpr std::array<std::string_view, 15> names{
      "net_liquidation", "total_cash", "settled_cash", "buying_power", "equity_with_loan", "gross_position_value", "initial_margin",
      "maintenance_margin", "available_funds", "excess_liquidity", "cushion", "unrealized_pnl", "realized_pnl", "daily_pnl",
      "accrued_cash"};
};

struct AccountValue {
  AccountTag tag{};
  CurrencyCode currency{};
  Money value{};
  using fields = Fields<&AccountValue::tag, &AccountValue::currency, &AccountValue::value>;
};

struct PositionReport {
  InstrumentId instrument{};
  Quantity quantity{};        // signed
  Money average_cost{};       // per unit incl. multiplier and commission, IB's avgCost
  bool from_reconciliation{};
  using fields = Fields<&PositionReport::instrument, &PositionReport::quantity, &PositionReport::average_cost,
                        &PositionReport::from_reconciliation>;
};

}  // namespace robo
