#include "model/order_ticket.hpp"

#include <gtest/gtest.h>

#include "model/order_check.hpp"

namespace robo {
namespace {

constexpr InstrumentId spy{0};

Instrument share() {
  Instrument i;
  i.contract = ContractId{756733};
  i.asset_class = AssetClass::Etf;
  i.symbol = "SPY";
  i.primary_exchange = "ARCA";
  i.currency = "USD";
  // Below a dollar prices move in hundredths of a cent.
  i.ticks.bands[0] = {Price{}, Price::nearest(0.0001)};
  i.ticks.bands[1] = {price(1), price(0, 1)};
  i.ticks.count = 2;
  i.size_increment = shares(1);
  return i;
}
Instrument coin() {
  Instrument i = share();
  i.asset_class = AssetClass::Crypto;
  i.symbol = "BTC";
  i.size_increment = Quantity::from_raw(1000);
  return i;
}

std::vector<std::int32_t> codes(const Ticket& ticket, const Instrument& instrument = share(), Surroundings at = {}) {
  at.instrument = &instrument;
  std::vector<std::int32_t> out;
  for (const auto& o : objections(ticket, at)) out.push_back(o.code);
  return out;
}
using Codes = std::vector<std::int32_t>;

TEST(Ticket, says_what_was_written_and_nothing_else) {
  const Ticket ticket = buy(spy, shares(500)).limit(price(412, 30)).good_till_cancelled().iceberg(shares(100));
  EXPECT_EQ(ticket.type(), OrderType::Limit);
  EXPECT_EQ(marks_of(ticket.terms()), bits(Mark::GoodTillCancelled, Mark::Iceberg));
  EXPECT_EQ(std::get<Limit>(ticket.terms().kind).price, price(412, 30));
}

// ---- what cannot be written down ----

template <class D>
concept Hides = requires(D d) { d.hidden(); };
template <class D>
concept Shows = requires(D d) { d.iceberg(shares(1)); };
template <class D>
concept LivesOn = requires(D d) { d.good_till_cancelled(); };
template <class D>
concept IsKilled = requires(D d) { d.fill_or_kill(); };
template <class D>
concept AllOrNothing = requires(D d) { d.all_or_none(); };
template <class D>
concept Adjusts = requires(D d) { d.adjusted(AdjustToStop{}); };
template <class D>
concept WorkedByAdaptive = requires(D d) { d.worked_by(Adaptive{}); };
template <class D>
concept WorkedByTwap = requires(D d) { d.worked_by(Twap{}); };
template <class D>
concept WaitsForMore = requires(D d) { d.and_when(ExecutionCondition{}); };
template <class D>
concept TradesOutsideHours = requires(D d) { d.outside_hours(); };
template <class S>
concept HasStop = requires(S s) { s.stop(price(1)); };

TEST(Ticket, what_the_law_forbids_has_no_word) {
  const auto b = buy(spy, shares(5));
  using M = decltype(b.market());
  using L = decltype(b.limit(price(1)));
  using S = decltype(b.stop(price(1)));
  using C = decltype(b.at_close());
  using R = decltype(b.relative(price(0, 1)));
  static_assert(Hides<L> && !Hides<M> && !Hides<S> && !Hides<C>);
  static_assert(!Hides<decltype(b.limit(price(1)).iceberg(shares(1)))> && !Shows<decltype(b.limit(price(1)).hidden())>);
  static_assert(!Shows<decltype(b.limit(price(1)).discretion(price(1)))>);
  static_assert(Shows<L> && !Shows<decltype(b.limit(price(1)).iceberg(shares(1)))>, "nothing is said twice");
  static_assert(LivesOn<M> && !LivesOn<C> && !LivesOn<decltype(b.at_open())> && !LivesOn<decltype(b.limit(price(1)).immediate_or_cancel())>);
  static_assert(IsKilled<L> && !IsKilled<S> && !IsKilled<R>);
  static_assert(Adjusts<S> && !Adjusts<L> && !Adjusts<M>);
  static_assert(WorkedByTwap<L> && !WorkedByTwap<S> && !WorkedByTwap<C> && !WorkedByTwap<decltype(b.limit(price(1)).all_or_none())>);
  static_assert(!AllOrNothing<decltype(b.limit(price(1)).worked_by(Twap{}))>);
  static_assert(WorkedByAdaptive<L> && !WorkedByAdaptive<decltype(b.limit(price(1)).good_till_cancelled())>);
  static_assert(!WaitsForMore<L> && WaitsForMore<decltype(b.limit(price(1)).when(ExecutionCondition{}))>);
  static_assert(TradesOutsideHours<L> && !TradesOutsideHours<M> && !TradesOutsideHours<R>);
  static_assert(HasStop<Start> && !HasStop<CashStart>);
  SUCCEED();
}

TEST(Ticket, words_from_outside_are_judged_by_the_same_law_as_code) {
  TicketTerms terms;
  terms.quantity = shares(1);
  terms.kind = MarketOnClose{};
  EXPECT_TRUE(Ticket::of(terms));
  terms.lifetime = Lifetime::GoodTillCancelled;
  const auto refused = Ticket::of(terms);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, 113);
  EXPECT_EQ(refused.error().text.view(), "a market on close order lives for the day of its auction; 'good till cancelled' cannot be said of it");
  terms = {};
  terms.kind = Limit{price(1)};
  terms.display = shares(1);
  terms.discretion = price(0, 1);
  EXPECT_EQ(Ticket::of(terms).error().code, 157);
}

TEST(Ticket, every_pair_of_marks_is_lawful_or_has_a_code_and_a_sentence) {
  int lawful = 0, refused = 0;
  for (std::size_t t = 0; t < EnumNames<OrderType>::names.size(); ++t)
    for (int a = 0; a < mark_count; ++a)
      for (int b = 0; b < mark_count; ++b) {
        const auto type = static_cast<OrderType>(t);
        const auto judged = judge(type, bit(static_cast<Mark>(a)) | bit(static_cast<Mark>(b)));
        if (judged.code == 0) {
          ++lawful;
          continue;
        }
        ++refused;
        EXPECT_FALSE(sentence_of(type, judged).text.empty());
        EXPECT_GE(judged.code, 100);
      }
  EXPECT_GT(lawful, 300);
  EXPECT_GT(refused, 2000);
}

TEST(Check, prices_keep_to_the_step_of_their_own_band) {
  EXPECT_EQ(codes(buy(spy, shares(1)).limit(Price::nearest(0.9999))), Codes{});
  EXPECT_EQ(codes(buy(spy, shares(1)).limit(Price::nearest(1.0001))), Codes{110});
  EXPECT_EQ(codes(sell(spy, shares(1)).stop_limit(Price::nearest(9.995), price(10))), Codes{110});
  EXPECT_EQ(codes(sell(spy, shares(1)).stop(Price{})), Codes{403});
  EXPECT_EQ(codes(buy(spy, shares(1)).market_if_touched(Price{})), Codes{361});
  EXPECT_EQ(codes(buy(spy, shares(1)).limit(price(10)).discretion(Price::nearest(0.005))), Codes{}) << "half a cent is on the grid below a dollar";
  EXPECT_EQ(codes(buy(spy, shares(1)).limit(price(10)).discretion(Price::nearest(0.00005))), Codes{168});
}

TEST(Check, sizes_are_whole_steps_and_parts_are_smaller_than_the_whole) {
  EXPECT_EQ(codes(buy(spy, Quantity{}).market()), Codes{434});
  EXPECT_EQ(codes(buy(spy, Quantity::nearest(0.5)).market()), Codes{10243});
  EXPECT_EQ(codes(buy(spy, Quantity::nearest(0.5)).market(), share(), {.fractional_shares = true}), Codes{});
  EXPECT_EQ(codes(buy(spy, shares(100)).limit(price(10)).iceberg(shares(99))), Codes{});
  EXPECT_EQ(codes(buy(spy, shares(100)).limit(price(10)).iceberg(shares(100))), Codes{145});
  EXPECT_EQ(codes(buy(spy, shares(100)).limit(price(10)).at_least(shares(101))), Codes{145});
}

TEST(Check, auction_orders_leave_before_the_engines_own_last_moment) {
  const Timestamp open{1'514'903'400'000'000'000}, close = open + hours(6) + minutes(30);
  const auto at = [&](Timestamp now) { return Surroundings{.now = now, .regular_open = open, .regular_close = close}; };
  const Ticket moc = buy(spy, shares(1)).at_close(), loo = buy(spy, shares(1)).at_open(price(10));
  EXPECT_EQ(codes(moc, share(), at(close - minutes(16))), Codes{});
  EXPECT_EQ(codes(moc, share(), at(close - minutes(16) + nanoseconds(1))), Codes{201});
  EXPECT_EQ(codes(loo, share(), at(open - minutes(4))), Codes{});
  EXPECT_EQ(codes(loo, share(), at(open - minutes(4) + nanoseconds(1))), Codes{201});
  const Instrument instrument = share();
  auto around = at(close - minutes(12));
  around.instrument = &instrument;
  EXPECT_FALSE(change_objection(moc, around));
  around.now = around.now + nanoseconds(1);
  EXPECT_TRUE(change_objection(moc, around));
}

TEST(Check, the_rules_of_exchanges_are_those_of_the_day) {
  EXPECT_EQ(auction_cutoffs("NASDAQ", date_of(2018, 10, 28)).close_entry, minutes(10));
  EXPECT_EQ(auction_cutoffs("NASDAQ", date_of(2018, 10, 29)).close_entry, minutes(5));
  EXPECT_EQ(auction_cutoffs("NYSE", date_of(2026, 11, 23)).close_entry, minutes(10));
}

TEST(Check, cryptocurrencies_are_bought_by_money_at_the_market_or_by_quantity_at_a_limit) {
  EXPECT_EQ(codes(buy(spy, Money::whole(500)).market().immediate_or_cancel(), coin()), Codes{});
  EXPECT_EQ(codes(buy(spy, Money::whole(500)).market(), coin()), Codes{111});
  EXPECT_EQ(codes(buy(spy, shares(1)).market(), coin()), Codes{387});
  EXPECT_EQ(codes(sell(spy, shares(1)).market(), coin()), Codes{});
  EXPECT_EQ(codes(buy(spy, shares(1)).limit(price(50'000)), coin()), Codes{});
  EXPECT_EQ(codes(buy(spy, shares(1)).limit(price(50'000)).all_or_none(), coin()), Codes{387});
  EXPECT_EQ(codes(sell(spy, shares(1)).stop(price(50'000)), coin()), Codes{387});
  EXPECT_EQ(codes(buy(spy, Money::whole(500)).market()), Codes{10244}) << "not for shares";
}

TEST(Check, venues_and_algorithms_have_their_own_rules) {
  EXPECT_EQ(codes(buy(spy, shares(1)).peg_best({.better = price(0, 1)})), Codes{342});
  EXPECT_EQ(codes(buy(spy, shares(1)).peg_best({.better = price(0, 1)}).routed_to("IBKRATS")), Codes{});
  EXPECT_EQ(codes(buy(spy, shares(1)).limit(price(10)).sweep_to_fill().routed_to("NYSE")), Codes{131});
  EXPECT_EQ(codes(buy(spy, shares(1)).relative(price(0, 1)), coin()), (Codes{114, 387}));
  EXPECT_EQ(codes(buy(spy, shares(1)).market().worked_by(Vwap{})), Codes{441});
  EXPECT_EQ(codes(buy(spy, shares(1)).market().worked_by(Vwap{.share = volume_share<1>()})), Codes{});
  EXPECT_EQ(codes(buy(spy, shares(1)).market().worked_by(ArrivalPrice{.share = volume_share<9>()})), Codes{441});
  EXPECT_EQ(codes(buy(spy, shares(1)).market().worked_by(DarkIce{.display = 10})), Codes{442});
  EXPECT_EQ(codes(buy(spy, shares(1)).limit(price(10)).when(PriceCondition{})), Codes{147});
}

TEST(Check, nothing_is_good_till_yesterday) {
  const Timestamp now{1'514'903'400'000'000'000};
  EXPECT_EQ(codes(buy(spy, shares(1)).limit(price(10)).good_till(now), share(), {.now = now}), Codes{334});
  EXPECT_EQ(codes(buy(spy, shares(1)).limit(price(10)).good_till(now + nanoseconds(1)), share(), {.now = now}), Codes{});
  EXPECT_EQ(codes(buy(spy, shares(1)).limit(price(10)).good_after(now + hours(2)).good_till(now + hours(1)), share(), {.now = now}), Codes{337});
}

}  // namespace
}  // namespace robo
