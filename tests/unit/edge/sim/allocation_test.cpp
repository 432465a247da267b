// Its own binary: counts every allocation of the process.
#include <atomic>
#include <cstdlib>
#include <new>

#include "edge/sim/gateway.hpp"
#include "model/fact.hpp"
#include "scene.hpp"
#include "support/told_market.hpp"

namespace {
std::atomic<std::uint64_t> allocations{0};
}

[[gnu::noinline]] void* operator new(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  if (void* p = std::malloc(size == 0 ? 1 : size)) return p;
  throw std::bad_alloc{};
}
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t align) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  const auto boundary = static_cast<std::size_t>(align);
  if (void* p = std::aligned_alloc(boundary, (size + boundary - 1) / boundary * boundary)) return p;
  throw std::bad_alloc{};
}
[[gnu::noinline]] void operator delete(void* p) noexcept { std::free(p); }
[[gnu::noinline]] void operator delete(void* p, std::size_t) noexcept { std::free(p); }
[[gnu::noinline]] void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
[[gnu::noinline]] void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }

namespace robo::risk {
/// The gate of this test: everything may pass.
class Gate {
 public:
  static ApprovedOrder stamp(const OrderIntent& intent, Timestamp at) { return {intent, at}; }
};
}  // namespace robo::risk

namespace robo::sim {
namespace {

using namespace scene;

/// Quotes and trades that walk up and down, in stretches of one buffer.
class Walk : public test::ToldMarket {
 public:
  Walk() {
    instruments_ = {stock()};
    for (int i = 0; i < 40'000; ++i) {
      const Timestamp at = Timestamp{1'514'903'400'000'000'000} + milliseconds(10 * i);
      Quote q;
      const double shift = 0.01 * (i / 7 % 23);
      q.bid = usd(10.00 + shift), q.ask = usd(10.02 + shift), q.bid_size = shares(300 + i % 5 * 100), q.ask_size = shares(200);
      events_.push_back({at, at, q});
      Trade t;
      t.price = i % 2 == 0 ? q.bid : q.ask, t.size = shares(100 + i % 3 * 50);
      events_.push_back({at, at, t});
    }
  }
};

TEST(SimGateway, allocates_nothing_once_it_is_warm) {
  Walk walk;
  SimGatewaySettings settings;
  settings.latency = {.feed = milliseconds(1), .entry = milliseconds(5), .response = milliseconds(5)};
  SimGateway gateway(walk, settings, fees());
  std::uint64_t number = 0, quotes = 0, fills = 0, before = 0;
  Event event;
  while (gateway.next(event)) {
    fills += std::holds_alternative<Boxed<Execution>>(event.payload);
    const auto* quote = std::get_if<Quote>(&event.payload);
    if (!quote) continue;
    if (++quotes == 10'000) before = allocations.load();
    if (quotes % 10 == 0) {
      OrderIntent intent;
      intent.key = {7, ++number};
      intent.side = number % 2 == 0 ? Side::Buy : Side::Sell;
      intent.quantity = shares(100);
      if (number % 3 == 0) intent.kind = robo::Market{};
      else intent.kind = robo::Limit{intent.side == Side::Buy ? quote->bid : quote->ask};
      gateway.send(SubmitOrder{risk::Gate::stamp(intent, event.at)});
    }
    if (quotes % 10 == 9 && number > 0) gateway.send(CancelOrder{{7, number}});
  }
  EXPECT_EQ(allocations.load() - before, 0u);
  EXPECT_GT(fills, 1'000u);
}

}  // namespace
}  // namespace robo::sim
