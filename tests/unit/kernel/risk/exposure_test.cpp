#include "kernel/risk/exposure.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "support/allocation_counter.hpp"

namespace robo::risk {
namespace {

constexpr Timestamp morning{1'514'903'400'000'000'000};  // 2018-01-02T14:30:00Z
constexpr InstrumentId tech{0}, bank{1}, index_fund{2}, euro{3};

Instrument instrument(InstrumentId id, std::string_view symbol, std::string_view sector, std::string_view currency = "USD", AssetClass kind = AssetClass::Stock) {
  Instrument out{.id = id, .asset_class = kind, .symbol = symbol, .currency = currency, .calendar = "NYSE", .ticks = TickTable::flat(price(0, 1)), .size_increment = shares(1)};
  out.sector = sector;
  return out;
}

struct Book {
  explicit Book(ExposureSettings settings = {.benchmark = "SPY"}) : exposures(settings, 8) {
    portfolio.start({.session = 1, .mode = TradingMode::Backtest, .account = "DU1", .base_currency = "USD", .starting_cash = Money::whole(1'000'000)});
    instruments = {instrument(tech, "AAPL", "Technology"), instrument(bank, "JPM", "Financial"), instrument(index_fund, "SPY", "")};
    for (const auto& one : instruments) define(one);
    exposures.declare(instruments, minutes(1), market);
  }
  void define(const Instrument& one) {
    market.define(one);
    portfolio.define(one);
    exposures.define(one);
  }
  void hold(InstrumentId id, std::int64_t quantity, Price at) {
    portfolio.book(Execution{.id = ExecutionId{std::string_view(std::to_string(++fills) + ".01")}, .instrument = id, .side = quantity > 0 ? Side::Buy : Side::Sell,
                             .quantity = shares(quantity).abs(), .price = at},
                   nullptr);
    portfolio.mark(id, at);
  }
  void trade(InstrumentId id, double at) {
    market.apply(Trade{.instrument = id, .price = Price::nearest(at), .size = shares(100)}, now);
    exposures.close_bars(market, portfolio, facts);
    portfolio.mark(id, Price::nearest(at));
  }
  /// A minute in which the market does `m`, the technology share twice that and something of its own, the bank the opposite.
  void minute(bool with_bank = true) {
    const double m = 0.001 * std::sin(1.7 * bars);
    level *= 1 + m, share *= 1 + 2 * m + 0.0002 * std::sin(0.6 * bars), loan *= 1 - m;
    ++bars;
    trade(tech, share);
    if (with_bank) trade(bank, loan);
    trade(index_fund, level);
    now = now + minutes(1);
    market.advance(now);
    exposures.close_bars(market, portfolio, facts);
  }
  template <class T>
  std::vector<T> told() const {
    std::vector<T> all;
    for (const auto& fact : facts)
      if (const auto* one = std::get_if<T>(&fact.payload)) all.push_back(*one);
    return all;
  }
  std::map<std::string, ExposureMarked> slices() {
    facts.clear();
    exposures.mark(portfolio, facts);
    std::map<std::string, ExposureMarked> out;
    for (const auto& one : told<ExposureMarked>())
      out[one.kind == ExposureKind::Account ? "account" : one.kind == ExposureKind::Instrument ? std::string(instruments[one.instrument.value].symbol.view()) : std::string(one.name.view())] = one;
    return out;
  }

