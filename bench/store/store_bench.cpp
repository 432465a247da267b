// Market data from disk: files as they were recorded into events, beside merely unpacking them; Parquet there and back; a store opened.
#include <filesystem>

#include "bench_of_store.hpp"
#include "edge/store/shipped.hpp"
#include "edge/store/text_file.hpp"

using namespace robo;
using namespace robo::bench;
using namespace robo::store;

namespace {

const std::string data = std::string(ROBO_SOURCE_DIR) + "/data/";

template <class F>
double milliseconds_of(F&& work) {
  const auto start = now_ns();
  work();
  return static_cast<double>(now_ns() - start) / 1e6;
}

double unpacking(std::initializer_list<std::string> files) {
  return milliseconds_of([&] {
    for (const auto& file : files) {
      const auto text = read_text_file(data + file);
      std::uint64_t lines = 0;
      Lines reader(text->text);
      for (std::string_view line; reader.next(line);) ++lines;
      keep(lines);
    }
  });
}

void loading(Report& report, const std::string& name, ShippedMarket market, const Calendars& calendars, std::initializer_list<std::string> files, double most_ms) {
  Samples load, unpack;
  std::size_t events = 0;
  interleave(
      report.rounds(),
      [&] {
        load.add(milliseconds_of([&] {
          const auto tape = open_shipped_market(data, market, calendars).value();
          events = tape->events().size();
        }));
      },
      [&] { unpack.add(unpacking(files)); });
  std::vector<robo::bench::Bar> bars;
  if (most_ms > 0) bars.push_back(at_most(Of::Median, most_ms));
  report.row({.name = name, .unit = "ms", .samples = load, .rival = "unpacking and counting lines", .rival_version = "zlib", .rival_samples = unpack,
              .paired = true, .bars = bars, .note = std::to_string(events) + " events in order of time, from gzip files"});
}

}  // namespace

int main(int argc, char** argv) {
  Report report(argc, argv);
  const auto calendars = read_calendars(data + "calendars").value();
  const std::string intraday = "equity_intraday/", books = "orderbook/";
  loading(report, "store/load_tape_XXX", ShippedMarket::Taq, calendars,
          {intraday + "taq_XXX_quotes_raw_2018-01-02_03.csv.gz", intraday + "taq_XXX_trades_raw_2018-01-02_03.csv.gz"}, 1000);
  loading(report, "store/load_perpetual_depth", ShippedMarket::Perpetual, calendars, {books + "binance_usdm_btcusdt_20240808.jsonl.gz"}, 0);
  loading(report, "store/load_us24_bars", ShippedMarket::Us24, calendars, {intraday + "us24_1min_to_2019-02-15.csv.gz"}, 0);

  parquet(report);
  opening(report);
  return report.exit_code();
}
