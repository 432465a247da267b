#pragma once
// A non-blocking TCP connection of a client.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"

namespace robo::ib {

class Socket {
 public:
  Socket() = default;
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() { close(); }

  /// Begins to connect. Names are looked up here, which may wait: give an address on the trading machine.
  [[nodiscard]] Result<void, Problem> start(const std::string& host, std::uint16_t port);

  enum class Progress : std::uint8_t { Pending, Connected, Failed };
  [[nodiscard]] Progress finish();

  enum class Stream : std::uint8_t { Open, Blocked, Closed };
  struct Moved {
    std::size_t bytes{};
    Stream stream{};
  };
  [[nodiscard]] Moved receive(std::span<char> into);
  [[nodiscard]] Moved send(std::string_view bytes);

  /// Returns when something arrived, when `writing` and there is room again, or after `at_most`.
  void wait(Duration at_most, bool writing) const;
  void close();
  [[nodiscard]] bool is_open() const { return fd_ >= 0; }
  /// Why the last call failed, for people.
  [[nodiscard]] const std::string& trouble() const { return trouble_; }

 private:
  int fd_ = -1;
  std::string trouble_;
};

}  // namespace robo::ib
