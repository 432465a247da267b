#include <cmath>
#include <fmt/core.h>
#include <termios.h>
#include <unistd.h>
#include <poll.h>

#include "apps/home.hpp"
#include "apps/live.hpp"
#include "apps/market.hpp"
#include "apps/stop.hpp"
#include "apps/terminal.hpp"
#include "apps/ticker.hpp"
#include "apps/verbs.hpp"
#include "edge/sim/server/server.hpp"
#include "runtime/clock.hpp"

namespace robo::apps {

namespace {

/// The simulator's time, read every half millisecond and carried on by its speed in between.
class ServerClock : public runtime::Clock {
 public:
  ServerClock(const sim::GatewayServer& server, double speed) : server_(server), speed_(speed) {}
  [[nodiscard]] Timestamp now() override {
    const std::int64_t steady = runtime::steady_ns();
    if (steady - read_at_ > 500'000) {
      anchor_ = server_.status().now;
      read_at_ = steady;
    }
    const Timestamp here{anchor_.ns + static_cast<std::int64_t>(static_cast<double>(steady - read_at_) * speed_.load(std::memory_order_relaxed))};
    return last_ = std::max(last_, here);
  }
  void set_speed(double speed) { speed_.store(speed); }

 private:
  const sim::GatewayServer& server_;
  std::atomic<double> speed_;
  std::int64_t read_at_ = 0;
  Timestamp anchor_{}, last_{};
};

/// Keys of an interactive demo; does nothing when stdin is not a terminal.
class Keys {
 public:
  Keys(Stop& stop, runtime::OperatorDoor& door, sim::GatewayServer& server, ServerClock& clock, double speed)
      : stop_(stop), door_(door), server_(server), clock_(clock), speed_(speed) {
    if (::isatty(STDIN_FILENO) == 0 || ::tcgetattr(STDIN_FILENO, &before_) != 0) return;
    termios raw = before_;
    raw.c_lflag &= static_cast<tcflag_t>(~(ICANON | ECHO));
    ::tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    on_ = true;
    thread_ = std::thread([this] { listen(); });
  }
  ~Keys() {
    leaving_.store(true);
    if (thread_.joinable()) thread_.join();
    if (on_) ::tcsetattr(STDIN_FILENO, TCSANOW, &before_);
  }
  Keys(const Keys&) = delete;
  Keys& operator=(const Keys&) = delete;

