#include "support/report.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <fmt/core.h>
#include <string_view>

namespace robo::bench {

double Samples::quantile(double q) const {
  if (figures_.empty()) return 0;
  auto sorted = figures_;
  const auto rank = static_cast<std::size_t>(std::ceil(q * static_cast<double>(sorted.size())));
  const auto index = std::min(rank == 0 ? 0 : rank - 1, sorted.size() - 1);
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(index), sorted.end());
  return sorted[index];
}

double calibrate() {
  constexpr std::int64_t steps = 2'000'000;
  std::uint64_t x = 88172645463325252ULL;
  const auto start = now_ns();
  for (std::int64_t i = 0; i < steps; ++i) {
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
  }
  keep(x);
  return static_cast<double>(now_ns() - start) / static_cast<double>(steps);
}

namespace {

std::string_view word(Of of) {
  switch (of) {
    case Of::Median: return "median";
    case Of::P99: return "p99";
    case Of::Max: return "max";
    case Of::Ratio: return "ratio";
  }
  return "?";
}

double ratio_of(const Row& row) {
  const auto& ours = row.samples.figures();
  const auto& theirs = row.rival_samples.figures();
  if (row.paired && ours.size() == theirs.size() && !ours.empty()) {
    Samples ratios;
    for (std::size_t i = 0; i < ours.size(); ++i) ratios.add(theirs[i] == 0 ? 0 : ours[i] / theirs[i]);
    return ratios.median();
  }
  const double rival = theirs.empty() ? row.rival_figure : row.rival_samples.median();
  return rival == 0 ? 0 : row.samples.median() / rival;
}

double figure_of(Of of, const Row& row, double ratio) {
  switch (of) {
    case Of::Median: return row.samples.median();
    case Of::P99: return row.samples.p99();
    case Of::Max: return row.samples.max();
    case Of::Ratio: return ratio;
  }
  return 0;
}

}  // namespace

Report::Report(int argc, char** argv, int rounds) : rounds_(rounds), calibration_best_(calibrate()) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--json") json_ = true;
    else if (word == "--quick") rounds_ = 1;
    else if (word == "--rounds" && i + 1 < argc) rounds_ = std::max(1, std::atoi(argv[++i]));
  }
}

void Report::row(const Row& row) {
  const double calibration = calibrate();
  calibration_best_ = std::min(calibration_best_, calibration);
  const double ratio = ratio_of(row);
  const double rival = row.rival_samples.empty() ? row.rival_figure : row.rival_samples.median();

  std::string bar;
  bool met = true;
  for (const Bar& b : row.bars) {
    if (!bar.empty()) bar += ", ";
    bar += fmt::format("{} {} {:.10g}{}", word(b.of), b.at_most ? "<=" : ">=", b.value,
                       b.of == Of::Ratio ? std::string("x") : " " + row.unit);
    const double figure = figure_of(b.of, row, ratio);
    met = met && !row.samples.empty() && (b.at_most ? figure <= b.value : figure >= b.value);
  }
  if (!met) missed_ = true;

  if (!json_) {
    fmt::print("  {:<34} {:>12.4g} {:<12} p99 {:<10.4g} max {:<10.4g} {} {} {}\n", row.name, row.samples.median(), row.unit,
               row.samples.p99(), row.samples.max(), row.rival.empty() ? "" : fmt::format("{:.3g}x {}", ratio, row.rival),
               bar, row.bars.empty() ? "" : met ? "met" : "NOT MET");
    std::fflush(stdout);
    return;
  }
  boost::json::object out;
  out["name"] = row.name;
  out["unit"] = row.unit;
  out["median"] = row.samples.median();
  out["p99"] = row.samples.p99();
  out["max"] = row.samples.max();
  out["rounds"] = row.samples.figures().size();
  out["rival"] = row.rival;
  out["rival_version"] = row.rival_version;
  if (row.rival.empty()) out["rival_figure"] = nullptr, out["ratio"] = nullptr;
  else out["rival_figure"] = rival, out["ratio"] = ratio;
  out["bar"] = bar;
  if (row.bars.empty()) out["met"] = nullptr;
  else out["met"] = met;
  out["calibration_ns"] = calibration;
  out["machine_slowdown"] = calibration / calibration_best_;  // 1 = as quiet as at its best in this run
  out["note"] = row.note;
  fmt::print("{}\n", boost::json::serialize(out));
  std::fflush(stdout);
}

}  // namespace robo::bench
