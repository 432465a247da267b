#pragma once
// ui/client/src/generated.ts: the types and binary layouts of view.hpp, messages.hpp and frames.hpp.

#include <string>

namespace robo::serve {

/// The whole text of the generated file. A test fails when the checked-in file differs.
[[nodiscard]] std::string generated_typescript();

}  // namespace robo::serve
