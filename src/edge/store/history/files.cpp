#include "edge/store/history/files.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <unistd.h>

namespace robo::store::history {

namespace {

Problem system_problem(const std::filesystem::path& path, int error) { return {fmt::format("{}: {}", path.string(), std::strerror(error))}; }

std::optional<Problem> write_all(int file, std::string_view text, const std::filesystem::path& path) {
  while (!text.empty()) {
    const auto wrote = ::write(file, text.data(), text.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return system_problem(path, errno);
    text.remove_prefix(static_cast<std::size_t>(wrote));
  }
  if (::fsync(file) != 0) return system_problem(path, errno);
  return std::nullopt;
}

}  // namespace

std::optional<Problem> write_whole(const std::filesystem::path& path, std::string_view text) {
  std::error_code error;
  std::filesystem::create_directories(path.parent_path(), error);
  if (error) return Problem{fmt::format("{}: {}", path.parent_path().string(), error.message())};
  const auto beside = path.parent_path() / fmt::format(".{}.{}.tmp", path.filename().string(), ::getpid());
  const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) return system_problem(beside, errno);
  auto wrong = write_all(file, text, beside);
  ::close(file);
  if (!wrong) {
    std::filesystem::rename(beside, path, error);
    if (error) wrong = Problem{fmt::format("{}: {}", path.string(), error.message())};
  }
  if (wrong) std::filesystem::remove(beside, error);
  return wrong;
}

std::optional<Problem> append_line(const std::filesystem::path& path, std::string_view line) {
  std::error_code error;
  std::filesystem::create_directories(path.parent_path(), error);
  if (error) return Problem{fmt::format("{}: {}", path.parent_path().string(), error.message())};
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (file < 0) return system_problem(path, errno);
  // A line that a crash cut short must not swallow this one.
  std::string text;
  if (const auto size = ::lseek(file, 0, SEEK_END); size > 0) {
    char last = '\n';
    if (::pread(file, &last, 1, size - 1) == 1 && last != '\n') text += '\n';
  }
  text += line;
  text += '\n';
  auto wrong = write_all(file, text, path);
  ::close(file);
  return wrong;
}

Result<Lock, Problem> Lock::take(const std::filesystem::path& root) {
  std::error_code error;
  std::filesystem::create_directories(root / "history", error);
  if (error) return fail(Problem{fmt::format("{}: {}", (root / "history").string(), error.message())});
  const auto path = root / "history" / ".lock";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) return fail(system_problem(path, errno));
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    ::close(file);
    return fail(Problem{fmt::format("{}: another robotrader data is at work there; wait for it", root.string())});
  }
  return Lock(file);
}

Lock::~Lock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace robo::store::history
