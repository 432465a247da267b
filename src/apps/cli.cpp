#include "apps/cli.hpp"

#include <CLI/CLI.hpp>

namespace robo::apps {

std::optional<Options> parse(int argc, char** argv, int& code) {
  CLI::App app{"robotrader: a robo trader for Interactive Brokers", "robotrader"};
  app.require_subcommand(1);
  app.fallthrough(false);

  DemoOptions demo;
  auto* demo_verb = app.add_subcommand("demo", "Trade recorded markets through the gateway simulator; no account needed");
  demo_verb->add_flag("--headless", demo.headless, "No desk hints and no keys: run, write the summary, end");
  demo_verb->add_option("--seconds", demo.seconds, "End by itself after so many wall seconds")->check(CLI::Range(0.0, 1e7));
  demo_verb->add_option("--summary", demo.summary, "Write orders, fills, P&L, latencies as JSON to this file at the end");
  demo_verb->add_option("--speed", demo.speed, "How fast the recorded market runs")->check(CLI::Range(0.01, 10'000.0))->capture_default_str();
  demo_verb->add_option("--market", demo.market, "us24, taq, crypto or all; else as the settings say")->check(CLI::IsMember({"us24", "taq", "crypto", "all"}));
  demo_verb->add_option("--port", demo.port, "Port of the desk; 0: any free one")->capture_default_str();
  demo_verb->add_option("--config", demo.config, "Settings")->capture_default_str();
  demo_verb->add_option("--journal", demo.journal, "Folder of this session's journal");

  TradeOptions trade;
  auto* trade_verb = app.add_subcommand("trade", "Trade an account at TWS or IB Gateway: paper by default");
  trade_verb->add_option("--config", trade.config, "Settings")->capture_default_str();
  trade_verb->add_flag("--arm-live", trade.arm_live, "Real money. Needs mode = \"live\" in the settings and --account");
  trade_verb->add_option("--account", trade.account, "The account, typed by you, that --arm-live is meant for");
  trade_verb->add_option("--seconds", trade.seconds, "End by itself after so many wall seconds; working orders stay at IB");

  BacktestOptions backtest;
  auto* backtest_verb = app.add_subcommand("backtest", "Run strategies on recorded data and report honestly");
  backtest_verb->add_option("config", backtest.config, "Settings of the run, e.g. config/backtest/us24.toml")->required();
  backtest_verb->add_option("--out", backtest.out, "Folder of the report");
  backtest_verb->add_flag("--journal", backtest.journal, "Keep the run's journal in the report folder");
  backtest_verb->add_option("--grid", backtest.grid, "strategy.parameter=10,15,20 or =10:30:5; again for more axes: each combination is run, and counted as a trial")
      ->allow_extra_args(false);
  backtest_verb->add_flag("--twice,!--once", backtest.twice, "Run twice and compare the command streams (default)");

  ReplayOptions replay;
  auto* replay_verb = app.add_subcommand("replay", "Run a recorded day again");
  replay_verb->add_option("folder", replay.folder, "Journal folder")->required();
  replay_verb->add_flag("--verify", replay.verify, "Prove that the commands are identical, or show the first difference");
  replay_verb->add_flag("--facts", replay.facts, "Compare what was told, too");

  GatewaySimOptions gateway;
  auto* gateway_verb = app.add_subcommand("gateway-sim", "An IB gateway without IB: any IB client can connect");
  gateway_verb->add_option("--port", gateway.port, "Port to listen on; 0: any free one, printed")->capture_default_str();
  gateway_verb->add_option("--data", gateway.data, "Folder with market data")->capture_default_str();
  gateway_verb->add_option("--speed", gateway.speed, "How fast the recorded market runs")->check(CLI::Range(0.01, 10'000.0))->capture_default_str();
  gateway_verb->add_option("--market", gateway.market, "us24, taq, crypto or all")->check(CLI::IsMember({"us24", "taq", "crypto", "all"}))->capture_default_str();
  gateway_verb->add_option("--account", gateway.account, "Account it says it is")->capture_default_str();
  gateway_verb->add_option("--server-version", gateway.server_version, "Highest server version it agrees to: 100 to 200 text, 201 to 212 mixed, from 213 protobuf")->check(CLI::Range(100, 226))->capture_default_str();
  gateway_verb->add_option("--seed", gateway.seed, "Seed of latencies and oddities")->capture_default_str();
  gateway_verb->add_option("--state", gateway.state, "Folder that keeps order ids over restarts");
  gateway_verb->add_flag("--control", gateway.control, "Take control lines on stdin: help lists them");
  gateway_verb->add_option("--http", gateway.http, "HTTP control on 127.0.0.1 at this port; 0: any free one, printed")->check(CLI::Range(0, 65535));
  gateway_verb->add_option("--address", gateway.address, "Address clients connect to")->capture_default_str();
  gateway_verb->add_option("--token", gateway.token, "Token of the HTTP control: with one it listens on --address, without on 127.0.0.1 only");
  gateway_verb->add_option("--faults", gateway.faults, "File of faults, one a line: restart seconds=30 in=60");
  gateway_verb->add_option("--chaos", gateway.chaos, "So many faults at moments of the seed's choice")->check(CLI::Range(0, 100'000));
  gateway_verb->add_option("--chaos-seconds", gateway.chaos_seconds, "... within so many wall seconds")->check(CLI::Range(1.0, 1e7))->capture_default_str();
  gateway_verb->add_flag("--luld", gateway.luld, "Limit up - limit down bands on the recorded stocks");
  gateway_verb->add_flag("--read-only", gateway.read_only, "The API may look and not trade (321)");
  gateway_verb->add_option("--master", gateway.master, "Master client id: sees every client's orders")->check(CLI::Range(0, 1'000'000));
  gateway_verb->add_option("--restart-at", gateway.restart_at, "Daily restart at this time of New York, e.g. 23:45");
  gateway_verb->add_option("--restart-seconds", gateway.restart_seconds, "How long it is away then (wall time)")->check(CLI::Range(0.0, 86'400.0))->capture_default_str();
  gateway_verb->add_option("--seconds", gateway.seconds, "End by itself after so many wall seconds")->check(CLI::Range(0.0, 1e7));
  gateway_verb->add_option("--record", gateway.record, "Be a proxy in front of --gateway and write what is said to this file, account numbers masked");
  gateway_verb->add_option("--gateway", gateway.gateway, "HOST:PORT of the gateway that is recorded")->capture_default_str();

  ConformanceOptions conformance;
  auto* conformance_verb = app.add_subcommand("conformance", "Ask a TWS, an IB Gateway or gateway-sim what a client relies on, card by card");
  conformance_verb->add_option("--host", conformance.host, "Where it listens")->capture_default_str();
  conformance_verb->add_option("--port", conformance.port, "7497 TWS paper, 4002 gateway paper, 7496 and 4001 live")->capture_default_str();
  conformance_verb->add_option("--client-id", conformance.client, "This id and the next two are used")->capture_default_str();
  conformance_verb->add_option("--symbol", conformance.symbol, "What is asked about")->capture_default_str();
  conformance_verb->add_option("--sec-type", conformance.security_type, "STK, CASH, CRYPTO ...")->capture_default_str();
  conformance_verb->add_option("--exchange", conformance.exchange, "SMART, IDEALPRO ...")->capture_default_str();
  conformance_verb->add_option("--currency", conformance.currency, "USD ...")->capture_default_str();
  conformance_verb->add_flag("--orders", conformance.orders, "Place orders too, far from the market; refused unless every account is a paper one");
  conformance_verb->add_option("--patience", conformance.patience, "Seconds an answer may take")->check(CLI::Range(0.5, 300.0))->capture_default_str();
  conformance_verb->add_option("--report", conformance.report, "Write the report to this file (Markdown)");

  ImportOptions import;
  auto* import_verb = app.add_subcommand("import", "Bring bars, quotes, trades or depth into the store");
  import_verb->add_option("files", import.files, "CSV or JSON lines, plain or .gz; or a session's journal folder")->required();
  import_verb->add_option("--store", import.store, "Folder of the store")->capture_default_str();
  import_verb->add_option("--zone", import.zone, "Time zone of wall-clock times, when the file does not say it");
  import_verb->add_option("--calendar", import.calendar, "NYSE, NASDAQ, CME, FX or 24x7, when it cannot be told from the file");
  import_verb->add_option("--stamp", import.stamp, "What intraday bars are stamped with, when the bells do not show it")->check(CLI::IsMember({"start", "end"}));
  import_verb->add_option("--dates", import.dates, "Order of dates with slashes, when no day is above 12")->check(CLI::IsMember({"month-first", "day-first"}));
  import_verb->add_option("--adjusted-until", import.adjusted_until, "Day until which the prices are adjusted for splits; else they are as traded");
  import_verb->add_flag("--allow-pseudo-dates", import.pseudo_dates, "Take a file although its dates are no trading days");
  import_verb->add_option("--symbol", import.symbol, "Symbol, when the file does not say it");
  import_verb->add_option("--report", import.report, "Write every repaired and refused row to this file");

  JournalOptions journal;
  auto* journal_verb = app.add_subcommand("journal", "Look into a journal");
  journal_verb->require_subcommand(1);
  for (const auto& [name, help] : {std::pair{"cat", "Every record as a line"}, {"stats", "What is in it, by kind"}}) {
    auto* action = journal_verb->add_subcommand(name, help);
    action->add_option("folder", journal.folder, "Journal folder")->required();
    action->add_option("--only", journal.only, "events, commands, facts, or the name of a message");
    action->add_option("--limit", journal.limit, "Stop after so many lines");
    action->callback([&journal, name = std::string(name)] { journal.action = name; });
  }
  auto* list = journal_verb->add_subcommand("list", "Journals under a folder, newest first");
  journal.folder = "journal";
  list->add_option("folder", journal.folder, "Folder that holds journals")->capture_default_str();
  list->callback([&journal] { journal.action = "list"; });

  FlattenOptions flatten;
  auto* flatten_verb = app.add_subcommand("flatten", "Cancel all orders and close all positions at the gateway; works without the engine");
  flatten_verb->add_option("--config", flatten.config, "Settings that name the gateway and account")->capture_default_str();
  flatten_verb->add_flag("--yes", flatten.yes, "Do not ask");
  flatten_verb->add_flag("--cancel-only", flatten.cancel_only, "Cancel orders, leave positions");

  DoctorOptions doctor;
  auto* doctor_verb = app.add_subcommand("doctor", "Check settings, gateway, clock, disk and data, and say how to fix them");
  doctor_verb->add_option("--config", doctor.config, "Settings")->capture_default_str();

  RehearseOptions rehearse;
  auto* rehearse_verb = app.add_subcommand("rehearse", "Try this engine against what IB's gateway does wrong: C01 to C31, all, or a scenario file");
  rehearse_verb->add_option("what", rehearse.what, "A class, all, or a file")->capture_default_str();
  rehearse_verb->add_option("--data", rehearse.data, "Folder with faults/ and fees/")->capture_default_str();
  rehearse_verb->add_option("--report", rehearse.report, "Write the outcomes as a page (docs/ib-faults.md) to this file");
  rehearse_verb->add_flag("--verbose", rehearse.verbose, "Tell everything that happened, also where all went well");

  StoresOptions stores;
  auto* stores_verb = app.add_subcommand("stores", "The database: how it stands, its schema, journals into it, backup and restore");
  stores_verb->require_subcommand(1);
  for (const auto& [name, help] : {std::pair{"status", "Tables, their size, and the journals in them"}, {"migrate", "Bring the schema to this program's version"},
                                   {"load", "Bring journals in, each record once"}, {"backup", "Write the tables to a file"},
                                   {"restore", "Read them from a file into an empty database"}}) {
    auto* action = stores_verb->add_subcommand(name, help);
    action->add_option("paths", stores.paths, "Journals, or the file");
    action->add_option("--config", stores.config, "Settings whose [postgres] names the connection")->capture_default_str();
    action->callback([&stores, name = std::string(name)] { stores.action = name; });
  }

  DataOptions data;
  auto* data_verb = app.add_subcommand("data", "History: what is stored, what is wrong with it, bars from the gateway, repairs");
  data_verb->require_subcommand(1);
  const auto data_action = [&](const char* name, const char* help) {
    auto* action = data_verb->add_subcommand(name, help);
    action->add_option("--store", data.store, "Folder of the store")->capture_default_str();
    action->add_option("--symbols", data.symbols, "Only these: SPY,QQQ")->delimiter(',');
    action->add_option("--from", data.from, "First day: 2026-01-02");
    action->add_option("--until", data.until, "The day after the last one");
    action->callback([&data, name = std::string(name)] { data.action = name; });
    return action;
  };
  auto* data_list = data_action("list", "What is stored: symbol, kind, bar size, first, last, rows, missing days, source, size on disk");
  data_list->add_option("--kinds", data.kinds, "Only these: quotes,trades,depth,bars,daily_bars")->delimiter(',');
  data_list->add_flag("--json", data.json, "One JSON object");
  data_list->add_flag("--replaced", data.replaced, "What repairs replaced, which is kept");
  auto* data_check = data_action("check", "Gaps, outliers, order, duplicates, zeros, time zones; with files: what they would bring in. Exit code 1 when something is wrong");
  data_check->add_option("--kinds", data.kinds, "Only these: quotes,trades,bars,daily_bars")->delimiter(',');
  data_check->add_flag("--json", data.json, "One JSON object");
  data_check->add_option("files", data.paths, "Files to look at before they are imported; none: the store");

  for (const auto& [name, help] : {std::pair{"fetch", "Bars from the gateway, day by day: what is there is not asked for again, and a killed fetch goes on where it stood"},
                                   {"repair", "Ask again for the days that check finds wrong; what is replaced is kept"}}) {
    auto* action = data_action(name, help);
    action->add_option("--bars", data.bars, "Their size: 1 min, 5 secs, 1 day, ...")->capture_default_str();
    action->add_option("--ticks", data.ticks, "Every trade or quote instead of bars: a thousand a request, sixty requests in ten minutes (quotes: thirty)")->check(CLI::IsMember({"trades", "quotes"}));
    action->add_option("--config", data.config, "Settings whose [gateway] is asked; [[instruments]] name contracts")->capture_default_str();
    action->add_option("--host", data.host, "Another gateway than the settings'");
    action->add_option("--port", data.port, "Another port than the settings'");
    action->add_option("--client", data.client, "Client id; else the settings' + 2");
    action->add_option("--type", data.type, "Of symbols the settings do not name: STK, FUT, CASH, CRYPTO, IND");
    action->add_option("--exchange", data.exchange, "Of symbols the settings do not name");
    action->add_flag("--all-hours", data.all_hours, "Before and after the regular hours, too");
    action->add_flag("--again", data.again, "Also what the source had nothing of, or has confirmed");
    action->add_option("--patience", data.patience, "Seconds without a gateway before it ends")->capture_default_str();
  }

  for (const auto& [name, help] : {std::pair{"backup", "Bring a folder to what the store holds: new and changed files only, with their sums"},
                                   {"restore", "A store out of a backup, proven by its sums: all of it or nothing"}}) {
    auto* action = data_action(name, help);
    action->add_option("folder", data.paths, "The backup")->required()->expected(1);
  }
  auto* data_prune = data_action("prune", "Take away days that are older than history.keep_days, and the oldest ticks while more than history.disk_max_gb is used");
  data_prune->add_option("--config", data.config, "Settings with [history]")->capture_default_str();
  data_prune->add_flag("--dry-run", data.dry, "Only say what would leave");
  auto* data_actions = data_action("actions", "Splits, dividends, new symbols: those that are known, or a file of them brought in");
  data_actions->add_option("--import", data.import, "CSV: symbol,ex_date,kind,value,known_at; or bars with Dividends and Stock Splits");
  data_actions->add_option("--symbol", data.name, "Of a file of bars that names none");
  auto* data_universe = data_action("universe", "Who was in an index, and when");
  data_universe->add_option("name", data.name, "Its name: sp500")->required();
  data_universe->add_option("--import", data.import, "CSV: ticker,start_date,end_date");
  data_universe->add_option("--date", data.date, "Members on this day");

  FeaturesOptions features;
  auto* features_verb = app.add_subcommand("features", "Features as they were used");
  features_verb->require_subcommand(1);
  auto* features_verify = features_verb->add_subcommand("verify", "Recompute a recorded session and prove that live used the same numbers, bit for bit");
  features_verify->add_option("what", features.what, "A journal's folder, or a day: 2026-11-23")->required();
  features_verify->add_option("--journals", features.journals, "Folder with the journals, for a day")->capture_default_str();
  features_verify->add_option("--features", features.folder, "Folder of the recorded features; else as the session's settings say");

  RegimesOptions regimes;
  auto* regimes_verb = app.add_subcommand("regimes", "The model behind [regime] source = \"hmm\"");
  regimes_verb->require_subcommand(1);
  auto* regimes_fit = regimes_verb->add_subcommand("fit", "Estimate its parameters from a file of bars and print the settings");
  regimes_fit->add_option("file", regimes.file, "CSV of bars or closes, as `import` reads them")->required();
  regimes_fit->add_option("--symbol", regimes.symbol, "Which one, of a file that holds several");
  regimes_fit->add_option("--until", regimes.until, "Bars before this day only: what comes after stays unseen");
  regimes_fit->add_option("--states", regimes.states, "2 or 3")->check(CLI::Range(2, 3))->capture_default_str();
  regimes_fit->add_option("--half-life", regimes.half_life, "Bars of the volatility that returns are divided by; 0: returns as they are")->check(CLI::Range(0.0, 1e9))->capture_default_str();
  regimes_fit->add_option("--restarts", regimes.restarts, "Beginnings of the estimate")->check(CLI::Range(1, 1000))->capture_default_str();

  auto* version_verb = app.add_subcommand("version", "Version and what it was built with");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int cli_code = app.exit(error);
    code = cli_code == 0 ? 0 : 2;
    return std::nullopt;
  }
  code = 0;
  if (demo_verb->parsed()) return demo;
  if (trade_verb->parsed()) return trade;
  if (backtest_verb->parsed()) return backtest;
  if (replay_verb->parsed()) return replay;
  if (gateway_verb->parsed()) return gateway;
  if (conformance_verb->parsed()) return conformance;
  if (import_verb->parsed()) return import;
  if (journal_verb->parsed()) return journal;
  if (flatten_verb->parsed()) return flatten;
  if (doctor_verb->parsed()) return doctor;
  if (rehearse_verb->parsed()) return rehearse;
  if (stores_verb->parsed()) return stores;
  if (features_verb->parsed()) return features;
  if (data_verb->parsed()) return data;
  if (regimes_verb->parsed()) return regimes;
  (void)version_verb;
  return VersionOptions{};
}

}  // namespace robo::apps
