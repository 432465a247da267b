// The same events give the same numbers, bit for bit, and every number stays in the range its unit promises.
#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "support/market_day.hpp"

namespace robo::features {
namespace {

using test::MarketDay;

struct Story {
  explicit Story(std::uint64_t seed) : random(seed), day(3) {
    for (const auto& spec : one_of_each(minutes(1), InstrumentId{2}))
      for (std::uint32_t id = 0; id < 2; ++id) handles.push_back(day.declare(spec, id));
    day.start();
    for (std::uint32_t id = 0; id < 3; ++id) day.phase(TradingPhase::Regular, date_of(2018, 1, 2), id);
  }
  std::int64_t below(std::int64_t n) { return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(n)); }
  void step() {
    day.wait(milliseconds(below(3'000)));
    const auto id = static_cast<std::uint32_t>(below(3));
    auto& cents = mid[id];
    cents += below(5) - 2;
    const auto at = [&](std::int64_t c) { return static_cast<double>(c) / 100; };
    switch (below(4)) {
      case 0: day.quote(at(cents - 1 - below(2)), at(cents + 1), 100 * below(5), 100 * (1 + below(5)), id); break;
      case 1: day.trade(at(cents), 1 + below(300), static_cast<std::uint16_t>(below(8) == 0 ? below(256) : 0), static_cast<Aggressor>(below(3)), id); break;
      case 2:
        day.apply(DepthRow{.instrument = InstrumentId{id}, .side = static_cast<BookSide>(below(2)), .operation = static_cast<RowOperation>(below(3)),
                           .position = static_cast<std::uint16_t>(below(6)), .price = price(0, cents), .size = shares(1 + below(100))});
        break;
      default:
        if (below(200) == 0) day.phase(TradingPhase::Halted, date_of(2018, 1, 2), id), day.phase(TradingPhase::Regular, date_of(2018, 1, 2), id);
        else day.advance(day.now);
    }
  }
  [[nodiscard]] std::vector<double> values() const {
    std::vector<double> all;
    for (std::uint32_t id = 0; id < 2; ++id)
      for (const auto handle : handles) all.push_back(day.value(handle, id));
    return all;
  }
  std::mt19937_64 random;
  MarketDay day;
  std::vector<Handle> handles{};
  std::array<std::int64_t, 3> mid{10'000, 5'000, 20'000};
};

TEST(Replay, gives_every_number_bit_for_bit) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    Story first(seed), second(seed);
    for (int i = 0; i < 10'000; ++i) {
      first.step();
      second.step();
      const auto a = first.values(), b = second.values();
      ASSERT_EQ(std::memcmp(a.data(), b.data(), a.size() * sizeof(double)), 0) << "seed " << seed << " step " << i;
    }
    std::size_t numbers = 0;
    for (const double value : first.values()) numbers += value == value;
    EXPECT_GT(numbers, first.handles.size()) << "most features have come alive";
  }
}

TEST(Replay, numbers_stay_in_their_range) {
  for (std::uint64_t seed = 10; seed <= 13; ++seed) {
    Story run(seed);
    for (int i = 0; i < 10'000; ++i) {
      run.step();
      for (std::uint32_t id = 0; id < 2; ++id)
        for (const auto handle : run.handles) {
          const double value = run.day.value(handle, id);
          if (value != value) continue;
          const auto& spec = run.day.features.spec(handle);
          const auto unit = describe(spec.kind).unit;
          ASSERT_TRUE(std::isfinite(value)) << to_text(spec);
          const bool fits = unit == "0..100" ? value >= 0 && value <= 100 + 1e-9 : unit == "0..1" ? value >= 0 && value <= 1
                          : unit == "-1..1" ? value >= -1 && value <= 1 : unit == "-1, 0, 1" ? value == -1 || value == 0 || value == 1 : true;
          ASSERT_TRUE(fits) << to_text(spec) << " is " << value;
        }
    }
  }
}

}  // namespace
}  // namespace robo::features
