// Tick in, order command out, in process: one day of made market for eight names through the whole corridor with every
// feature kind declared, three strategies, the ensemble, the gate and the dealer. A latency is taken of every tick that brought an order.
#include <chrono>
#include <cstring>

#include "kernel/features/spec.hpp"
#include "strategies/mean_reversion/mean_reversion.hpp"
#include "strategies/momentum/momentum.hpp"
#include "strategies/pairs/pairs.hpp"
#include "support/report.hpp"
#include "support/street.hpp"

using namespace robo;
using namespace robo::bench;

namespace {

/// A strategy that asks for one of every feature, and now and then turns: so ticks bring orders often enough to measure.
class Turner : public strategy::Strategy {
 public:
  [[nodiscard]] std::string_view name() const override { return "turner"; }
  void declare(strategy::Declaration& d) override {
    for (int k = 0; k <= static_cast<int>(features::Kind::LastPrice); ++k) {
      const auto kind = static_cast<features::Kind>(k);
      features::Spec spec{.kind = kind, .timeframe = minutes(1), .period = 14, .slow = 26, .signal = 9, .width = 2, .other = InstrumentId{7}};
      try {
        handles_.push_back(d.feature(spec));
      } catch (const std::exception&) {  // this kind is per tick
        try {
          spec.timeframe = {};
          handles_.push_back(d.feature(spec));
        } catch (const std::exception&) {
          ++refused;
        }
      }
    }
  }
  void on_quote(const strategy::View& view, const Quote& quote, strategy::Signals& signals) override {
    for (const auto handle : handles_) sum_ += view.features().value(handle, quote.instrument) > 0;
    if (++ticks_ % 40 != 0) return;
    signals.say({.instrument = quote.instrument, .score = (ticks_ / 40) % 2 == 0 ? 0.6 : -0.6, .confidence = 0.8, .horizon = minutes(5),
                 .stop_distance = price(1), .why = "turn"});
  }
  int refused = 0;

 private:
  std::vector<features::Handle> handles_;
  std::uint64_t ticks_ = 0, sum_ = 0;
};

std::int64_t started = 0, taken = 0;
void enter() { started = now_ns(); }
void leave() { taken = now_ns() - started; }

}  // namespace

int main(int argc, char** argv) {
  Report report(argc, argv);
  Samples ordered, quiet;
  ordered.reserve(400'000);
  quiet.reserve(8'000'000);
  std::uint64_t orders = 0;
  int refused = 0;
  for (int round = 0; round < report.rounds(); ++round) {
    std::vector<InstrumentId> universe;
    for (std::uint32_t i = 0; i < 7; ++i) universe.push_back(InstrumentId{i});
    std::vector<Enlisted> strategies;
    auto turner = std::make_unique<Turner>();
    auto* const watched = turner.get();
    strategies.push_back({std::move(turner), {.universe = universe, .settings = {}, .running = true}});
    strategies.push_back({std::make_unique<strategies::Momentum>(), {.universe = universe, .settings = {{"bar_s", 10}}, .running = true}});
    strategies.push_back({std::make_unique<strategies::MeanReversion>(), {.universe = universe, .settings = {{"bar_s", 10}}, .running = true}});
    KernelConfig config{.instruments_max = 8};
    config.limits.order_notional_max = Money::whole(10'000'000);
    config.limits.orders_max = 4'096;
    Kernel kernel(config, std::move(strategies));
    test::Street street(kernel, 8, static_cast<std::uint64_t>(round) + 1);
    if (!kernel.problems().empty()) return std::fprintf(stderr, "%s\n", kernel.problems()[0].text.c_str()), 1;
    refused = watched->refused;
    street.open(street.now + minutes(390));
    street.before = enter;
    street.after = leave;
    for (int i = 0; i < 200'000; ++i) {
      const auto event = street.next(milliseconds(100));
      const auto before = street.orders;
      street.tell(event);
      (street.orders != before ? ordered : quiet).add(static_cast<double>(taken) * 1e-3);
      orders += street.orders - before;
      street.answer();
    }
  }
  char note[160];
  std::snprintf(note, sizeof note, "%llu orders on %zu ticks; clock readings of ~50 ns are inside; %d feature kinds refused their spec",
                static_cast<unsigned long long>(orders), ordered.figures().size(), refused);
  report.row({.name = "kernel/tick_to_order", .unit = "us", .samples = ordered, .bars = {at_most(Of::Median, 0.5), at_most(Of::P99, 2)}, .note = note});
  report.row({.name = "kernel/tick_without_order", .unit = "us", .samples = quiet, .note = "all features, three strategies"});
  return report.exit_code();
}
