// Recorded quotes into a file and back, beside pyarrow on the same table.
#include <filesystem>
#include <fmt/core.h>

#include "bench_of_store.hpp"
#include "edge/store/parquet_file.hpp"
#include "edge/store/shipped.hpp"
#include "support/rival.hpp"

using namespace robo;
using namespace robo::bench;

void parquet(Report& report) {
  const std::string data = std::string(ROBO_SOURCE_DIR) + "/data/";
  const auto tape = store::open_shipped_market(data, store::ShippedMarket::Taq, store::read_calendars(data + "calendars").value()).value();
  std::vector<store::QuoteRecord> quotes;
  for (const auto& event : tape->events())
    if (const auto* quote = std::get_if<Quote>(&event.payload))
      quotes.push_back({.at = event.at, .received_at = event.received_at, .venue = quote->bid_venue, .bid = quote->bid, .ask = quote->ask, .bid_size = quote->bid_size, .ask_size = quote->ask_size});
  const auto once = quotes.size();
  const auto span = quotes.back().at - quotes.front().at + seconds(1);
  while (quotes.size() < 1'000'000)  // the same two days again, later
    for (std::size_t i = 0; i < once; ++i) {
      auto quote = quotes[quotes.size() - once];
      quote.at = quote.at + span;
      quote.received_at = quote.received_at + span;
      quotes.push_back(quote);
    }
  const auto root = scratch("parquet");
  const auto path = root / "quotes.parquet";
  Samples write, read, their_write, their_read;
  double bytes = 0;
  (void)must(store::write_parquet<store::QuoteRecord>(path, quotes));
  Rival rival(std::string(ROBO_SOURCE_DIR) + "/bench/store/pyarrow_rival.py", {path.string()});
  for (int round = 0; round < report.rounds(); ++round) {
    auto start = now_ns();
    bytes = static_cast<double>(store::write_parquet<store::QuoteRecord>(path, quotes).value()) / static_cast<double>(quotes.size());
    write.add(static_cast<double>(quotes.size()) / seconds_since(start) / 1e6);
    start = now_ns();
    keep(store::read_parquet<store::QuoteRecord>(path)->size());
    read.add(static_cast<double>(quotes.size()) / seconds_since(start) / 1e6);
    const auto line = rival.ask("again");
    double write_ms = 0, read_ms = 0;
    if (std::sscanf(line.c_str(), "%lf %lf", &write_ms, &read_ms) != 2) {
      std::fputs("pyarrow is not there: ./run bench installs it, or ROBO_BENCH_PYTHONPATH names its folder\n", stderr);
      std::exit(1);
    }
    their_write.add(static_cast<double>(quotes.size()) / write_ms / 1e3);
    their_read.add(static_cast<double>(quotes.size()) / read_ms / 1e3);
  }
  std::filesystem::remove_all(root);
  report.row({.name = "store/parquet_write", .unit = "M quotes/s", .samples = write, .rival = "pyarrow, zstd 1, same table", .rival_version = "26.0.1", .rival_samples = their_write,
              .paired = true, .bars = {at_least(Of::Ratio, 0.7)}, .note = "from structs; fsync included; pyarrow begins with columns"});
  report.row({.name = "store/parquet_read", .unit = "M quotes/s", .samples = read, .rival = "pyarrow, one thread", .rival_version = "26.0.1", .rival_samples = their_read,
              .paired = true, .bars = {at_least(Of::Ratio, 0.7)}, .note = "into structs; pyarrow ends with columns"});
  Samples size;
  size.add(bytes);
  report.row({.name = "store/parquet_bytes_a_quote", .unit = "bytes", .samples = size, .bars = {at_most(Of::Median, 12)}, .note = "recorded TAQ quotes of two days, repeated later"});
}
