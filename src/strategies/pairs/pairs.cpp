#include "strategies/pairs/pairs.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "kernel/strategy/why.hpp"
#include "strategies/common/session.hpp"

namespace robo::strategies {
namespace {
constexpr double beta_least = 0.2, beta_most = 5;  // outside it the hedge is not one any more
}

void Pairs::declare(strategy::Declaration& d) {
  const auto bar = d.parameter({.name = "bar_s", .help = "Length of a bar.", .unit = "s", .value = 60, .least = 1, .most = 86'400, .step = 1,
                                .fixed = true});
  const auto window = d.parameter({.name = "window", .help = "Bars the tie is estimated on.", .unit = "bars", .value = 240, .least = 30,
                                   .most = 5000, .step = 1, .fixed = true});
  const auto lags = d.parameter({.name = "lags", .help = "Lagged changes in the Dickey-Fuller test.", .value = 1, .least = 0, .most = 4,
                                 .step = 1, .fixed = true});
  refit_ = d.parameter({.name = "refit_bars", .help = "The tie is estimated again after so many bars.", .unit = "bars", .value = 30,
                        .least = 1, .most = 5000, .step = 1});
  significance_ = d.parameter({.name = "significance", .help = "Level of the cointegration test: 0.01, 0.05 or 0.10.", .value = 0.05,
                               .least = 0.01, .most = 0.10, .step = 0.01});
  half_life_max_ = d.parameter({.name = "half_life_max", .help = "Longest half-life of a deviation that is still traded.", .unit = "bars",
                                .value = 60, .least = 1, .most = 5000, .step = 1});
  entry_ = d.parameter({.name = "entry_z", .help = "Deviation at which the spread is traded.", .unit = "sd", .value = 2, .least = 0.5,
                        .most = 10, .step = 0.1});
  exit_ = d.parameter({.name = "exit_z", .help = "Deviation at which the trade is over.", .unit = "sd", .value = 0.5, .least = 0, .most = 5,
                       .step = 0.1});
  stop_ = d.parameter({.name = "stop_z", .help = "Deviation at which the trade was wrong; the pair then waits until it is back.",
                       .unit = "sd", .value = 4, .least = 1, .most = 20, .step = 0.1});
  hold_ = d.parameter({.name = "hold_half_lives", .help = "A trade is left after so many half-lives.", .unit = "half-lives", .value = 3,
                       .least = 0.5, .most = 20, .step = 0.5});
  flat_s_ = d.parameter({.name = "flat_before_close_s", .help = "Out this long before the close, and no entry; 0: held overnight.",
                         .unit = "s", .value = 300, .least = 0, .most = 23'400, .step = 1});
  cost_bp_ = d.parameter({.name = "cost_bp", .help = "What a round trip in both legs costs; a way back shorter than this is not traded.",
                          .unit = "bp", .value = 12, .least = 0, .most = 200, .step = 0.5});

  timeframe_ = seconds(static_cast<std::int64_t>(d.value(bar)));
  window_ = static_cast<std::size_t>(d.value(window));
  lags_ = static_cast<std::size_t>(d.value(lags));
  d.bars(timeframe_);
  const auto universe = d.universe();
  legs_.cover(universe);

  std::vector<Legs> legs = named_;
  const auto in_universe = [&](InstrumentId id) { return std::find(universe.begin(), universe.end(), id) != universe.end(); };
  for (const Legs& pair : legs)
    if (pair.y == pair.x || !in_universe(pair.y) || !in_universe(pair.x))
      throw std::invalid_argument("a pair needs two different instruments of the universe");
  if (legs.empty())
    for (std::size_t a = 0; a < universe.size(); ++a)
      for (std::size_t b = a + 1; b < universe.size(); ++b) legs.push_back({universe[a], universe[b]});
  if (legs.empty()) throw std::invalid_argument("its universe needs at least two instruments");
  if (legs.size() > pairs_max) throw std::invalid_argument("at most 64 pairs: name the pairs, or make the universe smaller (11 instruments give 55)");
  pairs_.clear();
  for (const Legs& pair : legs) {
    Pair& p = pairs_.emplace_back();
    p.legs = pair;
    p.y.resize(window_);
    p.x.resize(window_);
  }
  window_y_.resize(window_);
  window_x_.resize(window_);
}

void Pairs::begin_trading() {
  for (Pair& p : pairs_) {
    p.side = 0;
    p.until = {};
    p.locked = false;
  }
}

void Pairs::reset() {
  legs_.forget();
  for (Pair& p : pairs_) {
    p.next = p.size = p.since_fit = 0;
    p.last_row = Timestamp{INT64_MIN};
    p.fit = {};
    p.z = 0;
    p.tied = p.locked = false;
    p.side = 0;
    p.until = {};
  }
}

void Pairs::on_bar(const strategy::View& view, const Bar& bar, strategy::Signals& signals) {
  if (!bar.close.is_positive()) return;
  Leg& leg = legs_[bar.instrument];
  leg.start = bar.start;
  leg.log_price = std::log(bar.close.to_double());
  for (Pair& pair : pairs_) {
    if (pair.legs.y != bar.instrument && pair.legs.x != bar.instrument) continue;
    // A row needs both legs in the same bar; a minute in which one did not trade is no observation.
    const Leg &y = legs_[pair.legs.y], &x = legs_[pair.legs.x];
    if (y.start != x.start || y.start == pair.last_row) continue;
    pair.last_row = y.start;
    take_row(view, pair, signals);
  }
}

void Pairs::take_row(const strategy::View& view, Pair& p, strategy::Signals& signals) {
  p.y[p.next] = legs_[p.legs.y].log_price;
  p.x[p.next] = legs_[p.legs.x].log_price;
  const std::size_t now = p.next;
  p.next = p.next + 1 == window_ ? 0 : p.next + 1;
  p.size = std::min(p.size + 1, window_);
  if (p.size < window_) return;
  ++p.since_fit;
  // While a trade is on, its own yardstick stays: a refit would move the goal posts to where the prices have run.
  if (p.side == 0 && (!p.fit.valid || p.since_fit >= static_cast<std::size_t>(view.parameter(refit_)))) fit(view, p);
  if (!p.fit.valid) return;
  p.z = (p.y[now] - p.fit.alpha - p.fit.beta * p.x[now]) / p.fit.spread_sd;

  const double entry = view.parameter(entry_), exit = view.parameter(exit_), stop = view.parameter(stop_), away = std::abs(p.z);
  const bool closing = near_close(view, p.legs.y, view.parameter(flat_s_)) || near_close(view, p.legs.x, view.parameter(flat_s_));
  if (p.side != 0) {
    const bool met = p.side * p.z >= -exit;
    if (met) leave(p, signals, strategy::why("spread back at {:+.2f} sd", p.z));
    else if (away >= stop) p.locked = true, leave(p, signals, strategy::why("spread at {:+.2f} sd, stop {:g}", p.z, stop));
    else if (view.now() >= p.until) leave(p, signals, strategy::why("{:g} half-lives over, spread {:+.2f} sd", view.parameter(hold_), p.z));
    else if (closing) leave(p, signals, "out before the close");
    return;
  }
  if (p.locked) {
    if (away > exit) return;
    p.locked = false;
  }
  if (!p.tied || closing || away < entry || away >= stop) return;
  if ((away - exit) * p.fit.spread_sd * 1e4 < view.parameter(cost_bp_)) return;
  if (legs_[p.legs.y].in_trade || legs_[p.legs.x].in_trade) return;  // a leg hedges one pair at a time
  enter(view, p, signals);
}

void Pairs::fit(const strategy::View& view, Pair& p) {
  std::copy(p.y.begin() + static_cast<std::ptrdiff_t>(p.next), p.y.end(), window_y_.begin());
  std::copy(p.y.begin(), p.y.begin() + static_cast<std::ptrdiff_t>(p.next), window_y_.end() - static_cast<std::ptrdiff_t>(p.next));
  std::copy(p.x.begin() + static_cast<std::ptrdiff_t>(p.next), p.x.end(), window_x_.begin());
  std::copy(p.x.begin(), p.x.begin() + static_cast<std::ptrdiff_t>(p.next), window_x_.end() - static_cast<std::ptrdiff_t>(p.next));
  p.fit = cointegration(window_y_, window_x_, lags_);
  p.since_fit = 0;
  p.tied = p.fit.valid && p.fit.adf <= critical_value(view.parameter(significance_), window_ - 1) && p.fit.beta >= beta_least &&
           p.fit.beta <= beta_most && p.fit.half_life <= view.parameter(half_life_max_);
}

void Pairs::enter(const strategy::View& view, Pair& p, strategy::Signals& signals) {
  p.side = p.z > 0 ? -1 : 1;
  const double half_life = std::max(1.0, p.fit.half_life);
  const double hold_bars = std::max(1.0, std::ceil(view.parameter(hold_) * half_life));
  const Duration horizon = bars(hold_bars, timeframe_);
  p.until = view.now() + horizon;
  // Both legs claim the spread's own volatility, so that their sizes stay in the ratio 1 : beta.
  const double volatility = p.fit.step_sd * std::sqrt(hold_bars);
  const double larger = std::max(1.0, p.fit.beta);
  const double strength = std::abs(p.fit.adf / critical_value(view.parameter(significance_), window_ - 1));
  const double confidence = std::clamp(0.5 * strength, 0.5, 1.0);
  const auto why = strategy::why("spread {:+.2f} sd, beta {:.2f}, ADF {:.2f}, half-life {:.0f} bars", p.z, p.fit.beta, p.fit.adf, half_life);
  const auto say = [&](InstrumentId leg, double score) {
    legs_[leg].in_trade = true;
    signals.say({.instrument = leg, .score = score, .confidence = confidence, .volatility = volatility, .horizon = horizon, .why = why});
  };
  say(p.legs.y, p.side / larger);
  say(p.legs.x, -p.side * p.fit.beta / larger);
}

void Pairs::leave(Pair& p, strategy::Signals& signals, const FixedText<80>& why) {
  p.side = 0;
  p.since_fit = static_cast<std::size_t>(INT32_MAX);  // look at the tie afresh
  for (const InstrumentId leg : {p.legs.y, p.legs.x}) {
    legs_[leg].in_trade = false;
    signals.say({.instrument = leg, .exit = true, .why = why});
  }
}

std::vector<Pairs::Status> Pairs::status() const {
  std::vector<Status> out;
  for (const Pair& p : pairs_) out.push_back({p.legs, p.fit, p.z, p.tied, p.side});
  return out;
}

}  // namespace robo::strategies
