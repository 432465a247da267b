"""A pytest fixture: an IB gateway without IB for each test. Copy this file beside your tests and import the fixture:

    from gateway_sim import gateway_sim  # noqa: F401

    def test_survives_a_restart(gateway_sim):
        ib = IB()
        ib.connect("127.0.0.1", gateway_sim.port, clientId=1)
        gateway_sim.fault("restart", seconds=1)

ROBOTRADER names the program when it is not on the PATH; GATEWAY_SIM_ARGS gives it more words (--market us24 --speed 20).
"""

import json
import os
import re
import shlex
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest


class GatewaySim:
    """A running simulator: `port` for clients, and its control."""

    def __init__(self, *arguments: str) -> None:
        command = [os.environ.get("ROBOTRADER", "robotrader"), "gateway-sim", "--port", "0", "--http", "0", *arguments]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.port = 0
        self._control = ""
        said = []
        assert self._process.stdout is not None
        for line in self._process.stdout:
            said.append(line)
            if match := re.search(r"listening\s+[\d.]+:(\d+)", line):
                self.port = int(match[1])
            if match := re.search(r"control\s+(http://\S+)", line):
                self._control = match[1]
                return
        raise RuntimeError("gateway-sim did not start:\n" + "".join(said))

    def _ask(self, method: str, path: str, body: object = None) -> object:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._control + path, data=data, method=method)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refused:
            raise ValueError(json.load(refused)["error"]) from None

    def fault(self, name: str, when: dict[str, object] | None = None, **members: object) -> object:
        """Something goes wrong: now, or at `when`, for instance {"message": "placeOrder", "nth": 2}."""
        return self._ask("POST", "faults", {"fault": name, **members, **({"when": when} if when else {})})

    def clear(self) -> object:
        """Nothing waits to go wrong any more."""
        return self._ask("DELETE", "faults")

    def state(self) -> dict[str, object]:
        """What is true at the simulated IB: clients, orders, executions, positions, cash, market."""
        state = self._ask("GET", "state")
        assert isinstance(state, dict)
        return state

    def wait_for(self, what: object, seconds: float = 10) -> dict[str, object]:
        """The first state that `what(state)` likes."""
        assert callable(what)
        end = time.monotonic() + seconds
        while True:
            state = self.state()
            if what(state):
                return state
            if time.monotonic() > end:
                raise TimeoutError(f"did not happen within {seconds} s; the state is {json.dumps(state)[:2000]}")
            time.sleep(0.05)

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@pytest.fixture
def gateway_sim() -> Iterator[GatewaySim]:
    simulator = GatewaySim(*shlex.split(os.environ.get("GATEWAY_SIM_ARGS", "--market taq --speed 5")))
    yield simulator
    simulator.stop()
