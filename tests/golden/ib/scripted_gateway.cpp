#include "golden/ib/scripted_gateway.hpp"

#include <cerrno>
#include <stdexcept>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "edge/ib/wire/decode.hpp"
#include "edge/ib/wire/encode.hpp"
#include "edge/ib/wire/generated/request_layouts.hpp"
#include "edge/ib/wire/handshake.hpp"
#include "golden/ib/tracer.hpp"

namespace robo::ib {

namespace {

/// Fills a message from words: a Reader whose payload is a map. Lists stay empty.
class WordReader {
 public:
  static constexpr bool reading = true;
  WordReader(const Words& words, int version) : words_(words), version_(version) {}
  int version() const { return version_; }
  void text(const char* name, std::string_view& v) {
    if (const std::string* word = find(name)) v = *word;
  }
  void tag_values(const char* name, std::string_view& v) { text(name, v); }
  template <class Int>
  void integer(const char* name, Int& v) {
    if (const std::string* word = find(name)) v = static_cast<Int>(std::stoll(*word));
  }
  void integer_or_unset(const char* name, std::int32_t& v) { integer(name, v); }
  void integer_spelled(const char* name, std::int32_t& v) { integer(name, v); }
  template <class Flag>
  void flag(const char* name, Flag& v) {
    if (const std::string* word = find(name)) v = *word != "0";
  }
  void number(const char* name, wire::Number& v) {
    if (const std::string* word = find(name)) v = wire::parse_number(*word).value();
  }
  void number_or_unset(const char* name, wire::Number& v) { number(name, v); }
  void number_spelled(const char* name, wire::Number& v) { number(name, v); }
  void decimal(const char* name, wire::Number& v) { number(name, v); }
  void constant(const char*, std::string_view) {}
  void refuse(wire::WireError::Kind, const char*) {}
  template <class Item, class Each>
  void list(const char* name, std::vector<Item>& items, Each&& each) {
    if (find(name) == nullptr) return;
    used_.insert(name);
    each(*this, items.emplace_back());
  }
  /// A word no field asked for is a slip of the pen in the scene.
  std::string unused() const {
    for (const auto& [name, value] : words_) {
      if (!used_.contains(name)) return name;
    }
    return {};
  }

 private:
  const std::string* find(std::string_view name) {
    const auto found = words_.find(name);
    if (found == words_.end()) return nullptr;
    used_.emplace(name);
    return &found->second;
  }
  const Words& words_;
  std::set<std::string, std::less<>> used_;
  int version_;
};

template <class M>
void say_message(wire::OutBuffer& out, const Words& words, int version) {
  M message;
  WordReader reader(words, version);
  layout(reader, message);
  if (const std::string unused = reader.unused(); !unused.empty()) {
    throw std::runtime_error(std::string(M::message_name) + " has no field " + unused + " at version " + std::to_string(version));
  }
  if (const auto done = wire::encode_event(out, version, message); !done) throw std::runtime_error(to_text(done.error()));
}

}  // namespace

ScriptedGateway::ScriptedGateway() {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (listener_ < 0 || ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 4) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error("cannot listen on the loopback");
  }
  port_ = ntohs(address.sin_port);
}

ScriptedGateway::~ScriptedGateway() {
  hang_up();
  ::close(listener_);
}

bool ScriptedGateway::step() {
  if (client_ < 0) {
    client_ = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (client_ < 0) return false;
    const int on = 1;
    ::setsockopt(client_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ++connections_;
    hello_ = false;
    in_.clear();
    out_.clear();
    return true;
  }
  flush();
  const auto space = in_.space();
  const ssize_t count = ::recv(client_, space.data(), space.size(), 0);
  if (count == 0 || (count < 0 && errno != EAGAIN)) {
    ::close(client_);
    client_ = -1;
    return true;
  }
  if (count < 0) return false;
  in_.received(static_cast<std::size_t>(count));
  if (!hello_) {
    const auto hello = wire::take_hello(in_);
    if (!hello) throw std::runtime_error(std::string(to_text(hello.error())));
    hello_ = hello->has_value();
    if (!hello_) return true;
  }
  for (auto next = in_.next(); next && *next; next = in_.next()) {
    const auto result = wire::decode_request(**next, version, [&](const auto& request) {
      wire::Tracer tracer(wire::Side::Client, version);
      if constexpr (requires { layout(tracer, request); }) layout(tracer, request);
      Asked seen{.name = std::string(request.message_name)};
      for (const auto& [name, value] : tracer.fields()) seen.fields.emplace(name, value);
    asked.push_back(std::move(seen));
    });
    EXPECT_TRUE(result) << "the client sent what no gateway reads: " << to_text(result.error());
  }
  return true;
}

void ScriptedGateway::flush() {
  while (client_ >= 0 && !out_.empty()) {
    const ssize_t count = ::send(client_, out_.view().data(), out_.size(), MSG_NOSIGNAL);
    if (count <= 0) return;
    out_.sent(static_cast<std::size_t>(count));
  }
}

void ScriptedGateway::say(const std::string& event, const Words& fields) {
#define ROBO_IB_SAY(M) \
  if (event == wire::M::message_name) return say_message<wire::M>(out_, fields, version), flush();
  ROBO_IB_EVENTS(ROBO_IB_SAY)
#undef ROBO_IB_SAY
  throw std::runtime_error("no event is called " + event);
}

void ScriptedGateway::say_payload(std::string_view payload) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(payload.size() >> shift));
  bytes.append(payload);
  say_bytes(bytes);
}

void ScriptedGateway::say_bytes(std::string_view bytes) {
  out_.append(bytes);
  flush();
}

void ScriptedGateway::greet(int server_version) {
  version = server_version;
  wire::encode_greeting(out_, server_version, "20261123 09:00:00 US/Eastern");
  flush();
}

void ScriptedGateway::hang_up() {
  flush();
  if (client_ >= 0) ::close(client_);
  client_ = -1;
}

}  // namespace robo::ib
