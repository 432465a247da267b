#pragma once
// Sum of the last n values: exact for integers, rebuilt now and then for doubles.

#include <type_traits>

#include "kernel/features/indicators/window.hpp"
#include "kernel/features/indicators/wrapping.hpp"

namespace robo::features {

template <class T>
class RollingSum {
 public:
  RollingSum() = default;
  explicit RollingSum(std::span<T> room) : window_(room) {}
  void add(T value) {
    if (window_.full()) [[likely]] sum_ = difference(sum_, window_.oldest());
    sum_ = sum_of(sum_, value);
    window_.push(value);
    if constexpr (std::is_floating_point_v<T>)
      if (++since_rebuild_ >= rebuild_after(window_.capacity())) [[unlikely]] rebuild();
  }
  [[nodiscard]] bool warm() const { return window_.full(); }
  [[nodiscard]] std::uint32_t count() const { return window_.count(); }
  [[nodiscard]] T sum() const { return sum_; }
  [[nodiscard]] const Window<T>& window() const { return window_; }
  void clear() {
    window_.clear();
    sum_ = {};
  }

 private:
  void rebuild() {
    since_rebuild_ = 0;
    sum_ = {};
    for (const T value : window_.values()) sum_ += value;
  }
  Window<T> window_{};
  T sum_{};
  std::uint32_t since_rebuild_ = 0;
};

}  // namespace robo::features
