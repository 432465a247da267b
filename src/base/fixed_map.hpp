#pragma once
// FixedMap<K, V>: an open-addressing hash table whose room is set once; never allocates afterwards. Deletion leaves no
// tombstones. Putting more than the capacity is a bug of ours: owners evict or refuse before that.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/invariant.hpp"

namespace robo {

/// Mixes 64 bits well enough for linear probing.
constexpr std::uint64_t mix_bits(std::uint64_t x) {
  x = (x ^ (x >> 32)) * 0x9E3779B97F4A7C15ull;
  x = (x ^ (x >> 29)) * 0xBF58476D1CE4E5B9ull;
  return x ^ (x >> 32);
}

constexpr std::uint64_t hash_text(std::string_view text) {
  std::uint64_t h = 0xcbf29ce484222325ull;
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ull;
  return mix_bits(h);
}

template <class K, class V, class Hash>
class FixedMap {
 public:
  explicit FixedMap(std::size_t capacity) : capacity_(capacity), mask_(std::bit_ceil(capacity * 2 + 2) - 1) {
    slots_ = std::make_unique<Slot[]>(mask_ + 1);
  }

  [[nodiscard]] V* find(const K& key) {
    const auto i = seek(key);
    return slots_[i].used ? &slots_[i].value : nullptr;
  }
  [[nodiscard]] const V* find(const K& key) const {
    const auto i = seek(key);
    return slots_[i].used ? &slots_[i].value : nullptr;
  }
  /// Adds or replaces.
  void put(const K& key, const V& value) {
    const auto i = seek(key);
    if (!slots_[i].used) {
      INVARIANT(size_ < capacity_);
      ++size_;
    }
    slots_[i] = Slot{key, value, true};
  }
  bool erase(const K& key) {
    auto hole = seek(key);
    if (!slots_[hole].used) return false;
    --size_;
    for (auto next = (hole + 1) & mask_; slots_[next].used; next = (next + 1) & mask_) {
      const auto home = Hash{}(slots_[next].key) & mask_;
      if (((next - home) & mask_) < ((next - hole) & mask_)) continue;  // it may not move before its home
      slots_[hole] = slots_[next];
      hole = next;
    }
    slots_[hole].used = false;
    return true;
  }
  /// Brings the key's place near before it is needed.
  void prefetch(const K& key) const { __builtin_prefetch(&slots_[Hash{}(key) & mask_], 1); }
  void clear() {
    for (std::size_t i = 0; i <= mask_; ++i) slots_[i].used = false;
    size_ = 0;
  }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }
  [[nodiscard]] bool full() const { return size_ == capacity_; }
  template <class F>
  void each(F&& visit) const {
    for (std::size_t i = 0; i <= mask_; ++i)
      if (slots_[i].used) visit(slots_[i].key, slots_[i].value);
  }

 private:
  struct Slot {
    K key{};
    V value{};
    bool used = false;
  };
  [[nodiscard]] std::size_t seek(const K& key) const {
    auto i = Hash{}(key) & mask_;
    while (slots_[i].used && !(slots_[i].key == key)) i = (i + 1) & mask_;
    return i;
  }
  std::size_t capacity_, mask_, size_ = 0;
  std::unique_ptr<Slot[]> slots_;
};

}  // namespace robo