 private:
  void listen() {
    while (!leaving_.load()) {
      pollfd wanted{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
      if (::poll(&wanted, 1, 100) <= 0) continue;
      char key = 0;
      if (::read(STDIN_FILENO, &key, 1) != 1) return;
      if (key == 'q') stop_.ask("quit");
      if (key == 'k') (void)door_.ask({.action = OperatorAction::Kill, .who = "terminal", .reason = "key k"});
      if (key == 'f') (void)door_.ask({.action = OperatorAction::FlattenAll, .who = "terminal", .reason = "key f"});
      if (key == '+' || key == '-') {
        speed_ = std::clamp(key == '+' ? speed_ * 2 : speed_ / 2, 0.25, 500.0);
        (void)server_.inject(fmt::format("speed {}", speed_));
        clock_.set_speed(speed_);
        terminal::print(fmt::format("  speed {}x", speed_));
      }
    }
  }

  Stop& stop_;
  runtime::OperatorDoor& door_;
  sim::GatewayServer& server_;
  ServerClock& clock_;
  double speed_;
  termios before_{};
  bool on_ = false;
  std::atomic<bool> leaving_{false};
  std::thread thread_;
};

/// The morning the demo begins with: the last one of the recordings that has a day before it.
Timestamp first_bell(const RecordedMarket& market, std::string_view which) {
  const TimeZone new_york = TimeZone::find("America/New_York").value();
  const Duration bell = hours(9) + minutes(30);
  if (which == "taq") return new_york.to_utc({date_of(2018, 1, 3), bell});
  if (which == "crypto") return market.start();
  return new_york.to_utc({date_of(2019, 2, 14), bell});
}

}  // namespace

int run(const DemoOptions& options) {
  std::vector<Override> overrides{{"mode", "demo"}};
  if (!options.market.empty()) overrides.push_back({"data.market", options.market});
  // The broker answers by the wall; the kernel's clock is the market's, which runs faster.
  const auto as_written = load_settings(options.config, overrides).settings.execution;
  overrides.push_back({"execution.answer_timeout_s", as_written.answer_timeout_s * std::max(1.0, options.speed)});
  overrides.push_back({"execution.query_interval_s", as_written.query_interval_s * std::max(1.0, options.speed)});
  overrides.push_back({"execution.position_grace_s", as_written.position_grace_s * std::max(1.0, options.speed)});
  auto loaded = load_settings(options.config, overrides);
  auto& settings = loaded.settings;
  settings.desk.port = options.port;
  (void)need_own(settings.data.folder, "the market data that comes with the program");
  terminal::heading("robotrader  demo  no account, no key, no network needed");

  terminal::Step step("exchange");
  auto market = open_market(settings.data);
  const auto notes = market->notes();
  const std::vector<Instrument> shipped(market->instruments().begin(), market->instruments().end());
  const Timestamp bell = first_bell(*market, settings.data.market);
  std::vector<Calendar> calendars;
  for (const auto& [name, calendar] : market->calendars()) calendars.push_back(calendar);
  auto fees = sim::FeeTable::load(std::filesystem::path(settings.data.folder) / "fees" / "ib.csv");
  if (!fees) throw std::runtime_error(fees.error().text);
  sim::ServerSettings server_settings;
  server_settings.port = 0;
  server_settings.account = settings.account;
  server_settings.speed = options.speed;
  // The engine's seconds are the market's: fifty messages in one of them are fifty times the speed in one of the wall's.
  server_settings.limits.messages_per_second = static_cast<std::uint32_t>(std::max(50.0, 50 * options.speed));
  server_settings.warm_up = bell - market->start();
  server_settings.broker.cash = settings.starting_cash;
  server_settings.broker.base = std::string_view(settings.base_currency);
  server_settings.calendars = calendars;
  server_settings.state_dir = std::filesystem::path(settings.state) / "gateway";
  sim::GatewayServer server(std::move(market), server_settings, std::move(*fees));
  if (const auto started = server.start(); !started) throw std::runtime_error(started.error().text);
  step.done(fmt::format("gateway simulator on 127.0.0.1:{}", server.port()));
  for (const auto& note : notes) terminal::print(terminal::paint(terminal::Tone::Dim, "             " + note));

  LiveSetup setup{.mode = TradingMode::Demo, .host = "127.0.0.1", .port = server.port(), .speed = options.speed, .history_days = 3,
                  .journal = options.journal, .calendars = calendars, .alone = false};
  for (const auto& instrument : shipped) {
    auto contract = contract_of(instrument);
    // Tick by tick and depth are rationed at IB; they go to the recordings that have them.
    const bool recorded = instrument.origin == DataOrigin::Recorded;
    contract.tick_by_tick = recorded;
    contract.depth_rows = instrument.asset_class == AssetClass::Crypto ? 10 : recorded ? 5 : 0;
    setup.contracts.push_back(contract);
    setup.instruments.push_back(instrument);
  }
  for (const auto& note : notes) setup.data_note += (setup.data_note.empty() ? "" : "; ") + note;

  ServerClock clock(server, options.speed);
  LiveRun live(loaded, setup, clock);
  Ticker ticker(TimeZone::find("America/New_York").value(), minutes(30));
  live.engine().drive().add(ticker);
  if (settings.desk.on) {
    terminal::print(fmt::format("  desk       {}   open it in a browser", live.desk_link()));
  }
  if (!options.headless) terminal::print(terminal::paint(terminal::Tone::Dim, "\n  + - speed   k kill   f flatten   q quit"));
  terminal::print("");
  Ticker::print_header();

  Stop stop(options.seconds);
  {
    Keys keys(stop, live.engine().drive().operators(), server, clock, options.speed);
    live.run(stop.flag());
  }
  auto summary = live.finish(stop.reason().empty() ? "end of data" : stop.reason());
  server.stop();
  summary.data_note = setup.data_note;
  terminal::print(fmt::format("\n  {}: net liq {}   P&L net {}   commissions {}   orders {}   fills {}   denials {}", summary.exit_reason,
                              terminal::grouped(summary.equity, 2), terminal::grouped(summary.pnl_net, 2, true),
                              terminal::grouped(summary.commissions, 2), summary.orders, summary.fills, summary.denials));
  terminal::print(fmt::format("  journal    {}   {} records; prove it: robotrader replay {} --verify", summary.journal, summary.journal_records, summary.journal));
  if (!options.summary.empty())
    if (const auto written = write_summary(summary, options.summary); !written) throw std::runtime_error(written.error().text);
  return 0;
}

}  // namespace robo::apps
