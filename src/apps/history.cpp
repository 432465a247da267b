#include "apps/history.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>

#include "runtime/clock.hpp"

namespace robo::apps {

namespace {

constexpr Duration day = hours(24), hour = hours(1), minute = minutes(1);
// A session of stocks has 6.5 hours of regular trading, the shortest ones a little over three; others have more.
constexpr std::int64_t hours_of_session = 6;
// A start waits for what one request of minutes holds, not for months of them.
constexpr int minute_days_max = 10, hour_days_max = 250, days_max = 1'250;

/// What IB keeps of each: plain TRADES is refused for coins (10299) and empty for currency pairs.
std::string history_kind(AssetClass asset_class) {
  if (asset_class == AssetClass::Crypto) return "AGGTRADES";
  return asset_class == AssetClass::Forex ? "MIDPOINT" : "TRADES";
}

/// Bars until the value is what a longer history would give, not only until there is one.
std::int64_t bars_for(const features::Spec& spec) {
  using enum features::Kind;
  const std::int64_t first = features::warm_up(spec);
  switch (spec.kind) {
    case Ema: case Rsi: case Macd: case MacdSignal: case MacdHistogram: case Atr: case Adx: case PlusDi: case MinusDi: return 4 * first;  // these remember for ever
    default: return first;
  }
}

/// Sessions it needs, of the same minutes of days before or of bars in a row.
std::int64_t sessions_for(const features::Spec& spec) {
  using enum features::Kind;
  if (spec.kind == VolumeZOfDay || spec.kind == UnusualActivity || spec.kind == OffExchangeZ) return features::days_for_deviation + 1;
  const auto length = spec.timeframe * bars_for(spec);
  return (length.ns + hour.ns * hours_of_session - 1) / (hour.ns * hours_of_session);
}

/// IB counts days of trading, others those of the calendar: enough for both.
std::string duration_of(int sessions) {
  const int days = sessions * 7 / 5 + 5;
  return days <= 365 ? fmt::format("{} D", days) : fmt::format("{} Y", (days + 364) / 365);
}

Timestamp end_of(const Bar& bar) { return bar.start + bar.period; }

class Sessions {
 public:
  explicit Sessions(const Calendar* calendar) : calendar_(calendar) {}
  [[nodiscard]] Date of(const Bar& bar) const {
    if (bar.period >= day) return named(bar);
    const auto date = calendar_ != nullptr ? calendar_->trade_date(bar.start) : std::nullopt;
    return date.value_or(Date{static_cast<std::int32_t>(bar.start.ns / day.ns)});
  }
  [[nodiscard]] Timestamp midnight(const Bar& bar) const { return calendar_ != nullptr ? calendar_->zone().to_utc({named(bar), {}}) : Timestamp{named(bar).days * day.ns}; }

