#include "kernel/kernel.hpp"

#include <array>

#include "kernel/features/features.hpp"

namespace robo {

namespace {

constexpr Duration marking_interval = seconds(1);

/// IB's code for a stream that ended, with the fix where there is one.
constexpr std::string_view why_broken(std::int32_t code) {
  switch (code) {
    case 101: return "no market-data line is left for it: trade fewer instruments or buy more lines; it is not traded";
    case 354:
    case 10089:
    case 10168:
    case 10186: return "no subscription for its market data: subscribe at IB, or allow delayed data; it is not traded";
    case 10197: return "another session of this user has the market data: log it off; no price is traded on until then";
    default: return "market data is interrupted: its prices are not traded on";
  }
}

}  // namespace

struct Kernel::Rooms {
  explicit Rooms(const KernelConfig& c, std::vector<Enlisted> enlisted_strategies)
      : config(c),
        market(c.market, c.instruments_max),
        portfolio(c.portfolio, c.instruments_max),
        features(c.instruments_max, c.features),
        regimes(c.regime, c.instruments_max),
        exposures(c.exposure, c.instruments_max),
        gate(c.limits, market, portfolio, c.instruments_max),
        dealer(c.execution, market, portfolio, gate, c.instruments_max),
        world{.market = market, .features = features, .portfolio = portfolio, .regimes = regimes},
        enlisted(std::move(enlisted_strategies)) {
    instruments.reserve(c.instruments_max);
  }

  KernelConfig config;
  std::vector<Instrument> instruments;
  market::Market market;
  portfolio::Portfolio portfolio;
  features::Features features;
  regime::Regimes regimes;
  risk::Exposures exposures;
  risk::Gate gate;
  execution::Dealer dealer;
  strategy::World world;
  std::vector<Enlisted> enlisted;
  std::optional<strategy::Host> host;
  std::optional<ensemble::Ensemble> ensemble;
  std::vector<Problem> problems;
  Timestamp now{INT64_MIN};
  Timestamp marked_at{};
  bool running = false;       // strategies have been told that it starts
  Date trade_date{};
  bool trading = false;       // orders have been possible: before that, opinions are about the past
  bool mark_due = false;      // something was filled
  // What was told last: a quiet minute is not worth a journal of sixty equal lines.
  bool told_before = false;
  std::array<StrategyMarked, strategy::Host::strategies_max + 1> told_strategies{};
  std::array<LimitUsed, 4> told_limits{};

  [[nodiscard]] bool known(InstrumentId id) const { return id.value < instruments.size() && market.known(id); }

  // ---- before the first event of the market ----------------------------------------------------------------------------

  void take_in() {
    if (host) return;
    const strategy::Wishes wishes{
        .feature = [this](const features::Spec& spec, std::span<const InstrumentId> universe) { return features.declare(spec, universe); },
        .bars =
            [this](Duration timeframe, std::span<const InstrumentId> universe) {
              for (const auto id : universe) market.want_bars(timeframe, id);
            }};
    host.emplace(instruments, wishes, config.host);
    std::vector<InstrumentId> all;
    for (const auto& instrument : instruments) all.push_back(instrument.id);
    for (auto& [strategy, terms] : enlisted) {
      const auto wrong = host->enlist(std::move(strategy), terms);
      problems.insert(problems.end(), wrong.begin(), wrong.end());
    }
    enlisted.clear();
    if (host->count() > 0) {
      regimes.declare(features, all);
      const auto timeframe = Duration{static_cast<std::int64_t>(config.ensemble.volatility_timeframe_s * 1e9)};
      for (const auto id : all) market.want_bars(timeframe, id);
      exposures.declare(instruments, timeframe, market);
    }
    ensemble.emplace(config.ensemble, instruments, host->count());
    features.start(market);
  }

  void begin_running(execution::Turn& turn) {
    if (running) return;
    running = true;
    take_in();
    for (const auto& problem : problems)
      turn.facts.add(Noted{.kind = NoteKind::StrategyFailed, .text = FixedText<120>{std::string_view(problem.text)}});
    host->start(turn.now, turn.facts);
    pass_on_changes(turn);
  }

  // ---- the walk ----------------------------------------------------------------------------------------------------------

