#pragma once
// TOML into any struct that has fields<>, with every error at once: file, line, key, what is wrong and what would be right.
// This header knows no TOML library: instantiate ROBO_CONFIG(T) (config_of.hpp) in one .cpp of the room that owns T.
//
//   struct Settings {
//     std::uint16_t port{8080};
//     std::string account{};
//     Duration timeout{seconds(10)};                       // text: "250 ms", "10 s", "5 min", "1 h", "2 d"
//     using fields = Fields<&Settings::port, &Settings::account, &Settings::timeout>;
//     static constexpr bool defaults = true;               // members may be left out ...
//     static constexpr auto required = std::to_array<std::string_view>({"account"});   // ... but these may not
//     static constexpr auto ranges = std::to_array<Range>({{"port", 1, 65535}});
//   };
//
// Without `defaults` every member that is not optional must be there.

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace robo::config {

/// Start-up only: everything that is wrong with the configuration. main prints what() and exits with 2.
class ConfigError : public std::runtime_error {
 public:
  explicit ConfigError(std::vector<Problem> problems);
  [[nodiscard]] const std::vector<Problem>& problems() const { return problems_; }

 private:
  std::vector<Problem> problems_;
};

/// Reads TOML text; `file` is the name used in messages.
/// Errors: all of them, each as "file:line: key: what".
template <class T>
[[nodiscard]] Result<T, std::vector<Problem>> read(std::string_view toml, std::string_view file);

/// The text of a file, or a problem that names it.
[[nodiscard]] Result<std::string, Problem> text_of(const std::filesystem::path& file);

/// Reads a file. Errors: as read(), and a file that cannot be read.
template <class T>
[[nodiscard]] Result<T, std::vector<Problem>> read_file(const std::filesystem::path& file) {
  auto text = text_of(file);
  if (!text) return fail(std::vector<Problem>{std::move(text.error())});
  return read<T>(text.value(), file.string());
}

/// As read_file, but throws ConfigError.
template <class T>
[[nodiscard]] T load(const std::filesystem::path& file) {
  auto settings = read_file<T>(file);
  if (!settings) throw ConfigError(std::move(settings.error()));
  return std::move(settings.value());
}

/// The word of `known` a person probably meant, or empty when none is near.
[[nodiscard]] std::string_view nearest(std::string_view word, const std::vector<std::string_view>& known);

/// "250 ms", "10 s", "1.5 min", "1 h", "2 d".
[[nodiscard]] bool read_duration(std::string_view text, std::int64_t& nanoseconds);

}  // namespace robo::config
