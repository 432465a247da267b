#pragma once
// Orders on their way to IB and what comes back. An order is known by our key (in orderRef), by IB's permId and, within this
// client id, by its order id; only the first two identify it.

#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

#include "edge/ib/codes.hpp"
#include "edge/ib/desk.hpp"
#include "edge/ib/order_words.hpp"
#include "model/command.hpp"
#include "model/order_check.hpp"

namespace robo::ib {

/// IB's estimate for an order that is not placed.
struct WhatIf {
  std::optional<Money> initial_margin_change{};
  std::optional<Money> maintenance_margin_change{};
  std::optional<Money> equity_change{};
  std::optional<Money> commission{};
  std::string commission_currency{};
  std::string warning{};
};

class Orders {
 public:
  explicit Orders(Desk& desk) : desk_(desk) {}

  /// `refuse` not empty: say so instead of sending (not connected, not armed, restart window).
  /// With a ticket: what IB would object to is refused here, with IB's code, and nothing leaves.
  void submit(const OrderIntent& intent, std::string_view refuse, const TicketTerms* ticket = nullptr);
  void modify(const OrderIntent& intent, std::string_view refuse);
  /// Not connected: kept, and sent after the reconciliation if the order still works.
  void cancel(OrderKey key);
  void cancel_external(PermId perm_id);
  void cancel_all(bool including_external);
  /// IB's estimate of margin and commission; nothing is placed.
  void what_if(const OrderIntent& intent, std::function<void(const Result<WhatIf, Failure>&)> answer, const TicketTerms* ticket = nullptr);

  void on(const wire::OpenOrder& open);
  void on(const wire::OrderStatus& status);
  void on(const wire::ExecDetails& details);
  void on(const wire::CommissionReport& report);
  void on(const wire::CompletedOrder& completed);
  void on(const wire::OrderBound& bound);
  /// An error with an order id. False: not one of ours.
  bool on_error(std::int32_t order_id, const Code& code, std::int32_t number, std::string_view text);

  /// Asks for all open orders; those of others that are not among them are over.
  void begin_listing();
  void end_listing();
  /// What was sent and never acknowledged is now unknown.
  void connection_lost();
  /// Everything working was fetched: cancels that had to wait go out.
  void reconciled();

  /// Whether the gateway has spoken of this order since forget_words().
  void forget_words(OrderKey key);
  [[nodiscard]] bool has_spoken(OrderKey key) const;

  [[nodiscard]] std::size_t working() const;
  [[nodiscard]] std::optional<BrokerOrderId> broker_id(OrderKey key) const;

 private:
  struct Tracked {
    OrderKey key{};
    BrokerOrderId id{};
    PermId perm_id{};
    InstrumentId instrument{};
    Side side{};
    OrderState state{OrderState::PendingSubmit};
    bool external{};
    OrderKey twin_of{};      // our reference on a second order at IB
    bool shares_id{};        // two orders under one id: an error about it is about either
    bool listed{};           // in the list that is being told
    bool acknowledged{};     // the gateway has spoken of it since it was sent
    bool spoken{};           // the same, since somebody asked
    bool changing{};         // a modification is on its way
    bool cancel_wanted{};
    bool at_once{};          // fill or kill
    Quantity quantity{}, filled{}, remaining{};
    Price average{}, limit{}, trigger{};
    FixedText<16> why_held{};
    OrderIntent intent{};    // last terms sent by us
    OrderUpdate told{};      // the last word to the kernel
    std::function<void(const Result<WhatIf, Failure>&)> what_if{};
  };
  using Index = std::size_t;

  std::optional<wire::PlaceOrder> request_of(const OrderIntent& intent, std::int32_t order_id, bool modification);
  /// The ticket written into the request; what is said of it otherwise.
  [[nodiscard]] std::optional<Objection> say(const TicketTerms& ticket, wire::PlaceOrder& request, OrderTexts& texts) const;
  [[nodiscard]] Surroundings surroundings_of(const Instrument& instrument) const;
  void send_cancel(Tracked& order);
  void reject(const OrderIntent& intent, std::int32_t code, std::string_view text);
  Tracked& track(OrderKey key, BrokerOrderId id);
  Tracked* by_id(BrokerOrderId id);
  Tracked* by_order_id(std::int32_t order_id) { return by_id({desk_.settings.link.client_id, order_id}); }
  Tracked* by_key(OrderKey key);
  Tracked* by_perm(PermId perm_id);
  Tracked& find_or_track(OrderKey key, BrokerOrderId id, PermId perm_id);
  void learn_perm(Tracked& order, PermId perm_id);
  /// What a status of IB says about this order.
  [[nodiscard]] static OrderState told_state(const Tracked& order, std::string_view status, std::string_view why_held);
  void tell(Tracked& order, std::int32_t code, std::string_view text);

  Desk& desk_;
  bool listing_ = false;
  std::vector<Tracked> orders_;
  std::map<BrokerOrderId, Index> by_id_;
  std::map<OrderKey, Index> by_key_;
  std::map<PermId, Index> by_perm_;
};

}  // namespace robo::ib
