#pragma once
// IB's side of an order's life in front of the exchange: checks, brackets and one-cancels-all, holds, executions, commission,
// positions. Speaks in reports; who carries them to whom, and when, is the caller's affair.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "edge/sim/broker/account.hpp"
#include "edge/sim/exchange/matcher.hpp"
#include "edge/sim/fees/commission.hpp"

namespace robo::sim {

struct BrokerSettings {
  FillRules fills{};
  CommissionPlan plan{CommissionPlan::Fixed};
  CurrencyCode base{"USD"};
  Money cash{Money::whole(1'000'000)};
  bool fractional_shares{};          // IB's API refuses them
  bool check_margin{true};
  bool crypto_as_at_ib{};            // no short sale, market buys by cash only
  bool regulatory_collar{true};      // a limit far through the NBBO is rejected
  std::uint32_t active_orders_max{20};  // per contract and side; 0: no such rule
  bool keep_history{};               // final orders stay in the pool (a server answers for them)
};

/// What a client asks for.
struct Terms {
  InstrumentId instrument{};
  Side side{};
  TimeInForce time_in_force{};
  bool outside_regular_hours{};
  bool directed{};
  bool transmit{true};
  Quantity quantity{};
  OrderKind kind{};
  std::uint64_t reference{};
  Slot parent{no_slot};
  std::uint64_t oca_group{};
  OcaRule oca{};
  const TicketTerms* ticket{};       // null: a plain order; else it says all of the above but reference, parent and group
};
/// The words of a ticket as a broker takes them; `ticket` is set unless it is plain. Keep the ticket until the order is placed.
[[nodiscard]] Terms terms_of(const TicketTerms& ticket);

/// A combination is reported as one execution of its own and one per leg; positions and commissions are the legs'.
enum class ReportKind : std::uint8_t { Status, Execution, Commission, Position };

struct Report {
  ReportKind kind{};
  OrderState state{};
  Hold hold{};
  Side side{};
  std::uint8_t liquidity{};          // IB lastLiquidity
  char venue{};                      // TAQ letter, 0: not known
  bool has_realized{};
  Slot slot{no_slot};
  std::uint64_t reference{};
  InstrumentId instrument{};
  std::int32_t code{};
  std::uint64_t execution{};         // number of the execution
  Timestamp at{};
  PermId perm_id{};
  Quantity quantity{}, filled{}, remaining{};
  Price average{}, limit{}, trigger{};
  Quantity last_quantity{};
  Price last_price{};
  Money commission{}, realized{};
  CurrencyCode currency{};
  Quantity position{};
  Money average_cost{};
  FixedText<120> text{};
};

/// A refusal: IB's code and words.
struct Refusal {
  std::int32_t code{};
  FixedText<120> text{};
};

class Broker {
 public:
  Broker(BrokerSettings settings, FeeTable fees);
  Broker(const Broker&) = delete;
  Broker& operator=(const Broker&) = delete;

  void add(const Instrument& instrument);

  /// The market moves. Reports may follow.
  void on_market(Timestamp at, const EventPayload& payload);
  /// Time passes while the market is silent: what waits for a moment gets it.
  void on_time(Timestamp at);

  /// A slot for the order, or why TWS would not take it. A rejection by IB itself (margin) comes as a report instead.
  [[nodiscard]] Result<Slot, Refusal> place(Timestamp at, const Terms& terms);
  /// Same order, new price or quantity or time in force.
  [[nodiscard]] std::optional<Refusal> modify(Timestamp at, Slot slot, const Terms& terms);
  [[nodiscard]] std::optional<Refusal> cancel(Timestamp at, Slot slot);
  void cancel_all(Timestamp at);

  /// Shares that can be borrowed; unlimited until told. Held shorts are released when enough are found.
  void set_shortable(Timestamp at, InstrumentId instrument, Quantity available);

  struct WhatIf {
    double initial_before{}, initial_after{}, maintenance_before{}, maintenance_after{}, equity_before{}, equity_after{};
    Money commission{};
    CurrencyCode currency{};
  };
  [[nodiscard]] WhatIf what_if(const Terms& terms, Timestamp at);
  [[nodiscard]] std::optional<Refusal> check(const Terms& terms, Timestamp at) const;

