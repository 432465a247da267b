#include "strategies/ema_cross/ema_cross.hpp"

#include <cmath>
#include <stdexcept>

#include "kernel/features/features.hpp"
#include "kernel/strategy/why.hpp"

namespace robo::strategies {

void EmaCross::declare(strategy::Declaration& d) {
  const auto fast = d.parameter({.name = "fast", .help = "Length of the fast average.", .unit = "bars", .value = 10, .least = 2, .most = 500,
                                 .step = 1, .fixed = true});
  const auto slow = d.parameter({.name = "slow", .help = "Length of the slow average; longer than fast.", .unit = "bars", .value = 20,
                                 .least = 3, .most = 2000, .step = 1, .fixed = true});
  const auto bar = d.parameter({.name = "bar_s", .help = "Length of a bar; 0 counts every trade instead.", .unit = "s", .value = 60,
                                .least = 0, .most = 86'400, .step = 1, .fixed = true});
  hold_ = d.parameter({.name = "hold_s", .help = "A position without a new cross is left after this.", .unit = "s", .value = 86'400,
                       .least = 1, .most = 31'536'000, .step = 1});
  shorts_ = d.parameter({.name = "short", .help = "1: short while the fast average is below; 0: out of the market.", .value = 1, .least = 0,
                         .most = 1, .step = 1});
  if (d.value(fast) >= d.value(slow)) throw std::invalid_argument("fast must be shorter than slow");
  const Duration timeframe = seconds(static_cast<std::int64_t>(d.value(bar)));
  per_tick_ = timeframe.ns == 0;
  if (!per_tick_) d.bars(timeframe);
  fast_ = d.feature({.kind = features::Kind::Ema, .timeframe = timeframe, .period = static_cast<int>(d.value(fast))});
  slow_ = d.feature({.kind = features::Kind::Ema, .timeframe = timeframe, .period = static_cast<int>(d.value(slow))});
  side_.cover(d.universe());
}

void EmaCross::on_trade(const strategy::View& view, const Trade& trade, strategy::Signals& signals) {
  if (per_tick_) look(view, trade.instrument, signals);
}

void EmaCross::on_bar(const strategy::View& view, const Bar& bar, strategy::Signals& signals) { look(view, bar.instrument, signals); }

void EmaCross::look(const strategy::View& view, InstrumentId instrument, strategy::Signals& signals) {
  const double fast = view.features().value(fast_, instrument), slow = view.features().value(slow_, instrument);
  if (!(std::isfinite(fast) && std::isfinite(slow)) || fast == slow) return;
  const std::int8_t side = fast > slow ? 1 : -1;
  if (side == side_[instrument]) return;
  side_[instrument] = side;
  const bool leave = side < 0 && view.parameter(shorts_) == 0;
  signals.say({.instrument = instrument, .score = leave ? 0.0 : side, .confidence = 1,
               .horizon = seconds(static_cast<std::int64_t>(view.parameter(hold_))), .exit = leave,
               .why = strategy::why("fast {:.4f} {} slow {:.4f}", fast, side > 0 ? "above" : "below", slow)});
}

}  // namespace robo::strategies
