#pragma once
// Risk limits as a person sees them: title, unit, what happens when one is hit, and how far it may be changed while trading.

#include <string_view>

#include "edge/serve/view.hpp"

namespace robo::serve {

/// The row of the limit `name` (the names are those of TOML and API) that stands at `value`. A name without words keeps its
/// name as the title. `currency` is the account's.
[[nodiscard]] view::Limit limit_row(std::string_view name, double value, std::string_view currency = "USD");

}  // namespace robo::serve
