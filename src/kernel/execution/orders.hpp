#pragma once
// Every order we know of, by each of its three names. Room is set at the start; final orders make way for new ones.

#include <array>
#include <vector>

#include "base/fixed_map.hpp"
#include "kernel/execution/order.hpp"

namespace robo::execution {

class Orders {
 public:
  Orders(std::size_t capacity, std::size_t instruments_max);

  /// Housekeeping between two events: forgets the oldest final orders, so that the next ones find their places clean.
  void make_ready() {
    if (ready_count_ < ready_.size() && live_count_ + ready_count_ < places_.size()) [[unlikely]] clean_places();
  }
  /// Orders may follow, the first with this key: has the memory they will need brought near.
  void expect(OrderKey key) const;

  /// A new record. Null when every place holds a live order.
  Order* add(const OrderIntent& intent);
  /// A stranger's order: known by the broker's id alone.
  Order* add_external(const OrderUpdate& update);
  [[nodiscard]] Order* find(OrderKey key);
  [[nodiscard]] const Order* find(OrderKey key) const;
  [[nodiscard]] Order* find(PermId perm_id);
  /// Makes the order known by the broker's permanent id.
  void name(Order& order, PermId perm_id);
  /// Call after every change of state: final orders leave the live ones.
  void settle(Order& order);

  [[nodiscard]] bool has_room(std::size_t count) const { return live_count_ + count <= places_.size(); }
  [[nodiscard]] std::size_t live_count() const { return live_count_; }
  template <class F>
  void each_live(F&& visit) {
    for (auto i = first_live_; i != none;) {
      const auto next = places_[i].next;
      visit(places_[i].order);
      i = next;
    }
  }
  template <class F>
  void each_live(F&& visit) const {
    for (auto i = first_live_; i != none; i = places_[i].next) visit(places_[i].order);
  }
  template <class F>
  void each_live(InstrumentId instrument, F&& visit) {
    for (auto i = first_of_[instrument.value]; i != none;) {
      const auto next = places_[i].next_of;
      visit(places_[i].order);
      i = next;
    }
  }

 private:
  static constexpr std::uint32_t none = UINT32_MAX;
  struct alignas(64) Place {
    std::uint32_t next{none}, previous{none};        // all live
    std::uint32_t next_of{none}, previous_of{none};  // live of the instrument
    bool used{}, linked{}, ready{};
    Order order{};
  };
  struct HashKey {
    std::size_t operator()(OrderKey key) const { return mix_bits(key.session * 0x9E3779B97F4A7C15ull + key.number); }
  };
  struct HashPerm {
    std::size_t operator()(PermId id) const { return mix_bits(static_cast<std::uint64_t>(id.value)); }
  };
  std::uint32_t take_place();
  std::uint32_t clean_place();
  void clean_places();
  void link(std::uint32_t place);
  void unlink(std::uint32_t place);

  std::vector<Place> places_;
  std::array<std::uint32_t, 3> ready_{};  // clean places, the next one first: as many as a bracket takes
  std::size_t ready_count_ = 0;
  std::uint32_t next_place_ = 0, first_live_ = none, last_live_ = none;
  std::vector<std::uint32_t> first_of_;
  FixedMap<OrderKey, std::uint32_t, HashKey> by_key_;
  FixedMap<PermId, std::uint32_t, HashPerm> by_perm_;
  std::size_t live_count_ = 0;
};

}  // namespace robo::execution
