#pragma once
// The TWS server: our exchange behind IB's wire, for any IB client. One thread of its own, sockets polled, nothing blocks.

#include <atomic>
#include <memory>
#include <string>
#include <string_view>

#include "edge/sim/fees/fee_table.hpp"
#include "edge/sim/server/fault.hpp"
#include "edge/sim/server/settings.hpp"
#include "runtime/ports.hpp"

namespace robo::sim {

class Station;

/// Counters for people and tests. Any thread.
struct ServerStatus {
  std::uint64_t events_played{}, requests{}, clients_seen{}, clients_dropped{};
  std::uint32_t clients{};
  Timestamp now{};          // simulated
  bool market_over{};
};

class GatewayServer {
 public:
  /// The source is used by the server's thread from start() to stop(), then is the caller's again.
  GatewayServer(std::unique_ptr<runtime::MarketSource> source, ServerSettings settings, FeeTable fees);
  ~GatewayServer();
  GatewayServer(const GatewayServer&) = delete;
  GatewayServer& operator=(const GatewayServer&) = delete;

  /// Binds and begins to play. Errors: the port is taken, the state folder cannot be written.
  [[nodiscard]] Result<bool, Problem> start();
  /// The same without a thread: turn() moves it, in the time it is told. For virtual time: nothing happens between two turns.
  [[nodiscard]] Result<bool, Problem> start_stepped();
  /// One turn of a stepped server: the market and the clock on the wall go to `now`, sockets are served. True when bytes moved.
  bool turn(Timestamp now);
  /// What is true at IB, for whoever turns a stepped server; null when not started.
  [[nodiscard]] const Station* station() const;
  /// Closes every connection and joins the thread. Harmless when not started.
  void stop();

  [[nodiscard]] std::uint16_t port() const { return port_.load(); }
  [[nodiscard]] std::uint16_t admin_port() const { return admin_port_.load(); }
  [[nodiscard]] ServerStatus status() const;

  /// A fault, now or when its moment comes (fault.hpp); what was done, or what is wrong with it. Thread: any; waits for the server's thread.
  Result<std::string, Problem> inject(const Injection& injection);
  /// What is true here, as JSON: clients, orders, executions, positions, cash, market. Thread: any; waits.
  [[nodiscard]] std::string dump();

  /// A fault as a line ("restart seconds=2", fault_vocabulary() lists them), or one of the short commands; answers with what was done, or what is wrong with the line. Thread: any; waits for the server's thread.
  ///   cut | restore lost | restore kept        TWS loses IB (1100), gets it back (1101, 1102)
  ///   farm down NAME | farm up NAME            2103, 2104
  ///   history down NAME | history up NAME      2105, 2106
  ///   restart SECONDS                          the daily restart: sockets closed, port refused for so long
  ///   drop | kick CLIENT | freeze | thaw       close all clients, close one, half-open connections
  ///   halt SYMBOL | resume SYMBOL              trading halt
  ///   shortable SYMBOL SHARES                  shares that can be borrowed
  ///   reject COUNT                             the next orders are rejected (201)
  ///   rollback COUNT                           order ids go back by so many
  ///   speed FACTOR | say CODE TEXT | status
  std::string inject(std::string_view command);

 private:
  class Loop;
  [[nodiscard]] Result<bool, Problem> open(bool stepped);
  std::unique_ptr<runtime::MarketSource> source_;
  ServerSettings settings_;
  FeeTable fees_;
  std::unique_ptr<Loop> loop_;
  std::atomic<std::uint16_t> port_{0}, admin_port_{0};
};

}  // namespace robo::sim
