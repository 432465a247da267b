#include "base/invariant.hpp"

#include <cstdio>
#include <cstdlib>

namespace robo {

void invariant_broken(const char* condition, std::source_location where) {
  std::fprintf(stderr, "INVARIANT broken: %s\n  at %s:%u in %s\n", condition, where.file_name(), where.line(),
               where.function_name());
  std::fflush(stderr);
  std::abort();
}

}  // namespace robo
