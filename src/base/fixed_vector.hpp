#pragma once
// FixedVector<T, N>: a vector with room for N, inside its owner; never allocates. Pushing past N is a bug of ours.

#include <array>
#include <cstddef>
#include <span>

#include "base/invariant.hpp"

namespace robo {

template <class T, std::size_t N>
class FixedVector {
 public:
  constexpr void push_back(const T& item) {
    INVARIANT(size_ < N);
    items_[size_++] = item;
  }
  constexpr void clear() { size_ = 0; }
  /// Keeps order.
  constexpr void erase(std::size_t index) {
    INVARIANT(index < size_);
    for (std::size_t i = index + 1; i < size_; ++i) items_[i - 1] = items_[i];
    --size_;
  }
  constexpr std::size_t size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr bool full() const { return size_ == N; }
  static constexpr std::size_t capacity() { return N; }
  constexpr T& operator[](std::size_t i) { return items_[i]; }
  constexpr const T& operator[](std::size_t i) const { return items_[i]; }
  constexpr T& back() { return items_[size_ - 1]; }
  constexpr T* begin() { return items_.data(); }
  constexpr T* end() { return items_.data() + size_; }
  constexpr const T* begin() const { return items_.data(); }
  constexpr const T* end() const { return items_.data() + size_; }
  constexpr operator std::span<const T>() const { return {items_.data(), size_}; }

 private:
  std::array<T, N> items_{};
  std::size_t size_ = 0;
};

}  // namespace robo
