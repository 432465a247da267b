#include "kernel/regime/regime.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

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
  Watch(const Settings& s, const Hmm& model)
      : room(static_cast<std::size_t>(s.period) * 15), squares(part(s, 0, 1)), efficiency(part(s, 1, 1), part(s, 2, 1)), adx(s.adx_period),
        peak(part(s, 3, 12)), rank(static_cast<std::size_t>(s.history)), filter(model), scale_keep(s.hmm.half_life > 0 ? std::exp2(-1 / s.hmm.half_life) : 1), tracker(s) {}
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
    if (settings.source == Source::Hmm) {
      if (joined) observe(settings);
      tracker.note(filter.probabilities());
    }
    const auto least = static_cast<std::size_t>(settings.history_min);
    if (!efficiency.warm() || rank.count() < least || (settings.source == Source::Hmm && filter.count() < least)) {
      tracker.wait(inputs);
      return false;
    }
    return settings.source == Source::Hmm ? tracker.step(inputs, probabilities(inputs, settings, filter)) : tracker.step(inputs);
  }
  /// The bar's return to the model, in units of the volatility of those before it.
  void observe(const Settings& settings) {
    if (settings.hmm.half_life <= 0) return filter.step(change);
    if (scaled >= settings.history_min && square > 0) filter.step(change / std::sqrt(square / weight));
    square = square * scale_keep + (1 - scale_keep) * change * change;
    weight = weight * scale_keep + (1 - scale_keep);
    if (scaled < settings.history_min) ++scaled;
  }

  std::vector<double> room;
  features::RollingSum<double> squares;
  features::EfficiencyRatio efficiency;
  features::Adx adx;
  features::RollingMax peak;
  RollingRank rank;
  HmmFilter filter;
  double scale_keep, square = 0, weight = 0;
  int scaled = 0;
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
    Member(const Settings& settings, const Hmm& model) : watch(settings, model) {}
    Watch watch;
    Timestamp last_end{};
  };
  Plan(const Settings& settings, const Hmm& returns)
      : model(returns), watch(settings, model), rotation(settings.rotation, settings.rotation.members.size()), appetite(settings.appetite, settings.appetite.pairs.size()),
        rotation_members(settings.rotation.members.size(), Regimes::market_wide_id), legs(settings.appetite.pairs.size()) {
    told_ranks.resize(rotation_members.size(), {UINT32_MAX, Quadrant::Unknown});
  }
  struct Leg {
    InstrumentId risky{Regimes::market_wide_id}, safe{Regimes::market_wide_id};
    double risky_close = nan, safe_close = nan;  // since the last bar of all
  };
  Hmm model;
  std::vector<std::unique_ptr<Member>> members{};
  std::size_t count = 0;
  Watch watch;
  Index index;
  State unknown{};
  Rotation rotation;
  Appetite appetite;
  std::vector<InstrumentId> rotation_members;
  std::vector<Leg> legs;
  std::vector<std::pair<std::uint32_t, Quadrant>> told_ranks;
  std::optional<AppetiteMarked> told_appetite;
};

Hmm shipped_model() {
  return {.states = 3, .start = {0.45, 0.48, 0.07}, .mean = {0.10276, -0.00700, -0.35735}, .deviation = {0.65381, 1.09430, 2.67452},
          .move = {{{0.98054, 0.01821, 0.00125}, {0.02163, 0.96639, 0.01198}, {0.00858, 0.13377, 0.85765}}}};
}

Result<Hmm, Problem> model_of(const HmmSettings& settings) {
  if (!(settings.half_life >= 0) || settings.half_life > 1e9) return fail(Problem{"regime.hmm.half_life: bars, 0 or more"});
  if (settings.mean.empty() && settings.deviation.empty() && settings.move.empty() && settings.start.empty()) {
    if (settings.half_life > 0) return shipped_model();
    return fail(Problem{"regime.hmm: returns as they are (half_life = 0) need a model of their own: give mean, deviation and move"});
  }
  const std::size_t states = settings.deviation.size();
  if (states < 2 || states > Hmm::states_max) return fail(Problem{"regime.hmm.deviation: give one number for each of 2 or 3 states"});
  if (settings.mean.size() != states) return fail(Problem{"regime.hmm.mean: give as many numbers as deviations"});
  if (settings.move.size() != states * states) return fail(Problem{"regime.hmm.move: give states x states numbers, row by row"});
  if (!settings.start.empty() && settings.start.size() != states) return fail(Problem{"regime.hmm.start: give as many numbers as deviations, or none"});
  Hmm model{.states = states};
  for (std::size_t i = 0; i < states; ++i) {
    model.mean[i] = settings.mean[i];
    model.deviation[i] = settings.deviation[i];
    for (std::size_t j = 0; j < states; ++j) model.move[i][j] = settings.move[i * states + j];
    model.start[i] = settings.start.empty() ? 1 / static_cast<double>(states) : settings.start[i];
  }
  if (auto fault = fault_of(model); !fault.empty()) return fail(Problem{"regime.hmm: " + fault});
  if (settings.start.empty()) model.start = stationary(model);
  return model;
}

