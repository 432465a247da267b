#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fmt/core.h>
#include <fstream>
#include <sys/socket.h>
#include <sys/timex.h>
#include <thread>
#include <unistd.h>

#include "apps/live.hpp"
#include "apps/store_checks.hpp"
#include "apps/terminal.hpp"
#include "apps/verbs.hpp"
#include "edge/ib/preflight.hpp"
#include "edge/store/shipped.hpp"
#include "runtime/clock.hpp"

namespace robo::apps {

namespace {

/// Findings as they come: what is fine, what is not and how to mend it.
class Findings {
 public:
  void good(std::string_view what, std::string_view text) { line(what, text, terminal::paint(terminal::Tone::Good, "✓")); }
  void warn(std::string_view what, std::string_view text, std::string_view fix) {
    line(what, text, terminal::paint(terminal::Tone::Warn, "▲"));
    terminal::print(fmt::format("             {}", fix));
  }
  void bad(std::string_view what, std::string_view text, std::string_view fix) {
    line(what, text, terminal::paint(terminal::Tone::Bad, "✗"));
    terminal::print(fmt::format("             {}", fix));
    ++bad_;
  }
  [[nodiscard]] int bad_count() const { return bad_; }

 private:
  static void line(std::string_view what, std::string_view text, const std::string& mark) {
    terminal::print(fmt::format("  {} {} {}", terminal::padded(what, 10), terminal::padded(text, 66), mark));
  }
  int bad_ = 0;
};

void check_clock(Findings& findings) {
  timex state{};
  const int answer = ::adjtimex(&state);
  if (answer == TIME_ERROR || (state.status & STA_UNSYNC) != 0)
    findings.warn("clock", "no time service keeps it right", "start one: apt-get install chrony; order times and sessions follow this clock");
  else findings.good("clock", fmt::format("kept by a time service, within {} µs", state.maxerror));
}

void check_disk(Findings& findings, const RunSettings& settings) {
  std::error_code error;
  std::filesystem::create_directories(settings.journal, error);
  const auto space = std::filesystem::space(settings.journal, error);
  if (error) {
    findings.bad("disk", fmt::format("{}: {}", settings.journal, error.message()), "give `journal` a folder this user may write");
    return;
  }
  const auto gigabytes = static_cast<double>(space.available) / 1e9;
  const std::string text = fmt::format("{:.1f} GB free for the journal in {}", gigabytes, settings.journal);
  if (gigabytes < 1) findings.bad("disk", text, "a day takes up to 1 GB: free some, or put `journal` elsewhere");
  else if (gigabytes < 5) findings.warn("disk", text, "a day takes up to 1 GB; move old journals away");
  else findings.good("disk", text);
  const auto probe = std::filesystem::path(settings.journal) / ".probe";
  std::ofstream(probe) << "x";
  if (!std::filesystem::remove(probe, error)) findings.bad("disk", fmt::format("{} cannot be written", settings.journal), "chown it to the user that trades");
}

void check_port(Findings& findings, const DeskSettings& desk) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(desk.port);
  ::inet_pton(AF_INET, desk.bind.c_str(), &address.sin_addr);
  const int one = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    findings.bad("desk", fmt::format("port {} of {}: {}", desk.port, desk.bind, std::strerror(errno)), "another program has it; set desk.port, or end that program");
  else findings.good("desk", fmt::format("port {} of {} is free", desk.port, desk.bind));
  ::close(socket);
}

/// Would the gateway's precautionary settings let our largest order through? Asked for the first contract with a price; nothing is placed.
void check_precautions(Findings& findings, const RunSettings& settings, ib::Client& client) {
  if (settings.instruments.empty()) return;
  const auto& contract = settings.instruments.front();
  const InstrumentId id{0};
  client.want(id, ib::ContractSpec{.symbol = contract.symbol, .type = contract.type, .exchange = contract.exchange, .primary_exchange = contract.primary_exchange, .currency = contract.currency, .expiry = contract.expiry, .con_id = contract.con_id}, {});
  std::optional<Instrument> known;
  std::optional<ib::Obstacle> told;
  bool asked = false;
  const auto end = runtime::steady_ns() + 10'000'000'000;
  Event event;
  while (runtime::steady_ns() < end && !told) {
    if (!client.next(event)) {
      client.wait(milliseconds(10));
      continue;
    }
    if (const auto* instrument = std::get_if<Boxed<Instrument>>(&event.payload); instrument && (*instrument)->id == id) known = **instrument;
    const auto* quote = std::get_if<Quote>(&event.payload);
    if (asked || !known || !quote || quote->instrument != id || !quote->ask_size.is_positive()) continue;
    asked = true;
    const Quantity largest = ib::largest_order(*known, quote->ask, settings.limits.order_quantity_max, settings.limits.order_notional_max);
    ib::preflight(client, id, largest, quote->ask, [&](const ib::Obstacle& obstacle) { told = obstacle; });
  }
  const std::string what = fmt::format("the largest order of these limits ({} {})", to_text(settings.limits.order_notional_max), contract.symbol);
  if (!told) findings.warn("precautions", fmt::format("{} had no price within 10 s: not asked whether TWS would hold orders back", contract.symbol), "ask again while the market is open");
  else if (told->code != 0) findings.bad("precautions", fmt::format("TWS would hold {} back: {} {}", what, told->code, told->text), std::string(told->remedy));
  else findings.good("precautions", fmt::format("{} would not be held back", what));
}

void check_gateway(Findings& findings, const RunSettings& settings) {
  runtime::WallClock clock;
  ib::ClientSettings wanted;
  wanted.link.host = settings.gateway.host;
  wanted.link.port = settings.gateway.port;
  wanted.link.client_id = settings.gateway.client_id + 2;  // of its own: a running engine keeps its line
  wanted.mode = settings.mode;
  wanted.account = settings.account;
  wanted.state_folder = std::filesystem::path(settings.state) / "doctor";
  ib::Client client(wanted, clock);
  const auto end = runtime::steady_ns() + 10'000'000'000;
  Event event;
  std::string last = "no answer";
  bool read_only = false;
  while (runtime::steady_ns() < end && client.state() != GatewayState::Ready && !read_only) {
    if (!client.next(event)) {
      client.wait(milliseconds(10));
      continue;
    }
    const auto* changed = std::get_if<Boxed<GatewayChanged>>(&event.payload);
    if (changed && !(*changed)->text.empty()) last = (*changed)->text.view();
    read_only = changed && (*changed)->code == 321;
  }
  const std::string where = fmt::format("{}:{}", settings.gateway.host, settings.gateway.port);
  if (client.state() == GatewayState::Ready) {
    findings.good("gateway", fmt::format("{} answers, server version {}, account {}", where, client.server_version(), client.account()));
    // A what-if is an order's message all the same: to a live account nothing goes out unarmed.
    if (settings.mode != TradingMode::Live) check_precautions(findings, settings, client);
  } else if (read_only)
    findings.bad("gateway", fmt::format("{} answers, and its API is read-only: no order can be sent", where),
                 "untick Configure > API > Settings > Read-Only API in TWS or IB Gateway and press OK; nothing needs to be restarted");
  else
    findings.bad("gateway", fmt::format("{}: {}", where, last),
                 "start TWS or IB Gateway, log in, enable API > Settings > socket clients, read-only off; paper 7497 or 4002, live 7496 or 4001");
  client.stop("checked");
}

void check_data(Findings& findings, const RunSettings& settings) {
  const auto calendars = store::read_calendars(std::filesystem::path(settings.data.folder) / "calendars");
  if (!calendars) findings.bad("data", calendars.error().text, "data.folder must name the data folder of this program");
  else findings.good("data", fmt::format("{} calendars in {}", calendars->size(), settings.data.folder));
}

void check_machine(Findings& findings, const RunSettings& settings) {
  const unsigned cores = std::thread::hardware_concurrency();
  if (settings.threads == Threads::Split && cores < 3)
    findings.warn("machine", fmt::format("threads = \"split\" on {} cores", cores), "set threads = \"inline\": two threads that wait for each other on one core are slower");
  else findings.good("machine", fmt::format("{} cores, threads {}", cores, to_text(settings.threads)));
}

}  // namespace

int run(const DoctorOptions& options) {
  terminal::heading("robotrader  doctor");
  Findings findings;
  const auto loaded = load_settings(options.config);  // throws with everything that is wrong
  const auto& settings = loaded.settings;
  findings.good("settings", fmt::format("{}: {} instruments, {} strategies", options.config, settings.instruments.size(), settings.strategies.size()));
  check_machine(findings, settings);
  check_clock(findings);
  check_disk(findings, settings);
  check_data(findings, settings);
  check_port(findings, settings.desk);
  for (const auto& [kind, store, text, fix] : check_stores(settings)) {
    if (kind == StoreFinding::Kind::Good) findings.good(store, text);
    else if (kind == StoreFinding::Kind::Warn) findings.warn(store, text, fix);
    else findings.bad(store, text, fix);
  }
  if (settings.mode == TradingMode::Paper || settings.mode == TradingMode::Live) check_gateway(findings, settings);
  terminal::print(findings.bad_count() == 0 ? "\n  nothing stands in the way" : fmt::format("\n  {} to mend before trading", findings.bad_count()));
  return findings.bad_count() == 0 ? 0 : 1;
}

}  // namespace robo::apps
