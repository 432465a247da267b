#include "edge/sim/server/recorder.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <deque>
#include <fstream>
#include <vector>

#include <fmt/format.h>

#include "edge/ib/wire/decode.hpp"
#include "edge/ib/wire/handshake.hpp"
#include "edge/ib/wire/writer.hpp"
#include "edge/sim/server/message_words.hpp"

namespace robo::sim {

namespace wire = robo::ib::wire;

// ---------------------------------------------------------------- masking

const std::string& Mask::stand_in(const std::string& account) {
  const auto [entry, fresh] = known_.try_emplace(account);
  if (fresh) {
    std::size_t letters = 0;
    while (letters < account.size() && std::isalpha(static_cast<unsigned char>(account[letters]))) ++letters;
    const auto digits = std::max<std::size_t>(account.size() - letters, 1);
    entry->second = fmt::format("{}{:0{}}", account.substr(0, letters), ++count_, digits);
  }
  return entry->second;
}

void Mask::learn(std::string_view account) {
  if (!account.empty() && account != "All") (void)stand_in(std::string(account));
}

std::string Mask::operator()(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  const auto is_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  for (std::size_t at = 0; at < text.size();) {
    if (!is_word(text[at])) {
      out += text[at++];
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && is_word(text[end])) ++end;
    const auto token = text.substr(at, end - at);
    // U, F or I, perhaps after a D, and five to nine digits: an account, known or not.
    std::size_t letters = 0;
    while (letters < token.size() && std::isupper(static_cast<unsigned char>(token[letters]))) ++letters;
    const auto digits = token.size() - letters;
    bool looks = (letters == 1 || (letters == 2 && token[0] == 'D')) && std::string_view("UFI").find(token[letters - 1]) != std::string_view::npos && digits >= 5 && digits <= 9;
    for (std::size_t i = letters; looks && i < token.size(); ++i) looks = std::isdigit(static_cast<unsigned char>(token[i])) != 0;
    if (looks || known_.contains(std::string(token))) out += stand_in(std::string(token));
    else out += token;
    at = end;
  }
  return out;
}

// ---------------------------------------------------------------- words of a message

namespace {

std::string in_quotes(const std::string& text) {
  if (!text.empty() && text.find_first_of(" \"\t\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

struct Socket {
  int fd = -1;
  Socket() = default;
  explicit Socket(int file) : fd(file) {}
  Socket(Socket&& other) noexcept : fd(std::exchange(other.fd, -1)) {}
  Socket& operator=(Socket&& other) noexcept {
    if (this != &other) close(), fd = std::exchange(other.fd, -1);
    return *this;
  }
  ~Socket() { close(); }
  void close() {
    if (fd >= 0) ::close(fd);
    fd = -1;
  }
};

constexpr std::size_t waiting_max = 16u << 20;

/// Nonblocking; -1 when nobody is there within five seconds.
int dial(const sockaddr_storage& at, socklen_t length) {
  const int fd = ::socket(at.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&at), length) != 0) {
    pollfd ready{fd, POLLOUT, 0};
    int error = errno;
    socklen_t size = sizeof error;
    if (error == EINPROGRESS && ::poll(&ready, 1, 5000) == 1) ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return ::close(fd), -1;
  }
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

}  // namespace

// ---------------------------------------------------------------- the proxy

class Recorder::Loop {
 public:
  Loop(Recorder& owner, Socket listening, sockaddr_storage gateway, socklen_t length, std::ofstream file)
      : owner_(owner), listening_(std::move(listening)), gateway_(gateway), length_(length), file_(std::move(file)), started_(std::chrono::steady_clock::now()) {
    file_ << "# Recorded in front of a gateway. < a client said, > the gateway said; what is not set is not written.\n";
  }

  void run() {
    while (!owner_.stopping_) {
      std::vector<pollfd> fds{{listening_.fd, POLLIN, 0}};
      for (const auto& pair : pairs_)
        for (int side = 0; side < 2; ++side) {
          const auto& half = pair->half[side];
          const bool room = pair->half[1 - side].out.size() < waiting_max;
          fds.push_back({half.socket.fd, static_cast<short>((room ? POLLIN : 0) | (half.out.empty() ? 0 : POLLOUT)), 0});
        }
      ::poll(fds.data(), static_cast<nfds_t>(fds.size()), 100);
      const auto pairs = pairs_.size();
      if (fds[0].revents & POLLIN) accept();
      for (std::size_t i = 0; i < pairs; ++i)
        for (int side = 0; side < 2; ++side)
          if (fds[1 + 2 * i + static_cast<std::size_t>(side)].revents) move(*pairs_[i], side);
      if (std::erase_if(pairs_, [](const auto& pair) { return pair->over; }) > 0) file_.flush();
    }
    file_.flush();
  }

 private:
  struct Half {
    Socket socket{};
    wire::OutBuffer out{};      // towards this side
    wire::FrameBuffer read{};   // a copy of what this side said
    bool readable{true};
  };
  struct Pair {
    Half half[2];               // 0 the client, 1 the gateway
    int number{}, version{};
    std::optional<wire::Hello> hello{};
    bool over{};
  };

  void accept() {
    Socket client(::accept4(listening_.fd, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (client.fd < 0) return;
    Socket gateway(dial(gateway_, length_));
    if (gateway.fd < 0) {
      note(fmt::format("# client {} came; the gateway did not answer", ++clients_));
      return;
    }
    const int on = 1;
    ::setsockopt(client.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    auto pair = std::make_unique<Pair>();
    pair->half[0].socket = std::move(client);
    pair->half[1].socket = std::move(gateway);
    pair->number = ++clients_;
    note(fmt::format("# client {} connects", pair->number));
    pairs_.push_back(std::move(pair));
  }

  void move(Pair& pair, int side) {
    Half& from = pair.half[side];
    Half& to = pair.half[1 - side];
    char buffer[65536];
    const auto got = ::recv(from.socket.fd, buffer, sizeof buffer, 0);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)) {
      drain(to);
      note(fmt::format("# client {} {}", pair.number, side == 0 ? "is gone" : "was closed by the gateway"));
      pair.over = true;
      return;
    }
    if (got > 0) {
      to.out.append({buffer, static_cast<std::size_t>(got)});
      if (from.readable) listen(pair, side, {buffer, static_cast<std::size_t>(got)});
    }
    drain(from);
    drain(to);
  }

  static void drain(Half& half) {
    while (!half.out.empty()) {
      const auto view = half.out.view();
      const auto sent = ::send(half.socket.fd, view.data(), view.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      half.out.sent(static_cast<std::size_t>(sent));
    }
  }

  /// Writes down what the bytes say; bytes that say nothing still pass.
  void listen(Pair& pair, int side, std::string_view bytes) {
    Half& from = pair.half[side];
    while (!bytes.empty() && from.readable) {
      const auto space = from.read.space();
      const auto part = bytes.substr(0, space.size());
      std::memcpy(space.data(), part.data(), part.size());
      from.read.received(part.size());
      bytes.remove_prefix(part.size());
      if (side == 0 && !pair.hello) {
        auto hello = wire::take_hello(from.read);
        if (!hello) return stop_reading(pair, side, "did not greet as an API client");
        if (!*hello) continue;
        pair.hello = std::move(**hello);
        note(fmt::format("# client {} speaks versions {} to {}", pair.number, pair.hello->version_min, pair.hello->version_max));
      }
      for (;;) {
        const auto frame = from.read.next();
        if (!frame) return stop_reading(pair, side, "sent a frame that is none");
        if (!*frame) break;
        if (side == 1 && pair.version == 0) {
          const auto greeting = wire::parse_greeting(**frame, pair.hello.value_or(wire::Hello{wire::version_oldest, 999, {}}));
          if (!greeting) return stop_reading(pair, side, "did not greet");
          if (!*greeting) continue;
          pair.version = (*greeting)->version;
          note(fmt::format("# the gateway agrees on version {}", pair.version));
          continue;
        }
        say(pair, side, **frame);
      }
    }
  }

  void say(Pair& pair, int side, wire::Frame frame) {
    ++owner_.messages_;
    std::string line;
    const auto write = [&](const auto& message) {
      using M = std::remove_cvref_t<decltype(message)>;
      if constexpr (std::is_same_v<M, wire::ManagedAccounts>) {
        std::string_view rest = message.accountsList;
        while (!rest.empty()) {
          const auto one = rest.substr(0, rest.find(','));
          mask_.learn(one);
          rest.remove_prefix(std::min(rest.size(), one.size() + 1));
        }
      }
      line = fmt::format("{} {}", side == 0 ? '<' : '>', M::message_name);
      each_word(message, [&](const std::string& name, const std::string& value) { line += fmt::format(" {}={}", name, in_quotes(mask_(value))); });
    };
    const auto read = side == 0 ? wire::decode_request(frame, pair.version, write) : wire::decode_event(frame, pair.version, write);
    if (!read) {
      ++owner_.unreadable_;
      line = fmt::format("# {} a message of {} bytes that cannot be read: {}", side == 0 ? '<' : '>', frame.size, mask_(to_text(read.error())));
    }
    if (pairs_.size() > 1) line += fmt::format("   # client {}", pair.number);
    note(line);
  }

  void stop_reading(Pair& pair, int side, std::string_view why) {
    pair.half[side].readable = false;
    note(fmt::format("# {} {} {}; what it says from here on passes unread", side == 0 ? "client" : "the gateway of client", pair.number, why));
  }

  void note(const std::string& line) {
    const auto at = std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
    if (at - last_ > 0.5) file_ << fmt::format("# {:.1f} s\n", at);
    last_ = at;
    file_ << line << '\n';
  }

  Recorder& owner_;
  Socket listening_;
  sockaddr_storage gateway_;
  socklen_t length_;
  std::ofstream file_;
  std::chrono::steady_clock::time_point started_;
  double last_ = 0;
  int clients_ = 0;
  Mask mask_;
  std::vector<std::unique_ptr<Pair>> pairs_;
};

Recorder::Recorder(RecorderSettings settings) : settings_(std::move(settings)) {}
Recorder::~Recorder() { stop(); }

Result<bool, Problem> Recorder::start() {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(settings_.gateway_host.c_str(), std::to_string(settings_.gateway_port).c_str(), &hints, &found) != 0 || found == nullptr)
    return fail(Problem{fmt::format("'{}' is no host that is known here", settings_.gateway_host)});
  sockaddr_storage gateway{};
  std::memcpy(&gateway, found->ai_addr, found->ai_addrlen);
  const auto length = found->ai_addrlen;
  ::freeaddrinfo(found);
  Socket listening(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int on = 1;
  ::setsockopt(listening.fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(settings_.port);
  if (::inet_pton(AF_INET, settings_.address.c_str(), &at.sin_addr) != 1) return fail(Problem{fmt::format("'{}' is not an IPv4 address", settings_.address)});
  if (::bind(listening.fd, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0 || ::listen(listening.fd, 32) != 0)
    return fail(Problem{fmt::format("port {} on {}: {}; choose another port or 0", settings_.port, settings_.address, std::strerror(errno))});
  socklen_t size = sizeof at;
  ::getsockname(listening.fd, reinterpret_cast<sockaddr*>(&at), &size);
  port_ = ntohs(at.sin_port);
  std::ofstream file(settings_.file, std::ios::trunc);
  if (!file) return fail(Problem{fmt::format("{}: cannot be written", settings_.file.string())});
  loop_ = std::make_unique<Loop>(*this, std::move(listening), gateway, length, std::move(file));
  thread_ = std::thread([this] { loop_->run(); });
  return true;
}

void Recorder::stop() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
  loop_.reset();
}

}  // namespace robo::sim
