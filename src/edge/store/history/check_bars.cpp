#include <algorithm>
#include <cmath>
#include <fmt/core.h>
#include <map>
#include <set>

#include "edge/store/history/findings.hpp"

namespace robo::store::history {

namespace {

constexpr Duration day_length = hours(24);
constexpr std::size_t neighbours = 25;      // on each side of a price that is judged
constexpr double spike_in_deviations = 12;  // of the usual step; and in parts of the price:
constexpr double spike_intraday = 0.02, spike_daily = 0.10;
constexpr double jump = 0.40;
constexpr double pseudo_share = 0.05;       // as the importer: above it, the dates of a file are not real
constexpr double chance = 13.8;             // ln(1e6): a run of quiet minutes rarer than one in a million is a hole

Date utc_day(Timestamp at) { return {static_cast<std::int32_t>((at.ns >= 0 ? at.ns : at.ns - day_length.ns + 1) / day_length.ns)}; }

std::string at_text(const BarRecord& bar) { return bar.period >= day_length ? to_text(utc_day(bar.start + hours(12))) : to_text(bar.start); }

std::string price_text(Price p) { return to_text(p); }

double median_of(std::vector<double>& values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// The usual step from one close to the next around `at`: the median of absolute differences, over 0.6745 as for a normal.
double usual_step(const std::vector<double>& closes, std::size_t at) {
  std::vector<double> steps;
  const std::size_t from = at > neighbours ? at - neighbours : 1, until = std::min(closes.size(), at + neighbours + 1);
  for (std::size_t i = from; i < until; ++i)
    if (i != at && i != at + 1) steps.push_back(std::abs(closes[i] - closes[i - 1]));
  return median_of(steps) / 0.6745;
}

struct DayOf {
  const Calendar* calendar{};
  bool daily{};
  /// The market's own day of a bar.
  Date operator()(const BarRecord& bar) const {
    if (daily) return utc_day(bar.start + hours(12));
    if (calendar == nullptr) return utc_day(bar.start);
    return calendar->trade_date(bar.start).value_or(calendar->zone().to_local(bar.start).date);
  }
};

void judge_order(std::span<const BarRecord> rows, std::span<const std::size_t> file_starts, const DayOf& day, Findings& findings) {
  std::size_t file = 0;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    while (file < file_starts.size() && file_starts[file] < i) ++file;
    if (file < file_starts.size() && file_starts[file] == i) continue;
    if (rows[i].start < rows[i - 1].start) findings.add(Fault::OutOfOrder, true, fmt::format("{} after {}", at_text(rows[i]), at_text(rows[i - 1])), day(rows[i]));
  }
}

/// Files written from doubles of less digits differ in the seventh figure and mean the same price.
bool same_price(Price a, Price b) { return std::abs(a.to_double() - b.to_double()) <= 1e-6 * std::abs(a.to_double()); }

bool same_numbers(const BarRecord& a, const BarRecord& b) {
  return same_price(a.open, b.open) && same_price(a.high, b.high) && same_price(a.low, b.low) && same_price(a.close, b.close) &&
         (a.volume == b.volume || !a.volume_known || !b.volume_known);
}

/// In order of time, each start once.
std::vector<BarRecord> ordered(std::span<const BarRecord> rows, const DayOf& day, Findings& findings) {
  std::vector<BarRecord> out(rows.begin(), rows.end());
  std::ranges::stable_sort(out, {}, &BarRecord::start);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (kept > 0 && out[kept - 1].start == out[i].start) {
      const bool same = same_numbers(out[kept - 1], out[i]);
      findings.add(same ? Fault::Duplicate : Fault::Conflict, true,
                   same ? at_text(out[i]) : fmt::format("{}: closes {} and {}", at_text(out[i]), price_text(out[kept - 1].close), price_text(out[i].close)), day(out[i]));
      continue;
    }
    out[kept++] = out[i];
  }
  out.resize(kept);
  return out;
}

void judge_numbers(const std::vector<BarRecord>& rows, const DayOf& day, Findings& findings) {
  std::uint64_t equal = 0, unknown = 0;
  for (const BarRecord& bar : rows) {
    if (bar.open.is_zero() || bar.high.is_zero() || bar.low.is_zero() || bar.close.is_zero()) findings.add(Fault::ZeroMeansUnknown, true, fmt::format("{}: a price is 0", at_text(bar)), day(bar));
    else if (bar.volume_known && bar.volume.is_zero() && bar.high != bar.low) findings.add(Fault::ZeroMeansUnknown, true, fmt::format("{}: volume 0, yet prices from {} to {}", at_text(bar), price_text(bar.low), price_text(bar.high)), day(bar));
    if (bar.high < std::max(bar.open, bar.close) || bar.low > std::min(bar.open, bar.close) || bar.volume.raw < 0)
      findings.add(Fault::Inconsistent, true, fmt::format("{}: {} {} {} {}", at_text(bar), price_text(bar.open), price_text(bar.high), price_text(bar.low), price_text(bar.close)), day(bar));
    if (bar.low.raw < 0) findings.add(Fault::Negative, false, fmt::format("{}: {}", at_text(bar), price_text(bar.low)));
    unknown += !bar.volume_known;
    equal += bar.open == bar.high && bar.high == bar.low && bar.low == bar.close;
  }
  if (unknown > 0) findings.add(Fault::UnknownVolume, false, fmt::format("{} to {}", at_text(rows.front()), at_text(rows.back())), {}, unknown);
  if (day.daily && equal > 0 && equal * 20 > rows.size())
    findings.add(Fault::EqualPrices, false, fmt::format("{} of {} bars", equal, rows.size()), {}, equal);
}

/// "2 for 1", "1 for 10", when a jump is near such a ratio.
std::string ratio_text(double from, double to) {
  if (from <= 0 || to <= 0) return {};
  const double ratio = from > to ? from / to : to / from;
  for (const double n : {2.0, 3.0, 4.0, 5.0, 7.0, 8.0, 10.0, 15.0, 20.0, 1.5})
    if (std::abs(ratio / n - 1) < 0.03) return n == 1.5 ? " (near 3 for 2)" : fmt::format(" (near {} for {})", from > to ? n : 1, from > to ? 1 : n);
  return {};
}

void judge_prices(const std::vector<BarRecord>& rows, const DayOf& day, Findings& findings) {
  const double least = day.daily ? spike_daily : spike_intraday;
  std::vector<double> closes;
  closes.reserve(rows.size());
  for (const BarRecord& bar : rows) closes.push_back(bar.close.to_double());
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const double before = closes[i - 1], here = closes[i], step = here - before, size = std::max(std::abs(before), std::abs(here));
    if (size == 0) continue;
    // A wick far outside its own bar: the prints between were wrong, though open and close are right.
    const double top = std::max(rows[i].open.to_double(), here), bottom = std::min(rows[i].open.to_double(), here);
    const double wick = std::max(rows[i].high.to_double() - top, bottom - rows[i].low.to_double());
    const bool wide = wick > least * size, moved = std::abs(step) > least * size;
    if (!wide && !moved) continue;
    const double usual = usual_step(closes, i);
    if (wide && wick > spike_in_deviations * usual) {
      findings.add(Fault::Outlier, true, fmt::format("{}: from {} to {} around a close of {}", at_text(rows[i]), price_text(rows[i].low), price_text(rows[i].high), price_text(rows[i].close)), day(rows[i]));
      continue;
    }
    if (!moved || std::abs(step) <= spike_in_deviations * usual) continue;
    const bool comes_back = i + 1 < rows.size() && std::abs(closes[i + 1] - before) < std::abs(step) / 3;
    if (comes_back) {
      findings.add(Fault::Outlier, true, fmt::format("{}: {} between {} and {}", at_text(rows[i]), price_text(rows[i].close), price_text(rows[i - 1].close), price_text(rows[i + 1].close)), day(rows[i]));
      ++i;  // the way back is no second one
    } else if (std::abs(step) > jump * std::max(std::abs(before), 1e-12)) {
      findings.add(Fault::Jump, false, fmt::format("{}: {} to {}{}", at_text(rows[i]), price_text(rows[i - 1].close), price_text(rows[i].close), ratio_text(before, here)), day(rows[i]));
    }
  }
}

