#include "edge/ib/orders.hpp"

#include <fmt/format.h>

#include "base/defence.hpp"
#include "base/step.hpp"
#include "edge/ib/time_text.hpp"

namespace robo::ib {

namespace {

/// IB refuses names of more than 32 characters (401); orderRef, where our key stands in full, is another field.
std::string oca_name(OrderKey group) { return group ? fmt::format("RT{:x}-{:x}", group.session, group.number) : std::string(); }


OrderState state_of(std::string_view status, std::string_view why_held) {
  if (status == "Submitted") return OrderState::Submitted;
  if (status == "PreSubmitted") return OrderState::PreSubmitted;
  if (status == "Filled") return OrderState::Filled;
  if (status == "Cancelled" || status == "ApiCancelled") return OrderState::Cancelled;
  if (status == "PendingCancel") return OrderState::PendingCancel;
  if (status == "PendingSubmit" || status == "ApiPending") return OrderState::PendingSubmit;
  // Received and not active: refused, unless it only waits for shares to borrow.
  if (status == "Inactive") return why_held == "locate" && stands(Defence::HaltsAndLocates) ? OrderState::PreSubmitted : OrderState::Rejected;
  return OrderState::Unknown;
}

std::string_view word(TimeInForce tif) {
  switch (tif) {
    case TimeInForce::Day: return "DAY";
    case TimeInForce::GoodTillCancel: return "GTC";
    case TimeInForce::ImmediateOrCancel: return "IOC";
    case TimeInForce::FillOrKill: return "FOK";
  }
  return "DAY";
}

Price price_or_none(const wire::Number& number) {
  Price price;
  return number.is_set() && take_price(number, price) ? price : Price{};
}

std::optional<Money> money_of(const wire::Number& number) {
  if (!number.is_set()) return std::nullopt;
  const auto value = number.nearest<Money>();
  return value ? std::optional<Money>(*value) : std::nullopt;
}

std::optional<Money> money_of(std::string_view text) {
  const auto number = wire::parse_number(text);
  return number ? money_of(*number) : std::nullopt;
}

void fill_terms(wire::Order& order, const OrderKind& kind) {
  std::visit(overload{[&](const Market&) { order.orderType = "MKT"; },
                      [&](const Limit& limit) {
                        order.orderType = "LMT";
                        order.lmtPrice = wire::Number::from(limit.price);
                      },
                      [&](const Stop& stop) {
                        order.orderType = "STP";
                        order.auxPrice = wire::Number::from(stop.trigger);
                      },
                      [&](const StopLimit& stop) {
                        order.orderType = "STP LMT";
                        order.lmtPrice = wire::Number::from(stop.price);
                        order.auxPrice = wire::Number::from(stop.trigger);
                      },
                      [&](const Trail& trail) {
                        order.orderType = "TRAIL";
                        order.auxPrice = wire::Number::from(trail.distance);
                        if (!trail.trigger.is_zero()) order.trailStopPrice = wire::Number::from(trail.trigger);
                      }},
             kind);
}

}  // namespace

// ---- towards IB ----------------------------------------------------------------------------------------------------------

std::optional<wire::PlaceOrder> Orders::request_of(const OrderIntent& intent, std::int32_t order_id, bool modification) {
  const Instrument* instrument = desk_.instruments.find(intent.instrument);
  if (instrument == nullptr || (instrument->contract.value == 0 && instrument->leg_count == 0)) return std::nullopt;
  // The gate has promised these; what leaves here is money.
  INVARIANT(intent.quantity.is_positive());
  INVARIANT(intent.key);
  wire::PlaceOrder request;
  request.orderId = order_id;
  request.contract = contract_of(*instrument);
  wire::Order& order = request.order;
  order.action = intent.side == Side::Buy ? "BUY" : "SELL";
  order.totalQuantity = wire::Number::from(intent.quantity);
  fill_terms(order, intent.kind);
  order.tif = word(intent.time_in_force);
  order.account = desk_.account;
  order.outsideRth = intent.outside_regular_hours;
  order.transmit = intent.transmit || modification;
  if (intent.parent) {
    // A child is changed without its parent once that is done: IB answers 135 otherwise.
    const Tracked* parent = by_key(intent.parent);
    if (parent != nullptr && !(modification && is_final(parent->state))) order.parentId = parent->id.order_id;
  }
  constexpr std::int32_t reduce_with_block = 2;  // a partly filled target leaves the stop for the rest
  if (intent.oca_group) order.ocaType = reduce_with_block;
  return request;
}

Surroundings Orders::surroundings_of(const Instrument& instrument) const {
  Surroundings at{.instrument = &instrument, .now = desk_.now};
  for (const Calendar& calendar : desk_.settings.calendars) {
    if (calendar.name() != instrument.calendar.view()) continue;
    const auto session = calendar.session_at(desk_.now);
    const auto regular = session ? session->regular() : std::nullopt;
    if (regular) at.regular_open = regular->from, at.regular_close = regular->until;
  }
  return at;
}

std::optional<Objection> Orders::say(const TicketTerms& ticket, wire::PlaceOrder& request, OrderTexts& texts) const {
  const Instrument* instrument = desk_.instruments.find(ticket.instrument);
  INVARIANT(instrument != nullptr);
  const auto lawful = Ticket::of(ticket);
  if (!lawful) return lawful.error();
  if (const auto against = objections(*lawful, surroundings_of(*instrument)); !against.empty()) return against.front();
  if (const auto written = write_ticket(ticket, desk_.instruments, request.order, texts); !written) return Objection{147, std::string_view(written.error().text)};
  if (!ticket.exchange.empty()) request.contract.exchange = ticket.exchange.view();
  return std::nullopt;
}

void Orders::submit(const OrderIntent& intent, std::string_view refuse, const TicketTerms* ticket) {
  if (!refuse.empty()) return reject(intent, 0, refuse);
  if (by_key(intent.key) != nullptr) return;  // sent before, whatever the kernel remembers: never twice
  if (intent.parent && by_key(intent.parent) == nullptr) return reject(intent, 0, "its parent was never sent");
  // What cannot be said costs no order id: written once to see.
  OrderTexts texts;
  auto request = request_of(intent, 0, false);
  if (!request) return reject(intent, 0, "the instrument's contract is not known at IB");
  const std::string ref = to_text(intent.key);
  const std::string group = oca_name(intent.oca_group);
  request->order.orderRef = ref;
  request->order.ocaGroup = group;
  if (ticket != nullptr)
    if (const auto objection = say(*ticket, *request, texts)) return reject(intent, objection->code, objection->text.view());
  const auto id = desk_.order_ids.take();
  if (!id) return reject(intent, 0, id.error().text);
  passed(Step::IdReserved);
  request->orderId = *id;
  // A fatter fate: from here on the order may exist, so it is tracked before the first byte leaves.
  Tracked& order = track(intent.key, {desk_.settings.link.client_id, *id});
  order.instrument = intent.instrument;
  order.side = intent.side;
  order.quantity = order.remaining = intent.quantity;
  order.intent = intent;
  order.at_once = intent.time_in_force == TimeInForce::FillOrKill || (ticket != nullptr && ticket->lifetime == Lifetime::FillOrKill);
  passed(Step::OrderTracked);
  if (const auto sent = desk_.link.send(*request, Pace::Order); !sent) {
    order.state = OrderState::Rejected;
    tell(order, 0, to_text(sent.error()));
  }
  passed(Step::OrderSent);
}

void Orders::modify(const OrderIntent& intent, std::string_view refuse) {
  Tracked* order = by_key(intent.key);
  if (order == nullptr) return reject(intent, 0, "the order to change was never sent");
  if (is_final(order->state)) return tell(*order, 0, "the order to change is done");
  if (!refuse.empty()) return tell(*order, 0, refuse);
  auto request = request_of(intent, order->id.order_id, true);
  if (!request) return tell(*order, 0, "the instrument's contract is not known at IB");
  const std::string ref = to_text(intent.key);
  const std::string group = oca_name(intent.oca_group);
  request->order.orderRef = ref;
  request->order.ocaGroup = group;
  order->changing = true;
  order->intent = intent;
  if (const auto sent = desk_.link.send(*request, Pace::Order); !sent) tell(*order, 0, to_text(sent.error()));
}

void Orders::cancel(OrderKey key) {
  Tracked* order = by_key(key);
  if (order == nullptr) {
    desk_.tell(OrderUpdate{.key = key, .state = OrderState::Unknown, .text = "the order to cancel was never sent by this client"});
    return;
  }
  if (is_final(order->state)) return;
  order->cancel_wanted = true;
  send_cancel(*order);
}

void Orders::send_cancel(Tracked& order) {
  if (!desk_.link.is_up()) return;
  (void)desk_.link.send(wire::CancelOrder{.orderId = order.id.order_id}, Pace::Cancel);
  passed(Step::CancelSent);
}

void Orders::cancel_external(PermId perm_id) {
  Tracked* order = by_perm(perm_id);
  if (order == nullptr || is_final(order->state)) return;
  if (order->id.client_id != desk_.settings.link.client_id) {
    return tell(*order, 0, "only the client that placed it may cancel it: use TWS, or cancel all including external orders");
  }
  order->cancel_wanted = true;
  send_cancel(*order);
}

void Orders::cancel_all(bool including_external) {
  if (including_external) {
    if (desk_.link.is_up()) (void)desk_.link.send(wire::ReqGlobalCancel{}, Pace::Cancel);
    for (Tracked& order : orders_) {
      if (!is_final(order.state) && !order.what_if) order.cancel_wanted = true;
    }
    return;
  }
  for (Tracked& order : orders_) {
    if (order.external || order.what_if || is_final(order.state)) continue;
    order.cancel_wanted = true;
    send_cancel(order);
  }
}

void Orders::what_if(const OrderIntent& intent, std::function<void(const Result<WhatIf, Failure>&)> answer, const TicketTerms* ticket) {
  const auto id = desk_.order_ids.take();
  if (!id) return answer(fail(Failure{.text = id.error().text}));
  auto request = request_of(intent, *id, false);
  if (!request) return answer(fail(Failure{.text = "the instrument's contract is not known at IB"}));
  OrderTexts texts;
  if (ticket != nullptr)
    if (const auto objection = say(*ticket, *request, texts)) return answer(fail(Failure{.code = objection->code, .text = std::string(objection->text.view())}));
  request->order.whatIf = true;
  request->order.transmit = true;  // 413 otherwise; nothing is placed
  request->order.parentId = 0;
  if (const auto sent = desk_.link.send(*request, Pace::Order); !sent) return answer(fail(Failure{.text = to_text(sent.error())}));
  Tracked& order = track({}, {desk_.settings.link.client_id, *id});
  order.what_if = std::move(answer);
}

void Orders::reject(const OrderIntent& intent, std::int32_t code, std::string_view text) {
  desk_.tell(OrderUpdate{.key = intent.key, .instrument = intent.instrument, .state = OrderState::Rejected, .side = intent.side,
                         .code = code, .quantity = intent.quantity, .remaining = intent.quantity, .text = text});
}

// ---- from IB -------------------------------------------------------------------------------------------------------------

OrderState Orders::told_state(const Tracked& order, std::string_view status, std::string_view why_held) {
  const OrderState state = state_of(status, why_held);
  // IB calls a fill-or-kill that found nothing Inactive; what it refuses comes with an error before.
  return state == OrderState::Rejected && order.at_once ? OrderState::Cancelled : state;
}

void Orders::on(const wire::OpenOrder& open) {
  const BrokerOrderId id{open.order.clientId, open.orderId};
  if (Tracked* asked = by_id(id); asked != nullptr && asked->what_if) {
    const auto answer = std::move(asked->what_if);
    asked->what_if = nullptr;
    asked->state = OrderState::Cancelled;
    answer(WhatIf{.initial_margin_change = money_of(open.state.initMarginChange),
                  .maintenance_margin_change = money_of(open.state.maintMarginChange),
                  .equity_change = money_of(open.state.equityWithLoanChange),
                  .commission = money_of(open.state.commissionAndFees),
                  .commission_currency = std::string(open.state.commissionAndFeesCurrency),
                  .warning = std::string(open.state.warningText)});
    return;
  }
  if (open.order.whatIf) return;
  if (open.order.clientId == desk_.settings.link.client_id) desk_.order_ids.seen(open.orderId);
  const auto key = parse_order_key(open.order.orderRef);
  Tracked& order = find_or_track(key ? *key : OrderKey{}, id, PermId{open.order.permId});
  order.listed = true;
  if (!order.acknowledged && order.key) passed(Step::Acknowledged);
  order.acknowledged = order.spoken = true;
  order.instrument = desk_.instrument_for(open.contract);
  order.side = open.order.action == "BUY" ? Side::Buy : Side::Sell;
  (void)take_quantity(open.order.totalQuantity, order.quantity);
  order.limit = price_or_none(open.order.lmtPrice);
  order.trigger = price_or_none(open.order.auxPrice);
  // openOrder repeats what it knew: after a fill it may say Submitted once more. States only advance.
  const OrderState state = told_state(order, open.state.status, order.why_held.view());
  if (!is_final(order.state) && !(state == OrderState::Filled && order.filled < order.quantity)) order.state = state;
  if (order.remaining.is_zero() && !is_final(order.state)) order.remaining = order.quantity - order.filled;
  order.changing = false;
  tell(order, 0, open.state.warningText);
}

void Orders::on(const wire::OrderStatus& status) {
  const BrokerOrderId id{status.clientId, status.orderId};
  Tracked* known = by_perm(PermId{status.permId});
  if (known == nullptr) known = by_id(id);
  if (known != nullptr && known->what_if) return;
  Tracked& order = known != nullptr ? *known : find_or_track({}, id, PermId{status.permId});
  learn_perm(order, PermId{status.permId});
  order.acknowledged = order.spoken = true;
  order.why_held = status.whyHeld;
  Quantity filled, remaining;
  if (take_quantity(status.filled, filled) && filled > order.filled) order.filled = filled;
  if (take_quantity(status.remaining, remaining)) order.remaining = remaining;
  if (order.quantity.is_zero()) order.quantity = order.filled + order.remaining;
  if (status.avgFillPrice.is_set()) (void)take_price(status.avgFillPrice, order.average);
  const OrderState state = told_state(order, status.status, status.whyHeld);
  const bool revived = order.state == OrderState::Rejected && (state == OrderState::Submitted || state == OrderState::PreSubmitted);
  if (!is_final(order.state) || revived) order.state = state;
  tell(order, 0, {});
}

void Orders::on(const wire::ExecDetails& details) {
  const wire::Execution& e = details.execution;
  const BrokerOrderId id{e.clientId, e.orderId};
  const auto key = parse_order_key(e.orderRef);
  Tracked& order = find_or_track(key ? *key : OrderKey{}, id, PermId{e.permId});
  // A combination is executed once as a whole (told without its legs), and once in each leg.
  const Instrument* ordered = desk_.instruments.find(order.instrument);
  const bool combo = ordered != nullptr && ordered->asset_class == AssetClass::Combo;
  const bool whole = details.contract.secType == "BAG";
  Execution out{.id = ExecutionId(e.execId), .key = order.key, .broker_id = order.id, .perm_id = PermId{e.permId},
                .instrument = combo && whole ? order.instrument : desk_.instrument_for(details.contract),
                .side = e.side == "BOT" || e.side == "BUY" ? Side::Buy : Side::Sell, .external = order.external,
                .from_reconciliation = desk_.reconciling && desk_.requests.is_ours(details.reqId),
                .liquidity = static_cast<std::uint8_t>(e.lastLiquidity > 0 && e.lastLiquidity < 4 ? e.lastLiquidity : 0),
                .executed_at = parse_time(e.time).value_or(desk_.now), .venue = e.exchange};
  if (!take_quantity(e.shares, out.quantity) || !take_price(e.price, out.price)) {
    ++desk_.counters.strange_values;
    return;
  }
  order.acknowledged = order.spoken = true;
  const bool leg = combo && !whole;
  if (!leg) order.instrument = out.instrument;
  Quantity cumulative;
  if (!leg && take_quantity(e.cumQty, cumulative) && cumulative > order.filled) order.filled = cumulative;
  desk_.tell(out);
  passed(Step::FillRead);
}

void Orders::on(const wire::CommissionReport& report) {
  Commission out{.execution = ExecutionId(report.execId), .currency = report.currency};
  const auto amount = money_of(report.commissionAndFees);
  if (!amount) {
    ++desk_.counters.strange_values;
    return;
  }
  out.amount = *amount;
  if (const auto realized = money_of(report.realizedPNL)) {
    out.realized_pnl = *realized;
    out.has_realized = true;
  }
  desk_.tell(out);
  passed(Step::CommissionRead);
}

void Orders::on(const wire::CompletedOrder& completed) {
  const auto key = parse_order_key(completed.order.orderRef);
  Tracked* order = by_perm(PermId{completed.order.permId});
  if (order == nullptr && key) order = by_key(*key);
  if (order == nullptr || is_final(order->state)) return;  // what was over before we came is history
  learn_perm(*order, PermId{completed.order.permId});
  order->acknowledged = order->spoken = true;
  Quantity filled;
  if (take_quantity(completed.order.filledQuantity, filled) && filled > order->filled) order->filled = filled;
  const OrderState state = state_of(completed.state.status, {});
  order->state = is_final(state) ? state : OrderState::Cancelled;
  order->remaining = order->quantity - order->filled;
  tell(*order, 0, completed.state.completedStatus);
}

void Orders::on(const wire::OrderBound& bound) {
  if (Tracked* order = by_perm(PermId{bound.permId})) {
    order->id = {bound.clientId, bound.orderId};
    by_id_[order->id] = static_cast<Index>(order - orders_.data());
  }
}

bool Orders::on_error(std::int32_t order_id, const Code& code, std::int32_t number, std::string_view text) {
  Tracked* order = by_order_id(order_id);
  if (order == nullptr) return false;
  if (order->what_if) {
    if (code.order == OrderEffect::None) return true;
    const auto answer = std::move(order->what_if);
    order->what_if = nullptr;
    order->state = OrderState::Rejected;
    answer(fail(Failure{.code = number, .text = std::string(text)}));
    return true;
  }
  const bool was_acknowledged = order->acknowledged;
  auto effect = stands(Defence::CodeTable) ? code.order : OrderEffect::Rejected;
  if (number == 404 && !stands(Defence::HaltsAndLocates)) effect = OrderEffect::Rejected;
  if (order->shares_id && effect != OrderEffect::None) effect = OrderEffect::Doubtful;  // which of the two? their statuses say
  switch (effect) {
    case OrderEffect::None: break;
    case OrderEffect::Rejected:
      // A refused modification leaves the order as it was.
      if (order->changing && was_acknowledged) order->changing = false;
      else if (!is_final(order->state)) order->state = OrderState::Rejected;
      break;
    case OrderEffect::Cancelled:
      if (!is_final(order->state)) order->state = OrderState::Cancelled;
      break;
    case OrderEffect::CancelRefused:
      order->cancel_wanted = false;
      order->changing = false;
      [[fallthrough]];
    case OrderEffect::Doubtful:
      // Neither dead nor alive by this word alone: the kernel asks for its fate.
      if (!is_final(order->state) && !was_acknowledged) order->state = OrderState::Unknown;
  }
  tell(*order, number, text);
  return true;
}

// ---- keeping track -------------------------------------------------------------------------------------------------------

void Orders::begin_listing() {
  if (listing_ || desk_.reconciling || desk_.link.version() == 0) return;
  for (Tracked& order : orders_) order.listed = false;
  listing_ = true;
  (void)desk_.link.send(wire::ReqAllOpenOrders{}, Pace::Request);
}

void Orders::end_listing() {
  if (!listing_) return;
  listing_ = false;
  for (Tracked& order : orders_) {
    if (!order.external || order.listed || order.what_if || is_final(order.state)) continue;
    order.state = OrderState::Cancelled;
    tell(order, 0, "not among IB's open orders any more");
  }
}

void Orders::connection_lost() {
  listing_ = false;
  for (Tracked& order : orders_) {
    if (order.what_if) {
      const auto answer = std::move(order.what_if);
      order.what_if = nullptr;
      order.state = OrderState::Cancelled;
      answer(fail(Failure{.text = "connection lost"}));
      continue;
    }
    order.changing = false;
    if (order.acknowledged || is_final(order.state)) continue;
    order.state = OrderState::Unknown;
    tell(order, 0, "sent, and the connection was lost before the gateway answered");
  }
}

void Orders::reconciled() {
  for (Tracked& order : orders_) {
    if (order.cancel_wanted && !is_final(order.state) && order.acknowledged) send_cancel(order);
  }
}

void Orders::tell(Tracked& order, std::int32_t code, std::string_view text) {
  OrderUpdate update{.key = order.twin_of ? order.twin_of : order.key, .broker_id = order.id, .perm_id = order.perm_id, .instrument = order.instrument,
                     .state = order.state, .side = order.side, .external = order.external,
                     .from_reconciliation = desk_.reconciling, .code = code, .quantity = order.quantity, .filled = order.filled,
                     .remaining = order.remaining, .average_price = order.average, .limit = order.limit, .trigger = order.trigger,
                     .why_held = order.why_held, .text = text};
  const auto same = [](const OrderUpdate& a, const OrderUpdate& b) {
    return a.key == b.key && a.perm_id == b.perm_id && a.state == b.state && a.code == b.code && a.quantity == b.quantity &&
           a.filled == b.filled && a.remaining == b.remaining && a.average_price == b.average_price && a.limit == b.limit &&
           a.trigger == b.trigger && a.why_held == b.why_held && a.text == b.text;
  };
  // TWS says most things twice. In a reconciliation every order is told, heard of before or not.
  if (!desk_.reconciling && same(update, order.told)) {
    ++desk_.counters.duplicates;
    return;
  }
  order.told = update;
  desk_.tell(update);
}

Orders::Tracked& Orders::track(OrderKey key, BrokerOrderId id) {
  const Index index = orders_.size();
  orders_.push_back({.key = key, .id = id});
  if (id.order_id != 0) by_id_[id] = index;
  if (key) by_key_[key] = index;
  return orders_.back();
}

Orders::Tracked* Orders::by_id(BrokerOrderId id) {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &orders_[found->second];
}
Orders::Tracked* Orders::by_key(OrderKey key) {
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? nullptr : &orders_[found->second];
}
Orders::Tracked* Orders::by_perm(PermId perm_id) {
  const auto found = by_perm_.find(perm_id);
  return perm_id.value == 0 || found == by_perm_.end() ? nullptr : &orders_[found->second];
}

Orders::Tracked& Orders::find_or_track(OrderKey key, BrokerOrderId id, PermId perm_id) {
  if (!stands(Defence::PermIdIdentity))
    for (Tracked& same : orders_)
      if (same.id == id) return same;
  Tracked* order = by_perm(perm_id);
  if (order == nullptr && key) {
    order = by_key(key);
    if (order != nullptr && order->perm_id.value != 0 && perm_id.value != 0) {
      // Our reference on a second order: a change that raced an outage left two alive. It must not hide behind the first.
      order->shares_id = true;
      order = &track({}, id);
      order->external = order->acknowledged = order->shares_id = true;
      if (stands(Defence::OneReferenceOneOrder)) order->twin_of = key;
      order->state = OrderState::Unknown;
      learn_perm(*order, perm_id);
      return *order;
    }
  }
  // The order id alone is believed only for an order that has no other name yet.
  if (order == nullptr) {
    Tracked* same_id = by_id(id);
    if (same_id != nullptr && (same_id->perm_id.value == 0 || perm_id.value == 0) && (!key || same_id->key == key)) order = same_id;
  }
  if (order == nullptr) {
    order = &track(key, id);
    order->external = !key;
    order->acknowledged = order->spoken = true;
    order->state = OrderState::Unknown;
  }
  if (!order->key && key && !order->twin_of) {
    order->key = key;
    order->external = false;
    by_key_[key] = static_cast<Index>(order - orders_.data());
  }
  if (order->id.order_id == 0 && id.order_id != 0) {
    order->id = id;
    by_id_[id] = static_cast<Index>(order - orders_.data());
  }
  learn_perm(*order, perm_id);
  return *order;
}

void Orders::learn_perm(Tracked& order, PermId perm_id) {
  if (perm_id.value == 0 || order.perm_id == perm_id) return;
  order.perm_id = perm_id;
  by_perm_[perm_id] = static_cast<Index>(&order - orders_.data());
}

void Orders::forget_words(OrderKey key) {
  Tracked* order = by_key(key);
  if (order == nullptr) return;
  order->spoken = false;
  order->told = {};  // also what was said before is news to whoever asks
}

bool Orders::has_spoken(OrderKey key) const {
  const auto found = by_key_.find(key);
  return found != by_key_.end() && orders_[found->second].spoken;
}

std::size_t Orders::working() const {
  std::size_t count = 0;
  for (const Tracked& order : orders_) count += !order.external && !order.what_if && !is_final(order.state);
  return count;
}

std::optional<BrokerOrderId> Orders::broker_id(OrderKey key) const {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return std::nullopt;
  return orders_[found->second].id;
}

}  // namespace robo::ib
