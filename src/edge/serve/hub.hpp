#pragma once
// The stream's side of the conversation: snapshots, patches, market frames, one slot a client. Nothing is queued for a client:
// while its last message is being sent nothing is made, and then it gets what is newer than what it has. Thread: server.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "edge/serve/frames.hpp"
#include "edge/serve/guard.hpp"
#include "edge/serve/metrics.hpp"
#include "edge/serve/read_model.hpp"

namespace robo::serve {

using Bytes = std::shared_ptr<const std::string>;

/// One WebSocket as the hub sees it.
class Wire {
 public:
  virtual ~Wire() = default;
  virtual void send(Bytes bytes, bool binary) = 0;
  /// True when everything sent so far has left.
  [[nodiscard]] virtual bool idle() const = 0;
  /// Sends what waits, then a close frame.
  virtual void close(std::uint16_t code, std::string_view reason) = 0;
  /// Ends it now: the close frame did not leave in time, or was not answered.
  virtual void abort() = 0;
};

class Hub {
 public:
  Hub(const Settings& settings, ReadModel& model, const Guard& guard, Metrics& metrics, std::string epoch);
  ~Hub();

  /// A connection that passed the guard; `trusted` when it brought the token.
  void join(std::shared_ptr<Wire> wire, bool trusted, double now);
  void receive(const Wire* wire, std::string_view text, bool binary, double now);
  void leave(const Wire* wire);
  /// Sends what is due. Call at 60 Hz or more.
  void tick(double now);
  /// Says goodbye to all.
  void close_all(std::uint16_t code, std::string_view reason);
  /// Lets go of every connection, for the end.
  void clear();
  [[nodiscard]] std::size_t clients() const { return clients_.size(); }

 private:
  struct Client;
  using Handle = std::map<const Wire*, std::unique_ptr<Client>>::iterator;

  void hello(Client& client, const view::ClientMessage& message, double now);
  void subscribe(Client& client, const view::ClientMessage& message, bool on);
  void ack(Client& client, const view::ClientMessage& message);
  void error(Client& client, std::optional<std::uint64_t> id, std::string_view code, std::string text, std::optional<std::uint16_t> close = std::nullopt);
  void send_state(Client& client);
  void send_market(Client& client);
  [[nodiscard]] Bytes snapshot(std::uint32_t rate);
  [[nodiscard]] Bytes patch(std::uint64_t from, bool venues);
  [[nodiscard]] const std::vector<frames::DepthRow>& depth_rows(std::uint32_t instrument, std::uint64_t version);
  void drop(Client& client, std::uint16_t code, std::string_view reason);

  const Settings& settings_;
  ReadModel& model_;
  const Guard& guard_;
  Metrics& metrics_;
  std::string epoch_;
  std::map<const Wire*, std::unique_ptr<Client>> clients_;

  // Made once a version, shared by all clients that need the same.
  std::uint64_t cached_at_ = 0;
  std::map<std::uint32_t, Bytes> snapshots_;                       // by rate
  std::map<std::pair<std::uint64_t, bool>, Bytes> patches_;        // by where they start
  struct CachedDepth {
    std::uint64_t version{};
    std::uint64_t seq{};
    std::vector<frames::DepthRow> rows{};
  };
  std::map<std::uint32_t, CachedDepth> depths_;
};

}  // namespace robo::serve
