#pragma once
// Order-flow imbalance (Cont, Kukanov, Stoikov): what a change of the touch says about buying and selling, in raw units.

#include <cstdint>
#include <span>

#include "kernel/features/indicators/wrapping.hpp"
#include "model/market.hpp"

namespace robo::features {

struct Touch {
  std::int64_t bid{}, ask{}, bid_size{}, ask_size{};  // raw Price and Quantity
};

/// 1{Pb >= Pb'} Qb - 1{Pb <= Pb'} Qb' - 1{Pa <= Pa'} Qa + 1{Pa >= Pa'} Qa': positive when buyers pressed.
constexpr std::int64_t order_flow(const Touch& before, const Touch& now) {
  const auto when = [](bool condition, std::int64_t size) { return -static_cast<std::int64_t>(condition) & size; };
  const auto bid = difference(when(now.bid >= before.bid, now.bid_size), when(now.bid <= before.bid, before.bid_size));
  const auto ask = difference(when(now.ask <= before.ask, now.ask_size), when(now.ask >= before.ask, before.ask_size));
  return difference(bid, ask);
}

/// Raw amounts summed over the last n intervals of time, the running one included. Empty intervals count as 0.
class TimeBuckets {
 public:
  TimeBuckets() = default;
  TimeBuckets(std::span<std::int64_t> room, Duration length)
      : data_(room.data()), size_(static_cast<std::int64_t>(room.size())), length_(length.ns) {}
  void add(std::int64_t amount, Timestamp at) {
    roll(at);
    data_[slot_] = sum_of(data_[slot_], amount);
    sum_ = sum_of(sum_, amount);
  }
  /// Drops what is older than n intervals.
  void roll(Timestamp at) {
    if (at.ns < end_) [[likely]] return;
    if (at.ns - end_ >= (size_ - 1) * length_) {
      clear();
    } else {
      for (auto steps = (at.ns - end_) / length_ + 1; steps > 0; --steps) {
        slot_ = slot_ + 1 == size_ ? 0 : slot_ + 1;
        sum_ = difference(sum_, data_[slot_]);
        data_[slot_] = 0;
      }
    }
    end_ = at.ns - at.ns % length_ + length_;
  }
  void clear() {
    for (std::int64_t i = 0; i < size_; ++i) data_[i] = 0;
    sum_ = 0;
  }
  [[nodiscard]] std::int64_t sum() const { return sum_; }

 private:
  std::int64_t* data_ = nullptr;
  std::int64_t size_ = 1, length_ = 1, slot_ = 0, sum_ = 0, end_ = 0;  // end_: of the running interval
};

}  // namespace robo::features
