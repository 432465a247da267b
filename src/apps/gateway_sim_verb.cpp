#include <charconv>
#include <chrono>
#include <fmt/core.h>
#include <poll.h>
#include <unistd.h>

#include "apps/home.hpp"
#include "apps/market.hpp"
#include "apps/stop.hpp"
#include "apps/terminal.hpp"
#include "apps/verbs.hpp"
#include "edge/sim/server/control.hpp"
#include "edge/sim/server/recorder.hpp"
#include "edge/sim/server/server.hpp"

namespace robo::apps {

namespace {

/// "23:45" as the time since midnight.
Duration time_of_day(const std::string& text) {
  int hour = -1, minute = -1;
  const auto colon = text.find(':');
  const bool shaped = colon != std::string::npos && std::from_chars(text.data(), text.data() + colon, hour).ptr == text.data() + colon &&
                      std::from_chars(text.data() + colon + 1, text.data() + text.size(), minute).ptr == text.data() + text.size();
  if (!shaped || hour < 0 || hour > 23 || minute < 0 || minute > 59) throw std::runtime_error(fmt::format("--restart-at: '{}' is no time of day; 23:45 is one", text));
  return minutes(hour * 60 + minute);
}

int record(const GatewaySimOptions& options) {
  terminal::heading("robotrader  gateway-sim  records what a client and a gateway say to each other");
  const auto colon = options.gateway.rfind(':');
  sim::RecorderSettings settings;
  settings.address = options.address;
  settings.port = options.port;
  settings.file = options.record;
  const char* const end = options.gateway.data() + options.gateway.size();
  if (colon == std::string::npos || std::from_chars(options.gateway.data() + colon + 1, end, settings.gateway_port).ptr != end)
    throw std::runtime_error(fmt::format("--gateway: '{}' is no HOST:PORT", options.gateway));
  settings.gateway_host = options.gateway.substr(0, colon);
  sim::Recorder recorder(settings);
  if (const auto started = recorder.start(); !started) {
    terminal::complain(started.error().text);
    return 1;
  }
  terminal::print(fmt::format("  listening  {}:{}   in front of {}, writing {}", options.address, recorder.port(), options.gateway, options.record));
  Stop stop(options.seconds);
  while (!stop.flag()) ::usleep(100'000);
  recorder.stop();
  terminal::print(fmt::format("  {} messages, {} of them unreadable", recorder.messages(), recorder.unreadable()));
  return 0;
}

}  // namespace

int run(const GatewaySimOptions& options) {
  if (!options.record.empty()) return record(options);
  terminal::heading("robotrader  gateway-sim  an IB gateway without IB");
  const std::string data = need_own(options.data, "the market data");
  terminal::Step step("market");
  auto market = open_market({.folder = data, .market = options.market});
  step.done(fmt::format("{} instruments, {} rows", market->instruments().size(), market->rows()));
  for (const auto& note : market->notes()) terminal::print(terminal::paint(terminal::Tone::Dim, "             " + note));
  auto fees = sim::FeeTable::load(std::filesystem::path(data) / "fees" / "ib.csv");
  if (!fees) throw std::runtime_error(fees.error().text);

  sim::ServerSettings settings;
  settings.port = options.port;
  settings.account = options.account;
  settings.speed = options.speed;
  settings.version_max = options.server_version;
  settings.faults.seed = options.seed;
  settings.state_dir = options.state;
  settings.repeat = true;
  settings.address = options.address;
  settings.read_only = options.read_only;
  settings.price_bands = options.luld;
  settings.master_client = options.master;
  settings.restart_seconds = options.restart_seconds;
  if (!options.restart_at.empty()) settings.restart_at = time_of_day(options.restart_at);
  std::vector<sim::Injection> faults;
  if (!options.faults.empty()) {
    auto read = sim::read_fault_file(options.faults);
    if (!read) throw std::runtime_error(read.error().text);
    faults = std::move(*read);
  }
  for (auto& fault : sim::faults_by_seed(options.seed, options.chaos, options.chaos_seconds)) faults.push_back(std::move(fault));
  for (const auto& [name, calendar] : market->calendars()) settings.calendars.push_back(calendar);
  // Some history first, so that a client that asks for bars gets some.
  settings.warm_up = std::min(hours(24) * 3, Duration{(market->end() - market->start()).ns / 2});
  sim::GatewayServer server(std::move(market), settings, std::move(*fees));
  if (const auto started = server.start(); !started) {
    terminal::complain(started.error().text);
    return 1;
  }
  terminal::print(fmt::format("  listening  {}:{}   account {}   server version {}   speed {}x", options.address, server.port(), options.account,
                              options.server_version, options.speed));
  sim::ControlServer control(server, {.address = options.token.empty() ? "127.0.0.1" : options.address, .port = static_cast<std::uint16_t>(std::max(options.http, 0)), .token = options.token});
  if (options.http >= 0) {
    if (const auto started = control.start(); !started) {
      terminal::complain(started.error().text);
      return 1;
    }
    terminal::print(fmt::format("  control    http://{}:{}/", options.token.empty() ? "127.0.0.1" : options.address, control.port()));
  }
  for (const auto& fault : faults) {
    const auto waits = server.inject(fault);
    terminal::print(fmt::format("  fault      {}   {}", sim::to_line(fault), waits ? *waits : waits.error().text));
  }
  Stop stop(options.seconds);
  std::string typed;  // read byte-wise: a stream would keep whole lines back where poll() cannot see them
  while (!stop.flag()) {
    if (!options.control) {
      ::usleep(100'000);
      continue;
    }
    pollfd wanted{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
    if (::poll(&wanted, 1, 100) <= 0) continue;
    char bytes[512];
    const auto got = ::read(STDIN_FILENO, bytes, sizeof bytes);
    if (got <= 0) break;
    typed.append(bytes, static_cast<std::size_t>(got));
    for (auto end = typed.find('\n'); end != std::string::npos; end = typed.find('\n')) {
      const std::string line = typed.substr(0, end);
      typed.erase(0, end + 1);
      if (!line.empty()) terminal::print(server.inject(line));
    }
  }
  control.stop();
  server.stop();
  return 0;
}

}  // namespace robo::apps
