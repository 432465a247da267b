#pragma once
// The strategies this program has, by name. Written out: adding one is a line here.

#include <memory>
#include <string>
#include <string_view>

#include "kernel/strategy/strategy.hpp"

namespace robo::apps {

/// Null: there is none of that name.
[[nodiscard]] std::unique_ptr<strategy::Strategy> make_strategy(std::string_view name);
/// "momentum, mean_reversion, ..." for messages.
[[nodiscard]] std::string strategy_names();

}  // namespace robo::apps
