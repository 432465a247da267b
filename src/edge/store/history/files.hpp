#pragma once
// Small text files that appear whole or not at all.

#include <filesystem>
#include <optional>
#include <string_view>

#include "base/result.hpp"

namespace robo::store::history {

/// Writes beside the file, brings it to disk and renames. Makes the folders.
[[nodiscard]] std::optional<Problem> write_whole(const std::filesystem::path& path, std::string_view text);
/// One more line at the end, on disk when it returns.
[[nodiscard]] std::optional<Problem> append_line(const std::filesystem::path& path, std::string_view line);

/// Held by whoever writes to a store's history: two at once would not know of each other.
class Lock {
 public:
  /// Errors: another program holds it.
  [[nodiscard]] static Result<Lock, Problem> take(const std::filesystem::path& root);
  Lock(Lock&& other) noexcept : file_(other.file_) { other.file_ = -1; }
  Lock& operator=(Lock&&) = delete;
  ~Lock();

 private:
  explicit Lock(int file) : file_(file) {}
  int file_;
};

}  // namespace robo::store::history
