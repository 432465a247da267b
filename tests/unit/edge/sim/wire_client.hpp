#pragma once
// A small IB client for tests: speaks to a GatewayServer over a real socket through our own codec.

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "edge/ib/wire/decode.hpp"
#include "edge/ib/wire/encode.hpp"
#include "edge/ib/wire/handshake.hpp"

namespace robo::sim::scene {

namespace wire = robo::ib::wire;

/// One message, as text a test can look for: name and the fields that matter.
struct Heard {
  std::int32_t id{};
  std::string name;
  std::string text;
  std::int32_t code{};   // of errors
  std::int32_t about{};  // request or order id
  std::int32_t con_id{};
  std::string hours{};   // of contract details
};

class WireClient {
 public:
  explicit WireClient(std::uint16_t port, int version_max = 200, std::int32_t client_id = 1) {
    fd_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(fd_, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0;
    if (!connected_ || client_id < 0) return;
    wire::OutBuffer out;
    wire::encode_hello(out, {100, version_max, {}});
    send_bytes(out.view());
    const wire::Hello offered{100, version_max, {}};
    const auto greeting = frame();
    if (greeting.empty()) return;
    const wire::OwnedFrame owned(greeting);
    const auto parsed = wire::parse_greeting(owned.frame(), offered);
    if (!parsed || !*parsed) return;
    version_ = (*parsed)->version;
    send(wire::StartApi{.clientId = client_id, .optionalCapabilities = ""});
  }
  ~WireClient() { close(); }
  WireClient(const WireClient&) = delete;
  WireClient& operator=(const WireClient&) = delete;
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

  [[nodiscard]] bool connected() const { return connected_; }
  [[nodiscard]] int version() const { return version_; }
  [[nodiscard]] bool closed_by_server() const { return over_; }

  template <class M>
  void send(const M& message) {
    wire::OutBuffer out;
    const auto done = wire::encode_request(out, version_, message);
    ASSERT_TRUE(done) << to_text(done.error());
    send_bytes(out.view());
  }
  void send_bytes(std::string_view bytes) { (void)!::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL); }

  /// Reads until `wanted` says yes, or `patience` is over. What was read stays in heard.
  bool until(const std::function<bool(const Heard&)>& wanted, int patience_ms = 3000) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(patience_ms);
    while (std::chrono::steady_clock::now() < end && !over_) {
      const auto payload = frame(50);
      if (payload.empty()) continue;
      heard.push_back(version_ == 0 ? Heard{} : decode(payload));
      if (wanted(heard.back())) return true;
    }
    return false;
  }
  bool until_name(std::string_view name, int patience_ms = 3000) {
    return until([&](const Heard& h) { return h.name == name; }, patience_ms);
  }
  bool until_code(std::int32_t code, int patience_ms = 3000) {
    return until([&](const Heard& h) { return h.code == code; }, patience_ms);
  }
  void listen(int ms) {
    until([](const Heard&) { return false; }, ms);
  }
  [[nodiscard]] std::size_t count(std::string_view name) const {
    std::size_t n = 0;
    for (const auto& h : heard) n += h.name == name;
    return n;
  }
  [[nodiscard]] const Heard* last(std::string_view name) const {
    for (auto h = heard.rbegin(); h != heard.rend(); ++h)
      if (h->name == name) return &*h;
    return nullptr;
  }

  std::vector<Heard> heard;

 private:
  std::string frame(int patience_ms = 3000) {
    for (;;) {
      const auto next = in_.next();
      if (!next) {
        over_ = true;
        return {};
      }
      if (*next) return std::string((*next)->view());
      pollfd p{fd_, POLLIN, 0};
      if (::poll(&p, 1, patience_ms) <= 0) return {};
      const auto space = in_.space();
      const auto got = ::recv(fd_, space.data(), space.size(), 0);
      if (got <= 0) {
        over_ = true;
        return {};
      }
      in_.received(static_cast<std::size_t>(got));
    }
  }

