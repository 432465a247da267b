#include "edge/sim/broker/account.hpp"

#include <algorithm>
#include <cmath>

namespace robo::sim {

Account::Account(CurrencyCode base, Money cash) : base_(base) { cash_.push_back({base, cash}); }

void Account::know(const Instrument& instrument) {
  if (instruments_.size() <= instrument.id.value) {
    instruments_.resize(instrument.id.value + 1);
    holdings_.resize(instrument.id.value + 1);
  }
  instruments_[instrument.id.value] = instrument;
  cash_of(instrument.currency);  // so that no fill has to make it
}

Money& Account::cash_of(CurrencyCode currency) {
  for (auto& balance : cash_)
    if (balance.currency == currency) return balance.amount;
  cash_.push_back({currency, Money{}});
  return cash_.back().amount;
}

void Account::set_rate(CurrencyCode currency, double rate) {
  for (auto& known : rates_)
    if (known.first == currency) {
      known.second = rate;
      return;
    }
  rates_.push_back({currency, rate});
}

double Account::rate(CurrencyCode currency) const {
  for (const auto& known : rates_)
    if (known.first == currency) return known.second;
  return 1.0;
}

void Account::open_with(InstrumentId instrument, Quantity quantity, Money basis) {
  holdings_[instrument.value].quantity = quantity;
  holdings_[instrument.value].basis = holdings_[instrument.value].entered = basis;
}

Account::Booked Account::book(InstrumentId id, Side side, Quantity quantity, Price price, Money commission, CurrencyCode commission_currency) {
  const Instrument& instrument = instruments_[id.value];
  Holding& holding = holdings_[id.value];
  const Money value = notional(price, quantity, instrument.multiplier);
  const Quantity change = signed_quantity(side, quantity);
  Booked booked;
  Money gained;  // before commission
  const bool opposite_sign = holding.quantity.sign() * change.sign() < 0;
  const Quantity closing = opposite_sign ? std::min(holding.quantity.abs(), quantity) : Quantity{};
  const auto part = [&](Money whole, Quantity of_quantity) {
    return Money::from_raw(narrow(divide_rounded(i128{whole.raw} * of_quantity.raw, quantity.raw)));
  };
  if (closing.is_positive()) {
    const Money value_closed = part(value, closing), commission_closed = part(commission, closing);
    const Money basis_closed = Money::from_raw(narrow(divide_rounded(i128{holding.basis.raw} * closing.raw, holding.quantity.abs().raw)));
    const Money proceeds = side == Side::Sell ? value_closed : -value_closed;
    const Money entered_closed = Money::from_raw(narrow(divide_rounded(i128{holding.entered.raw} * closing.raw, holding.quantity.abs().raw)));
    gained = proceeds - entered_closed;
    holding.entered -= entered_closed;
    booked.realized = proceeds - basis_closed - commission_closed;
    booked.closes = true;
    holding.basis -= basis_closed;
    holding.realized += booked.realized;
  }
  const Quantity opening = quantity - closing;
  if (opening.is_positive()) {
    const Money value_opened = part(value, opening), commission_opened = part(commission, opening);
    const Money entered = side == Side::Buy ? value_opened : -value_opened;
    holding.entered += entered;
    holding.basis += entered + commission_opened;
  }
  holding.quantity += change;
  if (holding.quantity.is_zero()) holding.basis = holding.entered = Money{};
  holding.mark = price;
  // A future is not paid for: its profit moves cash when it is realized.
  if (instrument.asset_class == AssetClass::Future) {
    cash_of(instrument.currency) += gained;
  } else {
    cash_of(instrument.currency) += side == Side::Buy ? -value : value;
  }
  cash_of(commission_currency) -= commission;
  return booked;
}

Money Account::market_value(InstrumentId id) const {
  const Holding& holding = holdings_[id.value];
  return notional(holding.mark, holding.quantity, instruments_[id.value].multiplier);
}

Money Account::unrealized(InstrumentId id) const {
  const Holding& holding = holdings_[id.value];
  return holding.quantity.is_zero() || holding.mark.is_zero() ? Money{} : market_value(id) - holding.basis;
}

double Account::margin(InstrumentId id, Quantity quantity, Price price) const {
  const Instrument& instrument = instruments_[id.value];
  const double value = std::abs(notional(price, quantity, instrument.multiplier).to_double()) * rate(instrument.currency);
  const bool is_short = quantity.is_negative();
  switch (instrument.asset_class) {
    case AssetClass::Stock:
    case AssetClass::Etf: return value * (is_short ? margins_.stock_short : margins_.stock_long);
    case AssetClass::Future: return value * margins_.future;
    case AssetClass::Crypto: return value * margins_.crypto;
    case AssetClass::Forex: return value * margins_.forex;
    case AssetClass::Option: return value * (is_short ? margins_.option_short : margins_.option_long);
    case AssetClass::Combo:
    case AssetClass::Index: return 0;
  }
  return 0;
}

Account::Values Account::values() const {
  Values v;
  for (const auto& balance : cash_) v.total_cash += balance.amount.to_double() * rate(balance.currency);
  v.net_liquidation = v.total_cash;
  for (std::uint32_t i = 0; i < holdings_.size(); ++i) {
    const Holding& holding = holdings_[i];
    const InstrumentId id{i};
    v.realized += holding.realized.to_double() * rate(instruments_[i].currency);
    if (holding.quantity.is_zero()) continue;
    const double fx = rate(instruments_[i].currency);
    const double value = market_value(id).to_double() * fx;
    const double unrealized_here = unrealized(id).to_double() * fx;
    v.unrealized += unrealized_here;
    if (instruments_[i].asset_class == AssetClass::Future) {
      v.net_liquidation += (market_value(id) - holding.entered).to_double() * fx;
    } else {
      v.net_liquidation += value;
      v.stock_value += value;
      v.gross_position += std::abs(value);
    }
    const double needed = margin(id, holding.quantity, holding.mark);
    v.initial_margin += needed;
    v.maintenance_margin += needed;
  }
  return v;
}

}  // namespace robo::sim
