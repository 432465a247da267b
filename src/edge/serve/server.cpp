#include "edge/serve/server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <fmt/format.h>
#include <stdexcept>
#include <thread>

#include "base/invariant.hpp"
#include "base/log.hpp"
#include "edge/serve/detail/sessions.hpp"

namespace robo::serve {
namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

constexpr auto frame = std::chrono::microseconds(16'667);
constexpr std::size_t drain_at_once = 65'536;
constexpr double goodbye_within_s = 0.5;

double steady_seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

}  // namespace

struct Server::Inside {
  Inside(Settings&& s, Catalogue&& catalogue, runtime::OperatorDoor& operators, std::function<Figures()>&& f)
      : settings(std::move(s)), figures(std::move(f)), epoch(make_token().substr(0, 16)), guard(settings, make_token()), model(std::move(catalogue)),
        api(settings, model, operators, guard, metrics, epoch), hub(settings, model, guard, metrics, epoch) {}

  void accept() {
    acceptor.async_accept([this](boost::system::error_code error, tcp::socket socket) {
      if (!acceptor.is_open()) return;
      if (error) {  // out of descriptors, most likely: try again in a moment
        log::warn("serve", "accept: {}", error.message());
        retry.expires_after(std::chrono::milliseconds(100));
        retry.async_wait([this](boost::system::error_code stopped) {
          if (!stopped) accept();
        });
        return;
      }
      if (context.connections >= settings.connections_max) turn_away(std::move(socket));
      else detail::serve_http(std::move(socket), context);
      accept();
    });
  }

  void turn_away(tcp::socket socket) {
    const auto no = api.refuse(503, "busy", fmt::format("{} connections are open, and that is all this server takes: close one and ask again", context.connections), steady_seconds());
    const auto full = fmt::format("HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nRetry-After: 1\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}", no.body.size(), no.body);
    boost::system::error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(full), ignored);
    socket.shutdown(tcp::socket::shutdown_both, ignored);
  }

  void wait_for_goodbyes(double until) {
    if (hub.clients() == 0 || steady_seconds() > until) return io.stop();
    retry.expires_after(std::chrono::milliseconds(5));
    retry.async_wait([this, until](boost::system::error_code) { wait_for_goodbyes(until); });
  }

  void drain(std::size_t most) {
    feed.drain(most, [&](const Word& word) { model.apply(word); }, [&](const Event& event) { model.apply(event); });
  }

  void tick() {
    timer.expires_at(timer.expiry() + frame);
    if (timer.expiry() < std::chrono::steady_clock::now()) timer.expires_after(frame);  // no catching up after a long frame
    timer.async_wait([this](boost::system::error_code error) {
      if (error) return;
      turn();
      tick();
    });
  }

  void turn() {
    const auto now = steady_seconds();
    metrics.backlog(feed.backlog(), feed.dropped());
    model.set_time(now);
    drain(drain_at_once);
    if (figures && now - figures_at > 0.25) {
      figures_at = now;
      latest = figures();
      metrics.others(latest.metrics);
    }
    model.tick(now, latest, feed.dropped());
    hub.tick(now);
    metrics.clients(hub.clients(), context.connections);
  }

  Settings settings;
  std::function<Figures()> figures;
  Figures latest{};
  double figures_at = 0;
  std::string epoch;
  Guard guard;
  ReadModel model;
  Metrics metrics;
  Api api;
  Hub hub;
  Feed feed;
  detail::Context context{.settings = settings, .api = api, .hub = hub, .guard = guard, .metrics = metrics, .now = steady_seconds, .connections = 0};
  asio::io_context io{1};
  tcp::acceptor acceptor{io};
  asio::steady_timer timer{io}, retry{io};
  std::uint16_t port = 0;
  std::thread thread;
};

Server::Server(Settings settings, Catalogue catalogue, runtime::OperatorDoor& operators, std::function<Figures()> figures)
    : inside_(std::make_unique<Inside>(std::move(settings), std::move(catalogue), operators, std::move(figures))) {}
Server::~Server() { stop(); }

runtime::Tap& Server::tap() { return inside_->feed; }

void Server::absorb() {
  INVARIANT(!inside_->thread.joinable());
  inside_->model.set_time(steady_seconds());
  inside_->drain(SIZE_MAX);
}

void Server::start() {
  auto& in = *inside_;
  if (const auto problems = problems_of(in.settings); !problems.empty()) throw std::runtime_error(problems.front().text);
  boost::system::error_code error;
  const tcp::endpoint endpoint(asio::ip::make_address(in.settings.bind), in.settings.port);
  in.acceptor.open(endpoint.protocol(), error);
  if (!error) in.acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) in.acceptor.bind(endpoint, error);
  if (!error) in.acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) throw std::runtime_error(fmt::format("cannot serve on {} port {}: {}; choose another serve.port, or 0 for any free one", in.settings.bind, in.settings.port, error.message()));
  in.port = in.acceptor.local_endpoint().port();
  in.accept();
  in.timer.expires_after(frame);
  in.tick();
  in.thread = std::thread([&in] {
    while (!in.io.stopped()) {
      try {
        in.io.run();
      } catch (const std::exception& bug) {  // one connection's trouble must not silence the desk
        log::error("serve", "{}", bug.what());
      }
    }
  });
}

void Server::stop() {
  auto& in = *inside_;
  if (!in.thread.joinable()) return;
  asio::post(in.io, [&in] {
    boost::system::error_code ignored;
    in.acceptor.close(ignored);
    in.hub.close_all(1001, "the engine stops");
    in.wait_for_goodbyes(steady_seconds() + goodbye_within_s);
  });
  in.thread.join();
  in.hub.clear();  // sockets go before their io_context
}

std::uint16_t Server::port() const { return inside_->port; }
std::string Server::address() const {
  const auto& bind = inside_->settings.bind;
  return fmt::format("http://{}:{}/", bind.find(':') != std::string::npos ? "[" + bind + "]" : bind, inside_->port);
}
std::string Server::link() const { return address() + "#token=" + inside_->guard.token(); }
const std::string& Server::token() const { return inside_->guard.token(); }

}  // namespace robo::serve
