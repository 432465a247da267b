#include <fmt/core.h>
#include <poll.h>
#include <unistd.h>

#include "apps/home.hpp"
#include "apps/market.hpp"
#include "apps/stop.hpp"
#include "apps/terminal.hpp"
#include "apps/verbs.hpp"
#include "edge/sim/server/server.hpp"

namespace robo::apps {

int run(const GatewaySimOptions& options) {
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
  for (const auto& [name, calendar] : market->calendars()) settings.calendars.push_back(calendar);
  // Some history first, so that a client that asks for bars gets some.
  settings.warm_up = std::min(hours(24) * 3, Duration{(market->end() - market->start()).ns / 2});
  sim::GatewayServer server(std::move(market), settings, std::move(*fees));
  if (const auto started = server.start(); !started) {
    terminal::complain(started.error().text);
    return 1;
  }
  terminal::print(fmt::format("  listening  127.0.0.1:{}   account {}   server version {}   speed {}x", server.port(), options.account,
                              options.server_version, options.speed));
  Stop stop(0);
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
  server.stop();
  return 0;
}

}  // namespace robo::apps
