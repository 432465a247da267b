#pragma once
// How the program talks on a terminal: a heading, then one line per step with its outcome and time.

#include <chrono>
#include <string>
#include <string_view>

namespace robo::apps::terminal {

enum class Tone { Plain, Dim, Good, Bad, Warn, Strong };

/// stdout is a terminal and NO_COLOR is not set.
[[nodiscard]] bool coloured();
/// `text` in a colour when stdout is a terminal and NO_COLOR is not set.
[[nodiscard]] std::string paint(Tone tone, std::string_view text);
void heading(std::string_view text);
void print(std::string_view line);
void complain(std::string_view line);  // stderr, ✗ in front

/// "1 m 48 s", "0.9 s", "3 ms", "41 µs".
[[nodiscard]] std::string duration(double seconds);
/// 1,004,710.03 with a real minus sign.
[[nodiscard]] std::string grouped(double value, int decimals, bool sign = false);
/// Words as columns: pads by what is seen, not by bytes.
[[nodiscard]] std::string padded(std::string_view text, int width);  // negative: right-aligned

/// One step of a verb: prints "  name  what  ✓  time" when it ends.
class Step {
 public:
  explicit Step(std::string_view name);
  void done(std::string_view what, std::string_view note = {});
  void failed(std::string_view what);

 private:
  std::string name_;
  std::chrono::steady_clock::time_point start_;
};

/// A bar on stderr that rewrites itself; silent when stderr is not a terminal.
void progress(std::string_view name, double fraction, std::string_view note);
void progress_end();

}  // namespace robo::apps::terminal
