// Price context and volume: what a bar or a trade does to them, and the memory they live in.

#include "kernel/features/detail/context.hpp"

#include <algorithm>
#include <cmath>

#include "base/invariant.hpp"
#include "kernel/features/detail/price_steps.hpp"

namespace robo::features {

namespace {

template <class T>
T& as(const ContextStep& step) {
  return *static_cast<T*>(step.state);
}

double to_units(std::int64_t raw) { return static_cast<double>(raw) / static_cast<double>(Quantity::scale); }
double share_of(std::int64_t part, std::int64_t whole) { return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : nan; }

constexpr std::uint32_t bits_of(std::size_t measure) { return 7u << 3 * measure; }
constexpr std::uint32_t node_bits = 15u << 9;

/// Measures whose area somebody reads.
std::uint32_t wanted_of(std::uint32_t asked) {
  std::uint32_t wanted = 0;
  for (std::size_t m = 0; m < VolumeProfile::measures; ++m) wanted |= (asked & bits_of(m)) != 0 ? 1u << m : 0u;
  return wanted;
}

void show(const Row& row, const ContextStep& step, const VolumeProfile& profile) {
  for (std::size_t m = 0; m < VolumeProfile::measures; ++m) {
    if ((step.asked & bits_of(m)) == 0) continue;
    const auto& area = profile.area(m);
    row.values[step.columns[3 * m]] = area.poc, row.values[step.columns[3 * m + 1]] = area.high, row.values[step.columns[3 * m + 2]] = area.low;
  }
  if ((step.asked & node_bits) == 0) return;
  const auto& nodes = profile.nodes();
  row.values[step.columns[9]] = nodes.high_above, row.values[step.columns[10]] = nodes.high_below;
  row.values[step.columns[11]] = nodes.low_above, row.values[step.columns[12]] = nodes.low_below;
}

}  // namespace

double z_of_past(RollingMoments& before, double value) {
  const double z = before.warm() && before.spread_out() ? (value - before.mean()) / before.deviation() : nan;
  before.add(value);
  return z;
}

bool place_of_context(const Spec& spec, ContextPlace& place) {
  switch (spec.kind) {
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
    case Kind::HvnAbove: return place = {ContextOp::SessionProfile, 9}, true;
    case Kind::HvnBelow: return place = {ContextOp::SessionProfile, 10}, true;
    case Kind::LvnAbove: return place = {ContextOp::SessionProfile, 11}, true;
    case Kind::LvnBelow: return place = {ContextOp::SessionProfile, 12}, true;
    case Kind::OffExchangeZ: return place = {ContextOp::OffExchangeZ, 0}, true;
    default: break;
  }
  const bool rolling = spec.timeframe.ns != 0;
  if (spec.kind >= Kind::Poc && spec.kind <= Kind::SellValueAreaLow)
    return place = {rolling ? ContextOp::RollingProfile : ContextOp::SessionProfile, static_cast<std::size_t>(spec.kind) - static_cast<std::size_t>(Kind::Poc)}, true;
  if (spec.kind == Kind::OffExchangeShare) return place = {rolling ? ContextOp::OffExchangeTime : ContextOp::OffExchange, 0}, true;
  if (spec.kind >= Kind::BlockVolume && spec.kind <= Kind::OffExchangeBlockVolume)
    return place = {rolling ? ContextOp::BlocksTime : ContextOp::Blocks, static_cast<std::size_t>(spec.kind) - static_cast<std::size_t>(Kind::BlockVolume)}, true;
  return false;
}

void* Features::Plan::make_context(ContextOp op, const Spec& spec, const Row& row, std::uint32_t asked) {
  const auto n = static_cast<std::size_t>(spec.period);
  const auto buckets = [&] { return TimeBuckets{room<std::int64_t>(n), spec.timeframe}; };
  const auto profile = [&] {
    const auto bins = room<VolumeProfile::Bin>(static_cast<std::size_t>(VolumeProfile::bins));
    const auto nodes = (asked & node_bits) != 0 ? room<std::int64_t>(VolumeProfile::nodes_room) : std::span<std::int64_t>{};
    return VolumeProfile{bins, row.ticks.bands[0].increment, wanted_of(asked), nodes};
  };
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
    case ContextOp::SessionProfile: return make<VolumeProfile>(profile());
    case ContextOp::RollingProfile: {
      const auto inner = profile();
      const auto recent = room<features::RollingProfile::Recent>(static_cast<std::size_t>(VolumeProfile::bins));
      const auto entries = room<features::RollingProfile::Entry>(features::RollingProfile::entries_for(n));
      return make<features::RollingProfile>(inner, recent, entries, room<std::uint64_t>(n + 1), spec.timeframe);
    }
    case ContextOp::OffExchange: return make<OffExchangeState>();
    case ContextOp::OffExchangeTime: {
      const auto off = buckets();
      return make<OffExchangeTimeState>(OffExchangeTimeState{off, buckets()});
    }
    case ContextOp::Blocks: return make<BlocksState>();
    case ContextOp::BlocksTime: {
      const auto volume = buckets(), off = buckets();
      return make<BlocksTimeState>(BlocksTimeState{volume, off, buckets()});
    }
    case ContextOp::OffExchangeZ: {
      auto* const state = make<OffExchangeZState>();
      state->of_day = RelativeVolume{room<RelativeVolume::Slot>(RelativeVolume::slots_for(spec.timeframe)), spec.timeframe, spec.period};
      state->of_day.skip_quiet();
      return state;
    }
  }
  return nullptr;
}

