#include "apps/home.hpp"

#include <cstdlib>
#include <fmt/core.h>
#include <stdexcept>

namespace robo::apps {

namespace {

constexpr int levels_above = 4;  // build/<preset>/bin/robotrader lies three below the clone

bool is_home(const std::filesystem::path& folder) {
  std::error_code error;
  return std::filesystem::is_directory(folder / "data" / "calendars", error);
}

}  // namespace

std::vector<std::filesystem::path> homes_of(const std::filesystem::path& program, std::string_view robo_home) {
  std::vector<std::filesystem::path> found;
  if (!robo_home.empty()) found.emplace_back(robo_home);  // also when it is wrong: then the message shows it
  auto folder = program.parent_path();
  if (const auto installed = folder.parent_path() / "share" / "robotrader"; is_home(installed)) found.push_back(installed);
  for (int i = 0; i < levels_above && folder.has_relative_path(); ++i, folder = folder.parent_path())
    if (is_home(folder)) found.push_back(folder);
  return found;
}

std::vector<std::filesystem::path> homes() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  const char* named = std::getenv("ROBO_HOME");
  return homes_of(program, named == nullptr ? "" : named);
}

std::string find_own(const std::string& path, const std::vector<std::filesystem::path>& homes) {
  std::error_code error;
  if (path.empty() || std::filesystem::path(path).is_absolute() || std::filesystem::exists(path, error)) return path;
  for (const auto& home : homes)
    if (const auto there = home / path; std::filesystem::exists(there, error)) return there.lexically_normal().string();
  return path;
}

std::string find_own(const std::string& path) { return find_own(path, homes()); }

std::string need_own(const std::string& path, std::string_view what) {
  auto found = find_own(path);
  std::error_code error;
  if (!std::filesystem::exists(found, error)) throw std::runtime_error(fmt::format("{}: {} is not there; {}", found, what, where_looked()));
  return found;
}

std::string where_looked() {
  std::error_code error;
  std::string text = "looked in " + std::filesystem::current_path(error).string();
  for (const auto& home : homes()) text += " and " + home.string();
  return text + "; ROBO_HOME names the folder that holds data/ and config/";
}

}  // namespace robo::apps
