#include "base/log.hpp"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace robo::log {

namespace {

spdlog::level::level_enum native(Level level) {
  switch (level) {
    case Level::Debug: return spdlog::level::debug;
    case Level::Info: return spdlog::level::info;
    case Level::Warn: return spdlog::level::warn;
    case Level::Error: return spdlog::level::err;
  }
  return spdlog::level::info;
}

spdlog::logger& logger() {
  if (!spdlog::get("robo")) open(Level::Warn);
  return *spdlog::get("robo");
}

}  // namespace

void open(Level least, std::string_view path) {
  spdlog::drop("robo");
  const auto made = path.empty() ? spdlog::stderr_color_mt("robo") : spdlog::basic_logger_mt("robo", std::string(path));
  made->set_level(native(least));
  made->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %^%l%$ %v", spdlog::pattern_time_type::utc);
  made->flush_on(spdlog::level::warn);
}

void write(Level level, std::string_view room, std::string_view line) { logger().log(native(level), "{}: {}", room, line); }

bool enabled(Level level) { return logger().should_log(native(level)); }

}  // namespace robo::log
