#pragma once
// Order ids, never used twice: not after a crash, not when the gateway's nextValidId goes backwards after its restart.

#include <cstdint>
#include <filesystem>

#include "base/result.hpp"

namespace robo::ib {

class OrderIds {
 public:
  /// Reads the high-water mark of this client id from `folder`, which is made when absent.
  /// Errors: the folder or file cannot be read or written; the file holds something else than a number.
  [[nodiscard]] static Result<OrderIds, Problem> open(const std::filesystem::path& folder, std::int32_t client_id);

  /// The server's word: the lowest id it accepts.
  void server_says(std::int32_t next_valid);
  /// An id at the broker that is in use, ours or not.
  void seen(std::int32_t id);
  /// The next id. Ids are reserved on disk in blocks before any of them is used. Error: the disk refused.
  [[nodiscard]] Result<std::int32_t, Problem> take();

  [[nodiscard]] std::int32_t next() const { return next_; }

 private:
  [[nodiscard]] Result<void, Problem> reserve(std::int32_t up_to);
  std::filesystem::path file_;
  std::int32_t next_ = 1;
  std::int32_t reserved_ = 0;  // on disk: ids up to here may have been used
};

}  // namespace robo::ib
