// Writes docs/orders.md: what cannot go stale by hand comes from the code (which words go together, IB's words for them, codes,
// last moments of auctions); the sentences say what the simulator does and stand beside the type they speak of.

#include "orders/orders_page.hpp"

#include <array>

#include <fmt/format.h>

#include "edge/ib/order_words.hpp"
#include "model/order_check.hpp"

namespace robo::orders {

namespace {

constexpr InstrumentId it{0};

Instrument share() {
  Instrument i;
  i.id = it;
  i.contract = ContractId{756733};
  i.asset_class = AssetClass::Stock;
  i.symbol = "SPY", i.exchange = "SMART", i.currency = "USD";
  i.ticks = TickTable::flat(price(0, 1));
  i.size_increment = shares(1);
  return i;
}

struct Row {
  Ticket ticket;
  const char* word;
  const char* rule;
};

const auto b = buy(it, shares(100));
const auto s = sell(it, shares(100));

std::array<Row, EnumNames<OrderType>::names.size()> types() {
  return {{
      {b.market(), "market()", "takes what is shown, level by level; the rest waits for the next quote"},
      {b.limit(price(10)), "limit(price)", "takes what crosses, then rests: only prints at or through its price fill it, behind the queue it found"},
      {s.stop(price(9)), "stop(trigger)", "the last price elects it (currencies: the quote); it fills at the market it meets"},
      {s.stop_limit(price(9), price(9)), "stop_limit(trigger, limit)", "elected like a stop, then a limit"},
      {s.trail(price(1), price(9)), "trail(distance, first_stop)", "the stop follows the best price since it came, never back"},
      {s.trail(percent(2), price(9)), "trail(percent(2), first_stop)", "the distance is a share of the price, the stop rounded away from the market"},
      {s.trail_limit(price(1), price(9), price(0, 10)), "trail_limit(distance, first_stop, offset)", "the limit stays `offset` beyond the trailing stop and stands still once elected"},
      {b.market_if_touched(price(9)), "market_if_touched(trigger)", "a stop from the other side: a buy waits for a fall"},
      {b.limit_if_touched(price(9), price(9)), "limit_if_touched(trigger, limit)", "touched, then a limit"},
      {b.market_to_limit(), "market_to_limit()", "what the first moment does not fill rests at the price of the last fill"},
      {b.at_close(), "at_close()", "fills whole at the closing print, whatever else trades"},
      {b.at_close(price(10)), "at_close(limit)", "fills at the closing print when that is better than the limit, else it is cancelled (at the very limit others come first)"},
      {b.at_open(), "at_open()", "fills whole at the opening print, or the first price of the session where the data has no print"},
      {b.at_open(price(10)), "at_open(limit)", "fills at the opening price when that is better than the limit, else it is cancelled"},
      {b.relative(price(0, 1), price(10)), "relative(offset, cap)", "priced anew at every quote: best of its side and `offset` more, one step short of the other side, never past the cap"},
      {b.peg_mid(price(0, 1), price(10)), "peg_mid(offset, cap)", "unseen at the midpoint less the offset; behind everything shown at that price"},
      {b.peg_best({.better = price(0, 1), .cap = price(10), .competing = 200, .least_trade = 50}).routed_to("IBKRATS"), "peg_best({...})",
       "better than the best of its side by the offset, up to the midpoint, while at least `competing` units stand there; no fill below `least_trade`"},
  }};
}

struct Word {
  Mark mark;
  const char* word;
  const char* field;
  const char* rule;
};
constexpr std::array<Word, 18> words{{
    {Mark::GoodTillCancelled, "good_till_cancelled()", "tif GTC", "lives over the night"},
    {Mark::GoodTillDate, "good_till(time)", "tif GTD, goodTillDate", "ends at that moment, also in a silent market"},
    {Mark::ImmediateOrCancel, "immediate_or_cancel()", "tif IOC", "what is not filled at once is cancelled"},
    {Mark::FillOrKill, "fill_or_kill()", "tif FOK", "whole and at once, or not at all: a recorded TWS then says Inactive, which the client reads as cancelled"},
    {Mark::DayTillCancelled, "day_till_cancelled()", "tif DTC", "at the end of the day it becomes Inactive instead of Cancelled"},
    {Mark::GoodAfter, "good_after(time)", "goodAfterTime", "waits, PreSubmitted, until that moment"},
    {Mark::OutsideHours, "outside_hours()", "outsideRth", "limits and elected stop-limits also trade before and after the regular hours"},
    {Mark::Iceberg, "iceberg(shown)", "displaySize", "shows one slice; each new slice goes to the back of the queue"},
    {Mark::Hidden, "hidden()", "hidden", "stands behind everything shown at its price, whenever that came"},
    {Mark::Discretionary, "discretion(amount)", "discretionaryAmt", "rests at its limit, takes what is offered up to the amount beyond"},
    {Mark::AllOrNone, "all_or_none()", "allOrNone", "waits for one fill that is the whole"},
    {Mark::MinimumQuantity, "at_least(size)", "minQty", "bounds the first fill"},
    {Mark::SweepToFill, "sweep_to_fill()", "sweepToFill", "every level within the limit at once"},
    {Mark::CashQuantity, "buy(instrument, money)", "cashQty, totalQuantity 0", "spends the money level by level and no more"},
    {Mark::Conditional, "when(...), cancel_when(...)", "conditions", "see Conditions"},
    {Mark::Adjusting, "adjusted(...)", "adjustedOrderType, triggerPrice, ...", "once the price reaches the adjustment's trigger it becomes the other stop"},
    {Mark::Algorithm, "worked_by(...)", "algoStrategy, algoParams", "see Algorithms"},
    {Mark::LegPrices, "leg_prices({...})", "orderComboLegs", "limits of a combination's legs: no leg fills at a worse price than its own, whatever the net; see Combinations"},
}};

std::string spoken(std::string_view name) {
  std::string text(name);
  for (char& c : text)
    if (c == '_') c = ' ';
  return text;
}

std::string ib_words(const Ticket& ticket, const ib::InstrumentTable& table) {
  ib::wire::Order order;
  ib::OrderTexts texts;
  if (!ib::write_ticket(ticket.terms(), table, order, texts)) return "?";
  std::string out(order.orderType);
  if (order.tif != "DAY") out += fmt::format(", tif {}", order.tif);
  const auto field = [&](const ib::wire::Number& number, std::string_view name) {
    if (number.is_set() && number.digits() != 0) out += fmt::format(", {}", name);
  };
  field(order.lmtPrice, "lmtPrice"), field(order.auxPrice, "auxPrice"), field(order.trailingPercent, "trailingPercent");
  field(order.trailStopPrice, "trailStopPrice"), field(order.lmtPriceOffset, "lmtPriceOffset"), field(order.competeAgainstBestOffset, "competeAgainstBestOffset");
  return out;
}

std::string minutes_text(Duration d) { return d.ns == 0 ? "until it opens" : fmt::format("{} min before", d.ns / minutes(1).ns); }

}  // namespace

std::string orders_page() {
  ib::InstrumentTable table;
  table.put(share());
  std::string page = R"(<!-- Written by tests/orders/orders_page.cpp; ROBO_REGENERATE=1 ctest -R OrdersPage writes it anew. -->
# Orders

Every order type and attribute of IB that can be written as a ticket (`src/model/order_ticket.hpp`), the words it has on IB's wire, and what the
gateway simulator and the back-test exchange do with it.

```cpp
buy(spy, shares(500)).limit(price(412, 30)).good_till_cancelled().iceberg(shares(100));
sell(spy, shares(500)).at_close();                       // .iceberg(...) here does not compile
buy(spy, shares(500)).limit(price(412)).when(PriceCondition{...}).worked_by(Adaptive{});
```

What does not go together cannot be written: a word the law (`src/model/order_law.hpp`) forbids has no member function. What comes in as data is
judged by the same table and refused with IB's code. Before a ticket leaves, `objections()` (`src/model/order_check.hpp`) looks at the prices (step of the
band), sizes, venue, last moments and bounds; nothing that fails reaches the wire.

Proofs: our bytes beside those of `ib_async` and `ibapi` for the same order (`ctest -R clients_order_bytes`), each rule at the exchange from both sides of
its edge (`ctest -R 'Auction|Conditional|Algorithm|Pegged|...'`), and every row below from a ticket over a socket to its end (`ctest -R OrdersOverTheWire`).

## Types

| type | say | at IB | in the simulator | may also say |
|---|---|---|---|---|
)";
  const auto rows = types();
  for (const auto& row : rows) {
    std::string may;
    for (const auto& word : words)
      if (sayable(row.ticket.type(), bit(word.mark))) may += (may.empty() ? "" : ", ") + spoken(to_text(word.mark));
    page += fmt::format("| {} | `{}` | {} | {} | {} |\n", spoken(to_text(row.ticket.type())), row.word, ib_words(row.ticket, table), row.rule, may.empty() ? "nothing" : may);
  }
  page += "\n## Attributes and lifetimes\n\nA ticket lives for the day unless it says otherwise.\n\n| attribute | say | at IB | in the simulator | not together with |\n|---|---|---|---|---|\n";
  for (const auto& word : words) {
    std::string against;
    for (const auto& other : words) {
      if (other.mark == word.mark) continue;
      // A clash of attributes, not of a type that may have neither.
      bool both_alone = false, together = false;
      std::int32_t code = 0;
      for (const auto& row : rows) {
        const auto type = row.ticket.type();
        if (!sayable(type, bit(word.mark)) || !sayable(type, bit(other.mark))) continue;
        both_alone = true;
        const auto judged = judge(type, bit(word.mark) | bit(other.mark));
        if (judged.code == 0) together = true;
        else code = judged.code;
      }
      if (both_alone && !together) against += fmt::format("{}{} ({})", against.empty() ? "" : ", ", spoken(to_text(other.mark)), code);
    }
    page += fmt::format("| {} | `{}` | {} | {} | {} |\n", spoken(to_text(word.mark)), word.word, word.field, word.rule, against);
  }
  page += R"(
