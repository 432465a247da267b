#pragma once
// What a trade costs at IB: commission of the fixed or tiered plan, plus what exchanges, clearing and regulators take.

#include <array>
#include <cstdint>
#include <string_view>

#include "edge/sim/fees/fee_table.hpp"
#include "model/instrument.hpp"
#include "model/order.hpp"

namespace robo::sim {

enum class CommissionPlan : std::uint8_t { Fixed, Tiered };

/// How an execution met the market, as far as fees care.
enum class FeeLiquidity : std::uint8_t { Removed, Added, OpenAuction, CloseAuction, IbkrAts };

/// One execution, seen by the cashier.
struct Charged {
  const Instrument* instrument{};
  Side side{};
  Quantity quantity{};
  Price price{};
  FeeLiquidity liquidity{};
  std::string_view venue{};      // where it was filled: ISLAND, NYSE, ...; empty: not known
  bool directed{};               // the API order named an exchange instead of SMART
};

/// What one order has traded and paid today. A modification, and a new day, starts a new one (IB counts it as a new order).
struct OrderTicket {
  Quantity quantity{};
  Money value{};
  Money uncapped{};              // commission before minimum and cap
  Money commission{};            // commission charged so far
};

/// Volumes of the calendar month, by which tiers are counted.
struct MonthToDate {
  Quantity us_shares{};
  Quantity option_contracts{};
  Quantity future_contracts{};
  Money forex_value{};
  Money crypto_value{};
  Money european_value{};
};

struct Charge {
  Money commission{};            // IB's own part
  Money third_party{};           // venue, clearing, pass-through, regulators; negative: a rebate
  Money total{};                 // rounded once, from the exact sum
};

/// Counts costs with the rates of the day. Thread: one. Allocates only when the date changes.
class Cashier {
 public:
  Cashier(FeeTable table, CommissionPlan plan);

  /// Errors at construction time only: see problems().
  [[nodiscard]] Charge charge(const Charged& fill, OrderTicket& ticket, MonthToDate& month, Date day);

  /// Commission an order would cost if it filled at `price` at once; nothing is booked.
  [[nodiscard]] Money preview(const Charged& fill, const MonthToDate& month, Date day);

  /// Fee of one calendar day on a short position at `annual_rate` (a fraction).
  [[nodiscard]] Money borrow_fee(Quantity shares_short, Price close, Rate annual_rate, std::string_view currency, Date day) const;
  /// Interest of one day on a debit balance, tiers blended.
  [[nodiscard]] Money debit_interest(Money debit, Rate benchmark, std::string_view currency, Date day) const;

  [[nodiscard]] CommissionPlan plan() const { return plan_; }
  [[nodiscard]] const FeeTable& table() const { return table_; }

 private:
  struct Tiers {
    std::array<Rate, 5> rate{};
    std::array<Rate, 4> to{};
    std::uint32_t count{};
  };
  struct Rates {                 // of one day
    Rate stock_fixed, stock_fixed_min, stock_max_fraction, stock_fraction_min, stock_tiered_min, directed, directed_min, ats_discount;
    Tiers stock;
    Rate sec, taf_stock, taf_stock_cap, taf_option, cat, clearing, clearing_cap, nyse, finra;
    Tiers option_low, option_middle, option_high;
    Rate option_min, option_directed, orf, occ, occ_cap;
    bool occ_capped{};
    Rate future_regulatory;
    Tiers fx;
    std::array<Rate, 5> fx_min;
    Tiers crypto;
    Rate crypto_min, crypto_max_fraction;
    Rate eur_fixed, eur_fixed_min, eur_directed, eur_directed_min, eur_min, eur_max;
    Tiers eur;
  };
  const Rates& rates(Date day);
  Tiers tiers(std::string_view prefix, Date day) const;
  Charge us_stock(const Charged&, OrderTicket&, MonthToDate&, Date);
  Charge us_option(const Charged&, OrderTicket&, MonthToDate&, Date);
  Charge future(const Charged&, OrderTicket&, MonthToDate&, Date);
  Charge forex(const Charged&, OrderTicket&, MonthToDate&, Date);
  Charge crypto(const Charged&, OrderTicket&, MonthToDate&, Date);
  Charge european_stock(const Charged&, OrderTicket&, MonthToDate&, Date);

  FeeTable table_;
  CommissionPlan plan_;
  Date day_{INT32_MIN};
  Rates rates_{};
};

}  // namespace robo::sim
