#include "edge/sim/server/control.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/json.hpp>
#include <chrono>
#include <fmt/format.h>
#include <optional>
#include <thread>

#include "base/log.hpp"

namespace robo::sim {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bj = boost::json;
namespace http = beast::http;
using tcp = asio::ip::tcp;

constexpr std::size_t body_max = 1u << 20, header_max = 16u << 10, connections_max = 32;
constexpr auto patience = std::chrono::seconds(10);

struct Reply {
  unsigned status{200};
  std::string body{};
};

Reply wrong(unsigned status, std::string_view text) { return {status, bj::serialize(bj::object{{"error", text}})}; }

/// "127.0.0.1:7498", "localhost", "[::1]:80": this machine by a name of its own, so that no page of a stranger gets in by DNS.
bool names_this_machine(std::string_view host) {
  if (host.starts_with('[')) return host.substr(0, host.find(']') + 1) == "[::1]";
  host = host.substr(0, host.find(':'));
  return host == "localhost" || host.starts_with("127.") || host.empty();
}

class Api {
 public:
  Api(GatewayServer& gateway, const ControlSettings& settings) : gateway_(gateway), settings_(settings) {}

  Reply answer(const http::request<http::string_body>& request) {
    if (!settings_.token.empty()) {
      if (request[http::field::authorization] != "Bearer " + settings_.token) return wrong(401, "the token is missing or wrong: Authorization: Bearer TOKEN");
    } else if (!names_this_machine(request[http::field::host])) {
      return wrong(403, "the Host is not this machine's");
    }
    if (!std::string_view(request[http::field::origin]).empty()) return wrong(403, "browsers have no business here");
    std::string_view path = request.target();
    path = path.substr(0, path.find('?'));
    const auto method = request.method();
    const bool get = method == http::verb::get || method == http::verb::head;
    if (path == "/") return get ? overview() : not_allowed("GET");
    if (path == "/status") return get ? status() : not_allowed("GET");
    if (path == "/state") return get ? Reply{200, gateway_.dump()} : not_allowed("GET");
    if (path == "/faults") {
      if (get) return vocabulary();
      if (method == http::verb::delete_) return inject(Injection{.fault = fault::Clear{}, .when = {}});
      return method == http::verb::post ? faults(request.body()) : not_allowed("GET, POST, DELETE");
    }
    if (path.starts_with("/faults/")) return method == http::verb::post ? named(path.substr(8), request.body()) : not_allowed("POST");
    return wrong(404, "there are /, /status, /state, /faults and /faults/NAME");
  }

 private:
  static Reply not_allowed(std::string_view methods) { return wrong(405, fmt::format("this takes {}", methods)); }

  static Reply overview() {
    return {200, bj::serialize(bj::object{{"gateway-sim", "control"},
                                          {"GET /status", "counters"},
                                          {"GET /state", "clients, orders, executions, positions, cash, market"},
                                          {"GET /faults", "every fault with its members"},
                                          {"POST /faults", "one fault or a list of them"},
                                          {"POST /faults/NAME", "one fault's members"},
                                          {"DELETE /faults", "forget what waits"}})};
  }
  Reply status() {
    const auto s = gateway_.status();
    return {200, bj::serialize(bj::object{{"now", to_text(s.now)},
                                          {"port", gateway_.port()},
                                          {"clients", s.clients},
                                          {"clients_seen", s.clients_seen},
                                          {"clients_dropped", s.clients_dropped},
                                          {"requests", s.requests},
                                          {"events_played", s.events_played},
                                          {"market_over", s.market_over}})};
  }
  static Reply vocabulary() {
    bj::array all;
    const auto lines = fault_vocabulary();
    for (std::string_view rest = lines; !rest.empty();) {
      const auto line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(line.size() + 1);
      const auto space = line.find(' ');
      all.push_back(bj::object{{"fault", line.substr(0, space)}, {"members", space == std::string_view::npos ? std::string_view{} : line.substr(space + 1)}});
    }
    return {200, bj::serialize(all)};
  }
  Reply inject(const Injection& injection) {
    const auto done = gateway_.inject(injection);
    return done ? Reply{200, bj::serialize(bj::object{{"done", *done}})} : wrong(400, done.error().text);
  }
  Reply faults(const std::string& body) {
    bj::error_code error;
    const auto json = bj::parse(body, error);
    if (error) return wrong(400, fmt::format("this is no JSON: {}", error.message()));
    if (!json.is_array()) return one(body);
    std::vector<Injection> all;  // all of them are right, or none strikes
    for (const auto& item : json.get_array()) {
      const auto injection = parse_injection_json(bj::serialize(item));
      if (!injection) return wrong(400, fmt::format("fault {}: {}", all.size() + 1, injection.error().text));
      all.push_back(*injection);
    }
    bj::array done;
    for (const auto& injection : all) {
      const auto answer = gateway_.inject(injection);
      if (!answer) return wrong(400, fmt::format("fault {}: {}", done.size() + 1, answer.error().text));
      done.push_back(bj::string(*answer));
    }
    return {200, bj::serialize(bj::object{{"done", std::move(done)}})};
  }
  Reply named(std::string_view name, const std::string& body) {
    bj::error_code error;
    bj::value json = body.empty() ? bj::value(bj::object{}) : bj::parse(body, error);
    if (error || !json.is_object()) return wrong(400, "the body is an object of the fault's members, or empty");
    json.get_object()["fault"] = name;
    return one(bj::serialize(json));
  }
  Reply one(const std::string& body) {
    const auto injection = parse_injection_json(body);
    return injection ? inject(*injection) : wrong(400, injection.error().text);
  }

