#pragma once
// One producer thread, one consumer thread, no lock. The producer never waits: a full ring is the caller's decision.

#include <atomic>
#include <cstddef>
#include <memory>
#include <new>
#include <span>

#include "base/invariant.hpp"

namespace robo {

template <class T>
class SpscRing {
 public:
  /// Capacity is rounded up to a power of two.
  explicit SpscRing(std::size_t capacity) {
    std::size_t size = 2;
    while (size < capacity) size *= 2;
    mask_ = size - 1;
    slots_ = std::make_unique<T[]>(size);
  }

  /// Thread: producer. False when full: nothing was written.
  [[nodiscard]] bool push(const T& item) {
    const auto head = head_.load(std::memory_order_relaxed);
    if (head - tail_seen_ > mask_) {
      tail_seen_ = tail_.load(std::memory_order_acquire);
      if (head - tail_seen_ > mask_) return false;
    }
    slots_[head & mask_] = item;
    head_.store(head + 1, std::memory_order_release);
    return true;
  }

  /// Thread: consumer. The oldest item, or null when empty. Valid until pop().
  [[nodiscard]] const T* front() {
    const auto tail = tail_.load(std::memory_order_relaxed);
    if (tail == head_seen_) {
      head_seen_ = head_.load(std::memory_order_acquire);
      if (tail == head_seen_) return nullptr;
    }
    return &slots_[tail & mask_];
  }

  /// Thread: consumer, after front() returned an item.
  void pop() { tail_.store(tail_.load(std::memory_order_relaxed) + 1, std::memory_order_release); }

  /// Any thread; a moment's view.
  [[nodiscard]] std::size_t size() const {
    const auto tail = tail_.load(std::memory_order_acquire);
    return head_.load(std::memory_order_acquire) - tail;
  }
  [[nodiscard]] std::size_t capacity() const { return mask_ + 1; }

 private:
  static constexpr std::size_t line = 64;
  alignas(line) std::atomic<std::size_t> head_{0};
  std::size_t tail_seen_ = 0;
  alignas(line) std::atomic<std::size_t> tail_{0};
  std::size_t head_seen_ = 0;
  alignas(line) std::size_t mask_ = 0;
  std::unique_ptr<T[]> slots_;
};

}  // namespace robo
