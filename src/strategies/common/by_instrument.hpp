#pragma once
// One T per instrument of a strategy's universe; made in declare(), never grows after.

#include <algorithm>
#include <span>
#include <vector>

#include "model/ids.hpp"

namespace robo::strategies {

template <class T>
class ByInstrument {
 public:
  void cover(std::span<const InstrumentId> universe) {
    universe_.assign(universe.begin(), universe.end());
    std::size_t size = 0;
    for (const InstrumentId id : universe) size = std::max<std::size_t>(size, id.value + 1);
    items_.assign(size, T{});
  }
  void forget() { items_.assign(items_.size(), T{}); }
  [[nodiscard]] T& operator[](InstrumentId id) { return items_[id.value]; }
  [[nodiscard]] const T& operator[](InstrumentId id) const { return items_[id.value]; }
  [[nodiscard]] std::span<const InstrumentId> universe() const { return universe_; }

 private:
  std::vector<InstrumentId> universe_;
  std::vector<T> items_;
};

}  // namespace robo::strategies
