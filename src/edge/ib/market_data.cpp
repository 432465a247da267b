#include "edge/ib/market_data.hpp"

#include <algorithm>

#include "base/defence.hpp"
#include "base/log.hpp"
#include "model/sale_conditions.hpp"
#include "model/venue.hpp"

namespace robo::ib {

namespace {

// IB tick types; the second of each pair is the delayed one (docs/ib.md, Tick types).
enum TickType : std::int32_t {
  BidSize = 0, Bid = 1, Ask = 2, AskSize = 3, Last = 4, LastSize = 5, RtVolume = 48, Halted = 49,
  DelayedBid = 66, DelayedAsk = 67, DelayedLast = 68, DelayedBidSize = 69, DelayedAskSize = 70, DelayedLastSize = 71, DelayedHalted = 90
};

constexpr std::string_view generic_ticks = "233";  // RTVolume: every trade with its size

constexpr Duration patience_max = minutes(10);  // of an instrument that may simply not trade
constexpr Duration patience_after_farm = seconds(10);
constexpr std::int32_t no_line_left = 101, other_session = 10197;

/// Refusals that pass by themselves, and when to ask again; the others need a person.
Duration retry_after(std::int32_t code) {
  switch (code) {
    case other_session: return stands(Defence::CompetingSession) ? seconds(30) : Duration{INT64_MAX};
    case no_line_left: return stands(Defence::BudgetLines) ? minutes(1) : Duration{INT64_MAX};
    default: return Duration{INT64_MAX};
  }
}

bool is_no_price(const wire::Number& price) { return !price.is_set() || price == wire::Number::of(-1); }

}  // namespace

void MarketData::want(InstrumentId instrument, const Streams& streams) {
  if (feeds_.size() <= instrument.value) feeds_.resize(instrument.value + 1);
  Feed& feed = feeds_[instrument.value];
  feed.wanted = true;
  feed.streams = streams;
  feed.top.instrument = instrument;
}

void MarketData::unwant(InstrumentId instrument) {
  if (instrument.value >= feeds_.size()) return;
  cancel(feeds_[instrument.value]);
  feeds_[instrument.value].wanted = false;
}

void MarketData::cancel(Feed& feed) {
  if (desk_.link.is_up()) {
    if (feed.quotes != 0) (void)desk_.link.send(wire::CancelMktData{.reqId = feed.quotes}, Pace::Request);
    if (feed.trades != 0) (void)desk_.link.send(wire::CancelTickByTickData{.reqId = feed.trades}, Pace::Request);
    if (feed.tick_quotes != 0) (void)desk_.link.send(wire::CancelTickByTickData{.reqId = feed.tick_quotes}, Pace::Request);
    if (feed.depth != 0) {
      (void)desk_.link.send(wire::CancelMktDepth{.reqId = feed.depth, .isSmartDepth = feed.streams.smart_depth}, Pace::Request);
    }
    if (feed.bars != 0) (void)desk_.link.send(wire::CancelRealTimeBars{.reqId = feed.bars}, Pace::Request);
  }
  for (std::int32_t* id : {&feed.quotes, &feed.trades, &feed.tick_quotes, &feed.depth, &feed.bars}) {
    if (*id != 0) desk_.requests.forget(*id);
    *id = 0;
  }
}

void MarketData::subscribe_all() {
  for (std::size_t i = 0; i < feeds_.size(); ++i) {
    if (feeds_[i].wanted) subscribe(InstrumentId{static_cast<std::uint32_t>(i)});
  }
}

void MarketData::subscribe(InstrumentId id, bool again) {
  const Instrument* instrument = desk_.instruments.find(id);
  if (instrument == nullptr || instrument->contract.value == 0 || !desk_.link.is_up() || id.value >= feeds_.size()) return;
  Feed& feed = feeds_[id.value];
  cancel(feed);
  feed.has_rt_volume = false;
  feed.doubted = again && feed.heard_at.ns != 0;
  if (!feed.doubted) feed.top = Quote{.instrument = id};
  feed.asked_at = desk_.now;
  feed.again_at = Timestamp{INT64_MAX};
  if (feed.patience.ns == 0) feed.patience = desk_.settings.stream_silence;
  const wire::Contract contract = contract_of(*instrument);
  if (feed.streams.quotes && has_line(id, lines(), desk_.settings.limits.lines, 101, "market-data line")) {
    wire::ReqMktData request;
    request.reqId = feed.quotes = desk_.requests.stream(Route::Quotes, id);
    request.contract = contract;
    request.genericTickList = generic_ticks;
    (void)desk_.link.send(request, Pace::Request);
  }
  const auto tick_by_tick = [&](Route::Kind kind, std::string_view type) {
    wire::ReqTickByTickData request;
    request.reqId = desk_.requests.stream(kind, id);
    request.contract = contract;
    request.tickType = type;
    (void)desk_.link.send(request, Pace::Request);
    return request.reqId;
  };
  const auto tick_limit = desk_.settings.limits.tick_by_tick();
  if (feed.streams.trades && has_line(id, tick_streams(), tick_limit, 10190, "tick-by-tick stream")) feed.trades = tick_by_tick(Route::Trades, "AllLast");
  if (feed.streams.tick_quotes && has_line(id, tick_streams(), tick_limit, 10190, "tick-by-tick stream")) feed.tick_quotes = tick_by_tick(Route::TickQuotes, "BidAsk");
  if (feed.streams.depth_rows > 0 && has_line(id, books(), desk_.settings.limits.depth(), 309, "market depth")) {
    wire::ReqMktDepth request;
    request.reqId = feed.depth = desk_.requests.stream(Route::Depth, id);
    request.contract = contract;
    request.numRows = feed.streams.depth_rows;
    request.isSmartDepth = feed.streams.smart_depth;
    desk_.tell(DepthReset{.instrument = id});
    (void)desk_.link.send(request, Pace::Request);
  }
  if (feed.streams.bars_5s) {
    wire::ReqRealTimeBars request;
    request.reqId = feed.bars = desk_.requests.stream(Route::Bars, id);
    request.contract = contract;
    request.barSize = 5;
    request.whatToShow = "TRADES";
    (void)desk_.link.send(request, Pace::Request);
  }
}

bool MarketData::has_line(InstrumentId instrument, std::uint32_t used, std::uint32_t limit, std::int32_t code, std::string_view what) {
  if (used < limit || !stands(Defence::BudgetLines)) return true;
  const Instrument* known = desk_.instruments.find(instrument);
  log::warn("ib", "{}: no {} left for it, all {} are in use", known == nullptr ? std::string_view{} : known->symbol.view(), what, limit);
  desk_.tell(DataFarmChanged{.instrument = instrument, .broken = true, .code = code});
  feeds_[instrument.value].again_at = desk_.now + minutes(1);
  return false;
}

bool MarketData::heard(Feed& feed, const Quote& before) {
  const Quote& top = feed.top;
  // IB begins a subscription with the last values it has, however old they are.
  if (feed.doubted && top.bid == before.bid && top.ask == before.ask && top.bid_size == before.bid_size && top.ask_size == before.ask_size &&
      stands(Defence::StaleQuotes))
    return false;
  feed.doubted = false;
  feed.heard_at = desk_.now;
  feed.patience = desk_.settings.stream_silence;
  if (feed.silent) {
    feed.silent = false;
    desk_.tell(DataFarmChanged{.instrument = top.instrument, .broken = false});
  }
  return true;
}

void MarketData::farm_back() {
  if (!stands(Defence::WatchFreshness)) return;
  for (Feed& feed : feeds_) {
    feed.patience = patience_after_farm;
    feed.asked_at = std::max(feed.asked_at, desk_.now);
  }
}

void MarketData::watch() {
  for (std::size_t i = 0; i < feeds_.size(); ++i) {
    Feed& feed = feeds_[i];
    if (!feed.wanted) continue;
    const InstrumentId id{static_cast<std::uint32_t>(i)};
    if (desk_.now >= feed.again_at) {
      subscribe(id);
      continue;
    }
    if ((feed.quotes == 0 && feed.tick_quotes == 0) || !stands(Defence::WatchFreshness)) continue;
    if (desk_.now - std::max(feed.heard_at, feed.asked_at) < feed.patience) continue;
    // It may be a quiet instrument, or a dead stream that looks alive: asking again costs one message.
    const auto patience = std::min(feed.patience * 2, patience_max);
    // Told only while others speak: at night everybody is silent.
    const bool others = std::any_of(feeds_.begin(), feeds_.end(), [&](const Feed& other) { return &other != &feed && desk_.now - other.heard_at < seconds(10); });
    if (others && !feed.silent) {
      feed.silent = true;
      desk_.tell(DataFarmChanged{.instrument = id, .broken = true});
    }
    subscribe(id, true);
    feed.patience = patience;
  }
}

void MarketData::connection_lost() {
  for (Feed& feed : feeds_) feed.quotes = feed.trades = feed.tick_quotes = feed.depth = feed.bars = 0;
}

void MarketData::on_failure(std::int32_t request, RequestEffect effect, const Failure& failure) {
  const Route route = desk_.requests.route(request);
  if (route.kind == Route::None || route.kind == Route::Question || route.instrument.value >= feeds_.size()) return;
  Feed& feed = feeds_[route.instrument.value];
  switch (effect) {
    case RequestEffect::None:
    case RequestEffect::Done: return;
    case RequestEffect::ResetDepth:
      desk_.tell(DepthReset{.instrument = route.instrument});
      return;
    case RequestEffect::Resubscribe:
      if (route.kind == Route::Depth) desk_.tell(DepthReset{.instrument = route.instrument});
      subscribe(route.instrument);
      return;
    case RequestEffect::Dead:
      // One stream of one instrument; the rest goes on. The kernel must not trade on what no longer moves.
      desk_.requests.forget(request);
      for (std::int32_t* id : {&feed.quotes, &feed.trades, &feed.tick_quotes, &feed.depth, &feed.bars}) {
        if (*id == request) *id = 0;
      }
      if (route.kind == Route::Depth) desk_.tell(DepthReset{.instrument = route.instrument});
      if (const Duration pause = retry_after(failure.code); pause.ns != INT64_MAX) feed.again_at = desk_.now + pause, feed.silent = true;
      if (failure.code == other_session && !stands(Defence::CompetingSession)) return;
      if (feed.quotes == 0 && feed.tick_quotes == 0) {
        desk_.tell(DataFarmChanged{.instrument = route.instrument, .broken = true, .code = failure.code});
      }
  }
}

MarketData::Feed* MarketData::feed_of(std::int32_t request, Route::Kind kind) {
  const Route route = desk_.requests.route(request);
  if (route.kind != kind) [[unlikely]] {
    ++desk_.counters.unknown_ids;
    return nullptr;
  }
  return &feeds_[route.instrument.value];
}

void MarketData::on(const wire::TickPrice& tick) {
  Feed* feed = feed_of(tick.reqId, Route::Quotes);
  if (feed == nullptr) return;
  const Quote before = feed->top;
  switch (tick.tickType) {
    case Bid:
    case Ask:
    case DelayedBid:
    case DelayedAsk: {
      const bool bid = tick.tickType == Bid || tick.tickType == DelayedBid;
      Price& price = bid ? feed->top.bid : feed->top.ask;
      Quantity& size = bid ? feed->top.bid_size : feed->top.ask_size;
      if (is_no_price(tick.price)) {
        price = {};
        size = {};
      } else if (!take_price(tick.price, price)) {
        return strange();
      } else if (tick.size.is_set() && !take_quantity(tick.size, size)) {
        return strange();
      }
      if (tick.tickType >= DelayedBid) feed->top.live = false;
      if (heard(*feed, before) && feed->tick_quotes == 0) desk_.tell(feed->top);
      return;
    }
    case Last:
    case DelayedLast: {
      if (is_no_price(tick.price)) return;
      Price price;
      Quantity size;
      if (!take_price(tick.price, price) || (tick.size.is_set() && !take_quantity(tick.size, size))) return strange();
      feed->last = price;
      feed->last_size = size;
      if (feed->trades == 0 && !feed->has_rt_volume && size.is_positive()) tell_trade(*feed, price, size, 0);
      return;
    }
    default: return;
  }
}

void MarketData::on(const wire::TickSize& tick) {
  Feed* feed = feed_of(tick.reqId, Route::Quotes);
  if (feed == nullptr) return;
  const Quote before = feed->top;
  Quantity size;
  if (!tick.size.is_set()) return;
  if (!take_quantity(tick.size, size)) return strange();
  switch (tick.tickType) {
    case BidSize:
    case DelayedBidSize:
      // TWS says the size of a price tick once more on its own: nothing new, nothing told.
      if (feed->top.bid_size == size) return;
      feed->top.bid_size = size;
      if (heard(*feed, before) && feed->tick_quotes == 0) desk_.tell(feed->top);
      return;
    case AskSize:
    case DelayedAskSize:
      if (feed->top.ask_size == size) return;
      feed->top.ask_size = size;
      if (heard(*feed, before) && feed->tick_quotes == 0) desk_.tell(feed->top);
      return;
    case LastSize:
    case DelayedLastSize:
      if (feed->last_size == size) return;
      feed->last_size = size;
      if (feed->trades == 0 && !feed->has_rt_volume && size.is_positive() && !feed->last.is_zero()) {
        tell_trade(*feed, feed->last, size, 0);
      }
      return;
    default: return;
  }
}

void MarketData::on(const wire::TickString& tick) {
  if (tick.tickType != RtVolume) return;
  Feed* feed = feed_of(tick.reqId, Route::Quotes);
  if (feed == nullptr || feed->trades != 0) return;
  // price;size;epochMillis;totalVolume;vwap;singleMarketMaker
  const std::size_t first = tick.value.find(';');
  const std::size_t second = first == tick.value.npos ? first : tick.value.find(';', first + 1);
  if (second == tick.value.npos) return strange();
  const auto price = wire::parse_number(tick.value.substr(0, first));
  const auto size = wire::parse_number(tick.value.substr(first + 1, second - first - 1));
  if (first == 0) return;  // a change of volume without a trade
  Price at;
  Quantity quantity;
  if (!price || !size || !take_price(*price, at) || !take_quantity(*size, quantity)) return strange();
  feed->has_rt_volume = true;
  if (quantity.is_positive()) tell_trade(*feed, at, quantity, 0);
}

void MarketData::on(const wire::TickGeneric& tick) {
  if (tick.tickType != Halted && tick.tickType != DelayedHalted) return;
  Feed* feed = feed_of(tick.reqId, Route::Quotes);
  if (feed == nullptr || !stands(Defence::HaltsAndLocates)) return;
  const bool halted = tick.value.is_positive();  // 1 general, 2 volatility; 0 no, -1 not known
  if (halted == feed->halted) return;
  feed->halted = halted;
  desk_.tell(PhaseChange{.instrument = feed->top.instrument, .phase = halted ? TradingPhase::Halted : TradingPhase::Regular});
}

void MarketData::on(const wire::TickByTickLast& tick) {
  Feed* feed = feed_of(tick.reqId, Route::Trades);
  if (feed == nullptr) return;
  Price price;
  Quantity size;
  if (!take_price(tick.price, price) || !take_quantity(tick.size, size)) return strange();
  constexpr std::int32_t unreported = 2;
  const auto venue = venue_letter(tick.exchange);
  auto conditions = conditions_of(tick.specialConditions, venue);
  if ((tick.mask & unreported) != 0) {
    // The letters say why it does not set the last price, and whether it is volume: an odd lot is, the official close repeats a
    // print. Without any nobody knows, and it does not count.
    const bool explained = (conditions & trade_condition::not_last) != 0;
    conditions = static_cast<std::uint16_t>(conditions | (explained ? trade_condition::not_last : trade_condition::not_last | trade_condition::not_volume));
  }
  tell_trade(*feed, price, size, conditions, venue);
}

void MarketData::on(const wire::TickByTickBidAsk& tick) {
  Feed* feed = feed_of(tick.reqId, Route::TickQuotes);
  if (feed == nullptr) return;
  Quote quote{.instrument = feed->top.instrument, .live = feed->top.live};
  if (!take_price(tick.bidPrice, quote.bid) || !take_price(tick.askPrice, quote.ask) ||
      !take_quantity(tick.bidSize, quote.bid_size) || !take_quantity(tick.askSize, quote.ask_size)) {
    return strange();
  }
  const Quote before = feed->top;
  feed->top = quote;
  if (heard(*feed, before)) desk_.tell(quote);
}

void MarketData::on(const wire::UpdateMktDepth& row) {
  on_row(row.reqId, row.position, row.operation, row.side, row.price, row.size, {});
}

void MarketData::on(const wire::UpdateMktDepthL2& row) {
  on_row(row.reqId, row.position, row.operation, row.side, row.price, row.size, row.marketMaker);
}

void MarketData::on_row(std::int32_t request, std::int32_t position, std::int32_t operation, std::int32_t side,
                        const wire::Number& price, const wire::Number& size, std::string_view maker) {
  Feed* feed = feed_of(request, Route::Depth);
  if (feed == nullptr) return;
  if (position < 0 || position > 1000 || operation < 0 || operation > 2 || side < 0 || side > 1) return strange();
  DepthRow row{.instrument = feed->top.instrument,
               .side = static_cast<BookSide>(side),
               .operation = static_cast<RowOperation>(operation),
               .position = static_cast<std::uint16_t>(position),
               .maker = maker};
  if (!take_price(price, row.price) || !take_quantity(size, row.size)) return strange();
  desk_.tell(row);
}

void MarketData::on(const wire::RealtimeBar& bar) {
  Feed* feed = feed_of(bar.reqId, Route::Bars);
  if (feed == nullptr) return;
  Bar out{.instrument = feed->top.instrument, .start = Timestamp{bar.time * 1'000'000'000}, .period = seconds(5)};
  if (!take_price(bar.open, out.open) || !take_price(bar.high, out.high) || !take_price(bar.low, out.low) ||
      !take_price(bar.close, out.close)) {
    return strange();
  }
  if (bar.volume.is_set()) (void)take_quantity(bar.volume, out.volume);
  if (bar.wap.is_set()) (void)take_price(bar.wap, out.vwap);
  out.trades = bar.count > 0 ? static_cast<std::uint32_t>(bar.count) : 0;
  desk_.tell(out);
}

void MarketData::on(const wire::MarketDataType& type) {
  Feed* feed = feed_of(type.reqId, Route::Quotes);
  if (feed != nullptr) feed->top.live = type.marketDataType == 1;
}

void MarketData::tell_trade(Feed& feed, Price price, Quantity size, std::uint16_t conditions, std::uint8_t venue) {
  feed.last = price;
  // Which side was hit, as far as our own quote knows. Of auctions there is none, and reports of off-exchange trades come up to
  // ten seconds late.
  const Quote& top = feed.top;
  constexpr auto sideless = trade_condition::auction | trade_condition::off_exchange | trade_condition::late;
  const Aggressor aggressor = (conditions & sideless) != 0                         ? Aggressor::Unknown
                              : top.ask_size.is_positive() && price >= top.ask   ? Aggressor::Buyer
                              : top.bid_size.is_positive() && price <= top.bid ? Aggressor::Seller
                                                                               : Aggressor::Unknown;
  desk_.tell(Trade{.instrument = top.instrument, .aggressor = aggressor, .venue = venue, .conditions = conditions, .price = price, .size = size});
}

}  // namespace robo::ib
