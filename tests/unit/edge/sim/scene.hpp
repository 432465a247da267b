#pragma once
// A small market for tests: one stock, prices in dollars, sizes in shares, time in milliseconds.

#include <gtest/gtest.h>

#include "edge/sim/broker/broker.hpp"

namespace robo::sim::scene {

inline Price usd(double p) { return Price::nearest(p); }

inline Instrument stock(std::uint32_t id = 0) {
  Instrument i;
  i.id = InstrumentId{id};
  i.contract = ContractId{1000 + id};
  i.asset_class = AssetClass::Stock;
  i.symbol = "XXX";
  i.currency = "USD";
  i.ticks = TickTable::flat(usd(0.01));
  i.size_increment = shares(1);
  return i;
}
inline Instrument coin(std::uint32_t id = 0) {
  Instrument i = stock(id);
  i.asset_class = AssetClass::Crypto;
  i.symbol = "BTC";
  i.ticks = TickTable::flat(usd(0.1));
  i.size_increment = Quantity::from_raw(1000);
  return i;
}

inline FeeTable fees() {
  auto table = FeeTable::load(ROBO_SOURCE_DIR "/data/fees/ib.csv");
  if (!table) throw std::runtime_error(table.error().text);
  return *table;
}

class Market {
 public:
  explicit Market(BrokerSettings settings = {}, Instrument instrument = stock()) : broker(keep(settings), fees()) { broker.add(instrument); }

  Market& at(std::int64_t ms) {
    now = start + milliseconds(ms);
    return *this;
  }
  Market& quote(double bid, double bid_size, double ask, double ask_size) {
    Quote q;
    q.bid = usd(bid), q.ask = usd(ask), q.bid_size = Quantity::nearest(bid_size), q.ask_size = Quantity::nearest(ask_size);
    broker.on_market(now, q);
    return *this;
  }
  Market& trade(double p, double size, Aggressor aggressor = Aggressor::Unknown, std::uint16_t conditions = 0) {
    Trade t;
    t.price = usd(p), t.size = Quantity::nearest(size), t.aggressor = aggressor, t.conditions = conditions;
    broker.on_market(now, t);
    return *this;
  }
  Market& level(BookSide side, double p, double size, bool last = true) {
    DepthLevel l;
    l.side = side, l.price = usd(p), l.size = Quantity::nearest(size), l.last_of_batch = last;
    broker.on_market(now, l);
    return *this;
  }
  Market& phase(TradingPhase p) {
    PhaseChange c;
    c.phase = p;
    broker.on_market(now, c);
    return *this;
  }
  static Terms terms(Side side, double quantity, OrderKind kind) {
    Terms t;
    t.side = side;
    t.quantity = Quantity::nearest(quantity);
    t.kind = kind;
    return t;
  }
  Slot place(const Terms& t) {
    const auto slot = broker.place(now, t);
    if (!slot) {
      ADD_FAILURE() << slot.error().code << " " << slot.error().text.view();
      return 0;
    }
    return *slot;
  }
  /// A lawful ticket, placed as the server places it.
  Slot place(const Ticket& ticket) {
    const TicketTerms words = ticket.terms();
    return place(terms_of(words));
  }
  /// The code IB would refuse it with; 0: it stands.
  std::int32_t refusal(const Ticket& ticket) {
    const TicketTerms words = ticket.terms();
    const auto slot = broker.place(now, terms_of(words));
    return slot ? 0 : slot.error().code;
  }
  Market& pass(std::int64_t ms) {
    now = start + milliseconds(ms);
    broker.on_time(now);
    return *this;
  }
  Market& phase(TradingPhase p, std::int64_t until_ms) {
    PhaseChange c;
    c.phase = p;
    c.until = start + milliseconds(until_ms);
    broker.on_market(now, c);
    return *this;
  }
  Slot buy(double quantity, OrderKind kind) { return place(terms(Side::Buy, quantity, kind)); }
  Slot sell(double quantity, OrderKind kind) { return place(terms(Side::Sell, quantity, kind)); }
  const Order& order(Slot slot) const { return broker.order(slot); }
  double filled(Slot slot) const { return order(slot).filled.to_double(); }
  double average(Slot slot) const { return order(slot).average_price().to_double(); }
  OrderState state(Slot slot) const { return order(slot).state; }

  Timestamp start{1'514'903'400'000'000'000};  // 2018-01-02 14:30 UTC
  Timestamp now = start;
  Broker broker;

 private:
  static BrokerSettings keep(BrokerSettings s) {
    s.keep_history = true;
    return s;
  }
};

}  // namespace robo::sim::scene
