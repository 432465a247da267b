#pragma once
// The bars of before the start, fetched from the gateway by a client of its own, so that strategies are warm at the first tick.

#include <functional>
#include <string>
#include <vector>

#include "edge/ib/client.hpp"

namespace robo::apps {

struct History {
  std::vector<Bar> bars{};              // of all instruments, in order of their ends
  std::size_t instruments{};            // that had any
  std::vector<std::string> missing{};   // "AAPL: no permissions", for people
};

/// Connects with `settings`, asks for one-minute bars of the last `days` of every instrument, and leaves. `progress` 0..1.
/// A gateway that does not answer within `patience` of wall time ends it with what is there.
[[nodiscard]] History fetch_history(const ib::ClientSettings& settings, runtime::Clock& clock, std::span<const ib::ContractSpec> contracts,
                                    int days, Duration patience, const std::function<void(double)>& progress);

}  // namespace robo::apps
