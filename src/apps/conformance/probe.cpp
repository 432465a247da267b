#include "apps/conformance/probe.hpp"

#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstring>

#include <fmt/format.h>

#include "edge/ib/wire/decode.hpp"
#include "edge/sim/server/message_words.hpp"

namespace robo::apps::conformance {
namespace {

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

}  // namespace

std::int64_t Heard::number(std::string_view field) const {
  const auto text = (*this)[field];
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::int64_t Heard::about() const {
  for (const char* field : {"orderId", "reqId", "id"})
    if (fields.contains(field)) return number(field);
  return name == "error" ? 0 : -1;
}

Result<Probe, Problem> Probe::dial(const Endpoint& endpoint) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(endpoint.host.c_str(), std::to_string(endpoint.port).c_str(), &hints, &found) != 0 || found == nullptr)
    return fail(Problem{fmt::format("'{}' is no host that is known here", endpoint.host)});
  const int file = ::socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  int error = 0;
  if (::connect(file, found->ai_addr, found->ai_addrlen) != 0) {
    error = errno;
    pollfd ready{file, POLLOUT, 0};
    socklen_t size = sizeof error;
    if (error == EINPROGRESS) {
      if (::poll(&ready, 1, static_cast<int>(endpoint.patience * 1000)) == 1) ::getsockopt(file, SOL_SOCKET, SO_ERROR, &error, &size);
      else error = ETIMEDOUT;
    }
  }
  ::freeaddrinfo(found);
  if (error != 0) {
    ::close(file);
    return fail(Problem{fmt::format("{}:{}: {}; is TWS or the gateway running, its API enabled, and this machine trusted?", endpoint.host, endpoint.port, std::strerror(error))});
  }
  const int on = 1;
  ::setsockopt(file, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return Probe(file, endpoint.patience);
}

Result<Probe, Problem> Probe::ready(const Endpoint& endpoint, std::int32_t client, int version_max) {
  auto probe = dial(endpoint);
  if (!probe) return probe;
  if (!probe->greet(wire::version_oldest, version_max)) return fail(Problem{"it does not greet: is a dialog open that asks whether to accept the connection?"});
  (void)probe->send(wire::StartApi{.clientId = client, .optionalCapabilities = ""});
  const bool accounts = probe->await("managedAccounts") != nullptr || probe->count("managedAccounts") > 0;
  const bool ids = probe->count("nextValidId") > 0 || probe->await("nextValidId") != nullptr;
  if (probe->closed() || !ids || !accounts) {
    const auto refused = probe->error_about(-1, 0.2);
    return fail(Problem{refused == 326 ? fmt::format("client id {} is in use (326); give another with --client-id", client) : std::string("it greets and is never ready: no managedAccounts and nextValidId")});
  }
  return probe;
}

Probe::Probe(Probe&& other) noexcept
    : file_(std::exchange(other.file_, -1)), version_(other.version_), patience_(other.patience_), closed_(other.closed_), server_time_(std::move(other.server_time_)),
      trouble_(std::move(other.trouble_)), in_(std::move(other.in_)), heard_(std::move(other.heard_)), looked_(other.looked_) {}
Probe& Probe::operator=(Probe&& other) noexcept {
  if (this == &other) return *this;
  close();
  file_ = std::exchange(other.file_, -1);
  version_ = other.version_, patience_ = other.patience_, closed_ = other.closed_, looked_ = other.looked_;
  server_time_ = std::move(other.server_time_), trouble_ = std::move(other.trouble_), in_ = std::move(other.in_), heard_ = std::move(other.heard_);
  return *this;
}
Probe::~Probe() { close(); }
void Probe::close() {
  if (file_ >= 0) ::close(file_);
  file_ = -1;
}

bool Probe::send_bytes(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(file_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
      continue;
    }
    pollfd ready{file_, POLLOUT, 0};
    if (errno != EAGAIN || ::poll(&ready, 1, static_cast<int>(patience_ * 1000)) != 1) return closed_ = true, false;
  }
  return true;
}

bool Probe::greet(int version_min, int version_max) {
  wire::OutBuffer out;
  const wire::Hello hello{version_min, version_max, {}};
  wire::encode_hello(out, hello);
  if (!send_bytes(out.view())) return false;
  const double until = now() + patience_;
  while (version_ == 0 && !closed_ && now() < until) {
    const auto frame = in_.next();
    if (!frame) return closed_ = true, false;
    if (!*frame) {
      (void)receive(until);
      continue;
    }
    const auto greeting = wire::parse_greeting(**frame, hello);
    if (!greeting) return false;
    if (*greeting) version_ = (*greeting)->version, server_time_ = (*greeting)->time;
  }
  return version_ != 0;
}

/// Waits for bytes and puts them into the buffer.
bool Probe::receive(double until) {
  pollfd ready{file_, POLLIN, 0};
  const auto left = std::max(0.0, until - now());
  if (::poll(&ready, 1, static_cast<int>(std::min(left, 0.2) * 1000) + 1) != 1) return false;
  const auto space = in_.space();
  const auto got = ::recv(file_, space.data(), space.size(), 0);
  if (got > 0) return in_.received(static_cast<std::size_t>(got)), true;
  if (got == 0 || (errno != EAGAIN && errno != EINTR)) closed_ = true;
  return false;
}

const Heard* Probe::await(const std::function<bool(const Heard&)>& wanted, double seconds) {
  const double until = now() + (seconds > 0 ? seconds : patience_);
  for (;;) {
    while (looked_ < heard_.size())
      if (wanted(heard_[looked_++])) return &heard_[looked_ - 1];
    const auto frame = in_.next();
    if (!frame) return closed_ = true, nullptr;
    if (!*frame) {
      if (closed_ || now() >= until) return nullptr;
      (void)receive(until);
      continue;
    }
    Heard heard;
    const auto read = wire::decode_event(**frame, version_, [&](const auto& message) {
      heard.name = std::remove_cvref_t<decltype(message)>::message_name;
      sim::each_word(message, [&](const std::string& name, const std::string& text) { heard.fields.emplace(name, text); });
    });
    if (read) heard_.push_back(std::move(heard));
    else if (trouble_.empty()) trouble_ = to_text(read.error());
  }
}

const Heard* Probe::await(std::string_view name, std::int64_t about, double seconds) {
  return await([&](const Heard& h) { return h.name == name && (about == any || h.about() == about); }, seconds);
}

std::int64_t Probe::error_about(std::int64_t about, double seconds) {
  const auto* heard = await([&](const Heard& h) { return h.name == "error" && h.number("id") == about && !(h.number("errorCode") >= 2100 && h.number("errorCode") < 2200); }, seconds);
  return heard == nullptr ? 0 : heard->number("errorCode");
}

void Probe::listen(double seconds) {
  (void)await([](const Heard&) { return false; }, seconds);
}

std::size_t Probe::count(std::string_view name, std::int64_t about) const {
  return static_cast<std::size_t>(std::ranges::count_if(heard_, [&](const Heard& h) { return h.name == name && (about == any || h.about() == about); }));
}

std::string Probe::accounts() const {
  for (const auto& h : heard_)
    if (h.name == "managedAccounts") return h["accountsList"];
  return {};
}
std::int32_t Probe::next_id() const {
  std::int64_t id = 1;
  for (const auto& h : heard_)
    if (h.name == "nextValidId") id = std::max(id, h.number("orderId"));
  return static_cast<std::int32_t>(id);
}

}  // namespace robo::apps::conformance