void judge_days(const std::set<Date>& days, const Calendar& calendar, Findings& findings) {
  std::vector<Date> without;
  for (const Date d : days)
    if (calendar.covers(d) && !calendar.trades_on(d)) without.push_back(d);
  const bool made_up = static_cast<double>(without.size()) > pseudo_share * static_cast<double>(days.size());
  for (const Date d : without) findings.add(Fault::PseudoDate, made_up, to_text(d));
  if (made_up) return findings.say(Fault::PseudoDate, fmt::format("{} of {} days have no session: the dates are made up; never join them on a calendar", without.size(), days.size()));
  for (auto next = calendar.next_trading_day({days.begin()->days - 1}); next && *next <= *days.rbegin(); next = calendar.next_trading_day(*next))
    if (!days.contains(*next)) findings.add(Fault::MissingDay, true, to_text(*next), *next);
}

struct Slot {
  Date day{};
  std::size_t bars{}, have{};
  std::vector<bool> there{};
};

void judge_holes(const std::vector<BarRecord>& rows, Duration period, const DayOf& day, const Calendar& calendar, Findings& findings) {
  std::map<Date, Slot> slots;
  std::size_t expected = 0, have = 0;
  const auto slot_of = [&](Date d) -> Slot& {
    auto [found, fresh] = slots.try_emplace(d);
    if (!fresh) return found->second;
    found->second.day = d;
    if (const auto session = calendar.session(d))
      if (const auto regular = session->regular()) found->second.bars = static_cast<std::size_t>((regular->until - regular->from).ns / period.ns);
    found->second.there.resize(found->second.bars);
    expected += found->second.bars;
    return found->second;
  };
  for (const BarRecord& bar : rows) {
    const Date d = day(bar);
    Slot& slot = slot_of(d);
    const auto session = calendar.session(d);
    const auto regular = session ? session->regular() : std::nullopt;
    if (!regular || bar.start < regular->from || bar.start >= regular->until) continue;
    const auto index = static_cast<std::size_t>((bar.start - regular->from).ns / period.ns);
    if (index >= slot.there.size() || slot.there[index]) continue;
    slot.there[index] = true;
    ++slot.have;
    ++have;
  }
  if (expected == 0 || have == 0) return;
  const double density = std::min(static_cast<double>(have) / static_cast<double>(expected), 0.9999);
  const auto quiet_max = static_cast<std::size_t>(std::max({1.0, std::ceil(300.0 / std::max(period.seconds(), 1e-9)), std::ceil(chance / -std::log(1 - density))})) - 1;
  for (const auto& [d, slot] : slots) {
    const auto session = calendar.session(d);
    const auto regular = session ? session->regular() : std::nullopt;
    if (!regular || slot.have == 0) {
      if (regular && slot.bars > 0) findings.add(Fault::Hole, true, fmt::format("{}: nothing of the regular hours", to_text(d)), d);
      continue;
    }
    for (std::size_t i = 0; i < slot.bars;) {
      std::size_t end = i;
      while (end < slot.bars && !slot.there[end]) ++end;
      if (end - i > quiet_max) {
        const auto from = regular->from + period * static_cast<std::int64_t>(i);
        findings.add(Fault::Hole, true, fmt::format("{}: {} bars", to_text(from), end - i), d, end - i);
      }
      i = std::max(end, i) + 1;
    }
  }
}