  Heard decode(const std::string& payload) {
    Heard h;
    const wire::OwnedFrame owned(payload);
    const auto read = wire::decode_event(owned.frame(), version_, [&](const auto& message) {
      using M = std::remove_cvref_t<decltype(message)>;
      h.id = M::message_id;
      h.name = M::message_name;
      if constexpr (std::is_same_v<M, wire::ErrorMessage>) {
        h.code = message.errorCode;
        h.about = message.id;
        h.text = message.errorMsg;
      } else if constexpr (std::is_same_v<M, wire::OrderStatus>) {
        h.about = message.orderId;
        h.text = std::string(message.status) + " " + message.filled.to_text() + "/" + message.remaining.to_text() + " " + std::string(message.whyHeld);
      } else if constexpr (std::is_same_v<M, wire::OpenOrder>) {
        h.about = message.orderId;
        h.text = std::string(message.state.status) + " " + std::string(message.order.action) + " " + message.order.totalQuantity.to_text() + " " + std::string(message.order.orderType) + " " +
                 std::string(message.contract.symbol) + " " + std::string(message.state.initMarginAfter) + " " + message.state.commissionAndFees.to_text();
      } else if constexpr (std::is_same_v<M, wire::ExecDetails>) {
        h.about = message.execution.orderId;
        h.text = std::string(message.execution.side) + " " + message.execution.shares.to_text() + " @ " + message.execution.price.to_text() + " " + std::string(message.execution.execId) + " " +
                 std::string(message.execution.time);
      } else if constexpr (std::is_same_v<M, wire::CommissionReport>) {
        h.text = std::string(message.execId) + " " + message.commissionAndFees.to_text() + " " + std::string(message.currency);
      } else if constexpr (std::is_same_v<M, wire::NextValidId>) {
        h.about = message.orderId;
      } else if constexpr (std::is_same_v<M, wire::TickPrice>) {
        h.about = message.reqId;
        h.text = std::to_string(message.tickType) + " " + message.price.to_text();
      } else if constexpr (std::is_same_v<M, wire::ContractDetails>) {
        h.about = message.reqId;
        h.con_id = message.contract.conId;
        h.hours = std::string(message.timeZoneId) + " " + std::string(message.liquidHours);
        h.text = std::string(message.contract.symbol) + " " + std::string(message.contract.secType) + " " + std::string(message.longName) + " " + message.minTick.to_text();
      } else if constexpr (std::is_same_v<M, wire::HistoricalData>) {
        h.about = message.reqId;
        h.text = std::to_string(message.bars.size());
        if (!message.bars.empty()) h.text += " " + std::string(message.bars.front().date) + " " + message.bars.front().open.to_text() + " " + message.bars.front().high.to_text() + " " + message.bars.front().low.to_text() + " " + message.bars.front().close.to_text() + " " + message.bars.front().volume.to_text();
      } else if constexpr (std::is_same_v<M, wire::UpdateMktDepth> || std::is_same_v<M, wire::UpdateMktDepthL2>) {
        h.about = message.reqId;
        h.text = std::to_string(message.operation) + " " + std::to_string(message.side) + " " + std::to_string(message.position) + " " + message.price.to_text() + " " + message.size.to_text();
      } else if constexpr (std::is_same_v<M, wire::AccountSummary>) {
        h.text = std::string(message.tag) + "=" + std::string(message.value);
      } else if constexpr (std::is_same_v<M, wire::Position>) {
        h.text = std::string(message.contract.symbol) + " " + message.position.to_text() + " " + message.avgCost.to_text();
      } else if constexpr (std::is_same_v<M, wire::MarketDataType>) {
        h.about = message.reqId;
        h.text = std::to_string(message.marketDataType);
      } else if constexpr (std::is_same_v<M, wire::TickOptionComputation>) {
        h.about = message.reqId;
        h.text = std::to_string(message.tickType);
        for (const auto& number : {message.impliedVol, message.delta, message.optPrice, message.gamma, message.vega, message.theta, message.undPrice}) h.text += " " + number.to_text();
      } else if constexpr (std::is_same_v<M, wire::SecurityDefinitionOptionParameter>) {
        h.about = message.reqId;
        h.text = std::string(message.exchange) + " " + std::string(message.tradingClass) + " " + std::string(message.multiplier);
        for (const auto& one : message.expirations) h.text += " " + std::string(one.expiration);
        for (const auto& one : message.strikes) h.text += " " + one.strike.to_text();
      } else if constexpr (std::is_same_v<M, wire::CurrentTime>) {
        h.text = std::to_string(message.time);
      }
    });
    if (!read) {
      ADD_FAILURE() << to_text(read.error());
      h.name = "undecodable";
    }
    return h;
  }

  int fd_ = -1, version_ = 0;
  bool connected_ = false, over_ = false;
  wire::FrameBuffer in_;
};

}  // namespace robo::sim::scene
