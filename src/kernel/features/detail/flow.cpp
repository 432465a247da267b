// What one event does to the order flow of its instrument. Hot, as update.cpp.

#include "kernel/features/detail/flow.hpp"

#include <array>
#include <cmath>

#include "kernel/features/detail/plan.hpp"

namespace robo::features::flow {

namespace {

template <class T>
T& as(const Step& step) {
  return *static_cast<T*>(step.state);
}

double to_units(std::int64_t raw) { return static_cast<double>(raw) / static_cast<double>(Quantity::scale); }

int side_by(SideRule rule, Price price, const QuoteBefore& quote, const TickRule& ticks) {
  switch (rule) {
    case SideRule::Emo: return emo(price, quote, ticks);
    case SideRule::Tick: return ticks.side(price);
    case SideRule::LeeReady: return lee_ready(price, quote, ticks);
    case SideRule::Clnv: return clnv(price, quote, ticks);
  }
  return 0;
}

constexpr std::uint16_t sideless = trade_condition::auction | trade_condition::off_exchange | trade_condition::late | trade_condition::not_volume;

double divergence(DivergenceState& state, double price, double cvd) {
  state.price.add(price);
  state.cvd.add(cvd);
  if (!state.price.warm()) return nan;
  const double up = state.price.z(), bought = state.cvd.z();
  if (!(std::fabs(up) > state.width && std::fabs(bought) > state.width)) return 0;
  return up > 0 && bought < 0 ? -1 : up < 0 && bought > 0 ? 1 : 0;
}

}  // namespace

Judged judge(Row& row, const Trade& trade, Timestamp at) {
  auto& judge = row.judge;
  Judged judged;
  // A quote of the trade's own instant is as likely its effect as its cause.
  if (judge.quotes == nullptr) {
    judged.quote = row.quote_at < at ? row.quote : row.quote_before;
  } else {
    auto lag = judge.quote_lag;
    if (judge.calibrator != nullptr) {
      const int best = judge.calibrator->best();
      lag = best >= 0 ? LagCalibrator::lags[static_cast<std::size_t>(best)] : Duration{};
    }
    judge.cursor = judge.quotes->first_not_before(at - lag, judge.cursor);
    judged.quote = judge.quotes->before(judge.cursor);
  }
  if (trade.aggressor != Aggressor::Unknown) {
    row.flagged = true;
    judged.side = trade.aggressor == Aggressor::Buyer ? 1 : -1;
    return judged;
  }
  row.flagged = false;
  // Auctions have no aggressor; off-exchange reports are up to 10 s late and say nothing about the tick.
  if ((trade.conditions & sideless) != 0) return judged;
  // Until the lag is found the rule that leans least on quotes speaks.
  const bool waits = judge.calibrator != nullptr && judge.calibrator->best() < 0;
  judged.side = side_by(waits ? SideRule::Emo : judge.rule, trade.price, judged.quote, row.tick_rule);
  if (judge.calibrator != nullptr) judge.calibrator->add(*judge.quotes, at, trade.price, row.tick_rule.side(trade.price));
  return judged;
}

std::string_view source_of(const Row& row) {
  static constexpr std::array<std::string_view, 4> plain{"emo rule", "tick rule", "lee_ready rule", "clnv rule"};
  static constexpr std::array<std::array<std::string_view, LagCalibrator::lags.size()>, 4> calibrated{{
#define ROBO_LAGS(rule)                                                                                                                            \
  {rule " rule, quotes of before the trade (calibrated)", rule " rule, quotes older than 1 ms (calibrated)", rule " rule, quotes older than 2 ms (calibrated)",    \
   rule " rule, quotes older than 5 ms (calibrated)", rule " rule, quotes older than 10 ms (calibrated)", rule " rule, quotes older than 20 ms (calibrated)",      \
   rule " rule, quotes older than 50 ms (calibrated)", rule " rule, quotes older than 100 ms (calibrated)", rule " rule, quotes older than 200 ms (calibrated)",   \
   rule " rule, quotes older than 500 ms (calibrated)", rule " rule, quotes older than 1 s (calibrated)", rule " rule, quotes older than 2 s (calibrated)",        \
   rule " rule, quotes older than 5 s (calibrated)"}
      ROBO_LAGS("emo"), ROBO_LAGS("tick"), ROBO_LAGS("lee_ready"), ROBO_LAGS("clnv")
#undef ROBO_LAGS
  }};
  const auto& judge = row.judge;
  const auto rule = static_cast<std::size_t>(judge.rule);
  if (!judge.source.empty()) return judge.source;
  if (judge.calibrator == nullptr) return plain[rule];
  const int best = judge.calibrator->best();
  return best < 0 ? "emo rule (lag not calibrated yet)" : calibrated[rule][static_cast<std::size_t>(best)];
}

void before_event(Row& row, Timestamp now) {
  for (const auto& step : row.flow.before_event) {
    if (step.op == Op::Markouts) {
      auto& markouts = as<Markouts>(step);
      if (!markouts.due(now)) continue;
      markouts.look(now, row.flow.mid);
      row.values[step.columns[0]] = markouts.realized_bp();
      row.values[step.columns[1]] = markouts.impact_bp();
      row.values[step.columns[2]] = markouts.markout_bp();
    } else {
      auto& kyle = as<KyleLambda>(step);
      kyle.roll(now, row.flow.mid);
      row.values[step.columns[0]] = kyle.value();
    }
  }
}

void on_quote(Row& row, const Quote& quote, double mid, Timestamp now) {
  row.flow.mid = mid;
  if (row.judge.quotes != nullptr) row.judge.quotes->add(now, row.quote);
  for (const auto& step : row.flow.on_quote) switch (step.op) {
    case Op::KyleLambda: as<KyleLambda>(step).begin(mid); break;
    case Op::IcebergBid:
      as<Iceberg>(step).quote(now, quote.bid, quote.bid_size.raw);
      row.values[step.columns[0]] = as<Iceberg>(step).multiple();
      break;
    case Op::IcebergAsk:
      as<Iceberg>(step).quote(now, quote.ask, quote.ask_size.raw);
      row.values[step.columns[0]] = as<Iceberg>(step).multiple();
      break;
    default: break;
  }
}

void on_trade(Row& row, const Trade& trade, const market::TradeUse& use, const Judged& judged, Timestamp now) {
  if (!use.counts || !use.regular) return;
  const int side = judged.side;
  const std::int64_t size = trade.size.raw;
  const double price = trade.price.to_double(), units = to_units(size);
  const bool continuous = (trade.conditions & sideless) == 0;  // met the book of an exchange, now
  for (const auto* const counts : row.flow.sizes) __builtin_prefetch(counts + SizeHistogram::bucket_of(size), 1);
  row.flow.cvd = sum_of(row.flow.cvd, pressed(side, size));
  const double mid = judged.quote.valid ? 0.5 * (judged.quote.bid.to_double() + judged.quote.ask.to_double()) : nan;
  const bool measured = side != 0 && mid == mid && mid != 0;
  for (const auto& step : row.flow.on_trade) {
    const auto out = [&](std::size_t slot) -> double& { return row.values[step.columns[slot]]; };
    switch (step.op) {
      case Op::TradeSide:
        if (continuous) out(0) = side;
        break;
      case Op::QuoteLag: {
        const int best = row.judge.calibrator->best();
        out(0) = best < 0 ? nan : LagCalibrator::lags[static_cast<std::size_t>(best)].seconds();
        break;
      }
      case Op::Divergence:
        if (use.sets_last) out(0) = divergence(as<DivergenceState>(step), price, to_units(row.flow.cvd));
        break;
      case Op::EffectiveSpread: {
        if (!measured) break;
        auto& sum = as<RollingSum<double>>(step);
        sum.add(20'000 * side * (price - mid) / std::fabs(mid));
        out(0) = sum.sum() / sum.count();
        break;
      }
      case Op::Markouts:
        if (measured) as<Markouts>(step).add(now, side, price, mid);
        break;
      case Op::KyleLambda:
        if (side != 0) as<KyleLambda>(step).add(side * std::sqrt(units));
        break;
      case Op::Vpin: {
        if ((trade.conditions & (trade_condition::auction | trade_condition::late)) != 0) break;
        auto& vpin = as<Vpin>(step);
        vpin.add(use.sets_last ? price : nan, size, side);
        out(0) = vpin.value(), out(1) = vpin.signed_value(), out(2) = vpin.volatility();
        break;
      }
      case Op::Whales: {
        if (!continuous) break;
        auto& [whales, flow, floor, multiplier] = as<WhaleState>(step);
        const bool large = whales.add(size) && std::fabs(price) * units * multiplier >= floor;
        flow.add(large ? pressed(side, size) : 0);
        out(1) = whales.z();
        if (whales.warm()) out(0) = to_units(whales.threshold()), out(2) = to_units(flow.sum());
        break;
      }
      case Op::Runs: {
        if (!continuous || side == 0) break;
        auto& runs = as<Runs>(step);
        runs.add(now, side, size);
        out(0) = runs.length();
        if (runs.warm()) out(1) = to_units(runs.metaorder());
        break;
      }
      case Op::Sweeps: {
        if (!continuous || side == 0) break;
        auto& sweeps = as<Sweeps>(step);
        sweeps.add(now, side, trade.price, size, trade.venue, (trade.conditions & trade_condition::sweep) != 0);
        out(0) = to_units(sweeps.flow());
        break;
      }
      case Op::IcebergBid: case Op::IcebergAsk: {
        if (!continuous || side != (step.op == Op::IcebergBid ? -1 : 1)) break;
        auto& iceberg = as<Iceberg>(step);
        iceberg.trade(now, trade.price, size);
        out(0) = iceberg.multiple();
        break;
      }
      default: break;
    }
  }
}

namespace {
void show(Row& row, const Step& step) {
  const auto& ofi = as<MultiOfi>(step);
  row.values[step.columns[0]] = ofi.weighted();
  row.values[step.columns[1]] = ofi.integrated();
}
}  // namespace

void on_depth(Row& row, const DepthRow& depth, const market::Book& book, Timestamp now) {
  for (const auto& step : row.flow.on_depth) {
    auto& ofi = as<MultiOfi>(step);
    // Rows of several makers share a level: positions say nothing then.
    if (depth.position >= ofi.levels() && depth.maker.empty() && !ofi.concerns(depth.side, depth.price)) continue;
    ofi.add(book, now);
    show(row, step);
  }
}

void on_depth(Row& row, const DepthLevel& level, const market::Book& book, Timestamp now) {
  for (const auto& step : row.flow.on_depth) {
    auto& ofi = as<MultiOfi>(step);
    if (ofi.concerns(level.side, level.price)) ofi.pending(true);
    if (!level.last_of_batch || !ofi.pending()) continue;
    ofi.pending(false);
    ofi.add(book, now);
    show(row, step);
  }
}

void on_bar(Row& row, const std::vector<Step>& steps, double price) {
  for (const auto& step : steps) row.values[step.columns[0]] = divergence(as<DivergenceState>(step), price, to_units(row.flow.cvd));
}

void interrupt(Row& row) {
  row.flow.mid = nan;
  if (row.judge.quotes != nullptr) row.judge.quotes->clear();
  for (const auto& step : row.flow.before_event) {
    if (step.op == Op::Markouts) as<Markouts>(step).interrupt();
    else as<KyleLambda>(step).interrupt();
  }
  for (const auto& step : row.flow.on_quote) {
    if (step.op != Op::IcebergBid && step.op != Op::IcebergAsk) continue;
    as<Iceberg>(step).forget();
    row.values[step.columns[0]] = nan;
  }
  interrupt_depth(row);
}

void interrupt_depth(Row& row) {
  for (const auto& step : row.flow.on_depth) as<MultiOfi>(step).interrupt();
}

void forget(Row& row) {
  for (const auto& step : row.flow.steps) {
    switch (step.op) {
      case Op::MultiOfi: as<MultiOfi>(step).clear(); break;
      case Op::EffectiveSpread: as<RollingSum<double>>(step).clear(); break;
      case Op::Markouts: as<Markouts>(step).clear(); break;
      case Op::Whales: as<WhaleState>(step).flow.clear(); break;
      case Op::Runs: as<Runs>(step).interrupt(); break;
      case Op::Sweeps: as<Sweeps>(step).clear(); break;
      case Op::TradeSide: break;
      default: continue;
    }
    for (const auto column : step.columns) row.values[column] = nan;
  }
}

void new_session(Row& row) {
  row.flow.cvd = 0;
  const auto restart = [&](const Step& step) {
    as<DivergenceState>(step).price.clear();
    as<DivergenceState>(step).cvd.clear();
    row.values[step.columns[0]] = nan;
  };
  for (const auto& step : row.flow.steps) {
    if (step.op == Op::Divergence) restart(step);
    if (step.op == Op::Vpin) as<Vpin>(step).new_session();
  }
  for (const auto& series : row.series)
    for (const auto& step : series.flow) restart(step);
}

}  // namespace robo::features::flow
