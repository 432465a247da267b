#include "apps/terminal.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fmt/core.h>
#include <unistd.h>

namespace robo::apps::terminal {

bool coloured() {
  static const bool yes = ::isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
  return yes;
}

namespace {

std::size_t seen_width(std::string_view text) {
  std::size_t width = 0;
  bool escape = false;
  for (const char c : text) {
    if (c == '\033') escape = true;
    if (!escape && (static_cast<unsigned char>(c) & 0xc0) != 0x80) ++width;
    if (escape && c == 'm') escape = false;
  }
  return width;
}

}  // namespace

std::string paint(Tone tone, std::string_view text) {
  if (!coloured() || tone == Tone::Plain) return std::string(text);
  const char* code = "0";
  switch (tone) {
    case Tone::Plain: break;
    case Tone::Dim: code = "2"; break;
    case Tone::Good: code = "32"; break;
    case Tone::Bad: code = "31"; break;
    case Tone::Warn: code = "33"; break;
    case Tone::Strong: code = "1"; break;
  }
  return fmt::format("\033[{}m{}\033[0m", code, text);
}

void print(std::string_view line) {
  fmt::print("{}\n", line);
  std::fflush(stdout);
}

void heading(std::string_view text) {
  if (std::getenv("ROBOTRADER_HEADING") == nullptr) print(paint(Tone::Strong, text) + "\n");
}

void complain(std::string_view line) {
  std::fflush(stdout);
  fmt::print(stderr, "✗ {}\n", line);
}

std::string duration(double seconds) {
  if (seconds < 1e-6) return fmt::format("{:.0f} ns", seconds * 1e9);
  if (seconds < 1e-3) return fmt::format("{:.{}f} µs", seconds * 1e6, seconds < 1e-5 ? 1 : 0);
  if (seconds < 0.1) return fmt::format("{:.0f} ms", seconds * 1e3);
  if (seconds < 100) return fmt::format("{:.1f} s", seconds);
  return fmt::format("{} m {} s", static_cast<int>(seconds) / 60, static_cast<int>(seconds) % 60);
}

std::string grouped(double value, int decimals, bool sign) {
  if (!std::isfinite(value)) return "—";
  std::string digits = fmt::format("{:.{}f}", std::abs(value), decimals);
  const bool zero = digits.find_first_not_of("0.") == std::string::npos;
  const auto point = digits.find('.');
  for (auto at = static_cast<std::ptrdiff_t>(point == std::string::npos ? digits.size() : point) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), 1, ',');
  if (zero) return digits;
  return value < 0 ? "−" + digits : sign ? "+" + digits : digits;
}

std::string padded(std::string_view text, int width) {
  const auto seen = static_cast<int>(seen_width(text));
  const int missing = std::abs(width) - seen;
  if (missing <= 0) return std::string(text);
  const std::string space(static_cast<std::size_t>(missing), ' ');
  return width < 0 ? space + std::string(text) : std::string(text) + space;
}

Step::Step(std::string_view name) : name_(name), start_(std::chrono::steady_clock::now()) {}

void Step::done(std::string_view what, std::string_view note) {
  progress_end();
  const double taken = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  print(fmt::format("  {} {} {}   {}", padded(name_, 10), padded(what, 42), paint(Tone::Good, "✓"),
                    note.empty() ? duration(taken) : std::string(note)));
}

void Step::failed(std::string_view what) {
  progress_end();
  print(fmt::format("  {} {} {}", padded(name_, 10), padded(what, 42), paint(Tone::Bad, "✗")));
}

void progress(std::string_view name, double fraction, std::string_view note) {
  static const bool terminal = ::isatty(STDERR_FILENO) != 0;
  if (!terminal) return;
  const int full = static_cast<int>(std::clamp(fraction, 0.0, 1.0) * 30);
  std::string bar;
  for (int i = 0; i < 30; ++i) bar += i < full ? "█" : "░";
  fmt::print(stderr, "\r\033[K  {} {} {:3.0f} %  {}", padded(name, 10), bar, fraction * 100, note);
  std::fflush(stderr);
}

void progress_end() {
  static const bool terminal = ::isatty(STDERR_FILENO) != 0;
  if (terminal) fmt::print(stderr, "\r\033[K");
}

}  // namespace robo::apps::terminal
