#include "sim/wire_day.hpp"

#include <algorithm>
#include <atomic>
#include <fstream>

#include <fmt/format.h>

#include "apps/live.hpp"
#include "apps/restart.hpp"
#include "edge/journal/replay.hpp"

namespace robo::simulation {

namespace {

/// So few that a reconciliation has to wait for its turn.
constexpr int messages_per_second = 10;

/// Settling time after the last trouble: longer than the longest back-off, heartbeat and query of the engine.
constexpr Duration peace = minutes(6);

Timestamp place_of(const apps::RecordedMarket& market, Duration length, std::uint64_t seed) {
  Dice dice(seed, 3);
  const std::int64_t room = std::max<std::int64_t>((market.end() - market.start()).ns - length.ns, 1);
  // A place with a market: the recording holds nights.
  const TimeZone zone = TimeZone::find("America/New_York").value();
  for (;;) {
    const Timestamp from{market.start().ns + static_cast<std::int64_t>(dice.below(static_cast<std::uint64_t>(room)))};
    const auto local = zone.to_local(from);
    const auto opens = hours(9) + minutes(30), closes = hours(16);
    if (local.since_midnight >= opens && local.since_midnight + length <= closes) return from;
  }
}

sim::ServerSettings server_settings(const apps::LoadedSettings& loaded, const std::vector<Calendar>& calendars, std::uint64_t seed) {
  sim::ServerSettings settings;
  settings.account = loaded.settings.account;
  settings.broker.cash = loaded.settings.starting_cash;
  settings.calendars = calendars;
  settings.faults.seed = seed;
  return settings;
}

}  // namespace

std::span<const Event> MarketWindow::next() {
  for (;;) {
    auto events = market_.next();
    if (events.empty()) return events;
    const auto first = std::ranges::lower_bound(events, from_, {}, &Event::at);
    const auto last = std::ranges::lower_bound(events, until_, {}, &Event::at);
    if (first == events.end()) continue;  // not there yet
    return events.subspan(static_cast<std::size_t>(first - events.begin()), static_cast<std::size_t>(last - first));
  }
}

/// One life of the engine's process.
struct WireDay::Life {
  LineTransport* line{};
  std::unique_ptr<ib::Client> client;
  std::unique_ptr<apps::SessionGateway> gateway;
  std::unique_ptr<apps::Engine> engine;
  std::filesystem::path journal{};
};

WireDay::WireDay(const DaySettings& settings, const apps::LoadedSettings& loaded, apps::RecordedMarket& market, const sim::FeeTable& fees)
    : settings_(settings),
      loaded_(loaded),
      market_(market),
      calendars_([&] {
        std::vector<Calendar> all;
        for (const auto& [name, calendar] : market.calendars()) all.push_back(calendar);
        return all;
      }()),
      dice_(settings.seed, 4),
      from_(place_of(market, settings.market, settings.seed)),
      until_(from_ + settings.market),
      network_(clock_, settings.seed),
      window_(market, from_, until_),
      gateway_(window_, server_settings(loaded, calendars_, settings.seed), fees, network_, settings.seed),
      checkers_({.position_max = loaded.settings.limits.position_quantity_max, .quote_age_max = loaded.settings.market.quote_age_max, .messages_per_second = messages_per_second}),
      journals_(settings.folder / "journal"),
      state_(settings.folder / "state") {
  std::filesystem::remove_all(settings.folder);
  std::filesystem::create_directories(journals_);
  clock_.set(from_);
  network_.said = [this](Timestamp at) { checkers_.on_message(at); };
  // A swarm: each seed knows some kinds of trouble, each at a rate of its own.
  for (std::size_t i = 0; i < fault_kinds; ++i) {
    const bool known = dice_.chance(0.5);
    const double often = static_cast<Fault>(i) == Fault::KillAnywhere || static_cast<Fault>(i) == Fault::KillInSend ? 240 : 40;
    mean_[i] = known ? seconds(static_cast<std::int64_t>(often * std::pow(20.0, dice_.part()))) : hours(1'000'000);
    next_fault_[i] = from_ + seconds(20) + dice_.wait(mean_[i]);
  }
  gateway_.set_manners({.twice = dice_.chance(0.5) ? 0.15 : 0, .late = dice_.chance(0.5) ? 0.2 : 0, .status_lost = dice_.chance(0.3) ? 0.05 : 0});
}

WireDay::~WireDay() = default;

void WireDay::start_engine() {
  const auto& settings = loaded_.settings;
  const Timestamp day = {clock_.now().ns - clock_.now().ns % hours(24).ns};
  const auto memory = apps::remember(journals_, settings.account, day);
  const auto session = apps::take_session(state_, memory.session_last);
  INVARIANT(session.has_value());
  auto life = std::make_unique<Life>();
  ib::ClientSettings client;
  client.link.messages_per_second = messages_per_second;
  client.link.backoff_max = seconds(20);
  client.link.heartbeat = settings.gateway.heartbeat;
  client.mode = TradingMode::Demo;
  client.account = settings.account;
  client.state_folder = state_ / "ib";
  auto line = std::make_unique<LineTransport>(network_);
  life->line = line.get();
  life->client = std::make_unique<ib::Client>(client, clock_, std::move(line));
  std::vector<Instrument> skeletons;
  for (const auto& instrument : market_.instruments()) {
    const auto contract = apps::contract_of(instrument);
    skeletons.push_back(apps::skeleton_of(contract, instrument.id));
    life->client->want(instrument.id,
                       {.symbol = contract.symbol, .type = contract.type, .exchange = contract.exchange,
                        .primary_exchange = contract.primary_exchange, .currency = contract.currency},
                       {.quotes = true, .trades = true, .depth_rows = 5});
  }
  life->gateway = std::make_unique<apps::SessionGateway>(*life->client, skeletons, calendars_, clock_);
  life->journal = apps::journal_folder(journals_, *session, clock_.now(), settings.account);
  life->engine = std::make_unique<apps::Engine>(
      loaded_,
      apps::EngineOptions{.mode = TradingMode::Demo, .account = settings.account, .session = *session, .measure = false, .journal = life->journal, .day_loss = memory.day_loss},
      skeletons, *life->gateway, clock_);
  checkers_.restarted();
  life->engine->drive().add(checkers_);
  life->engine->drive().add(hash_);
  life->engine->start(clock_.now(), apps::working_in(memory, skeletons));
  written_.push_back(life->journal);
  life_ = std::move(life);
}

void WireDay::kill_engine() {
  // What a dead process leaves is what the disk holds now; ending it in order would tidy up.
  const auto left = settings_.folder / "left";
  std::filesystem::remove_all(left);
  std::filesystem::create_directories(left);
  for (const auto& file : std::filesystem::directory_iterator(life_->journal)) {
    std::ifstream from(file.path(), std::ios::binary);
    std::ofstream(left / file.path().filename(), std::ios::binary) << from.rdbuf();
  }
  out_.events += life_->engine->drive().events();
  const auto journal = life_->journal;
  life_.reset();
  std::filesystem::remove_all(journal);
  std::filesystem::rename(left, journal);
  ++out_.kills;
  engine_back_at_ = clock_.now() + dice_.between(seconds(1), seconds(45));
}

void WireDay::turn_engine() {
  if (!life_) {
    if (clock_.now() >= engine_back_at_) start_engine();
    return;
  }
  if (clock_.now() < awake_at_) return;
  try {
    while (checkers_.broken().empty() && life_->engine->drive().step()) {
    }
  } catch (const Killed&) {
    kill_engine();
  }
}

void WireDay::strike(Fault fault) {
  ++out_.faults;
  const auto line = network_.newest();
  auto& station = gateway_.station();
  switch (fault) {
    case Fault::CutDown:
      if (line) line->down.cut_at = line->down.put + dice_.below(600);
      return;
    case Fault::CutUp:
      if (line) line->up.cut_at = line->up.put + dice_.below(400);
      return;
    case Fault::HalfOpen: gateway_.fall_silent(clock_.now() + dice_.between(seconds(10), seconds(100))); return;
    case Fault::Stall:
      if (line) (dice_.chance(0.7) ? line->down : line->up).stalled_until = clock_.now() + dice_.between(milliseconds(100), seconds(25));
      return;
    case Fault::GatewayRestart:
      gateway_.restart(clock_.now() + dice_.between(seconds(2), seconds(60)), dice_.chance(0.5) ? static_cast<std::int32_t>(dice_.below(40)) : 0);
      return;
    case Fault::IbAway:
      (void)station.apply(sim::fault::LoseIb{});
      restored_at_ = clock_.now() + dice_.between(seconds(1), seconds(60));
      restored_kept_ = dice_.chance(0.5);
      return;
    case Fault::Farm:
      (void)station.apply(sim::fault::Farm{.state = sim::fault::FarmState::Down});
      heard_again_at_ = clock_.now() + dice_.between(seconds(1), seconds(40));
      return;
    case Fault::Reject: (void)station.apply(sim::fault::RejectOrders{.count = 1 + static_cast<int>(dice_.below(2))}); return;
    case Fault::Halt:
      (void)station.apply(sim::fault::Halt{.symbol = "XXX"});
      halted_since_ = std::min(halted_since_, clock_.now());
      resumed_at_ = clock_.now() + dice_.between(seconds(5), seconds(90));
      return;
    case Fault::CorrectExecution:
      (void)station.apply(sim::fault::CorrectExecution{.price = 150 + static_cast<double>(dice_.below(1000)) / 100});
      return;
    case Fault::ManualTrade:
      (void)station.apply(sim::fault::ManualTrade{.symbol = "XXX", .side = dice_.chance(0.5) ? "BUY" : "SELL", .quantity = static_cast<double>(1 + dice_.below(300))});
      return;
    case Fault::ManualOrder:
      (void)station.apply(sim::fault::ManualOrder{.symbol = "XXX", .side = dice_.chance(0.5) ? "BUY" : "SELL", .quantity = static_cast<double>(1 + dice_.below(300))});
      return;
    case Fault::IbCancels: (void)station.apply(sim::fault::CancelOrders{.symbol = "XXX"}); return;
    case Fault::SilentFeed:
      (void)station.apply(sim::fault::Silence{.symbol = "XXX"});
      heard_again_at_ = clock_.now() + dice_.between(seconds(5), seconds(60));
      return;
    case Fault::Locate: (void)station.apply(sim::fault::Locate{.symbol = "XXX", .shares = dice_.chance(0.5) ? -1 : static_cast<std::int64_t>(dice_.below(300))}); return;
    case Fault::LateCommission: (void)station.apply(sim::fault::Delay{.message = "commissionReport", .seconds = 1 + 20 * dice_.part(), .count = 3}); return;
    case Fault::KillAnywhere:
      if (life_) kill_engine();
      return;
    case Fault::KillInSend:
      if (life_) life_->line->die_after(dice_.below(900));
      return;
    case Fault::OperatorKills:
      if (life_) (void)life_->engine->drive().operators().ask({.action = OperatorAction::Kill, .who = FixedText<24>{"sim"}, .reason = FixedText<80>{"trouble"}});
      reset_at_ = clock_.now() + dice_.between(seconds(5), seconds(120));
      return;
    case Fault::EngineSleeps: awake_at_ = clock_.now() + dice_.between(milliseconds(200), seconds(70)); return;
  }
}

void WireDay::do_faults() {
  const Timestamp now = clock_.now();
  auto& station = gateway_.station();
  if (now >= restored_at_) {
    (void)station.apply(sim::fault::RestoreIb{.data_kept = restored_kept_});
    restored_at_ = Timestamp{INT64_MAX};
  }
  if (now >= resumed_at_) {
    (void)station.apply(sim::fault::Resume{.symbol = "XXX"});
    halted_since_ = Timestamp{INT64_MAX};
    resumed_at_ = Timestamp{INT64_MAX};
  }
  if (now >= heard_again_at_) {
    (void)station.apply(sim::fault::Farm{.state = sim::fault::FarmState::Up});
    (void)station.apply(sim::fault::Silence{.symbol = "XXX", .on = false});
    heard_again_at_ = Timestamp{INT64_MAX};
  }
  if (now >= reset_at_ && life_) {
    (void)life_->engine->drive().operators().ask({.action = OperatorAction::ResetKill, .who = FixedText<24>{"sim"}, .reason = FixedText<80>{"trouble is over"}});
    reset_at_ = Timestamp{INT64_MAX};
  }
  if (network_.calm()) return;
  for (std::size_t i = 0; i < fault_kinds; ++i) {
    if (now < next_fault_[i]) continue;
    next_fault_[i] = now + dice_.wait(mean_[i]);
    strike(static_cast<Fault>(i));
  }
}

/// What the gateway has taken: the same order of ours twice is money lost, whoever believes what.
void WireDay::look_at_the_exchange() {
  if (gateway_.strikes() > 0) checkers_.wrong(clock_.now(), "the gateway was told more messages in a second than IB allows");
  const auto served = gateway_.station().served();
  for (; seen_at_exchange_ < served.size(); ++seen_at_exchange_) {
    const auto& order = served[seen_at_exchange_];
    if (order.order_ref.empty()) continue;
    if (!references_.try_emplace(order.order_ref, seen_at_exchange_).second)
      checkers_.wrong(clock_.now(), fmt::format("the gateway holds the order {} twice", order.order_ref));
  }
}

/// What the engine can know now.
void WireDay::look_at_the_engine() {
  const Timestamp now = clock_.now();
  const auto line = network_.newest();
  const bool reachable = life_ && now >= awake_at_ && line && !line->cut && !line->silent && now >= line->down.stalled_until && now >= line->up.stalled_until;
  reachable ? checkers_.undisturbed(now, halted_since_) : checkers_.disturbed(now);
}

void WireDay::turn() {
  do_faults();
  gateway_.turn(clock_.now());
  look_at_the_engine();
  turn_engine();
  gateway_.turn(clock_.now());
  look_at_the_exchange();
}

void WireDay::advance() {
  const Timestamp now = clock_.now();
  const bool busy = life_ && life_->client->working_orders() > 0;
  Timestamp next = now + (busy ? milliseconds(10) : milliseconds(50));
  next = std::min(next, std::max(gateway_.next_due(), now + microseconds(50)));
  clock_.set(next);
}

void WireDay::compare_with_the_exchange() {
  const auto& station = gateway_.station();
  const auto& kernel = life_->engine->kernel();
  for (const auto& instrument : market_.instruments()) {
    const auto ours = kernel.portfolio().position(instrument.id).quantity;
    const auto theirs = station.broker().account().holding(instrument.id).quantity;
    if (ours != theirs)
      return checkers_.wrong(clock_.now(), fmt::format("{}: we hold {}, IB holds {}", instrument.symbol.view(), to_text(ours), to_text(theirs)));
  }
  const Money ours = kernel.portfolio().cash(CurrencyCode{"USD"});
  Money theirs{};
  for (const auto& purse : station.broker().account().cash())
    if (purse.currency == CurrencyCode{"USD"}) theirs = purse.amount;
  if (const Money off = ours > theirs ? ours - theirs : theirs - ours; off > Money::from_raw(10'000))
    return checkers_.wrong(clock_.now(), fmt::format("we have {} USD in cash, IB says {}", to_text(ours), to_text(theirs)));
  for (const auto& instrument : market_.instruments()) {
    const auto held = station.broker().account().holding(instrument.id).quantity;
    if (held.is_zero() || !checkers_.wants_stop(instrument.id)) continue;
    Quantity covered{};  // by stops; while an exit waits for a market its stops have made room for it
    for (const auto& order : station.served())
      if (order.open() && order.instrument == instrument.id && sign(order.side) * held.sign() < 0) covered += order.order_type == "STP" ? order.quantity - order.filled : held.abs();
    if (covered < held.abs())
      return checkers_.wrong(clock_.now(), fmt::format("{}: {} held, stops and exits for {} only", instrument.symbol.view(), to_text(held), to_text(covered)));
  }
  std::set<std::string> working;
  for (const auto& order : station.served())
    if (order.open() && !order.order_ref.empty()) working.insert(order.order_ref);
  for (const auto& [key, state] : checkers_.states()) {
    const bool there = working.erase(to_text(key)) > 0;
    if (there && is_final(state)) return checkers_.wrong(clock_.now(), fmt::format("order {} works at IB; we believe it {}", to_text(key), to_text(state)));
    if (!there && !is_final(state) && state != OrderState::Unknown)
      return checkers_.wrong(clock_.now(), fmt::format("order {} is gone at IB; we believe it {}", to_text(key), to_text(state)));
  }
  if (!working.empty()) checkers_.wrong(clock_.now(), fmt::format("order {} works at IB and we do not know it", *working.begin()));
}

void WireDay::verify_journals() {
  for (const auto& journal : written_) {
    if (const auto difference = replay_difference(journal, loaded_, market_.instruments()); !difference.empty())
      return checkers_.wrong(clock_.now(), fmt::format("{}: {}", journal.filename().string(), difference));
  }
}

DayOutcome WireDay::run() {
  start_engine();
  while (checkers_.broken().empty() && clock_.now() < until_) {
    turn();
    advance();
  }
  // Peace: what was broken is mended, and when all is quiet both sides must say the same.
  network_.calm_down();
  restored_at_ = std::min(restored_at_, clock_.now());
  resumed_at_ = std::min(resumed_at_, clock_.now());
  if (reset_at_.ns != INT64_MAX) reset_at_ = clock_.now();
  heard_again_at_ = std::min(heard_again_at_, clock_.now());
  (void)gateway_.station().apply(sim::fault::Locate{.symbol = "XXX", .shares = -1});
  awake_at_ = clock_.now();
  const Timestamp end = clock_.now() + peace;
  while (checkers_.broken().empty() && clock_.now() < end) {
    turn();
    advance();
  }
  if (checkers_.broken().empty() && !life_) checkers_.wrong(clock_.now(), "the engine did not come back");
  if (checkers_.broken().empty() && life_->client->state() != GatewayState::Ready)
    checkers_.wrong(clock_.now(), fmt::format("minutes after the last trouble the gateway is {}", to_text(life_->client->state())));
  if (checkers_.broken().empty()) compare_with_the_exchange();
  if (life_) {
    out_.events += life_->engine->drive().events();
    (void)life_->engine->finish("end of the day");
    life_.reset();
  }
  if (checkers_.broken().empty()) verify_journals();
  if (!checkers_.broken().empty()) std::ofstream(settings_.folder / "gateway.json") << gateway_.station().dump();
  out_.broken = checkers_.broken();
  out_.hash = hash_.value();
  out_.troubles = gateway_.troubles();
  out_.orders = checkers_.sent();
  out_.filled = checkers_.filled();
  out_.stops = checkers_.stops();
  out_.simulated = clock_.now() - from_;
  return out_;
}

std::string replay_difference(const std::filesystem::path& journal, const apps::LoadedSettings& loaded, std::span<const Instrument> instruments) {
  auto reader = journal::Reader::open(journal);
  if (!reader) return reader.error().text;
  journal::Replay replay(std::move(reader.value()), true);
  runtime::DataClock clock;
  apps::Engine again(loaded, {.mode = TradingMode::Replay, .measure = false, .keep_timers = false}, instruments, replay, clock);
  again.drive().add(replay);
  const std::atomic<bool> never{false};
  again.run(never);
  replay.finish();
  const auto& difference = replay.difference();
  if (!difference) return {};
  return fmt::format("replay differs at record {}: recorded {}, replayed {}", difference->record, difference->recorded, difference->replayed);
}

}  // namespace robo::simulation
