#include <fmt/core.h>

#include "apps/live.hpp"
#include "apps/stop.hpp"
#include "apps/terminal.hpp"
#include "apps/ticker.hpp"
#include "apps/verbs.hpp"
#include "edge/config/config.hpp"
#include "edge/store/shipped.hpp"
#include "runtime/clock.hpp"

namespace robo::apps {

namespace {

/// Real money needs three things that agree: the file's mode, --arm-live, and the account typed by hand.
void check_arming(const TradeOptions& options, const RunSettings& settings) {
  std::vector<Problem> problems;
  const auto say = [&](std::string text) { problems.push_back({options.config + ": " + std::move(text)}); };
  const bool paper_account = settings.account.starts_with("DU") || settings.account.starts_with("DF");
  if (settings.mode != TradingMode::Paper && settings.mode != TradingMode::Live) say("mode must be \"paper\" or \"live\" for `trade`");
  if (settings.mode == TradingMode::Paper && !paper_account)
    say(fmt::format("account {} is not a paper account: those begin with DU or DF", settings.account));
  if (settings.mode == TradingMode::Live) {
    if (!options.arm_live) say("mode is \"live\", which needs --arm-live and --account on the command line");
    if (options.account != settings.account) say(fmt::format("--account '{}' is not the account of the file, {}", options.account, settings.account));
    if (paper_account) say(fmt::format("account {} is a paper account, and mode is \"live\"", settings.account));
  } else if (options.arm_live) {
    say("--arm-live, but mode is not \"live\"");
  }
  if (settings.instruments.empty()) say("instruments: there are none; name at least one [[instruments]]");
  if (!problems.empty()) throw config::ConfigError(std::move(problems));
}

}  // namespace

int run(const TradeOptions& options) {
  const auto loaded = load_settings(options.config);
  const auto& settings = loaded.settings;
  check_arming(options, settings);
  terminal::heading(fmt::format("robotrader  trade  {}  account {}", to_text(settings.mode), settings.account));

  LiveSetup setup{.mode = settings.mode, .armed = options.arm_live, .host = settings.gateway.host, .port = settings.gateway.port};
  auto calendars = store::read_calendars(std::filesystem::path(settings.data.folder) / "calendars");
  if (!calendars) throw std::runtime_error(calendars.error().text);
  for (const auto& [name, calendar] : *calendars) setup.calendars.push_back(calendar);
  for (const auto& contract : settings.instruments) {
    setup.instruments.push_back(skeleton_of(contract, InstrumentId{static_cast<std::uint32_t>(setup.instruments.size())}));
    setup.contracts.push_back(contract);
  }
  setup.data_note = "live";

  runtime::WallClock clock;
  LiveRun live(loaded, setup, clock);
  Ticker ticker(TimeZone::find("America/New_York").value(), minutes(5));
  live.engine().drive().add(ticker);
  if (settings.desk.on) terminal::print(fmt::format("  desk       {}   open it in a browser", live.desk_link()));
  terminal::print("");
  Ticker::print_header();
  Stop stop(options.seconds);
  live.run(stop.flag());
  const auto summary = live.finish(stop.reason().empty() ? "gateway is gone" : stop.reason());
  terminal::print(fmt::format("\n  {}: net liq {}   P&L net {}   orders {}   fills {}   denials {}", summary.exit_reason, terminal::grouped(summary.equity, 2),
                              terminal::grouped(summary.pnl_net, 2, true), summary.orders, summary.fills, summary.denials));
  terminal::print(fmt::format("  working orders stay at IB; `robotrader flatten --config {}` cancels and closes", options.config));
  return 0;
}

}  // namespace robo::apps
