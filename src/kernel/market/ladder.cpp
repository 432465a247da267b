#include "kernel/market/ladder.hpp"

#include <algorithm>
#include <bit>

#include "base/invariant.hpp"

namespace robo::market {

// ---- FarLevels ------------------------------------------------------------------------------------------------------------

FarLevels::FarLevels(std::size_t capacity) : slots_(std::bit_ceil(capacity)) {
  shift_ = 64u - static_cast<unsigned>(std::bit_width(slots_.size()) - 1);
}

std::int64_t FarLevels::get(std::int64_t tick) const {
  for (std::size_t i = home(tick);; i = (i + 1) & (slots_.size() - 1)) {
    if (slots_[i].size == 0) return 0;
    if (slots_[i].tick == tick) return slots_[i].size;
  }
}

void FarLevels::set(std::int64_t tick, std::int64_t size) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t i = home(tick);
  while (slots_[i].size != 0 && slots_[i].tick != tick) i = (i + 1) & mask;
  if (size != 0) {
    count_ += slots_[i].size == 0;
    slots_[i] = {tick, size};
    if (count_ * 2 > slots_.size()) grow();
    return;
  }
  if (slots_[i].size == 0) return;
  --count_;
  // Close the gap: pull back every later entry of the run that may sit here.
  for (std::size_t j = (i + 1) & mask; slots_[j].size != 0; j = (j + 1) & mask) {
    const std::size_t wanted = home(slots_[j].tick);
    if (((j - wanted) & mask) >= ((j - i) & mask)) slots_[i] = slots_[j], i = j;
  }
  slots_[i] = {};
}

void FarLevels::clear() {
  std::fill(slots_.begin(), slots_.end(), TickLevel{});
  count_ = 0;
}

void FarLevels::grow() {
  FarLevels larger(slots_.size() * 2);
  each([&](std::int64_t tick, std::int64_t size) { larger.set(tick, size); });
  *this = std::move(larger);
}

// ---- LadderSide -----------------------------------------------------------------------------------------------------------

// The touch stands a quarter into the window: room for the market to improve, three times as much for depth behind it.
LadderSide::LadderSide(std::size_t window)
    : window_(window), low_water_(static_cast<std::uint32_t>(window - window / 4)), sizes_(window), words_(window / 64), summary_((window + 4095) / 4096), far_(window / 4) {
  INVARIANT(window >= 4096 && std::has_single_bit(window));
  moving_.reserve(window / 8);
}

std::uint32_t LadderSide::next_word(std::uint32_t word) const {
  if (word >= words_.size()) return none;
  std::size_t part = word >> 6;
  auto used = summary_[part] & (~0ull << (word & 63));
  while (used == 0) {
    if (++part == summary_.size()) return none;
    used = summary_[part];
  }
  word = static_cast<std::uint32_t>(part << 6) + static_cast<std::uint32_t>(std::countr_zero(used));
  return (word << 6) + static_cast<std::uint32_t>(std::countr_zero(words_[word]));
}

void LadderSide::best_removed() {
  best_ = next(best_);
  if (best_ < low_water_ || far_.size() == 0) return;
  if (best_ != none) return recentre(base_ + best_);
  // Nothing left in the window: the best of what is far becomes the touch.
  std::int64_t touch = INT64_MAX;
  far_.each([&](std::int64_t key, std::int64_t) { touch = std::min(touch, key); });
  recentre(touch);
}

void LadderSide::set_far(std::int64_t key, std::int64_t size) {
  const bool better = best_ == none || key < base_;
  if (size != 0 && better) {  // the touch itself lies outside: the window goes there
    recentre(key);
    set_near(static_cast<std::uint32_t>(key - base_), size);
    return;
  }
  far_.set(key, size);
}

void LadderSide::recentre(std::int64_t touch) {
  ++recentred_;
  const std::int64_t base = touch - static_cast<std::int64_t>(window_ / 4);
  moving_.clear();
  for (auto slot = next(0); slot != none; slot = next(slot + 1)) {
    moving_.push_back({base_ + slot, sizes_[slot]});
    sizes_[slot] = 0;
  }
  far_.each([&](std::int64_t key, std::int64_t size) {
    if (static_cast<std::uint64_t>(key - base) < window_) moving_.push_back({key, size});
  });
  std::fill(words_.begin(), words_.end(), 0);
  std::fill(summary_.begin(), summary_.end(), 0);
  best_ = none;
  base_ = base;
  for (const auto& level : moving_) {
    const auto slot = static_cast<std::uint64_t>(level.tick - base_);
    if (slot < window_) {
      if (far_.size() != 0) far_.set(level.tick, 0);
      set_near(static_cast<std::uint32_t>(slot), level.size);
    } else {
      far_.set(level.tick, level.size);
    }
  }
}

std::size_t LadderSide::copy(std::span<TickLevel> out) const {
  std::size_t n = 0;
  for (auto slot = best_; slot != none && n < out.size(); slot = next(slot + 1)) out[n++] = {base_ + slot, sizes_[slot]};
  if (n == out.size() || far_.size() == 0) return n;
  // Deeper than the window: the nearest of the far levels, by insertion into what room is left.
  const std::size_t from = n;
  far_.each([&](std::int64_t key, std::int64_t size) {
    if (n == out.size() && key >= out[n - 1].tick) return;
    std::size_t i = n < out.size() ? n++ : n - 1;
    for (; i > from && out[i - 1].tick > key; --i) out[i] = out[i - 1];
    out[i] = {key, size};
  });
  return n;
}

void LadderSide::clear() {
  for (auto slot = next(0); slot != none; slot = next(slot + 1)) sizes_[slot] = 0;
  std::fill(words_.begin(), words_.end(), 0);
  std::fill(summary_.begin(), summary_.end(), 0);
  far_.clear();
  best_ = none;
}

std::size_t LadderSide::memory_bytes() const {
  return sizes_.size() * sizeof(std::int64_t) + (words_.size() + summary_.size()) * sizeof(std::uint64_t) + far_.memory_bytes() +
         moving_.capacity() * sizeof(TickLevel);
}

// ---- Ladder ---------------------------------------------------------------------------------------------------------------

namespace {
std::size_t window_for(std::int64_t tick, Price around) {
  const auto ticks = static_cast<std::uint64_t>(std::clamp(around, -Ladder::largest, Ladder::largest).abs().raw / tick / 20);
  return std::clamp<std::size_t>(std::bit_ceil(ticks), 4096, 65536);
}
}  // namespace

Ladder::Ladder(Price tick, Price around) : tick_(tick.raw), bids_(window_for(tick.raw, around)), asks_(window_for(tick.raw, around)) {
  INVARIANT(tick.raw > 0);
}

Quantity Ladder::size_at(BookSide side, Price price) const {
  const std::int64_t tick = price.raw / tick_;
  if (tick * tick_ != price.raw) return {};
  return Quantity::from_raw(side == BookSide::Bid ? bids_.get(-tick) : asks_.get(tick));
}

std::optional<TickLevel> Ladder::best(BookSide side) const {
  const auto& levels = side == BookSide::Bid ? bids_ : asks_;
  if (levels.empty()) return std::nullopt;
  auto level = levels.best();
  if (side == BookSide::Bid) level.tick = -level.tick;
  return level;
}

std::size_t Ladder::copy(BookSide side, std::span<TickLevel> out) const {
  if (side == BookSide::Ask) return asks_.copy(out);
  const auto n = bids_.copy(out);
  for (auto& level : out.first(n)) level.tick = -level.tick;
  return n;
}

void Ladder::clear() {
  bids_.clear();
  asks_.clear();
}

}  // namespace robo::market
