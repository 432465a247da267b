// Deterministic simulation: the real kernel and drive loop, the exchange of back-tests, and a hostile gateway between them.
// After every event checkers look; at the end of the day, when all is quiet, our books must equal the exchange's.
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fmt/core.h>
#include <map>
#include <string>
#include <unistd.h>

#include "apps/command_hash.hpp"
#include "apps/engine.hpp"
#include "apps/market.hpp"
#include "edge/journal/replay.hpp"
#include "runtime/clock.hpp"
#include "sim/hostile_gateway.hpp"

using namespace robo;

namespace {

/// What must hold after every step, whatever the gateway does.
class Checkers : public runtime::Tap {
 public:
  void on_event(const Event& event) override {
    // Orders are possible once the broker's word has been compared with ours, and until the connection is lost.
    if (const auto* changed = std::get_if<Boxed<GatewayChanged>>(&event.payload)) ready_ = (*changed)->state == GatewayState::Ready;
    if (const auto* ended = std::get_if<ReconciliationEnded>(&event.payload)) ready_ = ended->complete;
  }
  void on_command(Timestamp at, const Command& command) override {
    if (const auto* submit = std::get_if<SubmitOrder>(&command)) {
      const auto& intent = submit->order.intent();
      if (!sent_.try_emplace(intent.key, intent.quantity).second) wrong(at, "an order was sent twice");
      if (!ready_) wrong(at, "an order was sent to a gateway that was not reconciled");
      if (killed_ && intent.purpose == OrderPurpose::Entry) wrong(at, "an entry was sent while killed");
      if (intent.purpose == OrderPurpose::Entry) entries_[intent.key] = false;
      if (intent.purpose == OrderPurpose::ProtectiveStop) entries_[intent.parent] = true;
    }
    if (const auto* modify = std::get_if<ModifyOrder>(&command)) {
      auto& most = sent_[modify->order.intent().key];
      most = std::max(most, modify->order.intent().quantity);
    }
  }
  void on_fact(const Fact& fact) override {
    if (const auto* filled = std::get_if<OrderFilled>(&fact.payload)) {
      if (filled->intent.key && !filled->correction) {
        auto& sum = filled_[filled->intent.key];
        sum += filled->execution.quantity;
        if (sum > sent_[filled->intent.key]) wrong(fact.at, "more was filled than was ever approved");
      }
    }
    if (const auto* kill = std::get_if<KillChanged>(&fact.payload)) killed_ = kill->killed;
    if (const auto* changed = std::get_if<OrderChanged>(&fact.payload)) {
      auto& state = states_[changed->intent.key];
      if (is_final(state) && changed->state != state) wrong(fact.at, fmt::format("an order left its final state {} for {}", to_text(state), to_text(changed->state)));
      state = changed->state;
    }
  }
  void finish() {
    for (const auto& [key, state] : states_)
      if (!is_final(state) && state != OrderState::Unknown) open_.push_back(key);
  }
  void wrong(Timestamp at, std::string what) {
    if (broken_.empty()) broken_ = fmt::format("{}: {}", to_text(at), what);
  }
  [[nodiscard]] const std::string& broken() const { return broken_; }
  [[nodiscard]] const std::vector<OrderKey>& open() const { return open_; }
  [[nodiscard]] std::size_t sent() const { return sent_.size(); }
  [[nodiscard]] std::size_t filled() const { return filled_.size(); }

