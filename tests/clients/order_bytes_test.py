"""Our placeOrder against the public clients' own encoders: the same order, made with their classes, must give the same fields.

usage: order_bytes_test.py ORDER_BYTES    (the program that prints ours)

Field by field after one normalisation: how a client spells "not set" differs ("", 1.797E308, 2147483647, 0.0 for a strike that no
stock has), and so does 0 against 0.0. Everything else must be the same text, in the same place, and the count of fields equal.
"""

import subprocess
import sys
from typing import Any

import ib_async
import ibapi.client
import ibapi.common
import ibapi.contract
import ibapi.order
import ibapi.order_condition
import ibapi.tag_value
from ib_async.order import ExecutionCondition, MarginCondition, PercentChangeCondition, PriceCondition, TimeCondition, VolumeCondition

HALF_PAST, AN_HOUR_LATER = "20261201-14:30:00", "20261201-15:30:00"
IDLE = ib_async.IB()  # never connected; Client wants a wrapper that has one
IDLE.disconnect = lambda: None  # type: ignore[method-assign]
UNSET = {"", "1.7976931348623157e+308", "2147483647", "9223372036854775807"}
STRIKE = 6  # field of the strike: 3|orderId|conId|symbol|secType|expiry|strike


def normal(index: int, field: str) -> str:
    if field in UNSET:
        return ""
    try:
        number = float(field)
    except ValueError:
        return field
    if index == STRIKE and number == 0:
        return ""
    return repr(number)


def compare(name: str, whose: str, ours: str, theirs: str) -> str | None:
    a, b = ours.split("|"), theirs.split("|")
    if len(a) != len(b):
        return f"{name} ({whose}): {len(a)} fields against {len(b)}\n  ours   {ours}\n  theirs {theirs}"
    for i, (x, y) in enumerate(zip(a, b, strict=True)):
        if normal(i, x) != normal(i, y):
            return f"{name} ({whose}): field {i} is {x!r} against {y!r}\n  ours   {ours}\n  theirs {theirs}"
    return None


# What each ticket is in the words of Order: type, then attributes.
WINDOW = [("startTime", HALF_PAST), ("endTime", AN_HOUR_LATER)]
LMT = {"orderType": "LMT", "lmtPrice": 150.0}
STP = {"orderType": "STP", "action": "SELL", "auxPrice": 140.0}
SELL = {"action": "SELL"}


def adjusted(kind: str, **more: Any) -> dict[str, Any]:
    return STP | {"adjustedOrderType": kind, "triggerPrice": 155.0, "adjustedStopPrice": 150.0} | more


def algo(name: str, params: list[tuple[str, str]], base: dict[str, Any] = LMT) -> dict[str, Any]:
    return base | {"algoStrategy": name, "algoParams": params}


PRICE = ("price", True, 450.5, 756733, "SMART", 2)
SIX = [
    ("a", PRICE),
    ("o", ("time", True, HALF_PAST)),
    ("a", ("margin", False, 30)),
    ("a", ("execution", "STK", "SMART", "SPY")),
    ("a", ("volume", True, 1_000_000, 265598, "SMART")),
    ("a", ("percent", True, 1.5, 265598, "SMART")),
]