Also: `triggered_by(method)` (triggerMethod: last, double last, bid/ask, double bid/ask, last or bid/ask, midpoint), `one_cancels_all(group, type)` and
`routed_to(exchange)`. A double method wants two sightings in a row. Brackets: children name their parent and sleep until it is filled whole; the last of the
family transmits all; a child may be any stop, also an adjusting one.

One cancels all: type 1 cancels the others at the first part of a fill, 2 and 3 reduce them in proportion. With block (1, 2) two orders of a group never
fill in one moment; without (3) they can, and the overfill is yours.

## Conditions

`when(a)` then `and_when(b)`, `or_when(c)`, read from left to right; `cancel_when` works at once and is cancelled instead. While it waits an order is
PreSubmitted; a day order whose condition never came ends with the day.

| condition | at IB | in the simulator |
|---|---|---|
| `PriceCondition` | type 1 | the price its trigger method looks at, at or beyond the level |
| `TimeCondition` | type 3 | the simulated clock, also in a silent market |
| `MarginCondition` | type 4 | excess liquidity as a share of net liquidation, in percent |
| `ExecutionCondition` | type 5 | any fill of ours in that instrument after the order came |
| `VolumeCondition` | type 6 | shares printed since the session opened |
| `ChangeCondition` | type 7 | last price against the close of the session before |

