#include "golden/ib/named_calls.hpp"

namespace robo::ib::wire {

namespace {

template <class Request>
Call call(Request request) {
  return [request = std::move(request)](OutBuffer& out, int version) { return encode_request(out, version, request); };
}

Contract aapl() {
  Contract c;
  c.conId = 265598;
  c.symbol = "AAPL";
  c.secType = "STK";
  c.exchange = "SMART";
  c.primaryExchange = "NASDAQ";
  c.currency = "USD";
  c.localSymbol = "AAPL";
  c.tradingClass = "NMS";
  return c;
}

Contract aapl_call_200() {
  Contract c;
  c.symbol = "AAPL";
  c.secType = "OPT";
  c.lastTradeDateOrContractMonth = "20261218";
  c.strike = Number::from(price(200));
  c.right = "C";
  c.multiplier = "100";
  c.exchange = "SMART";
  c.currency = "USD";
  return c;
}

Contract aapl_against_msft(int exempt_code) {
  Contract c;
  c.symbol = "AAPL,MSFT";
  c.secType = "BAG";
  c.exchange = "SMART";
  c.currency = "USD";
  c.comboLegs = {{.conId = 265598, .ratio = 1, .action = "BUY", .exchange = "SMART", .exemptCode = exempt_code},
                 {.conId = 272093, .ratio = 1, .action = "SELL", .exchange = "SMART", .exemptCode = exempt_code}};
  return c;
}

Order order(std::string_view action, Quantity quantity, std::string_view type, std::string_view tif = "DAY") {
  Order o;
  o.action = action;
  o.totalQuantity = Number::from(quantity);
  o.orderType = type;
  o.tif = tif;
  return o;
}

Order limit(Price at) {
  Order o = order("BUY", shares(100), "LMT");
  o.lmtPrice = Number::from(at);
  return o;
}

Call place(std::int32_t id, const Contract& contract, const Order& order) {
  PlaceOrder request;
  request.orderId = id;
  request.contract = contract;
  request.order = order;
  return call(request);
}

void add_orders(std::map<std::string, Call, std::less<>>& calls) {
  Order o = limit(price(150, 25));
  o.account = "DU1234567";
  o.orderRef = "r1";
  calls["placeOrder_LMT"] = place(501, aapl(), o);

  o = order("BUY", shares(100), "MKT");
  o.whatIf = true;
  calls["placeOrder_MKT_whatIf"] = place(502, aapl(), o);

  o = order("SELL", shares(100), "STP", "GTC");
  o.auxPrice = Number::from(price(140));
  o.parentId = 501;
  o.transmit = false;
  calls["placeOrder_STP_child"] = place(503, aapl(), o);

  o = order("SELL", shares(100), "TRAIL");
  o.trailStopPrice = Number::from(price(140, 50));
  o.trailingPercent = Number::from(price(2));
  calls["placeOrder_TRAIL_pct"] = place(504, aapl(), o);

  o = order("SELL", shares(100), "TRAIL LIMIT");
  o.auxPrice = Number::from(price(0, 50));
  o.trailStopPrice = Number::from(price(140, 50));
  o.lmtPriceOffset = Number::from(price(0, 10));
  calls["placeOrder_TRAIL_LIMIT"] = place(505, aapl(), o);

  o = limit(price(100));
  o.ocaGroup = "G1";
  o.ocaType = 1;
  calls["placeOrder_OCA"] = place(506, aapl(), o);

  o = limit(price(150));
  o.algoStrategy = "Adaptive";
  o.algoParams = {{.tag = "adaptivePriority", .value = "Normal"}};
  calls["placeOrder_ADAPTIVE"] = place(507, aapl(), o);

  o = limit(price(150));
  o.conditions = {
      {.type = Condition::Price, .conjunction = "a", .isMore = true, .price = Number::from(price(450, 50)), .conId = 756733,
       .exchange = "SMART", .triggerMethod = 2},
      {.type = Condition::Time, .conjunction = "o", .isMore = true, .time = "20261201-14:30:00"},
      {.type = Condition::Margin, .conjunction = "a", .isMore = false, .percent = 30},
      {.type = Condition::Execution, .conjunction = "a", .exchange = "SMART", .secType = "STK", .symbol = "MSFT"},
      {.type = Condition::Volume, .conjunction = "a", .isMore = true, .conId = 265598, .exchange = "SMART", .volume = 1000000},
      {.type = Condition::PercentChange, .conjunction = "a", .isMore = true, .conId = 265598, .exchange = "SMART",
       .changePercent = Number::from(price(1, 50))}};
  o.conditionsIgnoreRth = true;
  calls["placeOrder_CONDITIONS"] = place(508, aapl(), o);

  o = limit(price(1, 50));
  o.smartComboRoutingParams = {{.tag = "NonGuaranteed", .value = "1"}};
  calls["placeOrder_BAG"] = place(509, aapl_against_msft(-1), o);

  Contract euro;
  euro.symbol = "EUR";
  euro.secType = "CASH";
  euro.exchange = "IDEALPRO";
  euro.currency = "USD";
  o = order("BUY", shares(0), "MKT");
  o.cashQty = Number::from(price(10000));
  calls["placeOrder_CASHQTY_FX"] = place(510, euro, o);

  Contract dark = aapl();
  dark.exchange = "IBKRATS";
  dark.primaryExchange = dark.localSymbol = dark.tradingClass = "";
  o = order("BUY", shares(100), "PEG BEST");
  o.lmtPrice = Number::from(price(150));
  o.notHeld = true;
  o.minTradeQty = 10;
  o.minCompeteSize = 5;
  o.competeAgainstBestOffset = Number::from(price(0, 1));
  calls["placeOrder_PEG_BEST_IBKRATS"] = place(511, dark, o);

  calls["placeOrder_FRACTIONAL"] = place(512, aapl(), order("BUY", Quantity::from_raw(Quantity::scale / 2), "MKT"));

  CancelOrder cancel;
  cancel.orderId = 501;
  calls["cancelOrder"] = call(cancel);
  calls["reqGlobalCancel"] = call(ReqGlobalCancel{});
}

void add_market_data(std::map<std::string, Call, std::less<>>& calls) {
  ReqMktData stock;
  stock.reqId = 1001;
  stock.contract = aapl();
  stock.genericTickList = "233,236,293";
  calls["reqMktData_STK"] = call(stock);
  ReqMktData option;
  option.reqId = 1002;
  option.contract = aapl_call_200();
  option.snapshot = true;
  calls["reqMktData_OPT_snapshot"] = call(option);
  ReqMktData combo;
  combo.reqId = 1003;
  combo.contract = aapl_against_msft(0);
  calls["reqMktData_BAG"] = call(combo);
  calls["cancelMktData"] = call(CancelMktData{.reqId = 1001});
  calls["reqMarketDataType"] = call(ReqMarketDataType{.marketDataType = 3});
  ReqMktDepth depth;
  depth.reqId = 1004;
  depth.contract = aapl();
  depth.numRows = 10;
  depth.isSmartDepth = true;
  calls["reqMktDepth_smart"] = call(depth);
  calls["cancelMktDepth"] = call(CancelMktDepth{.reqId = 1004, .isSmartDepth = true});
  calls["reqMktDepthExchanges"] = call(ReqMktDepthExchanges{});
  ReqTickByTickData ticks;
  ticks.reqId = 1005;
  ticks.contract = aapl();
  ticks.tickType = "AllLast";
  calls["reqTickByTickData_AllLast"] = call(ticks);
  calls["cancelTickByTickData"] = call(CancelTickByTickData{.reqId = 1005});
  ReqRealTimeBars bars;
  bars.reqId = 1006;
  bars.contract = aapl();
  bars.barSize = 5;
  bars.whatToShow = "TRADES";
  bars.useRTH = true;
  calls["reqRealTimeBars"] = call(bars);
  calls["cancelRealTimeBars"] = call(CancelRealTimeBars{.reqId = 1006});
  calls["reqSmartComponents"] = call(ReqSmartComponents{.reqId = 1015, .bboExchange = "9c0001"});
  CalculateImpliedVolatility implied;
  implied.reqId = 1026;
  implied.contract = aapl_call_200();
  implied.optionPrice = Number::from(price(5, 50));
  implied.underPrice = Number::from(price(198));
  calls["calculateImpliedVolatility"] = call(implied);
  CalculateOptionPrice value;
  value.reqId = 1027;
  value.contract = aapl_call_200();
  value.volatility = Number::from(price(0, 25));
  value.underPrice = Number::from(price(198));
  calls["calculateOptionPrice"] = call(value);
}

void add_history(std::map<std::string, Call, std::less<>>& calls) {
  ReqHistoricalData history;
  history.reqId = 1007;
  history.contract = aapl();
  history.endDateTime = "20261120-21:00:00";
  history.barSize = "5 mins";
  history.duration = "1 D";
  history.useRTH = true;
  history.whatToShow = "TRADES";
  history.formatDate = 1;
  calls["reqHistoricalData"] = call(history);
  history.reqId = 1008;
  history.endDateTime = "";
  history.barSize = "1 min";
  history.useRTH = false;
  history.formatDate = 2;
  history.keepUpToDate = true;
  calls["reqHistoricalData_keepUpToDate"] = call(history);
  calls["cancelHistoricalData"] = call(CancelHistoricalData{.reqId = 1008});
  ReqHeadTimeStamp head;
  head.reqId = 1009;
  head.contract = aapl();
  head.useRTH = true;
  head.whatToShow = "TRADES";
  head.formatDate = 1;
  calls["reqHeadTimeStamp"] = call(head);
  calls["cancelHeadTimeStamp"] = call(CancelHeadTimeStamp{.reqId = 1009});
  ReqHistogramData histogram;
  histogram.reqId = 1010;
  histogram.contract = aapl();
  histogram.useRTH = true;
  histogram.timePeriod = "3 days";
  calls["reqHistogramData"] = call(histogram);
  ReqHistoricalTicks ticks;
  ticks.reqId = 1011;
  ticks.contract = aapl();
  ticks.startDateTime = "20261120-15:00:00";
  ticks.numberOfTicks = 1000;
  ticks.whatToShow = "BID_ASK";
  ticks.useRTH = true;
  ticks.ignoreSize = true;
  calls["reqHistoricalTicks"] = call(ticks);
}

void add_contracts_and_account(std::map<std::string, Call, std::less<>>& calls) {
  ReqContractDetails details;
  details.reqId = 1012;
  details.contract = aapl();
  calls["reqContractDetails"] = call(details);
  calls["reqMatchingSymbols"] = call(ReqMatchingSymbols{.reqId = 1013, .pattern = "AAP"});
  calls["reqSecDefOptParams"] =
      call(ReqSecDefOptParams{.reqId = 1014, .underlyingSymbol = "AAPL", .underlyingSecType = "STK", .underlyingConId = 265598});
  calls["reqMarketRule"] = call(ReqMarketRule{.marketRuleId = 26});
  calls["reqAccountUpdates_on"] = call(ReqAccountUpdates{.subscribe = true, .acctCode = "DU1234567"});
  calls["reqAccountUpdates_off"] = call(ReqAccountUpdates{.subscribe = false, .acctCode = "DU1234567"});
  calls["reqAccountSummary"] =
      call(ReqAccountSummary{.reqId = 1016, .group = "All", .tags = "NetLiquidation,BuyingPower"});
  calls["cancelAccountSummary"] = call(CancelAccountSummary{.reqId = 1016});
  calls["reqPositions"] = call(ReqPositions{});
  calls["cancelPositions"] = call(CancelPositions{});
  calls["reqPositionsMulti"] = call(ReqPositionsMulti{.reqId = 1017, .account = "DU1234567"});
  calls["cancelPositionsMulti"] = call(CancelPositionsMulti{.reqId = 1017});
  calls["reqAccountUpdatesMulti"] =
      call(ReqAccountUpdatesMulti{.reqId = 1018, .account = "DU1234567", .ledgerAndNLV = true});
  calls["cancelAccountUpdatesMulti"] = call(CancelAccountUpdatesMulti{.reqId = 1018});
  calls["reqPnL"] = call(ReqPnL{.reqId = 1019, .account = "DU1234567"});
  calls["cancelPnL"] = call(CancelPnL{.reqId = 1019});
  calls["reqPnLSingle"] = call(ReqPnLSingle{.reqId = 1020, .account = "DU1234567", .conId = 265598});
  calls["cancelPnLSingle"] = call(CancelPnLSingle{.reqId = 1020});
  ReqExecutions executions;
  executions.reqId = 1021;
  calls["reqExecutions"] = call(executions);
  executions.reqId = 1022;
  executions.clientId = 7;
  executions.acctCode = "DU1234567";
  executions.time = "20261120-09:30:00";
  executions.symbol = "AAPL";
  executions.secType = "STK";
  executions.exchange = "SMART";
  executions.side = "BUY";
  calls["reqExecutions_filtered"] = call(executions);
  calls["reqOpenOrders"] = call(ReqOpenOrders{});
  calls["reqAutoOpenOrders"] = call(ReqAutoOpenOrders{.autoBind = true});
  calls["reqAllOpenOrders"] = call(ReqAllOpenOrders{});
  calls["reqCompletedOrders"] = call(ReqCompletedOrders{.apiOnly = true});
  calls["reqFamilyCodes"] = call(ReqFamilyCodes{});
  calls["reqSoftDollarTiers"] = call(ReqSoftDollarTiers{.reqId = 1028});
  calls["reqUserInfo"] = call(ReqUserInfo{.reqId = 1029});
}

void add_session_news_scanner(std::map<std::string, Call, std::less<>>& calls) {
  calls["startApi"] = call(StartApi{.clientId = 7});
  calls["reqIds"] = call(ReqIds{.numIds = -1});
  calls["reqCurrentTime"] = call(ReqCurrentTime{});
  calls["reqCurrentTimeInMillis"] = call(ReqCurrentTimeInMillis{});
  calls["setServerLogLevel"] = call(SetServerLogLevel{.logLevel = 5});
  calls["reqManagedAccts"] = call(ReqManagedAccts{});
  calls["reqNewsProviders"] = call(ReqNewsProviders{});
  calls["reqNewsArticle"] = call(ReqNewsArticle{.reqId = 1023, .providerCode = "BRFG", .articleId = "BRFG$1234"});
  calls["reqHistoricalNews"] =
      call(ReqHistoricalNews{.reqId = 1024, .conId = 265598, .providerCodes = "BRFG+DJNL", .totalResults = 10});
  calls["reqNewsBulletins"] = call(ReqNewsBulletins{.allMsgs = true});
  calls["cancelNewsBulletins"] = call(CancelNewsBulletins{});
  calls["reqScannerParameters"] = call(ReqScannerParameters{});
  ReqScannerSubscription scan;
  scan.reqId = 1025;
  scan.numberOfRows = 10;
  scan.instrument = "STK";
  scan.locationCode = "STK.US.MAJOR";
  scan.scanCode = "TOP_PERC_GAIN";
  scan.abovePrice = Number::of(5);
  scan.filterOptions = "volumeAbove=10000;";
  calls["reqScannerSubscription"] = call(scan);
  calls["cancelScannerSubscription"] = call(CancelScannerSubscription{.reqId = 1025});
}

}  // namespace

const std::map<std::string, Call, std::less<>>& named_calls() {
  static const auto calls = [] {
    std::map<std::string, Call, std::less<>> out;
    add_orders(out);
    add_market_data(out);
    add_history(out);
    add_contracts_and_account(out);
    add_session_news_scanner(out);
    return out;
  }();
  return calls;
}

}  // namespace robo::ib::wire
