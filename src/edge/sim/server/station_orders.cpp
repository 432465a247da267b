// Orders in: what TWS checks before IB sees an order, ids, modification, cancellation.

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "edge/sim/server/order_reading.hpp"
#include "edge/sim/server/station.hpp"

namespace robo::sim {
namespace {

std::uint64_t api_key(std::int32_t client, std::int32_t id) {
  return (std::uint64_t{static_cast<std::uint32_t>(client)} << 32) | static_cast<std::uint32_t>(id);
}

std::string_view rejected_offline = "Order rejected - reason:Connectivity between IBKR and Trader Workstation has been lost";

}  // namespace

std::size_t Station::served_index(std::int32_t client, std::int32_t id) const {
  const auto found = by_api_id_.find(api_key(client, id));
  return found == by_api_id_.end() ? served_.size() : found->second;
}

bool Station::refuses_read_only(Client& client, std::int32_t id) {
  if (!settings_.read_only) return false;
  client.error(id, 321, "Error validating request.-'bE' : cause - The API interface is currently in Read-Only mode.", now_);
  return true;
}

/// Reads an order off the wire. Says what is wrong itself; false: nothing more to do.
bool Station::read_terms(Client& client, const wire::PlaceOrder& request, Terms& terms, ServedOrder& served) {
  const auto& o = request.order;
  const auto refuse = [&](std::int32_t code, std::string_view text) {
    client.error(request.orderId, code, text, now_);
    return false;
  };
  const auto meant = wanted(request.contract);
  if (!meant.id) return refuse(meant.code, meant.text);
  const InstrumentId id = *meant.id;
  terms.instrument = id;
  const Instrument& instrument = contracts_[id];
  if (instrument.asset_class == AssetClass::Index) return refuse(201, "Order rejected - reason:Index is not tradable");
  if (!o.account.empty() && o.account != settings_.account) return refuse(321, fmt::format("Error validating request.-'bW' : cause - Invalid account code '{}'.", o.account));
  auto read = read_ticket(o, id, contracts_, login_);
  if (!read) return refuse(read.error().code, read.error().text);
  if (request.contract.exchange == "IBKRATS") read->exchange = request.contract.exchange;
  served.ticket = std::make_shared<const TicketTerms>(*read);
  if (const auto lawful = Ticket::of(*read); !lawful) return refuse(lawful.error().code, lawful.error().text.view());
  terms = terms_of(*served.ticket);
  if (const auto* limit = std::get_if<Limit>(&read->kind); limit != nullptr && !limit->price.is_positive() && instrument.asset_class != AssetClass::Combo && instrument.asset_class != AssetClass::Future)
    return refuse(110, "The price does not conform to the minimum price variation for this contract.");
  terms.transmit = o.transmit;
  terms.directed = (instrument.asset_class == AssetClass::Stock || instrument.asset_class == AssetClass::Etf) && !request.contract.exchange.empty() && request.contract.exchange != "SMART" &&
                   request.contract.exchange != contracts_.exchange(id);
  if (o.parentId != 0) {
    const auto parent = served_index(client.id, o.parentId);
    if (parent == served_.size() || served_[parent].slot == no_slot || (is_final(broker_.order(served_[parent].slot).state) && broker_.order(served_[parent].slot).filled.is_zero()))
      return refuse(10006, "Missing parent order");
    if (!is_final(broker_.order(served_[parent].slot).state)) terms.parent = served_[parent].slot;
  }
  if (!o.ocaGroup.empty()) {
    terms.oca_group = std::hash<std::string_view>{}(o.ocaGroup) | 1;
  }
  served.client = client.id;
  served.id = request.orderId;
  served.parent_id = o.parentId;
  served.instrument = id;
  served.side = terms.side;
  served.quantity = terms.quantity;
  served.asked = std::make_shared<const KeptRequest>(request);
  served.order_ref = o.orderRef;
  served.order_type = o.orderType;
  served.account = settings_.account;
  served.oca_group = o.ocaGroup;
  served.tif = o.tif.empty() ? "DAY" : std::string(o.tif);
  served.sent = o.transmit;
  return true;
}

void Station::on(Client& client, const wire::PlaceOrder& request) {
  if (refuses_read_only(client, request.orderId)) return;
  const auto index = served_index(client.id, request.orderId);
  const bool known = index != served_.size();
  if (!known && request.orderId < ids_.next(client.id)) return client.error(request.orderId, 103, "Duplicate order id", now_);
  if (request.order.whatIf && !request.order.transmit) return client.error(request.orderId, 413, "What-if order should have the transmit flag set to true.", now_);
  Terms terms;
  ServedOrder served;
  if (!read_terms(client, request, terms, served)) return;
  if (const auto against = precaution_against(request, terms); against.code != 0) return client.error(request.orderId, against.code, against.text, now_);
  if (request.order.whatIf) {
    if (const auto refusal = broker_.check(terms, now_)) return client.error(request.orderId, refusal->code, refusal->text.view(), now_);
    const auto answer = broker_.what_if(terms, now_);
    served.state = OrderState::PreSubmitted;
    return open_order(client, served, &answer);
  }
  if (!connected_) return client.error(request.orderId, 201, rejected_offline, now_);
  if (request.order.tif.empty()) client.error(request.orderId, 10349, "Order TIF was set to DAY based on order preset.", now_);

  if (known) {
    ServedOrder& standing = served_[index];
    if (standing.slot == no_slot || standing.told_as == "PendingCancel") return client.error(request.orderId, 2102, "Unable to modify this order as it is still being processed.", now_);
    const auto state = broker_.order(standing.slot).state;
    if (is_final(state) && state != OrderState::Filled) return client.error(request.orderId, 103, "Duplicate order id", now_);
    terms.reference = index + 1;
    terms.parent = broker_.order(standing.slot).parent;
    ServedOrder before = standing;
    served.slot = standing.slot;
    served.sent = standing.sent || served.sent;
    served.state = standing.state, served.hold = standing.hold, served.perm_id = standing.perm_id;
    served.filled = standing.filled, served.average = standing.average, served.trigger = standing.trigger;
    served.commission = standing.commission;
    served.commission_known = standing.commission_known;
    served.commission_currency = standing.commission_currency;
    standing = served;
    if (const auto refusal = broker_.modify(now_, standing.slot, terms)) {
      served_[index] = before;  // the order as it was stays live
      client.error(request.orderId, refusal->code, refusal->text.view(), now_);
    }
    return deliver_reports();
  }

  ids_.used(client.id, request.orderId);
  if (!rejections_.empty() && refused_on_command(client, served)) return;
  const std::size_t place = served_.size();
  terms.reference = place + 1;
  served_.push_back(served);
  by_api_id_[api_key(client.id, request.orderId)] = place;
  if (hesitates_with_orders_.ns > 0 && terms.transmit && request.order.parentId == 0) return make_wait(place, terms);
  // The last of a family sends the ones that waited. Who they are is asked before: an entry that fills at once frees its children.
  std::vector<std::size_t> family;
  if (terms.transmit && terms.parent != no_slot)
    for (std::size_t i = 0; i < place; ++i)
      if (!served_[i].sent && served_[i].slot != no_slot && (served_[i].slot == terms.parent || broker_.order(served_[i].slot).parent == terms.parent)) family.push_back(i);
  const auto slot = broker_.place(now_, terms);
  if (!slot) {
    served_.pop_back();
    by_api_id_.erase(api_key(client.id, request.orderId));
    return client.error(request.orderId, slot.error().code, slot.error().text.view(), now_);
  }
  served_[place].slot = *slot;
  for (const std::size_t member : family) served_[member].sent = true;
  deliver_reports();
}

void Station::on(Client& client, const wire::CancelOrder& request) {
  if (refuses_read_only(client, request.orderId)) return;
  auto index = served_index(client.id, request.orderId);
  if (index == served_.size() && settings_.cancel_by_others) {
    for (std::size_t i = 0; i < served_.size(); ++i)
      if (served_[i].id == request.orderId && served_[i].slot != no_slot && !is_final(broker_.order(served_[i].slot).state)) index = i;
  }
  if (index == served_.size()) return client.error(request.orderId, 10147, fmt::format("OrderId {} that needs to be cancelled is not found.", request.orderId), now_);
  if (!connected_) return client.error(request.orderId, 1100, "Connectivity between IBKR and Trader Workstation has been lost.", now_);
  if (cancel_waits(index)) return;
  const auto slot = served_[index].slot;
  if (slot == no_slot) return client.error(request.orderId, 10148, fmt::format("OrderId {} that needs to be cancelled can not be cancelled, state: {}.", request.orderId, served_[index].told_as.empty() ? "Inactive" : served_[index].told_as), now_);
  const auto state = broker_.order(slot).state;
  if (is_final(state))
    return client.error(request.orderId, state == OrderState::Rejected ? 161 : 10148,
                        state == OrderState::Rejected ? fmt::format("Cancel attempted when order is not in a cancellable state.  Order permId = {}", broker_.order(slot).perm_id.value)
                                                      : fmt::format("OrderId {} that needs to be cancelled can not be cancelled, state: {}.", request.orderId, status_of(state)),
                        now_);
  (void)broker_.cancel(now_, slot);
  deliver_reports();
}

void Station::on(Client& client, const wire::ReqGlobalCancel&) {
  if (refuses_read_only(client, -1)) return;
  for (std::size_t i = 0; i < waiting_.size();) {
    const auto before = waiting_.size();
    if (waiting_[i].stage != Waiting::Stage::Cancelling) (void)cancel_waits(waiting_[i].place);
    if (waiting_.size() == before) ++i;
  }
  broker_.cancel_all(now_);
  deliver_reports();
}

// ---------------------------------------------------------------- questions about orders

void Station::on(Client& client, const wire::ReqOpenOrders&) {
  if (refuses_read_only(client, -1)) return;
  if (client.id == 0)  // asking binds what was typed into TWS
    for (std::size_t i = 0; i < served_.size(); ++i)
      if (served_[i].open()) bind_order(i);
  for (const auto& order : served_) {
    if (!sees(client, order) || !order.open()) continue;
    open_order(client, order);
    order_status(client, order, {});
  }
  client.say(wire::OpenOrderEnd{});
}

void Station::on(Client& client, const wire::ReqAllOpenOrders&) {
  if (refuses_read_only(client, -1)) return;
  for (const auto& order : served_) {
    if (!order.open()) continue;
    open_order(client, order);
    order_status(client, order, {});
  }
  client.say(wire::OpenOrderEnd{});
}

void Station::on(Client& client, const wire::ReqAutoOpenOrders& request) {
  if (client.id != 0) return client.error(-1, 327, "Only the default client (i.e 0) can auto bind orders", now_);
  client.auto_open_orders = request.autoBind;
}

void Station::on(Client& client, const wire::ReqExecutions& request) {
  Timestamp since{};
  if (!request.time.empty())
    if (const auto parsed = login_.parse(request.time)) since = *parsed;
  for (const auto& execution : executions_) {
    const auto& order = served_[execution.order];
    const Instrument& instrument = contracts_[execution.instrument];
    if (request.clientId != 0 && order.client != request.clientId) continue;
    if (!request.acctCode.empty() && request.acctCode != settings_.account) continue;
    if (execution.at < since) continue;
    if (!request.symbol.empty() && request.symbol != instrument.symbol.view()) continue;
    if (!request.secType.empty() && request.secType != sec_type(instrument.asset_class)) continue;
    if (!request.exchange.empty() && request.exchange != contracts_.exchange(execution.instrument)) continue;
    if (!request.side.empty() && (request.side == "BUY" || request.side == "BOT") != (execution.side == Side::Buy)) continue;
    exec_details(client, request.reqId, execution);
    commission_report(client, execution);
  }
  client.say(wire::ExecDetailsEnd{.reqId = request.reqId});
}

void Station::on(Client& client, const wire::ReqCompletedOrders&) {
  if (refuses_read_only(client, -1)) return;
  for (const auto& order : served_)
    if (is_final(order.state)) completed_order(client, order);
  client.say(wire::CompletedOrdersEnd{});
}

}  // namespace robo::sim
