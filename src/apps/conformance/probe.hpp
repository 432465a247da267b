#pragma once
// One API connection of the conformance cards: says what it is told to and keeps what it hears, as words. Blocking, one thread.

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "edge/ib/wire/encode.hpp"
#include "edge/ib/wire/handshake.hpp"

namespace robo::apps::conformance {

namespace wire = robo::ib::wire;

/// A message by the wire's names: {"orderStatus", {{"orderId", "7"}, {"status", "Submitted"}, ...}}
struct Heard {
  std::string name{};
  std::map<std::string, std::string> fields{};

  [[nodiscard]] std::string operator[](std::string_view field) const {
    const auto found = fields.find(std::string(field));
    return found == fields.end() ? std::string{} : found->second;
  }
  [[nodiscard]] std::int64_t number(std::string_view field) const;
  /// The request or order it is about; -1: none.
  [[nodiscard]] std::int64_t about() const;
};

struct Endpoint {
  std::string host{"127.0.0.1"};
  std::uint16_t port{7497};
  double patience{10};               // seconds for one answer
};

class Probe {
 public:
  /// A TCP connection, no word said yet.
  [[nodiscard]] static Result<Probe, Problem> dial(const Endpoint& endpoint);
  /// Connected, greeted, and ready: managedAccounts and nextValidId were heard.
  [[nodiscard]] static Result<Probe, Problem> ready(const Endpoint& endpoint, std::int32_t client, int version_max = wire::version_newest_text);

  Probe(Probe&& other) noexcept;
  Probe& operator=(Probe&& other) noexcept;
  ~Probe();

  /// Version and time; nothing when the other side does not greet.
  bool greet(int version_min, int version_max);
  template <class M>
  bool send(const M& message) {
    wire::OutBuffer out;
    return wire::encode_request(out, version_, message).has_value() && send_bytes(out.view());
  }
  template <class M>
  [[nodiscard]] std::string bytes_of(const M& message) const {
    wire::OutBuffer out;
    (void)wire::encode_request(out, version_, message);
    return std::string(out.view());
  }
  bool send_bytes(std::string_view bytes);

  /// The first message from here on that `wanted` likes; null when none comes in time. What came before it is read and kept.
  const Heard* await(const std::function<bool(const Heard&)>& wanted, double seconds = 0);
  const Heard* await(std::string_view name, std::int64_t about = any, double seconds = 0);
  /// An error about this request; 0: none came.
  std::int64_t error_about(std::int64_t about, double seconds = 0);
  /// Listens for so long, whatever comes.
  void listen(double seconds);
  /// How many messages of this name and subject were heard in all.
  [[nodiscard]] std::size_t count(std::string_view name, std::int64_t about = any) const;
  [[nodiscard]] bool closed() const { return closed_; }
  [[nodiscard]] int version() const { return version_; }
  [[nodiscard]] const std::string& server_time() const { return server_time_; }
  [[nodiscard]] std::string accounts() const;
  [[nodiscard]] std::int32_t next_id() const;
  /// What could not be read, if anything.
  [[nodiscard]] const std::string& trouble() const { return trouble_; }

  static constexpr std::int64_t any = INT64_MIN;

 private:
  explicit Probe(int file, double patience) : file_(file), patience_(patience) {}
  bool receive(double until);
  void close();

  int file_ = -1, version_ = 0;
  double patience_ = 10;
  bool closed_ = false;
  std::string server_time_{}, trouble_{};
  wire::FrameBuffer in_{};
  std::deque<Heard> heard_{};
  std::size_t looked_ = 0;
};

}  // namespace robo::apps::conformance
