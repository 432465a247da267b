// Before the first event: the memory of order flow, and who is told of what.

#include <fmt/format.h>

#include "base/invariant.hpp"
#include "kernel/features/detail/plan.hpp"

namespace robo::features {

void* Features::Plan::make_flow_state(Op op, const Spec& spec, const Instrument& instrument) {
  const auto n = static_cast<std::size_t>(spec.period);
  const auto slope = [&] {
    const auto values = room<double>(n), steps = room<double>(n - 1);
    return RollingSlope{values, steps};
  };
  switch (op) {
    case Op::MultiOfi:
      return make<features::MultiOfi>(room<features::MultiOfi::Interval>(n), static_cast<std::size_t>(spec.levels), spec.timeframe);
    case Op::Divergence: case Op::DivergenceBars: {
      const auto price = slope(), cvd = slope();
      return make<DivergenceState>(DivergenceState{price, cvd, spec.width});
    }
    case Op::EffectiveSpread: return make<RollingSum<double>>(room<double>(n));
    case Op::Markouts: {
      const auto waiting = room<features::Markouts::Look>(features::Markouts::waiting_max);
      return make<features::Markouts>(waiting, room<features::Markouts::Found>(n), spec.horizon);
    }
    case Op::KyleLambda: return make<features::KyleLambda>(spec.timeframe, spec.period);
    case Op::Vpin: {
      const auto changes = room<double>(n), bulk = room<double>(n), by_trade = room<double>(n);
      return make<features::Vpin>(changes, bulk, by_trade, room<double>(n), spec.bucket.raw);
    }
    case Op::Whales: {
      const auto sizes = room<std::uint32_t>(SizeHistogram::buckets);
      return make<WhaleState>(WhaleState{features::Whales{sizes, spec.period, spec.quantile}, RollingSum<std::int64_t>{room<std::int64_t>(n)}, spec.floor,
                                         static_cast<double>(instrument.multiplier)});
    }
    case Op::Runs: return make<features::Runs>(room<std::uint32_t>(SizeHistogram::buckets), spec.period, spec.quantile, spec.horizon);
    case Op::Sweeps: return make<features::Sweeps>(room<std::int64_t>(n), spec.horizon);
    case Op::IcebergBid: case Op::IcebergAsk: return make<Iceberg>(spec.horizon);
    default: return nullptr;
  }
}

void Features::Plan::lay_out_flow(Row& row, const Instrument& instrument) {
  auto& judge = row.judge;
  const auto wanted = settings.of(instrument.symbol.view());
  judge.rule = wanted.side_rule;
  judge.quote_lag = wanted.quote_lag;
  if (wanted.calibrate) judge.calibrator = make<LagCalibrator>();
  if (wanted.calibrate || wanted.quote_lag.ns > 0) judge.quotes = make<QuoteHistory>();
  if (wanted.quote_lag.ns > 0 && !wanted.calibrate)
    judge.source = fmt::format("{} rule, quotes older than {} ms", EnumNames<SideRule>::names[static_cast<std::size_t>(wanted.side_rule)],
                               static_cast<double>(wanted.quote_lag.ns) / 1e6);
  auto& flow = row.flow;
  for (const auto& step : flow.steps) {
    if (step.op == Op::Whales) flow.sizes.push_back(static_cast<const WhaleState*>(step.state)->whales.sizes().data());
    if (step.op == Op::Runs) flow.sizes.push_back(static_cast<const features::Runs*>(step.state)->sizes().data());
  }
  for (const auto& step : flow.steps) switch (step.op) {
    case Op::MultiOfi: flow.on_depth.push_back(step); break;
    case Op::Markouts: flow.before_event.push_back(step), flow.on_trade.push_back(step); break;
    case Op::KyleLambda: flow.before_event.push_back(step), flow.on_quote.push_back(step), flow.on_trade.push_back(step); break;
    case Op::IcebergBid: case Op::IcebergAsk: flow.on_quote.push_back(step), flow.on_trade.push_back(step); break;
    case Op::QuoteLag:
      if (judge.calibrator != nullptr) flow.on_trade.push_back(step);
      else row.values[step.columns[0]] = judge.quote_lag.seconds();
      break;
    default: flow.on_trade.push_back(step);
  }
}

}  // namespace robo::features
