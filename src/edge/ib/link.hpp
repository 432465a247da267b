#pragma once
// The connection to one gateway: connect, greet, keep alive, pace, and come back after a loss. Knows frames, not orders.

#include <memory>
#include <string>

#include "base/time.hpp"
#include "edge/ib/pacing.hpp"
#include "edge/ib/transport.hpp"
#include "edge/ib/wire/encode.hpp"
#include "edge/ib/wire/handshake.hpp"

namespace robo::ib {

struct LinkSettings {
  std::string host{"127.0.0.1"};
  std::uint16_t port{7497};
  std::int32_t client_id{7};
  int version_min{100};
  int version_max{wire::version_newest_text};  // 213 and above: protobuf; what lies between, where both are mixed, is never spoken
  std::string connect_options{};              // "+PACEAPI": the gateway queues instead of refusing
  int messages_per_second{45};
  int orders_per_second{100};                 // of our own making, whatever the message limit allows
  Duration connect_timeout{seconds(15)};      // until the greeting is there
  Duration heartbeat{seconds(30)};            // silence after which the gateway is asked for the time
  Duration heartbeat_timeout{seconds(15)};    // no byte since: a half-open socket
  Duration backoff_first{seconds(2)};
  Duration backoff_max{seconds(60)};
};

/// Thread: one; work() turns it.
class Link {
 public:
  enum class State : std::uint8_t { Waiting, Connecting, Greeting, Up, Stopped };

  class Listener {
   public:
    virtual ~Listener() = default;
    /// Greeted and startApi sent.
    virtual void on_up() = 0;
    /// One payload, valid during the call.
    virtual void on_frame(wire::Frame frame) = 0;
    /// The connection is gone; `why` for people. Comes back by itself unless the link was stopped.
    virtual void on_down(std::string_view why) = 0;
    virtual void on_connecting() = 0;
  };

  /// Over TCP, or `transport` where one is given.
  Link(const LinkSettings& settings, Listener& listener, std::unique_ptr<Transport> transport = {});

  /// Moves everything that can be moved. Returns the number of frames handed on.
  int work(Timestamp now);
  /// It is `now`: said before sending outside of work(), or an engine that slept counts its messages in a second long gone.
  void tell_time(Timestamp now) { now_ = now; }
  /// Waits for the socket or the next thing due, `at_most` so long.
  void wait(Duration at_most) const;

  /// Encodes and sends, or queues behind the message limit. Error: the request cannot be said to this server.
  template <class Request>
  wire::WireResult<> send(const Request& request, Pace pace) {
    if (pacer_.pass(pace, now_)) {
      auto done = wire::encode_request(out_, version(), request);
      if (done) flush();
      return done;
    }
    spare_.clear();
    auto done = wire::encode_request(spare_, version(), request);
    if (done) pacer_.queue(pace, spare_.view());
    return done;
  }

  /// Closes and comes back later. `at_least`: not before.
  void drop(std::string_view why, Duration at_least = {});
  /// Closes for good.
  void stop(std::string_view why);
  /// Everything works: the next loss begins with a short wait again.
  void settled() { attempts_ = 0; }

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] bool is_up() const { return state_ == State::Up; }
  [[nodiscard]] int version() const { return version_; }
  [[nodiscard]] const std::string& greeted_at() const { return greeted_at_; }
  [[nodiscard]] Pacer& pacer() { return pacer_; }
  [[nodiscard]] Timestamp retry_at() const { return retry_at_; }

 private:
  void begin();
  void greet();
  int receive();
  [[nodiscard]] wire::Hello offer() const;
  void take_greeting(wire::Frame frame);
  void keep_alive();
  void flush();
  void lost(std::string_view why, Duration at_least);

  LinkSettings settings_;
  Listener& listener_;
  std::unique_ptr<Transport> socket_;
  wire::FrameBuffer in_;
  wire::OutBuffer out_;
  wire::OutBuffer spare_;
  Pacer pacer_;
  State state_ = State::Waiting;
  Timestamp now_{};
  Timestamp retry_at_{INT64_MIN};
  Timestamp deadline_{};
  Timestamp heard_at_{};
  Timestamp asked_at_{};
  bool asking_ = false;
  int attempts_ = 0;
  int version_ = 0;
  int version_ceiling_ = wire::version_newest;  // lower while a gateway is met that would mix text and protobuf
  std::string greeted_at_;
};

}  // namespace robo::ib
