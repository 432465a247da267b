#pragma once
// A kernel on a bench: events go in by hand, commands and facts come out in a list. No mocks: every room is the real one.

#include <memory>
#include <string>
#include <vector>

#include "kernel/kernel.hpp"

namespace robo::test {

inline constexpr Timestamp nine_thirty{1'514'903'400'000'000'000};  // 2018-01-02 14:30 UTC

inline Instrument stock(std::uint32_t id, std::string_view symbol) {
  return {.id = InstrumentId{id},
          .asset_class = AssetClass::Stock,
          .symbol = symbol,
          .exchange = "SMART",
          .currency = "USD",
          .calendar = "NYSE",
          .ticks = TickTable::flat(price(0, 1)),
          .size_increment = shares(1)};
}

/// Says what it is told to say, so that a test decides when the engine wants something.
class Puppet : public strategy::Strategy {
 public:
  [[nodiscard]] std::string_view name() const override { return "puppet"; }
  void declare(strategy::Declaration&) override {}
  void on_quote(const strategy::View&, const Quote& quote, strategy::Signals& signals) override {
    if (next_.horizon.ns != 0 && next_.instrument == quote.instrument) signals.say(next_);
    next_ = {};
  }
  void say_next(const strategy::Signal& signal) { next_ = signal; }

 private:
  strategy::Signal next_{};
};

class Scene {
 public:
  explicit Scene(KernelConfig config = {}, TradingMode mode = TradingMode::Backtest, Money day_loss = {}, std::uint64_t session = 1) {
    config.instruments_max = 4;
    auto puppet = std::make_unique<Puppet>();
    puppet_ = puppet.get();
    std::vector<Enlisted> strategies;
    strategies.push_back({std::move(puppet), {.universe = {InstrumentId{0}, InstrumentId{1}}, .settings = {}, .running = true}});
    kernel = std::make_unique<Kernel>(config, std::move(strategies));
    const EngineStarted started{.session = session,
                                .mode = mode,
                                .account = mode == TradingMode::Live ? "U123" : "DU123",
                                .base_currency = "USD",
                                .starting_cash = Money::whole(1'000'000),
                                .day_loss = day_loss};
    on(Boxed<EngineStarted>{&started});
    for (std::uint32_t i = 0; i < 2; ++i) {
      const auto instrument = stock(i, i == 0 ? "AAA" : "BBB");
      on(Boxed<Instrument>{&instrument});
    }
    if (mode == TradingMode::Backtest) gateway(GatewayState::Ready);
  }

  /// Feeds one event at the present time; what comes out replaces what came before, and is added to the whole story.
  void on(const EventPayload& payload) {
    out->clear();
    facts.clear();
    kernel->on(Event{.at = now, .received_at = now, .payload = payload}, *out, facts);
    for (const auto& command : *out) {
      if (const auto* timer = std::get_if<StartTimer>(&command)) timers.push_back(*timer);
      else commands.push_back(command);
    }
    for (const auto& fact : facts) story.push_back(fact);
  }
  /// Lets time pass; timers that fall due fire in order.
  void wait(Duration duration) {
    const auto until = now + duration;
    for (;;) {
      std::size_t first = timers.size();
      for (std::size_t i = 0; i < timers.size(); ++i)
        if (timers[i].due <= until && (first == timers.size() || timers[i].due < timers[first].due)) first = i;
      if (first == timers.size()) break;
      const auto timer = timers[first];
      timers.erase(timers.begin() + static_cast<std::ptrdiff_t>(first));
      if (timer.due > now) now = timer.due;
      on(TimerFired{timer.timer});
    }
    now = until;
  }

  void quote(Price bid, Price ask, std::uint32_t instrument = 0, std::int64_t size = 1'000) {
    on(Quote{.instrument = InstrumentId{instrument}, .bid = bid, .ask = ask, .bid_size = shares(size), .ask_size = shares(size)});
  }
  void opinion(const strategy::Signal& signal) { puppet_->say_next(signal); }

  void update(OrderUpdate update) {
    on(Boxed<OrderUpdate>{&update});
  }
  void status(const OrderIntent& intent, OrderState state, std::int32_t code = 0) {
    update({.key = intent.key, .perm_id = PermId{static_cast<std::int64_t>(intent.key.number) + 1'000}, .instrument = intent.instrument,
            .state = state, .side = intent.side, .code = code});
  }
  void fill(const OrderIntent& intent, Quantity quantity, Price at, std::string_view id) {
    const Execution execution{.id = id, .key = intent.key, .perm_id = PermId{static_cast<std::int64_t>(intent.key.number) + 1'000},
                              .instrument = intent.instrument, .side = intent.side, .quantity = quantity, .price = at, .executed_at = now};
    on(Boxed<Execution>{&execution});
  }
  void ask(OperatorInput input) { on(Boxed<OperatorInput>{&input}); }
  void gateway(GatewayState state) {
    const GatewayChanged change{.state = state};
    on(Boxed<GatewayChanged>{&change});
  }
  /// Connects and reconciles an account that holds nothing but cash, as a gateway does at the start.
  void connect(std::uint32_t number = 1) {
    gateway(GatewayState::Reconciling);
    on(ReconciliationBegan{number});
    cash();
    on(ReconciliationEnded{number, true});
    gateway(GatewayState::Ready);
  }
  void cash(Money amount = Money::whole(1'000'000)) {
    const AccountValue value{.tag = AccountTag::TotalCash, .currency = "USD", .value = amount};
    on(Boxed<AccountValue>{&value});
  }
  void position(Quantity quantity, Money average_cost = {}, std::uint32_t instrument = 0) {
    const PositionReport report{.instrument = InstrumentId{instrument}, .quantity = quantity, .average_cost = average_cost,
                                .from_reconciliation = kernel->portfolio().reconciling()};
    on(Boxed<PositionReport>{&report});
  }

  // ---- what came out -----------------------------------------------------------------------------------------------------
  /// Orders submitted so far, in order.
  [[nodiscard]] std::vector<OrderIntent> orders() const {
    std::vector<OrderIntent> found;
    for (const auto& command : commands)
      if (const auto* submit = std::get_if<SubmitOrder>(&command)) found.push_back(submit->order.intent());
    return found;
  }
  template <class C>
  [[nodiscard]] std::vector<C> all() const {
    std::vector<C> found;
    for (const auto& command : commands)
      if (const auto* c = std::get_if<C>(&command)) found.push_back(*c);
    return found;
  }
  template <class F>
  [[nodiscard]] std::vector<F> told() const {
    std::vector<F> found;
    for (const auto& fact : story)
      if (const auto* f = std::get_if<F>(&fact.payload)) found.push_back(*f);
    return found;
  }
  [[nodiscard]] const execution::Order& order(const OrderIntent& intent) const {
    const auto* found = kernel->dealer().orders().find(intent.key);
    INVARIANT(found != nullptr);
    return *found;
  }
  [[nodiscard]] Quantity held(std::uint32_t instrument = 0) const { return kernel->portfolio().position(InstrumentId{instrument}).quantity; }

  std::unique_ptr<Kernel> kernel;
  Timestamp now = nine_thirty;
  std::unique_ptr<Commands> out = std::make_unique<Commands>();
  Facts facts;
  std::vector<Command> commands;
  std::vector<Fact> story;
  std::vector<StartTimer> timers;

 private:
  Puppet* puppet_ = nullptr;
};

}  // namespace robo::test
