#pragma once
// Where the golden files are: the repository's, or the folder named by ROBO_TWS_GOLDEN (same format, any versions).

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace robo::ib::wire {

inline bool golden_is_ours() {
  const char* folder = std::getenv("ROBO_TWS_GOLDEN");
  return folder == nullptr || *folder == '\0';
}

inline std::filesystem::path golden_folder() {
  if (golden_is_ours()) return std::filesystem::path(ROBO_SOURCE_DIR) / "tests/golden/ib/data";
  return std::getenv("ROBO_TWS_GOLDEN");
}

inline std::vector<std::string> golden_lines(const char* name) {
  const auto path = golden_folder() / name;
  std::ifstream in(path);
  EXPECT_TRUE(in.good()) << "cannot read " << path;
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    lines.push_back(line);
  }
  return lines;
}

/// NUL shown as |, as in the golden files.
inline std::string visible(std::string_view payload) {
  std::string out(payload);
  for (char& c : out) {
    if (c == '\0') c = '|';
  }
  return out;
}

}  // namespace robo::ib::wire
