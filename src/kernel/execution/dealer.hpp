#pragma once
// The dealer works targets into orders and keeps every order's life: chasing, brackets, cancels and changes, fills, unknown
// fates, reconciliation with the broker, and the operator's stop buttons.

#include <optional>
#include <span>
#include <vector>

#include "kernel/execution/orders.hpp"
#include "kernel/execution/policy.hpp"
#include "kernel/market/market.hpp"
#include "kernel/portfolio/portfolio.hpp"
#include "kernel/risk/gate.hpp"
#include "model/command.hpp"

namespace robo::execution {

/// A position somebody wants, and how its entry is to be protected.
struct Goal {
  InstrumentId instrument{};
  Quantity quantity{};       // signed
  Price stop_distance{};     // 0: no stop
  Price target_distance{};   // 0: no profit target
  bool urgent{};             // cross the spread at once
  Reason reason{};
};

/// What one event brings along and takes away.
struct Turn {
  Timestamp now{};
  Commands& out;
  Facts& facts;
};

/// Thread: hot. Allocates in the constructor only.
class Dealer {
 public:
  Dealer(const Policy& policy, const market::Market& market, portfolio::Portfolio& portfolio, risk::Gate& gate,
         std::size_t instruments_max);
  ~Dealer();
  Dealer(const Dealer&) = delete;
  Dealer& operator=(const Dealer&) = delete;

  void start(const EngineStarted& started, Turn& turn);
  void define(const Instrument& instrument);

  /// Sets the position wanted and takes the next step towards it.
  void pursue(const Goal& goal, Turn& turn);
  /// Prices moved: working orders may follow.
  void on_quote(InstrumentId instrument, Turn& turn);
  void on_phase(const PhaseChange& change, Turn& turn);
  void on(const TimerFired& fired, Turn& turn);
  void on(const OrderUpdate& update, Turn& turn);
  void on(const Execution& execution, Turn& turn);
  void on(const Commission& commission, Turn& turn);
  void on_twin(const OrderUpdate& update, Turn& turn);
  void on(const AccountValue& value, Turn& turn);
  void on(const PositionReport& report, Turn& turn);
  void on(const GatewayChanged& change, Turn& turn);
  void on(const ReconciliationBegan& began, Turn& turn);
  void on(const ReconciliationEnded& ended, Turn& turn);
  void on(const RuntimeAlarm& alarm, Turn& turn);
  /// An order of ours from before a restart, out of the journal: when the broker shows it, it is adopted with this intent.
  void remember(const OrderIntent& intent);
  void on(const OperatorInput& input, Turn& turn);
  /// Looks at the day's loss; trips the kill switch when its limit is reached.
  void watch_loss(Turn& turn);

  void kill(KillCause cause, std::string_view who, std::string_view reason, Turn& turn);

  /// Instruments whose protective stop or profit target was filled in this turn, or that somebody ordered to be flat.
  [[nodiscard]] std::span<const InstrumentId> stood_down() const { return stood_down_; }
  void begin_turn() {
    stood_down_.clear();
    orders_.make_ready();
  }
  /// Somebody has an opinion: orders may follow within this turn.
  void expect_orders() const { orders_.expect({session_, counter_ + 1}); }

  // ---- reading ---------------------------------------------------------------------------------------------------------
  [[nodiscard]] const Orders& orders() const { return orders_; }
  [[nodiscard]] const Policy& policy() const { return policy_; }
  [[nodiscard]] bool reconciling() const { return reconciliation_ != 0; }
  [[nodiscard]] std::uint64_t session() const { return session_; }

 private:
  struct Pursuit;

  // sending
  [[nodiscard]] OrderKey next_key() { return {session_, ++counter_}; }
  Order* submit(const OrderIntent& intent, Turn& turn);
  Order& place(const ApprovedOrder& approved, Turn& turn);
  [[nodiscard]] risk::Refusal no_room() const;
  bool submit_bracket(OrderIntent& entry, const Goal& goal, Price reference, Turn& turn);
  bool change(Order& order, const OrderIntent& wanted, Turn& turn);
  void cancel(Order& order, Turn& turn);
  void query(Order& order, Turn& turn);
  void reconcile(Turn& turn);
  /// What forbade orders is over: everything waiting may be tried at once.
  void wake_all(Turn& turn);
  void deny(const OrderIntent& intent, const risk::Refusal& refusal, Turn& turn);
  void note(NoteKind kind, InstrumentId instrument, OrderKey key, std::string_view text, Turn& turn);

