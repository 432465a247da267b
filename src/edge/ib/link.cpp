#include "edge/ib/link.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/defence.hpp"
#include "edge/ib/socket.hpp"

namespace robo::ib {

namespace {
constexpr std::size_t portion_max = 256 * 1024;  // bytes handled in one turn before the kernel gets its say
}

Link::Link(const LinkSettings& settings, Listener& listener, std::unique_ptr<Transport> transport)
    : settings_(settings), listener_(listener), socket_(transport ? std::move(transport) : std::make_unique<Socket>()), pacer_(settings.messages_per_second, settings.orders_per_second) {}

int Link::work(Timestamp now) {
  now_ = now;
  switch (state_) {
    case State::Waiting:
      if (now >= retry_at_) begin();
      return 0;
    case State::Connecting:
      switch (socket_->finish()) {
        case Transport::Progress::Connected: greet(); break;
        case Transport::Progress::Failed:
          lost(fmt::format("cannot connect to {}:{}: {}", settings_.host, settings_.port, socket_->trouble()), {});
          break;
        case Transport::Progress::Pending:
          if (now > deadline_) lost(fmt::format("cannot connect to {}:{}: no answer", settings_.host, settings_.port), {});
      }
      return 0;
    case State::Greeting:
      if (now > deadline_) {
        // A gateway that shows a dialog accepts and stays silent; an open socket would wedge its next accept.
        lost("connected, but the gateway does not greet: it may be showing a dialog, or the API is switched off", {});
        return 0;
      }
      flush();
      return receive();
    case State::Up: {
      if (pacer_.waiting() > 0) pacer_.pump(now, out_);
      flush();
      const int frames = receive();
      if (state_ == State::Up) keep_alive();
      return frames;
    }
    case State::Stopped: return 0;
  }
  return 0;
}

void Link::wait(Duration at_most) const {
  if (pacer_.waiting() > 0) at_most = std::min(at_most, milliseconds(5));
  socket_->wait(at_most, state_ == State::Connecting || !out_.empty());
}

void Link::begin() {
  ++attempts_;
  in_.clear();
  out_.clear();
  pacer_.clear();
  asking_ = false;
  version_ = 0;
  listener_.on_connecting();
  deadline_ = now_ + settings_.connect_timeout;
  if (const auto started = socket_->start(settings_.host, settings_.port); !started) {
    lost(fmt::format("cannot connect to {}:{}: {}", settings_.host, settings_.port, started.error().text), {});
    return;
  }
  state_ = State::Connecting;
}

void Link::greet() {
  state_ = State::Greeting;
  wire::encode_hello(out_, offer());
  flush();
}

wire::Hello Link::offer() const {
  int highest = std::min(settings_.version_max, version_ceiling_);
  if (wire::is_mixed(highest)) highest = wire::version_newest_text;
  return {.version_min = std::min(settings_.version_min, highest), .version_max = highest, .options = settings_.connect_options};
}

void Link::take_greeting(wire::Frame frame) {
  const auto greeting = wire::parse_greeting(frame, offer());
  if (!greeting) return lost(to_text(greeting.error()), {});
  if (!*greeting) return;  // something else slipped in before it
  if (!(*greeting)->redirect.empty()) {
    return lost(fmt::format("the gateway sends us to {}: set host and port to it", (*greeting)->redirect), settings_.backoff_max);
  }
  if (wire::is_mixed((*greeting)->version)) {
    // A release between the two regimes. Nothing was said to it yet: once more, and no higher than text.
    version_ceiling_ = wire::version_newest_text;
    lost(fmt::format("the gateway speaks server version {}, which mixes text and protobuf: asking for {}", (*greeting)->version,
                     wire::version_newest_text), {});
    retry_at_ = now_;
    return;
  }
  version_ = (*greeting)->version;
  greeted_at_ = (*greeting)->time;
  state_ = State::Up;
  heard_at_ = now_;
  (void)send(wire::StartApi{.clientId = settings_.client_id}, Pace::Cancel);
  if (state_ == State::Up) listener_.on_up();
}

int Link::receive() {
  int frames = 0;
  std::size_t taken = 0;
  while (socket_->is_open() && taken < portion_max) {
    const auto moved = socket_->receive(in_.space());
    if (moved.bytes > 0) {
      in_.received(moved.bytes);
      taken += moved.bytes;
      heard_at_ = now_;
      asking_ = false;
    }
    while (socket_->is_open()) {
      const auto next = in_.next();
      if (!next) {
        lost(fmt::format("bytes that are no frame: {}", to_text(next.error())), {});
        return frames;
      }
      if (!*next) break;
      ++frames;
      if (state_ == State::Greeting) take_greeting(**next);
      else listener_.on_frame(**next);
    }
    if (moved.stream == Transport::Stream::Closed) {
      if (socket_->is_open()) lost(fmt::format("connection lost: {}", socket_->trouble()), {});
      break;
    }
    // A short read emptied the socket: no second call to be told so.
    if (moved.stream == Transport::Stream::Blocked || moved.bytes < 16 * 1024) break;
  }
  return frames;
}

void Link::keep_alive() {
  if (!stands(Defence::ProbeWhileConnected)) return;
  if (asking_) {
    if (now_ - asked_at_ > settings_.heartbeat_timeout) {
      lost(fmt::format("no byte from the gateway for {:.0f} s: the connection is dead", (now_ - heard_at_).seconds()), {});
    }
  } else if (now_ - heard_at_ > settings_.heartbeat) {
    asking_ = true;
    asked_at_ = now_;
    (void)send(wire::ReqCurrentTime{}, Pace::Request);
  }
}

void Link::flush() {
  while (!out_.empty() && socket_->is_open()) {
    const auto moved = socket_->send(out_.view());
    out_.sent(moved.bytes);
    if (moved.stream == Transport::Stream::Closed) return;  // the next receive reports it, after what was still on its way
    if (moved.stream == Transport::Stream::Blocked) return;
  }
}

void Link::drop(std::string_view why, Duration at_least) {
  if (state_ != State::Stopped) lost(why, at_least);
}

void Link::stop(std::string_view why) {
  if (state_ == State::Stopped) return;
  const bool was_waiting = state_ == State::Waiting;
  socket_->close();
  state_ = State::Stopped;
  if (!was_waiting || !why.empty()) listener_.on_down(why);
}

void Link::lost(std::string_view why, Duration at_least) {
  socket_->close();
  if (state_ == State::Up) version_ceiling_ = wire::version_newest;  // the next gateway may be a newer one
  state_ = State::Waiting;
  const int doublings = std::clamp(attempts_ - 1, 0, 16);
  const Duration wait = std::min(settings_.backoff_first * (std::int64_t{1} << doublings), settings_.backoff_max);
  retry_at_ = now_ + std::max(wait, at_least);
  listener_.on_down(why);
}

}  // namespace robo::ib
