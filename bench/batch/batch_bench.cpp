// Features over a column: batch() against NumPy and pandas on the same formulas, rows and values, in turns.
#include "kernel/features/batch.hpp"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <unistd.h>
#include <vector>

#include "base/large_pages.hpp"
#include "support/report.hpp"
#include "support/rival.hpp"

using namespace robo;
using namespace robo::bench;

namespace {

constexpr std::size_t rows = 500'000;

struct Table {
  std::vector<std::int64_t> times;
  std::vector<double> day, high, low, close, volume, other;
};

Table make_table() {
  std::mt19937_64 random(11);
  const auto below = [&](std::int64_t n) { return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(n)); };
  Table table;
  std::int64_t cents = 20'000, other = 8'000;
  for (std::size_t i = 0; i < rows; ++i) {
    const auto step = below(31) - 15;
    cents = std::max<std::int64_t>(2'000, cents + step);
    other = std::max<std::int64_t>(2'000, other + step / 3 + below(9) - 4);
    constexpr std::size_t session = 390;  // minutes
    table.times.push_back(Timestamp{1'514'903'400'000'000'000}.ns + hours(24).ns * static_cast<std::int64_t>(i / session) + minutes(1).ns * static_cast<std::int64_t>(i % session));
    table.day.push_back(static_cast<double>(i / session));
    const auto usd = [](std::int64_t c) { return static_cast<double>(c) / 100; };
    table.close.push_back(usd(cents));
    table.high.push_back(usd(cents + below(12)));
    table.low.push_back(usd(cents - below(12)));
    table.volume.push_back(static_cast<double>(100 + below(20'000)));
    table.other.push_back(usd(other));
  }
  return table;
}

/// In the order the rival writes them.
std::vector<features::Spec> specs() {
  using enum features::Kind;
  std::vector<features::Spec> all;
  for (const auto kind : {Ema, Rsi, MacdSignal, Macd, MacdHistogram, Atr, PlusDi, MinusDi, Adx, BollingerMid, BollingerUpper, BollingerLower, BollingerZ, TickReturn,
                          RealizedVolatility, VolumeZ, DonchianHigh, DonchianLow, Breakout, EfficiencyRatio, PairCorrelation, PairBeta})
    all.push_back({.kind = kind, .timeframe = minutes(1), .other = InstrumentId{1}});
  for (const auto kind : {SessionVwap, SessionVwapUpper, SessionVwapLower}) all.push_back({.kind = kind});
  return all;
}

/// Largest difference, relative where values are above 1; -1 where one knows a value and the other does not.
double distance(const std::vector<double>& ours, const double* theirs) {
  double worst = 0;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    if (std::isnan(ours[i]) != std::isnan(theirs[i])) return -1;
    if (!std::isnan(ours[i])) worst = std::max(worst, std::fabs(ours[i] - theirs[i]) / std::max(1.0, std::fabs(ours[i])));
  }
  return worst;
}

}  // namespace

int main(int argc, char** argv) {
  Report report(argc, argv);
  const auto table = make_table();
  const auto wanted = specs();
  const features::Columns columns{.times = table.times, .high = table.high, .low = table.low, .close = table.close, .volume = table.volume, .other = table.other};
  const auto folder = std::filesystem::temp_directory_path() / ("robotrader-bench-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  {
    std::ofstream file(folder / "columns", std::ios::binary);
    for (const auto* column : {&table.day, &table.high, &table.low, &table.close, &table.volume, &table.other})
      file.write(reinterpret_cast<const char*>(column->data()), static_cast<std::streamsize>(column->size() * sizeof(double)));
  }
  Rival rival(std::string(ROBO_SOURCE_DIR) + "/bench/batch/pandas_rival.py", {(folder / "columns").string(), std::to_string(rows)});
  const auto version = rival.hear();
  const auto fail = [&](const std::string& why) {
    std::fprintf(stderr, "%s\n", why.c_str());
    std::filesystem::remove_all(folder);
    return 1;
  };
  if (version.empty()) return fail("pandas is not there: ./run bench installs it (pip install --target build/deps/bench -r bench/requirements.txt)");

  // The same numbers first.
  std::istringstream names(rival.ask(("write " + (folder / "theirs").string()).c_str()));
  std::vector<double> theirs(rows * wanted.size());
  std::ifstream(folder / "theirs", std::ios::binary).read(reinterpret_cast<char*>(theirs.data()), static_cast<std::streamsize>(theirs.size() * sizeof(double)));
  const auto first = features::batch(wanted, columns);
  if (!first) return fail(first.error().text);
  double worst = 0;
  std::string worst_name;
  for (std::size_t k = 0; k < wanted.size(); ++k) {
    std::string name;
    names >> name;
    if (name != features::describe(wanted[k].kind).name) return fail("the rival wrote " + name + " where " + std::string(features::describe(wanted[k].kind).name) + " was expected");
    const double off = distance((*first)[k], theirs.data() + k * rows);
    if (off < 0) return fail(name + ": one knows a value where the other does not");
    if (off >= worst) worst = off, worst_name = name;
  }
  if (!(worst < 1e-6)) return fail(worst_name + " differs by " + std::to_string(worst));

  Samples ours, fresh, pandas;
  // NumPy takes large pages for arrays of this size; so does the caller here.
  LargePages pages;
  std::vector<std::pmr::vector<double>> results;
  for (std::size_t k = 0; k < wanted.size(); ++k) results.emplace_back(rows, &pages);
  const std::vector<std::span<double>> out(results.begin(), results.end());
  interleave(
      report.rounds(),
      [&] {
        auto start = now_ns();
        if (features::batch(wanted, columns, out)) std::abort();
        ours.add(static_cast<double>(rows) * 1e3 / static_cast<double>(now_ns() - start));
        keep(results.front()[rows / 2]);
        start = now_ns();
        const auto made = features::batch(wanted, columns);
        fresh.add(static_cast<double>(rows) * 1e3 / static_cast<double>(now_ns() - start));
        keep(made->front()[rows / 2]);
      },
      [&] { pandas.add(static_cast<double>(rows) / 1e3 / std::strtod(rival.ask("run").c_str(), nullptr)); });
  char note[160];
  std::snprintf(note, sizeof note, "%zu features of %zu bars, one thread, into columns of the caller; largest difference %.1e (%s)", wanted.size(), rows, worst, worst_name.c_str());
  report.row({.name = "batch/features_over_a_column", .unit = "M rows/s", .samples = ours, .rival = "NumPy and pandas, same formulas", .rival_version = version, .rival_samples = pandas,
              .paired = true, .bars = {at_least(Of::Ratio, 5)}, .note = note});
  report.row({.name = "batch/into_new_columns", .unit = "M rows/s", .samples = fresh, .rival = "NumPy and pandas, same formulas", .rival_version = version, .rival_samples = pandas,
              .paired = true, .note = "the same, result columns allocated anew every time: half of it is the system's page faults"});
  std::filesystem::remove_all(folder);
  return report.exit_code();
}
