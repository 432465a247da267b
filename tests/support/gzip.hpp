#pragma once
// Lines of a gzip or plain file, for tests that compare with reference data.

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>
#include <zlib.h>

namespace robo::test {

inline std::vector<std::string> lines_of(const std::string& path) {
  gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) throw std::runtime_error("cannot open " + path);
  std::string text;
  std::vector<char> buffer(1 << 16);
  for (int n = 0; (n = gzread(file, buffer.data(), static_cast<unsigned>(buffer.size()))) > 0;)
    text.append(buffer.data(), static_cast<std::size_t>(n));
  gzclose(file);
  std::vector<std::string> lines;
  for (std::size_t from = 0; from < text.size();) {
    const auto end = std::min(text.find('\n', from), text.size());
    lines.push_back(text.substr(from, end - from));
    if (!lines.back().empty() && lines.back().back() == '\r') lines.back().pop_back();
    from = end + 1;
  }
  return lines;
}

/// The cells of a line without quotes.
inline std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells(1);
  for (const char c : line)
    if (c == ',') cells.emplace_back();
    else cells.back() += c;
  return cells;
}

}  // namespace robo::test
