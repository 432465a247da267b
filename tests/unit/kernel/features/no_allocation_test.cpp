// After the warm-up the market, all features and the regimes allocate nothing: counted over hours of events.
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>
#include <random>

#include "kernel/regime/regime.hpp"
#include "support/market_day.hpp"

namespace {
std::size_t allocations = 0;
void* counted(std::size_t size) {
  ++allocations;
  if (void* const memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
}  // namespace

void* operator new(std::size_t size) { return counted(size); }
void* operator new[](std::size_t size) { return counted(size); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  ++allocations;
  const auto a = static_cast<std::size_t>(alignment);
  if (void* const memory = std::aligned_alloc(a, (size + a - 1) / a * a)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace robo::features {
namespace {

TEST(NoAllocation, the_counter_counts) {
  const auto before = allocations;
  std::vector<int>* const vector = new std::vector<int>(10);
  EXPECT_EQ(allocations, before + 2);
  delete vector;
}

TEST(NoAllocation, after_the_warm_up_no_event_of_any_kind_allocates) {
  test::MarketDay day(8, {}, {.calibrate = true});
  regime::Regimes regimes({}, 8);
  std::vector<InstrumentId> all;
  for (std::uint32_t id = 0; id < 8; ++id) all.push_back(InstrumentId{id});
  for (const auto& spec : one_of_each(minutes(1), InstrumentId{7}))
    for (std::uint32_t id = 0; id < 7; ++id) (void)day.declare(spec, id);
  regimes.declare(day.features, all);
  day.market.want_bars(market::BarRule::ticks(50), all[0]);
  day.market.want_bars(market::BarRule::volume(shares(5'000)), all[0]);
  day.market.want_bars(market::BarRule::time(hours(24)), all[0]);
  day.market.expect_levels(all[6], price(100));
  day.start();
  Facts facts;

  std::mt19937_64 random(1);
  const auto below = [&](std::int64_t n) { return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(n)); };
  std::int64_t cents = 10'000;
  std::size_t regime_facts = 0, bars = 0;
  const auto hour = [&](Date date) {
    const auto end = day.now + hours(1);
    for (std::uint32_t id = 0; id < 8; ++id) day.phase(TradingPhase::Regular, date, id);
    while (day.now < end) {
      day.wait(milliseconds(below(400)));
      const auto id = static_cast<std::uint32_t>(below(8));
      cents += below(3) - 1;
      const double at = static_cast<double>(cents) / 100;
      switch (below(5)) {
        case 0: day.quote(at - 0.01, at + 0.01, 100, 200, id); break;
        case 1: day.trade(at, 1 + below(300), 0, {}, id); break;
        case 2:
          day.apply(DepthRow{.instrument = InstrumentId{id % 6}, .side = static_cast<BookSide>(below(2)), .operation = static_cast<RowOperation>(below(3)),
                             .position = static_cast<std::uint16_t>(below(20)), .price = price(0, cents), .size = shares(1 + below(100))});
          break;
        case 3:
          day.apply(DepthLevel{.instrument = InstrumentId{6}, .side = static_cast<BookSide>(below(2)), .last_of_batch = true,
                               .price = price(0, cents + below(below(50) == 0 ? 100'000 : 100)), .size = shares(below(3))});
          break;
        default: day.advance(day.now);
      }
      bars += day.market.closed_bars().size();
      regimes.close_bars(day.market, day.features, facts);
      regime_facts += facts.size();
      facts.clear();
    }
    for (std::uint32_t id = 0; id < 8; ++id) day.phase(TradingPhase::Closed, date, id);
  };
  hour(date_of(2018, 1, 2));  // far levels find their place, tables their size
  hour(date_of(2018, 1, 3));
  const auto before = allocations;
  bars = 0;
  hour(date_of(2018, 1, 4));
  hour(date_of(2018, 1, 5));
  EXPECT_EQ(allocations - before, 0u);
  EXPECT_GT(bars, 900u);
  EXPECT_GT(regime_facts, 8u);
}

}  // namespace
}  // namespace robo::features
