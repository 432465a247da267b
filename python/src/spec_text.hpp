#pragma once
// Features by text, as facts, screens and columns name them: "rsi(14) 1m", "macd(12,26,9) 5m", "markout h=5s tick".

#include <string_view>

#include "kernel/features/spec.hpp"

namespace robo::python {

/// The completed spec. What is left out takes the table's defaults; without a timeframe it is `timeframe`, or per tick.
/// Errors: an unknown name (with the nearest), a word that is none of a spec's, what features::completed() refuses.
[[nodiscard]] Result<features::Spec, Problem> spec_from(std::string_view text, Duration timeframe = {});

/// Sets one member by its name. False: no such member, or not a value of it.
[[nodiscard]] bool set_member(features::Spec& spec, std::string_view name, std::string_view value);

}  // namespace robo::python
