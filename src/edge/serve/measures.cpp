// What the desk works out itself: how much of each limit is used, where our orders stand in their queues, relative volume.

#include <algorithm>
#include <cmath>

#include "edge/serve/read_model.hpp"

namespace robo::serve {
namespace {

bool working(const view::Order& order) { return order.state < view::OrderState::Filled || order.state == view::OrderState::Unknown; }

/// Resting at its price, so that it has a place in a queue.
bool rests(const view::Order& order) {
  return order.type == view::OrderType::Limit && order.limit && (order.state == view::OrderState::Working || order.state == view::OrderState::Partial);
}

}  // namespace

void ReadModel::measure_order(const OrderIntent& intent) {
  order_quantity_most_ = std::max(order_quantity_most_, intent.quantity);
  const auto* instrument = instruments_.find(intent.instrument.value);
  const auto* market = this->market(intent.instrument.value);
  if (instrument == nullptr || !in_base(instrument->currency)) return;
  const auto middle = market != nullptr ? market->mark() : std::nullopt;
  std::optional<Price> price = middle;
  bool bounded = false;  // an order that may trade at once, at this price at worst
  std::visit(overload{[](const Market&) {},
                      [&](const Limit& limit) {
                        price = limit.price;
                        bounded = true;
                      },
                      [&](const Stop& stop) { price = stop.trigger; },
                      [&](const StopLimit& stop) { price = stop.price; },
                      [](const auto&) {}},
             intent.kind);
  if (price) order_notional_most_ = std::max(order_notional_most_, notional(*price, intent.quantity, instrument->multiplier).abs().to_double());
  if (!bounded || !middle || !middle->is_positive()) return;
  past_middle_most_ = std::max(past_middle_most_, (price->to_double() - middle->to_double()) / middle->to_double() * 1e4 * sign(intent.side));
}

void ReadModel::use_limit(std::string_view name, double used) {
  const auto* row = limits_.find(std::string(name));
  if (row == nullptr || row->used == used) return;
  auto& limit = limits_.touch(row->name, next());
  limit.used = used;
  touch_limit(limit);
}

void ReadModel::measure_limits() {
  std::map<std::uint32_t, int> per_contract;
  int open = 0, most = 0;
  orders_.each([&](const view::Order& order) {
    if (!working(order)) return;
    ++open;
    most = std::max(most, ++per_contract[order.instrument]);
  });
  Quantity quantity;
  Money value;
  positions_.each([&](const view::Position& position) {
    quantity = std::max(quantity, position.quantity.abs());
    if (in_base(position.currency)) value = std::max(value, position.value.abs());
  });
  use_limit("order_quantity_max", order_quantity_most_.to_double());
  use_limit("order_notional_max", order_notional_most_);
  use_limit("position_quantity_max", quantity.to_double());
  use_limit("position_notional_max", value.to_double());
  use_limit("price_collar_bp", past_middle_most_);
  use_limit("open_orders_per_contract_max", most);
  use_limit("open_orders_max", open);
  if (!equity_.empty()) use_limit("cash_min", account_.cash.to_double());  // before the first mark it is not known
}

// ---- place in the queue ----------------------------------------------------------------------------------------------

void ReadModel::follow_queue(const view::Order& order) {
  if (!rests(order)) {
    queues_.erase(order.key);
    return;
  }
  auto& queue = queues_[order.key];
  if (queue.price == *order.limit) return;  // a new price is a new place, at the end of its queue
  queue = {.instrument = order.instrument, .side = order.side, .price = *order.limit, .ahead = {}};
  if (const auto* market = this->market(order.instrument)) queue.ahead = market->size_at(order.side, queue.price);
}

/// What trades at our price was before us; what trades through it leaves nobody before us.
void ReadModel::advance_queues(const Trade& trade) {
  for (auto& [key, queue] : queues_) {
    if (queue.instrument != trade.instrument.value || !queue.ahead) continue;
    const bool buy = queue.side == view::Side::Buy;
    if (buy ? trade.price < queue.price : trade.price > queue.price) queue.ahead = Quantity{};
    else if (trade.price == queue.price) queue.ahead = std::max(Quantity{}, *queue.ahead - trade.size);
  }
}

void ReadModel::tell_queues() {
  for (auto& [key, queue] : queues_) {
    const auto* order = orders_.find(key);
    const auto* market = this->market(queue.instrument);
    if (order == nullptr || market == nullptr) continue;
    const auto shown = market->size_at(queue.side, queue.price);
    if (shown) queue.ahead = queue.ahead ? std::min(*queue.ahead, *shown) : *shown;  // those who left may all have stood before us: no more than is shown
    std::optional<double> percent;
    if (shown && queue.ahead) percent = shown->is_positive() ? std::min(100.0, queue.ahead->to_double() / shown->to_double() * 100) : 0;
    const bool same = percent.has_value() == order->queue_percent.has_value() && (!percent || std::abs(*percent - *order->queue_percent) < 1);
    if (!same) orders_.touch(key, next()).queue_percent = percent;
  }
}

// ---- relative volume -------------------------------------------------------------------------------------------------

void ReadModel::tell_relative_volumes() {
  const auto minute = engine_now_.ns / minutes(1).ns;
  if (minute == volumes_minute_) return;
  volumes_minute_ = minute;
  for (auto& [id, market] : markets_) {
    const auto value = market.relative_volume(engine_now_);
    if (value != market.quote().relative_volume) market.set_relative_volume(value, ++market_version_);
  }
}

// ---- latency of one order --------------------------------------------------------------------------------------------

void ReadModel::fold(const OrderTimed& timed) {
  const auto key = to_text(timed.key);
  const double us = static_cast<double>(timed.ns) * 1e-3;
  if (orders_.find(key) != nullptr) orders_.touch(key, next()).tick_to_order_us = us;
  if (const auto why = whys_.find(key); why != whys_.end()) why->second.tick_to_order_us = us;
}

}  // namespace robo::serve
