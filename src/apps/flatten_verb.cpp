#include <fmt/core.h>
#include <iostream>
#include <unistd.h>

#include "apps/live.hpp"
#include "apps/stop.hpp"
#include "apps/terminal.hpp"
#include "apps/ticker.hpp"
#include "apps/verbs.hpp"
#include "edge/store/shipped.hpp"
#include "runtime/clock.hpp"

namespace robo::apps {

namespace {

/// Asks for the flattening once the broker's word is in, and sees when it is done.
class Watch : public runtime::Tap {
 public:
  Watch(runtime::OperatorDoor& door, bool cancel_only, Stop& stop) : door_(door), cancel_only_(cancel_only), stop_(stop) {}
  void on_event(const Event&) override {}
  void on_command(Timestamp, const Command&) override {}
  void on_fact(const Fact& fact) override {
    if (const auto* note = std::get_if<ReconciliationNoted>(&fact.payload); note && note->complete && !asked_) {
      asked_ = true;
      (void)door_.ask({.action = OperatorAction::CancelAll, .who = "terminal", .reason = "robotrader flatten"});
      if (!cancel_only_) (void)door_.ask({.action = OperatorAction::FlattenAll, .who = "terminal", .reason = "robotrader flatten"});
    }
    if (const auto* denied = std::get_if<OrderDenied>(&fact.payload))
      terminal::complain(fmt::format("an order was denied: {}", to_text(denied->reason)));
  }
  [[nodiscard]] bool asked() const { return asked_; }

 private:
  runtime::OperatorDoor& door_;
  bool cancel_only_, asked_ = false;
  Stop& stop_;
};

std::size_t open_positions(const Kernel& kernel) {
  std::size_t open = 0;
  for (const auto& position : kernel.portfolio().positions()) open += !position.quantity.is_zero();
  return open;
}

}  // namespace

int run(const FlattenOptions& options) {
  auto loaded = load_settings(options.config);
  auto& settings = loaded.settings;
  terminal::heading(fmt::format("robotrader  flatten  account {} at {}:{}", settings.account, settings.gateway.host, settings.gateway.port));
  if (!options.yes) {
    fmt::print("  {} at account {}. Type the account to go on: ", options.cancel_only ? "Cancels ALL orders" : "Cancels ALL orders and closes ALL positions", settings.account);
    std::fflush(stdout);
    std::string typed;
    std::getline(std::cin, typed);
    if (typed != settings.account) {
      terminal::complain("not the account; nothing was done");
      return 1;
    }
  }
  settings.strategies.clear();
  settings.desk.on = false;
  settings.store.clear();
  LiveSetup setup{.mode = settings.mode, .armed = true, .host = settings.gateway.host, .port = settings.gateway.port, .history_days = 0};
  setup.alone = false;  // an engine that hangs must not keep anybody from flattening
  auto calendars = store::read_calendars(std::filesystem::path(settings.data.folder) / "calendars");
  if (calendars)
    for (const auto& [name, calendar] : *calendars) setup.calendars.push_back(calendar);
  for (const auto& contract : settings.instruments) {
    setup.instruments.push_back(skeleton_of(contract, InstrumentId{static_cast<std::uint32_t>(setup.instruments.size())}));
    setup.contracts.push_back(contract);
  }
  runtime::WallClock clock;
  LiveRun live(loaded, setup, clock);
  Stop stop(60);
  Watch watch(live.engine().drive().operators(), options.cancel_only, stop);
  live.engine().drive().add(watch);
  Ticker ticker(TimeZone::find("America/New_York").value(), hours(24));
  live.engine().drive().add(ticker);
  auto& drive = live.engine().drive();
  const auto& kernel = live.engine().kernel();
  std::int64_t quiet_since = 0;
  while (!stop.flag()) {
    if (!drive.step()) ::usleep(500);
    const bool done = watch.asked() && kernel.dealer().orders().live_count() == 0 && (options.cancel_only || open_positions(kernel) == 0);
    if (!done) quiet_since = 0;
    else if (quiet_since == 0) quiet_since = runtime::steady_ns();
    else if (runtime::steady_ns() - quiet_since > 2'000'000'000) stop.ask("done");
  }
  const std::size_t left = open_positions(kernel), working = kernel.dealer().orders().live_count();
  const auto summary = live.finish(stop.reason());
  terminal::print(fmt::format("\n  {} orders working, {} positions open; fills {}", working, left, summary.fills));
  if (stop.reason() == "done") return 0;
  terminal::complain(watch.asked() ? "not everything is flat after 60 s; look into TWS" : "no complete answer of the gateway within 60 s; nothing was sent. Is it running, is the API on?");
  return 1;
}

}  // namespace robo::apps
