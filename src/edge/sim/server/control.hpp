#pragma once
// The gateway simulator's HTTP control: what goes wrong, where prices are, what is true. JSON in, JSON out, a thread of its own.
//
//   GET  /               what there is                 GET  /status   counters
//   GET  /state          everything that is true        GET  /faults   every fault with its members and their usual values
//   POST /faults         one fault, or a list           DELETE /faults forgets what waits
//   POST /faults/NAME    the members of one fault       (POST /faults/price {"symbol": "SPY", "bid": 470, "ask": 470.02})

#include <cstdint>
#include <memory>
#include <string>

#include "edge/sim/server/server.hpp"

namespace robo::sim {

struct ControlSettings {
  std::string address{"127.0.0.1"};
  std::uint16_t port{0};             // 0: any free one
  std::string token{};               // where it is set every request carries "Authorization: Bearer TOKEN"
};

class ControlServer {
 public:
  /// The gateway must outlive it.
  ControlServer(GatewayServer& gateway, ControlSettings settings);
  ~ControlServer();
  ControlServer(const ControlServer&) = delete;
  ControlServer& operator=(const ControlServer&) = delete;

  /// Errors: the port is taken; an address others can reach without a token.
  [[nodiscard]] Result<bool, Problem> start();
  void stop();
  [[nodiscard]] std::uint16_t port() const;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace robo::sim
