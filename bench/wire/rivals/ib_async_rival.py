"""ib_async on the same bytes: its own decoder and encoder, with callbacks that do nothing.

    ib_async_rival.py decode FRAMES SERVER_VERSION SECONDS     prints messages per second and its version
    ib_async_rival.py encode - SERVER_VERSION SECONDS
"""

from __future__ import annotations

import json
import struct
import sys
import time
from collections.abc import Callable

import ib_async
from ib_async.client import Client
from ib_async.decoder import Decoder


class Nothing:
    """A wrapper whose every callback does nothing."""

    def __init__(self) -> None:
        self.calls = 0

    def __getattr__(self, name: str) -> Callable[..., None]:
        def call(*_: object, **__: object) -> None:
            self.calls += 1

        setattr(self, name, call)
        return call


def rate(batch: Callable[[], int], seconds: float) -> float:
    """Batches (each says how many it did) per second of this thread's processor time, after a warm-up."""
    warm = time.perf_counter() + 0.3
    while time.perf_counter() < warm:
        batch()
    start = now = time.thread_time()
    count = 0
    while now < start + seconds:
        count += batch()
        now = time.thread_time()
    return count / (now - start)


def main() -> None:
    what, file, version, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
    if what == "decode":
        wrapper = Nothing()
        decoder = Decoder(wrapper, version)
        with open(file, "rb") as source:
            data = source.read()

        at = 0

        def batch() -> int:
            nonlocal at
            count = 0
            while count < 300:
                if at + 4 > len(data):
                    at = 0
                end = at + 4 + struct.unpack_from(">I", data, at)[0]
                fields = data[at + 4:end].decode(errors="backslashreplace").split("\0")
                fields.pop()
                decoder.interpret(fields)
                at = end
                count += 1
            return count

        batch()
        if wrapper.calls == 0:
            sys.exit("nothing was decoded")
    else:
        written = 0

        class Connection:
            def isConnected(self) -> bool:
                return True

            def sendMsg(self, message: bytes) -> None:
                nonlocal written
                written += len(message)

        client = Client(Nothing())
        client.conn = Connection()
        client.connState = Client.CONNECTED
        client._serverVersion = version
        client.MaxRequests = 0
        contract = ib_async.Contract(conId=265598, symbol="AAPL", secType="STK", exchange="SMART", primaryExchange="NASDAQ",
                                     currency="USD", localSymbol="AAPL", tradingClass="NMS")
        order_id = 500

        def batch() -> int:
            nonlocal order_id
            for i in range(50):
                order_id += 1
                client.placeOrder(order_id, contract, ib_async.LimitOrder(
                    "BUY" if i & 1 else "SELL", 100 + (i & 63), 150 + (i & 127) / 100, tif="DAY", account="DU1234567",
                    orderRef="RT00000000000000c4-0000000000000007", transmit=True))
            return 50

        batch()
        if written == 0:
            sys.exit("nothing was encoded")
    print(json.dumps({"per_second": rate(batch, seconds), "version": ib_async.__version__}))


if __name__ == "__main__":
    main()
