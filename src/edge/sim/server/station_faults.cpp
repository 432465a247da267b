// Faults on command: the socket, messages, the session, the market.

#include <algorithm>

#include <fmt/format.h>

#include "edge/sim/server/station.hpp"

namespace robo::sim {
namespace {

std::int64_t wall_span(double seconds) { return static_cast<std::int64_t>(seconds * 1e9); }
Duration market_span(double seconds) { return Duration{static_cast<std::int64_t>(seconds * 1e9)}; }

Problem no_symbol(std::string_view symbol) { return Problem{fmt::format("symbol: '{}' is not known here", symbol)}; }

constexpr std::string_view lost_words = "Connectivity between IBKR and Trader Workstation has been lost.";

}  // namespace

const InstrumentId* Station::by_symbol(std::string_view symbol) const {
  for (const auto& instrument : contracts_.all())
    if (!symbol.empty() && instrument.asset_class != AssetClass::Combo && (instrument.symbol.view() == symbol || instrument.local_symbol.view() == symbol)) return &instrument.id;
  return nullptr;
}

void Station::tell_all(std::int32_t code, std::string_view text) {
  for (Client* client : clients_)
    if (client->running()) client->error(-1, code, text, told_now());
}

template <class F>
std::size_t Station::each_client(std::int32_t wanted, F&& f) {
  std::size_t count = 0;
  for (Client* client : clients_) {
    if (wanted != every_client && client->id != wanted) continue;
    f(*client);
    ++count;
  }
  return count;
}

// ---------------------------------------------------------------- when

Result<std::string, Problem> Station::inject(const Injection& injection) {
  const When& when = injection.when;
  if (!when.message.empty()) {
    if (auto problem = tampering_.await(injection)) return fail(std::move(*problem));
    return fmt::format("{} waits for {} number {}", name_of(injection.fault), when.message, when.nth);
  }
  if (when.seconds > 0 || when.market_seconds > 0) {
    if (when.seconds > 0 && when.market_seconds > 0) return fail(Problem{"when: seconds of the wall or of the market, not both"});
    timed_.push_back(when.seconds > 0 ? Timed{injection.fault, wall_ns_ + wall_span(when.seconds), {}} : Timed{injection.fault, 0, now_ + market_span(when.market_seconds)});
    return fmt::format("{} in {} s{}", name_of(injection.fault), when.seconds > 0 ? when.seconds : when.market_seconds, when.seconds > 0 ? "" : " of the market");
  }
  return apply(injection.fault);
}

Result<std::string, Problem> Station::apply(const Fault& fault) {
  return std::visit(
      [&](const auto& one) -> Result<std::string, Problem> {
        if constexpr (requires { act(one); }) {
          return act(one);
        } else {
          if (auto problem = tampering_.add(one)) return fail(std::move(*problem));
          return std::string(one.name);
        }
      },
      fault);
}

void Station::strike_due(bool early) {
  for (const auto& injection : tampering_.due(early)) (void)inject(injection);
}

void Station::strike(std::int64_t wall_ns) {
  wall_ns_ = wall_ns;
  tampering_.turn(wall_ns);
  strike_due(false);
  if (settings_.restart_at.ns >= 0) daily_restart();
  if (timed_.empty()) return;
  std::vector<Timed> due;
  std::erase_if(timed_, [&](Timed& t) {
    if (t.wall_ns != 0 ? t.wall_ns > wall_ns : t.at > now_) return false;
    due.push_back(std::move(t));
    return true;
  });
  std::ranges::stable_sort(due, {}, [](const Timed& t) { return std::pair{t.wall_ns, t.at}; });
  for (const auto& t : due) (void)apply(t.fault);
}

/// TWS must log off once a day; on Sundays the token of the automatic restart has run out and a person must log in.
void Station::daily_restart() {
  const auto local = login_.zone().to_local(now_);
  const Timestamp today{now_.ns - local.since_midnight.ns + settings_.restart_at.ns};
  const Timestamp next = today > now_ ? today : Timestamp{today.ns + 86'400'000'000'000};
  if (next_restart_.ns != 0 && now_ >= next_restart_) {
    const bool sunday = (local.date.days % 7 + 7 + 4) % 7 == 0;  // 1970-01-01 was a Thursday
    (void)act(fault::Restart{.seconds = settings_.restart_seconds, .login_seconds = sunday ? settings_.weekly_login_seconds : 0});
    next_restart_ = next;
  }
  if (next_restart_.ns == 0) next_restart_ = next;
}

// ---------------------------------------------------------------- the socket

Result<std::string, Problem> Station::act(const fault::Disconnect& f) {
  return fmt::format("{} connections ended", each_client(f.client, [&](Client& client) {
                       // A message may have ended it already, at a byte of its own.
                       if (client.stage != Client::Stage::Closing) client.end_now(f.reset);
                       else client.reset_when_closed = f.reset;
                     }));
}
Result<std::string, Problem> Station::act(const fault::CutBytes& f) {
  if (f.bytes < 0) return fail(Problem{"bytes: at least 0"});
  return fmt::format("{} connections end after {} more bytes {}", each_client(f.client, [&](Client& client) { (f.sent ? client.bytes_out_left : client.bytes_in_left) = f.bytes; }), f.bytes,
                     f.sent ? "sent" : "received");
}
Result<std::string, Problem> Station::act(const fault::Freeze& f) {
  const auto until = f.seconds > 0 ? wall_ns_ + wall_span(f.seconds) : INT64_MAX;
  const auto count = each_client(f.client, [&](Client& client) { client.frozen_until_ns = until; });
  if (f.client == every_client && f.seconds <= 0 && house_) house_->freeze_newcomers(true);
  return fmt::format("{} connections frozen: nothing is read or sent", count);
}
Result<std::string, Problem> Station::act(const fault::Thaw& f) {
  if (f.client == every_client && house_) house_->freeze_newcomers(false);
  return fmt::format("{} connections thawed", each_client(f.client, [](Client& client) { client.frozen_until_ns = 0; }));
}
Result<std::string, Problem> Station::act(const fault::Trickle& f) {
  if (f.bytes < 0) return fail(Problem{"bytes: at least 0"});
  return fmt::format("{} connections trickle", each_client(f.client, [&](Client& client) { client.trickle = f.bytes; }));
}
Result<std::string, Problem> Station::act(const fault::Door& f) {
  if (!house_) return fail(Problem{"door: there is none here"});
  house_->shut(f.how, f.seconds);
  return fmt::format("the door is shut ({}) for {} s", to_text(f.how), f.seconds);
}
Result<std::string, Problem> Station::act(const fault::Restart& f) {
  if (!house_) return fail(Problem{"restart: there is no door here"});
  if (f.roll_back > 0) (void)act(fault::RollBackIds{f.roll_back});
  house_->restart(f.seconds, f.login_seconds, f.how);
  return fmt::format("restarting for {} s", f.seconds + f.login_seconds);
}

// ---------------------------------------------------------------- messages

Result<std::string, Problem> Station::act(const fault::Release& f) {
  const auto before = tampering_.held();
  tampering_.release(f.message);
  return fmt::format("{} messages let go", before - tampering_.held());
}
Result<std::string, Problem> Station::act(const fault::Clear&) {
  tampering_.clear();
  timed_.clear();
  rejections_.clear();
  for (Client* client : clients_) client->trickle = 0, client->bytes_out_left = client->bytes_in_left = -1;
  return std::string("no faults wait any more");
}
Result<std::string, Problem> Station::act(const fault::Say& f) {
  return fmt::format("said {} to {}", f.code, each_client(f.client, [&](Client& client) {
                       if (client.running()) client.error(f.about, f.code, f.text, told_now());
                     }));
}

// ---------------------------------------------------------------- the session

Result<std::string, Problem> Station::act(const fault::LoseIb& f) {
  connected_ = false;
  for (std::int32_t i = 0; i < std::max(1, f.times); ++i)
    tell_all(f.code, f.code == 2110 ? "Connectivity between TWS and server is broken. It will be restored automatically." : lost_words);
  return fmt::format("cut: {}", f.code);
}

Result<std::string, Problem> Station::act(const fault::RestoreIb& f) {
  if (connected_) return std::string("TWS and IB were connected");
  connected_ = true;
  if (f.data_kept) {
    tell_all(1102, "Connectivity between IBKR and Trader Workstation has been restored - data maintained. All data farms are connected: usfarm; ushmds; secdefil.");
  } else {
    tell_all(1101, "Connectivity between IBKR and Trader Workstation has been restored - data lost.");
    for (Client* client : clients_) {
      client->level1.clear(), client->ticks.clear(), client->depth.clear();
      std::erase_if(client->bars, [](const auto& bar) { return !bar.second.keep_up_to_date; });
    }
  }
  // What happened at IB meanwhile is told now, or only to those who ask.
  if (!f.fills_told)
    for (Client* client : clients_) client->mute = true;
  deliver_reports();
  if (!f.fills_told)
    for (Client* client : clients_) client->mute = false;
  return std::string("restored");
}

Result<std::string, Problem> Station::act(const fault::Farm& f) {
  using enum fault::FarmState;
  const bool up = f.state == Up || f.state == Dormant;
  const std::string called = !f.called.empty() ? f.called : f.farm == fault::FarmKind::Market ? "usfarm" : f.farm == fault::FarmKind::History ? "ushmds" : "secdefil";
  const std::string_view what = f.farm == fault::FarmKind::Market ? "Market data farm" : f.farm == fault::FarmKind::History ? "HMDS data farm" : "Sec-def data farm";
  std::int32_t code = 0;
  switch (f.farm) {
    case fault::FarmKind::Market:
      code = f.state == Up ? 2104 : f.state == Down ? 2103 : f.state == Dormant ? 2108 : 2119;
      if (up && !market_farm_up_ && !f.resumes) {
        for (Client* client : clients_) client->drop_subscriptions();  // nobody says so
      }
      market_farm_up_ = up;
      break;
    case fault::FarmKind::History: code = f.state == Up ? 2106 : f.state == Down ? 2105 : f.state == Dormant ? 2107 : 2119; history_farm_up_ = up; break;
    case fault::FarmKind::Contracts: code = f.state == Up ? 2158 : f.state == Down ? 2157 : f.state == Dormant ? 2158 : 2119; contract_farm_up_ = up; break;
  }
  const std::string text = f.state == Up         ? fmt::format("{} connection is OK:{}", what, called)
                           : f.state == Down     ? fmt::format("{} connection is broken:{}", what, called)
                           : f.state == Dormant  ? fmt::format("{} connection is inactive but should be available upon demand.{}", what, called)
                                                 : fmt::format("Market data farm is connecting:{}", called);
  tell_all(code, text);
  return fmt::format("{} is {}", called, to_text(f.state));
}

Result<std::string, Problem> Station::act(const fault::Silence& f) {
  if (f.symbol.empty()) {
    all_silent_ = f.on;
    if (!f.on) silenced_.clear();
    return std::string(f.on ? "all streams are silent" : "all streams speak");
  }
  const auto* id = by_symbol(f.symbol);
  if (!id) return fail(no_symbol(f.symbol));
  if (f.on) silenced_.insert(*id);
  else silenced_.erase(*id);
  return fmt::format("{} {}", f.symbol, f.on ? "is silent" : "speaks");
}

bool Station::streams(InstrumentId instrument) const {
  return connected_ && market_farm_up_ && !competing_ && !all_silent_ && (silenced_.empty() || !silenced_.contains(instrument));
}

Result<std::string, Problem> Station::act(const fault::Competing& f) {
  competing_ = f.on;
  if (!f.on) return std::string("the other session is gone; streams must be asked for again");
  for (Client* client : clients_) {
    const auto ends = [&](auto& lines) {
      for (const auto& [request, line] : lines) client->error(request, 10197, "No market data during competing live session", told_now());
      lines.clear();
    };
    ends(client->level1), ends(client->ticks), ends(client->depth), ends(client->bars);
  }
  return std::string("another session has the market data");
}

Result<std::string, Problem> Station::act(const fault::ReadOnly& f) {
  settings_.read_only = f.on;
  return std::string(f.on ? "the API is read-only" : "the API may trade");
}
Result<std::string, Problem> Station::act(const fault::ClockOffset& f) {
  clock_offset_ = market_span(f.seconds);
  return fmt::format("the clock is {} s off", f.seconds);
}
Result<std::string, Problem> Station::act(const fault::RollBackIds& f) {
  ids_.roll_back(f.count);
  // The gateway has forgotten the orders behind those ids; the ones still working it has from IB.
  std::erase_if(by_api_id_, [&](const auto& entry) {
    const auto& order = served_[entry.second];
    return is_final(order.state) && order.id >= ids_.next(order.client);
  });
  return fmt::format("rollback {}", f.count);
}
Result<std::string, Problem> Station::act(const fault::Lines& f) {
  auto& limits = settings_.limits;
  const auto set = [](std::uint32_t& limit, std::int32_t wanted) {
    if (wanted >= 0) limit = static_cast<std::uint32_t>(wanted);
  };
  set(limits.lines, f.market), set(limits.tick_by_tick, f.tick_by_tick), set(limits.depth, f.depth), set(limits.messages_per_second, f.messages_per_second);
  return fmt::format("lines {}, tick by tick {}, depth {}, {} messages a second", limits.lines, limits.tick_by_tick, limits.depth, limits.messages_per_second);
}
Result<std::string, Problem> Station::act(const fault::Entitlement& f) {
  const auto* id = by_symbol(f.symbol);
  if (!id) return fail(no_symbol(f.symbol));
  rights_[std::string(contracts_[*id].symbol.view())] = f.data;
  return fmt::format("{}: {}", f.symbol, to_text(f.data));
}
fault::DataRight Station::right_to(InstrumentId instrument) const {
  const auto found = rights_.find(contracts_[instrument].symbol.view());
  return found == rights_.end() ? fault::DataRight::Live : found->second;
}

Result<std::string, Problem> Station::act(const fault::Advance& f) {
  if (f.seconds < 0) return fail(Problem{"seconds: the past is over"});
  play_to(now_ + market_span(f.seconds), wall_ns_);
  if (house_) house_->clock_moved(now_);
  return fmt::format("now {}", to_text(now_));
}
Result<std::string, Problem> Station::act(const fault::Speed& f) {
  if (!(f.factor > 0) || f.factor > 1e6) return fail(Problem{"factor: above 0, up to 1e6"});
  if (!house_) return fail(Problem{"speed: the clock is not ours"});
  house_->set_speed(f.factor);
  return fmt::format("speed {}", f.factor);
}

// ---------------------------------------------------------------- the market

void Station::market_moves(const EventPayload& payload) {
  const Event event{.at = now_, .received_at = now_, .payload = payload};
  replay_.note(event);
  broker_.on_market(now_, event.payload);
  if (connected_) fan_out(event);
  derived_follow(now_, event.payload);
  deliver_reports();
}

Result<std::string, Problem> Station::act(const fault::SetPrice& f) {
  const auto* id = by_symbol(f.symbol);
  if (!id) return fail(no_symbol(f.symbol));
  if (f.bid < 0 || f.ask < 0 || f.last < 0 || f.size <= 0) return fail(Problem{"bid, ask, last and size: not below zero"});
  if (f.bid > 0 && f.ask > 0 && f.bid > f.ask) return fail(Problem{"bid: above the ask"});
  if (f.bid == 0 && f.ask == 0 && f.last == 0) return fail(Problem{"price: give bid and ask, or last"});
  if (f.pin) pinned_.insert(*id);
  const auto size = Quantity::nearest(f.size);
  if (broker_.matcher().book(*id) != nullptr) {
    DepthReset reset{};
    reset.instrument = *id;
    market_moves(reset);
  }
  if (f.bid > 0 || f.ask > 0) {
    Quote quote{};
    quote.instrument = *id;
    quote.bid = Price::nearest(f.bid), quote.ask = Price::nearest(f.ask);
    quote.bid_size = f.bid > 0 ? size : Quantity{}, quote.ask_size = f.ask > 0 ? size : Quantity{};
    market_moves(quote);
  }
  if (f.last > 0) {
    Trade trade{};
    trade.instrument = *id;
    trade.price = Price::nearest(f.last);
    trade.size = size;
    market_moves(trade);
  }
  return fmt::format("{} {} - {}, last {}{}", f.symbol, f.bid, f.ask, f.last, f.pin ? ", pinned" : "");
}
Result<std::string, Problem> Station::act(const fault::Unpin& f) {
  const auto* id = by_symbol(f.symbol);
  if (!id) return fail(no_symbol(f.symbol));
  pinned_.erase(*id);
  return fmt::format("{} follows the recorded market", f.symbol);
}

Result<std::string, Problem> Station::act(const fault::Halt& f) {
  const auto* id = by_symbol(f.symbol);
  if (!id) return fail(no_symbol(f.symbol));
  halts_[*id] = f.reason;
  PhaseChange change = replay_.tape(*id).phase;
  change.instrument = *id;
  change.phase = TradingPhase::Halted;
  const Event event{.at = now_, .received_at = now_, .payload = change};
  broker_.on_market(now_, event.payload);
  if (connected_) fan_out(event);
  derived_follow(now_, event.payload);
  deliver_reports();
  if (f.seconds > 0) timed_.push_back({fault::Resume{f.symbol}, 0, now_ + market_span(f.seconds)});
  return fmt::format("{} halted", f.symbol);
}
Result<std::string, Problem> Station::act(const fault::Resume& f) {
  const auto* id = by_symbol(f.symbol);
  if (!id) return fail(no_symbol(f.symbol));
  halts_.erase(*id);
  PhaseChange change = replay_.tape(*id).phase;
  change.instrument = *id;
  const Event event{.at = now_, .received_at = now_, .payload = change};
  broker_.on_market(now_, event.payload);
  if (connected_) fan_out(event);
  derived_follow(now_, event.payload);
  deliver_reports();
  return fmt::format("{} trades", f.symbol);
}

}  // namespace robo::sim
