#include "apps/engine.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <fstream>

#include "apps/strategies.hpp"
#include "edge/config/config.hpp"

namespace robo::apps {

namespace {

// Room for instruments an account holds and this run does not trade: they are shown, and flattened when asked.
constexpr std::size_t strangers_max = 256;

runtime::DriveSettings drive_settings(const EngineOptions& options) {
  return {.keep_timers = options.keep_timers, .measure = options.measure};
}

}  // namespace

std::vector<Enlisted> enlist(const RunSettings& settings, std::span<const Instrument> instruments) {
  std::vector<Problem> problems;
  std::vector<Enlisted> enlisted;
  for (std::size_t i = 0; i < settings.strategies.size(); ++i) {
    const auto& wanted = settings.strategies[i];
    const auto complain = [&](std::string text) {
      problems.push_back({fmt::format("strategies[{}] ({}): {}", i, wanted.name, text)});
    };
    auto strategy = make_strategy(wanted.kind, wanted.name);
    if (!strategy) {
      complain(fmt::format("there is no such strategy; there are {}", strategy_names()));
      continue;
    }
    strategy::Enlistment terms{.universe = {}, .settings = {}, .running = wanted.running};
    for (const auto& symbol : wanted.universe) {
      const auto found = std::find_if(instruments.begin(), instruments.end(), [&](const Instrument& known) { return known.symbol.view() == symbol; });
      if (found != instruments.end()) terms.universe.push_back(found->id);
      // A demo or a back-test may play a part of the recorded markets; a live universe must be whole.
      else if (settings.mode != TradingMode::Demo && settings.mode != TradingMode::Backtest)
        complain(fmt::format("'{}' is not among the instruments of this run", symbol));
    }
    if (wanted.universe.empty())
      for (const auto& known : instruments) terms.universe.push_back(known.id);
    if (terms.universe.empty()) continue;
    for (const auto& [name, value] : wanted.parameters) terms.settings.push_back({name, value});
    enlisted.push_back({std::move(strategy), std::move(terms)});
  }
  if (settings.mode != TradingMode::Demo && settings.mode != TradingMode::Backtest)
    for (std::size_t i = 0; i < settings.order_flow.instruments.size(); ++i) {
      const auto& symbol = settings.order_flow.instruments[i].symbol;
      if (std::find_if(instruments.begin(), instruments.end(), [&](const Instrument& known) { return known.symbol.view() == symbol; }) == instruments.end())
        problems.push_back({fmt::format("order_flow.instruments[{}]: '{}' is not among the instruments of this run", i, symbol)});
    }
  if (!problems.empty()) throw config::ConfigError(std::move(problems));
  return enlisted;
}

namespace {

constexpr std::size_t sector_letters = sizeof(Instrument{}.sector.bytes);

/// What is wrong with [regime] and [risk] beyond single numbers.
void check_figures(const RunSettings& settings) {
  std::vector<Problem> problems;
  const auto& regime = settings.regime;
  if (regime.source == regime::Source::Hmm)
    if (const auto model = regime::model_of(regime.hmm); !model) problems.push_back(model.error());
  if (regime.history < regime.history_min) problems.push_back({"regime.history: at least history_min"});
  if (regime.leave > regime.enter) problems.push_back({"regime.leave: at most enter"});
  if (regime.appetite.leave > regime.appetite.enter) problems.push_back({"regime.appetite.leave: at most enter"});
  for (std::size_t i = 0; i < regime.appetite.pairs.size(); ++i) {
    const auto& pair = regime.appetite.pairs[i];
    const auto slash = pair.find('/');
    if (slash == std::string::npos || slash == 0 || slash + 1 == pair.size() || pair.find('/', slash + 1) != std::string::npos)
      problems.push_back({fmt::format("regime.appetite.pairs[{}]: '{}' is no pair; write \"SPY/TLT\", the risky one first", i, pair)});
  }
  if (!regime.rotation.members.empty() && regime.rotation.members.size() < regime::Rotation::members_min)
    problems.push_back({fmt::format("regime.rotation.members: a rotation has at least {} members, or none", regime::Rotation::members_min)});
  for (const auto& [symbol, sector] : settings.sectors)
    if (sector.empty() || sector.size() > sector_letters)
      problems.push_back({fmt::format("sectors.{}: a name of 1 to {} letters", symbol, sector_letters)});
  if (!problems.empty()) throw config::ConfigError(std::move(problems));
}

}  // namespace

KernelConfig kernel_config(const RunSettings& settings, std::size_t instruments) {
  check_figures(settings);
  return {.limits = settings.limits, .execution = settings.execution, .ensemble = settings.ensemble, .portfolio = settings.portfolio,
          .market = settings.market, .host = settings.host, .regime = settings.regime, .exposure = settings.risk, .instruments_max = instruments + strangers_max, .features = settings.order_flow};
}

Engine::Engine(const LoadedSettings& loaded, const EngineOptions& options, std::span<const Instrument> instruments, runtime::Gateway& gateway,
               runtime::Clock& clock)
    : settings_(loaded.settings),
      options_(options),
      instruments_(instruments.begin(), instruments.end()),
      kernel_(std::make_unique<Kernel>(kernel_config(settings_, instruments.size()), options.strategies ? options.strategies(instruments) : enlist(settings_, instruments))),
      drive_(*kernel_, gateway, clock, drive_settings(options)),
      started_(std::chrono::steady_clock::now()) {
  for (auto& instrument : instruments_)
    if (const auto sector = settings_.sectors.find(std::string(instrument.symbol.view())); sector != settings_.sectors.end()) instrument.sector = std::string_view(sector->second);
  if (!options_.journal.empty()) {
    auto opened = journal::Writer::open({.folder = options_.journal, .session = options_.session, .segment_size = std::size_t{settings_.journal_segment_mb} << 20, .patient = !options_.measure});
    if (!opened) throw std::runtime_error(opened.error().text);
    journal_ = std::move(*opened);
    std::ofstream text(options_.journal / "run.toml");
    text << loaded.text;
    text.close();
    if (!text) throw std::runtime_error(fmt::format("{}: cannot write run.toml", options_.journal.string()));
    drive_.record_with(*journal_);
  }
  drive_.add(summary_);
}

EngineStarted Engine::started() const {
  const bool simulated = options_.mode == TradingMode::Backtest || options_.mode == TradingMode::Demo;
  return {.session = options_.session, .mode = options_.mode, .armed = options_.armed, .account = std::string_view(options_.account),
          .base_currency = std::string_view(settings_.base_currency), .starting_cash = simulated ? settings_.starting_cash : Money{},
          .day_loss = options_.day_loss};
}

void Engine::start(Timestamp at, std::span<const OrderIntent> remembered) {
  const EngineStarted started_as = started();
  drive_.tell_at(at, Boxed<EngineStarted>{&started_as});
  for (const auto& instrument : instruments_) drive_.tell_at(at, Boxed<Instrument>{&instrument});
  for (const auto& intent : remembered) drive_.tell_at(at, Boxed<OrderIntent>{&intent});
  if (!kernel_->problems().empty()) throw config::ConfigError(kernel_->problems());
}

Summary Engine::finish(std::string_view exit_reason) {
  Summary out = summary_.summary();
  out.exit_reason = exit_reason;
  out.wall_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
  if (journal_) {
    out.journal = options_.journal.string();
    out.journal_records = journal_->records();
    out.journal_lost = journal_->lost();
  }
  const auto latency = [](const Histogram& h) {
    return SummaryLatency{h.count(), static_cast<double>(h.quantile(0.5)) / 1e3, static_cast<double>(h.quantile(0.99)) / 1e3, static_cast<double>(h.max()) / 1e3};
  };
  out.tick_to_order = latency(drive_.order_latency());
  out.event = latency(drive_.event_latency());
  return out;
}

}  // namespace robo::apps
