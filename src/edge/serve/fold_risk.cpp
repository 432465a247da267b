// The engine's own state: account, positions, strategies, limits, kill switch, gateway, regimes.

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "edge/serve/read_model.hpp"
#include "edge/serve/sentences.hpp"
#include "model/sentence.hpp"

namespace robo::serve {
namespace {

std::uint32_t decimals_of(std::int64_t raw, std::int64_t scale) {
  std::uint32_t decimals = 0;
  for (auto unit = scale; unit > 1 && raw % unit != 0; unit /= 10) ++decimals;
  return decimals;
}

/// DU•••417: enough to recognise, not enough to use.
std::string masked(std::string_view account) {
  if (account.size() <= 5) return std::string(account);
  const auto prefix = account.starts_with("DU") || account.starts_with("DF") ? 2u : 1u;
  return fmt::format("{}•••{}", account.substr(0, prefix), account.substr(account.size() - 3));
}

view::Mode mode_of(TradingMode mode) {
  switch (mode) {
    case TradingMode::Demo: return view::Mode::Demo;
    case TradingMode::Paper: return view::Mode::Paper;
    case TradingMode::Live: return view::Mode::Live;
    case TradingMode::Backtest:
    case TradingMode::Replay: return view::Mode::Replay;
  }
  return view::Mode::Replay;
}

std::string_view origin_text(DataOrigin origin) {
  switch (origin) {
    case DataOrigin::Live: return "live";
    case DataOrigin::Recorded: return "recorded";
    case DataOrigin::ReconstructedFromBars: return "reconstructed from 1-minute bars";
    case DataOrigin::Repaired: return "repaired";
  }
  return "";
}

}  // namespace

void ReadModel::fold(const EngineStarted& started) {
  status_.mode = mode_of(started.mode);
  if (!started.account.empty()) {
    account_number_ = started.account.view();
    status_.account = masked(account_number_);
  }
  status_.live_armed = started.mode == TradingMode::Live && started.armed;
  if (!started.base_currency.empty()) account_.currency = started.base_currency.view();
  if (started.starting_cash.is_positive()) {
    account_.cash = equity_base_ = equity_peak_ = account_.net_liquidation = started.starting_cash;
  }
  account_version_ = next();
  entries();
  log({.level = view::LogLevel::Info, .topic = view::LogTopic::System, .text = fmt::format("Engine started, {}, session {}.", to_text(status_.mode), started.session), .instrument = {}, .order = {}, .strategy = {}});
}

void ReadModel::fold(const Instrument& instrument) {
  auto& row = instruments_.touch(instrument.id.value, next());
  row.id = instrument.id.value;
  row.symbol = instrument.symbol.view();
  if (row.name.empty()) row.name = instrument.local_symbol.empty() ? instrument.symbol.view() : instrument.local_symbol.view();
  row.kind = to_text(instrument.asset_class);
  row.exchange = instrument.primary_exchange.empty() ? instrument.exchange.view() : instrument.primary_exchange.view();
  row.currency = instrument.currency.view();
  row.tick = instrument.ticks.count != 0 ? instrument.ticks.bands[0].increment : Price{};
  for (std::uint32_t i = 0; i < instrument.ticks.count; ++i)  // the band most prices are in: from one unit up
    if (instrument.ticks.bands[i].low_edge <= Price::whole(1)) row.tick = instrument.ticks.bands[i].increment;
  row.price_decimals = row.tick.is_positive() ? decimals_of(row.tick.raw, Price::scale) : 2;
  row.size_decimals = instrument.size_increment.is_positive() ? decimals_of(instrument.size_increment.raw, Quantity::scale) : 0;
  row.multiplier = instrument.multiplier;
  row.lot = instrument.lot;
  // The broker's own description of a contract does not know where its data come from: a recording stays one.
  if (instrument.origin != DataOrigin::Live || row.source.empty()) row.source = origin_text(instrument.origin);
}

void ReadModel::fold(const GatewayChanged& change) {
  auto& gateway = status_.gateway;
  const auto before = gateway.state;
  switch (change.state) {
    case GatewayState::Disconnected: gateway.state = view::GatewayState::Disconnected; break;
    case GatewayState::Connecting: gateway.state = view::GatewayState::Connecting; break;
    case GatewayState::Reconciling: gateway.state = view::GatewayState::Reconciling; break;
    case GatewayState::Ready: gateway.state = view::GatewayState::LoggedIn; break;
    case GatewayState::RestartWindow: gateway.state = view::GatewayState::RestartWindow; break;
  }
  const auto detail = without_account(change.text.view());
  const bool same = before == gateway.state && detail == gateway.detail && gateway.since;
  gateway.detail = detail;
  gateway.code = change.code > 0 ? static_cast<std::uint32_t>(change.code) : 0;
  if (change.server_version > 0) gateway.server_version = static_cast<std::uint32_t>(change.server_version);
  if (change.state == GatewayState::Connecting && before != view::GatewayState::Connecting && gateway.since) ++gateway.retries;
  if (change.state == GatewayState::Ready) gateway.retries = 0;
  if (before != gateway.state || !gateway.since) gateway.since = now_;
  entries();
  if (same) return;
  const bool bad = change.state == GatewayState::Disconnected;
  auto text = fmt::format("Gateway {}", to_text(change.state));
  for (auto& letter : text) letter = letter == '_' ? ' ' : letter;
  if (!detail.empty()) text += ": " + detail;
  if (change.code != 0) text += fmt::format(" ({})", change.code);
  log({.level = bad ? view::LogLevel::Alarm : view::LogLevel::Info, .topic = view::LogTopic::Gateway, .text = text + ".", .instrument = {}, .order = {}, .strategy = {}});
}

/// The text with the account number as the banner shows it: screens are photographed, logs are mailed.
std::string ReadModel::without_account(std::string_view text) const {
  std::string out(text);
  if (account_number_.size() <= 5) return out;
  const auto mask = masked(account_number_);
  for (auto at = out.find(account_number_); at != std::string::npos; at = out.find(account_number_, at + mask.size())) out.replace(at, account_number_.size(), mask);
  return out;
}

/// Whether new risk may be taken, and in words why not.
void ReadModel::entries() {
  std::string why;
  if (status_.kill.state == view::KillState::Fired) why = "The kill switch is pulled.";
  else if (status_.kill.state == view::KillState::EntriesStopped) why = "Entries are stopped by hand.";
  else if (journal_down_) why = "The journal cannot be written.";
  else if (status_.mode == view::Mode::Replay) why = "A replay sends nothing.";
  else if (status_.mode == view::Mode::Live && !status_.live_armed) why = "The live account is not armed.";
  else if (status_.gateway.state == view::GatewayState::Reconciling) why = "New orders wait while the account is reconciled.";
  else if (status_.gateway.state == view::GatewayState::RestartWindow) why = "The gateway restarts; exits only.";
  else if (status_.gateway.state != view::GatewayState::LoggedIn) why = "The gateway is not connected.";
  status_.entries_allowed = why.empty();
  status_.entries_blocked_by = std::move(why);
  status_version_ = next();
}

void ReadModel::fold(const AccountValue& value) {
  if (value.currency.view() != account_.currency && !value.currency.empty() && value.currency.view() != "BASE") return;
  if (value.tag == AccountTag::BuyingPower) account_.buying_power = value.value;
  else if (value.tag == AccountTag::ExcessLiquidity) account_.excess_liquidity = value.value;
  else return;
  account_version_ = next();
}

void ReadModel::fold(const OperatorInput& input) {
  // The kernel notes the others itself, with what became of them.
  const bool ours = input.action == OperatorAction::StartStrategy || input.action == OperatorAction::StopStrategy || input.action == OperatorAction::PauseStrategy ||
                    input.action == OperatorAction::SetParameter || input.action == OperatorAction::SetLimit;
  if (ours) {
    auto text = action_text(input, strategy_name(input.strategy), symbol(input.instrument));
    text += fmt::format(", asked by {}", input.who.empty() ? "?" : input.who.view());
    if (!input.reason.empty()) text += fmt::format(": {}", input.reason.view());
    log({.level = view::LogLevel::Info, .topic = view::LogTopic::Operator, .text = text + ".", .instrument = {}, .order = {}, .strategy = {}});
  }
  auto& kill = status_.kill;
  if (input.action == OperatorAction::StopEntries && kill.state == view::KillState::Ready) kill = {.state = view::KillState::EntriesStopped, .by = std::string(input.who.view()), .reason = std::string(input.reason.view()), .at = now_};
  if (input.action == OperatorAction::ResumeEntries && kill.state == view::KillState::EntriesStopped) kill = {};
  entries();
}

void ReadModel::fold(const RuntimeAlarm& alarm) {
  if (alarm.kind == AlarmKind::JournalFailed) journal_down_ = true;
  if (alarm.kind == AlarmKind::JournalRestored) journal_down_ = false;
  entries();  // the sentence is the kernel's note
}

void ReadModel::fold(const DataFarmChanged& farm) {
  farm_at_ = now_;
  const auto cause = farm.code != 0 ? fmt::format("data farm, code {}", farm.code) : std::string("data outage");
  const auto version = ++market_version_;
  bool news = farm.broken;
  const auto tell = [&](MarketView& market) {
    news = news || market.broken();
    market.set_broken(farm.broken, cause, now_, version);
  };
  if (farm.all)
    for (auto& [id, market] : markets_) tell(market);
  else tell(market_of(farm.instrument));
  if (!news) return;  // a gateway says so at every login
  log({.level = farm.broken ? view::LogLevel::Attention : view::LogLevel::Good, .topic = view::LogTopic::Market,
       .text = fmt::format("Market data of {} {} ({}).", farm.all ? std::string("all instruments") : symbol(farm.instrument), farm.broken ? "is broken" : "is back", farm.code),
       .instrument = farm.all ? std::nullopt : std::optional(farm.instrument.value), .order = {}, .strategy = {}});
}

void ReadModel::fold(const PhaseChange& phase) {
  auto& market = market_of(phase.instrument);
  const auto before = market.phase();
  market.apply(phase, now_, ++market_version_);
  if (market.previous_close())
    if (const auto* row = instruments_.find(phase.instrument.value); row != nullptr && row->previous_close != market.previous_close())
      instruments_.touch(phase.instrument.value, next()).previous_close = market.previous_close();
  if (phase.phase == TradingPhase::Halted || before == TradingPhase::Halted) {
    log({.level = view::LogLevel::Attention, .topic = view::LogTopic::Market, .text = fmt::format("{} {}.", symbol(phase.instrument), phase.phase == TradingPhase::Halted ? "is halted" : "trades again"),
         .instrument = phase.instrument.value, .order = {}, .strategy = {}});
  }
  const auto* instrument = instruments_.find(phase.instrument.value);
  const bool round_the_clock = instrument != nullptr && instrument->kind == "crypto";
  if (phase.phase == TradingPhase::Halted || (round_the_clock && session_from_exchange_)) return;
  session_from_exchange_ = session_from_exchange_ || !round_the_clock;
  switch (phase.phase) {
    case TradingPhase::Closed: status_.session = view::Session::Closed; break;
    case TradingPhase::PreMarket: status_.session = view::Session::Pre; break;
    case TradingPhase::PostMarket: status_.session = view::Session::Post; break;
    case TradingPhase::Regular:
    case TradingPhase::Halted: status_.session = view::Session::Rth; break;
  }
  status_.session_closes = phase.until.ns != 0 && !round_the_clock ? std::optional(phase.until) : std::nullopt;
  status_version_ = next();
}

void ReadModel::fold(const Bar& bar) { market_of(bar.instrument).apply(bar, ++market_version_); }

void ReadModel::fold(const Noted& noted) {
  using enum NoteKind;
  if ((noted.kind == StaleData || noted.kind == DataRestored) && now_ == farm_at_) return;  // said already, with the symbol
  const bool good = noted.kind == DataRestored;
  const bool alarm = noted.kind == BracketBroken || noted.kind == Alarm || noted.kind == StrategyFailed;
  const bool order = noted.kind == QuarantinedExecution || noted.kind == ExternalOrder || noted.kind == UnknownOrder || noted.kind == BracketBroken;
  const bool market = noted.kind == StaleData || noted.kind == DataRestored || noted.kind == DelayedData;
  log({.level = good ? view::LogLevel::Good : alarm ? view::LogLevel::Alarm : noted.kind == OperatorAsked ? view::LogLevel::Info : view::LogLevel::Attention,
       .topic = order ? view::LogTopic::Order : market ? view::LogTopic::Market : noted.kind == StrategyFailed ? view::LogTopic::Strategy : noted.kind == OperatorAsked ? view::LogTopic::Operator : view::LogTopic::System,
       .text = without_account(noted.text.view()), .instrument = order || market ? std::optional(noted.instrument.value) : std::nullopt, .order = noted.key ? to_text(noted.key) : std::string(), .strategy = {}});
}

void ReadModel::fold(const PositionChanged& changed) {
  auto& position = positions_.touch(changed.instrument.value, next());
  position.instrument = changed.instrument.value;
  position.quantity = changed.quantity;
  position.average = changed.quantity.is_zero() ? std::nullopt : std::optional(changed.average_price);
  position.realized_pnl = changed.realized;
  position.commission = changed.commissions;
  if (const auto* instrument = instruments_.find(changed.instrument.value)) position.currency = instrument->currency;
  mark_position(position);
  update_kill();
}

void ReadModel::fold(const EquityMarked& marked) {
  account_.cash = marked.cash;
  account_.realized_pnl = marked.realized;
  account_.commission = marked.commissions;
  mark_positions();
  // Positions in foreign currency stand as the kernel valued them; the others move with our marks in between.
  Money ours;
  foreign_ = false;
  positions_.each([&](const view::Position& position) {
    if (in_base(position.currency)) ours += position.unrealized_pnl;
    else foreign_ = foreign_ || !position.quantity.is_zero();
  });
  foreign_unrealized_ = foreign_ ? marked.unrealized - ours : Money{};
  foreign_gross_ = marked.gross_exposure;
  foreign_net_ = marked.net_exposure;
  equity_base_ = marked.equity - marked.unrealized;
  day_base_ = marked.day_pnl - marked.unrealized;
  totals();
  const bool due = equity_.empty() || now_ - equity_.back().point.at >= equity_every_;
  if (!due) return;
  equity_.push_back({next(), {.at = now_, .equity = account_.net_liquidation, .day_pnl = account_.day_pnl, .drawdown_percent = account_.drawdown_percent}});
  if (equity_.size() <= equity_kept) return;
  for (std::size_t i = 0; i < equity_.size() / 2; ++i) equity_[i] = equity_[2 * i];  // half the points, twice as far apart
  equity_.resize(equity_.size() / 2);
  equity_every_ = equity_every_ * 2;
}

void ReadModel::fold(const StrategyChanged& changed) {
  const auto name = strategy_name(changed.strategy);
  auto& row = strategies_.touch(name, next());
  row.name = name;
  if (row.title.empty()) row.title = name;
  switch (changed.state) {
    case StrategyState::Stopped: row.state = view::StrategyState::Off; break;
    case StrategyState::Running: row.state = view::StrategyState::Running; break;
    case StrategyState::Paused: row.state = view::StrategyState::Paused; break;
    case StrategyState::Failed: row.state = view::StrategyState::Halted; break;
  }
  row.state_reason = changed.why.view();
  const bool failed = changed.state == StrategyState::Failed;
  log({.level = failed ? view::LogLevel::Alarm : view::LogLevel::Info, .topic = view::LogTopic::Strategy,
       .text = fmt::format("{} {}{}{}.", row.title, to_text(row.state), changed.why.empty() ? "" : ": ", changed.why.view()), .instrument = {}, .order = {}, .strategy = name});
}

void ReadModel::fold(const ParameterChanged& changed) {
  const auto name = strategy_name(changed.strategy);
  auto& row = strategies_.touch(name, next());
  row.name = name;
  for (auto& parameter : row.parameters)
    if (parameter.name == changed.name.view()) parameter.value = changed.after;
  log({.level = view::LogLevel::Info, .topic = view::LogTopic::Strategy,
       .text = fmt::format("{} {} {} → {}, by {}.", row.title.empty() ? name : row.title, changed.name.view(), number_text(changed.before), number_text(changed.after), changed.who.view()), .instrument = {}, .order = {}, .strategy = name});
}

void ReadModel::fold(const StrategyMarked& marked) {
  constexpr std::size_t points = 60;
  const auto name = strategy_name(marked.strategy);
  const bool nothing = marked.realized.is_zero() && marked.unrealized.is_zero() && marked.commissions.is_zero();
  if (marked.strategy.value == UINT16_MAX && nothing && strategies_.find(name) == nullptr) return;
  auto& row = strategies_.touch(name, next());
  row.name = name;
  if (row.title.empty()) row.title = name;
  row.day_pnl = marked.realized + marked.unrealized - marked.commissions;
  row.weight_percent = marked.weight * 100;
  strategy_weights_[name] = row.weight_percent;
  row.signals = signal_counts_[name];
  auto& line = lines_[name];
  if (line.skip++ % line.every == 0) row.day_line.push_back(row.day_pnl.to_double());
  if (row.day_line.size() <= points) return;
  for (std::size_t i = 0; i < points / 2; ++i) row.day_line[i] = row.day_line[2 * i];
  row.day_line.resize(points / 2);
  line.every *= 2;
}

void ReadModel::fold(const RegimeChanged& changed) {
  auto& row = regimes_.touch(changed.instrument.value, next());
  const auto before = row.held;
  row.instrument = changed.instrument.value;
  switch (changed.held) {
    case RegimeKind::Trending: row.held = view::RegimeName::Trending; break;
    case RegimeKind::Ranging: row.held = view::RegimeName::Ranging; break;
    case RegimeKind::Volatile: row.held = view::RegimeName::Volatile; break;
    case RegimeKind::Crisis: row.held = view::RegimeName::Crisis; break;
  }
  row.p_trending = changed.probabilities[0];
  row.p_ranging = changed.probabilities[1];
  row.p_volatile = changed.probabilities[2];
  row.p_crisis = changed.probabilities[3];
  if (before == row.held && row.since) return;
  row.since = now_;
  if (changed.held == RegimeKind::Crisis)
    log({.level = view::LogLevel::Attention, .topic = view::LogTopic::Risk, .text = fmt::format("{} is in crisis.", symbol(changed.instrument)), .instrument = changed.instrument.value, .order = {}, .strategy = {}});
}

void ReadModel::touch_limit(view::Limit& limit) const {
  const bool floor = limit.name == "cash_min";  // the one limit that is a least: used up when cash has come down to it
  const double used = limit.used.value_or(0);
  if (floor) limit.use_percent = !limit.used ? 0 : used <= limit.limit ? 100 : limit.limit > 0 ? limit.limit / used * 100 : 0;
  else limit.use_percent = limit.limit > 0 ? std::max(0.0, used / limit.limit * 100) : 0;
  if (limit.warn_percent <= 0) limit.warn_percent = 80;
  limit.state = limit.used && limit.use_percent >= 100 ? view::LimitState::Hit : limit.use_percent >= limit.warn_percent ? view::LimitState::Near : view::LimitState::Ok;
}

void ReadModel::fold(const LimitChanged& changed) {
  const std::string name(changed.name.view());
  auto& row = limits_.touch(name, next());
  row.name = name;
  if (row.title.empty()) row.title = name;
  row.limit = changed.after;
  touch_limit(row);
  log({.level = view::LogLevel::Attention, .topic = view::LogTopic::Risk, .text = fmt::format("Limit {} {} → {}, by {}.", row.title, number_text(changed.before), number_text(changed.after), changed.who.view()), .instrument = {}, .order = {}, .strategy = {}});
}

void ReadModel::fold(const LimitUsed& used) {
  const std::string name(used.name.view());
  if (const auto* row = limits_.find(name); row != nullptr && row->used == used.used && row->limit == used.limit) return;
  auto& row = limits_.touch(name, next());
  const auto before = row.state;
  row.name = name;
  if (row.title.empty()) row.title = name;
  row.used = used.used;
  row.limit = used.limit;
  touch_limit(row);
  if (row.state > before)
    log({.level = view::LogLevel::Attention, .topic = view::LogTopic::Risk,
         .text = fmt::format("{} is {} of {}{}.", row.title, number_text(used.used), number_text(used.limit), row.state == view::LimitState::Hit && !row.effect.empty() ? ": " + row.effect : std::string()), .instrument = {}, .order = {}, .strategy = {}});
}

const view::Limit* ReadModel::limit_of(Denial denial) const {
  const auto name = [&]() -> std::string_view {
    switch (denial) {
      case Denial::TooLarge: return "order_quantity_max";
      case Denial::NotionalTooLarge: return "order_notional_max";
      case Denial::PositionTooLarge: return "position_quantity_max";
      case Denial::GrossTooLarge: return "gross_exposure_max";
      case Denial::NetTooLarge: return "net_exposure_max";
      case Denial::DailyLoss: return "daily_loss_max";
      case Denial::PriceCollar: return "price_collar_bp";
      case Denial::OrderRate: return "orders_max";
      case Denial::DuplicateOrder: return "duplicate_window_s";
      case Denial::TooManyOpenOrders: return "open_orders_max";
      case Denial::NotEnoughCash: return "cash_min";
      default: return {};
    }
  }();
  return name.empty() ? nullptr : limits_.find(std::string(name));
}

void ReadModel::fold(const KillChanged& changed) {
  auto& kill = status_.kill;
  kill_orders_.clear();
  kill_positions_.clear();
  kill = {};
  if (changed.killed) {
    kill.state = view::KillState::Fired;
    kill.by = changed.who.empty() ? std::string(cause_words(changed.cause)) : std::string(changed.who.view());
    kill.reason = changed.reason.empty() ? std::string(cause_words(changed.cause)) : std::string(changed.reason.view());
    kill.at = now_;
    orders_.each([&](const view::Order& order) {
      if (order.state < view::OrderState::Filled || order.state == view::OrderState::Unknown) kill_orders_.push_back(order.key);
    });
    positions_.each([&](const view::Position& position) {
      if (!position.quantity.is_zero()) kill_positions_.push_back(position.instrument);
    });
  }
  update_kill();
  entries();
  log({.level = changed.killed ? view::LogLevel::Alarm : view::LogLevel::Good, .topic = view::LogTopic::Risk,
       .text = changed.killed ? fmt::format("KILL by {}: {}. {} orders to cancel, {} positions open.", kill.by, kill.reason, kill_orders_.size(), kill_positions_.size())
                              : fmt::format("Kill switch reset by {}{}{}.", changed.who.view(), changed.reason.empty() ? "" : ": ", changed.reason.view()),
       .instrument = {}, .order = {}, .strategy = {}});
}

/// How far a fired kill got: of the orders and positions there were when it fired.
void ReadModel::update_kill() {
  auto& kill = status_.kill;
  if (kill.state != view::KillState::Fired) return;
  const auto done = [&](const std::string& key) {
    const auto* order = orders_.find(key);
    return order == nullptr || (order->state >= view::OrderState::Filled && order->state != view::OrderState::Unknown);
  };
  const auto flat = [&](std::uint32_t instrument) {
    const auto* position = positions_.find(instrument);
    return position == nullptr || position->quantity.is_zero();
  };
  kill.orders_total = static_cast<std::uint32_t>(kill_orders_.size());
  kill.orders_cancelled = static_cast<std::uint32_t>(std::count_if(kill_orders_.begin(), kill_orders_.end(), done));
  kill.positions_total = static_cast<std::uint32_t>(kill_positions_.size());
  kill.positions_closed = static_cast<std::uint32_t>(std::count_if(kill_positions_.begin(), kill_positions_.end(), flat));
  status_version_ = next();
}

void ReadModel::fold(const ReconciliationNoted& noted) {
  account_.agrees_with_broker = !noted.complete ? view::Agreement::Checking : noted.positions_differing != 0 ? view::Agreement::Differs : view::Agreement::Agrees;
  account_.reconciled_at = now_;
  account_.agreement_text = noted.positions_differing == 0 ? "positions agree" : fmt::format("{} positions differed, the broker's were taken over", noted.positions_differing);
  account_version_ = next();
  const auto text = fmt::format("Reconciliation {}{}: {} orders known, {} adopted, {} gone, {} fills missed, {} positions differ, {} unknown resolved.", noted.number, noted.complete ? "" : " is not complete, it is tried again", noted.orders_known,
                                noted.orders_adopted, noted.orders_gone, noted.fills_missed, noted.positions_differing, noted.unknown_resolved);
  const bool clean = noted.complete && noted.positions_differing == 0 && noted.fills_missed == 0;
  log({.level = clean ? view::LogLevel::Good : view::LogLevel::Attention, .topic = view::LogTopic::Gateway, .text = text, .instrument = {}, .order = {}, .strategy = {}});

  auto& steps = status_.gateway.steps;
  const auto step = [&](std::string name, bool differs, std::string what) { steps.push_back({.name = std::move(name), .state = !noted.complete ? view::StepState::Running : differs ? view::StepState::Differs : view::StepState::Done, .text = std::move(what), .at = now_}); };
  steps.clear();
  step("Executions", noted.fills_missed != 0, noted.fills_missed == 0 ? "none missed" : fmt::format("{} missed, booked", noted.fills_missed));
  step("Open orders", noted.orders_adopted + noted.orders_gone != 0, fmt::format("{} known, {} adopted, {} gone", noted.orders_known, noted.orders_adopted, noted.orders_gone));
  step("Positions", noted.positions_differing != 0, noted.positions_differing == 0 ? "all agree" : fmt::format("{} differed", noted.positions_differing));
  status_version_ = next();
}

void ReadModel::fold(const PositionDiffered& differed) {
  log({.level = view::LogLevel::Attention, .topic = view::LogTopic::Gateway, .text = fmt::format("{}: we counted {}, the broker says {}.", symbol(differed.instrument), size_text(differed.ours), size_text(differed.theirs)),
       .instrument = differed.instrument.value, .order = {}, .strategy = {}});
}

}  // namespace robo::serve
