// One bar of all instruments into the correlation matrix, shrinkage included, beside a full computation in NumPy. Several sizes: four
// times the pairs is four times the time.
#include <cmath>
#include <cstdlib>
#include <fmt/core.h>
#include <string>
#include <vector>

#include "kernel/risk/correlation.hpp"
#include "support/report.hpp"
#include "support/rival.hpp"

namespace {

using namespace robo;

/// Returns with a common factor, from a fixed sequence.
std::vector<std::vector<double>> rows_of(std::size_t instruments, std::size_t rows) {
  std::uint64_t state = 11;
  const auto normal = [&] {
    double sum = 0;
    for (int i = 0; i < 12; ++i) sum += static_cast<double>((state = state * 6364136223846793005ULL + 1442695040888963407ULL) >> 40) / (1 << 24);
    return sum - 6;
  };
  std::vector<std::vector<double>> all(rows, std::vector<double>(instruments));
  for (auto& row : all) {
    const double market = normal();
    for (auto& r : row) r = 0.01 * (0.6 * market + 0.8 * normal());
  }
  return all;
}

double update_ms(risk::CorrelationMatrix& matrix, const std::vector<std::vector<double>>& rows, std::size_t& at, int calls) {
  return bench::ns_per_call(calls, [&] {
           matrix.update(rows[at]);
           at = at + 1 == rows.size() ? 0 : at + 1;
         }) * 1e-6;
}

}  // namespace

int main(int argc, char** argv) {
  bench::Report report(argc, argv);
  bench::Rival numpy(std::string(ROBO_SOURCE_DIR) + "/bench/correlation/numpy_rival.py", {});
  const auto version = numpy.hear();
  double half = 0;
  for (const std::size_t n : {std::size_t{125}, std::size_t{250}, std::size_t{500}, std::size_t{1000}}) {
    const auto rows = rows_of(n, 64);
    risk::CorrelationMatrix matrix({}, n);
    std::size_t at = 0;
    for (int warm = 0; warm < 60; ++warm) (void)update_ms(matrix, rows, at, 1);
    bench::Samples ours, theirs;
    const auto question = std::to_string(n);
    bench::interleave(
        report.rounds(), [&] { ours.add(update_ms(matrix, rows, at, static_cast<int>(40'000'000 / (n * n)) + 1)); },
        [&] {
          if (const auto answer = numpy.ask(question.c_str()); !answer.empty()) theirs.add(std::strtod(answer.c_str(), nullptr));
        });
    bench::keep(matrix.shrinkage());
    const double median = ours.median();
    bench::Row row{.name = fmt::format("correlation matrix, {} instruments, update", n), .unit = "ms", .samples = ours};
    if (!theirs.empty()) row.rival = "NumPy, full computation from 252 rows", row.rival_version = version, row.rival_samples = theirs, row.paired = true;
    if (n == 500) row.bars = {bench::at_most(bench::Of::Median, 5), bench::at_most(bench::Of::Max, 5)};
    row.note = fmt::format("{:.2f} ns a pair", median * 1e6 / (static_cast<double>(n) * static_cast<double>(n + 1) / 2));
    if (half > 0) row.note += fmt::format(", {:.1f} x the time of half as many", median / half);
    report.row(row);
    half = median;
  }
  return report.exit_code();
}
