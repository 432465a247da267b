// Price context and volume: what a bar or a trade does to them, and the memory they live in.

#include "kernel/features/detail/context.hpp"

#include <algorithm>
#include <cmath>

#include "base/invariant.hpp"
#include "kernel/features/detail/plan.hpp"

namespace robo::features {

namespace {

template <class T>
T& as(const ContextStep& step) {
  return *static_cast<T*>(step.state);
}

}  // namespace

double z_of_past(RollingMoments& before, double value) {
  const double z = before.warm() && before.spread_out() ? (value - before.mean()) / before.deviation() : nan;
  before.add(value);
  return z;
}

bool place_of_context(Kind kind, ContextPlace& place) {
  switch (kind) {
    case Kind::Support: return place = {ContextOp::SupportResistance, 0}, true;
    case Kind::SupportStrength: return place = {ContextOp::SupportResistance, 1}, true;
    case Kind::Resistance: return place = {ContextOp::SupportResistance, 2}, true;
    case Kind::ResistanceStrength: return place = {ContextOp::SupportResistance, 3}, true;
    case Kind::PivotHigh: return place = {ContextOp::SupportResistance, 4}, true;
    case Kind::PivotLow: return place = {ContextOp::SupportResistance, 5}, true;
    case Kind::PriorHigh: return place = {ContextOp::PriorDay, 0}, true;
    case Kind::PriorLow: return place = {ContextOp::PriorDay, 1}, true;
    case Kind::PriorClose: return place = {ContextOp::PriorDay, 2}, true;
    case Kind::UnusualActivity: return place = {ContextOp::UnusualActivity, 0}, true;
    default: return false;
  }
}

void* Features::Plan::make_context(ContextOp op, const Spec& spec) {
  const auto n = static_cast<std::size_t>(spec.period);
  switch (op) {
    case ContextOp::SupportResistance: {
      const auto bars = room<Pivots::Candidate>(n + 1);
      const auto highs = room<double>(n), lows = room<double>(n), volumes = room<double>(2 * n + 1);
      return make<SupportResistance>(spec.period, bars, highs, lows, volumes);
    }
    case ContextOp::PriorDay: return nullptr;
    case ContextOp::UnusualActivity: {
      const auto slots = room<RelativeVolume::Slot>(RelativeVolume::slots_for(spec.timeframe));
      return make<UnusualActivityState>(UnusualActivityState{RollingMoments{room<double>(n)}, RelativeVolume{slots, spec.timeframe, spec.period}});
    }
  }
  return nullptr;
}

void Features::Plan::lay_out_context(Row& row, const Spec& spec, std::size_t column, market::Market& market) {
  ContextPlace place;
  INVARIANT(place_of_context(spec.kind, place));
  const auto timeframe = place.op == ContextOp::PriorDay ? hours(24) : spec.timeframe;
  auto& list = row.context.on_bar;
  // Kinds of one calculation with the same parameters are columns of one step.
  auto found = std::ranges::find_if(list, [&](const ContextStep& s) { return s.op == place.op && s.timeframe == timeframe && s.period == spec.period; });
  if (found == list.end()) {
    ContextStep step{.state = make_context(place.op, spec), .timeframe = timeframe, .period = spec.period, .op = place.op};
    step.columns.fill(static_cast<std::uint16_t>(columns.size()));
    found = list.insert(found, step);
  }
  found->columns[place.slot] = static_cast<std::uint16_t>(column);
  found->asked |= 1u << place.slot;
  if (timeframe.ns > 0) market.want_bars(timeframe, row.id);
}

void close_context(Row& row, const market::ClosedBar& closed, const BarPlace& place) {
  const auto& bar = closed.bar;
  for (const auto& step : row.context.on_bar) {
    if (step.timeframe.ns != closed.rule.amount) continue;
    const auto out = [&](std::size_t slot) -> double& { return row.values[step.columns[slot]]; };
    switch (step.op) {
      case ContextOp::SupportResistance: {
        auto& levels = as<SupportResistance>(step);
        levels.add(bar.high.to_double(), bar.low.to_double(), bar.close.to_double(), bar.volume.to_double(), place.date);
        out(0) = levels.support().price, out(1) = levels.support().strength;
        out(2) = levels.resistance().price, out(3) = levels.resistance().strength;
        out(4) = levels.pivots().high(), out(5) = levels.pivots().low();
        break;
      }
      case ContextOp::PriorDay: out(0) = bar.high.to_double(), out(1) = bar.low.to_double(), out(2) = bar.close.to_double(); break;
      case ContextOp::UnusualActivity: {
        auto& [before, of_day] = as<UnusualActivityState>(step);
        const double volume = bar.volume.to_double(), z = z_of_past(before, volume);
        of_day.add(place.since_open, place.date, volume);
        out(0) = std::fmax(z, of_day.z());  // the one that is known, where only one is
        break;
      }
    }
  }
}

}  // namespace robo::features
