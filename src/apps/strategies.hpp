#pragma once
// The strategies this program has, by name. Written out: adding one is a line here.

#include <memory>
#include <string>
#include <string_view>

#include "kernel/strategy/strategy.hpp"

namespace robo::apps {

/// A strategy of `kind` that goes by `name`, so that one kind can run twice with different settings. Null: no such kind.
[[nodiscard]] std::unique_ptr<strategy::Strategy> make_strategy(std::string_view kind, std::string_view name);
/// "momentum, mean_reversion, ..." for messages.
[[nodiscard]] std::string strategy_names();

}  // namespace robo::apps
