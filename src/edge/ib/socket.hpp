#pragma once
// A non-blocking TCP connection of a client.

#include "edge/ib/transport.hpp"

namespace robo::ib {

class Socket final : public Transport {
 public:
  Socket() = default;
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() override { Socket::close(); }

  /// Names are looked up here, which may wait: give an address on the trading machine.
  [[nodiscard]] Result<void, Problem> start(const std::string& host, std::uint16_t port) override;
  [[nodiscard]] Progress finish() override;
  [[nodiscard]] Moved receive(std::span<char> into) override;
  [[nodiscard]] Moved send(std::string_view bytes) override;
  void wait(Duration at_most, bool writing) const override;
  void close() override;
  [[nodiscard]] bool is_open() const override { return fd_ >= 0; }
  [[nodiscard]] const std::string& trouble() const override { return trouble_; }

 private:
  int fd_ = -1;
  std::string trouble_;
};

}  // namespace robo::ib
