#pragma once
// A rehearsal as a text file a trader can read: what the market and the gateway do, what the engine must do, tell and never do.
// The words are explained in docs/rehearsals.md.

#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "apps/settings.hpp"
#include "base/defence.hpp"
#include "base/result.hpp"

namespace robo::apps::rehearsal {

enum class Subject : std::uint8_t {
  Ready,           // the gateway may be sent to, everything was compared
  GatewayState,    // text: ready, restart_window, disconnected, reconciling
  Position,        // symbol, quantity
  OrderState,      // number, text: a state, "working" or "over"
  OrderCode,       // number, quantity: IB's code as the engine shows it
  OrderFilled,     // number, quantity
  OrderLimit,      // number, quantity: the limit price it was sent with
  EngineOrders,    // quantity: orders the engine believes to work
  IbOrders,        // quantity: orders that work at IB
  IbPosition,      // symbol, quantity
  Sent,            // quantity: orders sent since the start
  Fills,          // quantity: fills booked since the start
  Told,            // text
  Denied,          // text: the gate's reason
  Killed,
  BooksAgree,      // positions, cash and working orders are IB's
  PnlAgrees,       // realized and unrealized profit are IB's to the cent
  Protected,       // symbol: a working stop at IB covers what is held
  Quoted,          // symbol: the quote may be traded on
  Subscriptions,   // quantity: market-data lines in use at the gateway
  Connections,     // quantity: times the engine has connected
};

struct Condition {
  Subject subject{};
  bool negated{};
  std::string symbol{};
  std::size_t number{};
  double quantity{};
  std::string text{};
  std::string words{};     // as written
};

struct SetMarket { std::string symbol{}; double bid{}, ask{}, size{}; bool silent{}; };
struct Print { std::string symbol{}; double price{}, size{}; };
enum class EngineStep : std::uint8_t { Starts, Stops, IsKilled };
struct EngineDoes { EngineStep what{}; };
struct Wait { Duration length{}; };
struct Inject { std::string command{}; };
struct Want { std::string symbol{}; double quantity{}, stop{}, target{}; };
struct Ask { OperatorAction action{}; std::size_t order{}; std::string symbol{}; double value{}; };
struct Expect { Condition condition{}; Duration within{}; };
struct Never { Condition condition{}; };
using Deed = std::variant<SetMarket, Print, EngineDoes, Wait, Inject, Want, Ask, Expect, Never>;

struct Step {
  int line{};
  std::string words{};
  Deed deed{};
};

struct Scenario {
  std::filesystem::path file{};
  std::string number{};                 // C06
  std::string title{};
  std::string others{}, answer{};       // what others do, what we do
  std::vector<Defence> defences{};      // each of them taken away makes it fail
  std::vector<Override> settings{};     // of the engine
  std::vector<std::pair<std::string, std::string>> gateway{};  // of the simulated TWS
  std::string starts_at{};              // "2026-11-23 10:00 America/New_York"
  std::vector<Step> steps{};
};

/// Everything that is wrong, each with file and line.
[[nodiscard]] Result<Scenario, std::vector<Problem>> parse_scenario(std::string_view text, const std::filesystem::path& file);
[[nodiscard]] Result<Scenario, std::vector<Problem>> read_scenario(const std::filesystem::path& file);
/// The scenario files of a folder, by number.
[[nodiscard]] std::vector<std::filesystem::path> scenarios_in(const std::filesystem::path& folder);

/// "5 s", "250 ms", "2 min", "3 h", "1 day".
[[nodiscard]] std::optional<Duration> read_duration(std::string_view number, std::string_view unit);

}  // namespace robo::apps::rehearsal
