"""ib_async against the gateway simulator: connect, look, trade, survive a restart."""

import asyncio
import math
import socket
import sys
import time

from ib_async import IB, ComboLeg, Contract, LimitOrder, MarketOrder, Option, StopOrder

PORT, ADMIN = int(sys.argv[1]), int(sys.argv[2])


def step(text: str) -> None:
    print(f"  {time.strftime('%H:%M:%S')} {text}", flush=True)


def admin(line: str) -> str:
    with socket.create_connection(("127.0.0.1", ADMIN), timeout=5) as control:
        control.sendall(line.encode() + b"\n")
        return control.recv(1000).decode().strip()


def wait_for(ib: IB, what: str, condition, seconds: float = 15) -> None:
    end = time.time() + seconds
    while not condition():
        if time.time() > end:
            raise AssertionError(f"{what}: did not happen within {seconds} s")
        ib.sleep(0.05)
    step(what)


def main() -> None:
    ib = IB()
    errors: list[tuple[int, int, str]] = []
    ib.errorEvent += lambda request, code, text, contract: errors.append((request, code, text))
    started = time.time()
    ib.connect("127.0.0.1", PORT, clientId=11, timeout=10)
    assert time.time() - started < 4, "a start-up request was not answered"
    assert ib.client.serverVersion() == 178, ib.client.serverVersion()
    assert ib.managedAccounts() == ["DU1234567"]
    step("connected, every start-up request answered")

    xxx = Contract(symbol="XXX", secType="STK", exchange="SMART", currency="USD")
    details = ib.reqContractDetails(xxx)
    assert len(details) == 1 and "recorded" in details[0].longName, details
    ib.qualifyContracts(xxx)
    spy = ib.reqContractDetails(Contract(symbol="SPY", secType="STK", exchange="SMART", currency="USD"))
    assert "(reconstructed from 1-minute bars)" in spy[0].longName, spy
    assert ib.reqContractDetails(Contract(symbol="NOSUCH", secType="STK", exchange="SMART", currency="USD")) == []
    coin = ib.reqContractDetails(Contract(symbol="BTCUSDT", secType="CRYPTO"))[0].contract
    step(f"contracts: {details[0].longName}; {spy[0].longName}")
    rules = ib.reqMarketRule(int(details[0].marketRuleIds.split(",")[0]))
    assert rules and rules[-1].increment > 0

    ticker = ib.reqMktData(xxx, "", False, False)
    wait_for(ib, "level 1 streams", lambda: ticker.bid > 0 and ticker.ask >= ticker.bid and ticker.bidSize > 0)
    ticks = ib.reqTickByTickData(xxx, "BidAsk")
    wait_for(ib, "tick by tick BidAsk streams", lambda: len(ticks.tickByTicks) > 0 or ticks.bid > 0)
    trades: list[object] = []
    last = ib.reqTickByTickData(xxx, "AllLast")
    last.updateEvent += lambda t: trades.extend(t.tickByTicks)
    wait_for(ib, "tick by tick AllLast streams", lambda: len(trades) > 0, 40)
    book = ib.reqMktDepth(coin, numRows=5)
    wait_for(ib, "depth fills five rows a side", lambda: len(book.domBids) == 5 and len(book.domAsks) == 5)
    assert book.domBids[0].price < book.domAsks[0].price
    assert all(a.price > b.price for a, b in zip(book.domBids, book.domBids[1:])), book.domBids

    bars = ib.reqHistoricalData(xxx, "", "1 D", "1 min", "TRADES", useRTH=False)
    assert len(bars) >= 5 and bars[0].high >= bars[0].low and bars[-1].volume >= 0, bars[:2]
    step(f"{len(bars)} one-minute bars, the last of {bars[-1].date}")
    head = ib.reqHeadTimeStamp(xxx, "TRADES", False, 1)
    assert head, head
    history = ib.reqHistoricalTicks(xxx, "", ib.reqCurrentTime(), 50, "BID_ASK", False)
    assert len(history) >= 50, len(history)
    live_bars = ib.reqRealTimeBars(xxx, 5, "MIDPOINT", False)
    wait_for(ib, "real-time bars arrive", lambda: len(live_bars) > 0, 20)
    ib.cancelRealTimeBars(live_bars)

    summary = {value.tag: value.value for value in ib.accountSummary()}
    assert float(summary["NetLiquidation"]) > 900_000, summary
    account = {value.tag for value in ib.accountValues()}
    assert {"NetLiquidation", "BuyingPower", "CashBalance"} <= account

    question = ib.whatIfOrder(xxx, MarketOrder("BUY", 100, tif="DAY"))
    assert float(question.initMarginAfter) > float(question.initMarginBefore), question
    assert 0 < question.commission < 10 or 0 < getattr(question, "commissionAndFees", 0) < 10, question
    step(f"what-if: margin +{float(question.initMarginChange):.2f}, commission {question.commission}")

    trade = ib.placeOrder(xxx, MarketOrder("BUY", 100, tif="DAY"))
    wait_for(ib, "a market order fills", lambda: trade.orderStatus.status == "Filled", 40)
    wait_for(ib, "its commission arrives", lambda: bool(trade.fills) and all(f.commissionReport.commission > 0 for f in trade.fills))
    assert trade.fills[0].execution.side == "BOT" and math.isclose(sum(f.execution.shares for f in trade.fills), 100)
    wait_for(ib, "the position follows", lambda: any(p.contract.symbol == "XXX" and p.position == 100 for p in ib.positions()))

    resting = ib.placeOrder(xxx, LimitOrder("BUY", 10, round(ticker.bid * 0.95, 2), tif="GTC"))
    wait_for(ib, "a limit order rests", lambda: resting.orderStatus.status == "Submitted")
    resting.order.lmtPrice = round(ticker.bid * 0.94, 2)
    ib.placeOrder(xxx, resting.order)
    wait_for(ib, "it is modified", lambda: any(entry.message == "Modify" for entry in resting.log) and resting.orderStatus.status == "Submitted")
    doomed = ib.placeOrder(xxx, LimitOrder("BUY", 10, round(ticker.bid * 0.95, 2), tif="DAY"))
    wait_for(ib, "another rests", lambda: doomed.orderStatus.status == "Submitted")
    ib.cancelOrder(doomed.order)
    wait_for(ib, "and is cancelled", lambda: doomed.orderStatus.status == "Cancelled")
    off_tick = ib.placeOrder(xxx, LimitOrder("BUY", 10, round(ticker.bid * 0.95, 2) + 0.005, tif="DAY"))
    wait_for(ib, "a price off the grid is refused with 110", lambda: any(code == 110 for _, code, _ in errors))
    wait_for(ib, "and is dead", lambda: off_tick.isDone())

    bracket = ib.bracketOrder("BUY", 10, round(ticker.ask * 1.01, 2), round(ticker.ask * 1.05, 2), round(ticker.bid * 0.95, 2))
    for order in bracket:  # without it TWS says 10349, which ib_async takes for a cancellation
        order.tif = "DAY"
    placed = [ib.placeOrder(xxx, order) for order in bracket]
    wait_for(ib, "a bracket's entry fills and its children wait", lambda: placed[0].orderStatus.status == "Filled" and placed[1].isActive() and placed[2].isActive(), 40)
    ib.cancelOrder(placed[1].order)
    ib.cancelOrder(placed[2].order)
    wait_for(ib, "the children are cancelled", lambda: placed[1].isDone() and placed[2].isDone())
    assert len(ib.reqExecutions()) >= 2
    assert ib.reqCompletedOrders(False), "completed orders"
    stop = ib.placeOrder(xxx, StopOrder("SELL", 100, round(ticker.bid * 0.90, 2), tif="GTC"))
    wait_for(ib, "a stop waits for its trigger", lambda: stop.orderStatus.status == "PreSubmitted")

    chain = ib.reqSecDefOptParams("XXX", "", "STK", xxx.conId)
    assert chain and chain[0].multiplier == "100" and len(chain[0].strikes) > 10, chain
    expiry = sorted(chain[0].expirations)[3]
    near = sorted(sorted(chain[0].strikes, key=lambda strike: abs(strike - ticker.bid))[:2])
    calls = [Option("XXX", expiry, strike, "C", "SMART", currency="USD") for strike in near]
    ib.qualifyContracts(*calls)
    assert all(call.conId > 0 and call.localSymbol for call in calls), calls
    tickers = [ib.reqMktData(call, "", False, False) for call in calls]
    wait_for(ib, "options are quoted with model greeks", lambda: all(t.ask > 0 and t.modelGreeks and t.modelGreeks.delta for t in tickers))
    greeks = tickers[0].modelGreeks
    assert 0 < greeks.delta < 1 and greeks.gamma > 0 and greeks.vega > 0 > greeks.theta, greeks
    priced = ib.calculateOptionPrice(calls[0], 0.30, greeks.undPrice)
    back = ib.calculateImpliedVolatility(calls[0], priced.optPrice, greeks.undPrice)
    assert math.isclose(back.impliedVol, 0.30, rel_tol=1e-4), (priced, back)
    step(f"{calls[0].localSymbol}: {tickers[0].bid} - {tickers[0].ask}, delta {greeks.delta:.2f}")
    legs = [ComboLeg(conId=calls[0].conId, ratio=1, action="BUY", exchange="SMART"), ComboLeg(conId=calls[1].conId, ratio=1, action="SELL", exchange="SMART")]
    spread = Contract(symbol="XXX", secType="BAG", exchange="SMART", currency="USD", comboLegs=legs)
    vertical = ib.placeOrder(spread, LimitOrder("BUY", 2, 5.00, tif="DAY"))
    wait_for(ib, "a vertical fills", lambda: vertical.orderStatus.status == "Filled", 40)
    wait_for(ib, "as a whole and in two legs", lambda: sorted(f.contract.secType for f in vertical.fills) == ["BAG", "OPT", "OPT"])
    wait_for(ib, "and its legs pay commission", lambda: sum(f.commissionReport.commission > 0 for f in vertical.fills) == 2)
    wait_for(ib, "and are the positions", lambda: {(p.contract.strike, p.position) for p in ib.positions() if p.contract.secType == "OPT"} == {(near[0], 2), (near[1], -2)})

    gone: list[bool] = []
    ib.disconnectedEvent += lambda: gone.append(True)
    step(admin("restart 1"))
    try:
        wait_for(ib, "the restart is noticed", lambda: bool(gone))
    except ConnectionError:  # ib_async's way of telling whoever waits
        step("the restart is noticed")
    time.sleep(1.5)
    ib.connect("127.0.0.1", PORT, clientId=11, timeout=10)
    wait_for(ib, "reconnected; the working orders are still there", lambda: {t.order.orderId for t in ib.openTrades()} >= {resting.order.orderId, stop.order.orderId})
    assert any(p.contract.symbol == "XXX" and p.position == 110 for p in ib.positions()), ib.positions()
    ticker = ib.reqMktData(xxx, "", False, False)
    wait_for(ib, "level 1 streams again", lambda: ticker.bid > 0)
    assert ib.client.getReqId() > resting.order.orderId
    step(admin("cut"))
    wait_for(ib, "1100 is told", lambda: any(code == 1100 for _, code, _ in errors))
    step(admin("restore kept"))
    wait_for(ib, "1102 is told", lambda: any(code == 1102 for _, code, _ in errors))
    ib.reqGlobalCancel()
    wait_for(ib, "a global cancel ends every order", lambda: not ib.openTrades())
    ib.disconnect()


if __name__ == "__main__":
    asyncio.set_event_loop(asyncio.new_event_loop())
    main()
    print("ib_async: all steps passed")