  [[nodiscard]] std::span<const Report> reports() const { return reports_; }
  void clear_reports() { reports_.clear(); }

  [[nodiscard]] const Order& order(Slot slot) const { return orders_[slot]; }
  [[nodiscard]] std::size_t orders() const { return orders_.size(); }
  [[nodiscard]] const Matcher& matcher() const { return matcher_; }
  [[nodiscard]] Matcher& matcher() { return matcher_; }
  [[nodiscard]] const Account& account() const { return account_; }
  [[nodiscard]] Account& account() { return account_; }
  [[nodiscard]] const BrokerSettings& settings() const { return settings_; }
  /// Brings marks of held instruments up to the market.
  void mark();

 private:
  void settle(Timestamp at);
  void on_fill(Timestamp at, const Match& match);
  void finish(Timestamp at, Slot slot, OrderState state, std::int32_t code, std::string_view text);
  void send_to_exchange(Timestamp at, Slot slot);
  void transmit_family(Timestamp at, Slot parent);
  void status(Timestamp at, Slot slot, std::int32_t code = 0, std::string_view text = {});
  void after_parent_filled(Timestamp at, Slot parent);
  void after_oca_fill(Timestamp at, Slot filled, Quantity quantity, bool complete);
  [[nodiscard]] bool enough_margin(const Terms& terms) const;
  void new_month(Date day);
  void release();
  // combinations (combos.cpp)
  void combine();
  void on_combo_fill(Timestamp at, const Match& whole, std::span<const Match> legs);
  [[nodiscard]] std::optional<Refusal> check_combo(const Terms& terms) const;
  [[nodiscard]] double combo_margin(const Terms& terms) const;
  [[nodiscard]] Money combo_commission(const Terms& terms, Timestamp at);
  // what waits and changes by itself (watch.cpp)
  void watch(Timestamp at, InstrumentId moved);
  [[nodiscard]] bool watch_one(Timestamp at, Slot slot, InstrumentId moved);
  [[nodiscard]] bool waits(Timestamp at, Slot slot);
  [[nodiscard]] bool met(Timestamp at, Special& special);
  [[nodiscard]] bool met(Timestamp at, const ConditionKind& condition, std::uint32_t fills_before, std::uint8_t& seen);
  void let_go(Timestamp at, Slot slot);
  [[nodiscard]] std::optional<Refusal> size_by_money(const TicketTerms& ticket, Order& order) const;
  void begin_watch(Order& order);
  void change_special(Timestamp at, Slot slot, const Terms& terms);
  void rework(Slot slot, const OrderKind& kind);
  void adjust(Timestamp at, Slot slot);
  void end_waiting(Timestamp at, InstrumentId instrument);
  void pace(Timestamp at, Slot slot);
  [[nodiscard]] Report report_of(Timestamp at, Slot slot, ReportKind kind) const;

  BrokerSettings settings_;
  OrderPool orders_;
  Matcher matcher_;
  Account account_;
  Cashier cashier_;
  MonthToDate month_{};
  std::int32_t month_number_ = -1;
  std::vector<Report> reports_;
  std::vector<Match> working_;
  std::vector<Slot> live_;            // not final, in order of arrival
  std::vector<Slot> done_;
  std::vector<Slot> watched_;         // special orders that wait or change by themselves
  std::vector<std::uint32_t> fills_;  // executions by instrument
  bool print_{};                      // the market's last word was a trade
  std::vector<Slot> work_;
  std::vector<Quantity> shortable_;
  std::vector<std::uint32_t> active_[2];
  std::vector<InstrumentId> uncombined_;   // combinations whose legs are not known yet
  struct LegWork {
    std::array<Quantity, 4> filled{};
    std::array<Money, 4> value{};
    std::array<OrderTicket, 4> tickets{};  // every leg pays as an order of its own
    Date day{};
  };
  std::unordered_map<Slot, LegWork> leg_work_;
  std::int64_t next_perm_ = 1'380'000'001;
  std::uint64_t next_execution_ = 1;
};

}  // namespace robo::sim
