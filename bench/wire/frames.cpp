#include "wire/frames.hpp"

#include <algorithm>
#include <random>
#include <stdexcept>
#include <vector>

#include "edge/ib/wire/encode.hpp"

namespace robo::bench {

using namespace robo::ib::wire;

namespace {

enum Kind : int { Price_, Size_, Last_, BidAsk_, Depth_, Status_, Execution_, Open_ };

struct Draw {
  std::int32_t request{};
  Number price{};
  Number size{};
  std::int64_t time{1'763'900'000};
};

template <class M>
void append(OutBuffer& out, int version, const M& message) {
  if (const auto done = encode_event(out, version, message); !done) throw std::runtime_error(to_text(done.error()));
}

Contract apple() {
  Contract c;
  c.conId = 265598;
  c.symbol = "AAPL";
  c.secType = "STK";
  c.strike = Number{};
  c.right = "?";
  c.exchange = "SMART";
  c.currency = "USD";
  c.localSymbol = "AAPL";
  c.tradingClass = "NMS";
  return c;
}

OpenOrder real_open_order() {
  OpenOrder m;
  m.orderId = 501;
  m.contract = apple();
  Order& o = m.order;
  o.action = "BUY";
  o.totalQuantity = Number::of(100);
  o.orderType = "LMT";
  o.lmtPrice = Number::of(18721, 2);
  o.auxPrice = Number::of(0, 1);
  o.tif = "DAY";
  o.account = "DU1234567";
  o.orderRef = "RT00000000000000c4-0000000000000007";
  o.clientId = 7;
  o.permId = 1'234'567'890;
  o.rule80A = "0";
  o.ocaType = 3;
  o.displaySize = unset_integer;
  o.volatilityType = 0;
  o.deltaNeutralOrderType = "None";
  o.deltaNeutralOpenClose = "?";
  o.referencePriceType = 0;
  o.clearingIntent = "IB";
  o.adjustedOrderType = "None";
  o.dontUseAutoPriceForHedge = true;
  o.usePriceMgmtAlgo = 0;
  constexpr std::string_view unset = "1.7976931348623157E308";
  m.state.status = "Submitted";
  m.state.initMarginBefore = m.state.maintMarginBefore = m.state.equityWithLoanBefore = unset;
  m.state.initMarginChange = m.state.maintMarginChange = m.state.equityWithLoanChange = unset;
  m.state.initMarginAfter = m.state.maintMarginAfter = m.state.equityWithLoanAfter = unset;
  return m;
}

void append_kind(OutBuffer& out, int version, int kind, const Draw& d) {
  switch (kind) {
    case Price_: return append(out, version, TickPrice{.reqId = d.request, .tickType = 1 + static_cast<int>(d.time % 2), .price = d.price, .size = d.size, .attrMask = 1});
    case Size_: return append(out, version, TickSize{.reqId = d.request, .tickType = d.time % 2 == 0 ? 0 : 3, .size = d.size});
    case Last_: return append(out, version, TickByTickLast{.reqId = d.request, .tickType = 2, .time = d.time, .price = d.price, .size = d.size, .mask = 0, .exchange = "ARCA"});
    case BidAsk_: return append(out, version, TickByTickBidAsk{.reqId = d.request, .time = d.time, .bidPrice = d.price, .askPrice = d.price, .bidSize = d.size, .askSize = d.size});
    case Depth_: return append(out, version, UpdateMktDepthL2{.reqId = d.request, .position = static_cast<int>(d.time % 10), .marketMaker = "ARCA", .operation = 1, .side = static_cast<int>(d.time % 2), .price = d.price, .size = d.size, .isSmartDepth = true});
    case Status_: return append(out, version, OrderStatus{.orderId = 501, .status = "Submitted", .filled = Number::of(0), .remaining = d.size, .avgFillPrice = Number::of(0, 1), .permId = 1'234'567'890, .lastFillPrice = Number::of(0, 1), .clientId = 7});
    case Execution_: {
      ExecDetails m;
      m.reqId = -1;
      m.contract = apple();
      m.execution.orderId = 501;
      m.execution.execId = "0000e0d5.69dd7411.01.01";
      m.execution.time = "20260413 15:27:04 US/Eastern";
      m.execution.acctNumber = "DU1234567";
      m.execution.exchange = "ARCA";
      m.execution.side = "BOT";
      m.execution.shares = m.execution.cumQty = d.size;
      m.execution.price = m.execution.avgPrice = d.price;
      m.execution.permId = 1'234'567'890;
      m.execution.clientId = 7;
      m.execution.orderRef = "RT00000000000000c4-0000000000000007";
      m.execution.lastLiquidity = 2;
      return append(out, version, m);
    }
    default: return append(out, version, real_open_order());
  }
}

std::vector<int> proportions() {
  std::vector<int> kinds;
  const auto add = [&](int count, int kind) { kinds.insert(kinds.end(), static_cast<std::size_t>(count), kind); };
  add(28, Price_), add(28, Size_), add(14, Last_), add(14, BidAsk_), add(12, Depth_), add(2, Status_), add(1, Execution_), add(1, Open_);
  return kinds;
}

}  // namespace

std::string fixed_mix(int messages, int version) {
  auto kinds = proportions();
  std::mt19937_64 random(1);
  std::shuffle(kinds.begin(), kinds.end(), random);
  OutBuffer out;
  for (int i = 0; i < messages; ++i) {
    const int at = i % 100;
    append_kind(out, version, kinds[static_cast<std::size_t>(at)],
           {.request = 10'000'000 + at, .price = Number::of(18700 + at, 2), .size = Number::of(100 * (1 + at % 9)), .time = 1'763'900'000 + at});
  }
  return std::string(out.view());
}

std::string random_mix(int messages, std::uint64_t seed, int version) {
  const auto kinds = proportions();
  std::mt19937_64 random(seed);
  OutBuffer out;
  for (int i = 0; i < messages; ++i) {
    const int digits = 1 + static_cast<int>(random() % 5);
    std::int64_t size = 1;
    for (int d = 0; d < digits; ++d) size = size * 10 + static_cast<std::int64_t>(random() % 10);
    const int places = static_cast<int>(random() % 5);
    append_kind(out, version, kinds[random() % kinds.size()],
           {.request = 10'000'000 + static_cast<std::int32_t>(random() % 500),
            .price = Number::of(static_cast<std::int64_t>(random() % 10'000'000) + 1, places),
            .size = random() % 10 == 0 ? Number::of(size, 1) : Number::of(size),
            .time = 1'763'900'000 + static_cast<std::int64_t>(random() % 20'000)});
  }
  return std::string(out.view());
}

std::string open_order(int version) {
  OutBuffer out;
  append(out, version, real_open_order());
  return std::string(out.view());
}

}  // namespace robo::bench
