// Random days of fills, repeats, corrections and commissions, against the plainest book-keeping there is.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "kernel/portfolio/portfolio.hpp"

namespace robo::portfolio {

namespace {

struct Plain {           // one execution, newest version
  InstrumentId instrument{};
  Quantity change{};
  Price price{};
  Money commission{};
};

ExecutionId execution_id(int number, int revision) {
  const auto text = std::to_string(number) + ".01." + std::to_string(revision);
  return ExecutionId{std::string_view(text)};
}

}  // namespace

TEST(PortfolioProperty, position_cash_and_profit_are_the_sum_of_the_fills_and_the_parts_make_the_whole) {
  for (std::uint32_t seed = 1; seed <= 200; ++seed) {
    std::mt19937 random(seed);
    const auto roll = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    Portfolio book({.executions_max = 2'000}, 4);
    book.start({.session = 1, .mode = TradingMode::Backtest, .base_currency = "USD", .starting_cash = Money::whole(1'000'000)});
    book.define({.id = InstrumentId{0}, .asset_class = AssetClass::Stock, .symbol = "AAA", .currency = "USD"});
    book.define({.id = InstrumentId{1}, .asset_class = AssetClass::Future, .symbol = "ES", .currency = "USD", .multiplier = 50});
    book.define({.id = InstrumentId{2}, .asset_class = AssetClass::Crypto, .symbol = "BTC", .currency = "USDT"});
    const std::array<std::int64_t, 3> multiplier{1, 50, 1};

    std::map<int, Plain> plain;
    std::vector<std::pair<std::string, Plain>> sent;
    for (int step = 0; step < 400; ++step) {
      const int kind = roll(10);
      if (kind < 6 || plain.empty()) {
        const int id = static_cast<int>(plain.size());
        Plain fill{.instrument = InstrumentId{static_cast<std::uint32_t>(roll(3))},
                   .change = Quantity::from_raw((roll(2) == 0 ? 1 : -1) * (1 + roll(5'000)) * (Quantity::scale / 1'000)),
                   .price = Price::from_raw((1 + roll(1'000'000)) * (Price::scale / 10'000))};
        plain[id] = fill;
        Reason reason;
        reason.contribution_count = static_cast<std::uint8_t>(roll(4));
        for (std::uint8_t i = 0; i < reason.contribution_count; ++i)
          reason.contributions[i] = {StrategyId{i}, Quantity::from_raw((roll(2'000) - 1'000) * (Quantity::scale / 100))};
        book.book(Execution{.id = execution_id(id, 1), .instrument = fill.instrument, .side = fill.change.is_positive() ? Side::Buy : Side::Sell,
                   .quantity = fill.change.abs(), .price = fill.price},
                  &reason);
      } else if (kind < 7) {  // correction of any earlier one
        const int id = roll(static_cast<int>(plain.size()));
        auto& fill = plain[id];
        fill.change = Quantity::from_raw((fill.change.is_positive() ? 1 : -1) * (1 + roll(5'000)) * (Quantity::scale / 1'000));
        fill.price = Price::from_raw((1 + roll(1'000'000)) * (Price::scale / 10'000));
        book.book(Execution{.id = execution_id(id, step + 2), .instrument = fill.instrument,
                   .side = fill.change.is_positive() ? Side::Buy : Side::Sell, .quantity = fill.change.abs(), .price = fill.price},
                  nullptr);
      } else if (kind < 8) {  // a repeat of an old version
        const int id = roll(static_cast<int>(plain.size()));
        const auto again = book.book(Execution{.id = execution_id(id, 1), .instrument = plain[id].instrument, .quantity = shares(77), .price = price(1)}, nullptr);
        EXPECT_EQ(again.outcome, Booking::Duplicate);
      } else if (kind < 9) {
        const int id = roll(static_cast<int>(plain.size()));
        plain[id].commission = Money::from_raw(1 + roll(3'000'000));
        book.book(Commission{.execution = execution_id(id, step + 2), .amount = plain[id].commission, .currency = "USD"});
      } else {
        book.mark(InstrumentId{static_cast<std::uint32_t>(roll(3))}, Price::from_raw((1 + roll(1'000'000)) * (Price::scale / 10'000)));
      }

      std::array<Quantity, 3> position{};
      std::array<Money, 3> paid{};
      Money commissions{};
      for (const auto& [id, fill] : plain) {
        position[fill.instrument.value] += fill.change;
        paid[fill.instrument.value] += notional(fill.price, fill.change, multiplier[fill.instrument.value]);
        commissions += fill.commission;
      }
      Money cash = Money::whole(1'000'000) - commissions;
      for (std::uint32_t i = 0; i < 3; ++i) {
        const auto& p = book.position(InstrumentId{i});
        ASSERT_EQ(p.quantity, position[i]) << "seed " << seed << " step " << step;
        ASSERT_EQ(p.realized - p.cost, -paid[i]) << "seed " << seed << " step " << step;  // law of Holding
        cash += i == 1 ? p.realized : -paid[i];
      }
      ASSERT_EQ(book.cash(), cash) << "seed " << seed << " step " << step;
      ASSERT_EQ(book.commissions(), commissions);

      Money parts{};
      for (std::uint16_t s = 0; s < 4; ++s) parts += book.account(StrategyId{s}).profit();
      parts += book.account(unattributed).profit();
      ASSERT_EQ(parts, book.realized() + book.unrealized() - book.commissions()) << "seed " << seed << " step " << step;
      for (std::uint32_t i = 0; i < 3; ++i) {
        Quantity held = book.share(InstrumentId{i}, unattributed);
        for (std::uint16_t s = 0; s < 4; ++s) held += book.share(InstrumentId{i}, StrategyId{s});
        ASSERT_EQ(held, position[i]);
      }
    }
  }
}

}  // namespace robo::portfolio
