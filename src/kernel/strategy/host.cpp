#include "kernel/strategy/host.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <exception>

#include "kernel/strategy/why.hpp"

namespace robo::strategy {
namespace {

constexpr std::int64_t second_ns = 1'000'000'000;

bool whole_steps(const Parameter& p) { return p.step >= 1.0 && p.step == std::floor(p.step) && p.least == std::floor(p.least); }

/// Why `value` cannot be the parameter's value; empty when it can.
FixedText<120> refusal(const Parameter& p, double value) {
  if (!std::isfinite(value)) return sentence<120>("{} must be a number between {} and {}", p.name, p.least, p.most);
  if (value < p.least || value > p.most) return sentence<120>("{} = {} is outside {} to {}", p.name, value, p.least, p.most);
  const double steps = (value - p.least) / p.step;
  if (whole_steps(p) && std::abs(steps - std::round(steps)) > 1e-9)
    return sentence<120>("{} = {} must be {} plus whole steps of {}", p.name, value, p.least, p.step);
  return {};
}

/// 59.99999999999999 of a file or a slider is 60.
double settled(const Parameter& p, double value) { return whole_steps(p) ? std::round(value) : value; }

/// What is wrong with a signal; empty when nothing is.
std::string_view fault_of(const Signal& s) {
  if (!std::isfinite(s.score) || std::abs(s.score) > 1) return "score is not a number from -1 to 1";
  if (!std::isfinite(s.confidence) || s.confidence < 0 || s.confidence > 1) return "confidence is not a number from 0 to 1";
  if (!std::isfinite(s.expected_return)) return "expected return is not a number";
  if (!std::isfinite(s.volatility) || s.volatility < 0) return "volatility is negative or not a number";
  if (!s.exit && s.horizon <= Duration{}) return "horizon is not positive";
  if (s.stop_distance.is_negative() || s.target_distance.is_negative()) return "stop or target distance is negative";
  return {};
}

}  // namespace

struct Host::Member {
  StrategyId id{};
  std::unique_ptr<Strategy> strategy;
  std::string name;
  std::vector<InstrumentId> universe;
  std::vector<Parameter> parameters;
  std::vector<double> values;
  std::vector<Duration> timeframes;
  StrategyState state = StrategyState::Stopped;
  std::int64_t second = INT64_MIN;      // event-time second the rate is counted in
  std::uint32_t signals_this_second = 0;
  std::uint64_t signals_raised = 0;
};

namespace {

class Enlisting final : public Declaration {
 public:
  Enlisting(std::span<const Instrument> instruments, std::span<const InstrumentId> universe, const Enlistment& enlistment,
            const Wishes& wishes)
      : instruments_(instruments), universe_(universe), enlistment_(enlistment), wishes_(wishes) {}

  features::Handle feature(const features::Spec& spec) override {
    return wishes_.feature ? wishes_.feature(spec, universe_) : features::Handle{};
  }
  std::size_t parameter(const Parameter& parameter) override {
    double value = parameter.value;
    for (const Setting& setting : enlistment_.settings)
      if (setting.name == parameter.name) {
        const auto why = refusal(parameter, setting.value);
        if (why.empty()) value = settled(parameter, setting.value);
        else problems.push_back({std::string(why.view())});
      }
    parameters.push_back(parameter);
    values.push_back(value);
    return parameters.size() - 1;
  }
  double value(std::size_t index) const override { return values.at(index); }
  void bars(Duration timeframe) override {
    if (std::find(timeframes.begin(), timeframes.end(), timeframe) != timeframes.end()) return;
    timeframes.push_back(timeframe);
    if (wishes_.bars) wishes_.bars(timeframe, universe_);
  }
  void books() override { wants_books = true; }
  std::span<const InstrumentId> universe() const override { return universe_; }
  const Instrument& instrument(InstrumentId id) const override { return instruments_[id.value]; }

  std::vector<Parameter> parameters;
  std::vector<double> values;
  std::vector<Duration> timeframes;
  std::vector<Problem> problems;
  bool wants_books = false;

