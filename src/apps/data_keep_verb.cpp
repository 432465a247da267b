#include <fmt/core.h>

#include "apps/data_view.hpp"
#include "apps/settings.hpp"
#include "apps/terminal.hpp"
#include "edge/store/history/backup.hpp"
#include "edge/store/history/files.hpp"
#include "edge/store/history/retention.hpp"

namespace robo::apps {

namespace {

namespace history = store::history;

std::string megabytes(std::uint64_t bytes) { return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6); }

int prune(const DataOptions& options) {
  const auto settings = load_settings(options.config).settings;
  terminal::heading(fmt::format("data prune  {}", options.store));
  const auto what = history::to_prune(options.store, settings.history.keep_days, static_cast<std::uint64_t>(settings.history.disk_max_gb * 1e9));
  std::uint64_t bytes = 0;
  for (const auto& one : what) {
    bytes += one.bytes;
    terminal::print(fmt::format("  {:<12} {}  {:<12} {:>10}  {}", one.partition.kind, to_text(one.partition.day), one.partition.symbol, megabytes(one.bytes), one.why));
  }
  if (what.empty()) terminal::print("  nothing is too old, and there is room ([history] keep_days, disk_max_gb)");
  else if (options.dry) terminal::print(fmt::format("\n  {} would leave; without --dry-run they do", megabytes(bytes)));
  if (what.empty() || options.dry) return 0;
  const auto lock = history::Lock::take(options.store);
  if (!lock) return terminal::complain(lock.error().text), 1;
  const auto freed = history::prune(options.store, what);
  if (!freed) return terminal::complain(freed.error().text), 1;
  terminal::print(fmt::format("\n  {} freed", megabytes(*freed)));
  return 0;
}

}  // namespace

int keep(const DataOptions& options) {
  if (options.action == "prune") return prune(options);
  const bool back = options.action == "backup";
  const auto& folder = options.paths.at(0);
  terminal::heading(back ? fmt::format("data backup  {} into {}", options.store, folder) : fmt::format("data restore  {} into {}", folder, options.store));
  const auto progress = [&](double part) { terminal::progress(options.action, part, ""); };
  const auto done = back ? history::backup(options.store, folder, progress) : history::restore(folder, options.store, progress);
  terminal::progress_end();
  if (!done) return terminal::complain(done.error().text), 1;
  terminal::print(fmt::format("  {} files, {}; {} copied{}", done->files, megabytes(done->bytes), done->copied, done->removed > 0 ? fmt::format(", {} taken away", done->removed) : ""));
  return 0;
}

}  // namespace robo::apps
