#include "kernel/ensemble/ensemble.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "kernel/ensemble/detail/apportion.hpp"
#include "kernel/market/market.hpp"
#include "kernel/portfolio/portfolio.hpp"
#include "kernel/portfolio/quick_notional.hpp"
#include "kernel/regime/regime.hpp"

namespace robo::ensemble {
namespace {

constexpr double ladder_steps = 10;          // the drawdown ladder moves in tenths, or every tick would trade
constexpr double kelly_most = 0.25;
constexpr int book_sum_interval = 4096;      // running sums of doubles are rebuilt this often
constexpr std::int64_t day_ns = 86'400'000'000'000;

int sign_of(double x) { return (x > 0) - (x < 0); }

}  // namespace

struct Ensemble::Ask {
  double score = 0;             // blended, -1..1
  double notional = 0;          // signed, base currency, after each strategy's own Kelly cap
  double size = 0;              // sum of absolute parts: says when opposite opinions cancel
  double kelly_cut = 0;         // notional taken away by Kelly
};

Ensemble::Ensemble(const Settings& settings, std::span<const Instrument> instruments, std::size_t strategies)
    : settings_(settings), instruments_(instruments), strategies_(strategies), weights_(settings.weights, strategies),
      held_(instruments.size() * strategies), targets_(instruments.size()), sizing_(instruments.size()),
      volatilities_(instruments.size()), bars_per_year_(instruments.size()), last_close_(instruments.size(), 0.0),
      notionals_(strategies, 0.0),
      timeframe_(Duration{static_cast<std::int64_t>(std::llround(settings.volatility_timeframe_s * 1e9))}) {
  touched_list_.reserve(instruments.size());
  changed_.reserve(instruments.size());
  for (const Instrument& instrument : instruments) {
    targets_[instrument.id.value].instrument = instrument.id;
    bars_per_year_[instrument.id.value] = bars_per_year(instrument, timeframe_);
    define(instrument);
    work_out_volatility(instrument.id);
  }
}

void Ensemble::define(const Instrument& instrument) {
  if (instrument.id.value >= sizing_.size()) return;
  auto& sizing = sizing_[instrument.id.value];
  sizing.grid = instrument.size_increment.is_positive() ? instrument.size_increment : Quantity::from_raw(1);
  sizing.grid_units = sizing.grid.to_double();
  sizing.multiplier = instrument.multiplier;
}

// ---- opinions ------------------------------------------------------------------------------------------------------------

void Ensemble::touch(InstrumentId instrument, bool urgent) {
  auto& mark = sizing_[instrument.value].touched;
  if (mark == 0) touched_list_.push_back(instrument);
  mark = std::max<std::uint8_t>(mark, urgent ? 2 : 1);
}

void Ensemble::hear(Timestamp now, const strategy::Opinion& opinion) {
  const strategy::Signal& signal = opinion.signal;
  Held& mine = held(signal.instrument, opinion.strategy.value);
  const int side = signal.exit ? 0 : sign_of(signal.score);
  if (mine.spent_sign != 0) {
    if (side == mine.spent_sign && now < mine.spent_until) return;
    mine.spent_sign = 0;
  }
  const bool was_active = mine.active;
  mine.active = side != 0;
  mine.score = signal.score;
  mine.confidence = signal.confidence;
  mine.expected_return = signal.expected_return;
  mine.volatility = signal.volatility;
  if (mine.horizon != signal.horizon) {
    mine.horizon = signal.horizon;
    mine.per_year = horizons_per_year(instruments_[signal.instrument.value], std::max(signal.horizon, seconds(1)));
  }
  mine.stop_distance = signal.stop_distance;
  mine.target_distance = signal.target_distance;
  mine.expires = now + signal.horizon;
  if (mine.active) next_expiry_ = std::min(next_expiry_, mine.expires);
  if (mine.active || was_active) touch(signal.instrument, signal.exit);
}

std::span<const Target> Ensemble::blend(Timestamp now, std::span<const strategy::Opinion> opinions, const strategy::World& world,
                                        Facts& facts) {
  changed_.clear();
  if (opinions.empty()) return {};
  for (const strategy::Opinion& opinion : opinions) hear(now, opinion);
  return retarget_touched(now, world, facts);
}

std::span<const Target> Ensemble::expire_due(Timestamp now, const strategy::World& world, Facts& facts) {
  changed_.clear();
  next_expiry_ = Timestamp{INT64_MAX};
  for (const Instrument& instrument : instruments_)
    for (std::size_t s = 0; s < strategies_; ++s) {
      Held& opinion = held(instrument.id, s);
      if (!opinion.active) continue;
      if (opinion.expires <= now) {
        opinion.active = false;
        touch(instrument.id, false);
      } else {
        next_expiry_ = std::min(next_expiry_, opinion.expires);
      }
    }
  check_ladder(ladder(world.portfolio.drawdown()));
  return retarget_touched(now, world, facts);
}

std::span<const Target> Ensemble::on_strategy(Timestamp now, StrategyId strategy, StrategyState state, const strategy::World& world,
                                              Facts& facts) {
  changed_.clear();
  if (state == StrategyState::Running || state == StrategyState::Paused) return {};
  for (const Instrument& instrument : instruments_) {
    Held& opinion = held(instrument.id, strategy.value);
    if (opinion.active) touch(instrument.id, state == StrategyState::Failed);
    opinion = {};
  }
  return retarget_touched(now, world, facts);
}

std::span<const Target> Ensemble::on_protected_exit(Timestamp now, InstrumentId instrument, const strategy::World& world, Facts& facts) {
  changed_.clear();
  const int side = targets_[instrument.value].quantity.sign();
  for (std::size_t s = 0; s < strategies_; ++s) {
    Held& opinion = held(instrument, s);
    if (!opinion.active || (side != 0 && sign_of(opinion.score) != side)) continue;
    opinion.spent_sign = static_cast<std::int8_t>(sign_of(opinion.score));
    opinion.spent_until = opinion.expires;
    opinion.active = false;
  }
  if (side != 0)
    set({.instrument = instrument, .urgent = true, .at = now, .reason = {}}, 0, world, facts);
  return changed_;
}

// ---- sizes ---------------------------------------------------------------------------------------------------------------

void Ensemble::work_out_volatility(InstrumentId instrument) {
  const auto per_bar = volatilities_[instrument.value].per_bar();
  sizing_[instrument.value].annual =
      per_bar ? std::max(settings_.volatility_floor, *per_bar * std::sqrt(bars_per_year_[instrument.value])) : settings_.volatility_assumed;
}

double Ensemble::ladder(double drawdown) const {
  if (settings_.drawdown_limit <= 0) return 1;
  const double k = std::clamp(1.5 * (1 - drawdown / settings_.drawdown_limit), 0.0, 1.0);
  return std::floor(k * ladder_steps + 1e-9) / ladder_steps;
}

void Ensemble::check_ladder(double k) {
  if (k == ladder_now_) return;
  ladder_now_ = k;
  for (const Instrument& instrument : instruments_)
    for (std::size_t s = 0; s < strategies_; ++s)
      if (held(instrument.id, s).active) {
        touch(instrument.id, false);
        break;
      }
}

/// Every strategy's notional by its own volatility and Kelly cap, summed.
Ensemble::Ask Ensemble::sum_up(InstrumentId instrument, const Account& account, RegimeKind regime) {
  Ask ask;
  const double estimate = volatility(instrument);
  const double fraction = std::min(settings_.kelly_fraction, kelly_most);
  for (std::size_t s = 0; s < strategies_; ++s) {
    const Held& opinion = held(instrument, s);
    notionals_[s] = 0;
    if (!opinion.active) continue;
    const double x = weights_.weight(StrategyId(static_cast<std::uint16_t>(s)), regime) * opinion.score * opinion.confidence;
    if (x == 0) continue;
    const bool claims = opinion.volatility > 0;
    const double annual =
        claims ? std::max(settings_.volatility_floor, opinion.volatility * std::sqrt(opinion.per_year)) : estimate;
    double notional = account.equity * x * settings_.instrument_risk_share * settings_.volatility_target / annual;
    if (opinion.expected_return != 0) {
      // Over the opinion's own horizon; the claimed mean is as good as its evidence.
      const double sigma = claims ? opinion.volatility : estimate / std::sqrt(opinion.per_year);
      const double error = sigma / std::sqrt(std::max(settings_.kelly_evidence, 1.0));
      const double mean = opinion.expected_return * sign_of(opinion.score) - settings_.kelly_error_multiple * error;
      const double most = account.equity * std::max(0.0, fraction * mean / (sigma * sigma));
      if (std::abs(notional) > most) {
        ask.kelly_cut += std::abs(notional) - most;
        notional = most * sign_of(notional);
      }
    }
    ask.score += x;
    notionals_[s] = notional;
    ask.notional += notional;
    ask.size += std::abs(notional);
  }
  ask.score = std::clamp(ask.score, -1.0, 1.0);
  // Opposite opinions of equal size are no opinion; what rounding leaves of them is not one either.
  if (std::abs(ask.notional) < 1e-12 * ask.size) ask.notional = 0;
  return ask;
}

double Ensemble::cap(const Exposure& mine, const Ask& ask, const Account& account, double annual, SizeCap& tightest) const {
  const int side = sign_of(ask.notional);
  double most = std::abs(ask.notional);
  tightest = ask.kelly_cut > 0 ? SizeCap::Kelly : SizeCap::None;
  const auto bound = [&](double limit, SizeCap why) {
    limit = std::max(0.0, limit);
    if (limit < most) most = limit, tightest = why;
  };
  bound(settings_.position_max * account.equity, SizeCap::PositionLimit);
  bound(settings_.gross_max * account.equity - (gross_ - std::abs(mine.notional)), SizeCap::GrossExposure);
  bound(settings_.net_max * account.equity - side * (net_ - mine.notional), SizeCap::NetExposure);

  // Variance of the book with this instrument at risk a: (1-c)(Q + a^2) + c(S + a)^2 <= V. Solve for the larger a on our side.
  const double c = settings_.correlation_assumed;
  const double others_sum = side * (risk_sum_ - mine.risk);
  const double others_squares = std::max(0.0, risk_squares_ - mine.risk * mine.risk);
  const double allowed = settings_.volatility_target * account.equity;
  const double rest = (1 - c) * others_squares + c * others_sum * others_sum - allowed * allowed;
  const double root = c * others_sum * c * others_sum - rest;
  bound(root <= 0 ? 0.0 : (-c * others_sum + std::sqrt(root)) / annual, SizeCap::VolatilityTarget);

  if (account.ladder < 1) most *= account.ladder, tightest = SizeCap::Drawdown;
  return most;
}

std::span<const Target> Ensemble::retarget_touched(Timestamp now, const strategy::World& world, Facts& facts) {
  if (touched_list_.empty()) return {};
  const Account account{.equity = world.portfolio.equity().to_double(), .ladder = ladder(world.portfolio.drawdown())};
  check_ladder(account.ladder);
  if (touched_list_.size() > 1) std::sort(touched_list_.begin(), touched_list_.end());
  for (std::size_t i = 0; i < touched_list_.size(); ++i) {
    const InstrumentId instrument = touched_list_[i];
    auto& mark = sizing_[instrument.value].touched;
    const bool urgent = mark == 2;
    mark = 0;
    retarget(now, instrument, urgent, account, world, facts);
  }
  touched_list_.clear();
  return changed_;
}

void Ensemble::retarget(Timestamp now, InstrumentId instrument, bool urgent, const Account& account, const strategy::World& world,
                        Facts& facts) {
  const Target& before = targets_[instrument.value];
  const Ask ask = sum_up(instrument, account, world.regimes.state(instrument).held);
  if (ask.size == 0 || account.equity <= 0) {
    if (!before.quantity.is_zero()) set({.instrument = instrument, .urgent = urgent, .at = now, .reason = {}}, 0, world, facts);
    return;
  }
  const auto mark = world.market.mark(instrument);
  if (!mark || !mark->is_positive()) return;  // no price, no size: the next opinion or bar tries again
  const Sizing& sizing = sizing_[instrument.value];
  const Quantity grid = sizing.grid;
  const double step_value =
      world.portfolio.to_base(instrument, portfolio::quick_notional(*mark, shares(1), sizing.multiplier)).to_double() * sizing.grid_units;
  if (!(step_value > 0)) return;

  SizeCap tightest{};
  const double wanted = cap(sizing.exposure, ask, account, sizing.annual, tightest) * sign_of(ask.notional);
  // A part in a billion: 1999.9999999 steps are 2000 that went through a division.
  const auto steps = static_cast<std::int64_t>(std::trunc(wanted / step_value * (1 + 1e-9)));
  Target target{.instrument = instrument, .quantity = grid * steps, .urgent = urgent, .at = now, .reason = {}};

  if (target.quantity == before.quantity) return;
  const bool smaller = target.quantity.abs() < before.quantity.abs() && target.quantity.sign() != -before.quantity.sign();
  const bool must = urgent || target.quantity.is_zero() || (smaller && tightest == SizeCap::Drawdown);
  const auto change = static_cast<double>((target.quantity - before.quantity).abs().raw);
  const auto larger = static_cast<double>(std::max(target.quantity.abs().raw, before.quantity.abs().raw));
  if (!must && !before.quantity.is_zero() && change < settings_.no_trade_band * larger) {
    targets_[instrument.value].reason.cap = SizeCap::NoTradeBand;
    return;
  }

  // Who: shares in proportion to what each wanted, scaled to what was allowed.
  const double scale = ask.notional != 0 ? wanted / ask.notional : 1.0;
  std::array<double, std::tuple_size_v<decltype(Reason::contributions)>> wishes{};
  std::array<std::int64_t, wishes.size()> parts{};
  std::array<std::uint16_t, wishes.size()> who{};
  std::size_t count = 0;
  double strongest = 0;
  for (std::size_t s = 0; s < strategies_; ++s) {
    if (notionals_[s] == 0) continue;
    INVARIANT(count < wishes.size());  // the host refuses more strategies on one instrument
    who[count] = static_cast<std::uint16_t>(s);
    wishes[count++] = notionals_[s] * scale / step_value;
    const Held& opinion = held(instrument, s);
    if (sign_of(notionals_[s]) == sign_of(ask.notional) && std::abs(notionals_[s]) > strongest &&
        (!opinion.stop_distance.is_zero() || !opinion.target_distance.is_zero())) {
      strongest = std::abs(notionals_[s]);
      target.stop_distance = opinion.stop_distance;
      target.target_distance = opinion.target_distance;
    }
  }
  detail::apportion(steps, {wishes.data(), count}, {parts.data(), count});
  Reason& reason = target.reason;
  reason.cap = tightest;
  reason.target = target.quantity;
  reason.blended_score = ask.score;
  for (std::size_t i = 0; i < count; ++i)
    if (parts[i] != 0) reason.contributions[reason.contribution_count++] = {StrategyId(who[i]), grid * parts[i]};
  set(target, static_cast<double>(steps) * step_value, world, facts);
}

void Ensemble::set(const Target& wanted, double notional, const strategy::World& world, Facts& facts) {
  changed_.push_back(wanted);
  Target& target = changed_.back();
  // Who leaves decided, too: strategies whose part ends are named with nothing.
  Reason& reason = target.reason;
  const Reason& before = targets_[target.instrument.value].reason;
  for (std::size_t i = 0; i < before.contribution_count; ++i) {
    const Contribution& old = before.contributions[i];
    if (old.quantity.is_zero() || reason.contribution_count == reason.contributions.size()) continue;
    const std::span named(reason.contributions.data(), reason.contribution_count);
    if (std::none_of(named.begin(), named.end(), [&](const Contribution& c) { return c.strategy == old.strategy; }))
      reason.contributions[reason.contribution_count++] = {old.strategy, Quantity{}};
  }
  take_out(target.instrument);
  put_in(target.instrument, {.notional = notional, .risk = notional * volatility(target.instrument)});
  targets_[target.instrument.value] = target;
  facts.add(TargetSet{.instrument = target.instrument, .position = world.portfolio.position(target.instrument).quantity,
                      .target = target.quantity, .reason = target.reason});
}

// ---- the book ------------------------------------------------------------------------------------------------------------

void Ensemble::take_out(InstrumentId instrument) {
  const Exposure& e = sizing_[instrument.value].exposure;
  gross_ -= std::abs(e.notional);
  net_ -= e.notional;
  risk_sum_ -= e.risk;
  risk_squares_ -= e.risk * e.risk;
}

void Ensemble::put_in(InstrumentId instrument, Exposure e) {
  sizing_[instrument.value].exposure = e;
  gross_ += std::abs(e.notional);
  net_ += e.notional;
  risk_sum_ += e.risk;
  risk_squares_ += e.risk * e.risk;
  if (++book_updates_ >= book_sum_interval) sum_book_again();
}

void Ensemble::sum_book_again() {
  book_updates_ = 0;
  gross_ = net_ = risk_sum_ = risk_squares_ = 0;
  for (const Sizing& sizing : sizing_) {
    const Exposure& e = sizing.exposure;
    gross_ += std::abs(e.notional);
    net_ += e.notional;
    risk_sum_ += e.risk;
    risk_squares_ += e.risk * e.risk;
  }
}

double Ensemble::book_volatility(double equity) const {
  const double c = settings_.correlation_assumed;
  const double variance = (1 - c) * risk_squares_ + c * risk_sum_ * risk_sum_;
  return equity > 0 ? std::sqrt(std::max(0.0, variance)) / equity : 0;
}

void Ensemble::on_bar(const Bar& bar, const strategy::World& world) {
  if (bar.period != timeframe_) return;
  if (const std::int64_t day = bar.start.ns / day_ns; day != day_) {
    if (day_ != INT64_MIN) weights_.close_day();
    day_ = day;
  }
  const double close = bar.close.to_double(), last = last_close_[bar.instrument.value];
  const double equity = world.portfolio.equity().to_double();
  const Target& target = targets_[bar.instrument.value];
  if (last != 0 && equity > 0) {
    const RegimeKind regime = world.regimes.state(bar.instrument).held;
    const auto multiplier = static_cast<double>(instruments_[bar.instrument.value].multiplier);
    for (std::size_t i = 0; i < target.reason.contribution_count; ++i) {
      const Contribution& part = target.reason.contributions[i];
      const Money move = Money::nearest(part.quantity.to_double() * (close - last) * multiplier);
      weights_.earn(part.strategy, regime, world.portfolio.to_base(bar.instrument, move).to_double() / equity);
    }
  }
  last_close_[bar.instrument.value] = close;
  volatilities_[bar.instrument.value].update(bar);
  work_out_volatility(bar.instrument);
  if (ladder(world.portfolio.drawdown()) != ladder_now_) next_expiry_ = Timestamp{INT64_MIN};  // expire() re-sizes everything
}

}  // namespace robo::ensemble
