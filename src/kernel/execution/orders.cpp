#include "kernel/execution/orders.hpp"

#include <algorithm>
#include <cstddef>

namespace robo::execution {

Orders::Orders(std::size_t capacity, std::size_t instruments_max)
    : places_(capacity), first_of_(instruments_max, none), by_key_(capacity), by_perm_(capacity) {}

// Places are used in a ring: the oldest final order makes way.
std::uint32_t Orders::clean_place() {
  for (std::size_t tried = 0; tried < places_.size(); ++tried) {
    const auto index = next_place_;
    next_place_ = next_place_ + 1 == places_.size() ? 0 : next_place_ + 1;
    auto& place = places_[index];
    if (place.linked || place.ready) continue;
    if (place.used) {
      if (const auto* at = by_key_.find(place.order.intent.key); at != nullptr && *at == index) by_key_.erase(place.order.intent.key);
      if (const auto* at = by_perm_.find(place.order.perm_id); at != nullptr && *at == index) by_perm_.erase(place.order.perm_id);
    }
    place.used = false;
    return index;
  }
  return none;
}

void Orders::clean_places() {
  while (ready_count_ < ready_.size()) {
    const auto index = clean_place();
    if (index == none) return;
    places_[index].ready = true;
    ready_[ready_count_++] = index;
  }
}

std::uint32_t Orders::take_place() {
  if (ready_count_ == 0) return clean_place();
  const auto index = ready_[0];
  std::copy(ready_.begin() + 1, ready_.end(), ready_.begin());
  --ready_count_;
  places_[index].ready = false;
  return index;
}

void Orders::expect(OrderKey key) const {
  constexpr std::size_t line = 64, needed = 32 + sizeof(OrderLife) + sizeof(OrderIntent) + 8;
  for (std::size_t i = 0; i < ready_count_; ++i) {
    const auto* place = reinterpret_cast<const char*>(&places_[ready_[i]]);
    for (std::size_t at = 0; at < needed; at += line) __builtin_prefetch(place + at, 1);
    by_key_.prefetch({key.session, key.number + i});
  }
  if (last_live_ != none) __builtin_prefetch(&places_[last_live_], 1);
}

Order* Orders::add(const OrderIntent& intent) {
  const auto index = take_place();
  if (index == none) return nullptr;
  places_[index].used = true;
  auto& order = places_[index].order;
  static_cast<OrderLife&>(order) = {};
  order.place = index;
  order.intent = intent;
  order.text.size = 0;
  if (intent.key) by_key_.put(intent.key, index);
  link(index);
  return &order;
}

Order* Orders::add_external(const OrderUpdate& update) {
  OrderIntent intent{.instrument = update.instrument, .side = update.side, .purpose = OrderPurpose::Entry, .quantity = update.quantity};
  if (!update.trigger.is_zero()) intent.kind = Stop{update.trigger};
  else if (!update.limit.is_zero()) intent.kind = Limit{update.limit};
  auto* order = add(intent);
  if (order == nullptr) return nullptr;
  order->external = true;
  order->broker_id = update.broker_id;
  name(*order, update.perm_id);
  return order;
}

Order* Orders::find(OrderKey key) {
  if (!key) return nullptr;
  const auto* index = by_key_.find(key);
  return index == nullptr ? nullptr : &places_[*index].order;
}

const Order* Orders::find(OrderKey key) const {
  if (!key) return nullptr;
  const auto* index = by_key_.find(key);
  return index == nullptr ? nullptr : &places_[*index].order;
}

Order* Orders::find(PermId perm_id) {
  if (perm_id.value == 0) return nullptr;
  const auto* index = by_perm_.find(perm_id);
  return index == nullptr ? nullptr : &places_[*index].order;
}

void Orders::name(Order& order, PermId perm_id) {
  if (perm_id.value == 0 || order.perm_id == perm_id) return;
  const auto index = order.place;
  if (const auto* at = by_perm_.find(order.perm_id); at != nullptr && *at == index) by_perm_.erase(order.perm_id);
  order.perm_id = perm_id;
  by_perm_.put(perm_id, index);
}

void Orders::settle(Order& order) {
  const auto index = order.place;
  if (order.live() != places_[index].linked) order.live() ? link(index) : unlink(index);
}

void Orders::link(std::uint32_t index) {
  auto& place = places_[index];
  place.linked = true;
  ++live_count_;
  place.previous = last_live_;
  place.next = none;
  (last_live_ == none ? first_live_ : places_[last_live_].next) = index;
  last_live_ = index;
  auto& first = first_of_[place.order.intent.instrument.value];
  place.next_of = first;
  place.previous_of = none;
  if (first != none) places_[first].previous_of = index;
  first = index;
}

void Orders::unlink(std::uint32_t index) {
  auto& place = places_[index];
  place.linked = false;
  --live_count_;
  (place.previous == none ? first_live_ : places_[place.previous].next) = place.next;
  (place.next == none ? last_live_ : places_[place.next].previous) = place.previous;
  auto& first = first_of_[place.order.intent.instrument.value];
  (place.previous_of == none ? first : places_[place.previous_of].next_of) = place.next_of;
  if (place.next_of != none) places_[place.next_of].previous_of = place.previous_of;
}

}  // namespace robo::execution
