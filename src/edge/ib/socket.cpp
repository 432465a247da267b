#include "edge/ib/socket.hpp"

#include <cerrno>
#include <cstring>
#include <memory>

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace robo::ib {

Result<void, Problem> Socket::start(const std::string& host, std::uint16_t port) {
  close();
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found); error != 0) {
    return fail(Problem{"cannot find host " + host + ": " + ::gai_strerror(error)});
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, &::freeaddrinfo);
  // IPv4 first: gateways listen there, and ::1 would only cost a refused attempt.
  const addrinfo* chosen = addresses.get();
  for (const addrinfo* a = addresses.get(); a != nullptr; a = a->ai_next) {
    if (a->ai_family == AF_INET) {
      chosen = a;
      break;
    }
  }
  fd_ = ::socket(chosen->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd_ < 0) return fail(Problem{std::string("cannot open a socket: ") + std::strerror(errno)});
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(fd_, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  if (::connect(fd_, chosen->ai_addr, chosen->ai_addrlen) != 0 && errno != EINPROGRESS) {
    trouble_ = std::strerror(errno);
    close();
    return fail(Problem{trouble_});
  }
  return {};
}

Socket::Progress Socket::finish() {
  pollfd wanted{.fd = fd_, .events = POLLOUT, .revents = 0};
  if (::poll(&wanted, 1, 0) == 0) return Progress::Pending;
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
  if (error == 0) return Progress::Connected;
  trouble_ = std::strerror(error);
  return Progress::Failed;
}

Socket::Moved Socket::receive(std::span<char> into) {
  const ssize_t count = ::recv(fd_, into.data(), into.size(), 0);
  if (count > 0) return {static_cast<std::size_t>(count), Stream::Open};
  if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return {0, Stream::Blocked};
  trouble_ = count == 0 ? "closed by the gateway" : std::strerror(errno);
  return {0, Stream::Closed};
}

Socket::Moved Socket::send(std::string_view bytes) {
  const ssize_t count = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (count >= 0) return {static_cast<std::size_t>(count), Stream::Open};
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return {0, Stream::Blocked};
  trouble_ = std::strerror(errno);
  return {0, Stream::Closed};
}

void Socket::wait(Duration at_most, bool writing) const {
  const timespec time{.tv_sec = at_most.ns / 1'000'000'000, .tv_nsec = at_most.ns % 1'000'000'000};
  pollfd wanted{.fd = fd_, .events = static_cast<short>(POLLIN | (writing ? POLLOUT : 0)), .revents = 0};
  ::ppoll(&wanted, fd_ >= 0 ? 1 : 0, &time, nullptr);
}

void Socket::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

}  // namespace robo::ib
