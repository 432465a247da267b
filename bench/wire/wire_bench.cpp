// The TWS wire: decode of mixed frames to 64-byte events, openOrder alone, placeOrder encode; beside @stoqey/ib and ib_async
// on the same bytes, in turns. Rivals are installed by ./run bench; without them their columns stay empty.

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <boost/json.hpp>
#include <unistd.h>

#include "edge/ib/wire/decode.hpp"
#include "edge/ib/wire/encode.hpp"
#include "model/event.hpp"
#include "support/report.hpp"
#include "wire/frames.hpp"

namespace {

using namespace robo;
using namespace robo::bench;

constexpr int messages = 20'000;

/// Nanoseconds of processor this thread has had: the machine is shared, and a neighbour's time slice is not ours.
std::int64_t busy_ns() {
  timespec t{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec * 1'000'000'000 + t.tv_nsec;
}

/// Nanoseconds per call by that clock.
template <class F>
double busy_ns_per_call(std::int64_t calls, F&& work) {
  const auto start = busy_ns();
  for (std::int64_t i = 0; i < calls; ++i) work();
  return static_cast<double>(busy_ns() - start) / static_cast<double>(calls);
}

struct Rival {
  std::string name{};
  std::string command{};  // up to "decode" or "encode"
  std::string version{};
  bool there = false;
};

/// One run of a rival's driver: messages per second.
std::optional<double> measure(Rival& rival, const std::string& what, const std::string& file, double seconds) {
  if (!rival.there) return std::nullopt;
  const std::string line = fmt::format("{} {} {} {} {} 2>/dev/null", rival.command, what, file, frames_version, seconds);
  FILE* const pipe = ::popen(line.c_str(), "r");
  if (pipe == nullptr) return std::nullopt;
  std::array<char, 4096> text{};
  const std::size_t count = std::fread(text.data(), 1, text.size() - 1, pipe);
  ::pclose(pipe);
  boost::system::error_code error;
  const auto json = boost::json::parse(boost::json::string_view(text.data(), count), error);
  if (error || !json.is_object()) {
    rival.there = false;
    return std::nullopt;
  }
  rival.version = std::string(json.at("version").as_string());
  return json.at("per_second").to_number<double>();
}

/// Turns messages into the events the kernel takes: prices in 1e-9, sizes in 1e-8, request id to instrument.
struct ToEvents {
  alignas(64) std::array<Event, 64> ring{};
  Event* event = nullptr;
  std::size_t at = 0;
  std::uint64_t count = 0;
  std::uint64_t strange = 0;

  /// The next event, written in its place field by field: a message put together elsewhere and copied stalls on its own stores.
  template <class T>
  T& begin() {
    event = &ring[at++ & 63];
    ++count;
    event->at = event->received_at = {};
    return *std::get_if<T>(std::construct_at(&event->payload, std::in_place_type<T>));
  }
  void end() const { keep(event); }
  static InstrumentId instrument(std::int32_t request) { return InstrumentId{static_cast<std::uint32_t>(request - 10'000'000)}; }
  template <class D>
  D take(const ib::wire::Number& number) {
    const auto value = number.nearest<D>();
    if (!value) ++strange;
    return value.value_or(D{});
  }

  void operator()(const ib::wire::TickPrice& m) {
    auto& quote = begin<Quote>();
    quote.instrument = instrument(m.reqId);
    (m.tickType == 1 ? quote.bid : quote.ask) = take<Price>(m.price);
    (m.tickType == 1 ? quote.bid_size : quote.ask_size) = take<Quantity>(m.size);
    end();
  }
  void operator()(const ib::wire::TickSize& m) {
    auto& quote = begin<Quote>();
    quote.instrument = instrument(m.reqId);
    (m.tickType == 0 ? quote.bid_size : quote.ask_size) = take<Quantity>(m.size);
    end();
  }
  void operator()(const ib::wire::TickByTickLast& m) {
    auto& trade = begin<Trade>();
    trade.instrument = instrument(m.reqId);
    trade.price = take<Price>(m.price);
    trade.size = take<Quantity>(m.size);
    end();
  }
  void operator()(const ib::wire::TickByTickBidAsk& m) {
    auto& quote = begin<Quote>();
    quote.instrument = instrument(m.reqId);
    quote.bid = take<Price>(m.bidPrice);
    quote.ask = take<Price>(m.askPrice);
    quote.bid_size = take<Quantity>(m.bidSize);
    quote.ask_size = take<Quantity>(m.askSize);
    end();
  }
  void operator()(const ib::wire::UpdateMktDepthL2& m) {
    auto& row = begin<DepthRow>();
    row.instrument = instrument(m.reqId);
    row.side = static_cast<BookSide>(m.side & 1);
    row.operation = static_cast<RowOperation>(m.operation);
    row.position = static_cast<std::uint16_t>(m.position);
    row.price = take<Price>(m.price);
    row.size = take<Quantity>(m.size);
    row.maker = m.marketMaker;
    end();
  }
  void operator()(const ib::wire::OrderStatus& m) {
    OrderUpdate update{.broker_id = {m.clientId, m.orderId}, .perm_id = PermId{m.permId}, .filled = take<Quantity>(m.filled),
                       .remaining = take<Quantity>(m.remaining), .average_price = take<Price>(m.avgFillPrice)};
    keep(update);
    ++count;
  }
  void operator()(const ib::wire::ExecDetails& m) {
    Execution execution{.id = ExecutionId(m.execution.execId), .perm_id = PermId{m.execution.permId},
                        .quantity = take<Quantity>(m.execution.shares), .price = take<Price>(m.execution.price)};
    keep(execution);
    ++count;
  }
  void operator()(const ib::wire::OpenOrder& m) {
    OrderUpdate update{.broker_id = {m.order.clientId, m.orderId}, .perm_id = PermId{m.order.permId},
                       .quantity = take<Quantity>(m.order.totalQuantity), .limit = take<Price>(m.order.lmtPrice)};
    keep(m);
    keep(update);
    ++count;
  }
  void operator()(const auto&) { ++strange; }
};

/// Feeds the stream through the receive buffer in portions, as a socket would. Returns messages per second.
double decode_rate(const std::string& stream, ToEvents& sink, int version = frames_version) {
  ib::wire::FrameBuffer buffer;
  const auto start = busy_ns();
  const std::uint64_t before = sink.count;
  std::string_view rest = stream;
  while (!rest.empty()) {
    const auto space = buffer.space();
    const std::size_t portion = std::min({space.size(), rest.size(), std::size_t{16 * 1024}});
    std::memcpy(space.data(), rest.data(), portion);
    buffer.received(portion);
    rest.remove_prefix(portion);
    for (auto next = buffer.next(); next && *next; next = buffer.next()) {
      if (!ib::wire::decode_event(**next, version, sink)) std::abort();
    }
  }
  return static_cast<double>(sink.count - before) * 1e9 / static_cast<double>(busy_ns() - start);
}

struct Measured {
  Samples ours{}, stoqey{}, ib_async{};
};

void rows(Report& report, const std::string& name, const Measured& m, const Rival& stoqey, const Rival& ib_async, double bar,
          const std::string& note) {
  const auto row = [&](const Rival& rival, const Samples& theirs) {
    report.row({.name = name, .unit = "M messages/s", .samples = m.ours, .rival = rival.name, .rival_version = rival.version,
                .rival_samples = theirs, .paired = !theirs.empty(),
                .bars = theirs.empty() ? std::vector<robo::bench::Bar>{} : std::vector<robo::bench::Bar>{at_least(Of::Ratio, bar)},
                .note = theirs.empty() ? "the rival is not installed: ./run bench installs it" : note});
  };
  row(stoqey, m.stoqey);
  row(ib_async, m.ib_async);
}

}  // namespace

int main(int argc, char** argv) {
  Report report(argc, argv, 5);
  const std::string root = ROBO_SOURCE_DIR;
  const auto folder = std::filesystem::temp_directory_path() / fmt::format("robo-wire-bench-{}", ::getpid());
  std::filesystem::create_directories(folder);
  const char* const python_path = std::getenv("ROBO_BENCH_PYTHON");
  const std::string python_folder = python_path != nullptr ? python_path : root + "/build/deps/bench";
  Rival stoqey{.name = "@stoqey/ib", .command = "node " + root + "/bench/wire/rivals/stoqey.mjs",
               .there = std::filesystem::exists(root + "/bench/node_modules/@stoqey/ib")};
  Rival ib_async{.name = "ib_async", .command = "PYTHONPATH=" + python_folder + " python3 " + root + "/bench/wire/rivals/ib_async_rival.py",
                 .there = std::filesystem::exists(python_folder + "/ib_async")};
  const double seconds = 0.7;
  const auto add = [](Samples& samples, std::optional<double> figure) {
    if (figure) samples.add(*figure / 1e6);
  };

  ToEvents sink;
  for (const bool fixed : {true, false}) {
    const std::string stream = fixed ? fixed_mix(messages) : random_mix(messages, 42);
    const std::string file = (folder / (fixed ? "fixed.bin" : "random.bin")).string();
    std::ofstream(file, std::ios::binary) << stream;
    Measured m;
    decode_rate(stream, sink);
    for (int round = 0; round < report.rounds(); ++round) {
      Samples batches;
      for (int i = 0; i < 41; ++i) batches.add(decode_rate(stream, sink) / 1e6);
      m.ours.add(batches.median());
      add(m.stoqey, measure(stoqey, "decode", file, seconds));
      add(m.ib_async, measure(ib_async, "decode", file, seconds));
    }
    rows(report, fixed ? "wire/decode_mixed_fixed" : "wire/decode_mixed_random", m, stoqey, ib_async, 20,
         fmt::format("text, server version {}, {} B mean, frames to 64 B events; by processor time of the thread on both sides", frames_version, stream.size() / messages));
  }
  // The same messages in the protobuf regime, in turns with the text regime on the same machine in the same second.
  for (const bool fixed : {true, false}) {
    const std::string text = fixed ? fixed_mix(messages) : random_mix(messages, 42);
    const std::string binary = fixed ? fixed_mix(messages, protobuf_version) : random_mix(messages, 42, protobuf_version);
    Samples ours, theirs;
    decode_rate(binary, sink, protobuf_version);
    for (int round = 0; round < report.rounds(); ++round) {
      Samples protobuf_batches, text_batches;
      for (int i = 0; i < 21; ++i) {
        protobuf_batches.add(decode_rate(binary, sink, protobuf_version) / 1e6);
        text_batches.add(decode_rate(text, sink) / 1e6);
      }
      ours.add(protobuf_batches.median());
      theirs.add(text_batches.median());
    }
    report.row({.name = fixed ? "wire/decode_protobuf_fixed" : "wire/decode_protobuf_random", .unit = "M messages/s", .samples = ours,
                .rival = "our own text regime", .rival_version = std::to_string(frames_version), .rival_samples = theirs, .paired = true,
                .bars = {at_least(Of::Ratio, 1)},
                .note = fmt::format("protobuf, server version {}, {} B mean, frames to 64 B events; by processor time of the thread",
                                    protobuf_version, binary.size() / messages)});
  }
  if (sink.strange != 0) {
    std::fprintf(stderr, "the benchmark decoded %llu values wrongly\n", static_cast<unsigned long long>(sink.strange));
    return 1;
  }

  {
    const std::string bytes = open_order();
    const ib::wire::OwnedFrame frame{std::string_view(bytes).substr(4)};
    Samples samples;
    for (int round = 0; round < report.rounds() * 3; ++round) {
      samples.add(busy_ns_per_call(2'000, [&] {
        if (!ib::wire::decode_event(frame.frame(), frames_version, sink)) std::abort();
      }));
    }
    report.row({.name = "wire/decode_openOrder", .unit = "ns", .samples = samples, .bars = {at_most(Of::Median, 2000)},
                .note = fmt::format("{} B, all fields", bytes.size())});
  }

