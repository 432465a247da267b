#include "apps/data_fetch.hpp"

#include <algorithm>
#include <deque>
#include <fmt/core.h>

#include "edge/ib/time_text.hpp"
#include "edge/store/history/archive.hpp"
#include "edge/store/history/files.hpp"
#include "edge/store/parquet_file.hpp"
#include "runtime/clock.hpp"

namespace robo::apps {

namespace {

namespace history = store::history;

constexpr int attempts_max = 5;
constexpr int refused_max = 60, refused_pause_s = 20;    // of pacing: twenty minutes, twice IB's longest window
constexpr std::uint32_t partial_asked_max = 3;           // a thin name may trade no more before the bell: then that was the day
constexpr Duration tail_quiet = minutes(5);
constexpr std::int64_t second_ns = 1'000'000'000;

/// What IB keeps of each: plain TRADES is refused for coins (10299) and empty for currency pairs.
std::string kind_of(AssetClass asset_class) {
  if (asset_class == AssetClass::Crypto) return "AGGTRADES";
  return asset_class == AssetClass::Forex ? "MIDPOINT" : "TRADES";
}

bool says(const ib::Failure& failure, std::string_view words) { return failure.text.find(words) != std::string::npos; }

/// One day (a year of daily bars) of one symbol on its way.
struct Day {
  std::size_t target{};
  history::DayPlan plan{};
  std::string reason{};
  std::vector<Bar> bars{};
  std::vector<ib::PastTick> ticks{};
  Timestamp from{};                      // of the next page of ticks
  std::size_t open{};                    // requests without an answer yet
  std::string failed{};
};
struct Question {
  std::size_t day{}, request{};
  int attempts{}, refused{};
  std::int64_t not_before_ns{};
};

class Fetch {
 public:
  Fetch(const ib::ClientSettings& gateway, runtime::Clock& clock, const FetchSettings& settings, const std::vector<FetchTarget>& targets, const store::Calendars& calendars,
        history::Actions actions)
      : gateway_(gateway), settings_(settings), targets_(targets), calendars_(calendars), actions_(std::move(actions)), client_(gateway, clock), symbols_(targets.size()) {}

  Result<FetchOutcome, Problem> run(const std::atomic<bool>& stop, const std::function<void(const FetchProgress&)>& progress);

 private:
  struct Symbol {
    bool resolved{}, given_up{};
    Instrument instrument{};
    history::StateFile states{};
  };

  void resolved(const Instrument& instrument);
  void give_up(std::size_t target, const std::string& why);
  [[nodiscard]] bool wanted(const Symbol& symbol, const history::DayPlan& plan, const FetchTarget& target, std::string& reason) const;
  [[nodiscard]] bool there_already(const std::string& symbol, const history::DayPlan& plan) const;
  void ask_more();
  void answered(const Question& question, const Result<std::vector<Bar>, ib::Failure>& answer);
  void answered(const Question& question, const Result<std::vector<ib::PastTick>, ib::Failure>& answer);
  void failed(const Question& question, const ib::Failure& failure);
  void done(Day& day);
  void finish(Day& day);
  void finish_ticks(Day& day);
  [[nodiscard]] history::DayState state_of(const Day& day, std::string source, Timestamp now);
  template <class R>
  [[nodiscard]] Result<history::Put, Problem> put_ticks(const Day& day, const history::Origin& origin);
  [[nodiscard]] std::string kind() const { return !settings_.ticks.empty() ? settings_.ticks : settings_.size.period >= hours(24) ? std::string(store::daily_kind) : std::string(store::kind_of<store::BarRecord>); }
  [[nodiscard]] std::string series() const { return settings_.ticks.empty() ? std::string(settings_.size.name) : settings_.ticks; }
  void hear(const Event& event);
  [[nodiscard]] std::string budget_text() const;

