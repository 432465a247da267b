#include "edge/store/settings.hpp"

#include <cstdlib>
#include <fmt/core.h>

namespace robo::store {

Result<std::string, Problem> connection_of(std::string_view block, const std::string& variable) {
  const char* value = std::getenv(variable.c_str());
  if (value == nullptr || *value == 0)
    return fail(Problem{fmt::format("{}.connection: the environment variable {} is not set; it says where the server is and how to log in", block, variable)});
  return std::string(value);
}

}  // namespace robo::store
