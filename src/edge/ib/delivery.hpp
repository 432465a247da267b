#pragma once
// Events on their way to the kernel, in the order they were understood. Long payloads lie beside them until the next pop.

#include <deque>
#include <utility>
#include <vector>

#include "model/boxed.hpp"
#include "model/event.hpp"

namespace robo::ib {

/// Thread: the client's own. Grows to the largest burst seen, then allocates no more for market data.
class Delivery {
 public:
  Delivery() : ring_(1024) {}

  template <class T>
  void push(Timestamp at, const T& payload) {
    if (count_ == ring_.size()) grow();
    Event& event = ring_[(first_ + count_) & (ring_.size() - 1)];
    ++count_;
    event = Event{};  // a slot keeps nothing of the event before it
    event.at = event.received_at = at;
    if constexpr (requires { event.payload = Boxed<T>{}; }) {
      boxed_.emplace_back(payload);
      event.payload = Boxed<T>{&std::get<T>(boxed_.back())};
    } else {
      event.payload = payload;
    }
  }

  bool pop(Event& out) {
    if (holding_box_) boxed_.pop_front(), holding_box_ = false;
    if (count_ == 0) return false;
    out = ring_[first_];
    first_ = (first_ + 1) & (ring_.size() - 1);
    --count_;
    holding_box_ = std::visit([]<class T>(const T&) { return Unboxed<T>::boxed; }, out.payload);
    return true;
  }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] std::size_t size() const { return count_; }

 private:
  void grow() {
    std::vector<Event> larger(ring_.size() * 2);
    for (std::size_t i = 0; i < count_; ++i) larger[i] = ring_[(first_ + i) & (ring_.size() - 1)];
    ring_ = std::move(larger);
    first_ = 0;
  }
  std::vector<Event> ring_;
  std::size_t first_ = 0, count_ = 0;
  std::deque<BoxedAny> boxed_;
  bool holding_box_ = false;
};

}  // namespace robo::ib
