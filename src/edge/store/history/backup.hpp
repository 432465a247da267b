#pragma once
// A store as a second set of files, with a list of their sums: what is restored is proven to be what was backed up.

#include <filesystem>
#include <functional>
#include <string>

#include "base/result.hpp"

namespace robo::store::history {

struct BackupSummary {
  std::uint64_t files{}, bytes{};      // of the whole backup
  std::uint64_t copied{}, removed{};   // by this run
};
/// Told now and then: part done 0..1.
using BackupProgress = std::function<void(double)>;

/// Brings `target` to what `root` holds now: new and changed files are copied, gone ones leave, and a list of sizes and sums is
/// written last. Sessions may go on writing meanwhile: a file appears whole, and one that is joined away is looked for again.
/// Errors: the disk's; `target` lies inside `root`, or holds files that are no backup.
[[nodiscard]] Result<BackupSummary, Problem> backup(const std::filesystem::path& root, const std::filesystem::path& target, const BackupProgress& progress = {});

/// Proves every file of a backup against its list. Errors: the first that is missing or differs.
[[nodiscard]] Result<BackupSummary, Problem> verify_backup(const std::filesystem::path& source, const BackupProgress& progress = {});

/// Into a folder that does not exist or is empty; all of it or nothing. Errors: as verify_backup, and the disk's.
[[nodiscard]] Result<BackupSummary, Problem> restore(const std::filesystem::path& source, const std::filesystem::path& root, const BackupProgress& progress = {});

}  // namespace robo::store::history
