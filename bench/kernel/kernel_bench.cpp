// Tick in, order command out, in process: one day of made market for eight names through the whole corridor with every
// feature kind declared, three strategies, the ensemble, the gate and the dealer. A latency is taken of every tick that brought an
// order. The first tick after a full minute or ten seconds closes the bars of all names first; such ticks have a row of their own.
#include <algorithm>
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
  Samples ordered, at_bars, any, quiet;
  ordered.reserve(400'000);
  quiet.reserve(8'000'000);
  std::uint64_t orders = 0, bars = 0;
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
      const auto us = static_cast<double>(taken) * 1e-3;
      orders += street.orders - before;
      if (street.orders == before) {
        quiet.add(us);
      } else {
        any.add(us);
        const auto closed = kernel.market().closed_bars().size();
        bars += closed;
        (closed == 0 ? ordered : at_bars).add(us);
      }
      street.answer();
    }
  }
  char note[200], bar_note[200];
  std::snprintf(note, sizeof note, "%zu ticks with an order, %llu orders (an entry leaves with its stop); clock readings of ~50 ns are inside; %d feature kinds refused their spec",
                any.figures().size(), static_cast<unsigned long long>(orders), refused);
  std::snprintf(bar_note, sizeof bar_note, "the first tick after a boundary of all names' bars: %.1f bars closed on average, each with all its features and every strategy asked",
                static_cast<double>(bars) / static_cast<double>(std::max<std::size_t>(at_bars.figures().size(), 1)));
  report.row({.name = "kernel/tick_to_order", .unit = "us", .samples = any, .bars = {at_most(Of::Median, 0.5), at_most(Of::P99, 2)}, .note = note});
  report.row({.name = "kernel/tick_closing_no_bar_to_order", .unit = "us", .samples = ordered, .note = "a tick that closes no bar; order and stop decided, approved and told"});
  report.row({.name = "kernel/tick_closing_bars_to_order", .unit = "us", .samples = at_bars, .note = bar_note});
  report.row({.name = "kernel/tick_without_order", .unit = "us", .samples = quiet, .note = "all features, three strategies"});
  return report.exit_code();
}
