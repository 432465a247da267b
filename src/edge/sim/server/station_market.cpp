// Market data: top of book, tick by tick, depth, real-time bars.

#include <algorithm>

#include <fmt/format.h>

#include "edge/sim/server/station.hpp"
#include "model/sale_conditions.hpp"

namespace robo::sim {
namespace {

constexpr std::string_view bbo_exchange = "9c0001";
constexpr Price price_of_nothing = Price::from_raw(-Price::scale);

/// Delayed ticks have numbers of their own.
struct TickNumbers {
  std::int32_t bid{1}, ask{2}, last{4}, high{6}, low{7}, close{9}, open{14}, bid_size{0}, ask_size{3}, last_size{5}, volume{8}, last_time{45};
};
constexpr TickNumbers live_ticks{};
constexpr TickNumbers delayed_ticks{66, 67, 68, 72, 73, 75, 76, 69, 70, 71, 74, 88};

}  // namespace

const InstrumentId* Station::subject(Client& client, std::int32_t request, const wire::Contract& contract) {
  if (client.uses(request)) {
    client.error(request, 322, "Error processing request.-'bO' : cause - Duplicate ticker id", now_);
    return nullptr;
  }
  const auto found = wanted(contract);
  if (!found.id) client.error(request, found.code, found.text, now_);
  return found.id;
}

std::size_t Station::lines_in_use() const {
  std::size_t count = 0;
  for (const Client* client : clients_) count += client->level1.size();
  return count;
}
std::size_t Station::depth_in_use() const {
  std::size_t count = 0;
  for (const Client* client : clients_) count += client->depth.size();
  return count;
}
std::size_t Station::ticks_in_use() const {
  std::size_t count = 0;
  for (const Client* client : clients_) count += client->ticks.size();
  return count;
}

// ---------------------------------------------------------------- top of book

void Station::on(Client& client, const wire::ReqMarketDataType& request) {
  if (request.marketDataType >= 1 && request.marketDataType <= 4) client.data_type = request.marketDataType;
}

void Station::on(Client& client, const wire::ReqMktData& request) {
  const auto* id = subject(client, request.reqId, request.contract);
  if (!id) return;
  if (request.snapshot && !request.genericTickList.empty())
    return client.error(request.reqId, 321, "Error validating request.-'bF' : cause - Snapshot market data subscription is not applicable to generic ticks", now_);
  if (lines_in_use() >= settings_.limits.lines) return client.error(request.reqId, 101, "Max number of tickers has been reached", now_);
  const Instrument& instrument = contracts_[*id];
  Level1 line{.instrument = *id};
  if (competing_) return client.error(request.reqId, 10197, "No market data during competing live session", now_);
  const auto right = right_to(*id);
  if (right == fault::DataRight::None)
    return client.error(request.reqId, 10186, "Requested market data is not subscribed. Delayed market data is not enabled.", now_);
  if (right == fault::DataRight::Partial)
    client.error(request.reqId, 10090, fmt::format("Part of requested market data is not subscribed. Subscription-independent ticks are still active.Delayed market data is available.{} {}/TOP/ALL", instrument.symbol.view(), contracts_.exchange(*id)), now_);
  if (right == fault::DataRight::Delayed || right == fault::DataRight::NeedsApi) {
    if (client.data_type < 3 && right == fault::DataRight::NeedsApi)
      return client.error(request.reqId, 10089,
                          fmt::format("Requested market data requires additional subscription for API. See link in 'Market Data Connections' dialog for more details.Delayed market data is available.{} {}/TOP/ALL",
                                      instrument.symbol.view(), contracts_.exchange(*id)), now_);
    if (client.data_type < 3)
      return client.error(request.reqId, 354,
                          fmt::format("Requested market data is not subscribed. Check API status by selecting the Account menu then under Management choose Market Data Subscription Manager and/or availability of "
                                      "delayed data.Delayed market data is available.{} {}/TOP/ALL", instrument.symbol.view(), contracts_.exchange(*id)), now_);
    client.error(request.reqId, 10167, "Requested market data is not subscribed. Displaying delayed market data.", now_);
    line.delayed = true;
  }
  line.snapshot = request.snapshot;
  line.rt_volume = request.genericTickList.find("233") != std::string_view::npos;
  line.news = request.genericTickList.find("292") != std::string_view::npos;
  if (line.snapshot) line.snapshot_ends_ns = wall_ns_ + (replay_.tape(*id).has_quote && replay_.tape(*id).has_last ? 50'000'000 : 11'000'000'000);
  line.dirty = true;
  client.say(wire::MarketDataType{.reqId = request.reqId, .marketDataType = line.delayed ? 3 : 1});
  client.say(wire::TickReqParams{.reqId = request.reqId, .minTick = wire::Number::from(instrument.ticks.increment_at(replay_.tape(*id).quote.bid)), .bboExchange = bbo_exchange, .snapshotPermissions = 3});
  auto& stored = client.level1[request.reqId] = line;
  if (streams(*id)) flush_level1(client, request.reqId, stored);
}

void Station::on(Client& client, const wire::CancelMktData& request) {
  if (client.level1.erase(request.reqId) == 0) client.error(request.reqId, 300, fmt::format("Can't find EId with tickerId:{}", request.reqId), now_);
}

void Station::flush_level1(Client& client, std::int32_t request, Level1& line) {
  const Tape& tape = replay_.tape(line.instrument);
  const TickNumbers& n = line.delayed ? delayed_ticks : live_ticks;
  const auto price = [&](std::int32_t type, Price p, Quantity size, std::int32_t mask) {
    client.say(wire::TickPrice{.reqId = request, .tickType = type, .price = wire::Number::from(p), .size = client.size(size), .attrMask = mask});
  };
  const auto size = [&](std::int32_t type, Quantity q) { client.say(wire::TickSize{.reqId = request, .tickType = type, .size = client.size(q)}); };
  if (tape.has_quote) {
    const Quote& q = tape.quote;
    // A side that does not exist is told as price -1 with size 0.
    const auto side = [&](std::int32_t price_type, std::int32_t size_type, Price p, Quantity s, Price was_price, Quantity was_size) {
      const Price shown = s.is_positive() ? p : price_of_nothing;
      const Price was = was_size.is_positive() ? was_price : price_of_nothing;
      if (!line.sent_quote || shown != was) price(price_type, shown, s, 1);
      if (!line.sent_quote || s != was_size || shown != was) size(size_type, s);
    };
    side(n.bid, n.bid_size, q.bid, q.bid_size, line.sent.bid, line.sent.bid_size);
    side(n.ask, n.ask_size, q.ask, q.ask_size, line.sent.ask, line.sent.ask_size);
    line.sent = q;
    line.sent_quote = true;
  }
  if (tape.has_last) {
    if (line.sent_last_second != epoch_seconds(tape.last_at)) {
      line.sent_last_second = epoch_seconds(tape.last_at);
      client.say(wire::TickString{.reqId = request, .tickType = n.last_time, .value = std::to_string(line.sent_last_second)});
    }
    if (line.first || tape.last.price != line.sent_last) price(n.last, tape.last.price, tape.last.size, 0);
    if (line.first || tape.last.size != line.sent_last_size || tape.last.price != line.sent_last) size(n.last_size, tape.last.size);
    if (tape.volume != line.sent_volume) {
      size(n.volume, tape.volume);
      if (line.rt_volume)
        client.say(wire::TickString{.reqId = request, .tickType = 48,
                                    .value = fmt::format("{};{};{};{};{};false", to_text(tape.last.price), to_text(tape.last.size), tape.last_at.ns / 1'000'000, to_text(tape.volume), to_text(tape.last.price))});
    }
    const auto day = [&](std::int32_t type, Price p, Price& sent) {
      if (p.is_zero() || p == sent) return;
      price(type, p, {}, 0);
      sent = p;
    };
    day(n.high, tape.high, line.sent_high);
    day(n.low, tape.low, line.sent_low);
    day(n.close, tape.prior_close, line.sent_close);
    day(n.open, tape.open, line.sent_open);
    line.sent_last = tape.last.price;
    line.sent_last_size = tape.last.size;
    line.sent_volume = tape.volume;
  }
  if (contracts_[line.instrument].asset_class == AssetClass::Option) say_computations(client, request, line.instrument, line.delayed);
  const auto phase = broker_.matcher().phase(line.instrument);
  if (line.first || (phase == TradingPhase::Halted) != (line.sent_phase == TradingPhase::Halted))
    client.say(wire::TickGeneric{.reqId = request, .tickType = line.delayed ? 90 : 49, .value = wire::Number::of(phase == TradingPhase::Halted ? halt_code(line.instrument) : 0, 1)});
  line.sent_phase = phase;
  line.first = false;
  line.dirty = false;
}

/// Tick 49: 1 regulatory, 2 volatility, with one place after the point.
std::int64_t Station::halt_code(InstrumentId instrument) const {
  const auto known = halts_.find(instrument);
  return known != halts_.end() && known->second == fault::HaltReason::Volatility ? 20 : 10;
}

// ---------------------------------------------------------------- tick by tick

void Station::on(Client& client, const wire::ReqTickByTickData& request) {
  const auto* id = subject(client, request.reqId, request.contract);
  if (!id) return;
  TickByTick line{.instrument = *id};
  if (request.tickType == "Last") line.kind = TickKind::Last;
  else if (request.tickType == "AllLast") line.kind = TickKind::AllLast;
  else if (request.tickType == "BidAsk") line.kind = TickKind::BidAsk;
  else if (request.tickType == "MidPoint") line.kind = TickKind::MidPoint;
  else return client.error(request.reqId, 321, "Error validating request.-'cd' : cause - Tick-by-tick type must be Last, AllLast, BidAsk or MidPoint", now_);
  const Instrument& instrument = contracts_[*id];
  if (competing_) return client.error(request.reqId, 10197, "No market data during competing live session", now_);
  if (const auto right = right_to(*id); right != fault::DataRight::Live && right != fault::DataRight::Partial)
    return client.error(request.reqId, 10189, fmt::format("Failed to request tick-by-tick data:No market data permissions for {}", instrument.symbol.view()), now_);
  if (ticks_in_use() >= settings_.limits.tick_by_tick) return client.error(request.reqId, 10190, "Max number of tick-by-tick requests has been reached.", now_);
  line.ignore_size = request.ignoreSize;
  client.ticks[request.reqId] = line;
  if (request.numberOfTicks > 0) {
    wire::ReqHistoricalTicks history;
    history.reqId = request.reqId;
    history.contract = request.contract;
    history.numberOfTicks = request.numberOfTicks;
    history.whatToShow = line.kind == TickKind::BidAsk ? "BID_ASK" : line.kind == TickKind::MidPoint ? "MIDPOINT" : "TRADES";
    const std::string until = utc_dashed(now_ + seconds(1));
    history.endDateTime = until;
    on(client, history);
  }
}

void Station::on(Client& client, const wire::CancelTickByTickData& request) {
  if (client.ticks.erase(request.reqId) == 0) client.error(request.reqId, 300, fmt::format("Can't find EId with tickerId:{}", request.reqId), now_);
}

// ---------------------------------------------------------------- depth

void Station::on(Client& client, const wire::ReqMktDepth& request) {
  const auto* id = subject(client, request.reqId, request.contract);
  if (!id) return;
  if (competing_) return client.error(request.reqId, 10197, "No market data during competing live session", now_);
  if (depth_in_use() >= settings_.limits.depth)
    return client.error(request.reqId, 309, fmt::format("Max number ({}) of market depth requests has been reached", settings_.limits.depth), now_);
  if (request.numRows < 1) return client.error(request.reqId, 321, "Error validating request.-'b4' : cause - Number of rows must be positive", now_);
  DepthLine line{.instrument = *id, .rows = static_cast<std::size_t>(std::min(request.numRows, 100)), .smart = request.isSmartDepth};
  auto& stored = client.depth[request.reqId] = line;
  if (streams(*id)) flush_depth(client, request.reqId, stored);
}

void Station::on(Client& client, const wire::CancelMktDepth& request) {
  if (client.depth.erase(request.reqId) == 0) client.error(request.reqId, 310, fmt::format("Can't find the subscribed market depth with tickerId:{}", request.reqId), now_);
}

void Station::on(Client& client, const wire::ReqMktDepthExchanges&) {
  wire::MktDepthExchanges exchanges;
  for (const auto& instrument : contracts_.all()) {
    const auto exchange = contracts_.exchange(instrument.id);
    const auto type = sec_type(instrument.asset_class);
    if (std::ranges::any_of(exchanges.descs, [&](const auto& d) { return d.exchange == exchange && d.secType == type; })) continue;
    exchanges.descs.push_back({.exchange = exchange, .secType = type, .listingExch = instrument.primary_exchange.view(), .serviceDataType = "Deep", .aggGroup = wire::unset_integer, .isL2 = false});
  }
  client.say(exchanges);
}

void Station::on(Client& client, const wire::ReqSmartComponents& request) {
  wire::SmartComponents answer{.reqId = request.reqId, .components = {}};
  std::int32_t bit = 0;
  static constexpr std::string_view letters = "ABCDIJKMNPQTVWXYZ";
  for (std::size_t i = 0; i < letters.size(); ++i) {
    const auto name = venue_name(static_cast<std::uint8_t>(letters[i]));
    if (!name.empty()) answer.components.push_back({.bitNumber = bit++, .exchange = name, .exchangeLetter = letters.substr(i, 1)});
  }
  client.say(answer);
}

void Station::flush_depth(Client& client, std::int32_t request, DepthLine& line) {
  const auto* book = broker_.matcher().book(line.instrument);
  const auto touch = broker_.matcher().touch(line.instrument);
  const auto maker = contracts_.exchange(line.instrument);
  for (const BookSide side : {BookSide::Ask, BookSide::Bid}) {
    std::vector<DepthRowSent> rows;
    if (book && book->ready()) {
      book->walk(side, [&](Price price, Quantity size) {
        rows.push_back({price, size});
        return rows.size() < line.rows;
      });
    } else {
      const Price price = side == BookSide::Ask ? touch.ask : touch.bid;
      const Quantity size = side == BookSide::Ask ? touch.ask_size : touch.bid_size;
      if (size.is_positive()) rows.push_back({price, size});
    }
    auto& sent = line.sent[static_cast<std::size_t>(side)];
    const auto say = [&](std::size_t position, RowOperation operation, DepthRowSent row) {
      const auto at = static_cast<std::int32_t>(position);
      const auto how = static_cast<std::int32_t>(operation), where = static_cast<std::int32_t>(side);
      if (line.smart)
        client.say(wire::UpdateMktDepthL2{.reqId = request, .position = at, .marketMaker = maker, .operation = how, .side = where, .price = wire::Number::from(row.price), .size = client.size(row.size), .isSmartDepth = true});
      else
        client.say(wire::UpdateMktDepth{.reqId = request, .position = at, .operation = how, .side = where, .price = wire::Number::from(row.price), .size = client.size(row.size)});
    };
    // Rows are overwritten in place, added and taken away at the far end only: read the same by clients that shift the rows
    // behind an insert and by those (ib_async) that do not.
    while (sent.size() > rows.size()) {
      say(sent.size() - 1, RowOperation::Delete, {});
      sent.pop_back();
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (i == sent.size()) {
        say(i, RowOperation::Insert, rows[i]);
        sent.push_back(rows[i]);
      } else if (sent[i] != rows[i]) {
        say(i, RowOperation::Update, rows[i]);
        sent[i] = rows[i];
      }
    }
  }
  line.dirty = false;
}

// ---------------------------------------------------------------- the market to everybody

void Station::fan_out(const Event& event) {
  const auto* quote = std::get_if<Quote>(&event.payload);
  const auto* trade = std::get_if<Trade>(&event.payload);
  const auto* level = std::get_if<DepthLevel>(&event.payload);
  const auto* reset = std::get_if<DepthReset>(&event.payload);
  const auto* phase = std::get_if<PhaseChange>(&event.payload);
  const InstrumentId id = quote ? quote->instrument : trade ? trade->instrument : level ? level->instrument : reset ? reset->instrument : phase ? phase->instrument : InstrumentId{0xFFFFFFFF};
  if (!streams(id)) return;
  for (Client* client : clients_) {
    if (!client->running()) continue;
    if (!level)
      for (auto& [request, line] : client->level1)
        if (line.instrument == id) line.dirty = true;
    for (auto& [request, line] : client->depth) {
      if (line.instrument != id) continue;
      if (reset) {
        client->error(request, 317, "Market depth data has been RESET. Please empty deep book contents before applying any new entries.", now_);
        line.sent[0].clear(), line.sent[1].clear();
      }
      if (quote || reset || (level && level->last_of_batch)) line.dirty = true;
    }
    for (auto& [request, line] : client->ticks) {
      if (line.instrument != id) continue;
      if (trade && (line.kind == TickKind::AllLast || (line.kind == TickKind::Last && (trade->conditions & (trade_condition::not_last | trade_condition::odd_lot)) == 0))) {
        client->say(wire::TickByTickLast{.reqId = request, .tickType = static_cast<std::int32_t>(line.kind), .time = epoch_seconds(event.at), .price = wire::Number::from(trade->price),
                                         .size = client->size(trade->size), .mask = (trade->conditions & trade_condition::not_last) != 0 ? 2 : 0,
                                         .exchange = venue_name(trade->venue), .specialConditions = letters_of(trade->conditions).view()});
      } else if (quote && line.kind == TickKind::BidAsk) {
        const bool prices_same = line.has_sent && line.sent.bid == quote->bid && line.sent.ask == quote->ask;
        if (prices_same && (line.ignore_size || (line.sent.bid_size == quote->bid_size && line.sent.ask_size == quote->ask_size))) continue;
        line.sent = *quote;
        line.has_sent = true;
        client->say(wire::TickByTickBidAsk{.reqId = request, .time = epoch_seconds(event.at), .bidPrice = wire::Number::from(quote->bid), .askPrice = wire::Number::from(quote->ask),
                                           .bidSize = client->size(quote->bid_size), .askSize = client->size(quote->ask_size), .mask = 0});
      } else if (quote && line.kind == TickKind::MidPoint && quote->bid_size.is_positive() && quote->ask_size.is_positive()) {
        if (line.has_sent && line.sent.bid.raw + line.sent.ask.raw == quote->bid.raw + quote->ask.raw) continue;
        line.sent = *quote;
        line.has_sent = true;
        client->say(wire::TickByTickMidPoint{.reqId = request, .time = epoch_seconds(event.at), .midPoint = wire::Number::from(Price::from_raw(quote->bid.raw + (quote->ask.raw - quote->bid.raw) / 2))});
      }
    }
    for (auto& [request, line] : client->bars) {
      if (line.instrument != id || (!quote && !trade)) continue;
      if (line.regular_only && !counts_as_regular(id, event.at)) continue;
      turn_bars(*client, request, line, event.at);
      const auto priced = quote ? bar_price(*quote, line.kind) : bar_price(*trade, line.kind);
      if (!priced) continue;
      if (line.bar.empty) line.bar.start = Timestamp{event.at.ns - event.at.ns % line.length.ns};
      line.bar.add(priced->first, priced->second);
      line.dirty = true;
    }
  }
}

void Station::turn_bars(Client& client, std::int32_t request, BarLine& line, Timestamp at) {
  const Timestamp start{at.ns - at.ns % line.length.ns};
  if (line.bar.start.ns == 0) line.bar.start = start;
  if (start == line.bar.start) return;
  if (line.keep_up_to_date) {
    if (!line.bar.empty) send_bar_update(client, request, line);
    line.bar = {};
    line.bar.start = start;
    return;
  }
  // Real-time bars come every five seconds, also without a trade; a gap of the data is not filled up with hours of them.
  for (int told = 0; line.bar.start < start && told < 12; ++told) {
    const BuiltBar& bar = line.bar;
    if (!bar.empty || line.last_close.is_positive()) {
      const auto p = [&](Price value) { return wire::Number::from(bar.empty ? line.last_close : value); };
      client.say(wire::RealtimeBar{.reqId = request, .time = epoch_seconds(bar.start), .open = p(bar.open), .high = p(bar.high), .low = p(bar.low), .close = p(bar.close),
                                   .volume = line.kind == BarKind::Trades ? client.size(bar.volume) : wire::Number::of(-1), .wap = line.kind == BarKind::Trades ? p(bar.average()) : wire::Number::of(-1),
                                   .count = line.kind == BarKind::Trades ? bar.count : -1});
    }
    if (!bar.empty) line.last_close = bar.close;
    const Timestamp next = bar.start + line.length;
    line.bar = {};
    line.bar.start = next;
  }
  line.bar.start = start;
}

void Station::on(Client& client, const wire::ReqRealTimeBars& request) {
  const auto* id = subject(client, request.reqId, request.contract);
  if (!id) return;
  if (request.barSize != 5) return client.error(request.reqId, 321, "Error validating request.-'bM' : cause - Real-time bars are five seconds long only", now_);
  BarLine line{.instrument = *id};
  if (request.whatToShow == "TRADES") line.kind = BarKind::Trades;
  else if (request.whatToShow == "BID") line.kind = BarKind::Bid;
  else if (request.whatToShow == "ASK") line.kind = BarKind::Ask;
  else if (request.whatToShow == "MIDPOINT") line.kind = BarKind::Midpoint;
  else return client.error(request.reqId, 321, "Error validating request.-'bM' : cause - whatToShow must be TRADES, BID, ASK or MIDPOINT", now_);
  if (competing_) return client.error(request.reqId, 420, "Invalid Real-time Query:Trading TWS session is connected from a different IP address", now_);
  if (const auto right = right_to(*id); right != fault::DataRight::Live && right != fault::DataRight::Partial)
    return client.error(request.reqId, 420, "Invalid Real-time Query:No market data permissions", now_);
  // Real-time bars share the sixty questions of ten minutes with history of small bars.
  while (!history_asked_.empty() && wall_ns_ - history_asked_.front().wall_ns > 600'000'000'000) history_asked_.pop_front();
  if (history_asked_.size() >= settings_.limits.history_small_bars)
    return client.error(request.reqId, 420, "Invalid Real-time Query:Historical data request pacing violation", now_);
  history_asked_.push_back({wall_ns_, fmt::format("real-time bars {}", request.reqId)});
  line.regular_only = request.useRTH;
  client.bars[request.reqId] = line;
}

void Station::on(Client& client, const wire::CancelRealTimeBars& request) {
  if (client.bars.erase(request.reqId) == 0) client.error(request.reqId, 300, fmt::format("Can't find EId with tickerId:{}", request.reqId), now_);
}

}  // namespace robo::sim
