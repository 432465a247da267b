#include "edge/serve/hub.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <limits>

#include "model/json/json.hpp"

namespace robo::serve {
namespace {

constexpr std::uint32_t protocol = 1;
constexpr double hello_within_s = 5;
constexpr double heartbeat_s = 1;
constexpr double messages_per_second = 50;
constexpr std::size_t subscriptions_max = 256;
constexpr std::uint64_t tape_at_first = 100;
constexpr std::size_t bars_at_first = 2;
constexpr std::uint16_t unsupported = 1003, policy = 1008;

constexpr double missing = std::numeric_limits<double>::quiet_NaN();
double number(const std::optional<Price>& price) { return price ? price->to_double() : missing; }
double milliseconds_of(Timestamp at) { return static_cast<double>(at.ns) * 1e-6; }

Timestamp wall() {
  return Timestamp{std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch()).count()};
}

frames::QuoteRow row_of(const view::Quote& quote) {
  const double flags = quote.state == view::QuoteState::Stale     ? frames::quote_stale
                       : quote.state == view::QuoteState::Crossed ? frames::quote_crossed
                       : quote.state == view::QuoteState::Halted  ? frames::quote_halted
                                                                  : 0;
  return {.instrument = static_cast<double>(quote.instrument), .bid = number(quote.bid), .bid_size = quote.bid_size.to_double(), .ask = number(quote.ask), .ask_size = quote.ask_size.to_double(),
          .last = number(quote.last), .last_size = quote.last_size.to_double(), .volume = quote.volume.to_double(), .at_ms = quote.at ? milliseconds_of(*quote.at) : missing, .flags = flags, .vwap = number(quote.vwap),
          .relative_volume = quote.relative_volume.value_or(missing)};
}

}  // namespace

struct Hub::Client {
  std::shared_ptr<Wire> wire{};
  bool trusted{};
  bool welcome{};               // said hello
  bool leaving{}, cut{};
  double leaving_since{};
  double joined{};
  double busy_since{-1};
  double next_at{};
  double beat_at{};
  double interval{1.0 / 60};
  std::uint32_t rate{60};
  TokenBucket messages{messages_per_second};

  bool whole{true};             // needs a snapshot
  std::uint64_t seq{};
  std::size_t venues{};

  bool all_quotes{};
  std::set<std::uint32_t> quotes{};
  std::uint64_t quotes_seen{};
  std::map<std::uint32_t, std::uint64_t> depth{};                                // book version sent
  std::map<std::uint32_t, std::uint64_t> trades{};                               // last print sent
  std::map<std::pair<std::uint32_t, std::size_t>, std::uint64_t> bars{};         // market version sent
  std::uint32_t frame{};

  [[nodiscard]] std::size_t subscriptions() const { return quotes.size() + depth.size() + trades.size() + bars.size(); }
};

Hub::Hub(const Settings& settings, ReadModel& model, const Guard& guard, Metrics& metrics, std::string epoch)
    : settings_(settings), model_(model), guard_(guard), metrics_(metrics), epoch_(std::move(epoch)) {}
Hub::~Hub() = default;

void Hub::join(std::shared_ptr<Wire> wire, bool trusted, double now) {
  auto client = std::make_unique<Client>();
  client->trusted = trusted;
  client->joined = now;
  client->beat_at = now;
  client->wire = std::move(wire);
  const auto* key = client->wire.get();
  clients_.emplace(key, std::move(client));
}

void Hub::clear() { clients_.clear(); }

void Hub::leave(const Wire* wire) { clients_.erase(wire); }

void Hub::close_all(std::uint16_t code, std::string_view reason) {
  for (auto& [wire, client] : clients_) {
    client->leaving = true;
    client->wire->close(code, reason);
  }
}

