// Bars made in a stream against bars cut from the whole list afterwards, and no bar ever knows the future.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

#include "kernel/market/market.hpp"

namespace robo::market {
namespace {

constexpr Timestamp morning{1'514'903'400'000'000'000};

TEST(BarsProperty, streaming_and_cutting_afterwards_give_the_same_bars) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    std::mt19937_64 random(seed);
    const auto below = [&](std::uint64_t n) { return static_cast<std::int64_t>(random() % n); };
    const std::array lengths{seconds(1), seconds(5), minutes(1), minutes(5)};
    Market market({}, 3);
    for (std::uint32_t i = 0; i < 3; ++i) {
      Instrument instrument;
      instrument.id = InstrumentId{i};
      market.define(instrument);
      for (const auto length : lengths) market.want_bars(length, instrument.id);
    }
    using Key = std::tuple<std::uint32_t, std::int64_t, std::int64_t>;  // instrument, length, start
    std::map<Key, Bar> streamed, cut;
    const auto collect = [&] {
      for (const auto& closed : market.closed_bars()) {
        const Key key{closed.bar.instrument.value, closed.rule.amount, closed.bar.start.ns};
        EXPECT_FALSE(streamed.contains(key)) << "a bar ends once";
        EXPECT_LE(closed.bar.start + closed.bar.period, market.now()) << "nothing from the future";
        streamed[key] = closed.bar;
      }
    };
    Timestamp now = morning;
    for (int step = 0; step < 5'000; ++step) {
      now = now + milliseconds(below(20) == 0 ? below(90'000) : below(900));
      const Trade trade{.instrument = InstrumentId{static_cast<std::uint32_t>(below(3))}, .price = Price::from_raw(1'000 + below(500)),
                        .size = Quantity::from_raw(1 + below(100))};
      market.apply(trade, now);
      collect();
      for (const auto length : lengths) {
        const auto start = now.ns - now.ns % length.ns;
        auto& bar = cut[{trade.instrument.value, length.ns, start}];
        if (bar.trades++ == 0) bar.open = bar.high = bar.low = trade.price;
        bar.high = std::max(bar.high, trade.price);
        bar.low = std::min(bar.low, trade.price);
        bar.close = trade.price;
        bar.volume += trade.size;
      }
    }
    market.advance(now + hours(1));
    collect();
    ASSERT_EQ(streamed.size(), cut.size()) << "seed " << seed;
    for (const auto& [key, want] : cut) {
      const auto& bar = streamed.at(key);
      ASSERT_TRUE(bar.open == want.open && bar.high == want.high && bar.low == want.low && bar.close == want.close && bar.volume == want.volume &&
                  bar.trades == want.trades)
          << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace robo::market
