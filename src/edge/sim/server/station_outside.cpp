// What happens to orders and the account without the API: refusals and cancels by IB, corrections, trades by hand and by phone,
// liquidation, expiry, fees.

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "edge/sim/names.hpp"
#include "edge/sim/server/station.hpp"

namespace robo::sim {
namespace {

Problem no_symbol(std::string_view symbol) { return Problem{fmt::format("symbol: '{}' is not known here", symbol)}; }

constexpr std::int64_t outside_perm_first = 990'000'001;

Result<Side, Problem> side_of(std::string_view text) {
  if (text == "BUY") return Side::Buy;
  if (text == "SELL") return Side::Sell;
  return fail(Problem{fmt::format("side: '{}' is neither BUY nor SELL", text)});
}

}  // namespace

// ---------------------------------------------------------------- refused, cancelled, split

Result<std::string, Problem> Station::act(const fault::RejectOrders& f) {
  if (f.count < 0) return fail(Problem{"count: at least 0"});
  if (!f.symbol.empty() && !by_symbol(f.symbol)) return fail(no_symbol(f.symbol));
  if (f.count > 0) rejections_.push_back(f);
  return fmt::format("reject {}", f.count);
}

bool Station::refused_on_command(Client& client, ServedOrder refused) {
  for (auto rule = rejections_.begin(); rule != rejections_.end(); ++rule) {
    if (!rule->symbol.empty() && (by_symbol(rule->symbol) == nullptr || *by_symbol(rule->symbol) != refused.instrument)) continue;
    const auto f = *rule;
    if (--rule->count == 0) rejections_.erase(rule);
    client.error(refused.id, f.code, f.text, told_now());
    if (f.form == fault::RefusalForm::ErrorOnly) return true;
    refused.slot = no_slot;
    refused.sent = true;
    refused.state = f.form == fault::RefusalForm::Inactive ? OrderState::Rejected : OrderState::Cancelled;
    refused.reject_code = f.code;
    refused.perm_id = PermId{outside_perm_first + static_cast<std::int64_t>(served_.size())};
    refused.completed_at = now_;
    refused.completed_status = "Rejected by System:" + f.text;
    open_order(client, refused);
    order_status(client, refused, {});
    served_.push_back(refused);
    return true;
  }
  return false;
}

Result<std::string, Problem> Station::act(const fault::CancelOrders& f) {
  if (!f.symbol.empty() && !by_symbol(f.symbol)) return fail(no_symbol(f.symbol));
  std::size_t count = 0;
  for (const auto& order : served_) {
    if (!order.open() || order.slot == no_slot || (f.client != every_client && order.client != f.client) || (f.order != every_order && order.id != f.order)) continue;
    if (!f.symbol.empty() && *by_symbol(f.symbol) != order.instrument) continue;
    if (is_final(broker_.order(order.slot).state)) continue;
    (void)broker_.cancel(now_, order.slot);
    ++count;
  }
  deliver_reports();
  return fmt::format("{} orders cancelled by IB", count);
}

Result<std::string, Problem> Station::act(const fault::Locate& f) {
  const auto* id = by_symbol(f.symbol);
  if (!id) return fail(no_symbol(f.symbol));
  broker_.set_shortable(now_, *id, f.shares < 0 ? Quantity::from_raw(INT64_MAX) : shares(f.shares));
  deliver_reports();
  return fmt::format("{} shares of {} can be borrowed", f.shares, f.symbol);
}

Result<std::string, Problem> Station::act(const fault::SplitOrder& f) {
  for (std::size_t i = 0; i < served_.size(); ++i) {
    const auto& order = served_[i];
    if (!order.open() || order.slot == no_slot || is_final(broker_.order(order.slot).state)) continue;
    if ((f.client != every_client && order.client != f.client) || (f.order != every_order && order.id != f.order)) continue;
    const Order& standing = broker_.order(order.slot);
    Terms terms;
    terms.instrument = standing.instrument;
    terms.side = standing.side;
    terms.time_in_force = standing.time_in_force;
    terms.outside_regular_hours = standing.outside_regular_hours;
    terms.quantity = standing.remaining();
    terms.kind = standing.kind;
    ServedOrder twin = order;
    twin.filled = {};
    twin.average = {};
    twin.quantity = terms.quantity;
    twin.perm_id = {};
    twin.state = OrderState::PendingSubmit;
    terms.reference = served_.size() + 1;
    served_.push_back(twin);
    const auto slot = broker_.place(now_, terms);
    if (!slot) {
      served_.pop_back();
      return fail(Problem{fmt::format("split_order: {} {}", slot.error().code, slot.error().text.view())});
    }
    served_.back().slot = *slot;
    deliver_reports();
    return fmt::format("order {} of client {} works twice", twin.id, twin.client);
  }
  return fail(Problem{"split_order: no such order works"});
}

// ---------------------------------------------------------------- corrections

Result<std::string, Problem> Station::act(const fault::CorrectExecution& f) {
  const auto found = f.execution.empty() ? executions_.rbegin() : std::find_if(executions_.rbegin(), executions_.rend(), [&](const auto& e) { return e.id == f.execution; });
  if (found == executions_.rend()) return fail(Problem{f.execution.empty() ? "nothing was executed yet" : fmt::format("execution: '{}' is not known", f.execution)});
  ServedExecution fresh = *found;
  const auto dot = fresh.id.rfind('.');
  const int number = dot == std::string::npos ? 1 : std::atoi(fresh.id.c_str() + dot + 1);
  fresh.id = fmt::format("{}.{:02}", fresh.id.substr(0, dot), number + 1);
  if (f.price > 0) fresh.price = Price::nearest(f.price);
  if (f.bust) fresh.quantity = {};
  else if (f.quantity > 0) fresh.quantity = Quantity::nearest(f.quantity);
  if (contracts_[fresh.instrument].asset_class == AssetClass::Combo) return fail(Problem{"execution: of a combination IB corrects the legs; name one of them"});
  ServedOrder& order = served_[fresh.order];
  auto& account = broker_.account();
  const auto currency = contracts_[fresh.instrument].currency;
  (void)account.book(fresh.instrument, fresh.side == Side::Buy ? Side::Sell : Side::Buy, found->quantity, found->price, {}, currency);
  if (fresh.quantity.is_positive()) (void)account.book(fresh.instrument, fresh.side, fresh.quantity, fresh.price, {}, currency);
  if (f.bust) account.pay(currency, fresh.commission), fresh.commission = {};
  // The order's own sums, from its executions as they are now.
  *found = fresh;
  double value = 0;
  Quantity filled{};
  for (const auto& e : executions_) {
    if (e.order != fresh.order || e.instrument != order.instrument) continue;
    filled += e.quantity;
    value += e.price.to_double() * e.quantity.to_double();
  }
  order.filled = filled;
  order.average = filled.is_positive() ? Price::nearest(value / filled.to_double()) : Price{};
  found->cumulative = filled, found->average = order.average;
  for (Client* client : clients_) {
    if (!client->running()) continue;
    if (sees(*client, order)) {
      exec_details(*client, -1, *found);
      commission_report(*client, *found);
    }
    if (client->positions || !client->positions_multi.empty()) send_position(*client, fresh.instrument);
    if (client->account) send_portfolio(*client, fresh.instrument);
  }
  return fmt::format("{}: {} at {}", found->id, to_text(found->quantity), to_text(found->price));
}

// ---------------------------------------------------------------- by hand, by phone, by IB

void Station::book_outside(InstrumentId instrument, Side side, Quantity quantity, Price price, std::int32_t liquidation, std::string_view order_type) {
  const Instrument& what = contracts_[instrument];
  Terms terms;
  terms.instrument = instrument;
  terms.side = side;
  terms.quantity = quantity;
  terms.kind = Limit{price};
  const Money commission = order_type.empty() ? Money{} : broker_.what_if(terms, now_).commission;
  const auto booked = broker_.account().book(instrument, side, quantity, price, commission, what.currency);
  ServedOrder order;
  order.instrument = instrument;
  order.side = side;
  order.quantity = order.filled = quantity;
  order.average = price;
  order.account = settings_.account;
  order.order_type = order_type.empty() ? "MKT" : order_type;
  order.sent = order.from_manual = true;
  order.state = OrderState::Filled;
  order.perm_id = PermId{outside_perm_first + static_cast<std::int64_t>(served_.size())};
  order.completed_at = now_;
  order.completed_status = fmt::format("Filled Size: {}", to_text(quantity));
  order.commission = commission;
  order.commission_known = true;
  order.commission_currency = what.currency;
  served_.push_back(order);
  ServedExecution e;
  e.order = served_.size() - 1;
  e.instrument = instrument;
  e.id = execution_id(0x0001f4e8, ++outside_executions_).view();
  e.at = now_;
  e.time = login_.date_time_zone(told_now());
  e.venue = contracts_.exchange(instrument);
  e.side = side;
  e.quantity = e.cumulative = quantity;
  e.price = e.average = price;
  e.liquidity = 2;
  e.commission = commission;
  e.realized = booked.realized;
  e.has_realized = booked.closes;
  e.currency = what.currency;
  e.liquidation = liquidation;
  executions_.push_back(e);
  for (Client* client : clients_) {
    if (!client->running() || !connected_) continue;
    if (client->id == settings_.master_client || (client->id == 0 && client->auto_open_orders)) {
      exec_details(*client, -1, executions_.back());
      commission_report(*client, executions_.back());
    }
    if (client->positions || !client->positions_multi.empty()) send_position(*client, instrument);
    if (client->account) send_portfolio(*client, instrument);
  }
}

Result<std::string, Problem> Station::act(const fault::ManualTrade& f) {
  const auto* id = by_symbol(f.symbol);
  if (!id) return fail(no_symbol(f.symbol));
  const auto held = broker_.account().holding(*id).quantity;
  Side side = held.is_positive() ? Side::Sell : Side::Buy;
  Quantity quantity = held.abs();
  if (!f.side.empty()) {
    const auto wanted = side_of(f.side);
    if (!wanted) return fail(wanted.error());
    side = *wanted;
  }
  if (f.quantity > 0) quantity = Quantity::nearest(f.quantity);
  if (!quantity.is_positive()) return fail(Problem{"quantity: there is no position to close, so say how many"});
  const auto touch = broker_.matcher().touch(*id);
  Price price = f.price > 0 ? Price::nearest(f.price) : side == Side::Buy ? touch.ask : touch.bid;
  if (!price.is_positive()) price = broker_.matcher().last(*id);
  if (!price.is_positive()) return fail(Problem{"price: the market has none yet"});
  book_outside(*id, side, quantity, price, 0, "MKT");
  return fmt::format("{} {} {} at {} on the phone", side == Side::Buy ? "bought" : "sold", to_text(quantity), f.symbol, to_text(price));
}

Result<std::string, Problem> Station::act(const fault::ManualOrder& f) {
  const auto* id = by_symbol(f.symbol);
  if (!id) return fail(no_symbol(f.symbol));
  const auto side = side_of(f.side);
  if (!side) return fail(side.error());
  Terms terms;
  terms.instrument = *id;
  terms.side = *side;
  terms.quantity = Quantity::nearest(f.quantity);
  if (f.limit > 0) terms.kind = Limit{Price::nearest(f.limit)};
  terms.reference = served_.size() + 1;
  ServedOrder order;
  order.instrument = *id;
  order.side = *side;
  order.quantity = terms.quantity;
  order.account = settings_.account;
  order.order_type = f.limit > 0 ? "LMT" : "MKT";
  if (f.limit > 0) order.limit = wire::Number::from(Price::nearest(f.limit));
  order.sent = order.from_manual = true;
  served_.push_back(order);
  const std::size_t place = served_.size() - 1;
  for (const Client* client : clients_)
    if (client->running() && client->id == 0 && client->auto_open_orders) bind_order(place);
  const auto slot = broker_.place(now_, terms);
  if (!slot) {
    served_.pop_back();
    return fail(Problem{fmt::format("manual_order: {} {}", slot.error().code, slot.error().text.view())});
  }
  served_[place].slot = *slot;
  deliver_reports();
  return fmt::format("typed into TWS: {} {} {}", f.side, to_text(terms.quantity), f.symbol);
}

/// Manual orders get negative ids when client 0 takes them over (the usual setting of TWS).
void Station::bind_order(std::size_t place) {
  ServedOrder& order = served_[place];
  if (!order.from_manual || order.id != 0) return;
  order.client = 0;
  order.id = --last_bound_;
  by_api_id_[static_cast<std::uint32_t>(order.id)] = place;
  for (Client* client : clients_)
    if (client->running() && client->id == 0) client->say(wire::OrderBound{.orderId = order.id, .permId = order.perm_id.value, .clientId = 0});
}

Result<std::string, Problem> Station::act(const fault::Deposit& f) {
  if (f.currency.size() != 3) return fail(Problem{fmt::format("currency: '{}' is no currency", f.currency)});
  broker_.account().pay(CurrencyCode{f.currency}, Money::nearest(f.amount));
  for (Client* client : clients_)
    if (client->running() && client->account) send_account(*client, false);
  return fmt::format("{} {} {}", f.amount < 0 ? "withdrawn" : "paid in", std::abs(f.amount), f.currency);
}

Result<std::string, Problem> Station::act(const fault::Liquidate& f) {
  if (!f.symbol.empty() && !by_symbol(f.symbol)) return fail(no_symbol(f.symbol));
  std::size_t count = 0;
  for (const auto& instrument : contracts_.all()) {
    const auto held = broker_.account().holding(instrument.id).quantity;
    if (held.is_zero() || (!f.symbol.empty() && *by_symbol(f.symbol) != instrument.id)) continue;
    const auto touch = broker_.matcher().touch(instrument.id);
    const Side side = held.is_positive() ? Side::Sell : Side::Buy;
    Price price = side == Side::Buy ? touch.ask : touch.bid;
    if (!price.is_positive()) price = broker_.matcher().last(instrument.id);
    if (!price.is_positive()) continue;
    book_outside(instrument.id, side, held.abs(), price, 1, "MKT");
    ++count;
  }
  return fmt::format("{} positions closed by IB", count);
}

/// Reg T leaves no choice: below the maintenance margin IB sells what there is, the largest position first, until it is met.
void Station::liquidate_deficit() {
  if (!settings_.liquidate_on_deficit || !connected_) return;
  for (int round = 0; round < 100; ++round) {
    broker_.mark();
    const auto values = broker_.account().values();
    if (values.excess_liquidity() >= 0) return;
    const Instrument* largest = nullptr;
    double value = 0;
    for (const auto& instrument : contracts_.all()) {
      const double worth = std::abs(broker_.account().market_value(instrument.id).to_double());
      if (worth <= value || broker_.matcher().phase(instrument.id) == TradingPhase::Halted) continue;
      largest = &instrument, value = worth;
    }
    if (!largest) return;
    const auto held = broker_.account().holding(largest->id).quantity;
    const auto touch = broker_.matcher().touch(largest->id);
    const Side side = held.is_positive() ? Side::Sell : Side::Buy;
    Price price = side == Side::Buy ? touch.ask : touch.bid;
    if (!price.is_positive()) price = broker_.account().holding(largest->id).mark;
    if (!price.is_positive()) return;
    book_outside(largest->id, side, held.abs(), price, 1, "MKT");
  }
}

// ---------------------------------------------------------------- at night

Result<std::string, Problem> Station::act(const fault::BorrowFee& f) {
  const auto* id = by_symbol(f.symbol);
  if (!id) return fail(no_symbol(f.symbol));
  borrow_fees_[*id] = f.percent;
  return fmt::format("borrowing {} costs {} % a year", f.symbol, f.percent);
}

void Station::day_turns(InstrumentId instrument) {
  const Instrument& what = contracts_[instrument];
  if (const auto fee = borrow_fees_.find(instrument); fee != borrow_fees_.end()) {
    broker_.mark();
    const double value = broker_.account().market_value(instrument).to_double();
    // IB's year of lending has 360 days (ib-facts: borrow fees).
    if (value < 0) broker_.account().pay(what.currency, Money::nearest(value * fee->second / 100 / 360));
  }
}

Result<std::string, Problem> Station::act(const fault::Bulletin& f) {
  if (f.type < 1 || f.type > 3) return fail(Problem{"type: 1 regular, 2 exchange not available, 3 exchange available"});
  ++bulletins_;
  for (Client* client : clients_)
    if (client->running() && client->bulletins) client->say(wire::UpdateNewsBulletin{.msgId = bulletins_, .msgType = f.type, .newsMessage = f.text, .originExch = f.exchange});
  return fmt::format("bulletin {}", bulletins_);
}

}  // namespace robo::sim
