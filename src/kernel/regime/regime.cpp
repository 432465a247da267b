#include "kernel/regime/regime.hpp"

#include <algorithm>
#include <cmath>

#include "base/invariant.hpp"
#include "kernel/features/indicators/adx.hpp"
#include "kernel/features/indicators/efficiency_ratio.hpp"
#include "kernel/features/indicators/rolling_extreme.hpp"
#include "kernel/features/indicators/rolling_sum.hpp"
#include "kernel/regime/rolling_rank.hpp"
#include "kernel/regime/tracker.hpp"

namespace robo::regime {

using features::nan;

namespace {

/// Highest close of the window, volatility's rank and the regime they give: of one instrument or of the whole market.
struct Watch {
  explicit Watch(const Settings& settings)
      : closes(static_cast<std::size_t>(settings.period) * 12), peak(closes), rank(static_cast<std::size_t>(settings.history)), tracker(settings) {}
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  bool step(const Settings& settings, double price, double volatility, double efficiency, double adx) {
    peak.add(price);
    Inputs inputs{.volatility = volatility, .volatility_percentile = nan, .efficiency_ratio = efficiency, .adx = adx,
                  .drawdown = peak.value() > 0 ? 1 - price / peak.value() : 0};
    if (volatility == volatility) inputs.volatility_percentile = rank.add(volatility);
    if (!(efficiency == efficiency) || rank.count() < static_cast<std::size_t>(settings.history_min)) {
      tracker.wait(inputs);
      return false;
    }
    return tracker.step(inputs);
  }

  std::vector<double> closes;
  features::RollingMax peak;
  RollingRank rank;
  Tracker tracker;
};

/// Mean log return of all instruments per bar, walked up to an index with the same figures an instrument has.
struct Index {
  explicit Index(const Settings& settings)
      : room(static_cast<std::size_t>(settings.period) * 3), squares(part(settings, 0)), efficiency(part(settings, 1), part(settings, 2)),
        adx(settings.adx_period) {}
  std::span<double> part(const Settings& settings, std::size_t i) {
    const auto n = static_cast<std::size_t>(settings.period);
    return std::span(room).subspan(i * n, n);
  }
  std::vector<double> room;
  features::RollingSum<double> squares;
  features::EfficiencyRatio efficiency;
  features::Adx adx;
  double log = 0;
  // the bar being collected
  Timestamp start{INT64_MIN};
  double sum = 0;
  std::size_t count = 0;
};

}  // namespace

struct Regimes::Plan {
  struct Member {
    explicit Member(const Settings& settings) : watch(settings) {}
    Watch watch;
    double last_log = nan;
  };
  explicit Plan(const Settings& settings) : watch(settings), index(settings) {}
  std::vector<std::unique_ptr<Member>> members{};
  std::size_t count = 0;
  features::Handle volatility{}, efficiency{}, adx{};
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
  using features::Kind;
  plan_->volatility = features.declare({.kind = Kind::RealizedVolatility, .timeframe = settings_.timeframe, .period = settings_.period}, instruments);
  plan_->efficiency = features.declare({.kind = Kind::EfficiencyRatio, .timeframe = settings_.timeframe, .period = settings_.period}, instruments);
  plan_->adx = features.declare({.kind = Kind::Adx, .timeframe = settings_.timeframe, .period = settings_.adx_period}, instruments);
  for (const auto id : instruments) {
    auto& member = plan_->members.at(id.value);
    if (!member) member = std::make_unique<Plan::Member>(settings_), ++plan_->count;
  }
}

void Regimes::close_bars(const market::Market& market, const features::Features& features, Facts& facts) {
  auto& plan = *plan_;
  auto& index = plan.index;
  const auto tell = [&](InstrumentId id, const State& state) {
    facts.add(RegimeChanged{.instrument = id, .held = state.held, .probabilities = state.probabilities,
                            .volatility_percentile = state.inputs.volatility_percentile, .efficiency_ratio = state.inputs.efficiency_ratio,
                            .drawdown = state.inputs.drawdown});
  };
  const auto step_index = [&] {
    const double change = index.count == 0 ? nan : index.sum / static_cast<double>(index.count);
    index.sum = 0;
    index.count = 0;
    if (!(change == change)) return;
    index.log += change;
    const double level = std::exp(index.log);
    index.squares.add(change * change);
    index.efficiency.add(level);
    index.adx.add(level, level, level);
    const double volatility = index.squares.warm() ? std::sqrt(std::max(0.0, index.squares.sum()) / index.squares.count()) : nan;
    if (plan.watch.step(settings_, level, volatility, index.efficiency.value(), index.adx.adx())) tell(market_wide_id, plan.watch.tracker.state());
  };

  for (const auto& closed : market.closed_bars()) {
    const auto id = closed.bar.instrument;
    if (closed.rule != market::BarRule::time(settings_.timeframe) || id.value >= plan.members.size() || !plan.members[id.value]) continue;
    auto& member = *plan.members[id.value];
    const double price = closed.bar.close.to_double();
    if (!(price > 0)) continue;  // spreads have no returns
    if (member.watch.step(settings_, price, features.value(plan.volatility, id), features.value(plan.efficiency, id), features.value(plan.adx, id)))
      tell(id, member.watch.tracker.state());
    if (closed.bar.start > index.start) {
      step_index();  // stragglers of the bar before will not come any more
      index.start = closed.bar.start;
    }
    const double log = std::log(price);
    if (closed.bar.start == index.start && member.last_log == member.last_log) {
      index.sum += log - member.last_log;
      ++index.count;
    }
    member.last_log = log;
  }
  if (index.count != 0 && index.count == plan.count) step_index();  // everyone has spoken
}

const State& Regimes::state(InstrumentId instrument) const {
  if (instrument.value >= plan_->members.size() || !plan_->members[instrument.value]) return plan_->unknown;
  return plan_->members[instrument.value]->watch.tracker.state();
}
const State& Regimes::market_wide() const { return plan_->watch.tracker.state(); }

}  // namespace robo::regime
