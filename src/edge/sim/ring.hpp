#pragma once
// A queue that keeps its room: grows while it must, allocates nothing once it is large enough. One thread.

#include <cstddef>
#include <memory>

#include "base/invariant.hpp"

namespace robo::sim {

template <class T>
class Ring {
 public:
  explicit Ring(std::size_t capacity) : slots_(std::make_unique<T[]>(round_up(capacity))), mask_(round_up(capacity) - 1) {}

  T& push() {
    if (tail_ - head_ > mask_) [[unlikely]] grow();
    return slots_[tail_++ & mask_];
  }
  T& front() { return slots_[head_ & mask_]; }
  T& operator[](std::size_t position) { return slots_[position & mask_]; }
  void pop() { ++head_; }
  [[nodiscard]] bool empty() const { return head_ == tail_; }
  [[nodiscard]] std::size_t size() const { return tail_ - head_; }
  /// Positions count from the first element ever; an element keeps its position.
  [[nodiscard]] std::size_t head() const { return head_; }
  [[nodiscard]] std::size_t tail() const { return tail_; }

 private:
  static std::size_t round_up(std::size_t n) {
    std::size_t size = 16;
    while (size < n) size *= 2;
    return size;
  }
  void grow() {
    auto larger = std::make_unique<T[]>((mask_ + 1) * 2);
    const auto mask = (mask_ + 1) * 2 - 1;
    for (std::size_t i = head_; i != tail_; ++i) larger[i & mask] = slots_[i & mask_];
    slots_ = std::move(larger);
    mask_ = mask;
  }

  std::unique_ptr<T[]> slots_;
  std::size_t mask_;
  std::size_t head_ = 0, tail_ = 0;
};

}  // namespace robo::sim
