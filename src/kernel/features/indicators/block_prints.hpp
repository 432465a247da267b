#pragma once
// Block prints: at least 10,000 units or 200,000 of the currency in one print (NYSE Rule 127.10). Auctions are crowds, not
// blocks. A print that was cancelled and reported again, late, with the same price and size, is the same block.

#include <cstddef>
#include <cstdint>
#include <span>

#include "model/market.hpp"

namespace robo::features {

constexpr Quantity block_units = shares(10'000);
constexpr double block_notional = 200'000;

inline bool is_block(const Trade& trade) {
  if ((trade.conditions & trade_condition::auction) != 0) return false;
  return trade.size >= block_units || trade.price.to_double() * trade.size.to_double() >= block_notional;
}

/// The last blocks of a trade date, to know a late report of one of them.
class BlockPrints {
 public:
  static constexpr std::size_t remembered = 2048;

  BlockPrints() = default;
  explicit BlockPrints(std::span<std::uint64_t> room) : seen_(room) {}

  /// False for a late report of a block seen before: it must not count a second time.
  bool is_new(const Trade& block) {
    const auto mark = mark_of(block);
    if ((block.conditions & trade_condition::late) != 0)
      for (auto& seen : seen_.first(count_))
        if (seen == mark) {
          seen = 0;  // one report each
          return false;
        }
    seen_[next_] = mark;
    next_ = next_ + 1 == seen_.size() ? 0 : next_ + 1;
    count_ += count_ < seen_.size();
    return true;
  }
  void clear() { next_ = count_ = 0; }

 private:
  /// Price and size in one number; two blocks with the same one are the same block but for one case in 10^19.
  static std::uint64_t mark_of(const Trade& block) {
    auto mixed = static_cast<std::uint64_t>(block.price.raw) * 0x9e3779b97f4a7c15u + static_cast<std::uint64_t>(block.size.raw);
    mixed = (mixed ^ mixed >> 31) * 0xbf58476d1ce4e5b9u;
    return (mixed ^ mixed >> 29) | 1;
  }
  std::span<std::uint64_t> seen_{};
  std::size_t next_ = 0, count_ = 0;
};

}  // namespace robo::features
