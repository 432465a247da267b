#pragma once
// What the desk is told about the engine before its first fact.

#include "apps/settings.hpp"
#include "edge/serve/read_model.hpp"

namespace robo::apps {

[[nodiscard]] serve::Catalogue catalogue_of(const Kernel& kernel, const RunSettings& settings);

}  // namespace robo::apps
