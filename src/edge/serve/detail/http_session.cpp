#include <boost/asio/dispatch.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <chrono>
#include <fmt/format.h>
#include <sstream>

#include "base/log.hpp"
#include "edge/serve/detail/sessions.hpp"

namespace robo::serve::detail {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using tcp = boost::asio::ip::tcp;

constexpr std::string_view stream_path = "/api/v1/stream";
constexpr auto linger = std::chrono::seconds(1);
constexpr std::size_t linger_bytes = 1u << 20;

std::chrono::nanoseconds length(Duration duration) { return std::chrono::nanoseconds(duration.ns); }

class HttpSession : public std::enable_shared_from_this<HttpSession> {
 public:
  HttpSession(tcp::socket socket, Context& context) : stream_(std::move(socket)), context_(context) { ++context_.connections; }
  ~HttpSession() { --context_.connections; }

  void read() {
    parser_.emplace();
    parser_->header_limit(context_.settings.header_bytes_max);
    parser_->body_limit(context_.settings.body_bytes_max);
    stream_.expires_after(length(context_.settings.request_timeout));
    http::async_read_header(stream_, buffer_, *parser_, [self = shared_from_this()](beast::error_code error, std::size_t) { self->on_head(error); });
  }

 private:
  void on_head(beast::error_code error) {
    if (error) return refuse_unread(error);
    const auto& head = parser_->get();
    if (beast::websocket::is_upgrade(head)) return upgrade();
    // The guard speaks before the body is read: a stranger cannot make us wait for 64 KiB. The deadline stays the one of the head.
    http::async_read(stream_, buffer_, *parser_, [self = shared_from_this()](beast::error_code read_error, std::size_t) { self->on_request(read_error); });
  }

  Request request() const {
    const auto& message = parser_->get();
    const auto field = [&](http::field name) { return std::string(message[name]); };
    return {.method = std::string(message.method_string()), .target = std::string(message.target()), .host = field(http::field::host), .origin = field(http::field::origin),
            .authorization = field(http::field::authorization), .content_type = field(http::field::content_type), .accept = field(http::field::accept),
            .if_none_match = field(http::field::if_none_match), .body = message.body()};
  }

  void on_request(beast::error_code error) {
    if (error) return refuse_unread(error);
    const auto asked = request();
    Response response;
    try {
      response = context_.api.handle(asked, context_.now());
    } catch (const std::exception& bug) {
      log::error("serve", "{} {}: {}", asked.method, asked.target, bug.what());
      response = context_.api.refuse(500, "internal", "this is a bug of the server; its log has more", context_.now());
    }
    write(std::move(response), asked.method == "HEAD", parser_->get().keep_alive(), asked.host);
  }

  void upgrade() {
    const auto asked = request();
    const auto now = context_.now();
    const auto no = [&](unsigned status, std::string_view code, std::string text) { write(context_.api.refuse(status, code, std::move(text), now), false, false, asked.host); };
    const auto target = parse_target(asked.target);
    if (!target.valid || target.path != stream_path) return no(404, "not_found", "the stream is at /api/v1/stream");
    if (const auto refused = context_.guard.check(asked, Guard::Kind::Stream)) return no(refused->status, refused->code, refused->text);
    if (context_.hub.clients() >= context_.settings.clients_max) return no(429, "too_many", fmt::format("{} pages are connected already", context_.hub.clients()));
    std::ostringstream head;
    head << parser_->get().base();
    serve_stream(stream_.release_socket(), {.head = std::move(head).str(), .trusted = !asked.authorization.empty()}, context_);
  }

  /// A request that could not be read to its end.
  void refuse_unread(beast::error_code error) {
    if (error == http::error::end_of_stream) return close();
    const auto now = context_.now();
    const auto no = [&](unsigned status, std::string_view code, std::string text) { write(context_.api.refuse(status, code, std::move(text), now), false, false, {}); };
    if (error == http::error::body_limit) return no(413, "body_too_large", fmt::format("a body may have {} bytes", context_.settings.body_bytes_max));
    if (error == http::error::header_limit) return no(431, "headers_too_large", fmt::format("headers may have {} bytes", context_.settings.header_bytes_max));
    if (error.category() == http::make_error_code(http::error::bad_target).category() && error != http::error::partial_message) return no(400, "bad_request", "this is not HTTP: " + error.message());
    // Gone, or too slow: nobody waits for an answer.
    beast::error_code ignored;
    stream_.socket().close(ignored);
  }

  void write(Response response, bool head_only, bool keep, std::string_view host) {
    context_.metrics.request(response.status);
    response_.emplace();
    auto& out = *response_;
    out.version(11);
    out.result(response.status);
    out.keep_alive(keep);
    out.set(http::field::server, "robotrader");
    out.set(http::field::content_type, response.content_type);
    add_security_headers(response, host);
    for (const auto& [name, value] : response.headers) out.set(name, value);
    const auto size = response.body.size();
    if (response.status == 304) {
      out.erase(http::field::content_type);
    } else if (head_only) {
      out.content_length(size);
    } else {
      out.body() = std::move(response.body);
      out.prepare_payload();
    }
    stream_.expires_after(length(context_.settings.slow_client));
    http::async_write(stream_, out, [self = shared_from_this(), keep](beast::error_code error, std::size_t) {
      if (error) return self->close();
      if (keep) return self->read();
      self->drain();
    });
  }

  /// Reads on for a moment after the last answer, so that a client that still sends does not lose it to a reset.
  void drain() {
    beast::error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    stream_.expires_after(linger);
    drain_more();
  }
  void drain_more() {
    buffer_.clear();
    stream_.async_read_some(buffer_.prepare(16 * 1024), [self = shared_from_this()](beast::error_code error, std::size_t size) {
      self->drained_ += size;
      if (error || self->drained_ > linger_bytes) return self->close();
      self->drain_more();
    });
  }

  void close() {
    beast::error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_both, ignored);
    stream_.socket().close(ignored);
  }

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_{128 * 1024};
  std::optional<http::request_parser<http::string_body>> parser_;
  std::optional<http::response<http::string_body>> response_;
  Context& context_;
  std::size_t drained_ = 0;
};

}  // namespace

void serve_http(tcp::socket socket, Context& context) { std::make_shared<HttpSession>(std::move(socket), context)->read(); }

}  // namespace robo::serve::detail