  void pursue(std::span<const ensemble::Target> targets, execution::Turn& turn) {
    for (const auto& target : targets)
      dealer.pursue(execution::Goal{.instrument = target.instrument,
                                    .quantity = target.quantity,
                                    .stop_distance = target.stop_distance,
                                    .target_distance = target.target_distance,
                                    .urgent = target.urgent,
                                    .reason = target.reason},
                    turn);
  }
  void hear(std::span<const strategy::Opinion> opinions, execution::Turn& turn) {
    if (!opinions.empty()) dealer.expect_orders();
    if (!opinions.empty() && trading) pursue(ensemble->blend(turn.now, opinions, world, turn.facts), turn);
    pass_on_changes(turn);
  }
  void pass_on_changes(execution::Turn& turn) {
    for (const auto& change : host->changes())
      pursue(ensemble->on_strategy(turn.now, change.strategy, change.state, world, turn.facts), turn);
  }

  // After market.apply() of any event: bars that ended with it come first, they are older than the news itself.
  void close_bars(execution::Turn& turn) {
    const auto closed = market.closed_bars();
    if (closed.empty()) return;
    features.close_bars(market);
    regimes.close_bars(market, features, turn.facts);
    exposures.close_bars(market, portfolio, turn.facts);
    for (const auto& [rule, ended] : closed) {
      if (rule.unit != market::BarUnit::Time) continue;
      Bar bar = ended;
      if (rule.session()) bar.period = Duration{rule.amount};  // the day's bar, however long its hours: it is asked for as a day
      ensemble->on_bar(bar, world);
      turn.facts.add(BarClosed{bar});
      hear(host->on_bar(turn.now, world, bar, turn.facts), turn);
    }
  }

  void value(InstrumentId id, execution::Turn& turn) {
    const auto mark = market.mark(id);
    if (!mark) return;
    portfolio.mark(id, *mark);
    if (!portfolio.position(id).quantity.is_zero()) dealer.watch_loss(turn);
  }

  void on(const Quote& quote, execution::Turn& turn) {
    market.apply(quote, turn.now);
    if (!known(quote.instrument)) return;
    close_bars(turn);
    features.apply(quote, market);
    value(quote.instrument, turn);
    hear(host->on_quote(turn.now, world, quote, turn.facts), turn);
    dealer.on_quote(quote.instrument, turn);
  }
  void on(const Trade& trade, execution::Turn& turn) {
    market.apply(trade, turn.now);
    if (!known(trade.instrument)) return;
    close_bars(turn);
    features.apply(trade, market);
    value(trade.instrument, turn);
    hear(host->on_trade(turn.now, world, trade, turn.facts), turn);
  }
  template <class Depth>
  void on_depth(const Depth& depth, bool whole, execution::Turn& turn) {
    market.apply(depth, turn.now);
    if (!known(depth.instrument)) return;
    close_bars(turn);
    features.apply(depth, market);
    if (whole) hear(host->on_book(turn.now, world, depth.instrument, turn.facts), turn);
  }
  void on(const DepthRow& row, execution::Turn& turn) { on_depth(row, true, turn); }
  void on(const DepthLevel& level, execution::Turn& turn) { on_depth(level, level.last_of_batch, turn); }
  void on(const DepthReset& reset, execution::Turn& turn) { on_depth(reset, false, turn); }
  void on(const Boxed<Bar>& bar, execution::Turn& turn) {
    market.apply(*bar, turn.now);
    close_bars(turn);
    if (known(bar->instrument)) value(bar->instrument, turn);
  }
  void on(const PhaseChange& change, execution::Turn& turn) {
    market.apply(change, turn.now);
    if (!known(change.instrument)) return;
    close_bars(turn);
    features.apply(change, market);
    if (change.phase == TradingPhase::PreMarket || change.phase == TradingPhase::Regular) {
      trade_date = std::max(trade_date, change.trade_date);
      if (trading) portfolio.roll_day(trade_date);
    }
    hear(host->on_phase(turn.now, world, change, turn.facts), turn);
    dealer.on_phase(change, turn);
  }
  void on(const DataFarmChanged& change, execution::Turn& turn) {
    market.apply(change, turn.now);
    close_bars(turn);
    features.apply(change, market);
    turn.facts.add(Noted{.kind = change.broken ? NoteKind::StaleData : NoteKind::DataRestored,
                         .instrument = change.instrument,
                         .text = change.broken ? why_broken(change.code) : "market data is back"});
    if (change.all && !change.broken) {
      host->reset_all(turn.facts);
      pass_on_changes(turn);
    }
  }

