#include "edge/store/history/retention.hpp"

#include <algorithm>
#include <fmt/core.h>

#include "edge/store/history/catalogue.hpp"

namespace robo::store::history {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kinds[] = {"quotes", "trades", "depth", "bars", "daily_bars", "orders", "executions", "facts"};
constexpr std::string_view for_room[] = {"depth", "quotes", "trades", "bars"};

std::uint64_t bytes_of(const fs::path& folder) {
  std::uint64_t bytes = 0;
  std::error_code error;
  for (auto at = fs::recursive_directory_iterator(folder, error); !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    std::error_code ignored;
    if (at->is_regular_file(ignored)) bytes += at->file_size(ignored);
  }
  return bytes;
}

}  // namespace

DiskUse disk_use(const fs::path& root) {
  DiskUse out;
  std::error_code error;
  for (fs::directory_iterator at(root, error), end; !error && at != end; at.increment(error)) {
    const auto bytes = bytes_of(at->path());
    out.by_kind[at->path().filename().string()] = bytes;
    out.total += bytes;
  }
  return out;
}

std::vector<Pruned> to_prune(const fs::path& root, const std::map<std::string, double>& keep_days, std::uint64_t bytes_max) {
  std::vector<Pruned> out;
  std::uint64_t left = bytes_max > 0 ? disk_use(root).total : 0;
  std::vector<Partition> stay;
  for (const auto kind : kinds) {
    auto all = partitions(root, kind);
    if (all.empty()) continue;
    Date newest = all.back().day;
    const auto keep = keep_days.find(std::string(kind));
    for (auto& partition : all) {
      const bool old = keep != keep_days.end() && keep->second > 0 && static_cast<double>(newest.days - partition.day.days) >= keep->second + (kind == daily_kind ? 366 : 0);
      if (old) {
        const auto bytes = bytes_of(path_of(root, partition));
        left -= std::min(left, bytes);
        out.push_back({std::move(partition), bytes, fmt::format("older than {:g} days", keep->second)});
      } else if (std::ranges::find(for_room, kind) != std::end(for_room)) {
        stay.push_back(std::move(partition));
      }
    }
  }
  if (bytes_max == 0 || left <= bytes_max) return out;
  std::ranges::stable_sort(stay, {}, &Partition::day);
  for (auto& partition : stay) {
    if (left <= bytes_max) break;
    const auto bytes = bytes_of(path_of(root, partition));
    left -= std::min(left, bytes);
    out.push_back({std::move(partition), bytes, fmt::format("above {:.3f} GB", static_cast<double>(bytes_max) / 1e9)});
  }
  return out;
}

std::optional<std::string> warning(const fs::path& root, double disk_max_gb) {
  if (disk_max_gb <= 0) return std::nullopt;
  const double used = static_cast<double>(disk_use(root).total) / 1e9;
  if (used < warned_from * disk_max_gb) return std::nullopt;
  return fmt::format("{:.3f} of {:.3f} GB allowed (history.disk_max_gb) are used in {}; robotrader data prune makes room, history.keep_days keeps it", used, disk_max_gb, root.string());
}

Result<std::uint64_t, Problem> prune(const fs::path& root, const std::vector<Pruned>& what) {
  std::uint64_t freed = 0;
  for (const auto& one : what) {
    const auto folder = path_of(root, one.partition);
    std::error_code error;
    fs::remove_all(folder, error);
    if (error) return fail(Problem{fmt::format("{}: {}", folder.string(), error.message())});
    freed += one.bytes;
    fs::remove(folder.parent_path(), error);  // the day, when it was the last symbol's
  }
  return freed;
}

}  // namespace robo::store::history
