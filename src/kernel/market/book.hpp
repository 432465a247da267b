#pragma once
// One instrument's depth: IB rows by position, or levels by price, behind one read face.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "base/decimal.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "kernel/market/ladder.hpp"
#include "kernel/market/saturate.hpp"
#include "model/market.hpp"

namespace robo::market {

/// One price with everything that is offered at it, all makers together.
struct Level {
  Price price{};
  Quantity size{};
  std::uint32_t rows{};  // makers or rows that make it up; 1 for price-keyed books
  friend constexpr bool operator==(const Level&, const Level&) = default;
};

/// One row as IB shows it. In smart depth `maker` is the exchange, and several rows may share a price.
struct Row {
  Price price{};
  Quantity size{};
  FixedText<6> maker{};
};

/// What was wrong with the depth messages since the last reset. Counted, tolerated, never fatal.
struct BookFaults {
  std::uint32_t gaps{};        // a row beyond the end: rows before it were lost
  std::uint32_t beyond{};      // a row past the last one we keep, or a delete of a row we do not have
  std::uint32_t off_grid{};    // a price between two ticks
};

/// Thread: hot (single writer, same reader). Reading never allocates.
class Book {
 public:
  static constexpr std::size_t rows_max = 20;  // a side

  explicit Book(Price tick = Price::from_raw(1)) : tick_(tick) {}

  void apply(const DepthRow& row, Timestamp at);
  void apply(const DepthLevel& level, Timestamp at);
  void reset(Timestamp at);
  /// Makes the price-keyed store now rather than at the first DepthLevel: `around` gives the size of its window.
  void expect_levels(Price around);

  [[nodiscard]] bool empty() const { return !best(BookSide::Bid) && !best(BookSide::Ask); }
  /// Level `index` from the touch (0: best), rows of one price summed. Nothing: the side is not that deep.
  [[nodiscard]] std::optional<Level> level(BookSide side, std::size_t index) const;
  [[nodiscard]] std::optional<Level> best(BookSide side) const;
  /// Fills `out` (at most 32) from the touch outwards and returns how many there are: cheaper than level() in a loop.
  [[nodiscard]] std::size_t copy(BookSide side, std::span<Level> out) const;
  /// Visits (price, size) of up to `n` (at most 32) levels from the touch outwards, without copying.
  template <class F>
  void walk(BookSide side, std::size_t n, F&& visit) const {
    if (ladder_) return ladder_->walk(side, n, [&](std::int64_t tick, std::int64_t size) { visit(ladder_->price_of(tick), Quantity::from_raw(size)); });
    const auto* row = rows_[index_of(side)].data();
    const auto* const end = row + count_[index_of(side)];
    for (std::size_t levels = 0; row != end && levels < n;) {
      const Price price = row->price;
      std::int64_t size = 0;
      for (; row != end && row->price == price; ++row) size = add_saturated(size, row->size.raw);  // makers of one price
      if (size == 0) continue;
      visit(price, Quantity::from_raw(size));
      ++levels;
    }
  }
  /// Rows as IB sent them; empty for price-keyed books.
  [[nodiscard]] std::span<const Row> rows(BookSide side) const { return {rows_[index_of(side)].data(), count_[index_of(side)]}; }
  [[nodiscard]] Quantity size_at(BookSide side, Price price) const;
  /// Neither in the middle of a batch, nor crossed, nor out of order.
  [[nodiscard]] bool consistent() const;
  [[nodiscard]] bool by_price() const { return ladder_ != nullptr; }
  [[nodiscard]] Timestamp updated_at() const { return updated_at_; }
  [[nodiscard]] const BookFaults& faults() const { return faults_; }
  [[nodiscard]] std::size_t memory_bytes() const { return sizeof(Book) + (ladder_ ? ladder_->memory_bytes() : 0); }

 private:
  static constexpr std::size_t index_of(BookSide side) { return static_cast<std::size_t>(side); }

  std::array<std::array<Row, rows_max>, 2> rows_{};
  std::array<std::uint32_t, 2> count_{};
  std::unique_ptr<Ladder> ladder_{};
  Price tick_{};
  Timestamp updated_at_{};
  BookFaults faults_{};
  bool mid_batch_{};
};

}  // namespace robo::market
