// Orders out: what happened to them, in the sequences and spellings of a real TWS.

#include <algorithm>

#include <fmt/format.h>

#include "edge/sim/server/station.hpp"

namespace robo::sim {
namespace {

constexpr std::string_view unset_text = "1.7976931348623157E308";

std::string amount(double value) { return fmt::format("{:.2f}", value); }

}  // namespace

bool Station::sees(const Client& client, const ServedOrder& order) const {
  if (client.id == settings_.master_client) return true;
  if (order.from_manual && order.id == 0) return client.id == 0 && client.auto_open_orders;  // nobody's until client 0 binds it
  return client.id == order.client;
}

template <class F>
void Station::to_watchers(const ServedOrder& order, F&& f) {
  for (Client* client : clients_)
    if (client->running() && sees(*client, order)) f(*client);
}

void Station::deliver_reports() {
  const auto fresh = broker_.reports();
  if (!connected_) {
    held_.insert(held_.end(), fresh.begin(), fresh.end());
    broker_.clear_reports();
    return;
  }
  std::vector<Report> reports = std::move(held_);
  held_.clear();
  reports.insert(reports.end(), fresh.begin(), fresh.end());
  broker_.clear_reports();
  for (std::size_t i = 0; i < reports.size(); ++i) {
    // Now and then "Filled" comes before the execution it speaks of.
    if (i + 1 < reports.size() && reports[i].kind == ReportKind::Execution && reports[i + 1].kind == ReportKind::Status && reports[i].reference == reports[i + 1].reference &&
        chance(settings_.faults.status_before_execution))
      std::swap(reports[i], reports[i + 1]);
    report(reports[i]);
  }
}

void Station::report(const Report& r) {
  INVARIANT(r.reference >= 1 && r.reference <= served_.size());
  const std::size_t index = r.reference - 1;
  ServedOrder& order = served_[index];
  if (order.slot == no_slot) order.slot = r.slot;
  switch (r.kind) {
    case ReportKind::Status: {
      if (is_final(r.state) || order.told_as != "PendingCancel") order.told_as = {};  // a part of a fill does not take the cancel back
      order.state = r.state;
      order.hold = r.hold;
      order.perm_id = r.perm_id;
      order.quantity = r.quantity;
      order.filled = r.filled;
      order.average = r.average;
      order.trigger = r.trigger;
      if (is_final(r.state) && order.completed_status.empty()) {
        order.completed_at = r.at;
        order.completed_status = r.state == OrderState::Filled      ? fmt::format("Filled Size: {}", to_text(r.filled))
                                 : r.state == OrderState::Rejected  ? "Rejected by System:" + std::string(r.text.view())
                                 : r.text.view().find("by System") != std::string_view::npos ? "Cancelled by System:\n"
                                                                                             : "Cancelled by Trader:\n";
      }
      if (r.state == OrderState::Rejected) order.reject_code = r.code;
      const bool at_once = r.state == OrderState::Cancelled && r.text.view().find("at once") != std::string_view::npos;
      // Who cancels by himself before anything was transmitted hears nothing but the confirmation.
      to_watchers(order, [&](Client& client) {
        if (r.state == OrderState::Rejected && r.code != 0) client.error(order.id, r.code, r.text.view(), now_);
        if (at_once && order.tif == "IOC") {
          order.told_as = "PendingCancel";
          order_status(client, order, r.last_price);
          order.told_as = {};
        }
        if (at_once && order.tif == "FOK") order.told_as = "Inactive";
        if (order.sent || is_final(r.state)) {
          open_order(client, order);
          order_status(client, order, r.last_price);
          const bool again = r.hold == Hold::Trigger || chance(settings_.faults.duplicate_status);
          if (again && !is_final(r.state)) order_status(client, order, r.last_price);
        }
        if (at_once && order.tif == "FOK") return;  // a recorded TWS says no more
        if (r.code == 202 || r.code == 399 || r.code == 404) client.error(order.id, r.code, r.text.view(), now_);
      });
      return;
    }
    case ReportKind::Execution: {
      ServedExecution e;
      e.order = index;
      e.instrument = r.instrument;
      e.id = execution_id(0x0000e0d5, r.execution).view();
      e.at = r.at;
      e.time = login_.date_time_zone(r.at + clock_offset_);
      e.venue = venue_name(static_cast<std::uint8_t>(r.venue));
      if (e.venue.empty()) e.venue = contracts_.exchange(r.instrument);
      e.side = r.side;
      e.quantity = r.last_quantity;
      e.cumulative = r.filled;
      e.price = r.last_price;
      e.average = r.average;
      e.liquidity = r.liquidity;
      e.commission = r.commission;
      e.realized = r.realized;
      e.has_realized = r.has_realized;
      e.currency = r.currency;
      executions_.push_back(e);
      to_watchers(order, [&](Client& client) { exec_details(client, -1, executions_.back()); });
      return;
    }
    case ReportKind::Commission: {
      order.commission += r.commission;
      order.commission_currency = r.currency;
      order.commission_known = true;
      const auto id = execution_id(0x0000e0d5, r.execution);
      const auto found = std::find_if(executions_.rbegin(), executions_.rend(), [&](const auto& e) { return e.id == id.view(); });
      INVARIANT(found != executions_.rend());
      to_watchers(order, [&](Client& client) {
        if (order.state == OrderState::Filled) open_order(client, order);
        commission_report(client, *found);
      });
      return;
    }
    case ReportKind::Position:
      for (Client* client : clients_) {
        if (!client->running()) continue;
        if (client->positions || !client->positions_multi.empty()) send_position(*client, r.instrument);
        if (client->account) send_portfolio(*client, r.instrument);
      }
      return;
  }
}

void Station::order_status(Client& client, const ServedOrder& order, Price last_price) {
  client.say(wire::OrderStatus{.orderId = order.id, .status = order.told_as.empty() ? status_of(order.state) : order.told_as, .filled = wire::Number::from(order.filled), .remaining = wire::Number::from(order.quantity - order.filled),
                               .avgFillPrice = wire::Number::from(order.average), .permId = order.perm_id.value, .parentId = order.parent_id, .lastFillPrice = wire::Number::from(last_price),
                               .clientId = order.client, .whyHeld = why_held(order.hold), .mktCapPrice = wire::Number::of(0, 1)});
}

void Station::fill_order(const ServedOrder& served, wire::Contract& contract, wire::Order& w) const {
  const bool whole_contract = served.asked && !served.asked->contract().comboLegs.empty();
  if (served.asked) w = served.asked->order();
  else w.orderType = served.order_type, w.lmtPrice = served.limit;
  contracts_.fill(served.instrument, contract);
  if (whole_contract) contract.comboLegs = served.asked->contract().comboLegs;
  w.action = served.side == Side::Buy ? "BUY" : "SELL";
  w.totalQuantity = wire::Number::from(served.quantity);
  if (!w.lmtPrice.is_set()) w.lmtPrice = wire::Number::of(0, 1);
  if (!w.auxPrice.is_set()) w.auxPrice = wire::Number::of(0, 1);
  w.tif = served.tif;
  w.ocaGroup = served.oca_group;
  w.account = settings_.account;
  w.clientId = served.client;
  w.permId = served.perm_id.value;
  w.parentId = served.parent_id;
  w.whatIf = false;
  if (w.ocaType == 0) w.ocaType = 3;
  const bool trails = w.orderType == "TRAIL" || w.orderType == "TRAIL LIMIT";
  if (trails && served.trigger.is_positive()) w.trailStopPrice = wire::Number::from(served.trigger);
  if (w.displaySize == 0) w.displaySize = wire::unset_integer;
  if (w.adjustedOrderType.empty()) w.adjustedOrderType = "None";
  if (!w.cashQty.is_set()) w.cashQty = wire::Number::of(0);
  // What a real TWS writes where nothing is set (docs/ib.md, openOrder).
  w.rule80A = "0";
  w.exemptCode = -1;
  w.deltaNeutralOrderType = "None";
  w.deltaNeutralOpenClose = "?";
  w.volatilityType = 0;
  w.referencePriceType = 0;
  w.clearingIntent = "IB";
  w.dontUseAutoPriceForHedge = true;
  w.usePriceMgmtAlgo = 0;
}

void Station::open_order(Client& client, const ServedOrder& served, const Broker::WhatIf* what_if) {
  wire::OpenOrder message;
  message.orderId = served.id;
  fill_order(served, message.contract, message.order);
  message.order.whatIf = what_if != nullptr;
  std::string allocation;
  if (served.slot != no_slot) {
    allocation = fmt::format("{}.{}/{}/{}", served.perm_id.value, served.client, settings_.account, to_text(served.quantity));
    message.order.sharesAllocation = allocation;
  }
  auto& state = message.state;
  state.status = served.told_as.empty() ? status_of(served.state) : served.told_as;
  std::string margins[9];
  for (auto& text : margins) text = unset_text;
  if (what_if) {
    const double values[9] = {what_if->initial_before, what_if->maintenance_before, what_if->equity_before, what_if->initial_after - what_if->initial_before,
                              what_if->maintenance_after - what_if->maintenance_before, what_if->equity_after - what_if->equity_before, what_if->initial_after,
                              what_if->maintenance_after, what_if->equity_after};
    for (std::size_t i = 0; i < 9; ++i) margins[i] = amount(values[i]);
    state.commissionAndFees = wire::Number::from(what_if->commission);
    state.commissionAndFeesCurrency = what_if->currency.view();
    state.marginCurrency = broker_.account().base().view();
  }
  state.initMarginBefore = margins[0], state.maintMarginBefore = margins[1], state.equityWithLoanBefore = margins[2];
  state.initMarginChange = margins[3], state.maintMarginChange = margins[4], state.equityWithLoanChange = margins[5];
  state.initMarginAfter = margins[6], state.maintMarginAfter = margins[7], state.equityWithLoanAfter = margins[8];
  if (served.commission_known) {
    state.commissionAndFees = wire::Number::from(served.commission);
    state.commissionAndFeesCurrency = served.commission_currency.view();
  }
  state.suggestedSize = wire::Number::unset();
  client.say(message);
}

void Station::completed_order(Client& client, const ServedOrder& served) {
  wire::CompletedOrder message;
  fill_order(served, message.contract, message.order);
  message.state.status = status_of(served.state);
  message.order.filledQuantity = wire::Number::from(served.filled);
  message.order.refFuturesConId = wire::unset_integer;
  message.order.shareholder = "Not an insider or substantial shareholder";
  const std::string done = login_.date_time_zone(served.completed_at);
  message.state.completedTime = done;
  message.state.completedStatus = served.completed_status;
  const std::string auto_cancel = done;
  message.order.autoCancelDate = auto_cancel;
  client.say(message);
}

void Station::exec_details(Client& client, std::int32_t request, const ServedExecution& e) {
  const auto& order = served_[e.order];
  wire::ExecDetails message;
  message.reqId = request;
  contracts_.fill(e.instrument, message.contract);
  if (contracts_[e.instrument].right == OptionRight::None) message.contract.strike = wire::Number::of(0, 1), message.contract.right = {};
  message.execution = {.orderId = order.id, .execId = e.id, .time = e.time, .acctNumber = settings_.account, .exchange = e.venue, .side = e.side == Side::Buy ? "BOT" : "SLD",
                       .shares = wire::Number::from(e.quantity), .price = wire::Number::from(e.price), .permId = order.perm_id.value, .clientId = order.client, .liquidation = e.liquidation,
                       .cumQty = wire::Number::from(e.cumulative), .avgPrice = wire::Number::from(e.average), .orderRef = order.order_ref, .evRule = "", .evMultiplier = wire::Number::unset(),
                       .modelCode = "", .lastLiquidity = e.liquidity, .pendingPriceRevision = false, .submitter = ""};
  client.say(message);
}

void Station::commission_report(Client& client, const ServedExecution& e) {
  client.say(wire::CommissionReport{.execId = e.id, .commissionAndFees = wire::Number::from(e.commission), .currency = e.currency.view(),
                                    .realizedPNL = e.has_realized ? wire::Number::from(e.realized) : wire::Number::unset(), .yield_ = wire::Number::unset(), .yieldRedemptionDate = 0});
}

}  // namespace robo::sim
