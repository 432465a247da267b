#pragma once
// Window<T>: the last n values in memory somebody else owns. Rolling sums, moments and extremes stand on it.

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/invariant.hpp"

namespace robo::features {

inline constexpr double nan = __builtin_nan("");
/// An average that has decayed to this is zero: nothing moved for thousands of values.
inline constexpr double vanished = 1e-290;

template <class T>
class Window {
 public:
  Window() = default;
  explicit Window(std::span<T> room) : data_(room.data()), size_(static_cast<std::uint32_t>(room.size())) { INVARIANT(size_ > 0); }

  [[nodiscard]] std::uint32_t capacity() const { return size_; }
  [[nodiscard]] std::uint32_t count() const { return count_; }
  [[nodiscard]] bool full() const { return count_ == size_; }
  /// The value that push() will put out; only when full.
  [[nodiscard]] T oldest() const { return data_[next_]; }
  /// 0: the newest.
  [[nodiscard]] T back(std::uint32_t age) const { return data_[next_ > age ? next_ - 1 - age : next_ + size_ - 1 - age]; }
  void push(T value) {
    data_[next_] = value;
    next_ = next_ + 1 == size_ ? 0 : next_ + 1;
    count_ += count_ < size_;
  }
  void clear() { next_ = count_ = 0; }
  /// In no particular order.
  [[nodiscard]] std::span<const T> values() const { return {data_, count_}; }

 private:
  T* data_ = nullptr;
  std::uint32_t size_ = 0, next_ = 0, count_ = 0;
};

/// When a running figure of n values is computed anew from its window, so that rounding cannot pile up. Costs at most a
/// quarter of an addition per value.
constexpr std::uint32_t rebuild_after(std::uint32_t window) { return window * 4 > 1024 ? window * 4 : 1024; }

}  // namespace robo::features
