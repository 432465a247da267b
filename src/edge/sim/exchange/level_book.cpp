#include "edge/sim/exchange/level_book.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace robo::sim {

LevelBook::LevelBook(Price tick) : tick_(tick), ticks_per_raw_(1.0 / static_cast<double>(tick.raw)) {
  INVARIANT(tick.is_positive());
  for (auto& half : halves_) {
    half.sizes = std::make_unique<std::int64_t[]>(width);
    half.words = std::make_unique<std::uint64_t[]>(words);
    half.summary = std::make_unique<std::uint64_t[]>(summaries);
  }
  waiting_.reserve(4096);
}

std::int64_t LevelBook::tick_of(Price price) const {
  // Exact for prices below 9 million: the product rounds to the only integer near it.
  return static_cast<std::int64_t>(std::nearbyint(static_cast<double>(price.raw) * ticks_per_raw_));
}

void LevelBook::clear() {
  for (auto& half : halves_) {
    std::fill_n(half.sizes.get(), width, 0);
    std::fill_n(half.words.get(), words, 0);
    std::fill_n(half.summary.get(), summaries, 0);
    half.best = -1;
  }
  anchored_ = false;
  waiting_.clear();
}

Quantity LevelBook::size_at(BookSide side, Price price) const {
  if (!anchored_) return {};
  const auto at = tick_of(price) - base_;
  if (at < 0 || at >= width) return {};
  return Quantity::from_raw(side_of(side).sizes[static_cast<std::size_t>(at)]);
}

Quantity LevelBook::apply(BookSide side, Price price, Quantity size, bool last_of_batch) {
  if (!anchored_) [[unlikely]] {
    waiting_.push_back({side, price, size});
    if (last_of_batch) anchor();
    return {};
  }
  const auto at = tick_of(price) - base_;
  if (at < 0 || at >= width) [[unlikely]] return {};
  const auto before = set(side, static_cast<std::int32_t>(at), size);
  const auto best = side_of(side).best;
  if (best >= 0 && (best < width / 8 || best >= width - width / 8)) [[unlikely]] recentre();
  return before;
}

Quantity LevelBook::set(BookSide side, std::int32_t at, Quantity size) {
  auto& half = side_of(side);
  auto& slot = half.sizes[static_cast<std::size_t>(at)];
  const auto before = Quantity::from_raw(slot);
  slot = size.raw;
  auto& word = half.words[static_cast<std::size_t>(at / 64)];
  const auto bit = std::uint64_t{1} << (at % 64);
  auto& summary = half.summary[static_cast<std::size_t>(at / 4096)];
  const auto summary_bit = std::uint64_t{1} << (at / 64 % 64);
  if (size.is_positive()) {
    word |= bit;
    summary |= summary_bit;
    if (half.best < 0 || (side == BookSide::Bid ? at > half.best : at < half.best)) half.best = at;
  } else {
    word &= ~bit;
    if (word == 0) summary &= ~summary_bit;
    if (at == half.best) half.best = next(side, at);
  }
  return before;
}

std::int32_t LevelBook::next(BookSide side, std::int32_t at) const {
  const auto& half = side_of(side);
  auto word = at / 64;
  if (side == BookSide::Bid) {
    auto bits = half.words[static_cast<std::size_t>(word)] & ((std::uint64_t{1} << (at % 64)) - 1);
    if (bits) return word * 64 + 63 - std::countl_zero(bits);
    auto group = word / 64;
    auto rest = half.summary[static_cast<std::size_t>(group)] & ((std::uint64_t{1} << (word % 64)) - 1);
    while (!rest) {
      if (--group < 0) return -1;
      rest = half.summary[static_cast<std::size_t>(group)];
    }
    word = group * 64 + 63 - std::countl_zero(rest);
    return word * 64 + 63 - std::countl_zero(half.words[static_cast<std::size_t>(word)]);
  }
  const auto above = [](std::uint64_t bits, int position) { return position == 63 ? 0 : bits & (~std::uint64_t{0} << (position + 1)); };
  auto bits = above(half.words[static_cast<std::size_t>(word)], at % 64);
  if (bits) return word * 64 + std::countr_zero(bits);
  auto group = word / 64;
  auto rest = above(half.summary[static_cast<std::size_t>(group)], word % 64);
  while (!rest) {
    if (++group >= summaries) return -1;
    rest = half.summary[static_cast<std::size_t>(group)];
  }
  word = group * 64 + std::countr_zero(rest);
  return word * 64 + std::countr_zero(half.words[static_cast<std::size_t>(word)]);
}

void LevelBook::anchor() {
  std::int64_t best_bid = INT64_MIN, best_ask = INT64_MAX;
  for (const auto& level : waiting_) {
    if (!level.size.is_positive()) continue;
    if (level.side == BookSide::Bid) best_bid = std::max(best_bid, tick_of(level.price));
    else best_ask = std::min(best_ask, tick_of(level.price));
  }
  if (best_bid == INT64_MIN && best_ask == INT64_MAX) return;
  const auto touch = best_bid == INT64_MIN ? best_ask : best_bid;
  base_ = touch - width / 2;
  anchored_ = true;
  for (const auto& level : waiting_) {
    const auto at = tick_of(level.price) - base_;
    if (at >= 0 && at < width) set(level.side, static_cast<std::int32_t>(at), level.size);
  }
  waiting_.clear();
}

void LevelBook::recentre() {
  const auto& bids = side_of(BookSide::Bid);
  const auto& asks = side_of(BookSide::Ask);
  const auto touch = bids.best >= 0 ? bids.best : asks.best;
  std::vector<Waiting> levels;
  for (const auto side : {BookSide::Bid, BookSide::Ask})
    walk(side, [&](Price price, Quantity size) {
      levels.push_back({side, price, size});
      return true;
    });
  const auto base = base_ + touch - width / 2;
  if (base == base_) return;
  clear();
  base_ = base;
  anchored_ = true;
  for (const auto& level : levels) {
    const auto at = tick_of(level.price) - base_;
    if (at >= 0 && at < width) set(level.side, static_cast<std::int32_t>(at), level.size);
  }
}

}  // namespace robo::sim