/// How much of the rows' weight falls into regular hours when every clock is turned by `shift`, and how many when all is shut.
struct Hours {
  double regular{}, shut{};
};
Hours hours_of(const Calendar& calendar, std::span<const std::pair<Timestamp, double>> sample, Duration shift) {
  Hours out;
  double all = 0;
  for (const auto& [at, weight] : sample) {
    const auto phase = calendar.phase_at(at + shift);
    all += weight;
    if (!phase || phase->phase == TradingPhase::Closed) out.shut += weight;
    else if (phase->phase == TradingPhase::Regular) out.regular += weight;
  }
  if (all > 0) out.regular /= all, out.shut /= all;
  return out;
}

}  // namespace

void judge_zone(const Calendar& calendar, std::span<const std::pair<Timestamp, double>> rows, std::string_view where, Findings& findings) {
  constexpr std::size_t sampled = 500;
  std::vector<std::pair<Timestamp, double>> sample;
  const std::size_t step = std::max<std::size_t>(1, rows.size() / sampled);
  for (std::size_t i = 0; i < rows.size(); i += step) sample.push_back(rows[i]);
  if (sample.size() < 20) return;
  const Hours now = hours_of(calendar, sample, {});
  if (now.shut < 0.01 && now.regular > 0.92) return;
  Hours best = now;
  int turned = 0;
  for (int h = -14; h <= 14; ++h) {
    const Hours one = hours_of(calendar, sample, hours(h));
    if (one.regular - one.shut > best.regular - best.shut + 1e-9) best = one, turned = h;
  }
  const auto percent = [](double part) { return fmt::format("{:.1f} %", part * 100); };
  if (turned != 0 && best.regular - best.shut > now.regular - now.shut + 0.08) {
    findings.add(Fault::TimeZone, true, std::string(where), {}, rows.size());
    findings.say(Fault::TimeZone, fmt::format("{} of the trading lies in the regular hours; with every time {} by {} h it would be {}: is the zone right?", percent(now.regular),
                                              turned > 0 ? "later" : "earlier", std::abs(turned), percent(best.regular)));
  } else if (now.shut > 0.01) {
    findings.add(Fault::TimeZone, false, std::string(where), {}, static_cast<std::uint64_t>(now.shut * static_cast<double>(rows.size())));
    findings.say(Fault::TimeZone, fmt::format("about {} of the trading lies at times when {} is shut", percent(now.shut), calendar.name()));
  }
}

