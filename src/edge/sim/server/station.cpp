#include "edge/sim/server/station.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace robo::sim {

Station::Station(runtime::MarketSource& source, const ServerSettings& settings, FeeTable fees, OrderIds ids)
    : settings_(settings),
      contracts_(source.instruments()),
      broker_([&] {
        BrokerSettings b = settings.broker;
        b.keep_history = true;
        return b;
      }(), std::move(fees)),
      replay_(source, settings.calendars, settings.repeat),
      ids_(std::move(ids)),
      dice_(static_cast<std::minstd_rand::result_type>(settings.faults.seed + 1)) {
  for (const auto& instrument : contracts_.all()) broker_.add(instrument);
  if (const Event* first = replay_.peek()) now_ = first->at;
  for (const auto& symbol : settings_.unentitled) rights_[symbol] = fault::DataRight::Delayed;
  day_start_equity_ = broker_.account().values().net_liquidation;
}

namespace {

InstrumentId instrument_of(const EventPayload& payload) {
  return std::visit(
      [](const auto& what) {
        if constexpr (requires { what.instrument; }) return InstrumentId{what.instrument};
        else return InstrumentId{0xFFFFFFFF};
      },
      payload);
}

}  // namespace

bool Station::chance(double probability) {
  if (settings_.faults.seed == 0) return false;
  return static_cast<double>(dice_()) < probability * static_cast<double>(std::minstd_rand::max());
}

void Station::leave(Client& client) {
  std::erase(clients_, &client);
  tampering_.forget(client);
}

void Station::play_to(Timestamp now, std::int64_t wall_ns) {
  wall_ns_ = wall_ns;
  while (const Event* event = replay_.peek()) {
    if (event->at > now) break;
    now_ = std::max(now_, event->at);
    if (!pinned_.empty() && pinned_.contains(instrument_of(event->payload)) && !std::holds_alternative<PhaseChange>(event->payload)) {
      replay_.skip();
      continue;
    }
    const auto* phase = std::get_if<PhaseChange>(&event->payload);
    const bool new_day = phase != nullptr && replay_.tape(phase->instrument).day != phase->trade_date && replay_.tape(phase->instrument).day.days != 0;
    replay_.take();  // what `event` points to stays until the next peek
    if (new_day) day_turns(phase->instrument), expire_before(replay_.tape(phase->instrument).day);
    if (phase != nullptr && halts_.contains(phase->instrument)) continue;  // what was halted on command resumes on command
    broker_.on_market(event->at, event->payload);
    if (connected_) fan_out(*event);
    derived_follow(event->at, event->payload);
    if (!broker_.reports().empty()) deliver_reports();
  }
  now_ = std::max(now_, now);
  if (!waiting_.empty()) turn_waiting();
  if (settings_.price_bands) bands_by_time();
  broker_.on_time(now_);
  if (!broker_.reports().empty()) deliver_reports();
  strike(wall_ns);
  by_the_clock(wall_ns);
}

void Station::derived_follow(Timestamp at, const EventPayload& payload) {
  if (settings_.price_bands) watch_bands(at, payload);
  if (!option_names_.empty()) options_follow(at, payload);
  if (broker_.matcher().has_combos()) combos_follow(at, instrument_of(payload));
}

