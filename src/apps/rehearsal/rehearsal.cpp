#include "apps/rehearsal/rehearsal.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <optional>
#include <unistd.h>

#include "apps/live.hpp"
#include "apps/rehearsal/puppet.hpp"
#include "apps/rehearsal/street.hpp"
#include "edge/sim/server/server.hpp"
#include "edge/sim/server/station.hpp"

namespace robo::apps::rehearsal {

namespace {

constexpr std::string_view default_start = "2026-11-23 10:00 America/New_York";
constexpr Duration beat = milliseconds(10);

/// "2026-11-23 10:00 America/New_York".
Timestamp moment(std::string_view text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0;
  char zone[64] = {};
  const std::string copy(text);
  if (std::sscanf(copy.c_str(), "%d-%d-%d %d:%d %63s", &year, &month, &day, &hour, &minute, zone) != 6)
    throw std::runtime_error(fmt::format("'{}' is no moment: 2026-11-23 10:00 America/New_York", text));
  const auto found = TimeZone::find(zone);
  if (!found) throw std::runtime_error(found.error().text);
  return found->to_utc({date_of(year, static_cast<unsigned>(month), static_cast<unsigned>(day)), hours(hour) + minutes(minute)});
}

std::filesystem::path own_folder() {
  static int made = 0;
  return std::filesystem::temp_directory_path() / fmt::format("robotrader-rehearsal-{}-{}", ::getpid(), ++made);
}

class Rehearsal {
 public:
  Rehearsal(const Scenario& scenario, const Stage& stage)
      : scenario_(scenario), folder_(stage.scratch.empty() ? own_folder() : stage.scratch), own_folder_(stage.scratch.empty()),
        start_(moment(scenario.starts_at.empty() ? default_start : scenario.starts_at)), now_(start_) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    clock_.set(now_);
    open_gateway(stage);
    read_settings(stage);
  }
  ~Rehearsal() {
    live_.reset();
    server_->stop();
    std::error_code error;
    if (own_folder_) std::filesystem::remove_all(folder_, error);
  }

  Outcome run() {
    Outcome out;
    for (const auto& step : scenario_.steps) {
      broken_at_ = step.line;
      std::visit([&](const auto& deed) { perform(deed, step); }, step.deed);
      if (!broken_.empty()) break;
    }
    if (broken_.empty()) out.passed = true;
    else out.broken = fmt::format("{}:{}: {}", scenario_.file.string(), broken_at_, broken_);
    out.account = witness_.lines();
    out.took = now_ - start_;
    return out;
  }

 private:
  // ---- the stage ---------------------------------------------------------------------------------------------------------

  void open_gateway(const Stage& stage) {
    auto street = std::make_unique<Street>(start_ - seconds(1));
    street_ = street.get();
    auto fees = sim::FeeTable::load(stage.data / "fees" / "ib.csv");
    if (!fees) throw std::runtime_error(fees.error().text);
    sim::ServerSettings settings;
    settings.port = 0;
    settings.account = "DU1234567";
    settings.skip_gaps = false;
    settings.state_dir = folder_ / "gateway";
    for (const auto& [key, value] : scenario_.gateway) set(settings, key, value);
    server_ = std::make_unique<sim::GatewayServer>(std::move(street), settings, std::move(*fees));
    if (const auto started = server_->start_stepped(); !started) throw std::runtime_error(started.error().text);
  }

  void set(sim::ServerSettings& settings, const std::string& key, const std::string& value) const {
    const double number = std::strtod(value.c_str(), nullptr);
    if (key == "read_only") settings.read_only = value == "true";
    else if (key == "server_version") settings.version_max = static_cast<int>(number);
    else if (key == "lines") settings.limits.lines = static_cast<std::uint32_t>(number);
    else if (key == "messages_per_second") settings.limits.messages_per_second = static_cast<std::uint32_t>(number);
    else if (key == "unentitled") settings.unentitled.insert(value);
    else if (key == "cash") settings.broker.cash = Money::nearest(number);
    else if (key == "account") settings.account = value;
    else if (key == "check_margin") settings.broker.check_margin = value == "true";
    else if (key == "shuffle") settings.faults.seed = static_cast<std::uint64_t>(number);
    else throw std::runtime_error(fmt::format("{}: the gateway has no setting '{}'", scenario_.file.string(), key));
  }