void Features::Plan::lay_out_context(Row& row, const Spec& spec, std::size_t column, market::Market& market) {
  ContextPlace place;
  INVARIANT(place_of_context(spec, place));
  const auto timeframe = place.op == ContextOp::PriorDay ? hours(24) : spec.timeframe;
  const bool bars = place.op <= ContextOp::UnusualActivity, both = place.op == ContextOp::OffExchangeZ;
  auto& list = bars ? row.context.on_bar : row.context.on_trade;
  // Kinds of one calculation with the same parameters are columns of one step; its state is made when all of them are known.
  auto found = std::ranges::find_if(list, [&](const ContextStep& s) { return s.op == place.op && s.timeframe == timeframe && s.spec.period == spec.period; });
  if (found == list.end()) {
    ContextStep step{.timeframe = timeframe, .op = place.op, .spec = spec};
    step.columns.fill(static_cast<std::uint16_t>(columns.size()));
    found = list.insert(found, step);
  }
  found->columns[place.slot] = static_cast<std::uint16_t>(column);
  found->asked |= 1u << place.slot;
  if (bars || both) market.want_bars(timeframe, row.id);
}

void Features::Plan::finish_context(Row& row) {
  auto& context = row.context;
  // Profiles last: their bins are asked for before the others are worked out.
  std::ranges::stable_partition(context.on_trade, [](const ContextStep& s) { return s.op != ContextOp::SessionProfile && s.op != ContextOp::RollingProfile; });
  for (auto* const list : {&context.on_bar, &context.on_trade})
    for (auto& step : *list) step.state = make_context(step.op, step.spec, row, step.asked);
  for (const auto& step : context.on_trade)
    if (step.op == ContextOp::OffExchangeZ) context.on_bar.push_back(step);
  context.reads_blocks = std::ranges::any_of(context.on_trade, [](const ContextStep& s) { return s.op >= ContextOp::OffExchange; });
  if (context.reads_blocks) context.blocks = BlockPrints{room<std::uint64_t>(BlockPrints::remembered)};
}

void close_context(Row& row, const market::ClosedBar& closed, const BarPlace& place) {
  const auto& bar = closed.bar;
  const Sample in{bar.close.to_double(), bar.high.to_double(), bar.low.to_double(), bar.volume.to_double(), nan, false};
  for (const auto& step : row.context.on_bar) {
    if (step.timeframe.ns != closed.rule.amount) continue;
    const auto out = [&](std::size_t slot) -> double& { return row.values[step.columns[slot]]; };
    switch (step.op) {
      case ContextOp::SupportResistance: advance_context(as<SupportResistance>(step), in, place, out); break;
      case ContextOp::PriorDay: out(0) = in.high, out(1) = in.low, out(2) = in.price; break;
      case ContextOp::OffExchangeZ: {
        auto& state = as<OffExchangeZState>(step);
        if (state.start != bar.start || state.all <= 0) {  // nothing of this bar came as trades
          out(0) = nan;
          break;
        }
        state.of_day.add(place.since_open, place.date, share_of(state.off, state.all));
        out(0) = state.of_day.z();
        break;
      }
      case ContextOp::UnusualActivity: advance_context(as<UnusualActivityState>(step), in, place, out); break;
      default: break;
    }
  }
}

