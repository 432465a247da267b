#pragma once
// The arithmetic of one position: average cost, realized profit and cash, exact to a millionth of the currency.
// Law of every sequence of fills: cash == realized - cost (fully paid instruments), cash == realized (futures).

#include "base/decimal.hpp"
#include "model/instrument.hpp"

namespace robo::portfolio {

/// How a fill moves cash. Stocks, funds, coins and options are paid in full; futures settle their profit; a currency pair
/// exchanges two balances; a combination moves nothing itself: its legs do.
enum class Settlement : std::uint8_t { Full, Future, Pair, Legs };

constexpr Settlement settlement_of(AssetClass asset_class) {
  switch (asset_class) {
    case AssetClass::Future: return Settlement::Future;
    case AssetClass::Forex: return Settlement::Pair;
    case AssetClass::Combo: return Settlement::Legs;
    default: return Settlement::Full;
  }
}

struct Holding {
  Quantity quantity{};  // signed
  Money cost{};         // paid for the open quantity, multiplier included, without commission; negative: received for a short
  Money realized{};     // before commissions
  Money cash{};         // what its fills did to cash in the quote currency
  Money base_cash{};    // currency pairs: what they did to the base currency

  /// Books a fill of `change` (signed) whose notional is `value` (same sign). Returns the profit it realized.
  Money apply(Quantity change, Money value, Settlement settlement);
  friend constexpr bool operator==(const Holding&, const Holding&) = default;
};

/// Quantity of a currency as money, rounded half away from zero.
constexpr Money as_money(Quantity quantity) {
  return Money::from_raw(narrow(divide_rounded(quantity.raw, Quantity::scale / Money::scale)));
}

/// cost / (quantity x multiplier) rounded to a price; 0 when flat.
[[nodiscard]] Price average_price(const Holding& holding, std::int64_t multiplier);

}  // namespace robo::portfolio
