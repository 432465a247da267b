#include "sim/gateway_host.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace robo::simulation {

namespace {

constexpr int order_status = 3, open_order = 5, execution_details = 11, open_order_end = 53, execution_end = 55, commission_report = 59;

/// Message number of a text frame, and the number behind its version field where it is an execution's request.
struct Kind {
  int message{};
  int second{};
};
Kind kind_of(std::string_view frame) {
  Kind kind;
  const auto end = frame.find('\0', 4);
  if (end == std::string_view::npos) return kind;
  std::from_chars(frame.data() + 4, frame.data() + end, kind.message);
  const auto next = frame.find('\0', end + 1);
  if (next != std::string_view::npos) std::from_chars(frame.data() + end + 1, frame.data() + next, kind.second);
  return kind;
}

std::size_t frame_size(std::string_view bytes) {
  std::uint32_t big = 0;
  std::memcpy(&big, bytes.data(), sizeof big);
  return 4 + std::size_t{__builtin_bswap32(big)};
}

}  // namespace

GatewayHost::GatewayHost(runtime::MarketSource& market, const sim::ServerSettings& settings, sim::FeeTable fees, Network& network, std::uint64_t seed)
    : settings_(settings), station_(market, settings, std::move(fees), sim::OrderIds::open({}).value()), network_(network), dice_(seed, 2) {}

void GatewayHost::turn(Timestamp now) {
  const std::int64_t wall = now.ns;
  if (down_until_.ns != 0 && now >= down_until_) {
    down_until_ = {};
    network_.listen(true);
  }
  station_.play_to(now, wall);
  while (auto line = network_.accept()) {
    auto visitor = std::make_unique<Visitor>();
    visitor->line = std::move(line);
    visitor->client = std::make_unique<sim::Client>(0, settings_.limits);
    station_.join(*visitor->client);
    visitors_.push_back(std::move(visitor));
  }
  for (auto& visitor : visitors_) read(*visitor, wall);
  strikes_ = 0;
  for (auto& visitor : visitors_) {
    strikes_ += visitor->client->strikes;
    say(*visitor, now);
  }
  std::erase_if(visitors_, [&](const auto& visitor) {
    auto& line = *visitor->line;
    const bool heard_end = (line.client_closed || line.cut) && !line.silent && line.up.empty();
    if (!heard_end && !visitor->closing && now < visitor->gone_at) return false;
    station_.leave(*visitor->client);
    line.server_closed = true;
    return true;
  });
}

void GatewayHost::read(Visitor& visitor, std::int64_t wall) {
  auto& client = *visitor.client;
  while (!visitor.closing) {
    const std::size_t got = network_.receive(*visitor.line, visitor.line->up, client.in.space());
    if (got == 0) return;
    client.in.received(got);
    if (client.stage == sim::Client::Stage::Hello) {
      const auto hello = ib::wire::take_hello(client.in);
      if (!hello) {
        visitor.closing = true;
        return;
      }
      if (!*hello) continue;
      const auto version = ib::wire::negotiate(**hello, settings_.version_max);
      INVARIANT(version.has_value());
      client.version = *version;
      ib::wire::encode_greeting(client.out, *version, station_.greeting_time());
      client.stage = sim::Client::Stage::StartApi;
    }
    for (;;) {
      const auto frame = client.in.next();
      INVARIANT(frame.has_value());  // our own client never sends what is no frame
      if (!*frame) break;
      if (!station_.handle(client, **frame, wall)) {
        visitor.closing = true;
        break;
      }
    }
  }
}

void GatewayHost::say(Visitor& visitor, Timestamp now) {
  auto& out = visitor.client->out;
  auto& line = *visitor.line;
  std::string_view bytes = out.view();
  bool ends = false;  // the end of a list: nothing may come after it that belongs before
  for (std::string_view rest = bytes; rest.size() > 4;) {
    const auto size = frame_size(rest);
    const int message = kind_of(rest.substr(0, size)).message;
    ends |= message == open_order_end || message == execution_end;
    rest.remove_prefix(std::min(size, rest.size()));
  }
  const auto release = [&](Timestamp until) {
    while (!visitor.held.empty() && visitor.held.front().until <= until) {
      network_.send(line, line.down, visitor.held.front().frame);
      visitor.held.pop_front();
    }
  };
  release(ends ? Timestamp{INT64_MAX} : now);
  while (bytes.size() >= 4) {
    const auto frame = bytes.substr(0, frame_size(bytes));
    bytes.remove_prefix(frame.size());
    const Kind kind = kind_of(frame);
    const bool about_order = kind.message == order_status || kind.message == open_order || kind.message == commission_report ||
                             (kind.message == execution_details && kind.second < 0);
    if (about_order && !ends && !network_.calm()) {
      if (kind.message == order_status && dice_.chance(manners_.status_lost)) {
        ++troubles_;
        continue;
      }
      const bool twice = dice_.chance(manners_.twice), late = dice_.chance(manners_.late);
      troubles_ += std::uint64_t{twice} + std::uint64_t{late};
      if (twice || late) {
        Held held{now + dice_.wait(milliseconds(300)), std::string(frame)};
        visitor.held.insert(std::ranges::upper_bound(visitor.held, held.until, {}, &Held::until), std::move(held));
      }
      if (late) continue;
    }
    network_.send(line, line.down, frame);
  }
  out.sent(out.size());
  if (network_.calm()) release(Timestamp{INT64_MAX});
}

Timestamp GatewayHost::next_due() {
  Timestamp due{INT64_MAX};
  if (const Event* next = station_.upcoming()) due = next->at;
  for (const auto& visitor : visitors_) {
    due = std::min(due, network_.next_arrival(visitor->line->up));
    due = std::min(due, network_.next_arrival(visitor->line->down));
    if (!visitor->held.empty()) due = std::min(due, visitor->held.front().until);
  }
  return due;
}

void GatewayHost::restart(Timestamp until, std::int32_t roll_back) {
  for (auto& visitor : visitors_) {
    station_.leave(*visitor->client);
    visitor->line->server_closed = true;
  }
  visitors_.clear();
  network_.listen(false);
  down_until_ = until;
  if (roll_back > 0) (void)station_.apply(sim::fault::RollBackIds{.count = roll_back});
}

void GatewayHost::fall_silent(Timestamp until) {
  if (visitors_.empty()) return;
  auto& visitor = *visitors_.back();
  visitor.line->silent = true;
  visitor.gone_at = std::min(visitor.gone_at, until);
}

}  // namespace robo::simulation