 private:
  std::span<const Instrument> instruments_;
  std::span<const InstrumentId> universe_;
  const Enlistment& enlistment_;
  const Wishes& wishes_;
};

}  // namespace

Host::Host(std::span<const Instrument> instruments, Wishes wishes, HostLimits limits)
    : instruments_(instruments), wishes_(std::move(wishes)), limits_(limits), watchers_(instruments.size(), 0) {}
Host::~Host() = default;
Host::Host(Host&&) noexcept = default;

std::vector<Problem> Host::enlist(std::unique_ptr<Strategy> strategy, const Enlistment& enlistment) {
  const std::string name(strategy->name());
  std::vector<Problem> problems;
  const auto problem = [&](std::string text) { problems.push_back({fmt::format("strategy {}: {}", name, text)}); };

  for (const auto& member : members_)
    if (member->name == name) problem("there is already a strategy of this name");
  if (members_.size() == strategies_max) problem(fmt::format("an engine runs at most {} strategies", strategies_max));
  auto universe = enlistment.universe;
  std::sort(universe.begin(), universe.end());
  universe.erase(std::unique(universe.begin(), universe.end()), universe.end());
  if (universe.empty()) problem("its universe is empty; name at least one instrument");
  for (const InstrumentId id : universe) {
    if (id.value >= instruments_.size()) problem(fmt::format("instrument number {} of its universe does not exist", id.value));
    else if (std::popcount(watchers_[id.value]) >= static_cast<int>(limits_.strategies_per_instrument_max))
      problem(fmt::format("{} already has {} strategies, the most one instrument may have", instruments_[id.value].symbol.view(),
                          limits_.strategies_per_instrument_max));
  }
  if (!problems.empty()) return problems;

  Enlisting enlisting(instruments_, universe, enlistment, wishes_);
  try {
    strategy->declare(enlisting);
  } catch (const std::exception& error) {
    problem(fmt::format("it cannot be set up: {}", error.what()));
    return problems;
  }
  for (const Problem& refused : enlisting.problems) problem(refused.text);
  for (const Setting& setting : enlistment.settings)
    if (std::none_of(enlisting.parameters.begin(), enlisting.parameters.end(), [&](const Parameter& p) { return p.name == setting.name; })) {
      std::string known;
      for (const Parameter& p : enlisting.parameters) known += fmt::format("{}{}", known.empty() ? "" : ", ", p.name);
      problem(fmt::format("it has no parameter {}; its parameters are: {}", setting.name, known));
    }
  if (!problems.empty()) return problems;

  auto member = std::make_unique<Member>();
  member->id = StrategyId(static_cast<std::uint16_t>(members_.size()));
  member->strategy = std::move(strategy);
  member->name = name;
  member->universe = std::move(universe);
  member->parameters = std::move(enlisting.parameters);
  member->values = std::move(enlisting.values);
  member->timeframes = std::move(enlisting.timeframes);
  member->state = enlistment.running ? StrategyState::Running : StrategyState::Stopped;
  const auto bit = std::uint64_t{1} << member->id.value;
  for (const InstrumentId id : member->universe) watchers_[id.value] |= bit;
  if (enlisting.wants_books) wants_books_ |= bit;
  if (enlistment.running) running_ |= bit;
  members_.push_back(std::move(member));
  opinions_.reserve(members_.size() * Signals::per_event_max);
  return {};
}

void Host::start(Timestamp now, Facts& facts) {
  changes_.clear();
  facts.set_now(now);
  for (const auto& member : members_) set_state(*member, member->state, "start of the engine", facts);
}

void Host::set_state(Member& member, StrategyState state, std::string_view why, Facts& facts) {
  member.state = state;
  const auto bit = std::uint64_t{1} << member.id.value;
  if (state == StrategyState::Running) running_ |= bit;
  else running_ &= ~bit;
  const StrategyChanged change{.strategy = member.id, .state = state, .why = why};
  // A strategy can change at most twice in one call (started, then failed in reset): the last word stands.
  const auto same = std::find_if(changes_.begin(), changes_.end(), [&](const StrategyChanged& c) { return c.strategy == member.id; });
  if (same != changes_.end()) *same = change;
  else changes_.push_back(change);
  facts.add(change);
}

/// Checks what the strategy said; only a strategy without fault is heard.
void Host::take(Member& member, Timestamp now, Facts& facts) {
  if (signals_.items().empty()) return;
  if (signals_.overflowed()) {
    set_state(member, StrategyState::Failed, sentence<120>("runaway: more than {} signals in one event", Signals::per_event_max).view(), facts);
    return;
  }
  const std::int64_t second = now.ns / second_ns;
  if (second != member.second) {
    member.second = second;
    member.signals_this_second = 0;
  }
  member.signals_this_second += static_cast<std::uint32_t>(signals_.items().size());
  if (member.signals_this_second > limits_.signals_per_second_max) {
    set_state(member, StrategyState::Failed, sentence<120>("runaway: more than {} signals in one second", limits_.signals_per_second_max).view(),
              facts);
    return;
  }
  for (const Signal& signal : signals_.items()) {
    if (!std::binary_search(member.universe.begin(), member.universe.end(), signal.instrument)) {
      set_state(member, StrategyState::Failed,
                sentence<120>("signal for instrument {}, which is not in its universe", signal.instrument.value).view(), facts);
      return;
    }
    if (const auto fault = fault_of(signal); !fault.empty()) {
      set_state(member, StrategyState::Failed,
                sentence<120>("bad signal for {}: {} (score {}, confidence {})", instruments_[signal.instrument.value].symbol.view(), fault,
                         signal.score, signal.confidence).view(),
                facts);
      return;
    }
  }
  member.signals_raised += signals_.items().size();
  for (const Signal& signal : signals_.items()) {
    opinions_.push_back({member.id, signal});
    facts.add(SignalRaised{.strategy = member.id, .instrument = signal.instrument, .score = signal.exit ? 0.0 : signal.score,
                           .confidence = signal.confidence, .horizon = signal.horizon, .why = signal.why});
  }
}

template <class Ask>
std::span<const Opinion> Host::ask(Timestamp now, const World& world, std::uint64_t who, Facts& facts, Ask&& ask_one) {
  changes_.clear();
  opinions_.clear();
  for (who &= running_; who != 0; who &= who - 1) {
    Member& member = *members_[static_cast<std::size_t>(std::countr_zero(who))];
    signals_.clear();
    try {
      ask_one(member, View(now, world, member.values));
      take(member, now, facts);
    } catch (const std::exception& error) {
      set_state(member, StrategyState::Failed, sentence<120>("threw: {}", error.what()).view(), facts);
    } catch (...) {
      set_state(member, StrategyState::Failed, "threw something that is not an exception", facts);
    }
  }
  return opinions_;
}

std::span<const Opinion> Host::on_quote(Timestamp now, const World& world, const Quote& quote, Facts& facts) {
  return ask(now, world, watchers_[quote.instrument.value], facts,
             [&](Member& member, const View& view) { member.strategy->on_quote(view, quote, signals_); });
}

std::span<const Opinion> Host::on_trade(Timestamp now, const World& world, const Trade& trade, Facts& facts) {
  return ask(now, world, watchers_[trade.instrument.value], facts,
             [&](Member& member, const View& view) { member.strategy->on_trade(view, trade, signals_); });
}

std::span<const Opinion> Host::on_bar(Timestamp now, const World& world, const Bar& bar, Facts& facts) {
  return ask(now, world, watchers_[bar.instrument.value], facts, [&](Member& member, const View& view) {
    if (std::find(member.timeframes.begin(), member.timeframes.end(), bar.period) != member.timeframes.end())
      member.strategy->on_bar(view, bar, signals_);
  });
}

std::span<const Opinion> Host::on_book(Timestamp now, const World& world, InstrumentId instrument, Facts& facts) {
  return ask(now, world, watchers_[instrument.value] & wants_books_, facts,
             [&](Member& member, const View& view) { member.strategy->on_book(view, instrument, signals_); });
}

std::span<const Opinion> Host::on_phase(Timestamp now, const World& world, const PhaseChange& phase, Facts& facts) {
  return ask(now, world, watchers_[phase.instrument.value], facts,
             [&](Member& member, const View& view) { member.strategy->on_phase(view, phase, signals_); });
}

void Host::on_operator(Timestamp now, const OperatorInput& input, Facts& facts) {
  using enum OperatorAction;
  changes_.clear();
  facts.set_now(now);
  if (input.action != StartStrategy && input.action != StopStrategy && input.action != PauseStrategy && input.action != SetParameter) return;
  const auto refuse = [&](std::string_view why) { facts.add(Noted{.kind = NoteKind::OperatorAsked, .text = why}); };
  if (input.strategy.value >= members_.size()) return refuse(sentence<120>("there is no strategy number {}", input.strategy.value).view());
  Member& member = *members_[input.strategy.value];

  if (input.action == SetParameter) {
    const auto found = std::find_if(member.parameters.begin(), member.parameters.end(),
                                    [&](const Parameter& p) { return p.name == input.name.view(); });
    if (found == member.parameters.end()) return refuse(sentence<120>("{} has no parameter {}", member.name, input.name.view()).view());
    if (found->fixed)
      return refuse(sentence<120>("{}.{} shapes what is computed: set it in the configuration and start again", member.name, found->name).view());
    if (const auto why = refusal(*found, input.value); !why.empty()) return refuse(sentence<120>("{}: {}; unchanged", member.name, why.view()).view());
    double& value = member.values[static_cast<std::size_t>(found - member.parameters.begin())];
    facts.add(ParameterChanged{.strategy = member.id, .name = input.name, .before = value, .after = settled(*found, input.value), .who = input.who});
    value = settled(*found, input.value);
    return;
  }

  const StrategyState wanted = input.action == StartStrategy  ? StrategyState::Running
                               : input.action == StopStrategy ? StrategyState::Stopped
                                                              : StrategyState::Paused;
  if (member.state == wanted) return refuse(sentence<120>("{} is already {}", member.name, to_text(wanted)).view());
  if (wanted == StrategyState::Paused && member.state != StrategyState::Running)
    return refuse(sentence<120>("{} is {}; only a running strategy can be paused", member.name, to_text(member.state)).view());
  const bool afresh = wanted == StrategyState::Running && member.state != StrategyState::Paused;
  const auto why = input.reason.empty() ? sentence<120>("asked by {}", input.who.view())
                                        : sentence<120>("asked by {}: {}", input.who.view(), input.reason.view());
  set_state(member, wanted, why.view(), facts);
  if (!afresh) return;
  try {
    member.strategy->reset();
  } catch (const std::exception& error) {
    set_state(member, StrategyState::Failed, sentence<120>("threw in reset: {}", error.what()).view(), facts);
  } catch (...) {
    set_state(member, StrategyState::Failed, "threw in reset", facts);
  }
}

template <class Forget>
void Host::forget_all(Facts& facts, Forget&& forget) {
  changes_.clear();
  for (const auto& member : members_) {
    if (member->state != StrategyState::Running && member->state != StrategyState::Paused) continue;
    try {
      forget(*member->strategy);
    } catch (const std::exception& error) {
      set_state(*member, StrategyState::Failed, sentence<120>("threw while forgetting: {}", error.what()).view(), facts);
    } catch (...) {
      set_state(*member, StrategyState::Failed, "threw while forgetting", facts);
    }
  }
}

void Host::reset_all(Facts& facts) {
  forget_all(facts, [](Strategy& strategy) { strategy.reset(); });
}

void Host::begin_trading(Facts& facts) {
  forget_all(facts, [](Strategy& strategy) { strategy.begin_trading(); });
}

std::span<const StrategyChanged> Host::changes() const { return changes_; }
std::size_t Host::count() const { return members_.size(); }
StrategyState Host::state(StrategyId strategy) const { return members_[strategy.value]->state; }
std::string_view Host::name(StrategyId strategy) const { return members_[strategy.value]->name; }
std::span<const Parameter> Host::parameters(StrategyId strategy) const { return members_[strategy.value]->parameters; }
std::span<const double> Host::values(StrategyId strategy) const { return members_[strategy.value]->values; }
std::span<const InstrumentId> Host::universe(StrategyId strategy) const { return members_[strategy.value]->universe; }
std::uint64_t Host::signals(StrategyId strategy) const { return members_[strategy.value]->signals_raised; }

std::vector<Parameter> declared_parameters(Strategy& strategy) {
  // Two instruments: enough for every strategy, pairs included, to say what it takes.
  std::vector<Instrument> instruments(2);
  instruments[1].id = InstrumentId(1);
  const std::vector<InstrumentId> universe{InstrumentId(0), InstrumentId(1)};
  const Enlistment enlistment;
  const Wishes wishes;
  Enlisting enlisting(instruments, universe, enlistment, wishes);
  strategy.declare(enlisting);
  return enlisting.parameters;
}

}  // namespace robo::strategy
