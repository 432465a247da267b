#pragma once
// Words both faces of the simulator use: in process and on the wire.

#include <cstdint>
#include <string_view>

#include "edge/sim/exchange/order.hpp"
#include "model/ids.hpp"
#include "model/venue.hpp"

namespace robo::sim {

/// IB's whyHeld.
[[nodiscard]] std::string_view why_held(Hold hold);
/// "0000e0d5.0000002a.01.01"
[[nodiscard]] ExecutionId execution_id(std::uint64_t session, std::uint64_t number);

}  // namespace robo::sim
