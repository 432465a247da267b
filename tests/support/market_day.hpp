#pragma once
// A market, its features and a clock, for tests that tell a story event by event.

#include <cmath>
#include <string_view>
#include <vector>

#include "kernel/features/features.hpp"
#include "kernel/market/market.hpp"

namespace robo::test {

inline Instrument stock(std::uint32_t id, std::string_view symbol = "XXX") {
  Instrument instrument;
  instrument.id = InstrumentId{id};
  instrument.asset_class = AssetClass::Stock;
  instrument.symbol = symbol;
  instrument.exchange = "SMART";
  instrument.currency = "USD";
  instrument.calendar = "NYSE";
  instrument.ticks = TickTable::flat(price(0, 1));
  instrument.size_increment = shares(1);
  return instrument;
}

inline constexpr Timestamp morning{1'514'903'400'000'000'000};  // 2018-01-02T14:30:00Z, NYSE opens

/// Drives market and features in the corridor's order.
struct MarketDay {
  explicit MarketDay(std::size_t instruments = 1, market::Settings settings = {}, features::Settings sides = {})
      : market(settings, instruments), features(instruments, std::move(sides)) {
    for (std::uint32_t i = 0; i < instruments; ++i) market.define(stock(i));
  }
  features::Handle declare(const features::Spec& spec, std::uint32_t id = 0) {
    const InstrumentId one{id};
    return features.declare(spec, std::span(&one, 1));
  }
  void start() { features.start(market); }

  template <class E>
  void apply(const E& event) {
    market.apply(event, now);
    features.close_bars(market);
    if constexpr (!std::is_same_v<E, Bar>) features.apply(event, market);
  }
  void advance(Timestamp to) {
    now = to;
    market.advance(now);
    features.close_bars(market);
  }
  void wait(Duration length) { now = now + length; }

  void quote(double bid, double ask, std::int64_t bid_size = 100, std::int64_t ask_size = 100, std::uint32_t id = 0) {
    apply(Quote{.instrument = InstrumentId{id}, .bid = Price::nearest(bid), .ask = Price::nearest(ask), .bid_size = shares(bid_size),
                .ask_size = shares(ask_size)});
  }
  void trade(double at_price, std::int64_t size = 100, std::uint16_t conditions = 0, Aggressor aggressor = {}, std::uint32_t id = 0) {
    apply(Trade{.instrument = InstrumentId{id}, .aggressor = aggressor, .conditions = conditions, .price = Price::nearest(at_price),
                .size = shares(size)});
  }
  void phase(TradingPhase phase, Date date, std::uint32_t id = 0) {
    apply(PhaseChange{.instrument = InstrumentId{id}, .phase = phase, .trade_date = date});
  }
  [[nodiscard]] double value(features::Handle handle, std::uint32_t id = 0) const { return features.value(handle, InstrumentId{id}); }

  market::Market market;
  features::Features features;
  Timestamp now = morning;
};

}  // namespace robo::test