ORDERS: dict[str, dict[str, Any]] = {
    "MKT": {"orderType": "MKT"},
    "LMT": {"orderType": "LMT", "lmtPrice": 150.25},
    "STP": STP,
    "STP_LMT": SELL | {"orderType": "STP LMT", "lmtPrice": 139.5, "auxPrice": 140.0},
    "TRAIL": SELL | {"orderType": "TRAIL", "auxPrice": 1.5, "trailStopPrice": 140.0},
    "TRAIL_PERCENT": SELL | {"orderType": "TRAIL", "trailingPercent": 2.0, "trailStopPrice": 140.5},
    "TRAIL_LIMIT": SELL | {"orderType": "TRAIL LIMIT", "auxPrice": 0.5, "trailStopPrice": 140.5, "lmtPriceOffset": 0.1},
    "MIT": {"orderType": "MIT", "auxPrice": 145.0},
    "LIT": {"orderType": "LIT", "lmtPrice": 145.1, "auxPrice": 145.0},
    "MTL": {"orderType": "MTL"},
    "MOC": SELL | {"orderType": "MOC"},
    "LOC": SELL | {"orderType": "LOC", "lmtPrice": 151.0},
    "MOO": {"orderType": "MKT", "tif": "OPG"},
    "LOO": {"orderType": "LMT", "tif": "OPG", "lmtPrice": 149.0},
    "REL": {"orderType": "REL", "auxPrice": 0.01, "lmtPrice": 151.0},
    "PEG_MID": {"orderType": "PEG MID", "auxPrice": 0.01, "lmtPrice": 151.0},
    "PEG_MID_IBKRATS": {"orderType": "PEG MID", "lmtPrice": 151.0, "midOffsetAtWhole": 0.01, "midOffsetAtHalf": 0.01, "notHeld": True},
    "PEG_BEST": {"orderType": "PEG BEST", "lmtPrice": 151.0, "competeAgainstBestOffset": 0.02, "minCompeteSize": 200, "minTradeQty": 50, "notHeld": True},
    "ICEBERG": LMT | {"displaySize": 20},
    "HIDDEN": LMT | {"hidden": True},
    "DISCRETIONARY": LMT | {"discretionaryAmt": 0.05},
    "ALL_OR_NONE": LMT | {"allOrNone": True},
    "MINIMUM": LMT | {"minQty": 40},
    "SWEEP": LMT | {"sweepToFill": True},
    "GTC": LMT | {"tif": "GTC"},
    "GTD": LMT | {"tif": "GTD", "goodTillDate": HALF_PAST},
    "GAT": LMT | {"goodAfterTime": HALF_PAST},
    "IOC": LMT | {"tif": "IOC"},
    "FOK": LMT | {"tif": "FOK"},
    "DTC": LMT | {"tif": "DTC"},
    "OUTSIDE": LMT | {"outsideRth": True},
    "TRIGGER_METHOD": STP | {"triggerMethod": 8},
    "OCA_1": LMT | {"ocaGroup": "G1", "ocaType": 1},
    "OCA_2": LMT | {"ocaGroup": "G1", "ocaType": 2},
    "OCA_3": LMT | {"ocaGroup": "G1", "ocaType": 3},
    "IF_PRICE": LMT | {"conditions": [("a", PRICE)]},
    "IF_ALL_SIX": LMT | {"conditions": SIX},
    "CANCEL_IF": LMT | {"conditions": [("a", ("time", True, HALF_PAST))], "conditionsCancelOrder": True},
    "ADJUST_STP": adjusted("STP"),
    "ADJUST_STP_LMT": adjusted("STP LMT", adjustedStopLimitPrice=149.0),
    "ADJUST_TRAIL": adjusted("TRAIL", adjustedTrailingAmount=2.0),
    "ADJUST_TRAIL_PERCENT": adjusted("TRAIL", adjustedTrailingAmount=3.0, adjustableTrailingUnit=100),
    "ADAPTIVE": algo("Adaptive", [("adaptivePriority", "Patient")]),
    "TWAP": algo("Twap", [("strategyType", "Marketable"), *WINDOW, ("allowPastEndTime", "1")]),
    "VWAP": algo("Vwap", [("maxPctVol", "0.1"), *WINDOW, ("allowPastEndTime", "0"), ("noTakeLiq", "1")], {"orderType": "MKT"}),
    "ARRIVAL": algo("ArrivalPx", [("maxPctVol", "0.2"), ("riskAversion", "Aggressive"), *WINDOW, ("allowPastEndTime", "1"), ("forceCompletion", "1")], {"orderType": "MKT"}),
    "PCTVOL": algo("PctVol", [("pctVol", "0.25"), *WINDOW, ("noTakeLiq", "1")]),
    "DARKICE": algo("DarkIce", [("displaySize", "10"), *WINDOW, ("allowPastEndTime", "1")]),
    "CLOSE": algo("ClosePx", [("maxPctVol", "0.4"), ("riskAversion", "Passive"), ("startTime", HALF_PAST), ("forceCompletion", "1")]),
    "AD": algo("AD", [("componentSize", "10"), ("timeBetweenOrders", "60"), ("randomizeTime20", "1"), ("randomizeSize55", "0"), ("giveUp", "1"), ("catchUp", "1"), ("waitForFill", "1"), *WINDOW]),
    "CASH_FX": {"orderType": "MKT", "totalQuantity": 0, "cashQty": 10000.0, "_contract": "EUR"},
    "CASH_CRYPTO": {"orderType": "MKT", "totalQuantity": 0, "cashQty": 500.0, "tif": "IOC", "_contract": "BTC"},
    "FRACTIONAL": {"orderType": "MKT", "totalQuantity": 0.5},
    "COMBO_LEG_PRICES": {"orderType": "LMT", "lmtPrice": 1.5, "totalQuantity": 1, "_legs": [150.5, 149.0], "_contract": "PAIR"},
}


