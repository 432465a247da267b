// Every kind of ticket as our client writes it: "name version field|field|..." per line, for a comparison with what the public
// clients write for the same order (order_bytes_test.py).

#include <algorithm>
#include <cstdio>
#include <string>

#include "edge/ib/order_words.hpp"
#include "edge/ib/wire/encode.hpp"

namespace {

using namespace robo;
namespace wire = robo::ib::wire;

Instrument share(std::uint32_t id, std::int64_t contract, std::string_view symbol) {
  Instrument i;
  i.id = InstrumentId{id};
  i.contract = ContractId{contract};
  i.asset_class = AssetClass::Stock;
  i.symbol = symbol;
  i.exchange = "SMART";
  i.primary_exchange = "NASDAQ";
  i.currency = "USD";
  i.ticks = TickTable::flat(price(0, 1));
  i.size_increment = shares(1);
  return i;
}

struct Named {
  const char* name;
  Ticket ticket;
};

// 2026-12-01 14:30:00 UTC
constexpr Timestamp half_past{1'796'135'400'000'000'000};
constexpr InstrumentId aapl{0}, spy{1}, euro{2}, coin{3}, combo{4};

std::vector<Named> tickets() {
  const auto b = buy(aapl, shares(100));
  const auto s = sell(aapl, shares(100));
  return {
      {"MKT", b.market()},
      {"LMT", b.limit(price(150, 25))},
      {"STP", s.stop(price(140))},
      {"STP_LMT", s.stop_limit(price(140), price(139, 50))},
      {"TRAIL", s.trail(price(1, 50), price(140))},
      {"TRAIL_PERCENT", s.trail(percent(2), price(140, 50))},
      {"TRAIL_LIMIT", s.trail_limit(price(0, 50), price(140, 50), price(0, 10))},
      {"MIT", b.market_if_touched(price(145))},
      {"LIT", b.limit_if_touched(price(145), price(145, 10))},
      {"MTL", b.market_to_limit()},
      {"MOC", s.at_close()},
      {"LOC", s.at_close(price(151))},
      {"MOO", b.at_open()},
      {"LOO", b.at_open(price(149))},
      {"REL", b.relative(price(0, 1), price(151))},
      {"PEG_MID", b.peg_mid(price(0, 1), price(151))},
      {"PEG_MID_IBKRATS", b.peg_mid(price(0, 1), price(151)).routed_to("IBKRATS")},
      {"PEG_BEST", b.peg_best({.better = price(0, 2), .cap = price(151), .competing = 200, .least_trade = 50}).routed_to("IBKRATS")},
      {"ICEBERG", b.limit(price(150)).iceberg(shares(20))},
      {"HIDDEN", b.limit(price(150)).hidden()},
      {"DISCRETIONARY", b.limit(price(150)).discretion(price(0, 5))},
      {"ALL_OR_NONE", b.limit(price(150)).all_or_none()},
      {"MINIMUM", b.limit(price(150)).at_least(shares(40))},
      {"SWEEP", b.limit(price(150)).sweep_to_fill()},
      {"GTC", b.limit(price(150)).good_till_cancelled()},
      {"GTD", b.limit(price(150)).good_till(half_past)},
      {"GAT", b.limit(price(150)).good_after(half_past)},
      {"IOC", b.limit(price(150)).immediate_or_cancel()},
      {"FOK", b.limit(price(150)).fill_or_kill()},
      {"DTC", b.limit(price(150)).day_till_cancelled()},
      {"OUTSIDE", b.limit(price(150)).outside_hours()},
      {"TRIGGER_METHOD", s.stop(price(140)).triggered_by(TriggerMethod::MidPoint)},
      {"OCA_1", b.limit(price(150)).one_cancels_all("G1", OcaType::CancelWithBlock)},
      {"OCA_2", b.limit(price(150)).one_cancels_all("G1", OcaType::ReduceWithBlock)},
      {"OCA_3", b.limit(price(150)).one_cancels_all("G1", OcaType::ReduceWithoutBlock)},
      {"IF_PRICE", b.limit(price(150)).when(PriceCondition{spy, Beyond::AtLeast, TriggerMethod::Last, price(450, 50)})},
      {"IF_ALL_SIX", b.limit(price(150))
                         .when(PriceCondition{spy, Beyond::AtLeast, TriggerMethod::Last, price(450, 50)})
                         .and_when(TimeCondition{Beyond::AtLeast, half_past})
                         .or_when(MarginCondition{Beyond::AtMost, 30})
                         .and_when(ExecutionCondition{spy})
                         .and_when(VolumeCondition{aapl, Beyond::AtLeast, 1'000'000})
                         .and_when(ChangeCondition{aapl, Beyond::AtLeast, BasisPoints{150}})},
      {"CANCEL_IF", b.limit(price(150)).cancel_when(TimeCondition{Beyond::AtLeast, half_past})},
      {"ADJUST_STP", s.stop(price(140)).adjusted(AdjustToStop{price(155), price(150)})},
      {"ADJUST_STP_LMT", s.stop(price(140)).adjusted(AdjustToStopLimit{price(155), price(150), price(149)})},
      {"ADJUST_TRAIL", s.stop(price(140)).adjusted(AdjustToTrail{price(155), price(150), price(2)})},
      {"ADJUST_TRAIL_PERCENT", s.stop(price(140)).adjusted(AdjustToTrailPercent{price(155), price(150), percent(3)})},
      {"ADAPTIVE", b.limit(price(150)).worked_by(Adaptive{AdaptivePriority::Patient})},
      {"TWAP", b.limit(price(150)).worked_by(Twap{TwapStyle::Marketable, {half_past, half_past + hours(1), true}})},
      {"VWAP", b.market().worked_by(Vwap{volume_share<10>(), {half_past, half_past + hours(1), false}, true, false})},
      {"ARRIVAL", b.market().worked_by(ArrivalPrice{volume_share<20>(), RiskAversion::Aggressive, {half_past, half_past + hours(1), true}, true})},
      {"PCTVOL", b.limit(price(150)).worked_by(PercentOfVolume{volume_share<25>(), {half_past, half_past + hours(1), false}, true})},
      {"DARKICE", b.limit(price(150)).worked_by(DarkIce{10, {half_past, half_past + hours(1), true}})},
      {"CLOSE", b.limit(price(150)).worked_by(ClosePrice{volume_share<40>(), RiskAversion::Passive, half_past, true})},
      {"AD", b.limit(price(150)).worked_by(AccumulateDistribute{10, 60, true, false, 1, true, true, {half_past, half_past + hours(1), false}})},
      {"CASH_FX", buy(euro, Money::whole(10'000)).market()},
      {"CASH_CRYPTO", buy(coin, Money::whole(500)).market().immediate_or_cancel()},
      {"FRACTIONAL", buy(aapl, Quantity::from_raw(Quantity::scale / 2)).market()},
      {"COMBO_LEG_PRICES", buy(combo, shares(1)).limit(price(1, 50)).leg_prices({price(150, 50), price(149)})},
  };
}

}  // namespace

int main() {
  ib::InstrumentTable table;
  table.put(share(0, 265598, "AAPL"));
  table.put(share(1, 756733, "SPY"));
  Instrument euro_dollar = share(2, 12087792, "EUR");
  euro_dollar.asset_class = AssetClass::Forex, euro_dollar.exchange = "IDEALPRO", euro_dollar.primary_exchange = {};
  table.put(euro_dollar);
  Instrument bitcoin = share(3, 479624278, "BTC");
  bitcoin.asset_class = AssetClass::Crypto, bitcoin.exchange = "PAXOS", bitcoin.primary_exchange = {};
  table.put(bitcoin);
  Instrument pair = share(4, 0, "AAPL,SPY");
  pair.asset_class = AssetClass::Combo, pair.primary_exchange = {};
  pair.legs[0] = {ContractId{265598}, 1}, pair.legs[1] = {ContractId{756733}, -1}, pair.leg_count = 2;
  table.put(pair);
  for (const int version : {151, 176}) {
    for (const auto& [name, ticket] : tickets()) {
      wire::PlaceOrder request;
      request.orderId = 501;
      request.contract = ib::contract_of(*table.find(ticket.terms().instrument));
      ib::OrderTexts texts;
      const auto written = ib::write_ticket(ticket.terms(), table, request.order, texts);
      if (!written) return std::fprintf(stderr, "%s: %s\n", name, written.error().text.c_str()), 1;
      if (!ticket.terms().exchange.empty()) request.contract.exchange = ticket.terms().exchange.view();
      wire::OutBuffer out;
      (void)wire::encode_request(out, version, request);  // writes nothing where the version cannot say it
      std::string text = out.size() > 4 ? std::string(out.view().substr(4)) : std::string("(not sayable at this version)");
      std::replace(text.begin(), text.end(), '\0', '|');
      std::printf("%s\t%d\t%s\n", name, version, text.c_str());
    }
  }
}
