// What one event does to the numbers of its instrument. Everything here runs on the hot thread for every tick.

#include <cmath>

#include "kernel/features/detail/price_steps.hpp"

namespace robo::features {

namespace {

template <class T>
T& as(const Step& step) {
  return *static_cast<T*>(step.state);
}

// Of 500 instruments the states of one are far away when its event comes: asked for all at once they arrive together.
void fetch(const std::vector<Step>& steps) {
  for (const auto& step : steps) __builtin_prefetch(step.state, 1);
}
void fetch(const double* values, std::size_t width) {
  for (std::size_t i = 0; i < width; i += 8) __builtin_prefetch(values + i, 1);
}

// Steps that live on prices: of every tick, or of the bars of one timeframe.
void run(const std::vector<Step>& steps, double* const values, const Sample& in, const BarPlace& place) {
  for (const auto& step : steps) {
    for_price_op(step.op, [&]<Op op>() {
      advance<op>(as<typename StateOf<op>::type>(step), step.asked, in, place, [&](std::size_t slot) -> double& { return values[step.columns[slot]]; });
    });
  }
}

/// Minutes of the session are counted from its first regular moment where it is known, in the UTC day otherwise.
BarPlace place_of_bar(const Row& row, const Bar& bar, std::int64_t length) {
  const auto open = row.opened_at.ns != 0 ? row.opened_at.ns - row.opened_at.ns % length : bar.start.ns - bar.start.ns % hours(24).ns;
  return {{bar.start.ns - open}, row.session_known ? row.trade_date : Date{static_cast<std::int32_t>(bar.start.ns / hours(24).ns)}};
}

void tick(Row& row, double price, double volume, Timestamp at) {
  row.ring.push(price);
  if (row.on_tick.empty()) return;
  const bool after_pause = is_pause(at - row.last_tick, {});
  row.last_tick = at;
  run(row.on_tick, row.values, {price, price, price, volume, row.needs_log && price > 0 ? std::log(price) : nan, after_pause}, {});
}

double to_units(std::int64_t raw) { return static_cast<double>(raw) / static_cast<double>(Quantity::scale); }

void forget_flow(Row& row) {
  flow::forget(row);
  for (const auto& step : row.on_quote) {
    if (step.op == Op::Ofi) as<RollingSum<std::int64_t>>(step).clear();
    else if (step.op == Op::OfiTime) as<TimeBuckets>(step).clear();
    else continue;
    row.values[step.columns[0]] = nan;
  }
  for (const auto& step : row.on_trade) {
    if (step.op == Op::Flow) as<RollingSum<std::int64_t>>(step).clear();
    else if (step.op == Op::FlowTime) as<TimeBuckets>(step).clear();
    else continue;
    row.values[step.columns[0]] = nan;
  }
}

/// The next quote does not follow from the last one.
void interrupt(Row& row) {
  row.touch_valid = false;
  row.quote_before = row.quote = {};
  flow::interrupt(row);
  for (const auto& step : row.on_quote)
    if (step.op == Op::Microprice) as<MicropriceState>(step).estimator.interrupt();
}

void new_session(Row& row) {
  row.cvd = 0;
  row.tick_rule.clear();
  flow::new_session(row);
  new_session_context(row);
  for (const auto& step : row.on_trade) {
    if (step.op == Op::Vwap) as<VwapState>(step).vwap.clear();
    if (step.op == Op::Vwap || step.op == Op::Cvd)
      for (const auto column : step.columns) row.values[column] = nan;
  }
  // Out of the way of trading: the day's transitions become a table.
  for (const auto& step : row.on_quote)
    if (step.op == Op::Microprice)
      if (auto& state = as<MicropriceState>(step); !state.given)
        if (const auto table = state.estimator.solve()) state.table = table;
}

constexpr std::array<double, 20> depth_weights = [] {
  std::array<double, 20> w{};  // exp(-i/2)
  w[0] = 1;
  for (std::size_t i = 1; i < w.size(); ++i) w[i] = w[i - 1] * 0.60653065971263342;
  return w;
}();

void imbalance(Row& row, const Step& step, const market::Book& book) {
  auto& state = as<ImbalanceState>(step);
  struct Side {
    double sum = 0;
    std::size_t levels = 0;
    Price best{}, worst{};
  };
  const auto add_up = [&](BookSide side) {
    Side all;
    book.walk(side, state.levels, [&](Price price, Quantity size) {
      if (all.levels == 0) all.best = price;
      all.worst = price;
      all.sum += depth_weights[all.levels++] * static_cast<double>(size.raw);
    });
    return all;
  };
  const auto bids = add_up(BookSide::Bid), asks = add_up(BookSide::Ask);
  const bool crossed = bids.levels != 0 && asks.levels != 0 && bids.best >= asks.best;
  state.full = bids.levels == state.levels && asks.levels == state.levels && !crossed;
  state.worst_bid = bids.worst, state.worst_ask = asks.worst;
  const double sum = bids.sum + asks.sum;
  row.values[step.columns[0]] = sum > 0 && !crossed ? (bids.sum - asks.sum) / sum : nan;
}

}  // namespace

void Features::close_bars(const market::Market& market) {
  for (const auto& closed : market.closed_bars()) {
    auto* const row = plan_->find(closed.bar.instrument);
    if (row == nullptr || closed.rule.unit != market::BarUnit::Time) continue;
    const auto place = place_of_bar(*row, closed.bar, closed.rule.amount);
    if (!row->context.on_bar.empty()) close_context(*row, closed, place);
    for (auto& series : row->series) {
      if (series.timeframe.ns != closed.rule.amount) continue;
      const auto& bar = closed.bar;
      const double price = bar.close.to_double();
      const bool logs = series.needs_log || !series.leads.empty() || !series.follows.empty();
      const Sample in{price, bar.high.to_double(), bar.low.to_double(), bar.volume.to_double(), logs && price > 0 ? std::log(price) : nan,
                      is_pause(bar.start - series.last_end, series.timeframe)};
      series.last_end = bar.start + bar.period;
      run(series.steps, row->values, in, place);
      flow::on_bar(*row, series.flow, price);
      for (auto* const pair : series.leads) {
        pair->first_start = bar.start, pair->first = in.log;
        pair->step();
      }
      for (auto* const pair : series.follows) {
        pair->second_start = bar.start, pair->second = in.log;
        pair->step();
      }
      break;
    }
  }
}

void Features::apply(const Quote& quote, const market::Market& market) {
  auto* const row = plan_->find(quote.instrument);
  if (row == nullptr) return;
  fetch(row->on_quote);
  fetch(row->flow.on_quote);
  const auto at = market.now();
  const bool whole = quote.bid_size.raw > 0 && quote.ask_size.raw > 0;
  const bool usable = whole && quote.bid <= quote.ask;
  flow::before_event(*row, at);
  if (row->quote_at < at) row->quote_before = row->quote;
  row->quote_at = at;
  row->quote = {quote.bid, quote.ask, usable};

  std::int64_t flow = 0;
  bool flowed = false;
  if (row->wants_flow) {
    const Touch now{quote.bid.raw, quote.ask.raw, quote.bid_size.raw, quote.ask_size.raw};
    if (!whole) {
      row->touch_valid = false;
    } else if (quote.bid < quote.ask) {  // locked and crossed quotes say nothing about flow: dropped
      if (row->touch_valid) flow = order_flow(row->touch, now), flowed = true;
      row->touch = now;
      row->touch_valid = true;
    }
  }

  const double bid = quote.bid.to_double(), ask = quote.ask.to_double();
  const double qb = static_cast<double>(quote.bid_size.raw), qa = static_cast<double>(quote.ask_size.raw);
  const double mid = usable ? 0.5 * (bid + ask) : nan;
  for (const auto& step : row->on_quote) {
    double& out = row->values[step.columns[0]];
    switch (step.op) {
      case Op::Mid: out = mid; break;
      case Op::SpreadBp: out = mid != 0 ? 10'000 * (ask - bid) / std::fabs(mid) : nan; break;
      case Op::WeightedMid: out = usable ? (bid * qa + ask * qb) / (qa + qb) : nan; break;
      case Op::ImbalanceL1: out = qb + qa > 0 ? (qb - qa) / (qb + qa) : nan; break;
      case Op::Ofi:
        if (flowed) as<RollingSum<std::int64_t>>(step).add(flow), out = to_units(as<RollingSum<std::int64_t>>(step).sum());
        break;
      case Op::OfiTime:
        if (flowed) as<TimeBuckets>(step).add(flow, at), out = to_units(as<TimeBuckets>(step).sum());
        break;
      case Op::Microprice: {
        auto& state = as<MicropriceState>(step);
        const auto size = row->ticks.count == 1 || !usable ? row->ticks.bands[0].increment : row->ticks.increment_at(quote.bid);
        if (!state.given) state.estimator.add(quote, size);  // one that is not usable interrupts
        out = usable ? (bid * qa + ask * qb) / (qa + qb) : nan;
        if (state.table)
          if (const auto where = MicropriceTable::state_of(quote, size)) out = mid + state.table->move(*where) * size.to_double();
        break;
      }
      default: break;
    }
  }
  flow::on_quote(*row, quote, mid, at);
  if (row->ticks_from_quotes && usable && mid != row->last_mid) {
    row->last_mid = mid;
    tick(*row, mid, 0, at);
  }
}

void Features::apply(const Trade& trade, const market::Market& market) {
  auto* const row = plan_->find(trade.instrument);
  if (row == nullptr) return;
  fetch(row->flow.on_trade);
  fetch_context(*row);
  fetch(row->on_trade);
  fetch(row->on_tick);
  fetch(row->values, plan_->columns.size());
  const auto use = market::use_of(trade, row->phase, row->session_known);
  const double price = trade.price.to_double(), size = trade.size.to_double();
  flow::before_event(*row, market.now());
  const auto judged = use.counts ? flow::judge(*row, trade, market.now()) : Judged{};
  const std::int64_t pressed = judged.side * trade.size.raw;
  for (const auto& step : row->on_trade) {
    const auto out = [&](std::size_t slot) -> double& { return row->values[step.columns[slot]]; };
    switch (step.op) {
      case Op::LastPrice:
        if (use.sets_last) out(0) = price;
        break;
      case Op::Vwap: {
        if (!use.regular || !use.averages) break;
        advance_vwap(as<VwapState>(step), price, size, out);
        break;
      }
      case Op::Flow: {
        auto& sum = as<RollingSum<std::int64_t>>(step);
        sum.add(pressed);
        out(0) = to_units(sum.sum());
        break;
      }
      case Op::FlowTime: {
        auto& sum = as<TimeBuckets>(step);
        sum.add(pressed, market.now());
        out(0) = to_units(sum.sum());
        break;
      }
      case Op::Cvd:
        if (!use.regular) break;
        row->cvd = sum_of(row->cvd, pressed);
        out(0) = to_units(row->cvd);
        break;
      default: break;
    }
  }
  flow::on_trade(*row, trade, use, judged, market.now());
  if (!row->context.on_trade.empty()) trade_context(*row, trade, use, judged.side, market.now());
  if (!use.sets_last) return;
  row->tick_rule.remember(trade.price);
  if (!row->ticks_from_quotes && (use.regular || row->extended_ticks)) tick(*row, price, size, market.now());
}

void Features::apply(const DepthRow& depth, const market::Market& market) {
  auto* const row = plan_->find(depth.instrument);
  if (row == nullptr) return;
  flow::on_depth(*row, depth, market.book(depth.instrument), market.now());
  for (const auto& step : row->on_depth)
    if (depth.position < as<ImbalanceState>(step).levels || !as<ImbalanceState>(step).full || !depth.maker.empty())
      imbalance(*row, step, market.book(depth.instrument));
}

void Features::apply(const DepthLevel& level, const market::Market& market) {
  auto* const row = plan_->find(level.instrument);
  if (row == nullptr) return;
  flow::on_depth(*row, level, market.book(level.instrument), market.now());
  for (const auto& step : row->on_depth) {
    auto& state = as<ImbalanceState>(step);
    const bool beyond = state.full && (level.side == BookSide::Bid ? level.price < state.worst_bid : level.price > state.worst_ask);
    if (beyond && level.last_of_batch) continue;
    if (!beyond) state.full = false;  // to be counted anew at the end of the batch at the latest
    if (level.last_of_batch) imbalance(*row, step, market.book(level.instrument));
  }
}

void Features::apply(const DepthReset& reset, const market::Market&) {
  auto* const row = plan_->find(reset.instrument);
  if (row == nullptr) return;
  flow::interrupt_depth(*row);
  for (const auto& step : row->on_depth) {
    as<ImbalanceState>(step).full = false;
    row->values[step.columns[0]] = nan;
  }
}

void Features::apply(const PhaseChange& change, const market::Market& market) {
  auto* const row = plan_->find(change.instrument);
  if (row == nullptr) return;
  interrupt(*row);
  if (!row->session_known || row->trade_date != change.trade_date) new_session(*row);
  if (change.phase == TradingPhase::Regular) forget_flow(*row);
  row->session_known = true;
  row->trade_date = change.trade_date;
  row->phase = change.phase;
  row->opened_at = market.session(change.instrument).opened_at;
}

void Features::apply(const DataFarmChanged& change, const market::Market&) {
  if (!change.all) {
    if (auto* const row = plan_->find(change.instrument)) interrupt(*row);
    return;
  }
  for (auto& row : plan_->rows)
    if (row) interrupt(*row);
}

}  // namespace robo::features