def contract_of(module: Any, name: str, exchange: str | None) -> Any:
    c = module.Contract()
    c.currency = "USD"
    legs = []
    if name == "EUR":
        c.conId, c.symbol, c.secType, c.exchange = 12087792, "EUR", "CASH", "IDEALPRO"
    elif name == "BTC":
        c.conId, c.symbol, c.secType, c.exchange = 479624278, "BTC", "CRYPTO", "PAXOS"
    elif name == "PAIR":
        c.symbol, c.secType, c.exchange = "AAPL,SPY", "BAG", "SMART"
        for con_id, action in ((265598, "BUY"), (756733, "SELL")):
            leg = module.ComboLeg()
            leg.conId, leg.ratio, leg.action, leg.exchange, leg.exemptCode = con_id, 1, action, "SMART", -1
            legs.append(leg)
        c.comboLegs = legs
    else:
        c.conId, c.symbol, c.secType, c.exchange = 265598, "AAPL", "STK", "SMART"
        c.primaryExchange = "NASDAQ"
    if exchange:
        c.exchange = exchange
    return c


def theirs_ib_async(name: str, words: dict[str, Any], version: int) -> str:
    words = dict(words)
    contract = contract_of(ib_async, words.pop("_contract", ""), "IBKRATS" if name in ("PEG_MID_IBKRATS", "PEG_BEST") else None)
    # openClose, duration, postToAts and usePriceMgmtAlgo as the official client of that version leaves them unset.
    order = ib_async.Order(action="BUY", totalQuantity=100, tif="DAY", openClose="", duration=2147483647, postToAts=2147483647, usePriceMgmtAlgo="")
    kinds = {"price": PriceCondition, "time": TimeCondition, "margin": MarginCondition, "execution": ExecutionCondition, "volume": VolumeCondition, "percent": PercentChangeCondition}
    members = {
        "price": ("isMore", "price", "conId", "exch", "triggerMethod"),
        "time": ("isMore", "time"),
        "margin": ("isMore", "percent"),
        "execution": ("secType", "exch", "symbol"),
        "volume": ("isMore", "volume", "conId", "exch"),
        "percent": ("isMore", "changePercent", "conId", "exch"),
    }
    order.conditions = [kinds[c[0]](conjunction=j, **dict(zip(members[c[0]], c[1:], strict=True))) for j, c in words.pop("conditions", [])]
    order.algoParams = [ib_async.TagValue(t, v) for t, v in words.pop("algoParams", [])]
    order.orderComboLegs = [ib_async.OrderComboLeg(p) for p in words.pop("_legs", [])]
    for key, value in words.items():
        assert hasattr(order, key), key
        setattr(order, key, value)
    client = ib_async.client.Client(ib_async.wrapper.Wrapper(IDLE))
    client._serverVersion = version
    sent: list[str] = []
    client.isConnected = lambda: True  # type: ignore[method-assign]
    client.sendMsg = sent.append  # type: ignore[method-assign]
    client.placeOrder(501, contract, order)
    return sent[0].removesuffix("\0").replace("\0", "|")


