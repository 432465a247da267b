#include "edge/ib/client.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "base/defence.hpp"
#include "base/log.hpp"
#include "edge/ib/wire/decode.hpp"

namespace robo::ib {

namespace {

constexpr std::uint32_t own_reconciliations = 1'000'000;  // numbers of those begun here, apart from the kernel's

constexpr Duration read_only_retry = seconds(10);
constexpr std::string_view read_only_text =
    "the gateway's API is read-only: untick Configure > API > Settings > Read-Only API in TWS or IB Gateway";  // at most 120 bytes

OrderIds open_ids(const ClientSettings& settings) {
  auto ids = OrderIds::open(settings.state_folder, settings.link.client_id);
  if (!ids) throw std::runtime_error(ids.error().text);
  return std::move(*ids);
}

bool is_paper_account(std::string_view account) { return account.starts_with("DU") || account.starts_with("DF"); }

std::vector<std::string> accounts_in(std::string_view list) {
  std::vector<std::string> out;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    if (end > 0) out.emplace_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return out;
}

}  // namespace

Client::Client(const ClientSettings& settings, runtime::Clock& clock, std::unique_ptr<Transport> transport)
    : settings_(settings),
      clock_(clock),
      order_ids_(open_ids(settings)),
      link_(settings_.link, *this, std::move(transport)),
      desk_{.settings = settings_, .link = link_, .out = out_, .instruments = instruments_, .requests = requests_,
            .order_ids = order_ids_, .counters = counters_},
      market_(desk_),
      orders_(desk_),
      account_(desk_),
      reconciliation_(desk_, account_),
      questions_(desk_) {
  if (const auto problem = cache_.open(settings_.contract_cache)) log::warn("ib", "{}", problem->text);
}

Client::~Client() = default;

// ---- the crank -----------------------------------------------------------------------------------------------------------

bool Client::next(Event& out) {
  if (out_.pop(out)) return true;
  work(clock_.now());
  return out_.pop(out);
}

int Client::work(Timestamp now) {
  desk_.now = now;
  const int frames = link_.work(now);
  if (now >= check_at_) {
    // Deadlines are coarse; the tick path does not pay for them.
    check_at_ = now + milliseconds(10);
    requests_.check_deadlines(now);
    if (link_.is_up()) {
      resolve_wanted();
      questions_.work();
    }
    if (now >= budget_at_) {
      budget_at_ = now + milliseconds(100);
      show_budget(now);
    }
    check_reconciliation();
    check_asked();
    check_agenda();
    if (now >= watch_at_ && link_.is_up() && have_order_id_ && !market_lost_) {
      watch_at_ = now + seconds(1);
      market_.watch();
      // Orders typed into TWS are told to its own client id only: others must ask.
      if (state_ == GatewayState::Ready && now >= list_at_) {
        const bool first = list_at_.ns == INT64_MIN;
        list_at_ = now + settings_.orders_listed_every;
        // A list that is half here would end ours before it began.
        if (!first && asked_.empty() && stands(Defence::ManualOrders)) orders_.begin_listing();
      }
    }
  }
  if (names_deadline_ && (names_known() || desk_.now >= *names_deadline_)) {
    names_deadline_.reset();
    if (link_.is_up()) begin_session();
  }
  return frames;
}

void Client::show_budget(Timestamp now) {
  const auto used = [](std::size_t n, std::size_t max) { return Used{.used = static_cast<std::uint32_t>(n), .max = static_cast<std::uint32_t>(max)}; };
  const Limits& limits = settings_.limits;
  const Pacer& pacer = link_.pacer();
  board_.put({.messages = used(pacer.used(now), pacer.limit()),
              .queue = used(pacer.waiting(), pacer.limit()),
              .lines = used(market_.lines(), limits.lines),
              .depth = used(market_.books(), limits.depth()),
              .tick_by_tick = used(market_.tick_streams(), limits.tick_by_tick()),
              .history_open = used(questions_.pacing().open(), limits.history_open),
              .history_small = used(questions_.pacing().small(now), limits.history_small),
              .history_waiting = used(questions_.waiting(), 0)});
}

void Client::wait(Duration at_most) {
  if (out_.empty()) link_.wait(std::min(at_most, milliseconds(10)));
}

void Client::stop(std::string_view why) {
  if (link_.state() == Link::State::Stopped) return;
  desk_.now = clock_.now();
  link_.stop(why);
}

// ---- instruments ---------------------------------------------------------------------------------------------------------

void Client::want(InstrumentId id, const ContractSpec& spec, const Streams& streams) {
  market_.want(id, streams);
  instruments_.put(placeholder_for(spec, id));
  wanted_.push_back({.id = id, .spec = spec});
}

void Client::want(const Instrument& instrument, const Streams& streams) {
  instruments_.put(instrument);
  market_.want(instrument.id, streams);
  if (link_.is_up() && have_order_id_) market_.subscribe(instrument.id);
}

void Client::resolve_wanted() {
  if (!have_order_id_) return;
  for (std::size_t i = 0; i < wanted_.size(); ++i) {
    Wanted& wanted = wanted_[i];
    if (wanted.asked || desk_.now < wanted.retry_at) continue;
    if (const KnownContract* known = cache_.find(to_text(wanted.spec)); known != nullptr && !wanted.resolved) {
      const bool fresh = desk_.now - known->resolved_at < settings_.contract_age_max;
      resolved(wanted, *known, true);
      if (fresh) {
        wanted.asked = true;
        continue;
      }
    }
    wanted.asked = true;
    questions_.contracts(wanted.spec, [this, i](const Result<std::vector<KnownContract>, Failure>& answer) {
      Wanted& asked = wanted_[i];
      if (!answer && !stands(Defence::OneContractOneFailure)) return link_.stop(answer.error().text);
      if (!answer) {
        // One unknown contract does not stop the others.
        log::warn("ib", "{}: {} ({})", to_text(asked.spec), answer.error().text, answer.error().code);
        asked.asked = false;
        asked.failed = true;
        asked.retry_at = desk_.now + minutes(5);
        if (!asked.resolved) desk_.tell(DataFarmChanged{.instrument = asked.id, .broken = true, .code = answer.error().code});
        return;
      }
      if (answer->size() > 1) {
        std::string candidates;
        for (const KnownContract& c : *answer) {
          candidates += fmt::format("\n  conId {} {} {} on {} ({})", c.instrument.contract.value, c.instrument.local_symbol.view(),
                                    c.long_name, c.instrument.primary_exchange.view(), to_text(c.instrument.expiry));
        }
        log::warn("ib", "{}: {} contracts match, the first is taken; set con_id to choose:{}", to_text(asked.spec), answer->size(),
                  candidates);
      }
      KnownContract contract = answer->front();
      if (contract.market_rule == 0) return resolved(asked, contract);
      questions_.market_rule(contract.market_rule, [this, i, contract](const Result<TickTable, Failure>& table) {
        KnownContract complete = contract;
        if (table && table->count > 0 && stands(Defence::TickRules)) complete.instrument.ticks = *table;
        resolved(wanted_[i], complete);
      });
    });
  }
}

void Client::resolved(Wanted& wanted, KnownContract contract, bool from_cache) {
  contract.instrument.id = wanted.id;
  contract.instrument.origin = DataOrigin::Live;
  const Instrument before = *instruments_.find(wanted.id);
  instruments_.put(contract.instrument);
  if (const auto problem = from_cache ? std::nullopt : cache_.put(contract)) log::warn("ib", "{}", problem->text);
  const bool first = !wanted.resolved;
  wanted.resolved = true;
  if (first || before.contract != contract.instrument.contract || before.ticks.count != contract.instrument.ticks.count) {
    desk_.tell(contract.instrument);
  }
  // Before the session has begun its questions come first: behind a hundred streams they would wait for seconds.
  if (session_begun_ && (first || before.contract != contract.instrument.contract)) market_.subscribe(wanted.id);
}

// ---- commands ------------------------------------------------------------------------------------------------------------

std::string Client::refusal() const {
  if (settings_.mode == TradingMode::Live && !settings_.armed) return "live trading is not armed";
  if (refused_account_) return down_reason_;
  if (market_lost_) return "the gateway has no connection to IB";
  if (!link_.is_up()) return "not connected: " + down_reason_;
  if (state_ == GatewayState::Reconciling || state_ == GatewayState::Connecting) return "reconciling with the broker";
  if (in_restart_window()) return "the gateway restarts in a moment";
  return {};
}

void Client::send(const Command& command) {
  desk_.now = std::max(desk_.now, clock_.now());
  link_.tell_time(desk_.now);
  std::visit(overload{[&](const SubmitOrder& submit) { orders_.submit(submit.order.intent(), refusal(), submit.ticket); },
                      [&](const ModifyOrder& modify) { orders_.modify(modify.order.intent(), refusal()); },
                      [&](const CancelOrder& cancel) { orders_.cancel(cancel.key); },
                      [&](const CancelExternal& cancel) { orders_.cancel_external(cancel.perm_id); },
                      [&](const CancelAllOrders& cancel) { orders_.cancel_all(cancel.including_external); },
                      [&](const QueryOrder& query) { ask_about(query.key); },
                      [&](const StartTimer&) {},
                      [&](const Reconcile& reconcile) {
                        // One that runs already answers this wish, too.
                        if (reconciliation_.running()) return;
                        if (link_.is_up()) begin_reconciliation(reconcile.number);
                        else desk_.tell(ReconciliationEnded{.number = reconcile.number, .complete = false});
                      }},
             command);
}

// ---- connection ----------------------------------------------------------------------------------------------------------

void Client::on_connecting() {
  names_deadline_.reset();
  have_account_ = have_order_id_ = market_lost_ = session_begun_ = false;
  change(GatewayState::Connecting, 0, fmt::format("{}:{} as client {}", settings_.link.host, settings_.link.port, settings_.link.client_id));
}

void Client::on_up() {
  log::info("ib", "server version {}, {}", link_.version(), link_.greeted_at());
}

void Client::on_down(std::string_view why) {
  if (!refused_account_) down_reason_ = why;
  orders_.connection_lost();
  reconciliation_.connection_lost();
  market_.connection_lost();
  account_.connection_lost();
  requests_.all_lost(why);
  questions_.connection_lost();
  for (Wanted& wanted : wanted_) {
    if (!wanted.resolved) wanted.asked = false;
  }
  have_account_ = have_order_id_ = false;
  reconcile_again_ = Timestamp{INT64_MAX};
  if (down_since_.ns == INT64_MAX) down_since_ = desk_.now;
  change(GatewayState::Disconnected, 0, down_reason_);
}

/// One order in doubt needs no reconciliation: what works, what is over and what was executed today settles it, and trading goes
/// on meanwhile. Only an order that none of the lists knows makes us compare everything.
void Client::ask_about(OrderKey key) {
  if (!link_.is_up() || reconciliation_.running() || state_ != GatewayState::Ready) return;
  orders_.forget_words(key);
  asked_.push_back(key);
  if (asked_.size() > 1) return;  // the lists are on their way: they speak of all orders
  asked_open_ = asked_executions_ = false;
  asked_completed_ = link_.version() < wire::ReqCompletedOrders::since;
  asked_until_ = desk_.now + settings_.missing_end_timeout;
  (void)link_.send(wire::ReqAllOpenOrders{}, Pace::Order);
  asked_request_ = requests_.stream(Route::Question, {});
  wire::ReqExecutions request;
  request.reqId = asked_request_;
  request.acctCode = desk_.account;
  (void)link_.send(request, Pace::Order);
  if (!asked_completed_) (void)link_.send(wire::ReqCompletedOrders{.apiOnly = false}, Pace::Order);
}

void Client::check_asked() {
  if (asked_.empty()) return;
  if (reconciliation_.running() || !link_.is_up()) {  // a whole comparison answers more
    asked_.clear();
    return;
  }
  const bool answered = asked_open_ && asked_completed_ && asked_executions_;
  if (!answered && desk_.now < asked_until_) return;
  const bool settled = std::ranges::all_of(asked_, [&](OrderKey key) { return orders_.has_spoken(key); });
  asked_.clear();
  if (!settled) begin_reconciliation(own_reconciliations + ++reconciliations_);
}

void Client::handle(const wire::OpenOrderEnd& end) {
  asked_open_ = true;
  reconciliation_.on(end);
}

void Client::handle(const wire::CompletedOrdersEnd& end) {
  asked_completed_ = true;
  reconciliation_.on(end);
}

void Client::handle(const wire::ExecDetailsEnd& end) {
  asked_executions_ = asked_executions_ || end.reqId == asked_request_;
  reconciliation_.on(end);
}

/// 321 with "Read-Only API" ticked: orders are refused and the open ones are not shown, so nothing can be compared either.
void Client::read_only() {
  reconciliation_.connection_lost();
  reconcile_again_ = desk_.now + read_only_retry;
  asked_.clear();
  if (read_only_) return;
  read_only_ = true;
  change(GatewayState::Reconciling, 321, read_only_text);
}

void Client::change(GatewayState state, std::int32_t code, std::string_view text) {
  if (state == state_ && code == 0 && state != GatewayState::Disconnected) return;
  state_ = state;
  desk_.tell(GatewayChanged{.state = state, .code = code, .server_version = link_.version(), .text = text});
}

void Client::session_usable() {
  if (!have_account_ || !have_order_id_) return;
  (void)link_.send(wire::ReqMarketDataType{.marketDataType = settings_.market_data_type}, Pace::Request);
  resolve_wanted();
  // Orders and positions of before are about contracts: know those first, else they would look like somebody else's.
  if (names_known()) begin_session();
  else names_deadline_ = desk_.now + settings_.missing_end_timeout;
}

bool Client::names_known() const {
  return std::all_of(wanted_.begin(), wanted_.end(), [](const Wanted& wanted) { return wanted.resolved || wanted.failed; });
}

void Client::begin_session() {
  session_begun_ = true;
  compare();
  market_.subscribe_all();
}

// What happened while we were away is asked for, each time; the first time there is nothing to compare with otherwise.
void Client::compare() {
  const std::uint32_t number = own_reconciliations + ++reconciliations_;
  if (stands(Defence::FetchAfterReconnect) || reconciliations_ == 1) return begin_reconciliation(number);
  desk_.tell(ReconciliationBegan{.number = number});
  desk_.tell(ReconciliationEnded{.number = number, .complete = true});
  change(GatewayState::Ready, 0, desk_.account);
}

void Client::begin_reconciliation(std::uint32_t number) {
  reconcile_again_ = Timestamp{INT64_MAX};
  change(GatewayState::Reconciling, 0, "fetching orders, executions, positions and account");
  reconciliation_.begin(number);
}

void Client::check_reconciliation() {
  if (desk_.now >= reconcile_again_ && link_.is_up() && !reconciliation_.running()) {
    begin_reconciliation(own_reconciliations + ++reconciliations_);
  }
  const std::string missing = reconciliation_.running() ? reconciliation_.missing() : std::string();
  switch (reconciliation_.check()) {
    case Reconciliation::Outcome::Running: return;
    case Reconciliation::Outcome::Complete:
      incomplete_ = 0;
      read_only_ = false;
      down_since_ = Timestamp{INT64_MAX};
      told_long_down_ = false;
      link_.settled();
      orders_.reconciled();
      if (!market_lost_) change(GatewayState::Ready, 0, desk_.account);
      return;
    case Reconciliation::Outcome::Incomplete:
      if (++incomplete_ >= 3) {
        incomplete_ = 0;
        link_.drop(fmt::format("the gateway did not answer about {}", missing));
        return;
      }
      reconcile_again_ = desk_.now + seconds(2);
      desk_.tell(GatewayChanged{.state = state_, .server_version = link_.version(), .text = FixedText<120>{std::string_view(fmt::format("not ready: no answer about {} for {:.0f} s; asked again", missing, settings_.reconcile_timeout.seconds()))}});
  }
}

bool Client::in_restart_window() const {
  const auto next = settings_.agenda.next_restart(desk_.now);
  return next && *next - desk_.now <= settings_.restart_guard && stands(Defence::RestartGuard);
}

// Restarts and second factors are known beforehand: people are told in time, and nothing new is sent into one.
void Client::check_agenda() {
  const bool inside = in_restart_window();
  if (inside && state_ == GatewayState::Ready) change(GatewayState::RestartWindow, 0, "the gateway's daily restart is near: no new orders");
  else if (!inside && state_ == GatewayState::RestartWindow && link_.is_up()) change(GatewayState::Ready, 0, desk_.account);
  if (!stands(Defence::WarnOfCalendar)) return;
  if (const auto warning = settings_.agenda.warning(desk_.now, warned_until_)) {
    desk_.tell(GatewayChanged{.state = state_, .server_version = link_.version(), .text = FixedText<120>{std::string_view(*warning)}});
  }
  warned_until_ = desk_.now;
  // Down for longer than any restart takes: somebody must act.
  if (link_.state() == Link::State::Stopped || down_since_.ns == INT64_MAX || desk_.now - down_since_ < settings_.agenda.login_patience || told_long_down_) return;
  told_long_down_ = true;
  const std::string why = settings_.agenda.second_factor_due(down_since_) ? "it waits for its second factor: approve the login on your phone"
                                                                          : "look at the gateway: a login, a dialog, or its machine";
  desk_.tell(GatewayChanged{.state = state_, .text = FixedText<120>{std::string_view(fmt::format("no gateway for {:.0f} min: {}", (desk_.now - down_since_).seconds() / 60, why))}});
}

// ---- messages ------------------------------------------------------------------------------------------------------------

void Client::on_frame(wire::Frame frame) {
  ++counters_.frames;
  const auto result = wire::decode_event(frame, link_.version(), [this](const auto& message) { on(message); });
  if (result) return;
  if (result.error().kind == wire::WireError::Kind::UnknownMessage) {
    ++counters_.unknown_messages;
    return;
  }
  // A stream we misread is worse than none.
  link_.drop(fmt::format("message that cannot be read: {}", to_text(result.error())));
}

template <class M>
void Client::on(const M& message) {
  if constexpr (std::is_same_v<M, wire::OpenOrderEnd>) orders_.end_listing();
  if constexpr (requires { market_.on(message); }) market_.on(message);
  else if constexpr (requires { orders_.on(message); }) orders_.on(message);
  else if constexpr (requires { account_.on(message); }) account_.on(message);
  else if constexpr (requires { questions_.on(message); }) questions_.on(message);
  else if constexpr (requires { handle(message); }) handle(message);
  else if constexpr (requires { reconciliation_.on(message); }) reconciliation_.on(message);
}

void Client::handle(const wire::ManagedAccounts& message) {
  const auto accounts = accounts_in(message.accountsList);
  const auto refuse = [&](std::string_view why) {
    refused_account_ = true;
    down_reason_ = why;
    log::error("ib", "{}", why);
    link_.stop(why);
  };
  if (settings_.mode == TradingMode::Live) {
    if (settings_.account.empty()) return refuse("live mode without an account: set account in the configuration");
    const auto found = std::ranges::find_if(accounts, [&](const std::string& a) { return a.starts_with(settings_.account); });
    if (found == accounts.end()) {
      return refuse(fmt::format("the gateway is logged in for {}, not for {}: refusing to trade", message.accountsList, settings_.account));
    }
    desk_.account = *found;
  } else {
    for (const std::string& account : accounts) {
      if (!is_paper_account(account)) {
        return refuse(fmt::format("{} is no paper account (DU or DF): refusing to trade; log in to paper, or use live mode", account));
      }
    }
    const auto found = settings_.account.empty() ? accounts.begin() : std::ranges::find(accounts, settings_.account);
    if (found == accounts.end()) return refuse(fmt::format("account {} is not among {}", settings_.account, message.accountsList));
    desk_.account = *found;
  }
  have_account_ = true;
  if (reconciliations_ == 0 || state_ == GatewayState::Connecting) session_usable();
}

void Client::handle(const wire::NextValidId& next) {
  order_ids_.server_says(next.orderId);
  if (have_order_id_) return;
  have_order_id_ = true;
  session_usable();
}

void Client::handle(const wire::ErrorMessage& error) {
  const Code& code = code_of(error.errorCode);
  if (code.link != LinkEffect::None && error.errorCode != 100) return handle_link(code, error.errorCode, error.errorMsg);
  if (error.errorCode == 100) log::warn("ib", "100: {}", error.errorMsg);
  if (error.errorCode == 321 && error.errorMsg.find("Read-Only") != std::string_view::npos) read_only();
  if (error.id == -1) {
    log::info("ib", "{}: {}", error.errorCode, error.errorMsg);
    return;
  }
  if (requests_.is_ours(error.id)) {
    if (code.request == RequestEffect::None) {
      log::info("ib", "{} for request {}: {}", error.errorCode, error.id, error.errorMsg);
      return;
    }
    if (reconciliation_.on_error(error.id, error.errorCode)) return;
    const Failure failure{.code = error.errorCode, .text = std::string(error.errorMsg)};
    if (!requests_.failed(error.id, failure)) market_.on_failure(error.id, code.request, failure);
    return;
  }
  if (orders_.on_error(error.id, code, error.errorCode, error.errorMsg)) return;
  log::warn("ib", "{} for unknown id {}: {}", error.errorCode, error.id, error.errorMsg);
}

void Client::handle_link(const Code& code, std::int32_t number, std::string_view text) {
  switch (code.link) {
    case LinkEffect::None:
    case LinkEffect::Paced: return;
    case LinkEffect::Lost:
      market_lost_ = true;
      reconciliation_.connection_lost();
      change(GatewayState::Disconnected, number, text);
      return;
    case LinkEffect::RestoredEmpty:
    case LinkEffect::RestoredKept:
      market_lost_ = false;
      // Streams that are gone come back under fresh ids; those kept must not be asked for twice.
      if (code.link == LinkEffect::RestoredEmpty) market_.subscribe_all();
      change(GatewayState::Reconciling, number, text);
      compare();
      return;
    case LinkEffect::FarmBroken:
    case LinkEffect::FarmOk:
      if (!stands(Defence::FarmsAreNotOrders) && code.link == LinkEffect::FarmBroken) return link_.drop(text);
      desk_.tell(DataFarmChanged{.all = true, .broken = code.link == LinkEffect::FarmBroken, .code = number});
      if (code.link == LinkEffect::FarmOk && farm_broken_) market_.farm_back();
      farm_broken_ = code.link == LinkEffect::FarmBroken;
      return;
    case LinkEffect::HistoryFarm:
      log::info("ib", "{}: {}", number, text);
      return;
    case LinkEffect::ClientIdInUse:
      link_.drop(fmt::format("client id {} is in use: waiting for the gateway to let our old connection go", settings_.link.client_id),
                 seconds(10));
      return;
    case LinkEffect::Moved: link_.drop(text); return;
  }
}

}  // namespace robo::ib