void Hub::drop(Client& client, std::uint16_t code, std::string_view reason) {
  client.leaving = true;
  client.leaving_since = -1;
  metrics_.client_dropped();
  model_.note(view::LogLevel::Attention, view::LogTopic::System, fmt::format("A page was dropped: {}.", reason));
  client.wire->close(code, reason);
}

void Hub::error(Client& client, std::optional<std::uint64_t> id, std::string_view code, std::string text, std::optional<std::uint16_t> close) {
  const view::ErrorMessage message{.type = "error", .id = id, .code = std::string(code), .text = text, .fatal = close.has_value()};
  client.wire->send(std::make_shared<const std::string>(json::to_json(message)), false);
  if (close) drop(client, *close, std::string(code) + ": " + text.substr(0, 80));
}

void Hub::ack(Client& client, const view::ClientMessage& message) {
  if (message.id) client.wire->send(std::make_shared<const std::string>(json::to_json(view::AckMessage{.type = "ack", .id = *message.id})), false);
}

void Hub::receive(const Wire* wire, std::string_view text, bool binary, double now) {
  const auto found = clients_.find(wire);
  if (found == clients_.end() || found->second->leaving) return;
  auto& client = *found->second;
  if (!client.messages.take(now)) return error(client, {}, "too_many", fmt::format("more than {} messages a second", messages_per_second), policy);
  if (binary) return error(client, {}, "not_json", "this server takes text messages only", unsupported);
  const auto read = json::from_json<view::ClientMessage>(text);
  if (!read) return error(client, {}, "invalid", read.error().front().text, policy);
  const auto& message = read.value();
  if (message.type == "hello") return hello(client, message, now);
  if (!client.welcome) return error(client, message.id, "no_hello", "the first message must be hello", policy);
  if (message.type == "subscribe") return subscribe(client, message, true);
  if (message.type == "unsubscribe") return subscribe(client, message, false);
  if (message.type == "ping") return ack(client, message);
  if (message.type == "snapshot") {
    client.whole = true;
    return ack(client, message);
  }
  error(client, message.id, "invalid", "there is no message type \"" + message.type.substr(0, 40) + "\"", policy);
}

void Hub::hello(Client& client, const view::ClientMessage& message, double now) {
  if (client.welcome) return error(client, message.id, "invalid", "hello was said already", policy);
  if (message.protocol.value_or(0) != protocol) return error(client, message.id, "protocol", fmt::format("this server speaks protocol {}; reload the page", protocol), policy);
  if (guard_.reads_need_token() && !client.trusted && !guard_.token_is(message.token.value_or(""))) return error(client, message.id, "token_missing", "this server is reachable by others, so the stream needs the token", policy);
  if (message.token && !guard_.token_is(*message.token)) return error(client, message.id, "token_wrong", "the token is not this server's; it is new at every start", policy);
  client.welcome = true;
  client.rate = std::clamp(message.rate.value_or(60), 1u, 60u);
  client.interval = 1.0 / client.rate;
  client.next_at = now;
  if (message.epoch == epoch_ && message.seq && model_.knows(*message.seq)) {
    client.seq = *message.seq;
    client.whole = false;
  }
}

