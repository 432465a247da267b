// The two recorded sessions of one stock through kernel, exchange and drive loop: alone with everything on, and with one
// EMA cross beside nautilus_trader on the same events, in turn.
#include <time.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <vector>

#include "edge/journal/writer.hpp"
#include "edge/sim/gateway.hpp"
#include "edge/store/shipped.hpp"
#include "kernel/kernel.hpp"
#include "kernel/market/trade_use.hpp"
#include "runtime/clock.hpp"
#include "runtime/drive.hpp"
#include "strategies/ema_cross/ema_cross.hpp"
#include "strategies/mean_reversion/mean_reversion.hpp"
#include "strategies/momentum/momentum.hpp"
#include "support/report.hpp"
#include "support/rival.hpp"

using namespace robo;
using namespace robo::bench;

namespace {

const std::filesystem::path data = std::filesystem::path(ROBO_SOURCE_DIR) / "data";

/// Asks for the 37 kinds of feature this row was first measured over, so that its figure stays comparable, and has no opinion.
class Everything final : public strategy::Strategy {
 public:
  std::string_view name() const override { return "everything"; }
  void declare(strategy::Declaration& d) override {
    for (const auto& spec : features::one_of_each(minutes(1), InstrumentId{0}, static_cast<std::size_t>(features::Kind::WeightedMid) + 1))
      if (spec.kind != features::Kind::PairCorrelation && spec.kind != features::Kind::PairBeta && spec.kind != features::Kind::PairSpreadZ) (void)d.feature(spec);
  }
};

class Counter final : public runtime::Tap {
 public:
  void on_event(const Event&) override {}
  void on_command(Timestamp, const Command& command) override { orders += std::holds_alternative<SubmitOrder>(command); }
  void on_fact(const Fact& fact) override {
    signals += std::holds_alternative<SignalRaised>(fact.payload);
    fills += std::holds_alternative<OrderFilled>(fact.payload);
    if (const auto* denied = std::get_if<OrderDenied>(&fact.payload)) ++denials, ++by_reason[static_cast<std::size_t>(denied->reason)];
  }
  std::uint64_t orders{}, signals{}, fills{}, denials{};
  std::array<std::uint64_t, 32> by_reason{};
};

/// Processor time of this thread: other work on the machine does not count, neither for us nor for the rival.
double thread_seconds() {
  timespec t{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

std::string denials_of(const Counter& counter) {
  std::string text = "; denied";
  for (std::size_t i = 0; i < counter.by_reason.size(); ++i)
    if (counter.by_reason[i] != 0) text += " " + std::string(EnumNames<Denial>::names[i]) + " " + std::to_string(counter.by_reason[i]);
  return text;
}

struct Run {
  double seconds{};
  std::uint64_t market_events{};
  Counter counter{};
};

enum class What : std::uint8_t { Everything, EmaCross };

Run run(store::MarketTape& tape, const sim::FeeTable& fees, const std::vector<Calendar>& calendars, What what, const std::filesystem::path& journal_folder) {
  tape.rewind();
  sim::SimGatewaySettings settings;
  settings.latency = {.feed = milliseconds(1), .entry = milliseconds(5), .response = milliseconds(5)};
  settings.calendars = calendars;
  sim::SimGateway gateway(tape, settings, fees);
  std::vector<Enlisted> strategies;
  const auto enlist = [&](std::unique_ptr<strategy::Strategy> s, std::vector<strategy::Setting> with = {}) {
    strategies.push_back({std::move(s), {.universe = {InstrumentId{0}}, .settings = std::move(with), .running = true}});
  };
  KernelConfig config;
  config.instruments_max = 1;
  config.limits.orders_max = 100'000;
  if (what == What::Everything) {
    enlist(std::make_unique<strategies::Momentum>());
    enlist(std::make_unique<strategies::MeanReversion>());
    enlist(std::make_unique<Everything>());
    enlist(std::make_unique<strategies::EmaCross>(), {{"bar_s", 60}});
  } else {
    // A position turned at every cross, by orders that cross the spread, as the rival does it.
    enlist(std::make_unique<strategies::EmaCross>(), {{"bar_s", 0}, {"fast", 10}, {"slow", 20}});
    config.execution.passive_first = false;
    config.execution.outside_regular_hours = true;
    config.limits.duplicate_window_s = 0;
    config.limits.order_notional_max = config.limits.position_notional_max = Money::whole(1'000'000);
    config.limits.cash_min = Money::whole(-10'000'000);
    config.limits.daily_loss_max = Money::whole(1'000'000);  // it loses by design: the spread at every cross
    config.market.quote_age_max = minutes(30);
    config.market.bars_outside_regular = true;
    config.ensemble.no_trade_band = 0;
    config.ensemble.position_max = 0.0155;  // about 100 shares, as the rival
  }
  Kernel kernel(config, std::move(strategies));
  runtime::DataClock clock;
  const auto events = tape.events();
  clock.set(events.front().at);
  runtime::Drive drive(kernel, gateway, clock, {});
  std::unique_ptr<journal::Writer> writer;
  if (!journal_folder.empty()) {
    std::filesystem::remove_all(journal_folder);
    auto opened = journal::Writer::open({.folder = journal_folder, .session = 1});
    if (!opened) throw std::runtime_error(opened.error().text);
    writer = std::move(*opened);
    drive.record_with(*writer);
  }
  Run result;
  drive.add(result.counter);
  const EngineStarted started{.session = 1, .mode = TradingMode::Backtest, .armed = false, .account = "DU1234567", .base_currency = "USD",
                              .starting_cash = Money::whole(1'000'000), .day_loss = {}};
  drive.tell(Boxed<EngineStarted>{&started});
  for (const auto& instrument : tape.instruments()) drive.tell(Boxed<Instrument>{&instrument});
  const std::atomic<bool> never{false};
  const auto begin = thread_seconds();
  drive.run(never);
  result.seconds = thread_seconds() - begin;
  result.market_events = gateway.market_events();
  for (const auto& problem : kernel.problems()) std::fprintf(stderr, "%s\n", problem.text.c_str());
  return result;
}

/// The same events for the rival: quotes with two sides and every trade.
std::string write_events(const store::MarketTape& tape) {
  const std::string path = "/tmp/robo_xxx_events." + std::to_string(::getpid());
  std::FILE* file = std::fopen(path.c_str(), "wb");
  for (const Event& event : tape.events()) {
    std::int64_t row[6]{};
    const auto unit = Price::scale / 10'000;
    if (const auto* quote = std::get_if<Quote>(&event.payload)) {
      if (!quote->bid_size.is_positive() || !quote->ask_size.is_positive()) continue;
      const std::int64_t values[6]{event.at.ns, 0, quote->bid.raw / unit, quote->ask.raw / unit, quote->bid_size.raw / Quantity::scale, quote->ask_size.raw / Quantity::scale};
      std::copy_n(values, 6, row);
    } else if (const auto* trade = std::get_if<Trade>(&event.payload)) {
      if (!trade->size.is_positive()) continue;
      const std::int64_t values[6]{event.at.ns, 1, trade->price.raw / unit, market::use_of(*trade, TradingPhase::Regular, true).sets_last, trade->size.raw / Quantity::scale, 0};
      std::copy_n(values, 6, row);
    } else {
      continue;
    }
    std::fwrite(row, sizeof row, 1, file);
  }
  std::fclose(file);
  return path;
}

}  // namespace

int main(int argc, char** argv) {
  Report report(argc, argv, 5);
  auto calendars = store::read_calendars(data / "calendars");
  if (!calendars) return std::fprintf(stderr, "%s\n", calendars.error().text.c_str()), 1;
  auto tape = store::open_shipped_market(data, store::ShippedMarket::Taq, *calendars);
  if (!tape) return std::fprintf(stderr, "%s\n", tape.error().text.c_str()), 1;
  auto fees = sim::FeeTable::load(data / "fees" / "ib.csv");
  if (!fees) return std::fprintf(stderr, "%s\n", fees.error().text.c_str()), 1;
  const std::vector<Calendar> sessions{calendars->find("NYSE")->second};
  const auto journal = std::filesystem::temp_directory_path() / ("robo_xxx_journal." + std::to_string(::getpid()));

  const auto first = run(**tape, *fees, sessions, What::EmaCross, {});
  const double memory = peak_memory_mb();  // before anything else has run; data read from its files included, as with the rival
  const auto events_file = write_events(**tape);
  Rival nautilus(std::string(ROBO_SOURCE_DIR) + "/bench/xxx_backtest/nautilus_rival.py", {events_file});
  const auto ready = nautilus.hear();
  char version[64]{};
  unsigned long long rival_events = 0;
  if (std::sscanf(ready.c_str(), "ready %63s %llu", version, &rival_events) != 2) {
    std::fprintf(stderr, "nautilus_trader did not start (%s); ./run bench installs it\n", ready.c_str());
    std::filesystem::remove(events_file);
    return 1;
  }
  Samples ours, theirs;
  double seconds = 0, rival_memory = 0;
  unsigned long long crosses = 0, fills = 0;
  interleave(report.rounds(),
             [&] {
               const auto r = run(**tape, *fees, sessions, What::EmaCross, {});
               ours.add(static_cast<double>(r.market_events) / r.seconds / 1e6);
             },
             [&] {
               const auto line = nautilus.ask("run");
               if (std::sscanf(line.c_str(), "%lf %llu %llu %lf", &seconds, &crosses, &fills, &rival_memory) == 4) theirs.add(static_cast<double>(rival_events) / seconds / 1e6);
             });
  std::filesystem::remove(events_file);
  report.row({.name = "back-test of XXX, one EMA cross", .unit = "M events/s", .samples = ours, .rival = "nautilus_trader", .rival_version = version, .rival_samples = theirs, .paired = true,
              .bars = {at_least(Of::Ratio, 40)},
              .note = std::to_string(first.counter.signals) + " crosses, " + std::to_string(first.counter.orders) + " orders, " + std::to_string(first.counter.fills) + " fills; rival " +
                      std::to_string(crosses) + " crosses, " + std::to_string(fills) + " fills" + denials_of(first.counter)});
  Samples memory_samples, rival_memory_samples;
  memory_samples.add(memory);
  rival_memory_samples.add(rival_memory);
  report.row({.name = "memory of that back-test", .unit = "MB", .samples = memory_samples, .rival = "nautilus_trader", .rival_version = version, .rival_samples = rival_memory_samples,
              .bars = {at_most(Of::Ratio, 0.2)}, .note = "largest resident memory of the process"});

  Samples everything, without_journal;
  Run last;
  interleave(report.rounds() * 3,
             [&] {
               last = run(**tape, *fees, sessions, What::Everything, journal);
               everything.add(static_cast<double>(last.market_events) / last.seconds / 1e6);
             },
             [&] {
               const auto r = run(**tape, *fees, sessions, What::Everything, {});
               without_journal.add(static_cast<double>(r.market_events) / r.seconds / 1e6);
             });
  std::filesystem::remove_all(journal);
  report.row({.name = "back-test of XXX, everything on", .unit = "M events/s", .samples = everything, .rival = "without journal", .rival_version = "this build",
              .rival_samples = without_journal, .paired = true, .bars = {at_least(Of::Median, 4), at_least(Of::Ratio, 0.9)},
              .note = std::to_string(last.market_events) + " events, 37 kinds of feature, 4 strategies, journal, " + std::to_string(last.counter.orders) + " orders, " + std::to_string(last.counter.fills) + " fills"});
  return report.exit_code();
}
