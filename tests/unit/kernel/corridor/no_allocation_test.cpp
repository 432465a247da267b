// A whole busy day through the whole corridor with real strategies: once warm, the kernel asks for no memory at all.
#include <gtest/gtest.h>

#include "strategies/mean_reversion/mean_reversion.hpp"
#include "strategies/momentum/momentum.hpp"
#include "strategies/pairs/pairs.hpp"
#include "support/allocation_counter.hpp"
#include "support/street.hpp"

namespace robo {

namespace {

std::size_t at_entry = 0, inside = 0;
void enter() { at_entry = test::allocations(); }
void leave() { inside += test::allocations() - at_entry; }

}  // namespace

TEST(KernelNoAllocation, the_counter_counts) {
  const auto before = test::allocations();
  auto memory = std::make_unique<int>(1);
  EXPECT_EQ(test::allocations(), before + 1);
}

TEST(KernelNoAllocation, a_whole_day_of_trading_allocates_nothing) {
  std::vector<InstrumentId> universe;
  for (std::uint32_t i = 0; i < 6; ++i) universe.push_back(InstrumentId{i});
  std::vector<Enlisted> strategies;
  strategies.push_back({std::make_unique<strategies::Momentum>(), {.universe = universe, .settings = {{"bar_s", 10}, {"edge_sd", 0}}, .running = true}});
  strategies.push_back({std::make_unique<strategies::MeanReversion>(), {.universe = universe, .settings = {{"bar_s", 10}, {"edge_sd", 0}}, .running = true}});
  strategies.push_back({std::make_unique<strategies::Pairs>(), {.universe = universe, .settings = {{"bar_s", 10}}, .running = true}});
  KernelConfig config{.instruments_max = 6};
  config.limits.order_notional_max = Money::whole(500'000);
  Kernel kernel(config, std::move(strategies));
  test::Street street(kernel, 6);
  ASSERT_TRUE(kernel.problems().empty()) << kernel.problems()[0].text;

  const auto end = street.now + minutes(390);
  street.open(end);  // strategies start with the first event: the last that may allocate
  street.before = enter;
  street.after = leave;
  inside = 0;
  std::uint64_t events = 0;
  while (street.now < end) {
    street.tell(street.next(milliseconds(100)));
    street.answer();
    if (++events % 50'000 == 0) {  // and an operator now and then
      const OperatorInput input{.action = events % 100'000 == 0 ? OperatorAction::FlattenAll : OperatorAction::StopEntries, .who = "desk"};
      street.tell(Boxed<OperatorInput>{&input});
      const OperatorInput resume{.action = OperatorAction::ResumeEntries, .who = "desk"};
      street.tell(Boxed<OperatorInput>{&resume});
    }
  }
  EXPECT_GT(street.fills, 50u);
  EXPECT_GT(street.cancels, 10u);
  EXPECT_EQ(inside, 0u) << "over " << events << " events, " << street.orders << " orders, " << street.fills << " fills";
  RecordProperty("orders", static_cast<int>(street.orders));
}

}  // namespace robo
