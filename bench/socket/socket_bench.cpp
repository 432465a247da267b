// Market-data bytes on a loopback socket in, order bytes out, on one thread: decode, the whole kernel, encode. Beside it, in
// turn with it, an echo of the same sizes that waits the same way (both ends spin, each on a core of its own).
#include <arpa/inet.h>
#include <atomic>
#include <cstring>
#include <filesystem>
#include <fmt/core.h>
#include <netinet/tcp.h>
#include <optional>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

#include "edge/ib/client.hpp"
#include "edge/ib/wire/encode.hpp"
#include "runtime/clock.hpp"
#include "runtime/drive.hpp"
#include "support/report.hpp"

using namespace robo;
using namespace robo::bench;

namespace {

constexpr std::size_t tick_bytes = 33, order_bytes = 362;

/// A blocking-free socket that spins.
class Wire {
 public:
  explicit Wire(int file) : file_(file) {
    const int one = 1;
    ::setsockopt(file_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  }
  ~Wire() { ::close(file_); }
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent = ::send(file_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  [[nodiscard]] bool has_more() const {
    char byte = 0;
    return ::recv(file_, &byte, 1, MSG_DONTWAIT | MSG_PEEK) > 0;
  }
  /// Spins until something is there; false: closed, or nothing came for ten seconds.
  bool take(std::string& into) {
    char buffer[4096];
    for (std::int64_t tries = 0, until = 0;; ++tries) {
      const auto got = ::recv(file_, buffer, sizeof buffer, MSG_DONTWAIT);
      if (got > 0) return into.append(buffer, static_cast<std::size_t>(got)), true;
      if (got == 0 || (errno != EAGAIN && errno != EINTR)) return false;
      if (tries % 4'096 != 4'095) continue;  // the clock is not a part of the wait that is measured
      if (until == 0) until = now_ns() + 10'000'000'000;
      else if (now_ns() > until) return false;
    }
  }

 private:
  int file_;
};

class Listener {
 public:
  Listener() : file_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(file_, reinterpret_cast<sockaddr*>(&address), size);
    ::listen(file_, 1);
    ::getsockname(file_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
  }
  ~Listener() { ::close(file_); }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] int accept() const { return ::accept(file_, nullptr, nullptr); }

 private:
  int file_;
  std::uint16_t port_ = 0;
};

int connect_to(std::uint16_t port) {
  const int file = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  while (::connect(file, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) ::usleep(1000);
  return file;
}

std::string framed(std::string payload) {
  for (char& c : payload)
    if (c == '|') c = '\0';
  const std::uint32_t size = __builtin_bswap32(static_cast<std::uint32_t>(payload.size()));
  return std::string(reinterpret_cast<const char*>(&size), 4) + payload;
}

/// Just enough of a gateway to make the client trade one stock.
class Gateway {
 public:
  explicit Gateway(int file) : wire_(file) {}

  /// The next whole frame, its fields split; empty: closed.
  std::vector<std::string> next() {
    for (;;) {
      if (in_.size() >= 4) {
        std::uint32_t size = 0;
        std::memcpy(&size, in_.data(), 4);
        size = __builtin_bswap32(size);
        if (in_.size() >= 4 + size) {
          std::vector<std::string> fields(1);
          for (std::size_t i = 4; i < 4 + size; ++i) {
            if (in_[i] == '\0') fields.emplace_back();
            else fields.back() += in_[i];
          }
          in_.erase(0, 4 + size);
          return fields;
        }
      }
      if (!wire_.take(in_)) return {};
    }
  }
  void say(const std::string& payload) { wire_.send(framed(payload)); }

  /// Handshake, start, an empty account; returns when market data is asked for.
  bool welcome() {
    while (in_.size() < 8) if (!wire_.take(in_)) return false;
    std::uint32_t size = 0;
    std::memcpy(&size, in_.data() + 4, 4);
    size = __builtin_bswap32(size);
    while (in_.size() < 8 + size) if (!wire_.take(in_)) return false;
    in_.erase(0, 8 + size);
    say("176|20260405 23:49:26 EST|");
    while (request_.empty()) {
      const auto fields = next();
      if (fields.empty()) return false;
      answer(fields);
    }
    return true;
  }
  void answer(const std::vector<std::string>& f) {
    const int id = std::stoi(f[0]);
    if (id == 71) say("15|1|DU1234567|"), say("9|1|100|");
    if (id == 16) say("53|1|");
    if (id == 7) say("55|1|" + f[2] + "|");
    if (id == 61) say("62|1|");
    if (id == 62) {
      for (const auto* tag : {"NetLiquidation", "TotalCashValue"}) say("63|1|" + f[2] + "|DU1234567|" + tag + "|1000000|USD|");
      say("64|1|" + f[2] + "|");
    }
    if (id == 6) say("54|1|DU1234567|");
    if (id == 99) say("102|");
    if (id == 49) say("49|1|1775433600|");
    if (id == 1 && request_.empty()) request_ = f[2];
  }
  void quote(int type, const std::string& price) { say("1|6|" + request_ + "|" + std::to_string(type) + "|" + price + "|300|1|"); }
  /// Answers what the client asks for half a second: then it is ready, and a quote brings an order.
  void catch_up() {
    for (const auto until = now_ns() + 500'000'000; now_ns() < until; ::usleep(1'000)) {
      while (in_.size() >= 4 || wire_.has_more()) {
        const auto fields = next();
        if (fields.empty()) return;
        answer(fields);
      }
    }
  }
  /// Spins for the next order; its fields, or none when the client has gone.
  std::vector<std::string> order() {
    for (;;) {
      auto fields = next();
      if (fields.empty() || fields[0] == "3") return fields;
      answer(fields);
    }
  }
  /// Its terms are in force: openOrder and orderStatus, as IB answers.
  void working(const std::vector<std::string>& order) {
    constexpr std::size_t quantity = 17, limit = 19, reference = 26;  // fields of placeOrder, server version 176
    ib::wire::OpenOrder open;
    open.orderId = std::stoi(order[1]);
    open.contract.conId = std::stoi(order[2]);
    open.contract.symbol = order[3];
    open.contract.secType = order[4];
    open.contract.exchange = order[9];
    open.contract.currency = order[11];
    open.order.action = order[16];
    open.order.totalQuantity = ib::wire::Number::from(shares(std::stoi(order[quantity])));
    open.order.orderType = order[18];
    open.order.lmtPrice = ib::wire::Number::from(Price::nearest(std::stod(order[limit])));
    open.order.tif = order[21];
    open.order.account = order[23];
    open.order.orderRef = order[reference];
    open.order.permId = 1380000001;
    open.order.clientId = 7;
    open.state.status = "Submitted";
    out_.clear();
    if (!ib::wire::encode_event(out_, 176, open)) std::abort();
    wire_.send(out_.view());
    say("3|" + order[1] + "|Submitted|0|" + order[quantity] + "|0|1380000001|0|0|7||0|");
  }

 private:
  Wire wire_;
  ib::wire::OutBuffer out_;
  std::string in_;
  std::string request_;
};

/// Changes its mind with every tick: half of the position, all of it, half of it. So every tick brings new terms of the order
/// that works, through the strategy, the ensemble, the dealer and the gate. (Prices alone would not: a limit that stands at or
/// inside the touch is left in its place in the queue.)
class Buyer final : public strategy::Strategy {
 public:
  [[nodiscard]] std::string_view name() const override { return "buyer"; }
  void declare(strategy::Declaration& d) override {
    (void)d.feature({.kind = features::Kind::ImbalanceL1});
    (void)d.feature({.kind = features::Kind::Ofi});
  }
  void on_quote(const strategy::View&, const Quote& quote, strategy::Signals& signals) override {
    whole_ = !whole_;
    signals.say({.instrument = quote.instrument, .score = whole_ ? 1.0 : 0.5, .confidence = 1, .horizon = hours(10), .why = "long"});
  }
  void reset() override { whole_ = false; }

 private:
  bool whole_ = false;
};

/// The engine under test, inline on one thread, waiting in a spin.
void run_engine(std::uint16_t port, const std::filesystem::path& folder, std::atomic<bool>& stop, const std::atomic<bool>& resting) {
  runtime::WallClock clock;
  ib::ClientSettings settings;
  settings.link.port = port;
  settings.link.version_max = 176;
  settings.link.messages_per_second = 1'000'000;
  settings.link.orders_per_second = 1'000'000;  // the way of a tick is measured, not IB's limits
  settings.state_folder = folder;
  ib::Client client(settings, clock);
  const Instrument stock{.id = InstrumentId{0}, .contract = ContractId{265598}, .symbol = "AAPL", .exchange = "SMART", .primary_exchange = "NASDAQ",
                         .currency = "USD", .ticks = TickTable::flat(price(0, 1)), .size_increment = shares(1)};
  client.want(stock, {.quotes = true});
  KernelConfig config{.instruments_max = 2};
  config.limits.order_window_s = 1e-6;  // the rate is looked at and never reached
  config.limits.duplicate_window_s = 0;
  config.host.signals_per_second_max = 1'000'000;
  config.execution.reprice_interval_s = 0;
  config.execution.patience_s = 1e6;
  config.execution.collar_bp = 1'000;
  std::vector<Enlisted> strategies;
  strategies.push_back({std::make_unique<Buyer>(), {.universe = {InstrumentId{0}}, .settings = {}, .running = true}});
  Kernel kernel(config, std::move(strategies));
  runtime::Drive drive(kernel, client, clock, {});
  const EngineStarted started{.session = 1, .mode = TradingMode::Paper, .account = "DU1234567", .base_currency = "USD"};
  drive.tell(Boxed<EngineStarted>{&started});
  drive.tell(Boxed<Instrument>{&stock});
  drive.tell(PhaseChange{.instrument = InstrumentId{0}, .phase = TradingPhase::Regular, .trade_date = date_of(2026, 11, 23), .until = clock.now() + hours(6)});
  while (!stop.load(std::memory_order_relaxed)) {
    (void)drive.step();
    // Three spinning threads on two cores measure the scheduler.
    while (resting.load(std::memory_order_relaxed) && !stop.load(std::memory_order_relaxed)) ::usleep(1'000);
  }
}

/// Round trips of the engine, microseconds. False: a tick brought no order, and nothing was measured.
bool engine_round(Gateway& gateway, int ticks, Samples& out, bool& up) {
  for (int i = 0; i < ticks; ++i, up = !up) {
    const auto start = now_ns();
    gateway.quote(1, up ? "100.01" : "100.00");
    const auto order = gateway.order();
    if (order.empty()) return false;
    out.add(static_cast<double>(now_ns() - start) * 1e-3);
    gateway.working(order);
    for (const auto until = now_ns() + 30'000; now_ns() < until;) {
    }
  }
  return true;
}

void echo_round(Wire& wire, int ticks, Samples& out) {
  const std::string tick(tick_bytes, 'x');
  for (int i = 0; i < ticks; ++i) {
    std::string in;
    const auto start = now_ns();
    wire.send(tick);
    while (in.size() < order_bytes && wire.take(in)) {
    }
    out.add(static_cast<double>(now_ns() - start) * 1e-3);
    for (const auto until = now_ns() + 30'000; now_ns() < until;) {
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  Report report(argc, argv);
  const auto folder = std::filesystem::temp_directory_path() / fmt::format("robo-socket-{}", ::getpid());
  std::filesystem::remove_all(folder);
  std::atomic<bool> stop{false}, resting{false};

  Listener engine_port, echo_port;
  std::thread engine([&] { run_engine(engine_port.port(), folder, stop, resting); });
  Gateway gateway(engine_port.accept());
  const auto give_up = [&](const char* why) {
    stop.store(true);
    engine.join();
    std::filesystem::remove_all(folder);
    std::fprintf(stderr, "%s\n", why);
    return 1;
  };
  if (!gateway.welcome()) return give_up("the engine hung up in the handshake");
  bool up = false;
  gateway.quote(2, "100.02");
  gateway.quote(1, "100.00");
  gateway.catch_up();
  gateway.quote(1, "100.01");
  gateway.working(gateway.order());
  up = false;

  Samples warm, ours, echo;
  if (!engine_round(gateway, 2'000, warm, up)) return give_up("a tick brought no order");
  for (int round = 0; round < report.rounds(); ++round) {
    Samples a, b;
    if (!engine_round(gateway, 5'000, a, up)) return give_up("a tick brought no order");
    resting.store(true);
    std::thread echoing([&] {
      Wire wire(echo_port.accept());
      const std::string reply(order_bytes, 'y');
      std::string in;
      while (wire.take(in))
        for (; in.size() >= tick_bytes; in.erase(0, tick_bytes)) wire.send(reply);
    });
    {
      Wire wire(connect_to(echo_port.port()));
      echo_round(wire, 5'000, b);
    }
    echoing.join();
    resting.store(false);
    for (const double x : a.figures()) ours.add(x);
    for (const double x : b.figures()) echo.add(x);
  }
  stop.store(true);
  engine.join();
  std::filesystem::remove_all(folder);
  report.row({.name = "socket/tick_bytes_to_order_bytes", .unit = "us", .samples = ours, .rival = "echo of the same sizes, both ends spin",
              .rival_version = "same run", .rival_samples = echo, .bars = {at_most(Of::Ratio, 1.5)},
              .note = "inline: recv, decode, kernel, gate, encode, send; the order is a change of the one that works: a new quantity"});
  return report.exit_code();
}
