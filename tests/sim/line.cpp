#include "sim/line.hpp"

#include <algorithm>
#include <cstring>

namespace robo::simulation {

std::shared_ptr<Connection> Network::call() {
  if (!listening_) return nullptr;
  auto connection = std::make_shared<Connection>();
  connection->accepted_at = clock_.now() + microseconds(200);
  calling_.push_back(connection);
  newest_ = connection;
  return connection;
}

std::shared_ptr<Connection> Network::accept() {
  if (calling_.empty() || calling_.front()->accepted_at > clock_.now()) return nullptr;
  auto connection = std::move(calling_.front());
  calling_.pop_front();
  return connection;
}

void Network::send(Connection& connection, Pipe& pipe, std::string_view bytes) {
  if (bytes.empty() || connection.cut || connection.silent) {
    pipe.put += bytes.size();
    return;
  }
  if (pipe.put + bytes.size() >= pipe.cut_at) {  // what is behind the cut never arrives
    bytes = bytes.substr(0, pipe.cut_at > pipe.put ? pipe.cut_at - pipe.put : 0);
    connection.cut = true;
    Pipe& other = &pipe == &connection.up ? connection.down : connection.up;
    if (dice_.chance(0.5)) other.on_the_way.clear();  // a reset overtakes what the other end had not read
  }
  pipe.put += bytes.size();
  if (bytes.empty()) return;
  const Duration delay = calm_ ? microseconds(100) : dice_.between(microseconds(50), milliseconds(4));
  const Timestamp at = std::max({clock_.now() + delay, pipe.last_at, pipe.stalled_until});
  pipe.last_at = at;
  pipe.on_the_way.push_back({at, std::string(bytes)});
}

std::size_t Network::receive(Connection& connection, Pipe& pipe, std::span<char> into) {
  std::size_t taken = 0;
  while (!pipe.empty() && taken < into.size() && !connection.silent) {
    auto& front = pipe.on_the_way.front();
    if (std::max(front.at, pipe.stalled_until) > clock_.now()) break;
    std::size_t portion = std::min(front.bytes.size(), into.size() - taken);
    const bool odd = !calm_ && portion > 1 && dice_.chance(0.1);
    if (odd) portion = 1 + dice_.below(portion);
    std::memcpy(into.data() + taken, front.bytes.data(), portion);
    taken += portion;
    if (portion == front.bytes.size()) pipe.on_the_way.pop_front();
    else front.bytes.erase(0, portion);
    if (odd) break;
  }
  return taken;
}

Timestamp Network::next_arrival(const Pipe& pipe) const {
  return pipe.empty() ? Timestamp{INT64_MAX} : std::max(pipe.on_the_way.front().at, pipe.stalled_until);
}

LineTransport::~LineTransport() { LineTransport::close(); }

Result<void, Problem> LineTransport::start(const std::string&, std::uint16_t) {
  close();
  head_.clear();
  rest_ = 0;
  said_ = 0;
  connection_ = network_.call();
  if (connection_) return {};
  trouble_ = "Connection refused";
  return fail(Problem{trouble_});
}

ib::Transport::Progress LineTransport::finish() {
  return connection_->accepted_at <= network_.now() ? Progress::Connected : Progress::Pending;
}

ib::Transport::Moved LineTransport::receive(std::span<char> into) {
  const std::size_t bytes = network_.receive(*connection_, connection_->down, into);
  if (bytes > 0) return {bytes, Stream::Open};
  const bool over = (connection_->cut || connection_->server_closed) && connection_->down.empty() && !connection_->silent;
  if (!over) return {0, Stream::Blocked};
  trouble_ = connection_->cut ? "Connection reset by peer" : "closed by the gateway";
  return {0, Stream::Closed};
}

void LineTransport::count_messages(std::string_view bytes) {
  while (!bytes.empty()) {
    if (rest_ == 0) {
      const auto part = bytes.substr(0, 4 - head_.size());
      head_ += part;
      bytes.remove_prefix(part.size());
      if (head_.size() < 4) return;
      // "API" and a zero, then the versions we speak, then messages.
      if (said_ > 0)
        for (const char c : head_) rest_ = rest_ << 8 | static_cast<unsigned char>(c);
      if (said_ > 1 && network_.said) network_.said(network_.now());
      ++said_;
      head_.clear();
    } else {
      const auto part = std::min(rest_, bytes.size());
      rest_ -= part;
      bytes.remove_prefix(part);
    }
  }
}

ib::Transport::Moved LineTransport::send(std::string_view bytes) {
  if (sent_ + bytes.size() >= dies_at_) {
    network_.send(*connection_, connection_->up, bytes.substr(0, dies_at_ - sent_));
    throw Killed{};
  }
  sent_ += bytes.size();
  count_messages(bytes);
  network_.send(*connection_, connection_->up, bytes);
  return {bytes.size(), Stream::Open};
}

void LineTransport::close() {
  if (connection_) connection_->client_closed = true;
  connection_.reset();
}

}  // namespace robo::simulation
