#pragma once
// TCP in virtual time: bytes arrive late, in odd portions, up to a cut at any byte, or not at all while the line looks open.

#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "edge/ib/transport.hpp"
#include "runtime/ports.hpp"
#include "sim/dice.hpp"

namespace robo::simulation {

/// One direction of a connection.
struct Pipe {
  struct Portion {
    Timestamp at{};
    std::string bytes{};
  };
  std::deque<Portion> on_the_way{};
  Timestamp last_at{};
  std::uint64_t put{};                      // bytes ever handed in
  std::uint64_t cut_at{UINT64_MAX};         // the connection breaks when this many bytes have gone
  Timestamp stalled_until{};

  [[nodiscard]] bool empty() const { return on_the_way.empty(); }
};

/// A connection both ends hold on to. What one end closed the other learns after what was on its way.
struct Connection {
  Pipe up{}, down{};
  bool cut{};                               // reset: nothing more passes, both ends learn of it
  bool client_closed{}, server_closed{};
  bool silent{};                            // half open: bytes vanish, nobody learns of it
  Timestamp accepted_at{};
};

class Network {
 public:
  Network(runtime::Clock& clock, std::uint64_t seed) : clock_(clock), dice_(seed, 1) {}

  /// Handed to the gateway when it accepts; null when nobody has called.
  [[nodiscard]] std::shared_ptr<Connection> accept();
  void listen(bool on) { listening_ = on; }
  [[nodiscard]] bool listening() const { return listening_; }

  void send(Connection& connection, Pipe& pipe, std::string_view bytes);
  /// Moves what has arrived into `into`; an odd portion of it.
  [[nodiscard]] std::size_t receive(Connection& connection, Pipe& pipe, std::span<char> into);
  /// When the next byte of this direction arrives; INT64_MAX: none.
  [[nodiscard]] Timestamp next_arrival(const Pipe& pipe) const;

  [[nodiscard]] std::shared_ptr<Connection> call();
  /// Told of every message that is said to the gateway.
  std::function<void(Timestamp)> said{};
  [[nodiscard]] Timestamp now() { return clock_.now(); }
  [[nodiscard]] bool calm() const { return calm_; }
  void calm_down() { calm_ = true; }
  [[nodiscard]] std::shared_ptr<Connection> newest() const { return newest_.lock(); }

 private:
  runtime::Clock& clock_;
  Dice dice_;
  bool listening_ = true, calm_ = false;
  std::deque<std::shared_ptr<Connection>> calling_;
  std::weak_ptr<Connection> newest_;
};

/// The engine dies here: thrown out of a send, after some of its bytes have left.
struct Killed {};

/// The engine's end.
class LineTransport final : public ib::Transport {
 public:
  explicit LineTransport(Network& network) : network_(network) {}
  ~LineTransport() override;

  [[nodiscard]] Result<void, Problem> start(const std::string& host, std::uint16_t port) override;
  [[nodiscard]] Progress finish() override;
  [[nodiscard]] Moved receive(std::span<char> into) override;
  [[nodiscard]] Moved send(std::string_view bytes) override;
  void wait(Duration, bool) const override {}
  void close() override;
  [[nodiscard]] bool is_open() const override { return connection_ != nullptr; }
  [[nodiscard]] const std::string& trouble() const override { return trouble_; }

  /// The engine dies when it has sent this many more bytes.
  void die_after(std::uint64_t bytes) { dies_at_ = sent_ + bytes; }

 private:
  void count_messages(std::string_view bytes);

  Network& network_;
  std::shared_ptr<Connection> connection_;
  std::string trouble_;
  std::string head_;                        // of what is being said
  std::size_t rest_ = 0;                    // of its payload
  std::uint64_t said_ = 0;
  std::uint64_t sent_ = 0, dies_at_ = UINT64_MAX;
};

}  // namespace robo::simulation
