// Before the first event: which calculations each instrument needs, and the memory they live in.

#include <algorithm>

#include "base/invariant.hpp"
#include "kernel/features/detail/plan.hpp"
#include "kernel/features/indicators/adx.hpp"
#include "kernel/features/indicators/efficiency_ratio.hpp"
#include "kernel/features/indicators/macd.hpp"
#include "kernel/features/indicators/rsi.hpp"
#include "kernel/features/indicators/vwap.hpp"

namespace robo::features {

Place place_of(const Spec& spec) {
  switch (spec.kind) {
    case Kind::Ema: return {Op::Ema, 0};
    case Kind::Rsi: return {Op::Rsi, 0};
    case Kind::Macd: return {Op::Macd, 0};
    case Kind::MacdSignal: return {Op::Macd, 1};
    case Kind::MacdHistogram: return {Op::Macd, 2};
    case Kind::Atr: return {Op::Atr, 0};
    case Kind::Adx: return {Op::Adx, 0};
    case Kind::PlusDi: return {Op::Adx, 1};
    case Kind::MinusDi: return {Op::Adx, 2};
    case Kind::BollingerMid: return {Op::Bollinger, 0};
    case Kind::BollingerUpper: return {Op::Bollinger, 1};
    case Kind::BollingerLower: return {Op::Bollinger, 2};
    case Kind::BollingerZ: return {Op::Bollinger, 3};
    case Kind::RealizedVolatility: return {Op::RealizedVolatility, 0};
    case Kind::SessionVwap: return {Op::Vwap, 0};
    case Kind::SessionVwapUpper: return {Op::Vwap, 1};
    case Kind::SessionVwapLower: return {Op::Vwap, 2};
    case Kind::VolumeZ: return {Op::VolumeZ, 0};
    case Kind::RelativeVolume: return {Op::RelativeVolume, 0};
    case Kind::ImbalanceL1: return {Op::ImbalanceL1, 0};
    case Kind::ImbalanceL5: return {Op::Imbalance, 0};
    case Kind::Ofi: return {spec.timeframe.ns == 0 ? Op::Ofi : Op::OfiTime, 0};
    case Kind::Microprice: return {Op::Microprice, 0};
    case Kind::SignedFlow: return {spec.timeframe.ns == 0 ? Op::Flow : Op::FlowTime, 0};
    case Kind::Cvd: return {Op::Cvd, 0};
    case Kind::DonchianHigh: return {Op::Donchian, 0};
    case Kind::DonchianLow: return {Op::Donchian, 1};
    case Kind::Breakout: return {Op::Donchian, 2};
    case Kind::PairCorrelation: return {Op::Pair, 0};
    case Kind::PairBeta: return {Op::Pair, 1};
    case Kind::PairSpreadZ: return {Op::Pair, 2};
    case Kind::EfficiencyRatio: return {Op::EfficiencyRatio, 0};
    case Kind::TickReturn: return {Op::Return, 0};
    case Kind::SpreadBp: return {Op::SpreadBp, 0};
    case Kind::Mid: return {Op::Mid, 0};
    case Kind::LastPrice: return {Op::LastPrice, 0};
    case Kind::WeightedMid: return {Op::WeightedMid, 0};
    case Kind::OfiMulti: return {Op::MultiOfi, 0};
    case Kind::OfiIntegrated: return {Op::MultiOfi, 1};
    case Kind::TradeSide: return {Op::TradeSide, 0};
    case Kind::QuoteLag: return {Op::QuoteLag, 0};
    case Kind::CvdDivergence: return {spec.timeframe.ns == 0 ? Op::Divergence : Op::DivergenceBars, 0};
    case Kind::EffectiveSpread: return {Op::EffectiveSpread, 0};
    case Kind::RealizedSpread: return {Op::Markouts, 0};
    case Kind::PriceImpact: return {Op::Markouts, 1};
    case Kind::Markout: return {Op::Markouts, 2};
    case Kind::KyleLambda: return {Op::KyleLambda, 0};
    case Kind::Vpin: return {Op::Vpin, 0};
    case Kind::VpinSigned: return {Op::Vpin, 1};
    case Kind::VpinVolatility: return {Op::Vpin, 2};
    case Kind::WhaleThreshold: return {Op::Whales, 0};
    case Kind::WhaleZ: return {Op::Whales, 1};
    case Kind::WhaleFlow: return {Op::Whales, 2};
    case Kind::RunLength: return {Op::Runs, 0};
    case Kind::Metaorder: return {Op::Runs, 1};
    case Kind::SweepFlow: return {Op::Sweeps, 0};
    case Kind::IcebergBid: return {Op::IcebergBid, 0};
    case Kind::IcebergAsk: return {Op::IcebergAsk, 0};
    case Kind::VolumeZOfDay: return {Op::RelativeVolume, 1};
    case Kind::Support: case Kind::SupportStrength: case Kind::Resistance: case Kind::ResistanceStrength: case Kind::PivotHigh: case Kind::PivotLow:
    case Kind::PriorHigh: case Kind::PriorLow: case Kind::PriorClose: case Kind::UnusualActivity:
    case Kind::Poc: case Kind::ValueAreaHigh: case Kind::ValueAreaLow: case Kind::BuyPoc: case Kind::BuyValueAreaHigh: case Kind::BuyValueAreaLow:
    case Kind::SellPoc: case Kind::SellValueAreaHigh: case Kind::SellValueAreaLow: case Kind::HvnAbove: case Kind::HvnBelow: case Kind::LvnAbove:
    case Kind::LvnBelow: case Kind::OffExchangeShare: case Kind::OffExchangeZ: case Kind::BlockVolume: case Kind::BlockCount:
    case Kind::OffExchangeBlockVolume: return {Op::Context, 0};
  }
  INVARIANT(false);
}

namespace {

constexpr bool of_prices(Op op) { return op <= Op::RelativeVolume; }
constexpr bool of_trades(Op op) { return op >= Op::LastPrice && op <= Op::Cvd; }
constexpr bool of_quotes(Op op) { return op >= Op::Mid && op <= Op::Microprice; }
constexpr bool needs_log(Op op) { return op == Op::RealizedVolatility || op == Op::Return; }

Series& series_of(Row& row, Duration timeframe) {
  auto found = std::ranges::find(row.series, timeframe, &Series::timeframe);
  if (found == row.series.end()) found = row.series.insert(found, Series{.timeframe = timeframe});
  return *found;
}

std::vector<Step>& list_for(Row& row, Op op, Duration timeframe) {
  if (of_prices(op)) return timeframe.ns == 0 ? row.on_tick : series_of(row, timeframe).steps;
  if (of_trades(op)) return row.on_trade;
  if (of_quotes(op)) return row.on_quote;
  if (op == Op::DivergenceBars) return series_of(row, timeframe).flow;
  if (of_flow(op)) return row.flow.steps;
  return row.on_depth;
}

}  // namespace

void* Features::Plan::make_state(Op op, const Spec& spec, InstrumentId id) {
  const auto n = static_cast<std::size_t>(spec.period);
  switch (op) {
    case Op::Ema: return make<features::Ema>(spec.period);
    case Op::Rsi: return make<features::Rsi>(spec.period);
    case Op::Macd: return make<features::Macd>(spec.period, spec.slow, spec.signal);
    case Op::Atr: return make<features::Atr>(spec.period);
    case Op::Adx: return make<features::Adx>(spec.period);
    case Op::Bollinger: return make<BollingerState>(BollingerState{RollingMoments{room<double>(n)}, spec.width});
    case Op::RealizedVolatility: return make<VolatilityState>(VolatilityState{RollingSum<double>{room<double>(n)}, nan});
    case Op::VolumeZ: return make<RollingMoments>(room<double>(n));
    case Op::Donchian: return make<DonchianState>(DonchianState{RollingMax{room<double>(n)}, RollingMin{room<double>(n)}});
    case Op::EfficiencyRatio: {
      const auto prices = room<double>(n), steps = room<double>(n);
      return make<features::EfficiencyRatio>(prices, steps);
    }
    case Op::Return: return make<Window<double>>(room<double>(n));
    case Op::RelativeVolume:
      return make<features::RelativeVolume>(room<features::RelativeVolume::Slot>(features::RelativeVolume::slots_for(spec.timeframe)),
                                            spec.timeframe, spec.period);
    case Op::Vwap: return make<VwapState>(VwapState{Vwap{}, spec.width});
    case Op::Flow: case Op::Ofi: return make<RollingSum<std::int64_t>>(room<std::int64_t>(n));
    case Op::FlowTime: case Op::OfiTime: return make<TimeBuckets>(room<std::int64_t>(n), spec.timeframe);
    case Op::Imbalance: return make<ImbalanceState>(ImbalanceState{.levels = n});
    case Op::Microprice: {
      auto* const state = make<MicropriceState>();
      if (const auto& table = tables[id.value]) state->table = table, state->given = true;
      return state;
    }
    case Op::LastPrice: case Op::Cvd: case Op::Mid: case Op::SpreadBp: case Op::WeightedMid: case Op::ImbalanceL1: case Op::Pair: case Op::Context: return nullptr;
    default: break;  // order flow: make_flow_state
  }
  return nullptr;
}

void Features::Plan::lay_out(Row& row, std::size_t width, market::Market& market) {
  const auto& instrument = market.instrument(row.id);
  row.ticks = instrument.ticks.count == 0 ? TickTable::flat(Price::from_raw(1)) : instrument.ticks;
  row.ticks_from_quotes = instrument.asset_class == AssetClass::Forex;
  row.extended_ticks = market.settings().bars_outside_regular;
  row.values = make_values(width + 1);

  struct Done {
    Spec key{};
    Op op{};
    std::size_t index{};  // in its list
  };
  std::vector<Done> done;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const auto& spec = columns[c].spec;
    if (std::ranges::find(columns[c].instruments, row.id) == columns[c].instruments.end()) continue;
    const auto place = place_of(spec);
    if (place.op == Op::Pair) continue;  // needs both rows: lay_out_pair
    if (place.op == Op::Context) {
      lay_out_context(row, spec, c, market);
      continue;
    }
    auto& list = list_for(row, place.op, spec.timeframe);
    Spec key = spec;
    key.kind = {};
    auto found = std::ranges::find_if(done, [&](const Done& d) { return d.op == place.op && d.key == key; });
    if (found == done.end()) {
      Step step{.state = of_flow(place.op) ? make_flow_state(place.op, spec, instrument) : make_state(place.op, spec, row.id), .op = place.op};
      step.columns.fill(static_cast<std::uint16_t>(width));
      list.push_back(step);
      found = done.insert(done.end(), Done{key, place.op, list.size() - 1});
    }
    auto& step = list[found->index];
    step.columns[place.slot] = static_cast<std::uint16_t>(c);
    step.asked = static_cast<std::uint8_t>(step.asked | 1u << place.slot);
    if (needs_log(place.op)) (spec.timeframe.ns == 0 ? row.needs_log : series_of(row, spec.timeframe).needs_log) = true;
    if (spec.timeframe.ns > 0 && (of_prices(place.op) || place.op == Op::DivergenceBars)) market.want_bars(spec.timeframe, row.id);
  }
  lay_out_flow(row, instrument);
  finish_context(row);
  row.wants_depth = !row.on_depth.empty();
  row.wants_flow = std::ranges::any_of(row.on_quote, [](const Step& s) { return s.op == Op::Ofi || s.op == Op::OfiTime; });
}

void Features::Plan::lay_out_pair(const Spec& spec, std::size_t column, InstrumentId lead) {
  Row& first = *rows[lead.value];
  Row& second = *rows[spec.other.value];
  auto& leads = series_of(first, spec.timeframe).leads;
  auto& follows = series_of(second, spec.timeframe).follows;
  // Kinds of the same pair, length and timeframe are columns of one calculation.
  auto found = std::ranges::find_if(leads, [&](const PairState* p) {
    return p->prices.capacity() == static_cast<std::uint32_t>(spec.period) && std::ranges::find(follows, p) != follows.end();
  });
  if (found == leads.end()) {
    auto* const state = make<PairState>();
    state->prices = RollingPair{room<RollingPair::Point>(static_cast<std::size_t>(spec.period))};
    state->returns = RollingPair{room<RollingPair::Point>(static_cast<std::size_t>(spec.period))};
    state->out.fill(&first.values[columns.size()]);
    follows.push_back(state);
    found = leads.insert(leads.end(), state);
  }
  const auto slot = place_of(spec).slot;
  (*found)->out[slot] = &first.values[column];
  (*found)->asked = static_cast<std::uint8_t>((*found)->asked | 1u << slot);
}

}  // namespace robo::features
