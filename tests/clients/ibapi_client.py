"""The old official Python client (ibapi 9.81) against the gateway simulator: callbacks, orders, a dropped connection."""

import socket
import sys
import threading
import time

from ibapi.client import EClient
from ibapi.contract import Contract
from ibapi.execution import ExecutionFilter
from ibapi.order import Order
from ibapi.wrapper import EWrapper

PORT, ADMIN = int(sys.argv[1]), int(sys.argv[2])


def step(text: str) -> None:
    print(f"  {time.strftime('%H:%M:%S')} {text}", flush=True)


def admin(line: str) -> str:
    with socket.create_connection(("127.0.0.1", ADMIN), timeout=5) as control:
        control.sendall(line.encode() + b"\n")
        return control.recv(1000).decode().strip()


class App(EWrapper, EClient):
    def __init__(self) -> None:
        EClient.__init__(self, self)
        self.next_id = 0
        self.accounts = ""
        self.errors: list[tuple[int, int, str]] = []
        self.names: list[str] = []
        self.details_end = self.closed = self.bars_end = self.executions_end = self.open_end = False
        self.ticks: dict[int, float] = {}
        self.last_ticks = 0
        self.bars: list[object] = []
        self.status: dict[int, list[str]] = {}
        self.filled: dict[int, float] = {}
        self.fills: list[str] = []
        self.commissions: dict[str, float] = {}
        self.margin = ""
        self.positions_seen: dict[str, float] = {}
        self.depth: dict[tuple[int, int], float] = {}
        self.open_ids: set[int] = set()
        self.summary: dict[str, str] = {}
        self.time = 0

    def error(self, reqId, errorCode, errorString):  # noqa: N802, N803
        self.errors.append((reqId, errorCode, errorString))

    def nextValidId(self, orderId):  # noqa: N802, N803
        self.next_id = orderId

    def managedAccounts(self, accountsList):  # noqa: N802, N803
        self.accounts = accountsList

    def contractDetails(self, reqId, contractDetails):  # noqa: N802, N803
        self.names.append(contractDetails.longName)

    def contractDetailsEnd(self, reqId):  # noqa: N802, N803
        self.details_end = True

    def tickPrice(self, reqId, tickType, price, attrib):  # noqa: N802, N803
        self.ticks[tickType] = price

    def tickByTickAllLast(self, reqId, tickType, when, price, size, attrib, exchange, conditions):  # noqa: N802, N803
        self.last_ticks += 1

    def updateMktDepth(self, reqId, position, operation, side, price, size):  # noqa: N802, N803
        self.depth[side, position] = price

    def historicalData(self, reqId, bar):  # noqa: N802, N803
        self.bars.append(bar)

    def historicalDataEnd(self, reqId, start, end):  # noqa: N802, N803
        self.bars_end = True

    def openOrder(self, orderId, contract, order, orderState):  # noqa: N802, N803
        self.open_ids.add(orderId)
        if order.whatIf:
            self.margin = orderState.initMarginAfter

    def openOrderEnd(self):  # noqa: N802
        self.open_end = True

    def orderStatus(self, orderId, status, filled, remaining, avgFillPrice, permId, parentId, lastFillPrice, clientId, whyHeld, mktCapPrice):  # noqa: N802, N803, E501
        self.status.setdefault(orderId, []).append(status)
        self.filled[orderId] = filled

    def execDetails(self, reqId, contract, execution):  # noqa: N802, N803
        self.fills.append(execution.execId)

    def execDetailsEnd(self, reqId):  # noqa: N802, N803
        self.executions_end = True

    def commissionReport(self, commissionReport):  # noqa: N802, N803
        self.commissions[commissionReport.execId] = commissionReport.commission

    def position(self, account, contract, position, avgCost):  # noqa: N803
        self.positions_seen[contract.symbol] = position

    def accountSummary(self, reqId, account, tag, value, currency):  # noqa: N802, N803
        self.summary[tag] = value

    def currentTime(self, time_):  # noqa: N802
        self.time = time_

    def connectionClosed(self):  # noqa: N802
        self.closed = True


App_: type[App] = App  # a newer client of the same shape may stand in


def wait_for(what: str, condition, seconds: float = 15) -> None:
    end = time.time() + seconds
    while not condition():
        if time.time() > end:
            raise AssertionError(f"{what}: did not happen within {seconds} s")
        time.sleep(0.02)
    step(what)


