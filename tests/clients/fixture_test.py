"""The pytest fixture users copy, used as they would: ib_async trades through faults."""

import sys
from pathlib import Path

import pytest
from ib_async import IB, Contract, LimitOrder, MarketOrder

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "deploy" / "gateway-sim"))
from gateway_sim import GatewaySim, gateway_sim  # noqa: E402, F401

XXX = Contract(symbol="XXX", secType="STK", exchange="SMART", currency="USD")


def wait(ib: IB, condition, seconds: float = 20) -> None:
    for _ in range(int(seconds / 0.05)):
        if condition():
            return
        ib.sleep(0.05)
    raise AssertionError("did not happen in time")


def test_a_fill_that_was_never_told_is_found_by_asking(gateway_sim: GatewaySim) -> None:  # noqa: F811
    ib = IB()
    ib.connect("127.0.0.1", gateway_sim.port, clientId=1)
    gateway_sim.fault("price", symbol="XXX", bid=20, ask=20.02, size=1000)
    gateway_sim.fault("drop", message="execDetails", count=0)
    ib.placeOrder(XXX, MarketOrder("BUY", 100, tif="DAY"))
    gateway_sim.wait_for(lambda state: state["executions"])
    assert not ib.fills()
    gateway_sim.clear()
    assert [fill.execution.shares for fill in ib.reqExecutions()] == [100]
    ib.disconnect()


def test_an_order_lost_in_the_restart_second_is_known_to_nobody(gateway_sim: GatewaySim) -> None:  # noqa: F811
    ib = IB()
    ib.connect("127.0.0.1", gateway_sim.port, clientId=1)
    gateway_sim.fault("restart", seconds=0.3, when={"message": "placeOrder", "before": True})
    gone: list[bool] = []
    ib.disconnectedEvent += lambda: gone.append(True)
    ib.placeOrder(XXX, LimitOrder("BUY", 10, 5.0, tif="GTC"))
    try:
        wait(ib, lambda: bool(gone))
    except ConnectionError:  # ib_async's way of telling whoever waits
        pass
    assert gateway_sim.state()["orders"] == []


def test_a_wrong_word_is_said_to_be_one(gateway_sim: GatewaySim) -> None:  # noqa: F811
    with pytest.raises(ValueError, match="no fault"):
        gateway_sim.fault("earthquake")