 private:
  std::map<OrderKey, Quantity> sent_, filled_;
  std::map<OrderKey, OrderState> states_;
  std::map<OrderKey, bool> entries_;
  std::vector<OrderKey> open_;
  bool ready_ = false, killed_ = false;
  std::string broken_;
};

struct Outcome {
  std::string broken{};
  std::uint64_t hash{}, events{}, breaks{}, troubles{};
  std::size_t orders{}, filled{};
};

Outcome run_seed(std::uint64_t seed, const apps::LoadedSettings& loaded, apps::RecordedMarket& market, const sim::FeeTable& fees,
                 const std::filesystem::path& journal) {
  market.rewind();
  sim::SimGatewaySettings settings;
  settings.broker.cash = loaded.settings.starting_cash;
  settings.latency = {.feed = milliseconds(1), .entry = milliseconds(30), .response = milliseconds(30), .jitter = 0.5, .seed = seed};
  for (const auto& [name, calendar] : market.calendars()) settings.calendars.push_back(calendar);
  sim::SimGateway exchange(market, std::move(settings), fees);
  simulation::HostileGateway gateway(exchange, {.seed = seed});
  runtime::DataClock clock;
  clock.set(market.start());
  apps::Engine engine(loaded, {.mode = TradingMode::Demo, .account = loaded.settings.account, .session = seed, .measure = false, .journal = journal},
                      market.instruments(), gateway, clock);
  Checkers checkers;
  apps::CommandHash hash;
  engine.drive().add(checkers);
  engine.drive().add(hash);
  engine.start(clock.now());
  while (checkers.broken().empty() && engine.drive().step()) {
  }
  gateway.calm_down();
  while (checkers.broken().empty() && engine.drive().step()) {
  }
  checkers.finish();
  Outcome out{.broken = checkers.broken(), .hash = hash.value(), .events = engine.drive().events(), .breaks = gateway.breaks(),
              .troubles = gateway.troubles(), .orders = checkers.sent(), .filled = checkers.filled()};
  if (out.broken.empty() && gateway.connected()) {
    for (const auto& instrument : market.instruments()) {
      const auto ours = engine.kernel().portfolio().position(instrument.id).quantity;
      const auto theirs = exchange.broker().account().holding(instrument.id).quantity;
      if (ours != theirs) out.broken = fmt::format("{}: we hold {}, the exchange says {}", instrument.symbol.view(), to_text(ours), to_text(theirs));
    }
  }
  return out;
}

std::uint64_t number(const char* text) {
  std::uint64_t value = 0;
  std::from_chars(text, text + std::char_traits<char>::length(text), value);
  return value;
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t first = 1, seeds = 1;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::string_view(argv[i]) == "--seed") first = number(argv[i + 1]);
    if (std::string_view(argv[i]) == "--seeds") seeds = number(argv[i + 1]);
  }
  const auto loaded = apps::load_settings("tests/sim/hostile.toml");
  const auto market = apps::open_market(loaded.settings.data);
  const auto fees = sim::FeeTable::load("data/fees/ib.csv").value();
  const auto folder = std::filesystem::temp_directory_path() / fmt::format("robo-sim-{}", ::getpid());
  const auto start = std::chrono::steady_clock::now();
  std::uint64_t orders = 0, breaks = 0, troubles = 0;
  for (std::uint64_t seed = first; seed < first + seeds; ++seed) {
    std::filesystem::remove_all(folder);
    const auto out = run_seed(seed, loaded, *market, fees, folder);
    if (!out.broken.empty()) {
      fmt::print("seed {} FAILED: {}\n  again: sim --seed {}; its journal: {}\n", seed, out.broken, seed, folder.string());
      return 1;
    }
    // The journal of a day of trouble replays to the same commands, too.
    auto reader = journal::Reader::open(folder);
    journal::Replay replay(std::move(reader.value()), true);
    runtime::DataClock clock;
    apps::Engine again(loaded, {.mode = TradingMode::Replay, .measure = false, .keep_timers = false}, market->instruments(), replay, clock);
    again.drive().add(replay);
    const std::atomic<bool> never{false};
    again.run(never);
    replay.finish();
    if (const auto& difference = replay.difference()) {
      fmt::print("seed {} FAILED: replay differs at record {}: recorded {}, replayed {}\n", seed, difference->record, difference->recorded, difference->replayed);
      return 1;
    }
    orders += out.orders, breaks += out.breaks, troubles += out.troubles;
    if (seeds == 1) fmt::print("seed {}: {} events, commands {:016x}\n", seed, out.events, out.hash);
  }
  std::filesystem::remove_all(folder);
  const double taken = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const double hours = (market->end() - market->start()).seconds() / 3600 * static_cast<double>(seeds);
  fmt::print("{} seeds: {} orders, {} broken connections, {} troubles; every checker content, every journal replays; {:.0f} market hours a minute\n", seeds,
             orders, breaks, troubles, hours / taken * 60);
  if (orders == 0 || breaks == 0) {
    fmt::print("nothing happened: this proves nothing\n");
    return 1;
  }
  return 0;
}
