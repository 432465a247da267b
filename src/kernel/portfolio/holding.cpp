#include "kernel/portfolio/holding.hpp"

namespace robo::portfolio {

Money Holding::apply(Quantity change, Money value, Settlement settlement) {
  Money profit{};
  if (quantity.sign() * change.sign() >= 0) {
    cost += value;
  } else if (change.abs() < quantity.abs()) {
    const auto removed = Money::from_raw(narrow(divide_rounded(i128{cost.raw} * change.abs().raw, quantity.abs().raw)));
    profit = -value - removed;
    cost -= removed;
  } else {  // closes all, and what is left of it opens the other side
    const auto closing = Money::from_raw(narrow(divide_rounded(i128{value.raw} * quantity.abs().raw, change.abs().raw)));
    profit = -closing - cost;
    cost = value - closing;
  }
  quantity += change;
  realized += profit;
  if (settlement == Settlement::Future) {
    cash += profit;
  } else {
    cash -= value;
    if (settlement == Settlement::Pair) base_cash += as_money(change);
  }
  return profit;
}

Price average_price(const Holding& holding, std::int64_t multiplier) {
  if (holding.quantity.is_zero()) return {};
  constexpr i128 unit = i128{Price::scale} * Quantity::scale / Money::scale;
  return Price::from_raw(narrow(divide_rounded(i128{holding.cost.raw} * unit, i128{holding.quantity.raw} * multiplier)));
}

}  // namespace robo::portfolio
