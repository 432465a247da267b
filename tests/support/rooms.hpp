#pragma once
// The kernel's lower rooms for tests of what stands above them: the real ones, fed by hand.

#include <string_view>
#include <vector>

#include "kernel/features/features.hpp"
#include "kernel/market/market.hpp"
#include "kernel/portfolio/portfolio.hpp"
#include "kernel/regime/regime.hpp"
#include "kernel/strategy/strategy.hpp"

namespace robo::test {

inline Instrument stock(std::uint32_t id, std::string_view symbol) {
  Instrument i;
  i.id = InstrumentId(id);
  i.asset_class = AssetClass::Stock;
  i.symbol = symbol;
  i.exchange = "SMART";
  i.currency = "USD";
  i.calendar = "NYSE";
  i.ticks = TickTable::flat(Price::from_raw(10'000'000));
  i.size_increment = shares(1);
  i.lot = shares(100);
  return i;
}

/// 2019-02-11 09:30 in New York.
inline constexpr Timestamp monday{1'549'895'400'000'000'000};

class Rooms {
 public:
  explicit Rooms(std::vector<Instrument> the_instruments, regime::Settings regimes_settings = {}, Money cash = Money::whole(1'000'000))
      : instruments(std::move(the_instruments)), market({.quote_age_max = hours(24 * 365)}, instruments.size()), features(instruments.size()),
        portfolio({}, instruments.size()), regimes(regimes_settings, instruments.size()) {
    EngineStarted started;
    started.session = 1;
    started.mode = TradingMode::Backtest;
    started.base_currency = "USD";
    started.starting_cash = cash;
    portfolio.start(started);
    std::vector<InstrumentId> ids;
    for (const Instrument& i : instruments) {
      market.define(i);
      portfolio.define(i);
      ids.push_back(i.id);
    }
    regimes.declare(features, ids);
  }
  void start() { features.start(market); }

  strategy::World world() const { return {market, features, portfolio, regimes}; }

  /// One trade, through market and features.
  void trade(InstrumentId id, Price price, Quantity size, Timestamp at) {
    const Trade t{.instrument = id, .price = price, .size = size};
    market.apply(t, at);
    features.close_bars(market);
    regimes.close_bars(market, features, facts);
    features.apply(t, market);
    portfolio.mark(id, price);
  }
  void fill(InstrumentId id, Side side, Quantity quantity, Price price, Timestamp at) {
    Execution e;
    e.id = FixedText<40>("0001." + std::to_string(++fills_) + ".01.01");
    e.instrument = id;
    e.side = side;
    e.quantity = quantity;
    e.price = price;
    e.executed_at = at;
    portfolio.book(e, nullptr);
    portfolio.mark(id, price);
  }
  /// Time passes; bars that are due end.
  void advance(Timestamp at) {
    market.advance(at);
    features.close_bars(market);
    regimes.close_bars(market, features, facts);
  }
  void phase(InstrumentId id, TradingPhase phase, Timestamp at, Timestamp until) {
    const PhaseChange change{.instrument = id, .phase = phase, .trade_date = {static_cast<std::int32_t>(at.ns / 86'400'000'000'000)}, .until = until};
    market.apply(change, at);
    features.close_bars(market);
    regimes.close_bars(market, features, facts);
    features.apply(change, market);
  }

  std::vector<Instrument> instruments;
  market::Market market;
  features::Features features;
  portfolio::Portfolio portfolio;
  regime::Regimes regimes;
  Facts facts;

 private:
  int fills_ = 0;
};

/// All facts of one kind.
template <class T>
std::vector<T> only(const Facts& facts) {
  std::vector<T> out;
  for (const Fact& fact : facts)
    if (const auto* one = std::get_if<T>(&fact.payload)) out.push_back(*one);
  return out;
}

}  // namespace robo::test
