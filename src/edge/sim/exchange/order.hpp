#pragma once
// An order as broker and exchange hold it, and the pool it lives in.

#include <cstdint>
#include <deque>
#include <vector>

#include "edge/sim/exchange/special.hpp"
#include "edge/sim/fees/commission.hpp"
#include "model/order.hpp"

namespace robo::sim {

/// Index of an order in the pool; reused after the order is final and forgotten.
using Slot = std::uint32_t;
inline constexpr Slot no_slot = 0xFFFFFFFF;

/// Why an accepted order is not working.
enum class Hold : std::uint8_t { None, Trigger, Child, Session, Locate, NotTransmitted, Condition, Auction };

/// Free: without block, the others stay at the exchange while one fills.
enum class OcaRule : std::uint8_t { None, CancelRest, ReduceRest, ReduceFree };

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
  std::uint32_t special{};       // place in the pool, from 1; 0: nothing special about it
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
  void forget(Slot slot) {
    if (const auto special = orders_[slot].special; special != 0) free_specials_.push_back(special), orders_[slot].special = 0;
    free_.push_back(slot);
  }
  /// Room for what is special about an order; goes with it.
  [[nodiscard]] std::uint32_t add_special(const TicketTerms& terms) {
    std::uint32_t place = 0;
    if (free_specials_.empty()) {
      specials_.emplace_back();
      place = static_cast<std::uint32_t>(specials_.size());
    } else {
      place = free_specials_.back();
      free_specials_.pop_back();
    }
    specials_[place - 1] = Special{.terms = terms};
    return place;
  }
  /// Null for a plain order.
  [[nodiscard]] Special* special(const Order& order) { return order.special == 0 ? nullptr : &specials_[order.special - 1]; }
  [[nodiscard]] const Special* special(const Order& order) const { return order.special == 0 ? nullptr : &specials_[order.special - 1]; }
  Order& operator[](Slot slot) { return orders_[slot]; }
  const Order& operator[](Slot slot) const { return orders_[slot]; }
  [[nodiscard]] std::size_t size() const { return orders_.size(); }

 private:
  std::vector<Order> orders_;
  std::vector<Slot> free_;
  std::deque<Special> specials_;
  std::vector<std::uint32_t> free_specials_;
};

}  // namespace robo::sim
