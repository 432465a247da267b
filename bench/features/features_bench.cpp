// What features cost per tick: all of them, six indicators against TA-Lib's batch calls on the same values, 500 instruments.
#include "kernel/features/features.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <random>
#include <unistd.h>
#include <vector>

#include "features/talib.hpp"
#include "kernel/features/indicators/adx.hpp"
#include "kernel/features/indicators/ema.hpp"
#include "kernel/features/indicators/macd.hpp"
#include "kernel/features/indicators/rolling_moments.hpp"
#include "kernel/features/indicators/rsi.hpp"
#include "support/allocation_counter.hpp"
#include "support/report.hpp"

using namespace robo;
using namespace robo::bench;

namespace {

constexpr std::size_t ticks = 20'000, sample = 1'000;

struct Tape {  // a random walk in cents with its quotes and depth rows
  std::vector<double> open, high, low, close;
  std::vector<Quote> quotes;
  std::vector<Trade> trades;
  std::vector<DepthRow> rows;
};

Tape make_tape() {
  std::mt19937_64 random(7);
  const auto below = [&](std::int64_t n) { return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(n)); };
  Tape tape;
  std::int64_t cents = 10'000;
  for (std::size_t i = 0; i < ticks; ++i) {
    cents = std::max<std::int64_t>(1'000, cents + below(5) - 2);
    const auto at = [&](std::int64_t c) { return static_cast<double>(c) / 100; };
    tape.close.push_back(at(cents));
    tape.high.push_back(at(cents + below(4)));
    tape.low.push_back(at(cents - below(4)));
    tape.open.push_back(at(cents));
    tape.quotes.push_back({.bid = price(0, cents - 1 - below(2)), .ask = price(0, cents + below(2)), .bid_size = shares(100 * (1 + below(20))),
                           .ask_size = shares(100 * (1 + below(20)))});
    tape.trades.push_back({.price = price(0, cents), .size = shares(1 + below(500))});
    const auto position = static_cast<std::uint16_t>(below(8));
    const auto side = below(2) == 0 ? BookSide::Bid : BookSide::Ask;
    tape.rows.push_back({.side = side, .operation = RowOperation::Update, .position = position,
                         .price = price(0, side == BookSide::Bid ? cents - 1 - position : cents + 2 + position), .size = shares(100 * (1 + below(20)))});
  }
  return tape;
}

struct Engine {
  explicit Engine(std::size_t instruments, std::vector<features::Spec> specs) : market({}, instruments), features(instruments) {
    std::vector<InstrumentId> all;
    for (std::uint32_t i = 0; i < instruments; ++i) {
      Instrument instrument;
      instrument.id = InstrumentId{i};
      instrument.ticks = TickTable::flat(price(0, 1));
      market.define(instrument);
      all.push_back(instrument.id);
    }
    for (const auto& spec : specs) {
      if (features::describe(spec.kind).input != features::Input::Pair) (void)features.declare(spec, all);
      else if (all.size() > 1) (void)features.declare(spec, std::span(all).subspan(1));
    }
    features.start(market);
  }
  template <class E>
  void take(E event, std::uint32_t id, Timestamp at) {
    event.instrument = InstrumentId{id};
    market.apply(event, at);
    features.close_bars(market);
    features.apply(event, market);
  }
  market::Market market;
  features::Features features;
};

// The 37 kinds these rows were first measured over: their figures stay comparable. All kinds of today: every_feature().
constexpr std::size_t first_kinds = static_cast<std::size_t>(features::Kind::WeightedMid) + 1;

std::vector<features::Spec> everything(std::size_t of_kinds = first_kinds) {
  auto specs = features::one_of_each(minutes(1), InstrumentId{0}, of_kinds);
  for (const auto timeframe : {minutes(5), minutes(15), hours(1)}) specs.push_back({.kind = features::Kind::Rsi, .timeframe = timeframe});
  return specs;
}

double resident_mb() {
  std::ifstream file("/proc/self/statm");
  double total = 0, resident = 0;
  file >> total >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
}

constexpr Timestamp morning{1'514'903'400'000'000'000};

/// One instrument, every feature there is; a tick is a quote, a trade and a depth row, 10 ms apart from the next.
void all_features_of_one_tick(Report& report, const Tape& tape) {
  for (const bool with_features : {false, true}) {
    Engine engine(2, with_features ? everything() : std::vector<features::Spec>{});
    Timestamp now = morning;
    for (std::uint16_t i = 0; i < 10; ++i)
      for (const auto side : {BookSide::Bid, BookSide::Ask})
        engine.take(DepthRow{.side = side, .operation = RowOperation::Insert, .position = i, .price = price(100, side == BookSide::Bid ? -1 - i : 1 + i), .size = shares(100)}, 0, now);
    Samples quote, trade, depth, tick;
    for (int round = 0; round < report.rounds(); ++round) {
      // In runs of one kind, a clock pair around every event would cost as much as the event; and in short samples, so that a
      // moment in which another program had the core spoils one of many.
      for (std::size_t from = 0; from < ticks; from += sample) {
        std::int64_t spent[3]{};
        for (std::size_t run = from; run < from + sample; run += 100) {
          const auto start = now_ns();
          for (std::size_t i = run; i < run + 100; ++i) engine.take(tape.quotes[i], 0, now = now + milliseconds(10));
          const auto quoted = now_ns();
          for (std::size_t i = run; i < run + 100; ++i) engine.take(tape.trades[i], 0, now = now + milliseconds(10));
          const auto traded = now_ns();
          for (std::size_t i = run; i < run + 100; ++i) engine.take(tape.rows[i], 0, now = now + milliseconds(10));
          const auto done = now_ns();
          spent[0] += quoted - start, spent[1] += traded - quoted, spent[2] += done - traded;
        }
        const auto each = [&](int i) { return static_cast<double>(spent[i]) / static_cast<double>(sample); };
        quote.add(each(0)), trade.add(each(1)), depth.add(each(2)), tick.add(each(0) + each(1) + each(2));
      }
    }
    keep(engine.features.value(features::Handle{0}, InstrumentId{0}));
    if (!with_features) {
      report.row({.name = "features/market_alone", .unit = "ns", .samples = tick, .note = "quote + trade + depth row through market, nothing declared"});
      continue;
    }
    const auto columns = engine.features.size();
    report.row({.name = "features/all_of_one_tick", .unit = "ns", .samples = tick, .bars = {at_most(Of::Median, 250)},
                .note = std::to_string(columns) + " features; quote + trade + depth row, market included"});
    report.row({.name = "features/all_of_one_quote", .unit = "ns", .samples = quote});
    report.row({.name = "features/all_of_one_trade", .unit = "ns", .samples = trade});
    report.row({.name = "features/all_of_one_depth_row", .unit = "ns", .samples = depth});
  }
}

/// 500 instruments at random, every feature: each tick meets a cold row.
void many_instruments(Report& report, const Tape& tape) {
  const double before = resident_mb();
  Engine engine(500, everything());
  std::mt19937_64 random(3);
  std::vector<std::uint32_t> order(ticks);
  for (auto& id : order) id = static_cast<std::uint32_t>(random() % 500);
  Timestamp now = morning;
  for (std::uint32_t id = 0; id < 500; ++id)
    for (std::uint16_t i = 0; i < 10; ++i)
      for (const auto side : {BookSide::Bid, BookSide::Ask})
        engine.take(DepthRow{.side = side, .operation = RowOperation::Insert, .position = i, .price = price(100, side == BookSide::Bid ? -1 - i : 1 + i), .size = shares(100)}, id, now);
  Samples pass, single;
  single.reserve(ticks * 3);
  for (int round = 0; round < report.rounds(); ++round) {
    for (std::size_t from = 0; from < ticks; from += sample) {
      const auto start = now_ns();
      for (std::size_t i = from; i < from + sample; ++i) {
        now = now + milliseconds(1);
        engine.take(tape.quotes[i], order[i], now);
        engine.take(tape.trades[i], order[i], now);
        engine.take(tape.rows[i], order[i], now);
      }
      pass.add(static_cast<double>(now_ns() - start) / sample);
    }
  }
  for (std::size_t i = 0; i < ticks; ++i) {
    now = now + milliseconds(1);
    const auto start = now_ns();
    engine.take(tape.quotes[i], order[i], now);
    engine.take(tape.trades[i], order[i], now);
    engine.take(tape.rows[i], order[i], now);
    single.add(static_cast<double>(now_ns() - start));
  }
  report.row({.name = "features/all_of_one_tick_of_500", .unit = "ns", .samples = pass, .note = "random instrument every tick"});
  report.row({.name = "features/single_tick_of_500", .unit = "ns", .samples = single, .note = "one at a time, clock pair included"});
  Samples memory;
  memory.add(resident_mb() - before);
  report.row({.name = "features/memory_500_instruments", .unit = "MB", .samples = memory, .bars = {at_most(Of::Max, 400)},
              .note = "resident growth; market, books of rows and all features"});
}

/// Every kind of feature there is, 500 instruments that have seen a session and trades enough to fill every window, at random:
/// each event meets a row that has left the near caches. Timed one at a time.
void every_feature_of_500(Report& report, const Tape& tape) {
  constexpr std::uint32_t instruments = 500;
  const double before = resident_mb();
  Engine engine(instruments, everything(features::kinds));
  std::mt19937_64 random(3);
  std::vector<std::uint32_t> order(ticks);
  for (auto& id : order) id = static_cast<std::uint32_t>(random() % instruments);
  Timestamp now = morning;
  const auto open = [&](Date date) {
    for (std::uint32_t id = 0; id < instruments; ++id) engine.take(PhaseChange{.phase = TradingPhase::Regular, .trade_date = date}, id, now);
  };
  const auto play = [&](int passes) {
    for (int pass = 0; pass < passes; ++pass)
      for (std::size_t i = 0; i < ticks; ++i) {
        now = now + milliseconds(1);
        engine.take(tape.quotes[i], order[i], now);
        engine.take(tape.trades[i], order[i], now);
        engine.take(tape.rows[i], order[i], now);
      }
  };
  open(date_of(2018, 1, 2));
  for (std::uint32_t id = 0; id < instruments; ++id)
    for (std::uint16_t i = 0; i < 10; ++i)
      for (const auto side : {BookSide::Bid, BookSide::Ask})
        engine.take(DepthRow{.side = side, .operation = RowOperation::Insert, .position = i, .price = price(100, side == BookSide::Bid ? -1 - i : 1 + i), .size = shares(100)}, id, now);
  play(15);
  now = now + hours(18);
  open(date_of(2018, 1, 3));
  play(15);
  Samples tick, each[3];
  const auto samples = static_cast<std::size_t>(report.rounds()) * ticks;
  for (auto* const all : {&tick, &each[0], &each[1], &each[2]}) all->reserve(samples);
  const auto allocated = test::allocations();
  const auto timed = [](Samples& to, const auto& work) {
    const auto start = now_ns();
    work();
    to.add(static_cast<double>(now_ns() - start));
  };
  for (int round = 0; round < report.rounds(); ++round)
    for (std::size_t i = 0; i < ticks; ++i) {
      now = now + milliseconds(1);
      const auto quote = [&] { engine.take(tape.quotes[i], order[i], now); };
      const auto trade = [&] { engine.take(tape.trades[i], order[i], now); };
      const auto depth = [&] { engine.take(tape.rows[i], order[i], now); };
      // A clock between two events would keep the second from beginning: whole ticks and single events take turns.
      if ((i + static_cast<std::size_t>(round)) % 2 == 0) timed(tick, [&] { quote(), trade(), depth(); });
      else timed(each[0], quote), timed(each[1], trade), timed(each[2], depth);
    }
  Samples allocations;
  allocations.add(static_cast<double>(test::allocations() - allocated));
  std::size_t known = 0;
  for (std::uint16_t column = 0; column < engine.features.size(); ++column) {
    bool somewhere = false;
    for (std::uint32_t id = 1; id < instruments; ++id) somewhere |= !std::isnan(engine.features.value(features::Handle{column}, InstrumentId{id}));
    known += somewhere;
  }
  const auto columns = std::to_string(engine.features.size()) + " features of " + std::to_string(features::kinds) + " kinds, " + std::to_string(known) + " known";
  report.row({.name = "features/every_kind_one_tick_of_500", .unit = "ns", .samples = tick, .bars = {at_most(Of::Median, 1'000), at_most(Of::P99, 5'000)},
              .note = columns + "; quote + trade + depth row, market and clock reads included"});
  report.row({.name = "features/every_kind_one_quote_of_500", .unit = "ns", .samples = each[0]});
  report.row({.name = "features/every_kind_one_trade_of_500", .unit = "ns", .samples = each[1]});
  report.row({.name = "features/every_kind_one_depth_row_of_500", .unit = "ns", .samples = each[2]});
  report.row({.name = "features/every_kind_allocations", .unit = "allocations", .samples = allocations, .bars = {at_most(Of::Max, 0)}, .note = "in all ticks of the row above"});
  Samples memory;
  memory.add(resident_mb() - before);
  report.row({.name = "features/every_kind_memory_500_instruments", .unit = "MB", .samples = memory, .note = "resident growth; market, books of rows and every kind"});
}

/// Six indicators, streaming with their state in memory, against one TA-Lib batch call each over the same arrays.
void against_talib(Report& report, const Tape& tape) {
  struct Six {
    features::Ema ema{20};
    features::Rsi rsi{14};
    features::Macd macd{12, 26, 9};
    features::Atr atr{14};
    features::Adx adx{14};
    std::array<double, 20> room{};
    features::RollingMoments bollinger{room};
    double out[9]{};
    void add(double high, double low, double close) {
      ema.add(close), out[0] = ema.value();
      rsi.add(close), out[1] = rsi.value();
      macd.add(close), out[2] = macd.macd(), out[3] = macd.signal(), out[4] = macd.histogram();
      atr.add(high, low, close), out[5] = atr.value();
      adx.add(high, low, close), out[6] = adx.adx();
      bollinger.add(close);
      const double width = 2 * bollinger.deviation();
      out[7] = bollinger.mean() + width, out[8] = bollinger.mean() - width;
    }
  };
  const auto lib = TaLib::load();
  const int last = static_cast<int>(ticks) - 1;
  std::vector<double> a(ticks), b(ticks), c(ticks);
  Samples classes, engine_six, batch, batch_flat;
  auto six = std::make_unique<Six>();
  using features::Kind;
  Engine engine(1, {{.kind = Kind::Ema, .period = 20}, {.kind = Kind::Rsi}, {.kind = Kind::Macd}, {.kind = Kind::MacdSignal}, {.kind = Kind::MacdHistogram},
                    {.kind = Kind::Atr}, {.kind = Kind::Adx}, {.kind = Kind::BollingerUpper}, {.kind = Kind::BollingerMid}, {.kind = Kind::BollingerLower}});
  const auto batch_of = [&](const std::vector<double>& high, const std::vector<double>& low, Samples& to) {
    if (!lib) return;
    int begin = 0, count = 0;
    const auto* const x = tape.close.data();
    const auto start = now_ns();
    lib->ema(0, last, x, 20, &begin, &count, a.data()), keep(a[ticks / 2]);
    lib->rsi(0, last, x, 14, &begin, &count, a.data()), keep(a[ticks / 2]);
    lib->macd(0, last, x, 12, 26, 9, &begin, &count, a.data(), b.data(), c.data()), keep(a[ticks / 2]);
    lib->atr(0, last, high.data(), low.data(), x, 14, &begin, &count, a.data()), keep(a[ticks / 2]);
    lib->adx(0, last, high.data(), low.data(), x, 14, &begin, &count, a.data()), keep(a[ticks / 2]);
    lib->bollinger(0, last, x, 20, 2, 2, 0, &begin, &count, a.data(), b.data(), c.data()), keep(a[ticks / 2]);
    to.add(static_cast<double>(now_ns() - start) / ticks);
  };
  Timestamp now = morning;
  for (int round = 0; round < report.rounds() * 3; ++round) {
    auto start = now_ns();
    for (std::size_t i = 0; i < ticks; ++i) six->add(tape.high[i], tape.low[i], tape.close[i]), keep(*six);
    classes.add(static_cast<double>(now_ns() - start) / ticks);
    batch_of(tape.high, tape.low, batch);
    start = now_ns();
    for (std::size_t i = 0; i < ticks; ++i) engine.take(tape.trades[i], 0, now = now + milliseconds(1));
    engine_six.add(static_cast<double>(now_ns() - start) / ticks);
    batch_of(tape.close, tape.close, batch_flat);
  }
  const std::string rival = lib ? "TA-Lib C batch" : "", version = lib ? lib->version : "";
  const std::string missing = lib ? "" : "; TA-Lib is not here: pip install --target build/deps/bench -r bench/requirements.txt";
  report.row({.name = "features/six_streaming", .unit = "ns", .samples = classes, .rival = rival, .rival_version = version, .rival_samples = batch, .paired = true,
              .bars = {at_most(Of::Ratio, 2)}, .note = "EMA RSI MACD ATR ADX Bollinger, state in memory" + missing});
  report.row({.name = "features/six_in_engine", .unit = "ns", .samples = engine_six, .rival = rival, .rival_version = version, .rival_samples = batch_flat,
              .paired = true, .note = "the same six per trade through market and features" + missing});
}

}  // namespace

int main(int argc, char** argv) {
  Report report(argc, argv);
  const auto tape = make_tape();
  against_talib(report, tape);
  all_features_of_one_tick(report, tape);
  many_instruments(report, tape);
  every_feature_of_500(report, tape);
  return report.exit_code();
}
