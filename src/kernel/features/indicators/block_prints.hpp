#pragma once
// Block prints: at least 10,000 units or 200,000 of the currency in one print (NYSE Rule 127.10). Auctions are crowds, not
// blocks. A print that was cancelled and reported again, late, with the same price and size, is the same block.

#include <array>
#include <cstddef>

#include "model/market.hpp"

namespace robo::features {

constexpr Quantity block_units = shares(10'000);
constexpr double block_notional = 200'000;

inline bool is_block(const Trade& trade) {
  if ((trade.conditions & trade_condition::auction) != 0) return false;
  return trade.size >= block_units || trade.price.to_double() * trade.size.to_double() >= block_notional;
}

/// The blocks of a trade date, to know a late report of one of them.
class BlockPrints {
 public:
  static constexpr std::size_t remembered = 64;

  /// False for a late report of a block seen before: it must not count a second time.
  bool is_new(const Trade& block) {
    if ((block.conditions & trade_condition::late) != 0)
      for (std::size_t i = 0; i < count_; ++i)
        if (auto& seen = blocks_[i]; seen.price == block.price && seen.size == block.size && !seen.reported_again) return seen.reported_again = true, false;
    blocks_[next_] = {block.price, block.size};
    next_ = next_ + 1 == remembered ? 0 : next_ + 1;
    count_ += count_ < remembered;
    return true;
  }
  void clear() { next_ = count_ = 0; }

 private:
  struct Seen {
    Price price{};
    Quantity size{};
    bool reported_again{};
  };
  std::array<Seen, remembered> blocks_{};
  std::size_t next_ = 0, count_ = 0;
};

}  // namespace robo::features
