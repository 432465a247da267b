// The ladder against a plain map, the rows against a plain vector: whatever comes, both tell the same book.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

#include "kernel/market/book.hpp"
#include "support/recorded_depth.hpp"

namespace robo::market {
namespace {

class PlainBook {
 public:
  void apply(const DepthLevel& level) {
    auto& side = sides_[static_cast<std::size_t>(level.side)];
    const auto key = level.side == BookSide::Bid ? -level.price.raw : level.price.raw;
    if (level.size.is_zero()) side.erase(key);
    else side[key] = level.size;
  }
  [[nodiscard]] std::vector<Level> top(BookSide side, std::size_t n) const {
    std::vector<Level> levels;
    for (const auto& [key, size] : sides_[static_cast<std::size_t>(side)]) {
      if (levels.size() == n) break;
      levels.push_back({Price::from_raw(side == BookSide::Bid ? -key : key), size, 1});
    }
    return levels;
  }
  [[nodiscard]] Quantity size_at(BookSide side, Price price) const {
    const auto& levels = sides_[static_cast<std::size_t>(side)];
    const auto found = levels.find(side == BookSide::Bid ? -price.raw : price.raw);
    return found == levels.end() ? Quantity{} : found->second;
  }
  [[nodiscard]] std::size_t size() const { return sides_[0].size() + sides_[1].size(); }

 private:
  std::array<std::map<std::int64_t, Quantity>, 2> sides_{};
};

std::vector<Level> top(const Book& book, BookSide side, std::size_t n) {
  std::vector<Level> levels(n);
  levels.resize(book.copy(side, levels));
  return levels;
}

void expect_same(const Book& book, const PlainBook& plain, std::size_t depth) {
  for (const auto side : {BookSide::Ask, BookSide::Bid}) {
    const auto want = plain.top(side, depth);
    ASSERT_EQ(top(book, side, depth), want);
    std::vector<Level> walked;
    book.walk(side, depth, [&](Price price, Quantity size) { walked.push_back({price, size, 1}); });
    ASSERT_EQ(walked, want);
    ASSERT_EQ(book.best(side), want.empty() ? std::nullopt : std::optional(want.front()));
  }
}

struct Way {
  const char* name;
  std::int64_t wander;  // ticks the touch moves a step
  std::int64_t depth;   // ticks behind the touch that are used
  int stub_in;          // one price in so many is far away
};

class LadderProperty : public testing::TestWithParam<Way> {};

TEST_P(LadderProperty, tells_the_same_book_as_a_plain_map) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    std::mt19937_64 random(seed);
    const auto below = [&](std::int64_t n) { return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(n)); };
    const Price tick = price(0, 1);
    Book book(tick);
    PlainBook plain;
    std::int64_t mid = 10'000;
    for (int step = 0; step < 20'000; ++step) {
      mid = std::max<std::int64_t>(200, mid + below(2 * GetParam().wander + 1) - GetParam().wander);
      DepthLevel level{.side = below(2) == 0 ? BookSide::Ask : BookSide::Bid, .last_of_batch = true};
      std::int64_t away = below(GetParam().depth);
      if (below(GetParam().stub_in) == 0) away = below(2'000'000);
      const auto at = level.side == BookSide::Bid ? mid - away : mid + 1 + away;
      level.price = Price::from_raw(at * tick.raw);
      // Often delete what is there, the touch first: that is where books are hard.
      const auto touch = plain.top(level.side, 1);
      if (below(3) == 0 && !touch.empty()) level.price = touch[0].price;
      level.size = below(2) == 0 ? Quantity{} : Quantity::from_raw(1 + below(1'000'000'000));
      book.apply(level, Timestamp{step});
      plain.apply(level);
      ASSERT_NO_FATAL_FAILURE(expect_same(book, plain, step % 16 == 0 ? 20 : 2)) << GetParam().name << " seed " << seed << " step " << step;
      ASSERT_EQ(book.size_at(level.side, level.price), level.size);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Ways, LadderProperty,
                         testing::Values(Way{"calm", 1, 40, 1'000'000}, Way{"wandering", 300, 3'000, 200}, Way{"jumping", 20'000, 60'000, 20},
                                         Way{"thin", 5, 3, 50}),
                         [](const auto& way) { return std::string(way.param.name); });

TEST(LadderProperty, a_recorded_crypto_day_in_every_level) {
  const std::string folder = std::string(ROBO_SOURCE_DIR) + "/data/orderbook/";
  const std::pair<const char*, Price> feeds[] = {{"binance_usdm_btcusdt_20240808.jsonl.gz", price(0, 10)}, {"binance_spot_btcusdt_20240808.jsonl.gz", price(0, 1)}};
  for (const auto& [file, tick] : feeds) {
    const auto levels = test::recorded_depth(folder + file);
    ASSERT_GT(levels.size(), 30'000u) << file;
    Book book(tick);
    PlainBook plain;
    for (std::size_t i = 0; i < levels.size(); ++i) {
      book.apply(levels[i], Timestamp{static_cast<std::int64_t>(i)});
      plain.apply(levels[i]);
      ASSERT_NO_FATAL_FAILURE(expect_same(book, plain, i % 64 == 0 ? 20 : 1)) << file << " update " << i;
    }
    EXPECT_EQ(book.faults().off_grid, 0u);
    EXPECT_GT(plain.size(), 1'000u);
    for (const auto& level : levels) ASSERT_EQ(book.size_at(level.side, level.price), plain.size_at(level.side, level.price));
  }
}

TEST(RowsProperty, any_sequence_of_row_messages_gives_what_a_plain_vector_gives) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    std::mt19937_64 random(seed);
    const auto below = [&](std::uint64_t n) { return random() % n; };
    Book book;
    std::array<std::vector<Row>, 2> plain;
    for (int step = 0; step < 5'000; ++step) {
      DepthRow row{.side = static_cast<BookSide>(below(2)), .operation = static_cast<RowOperation>(below(3)),
                   .position = static_cast<std::uint16_t>(below(24)), .price = Price::from_raw(static_cast<std::int64_t>(below(1000))),
                   .size = Quantity::from_raw(1 + static_cast<std::int64_t>(below(1000)))};
      book.apply(row, Timestamp{step});
      auto& rows = plain[static_cast<std::size_t>(row.side)];
      std::size_t at = row.position;
      if (row.operation == RowOperation::Delete) {
        if (at < rows.size()) rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(at));
      } else if (at < Book::rows_max) {
        at = std::min(at, rows.size());
        if (row.operation == RowOperation::Insert || at == rows.size()) rows.insert(rows.begin() + static_cast<std::ptrdiff_t>(at), Row{});
        rows[at] = {row.price, row.size, {}};
        if (rows.size() > Book::rows_max) rows.pop_back();
      }
      const auto mine = book.rows(row.side);
      ASSERT_EQ(mine.size(), rows.size()) << "seed " << seed << " step " << step;
      for (std::size_t i = 0; i < rows.size(); ++i) ASSERT_TRUE(mine[i].price == rows[i].price && mine[i].size == rows[i].size) << i;
    }
  }
}

}  // namespace
}  // namespace robo::market
