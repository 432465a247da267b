#pragma once
// A small recorded day and a gateway that plays it, for tests that connect to it.

#include <memory>
#include <stdexcept>
#include <vector>

#include "edge/sim/server/server.hpp"
#include "scene.hpp"
#include "support/told_market.hpp"
#include "wire_client.hpp"

namespace robo::sim::scene {

inline constexpr Timestamp open{1'514'903'400'000'000'000};  // 2018-01-02 14:30 UTC, 9:30 in New York

/// A day of one stock and one coin with a book: a quote, then a trade, every 100 ms for ten minutes.
class Day : public test::ToldMarket {
 public:
  Day() {
    Instrument xxx = stock(0);
    xxx.primary_exchange = "NYSE";
    Instrument abc = stock(1);
    abc.symbol = "ABC";
    abc.origin = DataOrigin::ReconstructedFromBars;
    Instrument btc = coin(2);
    btc.origin = DataOrigin::Recorded;
    instruments_ = {xxx, abc, btc};
    for (int i = 0; i < 6000; ++i) {
      const Timestamp at = open + milliseconds(100 * i);
      Quote q;
      const double shift = 0.01 * (i / 50 % 5);
      q.bid = usd(10.00 + shift), q.ask = usd(10.02 + shift), q.bid_size = shares(500), q.ask_size = shares(300 + i % 3);
      q.instrument = InstrumentId{i % 2 == 0 ? 0u : 1u};
      events_.push_back({at, at, q});
      Trade t;
      t.instrument = q.instrument, t.price = q.ask, t.size = shares(100), t.venue = 'N';
      events_.push_back({at, at, t});
      for (const auto side : {BookSide::Bid, BookSide::Ask}) {
        DepthLevel l;
        l.instrument = InstrumentId{2};
        l.side = side;
        l.price = side == BookSide::Bid ? usd(60'000.0 - 0.1 * (i % 5)) : usd(60'000.1 + 0.1 * (i % 5));
        l.size = Quantity::nearest(1 + i % 4);
        l.last_of_batch = side == BookSide::Ask;
        events_.push_back({at, at, l});
      }
    }
  }
};

struct Running {
  explicit Running(ServerSettings settings = {}) : server(std::make_unique<Day>(), prepared(std::move(settings)), fees()) {
    const auto started = server.start();
    if (!started) throw std::runtime_error(started.error().text);
  }
  static ServerSettings prepared(ServerSettings s) {
    s.port = 0;
    s.level1_interval = milliseconds(10);
    if (s.warm_up.ns == 0) s.warm_up = seconds(120);
    return s;
  }
  GatewayServer server;
};

inline wire::Contract xxx() {
  wire::Contract c;
  c.symbol = "XXX", c.secType = "STK", c.exchange = "SMART", c.currency = "USD";
  return c;
}
inline wire::Contract btc() {
  wire::Contract c;
  c.symbol = "BTC", c.secType = "CRYPTO", c.exchange = "PAXOS", c.currency = "USD";
  return c;
}
inline wire::PlaceOrder order(std::int32_t id, std::string_view action, int quantity, std::string_view type, double limit = 0, double aux = 0) {
  wire::PlaceOrder p;
  p.orderId = id;
  p.contract = xxx();
  p.order.action = action;
  p.order.totalQuantity = wire::Number::of(quantity);
  p.order.orderType = type;
  p.order.tif = "DAY";
  if (limit > 0) p.order.lmtPrice = wire::Number::from(usd(limit));
  if (aux > 0) p.order.auxPrice = wire::Number::from(usd(aux));
  return p;
}

}  // namespace robo::sim::scene
