#include "research/report_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "research/bootstrap.hpp"
#include "research/series.hpp"

namespace robo::research::detail {
namespace {

constexpr std::int64_t day_ns = 86'400'000'000'000;

struct Civil {
  int year = 0;
  int month = 0;
};
Civil civil(Date date) {
  const std::string text = robo::to_text(date);  // 2018-01-02
  return {std::stoi(text.substr(0, 4)), std::stoi(text.substr(5, 2))};
}

/// Trade date a moment belongs to, by the samples around it.
Date date_at(const Record& r, Timestamp at) {
  const auto next = std::lower_bound(r.times.begin(), r.times.end(), at);
  if (r.dates.empty()) return {static_cast<std::int32_t>(at.ns / day_ns)};
  return next == r.times.end() ? r.dates.back() : r.dates[static_cast<std::size_t>(next - r.times.begin())];
}

double multiplier(const Record& r, std::size_t instrument) { return static_cast<double>(r.instruments[instrument].multiplier); }

}  // namespace

std::vector<ReportDay> daily(const Record& r) {
  std::vector<ReportDay> days;
  std::map<std::int32_t, std::uint64_t> fills;
  for (const FillRow& fill : r.fills) ++fills[date_at(r, fill.at).days];
  double start = r.equity.empty() ? 0 : r.equity.front(), commissions = 0, peak = start;
  ReportDay day;
  for (std::size_t i = 0; i < r.times.size(); ++i) {
    peak = std::max(peak, r.equity[i]);
    if (peak > 0) day.drawdown = std::min(day.drawdown, r.equity[i] / peak - 1);
    if (i + 1 < r.times.size() && r.dates[i + 1] == r.dates[i]) continue;
    day.date = robo::to_text(r.dates[i]);
    day.profit = r.equity[i] - start;
    day.share = start > 0 ? day.profit / start : 0;
    day.commissions = r.commissions[i] - commissions;
    const auto found = fills.find(r.dates[i].days);
    day.fills = found == fills.end() ? 0 : found->second;
    days.push_back(day);
    start = peak = r.equity[i];
    commissions = r.commissions[i];
    day = {};
  }
  return days;
}

std::vector<ReportMonth> months(const Record& r) {
  std::vector<ReportMonth> out;
  if (r.times.empty()) return out;
  double month_start = r.equity.front(), year_start = month_start;
  for (std::size_t i = 0; i < r.times.size(); ++i) {
    const bool last = i + 1 == r.times.size();
    const Civil now = civil(r.dates[i]);
    const Civil next = last ? Civil{} : civil(r.dates[i + 1]);
    if (!last && next.month == now.month && next.year == now.year) continue;
    out.push_back({now.year, now.month, month_start > 0 ? r.equity[i] / month_start - 1 : 0});
    month_start = r.equity[i];
    if (!last && next.year == now.year) continue;
    out.push_back({now.year, 0, year_start > 0 ? r.equity[i] / year_start - 1 : 0});
    year_start = r.equity[i];
  }
  return out;
}

ReportCosts costs(const Record& r, double years) {
  ReportCosts c;
  if (r.times.empty()) return c;
  c.commissions = r.commissions.back();
  c.traded = r.traded.back();
  for (const FillRow& fill : r.fills)
    if (fill.arrival > 0) c.slippage += sign(fill.side) * (fill.price - fill.arrival) / fill.price * fill.notional;
  if (c.traded > 0) {
    c.commission_bp = 1e4 * c.commissions / c.traded;
    c.slippage_bp = 1e4 * c.slippage / c.traded;
  }
  c.net_profit = r.equity.back() - r.equity.front();
  c.gross_profit = c.net_profit + c.commissions;
  double equity = 0, gross = 0;
  std::size_t in = 0;
  for (std::size_t i = 0; i < r.times.size(); ++i) {
    equity += r.equity[i];
    gross += r.equity[i] > 0 ? r.gross[i] / r.equity[i] : 0;
    bool holding = false;
    for (const auto& positions : r.positions) holding = holding || positions[i] != 0;
    in += holding;
  }
  const auto n = static_cast<double>(r.times.size());
  if (years > 0 && equity > 0) c.turnover_year = c.traded / (equity / n) / years;
  c.exposure = gross / n;
  c.in_market = static_cast<double>(in) / n;
  return c;
}

ReportTrades trades(const Record& r) {
  ReportTrades t{.orders = r.orders, .modifications = r.modifications, .cancellations = r.cancellations, .rejections = r.rejections,
                 .fills = r.fills.size()};
  double gains = 0, losses = 0, held = 0;
  std::uint64_t wins = 0, lost = 0;
  for (const auto& trip : round_trips(r)) {
    ++t.round_trips;
    held += (trip.to - trip.from).seconds();
    if (trip.realized > 0) gains += trip.realized, ++wins;
    if (trip.realized < 0) losses -= trip.realized, ++lost;
    t.best = t.round_trips == 1 ? trip.realized : std::max(t.best, trip.realized);
    t.worst = t.round_trips == 1 ? trip.realized : std::min(t.worst, trip.realized);
  }
  if (t.round_trips > 0) {
    t.hit_rate = static_cast<double>(wins) / static_cast<double>(t.round_trips);
    t.hold_s = held / static_cast<double>(t.round_trips);
  }
  if (losses > 0) t.profit_factor = gains / losses;
  if (wins > 0) t.average_win = gains / static_cast<double>(wins);
  if (lost > 0) t.average_loss = -losses / static_cast<double>(lost);
  return t;
}

std::vector<ReportStrategy> strategies(const Record& r) {
  std::vector<ReportStrategy> out;
  const auto add = [&](const StrategyTally& s, std::string_view name, std::string_view state) {
    out.push_back({.name = std::string(name), .state = std::string(state), .profit = s.realized + s.unrealized - s.commissions,
                   .realized = s.realized, .unrealized = s.unrealized, .commissions = s.commissions, .weight = s.weight,
                   .signals = s.signals, .fills = s.fills});
  };
  for (const StrategyTally& s : r.strategies) add(s, s.name, robo::to_text(s.state));
  if (r.nobody.fills > 0 || r.nobody.realized != 0 || r.nobody.commissions != 0) add(r.nobody, "none of them", "");
  return out;
}

std::vector<ReportDenial> denials(const Record& r) {
  std::vector<ReportDenial> out;
  for (std::size_t i = 0; i < r.denials.size(); ++i)
    if (r.denials[i] > 0) out.push_back({std::string(robo::to_text(static_cast<Denial>(i))), r.denials[i]});
  std::stable_sort(out.begin(), out.end(), [](const ReportDenial& a, const ReportDenial& b) { return a.count > b.count; });
  return out;
}

std::vector<ReportFill> last_fills(const Record& r, std::size_t most) {
  std::vector<ReportFill> out;
  for (std::size_t i = r.fills.size() > most ? r.fills.size() - most : 0; i < r.fills.size(); ++i) {
    const FillRow& f = r.fills[i];
    const bool known = f.instrument.value < r.instruments.size();
    out.push_back({.at = robo::to_text(f.at), .symbol = known ? std::string(r.instruments[f.instrument.value].symbol.view()) : "?",
                   .side = std::string(robo::to_text(f.side)), .purpose = std::string(robo::to_text(f.purpose)),
                   .strategy = f.lead.value < r.strategies.size() ? r.strategies[f.lead.value].name : "", .quantity = f.quantity,
                   .price = f.price,
                   .slippage_bp = f.arrival > 0 ? 1e4 * sign(f.side) * (f.price - f.arrival) / f.arrival : 0,
                   .realized = f.realized});
  }
  return out;
}

std::vector<double> returns_at_cost(const Record& r, const std::vector<std::size_t>& at, double bp) {
  std::vector<double> path;
  for (const std::size_t i : at) path.push_back(r.equity[i] + r.commissions[i] - bp / 1e4 * r.traded[i]);
  return returns_of(path);
}

std::vector<double> lagged_returns(const Record& r, const std::vector<std::size_t>& at, std::size_t lag) {
  if (r.times.empty()) return {};
  std::vector<double> path(r.times.size(), r.equity.front());
  for (std::size_t t = 1; t < r.times.size(); ++t) {
    double made = 0;
    for (std::size_t i = 0; i < r.instruments.size(); ++i) {
      const double held = t >= 1 + lag ? r.positions[i][t - 1 - lag] : 0;
      const double now = r.prices[i][t], before = r.prices[i][t - 1];
      if (held != 0 && std::isfinite(now) && std::isfinite(before)) made += held * (now - before) * multiplier(r, i);
    }
    path[t] = path[t - 1] + made;
  }
  std::vector<double> points;
  for (const std::size_t i : at) points.push_back(path[i]);
  return returns_of(points);
}

ReportNoise noise(const Record& r, const Sampled& s, std::uint64_t draws, std::uint64_t seed) {
  ReportNoise out;
  struct Moved {
    std::size_t place{};       // the first of s.at that feels it
    double most{};             // money between the mid of its spread and either side
  };
  std::vector<Moved> fills;
  for (const FillRow& fill : r.fills) {
    if (fill.half_spread <= 0 || fill.price == 0) continue;
    const auto place = std::lower_bound(s.at.begin(), s.at.end(), fill.at, [&](std::size_t at, Timestamp t) { return r.times[at] < t; });
    if (place != s.at.end()) fills.push_back({static_cast<std::size_t>(place - s.at.begin()), fill.notional * fill.half_spread / fill.price});
  }
  if (fills.empty() || s.returns.empty() || draws == 0) return out;
  Dice dice(seed);
  std::vector<double> sharpes, totals, path(s.at.size());
  for (std::uint64_t draw = 0; draw < draws; ++draw) {
    std::fill(path.begin(), path.end(), 0.0);
    for (const Moved& fill : fills) path[fill.place] += fill.most * (2 * dice.uniform() - 1);
    std::partial_sum(path.begin(), path.end(), path.begin());
    for (std::size_t k = 0; k < path.size(); ++k) path[k] += r.equity[s.at[k]];
    const auto returns = returns_of(path);
    sharpes.push_back(sharpe(returns, s.periods_per_year));
    totals.push_back(total_return(returns));
    out.losing += totals.back() < 0;
  }
  const auto at = [&](std::vector<double>& values, double share) {
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
  };
  out.draws = draws;
  out.losing /= static_cast<double>(draws);
  out.sharpe_low = at(sharpes, 0.05), out.sharpe_high = at(sharpes, 0.95);
  out.total_low = at(totals, 0.05), out.total_high = at(totals, 0.95);
  return out;
}

void add_curves(ReportCurves& c, const Record& r, const Sampled& s, const std::vector<Baseline>& lines, const Resampled& histories,
                std::size_t points) {
  if (s.at.empty()) return;
  const auto drawdowns = drawdown_path(s.returns);
  const double start = r.equity[s.at.front()];
  for (const Baseline& b : lines) c.baselines.push_back({b.name, {}});
  const std::size_t count = std::min(points, s.at.size());
  for (std::size_t k = 0; k < count; ++k) {
    const std::size_t place = count == 1 ? s.at.size() - 1 : k * (s.at.size() - 1) / (count - 1);
    const std::size_t i = s.at[place];
    c.times.push_back(static_cast<double>(r.times[i].ns) * 1e-9);
    c.growth.push_back(start != 0 ? r.equity[i] / start : 1);
    c.drawdown.push_back(place == 0 ? 0 : drawdowns[place - 1]);
    for (std::size_t b = 0; b < lines.size(); ++b) {
      const double base = lines[b].growth[s.at.front()];
      c.baselines[b].growth.push_back(base != 0 ? lines[b].growth[i] / base : 1);
    }
  }
  for (const std::size_t place : histories.places) c.band_times.push_back(static_cast<double>(r.times[s.at[place]].ns) * 1e-9);
  c.p05 = histories.p05;
  c.p25 = histories.p25;
  c.p75 = histories.p75;
  c.p95 = histories.p95;
}

std::vector<std::string> caveats(const Report& report, const Record& r) {
  std::vector<std::string> out;
  std::string rebuilt;
  for (const Instrument& i : r.instruments)
    if (i.origin == DataOrigin::ReconstructedFromBars) rebuilt += (rebuilt.empty() ? "" : ", ") + std::string(i.symbol.view());
  if (!rebuilt.empty()) out.push_back("Ticks reconstructed from bars, so spreads and queues are assumed, not observed: " + rebuilt + ".");
  out.push_back("Costs are the broker's commissions; slippage is what the simulated exchange took. The cost ladder replaces commissions only, the spread paid stays in.");
  if (report.years < 0.5)
    out.push_back(fmt::format("{} trading day{} of data: annual figures are extrapolations by a factor of {:.0f} and mean little.", report.days,
                              report.days == 1 ? "" : "s", report.years > 0 ? 1 / report.years : 0.0));
  if (report.lag_test.size() > 1 && report.lag_test[0].total > 0 && report.lag_test[1].total < 0.5 * report.lag_test[0].total)
    out.push_back("Half of the profit or more is gone when the same positions are taken one sample later: it depends on speed, or on an error.");
  if (report.noise.draws > 0 && report.series.front().total > 0 && report.noise.losing > 0.05)
    out.push_back(fmt::format("{:.0f} % of the runs lose when each fill is moved at random within its spread: the profit is no larger than the noise of the tick.",
                              100 * report.noise.losing));
  if (report.evidence.trials > 1)
    out.push_back(fmt::format("{} configurations were tried on this data; the best worthless one of them would show a Sharpe ratio of {:.2f}.",
                              report.evidence.trials, report.evidence.best_by_luck));
  return out;
}

}  // namespace robo::research::detail
