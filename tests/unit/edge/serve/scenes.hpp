#pragma once
// Small histories for the tests of the desk: real events and facts, as the kernel makes them.

#include "edge/serve/read_model.hpp"

namespace robo::serve::test {

inline const Timestamp t0{1'550'241'000'000'000'000};  // 2019-02-15T14:30:00Z
inline Timestamp at(double s) { return t0 + Duration{static_cast<std::int64_t>(s * 1e9)}; }

inline Catalogue catalogue() {
  Catalogue c;
  c.status.market = "recorded";
  c.status.time_zone = "America/New_York";
  c.status.version = "0.1.0";
  c.strategies = {{.name = "momentum", .title = "Momentum", .help = "Buys strength", .state = {}, .state_reason = {}, .weight_percent = {}, .day_pnl = {}, .day_line = {}, .signals = {}, .orders = {}, .fills = {},
                   .parameters = {{.name = "lookback", .unit = "bars", .help = "How far back", .value = 20, .min = 5, .max = 100, .step = 1, .initial = 20, .fixed = false}}},
                  {.name = "pairs", .title = "Pairs", .help = "", .state = {}, .state_reason = {}, .weight_percent = {}, .day_pnl = {}, .day_line = {}, .signals = {}, .orders = {}, .fills = {}, .parameters = {}}};
  c.limits = {{.name = "order_quantity_max", .title = "Order quantity", .unit = "shares", .limit = 500, .used = {}, .measure = {}, .use_percent = {}, .warn_percent = 80, .state = {}, .effect = "the order is denied", .subject = {}, .denials = {}, .editable = true, .min = 1, .max = 10'000}};
  return c;
}

inline Instrument instrument(std::uint32_t id, std::string_view symbol) {
  Instrument i;
  i.id = InstrumentId{id};
  i.asset_class = AssetClass::Stock;
  i.origin = DataOrigin::Recorded;
  i.symbol = symbol;
  i.exchange = "SMART";
  i.primary_exchange = "NYSE";
  i.currency = "USD";
  i.ticks = TickTable::flat(price(0, 1));
  i.size_increment = shares(1);
  i.lot = shares(100);
  return i;
}

inline Quote quote(std::uint32_t id, Price bid, Price ask) {
  Quote q;
  q.instrument = InstrumentId{id};
  q.bid = bid;
  q.ask = ask;
  q.bid_size = shares(300);
  q.ask_size = shares(200);
  return q;
}

inline Trade trade(std::uint32_t id, Price p, std::int64_t size) {
  Trade t;
  t.instrument = InstrumentId{id};
  t.price = p;
  t.size = shares(size);
  t.venue = 'N';
  return t;
}

inline OrderIntent intent(std::uint64_t number, std::uint32_t id, Side side, std::int64_t quantity, Price limit) {
  OrderIntent i;
  i.key = {.session = 7, .number = number};
  i.instrument = InstrumentId{id};
  i.side = side;
  i.quantity = shares(quantity);
  i.kind = Limit{limit};
  i.reason.contributions[0] = {.strategy = StrategyId{0}, .quantity = shares(quantity)};
  i.reason.contribution_count = 1;
  i.reason.target = shares(quantity);
  i.reason.blended_score = 0.4;
  i.reason.cap = SizeCap::Kelly;
  return i;
}

inline OrderChanged order(const OrderIntent& i, OrderState state, std::int64_t filled = 0) {
  OrderChanged c;
  c.intent = i;
  c.state = state;
  c.perm_id = PermId{900 + static_cast<std::int64_t>(i.key.number)};
  c.broker_id = {.client_id = 1, .order_id = static_cast<std::int32_t>(i.key.number)};
  c.filled = shares(filled);
  c.average_price = filled != 0 ? std::get<Limit>(i.kind).price : Price{};
  return c;
}

inline OrderFilled fill(const OrderIntent& i, std::string_view id, std::int64_t quantity, Price p, Price arrival) {
  OrderFilled f;
  f.intent = i;
  f.execution.id = id;
  f.execution.key = i.key;
  f.execution.instrument = i.instrument;
  f.execution.side = i.side;
  f.execution.quantity = shares(quantity);
  f.execution.price = p;
  f.execution.liquidity = 1;
  f.execution.venue = "NYSE";
  f.arrival_price = arrival;
  return f;
}

/// A tap with the read model behind it, folded when asked.
struct Desk {
  ReadModel model{catalogue()};
  double steady = 1000;

  void tell(double s, const FactPayload& fact) { model.apply(Word{at(s), fact}); }
  template <class T>
  void event(double s, const T& payload) {
    model.apply(Word{at(s), payload});
  }
  template <class T>
  void market(double s, const T& payload) {
    model.set_time(steady);
    Event e;
    e.at = e.received_at = at(s);
    e.payload = payload;
    model.apply(e);
  }
  void tick(double seconds_later = 0.25) {
    steady += seconds_later;
    model.tick(steady, Figures{}, 0);
  }
  void open() {
    EngineStarted started;
    started.session = 7;
    started.mode = TradingMode::Paper;
    started.account = "DU1234417";
    started.base_currency = "USD";
    started.starting_cash = Money::whole(1'000'000);
    event(0, started);
    event(0, instrument(0, "JPM"));
    event(0, instrument(1, "BAC"));
    GatewayChanged ready;
    ready.state = GatewayState::Ready;
    ready.server_version = 176;
    tell(0, GatewayNoted{ready});
  }
};

}  // namespace robo::serve::test
