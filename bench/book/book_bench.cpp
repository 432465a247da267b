// What one depth message costs: IB rows by position, and price levels of a recorded crypto feed beside a plain std::map.
#include <map>
#include <memory>
#include <random>
#include <span>
#include <vector>

#include "kernel/market/market.hpp"
#include "support/recorded_depth.hpp"
#include "support/report.hpp"

using namespace robo;
using namespace robo::bench;

namespace {

constexpr Timestamp morning{1'514'903'400'000'000'000};
constexpr InstrumentId btc{0};

std::unique_ptr<market::Market> market_with(Price tick) {
  auto market = std::make_unique<market::Market>(market::Settings{}, 1);
  Instrument instrument;
  instrument.id = btc;
  instrument.ticks = TickTable::flat(tick);
  market->define(instrument);
  return market;
}

/// A book of `depth` rows a side kept full: half updates, a quarter inserts, a quarter deletes, at positions near the touch
/// more often, as IB sends them.
std::vector<DepthRow> row_messages(std::size_t depth) {
  std::mt19937_64 random(11);
  const auto below = [&](std::uint64_t n) { return random() % n; };
  std::vector<DepthRow> rows;
  std::array<std::size_t, 2> count{};
  for (std::size_t i = 0; i < 20'000; ++i) {
    const auto side = static_cast<BookSide>(below(2));
    auto& held = count[static_cast<std::size_t>(side)];
    const auto what = below(4);
    auto operation = what < 2 ? RowOperation::Update : what == 2 ? RowOperation::Insert : RowOperation::Delete;
    if (held == 0 || (operation == RowOperation::Update && held < depth / 2)) operation = RowOperation::Insert;
    const auto position = std::min(below(depth), below(depth)) % std::max<std::size_t>(held, 1);
    if (operation == RowOperation::Insert) held = std::min(held + 1, depth);
    if (operation == RowOperation::Delete) --held;
    rows.push_back({.instrument = btc, .side = side, .operation = operation, .position = static_cast<std::uint16_t>(position),
                    .price = price(100, static_cast<std::int64_t>(side == BookSide::Bid ? 100 - position : 101 + position)),
                    .size = shares(static_cast<std::int64_t>(1 + below(900))), .maker = "ARCA"});
  }
  return rows;
}

void ib_rows(Report& report) {
  for (const std::size_t depth : {std::size_t{5}, std::size_t{10}, std::size_t{20}}) {
    const auto rows = row_messages(depth);
    auto market = market_with(price(0, 1));
    Samples samples;
    Timestamp now = morning;
    for (int round = 0; round < report.rounds() * 10; ++round) {
      const auto start = now_ns();
      for (const auto& row : rows) market->apply(row, now = now + microseconds(10));
      samples.add(static_cast<double>(now_ns() - start) / static_cast<double>(rows.size()));
      keep(market->book(btc).updated_at());
    }
    report.row({.name = "book/ib_rows_" + std::to_string(depth), .unit = "ns", .samples = samples, .bars = {at_most(Of::Median, 25)},
                .note = "insert, update, delete in random order, through market"});
  }
}

struct PlainBook {
  std::map<std::int64_t, std::int64_t> bids, asks;
  void apply(const DepthLevel& level) {
    auto& side = level.side == BookSide::Bid ? bids : asks;
    const auto key = level.side == BookSide::Bid ? -level.price.raw : level.price.raw;
    if (level.size.is_zero()) side.erase(key);
    else side[key] = level.size.raw;
  }
};

void price_keyed(Report& report, const char* name, const char* file, Price tick) {
  auto levels = test::recorded_depth(std::string(ROBO_SOURCE_DIR) + "/data/orderbook/" + file);
  for (auto& level : levels) level.instrument = btc;
  Samples ours, with_touch, plain, single;
  auto market = market_with(tick);
  PlainBook map;
  Timestamp now = morning;
  // Short samples, ours and the map's of the same stretch in turn: a moment in which another program had the core spoils few.
  const auto pass = [&](auto&& each_stretch) {
    constexpr std::size_t stretch = 2'000;
    for (std::size_t from = 0; from + stretch <= levels.size(); from += stretch) each_stretch(std::span(levels).subspan(from, stretch));
  };
  const auto time = [&](Samples& to, std::span<const DepthLevel> part, auto&& work) {
    const auto start = now_ns();
    for (const auto& level : part) work(level);
    to.add(static_cast<double>(now_ns() - start) / static_cast<double>(part.size()));
  };
  for (int round = 0; round < report.rounds(); ++round) {
    market->apply(DepthReset{btc}, now);
    map = {};
    pass([&](std::span<const DepthLevel> part) {
      time(ours, part, [&](const DepthLevel& level) { market->apply(level, now = now + microseconds(1)); });
      time(plain, part, [&](const DepthLevel& level) { map.apply(level), keep(map); });
    });
    market->apply(DepthReset{btc}, now);
    pass([&](std::span<const DepthLevel> part) {
      time(with_touch, part, [&](const DepthLevel& level) {
        market->apply(level, now = now + microseconds(1));
        keep(market->book(btc).best(BookSide::Bid));
        keep(market->book(btc).best(BookSide::Ask));
      });
    });
  }
  single.reserve(levels.size());
  market->apply(DepthReset{btc}, now);
  for (const auto& level : levels) {
    const auto start = now_ns();
    market->apply(level, now = now + microseconds(1));
    single.add(static_cast<double>(now_ns() - start));
  }
  const std::string base = std::string("book/levels_") + name;
  report.row({.name = base, .unit = "ns", .samples = ours, .rival = "std::map", .rival_version = "libstdc++ 12", .rival_samples = plain, .paired = true,
              .bars = {at_most(Of::Median, 30)}, .note = std::to_string(levels.size()) + " recorded level changes, through market"});
  report.row({.name = base + "_and_touch", .unit = "ns", .samples = with_touch, .note = "best bid and ask read after every change"});
  report.row({.name = base + "_single", .unit = "ns", .samples = single, .note = "one at a time, clock pair included"});
  Samples memory;
  memory.add(static_cast<double>(market->book(btc).memory_bytes()) / 1e6);
  report.row({.name = base + "_memory", .unit = "MB", .samples = memory});
}

}  // namespace

int main(int argc, char** argv) {
  Report report(argc, argv);
  ib_rows(report);
  price_keyed(report, "btc_perp", "binance_usdm_btcusdt_20240808.jsonl.gz", price(0, 10));
  price_keyed(report, "btc_spot", "binance_spot_btcusdt_20240808.jsonl.gz", price(0, 1));
  return report.exit_code();
}