def connected(client_id: int) -> App:
    app = App_()
    app.connect("127.0.0.1", PORT, client_id)
    threading.Thread(target=app.run, daemon=True).start()
    wait_for(f"client {client_id} is connected", lambda: app.next_id > 0 and app.accounts != "")
    return app


def xxx() -> Contract:
    contract = Contract()
    contract.symbol, contract.secType, contract.exchange, contract.currency = "XXX", "STK", "SMART", "USD"
    return contract


def order(action: str, quantity: int, kind: str, limit: float = 0.0) -> Order:
    o = Order()
    o.action, o.totalQuantity, o.orderType, o.tif = action, quantity, kind, "DAY"
    if limit:
        o.lmtPrice = limit
    o.eTradeOnly = o.firmQuoteOnly = False
    return o


def main() -> None:
    app = connected(21)
    app.reqContractDetails(1, xxx())
    wait_for("contract details end", lambda: app.details_end)
    assert app.names == ["XXX common stock (recorded market)"], app.names
    app.reqMktData(2, xxx(), "", False, False, [])
    wait_for("level 1 streams", lambda: app.ticks.get(1, 0) > 0 and app.ticks.get(2, 0) > 0)
    app.reqTickByTickData(3, xxx(), "AllLast", 0, False)
    wait_for("tick by tick streams", lambda: app.last_ticks > 0, 40)
    coin = Contract()
    coin.symbol, coin.secType, coin.exchange = "BTCUSDT", "CRYPTO", ""
    app.reqMktDepth(4, coin, 5, False, [])
    wait_for("depth streams", lambda: len(app.depth) == 10)
    app.reqHistoricalData(5, xxx(), "", "1 D", "1 min", "TRADES", 0, 1, False, [])
    wait_for("bars end", lambda: app.bars_end and len(app.bars) >= 5)
    app.reqAccountSummary(6, "All", "NetLiquidation,BuyingPower")
    wait_for("account summary", lambda: float(app.summary.get("NetLiquidation", 0)) > 900_000)
    app.reqCurrentTime()
    wait_for("simulated time", lambda: 1_400_000_000 < app.time < 1_700_000_000)

    question = order("BUY", 100, "MKT")
    question.whatIf = True
    app.placeOrder(app.next_id, xxx(), question)
    wait_for("what-if answers", lambda: app.margin != "" and float(app.margin) > 0)
    market = app.next_id + 1
    app.placeOrder(market, xxx(), order("BUY", 100, "MKT"))
    wait_for("a market order fills", lambda: app.status.get(market, [""])[-1] == "Filled", 40)
    wait_for("with its commissions", lambda: set(app.fills) == set(app.commissions) and all(c > 0 for c in app.commissions.values()))
    app.reqPositions()
    wait_for("the position is told", lambda: app.positions_seen.get("XXX") == 100)
    resting = market + 1
    app.placeOrder(resting, xxx(), order("BUY", 10, "LMT", round(app.ticks[1] * 0.95, 2)))
    wait_for("a limit order rests", lambda: app.status.get(resting, [""])[-1] == "Submitted")
    app.placeOrder(resting, xxx(), order("BUY", 20, "LMT", round(app.ticks[1] * 0.94, 2)))
    app.placeOrder(market, xxx(), order("BUY", 100, "MKT"))
    wait_for("a filled order cannot be modified: 104", lambda: any(e[0] == market and e[1] == 104 for e in app.errors))
    app.cancelOrder(resting + 50)
    wait_for("an unknown order cannot be cancelled: 10147", lambda: any(e[1] == 10147 for e in app.errors))
    app.reqExecutions(7, ExecutionFilter())
    wait_for("executions end", lambda: app.executions_end)

    other = connected(22)
    other.cancelOrder(resting)
    wait_for("nor by another client: 10147", lambda: any(e[1] == 10147 for e in other.errors))
    step(admin("kick 21"))
    wait_for("the drop is noticed", lambda: app.closed)
    wait_for("the other client lives", lambda: not other.closed and other.isConnected())
    again = connected(21)
    assert again.next_id > resting, (again.next_id, resting)
    again.reqAllOpenOrders()
    wait_for("the order is still there", lambda: again.open_end and resting in again.open_ids)
    again.cancelOrder(resting)
    wait_for("and is cancelled", lambda: again.status.get(resting, [""])[-1] == "Cancelled" and any(e[1] == 202 for e in again.errors))
    for app_ in (again, other):
        app_.disconnect()


if __name__ == "__main__":
    main()
    print("ibapi: all steps passed")