  // an order's life
  void settle(Order& order, OrderState state, Turn& turn);
  void reclaim(Order& order);
  void tell(const Order& order, OrderState previous, Turn& turn);
  void finished(Order& order, Turn& turn);
  void take_terms(Order& order, const OrderUpdate& update, Turn& turn);
  Order* adopt(const OrderUpdate& update, Turn& turn);
  Order* order_of(OrderKey key, PermId perm_id);
  void look_after(InstrumentId instrument, Turn& turn);
  void tell_position(InstrumentId instrument, Turn& turn);
  void count_reject(Turn& turn);

  // chasing
  void step(InstrumentId instrument, Turn& turn);
  void adjust(Pursuit& pursuit, Order& order, Turn& turn);
  void reprice(Pursuit& pursuit, Order& order, Turn& turn);
  [[nodiscard]] std::optional<OrderIntent> draft(Pursuit& pursuit, OrderPurpose purpose, Side side, Quantity quantity, Turn& turn);
  [[nodiscard]] bool is_aggressive(const Pursuit& pursuit, OrderPurpose purpose, Timestamp now) const;
  void begin_order(Pursuit& pursuit, OrderIntent intent, Turn& turn);
  [[nodiscard]] Price working_price(const Pursuit& pursuit, Side side, OrderPurpose purpose, bool aggressive, const market::UsableQuote& quote) const;
  [[nodiscard]] bool waits_for_word(InstrumentId instrument);

  // protection
  bool make_room(Pursuit& pursuit, const OrderIntent& exit, Turn& turn);
  void guard(Pursuit& pursuit, Turn& turn);
  void take_up_stops(Turn& turn);
  void bracket_broken(Pursuit& pursuit, const Order& stop, Turn& turn);
  void stood_unprotected(Pursuit& pursuit, Turn& turn);
  void flatten(InstrumentId instrument, Turn& turn);
  void stand_down(InstrumentId instrument);

  // time
  void want(Timestamp due, Turn& turn);
  void sweep(Turn& turn);
  [[nodiscard]] Timestamp watch(Order& order, Turn& turn);
  [[nodiscard]] bool has_room(const Turn& turn) const { return turn.out.size() + 16 < Commands::capacity(); }

  // differences with the broker
  [[nodiscard]] Timestamp watch_cash(Turn& turn);
  Timestamp watch_expiries(Turn& turn);
  [[nodiscard]] bool ends_soon(Pursuit& pursuit, Turn& turn);
  void explain(const portfolio::Difference& difference, Turn& turn);

  void open_gate_if_ready();
  void compare_orders(ReconciliationNoted& noted, Turn& turn);

  Policy policy_;
  const market::Market& market_;
  portfolio::Portfolio& portfolio_;
  risk::Gate& gate_;
  Orders orders_;
  std::vector<Pursuit> pursuits_;
  std::size_t size_ = 0;
  std::vector<OrderIntent> remembered_;
  FixedVector<InstrumentId, 512> stood_down_;
  std::uint64_t session_ = 0, counter_ = 0, timers_ = 0;
  Timestamp armed_due_{INT64_MAX};
  std::vector<Timestamp> rejects_;  // ring
  std::uint64_t reject_count_ = 0;

  GatewayState gateway_{};
  std::uint32_t reconciliation_ = 0;      // number of the running one, 0: none
  std::uint32_t reconciliations_asked_ = 0;
  std::uint32_t connections_lost_ = 0;
  bool stops_taken_up_ = false;
  Timestamp reconciliation_began_at_{};
  Timestamp reconcile_at_{INT64_MAX};     // ask again
  Timestamp cash_differs_since_{INT64_MAX};
  ReconciliationNoted progress_{};
  bool reconciled_ = false, entries_stopped_ = false, restart_window_ = false, backtest_ = false;
};

}  // namespace robo::execution
