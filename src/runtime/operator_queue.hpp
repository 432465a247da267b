#pragma once
// People's wishes on their way to the hot thread.

#include <atomic>
#include <mutex>
#include <vector>

#include "runtime/ports.hpp"

namespace robo::runtime {

/// Many askers, one taker. Askers take a lock; the hot thread looks at one atomic and locks only when there is something.
class OperatorQueue : public OperatorDoor {
 public:
  explicit OperatorQueue(std::size_t capacity = 256) : capacity_(capacity) { waiting_.reserve(capacity); }

  [[nodiscard]] bool ask(const OperatorInput& input) override {
    const std::lock_guard hold(lock_);
    if (waiting_.size() == capacity_) return false;
    waiting_.push_back(input);
    count_.store(waiting_.size(), std::memory_order_release);
    return true;
  }

  /// Thread: hot. Takes the oldest wish; false: none.
  [[nodiscard]] bool take(OperatorInput& out) {
    if (count_.load(std::memory_order_acquire) == 0) return false;
    const std::lock_guard hold(lock_);
    out = waiting_.front();
    waiting_.erase(waiting_.begin());
    count_.store(waiting_.size(), std::memory_order_release);
    return true;
  }

 private:
  std::size_t capacity_;
  std::mutex lock_;
  std::vector<OperatorInput> waiting_;
  std::atomic<std::size_t> count_{0};
};

}  // namespace robo::runtime
