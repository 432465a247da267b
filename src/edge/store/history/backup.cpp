#include "edge/store/history/backup.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/core.h>
#include <fstream>
#include <map>
#include <span>
#include <unistd.h>
#include <vector>

#include "base/crc32c.hpp"
#include "edge/store/detail/cells.hpp"
#include "edge/store/history/files.hpp"
#include "edge/store/text_file.hpp"

namespace robo::store::history {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view list_name = "robotrader-backup.csv";
constexpr std::string_view list_head = "path,bytes,crc32c";

struct Sum {
  std::uint64_t bytes{};
  std::uint32_t crc{};
  friend bool operator==(const Sum&, const Sum&) = default;
};
using Files = std::map<std::string, Sum>;

Problem problem(const fs::path& path, std::string_view what) { return {fmt::format("{}: {}", path.string(), what)}; }

std::optional<Sum> sum_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  Sum out;
  std::vector<char> chunk(1 << 20);
  while (in) {
    in.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    const auto got = static_cast<std::size_t>(in.gcount());
    out.crc = crc32c(std::as_bytes(std::span(chunk.data(), got)), out.crc);
    out.bytes += got;
  }
  return in.bad() ? std::nullopt : std::optional(out);
}

/// Files of a store by their path below it; temporary ones and locks are no part of it.
std::vector<std::string> files_of(const fs::path& root) {
  std::vector<std::string> out;
  std::error_code error;
  for (auto at = fs::recursive_directory_iterator(root, error); !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    std::error_code ignored;
    const auto name = at->path().filename().string();
    if (!at->is_regular_file(ignored) || name.starts_with('.') || name == list_name) continue;
    out.push_back(fs::relative(at->path(), root, ignored).generic_string());
  }
  std::ranges::sort(out);
  return out;
}

Result<Files, Problem> read_list(const fs::path& folder) {
  const auto path = folder / list_name;
  const auto file = read_text_file(path);
  if (!file) return fail(problem(folder, fmt::format("is no backup: it has no {}", list_name)));
  Files out;
  Lines lines(file->text);
  for (std::string_view line; lines.next(line);) {
    if (lines.number() == 1 || line.empty()) continue;
    // The path comes last where it is split: it may hold commas.
    const auto second = line.rfind(','), first = second == std::string_view::npos ? second : line.rfind(',', second - 1);
    Sum sum;
    bool good = first != std::string_view::npos && first > 0;
    if (good) {
      const auto bytes = line.substr(first + 1, second - first - 1), crc = line.substr(second + 1);
      good = std::from_chars(bytes.data(), bytes.data() + bytes.size(), sum.bytes).ptr == bytes.data() + bytes.size() &&
             std::from_chars(crc.data(), crc.data() + crc.size(), sum.crc, 16).ptr == crc.data() + crc.size();
    }
    const std::string name(good ? line.substr(0, first) : std::string_view{});
    if (!good || fs::path(name).is_absolute() || name.find("..") != std::string::npos) return fail(Problem{fmt::format("{}:{}: is no line of a backup: {}", path.string(), lines.number(), list_head)});
    out[name] = sum;
  }
  return out;
}

/// Copies beside and renames, so that a backup that is interrupted holds whole files only.
std::optional<Problem> copy_whole(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::create_directories(to.parent_path(), error);
  if (error) return problem(to.parent_path(), error.message());
  const auto beside = to.parent_path() / ("." + to.filename().string() + ".tmp");
  fs::copy_file(from, beside, fs::copy_options::overwrite_existing, error);
  if (error) return problem(from, "cannot be copied: " + error.message());
  fs::rename(beside, to, error);
  if (error) return problem(to, error.message());
  return std::nullopt;
}

bool empty_or_absent(const fs::path& folder) {
  std::error_code error;
  return !fs::exists(folder, error) || (fs::is_directory(folder, error) && fs::is_empty(folder, error));
}

bool inside(const fs::path& inner, const fs::path& outer) {
  const auto a = fs::weakly_canonical(inner).generic_string() + "/", b = fs::weakly_canonical(outer).generic_string() + "/";
  return a.starts_with(b);
}

}  // namespace

