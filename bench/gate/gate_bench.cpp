// The gate with all its limits, on orders that pass and on orders that do not.
#include <vector>

#include "kernel/risk/gate.hpp"
#include "support/report.hpp"

using namespace robo;
using namespace robo::bench;

int main(int argc, char** argv) {
  Report report(argc, argv);
  constexpr std::uint32_t names = 64;
  market::Market market{market::Settings{.quote_age_max = hours(24)}, names};
  portfolio::Portfolio portfolio{portfolio::Settings{}, names};
  risk::Limits limits{.orders_max = 4'096, .order_window_s = 0.000'000'1};
  limits.duplicate_window_s = 0.000'000'001;
  risk::Gate gate(limits, market, portfolio, names);
  const EngineStarted started{.session = 1, .mode = TradingMode::Backtest, .base_currency = "USD", .starting_cash = Money::whole(10'000'000)};
  portfolio.start(started);
  gate.start(started);
  Timestamp now{1'549'895'400'000'000'000};
  std::vector<OrderIntent> good, bad;
  for (std::uint32_t i = 0; i < names; ++i) {
    const Instrument instrument{.id = InstrumentId{i}, .currency = "USD", .ticks = TickTable::flat(price(0, 1)), .size_increment = shares(1)};
    market.define(instrument);
    portfolio.define(instrument);
    gate.define(instrument);
    market.apply(Quote{.instrument = instrument.id, .bid = price(50 + i), .ask = price(50 + i, 2), .bid_size = shares(300), .ask_size = shares(400)}, now);
    market.apply(PhaseChange{.instrument = instrument.id, .phase = TradingPhase::Regular}, now);
    portfolio.mark(instrument.id, price(50 + i, 1));
    const OrderIntent intent{.key = {1, i + 1}, .instrument = instrument.id, .side = i % 2 == 0 ? Side::Buy : Side::Sell,
                             .quantity = shares(100 + i), .kind = Limit{price(50 + i, 1)}};
    good.push_back(intent);
    auto wrong = intent;
    wrong.quantity = shares(20'000 + i);
    bad.push_back(wrong);
  }

  std::size_t at = 0, refused = 0;
  Samples decide, approve, deny;
  for (int round = 0; round < report.rounds(); ++round) {
    decide.add(ns_per_call(500'000, [&] { keep(gate.reasons(good[++at & (names - 1)], Quantity{}, now)); }));
    approve.add(ns_per_call(500'000, [&] {
      now = now + nanoseconds(200);
      const auto answer = gate.approve(good[++at & (names - 1)], now);
      refused += !answer;
      keep(answer);
    }));
    deny.add(ns_per_call(200'000, [&] { keep(gate.approve(bad[++at & (names - 1)], now)); }));
  }
  if (refused != 0) return 1;  // then it measured something else
  report.row({.name = "gate/decide", .unit = "ns", .samples = decide, .bars = {at_most(Of::Median, 50)}, .note = "all limits, the mask of reasons"});
  report.row({.name = "gate/approve", .unit = "ns", .samples = approve, .bars = {at_most(Of::Median, 50)},
              .note = "decide, count, and make the approved order (a copy of the intent)"});
  report.row({.name = "gate/deny", .unit = "ns", .samples = deny, .note = "with reason and number"});
  return report.exit_code();
}
