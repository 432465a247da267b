#pragma once
// What every benchmark prints: one row per task with median, p99 and max, beside the rival or the limit measured in the
// same run, and whether the bar was met. The machine is shared and noisy, so a fixed calibration loop runs beside each row.
//
//   int main(int argc, char** argv) {
//     robo::bench::Report report(argc, argv);
//     robo::bench::Samples gate;
//     for (int round = 0; round < report.rounds(); ++round) gate.add(ns_per_call(1'000'000, [&] { ... keep(x); }));
//     report.row({.name = "gate", .unit = "ns", .samples = gate, .bars = {at_most(Of::Median, 50)}});
//     return report.exit_code();
//   }

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace robo::bench {

/// Makes the compiler believe the value is read; a loop whose result nobody reads means nothing.
template <class T>
inline void keep(T const& value) {
  if constexpr (sizeof(T) <= sizeof(void*)) asm volatile("" : : "r,m"(value) : "memory");
  else asm volatile("" : : "m"(value) : "memory");  // read where it lies: a copy of it would be measured, too
}

inline std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Nanoseconds per call of `work`, over `calls` calls.
template <class F>
double ns_per_call(std::int64_t calls, F&& work) {
  const auto start = now_ns();
  for (std::int64_t i = 0; i < calls; ++i) work();
  return static_cast<double>(now_ns() - start) / static_cast<double>(calls);
}

/// Figures of equal rounds, or single latencies.
class Samples {
 public:
  void add(double figure) { figures_.push_back(figure); }
  void reserve(std::size_t n) { figures_.reserve(n); }
  [[nodiscard]] bool empty() const { return figures_.empty(); }
  [[nodiscard]] const std::vector<double>& figures() const { return figures_; }
  [[nodiscard]] double quantile(double q) const;  // nearest rank; 0 when empty
  [[nodiscard]] double median() const { return quantile(0.5); }
  [[nodiscard]] double p99() const { return quantile(0.99); }
  [[nodiscard]] double max() const { return quantile(1.0); }

 private:
  std::vector<double> figures_;
};

/// Runs both in turn, A B A B, so that a slow minute of the machine falls on both.
template <class A, class B>
void interleave(int rounds, A&& ours, B&& rival) {
  for (int round = 0; round < rounds; ++round) {
    ours();
    rival();
  }
}

enum class Of : std::uint8_t { Median, P99, Max, Ratio };
struct Bar {
  Of of{};
  bool at_most{};
  double value{};
};
constexpr Bar at_most(Of of, double value) { return {of, true, value}; }
constexpr Bar at_least(Of of, double value) { return {of, false, value}; }

struct Row {
  std::string name{};
  std::string unit{};              // "ns", "M events/s", "MB"
  Samples samples{};
  std::string rival{};             // the product or limit measured beside it, empty when there is none
  std::string rival_version{};
  Samples rival_samples{};         // measured in this run, in the same unit; or
  double rival_figure{};           // one figure when the rival was measured elsewhere (say so in `note`)
  bool paired{};                   // ratio is the median of pairwise ratios: samples were taken A B A B
  std::vector<Bar> bars{};         // empty: printed, no bar
  std::string note{};
};

class Report {
 public:
  /// `--json` prints one JSON object a line and nothing else; `--rounds N` (7); `--quick` is `--rounds 1`.
  Report(int argc, char** argv, int rounds = 7);
  [[nodiscard]] int rounds() const { return rounds_; }
  /// Prints the row. ratio = our median / the rival's.
  void row(const Row& row);
  /// 0, or 3 when a bar was missed.
  [[nodiscard]] int exit_code() const { return missed_ ? 3 : 0; }

 private:
  bool json_ = false;
  bool missed_ = false;
  int rounds_ = 7;
  double calibration_best_ = 0;
};

/// ns per step of a fixed loop that nothing but the machine can slow down.
[[nodiscard]] double calibrate();

}  // namespace robo::bench
