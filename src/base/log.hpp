#pragma once
// Log front end for the edge: one sentence per line, fields after it. The kernel does not log; it makes Facts.

#include <cstdint>
#include <fmt/core.h>
#include <string_view>

namespace robo::log {

enum class Level : std::uint8_t { Debug, Info, Warn, Error };

/// Opens the log: stderr, or a file when `path` is not empty. Thread: main, once. Without it lines go to stderr.
void open(Level least, std::string_view path = {});
void write(Level level, std::string_view room, std::string_view line);
[[nodiscard]] bool enabled(Level level);

template <class... Args>
void at(Level level, std::string_view room, fmt::format_string<Args...> text, Args&&... args) {
  if (enabled(level)) write(level, room, fmt::format(text, std::forward<Args>(args)...));
}
template <class... Args>
void info(std::string_view room, fmt::format_string<Args...> text, Args&&... args) {
  at(Level::Info, room, text, std::forward<Args>(args)...);
}
template <class... Args>
void warn(std::string_view room, fmt::format_string<Args...> text, Args&&... args) {
  at(Level::Warn, room, text, std::forward<Args>(args)...);
}
template <class... Args>
void error(std::string_view room, fmt::format_string<Args...> text, Args&&... args) {
  at(Level::Error, room, text, std::forward<Args>(args)...);
}

}  // namespace robo::log
