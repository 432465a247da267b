#pragma once
// A run told to the collector by hand.

#include <cmath>

#include "research/collector.hpp"

namespace robo::research {

class RunByHand {
 public:
  explicit RunByHand(Duration sample = seconds(60)) : collector({.sample = sample, .strategies = {"momentum", "pairs"}}) {
    started_.starting_cash = Money::whole(100'000);
    started_.base_currency = "USD";
    event(Boxed<EngineStarted>{&started_});
    for (std::uint32_t i = 0; i < 2; ++i) {
      instruments_[i].id = InstrumentId(i);
      instruments_[i].symbol = i == 0 ? "SPY" : "QQQ";
      instruments_[i].calendar = "NYSE";
      event(Boxed<Instrument>{&instruments_[i]});
    }
  }
  void at(Timestamp t) { now = t; }
  void quote(std::uint32_t instrument, double mid) {
    event(Quote{.instrument = InstrumentId(instrument), .bid = Price::nearest(mid - 0.01), .ask = Price::nearest(mid + 0.01), .bid_size = shares(1), .ask_size = shares(1)});
  }
  void date(Date d) { event(PhaseChange{.instrument = InstrumentId(0), .phase = TradingPhase::Regular, .trade_date = d}); }
  void equity(double value, double commissions = 0, double gross = 0) {
    EquityMarked e;
    e.equity = Money::nearest(value);
    e.commissions = Money::nearest(commissions);
    e.gross_exposure = Money::nearest(gross);
    fact(e);
  }
  void fill(std::uint32_t instrument, Side side, std::int64_t quantity, double price, double realized, std::int64_t position, double arrival = 0) {
    OrderFilled f;
    f.execution.instrument = InstrumentId(instrument);
    f.execution.side = side;
    f.execution.quantity = shares(quantity);
    f.execution.price = Price::nearest(price);
    f.realized = Money::nearest(realized);
    f.position_after = shares(position);
    f.arrival_price = Price::nearest(arrival);
    f.intent.reason.contributions[0] = {StrategyId(0), shares(quantity)};
    f.intent.reason.contribution_count = 1;
    fact(f);
  }
  void fact(const FactPayload& payload) { collector.on_fact({.at = now, .payload = payload}); }
  void event(const EventPayload& payload) { collector.on_event({.at = now, .received_at = now, .payload = payload}); }

  Collector collector;
  Timestamp now{1'549'895'400'000'000'000};  // 2019-02-11 14:30 UTC

 private:
  EngineStarted started_{};
  Instrument instruments_[2]{};
};

/// `days` trade dates of one sample each in which equity earns `r(day)`.
template <class R>
Record days_of(int days, R&& r, double market = 0.0002) {
  RunByHand run(hours(24));
  double equity = 100'000, price = 100;
  const Timestamp start = run.now;
  run.quote(0, price);
  run.quote(1, 50);
  for (int day = 0; day < days; ++day) {
    run.at(start + hours(24 * (day + 1)));
    price *= 1 + market + (day % 2 == 0 ? 0.01 : -0.01);
    run.quote(0, price);
    equity *= 1 + r(day);
    run.equity(equity, 0, equity / 2);
  }
  run.at(start + hours(24 * (days + 1)));
  run.quote(0, price);
  return run.collector.finish();
}

}  // namespace robo::research
