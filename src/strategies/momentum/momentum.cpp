#include "strategies/momentum/momentum.hpp"

#include <algorithm>
#include <cmath>

#include "kernel/features/features.hpp"
#include "kernel/regime/regime.hpp"
#include "kernel/strategy/why.hpp"
#include "strategies/common/session.hpp"

namespace robo::strategies {
namespace {
constexpr double full_strength = 2;  // standard deviations of a move that count as full conviction
constexpr int volatility_windows = 3; // channels the usual volatility is taken over: within one, a jump would be its own yardstick
}

void Momentum::declare(strategy::Declaration& d) {
  const auto bar = d.parameter({.name = "bar_s", .help = "Length of a bar.", .unit = "s", .value = 300, .least = 1, .most = 86'400, .step = 1,
                                .fixed = true});
  const auto lookback = d.parameter({.name = "lookback", .help = "Bars of the channel whose edge must be broken.", .unit = "bars", .value = 20,
                                     .least = 2, .most = 500, .step = 1, .fixed = true});
  const auto exit = d.parameter({.name = "exit_bars", .help = "Bars of the shorter channel whose other edge ends the trade.", .unit = "bars",
                                 .value = 10, .least = 2, .most = 500, .step = 1, .fixed = true});
  const auto volume = d.parameter({.name = "volume_bars", .help = "Bars that say what volume is usual.", .unit = "bars", .value = 20,
                                   .least = 2, .most = 500, .step = 1, .fixed = true});
  const auto atr = d.parameter({.name = "atr_bars", .help = "Bars of the average true range that stop and target are measured in.",
                                .unit = "bars", .value = 14, .least = 1, .most = 500, .step = 1, .fixed = true});
  volume_z_min_ = d.parameter({.name = "volume_z_min", .help = "The breaking bar's volume must be this far above usual.", .unit = "sd",
                               .value = 1, .least = -5, .most = 20, .step = 0.1});
  efficiency_min_ = d.parameter({.name = "efficiency_min", .help = "Least efficiency ratio over the channel; 1 is a straight line.",
                                 .value = 0.3, .least = 0, .most = 1, .step = 0.05});
  top_ = d.parameter({.name = "top", .help = "At most this many names at once; a stronger one replaces the weakest.", .unit = "names",
                      .value = 3, .least = 1, .most = 50, .step = 1});
  stop_atr_ = d.parameter({.name = "stop_atr", .help = "Distance of the protective stop; 0: none.", .unit = "ATR", .value = 2, .least = 0,
                           .most = 20, .step = 0.1});
  target_atr_ = d.parameter({.name = "target_atr", .help = "Distance of the profit target; 0: none.", .unit = "ATR", .value = 0, .least = 0,
                             .most = 50, .step = 0.1});
  hold_bars_ = d.parameter({.name = "hold_bars", .help = "A trade is left after so many bars.", .unit = "bars", .value = 24, .least = 1,
                            .most = 2000, .step = 1});
  shorts_ = d.parameter({.name = "short", .help = "1: breakouts downwards are sold short; 0: long only.", .value = 1, .least = 0, .most = 1,
                         .step = 1});
  flat_s_ = d.parameter({.name = "flat_before_close_s", .help = "Out this long before the close, and no entry; 0: held overnight.",
                         .unit = "s", .value = 300, .least = 0, .most = 23'400, .step = 1});
  edge_ = d.parameter({.name = "edge_sd", .help = "Move claimed in the trade's favour while it is held, for Kelly sizing; 0: no claim.",
                       .unit = "sd", .value = 0.1, .least = 0, .most = 2, .step = 0.01});

  timeframe_ = seconds(static_cast<std::int64_t>(d.value(bar)));
  lookback_ = static_cast<int>(d.value(lookback));
  const auto feature = [&](features::Kind kind, std::size_t period) {
    return d.feature({.kind = kind, .timeframe = timeframe_, .period = static_cast<int>(d.value(period))});
  };
  breakout_ = feature(features::Kind::Breakout, lookback);
  exit_ = feature(features::Kind::Breakout, exit);
  volume_z_ = feature(features::Kind::VolumeZ, volume);
  efficiency_ = feature(features::Kind::EfficiencyRatio, lookback);
  atr_ = feature(features::Kind::Atr, atr);
  move_ = feature(features::Kind::TickReturn, lookback);
  volatility_ = d.feature({.kind = features::Kind::RealizedVolatility, .timeframe = timeframe_, .period = volatility_windows * lookback_});
  d.bars(timeframe_);
  held_.cover(d.universe());
}

void Momentum::leave(InstrumentId instrument, strategy::Signals& signals, const FixedText<80>& why) {
  held_[instrument] = {};
  signals.say({.instrument = instrument, .exit = true, .why = why});
}

bool Momentum::make_room(double strength, std::size_t most, Timestamp now, strategy::Signals& signals) {
  std::size_t held = 0;
  InstrumentId weakest{};
  double least = INFINITY;
  for (const InstrumentId id : held_.universe()) {
    Held& h = held_[id];
    if (h.side != 0 && now >= h.until) h = {};  // the ensemble let it go at its horizon
    if (h.side == 0) continue;
    ++held;
    if (h.strength < least) least = h.strength, weakest = id;
  }
  if (held < most) return true;
  if (strength <= least) return false;
  leave(weakest, signals, strategy::why("{:.1f} sd, weakest of {}: replaced by {:.1f} sd", least, held, strength));
  return true;
}

void Momentum::on_bar(const strategy::View& view, const Bar& bar, strategy::Signals& signals) {
  const auto value = [&](features::Handle handle) { return view.features().value(handle, bar.instrument); };
  Held& held = held_[bar.instrument];
  if (held.side != 0 && view.now() >= held.until) held = {};
  const bool closing = near_close(view, bar.instrument, view.parameter(flat_s_));
  if (held.side != 0) {
    if (closing) leave(bar.instrument, signals, "out before the close");
    else if (value(exit_) == -held.side) leave(bar.instrument, signals, strategy::why("close {} beyond the exit channel", bar.close.to_double()));
    return;
  }

  const double side = value(breakout_), volume_z = value(volume_z_), efficiency = value(efficiency_), atr = value(atr_);
  const double sigma = value(volatility_) * std::sqrt(static_cast<double>(lookback_));
  const double move = value(move_);
  if (closing || side == 0 || !std::isfinite(side) || (side < 0 && view.parameter(shorts_) == 0)) return;
  if (!(volume_z >= view.parameter(volume_z_min_)) || !(efficiency >= view.parameter(efficiency_min_))) return;
  if (!(sigma > 0) || !std::isfinite(move) || !std::isfinite(atr)) return;
  if (view.regimes().state(bar.instrument).held == RegimeKind::Crisis) return;
  const double strength = side * move / sigma;
  if (!(strength > 0) || !make_room(strength, static_cast<std::size_t>(view.parameter(top_)), view.now(), signals)) return;

  const double hold = view.parameter(hold_bars_);
  const double hold_sigma = value(volatility_) * std::sqrt(hold);
  held = {.side = static_cast<std::int8_t>(side), .until = view.now() + bars(hold, timeframe_), .strength = strength};
  signals.say({.instrument = bar.instrument,
               .score = side * std::min(1.0, strength / full_strength),
               .confidence = std::clamp(efficiency, 0.0, 1.0),
               .expected_return = side * view.parameter(edge_) * hold_sigma,
               .volatility = hold_sigma,
               .horizon = bars(hold, timeframe_),
               .stop_distance = Price::nearest(view.parameter(stop_atr_) * atr),
               .target_distance = Price::nearest(view.parameter(target_atr_) * atr),
               .why = strategy::why("{} bar {}, {:+.1f} sd, volume z {:.1f}, ER {:.2f}", lookback_, side > 0 ? "high" : "low", side * strength,
                                    volume_z, efficiency)});
}

}  // namespace robo::strategies
