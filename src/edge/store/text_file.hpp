#pragma once
// A whole text file in memory, plain or gzip, and its lines by number.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace robo::store {

struct TextFile {
  std::string text{};
  std::string damage{};  // gzip only: what broke and where; the text up to there is good
};

/// Whether it is gzip is seen by its first bytes, not by its name. Errors: cannot be read; larger than `bytes_max` unpacked.
[[nodiscard]] Result<TextFile, Problem> read_text_file(const std::filesystem::path& path, std::uint64_t bytes_max = 4ull << 30);

/// Lines of a text, counted from 1, without their line end (LF or CRLF).
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {
    if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);  // a byte order mark is not data
  }
  [[nodiscard]] bool next(std::string_view& line) {
    if (rest_.empty()) return false;
    const auto end = rest_.find('\n');
    line = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    ++number_;
    return true;
  }
  [[nodiscard]] std::uint64_t number() const { return number_; }
  [[nodiscard]] std::size_t bytes_left() const { return rest_.size(); }

 private:
  std::string_view rest_;
  std::uint64_t number_ = 0;
};

}  // namespace robo::store