bool Station::handle(Client& client, wire::Frame frame, std::int64_t wall_ns) {
  wall_ns_ = wall_ns;
  switch (client.paced(wall_ns)) {
    case Client::Pace::Fine: break;
    case Client::Pace::Strike:
      if (client.queues_excess) break;
      client.error(-1, 100, fmt::format("Max rate of messages per second has been exceeded:max={} rec={} ({})", settings_.limits.messages_per_second, settings_.limits.messages_per_second + 1, client.strikes), now_);
      return client.strikes < settings_.limits.strikes;
    case Client::Pace::TooFast:
      if (client.queues_excess) break;
      return true;  // the message is lost
  }
  const auto serve = [&](const auto& request) {
    using Request = std::remove_cvref_t<decltype(request)>;
    if constexpr (!std::is_same_v<Request, wire::StartApi>) {
      if (!client.running()) return;  // TWS does not listen before startApi
    }
    if (tampering_.watches_requests()) [[unlikely]] {
      const auto fate = tampering_.requested(client, Request::message_name, about_of(request));
      strike_due(true);
      if (client.stage == Client::Stage::Closing) return;
      if (fate.code != 0) return client.error(about_of(request), fate.code, fate.text, now_);
      if (fate.lost) return;
    }
    on(client, request);
  };
  auto read = wire::decode_request(frame, client.version, serve);
  // Some clients count the options of 54 and 55 before they write them; a TWS passes over what is left.
  if (!read && read.error().kind == wire::WireError::Kind::FieldsLeft && (read.error().id == 54 || read.error().id == 55)) {
    const auto whole = frame.view();
    const wire::OwnedFrame shorter(whole.substr(0, whole.rfind('\0', whole.size() - 2) + 1));
    read = wire::decode_request(shorter.frame(), client.version, serve);
  }
  if (read) return client.stage != Client::Stage::Closing;
  if (read.error().kind == wire::WireError::Kind::UnknownMessage && refused_fundamentals(client, frame, read.error().id)) return true;
  client.error(-1, 320, fmt::format("Error reading request. {}", to_text(read.error())), now_);
  return read.error().kind == wire::WireError::Kind::UnknownMessage;
}

/// 52 and 53, which IB has taken out of the API and old clients still send: id, version, request.
bool Station::refused_fundamentals(Client& client, wire::Frame frame, std::int32_t id) {
  if ((id != 52 && id != 53) || !client.running()) return false;
  std::string_view rest = frame.view();
  for (int field = 0; field < 2 && rest.find('\0') != std::string_view::npos; ++field) rest.remove_prefix(rest.find('\0') + 1);
  std::int32_t request = -1;
  (void)std::from_chars(rest.data(), rest.data() + rest.size(), request);
  if (id == 52) client.error(request, 430, "We are sorry, but fundamentals data for the security specified is not available.Not allowed", now_);
  return true;
}

// ---------------------------------------------------------------- session

void Station::on(Client& client, const wire::StartApi& request) {
  if (client.running()) return;
  for (const Client* other : clients_) {
    if (other == &client || other->id != request.clientId || !other->running()) continue;
    client.error(-1, 326, "Unable to connect as the client id is already in use. Retry with a unique client id.", now_);
    client.stage = Client::Stage::Closing;
    return;
  }
  if (std::ranges::count_if(clients_, [](const Client* other) { return other->running(); }) >= static_cast<std::ptrdiff_t>(settings_.limits.clients)) {
    client.stage = Client::Stage::Closing;  // a full TWS hangs up without a word
    return;
  }
  client.id = request.clientId;
  client.stage = Client::Stage::Running;
  client.say(wire::ManagedAccounts{.accountsList = settings_.account});
  client.say(wire::NextValidId{.orderId = ids_.next(client.id)});
  client.error(-1, 2104, "Market data farm connection is OK:usfarm", now_);
  client.error(-1, 2106, "HMDS data farm connection is OK:ushmds", now_);
  client.error(-1, 2158, "Sec-def data farm connection is OK:secdefil", now_);
  if (!connected_) client.error(-1, 1100, "Connectivity between IBKR and Trader Workstation has been lost.", now_);
  // "Download open orders on connection" is on by default.
  for (const auto& order : served_) {
    if (order.client != client.id || !order.open()) continue;
    open_order(client, order);
    order_status(client, order, {});
  }
}

void Station::on(Client& client, const wire::ReqIds&) { client.say(wire::NextValidId{.orderId = ids_.next(client.id)}); }
void Station::on(Client& client, const wire::ReqManagedAccts&) { client.say(wire::ManagedAccounts{.accountsList = settings_.account}); }
void Station::on(Client& client, const wire::ReqCurrentTime&) { client.say(wire::CurrentTime{.time = epoch_seconds(told_now())}); }
void Station::on(Client& client, const wire::ReqCurrentTimeInMillis&) { client.say(wire::CurrentTimeInMillis{.time = told_now().ns / 1'000'000}); }

}  // namespace robo::sim
