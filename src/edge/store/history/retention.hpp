#pragma once
// How long rows are kept and how much disk they may take: days behind the newest of their kind, and a ceiling that is warned of
// before it is reached.

#include <map>

#include "edge/store/store.hpp"

namespace robo::store::history {

struct DiskUse {
  std::uint64_t total{};
  std::map<std::string, std::uint64_t> by_kind{};   // quotes, trades, ..., replaced, history
};
[[nodiscard]] DiskUse disk_use(const std::filesystem::path& root);

struct Pruned {
  Partition partition{};
  std::uint64_t bytes{};
  std::string why{};       // "older than 90 days", "above 200 GB"
};

/// What would leave: days older than their kind may be, then, while everything is above `bytes_max` (0: no ceiling), the oldest days
/// of depth, quotes, trades and bars. Orders, executions, facts and daily bars never leave for room.
[[nodiscard]] std::vector<Pruned> to_prune(const std::filesystem::path& root, const std::map<std::string, double>& keep_days, std::uint64_t bytes_max);
/// Takes them away, one whole day and symbol after the other. Returns the bytes freed.
[[nodiscard]] Result<std::uint64_t, Problem> prune(const std::filesystem::path& root, const std::vector<Pruned>& what);

/// One sentence when more than four fifths of what is allowed are used; nothing otherwise, or without a ceiling.
[[nodiscard]] std::optional<std::string> warning(const std::filesystem::path& root, double disk_max_gb);

/// From this part of a ceiling on it is warned of.
inline constexpr double warned_from = 0.8;

}  // namespace robo::store::history
