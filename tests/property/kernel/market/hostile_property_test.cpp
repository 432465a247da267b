// Whatever numbers come in, market and book neither stop nor leave the range of what they hold.
#include <gtest/gtest.h>

#include <random>

#include "kernel/market/market.hpp"

namespace robo::market {
namespace {

TEST(Hostile, any_numbers_at_all_are_survived) {
  constexpr std::array<std::int64_t, 12> nasty{0, 1, -1, INT64_MAX, INT64_MIN + 1, INT64_MIN, 1'000'000'000, 10'000'000, std::int64_t{1} << 61,
                                               (std::int64_t{1} << 61) + 1, -(std::int64_t{1} << 61), 99'990'000'000};
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    std::mt19937_64 random(seed);
    const auto number = [&]() { return random() % 3 == 0 ? static_cast<std::int64_t>(random()) : nasty[random() % nasty.size()]; };
    Market market({}, 2);
    for (std::uint32_t i = 0; i < 2; ++i) {
      Instrument instrument;
      instrument.id = InstrumentId{i};
      instrument.asset_class = i == 0 ? AssetClass::Stock : AssetClass::Forex;
      instrument.ticks = TickTable::flat(Price::from_raw(10'000'000));
      market.define(instrument);
      for (const auto rule : {BarRule::time(seconds(1)), BarRule::time(hours(24)), BarRule::ticks(7), BarRule::volume(shares(100))})
        market.want_bars(rule, instrument.id);
    }
    Timestamp now{1'514'903'400'000'000'000};
    for (int step = 0; step < 5'000; ++step) {
      now = now + milliseconds(static_cast<std::int64_t>(random() % 2'000));
      const InstrumentId id{static_cast<std::uint32_t>(random() % 3)};  // one of them unknown
      const auto price = Price::from_raw(number());
      const auto size = Quantity::from_raw(number());
      switch (random() % 6) {
        case 0: market.apply(Quote{.instrument = id, .live = random() % 9 != 0, .bid = price, .ask = Price::from_raw(number()), .bid_size = size, .ask_size = Quantity::from_raw(number())}, now); break;
        case 1: market.apply(Trade{.instrument = id, .conditions = static_cast<std::uint16_t>(random()), .price = price, .size = size}, now); break;
        case 2: market.apply(DepthRow{.instrument = id, .side = static_cast<BookSide>(random() % 2), .operation = static_cast<RowOperation>(random() % 3), .position = static_cast<std::uint16_t>(random()), .price = price, .size = size}, now); break;
        case 3: market.apply(DepthLevel{.instrument = id, .side = static_cast<BookSide>(random() % 2), .last_of_batch = random() % 2 == 0, .price = price, .size = size}, now); break;
        case 4: market.apply(PhaseChange{.instrument = id, .phase = static_cast<TradingPhase>(random() % 5), .trade_date = Date{static_cast<std::int32_t>(random() % 5)}}, now); break;
        default: market.apply(Bar{.instrument = id, .start = now - seconds(1), .period = seconds(1), .open = price, .high = price, .low = price, .close = price, .volume = size}, now);
      }
      for (const auto& closed : market.closed_bars()) {
        ASSERT_LE(closed.bar.low, closed.bar.high);
        ASSERT_LE(closed.bar.start, now);
      }
      for (std::uint32_t i = 0; i < 2; ++i) {
        if (const auto quote = market.quote(InstrumentId{i}, now)) {
          ASSERT_LT(quote->bid(), quote->ask());
          ASSERT_GE(quote->mid(), quote->bid());
          ASSERT_LT(quote->mid(), quote->ask());
        }
        (void)market.mark(InstrumentId{i});
        (void)market.book(InstrumentId{i}).consistent();
        (void)market.book(InstrumentId{i}).level(BookSide::Bid, 5);
      }
    }
    EXPECT_GT(market.refused(), 100u);
  }
}

}  // namespace
}  // namespace robo::market
