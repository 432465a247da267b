#include <fmt/core.h>
#include <map>

#include "apps/data_fetch.hpp"
#include "apps/data_view.hpp"
#include "apps/settings.hpp"
#include "apps/stop.hpp"
#include "apps/terminal.hpp"
#include "runtime/clock.hpp"

namespace robo::apps {

namespace {

namespace history = store::history;

ib::ContractSpec spec_of(const std::string& symbol, const RunSettings& settings, const DataOptions& options) {
  for (const auto& contract : settings.instruments)
    if (contract.symbol == symbol)
      return {.symbol = contract.symbol, .type = contract.type, .exchange = contract.exchange, .primary_exchange = contract.primary_exchange, .currency = contract.currency,
              .expiry = contract.expiry, .con_id = contract.con_id};
  ib::ContractSpec out{.symbol = symbol};
  if (!options.type.empty()) out.type = options.type;
  if (!options.exchange.empty()) out.exchange = options.exchange;
  return out;
}

ib::ClientSettings gateway_of(const RunSettings& settings, const DataOptions& options, const store::Calendars& calendars) {
  ib::ClientSettings out;
  out.link.host = options.host.empty() ? settings.gateway.host : options.host;
  out.link.port = options.port == 0 ? settings.gateway.port : options.port;
  out.link.client_id = options.client == 0 ? settings.gateway.client_id + 2 : options.client;  // + 1 reads the history of a session
  out.link.version_max = settings.gateway.server_version_max;
  out.link.messages_per_second = static_cast<int>(settings.gateway.messages_per_second);
  out.link.heartbeat = settings.gateway.heartbeat;
  out.link.backoff_first = seconds(1);
  out.link.backoff_max = seconds(10);
  out.mode = settings.mode;
  out.account = settings.account;
  out.armed = false;  // it asks; nothing is ever sent to the market
  out.state_folder = std::filesystem::path(settings.state) / "ib";
  out.contract_cache = settings.gateway.cache;
  for (const auto& [name, calendar] : calendars) out.calendars.push_back(calendar);
  return out;
}

/// Why a day is asked for again, by symbol and partition.
std::map<std::string, std::map<Date, std::string>> suspicious(const history::CheckReport& report, std::string_view kind, std::string_view size) {
  std::map<std::string, std::map<Date, std::string>> out;
  for (const auto& finding : report.findings) {
    if (!finding.problem || (finding.kind != kind && finding.fault != history::Fault::Unreadable) || (!finding.size.empty() && finding.size != size)) continue;
    for (const Date day : finding.days) {
      auto& why = out[finding.symbol][kind == store::daily_kind ? store::first_of_year(day) : day];
      const auto word = robo::to_text(finding.fault);
      if (why.find(word) == std::string::npos) why += (why.empty() ? "" : ", ") + std::string(word);
    }
  }
  return out;
}

void print_outcome(const FetchOutcome& outcome, bool repair) {
  terminal::print(fmt::format("  days       {} asked in {} requests, {} complete, {} partial, {} empty{}, {} not asked: they are there", outcome.days, outcome.requests, outcome.complete,
                              outcome.partial, outcome.empty, repair ? fmt::format(", {} confirmed by the source", outcome.confirmed) : "", outcome.days_skipped));
  terminal::print(fmt::format("  rows       {} added, {} replaced, {} second ones dropped; {} files kept under {}", outcome.rows_added, outcome.rows_changed, outcome.rows_dropped, outcome.files_kept,
                              history::replaced_folder));
  for (const auto& note : outcome.notes) terminal::print("  ▲ " + note);
  for (const auto& failed : outcome.failed) terminal::complain(failed);
}

}  // namespace

int fetch_or_repair(const DataOptions& options) {
  const bool repair = options.action == "repair";
  terminal::heading(fmt::format("data {}  {} into {}", options.action, options.ticks.empty() ? options.bars : options.ticks, options.store));
  const auto calendars = own_calendars();
  const bool ticks = !options.ticks.empty();
  // A day of ticks is planned like a day of bars: one question, then page after page.
  const auto size = history::bar_size_named(ticks ? "1 min" : options.bars);
  if (!size) throw std::runtime_error(fmt::format("--bars: {}", size.error().text));
  auto selection = selection_of(options);
  const bool daily = size->period >= hours(24);
  const std::string kind(ticks ? options.ticks : daily ? std::string(store::daily_kind) : std::string(store::kind_of<store::BarRecord>));
  selection.kinds = {kind};
  const auto settings = load_settings(options.config).settings;
  runtime::WallClock clock;

  FetchSettings fetch{.root = options.store, .size = *size, .ticks = options.ticks, .regular_hours = !options.all_hours, .repair = repair, .again = options.again,
                      .patience = Duration{static_cast<std::int64_t>(options.patience * 1e9)}};
  std::vector<FetchTarget> targets;
  if (repair) {
    const auto report = history::check(options.store, selection, calendars);
    auto days = suspicious(report, kind, history::words_of(size->period));
    Date first{INT32_MAX}, last{INT32_MIN};
    for (auto& [symbol, its] : days) {
      first = std::min(first, its.begin()->first);
      last = std::max(last, its.rbegin()->first);
      targets.push_back({.symbol = symbol, .spec = spec_of(symbol, settings, options), .days = std::move(its)});
    }
    if (targets.empty()) {
      terminal::print(fmt::format("  {} rows of {}: nothing to repair", report.rows, ticks ? options.ticks : options.bars));
      return 0;
    }
    fetch.from = first;
    fetch.until = {daily ? store::first_of_year({last.days + 370}).days : last.days + 1};
  } else {
    if (!selection.from) throw std::runtime_error("data fetch needs --from DAY: --from 2026-01-02 [--until DAY]");
    fetch.from = *selection.from;
    fetch.until = selection.until.value_or(Date{static_cast<std::int32_t>(clock.now().ns / hours(24).ns) + 1});
    if (fetch.until <= fetch.from) throw std::runtime_error("--until must be a day after --from");
    if (options.symbols.empty())
      for (const auto& contract : settings.instruments) targets.push_back({.symbol = contract.symbol, .spec = spec_of(contract.symbol, settings, options)});
    for (const auto& symbol : options.symbols) targets.push_back({.symbol = symbol, .spec = spec_of(symbol, settings, options)});
    if (targets.empty()) throw std::runtime_error(fmt::format("name what to fetch: --symbols SPY,QQQ, or [[instruments]] in {}", options.config));
  }

  const auto gateway = gateway_of(settings, options, calendars);
  Stop stop(0);
  const auto outcome = fetch_history_into_store(gateway, clock, fetch, targets, calendars, stop.flag(), [&](const FetchProgress& progress) { terminal::progress(options.action, progress.part, progress.text); });
  terminal::progress_end();
  if (!outcome) {
    terminal::complain(outcome.error().text);
    return 1;
  }
  print_outcome(*outcome, repair);
  if (outcome->interrupted) terminal::print("  interrupted: the same command goes on from here");
  history::Selection look{.kinds = {kind}, .from = fetch.from, .until = fetch.until};
  for (const auto& target : targets) look.symbols.push_back(target.symbol);
  const auto after = history::check(options.store, look, calendars);
  if (after.clean()) terminal::print("  check      nothing is wrong with what is stored of it");
  else print_findings(after.findings);
  return outcome->all_well() ? 0 : 1;
}

}  // namespace robo::apps
