#pragma once
// The exchange's own copy of a price-keyed book: a dense ladder of ticks around the touch with a bitmap of what is occupied.
// Anchored at the touch once the first batch is complete, because a snapshot begins at its deepest bid.

#include <bit>
#include <cstdint>
#include <memory>
#include <vector>

#include "model/market.hpp"

namespace robo::sim {

class LevelBook {
 public:
  static constexpr std::int32_t width = 1 << 16;  // ticks kept; what lies outside is not kept

  explicit LevelBook(Price tick);

  /// Sets a level. Returns the size it had.
  Quantity apply(BookSide side, Price price, Quantity size, bool last_of_batch);
  void clear();

  [[nodiscard]] bool ready() const { return anchored_; }
  [[nodiscard]] bool has(BookSide side) const { return side_of(side).best >= 0; }
  /// Best price of the side; only when has(side).
  [[nodiscard]] Price best(BookSide side) const { return price_at(side_of(side).best); }
  [[nodiscard]] Quantity best_size(BookSide side) const { return Quantity::from_raw(side_of(side).sizes[static_cast<std::size_t>(side_of(side).best)]); }
  [[nodiscard]] Quantity size_at(BookSide side, Price price) const;

  /// Calls f(price, size) from the touch outwards until it says false.
  template <class F>
  void walk(BookSide side, F&& f) const {
    const auto& s = side_of(side);
    for (auto at = s.best; at >= 0; at = next(side, at))
      if (!f(price_at(at), Quantity::from_raw(s.sizes[static_cast<std::size_t>(at)]))) return;
  }

 private:
  struct Half {
    std::unique_ptr<std::int64_t[]> sizes;
    std::unique_ptr<std::uint64_t[]> words;    // one bit a tick
    std::unique_ptr<std::uint64_t[]> summary;  // one bit a word
    std::int32_t best = -1;
  };
  struct Waiting {
    BookSide side{};
    Price price{};
    Quantity size{};
  };
  static constexpr std::int32_t words = width / 64;
  static constexpr std::int32_t summaries = words / 64;

  Half& side_of(BookSide side) { return halves_[static_cast<std::size_t>(side)]; }
  const Half& side_of(BookSide side) const { return halves_[static_cast<std::size_t>(side)]; }
  [[nodiscard]] std::int64_t tick_of(Price price) const;
  [[nodiscard]] Price price_at(std::int32_t at) const { return Price::from_raw((base_ + at) * tick_.raw); }
  [[nodiscard]] std::int32_t next(BookSide side, std::int32_t at) const;
  Quantity set(BookSide side, std::int32_t at, Quantity size);
  void anchor();
  void recentre();

  Price tick_;
  double ticks_per_raw_;
  std::int64_t base_ = 0;
  bool anchored_ = false;
  Half halves_[2];
  std::vector<Waiting> waiting_;
};

}  // namespace robo::sim
