#pragma once
// The table of routes.

#include <vector>

#include "edge/serve/api.hpp"

namespace robo::serve {

[[nodiscard]] std::vector<Route> make_routes();

}  // namespace robo::serve