void check_bars(std::string_view symbol, Duration period, std::span<const BarRecord> rows, std::span<const std::size_t> file_starts, const Calendar* calendar,
                std::vector<Finding>& out) {
  if (rows.empty()) return;
  const bool daily = period >= day_length;
  const DayOf day{calendar, daily};
  Findings findings(symbol, daily ? daily_kind : kind_of<BarRecord>, words_of(period), out);
  judge_order(rows, file_starts, day, findings);
  const auto sorted = ordered(rows, day, findings);
  judge_numbers(sorted, day, findings);
  judge_prices(sorted, day, findings);
  if (calendar == nullptr || period > day_length) return;
  std::set<Date> days;
  for (const BarRecord& bar : sorted) days.insert(day(bar));
  if (daily) return judge_days(days, *calendar, findings);
  // What falls on no session belongs to the next one by trade date: the wall clock's day tells pseudo-dates.
  std::set<Date> on_the_clock;
  for (const BarRecord& bar : sorted) on_the_clock.insert(calendar->zone().to_local(bar.start).date);
  std::vector<Date> without;
  for (const Date d : on_the_clock)
    if (calendar->covers(d) && !calendar->trades_on(d) && !calendar->trades_on({d.days + 1})) without.push_back(d);
  if (static_cast<double>(without.size()) > pseudo_share * static_cast<double>(on_the_clock.size())) return judge_days(on_the_clock, *calendar, findings);
  judge_days(days, *calendar, findings);
  std::vector<std::pair<Timestamp, double>> weights;
  for (const BarRecord& bar : sorted) weights.emplace_back(bar.start, bar.volume_known ? bar.volume.to_double() : 1.0);
  judge_zone(*calendar, weights, fmt::format("{} to {}", to_text(sorted.front().start), to_text(sorted.back().start)), findings);
  judge_holes(sorted, period, day, *calendar, findings);
}

}  // namespace robo::store::history
