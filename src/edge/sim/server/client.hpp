#pragma once
// One API client: its socket, what it has subscribed to, how fast it talks.

#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "edge/ib/wire/encode.hpp"
#include "edge/ib/wire/handshake.hpp"
#include "edge/sim/server/replay.hpp"
#include "edge/sim/server/settings.hpp"
#include "edge/sim/server/tampering.hpp"
#include "edge/sim/server/wire_text.hpp"

namespace robo::sim {

struct Level1 {
  InstrumentId instrument{};
  bool snapshot{}, delayed{}, dirty{}, first{true}, rt_volume{}, dropped{}, news{};
  std::int64_t snapshot_ends_ns{};          // wall
  Quote sent{};
  bool sent_quote{};
  Price sent_last{}, sent_high{}, sent_low{}, sent_open{}, sent_close{};
  Quantity sent_last_size{}, sent_volume{};
  std::int64_t sent_last_second{};
  TradingPhase sent_phase{TradingPhase::Regular};
};

enum class TickKind : std::uint8_t { Last = 1, AllLast = 2, BidAsk = 3, MidPoint = 4 };

struct TickByTick {
  InstrumentId instrument{};
  TickKind kind{};
  bool ignore_size{}, has_sent{};
  Quote sent{};
};

struct DepthRowSent {
  Price price{};
  Quantity size{};
  friend bool operator==(const DepthRowSent&, const DepthRowSent&) = default;
};
struct DepthLine {
  InstrumentId instrument{};
  std::size_t rows{};
  bool smart{}, dirty{true};
  std::vector<DepthRowSent> sent[2]{};      // by BookSide
};

struct BarLine {                            // real-time bars, and history that is kept up to date
  InstrumentId instrument{};
  BarKind kind{};
  Duration length{seconds(5)};
  bool regular_only{}, keep_up_to_date{}, dirty{};
  std::int32_t format{1};
  BuiltBar bar{};
  Price last_close{};
};

struct Scanner {
  std::string code{};
  double above_price{}, below_price{}, above_volume{};
  std::size_t rows{};
  std::int64_t next_ns{};                   // wall
};

/// The order or request a message is about; -1: none.
template <class M>
std::int32_t about_of(const M& message) {
  if constexpr (requires { message.execution.orderId; }) return message.execution.orderId;
  else if constexpr (requires { message.orderId; }) return message.orderId;
  else if constexpr (requires { message.reqId; }) return message.reqId;
  else if constexpr (requires { message.id; }) return message.id;
  else return -1;
}

class Client {
 public:
  Client(int socket, const ServerLimits& limits, Tampering* tampering = nullptr) : socket_(socket), limits_(&limits), tampering_(tampering) {}

  enum class Stage : std::uint8_t { Hello, StartApi, Running, Closing };

  /// Queues an event. A message our own layout cannot carry is a bug of ours.
  template <class M>
  void say(const M& message) {
    if (stage == Stage::Closing || mute) return;
    const auto mark = out.mark();
    const auto done = wire::encode_event(out, version, message);
    INVARIANT(done.has_value());
    if (tampering_ != nullptr && tampering_->watches()) [[unlikely]] tampering_->said(*this, M::message_name, about_of(message), mark);
  }
  /// What was said so far still goes out; then the connection ends.
  void end_here() { stage = Stage::Closing; }
  /// The connection ends, and what was not sent yet is lost.
  void end_now(bool reset) {
    stage = Stage::Closing;
    out.clear();
    reset_when_closed = reset;
  }
  [[nodiscard]] bool frozen(std::int64_t wall_ns) const { return wall_ns < frozen_until_ns; }
  void error(std::int32_t about, std::int32_t code, std::string_view text, Timestamp at) {
    say(wire::ErrorMessage{.id = about, .errorCode = code, .errorMsg = text, .advancedOrderRejectJson = {}, .errorTime = at.ns / 1'000'000});
  }

  /// A market size as this client can read it: before server version 163 sizes are whole numbers.
  [[nodiscard]] wire::Number size(Quantity quantity) const {
    return version < 163 ? wire::Number::of(quantity.raw / Quantity::scale) : wire::Number::from(quantity);
  }
  [[nodiscard]] int socket() const { return socket_; }
  [[nodiscard]] bool running() const { return stage == Stage::Running; }
  [[nodiscard]] bool uses(std::int32_t request) const {
    return level1.contains(request) || ticks.contains(request) || depth.contains(request) || bars.contains(request);
  }
  void drop_subscriptions() { level1.clear(), ticks.clear(), depth.clear(), bars.clear(); }

  /// Counts one message; says whether it is within the limit of the last second.
  enum class Pace : std::uint8_t { Fine, TooFast, Strike };
  Pace paced(std::int64_t now_ns) {
    while (!message_times_.empty() && now_ns - message_times_.front() >= 1'000'000'000) message_times_.pop_front();
    if (message_times_.size() < limits_->messages_per_second) {
      message_times_.push_back(now_ns);
      return Pace::Fine;
    }
    if (now_ns - last_strike_ns_ < 1'000'000'000) return Pace::TooFast;
    last_strike_ns_ = now_ns;
    ++strikes;
    return Pace::Strike;
  }

  Stage stage{Stage::Hello};
  bool mute{};                              // "freeze": a half-open connection
  bool queues_excess{};                     // +PACEAPI
  int version{200};
  std::int32_t id{-1};
  std::uint32_t strikes{};
  std::int32_t data_type{1};
  wire::FrameBuffer in;
  wire::OutBuffer out;
  std::int64_t backlog_since_ns{};
  // The connection's own troubles.
  std::int64_t frozen_until_ns{};           // wall: nothing is read or sent before
  std::int64_t bytes_out_left{-1};          // until the connection is cut; -1: for ever
  std::int64_t bytes_in_left{-1};
  std::int64_t trickle{};                   // bytes a turn; 0: as many as fit
  bool reset_when_closed{};

  std::map<std::int32_t, Level1> level1;
  std::map<std::int32_t, TickByTick> ticks;
  std::map<std::int32_t, DepthLine> depth;
  std::map<std::int32_t, BarLine> bars;
  std::map<std::int32_t, InstrumentId> pnl_single;
  std::map<std::int32_t, std::int32_t> display_groups;         // subscription to group
  std::set<std::int32_t> pnl;
  std::map<std::int32_t, Scanner> scanners;
  std::map<std::int32_t, std::vector<std::string>> summaries;   // tags
  std::set<std::int32_t> positions_multi, account_multi;
  bool positions{}, account{}, bulletins{}, auto_open_orders{};

 private:
  int socket_;
  const ServerLimits* limits_;
  Tampering* tampering_;
  std::deque<std::int64_t> message_times_;
  std::int64_t last_strike_ns_ = 0;
};

}  // namespace robo::sim