  ib::ClientSettings gateway_;
  FetchSettings settings_;
  const std::vector<FetchTarget>& targets_;
  const store::Calendars& calendars_;
  history::Actions actions_;
  ib::Client client_;
  runtime::WallClock wall_;
  std::vector<Symbol> symbols_;
  std::deque<Day> days_;
  std::deque<Question> waiting_;
  std::size_t on_the_way_ = 0, days_done_ = 0;
  std::int64_t paused_until_ns_ = 0;
  std::optional<Problem> broken_{};      // the store: nothing more is asked
  FetchOutcome outcome_{};
  std::string last_text_{};
};

bool Fetch::there_already(const std::string& symbol, const history::DayPlan& plan) const {
  const auto parts = store::parts_of(settings_.root, {kind(), plan.day, symbol});
  if (!parts) return false;
  if (!settings_.ticks.empty()) return !parts->empty();
  for (const auto& path : *parts) {
    const auto part = store::summary_of(path);
    if (part && part->rows > 0 && part->shortest <= settings_.size.period && settings_.size.period <= part->longest) return true;
  }
  return false;
}

bool Fetch::wanted(const Symbol& symbol, const history::DayPlan& plan, const FetchTarget& target, std::string& reason) const {
  const auto* before = symbol.states.find(plan.day);
  const bool covered = before != nullptr && before->from <= plan.from && before->until >= plan.until;
  if (settings_.repair) {
    const auto asked = target.days.find(plan.day);
    if (asked == target.days.end()) return false;
    reason = asked->second;
    return settings_.again || !covered || (before->status != history::DayStatus::Empty && before->status != history::DayStatus::Confirmed);
  }
  if (settings_.again) return true;
  if (before == nullptr) return plan.from != plan.day || !there_already(target.symbol, plan);
  return !covered || before->status == history::DayStatus::Partial;
}

void Fetch::resolved(const Instrument& instrument) {
  const std::size_t index = instrument.id.value;
  if (index >= symbols_.size() || symbols_[index].resolved || symbols_[index].given_up) return;
  Symbol& symbol = symbols_[index];
  const FetchTarget& target = targets_[index];
  symbol.resolved = true;
  symbol.instrument = instrument;
  const auto found = calendars_.find(instrument.calendar.view());
  if (found == calendars_.end()) return give_up(index, fmt::format("there is no calendar '{}' for it", instrument.calendar.view()));
  symbol.states = history::StateFile::load(settings_.root, target.symbol, series());
  for (const auto& damaged : symbol.states.damaged()) outcome_.notes.push_back(damaged + ": asked for again");
  const bool always_open = instrument.asset_class == AssetClass::Crypto || instrument.asset_class == AssetClass::Forex;
  for (auto& plan : history::plan(found->second, settings_.size, settings_.from, settings_.until, settings_.regular_hours && !always_open)) {
    std::string reason;
    if (!wanted(symbol, plan, target, reason)) {
      ++outcome_.days_skipped;
      continue;
    }
    const std::size_t requests = plan.requests.size();
    const Timestamp opens = plan.opens;
    days_.push_back({.target = index, .plan = std::move(plan), .reason = std::move(reason), .from = opens, .open = requests});
    for (std::size_t r = 0; r < requests; ++r) waiting_.push_back({.day = days_.size() - 1, .request = r});
    ++outcome_.days;
  }
}

void Fetch::give_up(std::size_t target, const std::string& why) {
  Symbol& symbol = symbols_[target];
  if (symbol.given_up) return;
  symbol.given_up = true;
  symbol.resolved = true;
  outcome_.failed.push_back(fmt::format("{}: {}", targets_[target].symbol, why));
  std::erase_if(waiting_, [&](const Question& q) {
    if (days_[q.day].target != target) return false;
    Day& day = days_[q.day];
    day.failed = why;
    if (--day.open == 0) ++days_done_;
    return true;
  });
}

void Fetch::ask_more() {
  const auto now = runtime::steady_ns();
  if (broken_ || !client_.link().is_up() || now < paused_until_ns_) return;
  for (std::size_t i = 0; i < waiting_.size() && on_the_way_ < settings_.at_once;) {
    if (waiting_[i].not_before_ns > now) {
      ++i;
      continue;
    }
    const Question question = waiting_[i];
    waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(i));
    const Day& day = days_[question.day];
    const auto& request = day.plan.requests[question.request];
    const auto& symbol = symbols_[day.target];
    const bool always_open = symbol.instrument.asset_class == AssetClass::Crypto || symbol.instrument.asset_class == AssetClass::Forex;
    ++on_the_way_;
    ++outcome_.requests;
    last_text_ = fmt::format("{} {}", targets_[day.target].symbol, to_text(day.plan.day));
    if (!settings_.ticks.empty()) {
      client_.ticks({.instrument = symbol.instrument.id, .from = day.from, .what = settings_.ticks == "quotes" ? "BID_ASK" : "TRADES", .regular_hours = settings_.regular_hours && !always_open},
                    [this, question](const auto& answer) { answered(question, answer); });
      continue;
    }
    client_.bars({.instrument = symbol.instrument.id, .end = ib::utc_text(request.until), .duration = request.duration, .bar_size = std::string(settings_.size.name),
                  .period = settings_.size.period, .what = kind_of(symbol.instrument.asset_class), .regular_hours = settings_.regular_hours && !always_open},
                 [this, question](const auto& answer) { answered(question, answer); });
  }
}

void Fetch::done(Day& day) {
  if (--day.open > 0) return;
  ++days_done_;
  if (!day.failed.empty()) outcome_.failed.push_back(fmt::format("{} {}: {}", targets_[day.target].symbol, to_text(day.plan.day), day.failed));
  else if (settings_.ticks.empty()) finish(day);
  else finish_ticks(day);
}

void Fetch::answered(const Question& question, const Result<std::vector<Bar>, ib::Failure>& answer) {
  --on_the_way_;
  if (!answer) return failed(question, answer.error());
  Day& day = days_[question.day];
  const auto& request = day.plan.requests[question.request];
  for (const Bar& bar : *answer)
    if (bar.start >= request.from - hours(settings_.size.period >= hours(24) ? 14 : 0) && bar.start < request.until) day.bars.push_back(bar);
  done(day);
}

void Fetch::answered(const Question& question, const Result<std::vector<ib::PastTick>, ib::Failure>& answer) {
  --on_the_way_;
  if (!answer) return failed(question, answer.error());
  Day& day = days_[question.day];
  for (const auto& tick : *answer)
    if (tick.at >= day.from && tick.at < day.plan.closes) day.ticks.push_back(tick);
  // A page ends with a whole second: the next one begins with the second after it.
  if (answer->empty() || answer->back().at + seconds(1) >= day.plan.closes) return done(day);
  day.from = answer->back().at + seconds(1);
  waiting_.push_front({.day = question.day, .request = question.request});
}

void Fetch::failed(const Question& question, const ib::Failure& failure) {
  Day& day = days_[question.day];
  if (says(failure, "returned no data")) return done(day);
  if (symbols_[day.target].given_up) return void(--day.open == 0 && ++days_done_);
  if (failure.code == 200 || says(failure, "permissions") || failure.code == 321 || failure.code == 10299) {
    waiting_.push_front(question);  // it leaves with all the others of its symbol
    return give_up(day.target, failure.text);
  }
  if (says(failure, "pacing violation") && question.refused + 1 < refused_max) {
    // Somebody else's requests count too, and those of a run that was killed: ten minutes later there is room. Nothing is asked meanwhile.
    paused_until_ns_ = runtime::steady_ns() + refused_pause_s * second_ns;
    last_text_ = "IB's limits are used up by other requests: waiting";
    waiting_.push_front({.day = question.day, .request = question.request, .attempts = question.attempts, .refused = question.refused + 1});
    return;
  }
  if (question.attempts + 1 < attempts_max) {
    // A lost connection comes back by itself.
    waiting_.push_front({.day = question.day, .request = question.request, .attempts = question.attempts + 1, .refused = question.refused,
                         .not_before_ns = runtime::steady_ns() + (1LL << question.attempts) * second_ns});
    return;
  }
  day.failed = failure.code == 0 ? failure.text : fmt::format("{} ({})", failure.text, failure.code);
  done(day);
}

history::DayState Fetch::state_of(const Day& day, std::string source, Timestamp now) {
  const auto* before = symbols_[day.target].states.find(day.plan.day);
  return {.day = day.plan.day, .from = day.plan.from, .until = day.plan.until, .asked = before == nullptr ? 1 : before->asked + 1, .at = now,
          .source = fmt::format("{}, {}:{} {}", source, gateway_.link.host, gateway_.link.port, client_.account()), .reason = day.reason};
}

template <class R>
Result<history::Put, Problem> Fetch::put_ticks(const Day& day, const history::Origin& origin) {
  std::vector<R> rows;
  rows.reserve(day.ticks.size());
  for (const auto& tick : day.ticks) {
    if constexpr (std::is_same_v<R, store::TradeRecord>) {
      const auto& trade = std::get<Trade>(tick.tick);
      rows.push_back({.at = tick.at, .received_at = tick.at, .venue = trade.venue, .conditions = trade.conditions, .sale_conditions = tick.sale_conditions, .price = trade.price, .size = trade.size});
    } else {
      const auto& quote = std::get<Quote>(tick.tick);
      rows.push_back({.at = tick.at, .received_at = tick.at, .bid = quote.bid, .ask = quote.ask, .bid_size = quote.bid_size, .ask_size = quote.ask_size});
    }
  }
  return history::put_ticks<R>(settings_.root, {kind(), day.plan.day, targets_[day.target].symbol}, rows, origin);
}

void Fetch::finish_ticks(Day& day) {
  const auto now = wall_.now();
  const history::Origin origin{.source = fmt::format("IB {} {}", settings_.ticks, settings_.regular_hours ? "regular hours" : "all hours"), .repair = settings_.repair, .at = now};
  auto state = state_of(day, origin.source, now);
  state.status = history::DayStatus::Empty;
  if (!day.ticks.empty()) {
    const auto put = settings_.ticks == "quotes" ? put_ticks<store::QuoteRecord>(day, origin) : put_ticks<store::TradeRecord>(day, origin);
    if (!put) return void(broken_ = put.error());
    state.status = day.plan.closes > now ? history::DayStatus::Partial : history::DayStatus::Complete;
    state.rows = put->rows;
    state.added = put->added;
    state.replaced = put->replaced;
    outcome_.rows_added += put->added;
    outcome_.rows_changed += put->changed;
    outcome_.files_kept += put->replaced.size();
  }
  (state.status == history::DayStatus::Empty ? outcome_.empty : state.status == history::DayStatus::Partial ? outcome_.partial : outcome_.complete) += 1;
  if (auto wrong = symbols_[day.target].states.put(std::move(state))) broken_ = std::move(wrong);
  day.ticks = {};
}

void Fetch::finish(Day& day) {
  const FetchTarget& target = targets_[day.target];
  Symbol& symbol = symbols_[day.target];
  const bool daily = settings_.size.period >= hours(24);
  const auto& zone = calendars_.find(symbol.instrument.calendar.view())->second.zone();
  std::vector<store::BarRecord> records;
  for (const Bar& bar : day.bars) {
    store::BarRecord record{.start = bar.start, .period = bar.period, .open = bar.open, .high = bar.high, .low = bar.low, .close = bar.close, .volume = bar.volume,
                            .volume_known = bar.volume.is_positive()};
    if (daily) {
      // IB names the day; the store's daily bars begin at midnight of their market.
      const Date date{static_cast<std::int32_t>((bar.start + hours(12)).ns / hours(24).ns)};
      if (date < day.plan.from || date >= day.plan.until) continue;
      record.start = zone.to_utc({date, {}});
    }
    records.push_back(record);
  }
  std::ranges::stable_sort(records, {}, &store::BarRecord::start);
  const auto now = wall_.now();
  const bool adjusts = symbol.instrument.asset_class == AssetClass::Stock || symbol.instrument.asset_class == AssetClass::Etf;
  const history::Origin origin{.source = fmt::format("IB {} {} {}", kind_of(symbol.instrument.asset_class), settings_.size.name, settings_.regular_hours ? "regular hours" : "all hours"),
                               // IB's trades are adjusted for splits until the day they are asked for, never for dividends.
                               .adjusted = adjusts ? history::Basis(zone.to_local(now).date) : history::Basis{},
                               .repair = settings_.repair,
                               .at = now};
  auto state = state_of(day, origin.source, now);
  if (records.empty()) {
    state.status = history::DayStatus::Empty;
    ++outcome_.empty;
  } else {
    const auto put = history::put_bars(settings_.root, {kind(), day.plan.day, target.symbol}, settings_.size.period, records, origin, actions_);
    if (!put) {
      broken_ = put.error();
      return;
    }
    const auto ends = records.back().start + settings_.size.period;
    const bool short_tail = !daily && ends + std::max(tail_quiet, settings_.size.period) <= day.plan.closes;
    state.status = settings_.repair && put->added + put->changed + put->dropped == 0 ? history::DayStatus::Confirmed
                   : day.plan.closes > now || (short_tail && state.asked < partial_asked_max) ? history::DayStatus::Partial
                                                                                             : history::DayStatus::Complete;
    state.rows = put->rows;
    state.added = put->added;
    state.repaired = put->changed;
    state.replaced = put->replaced;
    outcome_.rows_added += put->added;
    outcome_.rows_changed += put->changed;
    outcome_.rows_dropped += put->dropped;
    outcome_.files_kept += put->replaced.size();
    (state.status == history::DayStatus::Confirmed ? outcome_.confirmed : state.status == history::DayStatus::Partial ? outcome_.partial : outcome_.complete) += 1;
  }
  if (auto wrong = symbol.states.put(std::move(state))) broken_ = std::move(wrong);
  day.bars = {};
}

void Fetch::hear(const Event& event) {
  if (const auto* instrument = std::get_if<Boxed<Instrument>>(&event.payload)) return resolved(**instrument);
  if (const auto* farm = std::get_if<DataFarmChanged>(&event.payload); farm != nullptr && farm->broken && farm->instrument.value < symbols_.size() && !symbols_[farm->instrument.value].resolved)
    give_up(farm->instrument.value, fmt::format("IB knows no such contract, or did not answer ({}): {}", farm->code, ib::to_text(targets_[farm->instrument.value].spec)));
}

std::string Fetch::budget_text() const {
  const auto budget = client_.budget();
  if (settings_.size.period > seconds(30) && settings_.ticks.empty()) return last_text_;
  return fmt::format("{}   {} of {} small requests in ten minutes{}", last_text_, budget.history_small.used, budget.history_small.max, budget.history_waiting.used > 0 ? ", waiting for room" : "");
}

Result<FetchOutcome, Problem> Fetch::run(const std::atomic<bool>& stop, const std::function<void(const FetchProgress&)>& progress) {
  for (std::size_t i = 0; i < targets_.size(); ++i) client_.want(InstrumentId{static_cast<std::uint32_t>(i)}, targets_[i].spec, {.quotes = false});
  auto last_up = runtime::steady_ns(), shown = std::int64_t{0};
  Event event;
  while (!stop && !broken_) {
    const bool all_resolved = std::ranges::all_of(symbols_, &Symbol::resolved);
    if (all_resolved && days_done_ == days_.size()) break;
    const auto now = runtime::steady_ns();
    if (client_.link().is_up()) last_up = now;
    else if (now - last_up > settings_.patience.ns)
      return fail(Problem{fmt::format("no gateway at {}:{} for {:.0f} s; {} of {} days are stored, the same command goes on from there", gateway_.link.host, gateway_.link.port,
                                      settings_.patience.seconds(), days_done_, days_.size())});
    ask_more();
    if (now - shown > second_ns / 4) {
      shown = now;
      progress({days_.empty() ? 0 : static_cast<double>(days_done_) / static_cast<double>(days_.size()), budget_text()});
    }
    if (client_.next(event)) hear(event);
    else client_.wait(milliseconds(5));
  }
  outcome_.interrupted = stop && !broken_;
  client_.stop("history is complete");
  if (broken_) return fail(*broken_);
  return outcome_;
}

}  // namespace

Result<FetchOutcome, Problem> fetch_history_into_store(const ib::ClientSettings& gateway, runtime::Clock& clock, const FetchSettings& settings, const std::vector<FetchTarget>& targets,
                                         const store::Calendars& calendars, const std::atomic<bool>& stop, const std::function<void(const FetchProgress&)>& progress) {
  auto lock = history::Lock::take(settings.root);
  if (!lock) return fail(lock.error());
  auto actions = history::Actions::load(settings.root);
  if (!actions) return fail(actions.error());
  Fetch fetch(gateway, clock, settings, targets, calendars, std::move(*actions));
  return fetch.run(stop, progress);
}

}  // namespace robo::apps