  void read_settings(const Stage& stage) {
    auto overrides = scenario_.settings;
    traded_ = {"AAPL"};
    std::erase_if(overrides, [&](const Override& o) {
      if (o.key != "trades") return false;
      traded_.clear();
      std::string_view rest = std::get<std::string>(o.value);
      while (!rest.empty()) {
        const auto end = std::min(rest.find(' '), rest.size());
        if (end > 0) traded_.emplace_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
      }
      return true;
    });
    overrides.push_back({"journal", (folder_ / "journal").string()});
    overrides.push_back({"state", (folder_ / "state").string()});
    overrides.push_back({"gateway.cache", (folder_ / "contracts.json").string()});
    loaded_ = load_settings((stage.data / "faults" / "rehearsal.toml").string(), overrides);
  }

  // ---- time --------------------------------------------------------------------------------------------------------------

  /// Everything that can happen at this moment has happened.
  void settle() {
    for (int quiet = 0, rounds = 0; quiet < 2 && rounds < 10'000; ++rounds) {
      bool moved = server_->turn(now_);
      if (live_)
        for (int i = 0; i < 4096 && live_->engine().drive().step(); ++i) moved = true;
      quiet = moved ? 0 : quiet + 1;
    }
    look();
  }

  void look() {
    if (!broken_.empty()) return;
    if (!witness_.broken().empty()) broken_ = "a law was broken: " + witness_.broken();
    for (const auto& [line, condition] : never_) {
      if (!holds(condition)) continue;
      broken_ = fmt::format("it happened: {}", condition.words);
      broken_at_ = line;
      return;
    }
  }

  /// Lets time pass until `done` or for so long. True: done.
  template <class Done>
  bool pass(Duration length, Done&& done) {
    const auto until = now_ + length;
    const auto step = length > hours(1) ? milliseconds(250) : length > minutes(5) ? milliseconds(50) : beat;
    settle();
    while (broken_.empty() && !done()) {
      if (now_ >= until) return false;
      now_ = std::min(until, now_ + step);
      clock_.set(now_);
      settle();
    }
    return broken_.empty();
  }

  // ---- deeds -------------------------------------------------------------------------------------------------------------

  void fails(std::string what) {
    if (broken_.empty()) broken_ = std::move(what);
  }
  [[nodiscard]] const Instrument* instrument(std::string_view symbol) {
    const auto* found = street_->find(symbol);
    if (found == nullptr) fails(fmt::format("'{}' is not on the street of rehearsals: AAPL, MSFT, PENY, SAP, EUR, ES", symbol));
    return found;
  }
  /// Its number in the engine, which counts only what is traded.
  [[nodiscard]] std::optional<InstrumentId> in_engine(std::string_view symbol) {
    for (std::size_t i = 0; i < traded_.size(); ++i)
      if (traded_[i] == symbol) return InstrumentId{static_cast<std::uint32_t>(i)};
    fails(fmt::format("'{}' is not traded in this rehearsal: name it in 'setting: trades = ...'", symbol));
    return std::nullopt;
  }
  bool engine_runs() {
    if (!live_) fails("no engine runs: 'engine starts' comes first");
    return live_ != nullptr;
  }

