// The gateway simulator under load: eight clients watch a hundred symbols each while a ninth sends orders. Counted where the
// bytes arrive, over loopback sockets.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <filesystem>
#include <fmt/core.h>
#include <thread>
#include <vector>

#include "edge/ib/wire/encode.hpp"
#include "edge/ib/wire/handshake.hpp"
#include "edge/sim/server/server.hpp"
#include "support/report.hpp"

using namespace robo;
using namespace robo::bench;

namespace {

constexpr std::uint32_t symbols = 100;
constexpr int watchers = 8;
const Timestamp start{1'514'903'400'000'000'000};  // 2018-01-02 9:30 in New York

/// A hundred stocks whose quotes change in turn, so many a second.
class Ticker : public runtime::MarketSource {
 public:
  explicit Ticker(std::int64_t quotes_per_second) : step_{1'000'000'000 / quotes_per_second} {
    for (std::uint32_t i = 0; i < symbols; ++i) {
      Instrument stock;
      stock.id = InstrumentId{i};
      stock.asset_class = AssetClass::Stock;
      stock.symbol = std::string_view(fmt::format("S{:03}", i));
      stock.exchange = "SMART";
      stock.currency = "USD";
      stock.ticks = TickTable::flat(price(0, 1));
      stock.size_increment = shares(1);
      instruments_.push_back(stock);
    }
    events_.resize(10'000);
  }
  std::span<const Instrument> instruments() const override { return instruments_; }
  std::span<const Event> next() override {
    for (auto& event : events_) {
      Quote quote;
      quote.instrument = InstrumentId{static_cast<std::uint32_t>(count_ % symbols)};
      const auto round = count_ / symbols;
      quote.bid = Price::from_raw(50 * Price::scale + (round % 7) * Price::scale / 100);
      quote.ask = Price::from_raw(quote.bid.raw + Price::scale / 50);
      quote.bid_size = shares(100 + static_cast<std::int64_t>(round % 5)), quote.ask_size = shares(300 + static_cast<std::int64_t>(round % 3));
      event.at = event.received_at = Timestamp{start.ns + static_cast<std::int64_t>(count_) * step_};
      event.payload = quote;
      ++count_;
    }
    return events_;
  }
  void rewind() override { count_ = 0; }

 private:
  std::int64_t step_;
  std::uint64_t count_ = 0;
  std::vector<Instrument> instruments_;
  std::vector<Event> events_;
};

/// An API client that counts messages by their lengths, as fast as bytes come.
class Watcher {
 public:
  Watcher(std::uint16_t port, std::int32_t client) {
    file_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(file_, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0) throw std::runtime_error("the gateway does not listen");
    const int on = 1;
    ::setsockopt(file_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ib::wire::OutBuffer out;
    ib::wire::encode_hello(out, {100, 200, {}});
    say(out.view());
    send(ib::wire::StartApi{.clientId = client, .optionalCapabilities = ""});
  }
  ~Watcher() { ::close(file_); }
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  template <class M>
  void send(const M& message) {
    ib::wire::OutBuffer out;
    if (!ib::wire::encode_request(out, 200, message)) throw std::runtime_error("a request cannot be written");
    say(out.view());
  }
  void watch_all() {
    for (std::uint32_t i = 0; i < symbols; ++i) {
      ib::wire::ReqMktData request{.reqId = static_cast<std::int32_t>(i + 1)};
      const auto symbol = fmt::format("S{:03}", i);
      request.contract.symbol = symbol, request.contract.secType = "STK", request.contract.exchange = "SMART", request.contract.currency = "USD";
      send(request);
    }
  }
  /// Messages among what has arrived; their first id, as text, is handed to `seen`.
  template <class F>
  std::uint64_t take(F&& seen, int wait_ms) {
    pollfd ready{file_, POLLIN, 0};
    if (::poll(&ready, 1, wait_ms) != 1) return 0;
    const auto space = in_.space();
    const auto got = ::recv(file_, space.data(), space.size(), MSG_DONTWAIT);
    if (got <= 0) return 0;
    in_.received(static_cast<std::size_t>(got));
    std::uint64_t count = 0;
    for (auto frame = in_.next(); frame && *frame; frame = in_.next()) ++count, seen((*frame)->view());
    return count;
  }

 private:
  void say(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent = ::send(file_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) throw std::runtime_error("the gateway closed the connection");
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  int file_ = -1;
  ib::wire::FrameBuffer in_{256 * 1024};
};

}  // namespace

int main(int argc, char** argv) {
  Report report(argc, argv, 5);
  auto fees = sim::FeeTable::load(std::filesystem::path(ROBO_SOURCE_DIR) / "data" / "fees" / "ib.csv");
  if (!fees) {
    fmt::print(stderr, "{}\n", fees.error().text);
    return 1;
  }
  sim::ServerSettings settings;
  settings.port = 0;
  settings.level1_interval = {};
  settings.limits.lines = 10'000;
  settings.limits.messages_per_second = 1'000'000;
  settings.broker.active_orders_max = 0;
  settings.skip_gaps = false;
  // Each quote is at least two messages a watcher: price and size.
  constexpr std::int64_t quotes_per_second = 20'000;
  sim::GatewayServer server(std::make_unique<Ticker>(quotes_per_second), settings, std::move(*fees));
  if (const auto started = server.start(); !started) {
    fmt::print(stderr, "{}\n", started.error().text);
    return 1;
  }
  std::vector<std::unique_ptr<Watcher>> all;
  for (int i = 0; i < watchers; ++i) all.push_back(std::make_unique<Watcher>(server.port(), i + 1));
  for (auto& watcher : all) watcher->watch_all();
  std::atomic<std::uint64_t> heard{0};
  std::atomic<bool> over{false};
  std::thread reader([&] {
    while (!over) {
      std::uint64_t some = 0;
      for (auto& watcher : all) some += watcher->take([](std::string_view) {}, 0);
      heard += some;
      if (some == 0) std::this_thread::sleep_for(std::chrono::microseconds(100));
    }
  });
  Watcher trader(server.port(), 99);
  Samples throughput, acks;
  std::int32_t order = 1;
  for (int round = 0; round < report.rounds() + 1; ++round) {
    const auto from = now_ns();
    const auto before = heard.load();
    while (now_ns() - from < 1'000'000'000) {
      ib::wire::PlaceOrder place;
      place.orderId = order;
      place.contract.symbol = "S007", place.contract.secType = "STK", place.contract.exchange = "SMART", place.contract.currency = "USD";
      place.order.action = "BUY", place.order.orderType = "LMT", place.order.tif = "DAY", place.order.transmit = true;
      place.order.totalQuantity = ib::wire::Number::of(1), place.order.lmtPrice = ib::wire::Number::of(1, 0);
      const auto sent = now_ns();
      trader.send(place);
      const auto wanted = fmt::format("3{}{}{}", '\0', order, '\0');
      for (bool answered = false; !answered;) {
        (void)trader.take([&](std::string_view frame) { answered = answered || frame.starts_with(wanted); }, 1000);
        if (now_ns() - sent > 5'000'000'000) {
          fmt::print(stderr, "order {} was never answered\n", order);
          over = true;
          reader.join();
          return 1;
        }
      }
      if (round > 0) acks.add(static_cast<double>(now_ns() - sent) / 1e3);
      trader.send(ib::wire::CancelOrder{.orderId = order});
      ++order;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    if (round > 0) throughput.add(static_cast<double>(heard.load() - before) / (static_cast<double>(now_ns() - from) / 1e9) / 1e3);
  }
  over = true;
  reader.join();
  server.stop();
  report.row({.name = "fan-out, 8 clients x 100 symbols", .unit = "k messages/s", .samples = throughput, .bars = {at_least(Of::Median, 500)}, .note = "server, reader and trader on the same cores"});
  report.row({.name = "order to its first status, under that load", .unit = "us", .samples = acks, .bars = {at_most(Of::P99, 1000)}});
  return report.exit_code();
}
