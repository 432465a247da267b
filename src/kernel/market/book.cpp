#include "kernel/market/book.hpp"

#include <algorithm>

#include "kernel/market/saturate.hpp"

namespace robo::market {

namespace {
constexpr bool better(BookSide side, Price a, Price b) { return side == BookSide::Bid ? a > b : a < b; }
}  // namespace

void Book::apply(const DepthRow& row, Timestamp at) {
  updated_at_ = at;
  const auto side = index_of(row.side);
  auto& rows = rows_[side];
  auto& count = count_[side];
  std::size_t position = row.position;

  if (row.operation == RowOperation::Delete) {
    if (position >= count) {
      ++faults_.beyond;
      return;
    }
    std::move(rows.begin() + static_cast<std::ptrdiff_t>(position) + 1, rows.begin() + count, rows.begin() + static_cast<std::ptrdiff_t>(position));
    --count;
    return;
  }
  if (position >= rows_max) {
    ++faults_.beyond;
    return;
  }
  if (position > count) {  // rows before it were lost: it becomes the last one we have
    ++faults_.gaps;
    position = count;
  }
  if (row.operation == RowOperation::Insert) {
    if (count < rows_max) ++count;
    std::move_backward(rows.begin() + static_cast<std::ptrdiff_t>(position), rows.begin() + count - 1, rows.begin() + count);
  } else if (position == count) {  // IB also says "update" for the first message of a row
    ++count;
  }
  rows[position] = {row.price, row.size, row.maker};
}

void Book::expect_levels(Price around) {
  if (!ladder_) ladder_ = std::make_unique<Ladder>(tick_, around);
}

void Book::apply(const DepthLevel& level, Timestamp at) {
  if (!ladder_) [[unlikely]] expect_levels(level.price);
  updated_at_ = at;
  mid_batch_ = !level.last_of_batch;
  if (!ladder_->set(level.side, level.price, level.size)) [[unlikely]] ++faults_.off_grid;
}

void Book::reset(Timestamp at) {
  updated_at_ = at;
  count_ = {};
  faults_ = {};
  mid_batch_ = false;
  if (ladder_) ladder_->clear();
}

std::size_t Book::copy(BookSide side, std::span<Level> out) const {
  std::size_t n = 0;
  if (ladder_) {
    std::array<TickLevel, 32> found;
    n = ladder_->copy(side, std::span(found).first(std::min(out.size(), found.size())));
    for (std::size_t i = 0; i < n; ++i) out[i] = {ladder_->price_of(found[i].tick), Quantity::from_raw(found[i].size), 1};
    return n;
  }
  for (const auto& row : rows(side)) {
    if (row.size.is_zero()) continue;
    if (n != 0 && out[n - 1].price == row.price) {
      out[n - 1].size = add_saturated(out[n - 1].size, row.size);
      ++out[n - 1].rows;
    } else {
      if (n == out.size()) break;
      out[n++] = {row.price, row.size, 1};
    }
  }
  return n;
}

std::optional<Level> Book::level(BookSide side, std::size_t index) const {
  std::array<Level, 32> found;
  if (index >= found.size()) return std::nullopt;
  const auto n = copy(side, std::span(found).first(index + 1));
  if (n <= index) return std::nullopt;
  return found[index];
}

std::optional<Level> Book::best(BookSide side) const {
  if (!ladder_) return level(side, 0);
  const auto found = ladder_->best(side);
  if (!found) return std::nullopt;
  return Level{ladder_->price_of(found->tick), Quantity::from_raw(found->size), 1};
}

Quantity Book::size_at(BookSide side, Price price) const {
  if (ladder_) return ladder_->size_at(side, price);
  Quantity sum{};
  for (const auto& row : rows(side))
    if (row.price == price) sum = add_saturated(sum, row.size);
  return sum;
}

bool Book::consistent() const {
  if (mid_batch_) return false;
  for (const auto side : {BookSide::Ask, BookSide::Bid}) {
    const auto all = rows(side);
    for (std::size_t i = 1; i < all.size(); ++i)
      if (better(side, all[i].price, all[i - 1].price)) return false;
  }
  const auto bid = best(BookSide::Bid), ask = best(BookSide::Ask);
  return !bid || !ask || bid->price < ask->price;
}

}  // namespace robo::market