void Hub::subscribe(Client& client, const view::ClientMessage& message, bool on) {
  const auto channel = message.channel.value_or("");
  const auto instrument = message.instrument;
  const auto wrong = [&](std::string text) { error(client, message.id, "not_found", std::move(text)); };
  if (channel != "quotes" && !instrument) return wrong("the channel \"" + channel.substr(0, 40) + "\" needs an instrument");
  if (instrument && model_.instrument(*instrument) == nullptr) return wrong(fmt::format("there is no instrument {}", *instrument));
  if (on && client.subscriptions() >= subscriptions_max) return error(client, message.id, "too_many", fmt::format("at most {} subscriptions", subscriptions_max));
  const auto* market = instrument ? model_.market(*instrument) : nullptr;
  if (channel == "quotes") {
    if (!instrument) client.all_quotes = on;
    else if (on) client.quotes.insert(*instrument);
    else client.quotes.erase(*instrument);
    if (on) client.quotes_seen = 0;
  } else if (channel == "depth") {
    if (on) client.depth[*instrument] = 0;
    else client.depth.erase(*instrument);
  } else if (channel == "trades") {
    const auto count = market != nullptr ? market->prints_count() : 0;
    if (on) client.trades[*instrument] = count - std::min(count, tape_at_first);
    else client.trades.erase(*instrument);
  } else if (channel == "bars") {
    const auto length = bar_length(message.bar.value_or("1m"));
    if (!length) return wrong("bar is one of 5s, 1m, 5m, 15m, 1h, 1d");
    if (on) client.bars[{*instrument, *length}] = 0;
    else client.bars.erase({*instrument, *length});
  } else {
    return wrong("there is no channel \"" + channel.substr(0, 40) + "\"; there are quotes, depth, trades, bars");
  }
  ack(client, message);
}

Bytes Hub::snapshot(std::uint32_t rate) {
  auto& made = snapshots_[rate];
  if (!made) made = std::make_shared<const std::string>(json::to_json(view::SnapshotMessage{.type = "snapshot", .protocol = protocol, .epoch = epoch_, .seq = model_.seq(), .rate = rate, .venues = model_.venues(), .state = model_.desk()}));
  return made;
}

Bytes Hub::patch(std::uint64_t from, bool venues) {
  auto& made = patches_[{from, venues}];
  if (made) return made;
  view::PatchMessage message{.type = "patch", .epoch = epoch_, .prev = from, .seq = model_.seq(), .venues = {}, .changes = model_.changes_since(from), .orders_removed = model_.orders_removed_since(from)};
  if (venues) message.venues = model_.venues();
  made = std::make_shared<const std::string>(json::to_json(message));
  return made;
}

void Hub::tick(double now) {
  if (cached_at_ != model_.seq()) {
    cached_at_ = model_.seq();
    snapshots_.clear();
    patches_.clear();
  }
  for (auto& [wire, owned] : clients_) {
    auto& client = *owned;
    if (client.leaving) {
      if (client.leaving_since < 0) client.leaving_since = now;
      if (client.cut || now - client.leaving_since <= settings_.goodbye.seconds()) continue;
      client.cut = true;
      client.wire->abort();
      continue;
    }
    if (!client.wire->idle()) {
      if (client.busy_since < 0) client.busy_since = now;
      if (now - client.busy_since > settings_.slow_client.seconds()) drop(client, policy, "too slow");
      continue;
    }
    client.busy_since = -1;
    if (!client.welcome) {
      if (now - client.joined > hello_within_s) drop(client, policy, "no hello within 5 s");
      continue;
    }
    if (now < client.next_at) continue;
    client.next_at = std::max(client.next_at + client.interval, now);
    send_state(client);
    send_market(client);
    if (now - client.beat_at < heartbeat_s) continue;
    client.beat_at = now;
    client.wire->send(std::make_shared<const std::string>(json::to_json(view::HeartbeatMessage{.type = "heartbeat", .epoch = epoch_, .seq = client.seq, .wall = wall()})), false);
  }
}

void Hub::send_state(Client& client) {
  const bool grown = client.venues != model_.venues().size();
  if (!client.whole && client.seq == model_.seq() && !grown) return;
  const bool whole = client.whole || !model_.knows(client.seq);
  const auto bytes = whole ? snapshot(client.rate) : patch(client.seq, grown);
  client.whole = false;
  client.seq = model_.seq();
  client.venues = model_.venues().size();
  metrics_.patch(bytes->size());
  client.wire->send(bytes, false);
}