  {
    ib::wire::PlaceOrder request;
    request.contract.conId = 265598;
    request.contract.symbol = "AAPL";
    request.contract.secType = "STK";
    request.contract.exchange = "SMART";
    request.contract.primaryExchange = "NASDAQ";
    request.contract.currency = "USD";
    request.contract.localSymbol = "AAPL";
    request.contract.tradingClass = "NMS";
    request.order.orderType = "LMT";
    request.order.tif = "DAY";
    request.order.account = "DU1234567";
    request.order.orderRef = "RT00000000000000c4-0000000000000007";
    ib::wire::OutBuffer out;
    std::int32_t i = 0;
    const auto ours = [&] {
      const double ns = busy_ns_per_call(5'000, [&] {
        request.orderId = ++i;
        request.order.action = (i & 1) != 0 ? "BUY" : "SELL";
        request.order.totalQuantity = ib::wire::Number::from(shares(100 + (i & 63)));
        request.order.lmtPrice = ib::wire::Number::from(price(150, i & 127));
        if (!ib::wire::encode_request(out, frames_version, request)) std::abort();
        keep(*out.view().data());
        out.clear();
      });
      return 1e3 / ns;
    };
    Measured m;
    ours();
    for (int round = 0; round < report.rounds(); ++round) {
      Samples batches;
      for (int n = 0; n < 21; ++n) batches.add(ours());
      m.ours.add(batches.median());
      add(m.stoqey, measure(stoqey, "encode", "-", seconds));
      add(m.ib_async, measure(ib_async, "encode", "-", seconds));
    }
    rows(report, "wire/encode_placeOrder", m, stoqey, ib_async, 40, fmt::format("text, server version {}, every field written; by processor time of the thread on both sides", frames_version));
  }
  std::filesystem::remove_all(folder);
  return report.exit_code();
}
