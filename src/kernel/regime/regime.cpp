#include "kernel/regime/regime.hpp"

#include <algorithm>
#include <cmath>

#include "base/invariant.hpp"
#include "kernel/features/indicators/adx.hpp"
#include "kernel/features/indicators/efficiency_ratio.hpp"
#include "kernel/features/indicators/pause.hpp"
#include "kernel/features/indicators/rolling_extreme.hpp"
#include "kernel/features/indicators/rolling_sum.hpp"
#include "kernel/regime/rolling_rank.hpp"
#include "kernel/regime/tracker.hpp"

namespace robo::regime {

using features::nan;

namespace {

/// One price followed from bar to bar: of an instrument, or of the index of all.
struct Watch {
  explicit Watch(const Settings& s)
      : room(static_cast<std::size_t>(s.period) * 15), squares(part(s, 0, 1)), efficiency(part(s, 1, 1), part(s, 2, 1)), adx(s.adx_period),
        peak(part(s, 3, 12)), rank(static_cast<std::size_t>(s.history)), tracker(s) {}
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  /// One bar. `joined`: it follows the one before without a night in between. Inputs but drawdown see the way without nights:
  /// a gap at the open would otherwise look like a trend and like volatility for the first half hour of every day.
  bool step(const Settings& settings, double high, double low, double close, bool joined) {
    change = joined ? std::log(close / last) : 0;
    if (joined) {
      way += change;
      squares.add(change * change);
    }
    last = close;
    const double level = std::exp(way);
    efficiency.add(level);
    adx.add(level * high / close, level * low / close, level);
    peak.add(close);
    Inputs inputs{.volatility = squares.warm() ? std::sqrt(std::max(0.0, squares.sum()) / squares.count()) : nan, .volatility_percentile = nan, .volatility_ratio = nan,
                  .efficiency_ratio = efficiency.value(), .adx = adx.adx(), .drawdown = 1 - close / peak.value()};
    if (squares.warm()) {
      inputs.volatility_percentile = rank.add(inputs.volatility);
      inputs.volatility_ratio = inputs.volatility / rank.median();
    }
    if (!efficiency.warm() || rank.count() < static_cast<std::size_t>(settings.history_min)) {
      tracker.wait(inputs);
      return false;
    }
    return tracker.step(inputs);
  }

  std::vector<double> room;
  features::RollingSum<double> squares;
  features::EfficiencyRatio efficiency;
  features::Adx adx;
  features::RollingMax peak;
  RollingRank rank;
  Tracker tracker;
  double last = nan, way = 0, change = 0;  // change: of the last bar, 0 when it was not joined

 private:
  std::span<double> part(const Settings& s, std::size_t from, std::size_t length) {
    const auto n = static_cast<std::size_t>(s.period);
    return std::span(room).subspan(from * n, length * n);
  }
};

/// Mean log return of all instruments per bar, nights included, walked up to one price.
struct Index {
  double log = 0;
  Timestamp start{INT64_MIN};  // of the bar being collected
  bool joined = false;
  double sum = 0;
  std::size_t count = 0;
};

}  // namespace

struct Regimes::Plan {
  struct Member {
    explicit Member(const Settings& settings) : watch(settings) {}
    Watch watch;
    Timestamp last_end{};
  };
  explicit Plan(const Settings& settings) : watch(settings) {}
  std::vector<std::unique_ptr<Member>> members{};
  std::size_t count = 0;
  Watch watch;
  Index index;
  State unknown{};
};

Regimes::Regimes(Settings settings, std::size_t max_instruments) : settings_(settings) {
  INVARIANT(settings.period >= 2 && settings.adx_period >= 2 && settings.history >= settings.history_min && settings.history_min > 0);
  plan_ = std::make_unique<Plan>(settings_);
  plan_->members.resize(max_instruments);
}
Regimes::~Regimes() = default;

void Regimes::declare(features::Features& features, std::span<const InstrumentId> instruments) {
  // Whoever reads the regime wants this number beside it; declaring it brings the bars, too.
  (void)features.declare({.kind = features::Kind::RealizedVolatility, .timeframe = settings_.timeframe, .period = settings_.period}, instruments);
  for (const auto id : instruments) {
    auto& member = plan_->members.at(id.value);
    if (!member) member = std::make_unique<Plan::Member>(settings_), ++plan_->count;
  }
}

void Regimes::close_bars(const market::Market& market, const features::Features&, Facts& facts) {
  auto& plan = *plan_;
  auto& index = plan.index;
  const auto tell = [&](InstrumentId id, const State& state) {
    facts.add(RegimeChanged{.instrument = id, .held = state.held, .probabilities = state.probabilities,
                            .volatility_percentile = state.inputs.volatility_percentile, .efficiency_ratio = state.inputs.efficiency_ratio,
                            .drawdown = state.inputs.drawdown});
  };
  const auto step_index = [&] {
    if (index.count == 0) return;
    index.log += index.sum / static_cast<double>(index.count);
    index.sum = 0;
    index.count = 0;
    const double level = std::exp(index.log);
    if (plan.watch.step(settings_, level, level, level, index.joined && plan.watch.last == plan.watch.last))
      tell(market_wide_id, plan.watch.tracker.state());
  };

  for (const auto& closed : market.closed_bars()) {
    const auto& bar = closed.bar;
    if (closed.rule != market::BarRule::time(settings_.timeframe) || bar.instrument.value >= plan.members.size()) continue;
    auto* const member = plan.members[bar.instrument.value].get();
    if (member == nullptr || !bar.low.is_positive()) continue;  // spreads have no returns
    const double before = member->watch.last, close = bar.close.to_double();
    const bool known = before == before;
    const bool joined = known && !features::is_pause(bar.start - member->last_end, settings_.timeframe);
    member->last_end = bar.start + bar.period;
    if (member->watch.step(settings_, bar.high.to_double(), bar.low.to_double(), close, joined)) tell(bar.instrument, member->watch.tracker.state());
    if (bar.start > index.start) {
      step_index();  // stragglers of the bar before will not come any more
      index.start = bar.start;
      index.joined = false;
    }
    if (known && bar.start == index.start) {
      index.sum += joined ? member->watch.change : std::log(close / before);
      index.joined |= joined;
      ++index.count;
    }
  }
  if (index.count == plan.count) step_index();  // everyone has spoken
}

const State& Regimes::state(InstrumentId instrument) const {
  if (instrument.value >= plan_->members.size() || !plan_->members[instrument.value]) return plan_->unknown;
  return plan_->members[instrument.value]->watch.tracker.state();
}
const State& Regimes::market_wide() const { return plan_->watch.tracker.state(); }

}  // namespace robo::regime
