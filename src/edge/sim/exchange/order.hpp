#pragma once
// An order as broker and exchange hold it, and the pool it lives in.

#include <cstdint>
#include <vector>

#include "edge/sim/fees/commission.hpp"
#include "model/order.hpp"

namespace robo::sim {

/// Index of an order in the pool; reused after the order is final and forgotten.
using Slot = std::uint32_t;
inline constexpr Slot no_slot = 0xFFFFFFFF;

/// Why an accepted order is not working.
enum class Hold : std::uint8_t { None, Trigger, Child, Session, Locate, NotTransmitted };

enum class OcaRule : std::uint8_t { None, CancelRest, ReduceRest };

struct Order {
  // What was asked for.
  InstrumentId instrument{};
  Side side{};
  TimeInForce time_in_force{};
  bool outside_regular_hours{};
  bool directed{};
  Quantity quantity{};
  OrderKind kind{};
  std::uint64_t reference{};     // the owner's name for it
  Slot parent{no_slot};
  std::uint64_t oca_group{};     // 0: none
  OcaRule oca{};
  // What it is now.
  OrderState state{OrderState::PendingSubmit};
  Hold hold{};
  bool short_sale{};
  bool priced{};                 // has a limit now (limit orders, elected stop-limits)
  bool aggressive{};             // crossed when it came and still has something to take
  bool elected{};                // a stop that was triggered
  bool next_session{};           // entered after its session: lives through the next one
  bool in_matcher{};
  Price limit{};
  Price trigger{};
  Quantity filled{};
  Money filled_value{};          // sum of price x quantity, without multiplier
  std::int64_t queue_front{};    // quantity ahead of us at our price (raw); see QueueModel
  std::int64_t queue_traded{};   // printed at our price since the last size we saw
  Timestamp accepted_at{};
  PermId perm_id{};
  OrderTicket ticket{};
  Date ticket_day{};
  std::uint32_t executions{};

  [[nodiscard]] Quantity remaining() const { return quantity - filled; }
  [[nodiscard]] Price average_price() const {
    if (filled.is_zero()) return {};
    constexpr i128 unit = i128{Price::scale} * Quantity::scale / Money::scale;
    return Price::from_raw(narrow(divide_rounded(i128{filled_value.raw} * unit, filled.raw)));
  }
};

class OrderPool {
 public:
  explicit OrderPool(std::size_t reserve = 4096) { orders_.reserve(reserve), free_.reserve(reserve); }
  [[nodiscard]] Slot add(const Order& order) {
    if (free_.empty()) {
      orders_.push_back(order);
      return static_cast<Slot>(orders_.size() - 1);
    }
    const Slot slot = free_.back();
    free_.pop_back();
    orders_[slot] = order;
    return slot;
  }
  void forget(Slot slot) { free_.push_back(slot); }
  Order& operator[](Slot slot) { return orders_[slot]; }
  const Order& operator[](Slot slot) const { return orders_[slot]; }
  [[nodiscard]] std::size_t size() const { return orders_.size(); }

 private:
  std::vector<Order> orders_;
  std::vector<Slot> free_;
};

}  // namespace robo::sim