  // Everything below moves no price; time passes all the same.
  void pass_time(execution::Turn& turn) {
    market.advance(turn.now);
    close_bars(turn);
  }
  void on(const TimerFired& fired, execution::Turn& turn) { pass_time(turn), dealer.on(fired, turn); }
  void on(const Boxed<OrderUpdate>& update, execution::Turn& turn) {
    pass_time(turn);
    if (known(update->instrument)) dealer.on(*update, turn);
    else stranger(NoteKind::ExternalOrder, "an order in an instrument that is not traded here", turn);
  }
  void on(const Boxed<Execution>& execution, execution::Turn& turn) {
    pass_time(turn);
    mark_due = true;
    if (known(execution->instrument)) dealer.on(*execution, turn);
    else stranger(NoteKind::QuarantinedExecution, "a fill in an instrument that is not traded here", turn);
  }
  void on(const Boxed<Commission>& commission, execution::Turn& turn) { pass_time(turn), mark_due = true, dealer.on(*commission, turn); }
  void on(const Boxed<AccountValue>& account, execution::Turn& turn) { pass_time(turn), dealer.on(*account, turn); }
  void on(const Boxed<PositionReport>& report, execution::Turn& turn) {
    pass_time(turn);
    if (known(report->instrument)) dealer.on(*report, turn);
    else stranger(NoteKind::ExternalOrder, "a position in an instrument that is not traded here: shown by IB, not managed", turn);
  }
  // What forbids orders comes before time passes: a bar that closes with this event must not send one any more.
  void on(const ReconciliationBegan& began, execution::Turn& turn) { dealer.on(began, turn), pass_time(turn); }
  void on(const ReconciliationEnded& ended, execution::Turn& turn) { pass_time(turn), mark_due = true, dealer.on(ended, turn); }
  void on(const Boxed<GatewayChanged>& change, execution::Turn& turn) {
    if (change->state == GatewayState::Ready && !trading) {
      trading = true;
      // The days before were told for the features' sake: the loss this day began with is not theirs to forget.
      if (trade_date != Date{}) portfolio.roll_day(trade_date);
      host->begin_trading(turn.facts);
      pass_on_changes(turn);
    }
    dealer.on(*change, turn);
    pass_time(turn);
  }
  void on(const RuntimeAlarm& alarm, execution::Turn& turn) { dealer.on(alarm, turn), pass_time(turn); }
  void on(const Boxed<OperatorInput>& input, execution::Turn& turn) {
    host->on_operator(turn.now, *input, turn.facts);
    pass_on_changes(turn);
    dealer.on(*input, turn);
    pass_time(turn);
  }
  void on(const Boxed<Instrument>& instrument, execution::Turn&) {
    INVARIANT(instrument->id.value < config.instruments_max);
    INVARIANT(instrument->id.value <= instruments.size());  // dense, in order
    if (instrument->id.value == instruments.size()) instruments.push_back(*instrument);
    else instruments[instrument->id.value] = *instrument;
    market.define(*instrument);
    portfolio.define(*instrument);
    regimes.define(*instrument);
    exposures.define(*instrument);
    gate.define(*instrument);
    dealer.define(*instrument);
    if (ensemble) ensemble->define(*instrument);
  }
  void on(const Boxed<EngineStarted>& started, execution::Turn& turn) {
    portfolio.start(*started);
    gate.start(*started);
    dealer.start(*started, turn);
  }
  void on(const Boxed<OrderIntent>& intent, execution::Turn&) { dealer.remember(*intent); }

  void stranger(NoteKind kind, std::string_view text, execution::Turn& turn) { turn.facts.add(Noted{.kind = kind, .text = text}); }

  // ---- after the walk ----------------------------------------------------------------------------------------------------

  void close_turn(execution::Turn& turn) {
    pursue(ensemble->expire(turn.now, world, turn.facts), turn);
    // By index: standing down may flatten, and flattening stands down.
    for (std::size_t i = 0; i < dealer.stood_down().size(); ++i)
      pursue(ensemble->stand_down(turn.now, dealer.stood_down()[i], world, turn.facts), turn);
    // What is for people waits for an event that asks nothing of the world, but not for long.
    const auto unmarked = turn.now - marked_at;
    if (mark_due || (unmarked >= marking_interval && (turn.out.empty() || unmarked >= marking_interval * 2))) mark(turn);
  }

