#pragma once
// A hundred stocks on a gateway, and a client that says messages and counts what comes.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <fmt/core.h>
#include <vector>

#include "edge/ib/wire/encode.hpp"
#include "edge/ib/wire/handshake.hpp"
#include "edge/sim/server/server.hpp"

namespace robo::bench {

inline constexpr std::uint32_t symbols = 100;
inline constexpr Timestamp opening{1'514'903'400'000'000'000};  // 2018-01-02 9:30 in New York

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
      event.at = event.received_at = Timestamp{opening.ns + static_cast<std::int64_t>(count_) * step_};
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

}  // namespace robo::bench
