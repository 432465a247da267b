#pragma once
// Private to features: what one tick or bar does to a calculation that lives on prices. The engine runs these event by event,
// batch() column by column: one definition, the same numbers.

#include <cmath>

#include "kernel/features/detail/plan.hpp"
#include "kernel/features/indicators/adx.hpp"
#include "kernel/features/indicators/efficiency_ratio.hpp"
#include "kernel/features/indicators/macd.hpp"
#include "kernel/features/indicators/rsi.hpp"

namespace robo::features {

/// The state that a price calculation has.
template <Op op>
struct StateOf;
template <> struct StateOf<Op::Ema> { using type = Ema; };
template <> struct StateOf<Op::Rsi> { using type = Rsi; };
template <> struct StateOf<Op::Macd> { using type = Macd; };
template <> struct StateOf<Op::Atr> { using type = Atr; };
template <> struct StateOf<Op::Adx> { using type = Adx; };
template <> struct StateOf<Op::Bollinger> { using type = BollingerState; };
template <> struct StateOf<Op::RealizedVolatility> { using type = VolatilityState; };
template <> struct StateOf<Op::VolumeZ> { using type = RollingMoments; };
template <> struct StateOf<Op::Donchian> { using type = DonchianState; };
template <> struct StateOf<Op::EfficiencyRatio> { using type = EfficiencyRatio; };
template <> struct StateOf<Op::Return> { using type = Window<double>; };
template <> struct StateOf<Op::RelativeVolume> { using type = RelativeVolume; };

/// Takes `in` into `state`; `out(slot)` is where the figure of a slot goes, `asked` which slots somebody reads. A slot that is not
/// written keeps what it had.
template <Op op, class Out>
inline void advance(typename StateOf<op>::type& state, [[maybe_unused]] std::uint8_t asked, const Sample& in, [[maybe_unused]] const BarPlace& place, Out&& out) {
  if constexpr (op == Op::Ema || op == Op::Rsi || op == Op::EfficiencyRatio) {
    state.add(in.price);
    out(0) = state.value();
  } else if constexpr (op == Op::Macd) {
    state.add(in.price);
    out(0) = state.macd(), out(1) = state.signal(), out(2) = state.histogram();
  } else if constexpr (op == Op::Atr) {
    state.add(in.high, in.low, in.price);
    out(0) = state.value();
  } else if constexpr (op == Op::Adx) {
    state.add(in.high, in.low, in.price);
    out(0) = state.adx();
    if (asked > 1) out(1) = state.plus_di(), out(2) = state.minus_di();
  } else if constexpr (op == Op::Bollinger) {
    auto& [moments, width] = state;
    moments.add(in.price);
    if (!moments.warm()) [[unlikely]] return;
    const double mean = moments.mean(), deviation = moments.deviation();
    out(0) = mean, out(1) = mean + width * deviation, out(2) = mean - width * deviation;
    if (asked & 8) out(3) = moments.spread_out() ? (in.price - mean) / deviation : nan;
  } else if constexpr (op == Op::RealizedVolatility) {
    auto& [squares, last] = state;
    const double change = in.log - last;
    last = in.log;
    // Not of the first value, of a price without a logarithm, or of a night: those are no returns of a bar.
    if (change == change && !in.after_pause) [[likely]] squares.add(change * change);
    out(0) = squares.warm() ? std::sqrt(std::max(0.0, squares.sum()) / squares.count()) : nan;
  } else if constexpr (op == Op::VolumeZ) {
    out(0) = z_of_past(state, in.volume);
  } else if constexpr (op == Op::Donchian) {
    auto& [high, low] = state;
    out(2) = !high.warm() ? nan : in.price > high.value() ? 1.0 : in.price < low.value() ? -1.0 : 0.0;
    high.add(in.high);
    low.add(in.low);
    if (high.warm()) out(0) = high.value(), out(1) = low.value();
  } else if constexpr (op == Op::Return) {
    out(0) = state.full() ? in.log - state.oldest() : nan;
    state.push(in.log);
  } else if constexpr (op == Op::RelativeVolume) {
    state.add(place.since_open, place.date, in.volume);
    out(0) = state.value(), out(1) = state.z();
  }
}

template <class Out>
inline void advance_context(SupportResistance& levels, const Sample& in, const BarPlace& place, Out&& out) {
  levels.add(in.high, in.low, in.price, in.volume, place.date);
  out(0) = levels.support().price, out(1) = levels.support().strength;
  out(2) = levels.resistance().price, out(3) = levels.resistance().strength;
  out(4) = levels.pivots().high(), out(5) = levels.pivots().low();
}

template <class Out>
inline void advance_context(UnusualActivityState& state, const Sample& in, const BarPlace& place, Out&& out) {
  auto& [before, of_day] = state;
  const double z = z_of_past(before, in.volume);
  of_day.add(place.since_open, place.date, in.volume);
  out(0) = std::fmax(z, of_day.z());  // the one that is known, where only one is
}

template <class Out>
inline void advance_vwap(VwapState& state, double price, double size, Out&& out) {
  auto& [vwap, width] = state;
  vwap.add(price, size);
  const double mean = vwap.value(), deviation = vwap.deviation();
  out(0) = mean, out(1) = mean + width * deviation, out(2) = mean - width * deviation;
}

[[gnu::always_inline]] inline void PairState::step() {
  if (first_start != second_start || !(first == first) || !(second == second)) return;
  constexpr unsigned correlation = 1, beta = 2, residual = 4;
  if ((asked & correlation) != 0) {
    if (first_before == first_before) returns.add(second - second_before, first - first_before);
    *out[0] = returns.correlation();
  }
  first_before = first, second_before = second;
  if ((asked & (beta | residual)) == 0) return;
  prices.add(second, first);
  if ((asked & beta) != 0) *out[1] = prices.beta();
  if ((asked & residual) != 0) *out[2] = prices.residual_z();
}

/// Calls `use.template operator()<op>()` for the price calculation `op`. False for any other.
template <class Use>
bool for_price_op(Op op, Use&& use) {
  switch (op) {
    case Op::Ema: return use.template operator()<Op::Ema>(), true;
    case Op::Rsi: return use.template operator()<Op::Rsi>(), true;
    case Op::Macd: return use.template operator()<Op::Macd>(), true;
    case Op::Atr: return use.template operator()<Op::Atr>(), true;
    case Op::Adx: return use.template operator()<Op::Adx>(), true;
    case Op::Bollinger: return use.template operator()<Op::Bollinger>(), true;
    case Op::RealizedVolatility: return use.template operator()<Op::RealizedVolatility>(), true;
    case Op::VolumeZ: return use.template operator()<Op::VolumeZ>(), true;
    case Op::Donchian: return use.template operator()<Op::Donchian>(), true;
    case Op::EfficiencyRatio: return use.template operator()<Op::EfficiencyRatio>(), true;
    case Op::Return: return use.template operator()<Op::Return>(), true;
    case Op::RelativeVolume: return use.template operator()<Op::RelativeVolume>(), true;
    default: return false;
  }
}

}  // namespace robo::features
