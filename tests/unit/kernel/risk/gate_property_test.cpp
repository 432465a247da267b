// Whatever is asked in whatever order: nothing passes that would, if everything working were filled, be past a limit.
#include <gtest/gtest.h>

#include <random>

#include "kernel/risk/gate.hpp"

namespace robo::risk {

TEST(GateProperty, nothing_that_passes_is_past_a_limit) {
  for (std::uint32_t seed = 1; seed <= 40; ++seed) {
    std::mt19937 random(seed);
    const auto roll = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    const Limits limits{.order_quantity_max = shares(300), .order_notional_max = Money::whole(25'000), .position_quantity_max = shares(700),
                        .position_notional_max = Money::whole(60'000), .gross_exposure_max = Money::whole(90'000),
                        .net_exposure_max = Money::whole(70'000), .price_collar_bp = 40, .orders_max = 5, .order_window_s = 2};
    market::Market market{market::Settings{}, 2};
    portfolio::Portfolio portfolio{portfolio::Settings{}, 2};
    Gate gate(limits, market, portfolio, 2);
    const EngineStarted started{.session = 1, .mode = TradingMode::Backtest, .base_currency = "USD", .starting_cash = Money::whole(500'000)};
    portfolio.start(started);
    gate.start(started);
    for (std::uint32_t i = 0; i < 2; ++i) {
      const Instrument instrument{.id = InstrumentId{i}, .currency = "USD", .ticks = TickTable::flat(price(0, 1)), .size_increment = shares(1)};
      market.define(instrument);
      portfolio.define(instrument);
      gate.define(instrument);
    }
    Timestamp now{1'000'000'000'000};
    std::vector<Timestamp> passed;
    int fills = 0;
    for (int step = 0; step < 1'500; ++step) {
      now = now + milliseconds(roll(400));
      const InstrumentId id{static_cast<std::uint32_t>(roll(2))};
      const auto bid = price(80 + roll(3), roll(100));
      const auto ask = bid + price(0, roll(12) - 1);
      market.apply(Quote{.instrument = id, .live = roll(20) != 0, .bid = bid, .ask = ask, .bid_size = shares(100), .ask_size = shares(100)}, now);
      if (const auto mark = market.mark(id)) portfolio.mark(id, *mark);
      const auto side = roll(2) == 0 ? Side::Buy : Side::Sell;
      const auto purpose = static_cast<OrderPurpose>(roll(5));
      const OrderIntent intent{.key = {1, static_cast<std::uint64_t>(step) + 1}, .instrument = id, .side = side, .purpose = purpose,
                               .quantity = shares(roll(420)), .kind = Limit{bid + price(0, roll(120) - 60)}};
      const auto held = portfolio.position(id).quantity;
      const auto approved = gate.approve(intent, now);
      if (!approved) continue;
      const bool reduces = purpose != OrderPurpose::Entry && held.sign() == -sign(side) && intent.quantity <= held.abs();
      ASSERT_TRUE(intent.quantity.is_positive());
      const auto quote = market.quote(id, now);
      if (!reduces) {
        ASSERT_TRUE(quote.has_value()) << "an entry passed on a quote that may not be used";
        ASSERT_LE(intent.quantity, limits.order_quantity_max);
        ASSERT_LE(notional(std::get<Limit>(intent.kind).price, intent.quantity), limits.order_notional_max);
        std::erase_if(passed, [&](Timestamp at) { return at <= now - seconds(2); });
        ASSERT_LT(static_cast<std::int64_t>(passed.size()), limits.orders_max);
      }
      passed.push_back(now);
      if (quote && purpose != OrderPurpose::Flatten) {
        const auto worst = static_cast<double>((std::get<Limit>(intent.kind).price.raw - quote->mid().raw) * sign(side)) /
                           static_cast<double>(quote->mid().raw) * 1e4;
        ASSERT_LE(worst, limits.price_collar_bp);
      }
      // Filled at its limit, in full or in part.
      portfolio.book(Execution{.id = ExecutionId{std::string_view(std::to_string(++fills) + ".01")}, .instrument = id, .side = side,
                               .quantity = shares(std::max<std::int64_t>(1, intent.quantity.raw / Quantity::scale - roll(50))),
                               .price = std::get<Limit>(intent.kind).price},
                     nullptr);
      const auto after = portfolio.position(id);
      if (after.quantity.abs() > held.abs()) {
        ASSERT_LE(after.quantity.abs(), limits.position_quantity_max);
      }
      if (purpose != OrderPurpose::Entry && reduces) {
        ASSERT_LE(after.quantity.abs(), held.abs());
      }
    }
    ASSERT_GT(fills, 30) << "seed " << seed << " asked for nothing that could pass";
  }
}

}  // namespace robo::risk
