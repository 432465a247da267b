#pragma once
// The numbers the gate holds orders against. One name for each from TOML to the screen; all may change while trading.
// Money is in the account's base currency.

#include <string_view>

#include "base/decimal.hpp"
#include "base/fields.hpp"
#include "base/result.hpp"

namespace robo::risk {

struct Limits {
  Quantity order_quantity_max = shares(10'000);
  Money order_notional_max = Money::whole(100'000);
  Quantity position_quantity_max = shares(20'000);     // with working entries of the same direction
  Money position_notional_max = Money::whole(250'000);
  Money gross_exposure_max = Money::whole(1'000'000);  // with working entries
  Money net_exposure_max = Money::whole(1'000'000);
  Money daily_loss_max = Money::whole(10'000);         // reached: entries are denied and the kill switch trips
  double price_collar_bp = 100;                        // how far past the middle of bid and ask an order may pay
  std::int64_t orders_max = 50;                        // entries, exits and changes in any order_window_s
  double order_window_s = 10;
  double duplicate_window_s = 1;                       // the same order twice within it is a mistake
  std::int64_t open_orders_per_contract_max = 20;      // IB refuses more (per contract, side and account)
  std::int64_t open_orders_max = 400;
  Money cash_min = Money::whole(0);                    // a purchase may not take cash below it; negative: margin may be used
  using fields =
      Fields<&Limits::order_quantity_max, &Limits::order_notional_max, &Limits::position_quantity_max, &Limits::position_notional_max,
             &Limits::gross_exposure_max, &Limits::net_exposure_max, &Limits::daily_loss_max, &Limits::price_collar_bp, &Limits::orders_max,
             &Limits::order_window_s, &Limits::duplicate_window_s, &Limits::open_orders_per_contract_max, &Limits::open_orders_max,
             &Limits::cash_min>;
  static constexpr bool defaults = true;  // a setting left out of the file keeps its value from here
};
static_assert(Complete<Limits>);

enum class LimitError : std::uint8_t { UnknownName, NotANumber, OutOfRange };

/// Changes one limit by its name. Returns the value before. Every limit but cash_min must be >= 0.
[[nodiscard]] Result<double, LimitError> set_limit(Limits& limits, std::string_view name, double value);
/// Value of a limit by name; nothing when there is no such limit.
[[nodiscard]] Result<double, LimitError> limit_value(const Limits& limits, std::string_view name);

}  // namespace robo::risk
