#pragma once
// One producer thread, one consumer thread, no lock, no bound: a chain of segments. Spent segments go back to the producer,
// so that it allocates only when the consumer is further behind than the segments made at the start.

#include <array>
#include <atomic>
#include <cstddef>
#include <utility>

#include "base/spsc_ring.hpp"

namespace robo::serve::detail {

template <class T, std::size_t N>
class SegmentedQueue {
 public:
  explicit SegmentedQueue(std::size_t spare) : spent_(spare) {
    head_ = tail_ = new Segment;
    for (std::size_t i = 0; i < spare; ++i) give_back(new Segment);
  }
  ~SegmentedQueue() {
    for (auto* segment = head_; segment != nullptr;) delete std::exchange(segment, segment->next.load());
    while (auto* const* segment = spent_.front()) {
      delete *segment;
      spent_.pop();
    }
  }
  SegmentedQueue(const SegmentedQueue&) = delete;
  SegmentedQueue& operator=(const SegmentedQueue&) = delete;

  /// Thread: producer.
  template <class... Args>
  void push(const Args&... args) {
    auto written = tail_->written.load(std::memory_order_relaxed);
    if (written == N) {
      auto* fresh = take();
      tail_->next.store(fresh, std::memory_order_release);
      tail_ = fresh;
      written = 0;
    }
    tail_->items[written] = T{args...};
    tail_->written.store(written + 1, std::memory_order_release);
    pushed_.store(pushed_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  }

  /// Thread: consumer. The oldest item or null; valid until pop().
  [[nodiscard]] const T* front() {
    if (read_ == N) {
      auto* next = head_->next.load(std::memory_order_acquire);
      if (next == nullptr) return nullptr;
      give_back(std::exchange(head_, next));
      read_ = 0;
    }
    return read_ < head_->written.load(std::memory_order_acquire) ? &head_->items[read_] : nullptr;
  }
  void pop() {
    ++read_;
    popped_.store(popped_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  }

  /// Any thread; a moment's view.
  [[nodiscard]] std::size_t size() const {
    const auto popped = popped_.load(std::memory_order_acquire);
    return pushed_.load(std::memory_order_acquire) - popped;
  }

 private:
  struct Segment {
    std::array<T, N> items{};
    std::atomic<std::size_t> written{0};
    std::atomic<Segment*> next{nullptr};
  };

  void give_back(Segment* segment) {
    segment->written.store(0, std::memory_order_relaxed);
    segment->next.store(nullptr, std::memory_order_relaxed);
    if (!spent_.push(segment)) delete segment;
  }
  Segment* take() {
    auto* const* spent = spent_.front();
    if (spent == nullptr) return new Segment;
    auto* segment = *spent;
    spent_.pop();
    return segment;
  }

  SpscRing<Segment*> spent_;
  alignas(64) Segment* tail_ = nullptr;  // producer's
  std::atomic<std::size_t> pushed_{0};
  alignas(64) Segment* head_ = nullptr;  // consumer's
  std::size_t read_ = 0;
  std::atomic<std::size_t> popped_{0};
};

}  // namespace robo::serve::detail