Regimes::Regimes(Settings settings, std::size_t max_instruments) : settings_(settings) {
  INVARIANT(settings.period >= 2 && settings.adx_period >= 2 && settings.history >= settings.history_min && settings.history_min > 0);
  const auto model = settings.source == Source::Hmm ? model_of(settings.hmm) : shipped_model();
  INVARIANT(model);  // the configuration was checked with model_of()
  plan_ = std::make_unique<Plan>(settings_, *model);
  plan_->members.resize(max_instruments);
}
Regimes::~Regimes() = default;

void Regimes::define(const Instrument& instrument) {
  auto& plan = *plan_;
  const auto symbol = instrument.symbol.view();
  for (std::size_t i = 0; i < settings_.rotation.members.size(); ++i)
    if (settings_.rotation.members[i] == symbol) plan.rotation_members[i] = instrument.id;
  for (std::size_t i = 0; i < settings_.appetite.pairs.size(); ++i) {
    const std::string_view pair = settings_.appetite.pairs[i];
    const auto slash = pair.find('/');
    if (pair.substr(0, slash) == symbol) plan.legs[i].risky = instrument.id;
    if (slash != std::string_view::npos && pair.substr(slash + 1) == symbol) plan.legs[i].safe = instrument.id;
  }
}

void Regimes::declare(features::Features& features, std::span<const InstrumentId> instruments) {
  // Whoever reads the regime wants this number beside it; declaring it brings the bars, too.
  (void)features.declare({.kind = features::Kind::RealizedVolatility, .timeframe = settings_.timeframe, .period = settings_.period}, instruments);
  for (const auto id : instruments) {
    auto& member = plan_->members.at(id.value);
    if (!member) member = std::make_unique<Plan::Member>(settings_, plan_->model), ++plan_->count;
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
    end_bar(facts);
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
    for (std::size_t i = 0; i < plan.rotation_members.size(); ++i)
      if (plan.rotation_members[i] == bar.instrument) plan.rotation.close(i, close);
    for (auto& leg : plan.legs) {
      if (leg.risky == bar.instrument) leg.risky_close = close;
      if (leg.safe == bar.instrument) leg.safe_close = close;
    }
    if (known && bar.start == index.start) {
      index.sum += joined ? member->watch.change : std::log(close / before);
      index.joined |= joined;
      ++index.count;
    }
  }
  if (index.count == plan.count) step_index();  // everyone has spoken
}

void Regimes::end_bar(Facts& facts) {
  auto& plan = *plan_;
  if (!plan.rotation_members.empty() && plan.rotation.bar()) {
    for (std::size_t i = 0; i < plan.rotation_members.size(); ++i) {
      const auto& standing = plan.rotation.standing(i);
      const std::pair now{standing.rank, standing.quadrant};
      if (plan.rotation_members[i] == market_wide_id || plan.told_ranks[i] == now) continue;
      plan.told_ranks[i] = now;
      facts.add(LeadershipMarked{.instrument = plan.rotation_members[i], .rank = standing.rank, .quadrant = standing.quadrant,
                                 .strength = standing.strength, .momentum = standing.momentum});
    }
  }
  if (plan.legs.empty() && plan.rotation_members.empty()) return;
  for (std::size_t i = 0; i < plan.legs.size(); ++i) {
    auto& leg = plan.legs[i];
    plan.appetite.close(i, leg.risky_close, leg.safe_close);
    leg.risky_close = leg.safe_close = nan;
  }
  const auto& market = plan.watch.tracker.state();
  plan.appetite.bar(market.warm ? market.inputs.volatility_percentile : nan);
  const auto leader = plan.rotation.leader();
  const AppetiteMarked now{.held = plan.legs.empty() ? AppetiteKind::Unknown : plan.appetite.held(), .pairs = static_cast<std::uint32_t>(plan.legs.size()),
                           .pairs_known = plan.appetite.known(), .leader = leader < plan.rotation_members.size() ? plan.rotation_members[leader] : market_wide_id,
                           .score = plan.legs.empty() ? nan : plan.appetite.score(), .hedge_correlation = plan.appetite.hedge_correlation(),
                           .breadth = plan.rotation.breadth(), .dispersion = plan.rotation.dispersion(), .turnover = plan.rotation.turnover()};
  const auto same = [](double a, double b) { return a == b || (a != a && b != b); };
  if (const auto& told = plan.told_appetite;
      told && told->held == now.held && told->pairs_known == now.pairs_known && told->leader == now.leader && same(told->score, now.score) &&
      same(told->breadth, now.breadth) && same(told->dispersion, now.dispersion) && same(told->turnover, now.turnover))
    return;
  plan.told_appetite = now;
  facts.add(now);
}

const Rotation& Regimes::rotation() const { return plan_->rotation; }
InstrumentId Regimes::rotation_member(std::size_t member) const { return plan_->rotation_members[member]; }
const Appetite& Regimes::appetite() const { return plan_->appetite; }

const State& Regimes::state(InstrumentId instrument) const {
  if (instrument.value >= plan_->members.size() || !plan_->members[instrument.value]) return plan_->unknown;
  return plan_->members[instrument.value]->watch.tracker.state();
}
const State& Regimes::market_wide() const { return plan_->watch.tracker.state(); }

}  // namespace robo::regime
