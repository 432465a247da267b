#pragma once
// What a client may rely on, as numbered cards: each asks a gateway something and looks at the answer. The same cards run against
// the simulator in every test run and against TWS by hand: where they differ the simulator is wrong, or IB has changed.

#include <string>
#include <string_view>
#include <vector>

#include "apps/conformance/probe.hpp"

namespace robo::apps::conformance {

enum class Verdict : std::uint8_t { Passed, Failed, Skipped };

struct Outcome {
  Verdict verdict{};
  std::string why{};                 // what was seen
};

struct Conditions {
  Endpoint endpoint{};
  std::int32_t client{901};          // this id and the next two are used
  std::string symbol{"SPY"};
  std::string security_type{"STK"};
  std::string exchange{"SMART"};
  std::string currency{"USD"};
  bool orders{};                     // the cards that place orders: paper accounts only
};

struct Card {
  std::string_view number{};
  std::string_view title{};
  bool orders{};
  Outcome (*run)(const Conditions&, Probe&){};
};

[[nodiscard]] const std::vector<Card>& session_cards();
[[nodiscard]] const std::vector<Card>& order_cards();

struct Line {
  std::string number{}, title{};
  Outcome outcome{};
  double seconds{};
};
/// Runs them all on one connection (cards that lose it get a fresh one). `told` is called after each.
[[nodiscard]] Result<std::vector<Line>, Problem> run_cards(const Conditions& conditions, const std::function<void(const Line&)>& told);

/// The report as a page for people.
[[nodiscard]] std::string report_of(const Conditions& conditions, const std::vector<Line>& lines, int version, std::string_view server_time);

}  // namespace robo::apps::conformance
