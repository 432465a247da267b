#pragma once
// Plays a scenario: the product's own engine and IB client against the simulated gateway, over a real socket, in virtual time.

#include <memory>

#include "apps/rehearsal/scenario.hpp"
#include "apps/rehearsal/witness.hpp"

namespace robo::apps::rehearsal {

struct Outcome {
  bool passed{};
  std::string broken{};                    // what went wrong, with file and line; empty: nothing
  std::vector<Witness::Line> account{};    // everything that happened
  Duration took{};                         // of the market's time
};

struct Stage {
  std::filesystem::path data{"data"};      // the product's data folder: settings, fees
  std::filesystem::path scratch{};         // state and journals of the rehearsal; empty: a folder of its own, removed afterwards
};

/// Thread: one. Prints nothing. Throws std::runtime_error when the stage itself is not usable (no data, no disk).
[[nodiscard]] Outcome rehearse(const Scenario& scenario, const Stage& stage);

/// docs/ib-faults.md: a row for each class, with the outcome of its rehearsals.
struct Rehearsed {
  Scenario scenario{};
  bool passed{};
};
[[nodiscard]] std::string faults_page(const std::vector<Rehearsed>& rehearsed);

}  // namespace robo::apps::rehearsal
