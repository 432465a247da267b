#pragma once
// What `doctor` says about the stores.

#include <filesystem>
#include <string>
#include <vector>

#include "apps/settings.hpp"

namespace robo::apps {

struct StoreFinding {
  enum class Kind : std::uint8_t { Good, Warn, Bad };
  Kind kind{};
  std::string store{}, text{}, fix{};
};
/// One or more lines for each store that is on: reached, its schema, its disk.
[[nodiscard]] std::vector<StoreFinding> check_stores(const RunSettings& settings);

/// Bytes of all files under a folder.
[[nodiscard]] std::uint64_t bytes_under(const std::filesystem::path& folder);

}  // namespace robo::apps