void trade_context(Row& row, const Trade& trade, const market::TradeUse& use, int side, Timestamp at) {
  auto& context = row.context;
  if (!use.counts) return;
  const auto size = trade.size.raw;
  const bool off_exchange = (trade.conditions & trade_condition::off_exchange) != 0;
  const bool block = context.reads_blocks && is_block(trade);
  // What was counted when it was first printed is no news when it is reported again.
  const bool is_new = !block || context.blocks.is_new(trade);
  if (use.regular && use.averages)
    for (auto step = context.on_trade.rbegin(); step != context.on_trade.rend(); ++step) {
      if (step->op == ContextOp::SessionProfile) as<VolumeProfile>(*step).fetch(as<VolumeProfile>(*step).tick_of(trade.price));
      else if (step->op == ContextOp::RollingProfile) as<features::RollingProfile>(*step).fetch(as<features::RollingProfile>(*step).profile().tick_of(trade.price));
      else break;
    }
  for (const auto& step : context.on_trade) {
    const auto out = [&](std::size_t slot) -> double& { return row.values[step.columns[slot]]; };
    switch (step.op) {
      case ContextOp::SessionProfile: {
        if (!use.regular || !use.averages) break;
        auto& profile = as<VolumeProfile>(step);
        profile.add(profile.tick_of(trade.price), size, side);
        show(row, step, profile);
        break;
      }
      case ContextOp::RollingProfile: {
        if (!use.regular || !use.averages) break;
        auto& rolling = as<features::RollingProfile>(step);
        rolling.add(rolling.profile().tick_of(trade.price), size, side, at);
        show(row, step, rolling.profile());
        break;
      }
      case ContextOp::OffExchange: {
        if (!is_new) break;
        auto& [off, all] = as<OffExchangeState>(step);
        all = sum_of(all, size);
        if (off_exchange) off = sum_of(off, size);
        out(0) = share_of(off, all);
        break;
      }
      case ContextOp::OffExchangeTime: {
        if (use.late) break;  // of a time that is over, nobody knows which
        auto& [off, all] = as<OffExchangeTimeState>(step);
        if (off_exchange) off.add(size, at);
        else off.roll(at);
        all.add(size, at);
        out(0) = share_of(off.sum(), all.sum());
        break;
      }
      case ContextOp::OffExchangeZ: {
        if (use.late || !(use.regular || row.extended_ticks)) break;
        auto& state = as<OffExchangeZState>(step);
        const Timestamp start{at.ns - at.ns % step.timeframe.ns};
        if (start != state.start) state.start = start, state.off = state.all = 0;
        state.all = sum_of(state.all, size);
        if (off_exchange) state.off = sum_of(state.off, size);
        break;
      }
      case ContextOp::Blocks: {
        auto& [volume, off, count] = as<BlocksState>(step);
        if (block && is_new) {
          volume = sum_of(volume, size);
          if (off_exchange) off = sum_of(off, size);
          ++count;
        }
        out(0) = to_units(volume), out(1) = static_cast<double>(count), out(2) = to_units(off);
        break;
      }
      case ContextOp::BlocksTime: {
        auto& [volume, off, count] = as<BlocksTimeState>(step);
        // Only what the market paid now: not late, and not at an average or derived price.
        const bool fresh = block && is_new && use.averages;
        volume.roll(at), off.roll(at), count.roll(at);
        if (fresh) {
          volume.add(size, at), count.add(1, at);
          if (off_exchange) off.add(size, at);
        }
        out(0) = to_units(volume.sum()), out(1) = static_cast<double>(count.sum()), out(2) = to_units(off.sum());
        break;
      }
      default: break;
    }
  }
}

void fetch_context(const Row& row) {
  for (const auto& step : row.context.on_trade) {
    const auto size = step.op == ContextOp::SessionProfile ? sizeof(VolumeProfile) : step.op == ContextOp::RollingProfile ? sizeof(features::RollingProfile) : std::size_t{1};
    for (std::size_t i = 0; i < size; i += 64) __builtin_prefetch(static_cast<const char*>(step.state) + i, 1);
  }
}

void new_session_context(Row& row) {
  row.context.blocks.clear();
  for (const auto& step : row.context.on_trade) {
    if (step.op == ContextOp::SessionProfile) as<VolumeProfile>(step).clear();
    else if (step.op == ContextOp::OffExchange) as<OffExchangeState>(step) = {};
    else if (step.op == ContextOp::Blocks) as<BlocksState>(step) = {};
    else continue;
    for (const auto column : step.columns) row.values[column] = nan;
  }
}

}  // namespace robo::features
