#include <fmt/core.h>

#include "apps/terminal.hpp"
#include "apps/verbs.hpp"

namespace robo::apps {

int run(const VersionOptions&) {
#if defined(__clang__)
  constexpr const char* compiler = "clang " __clang_version__;
#else
  constexpr const char* compiler = "g++ " __VERSION__;
#endif
  terminal::print(fmt::format("robotrader {}, {}, IB server versions 100 to 200", ROBO_VERSION, compiler));
  return 0;
}

}  // namespace robo::apps