Result<BackupSummary, Problem> backup(const fs::path& root, const fs::path& target, const BackupProgress& progress) {
  std::error_code error;
  if (!fs::is_directory(root, error)) return fail(problem(root, "is no store"));
  if (inside(target, root)) return fail(problem(target, fmt::format("lies inside {}: a backup needs a place of its own", root.string())));
  Files listed;
  if (fs::exists(target / list_name, error)) {
    auto before = read_list(target);
    if (!before) return fail(before.error());
    listed = std::move(*before);
  } else if (!empty_or_absent(target) && !files_of(target).empty()) {
    return fail(problem(target, "holds files that are no backup; name an empty folder"));
  }
  BackupSummary out;
  Files now;
  // Joining of small files may take one away between the look and the copy: its rows are in another one then, seen on the next look.
  for (int pass = 0; pass < 10; ++pass) {
    bool moved = false;
    now.clear();
    const auto names = files_of(root);
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (progress) progress(static_cast<double>(i) / static_cast<double>(names.size()));
      const auto from = root / names[i], to = target / names[i];
      auto sum = sum_of(from);
      if (!sum) {
        moved = true;
        continue;
      }
      const auto known = listed.find(names[i]);
      if (known == listed.end() || known->second != *sum || !fs::exists(to, error)) {
        if (auto wrong = copy_whole(from, to)) {
          if (fs::exists(from, error)) return fail(*wrong);
          moved = true;
          continue;
        }
        sum = sum_of(to);  // a file of lines may have grown in between: what was copied counts
        if (!sum) return fail(problem(to, "cannot be read back"));
        listed[names[i]] = *sum;
        ++out.copied;
      }
      now[names[i]] = *sum;
      out.bytes += sum->bytes;
    }
    if (!moved) break;
    out.bytes = 0;
    if (pass == 9) return fail(problem(root, "changes faster than it can be copied; try again later"));
  }
  std::string text = std::string(list_head) + "\n";
  for (const auto& [name, sum] : now) text += fmt::format("{},{},{:08x}\n", name, sum.bytes, sum.crc);
  if (auto wrong = write_whole(target / list_name, text)) return fail(*wrong);
  for (const auto& name : files_of(target))
    if (!now.contains(name) && fs::remove(target / name, error)) ++out.removed;
  out.files = now.size();
  return out;
}

Result<BackupSummary, Problem> verify_backup(const fs::path& source, const BackupProgress& progress) {
  const auto listed = read_list(source);
  if (!listed) return fail(listed.error());
  BackupSummary out{.files = listed->size()};
  std::size_t done = 0;
  for (const auto& [name, sum] : *listed) {
    if (progress) progress(static_cast<double>(done++) / static_cast<double>(listed->size()));
    const auto found = sum_of(source / name);
    if (!found) return fail(problem(source / name, "is in the list and not in the backup"));
    if (*found != sum) return fail(problem(source / name, "is not what was backed up: its sum differs"));
    out.bytes += sum.bytes;
  }
  return out;
}

Result<BackupSummary, Problem> restore(const fs::path& source, const fs::path& root, const BackupProgress& progress) {
  const auto listed = read_list(source);
  if (!listed) return fail(listed.error());
  if (!empty_or_absent(root)) return fail(problem(root, "is not empty: a backup is restored into a folder of its own"));
  std::error_code error;
  const auto made = root.parent_path() / (root.filename().string() + fmt::format(".restoring.{}", ::getpid()));
  fs::remove_all(made, error);
  fs::create_directories(made, error);
  const auto give_up = [&](Problem wrong) {
    std::error_code ignored;
    fs::remove_all(made, ignored);
    return fail(std::move(wrong));
  };
  BackupSummary out{.files = listed->size()};
  for (const auto& [name, sum] : *listed) {
    if (progress) progress(static_cast<double>(out.copied) / static_cast<double>(listed->size()));
    if (auto wrong = copy_whole(source / name, made / name)) return give_up(*wrong);
    const auto found = sum_of(made / name);
    if (!found || *found != sum) return give_up(problem(source / name, "is not what was backed up: its sum differs; nothing was restored"));
    out.bytes += sum.bytes;
    ++out.copied;
  }
  fs::remove(root, error);  // an empty one
  fs::rename(made, root, error);
  if (error) return give_up(problem(root, error.message()));
  return out;
}

}  // namespace robo::store::history
