#pragma once
// The gate: the only maker of ApprovedOrder. Every order and every change of one passes here on its own.

#include <array>
#include <cstdint>
#include <vector>

#include "base/result.hpp"
#include "kernel/market/market.hpp"
#include "kernel/portfolio/portfolio.hpp"
#include "kernel/risk/limits.hpp"
#include "kernel/risk/open_orders.hpp"
#include "model/fact.hpp"

namespace robo::risk {

/// Bit per Denial, all that apply.
using Denials = std::uint32_t;
constexpr Denials bit(Denial denial) { return Denials{1} << static_cast<unsigned>(denial); }

/// Why an order was refused: the first reason with its number, and all of them.
struct Refusal {
  Denial reason{};
  double measured{};  // in the limit's unit
  double limit{};
  Denials all{};
};

/// Orders that reduce what we hold pass the limits that only bound entries. An order that claims to reduce and does not is
/// judged as an entry.
/// Thread: hot. Allocates in the constructor and define() only.
class Gate {
 public:
  Gate(const Limits& limits, const market::Market& market, const portfolio::Portfolio& portfolio, std::size_t instruments_max);

  void start(const EngineStarted& started);
  void define(const Instrument& instrument);

  /// Decides whether `intent` may reach the market, with prices and positions as of the last event. An approval counts: for
  /// the order rate and as the latest order of its instrument.
  [[nodiscard]] Result<ApprovedOrder, Refusal> approve(const OrderIntent& intent, Timestamp now);
  /// The same for new terms of a working order; what it adds is judged against `standing` less `filled`.
  [[nodiscard]] Result<ApprovedOrder, Refusal> approve_change(const OrderIntent& wanted, const OrderIntent& standing, Quantity filled,
                                                              Timestamp now);
  /// All reasons against an order without counting it; 0: it would pass. `used` is what already works of it (a change).
  [[nodiscard]] Denials reasons(const OrderIntent& intent, Quantity used, Timestamp now) const;

  // ---- switches --------------------------------------------------------------------------------------------------------
  /// Broker connected and reconciled. Closed at the start.
  void set_ready(bool ready) { set(Denial::NotReady, !ready); }
  void set_killed(bool killed) { set(Denial::KillSwitch, killed); }
  void set_entries_stopped(bool stopped) { set(Denial::EntriesStopped, stopped); }
  void set_journal_down(bool down) { set(Denial::JournalDown, down); }
  [[nodiscard]] bool ready() const { return !is_set(Denial::NotReady); }
  [[nodiscard]] bool killed() const { return is_set(Denial::KillSwitch); }
  [[nodiscard]] bool entries_stopped() const { return is_set(Denial::EntriesStopped); }

  [[nodiscard]] const Limits& limits() const { return limits_; }
  [[nodiscard]] Result<double, LimitError> set_limit(std::string_view name, double value);

  /// The loss of the day stands at or past the limit.
  [[nodiscard]] bool daily_loss_reached() const;

  [[nodiscard]] OpenOrders& open_orders() { return open_; }
  [[nodiscard]] const OpenOrders& open_orders() const { return open_; }
  /// Orders, exits and changes approved within the window that ends at `now`.
  [[nodiscard]] std::int64_t orders_in_window(Timestamp now) const;
  /// The most that one entry at `price` may ask for, on the instrument's size grid; a larger wish is worked in slices.
  [[nodiscard]] Quantity largest_entry(InstrumentId instrument, Price price) const;
  /// Notional of an order in base currency at the price it would pay.
  [[nodiscard]] Money notional_of(const OrderIntent& intent, Quantity quantity) const;

 private:
  struct Terms {           // of one instrument
    Quantity step{};
    std::int64_t multiplier{1};
    TickTable ticks{};
    portfolio::Settlement settlement{};
  };
  struct Latest {          // last order approved per instrument and side
    Timestamp at{INT64_MIN};
    Quantity quantity{};
    OrderKind kind{};
    OrderPurpose purpose{};
  };
  struct Measures {        // everything the reasons are made of; kept to say the number
    Quantity position_after{};
    Money notional{}, position_notional{}, gross{}, net{}, loss{}, cash_after{};
    double past_mid_bp{};
    bool reduces{};
    market::QuoteProblem quote_problem{};
    bool quote_usable{};
    Timestamp now{};
  };
  void set(Denial denial, bool on) { switches_ = on ? switches_ | bit(denial) : switches_ & ~bit(denial); }
  [[nodiscard]] bool is_set(Denial denial) const { return (switches_ & bit(denial)) != 0; }
  [[nodiscard]] Denials measure(const OrderIntent& intent, Quantity used, Timestamp now, bool change, Measures& m) const;
  [[nodiscard]] Refusal refusal(Denials denials, const OrderIntent& intent, const Measures& m) const;
  void count(const OrderIntent& intent, Timestamp now);
  void rescale();

  Limits limits_;
  const market::Market& market_;
  const portfolio::Portfolio& portfolio_;
  OpenOrders open_;
  std::vector<Terms> terms_;
  std::vector<std::array<Latest, 2>> latest_;
  std::vector<Timestamp> window_;       // ring of approvals' times, one place per order the window may hold
  std::uint64_t window_count_ = 0;
  Duration window_length_{}, duplicate_length_{};
  Denials switches_ = bit(Denial::NotReady) | bit(Denial::NotArmed);
};

}  // namespace robo::risk
