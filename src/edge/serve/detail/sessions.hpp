#pragma once
// Connections. Beast is behind these two functions, each in its own .cpp: it costs 20 s to compile.

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <memory>
#include <string>

#include "edge/serve/api.hpp"
#include "edge/serve/hub.hpp"

namespace robo::serve::detail {

/// What every connection needs; outlives them all. Thread: server.
struct Context {
  const Settings& settings;
  Api& api;
  Hub& hub;
  const Guard& guard;
  Metrics& metrics;
  std::function<double()> now{};  // steady seconds
  std::size_t connections{};
};

/// Serves HTTP on a socket until it closes or becomes a stream.
void serve_http(boost::asio::ip::tcp::socket socket, Context& context);

/// A WebSocket handshake as the HTTP session read it: the head of the request, byte for byte.
struct Upgrade {
  std::string head{};
  bool trusted{};
};
/// Accepts the upgrade and hands the connection to the hub.
void serve_stream(boost::asio::ip::tcp::socket socket, Upgrade upgrade, Context& context);

}  // namespace robo::serve::detail
