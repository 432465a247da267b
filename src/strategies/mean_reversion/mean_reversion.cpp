#include "strategies/mean_reversion/mean_reversion.hpp"

#include <algorithm>
#include <cmath>

#include "kernel/features/features.hpp"
#include "kernel/regime/regime.hpp"
#include "kernel/strategy/why.hpp"
#include "strategies/common/session.hpp"

namespace robo::strategies {

void MeanReversion::declare(strategy::Declaration& d) {
  const auto bar = d.parameter({.name = "bar_s", .help = "Length of a bar.", .unit = "s", .value = 300, .least = 1, .most = 86'400, .step = 1,
                                .fixed = true});
  const auto rsi = d.parameter({.name = "rsi_bars", .help = "Bars of the relative strength index (Wilder).", .unit = "bars", .value = 14,
                                .least = 2, .most = 200, .step = 1, .fixed = true});
  const auto atr = d.parameter({.name = "atr_bars", .help = "Bars of the average true range that the stop is measured in.", .unit = "bars",
                                .value = 14, .least = 1, .most = 500, .step = 1, .fixed = true});
  low_ = d.parameter({.name = "low", .help = "Bought when the index is below this.", .unit = "RSI", .value = 30, .least = 1, .most = 49,
                      .step = 0.5});
  high_ = d.parameter({.name = "high", .help = "Sold short when the index is above this.", .unit = "RSI", .value = 70, .least = 51,
                       .most = 99, .step = 0.5});
  exit_ = d.parameter({.name = "exit", .help = "Left when the index has come back to this.", .unit = "RSI", .value = 50, .least = 20,
                       .most = 80, .step = 0.5});
  ranging_min_ = d.parameter({.name = "ranging_min", .help = "Least probability that the market ranges; 0 switches the filter off.",
                              .value = 0.5, .least = 0, .most = 1, .step = 0.05});
  stop_atr_ = d.parameter({.name = "stop_atr", .help = "Distance of the protective stop; 0: none.", .unit = "ATR", .value = 3, .least = 0,
                           .most = 20, .step = 0.1});
  hold_bars_ = d.parameter({.name = "hold_bars", .help = "A trade is left after so many bars.", .unit = "bars", .value = 24, .least = 1,
                            .most = 2000, .step = 1});
  shorts_ = d.parameter({.name = "short", .help = "1: rises are sold short; 0: long only.", .value = 1, .least = 0, .most = 1, .step = 1});
  flat_s_ = d.parameter({.name = "flat_before_close_s", .help = "Out this long before the close, and no entry; 0: held overnight.",
                         .unit = "s", .value = 300, .least = 0, .most = 23'400, .step = 1});
  edge_ = d.parameter({.name = "edge_sd", .help = "Move claimed in the trade's favour while it is held, for Kelly sizing; 0: no claim.",
                       .unit = "sd", .value = 0.1, .least = 0, .most = 2, .step = 0.01});
  cost_bp_ = d.parameter({.name = "cost_bp", .help = "What a round trip costs; a way back to the mean shorter than this is not traded.",
                          .unit = "bp", .value = 10, .least = 0, .most = 200, .step = 0.5});

  timeframe_ = seconds(static_cast<std::int64_t>(d.value(bar)));
  rsi_ = d.feature({.kind = features::Kind::Rsi, .timeframe = timeframe_, .period = static_cast<int>(d.value(rsi))});
  atr_ = d.feature({.kind = features::Kind::Atr, .timeframe = timeframe_, .period = static_cast<int>(d.value(atr))});
  volatility_ = d.feature({.kind = features::Kind::RealizedVolatility, .timeframe = timeframe_, .period = 20});
  mean_ = d.feature({.kind = features::Kind::BollingerMid, .timeframe = timeframe_, .period = 20});
  d.bars(timeframe_);
  held_.cover(d.universe());
}

void MeanReversion::on_bar(const strategy::View& view, const Bar& bar, strategy::Signals& signals) {
  Held& held = held_[bar.instrument];
  if (held.side != 0 && view.now() >= held.until) held = {};  // the ensemble let it go at its horizon
  const double rsi = view.features().value(rsi_, bar.instrument);
  if (!std::isfinite(rsi)) return;
  const bool closing = near_close(view, bar.instrument, view.parameter(flat_s_));
  const regime::State& regime = view.regimes().state(bar.instrument);

  if (held.side != 0) {
    const bool back = held.side * (rsi - view.parameter(exit_)) >= 0;
    const bool crisis = regime.held == RegimeKind::Crisis;
    if (!back && !closing && !crisis) return;
    held = {};
    signals.say({.instrument = bar.instrument, .exit = true,
                 .why = closing ? strategy::why("out before the close, RSI {:.1f}", rsi)
                        : crisis ? strategy::why("crisis, RSI {:.1f}", rsi)
                                 : strategy::why("RSI back at {:.1f}", rsi)});
    return;
  }

  const double low = view.parameter(low_), high = view.parameter(high_);
  const std::int8_t side = rsi < low ? 1 : rsi > high ? -1 : 0;
  if (side == 0 || closing || (side < 0 && view.parameter(shorts_) == 0)) return;
  const double ranging = regime.probability(RegimeKind::Ranging);
  if (ranging < view.parameter(ranging_min_) || regime.held == RegimeKind::Crisis) return;
  const double atr = view.features().value(atr_, bar.instrument), sigma = view.features().value(volatility_, bar.instrument);
  if (!std::isfinite(atr) || !(sigma > 0)) return;

  const double close = bar.close.to_double();
  const double way_bp = side * (view.features().value(mean_, bar.instrument) - close) / close * 1e4;  // back to the mean
  if (!(way_bp >= view.parameter(cost_bp_))) return;

  const double depth = side > 0 ? (low - rsi) / low : (rsi - high) / (100 - high);  // 0 at the threshold, 1 at the end of the scale
  const double hold = view.parameter(hold_bars_), hold_sigma = sigma * std::sqrt(hold);
  held = {.side = side, .until = view.now() + bars(hold, timeframe_)};
  signals.say({.instrument = bar.instrument,
               .score = side * (0.5 + 0.5 * std::clamp(depth, 0.0, 1.0)),
               .confidence = view.parameter(ranging_min_) > 0 ? ranging : 1.0,
               .expected_return = side * view.parameter(edge_) * hold_sigma,
               .volatility = hold_sigma,
               .horizon = bars(hold, timeframe_),
               .stop_distance = Price::nearest(view.parameter(stop_atr_) * atr),
               .why = strategy::why("RSI {:.1f} {} {:g}, mean {:.0f} bp away, ranging {:.2f}", rsi, side > 0 ? "below" : "above", side > 0 ? low : high,
                                    way_bp, ranging)});
}

}  // namespace robo::strategies
