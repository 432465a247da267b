#pragma once
// A plain socket that can say anything to the server, right or wrong. For tests only.

#include <arpa/inet.h>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace robo::serve::test {

class Socket {
 public:
  explicit Socket(std::uint16_t port, int receive_buffer = 0) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    if (receive_buffer > 0) ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
    patience(5);
  }
  ~Socket() { ::close(fd_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  [[nodiscard]] bool connected() const { return connected_; }
  void patience(double seconds) {
    timeval time{};
    time.tv_sec = static_cast<time_t>(seconds);
    time.tv_usec = static_cast<suseconds_t>((seconds - static_cast<double>(time.tv_sec)) * 1e6);
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
  }
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  /// Exactly `size` bytes; shorter at the end of the connection or of patience.
  std::string read(std::size_t size) {
    while (in_.size() < size && fill()) {}
    auto out = in_.substr(0, size);
    in_.erase(0, out.size());
    return out;
  }
  std::string read_until(std::string_view mark) {
    while (in_.find(mark) == std::string::npos)
      if (!fill()) return std::exchange(in_, {});
    const auto end = in_.find(mark) + mark.size();
    auto out = in_.substr(0, end);
    in_.erase(0, end);
    return out;
  }
  std::string read_all() {
    while (fill()) {}
    return std::exchange(in_, {});
  }
  /// True when the other side closed (not merely silent).
  [[nodiscard]] bool closed() {
    while (fill()) {}
    return closed_;
  }

 private:
  bool fill() {
    char bytes[65536];
    const auto got = ::recv(fd_, bytes, sizeof bytes, 0);
    if (got > 0) in_.append(bytes, static_cast<std::size_t>(got));
    else closed_ = got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
    return got > 0;
  }
  int fd_;
  bool connected_ = false, closed_ = false;
  std::string in_;
};

struct Answer {
  int status{};
  std::string head{};
  std::string body{};
  [[nodiscard]] bool has(std::string_view text) const { return head.find(text) != std::string::npos; }
};

inline Answer read_answer(Socket& socket, bool head_only = false) {
  Answer out;
  out.head = socket.read_until("\r\n\r\n");
  if (out.head.size() > 12) out.status = std::atoi(out.head.c_str() + 9);
  const auto at = out.head.find("Content-Length: ");
  if (at != std::string::npos && !head_only) out.body = socket.read(static_cast<std::size_t>(std::atoll(out.head.c_str() + at + 16)));
  return out;
}

struct Ask {
  std::string method{"GET"};
  std::string target{"/"};
  std::string host{"127.0.0.1"};
  std::string headers{};  // whole lines with \r\n
  std::string body{};
};

inline Answer ask(std::uint16_t port, const Ask& what) {
  Socket socket(port);
  std::string text = what.method + " " + what.target + " HTTP/1.1\r\nHost: " + what.host + "\r\nConnection: close\r\n" + what.headers;
  if (!what.body.empty()) text += "Content-Type: application/json\r\nContent-Length: " + std::to_string(what.body.size()) + "\r\n";
  socket.send(text + "\r\n" + what.body);
  return read_answer(socket, what.method == "HEAD");
}

/// A WebSocket page.
class Page {
 public:
  struct Message {
    int opcode{};  // 1 text, 2 binary, 8 close, 9 ping; 0: nothing came
    std::string bytes{};
    [[nodiscard]] int close_code() const { return bytes.size() >= 2 ? (static_cast<unsigned char>(bytes[0]) << 8) | static_cast<unsigned char>(bytes[1]) : 0; }
  };

  explicit Page(std::uint16_t port, std::string headers = "Origin: http://127.0.0.1\r\n", int receive_buffer = 0) : socket(port, receive_buffer) {
    socket.send("GET /api/v1/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" + headers + "\r\n");
    answer = read_answer(socket);
  }
  void text(std::string_view message) { frame(1, message); }
  void frame(int opcode, std::string_view bytes, bool masked = true) {
    std::string out;
    out += static_cast<char>(0x80 | opcode);
    const char mask_bit = masked ? '\x80' : '\0';
    if (bytes.size() < 126) out += static_cast<char>(static_cast<unsigned char>(mask_bit) | bytes.size());
    else if (bytes.size() < 65536) {
      out += static_cast<char>(static_cast<unsigned char>(mask_bit) | 126);
      out += static_cast<char>(bytes.size() >> 8);
      out += static_cast<char>(bytes.size() & 255);
    } else {
      out += static_cast<char>(static_cast<unsigned char>(mask_bit) | 127);
      for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>((bytes.size() >> shift) & 255);
    }
    if (masked) out += std::string(4, '\0');  // a mask of zeros changes nothing
    out += bytes;
    socket.send(out);
  }
  /// The next message; pings are answered and skipped.
  Message next() {
    while (true) {
      const auto head = socket.read(2);
      if (head.size() < 2) return {};
      const int opcode = head[0] & 15;
      auto size = static_cast<std::size_t>(head[1] & 127);
      if (size == 126 || size == 127) {
        const auto more = socket.read(size == 126 ? 2 : 8);
        size = 0;
        for (const char c : more) size = size * 256 + static_cast<unsigned char>(c);
      }
      Message message{.opcode = opcode, .bytes = socket.read(size)};
      if (opcode == 9) {
        frame(10, message.bytes);
        continue;
      }
      return message;
    }
  }
  /// The next text message that holds `part`; empty when none comes.
  std::string next_text(std::string_view part) {
    for (int i = 0; i < 1000; ++i) {
      auto message = next();
      if (message.opcode == 0 || message.opcode == 8) return {};
      if (message.opcode == 1 && message.bytes.find(part) != std::string::npos) return message.bytes;
    }
    return {};
  }

  Socket socket;
  Answer answer;
};

}  // namespace robo::serve::test
