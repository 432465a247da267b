#pragma once
// Order ids per client id, as TWS keeps them over restarts: the lowest id it will accept next.

#include <filesystem>
#include <map>

#include "base/result.hpp"

namespace robo::sim {

class OrderIds {
 public:
  /// Reads `dir`/order_ids.csv where there is one. Empty path: nothing is kept. Errors name the file and line.
  [[nodiscard]] static Result<OrderIds, Problem> open(const std::filesystem::path& dir);

  [[nodiscard]] std::int32_t next(std::int32_t client) const;
  void used(std::int32_t client, std::int32_t order);
  /// A gateway that forgets: ids go back by `count` (seen after restarts).
  void roll_back(std::int32_t count);

 private:
  void save() const;
  std::filesystem::path file_;
  std::map<std::int32_t, std::int32_t> next_;
};

}  // namespace robo::sim