  void perform(const SetMarket& deed, const Step& step) {
    const auto* known = instrument(deed.symbol);
    if (known == nullptr) return;
    witness_.write(now_, "market", step.words);
    if (deed.silent) street_->silence(known->id);
    else street_->set(known->id, Price::nearest(deed.bid), Price::nearest(deed.ask), Quantity::nearest(deed.size));
    (void)pass(milliseconds(600), [] { return false; });  // until it has been shown
  }
  void perform(const Print& deed, const Step& step) {
    const auto* known = instrument(deed.symbol);
    if (known == nullptr) return;
    witness_.write(now_, "market", step.words);
    street_->print(known->id, Price::nearest(deed.price), Quantity::nearest(deed.size));
    (void)pass(milliseconds(600), [] { return false; });
  }
  void perform(const EngineDoes& deed, const Step& step) {
    witness_.write(now_, "you", step.words);
    if (deed.what == EngineStep::Starts) return start_engine();
    if (!engine_runs()) return;
    if (deed.what == EngineStep::Stops) (void)live_->finish("asked to");
    live_.reset();
    settle();
  }
  void perform(const Wait& deed, const Step&) {
    (void)pass(deed.length, [] { return false; });
  }
  void perform(const Inject& deed, const Step&) {
    const auto answer = server_->inject(deed.command);
    witness_.write(now_, "gateway", answer);
    const auto verb = deed.command.substr(0, deed.command.find(' '));
    if (answer.find("is not a command") != std::string::npos || answer.find("is not known here") != std::string::npos) return fails(answer);
    settle();
  }
  void perform(const Want& deed, const Step& step) {
    const auto id = in_engine(deed.symbol);
    if (!id) return;
    witness_.write(now_, "strategy", step.words);
    wishes_.push_back({.instrument = *id, .quantity = Quantity::nearest(deed.quantity), .stop = Price::nearest(deed.stop), .target = Price::nearest(deed.target)});
  }
  void perform(const Ask& deed, const Step& step) {
    if (!engine_runs()) return;
    witness_.write(now_, "you", step.words);
    OperatorInput input{.action = deed.action, .value = deed.value, .who = "rehearsal"};
    if (deed.order != 0) {
      if (deed.order > witness_.orders().size()) return fails(fmt::format("there is no order {} yet", deed.order));
      input.order = witness_.orders()[deed.order - 1].intent.key;
    }
    if (!deed.symbol.empty()) {
      const auto id = in_engine(deed.symbol);
      if (!id) return;
      input.instrument = *id;
    }
    (void)live_->engine().drive().operators().ask(input);
    settle();
  }
  void perform(const Expect& deed, const Step&) {
    if (pass(deed.within, [&] { return holds(deed.condition); })) return;
    fails(deed.within.ns == 0 ? fmt::format("expected {}; {}", deed.condition.words, found(deed.condition))
                              : fmt::format("expected {} within {:g} s; {}", deed.condition.words, deed.within.seconds(), found(deed.condition)));
  }
  void perform(const Never& deed, const Step&) { never_.emplace_back(broken_at_, deed.condition); }

  void start_engine() {
    if (live_) return fails("an engine runs already");
    LiveSetup setup{.mode = loaded_.settings.mode, .host = "127.0.0.1", .port = server_->port(), .history_days = 0, .quiet = true};
    for (const auto& symbol : traded_) {
      ContractSettings contract{.symbol = symbol};
      Instrument skeleton;
      if (const auto* known = street_->find(symbol)) {
        contract = contract_of(*known);
        skeleton = *known;
        skeleton.ticks = TickTable::flat(price(0, 1));  // what is right comes from IB
      } else {
        skeleton = skeleton_of(contract, {});
      }
      skeleton.id = InstrumentId{static_cast<std::uint32_t>(setup.instruments.size())};
      setup.contracts.push_back(contract);
      setup.instruments.push_back(skeleton);
    }
    setup.strategies = [this](std::span<const Instrument> instruments) {
      std::vector<Enlisted> out;
      strategy::Enlistment terms{.universe = {}, .settings = {}, .running = true};
      for (const auto& known : instruments) terms.universe.push_back(known.id);
      out.push_back({std::make_unique<Puppet>(wishes_), std::move(terms)});
      return out;
    };
    witness_.next_life();
    live_ = std::make_unique<LiveRun>(loaded_, setup, clock_);
    live_->engine().drive().add(witness_);
    // The tap was hung up after the engine was told its instruments.
    for (const auto& known : setup.instruments) witness_.on_event({.at = now_, .received_at = now_, .payload = Boxed<Instrument>{&known}});
    settle();
  }

  // ---- conditions --------------------------------------------------------------------------------------------------------

  [[nodiscard]] const sim::Broker& broker() const { return server_->station()->broker(); }

  template <class F>
  void each_ib_order(F&& visit) const {
    for (std::size_t slot = 0; slot < broker().orders(); ++slot) {
      const auto& order = broker().order(static_cast<sim::Slot>(slot));
      if (!is_final(order.state) && order.perm_id.value != 0 && order.hold != sim::Hold::NotTransmitted) visit(order);
    }
  }

  [[nodiscard]] std::size_t ib_orders() const {
    std::size_t count = 0;
    each_ib_order([&](const sim::Order&) { ++count; });
    return count;
  }

