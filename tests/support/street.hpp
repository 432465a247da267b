#pragma once
// A made market with a broker behind it: random quotes and trades go into a kernel, its orders are answered. For tests and
// benchmarks that need a busy day; prices mean nothing. The exchange of edge/sim is the one that tries to be right.

#include <algorithm>
#include <charconv>
#include <memory>
#include <vector>

#include "kernel/kernel.hpp"

namespace robo::test {

class Street {
 public:
  Street(Kernel& kernel, std::uint32_t names, std::uint64_t seed = 1) : kernel_(kernel), random_(seed * 2 + 1), mids_(names) {
    const EngineStarted started{.session = 1, .mode = TradingMode::Backtest, .base_currency = "USD", .starting_cash = Money::whole(1'000'000)};
    tell(Boxed<EngineStarted>{&started});
    for (std::uint32_t i = 0; i < names; ++i) {
      mids_[i] = 50'00 + 10'00 * i;
      char symbol[2] = {static_cast<char>('A' + i % 26), 0};
      const Instrument instrument{.id = InstrumentId{i}, .asset_class = AssetClass::Stock, .symbol = symbol, .currency = "USD", .calendar = "NYSE",
                                  .ticks = TickTable::flat(price(0, 1)), .size_increment = shares(1), .lot = shares(100)};
      tell(Boxed<Instrument>{&instrument});
    }
    working_.reserve(4'096);
    timers_.reserve(4'096);
  }

  /// Opens the session of every name until `until`.
  void open(Timestamp until) {
    const GatewayChanged ready{.state = GatewayState::Ready};
    tell(Boxed<GatewayChanged>{&ready});
    for (std::uint32_t i = 0; i < mids_.size(); ++i)
      tell(PhaseChange{.instrument = InstrumentId{i}, .phase = TradingPhase::Regular, .trade_date = Date{17'938}, .until = until});
  }
  /// The next event of the market: in turn a quote or a trade of a random name. Timers that are due come first.
  [[nodiscard]] Event next(Duration step) {
    now = now + step;
    const auto id = static_cast<std::uint32_t>(roll(mids_.size()));
    auto& mid = mids_[id];
    // Trends and quiet by turns, so that breakouts, reversions and spreads all happen.
    const bool wild = (now.ns / 300'000'000'000) % 3 == id % 3;
    if (roll(wild ? 3 : 8) == 0) mid += static_cast<std::int64_t>(roll(3)) - 1 + (wild ? ((now.ns / 900'000'000'000 + id) % 2 == 0 ? 1 : -1) * static_cast<std::int64_t>(roll(2)) : 0);
    mid = std::max<std::int64_t>(mid, 500);
    Event event{.at = now, .received_at = now};
    if (roll(3) != 0) {
      event.payload = Quote{.instrument = InstrumentId{id}, .bid = price(0, mid - 1), .ask = price(0, mid + 1),
                            .bid_size = shares(100 * (1 + static_cast<std::int64_t>(roll(20)))), .ask_size = shares(100 * (1 + static_cast<std::int64_t>(roll(20))))};
    } else {
      const bool buyer = roll(2) == 0;
      event.payload = Trade{.instrument = InstrumentId{id}, .aggressor = buyer ? Aggressor::Buyer : Aggressor::Seller,
                            .price = price(0, buyer ? mid + 1 : mid - 1), .size = shares((wild ? 400 : 100) * (1 + static_cast<std::int64_t>(roll(5))))};
    }
    return event;
  }

  /// Hands an event to the kernel and remembers what it asked for. Allocates nothing itself.
  void tell(const EventPayload& payload) { tell(Event{.at = now, .received_at = now, .payload = payload}); }
  void tell(const Event& event) {
    out->clear();
    facts.clear();
    if (before) before();
    kernel_.on(event, *out, facts);
    if (after) after();
    for (const auto& command : *out) take(command);
  }

  /// Answers what is outstanding: acknowledges, fills what the market reaches, confirms cancels.
  void answer() {
    for (std::size_t t = 0; t < timers_.size();) {
      if (timers_[t].due > now) {
        ++t;
        continue;
      }
      const auto id = timers_[t].timer;
      timers_[t] = timers_.back();
      timers_.pop_back();
      tell(TimerFired{id});
    }
    for (std::size_t i = 0; i < working_.size(); ++i) {
      if (working_[i].over) continue;
      const auto id = working_[i].intent.instrument.value;
      const auto mid = price(0, mids_[id]);
      if (!working_[i].acknowledged) {
        working_[i].acknowledged = true;
        report(i, working_[i].intent.parent ? OrderState::PreSubmitted : OrderState::Submitted);
        continue;
      }
      if (working_[i].cancelled) {
        working_[i].over = true;
        for (auto& child : working_)
          if (child.intent.parent == working_[i].intent.key && !child.over) child.cancelled = true;
        report(i, OrderState::Cancelled);
        continue;
      }
      if (working_[i].changed) {
        working_[i].changed = false;
        report(i, OrderState::Submitted);
        continue;
      }
      const auto& intent = working_[i].intent;
      if (intent.parent && !working_[i].parent_filled) continue;
      const bool buy = intent.side == Side::Buy;
      bool reached = std::holds_alternative<Market>(intent.kind);
      if (const auto* limit = std::get_if<Limit>(&intent.kind))
        reached = buy ? limit->price >= mid + price(0, 1) || (limit->price >= mid - price(0, 1) && roll(40) == 0)
                      : limit->price <= mid - price(0, 1) || (limit->price <= mid + price(0, 1) && roll(40) == 0);
      if (const auto* stop = std::get_if<Stop>(&intent.kind)) reached = buy ? mid >= stop->trigger : mid <= stop->trigger;
      if (reached) fill(i, mid);
    }
    std::erase_if(working_, [](const Working& w) { return w.over; });
  }

  [[nodiscard]] std::uint64_t roll(std::size_t n) {
    random_ = random_ * 6364136223846793005u + 1442695040888963407u;
    return (random_ >> 33) % n;
  }

  Timestamp now{1'549'895'400'000'000'000};  // 2019-02-11 09:30 in New York
  std::unique_ptr<Commands> out = std::make_unique<Commands>();
  Facts facts;
  std::uint64_t orders = 0, fills = 0, cancels = 0, changes = 0;
  void (*before)() = nullptr;
  void (*after)() = nullptr;

 private:
  struct Working {
    OrderIntent intent{};
    bool acknowledged{}, cancelled{}, changed{}, over{}, filled{}, parent_filled{};
  };

  void take(const Command& command) {
    if (const auto* submit = std::get_if<SubmitOrder>(&command)) ++orders, working_.push_back({.intent = submit->order.intent()});
    if (const auto* timer = std::get_if<StartTimer>(&command)) timers_.push_back(*timer);
    for (auto& w : working_) {
      if (const auto* modify = std::get_if<ModifyOrder>(&command); modify != nullptr && modify->order.intent().key == w.intent.key && !w.over)
        ++changes, w.intent = modify->order.intent(), w.changed = true;
      if (const auto* cancel = std::get_if<CancelOrder>(&command); cancel != nullptr && cancel->key == w.intent.key && !w.over) ++cancels, w.cancelled = true;
    }
  }
  void report(std::size_t i, OrderState state) {
    const auto& intent = working_[i].intent;
    OrderUpdate update{.key = intent.key, .perm_id = PermId{static_cast<std::int64_t>(intent.key.number)}, .instrument = intent.instrument,
                       .state = state, .side = intent.side, .quantity = intent.quantity, .filled = working_[i].filled ? intent.quantity : Quantity{}};
    if (const auto* limit = std::get_if<Limit>(&intent.kind)) update.limit = limit->price;
    tell(Boxed<OrderUpdate>{&update});
  }
  void fill(std::size_t i, Price at) {
    working_[i].over = working_[i].filled = true;
    const auto intent = working_[i].intent;
    char id[24];
    auto* end = std::to_chars(id, id + 16, ++fills).ptr;
    *end++ = '.', *end++ = '0', *end++ = '1';
    const Execution execution{.id = std::string_view(id, static_cast<std::size_t>(end - id)), .key = intent.key, .instrument = intent.instrument,
                              .side = intent.side, .quantity = intent.quantity, .price = at, .executed_at = now};
    for (auto& other : working_) {
      if (other.intent.parent == intent.key) other.parent_filled = true;
      if (other.intent.oca_group && other.intent.oca_group == intent.oca_group && !other.over) other.cancelled = true;  // one cancels all
    }
    tell(Boxed<Execution>{&execution});
    report(i, OrderState::Filled);
    const Commission commission{.execution = execution.id, .amount = Money::whole(1), .currency = "USD"};
    tell(Boxed<Commission>{&commission});
  }

  Kernel& kernel_;
  std::uint64_t random_;
  std::vector<std::int64_t> mids_;
  std::vector<Working> working_;
  std::vector<StartTimer> timers_;
};

}  // namespace robo::test
