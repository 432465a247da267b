#pragma once
// A proxy in front of a gateway: clients connect to it, everything passes unchanged, and what was said is written down as a scene
// people can read and tests can play: `<` what a client sent, `>` what the gateway said. Account numbers never reach the file.

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "base/result.hpp"

namespace robo::sim {

/// Account numbers by made-up ones, the same for the same: U1234567 becomes U0000001, DU1234567 DU0000002.
class Mask {
 public:
  /// From now on this one is masked wherever it stands, however short it is.
  void learn(std::string_view account);
  [[nodiscard]] std::string operator()(std::string_view text);

 private:
  [[nodiscard]] const std::string& stand_in(const std::string& account);
  std::map<std::string, std::string, std::greater<>> known_;  // longest of a common beginning first
  int count_ = 0;
};

struct RecorderSettings {
  std::string address{"127.0.0.1"};
  std::uint16_t port{0};             // where clients connect; 0: any free one
  std::string gateway_host{"127.0.0.1"};
  std::uint16_t gateway_port{7497};
  std::filesystem::path file{"recorded.scene"};
};

class Recorder {
 public:
  explicit Recorder(RecorderSettings settings);
  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  /// Errors: the port is taken, the file cannot be written, the gateway's name is not known.
  [[nodiscard]] Result<bool, Problem> start();
  void stop();
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::uint64_t messages() const { return messages_; }
  [[nodiscard]] std::uint64_t unreadable() const { return unreadable_; }

 private:
  class Loop;
  RecorderSettings settings_;
  std::unique_ptr<Loop> loop_;
  std::thread thread_;
  std::atomic<bool> stopping_{false};
  std::atomic<std::uint64_t> messages_{0}, unreadable_{0};
  std::uint16_t port_ = 0;
};

}  // namespace robo::sim
