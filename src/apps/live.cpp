#include "apps/live.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <optional>
#include <set>
#include <thread>

#include "apps/catalogue.hpp"
#include "apps/home.hpp"
#include "apps/terminal.hpp"
#include "edge/config/config.hpp"
#include "edge/serve/server.hpp"

namespace robo::apps {

namespace {

struct TypeName {
  AssetClass asset_class{};
  std::string_view type{};
  std::string_view calendar{};
};
constexpr TypeName type_names[] = {{AssetClass::Stock, "STK", "NYSE"},   {AssetClass::Etf, "STK", "NYSE"},  {AssetClass::Future, "FUT", "CME"},
                                   {AssetClass::Forex, "CASH", "FX"},    {AssetClass::Crypto, "CRYPTO", "24x7"}, {AssetClass::Index, "IND", "NYSE"},
                                   {AssetClass::Option, "OPT", "NYSE"}};

ib::ContractSpec spec_of(const ContractSettings& contract) {
  return {.symbol = contract.symbol, .type = contract.type, .exchange = contract.exchange, .primary_exchange = contract.primary_exchange,
          .currency = contract.currency, .expiry = contract.expiry, .con_id = contract.con_id};
}

Timestamp day_start(Timestamp now) {
  const std::int64_t day = hours(24).ns;
  return {now.ns - (now.ns % day + day) % day};
}

/// Somebody else's gateway, where one of its own is asked for.
class Borrowed final : public runtime::Gateway {
 public:
  explicit Borrowed(runtime::Gateway& inner) : inner_(inner) {}
  [[nodiscard]] bool next(Event& out) override { return inner_.next(out); }
  void send(const Command& command) override { inner_.send(command); }
  [[nodiscard]] bool finished() const override { return inner_.finished(); }
  void wait(Duration at_most) override { inner_.wait(at_most); }