  [[nodiscard]] std::string disagreement() {
    const auto& kernel = live_->engine().kernel();
    for (std::size_t i = 0; i < traded_.size(); ++i) {
      const auto* known = street_->find(traded_[i]);
      if (known == nullptr) continue;
      const auto ours = kernel.portfolio().position(InstrumentId{static_cast<std::uint32_t>(i)}).quantity;
      const auto theirs = broker().account().holding(known->id).quantity;
      if (ours != theirs) return fmt::format("{}: the engine counts {}, IB holds {}", traded_[i], to_text(ours), to_text(theirs));
    }
    for (const auto& balance : broker().account().cash()) {
      const auto ours = kernel.portfolio().cash(balance.currency).to_double();
      if (std::abs(ours - balance.amount.to_double()) >= 0.005)
        return fmt::format("cash in {}: the engine counts {:.2f}, IB {:.2f}", balance.currency.view(), ours, balance.amount.to_double());
    }
    std::vector<std::int64_t> ours, theirs;
    kernel.dealer().orders().each_live([&](const execution::Order& order) { ours.push_back(order.perm_id.value); });
    each_ib_order([&](const sim::Order& order) { theirs.push_back(order.perm_id.value); });
    std::sort(ours.begin(), ours.end());
    std::sort(theirs.begin(), theirs.end());
    if (ours != theirs) return fmt::format("the engine believes in {} working orders, IB works {}", ours.size(), theirs.size());
    return {};
  }

  [[nodiscard]] std::string profit_disagreement() {
    const auto& portfolio = live_->engine().kernel().portfolio();
    const auto values = broker().account().values();
    const double ours = (portfolio.realized() + portfolio.unrealized() - portfolio.commissions()).to_double();
    const double theirs = values.realized + values.unrealized;
    return std::abs(ours - theirs) < 0.005 ? std::string() : fmt::format("the engine counts a profit of {:.2f}, IB of {:.2f}", ours, theirs);
  }

  [[nodiscard]] bool is_protected(std::string_view symbol) {
    const auto* known = instrument(symbol);
    if (known == nullptr) return false;
    const auto held = broker().account().holding(known->id).quantity;
    Quantity covered;
    each_ib_order([&](const sim::Order& order) {
      const bool stop = std::holds_alternative<Stop>(order.kind) || std::holds_alternative<StopLimit>(order.kind) || std::holds_alternative<Trail>(order.kind);
      if (stop && order.instrument == known->id && sign(order.side) * held.sign() < 0) covered += order.remaining();
    });
    return covered >= held.abs();
  }

  [[nodiscard]] const Witness::Seen* order(std::size_t number) const {
    return number >= 1 && number <= witness_.orders().size() ? &witness_.orders()[number - 1] : nullptr;
  }

  [[nodiscard]] bool holds(const Condition& c) { return plain(c) != c.negated; }

