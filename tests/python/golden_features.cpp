// Prints what the kernel says after every bar of a golden file, event by event, as bits: what Python must say, too.
// usage: golden_features FILE SPEC... with SPEC as kind:period:slow:signal, over bars of one minute
#include <cinttypes>
#include <cstdio>
#include <cstring>

#include "support/gzip.hpp"
#include "support/market_day.hpp"

int main(int argc, char** argv) {
  using namespace robo;
  if (argc < 3) return 2;
  test::MarketDay day(1, {.quote_age_max = seconds(5), .bars_outside_regular = true});
  std::vector<features::Handle> handles;
  for (int i = 2; i < argc; ++i) {
    int kind = 0, period = 0, slow = 0, signal = 0;
    if (std::sscanf(argv[i], "%d:%d:%d:%d", &kind, &period, &slow, &signal) != 4) return 2;
    handles.push_back(day.declare({.kind = static_cast<features::Kind>(kind), .timeframe = minutes(1), .period = period, .slow = slow, .signal = signal}));
  }
  day.start();
  const auto lines = test::lines_of(argv[1]);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    double v[5] = {};
    if (std::sscanf(lines[i].c_str(), "%lf,%lf,%lf,%lf,%lf", &v[0], &v[1], &v[2], &v[3], &v[4]) != 5) return 2;
    const Bar bar{.trades = 1, .start = test::morning + minutes(static_cast<std::int64_t>(i - 1)), .period = minutes(1), .open = Price::nearest(v[0]), .high = Price::nearest(v[1]),
                  .low = Price::nearest(v[2]), .close = Price::nearest(v[3]), .volume = Quantity::nearest(v[4])};
    day.now = bar.start + bar.period;
    day.apply(bar);
    std::printf("%" PRId64, bar.start.ns);
    for (const auto handle : handles) {
      const double value = day.value(handle);
      std::uint64_t bits = 0;
      std::memcpy(&bits, &value, sizeof bits);
      std::printf(" %016" PRIx64, bits);
    }
    std::printf("\n");
  }
  return 0;
}