class Wire:
    """Stands for the socket of the official client and keeps what it is given."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def sendMsg(self, message: bytes) -> int:  # noqa: N802
        self.sent.append(message)
        return len(message)

    def isConnected(self) -> bool:  # noqa: N802
        return True


def theirs_ibapi(name: str, words: dict[str, Any], version: int) -> str:
    words = dict(words)
    contract = contract_of(ibapi.contract, words.pop("_contract", ""), None)
    order = ibapi.order.Order()
    order.action, order.totalQuantity, order.tif = "BUY", 100, "DAY"
    order.eTradeOnly = order.firmQuoteOnly = False  # this release still asks for them
    order.openClose = ""  # its default, O, is for institutions
    oc = ibapi.order_condition
    makers = {"price": (oc.OrderCondition.Price, ("isMore", "price", "conId", "exchange", "triggerMethod")), "time": (oc.OrderCondition.Time, ("isMore", "time")),
              "margin": (oc.OrderCondition.Margin, ("isMore", "percent")), "execution": (oc.OrderCondition.Execution, ("secType", "exchange", "symbol")),
              "volume": (oc.OrderCondition.Volume, ("isMore", "volume", "conId", "exchange")), "percent": (oc.OrderCondition.PercentChange, ("isMore", "changePercent", "conId", "exchange"))}
    for join, c in words.pop("conditions", []):
        number, names = makers[c[0]]
        condition = oc.Create(number)
        condition.isConjunctionConnection = join == "a"
        for key, value in zip(names, c[1:], strict=True):
            setattr(condition, key, value)
        order.conditions = [*(order.conditions or []), condition]
    order.algoParams = [ibapi.tag_value.TagValue(t, v) for t, v in words.pop("algoParams", [])]
    legs = []
    for p in words.pop("_legs", []):
        leg = ibapi.order.OrderComboLeg()
        leg.price = p
        legs.append(leg)
    order.orderComboLegs = legs
    for key, value in words.items():
        assert hasattr(order, key), key
        setattr(order, key, value)
    client = ibapi.client.EClient(ibapi.client.EWrapper() if hasattr(ibapi.client, "EWrapper") else None)
    client.conn = Wire()
    client.serverVersion_ = version
    client.setConnState(ibapi.client.EClient.CONNECTED)
    client.placeOrder(501, contract, order)
    return client.conn.sent[0][4:].decode().removesuffix("\0").replace("\0", "|")


NEWER = {"PEG_MID_IBKRATS", "PEG_BEST"}  # their fields came with server version 170


def main() -> int:
    printed = subprocess.run([sys.argv[1]], capture_output=True, text=True, check=True).stdout.splitlines()
    ours: dict[tuple[str, int], str] = {}
    for line in printed:
        name, version, payload = line.split("\t")
        ours[name, int(version)] = payload.removesuffix("|")
    wrong: list[str] = []
    names = {name for name, _ in ours}
    if names != set(ORDERS):
        wrong.append(f"told apart: {sorted(names ^ set(ORDERS))}")
    compared = 0
    for name in ORDERS:
        problem = compare(name, "ib_async, 176", ours[name, 176], theirs_ib_async(name, ORDERS[name], 176))
        wrong += [problem] if problem else []
        compared += 1
        if name in NEWER:
            continue
        problem = compare(name, "ibapi, 151", ours[name, 151], theirs_ibapi(name, ORDERS[name], 151))
        wrong += [problem] if problem else []
        compared += 1
    # The comparison itself can fail: a changed field must be seen.
    if compare("canary", "itself", ours["LMT", 176], ours["LMT", 176].replace("150.25", "150.26")) is None:
        wrong.append("the comparison is blind")
    print("\n".join(wrong) or f"{compared} orders of {len(ORDERS)} kinds are the same as the public clients write them")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