  market::Market market{market::Settings{}, 8};
  portfolio::Portfolio portfolio{portfolio::Settings{}, 8};
  Exposures exposures;
  std::vector<Instrument> instruments;
  Facts facts;
  Timestamp now = morning;
  double level = 200, share = 150, loan = 100;
  int fills = 0, bars = 0;
};

TEST(Exposures, add_up_by_instrument_sector_currency_and_account) {
  Book book;
  book.hold(tech, 1'000, price(150));
  book.hold(bank, -400, price(100));
  auto slices = book.slices();
  EXPECT_EQ(slices.at("AAPL").net, Money::whole(150'000));
  EXPECT_EQ(slices.at("Technology").gross, Money::whole(150'000));
  EXPECT_EQ(slices.at("Financial").net, Money::whole(-40'000));
  EXPECT_EQ(slices.at("Financial").gross, Money::whole(40'000));
  EXPECT_EQ(slices.at("account").gross, Money::whole(190'000));
  EXPECT_EQ(slices.at("account").net, Money::whole(110'000));
  EXPECT_NEAR(slices.at("account").share, 0.19, 1e-12);
  EXPECT_EQ(slices.at("USD").net, Money::whole(1'000'000)) << "cash and positions: all of the equity is in dollars";
  EXPECT_EQ(slices.at("USD").gross, Money::whole(190'000));
  EXPECT_TRUE(std::isnan(slices.at("account").beta_exposure)) << "no beta is known yet";
  EXPECT_TRUE(book.slices().empty()) << "told once";
}

TEST(Exposures, of_what_was_closed_are_told_as_nothing_once) {
  Book book;
  book.hold(tech, 1'000, price(150));
  book.slices();
  book.hold(tech, -1'000, price(150));
  auto slices = book.slices();
  EXPECT_EQ(slices.at("AAPL").gross, Money{});
  EXPECT_EQ(slices.at("Technology").gross, Money{});
  EXPECT_TRUE(book.slices().empty());
}

TEST(Exposures, an_instrument_without_a_sector_is_unclassified_and_a_new_word_moves_it) {
  Book book;
  book.hold(index_fund, 100, price(200));
  EXPECT_EQ(book.slices().at("unclassified").gross, Money::whole(20'000));
  book.exposures.define(instrument(index_fund, "SPY", "Funds"));
  auto slices = book.slices();
  EXPECT_EQ(slices.at("Funds").gross, Money::whole(20'000));
  EXPECT_EQ(slices.at("unclassified").gross, Money{});
  book.exposures.define(instrument(index_fund, "SPY", "Exchange Traded"));
  book.exposures.define(instrument(index_fund, "SPY", ""));
  EXPECT_TRUE(book.slices().empty()) << "the first that is known stands: settings speak before the broker";
}

TEST(Exposures, in_a_currency_whose_rate_is_not_known_have_no_share) {
  Book book;
  book.instruments.push_back(instrument(euro, "SAP", "Technology", "EUR"));
  book.define(book.instruments.back());
  book.hold(euro, 100, price(90));
  auto slices = book.slices();
  EXPECT_TRUE(std::isnan(slices.at("EUR").share));
  EXPECT_EQ(slices.at("EUR").gross, Money::whole(9'000));
  EXPECT_NEAR(slices.at("USD").share, 1.0, 1e-9) << "bought with borrowed euros: the dollars are all there";
}

TEST(Exposures, know_beta_and_the_risk_of_the_book_after_their_bars) {
  Book book;
  book.hold(tech, 1'000, price(150));
  for (int i = 0; i < 15; ++i) book.minute();
  EXPECT_TRUE(std::isnan(book.exposures.beta(tech)));
  EXPECT_TRUE(std::isnan(book.exposures.risk().value_at_risk_99)) << "not known, which is not zero";
  EXPECT_EQ(book.exposures.risk().positions, 1u);
  for (int i = 0; i < 15; ++i) book.minute();
  EXPECT_TRUE(std::isnan(book.exposures.beta(tech))) << "a pair takes longer than the volatility";
  EXPECT_FALSE(std::isnan(book.exposures.risk().value_at_risk_99));
  for (int i = 0; i < 200; ++i) book.minute();
  EXPECT_NEAR(book.exposures.beta(tech), 2, 0.1);
  EXPECT_NEAR(book.exposures.beta(bank), -1, 0.05);
  EXPECT_EQ(book.exposures.beta(index_fund), 1);
  const auto& risk = book.exposures.risk();
  EXPECT_EQ(risk.method, RiskMethod::StudentT);
  // One position: the weight times its volatility, times the root of 390 minutes.
  const double weight = book.portfolio.position(tech).value.to_double() / book.portfolio.equity().to_double();
  EXPECT_NEAR(risk.volatility, weight * book.exposures.matrix()->volatility(0) * std::sqrt(390.0), 1e-4 * risk.volatility);
  EXPECT_NEAR(risk.value_at_risk_99 / risk.volatility, 2.6064, 1e-3);
  EXPECT_NEAR(risk.effective_bets, 1, 1e-12);
  EXPECT_NEAR(risk.beta, weight * book.exposures.beta(tech), 1e-3);
  auto slices = book.slices();
  EXPECT_NEAR(slices.at("AAPL").beta_exposure, slices.at("AAPL").net.to_double() * book.exposures.beta(tech), 1e-6);
}

TEST(Exposures, a_hedged_book_is_one_bet_with_little_risk) {
  Book bare, hedged;
  for (auto* book : {&bare, &hedged}) {
    book->hold(tech, 1'000, price(150));
    if (book == &hedged) book->hold(index_fund, -1'500, price(200));
    for (int i = 0; i < 230; ++i) book->minute();
  }
  EXPECT_LT(hedged.exposures.risk().volatility, 0.35 * bare.exposures.risk().volatility);
  EXPECT_LT(hedged.exposures.risk().effective_bets, 1.2);
  EXPECT_LT(std::abs(hedged.exposures.risk().beta), 0.05);
}

TEST(Exposures, with_enough_history_the_books_own_past_decides) {
  Book book;
  book.hold(tech, 1'000, price(150));
  for (int i = 0; i < 600; ++i) {
    book.minute();
    book.facts.clear();
  }
  const auto& risk = book.exposures.risk();
  EXPECT_EQ(risk.method, RiskMethod::FilteredHistory);
  // A sine has no tail: what history says is below what a t distribution fears.
  EXPECT_LT(risk.value_at_risk_99, 2.0 * risk.volatility);
  EXPECT_GT(risk.value_at_risk_99, 0.8 * risk.volatility);
}

TEST(Exposures, nothing_held_is_no_risk_and_that_is_known) {
  Book book;
  book.minute();
  book.minute();
  EXPECT_EQ(book.exposures.risk().volatility, 0);
  EXPECT_EQ(book.exposures.risk().value_at_risk_99, 0);
  EXPECT_TRUE(std::isnan(book.exposures.risk().correlation_average));
}

TEST(Exposures, a_bar_that_one_instrument_misses_still_counts_for_the_others) {
  Book book;
  for (int i = 0; i < 100; ++i) book.minute(i % 3 != 0);
  book.minute();
  EXPECT_FALSE(std::isnan(book.exposures.matrix()->correlation(0, 2)));
  EXPECT_GE(book.exposures.matrix()->bars(), 99u);
}

TEST(Exposures, a_night_is_not_a_bar) {
  Book book;
  for (int i = 0; i < 100; ++i) book.minute();
  const double before = book.exposures.matrix()->volatility(0);
  book.now = book.now + hours(17);
  book.level *= 1.05, book.share *= 1.1, book.loan *= 0.95;
  for (int i = 0; i < 3; ++i) book.minute();
  EXPECT_LT(book.exposures.matrix()->volatility(0), 1.2 * before);
}

TEST(Exposures, of_a_price_below_zero_have_no_return) {
  Book book;
  for (int i = 0; i < 100; ++i) book.minute();
  const auto bars = book.exposures.matrix()->bars();
  const double before = book.exposures.matrix()->volatility(0);
  const double share = book.share;
  book.share = -37;
  book.minute();
  book.share = share;
  book.minute();
  book.minute();
  EXPECT_EQ(book.exposures.matrix()->bars(), bars + 3);
  EXPECT_LT(book.exposures.matrix()->volatility(0), 1.2 * before);
}

TEST(Exposures, ask_for_no_memory_once_declared) {
  Book book;
  book.hold(tech, 1'000, price(150));
  for (int i = 0; i < 300; ++i) book.minute();
  book.slices();
  book.facts.clear();
  std::size_t inside = 0;
  for (int i = 0; i < 50; ++i) {
    book.now = book.now + minutes(1);
    for (const auto id : {tech, bank, index_fund}) book.market.apply(Trade{.instrument = id, .price = price(100 + i % 3), .size = shares(1)}, book.now);
    const auto before = test::allocations();
    book.exposures.close_bars(book.market, book.portfolio, book.facts);
    book.exposures.mark(book.portfolio, book.facts);
    inside += test::allocations() - before;
  }
  EXPECT_EQ(inside, 0u);
}

TEST(Exposures, that_are_off_say_nothing) {
  Book book({.on = false});
  book.hold(tech, 1'000, price(150));
  for (int i = 0; i < 30; ++i) book.minute();
  EXPECT_EQ(book.exposures.matrix(), nullptr);
  EXPECT_TRUE(book.slices().empty());
}

}  // namespace
}  // namespace robo::risk