const std::vector<frames::DepthRow>& Hub::depth_rows(std::uint32_t instrument, std::uint64_t version) {
  auto& cached = depths_[instrument];
  if (cached.version == version && cached.seq == model_.seq()) return cached.rows;
  cached.version = version;
  cached.seq = model_.seq();
  cached.rows.clear();
  const auto depth = model_.depth(instrument);
  const auto add = [&](double side, const std::vector<view::DepthLevel>& levels) {
    for (const auto& level : levels)
      cached.rows.push_back({.side = side, .price = level.price.to_double(), .size = level.size.to_double(), .own = level.own.to_double(), .queue_percent = level.queue_percent.value_or(missing),
                             .bought = level.bought.to_double(), .sold = level.sold.to_double()});
  };
  add(0, depth.bids);
  add(1, depth.asks);
  return cached.rows;
}

void Hub::send_market(Client& client) {
  frames::FrameWriter writer;
  std::uint32_t skipped = 0;
  if (client.all_quotes || !client.quotes.empty()) {
    std::vector<frames::QuoteRow> rows;
    for (const auto& [id, market] : model_.markets())
      if (market.quote_version() > client.quotes_seen && market.quote().at && (client.all_quotes || client.quotes.contains(id))) rows.push_back(row_of(market.quote()));
    client.quotes_seen = model_.market_version();
    writer.block(frames::BlockType::Quotes, frames::every_instrument, 0, rows);
  }
  for (auto& [id, seen] : client.depth) {
    const auto* market = model_.market(id);
    if (market == nullptr || market->book_version() <= seen || !market->book_consistent()) continue;
    writer.block(frames::BlockType::Depth, id, 0, depth_rows(id, market->book_version()));
    seen = market->book_version();
  }
  for (auto& [id, seen] : client.trades) {
    const auto* market = model_.market(id);
    if (market == nullptr || market->prints_count() == seen) continue;
    std::vector<frames::TradeRow> rows;
    const auto& prints = market->prints();
    if (prints.front().id > seen + 1) skipped += static_cast<std::uint32_t>(prints.front().id - seen - 1);
    const auto first = std::upper_bound(prints.begin(), prints.end(), seen, [](std::uint64_t last, const ShownPrint& print) { return last < print.id; });
    for (auto print = first; print != prints.end(); ++print)
      rows.push_back({.id = static_cast<double>(print->id), .at_ms = milliseconds_of(print->at), .price = print->price.to_double(), .size = print->size.to_double(),
                      .side = print->side == view::Aggressor::Buyer ? 1.0 : print->side == view::Aggressor::Seller ? -1.0 : 0.0, .venue = static_cast<double>(print->venue), .flags = static_cast<double>(print->flags)});
    seen = market->prints_count();
    writer.block(frames::BlockType::Trades, id, 0, rows);
  }
  for (auto& [key, seen] : client.bars) {
    const auto& [id, length] = key;
    const auto* market = model_.market(id);
    if (market == nullptr) continue;
    const auto& candles = market->candles(length);
    std::vector<frames::BarRow> rows;
    auto first = candles.size();
    while (first > 0 && candles[first - 1].version > seen && (seen != 0 || candles.size() - first < bars_at_first)) --first;
    for (auto i = first; i < candles.size(); ++i) {
      const auto& bar = candles[i];
      const double volume = bar.volume.to_double();
      rows.push_back({.at_ms = milliseconds_of(bar.at), .open = bar.open.to_double(), .high = bar.high.to_double(), .low = bar.low.to_double(), .close = bar.close.to_double(), .volume = volume,
                      .vwap = volume > 0 ? bar.price_volume / volume : missing});
    }
    seen = model_.market_version();
    writer.block(frames::BlockType::Bars, id, static_cast<std::uint32_t>(bar_lengths[length].seconds), rows);
  }
  if (writer.empty()) return;
  const auto bytes = std::make_shared<const std::string>(writer.finish(++client.frame, wall(), model_.engine_now(), skipped));
  metrics_.frame(bytes->size());
  client.wire->send(bytes, true);
}

}  // namespace robo::serve