 private:
  // IB names the day, and it arrives as midnight of that name.
  [[nodiscard]] static Date named(const Bar& bar) { return {static_cast<std::int32_t>((bar.start + hours(12)).ns / day.ns)}; }
  const Calendar* calendar_;
};

}  // namespace

HistoryPlan plan_history(std::span<const features::Spec> specs, int minute_days) {
  using enum features::Kind;
  HistoryPlan plan{.of_minutes = minute_days};
  const auto ask = [&](int& sessions, std::int64_t wanted, int most, const features::Spec& spec, std::string_view size) {
    if (wanted > most) plan.missing.push_back(fmt::format("{} needs {} sessions of {} bars, {} are fetched", features::to_text(spec), wanted, size, most));
    sessions = std::max(sessions, static_cast<int>(std::min<std::int64_t>(wanted, most)));
  };
  const auto in_hours = [](const features::Spec& spec) { return spec.timeframe >= hour && spec.timeframe.ns % hour.ns == 0; };
  // Minutes first: what they hold need not be asked for again. The session that runs is not counted on.
  for (const auto& spec : specs)
    if (spec.timeframe >= minute && spec.timeframe < day && !in_hours(spec)) ask(plan.of_minutes, sessions_for(spec) + 1, std::max(minute_days, minute_days_max), spec, "one-minute");
  for (const auto& spec : specs) {
    const bool prior = spec.kind == PriorHigh || spec.kind == PriorLow || spec.kind == PriorClose;
    if (prior || spec.timeframe >= day) ask(plan.of_days, prior ? 1 : bars_for(spec) * ((spec.timeframe.ns + day.ns - 1) / day.ns), days_max, spec, "daily");
    else if (in_hours(spec) && sessions_for(spec) + 1 > plan.of_minutes) ask(plan.of_hours, sessions_for(spec) + 1, hour_days_max, spec, "hourly");
  }
  // The first session of finer bars is told by the coarser ones.
  if (plan.of_hours > 0 || plan.of_days > 0) ++plan.of_minutes;
  if (plan.of_hours > 0 && plan.of_days > 0) ++plan.of_hours;
  return plan;
}

std::vector<Bar> each_session_once(PastBars bars, const Calendar* calendar, Timestamp now) {
  const Sessions sessions(calendar);
  for (Bar& bar : bars.days) bar.start = sessions.midnight(bar), bar.period = day;
  // Half past nine is told as a whole hour: bars start at multiples of their length.
  for (Bar& bar : bars.hours) bar.start.ns -= bar.start.ns % hour.ns, bar.period = hour;
  for (auto* const size : {&bars.days, &bars.hours, &bars.minutes}) std::erase_if(*size, [&](const Bar& bar) { return end_of(bar) > now; });

  const auto knows = [&](const std::vector<Bar>& size, Date date) { return std::ranges::any_of(size, [&](const Bar& bar) { return sessions.of(bar) == date; }); };
  const auto leave_first = [&](std::vector<Bar>& size, auto&& told_otherwise) {
    if (size.empty()) return;
    const Date first = sessions.of(size.front());
    if (sessions.of(size.back()) != first && told_otherwise(first)) std::erase_if(size, [&](const Bar& bar) { return sessions.of(bar) == first; });
  };
  const auto leave_from = [&](std::vector<Bar>& size, const std::vector<Bar>& finer) {
    if (!finer.empty()) std::erase_if(size, [&, from = sessions.of(finer.front())](const Bar& bar) { return sessions.of(bar) >= from; });
  };
  leave_first(bars.hours, [&](Date date) { return knows(bars.days, date); });
  leave_first(bars.minutes, [&](Date date) { return knows(bars.hours, date) || knows(bars.days, date); });
  leave_from(bars.hours, bars.minutes);
  auto& fine = bars.hours;
  fine.insert(fine.end(), bars.minutes.begin(), bars.minutes.end());
  leave_from(bars.days, fine);
  if (!bars.days.empty() && !fine.empty())
    // Where a session begins on the evening before, the last day must be over by then.
    for (const Duration earlier = std::max(Duration{}, end_of(bars.days.back()) - fine.front().start); Bar& bar : bars.days) bar.start = bar.start - earlier;
  bars.days.insert(bars.days.end(), fine.begin(), fine.end());
  return std::move(bars.days);
}

History fetch_history(const ib::ClientSettings& settings, runtime::Clock& clock, std::span<const ib::ContractSpec> contracts,
                      std::span<const Calendar* const> calendars, const HistoryPlan& plan, Duration patience, const std::function<void(double)>& progress) {
  struct Size {
    std::string_view name{}, word{};
    Duration period{};
    int sessions{};
    std::vector<Bar> PastBars::*place{};
  };
  const std::array sizes{Size{"1 day", "daily", day, plan.of_days, &PastBars::days}, Size{"1 hour", "hourly", hour, plan.of_hours, &PastBars::hours},
                         Size{"1 min", "one-minute", minute, plan.of_minutes, &PastBars::minutes}};
  struct Asked {
    bool resolved{};
    std::array<bool, 3> answered{};
    PastBars bars{};
  };
  History history{.missing = plan.missing};
  std::vector<Asked> asked(contracts.size());
  const auto each = static_cast<std::size_t>(std::ranges::count_if(sizes, [](const Size& size) { return size.sessions > 0; }));
  std::size_t answered = 0;
  ib::Client client(settings, clock);
  for (std::size_t i = 0; i < contracts.size(); ++i)
    client.want(InstrumentId{static_cast<std::uint32_t>(i)}, contracts[i], {.quotes = false});

  const auto begun = runtime::steady_ns(), give_up = begun + patience.ns;
  Event event;
  while (answered < contracts.size() * each && runtime::steady_ns() < give_up) {
    // Nobody there: the trading line will keep trying, this one need not.
    if (!client.link().is_up() && runtime::steady_ns() - begun > 3'000'000'000) {
      history.missing.push_back(fmt::format("no gateway at {}:{}: strategies start cold", settings.link.host, settings.link.port));
      return history;
    }
    if (!client.next(event)) {
      client.wait(milliseconds(5));
      continue;
    }
    const auto* resolved = std::get_if<Boxed<Instrument>>(&event.payload);
    if (resolved == nullptr || (*resolved)->id.value >= contracts.size() || asked[(*resolved)->id.value].resolved) continue;
    const auto id = (*resolved)->id;
    auto& one = asked[id.value];
    one.resolved = true;
    const bool always_open = (*resolved)->asset_class == AssetClass::Crypto || (*resolved)->asset_class == AssetClass::Forex;
    for (std::size_t s = 0; s < sizes.size(); ++s) {
      const Size& size = sizes[s];
      if (size.sessions == 0) continue;
      // Minutes are asked for as many days as before: IB counts those of trading, and more of them is what a start waits for.
      const auto duration = size.period == minute ? fmt::format("{} D", size.sessions) : duration_of(size.sessions);
      client.bars({.instrument = id, .duration = duration, .bar_size = std::string(size.name), .period = size.period,
                   .what = history_kind((*resolved)->asset_class), .regular_hours = !always_open},
                  [&, id, s](const auto& answer) {
                    ++answered;
                    asked[id.value].answered[s] = true;
                    progress(static_cast<double>(answered) / static_cast<double>(contracts.size() * each));
                    if (!answer) history.missing.push_back(fmt::format("{}: {} bars: {}", contracts[id.value].symbol, sizes[s].word, answer.error().text));
                    else asked[id.value].bars.*sizes[s].place = *answer;
                  });
    }
  }
  for (std::size_t i = 0; i < contracts.size(); ++i) {
    if (!asked[i].resolved) history.missing.push_back(fmt::format("{}: not resolved in time", contracts[i].symbol));
    else
      for (std::size_t s = 0; s < sizes.size(); ++s)
        if (sizes[s].sessions > 0 && !asked[i].answered[s]) history.missing.push_back(fmt::format("{}: {} bars did not come in time", contracts[i].symbol, sizes[s].word));
    const auto told = each_session_once(std::move(asked[i].bars), calendars[i], clock.now());
    if (!told.empty()) ++history.instruments;
    history.bars.insert(history.bars.end(), told.begin(), told.end());
    asked[i].bars = {};
  }
  const auto missing = std::move(history.missing);  // what ends with the line was told already
  client.stop("history is complete");
  while (client.next(event)) {
  }
  history.missing = missing;
  std::ranges::stable_sort(history.bars, {}, end_of);
  return history;
}

}  // namespace robo::apps