  [[nodiscard]] bool plain(const Condition& c) {
    const auto equal = [&](double value) { return std::abs(value - c.quantity) < 1e-9; };
    const bool needs_engine = c.subject == Subject::Position || c.subject == Subject::EngineOrders || c.subject == Subject::BooksAgree ||
                              c.subject == Subject::PnlAgrees || c.subject == Subject::Quoted || c.subject == Subject::Ready;
    if (needs_engine && !live_) return false;
    switch (c.subject) {
      case Subject::Ready: return live_->engine().kernel().gate().ready() && witness_.gateway() == GatewayState::Ready;
      case Subject::GatewayState: return to_text(witness_.gateway()) == c.text;
      case Subject::Position: {
        const auto id = in_engine(c.symbol);
        return id && equal(live_->engine().kernel().portfolio().position(*id).quantity.to_double());
      }
      case Subject::OrderState: {
        const auto* seen = order(c.number);
        if (seen == nullptr) return false;
        if (c.text == "working") return seen->state == OrderState::Submitted || seen->state == OrderState::PreSubmitted;
        if (c.text == "over") return is_final(seen->state);
        return to_text(seen->state) == c.text;
      }
      case Subject::OrderCode: return order(c.number) != nullptr && equal(order(c.number)->code);
      case Subject::OrderFilled: return order(c.number) != nullptr && equal(order(c.number)->filled.to_double());
      case Subject::OrderLimit: return order(c.number) != nullptr && equal(order(c.number)->limit.to_double());
      case Subject::EngineOrders: return equal(static_cast<double>(live_->engine().kernel().dealer().orders().live_count()));
      case Subject::IbOrders: return equal(static_cast<double>(ib_orders()));
      case Subject::IbPosition: {
        const auto* known = instrument(c.symbol);
        return known != nullptr && equal(broker().account().holding(known->id).quantity.to_double());
      }
      case Subject::Sent: return equal(static_cast<double>(witness_.orders().size()));
      case Subject::Fills: return equal(static_cast<double>(witness_.fills()));
      case Subject::Told: return witness_.told(c.text);
      case Subject::Denied: return witness_.denied(c.text);
      case Subject::Killed: return witness_.killed();
      case Subject::BooksAgree: return disagreement().empty();
      case Subject::PnlAgrees: return profit_disagreement().empty();
      case Subject::Protected: return is_protected(c.symbol);
      case Subject::Quoted: {
        const auto id = in_engine(c.symbol);
        return id && live_->engine().kernel().market().quote(*id, now_).has_value();
      }
      case Subject::Subscriptions: return equal(static_cast<double>(server_->station()->lines()));
      case Subject::Connections: return equal(static_cast<double>(witness_.connections()));
    }
    return false;
  }

  /// What there is instead, for the message.
  [[nodiscard]] std::string found(const Condition& c) {
    switch (c.subject) {
      case Subject::Position: {
        const auto id = in_engine(c.symbol);
        return live_ && id ? fmt::format("it is {}", to_text(live_->engine().kernel().portfolio().position(*id).quantity)) : "no engine runs";
      }
      case Subject::IbPosition: return fmt::format("it is {}", to_text(broker().account().holding(instrument(c.symbol)->id).quantity));
      case Subject::OrderState: return order(c.number) ? fmt::format("it is {}", to_text(order(c.number)->state)) : "there is no such order";
      case Subject::OrderCode: return order(c.number) ? fmt::format("it is {}", order(c.number)->code) : "there is no such order";
      case Subject::OrderFilled: return order(c.number) ? fmt::format("it is {}", to_text(order(c.number)->filled)) : "there is no such order";
      case Subject::OrderLimit: return order(c.number) ? fmt::format("it is {}", to_text(order(c.number)->limit)) : "there is no such order";
      case Subject::EngineOrders: return live_ ? fmt::format("there are {}", live_->engine().kernel().dealer().orders().live_count()) : "no engine runs";
      case Subject::IbOrders: return fmt::format("there are {}", ib_orders());
      case Subject::Sent: return fmt::format("there were {}", witness_.orders().size());
      case Subject::Fills: return fmt::format("there were {}", witness_.fills());
      case Subject::BooksAgree: return live_ ? disagreement() : "no engine runs";
      case Subject::PnlAgrees: return live_ ? profit_disagreement() : "no engine runs";
      case Subject::Subscriptions: return fmt::format("there are {}", server_->station()->lines());
      case Subject::Connections: return fmt::format("there were {}", witness_.connections());
      case Subject::Ready:
      case Subject::GatewayState: return fmt::format("the gateway is {}", to_text(witness_.gateway()));
      case Subject::Told:
      case Subject::Denied:
      case Subject::Killed:
      case Subject::Protected:
      case Subject::Quoted: return c.negated ? "it is so" : "it is not so";
    }
    return {};
  }

  const Scenario& scenario_;
  std::filesystem::path folder_;
  bool own_folder_;
  Timestamp start_, now_;
  runtime::DataClock clock_;
  Street* street_ = nullptr;
  std::unique_ptr<sim::GatewayServer> server_;
  LoadedSettings loaded_;
  std::vector<std::string> traded_;
  std::vector<Wish> wishes_;
  Witness witness_;
  std::unique_ptr<LiveRun> live_;
  std::vector<std::pair<int, Condition>> never_;
  std::string broken_;
  int broken_at_ = 0;
};

}  // namespace

Outcome rehearse(const Scenario& scenario, const Stage& stage) { return Rehearsal(scenario, stage).run(); }

}  // namespace robo::apps::rehearsal
