#include <boost/asio/buffer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>
#include <chrono>
#include <deque>

#include "edge/serve/detail/sessions.hpp"

namespace robo::serve::detail {
namespace {

namespace beast = boost::beast;
namespace websocket = beast::websocket;
using tcp = boost::asio::ip::tcp;

constexpr auto handshake_within = std::chrono::seconds(5);
constexpr auto silence = std::chrono::seconds(20);  // a ping is sent at half of it
constexpr int send_buffer = 256 * 1024;             // what the system keeps for a slow page

class WsSession : public Wire, public std::enable_shared_from_this<WsSession> {
 public:
  WsSession(tcp::socket socket, Upgrade upgrade, Context& context) : ws_(std::move(socket)), upgrade_(std::move(upgrade)), context_(context) { ++context_.connections; }
  ~WsSession() override { --context_.connections; }

  void accept() {
    beast::error_code ignored;
    beast::get_lowest_layer(ws_).socket().set_option(boost::asio::socket_base::send_buffer_size(send_buffer), ignored);
    beast::get_lowest_layer(ws_).socket().set_option(tcp::no_delay(true), ignored);
    beast::get_lowest_layer(ws_).expires_never();
    ws_.set_option(websocket::stream_base::timeout{handshake_within, silence, true});
    ws_.auto_fragment(false);  // a message is one frame: it is in memory whole anyway
    ws_.read_message_max(context_.settings.message_bytes_max);
    // The head goes through Beast's own parser again: the message type of the HTTP session stays out of this file.
    ws_.async_accept(boost::asio::buffer(upgrade_.head), [self = shared_from_this()](beast::error_code error) {
      if (error) return;
      self->context_.hub.join(self, self->upgrade_.trusted, self->context_.now());
      self->joined_ = true;
      self->read();
    });
  }

  void send(Bytes bytes, bool binary) override {
    if (closing_) return;
    out_.push_back({std::move(bytes), binary});
    if (out_.size() == 1) write();
  }
  bool idle() const override { return out_.empty(); }

  void close(std::uint16_t code, std::string_view reason) override {
    if (closing_) return;
    closing_ = true;
    goodbye_ = websocket::close_reason(static_cast<websocket::close_code>(code), beast::string_view(reason.data(), std::min<std::size_t>(reason.size(), 120)));
    if (out_.empty()) say_goodbye();
  }

  void abort() override {
    closing_ = true;
    beast::error_code ignored;
    beast::get_lowest_layer(ws_).socket().close(ignored);
  }

 private:
  void read() {
    ws_.async_read(in_, [self = shared_from_this()](beast::error_code error, std::size_t) {
      if (error) return self->gone();
      const auto data = self->in_.cdata();
      self->context_.hub.receive(self.get(), std::string_view(static_cast<const char*>(data.data()), data.size()), self->ws_.got_binary(), self->context_.now());
      self->in_.consume(self->in_.size());
      self->read();
    });
  }

  void write() {
    ws_.binary(out_.front().binary);
    ws_.async_write(boost::asio::buffer(*out_.front().bytes), [self = shared_from_this()](beast::error_code error, std::size_t) {
      if (error) return self->gone();
      self->out_.pop_front();
      if (!self->out_.empty()) return self->write();
      if (self->closing_) self->say_goodbye();
    });
  }

  void say_goodbye() {
    ws_.async_close(goodbye_, [self = shared_from_this()](beast::error_code) { self->gone(); });
  }

  void gone() {
    closing_ = true;
    if (joined_) context_.hub.leave(this);
    joined_ = false;
  }

  struct Message {
    Bytes bytes{};
    bool binary{};
  };
  websocket::stream<beast::tcp_stream, false> ws_;  // false: no permessage-deflate
  Upgrade upgrade_;
  Context& context_;
  beast::flat_buffer in_;
  std::deque<Message> out_;
  websocket::close_reason goodbye_;
  bool joined_ = false, closing_ = false;
};

}  // namespace

void serve_stream(tcp::socket socket, Upgrade upgrade, Context& context) { std::make_shared<WsSession>(std::move(socket), std::move(upgrade), context)->accept(); }

}  // namespace robo::serve::detail