## Algorithms

IB's own are secret. The simulator keeps their bounds and the shape their descriptions promise; results of live trading will differ.

| algorithm | algoStrategy | in the simulator |
|---|---|---|
| `Adaptive` | Adaptive | waits at its own side, then at the midpoint, then takes: a third each of 2 s (urgent), 10 s (normal), 30 s (patient) |
| `Twap` | Twap | even over its window; the style says whether it takes or stands at the midpoint, its own side or the last price |
| `Vwap` | Vwap | along a day's U-shaped volume curve, never more than its share of what has printed; `no_take` stands at its own side |
| `ArrivalPrice` | ArrivalPx | sooner the more urgent: 1 - (1 - t)^k with k = 8, 4, 2, 1; within its share of volume |
| `PercentOfVolume` | PctVol | its share of what has printed |
| `DarkIce` | DarkIce | an iceberg whose slices vary by half |
| `ClosePrice` | ClosePx | later the less urgent: t^(1 + 2/k); `force_completion` takes the rest in the last minute |
| `AccumulateDistribute` | AD | one part every so many seconds, time varied by 20 % and size by 55 % where asked |

Without an end an algorithm works until the close; at a given end what is left is cancelled unless it may go on. The share of volume is 1 to 50 %
(ArrivalPx and ClosePx from 10 %); Adaptive works for the day only; DarkIce and AD work limits only.