 private:
  runtime::Gateway& inner_;
};

/// Bars of the past at the time they ended, with the sessions they fell into. The desk takes them in as they come: all at
/// once are more than its tap holds.
void warm_up(Engine& engine, const History& history, std::span<const Instrument> instruments, const std::vector<Calendar>& calendars, serve::Server* desk) {
  constexpr std::size_t at_once = 500;
  sim::SessionClock sessions(instruments, calendars);
  std::size_t told = 0;
  for (const auto& bar : history.bars) {
    if (desk != nullptr && told++ % at_once == 0) desk->absorb();
    const Timestamp end = bar.start + bar.period;
    PhaseChange change;
    for (Timestamp when; sessions.due() <= end && sessions.turn(end, change, when);) engine.drive().tell_at(std::max(when, bar.start), change);
    engine.drive().tell_at(end, Boxed<Bar>{&bar});
  }
}

}  // namespace

Instrument skeleton_of(const ContractSettings& contract, InstrumentId id) {
  Instrument out{.id = id, .contract = ContractId{contract.con_id}, .symbol = std::string_view(contract.symbol), .exchange = std::string_view(contract.exchange),
                 .primary_exchange = std::string_view(contract.primary_exchange), .currency = std::string_view(contract.currency),
                 .ticks = TickTable::flat(price(0, 1)), .size_increment = shares(1)};
  for (const auto& known : type_names) {
    if (known.type != contract.type) continue;
    out.asset_class = known.asset_class;
    out.calendar = known.calendar;
    break;
  }
  return out;
}

ContractSettings contract_of(const Instrument& instrument) {
  ContractSettings out{.symbol = std::string(instrument.symbol.view()), .exchange = std::string(instrument.exchange.view()),
                       .primary_exchange = std::string(instrument.primary_exchange.view()), .currency = std::string(instrument.currency.view())};
  for (const auto& known : type_names)
    if (known.asset_class == instrument.asset_class) out.type = known.type;
  return out;
}

ib::ClientSettings LiveRun::client_settings(const LiveSetup& setup) const {
  const auto& settings = loaded_.settings;
  const auto wall = [&](Duration d) { return Duration{static_cast<std::int64_t>(static_cast<double>(d.ns) * setup.speed)}; };
  ib::ClientSettings out;
  out.link.host = setup.host;
  out.link.port = setup.port;
  out.link.client_id = settings.gateway.client_id;
  out.link.version_max = settings.gateway.server_version_max;
  out.link.messages_per_second = static_cast<int>(settings.gateway.messages_per_second);
  out.limits.lines = static_cast<std::uint32_t>(settings.gateway.market_data_lines);
  // Deadlines are about the wall, also where the clock runs faster than it.
  out.link.connect_timeout = wall(out.link.connect_timeout);
  out.link.heartbeat = wall(settings.gateway.heartbeat);
  out.link.heartbeat_timeout = wall(out.link.heartbeat_timeout);
  out.link.backoff_first = wall(out.link.backoff_first);
  out.link.backoff_max = wall(out.link.backoff_max);
  out.request_timeout = wall(out.request_timeout);
  out.reconcile_timeout = wall(out.reconcile_timeout);
  out.orders_listed_every = wall(out.orders_listed_every);
  out.missing_end_timeout = wall(out.missing_end_timeout);
  out.stream_silence = wall(out.stream_silence);
  out.restart_guard = Duration{static_cast<std::int64_t>(settings.gateway.restart_guard_s * 1e9)};
  const auto moment = [](std::string_view name, const std::string& text) -> std::optional<ib::Recurring> {
    if (text.empty()) return std::nullopt;
    auto read = ib::Recurring::parse(text);
    if (!read) throw config::ConfigError({{fmt::format("gateway.{}: {}", name, read.error().text)}});
    return *read;
  };
  out.agenda.restart = moment("restart_at", settings.gateway.restart_at);
  out.agenda.second_factor = moment("second_factor_at", settings.gateway.second_factor_at);
  out.mode = setup.mode;
  out.account = settings.account;
  out.calendars = setup.calendars;
  out.armed = setup.armed;
  out.state_folder = std::filesystem::path(settings.state) / "ib";
  out.contract_cache = setup.mode == TradingMode::Demo ? std::filesystem::path{} : std::filesystem::path(settings.gateway.cache);
  return out;
}

namespace {

/// What the strategies of a run declare: of a kernel that only lives to be asked, since history comes before the first event.
std::vector<features::Spec> wanted_features(const LoadedSettings& loaded, const LiveSetup& setup, Timestamp now) {
  Kernel kernel(kernel_config(loaded.settings, setup.instruments.size()), setup.strategies ? setup.strategies(setup.instruments) : enlist(loaded.settings, setup.instruments));
  const auto out = std::make_unique<Commands>();
  Facts facts;
  for (const auto& instrument : setup.instruments) kernel.on({.at = now, .received_at = now, .payload = Boxed<Instrument>{&instrument}}, *out, facts);
  (void)kernel.problems();  // the engine's own kernel tells them
  std::vector<features::Spec> specs;
  for (std::size_t i = 0; i < kernel.features().size(); ++i) specs.push_back(kernel.features().spec(features::Handle{static_cast<std::uint16_t>(i)}));
  return specs;
}

/// Every instrument needs its line, and those with depth or tick by tick a stream of that kind: said before anything is asked for.
void refuse_without_lines(const LiveSetup& setup, const ib::Limits& limits) {
  const auto books = static_cast<std::size_t>(std::ranges::count_if(setup.contracts, [](const auto& c) { return c.depth_rows > 0; }));
  const auto ticks = static_cast<std::size_t>(std::ranges::count_if(setup.contracts, [](const auto& c) { return c.tick_by_tick; }));
  std::vector<Problem> wrong;
  if (setup.contracts.size() > limits.lines) {
    wrong.push_back({fmt::format("{} instruments need {} market-data lines, the account has {}: take {} out, or raise gateway.market_data_lines if IB grants more",
                                setup.contracts.size(), setup.contracts.size(), limits.lines, setup.contracts.size() - limits.lines)});
  }
  if (books > limits.depth()) {
    wrong.push_back({fmt::format("{} instruments ask for depth_rows, {} lines allow {} books: leave depth_rows out of {}", books, limits.lines, limits.depth(), books - limits.depth())});
  }
  if (ticks > limits.tick_by_tick()) {
    wrong.push_back({fmt::format("{} instruments ask for tick_by_tick, {} lines allow {} streams: leave it out of {}", ticks, limits.lines, limits.tick_by_tick(), ticks - limits.tick_by_tick())});
  }
  if (!wrong.empty()) throw config::ConfigError(std::move(wrong));
}

}  // namespace

LiveRun::LiveRun(const LoadedSettings& settings, const LiveSetup& setup, runtime::Clock& clock) : loaded_(settings), clock_(clock), speed_(setup.speed) {
  const auto& s = loaded_.settings;
  stores_ = std::make_unique<Stores>(s);
  if (setup.alone)
    for (const auto& folder : std::set{std::filesystem::weakly_canonical(s.journal), std::filesystem::weakly_canonical(s.state)}) {
      auto taken = Alone::take(folder, s.account);
      if (!taken) throw std::runtime_error(taken.error().text);
      alone_.push_back(std::move(*taken));
    }
  const auto memory = remember(s.journal, s.account, day_start(clock.now()));
  auto session = take_session(s.state, memory.session_last);
  if (!session) throw std::runtime_error(session.error().text);
  session_ = *session;
  for (const auto& note : memory.notes)
    if (!setup.quiet) terminal::print(terminal::paint(terminal::Tone::Warn, "  ▲ " + note));

  refuse_without_lines(setup, client_settings(setup).limits);
  std::vector<ib::ContractSpec> specs;
  for (const auto& contract : setup.contracts) specs.push_back(spec_of(contract));

  History history;
  if (setup.history_days > 0) {
    terminal::Step step("history");
    auto reader = client_settings(setup);
    reader.link.client_id += 1;  // its own line to the gateway: the trading one is not disturbed
    std::vector<const Calendar*> calendars;
    for (const auto& instrument : setup.instruments) {
      const auto found = std::ranges::find_if(setup.calendars, [&](const Calendar& c) { return c.name() == instrument.calendar.view(); });
      calendars.push_back(found == setup.calendars.end() ? nullptr : &*found);
    }
    const auto plan = plan_history(wanted_features(loaded_, setup, clock.now()), setup.history_days);
    history = fetch_history(reader, clock, specs, calendars, plan, seconds(30), [](double done) { terminal::progress("history", done, "bars of before the start"); });
    const auto of = [&](Duration period) { return std::ranges::count(history.bars, period, &Bar::period); };
    const auto coarse = plan.of_days + plan.of_hours > 0 ? fmt::format("{} daily, {} hourly, ", of(hours(24)), of(hours(1))) : std::string{};
    step.done(fmt::format("{} of {} symbols, {}{} one-minute bars", history.instruments, specs.size(), coarse, of(minutes(1))));
    for (const auto& missing : history.missing) terminal::print(terminal::paint(terminal::Tone::Dim, "             " + missing));
  }

  const bool split = s.threads == Threads::Split && setup.mode != TradingMode::Demo;  // the demo's clock is the simulator's: one thread
  if (split && std::thread::hardware_concurrency() < 3)
    throw config::ConfigError({{"threads: \"split\" needs at least three cores; on this machine \"inline\" is faster"}});
  client_ = std::make_unique<ib::Client>(client_settings(setup), split ? io_clock_ : clock);
  for (std::size_t i = 0; i < specs.size(); ++i) {
    const auto& contract = setup.contracts[i];
    client_->want(InstrumentId{static_cast<std::uint32_t>(i)}, specs[i],
                  {.quotes = true, .trades = contract.tick_by_tick, .depth_rows = contract.depth_rows, .smart_depth = contract.depth_rows > 0 && contract.exchange == "SMART"});
  }
  runtime::Gateway* line = client_.get();
  if (split) {
    threaded_ = std::make_unique<runtime::ThreadedGateway>(std::make_unique<Borrowed>(*client_), setup.instruments.size() + 256);
    line = threaded_.get();
  }
  gateway_ = std::make_unique<SessionGateway>(*line, setup.instruments, setup.calendars, clock);

  const auto journal = setup.journal.empty() ? journal_folder(s.journal, session_, clock.now(), s.account) : setup.journal;
  engine_ = std::make_unique<Engine>(loaded_,
                                     EngineOptions{.mode = setup.mode, .account = s.account, .armed = setup.armed, .session = session_,
                                                   .journal = journal, .day_loss = memory.day_loss, .strategies = setup.strategies},
                                     setup.instruments, *gateway_, clock_);
  if (!s.store.empty() && !setup.quiet) {
    store::Calendars calendars;
    for (const auto& calendar : setup.calendars) calendars.emplace(calendar.name(), calendar);
    store_ = std::make_unique<SessionStore>(SessionStoreSettings{.root = s.store, .journal = journal, .session = session_, .calendars = std::move(calendars), .keep = s.history});
  }
  std::optional<terminal::Step> step;
  if (!setup.quiet) step.emplace("engine");
  const Timestamp begin = history.bars.empty() ? clock.now() : history.bars.front().start;
  const auto remembered = working_in(memory, setup.instruments);
  engine_->start(begin, remembered);
  // What Redis knew is read before this session begins to write there. A demo begins with a new account each time.
  const auto known = setup.mode == TradingMode::Demo ? std::nullopt : stores_->last_known();
  stores_->follow(journal, engine_->kernel());
  if (s.features.on) {
    features_ = std::make_unique<FeatureFeed>(s.features, std::filesystem::weakly_canonical(journal).filename().string(), engine_->kernel(), setup.instruments);
    engine_->drive().add(features_->tap());
  }
  open_desk(setup, known);
  warm_up(*engine_, history, setup.instruments, setup.calendars, desk_.get());
  if (desk_) {
    desk_->absorb();
    desk_->start();
  }
  if (step) step->done(fmt::format("session {}, {} strategies, {} orders remembered", session_, engine_->kernel().host()->count(), remembered.size()));
}

LiveRun::~LiveRun() = default;

void LiveRun::open_desk(const LiveSetup& setup, const std::optional<store::redis::LastKnown>& known) {
  const auto& s = loaded_.settings;
  if (!s.desk.on) return;
  auto catalogue = catalogue_of(engine_->kernel(), s);
  catalogue.status.market = setup.data_note;
  catalogue.status.gateway.endpoint = fmt::format("{}:{}", setup.host, setup.port);
  serve::Settings settings{.bind = s.desk.bind, .port = s.desk.port, .hosts = s.desk.hosts};
  settings.page = find_own(settings.page);
  desk_ = std::make_unique<serve::Server>(settings, std::move(catalogue), engine_->drive().operators(),
                                          [this, speed = setup.speed, &line = *client_] {
                                            const auto budget = line.budget();
                                            return serve::Figures{.lines_used = budget.lines.used, .lines_max = budget.lines.max,
                                                                  .messages_per_second = budget.messages.used, .messages_per_second_max = budget.messages.max,
                                                                  .speed = speed,
                                                                  .metrics = metrics_of(stores_->status()) + (features_ ? metrics_of(features_->figures()) : std::string{})};
                                          });
  auto& tap = desk_->tap();
  const Timestamp now = engine_->drive().now();
  const auto started = engine_->started();
  tap.on_event({.at = now, .received_at = now, .payload = Boxed<EngineStarted>{&started}});
  for (const auto& instrument : setup.instruments) tap.on_event({.at = now, .received_at = now, .payload = Boxed<Instrument>{&instrument}});
  if (known) {
    warm_desk_ = std::make_unique<WarmDesk>(tap, *known, setup.instruments, now);
    engine_->drive().add(*warm_desk_);
  } else {
    engine_->drive().add(tap);
  }
}

void LiveRun::run(const std::atomic<bool>& stop) { engine_->run(stop); }

Summary LiveRun::finish(std::string_view exit_reason) {
  threaded_.reset();  // the io thread is gone before anybody else touches the client
  client_->stop(exit_reason);
  Summary out = engine_->finish(exit_reason);
  if (desk_) out.desk = desk_->address();
  if (desk_) desk_->stop();
  stores_->stop();
  if (features_) features_->stop();
  if (store_) {
    terminal::Step step("store");
    const auto stored = store_->finish();
    out.store = loaded_.settings.store;
    out.store_rows = stored.written.rows;
    if (stored.problem.empty())
      step.done(fmt::format("{} rows of the market, {} facts in {}", terminal::grouped(static_cast<double>(stored.market_rows), 0),
                            terminal::grouped(static_cast<double>(stored.facts), 0), loaded_.settings.store));
    else step.failed(stored.problem), terminal::print(fmt::format("             make it again: robotrader import {}", out.journal));
  }
  return out;
}

std::string LiveRun::desk_link() const { return desk_ ? desk_->link() : std::string{}; }

}  // namespace robo::apps
