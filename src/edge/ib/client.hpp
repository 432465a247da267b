#pragma once
// The client of one TWS or IB Gateway: a runtime::Gateway that is turned by one crank.
//
//   ib::Client client(settings, clock);          // throws Problem as std::runtime_error when the state folder is unusable
//   client.want(InstrumentId{0}, {.symbol = "AAPL"}, {.quotes = true, .depth_rows = 5});
//   while (...) if (client.next(event)) kernel(event), client.send(command); else client.wait(milliseconds(1));
//
// A tick goes socket -> decode -> Event -> kernel -> Command -> encode -> send inside one turn, on one thread, without a copy
// of its text. What goes wrong comes out as Events; nothing here throws after the constructor, and nothing blocks.

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "edge/ib/account.hpp"
#include "edge/ib/market_data.hpp"
#include "edge/ib/orders.hpp"
#include "edge/ib/questions.hpp"
#include "edge/ib/reconciliation.hpp"
#include "runtime/ports.hpp"

namespace robo::ib {

class Client final : public runtime::Gateway, private Link::Listener {
 public:
  /// Throws std::runtime_error: the state folder or its high-water mark cannot be used.
  /// Over TCP, or `transport` where one is given.
  Client(const ClientSettings& settings, runtime::Clock& clock, std::unique_ptr<Transport> transport = {});
  ~Client() override;

  /// An instrument by description: looked up (cache, then IB), told to the kernel as an Instrument event, then streamed.
  void want(InstrumentId id, const ContractSpec& spec, const Streams& streams);
  /// An instrument already resolved (its contract number is set).
  void want(const Instrument& instrument, const Streams& streams);
  void unwant(InstrumentId id) { market_.unwant(id); }

  // ---- runtime::Gateway ----
  [[nodiscard]] bool next(Event& out) override;
  void send(const Command& command) override;
  [[nodiscard]] bool finished() const override { return link_.state() == Link::State::Stopped && out_.empty(); }
  void wait(Duration at_most) override;

  /// One turn of the crank: socket, deadlines, heartbeat, reconnects. Returns the number of messages understood.
  int work(Timestamp now);

  // ---- questions (answers come during work()) ----
  void bars(const HistoryRequest& request, Answer<std::vector<Bar>> answer) { questions_.bars(request, std::move(answer)); }
  void ticks(const TickRequest& request, Answer<std::vector<PastTick>> answer) { questions_.ticks(request, std::move(answer)); }
  void head(InstrumentId instrument, std::string_view what, Answer<Timestamp> answer) { questions_.head(instrument, what, std::move(answer)); }
  void contracts(const ContractSpec& spec, Answer<std::vector<KnownContract>> answer) { questions_.contracts(spec, std::move(answer)); }
  /// Margin and commission of an order that is not placed.
  void what_if(const OrderIntent& intent, Answer<WhatIf> answer) { orders_.what_if(intent, std::move(answer)); }
  void what_if(const OrderIntent& intent, const Ticket& ticket, Answer<WhatIf> answer) { orders_.what_if(intent, std::move(answer), &ticket.terms()); }
  /// Closes for good, cancelling subscriptions; working orders stay at IB.
  void stop(std::string_view why = "stopped");

  // ---- reading ----
  [[nodiscard]] GatewayState state() const { return state_; }
  [[nodiscard]] const std::string& account() const { return desk_.account; }
  [[nodiscard]] const Counters& counters() const { return counters_; }
  /// How much of IB's limits is in use. Any thread; a tenth of a second old at most.
  [[nodiscard]] Budget budget() const { return board_.get(); }
  [[nodiscard]] int server_version() const { return link_.version(); }
  [[nodiscard]] std::size_t working_orders() const { return orders_.working(); }
  [[nodiscard]] std::size_t waiting_messages() { return link_.pacer().waiting(); }
  [[nodiscard]] const Link& link() const { return link_; }
  [[nodiscard]] const InstrumentTable& instruments() const { return instruments_; }
  [[nodiscard]] std::optional<BrokerOrderId> broker_id(OrderKey key) const { return orders_.broker_id(key); }

 private:
  struct Wanted {
    InstrumentId id{};
    ContractSpec spec{};
    bool asked{};
    bool resolved{};
    bool failed{};        // IB knew nothing of it, or did not answer; asked again later
    Timestamp retry_at{};
  };

  // Link::Listener
  void on_up() override;
  void on_frame(wire::Frame frame) override;
  void on_down(std::string_view why) override;
  void on_connecting() override;

  template <class M>
  void on(const M& message);
  void handle(const wire::ManagedAccounts& accounts);
  void handle(const wire::NextValidId& next);
  void handle(const wire::ErrorMessage& error);
  void handle(const wire::OpenOrderEnd& end);
  void handle(const wire::CompletedOrdersEnd& end);
  void handle(const wire::ExecDetailsEnd& end);
  void ask_about(OrderKey key);
  void check_asked();
  void read_only();
  void handle_link(const Code& code, std::int32_t number, std::string_view text);

  void change(GatewayState state, std::int32_t code, std::string_view text);
  void session_usable();
  [[nodiscard]] bool names_known() const;
  void begin_session();
  void compare();
  void begin_reconciliation(std::uint32_t number);
  void check_reconciliation();
  void resolve_wanted();
  void resolved(Wanted& wanted, KnownContract contract, bool from_cache = false);
  void tell_instrument(const Instrument& instrument);
  [[nodiscard]] std::string refusal() const;
  [[nodiscard]] bool in_restart_window() const;
  void check_agenda();
  void show_budget(Timestamp now);

  ClientSettings settings_;
  runtime::Clock& clock_;
  Delivery out_;
  InstrumentTable instruments_;
  Requests requests_;
  Counters counters_;
  OrderIds order_ids_;
  Link link_;
  ContractCache cache_;
  Desk desk_;
  MarketData market_;
  Orders orders_;
  Account account_;
  Reconciliation reconciliation_;
  Questions questions_;

  std::vector<Wanted> wanted_;
  bool session_begun_ = false;                 // on this connection: the broker was asked, streams are wanted
  std::optional<Timestamp> names_deadline_{};  // contracts are being looked up; reconciliation waits so long
  GatewayState state_ = GatewayState::Disconnected;
  bool told_down_ = false;
  bool have_account_ = false, have_order_id_ = false;
  bool market_lost_ = false;           // 1100: the gateway stands, IB is away
  bool refused_account_ = false;
  bool read_only_ = false;             // 321: the gateway takes no orders and shows none
  std::vector<OrderKey> asked_;        // orders in doubt, while the lists that may settle them are on their way
  bool asked_open_ = false, asked_completed_ = false, asked_executions_ = false;
  std::int32_t asked_request_ = 0;
  Timestamp asked_until_{INT64_MAX};
  std::uint32_t reconciliations_ = 0;
  int incomplete_ = 0;
  Timestamp reconcile_again_{INT64_MAX};
  Timestamp check_at_{INT64_MIN};
  Timestamp budget_at_{INT64_MIN};
  BudgetBoard board_;
  Timestamp watch_at_{INT64_MIN};
  Timestamp list_at_{INT64_MIN};
  bool farm_broken_ = false;
  Timestamp warned_until_{};                   // of the agenda
  Timestamp down_since_{INT64_MAX};
  bool told_long_down_ = false;
  std::string down_reason_;
};

}  // namespace robo::ib
