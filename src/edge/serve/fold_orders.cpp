// Orders, fills, commissions, denials, signals and targets.

#include <algorithm>
#include <fmt/format.h>

#include "edge/serve/read_model.hpp"
#include "edge/serve/sentences.hpp"
#include "model/sentence.hpp"

namespace robo::serve {
namespace {

view::Side side_of(Side side) { return side == Side::Buy ? view::Side::Buy : view::Side::Sell; }
std::string_view side_text(Side side) { return side == Side::Buy ? "BUY" : "SELL"; }

view::Tif tif_of(TimeInForce tif) {
  switch (tif) {
    case TimeInForce::Day: return view::Tif::Day;
    case TimeInForce::GoodTillCancel: return view::Tif::Gtc;
    case TimeInForce::ImmediateOrCancel: return view::Tif::Ioc;
    case TimeInForce::FillOrKill: return view::Tif::Fok;
  }
  return view::Tif::Day;
}

view::Purpose purpose_of(OrderPurpose purpose) {
  switch (purpose) {
    case OrderPurpose::Entry: return view::Purpose::Entry;
    case OrderPurpose::Exit: return view::Purpose::Exit;
    case OrderPurpose::ProtectiveStop: return view::Purpose::Stop;
    case OrderPurpose::ProfitTarget: return view::Purpose::Target;
    case OrderPurpose::Flatten: return view::Purpose::Flatten;
  }
  return view::Purpose::Entry;
}

constexpr std::int32_t held_for_locate = 404;  // IB: order held while shares to borrow are looked for

view::OrderState state_of(const OrderChanged& changed) {
  switch (changed.state) {
    case OrderState::PendingSubmit: return view::OrderState::Pending;
    case OrderState::PreSubmitted:
    case OrderState::Submitted:
      if (changed.code == held_for_locate) return view::OrderState::Held;
      return changed.filled.is_positive() ? view::OrderState::Partial : view::OrderState::Working;
    case OrderState::PendingCancel: return view::OrderState::PendingCancel;
    case OrderState::Unknown: return view::OrderState::Unknown;
    case OrderState::Filled: return view::OrderState::Filled;
    case OrderState::Cancelled: return view::OrderState::Cancelled;
    case OrderState::Rejected: return view::OrderState::Rejected;
  }
  return view::OrderState::Unknown;
}

void set_kind(view::Order& order, const OrderKind& kind) {
  order.limit = order.stop = std::nullopt;
  std::visit(overload{[&](const Market&) { order.type = view::OrderType::Market; },
                      [&](const Limit& limit) {
                        order.type = view::OrderType::Limit;
                        order.limit = limit.price;
                      },
                      [&](const Stop& stop) {
                        order.type = view::OrderType::Stop;
                        order.stop = stop.trigger;
                      },
                      [&](const StopLimit& stop) {
                        order.type = view::OrderType::StopLimit;
                        order.stop = stop.trigger;
                        order.limit = stop.price;
                      },
                      [&](const Trail& trail) {
                        order.type = view::OrderType::Trail;
                        order.stop = trail.trigger;
                      }},
             kind);
}

std::string key_text(OrderKey key) { return key ? to_text(key) : std::string(); }

}  // namespace

void ReadModel::fold(const OrderChanged& changed) {
  const auto& intent = changed.intent;
  const auto key = key_text(intent.key);
  const bool known = orders_.find(key) != nullptr;
  auto& order = orders_.touch(key, next());
  const bool turned = !known || order.state != state_of(changed);
  if (!known) {
    order.key = key;
    order.created_at = now_;
    mark_traded(intent);
    measure_order(intent);
  }
  order.instrument = intent.instrument.value;
  order.side = side_of(intent.side);
  order.tif = tif_of(intent.time_in_force);
  order.quantity = intent.quantity;
  order.filled = changed.filled;
  order.purpose = purpose_of(intent.purpose);
  order.state = state_of(changed);
  order.parent = key_text(intent.parent);
  order.oca_group = key_text(intent.oca_group);
  set_kind(order, intent.kind);
  if (changed.perm_id.value != 0) order.perm_id = changed.perm_id.value;
  if (changed.broker_id.order_id != 0) order.order_id = changed.broker_id.order_id;
  if (changed.filled.is_positive()) order.average_fill = changed.average_price;
  order.changed_at = now_;
  order.strategies.clear();
  for (std::size_t i = 0; i < intent.reason.contribution_count; ++i) order.strategies.push_back(strategy_name(intent.reason.contributions[i].strategy));
  if (!known)
    for (const auto& name : order.strategies)
      if (strategies_.find(name) != nullptr) ++strategies_.touch(name, next()).orders;
  if (order.reason.empty()) {
    switch (order.purpose) {
      case view::Purpose::Stop: order.reason = "Protective stop"; break;
      case view::Purpose::Target: order.reason = "Profit target"; break;
      case view::Purpose::Flatten: order.reason = "Flatten"; break;
      case view::Purpose::Entry:
      case view::Purpose::Exit: {
        order.reason = "Towards target " + size_text(intent.reason.target);
        if (const auto cap = cap_text(intent.reason.cap); !cap.empty()) order.reason += fmt::format(", {} binds", cap);
      }
    }
  }
  if (changed.state == OrderState::Rejected) order.reject = changed.code != 0 ? fmt::format("{} ({})", changed.text.view(), changed.code) : std::string(changed.text.view());
  if (!known) remember_why(changed);

  follow_queue(order);
  if (turned) {
    const auto* instrument = instruments_.find(order.instrument);
    auto text = fmt::format("{} {} {} {} {}", symbol(intent.instrument), side_text(intent.side), size_text(intent.quantity),
                            order_type_text(order, instrument != nullptr ? instrument->price_decimals : 2), order_state_text(order.state));
    if (order.state == view::OrderState::Pending && !order.reason.empty()) text += ". " + order.reason;
    if (!changed.text.empty()) text += fmt::format(": {}", changed.text.view());
    if (changed.code != 0) text += fmt::format(" ({})", changed.code);
    text += ".";
    const bool bad = order.state == view::OrderState::Rejected || order.state == view::OrderState::Unknown || order.state == view::OrderState::Held;
    log({.level = bad ? view::LogLevel::Attention : view::LogLevel::Info, .topic = view::LogTopic::Order, .text = std::move(text),
         .instrument = order.instrument, .order = key, .strategy = order.strategies.empty() ? std::string() : order.strategies.front()});
    if (is_final(changed.state)) {
      finished_.push_back(key);
      keep_finished_bounded();
    }
  }
  update_kill();
}

/// Working orders stay; the oldest finished ones leave.
void ReadModel::keep_finished_bounded() {
  while (finished_.size() > orders_kept) {
    orders_.erase(finished_.front(), next());
    whys_.erase(finished_.front());
    finished_.pop_front();
  }
}

void ReadModel::remember_why(const OrderChanged& changed) {
  const auto& intent = changed.intent;
  const auto& reason = intent.reason;
  auto& why = whys_[key_text(intent.key)];
  why.order = key_text(intent.key);
  why.instrument = intent.instrument.value;
  why.reason = orders_.find(why.order)->reason;
  why.blend = reason.blended_score;
  why.target = reason.target;
  if (const auto* position = positions_.find(intent.instrument.value)) why.position_before = position->quantity;
  why.cap = cap_text(reason.cap);
  why.at = now_;
  for (std::size_t i = 0; i < reason.contribution_count; ++i) {
    const auto& part = reason.contributions[i];
    view::View view{.strategy = strategy_name(part.strategy), .score = {}, .confidence = {}, .weight_percent = {}, .contribution = part.quantity.to_double(), .reason = {}};
    if (const auto weight = strategy_weights_.find(view.strategy); weight != strategy_weights_.end()) view.weight_percent = weight->second;
    if (const auto said = last_signals_.find({part.strategy.value, intent.instrument.value}); said != last_signals_.end()) {
      view.score = said->second.signal.score;
      view.confidence = said->second.signal.confidence;
      view.reason = said->second.signal.reason;
    }
    why.views.push_back(std::move(view));
  }
  limits_.each([&](const view::Limit& limit) {
    if (limit.used) why.checks.push_back({.name = limit.name, .measured = limit.used, .limit = limit.limit, .unit = limit.unit, .passed = limit.state != view::LimitState::Hit});
  });
}

void ReadModel::mark_traded(const OrderIntent& intent) {
  for (std::size_t i = 0; i < intent.reason.contribution_count; ++i) {
    const auto said = last_signals_.find({intent.reason.contributions[i].strategy.value, intent.instrument.value});
    if (said == last_signals_.end() || said->second.signal.traded) continue;
    said->second.signal.traded = true;
    if (signals_.find(said->second.id) != nullptr) signals_.touch(said->second.id, next()) = said->second.signal;
  }
}

void ReadModel::fold(const OrderFilled& filled) {
  const auto& execution = filled.execution;
  const std::string id(execution.id.view());
  // A correction has the same id but for its last group; it replaces the row.
  const auto stem = id.substr(0, id.rfind('.'));
  const auto row_key = filled.correction && fills_.find(stem) != nullptr ? stem : id.rfind('.') == std::string::npos ? id : stem;
  auto& fill = fills_.touch(row_key, next());
  fill.execution = row_key;
  fill.order = key_text(filled.intent.key);
  fill.instrument = execution.instrument.value;
  fill.side = side_of(execution.side);
  fill.quantity = execution.quantity;
  fill.price = execution.price;
  fill.venue = execution.venue.view();
  fill.at = execution.executed_at.ns != 0 ? execution.executed_at : now_;
  fill.realized_pnl = filled.realized;
  fill.maker = execution.liquidity == 1 ? std::optional(true) : execution.liquidity == 2 ? std::optional(false) : std::nullopt;
  if (filled.arrival_price.is_positive()) {
    const double arrival = filled.arrival_price.to_double();
    const double worse = (execution.price.to_double() - arrival) * sign(execution.side);
    fill.slippage_bp = -worse / arrival * 1e4;
  }
  if (const auto* order = orders_.find(fill.order)) fill.reason = order->reason;
  else if (execution.external) fill.reason = "Not an order of ours";
  if (const auto early = commissions_.find(row_key); early != commissions_.end()) {
    fill.commission = early->second.amount;
    commissions_.erase(early);
  }
  auto text = fmt::format("{} {} {} filled at {}", symbol(execution.instrument), side_text(execution.side), size_text(execution.quantity), price_text(execution.instrument, execution.price));
  if (!filled.realized.is_zero()) text += fmt::format(", realized {}", signed_money(filled.realized));
  text += filled.correction ? " (corrected)." : ".";
  log({.level = view::LogLevel::Good, .topic = view::LogTopic::Order, .text = std::move(text), .instrument = fill.instrument, .order = fill.order, .strategy = {}});
  if (const auto* strategies = orders_.find(fill.order); strategies != nullptr && !filled.correction)
    for (const auto& name : strategies->strategies)
      if (strategies_.find(name) != nullptr) ++strategies_.touch(name, next()).fills;
}

void ReadModel::fold(const CommissionBooked& booked) {
  const std::string id(booked.commission.execution.view());
  const auto key = id.substr(0, id.rfind('.'));
  if (fills_.find(key) != nullptr) fills_.touch(key, next()).commission = booked.commission.amount;
  else if (commissions_.size() < 10'000) commissions_[key] = {.amount = booked.commission.amount, .realized = {}};
}

void ReadModel::fold(const OrderDenied& denied) {
  const auto& intent = denied.intent;
  auto& last = last_denials_[intent.instrument.value];
  const bool again = last.id != 0 && last.reason == denied.reason && last.side == intent.side && denials_.find(last.id) != nullptr;
  if (!again) last = {.id = ++denial_id_, .reason = denied.reason, .side = intent.side};
  auto& row = denials_.touch(last.id, next());
  row.repeats = again ? row.repeats + 1 : 0;
  row.id = last.id;
  row.instrument = intent.instrument.value;
  row.side = side_of(intent.side);
  row.quantity = intent.quantity;
  row.code = to_text(denied.reason);
  row.reason = fmt::format("{} {} {} denied: {}.", symbol(intent.instrument), side_text(intent.side), size_text(intent.quantity),
                           sentence(denied.reason, denied.measured, denied.limit));
  const auto* limit = limit_of(denied.reason);
  row.unit = limit != nullptr ? limit->unit : denied.reason == Denial::StaleQuote ? "s" : "";
  row.measured = denied.measured;
  row.limit = denied.limit;
  row.at = now_;
  row.strategies.clear();
  for (std::size_t i = 0; i < intent.reason.contribution_count; ++i) row.strategies.push_back(strategy_name(intent.reason.contributions[i].strategy));
  if (limit != nullptr) ++limits_.touch(limit->name, next()).denials;
  if (!again) log({.level = view::LogLevel::Attention, .topic = view::LogTopic::Risk, .text = row.reason, .instrument = row.instrument, .order = {}, .strategy = row.strategies.empty() ? std::string() : row.strategies.front()});
}

void ReadModel::fold(const SignalRaised& raised) {
  constexpr auto quiet = minutes(1);
  auto& last = last_signals_[{raised.strategy.value, raised.instrument.value}];
  const auto direction = [](double score) { return score > 0.05 ? 1 : score < -0.05 ? -1 : 0; };
  const bool turned = last.id == 0 || direction(last.signal.score) != direction(raised.score) || now_ - last.signal.at >= quiet;
  if (turned) last = {.id = ++signal_id_, .signal = {}};
  auto& signal = last.signal;
  signal.id = last.id;
  signal.strategy = strategy_name(raised.strategy);
  signal.instrument = raised.instrument.value;
  signal.score = raised.score;
  signal.confidence = raised.confidence;
  signal.reason = raised.why.view();
  if (const auto* market = this->market(raised.instrument.value)) signal.price = market->mark().value_or(Price{});
  if (turned) {
    signal.at = now_;
    signals_.touch(last.id, next()) = signal;
  }
  if (strategies_.find(signal.strategy) != nullptr) ++signal_counts_[signal.strategy];
}

void ReadModel::fold(const TargetSet& set) {
  if (positions_.find(set.instrument.value) == nullptr && set.target.is_zero()) return;
  auto& position = positions_.touch(set.instrument.value, next());
  position.instrument = set.instrument.value;
  position.target = set.target;
  if (const auto* instrument = instruments_.find(set.instrument.value)) position.currency = instrument->currency;
}

}  // namespace robo::serve