  void mark(execution::Turn& turn) {
    marked_at = turn.now;
    mark_due = false;
    const auto& p = portfolio;
    const auto gross = p.gross_exposure(), net = p.net_exposure(), day = p.day_pnl();
    turn.facts.add(EquityMarked{.equity = p.equity(),
                                .cash = p.cash(),
                                .realized = p.realized(),
                                .unrealized = p.unrealized(),
                                .commissions = p.commissions(),
                                .day_pnl = day,
                                .gross_exposure = gross,
                                .net_exposure = net,
                                .drawdown = p.drawdown()});
    exposures.mark(p, turn.facts);
    const auto regime = regimes.market_wide().held;
    for (std::size_t i = 0; i <= host->count(); ++i) {
      const auto id = i < host->count() ? StrategyId{static_cast<std::uint16_t>(i)} : portfolio::unattributed;
      const auto account = p.account(id);
      const StrategyMarked marked{.strategy = id,
                                  .realized = account.realized,
                                  .unrealized = account.unrealized,
                                  .commissions = account.commissions,
                                  .weight = i < host->count() ? ensemble->weight(id, regime) : 0.0};
      auto& told = told_strategies[i];
      const bool news = told.realized != marked.realized || told.unrealized != marked.unrealized || told.commissions != marked.commissions ||
                        told.weight != marked.weight;
      if (news || !told_before) turn.facts.add(told = marked);
    }
    const auto& limits = gate.limits();
    const std::array<LimitUsed, 4> used{
        LimitUsed{"daily_loss_max", std::max(0.0, -day.to_double()), limits.daily_loss_max.to_double()},
        LimitUsed{"gross_exposure_max", gross.to_double(), limits.gross_exposure_max.to_double()},
        LimitUsed{"net_exposure_max", net.abs().to_double(), limits.net_exposure_max.to_double()},
        LimitUsed{"orders_max", static_cast<double>(gate.orders_in_window(turn.now)), static_cast<double>(limits.orders_max)}};
    for (std::size_t i = 0; i < used.size(); ++i)
      if (!told_before || used[i].used != told_limits[i].used || used[i].limit != told_limits[i].limit) turn.facts.add(told_limits[i] = used[i]);
    told_before = true;
  }
};

Kernel::Kernel(const KernelConfig& config, std::vector<Enlisted> strategies)
    : rooms_(std::make_unique<Rooms>(config, std::move(strategies))) {}
Kernel::~Kernel() = default;

void Kernel::on(const Event& event, Commands& out, Facts& facts) {
  auto& rooms = *rooms_;
  INVARIANT(event.at >= rooms.now);
  rooms.now = event.at;
  facts.set_now(event.at);
  execution::Turn turn{.now = event.at, .out = out, .facts = facts};
  rooms.dealer.begin_turn();
  const bool prepares = std::holds_alternative<Boxed<EngineStarted>>(event.payload) ||
                        std::holds_alternative<Boxed<Instrument>>(event.payload) ||
                        std::holds_alternative<Boxed<OrderIntent>>(event.payload);
  if (!prepares) rooms.begin_running(turn);
  std::visit([&](const auto& payload) { rooms.on(payload, turn); }, event.payload);
  if (rooms.running) rooms.close_turn(turn);
}

const std::vector<Problem>& Kernel::problems() {
  rooms_->take_in();
  return rooms_->problems;
}

Timestamp Kernel::now() const { return rooms_->now; }
const market::Market& Kernel::market() const { return rooms_->market; }
const portfolio::Portfolio& Kernel::portfolio() const { return rooms_->portfolio; }
const risk::Gate& Kernel::gate() const { return rooms_->gate; }
const execution::Dealer& Kernel::dealer() const { return rooms_->dealer; }
const features::Features& Kernel::features() const { return rooms_->features; }
const regime::Regimes& Kernel::regimes() const { return rooms_->regimes; }
const risk::Exposures& Kernel::exposures() const { return rooms_->exposures; }
const strategy::Host* Kernel::host() const { return rooms_->host ? &*rooms_->host : nullptr; }
const ensemble::Ensemble* Kernel::ensemble() const { return rooms_->ensemble ? &*rooms_->ensemble : nullptr; }

}  // namespace robo
