#pragma once
// The simulated broker's ledger: cash per currency, positions at IB's average cost (commission and multiplier included).

#include <vector>

#include "base/fixed_vector.hpp"
#include "model/account.hpp"
#include "model/instrument.hpp"
#include "model/order.hpp"

namespace robo::sim {

struct Holding {
  Quantity quantity{};   // signed
  Money basis{};         // what it cost, commission included; negative for a short
  Money entered{};       // the same without commission
  Money realized{};      // since the account was opened, after commission
  Price mark{};

  [[nodiscard]] Money average_cost() const {
    return quantity.is_zero() ? Money{} : Money::from_raw(narrow(divide_rounded(i128{basis.raw} * Quantity::scale, quantity.raw)));
  }
};

struct CashBalance {
  CurrencyCode currency{};
  Money amount{};
};

/// Money needed to hold positions: Reg T, from data (ib-facts: stock margin), a fraction of value where nothing better is known.
struct MarginRates {
  double stock_long{0.25}, stock_short{0.30}, future{0.06}, crypto{1.0}, forex{0.05}, option_long{1.0}, option_short{0.30};
};

class Account {
 public:
  Account(CurrencyCode base, Money cash);

  void know(const Instrument& instrument);
  struct Booked {
    Money realized{};
    bool closes{};       // some of it reduced a position
  };
  Booked book(InstrumentId instrument, Side side, Quantity quantity, Price price, Money commission, CurrencyCode commission_currency);
  void mark(InstrumentId instrument, Price price) { holdings_[instrument.value].mark = price; }
  void pay(CurrencyCode currency, Money amount) { cash_of(currency) += amount; }
  /// A position from before the simulation began, at cost `basis`.
  void open_with(InstrumentId instrument, Quantity quantity, Money basis);

  [[nodiscard]] const Holding& holding(InstrumentId instrument) const { return holdings_[instrument.value]; }
  [[nodiscard]] std::size_t instruments() const { return holdings_.size(); }
  [[nodiscard]] const Instrument& instrument(InstrumentId id) const { return instruments_[id.value]; }
  [[nodiscard]] std::span<const CashBalance> cash() const { return cash_; }
  [[nodiscard]] CurrencyCode base() const { return base_; }
  /// What one unit of `currency` is worth in base; 1 until told.
  void set_rate(CurrencyCode currency, double rate);
  [[nodiscard]] double rate(CurrencyCode currency) const;

  [[nodiscard]] Money market_value(InstrumentId instrument) const;
  [[nodiscard]] Money unrealized(InstrumentId instrument) const;

  struct Values {        // in base
    double net_liquidation{}, total_cash{}, gross_position{}, stock_value{}, initial_margin{}, maintenance_margin{}, unrealized{}, realized{};
    [[nodiscard]] double available_funds() const { return net_liquidation - initial_margin; }
    [[nodiscard]] double excess_liquidity() const { return net_liquidation - maintenance_margin; }
    [[nodiscard]] double buying_power() const { return 4.0 * available_funds() > 0 ? 4.0 * available_funds() : 0; }
  };
  [[nodiscard]] Values values() const;
  /// Initial margin of a position of `quantity` at `price`, in base.
  [[nodiscard]] double margin(InstrumentId instrument, Quantity quantity, Price price) const;

 private:
  Money& cash_of(CurrencyCode currency);

  CurrencyCode base_;
  FixedVector<CashBalance, 12> cash_;
  FixedVector<std::pair<CurrencyCode, double>, 12> rates_;
  std::vector<Instrument> instruments_;
  std::vector<Holding> holdings_;
  MarginRates margins_;
};

}  // namespace robo::sim
