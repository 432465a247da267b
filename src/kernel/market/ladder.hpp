#pragma once
// A price-keyed book: a dense window of ticks anchored at each side's touch with a two-level bitmap to find the next best;
// levels far from the touch rest in a hash table until the window comes to them.

#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/decimal.hpp"
#include "model/market.hpp"

namespace robo::market {

struct TickLevel {
  std::int64_t tick{};
  std::int64_t size{};  // raw Quantity
};

/// Levels outside the window: open addressing, linear probing, deletion without tombstones. Has room for an eighth of the
/// window's ticks; more than that and it grows by doubling, the one thing here that may allocate.
class FarLevels {
 public:
  explicit FarLevels(std::size_t capacity);
  /// Sets the size of a level, 0 removes it.
  void set(std::int64_t tick, std::int64_t size);
  [[nodiscard]] std::int64_t get(std::int64_t tick) const;
  [[nodiscard]] std::size_t size() const { return count_; }
  void clear();
  template <class F>
  void each(F&& visit) const {
    for (const auto& slot : slots_)
      if (slot.size != 0) visit(slot.tick, slot.size);
  }
  [[nodiscard]] std::size_t memory_bytes() const { return slots_.size() * sizeof(TickLevel); }

 private:
  [[nodiscard]] std::size_t home(std::int64_t tick) const {
    return static_cast<std::size_t>((static_cast<std::uint64_t>(tick) * 0x9E3779B97F4A7C15ull) >> shift_);
  }
  void grow();
  std::vector<TickLevel> slots_{};
  std::size_t count_ = 0;
  unsigned shift_ = 0;
};

/// One side. Ticks are mirrored for bids by the owner's sign, so that here a smaller key is always a better price.
class LadderSide {
 public:
  explicit LadderSide(std::size_t window);
  /// Sets the size at `key`; 0 removes the level.
  void set(std::int64_t key, std::int64_t size) {
    const auto slot = static_cast<std::uint64_t>(key - base_);
    if (slot < window_) [[likely]] set_near(static_cast<std::uint32_t>(slot), size);
    else set_far(key, size);
  }
  [[nodiscard]] std::int64_t get(std::int64_t key) const {
    const auto slot = static_cast<std::uint64_t>(key - base_);
    return slot < window_ ? sizes_[slot] : far_.get(key);
  }
  [[nodiscard]] bool empty() const { return best_ == none; }
  /// Only when not empty.
  [[nodiscard]] TickLevel best() const { return {base_ + best_, sizes_[best_]}; }
  /// Fills `out` best first; returns how many.
  std::size_t copy(std::span<TickLevel> out) const;
  /// Visits (key, size) best first, at most `n`, of the window only; returns how many there were.
  template <class F>
  std::size_t walk(std::size_t n, F&& visit) const {
    std::size_t seen = 0;
    for (auto slot = best_; slot != none && seen < n; slot = next(slot + 1), ++seen) visit(base_ + slot, sizes_[slot]);
    return seen;
  }
  void clear();
  [[nodiscard]] std::uint64_t recentred() const { return recentred_; }
  [[nodiscard]] std::size_t far_count() const { return far_.size(); }
  [[nodiscard]] std::size_t memory_bytes() const;

 private:
  static constexpr std::uint32_t none = UINT32_MAX;
  void set_near(std::uint32_t slot, std::int64_t size) {
    const std::uint64_t bit = 1ull << (slot & 63);
    auto& word = words_[slot >> 6];
    sizes_[slot] = size;
    if (size != 0) {
      word |= bit;
      summary_[slot >> 12] |= 1ull << ((slot >> 6) & 63);
      if (slot < best_) best_ = slot;  // `none` is larger than every slot
      return;
    }
    word &= ~bit;
    if (word == 0) summary_[slot >> 12] &= ~(1ull << ((slot >> 6) & 63));
    if (slot == best_) best_removed();
  }
  void set_far(std::int64_t key, std::int64_t size);
  void best_removed();
  /// First used slot at or after `slot`, or none.
  [[nodiscard]] std::uint32_t next(std::uint32_t slot) const {
    if (slot >= window_) return none;
    const std::uint32_t word = slot >> 6;
    const auto rest = words_[word] & (~0ull << (slot & 63));
    if (rest != 0) [[likely]] return (word << 6) + static_cast<std::uint32_t>(std::countr_zero(rest));
    return next_word(word + 1);
  }
  [[nodiscard]] std::uint32_t next_word(std::uint32_t word) const;
  void recentre(std::int64_t touch);

  std::int64_t base_ = 0;
  std::uint64_t window_;
  std::uint32_t best_ = none;
  std::uint32_t low_water_;  // touch beyond this slot: little depth left in the window
  std::uint64_t recentred_ = 0;
  std::vector<std::int64_t> sizes_;
  std::vector<std::uint64_t> words_;
  std::vector<std::uint64_t> summary_;
  FarLevels far_;
  std::vector<TickLevel> moving_{};  // scratch of recentre
};

/// Both sides, in prices.
class Ladder {
 public:
  /// `around` is any recent price: the window covers about 5 % of it, between 4,096 and 65,536 ticks a side.
  Ladder(Price tick, Price around);
  /// False: the price lies between two ticks or beyond everything that is traded, and nothing was changed.
  bool set(BookSide side, Price price, Quantity size) {
    const std::int64_t tick = price.raw / tick_;
    if (tick * tick_ != price.raw || price > largest || price < -largest) [[unlikely]] return false;
    if (side == BookSide::Bid) bids_.set(-tick, size.raw);
    else asks_.set(tick, size.raw);
    return true;
  }
  [[nodiscard]] Quantity size_at(BookSide side, Price price) const;
  [[nodiscard]] std::optional<TickLevel> best(BookSide side) const;
  /// Best first, in ticks of the price; returns how many.
  std::size_t copy(BookSide side, std::span<TickLevel> out) const;
  /// Visits (tick, size) best first, at most `n`.
  template <class F>
  void walk(BookSide side, std::size_t n, F&& visit) const {
    const bool bid = side == BookSide::Bid;
    const auto& levels = bid ? bids_ : asks_;
    const auto turned = [&](std::int64_t key, std::int64_t size) { visit(bid ? -key : key, size); };
    const auto seen = levels.walk(n, turned);
    if (seen == n || levels.far_count() == 0) [[likely]] return;
    std::array<TickLevel, deepest_walk> all;  // deeper than the window: the rest comes sorted out of the far levels
    const auto found = levels.copy(std::span(all).first(n < deepest_walk ? n : deepest_walk));
    for (std::size_t i = seen; i < found; ++i) turned(all[i].tick, all[i].size);
  }
  static constexpr std::size_t deepest_walk = 32;
  static constexpr Price largest = Price::from_raw(std::int64_t{1} << 61);  // 2.3 billion: differences of ticks stay countable
  [[nodiscard]] Price price_of(std::int64_t tick) const { return Price::from_raw(tick * tick_); }
  void clear();
  [[nodiscard]] std::uint64_t recentred() const { return bids_.recentred() + asks_.recentred(); }
  [[nodiscard]] std::size_t far_count() const { return bids_.far_count() + asks_.far_count(); }
  [[nodiscard]] std::size_t memory_bytes() const { return sizeof(Ladder) + bids_.memory_bytes() + asks_.memory_bytes(); }

 private:
  std::int64_t tick_;
  LadderSide bids_;
  LadderSide asks_;
};

}  // namespace robo::market