## Combinations

An instrument of the class `combo` names two to four legs by contract and ratio (negative: sold by who buys the whole); its orders are market or limit orders,
with any lifetime, `good_after`, `outside_hours`, conditions, one-cancels-all and leg prices; everything else is refused with 387. The limit is the net price, and
may be zero or below. The simulator makes the spread of what its legs show: all legs or nothing, every leg at the price of the level that completes it, never
against a print; what was taken of a leg stays gone until it is shown anew. It is quoted the same way (market data of a BAG), trades while all its legs do, and
is never a position. Told as by IB: one execution of the whole (BAG) with the net price, one per leg with its own id, commission and position; the order's filled
quantity counts wholes. Margin and commission are the sums of the legs' (no relief for a spread). Wrong legs are refused with 312, 313 or 314, contract details of
a BAG with 321. The proof: `ctest -R CombosOverTheWire`.

## Auctions

| | last entry for the close | last change | last entry for the open |
|---|---|---|---|
)";
  page += fmt::format("| the engine's own last moment | {} | {} | {} |\n", minutes_text(engine_cutoffs.close_entry), minutes_text(engine_cutoffs.close_change), minutes_text(engine_cutoffs.open_entry));
  for (const auto& [exchange, day, label] : {std::tuple{"NYSE", date_of(2026, 1, 2), "NYSE, AMEX, ARCA"}, {"NASDAQ", date_of(2018, 10, 28), "Nasdaq until 2018-10-28"}, {"NASDAQ", date_of(2018, 10, 29), "Nasdaq since 2018-10-29"}}) {
    const auto rule = auction_cutoffs(exchange, day);
    page += fmt::format("| {} | {} | {} | {} |\n", label, minutes_text(rule.close_entry), minutes_text(rule.close_change), minutes_text(rule.open_entry));
  }
  page += R"(
Counted from the regular close and open of the day, so half days move by themselves. Sources: NYSE's auction fact sheet, IB's MOC page, the SEC's approval of
Nasdaq's 15:55 (October 2018; the exact first day is not verified). Arca's own freeze may be later than IB's page says. IB's paper account does not simulate
auctions; the simulator does. The price is the print flagged as the auction's; where the data has none, the last price stands for the closing print after ten
minutes (bars: at once). Our size does not move the price.

## Shares, fractions, money, coins

Shares are whole at IB's API (10243) unless the account may trade fractions, which is a switch of the simulator and off. An amount of money is for currencies
and cryptocurrencies. Cryptocurrencies: buys are limits by quantity, or market orders by money (IOC); sales are limits or market orders by quantity; nothing else
(387).

## What is different from IB, as far as known

- A combination has no book of its own: IB's native spreads may be better than the sum of their legs, and non-guaranteed ones may fill a leg alone; neither happens here.
- A sweep is an ordinary marketable order here, because every order takes all levels at once.
- `PEG BENCH`, `VOL`, `SNAP`, `BOX TOP`, scale orders and hedging attachments have no ticket; the simulator refuses them with 387.
- A modified ticket keeps its identity and loses its place in the queue.
- IB does not publish how long an Adaptive order waits, nor its volume forecasts.
)";
  return page;
}

}  // namespace robo::orders