  GatewayServer& gateway_;
  const ControlSettings& settings_;
};

class Visit : public std::enable_shared_from_this<Visit> {
 public:
  Visit(tcp::socket socket, Api& api, std::size_t& open) : stream_(std::move(socket)), api_(api), open_(open) { ++open_; }
  ~Visit() { --open_; }

  void read() {
    parser_.emplace();
    parser_->header_limit(header_max);
    parser_->body_limit(body_max);
    stream_.expires_after(patience);
    http::async_read(stream_, buffer_, *parser_, [self = shared_from_this()](beast::error_code error, std::size_t) {
      if (error == http::error::body_limit) return self->write(wrong(413, "a body may have one MiB"), false);
      if (error == http::error::header_limit) return self->write(wrong(431, "headers may have 16 KiB"), false);
      if (!error) self->write(self->api_.answer(self->parser_->get()), self->parser_->get().keep_alive());
    });
  }

 private:
  void write(Reply reply, bool keep) {
    auto& out = response_.emplace();
    out.version(11);
    out.result(reply.status);
    out.keep_alive(keep);
    out.set(http::field::content_type, "application/json");
    out.set(http::field::cache_control, "no-store");
    const bool head = parser_->get().method() == http::verb::head;
    if (head) out.content_length(reply.body.size());
    else out.body() = std::move(reply.body), out.prepare_payload();
    stream_.expires_after(patience);
    http::async_write(stream_, out, [self = shared_from_this(), keep](beast::error_code error, std::size_t) {
      if (!error && keep) self->read();
    });
  }

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_{64 * 1024 + body_max};
  std::optional<http::request_parser<http::string_body>> parser_;
  std::optional<http::response<http::string_body>> response_;
  Api& api_;
  std::size_t& open_;
};

}  // namespace

struct ControlServer::Inside {
  Inside(GatewayServer& gateway, ControlSettings&& wanted) : settings(std::move(wanted)), api(gateway, settings) {}

  void accept() {
    acceptor.async_accept([this](boost::system::error_code error, tcp::socket socket) {
      if (!acceptor.is_open()) return;
      if (!error && open < connections_max) std::make_shared<Visit>(std::move(socket), api, open)->read();
      accept();
    });
  }

  ControlSettings settings;
  Api api;
  std::size_t open = 0;
  asio::io_context io{1};
  tcp::acceptor acceptor{io};
  std::uint16_t port = 0;
  std::thread thread;
};

ControlServer::ControlServer(GatewayServer& gateway, ControlSettings settings) : inside_(std::make_unique<Inside>(gateway, std::move(settings))) {}
ControlServer::~ControlServer() { stop(); }

Result<bool, Problem> ControlServer::start() {
  auto& in = *inside_;
  boost::system::error_code error;
  const auto address = asio::ip::make_address(in.settings.address, error);
  if (error) return fail(Problem{fmt::format("'{}' is no address", in.settings.address)});
  if (!address.is_loopback() && in.settings.token.empty()) return fail(Problem{fmt::format("control on {} would be open to others: give it a token, or leave it on 127.0.0.1", in.settings.address)});
  const tcp::endpoint endpoint(address, in.settings.port);
  in.acceptor.open(endpoint.protocol(), error);
  if (!error) in.acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) in.acceptor.bind(endpoint, error);
  if (!error) in.acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return fail(Problem{fmt::format("control port {} on {}: {}; choose another, or 0 for any free one", in.settings.port, in.settings.address, error.message())});
  in.port = in.acceptor.local_endpoint().port();
  in.accept();
  in.thread = std::thread([&in] {
    while (!in.io.stopped()) {
      try {
        in.io.run();
      } catch (const std::exception& bug) {  // one visitor's trouble must not end the others
        log::error("gateway-sim", "control: {}", bug.what());
      }
    }
  });
  return true;
}

void ControlServer::stop() {
  auto& in = *inside_;
  if (!in.thread.joinable()) return;
  asio::post(in.io, [&in] {
    boost::system::error_code ignored;
    in.acceptor.close(ignored);
    in.io.stop();
  });
  in.thread.join();
}

std::uint16_t ControlServer::port() const { return inside_->port; }

}  // namespace robo::sim
