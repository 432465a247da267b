// Market data from disk: files as they were recorded into events, beside merely unpacking them; Parquet there and back.
#include <filesystem>
#include <random>

#include "edge/store/parquet_file.hpp"
#include "edge/store/shipped.hpp"
#include "edge/store/store.hpp"
#include "edge/store/text_file.hpp"
#include "support/report.hpp"

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

  std::vector<QuoteRecord> quotes(1'000'000);
  std::mt19937_64 random(1);
  Timestamp at{1'514'900'000'000'000'000};
  for (auto& quote : quotes) {
    at = at + microseconds(static_cast<std::int64_t>(random() % 1000));
    const auto mid = price(157, static_cast<std::int64_t>(random() % 100));
    quote = {.at = at, .received_at = at, .venue = static_cast<std::uint8_t>('A' + random() % 26), .bid = mid - price(0, 1), .ask = mid + price(0, 1),
             .bid_size = shares(static_cast<std::int64_t>(random() % 50) * 100), .ask_size = shares(100)};
  }
  const auto path = std::filesystem::temp_directory_path() / ("robo_bench_store_" + std::to_string(std::random_device{}()) + ".parquet");
  Samples write, read;
  double megabytes = 0;
  for (int round = 0; round < report.rounds(); ++round) {
    write.add(1e3 / milliseconds_of([&] { megabytes = static_cast<double>(write_parquet<QuoteRecord>(path, quotes).value()) / 1e6; }));
    read.add(1e3 / milliseconds_of([&] { keep(read_parquet<QuoteRecord>(path).value().size()); }));
  }
  std::filesystem::remove(path);
  const auto note = "one million quotes, zstd, " + std::to_string(megabytes) + " MB, synced to disk";
  report.row({.name = "store/parquet_write", .unit = "M rows/s", .samples = write, .note = note});
  report.row({.name = "store/parquet_read", .unit = "M rows/s", .samples = read, .note = note});
  return report.exit_code();
}
