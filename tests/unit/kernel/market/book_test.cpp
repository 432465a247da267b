#include "kernel/market/book.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace robo::market {
namespace {

constexpr Timestamp t{1};

DepthRow row(RowOperation operation, std::uint16_t position, std::int64_t at, std::int64_t size, BookSide side = BookSide::Bid, const char* maker = "") {
  return {.side = side, .operation = operation, .position = position, .price = price(at), .size = shares(size), .maker = maker};
}
DepthLevel level(BookSide side, Price at, std::int64_t size, bool last = true) {
  return {.side = side, .last_of_batch = last, .price = at, .size = shares(size)};
}
std::vector<std::int64_t> prices(const Book& book, BookSide side = BookSide::Bid) {
  std::vector<std::int64_t> all;
  for (const auto& r : book.rows(side)) all.push_back(r.price.raw / Price::scale);
  return all;
}
using enum RowOperation;

TEST(BookRows, insert_pushes_down_update_replaces_delete_pulls_up) {
  Book book;
  book.apply(row(Insert, 0, 100, 5), t);
  book.apply(row(Insert, 1, 98, 5), t);
  book.apply(row(Insert, 1, 99, 5), t);
  EXPECT_EQ(prices(book), (std::vector<std::int64_t>{100, 99, 98}));
  book.apply(row(Update, 0, 100, 7), t);
  EXPECT_EQ(book.best(BookSide::Bid)->size, shares(7));
  book.apply(row(Delete, 0, 0, 0), t);
  EXPECT_EQ(prices(book), (std::vector<std::int64_t>{99, 98}));
  EXPECT_FALSE(book.best(BookSide::Ask).has_value());
  EXPECT_EQ(book.faults().gaps + book.faults().beyond, 0u);
}

TEST(BookRows, the_last_row_falls_off_a_full_book) {
  Book book;
  for (std::uint16_t i = 0; i < Book::rows_max; ++i) book.apply(row(Insert, i, 100 - i, 1), t);
  book.apply(row(Insert, 0, 101, 1), t);
  EXPECT_EQ(book.rows(BookSide::Bid).size(), Book::rows_max);
  EXPECT_EQ(book.rows(BookSide::Bid).front().price, price(101));
  EXPECT_EQ(book.rows(BookSide::Bid).back().price, price(82));
  book.apply(row(Insert, Book::rows_max, 50, 1), t);
  EXPECT_EQ(book.faults().beyond, 1u) << "one row past the last is not kept";
}

TEST(BookRows, lost_rows_are_counted_and_survived) {
  Book book;
  book.apply(row(Insert, 0, 100, 5), t);
  book.apply(row(Insert, 4, 96, 5), t);
  EXPECT_EQ(prices(book), (std::vector<std::int64_t>{100, 96}));
  EXPECT_EQ(book.faults().gaps, 1u);
  book.apply(row(Delete, 5, 0, 0), t);
  EXPECT_EQ(book.faults().beyond, 1u);
  book.apply(row(Update, 2, 95, 5), t);
  EXPECT_EQ(prices(book).size(), 3u) << "an update of the row after the last makes it";
}

TEST(BookRows, makers_at_one_price_are_one_level) {
  Book book;
  book.apply(row(Insert, 0, 100, 5, BookSide::Ask, "ARCA"), t);
  book.apply(row(Insert, 1, 100, 7, BookSide::Ask, "NSDQ"), t);
  book.apply(row(Insert, 2, 101, 9, BookSide::Ask, "ARCA"), t);
  EXPECT_EQ(book.level(BookSide::Ask, 0), (Level{price(100), shares(12), 2}));
  EXPECT_EQ(book.level(BookSide::Ask, 1), (Level{price(101), shares(9), 1}));
  EXPECT_FALSE(book.level(BookSide::Ask, 2).has_value());
  EXPECT_EQ(book.size_at(BookSide::Ask, price(100)), shares(12));
  EXPECT_EQ(book.rows(BookSide::Ask)[1].maker.view(), "NSDQ");
}

TEST(BookRows, a_reset_empties_and_forgives) {
  Book book;
  book.apply(row(Insert, 3, 100, 5), t);
  book.reset(Timestamp{2});
  EXPECT_TRUE(book.empty());
  EXPECT_EQ(book.faults().gaps, 0u);
  EXPECT_EQ(book.updated_at(), Timestamp{2});
}

TEST(BookRows, crossed_or_unordered_rows_are_not_consistent) {
  Book book;
  book.apply(row(Insert, 0, 100, 5), t);
  book.apply(row(Insert, 0, 101, 5, BookSide::Ask), t);
  EXPECT_TRUE(book.consistent());
  book.apply(row(Update, 0, 100, 5, BookSide::Ask), t);
  EXPECT_FALSE(book.consistent()) << "locked";
  book.apply(row(Update, 0, 102, 5, BookSide::Ask), t);
  book.apply(row(Insert, 1, 101, 5, BookSide::Ask), t);
  EXPECT_FALSE(book.consistent()) << "asks out of order";
}

TEST(BookLevels, nothing_is_consistent_before_the_batch_ends) {
  Book book(price(0, 1));
  book.apply(level(BookSide::Bid, price(100), 1, false), t);
  EXPECT_FALSE(book.consistent());
  book.apply(level(BookSide::Ask, price(100, 1), 1), t);
  EXPECT_TRUE(book.consistent());
  EXPECT_TRUE(book.by_price());
}

TEST(BookLevels, a_snapshot_that_starts_at_its_deepest_bid_still_finds_the_touch) {
  Book book(price(0, 1));
  for (std::int64_t cents = 1; cents <= 60'000'00; cents += 997) book.apply(level(BookSide::Bid, price(0, cents), cents), t);
  EXPECT_EQ(book.best(BookSide::Bid)->price, price(0, 1 + 997 * ((60'000'00 - 1) / 997)));
  EXPECT_EQ(book.size_at(BookSide::Bid, price(0, 1)), shares(1));
}

TEST(BookLevels, a_removed_touch_far_above_everything_uncovers_the_rest) {
  Book book(price(0, 1));
  book.apply(level(BookSide::Ask, price(100), 3), t);
  book.apply(level(BookSide::Ask, price(5'000), 4), t);
  book.apply(level(BookSide::Ask, price(100), 0), t);
  EXPECT_EQ(book.best(BookSide::Ask), (Level{price(5'000), shares(4), 1}));
  book.apply(level(BookSide::Ask, price(5'000), 0), t);
  EXPECT_TRUE(book.empty());
}

TEST(BookLevels, a_price_between_two_ticks_is_counted_and_left_out) {
  Book book(price(0, 1));
  book.apply(level(BookSide::Ask, Price::from_raw(100'005'000'000), 3), t);
  EXPECT_TRUE(book.empty());
  EXPECT_EQ(book.faults().off_grid, 1u);
}

TEST(BookLevels, deeper_than_the_window_the_order_still_holds) {
  Book book(price(0, 1));
  for (const std::int64_t at : {100, 900, 300, 5'000, 101}) book.apply(level(BookSide::Ask, price(at), at), t);
  std::vector<std::int64_t> seen;
  for (std::size_t i = 0; book.level(BookSide::Ask, i); ++i) seen.push_back(book.level(BookSide::Ask, i)->price.raw / Price::scale);
  EXPECT_EQ(seen, (std::vector<std::int64_t>{100, 101, 300, 900, 5'000}));
  EXPECT_EQ(book.level(BookSide::Ask, 2)->price, price(300)) << "a partial read picks the nearest, not the first found";
}

TEST(BookMemory, a_book_of_rows_stays_small_and_only_levels_pay_for_a_ladder) {
  Book rows(price(0, 1));
  rows.apply(row(Insert, 0, 100, 5), t);
  EXPECT_LT(rows.memory_bytes(), 2'000u);
  Book levels(price(0, 1));
  levels.apply(level(BookSide::Ask, price(100), 3), t);
  EXPECT_GT(levels.memory_bytes(), 60'000u);
  EXPECT_LT(levels.memory_bytes(), 120'000u) << "a 100 dollar stock needs no window of a bitcoin";
}

}  // namespace
}  // namespace robo::market
