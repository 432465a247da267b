// The gateway simulator for the client tests: the shipped markets, any free port, faults by an admin port.
// Prints "port N admin M" once it listens and ends when its input does.

#include <cstdio>
#include <iostream>
#include <string>

#include "edge/sim/server/server.hpp"
#include "edge/store/shipped.hpp"

namespace {

int complain(const std::string& text) {
  std::fprintf(stderr, "%s\n", text.c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace robo;
  if (argc != 3) return complain("usage: clients_gateway DATA_FOLDER STATE_FOLDER");
  const std::filesystem::path data = argv[1];
  static store::Calendars calendars;
  auto read = store::read_calendars(data / "calendars");
  if (!read) return complain(read.error().text);
  calendars = std::move(*read);
  store::TapeOptions options;
  options.symbols = {"XXX", "SPY", "BTCUSDT"};
  auto tape = store::open_shipped_market(data, store::ShippedMarket::All, calendars, options);
  if (!tape) return complain(tape.error().text);
  auto fees = sim::FeeTable::load(data / "fees" / "ib.csv");
  if (!fees) return complain(fees.error().text);

  sim::ServerSettings settings;
  settings.port = 0;
  settings.admin_port = 0;
  settings.state_dir = argv[2];
  settings.speed = 5;
  settings.repeat = true;
  settings.level1_interval = milliseconds(50);
  // Begins half an hour into the session in which all three markets trade.
  Timestamp start = (*tape)->events().front().at;
  std::size_t quoted = 0;
  for (const Event& event : (*tape)->events()) {
    const auto* level = std::get_if<DepthLevel>(&event.payload);
    if (level && ++quoted > 2000) {
      settings.warm_up = (event.at - start) + seconds(5);
      break;
    }
  }
  for (const auto& [name, calendar] : calendars) settings.calendars.push_back(calendar);
  sim::GatewayServer server(std::move(*tape), settings, std::move(*fees));
  if (const auto started = server.start(); !started) return complain(started.error().text);
  std::printf("port %u admin %u\n", unsigned{server.port()}, unsigned{server.admin_port()});
  std::fflush(stdout);
  for (std::string line; std::getline(std::cin, line);)
    if (!line.empty()) std::cout << server.inject(line) << std::endl;
  server.stop();
  return 0;
}
