#pragma once
// Where the program's own files lie: data, settings, the desk's page. What a run writes stays relative to the working directory.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace robo::apps {

/// Folders that may hold data/, config/ and ui/, in the order they are asked: ROBO_HOME when it is set, then
/// ../share/robotrader of the program (installed), then the folders above it (built in a clone).
[[nodiscard]] std::vector<std::filesystem::path> homes();
[[nodiscard]] std::vector<std::filesystem::path> homes_of(const std::filesystem::path& program, std::string_view robo_home);

/// `path` when it exists or is absolute; else the first that exists below one of the homes; else `path`.
[[nodiscard]] std::string find_own(const std::string& path);
[[nodiscard]] std::string find_own(const std::string& path, const std::vector<std::filesystem::path>& homes);

/// For messages: "looked in /here and /usr/share/robotrader; ROBO_HOME names another folder".
[[nodiscard]] std::string where_looked();

/// `path` found; throws std::runtime_error that says what it is, that it is not there, and where was looked.
[[nodiscard]] std::string need_own(const std::string& path, std::string_view what);

}  // namespace robo::apps
