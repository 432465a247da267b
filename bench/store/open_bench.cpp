// A symbol opened from a store: a day of ticks, ten years of daily bars, beside pyarrow reading the same files.
#include <filesystem>
#include <fmt/core.h>

#include "bench_of_store.hpp"
#include "edge/store/history/series.hpp"
#include "edge/store/import.hpp"
#include "support/rival.hpp"

using namespace robo;
using namespace robo::bench;
using namespace robo::store;

namespace {

namespace fs = std::filesystem;

std::vector<std::string> files_of(const fs::path& root, const std::vector<Partition>& partitions) {
  std::vector<std::string> out{};
  for (const auto& partition : partitions)
    for (const auto& part : must(parts_of(root, partition))) out.push_back(part.string());
  return out;
}

template <class F>
void beside_pyarrow(Report& report, const std::string& name, double most_ms, const std::vector<std::string>& files, const std::string& note, F&& open) {
  Rival rival(std::string(ROBO_SOURCE_DIR) + "/bench/store/pyarrow_open.py", files);
  Samples ours, theirs;
  std::size_t rows = 0;
  const auto they = [&] {
    double ms = 0;
    if (std::sscanf(rival.ask("again").c_str(), "%lf", &ms) != 1) {
      std::fputs("pyarrow is not there: ./run bench installs it, or ROBO_BENCH_PYTHONPATH names its folder\n", stderr);
      std::exit(1);
    }
    theirs.add(ms);
  };
  const auto we = [&] {
    const auto start = now_ns();
    rows = open();
    ours.add(static_cast<double>(now_ns() - start) / 1e6);
  };
  we(), they();
  ours = {}, theirs = {};
  interleave(report.rounds(), we, they);
  report.row({.name = name, .unit = "ms", .samples = ours, .rival = "pyarrow, the same files, one thread, into columns", .rival_version = "26.0.1", .rival_samples = theirs, .paired = true,
              .bars = {at_most(Of::Median, most_ms)}, .note = fmt::format("{} rows of {} files into structs; {}", rows, files.size(), note)});
}

}  // namespace

void opening(Report& report) {
  const std::string data = std::string(ROBO_SOURCE_DIR) + "/data/";
  const auto calendars = must(read_calendars(data + "calendars"));
  const auto root = scratch("open");
  Importer importer(root, calendars);
  for (const std::string file : {"equity_intraday/taq_XXX_quotes_raw_2018-01-02_03.csv.gz", "equity_intraday/taq_XXX_trades_raw_2018-01-02_03.csv.gz", "daily/etf_sectors_ohlcv_2000_2025.csv.gz",
                                 "equity_intraday/us24_1min_to_2019-02-15.csv.gz"})
    (void)must(importer.import({.file = data + file}));

  const Date day = date_of(2018, 1, 3);
  const Partition quotes{"quotes", day, "XXX"}, trades{"trades", day, "XXX"};
  beside_pyarrow(report, "store/open_day_of_ticks", 50, files_of(root, {quotes, trades}), "quotes and trades of XXX", [&] {
    return must(read_partition<QuoteRecord>(root, quotes)).size() + must(read_partition<TradeRecord>(root, trades)).size();
  });
  const auto actions = history::Actions::parse("symbol,ex_date,kind,value,known_at\nSPY,2020-06-01,split,2:1,\n", "bench").value();
  const auto years = partitions(root, daily_kind, "SPY", date_of(2010, 1, 1), date_of(2020, 1, 1));
  beside_pyarrow(report, "store/open_ten_years_of_daily_bars", 200, files_of(root, years), "of SPY, adjusted for a split on the way", [&] {
    return must(history::read_series(root, {.symbol = "SPY", .from = date_of(2010, 1, 1), .until = date_of(2020, 1, 1), .basis = date_of(2021, 1, 1)}, actions)).bars.size();
  });
  fs::remove_all(root);
}
