#include "research/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "research/baselines.hpp"
#include "research/bootstrap.hpp"
#include "research/overfitting.hpp"
#include "research/report_parts.hpp"
#include "research/series.hpp"

namespace robo::research {
namespace {

constexpr std::size_t days_for_daily = 60;
constexpr double confidence = 0.95;
constexpr std::size_t curve_points = 2000;
constexpr std::size_t trial_returns_max = 1000;
constexpr std::size_t configurations_for_overfitting = 8;

bool always_open(const Record& r) {
  return !r.instruments.empty() && std::all_of(r.instruments.begin(), r.instruments.end(), [](const Instrument& i) {
    return i.asset_class == AssetClass::Crypto || i.calendar.view() == "24x7";
  });
}

std::vector<double> at_points(const std::vector<double>& path, const std::vector<std::size_t>& at) {
  std::vector<double> out;
  for (const std::size_t i : at) out.push_back(path[i]);
  return out;
}

ReportSeries series_of(std::string name, std::span<const double> returns, double periods_per_year) {
  const Summary s = summarize(returns, periods_per_year);
  return {.name = std::move(name), .total = s.total, .growth = s.growth, .volatility = s.volatility, .sharpe = s.sharpe, .sortino = s.sortino,
          .calmar = s.calmar, .drawdown = s.drawdown, .worst = s.worst, .best = s.best, .winning = s.winning, .var95 = s.var95,
          .es95 = s.es95, .skew = s.skew, .kurtosis = s.kurtosis, .ulcer = s.ulcer};
}

/// Returns compounded into at most `most` equal stretches.
std::vector<double> thinned(std::span<const double> returns, std::size_t most) {
  if (returns.size() <= most) return {returns.begin(), returns.end()};
  std::vector<double> out;
  for (std::size_t k = 0; k < most; ++k)
    out.push_back(total_return(returns.subspan(k * returns.size() / most, (k + 1) * returns.size() / most - k * returns.size() / most)));
  return out;
}

TrackRecord track_record(std::span<const double> returns) {
  const Moments m = moments(returns);
  return {.sharpe = m.deviation > 0 ? m.mean / m.deviation : 0, .n = returns.size(), .skew = m.skew, .kurtosis = m.kurtosis};
}

ReportEvidence evidence_of(const Sampled& s, const ReportSettings& settings, const LedgerContents& ledger, const Resampled& histories,
                           Report& out) {
  ReportEvidence e;
  e.sharpe = sharpe(s.returns, s.periods_per_year);
  e.sharpe_autocorrelation = sharpe_lo(s.returns, s.periods_per_year);
  e.sharpe_low = histories.sharpe.low;
  e.sharpe_high = histories.sharpe.high;
  e.drawdown_low = histories.drawdown.low;
  e.drawdown_high = histories.drawdown.high;
  e.reach_sharpe = histories.sharpe_target_share;
  e.reach_drawdown = histories.drawdown_target_share;
  e.histories = histories.histories;
  const Interval lo = sharpe_interval_lo(s.returns, s.periods_per_year);
  e.sharpe_lo_low = lo.low;
  e.sharpe_lo_high = lo.high;

  const TrackRecord record = track_record(s.returns);
  const Trials trials = trials_on(ledger, settings.data, settings.config);
  e.trials = trials.count;
  e.trial = trials.number;
  e.trials_effective = trials.effective;
  e.probabilistic = probabilistic_sharpe(record, 0);
  e.deflated = deflated_sharpe(record, trials.effective, trials.sharpe_variance);
  e.best_by_luck = expected_best_sharpe(trials.effective, trials.sharpe_variance) * std::sqrt(s.periods_per_year);
  e.periods_needed = minimum_track_record(record, 0, confidence);
  if (e.periods_needed) e.years_needed = *e.periods_needed / s.periods_per_year;
  // Choosing between a handful of settings says nothing about choosing.
  if (const auto tried = returns_on(ledger, settings.data); tried.size() >= configurations_for_overfitting) {
    if (const auto pbo = overfitting(tried)) {
      e.overfitting = pbo->probability;
      e.overfitting_splits = pbo->splits;
    }
  }
  out.trial_sharpes = trials.sharpes;
  return e;
}

/// A number for people: two decimals, a real minus sign.
std::string two(double value) {
  const std::string text = fmt::format("{:.2f}", value);
  return text.front() == '-' ? fmt::format("\u2212{}", text.substr(1)) : text;
}

void judge(Report& r, const Summary& s, const ReportSettings& settings) {
  const ReportEvidence& e = r.evidence;
  const bool quiet = s.volatility == 0;
  const auto needed = !e.years_needed           ? std::string("not above 0")
                      : *e.years_needed > 1000 ? std::string("no lifetime is long enough to believe it is above 0")
                                               : fmt::format("{:.1f} years needed to believe it is above 0", *e.years_needed);

  Verdict sharpe_status = Verdict::NotEnoughData;
  if (quiet) sharpe_status = Verdict::NotMet;
  else if (e.sharpe_low > settings.sharpe_target && e.years_needed && r.years >= *e.years_needed) sharpe_status = Verdict::Met;
  else if (e.sharpe_high < settings.sharpe_target) sharpe_status = Verdict::NotMet;
  // A few days resampled are still a few days: the bootstrap cannot see what never happened in them.
  // But what loses steadily even in them pays its costs, and needs no longer record to be refused.
  if (!quiet && r.years < 0.5) sharpe_status = e.sharpe_high < 0 ? Verdict::NotMet : Verdict::NotEnoughData;
  r.targets.push_back({"Sharpe", two(s.sharpe), fmt::format("{} to {} at 95 %", two(e.sharpe_low), two(e.sharpe_high)),
                       fmt::format("> {:.1f}", settings.sharpe_target), sharpe_status});

  const Verdict drawdown_status = -s.drawdown >= settings.drawdown_target ? Verdict::NotMet
                                  : r.years < 0.5                          ? Verdict::NotEnoughData
                                                                           : Verdict::Met;
  r.targets.push_back({"largest drawdown", fmt::format("{:.2f} %", 100 * std::abs(s.drawdown)),
                       fmt::format("{:.2f} to {:.2f} % resampled", 100 * std::abs(e.drawdown_high), 100 * std::abs(e.drawdown_low)),
                       fmt::format("< {:.0f} %", 100 * settings.drawdown_target), drawdown_status});

  std::size_t won = 0, moved = 0;
  for (const ReportDay& day : r.daily) moved += day.profit != 0, won += day.profit > 0;
  const double share = moved > 0 ? static_cast<double>(won) / static_cast<double>(moved) : 0;
  const double error = moved > 0 ? 1.96 * std::sqrt(0.25 / static_cast<double>(moved)) : 1;
  const Verdict winning_status = moved == 0                                     ? Verdict::NotMet
                                 : share - error > settings.winning_target      ? Verdict::Met
                                 : share + error < settings.winning_target      ? Verdict::NotMet
                                 : moved < 250                                  ? Verdict::NotEnoughData
                                 : share > settings.winning_target              ? Verdict::Met
                                                                                : Verdict::NotMet;
  r.targets.push_back({"winning days", fmt::format("{:.1f} %", 100 * share), fmt::format("{} of {} days", won, moved),
                       fmt::format("> {:.0f} %", 100 * settings.winning_target), winning_status});

  const Verdict deflated_status = r.years < 0.5 && e.deflated > 0.95 ? Verdict::NotEnoughData : e.deflated > 0.95 ? Verdict::Met : Verdict::NotMet;
  r.targets.push_back({"deflated Sharpe", fmt::format("{:.3f}", e.deflated),
                       fmt::format("{} trial{}, {:.1f} independent", e.trials, e.trials == 1 ? "" : "s", e.trials_effective), "> 0.95",
                       deflated_status});
  if (e.overfitting)
    r.targets.push_back({"overfitting", fmt::format("{:.2f}", *e.overfitting), fmt::format("{} splits", e.overfitting_splits), "< 0.20",
                         *e.overfitting < 0.20 ? Verdict::Met : Verdict::NotMet});
  if (r.series.size() > 1) {
    double best = -INFINITY;
    std::string name;
    for (std::size_t i = 1; i < r.series.size(); ++i)
      if (r.series[i].volatility > 0 && r.series[i].sharpe > best) best = r.series[i].sharpe, name = r.series[i].name;
    if (!name.empty())
      r.targets.push_back({"Sharpe above baselines", two(s.sharpe), name, fmt::format("> {}", two(best)),
                           s.sharpe > best ? (r.years < 0.5 ? Verdict::NotEnoughData : Verdict::Met)
                                           : (r.years < 0.5 ? Verdict::NotEnoughData : Verdict::NotMet)});
  }

  r.verdict = Verdict::Met;
  for (const ReportTarget& t : r.targets) {
    if (t.status == Verdict::NotMet && (t.name == "Sharpe" || t.name == "largest drawdown" || t.name == "winning days")) r.verdict = Verdict::NotMet;
    if (t.status == Verdict::NotMet && r.verdict == Verdict::Met) r.verdict = Verdict::NotMet;
    if (t.status == Verdict::NotEnoughData && r.verdict == Verdict::Met) r.verdict = Verdict::NotEnoughData;
  }
  // Three targets of the product decide; evidence that is missing outweighs evidence that is weak, a broken limit outweighs both.
  const bool short_record = r.targets[0].status == Verdict::NotEnoughData;
  if (short_record && r.targets[1].status != Verdict::NotMet) r.verdict = Verdict::NotEnoughData;
  const std::string_view word = r.verdict == Verdict::Met ? "TARGET MET" : r.verdict == Verdict::NotMet ? "TARGET NOT MET" : "NOT ENOUGH DATA";
  const auto length = r.years >= 0.5 ? fmt::format("{:.1f} years", r.years) : fmt::format("{} trading day{}", r.days, r.days == 1 ? "" : "s");
  r.verdict_line = quiet ? fmt::format("{}: nothing was traded in {}", word, length)
                         : fmt::format("{}: Sharpe {} ({} to {}) from {}; {}", word, two(s.sharpe), two(e.sharpe_low), two(e.sharpe_high), length, needed);

  if (quiet) {
    r.sentence = "No position was ever held, so there is nothing to judge.";
  } else if (r.verdict == Verdict::NotEnoughData) {
    r.sentence = fmt::format("{} cannot tell skill from luck: the interval of the Sharpe ratio is {:.1f} wide. {}.", length,
                             e.sharpe_high - e.sharpe_low, e.years_needed ? fmt::format("At this Sharpe ratio {}", needed)
                                                                          : "What was made is not above zero, and no length of history makes that a skill");
  } else {
    r.sentence = fmt::format("{:.1f} % of {} resampled histories reach a Sharpe ratio of {:.1f}, {:.1f} % stay inside {:.0f} % drawdown. "
                             "{}",
                             100 * e.reach_sharpe, e.histories, settings.sharpe_target, 100 * e.reach_drawdown, 100 * settings.drawdown_target,
                             s.sharpe >= 0.1 ? fmt::format("Expect about half of {:.2f} live.", s.sharpe)
                             : r.end_equity < r.start_equity ? "It lost money."
                                                             : "It made next to nothing.");
  }
}

}  // namespace

Sampled sampled(const Record& r) {
  Sampled s;
  if (r.times.empty()) return s;
  std::vector<std::size_t> last_of_date;
  for (std::size_t i = 0; i < r.times.size(); ++i)
    if (i + 1 == r.times.size() || r.dates[i + 1] != r.dates[i]) last_of_date.push_back(i);
  const bool crypto = always_open(r);
  s.daily = last_of_date.size() >= days_for_daily;
  s.at.push_back(0);
  if (s.daily) {
    s.periods_per_year = crypto ? 365 : 252;
    for (const std::size_t i : last_of_date)
      if (i > 0) s.at.push_back(i);
  } else {
    const double samples_a_day = static_cast<double>(r.times.size()) / static_cast<double>(last_of_date.size());
    s.periods_per_year = crypto ? 365 * 86'400 / r.sample.seconds() : 252 * samples_a_day;
    for (std::size_t i = 1; i < r.times.size(); ++i) s.at.push_back(i);
  }
  s.returns = returns_of(at_points(r.equity, s.at));
  return s;
}

Trial trial_of(const Record& record, const ReportSettings& settings, std::string_view at) {
  const Sampled s = sampled(record);
  const TrackRecord t = track_record(s.returns);
  return {.at = std::string(at), .name = settings.title, .config = settings.config, .data = settings.data, .commands = record.commands,
          .n = s.returns.size(), .periods_per_year = s.periods_per_year, .sharpe = t.sharpe, .skew = t.skew, .kurtosis = t.kurtosis,
          .total = total_return(s.returns), .drawdown = drawdown(s.returns).depth, .returns = thinned(s.returns, trial_returns_max)};
}

Report report(const Record& record, const ReportSettings& settings, const LedgerContents& ledger) {
  Report r;
  const Sampled s = sampled(record);
  r.title = settings.title;
  r.config = settings.config;
  r.data = settings.data;
  r.commands = record.commands;
  r.data_note = settings.data_note;
  r.events = record.events;
  r.n = s.returns.size();
  r.periods_per_year = s.periods_per_year;
  r.years = s.periods_per_year > 0 ? static_cast<double>(r.n) / s.periods_per_year : 0;
  r.period = s.daily ? "day" : fmt::format("{:g} s", record.sample.seconds());
  for (const Instrument& i : record.instruments) r.symbols.emplace_back(i.symbol.view());
  if (!record.times.empty()) {
    r.from = robo::to_text(record.times.front());
    r.to = robo::to_text(record.times.back());
    r.start_equity = record.equity.front();
    r.end_equity = record.equity.back();
  }
  r.daily = detail::daily(record);
  r.days = r.daily.size();
  r.costs = detail::costs(record, r.years);
  r.trades = detail::trades(record);
  r.months = detail::months(record);
  r.strategies = detail::strategies(record);
  r.denials = detail::denials(record);
  r.fills = detail::last_fills(record, 500);
  r.fills_total = record.fills.size();

  const double cost_bp = settings.cost_bp > 0 ? settings.cost_bp : r.costs.commission_bp;
  const auto lines = baselines(record, cost_bp);
  r.series.push_back(series_of(settings.title, s.returns, s.periods_per_year));
  for (const Baseline& b : lines) r.series.push_back(series_of(b.name, returns_of(at_points(b.growth, s.at)), s.periods_per_year));

  const Resampled histories = resample(s.returns, s.periods_per_year,
                                       {.histories = settings.histories, .seed = settings.seed, .sharpe_target = settings.sharpe_target,
                                        .drawdown_target = settings.drawdown_target});
  r.evidence = evidence_of(s, settings, ledger, histories, r);
  for (const double bp : {0.0, 1.0, 2.0, 5.0, 10.0}) {
    const auto returns = detail::returns_at_cost(record, s.at, bp);
    r.cost_ladder.push_back({bp, sharpe(returns, s.periods_per_year), total_return(returns)});
  }
  for (const std::size_t lag : {0u, 1u, 2u, 5u}) {
    const auto returns = detail::lagged_returns(record, s.at, lag);
    r.lag_test.push_back({static_cast<double>(lag), sharpe(returns, s.periods_per_year), total_return(returns)});
  }
  r.noise = detail::noise(record, s, settings.noise_draws, settings.seed);
  detail::add_curves(r.curves, record, s, lines, histories, curve_points);
  judge(r, summarize(s.returns, s.periods_per_year), settings);
  r.caveats = detail::caveats(r, record);
  // Worst first: a reader should meet them before the average.
  std::stable_sort(r.daily.begin(), r.daily.end(), [](const ReportDay& a, const ReportDay& b) { return a.share < b.share; });
  if (r.daily.size() > 260) r.daily.resize(260);
  return r;
}

}  // namespace robo::research
