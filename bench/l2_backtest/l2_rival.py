"""hftbacktest (vector book) on the same events with the same grid. Says "ready VERSION EVENTS", then per line "run":
"SECONDS REQUESTS FILLS POSITION".

usage: l2_rival.py EVENTS_FILE TICK LOT   EVENTS_FILE: int64 rows (ns, kind 0 depth 1 trade, buy 1 / sell -1, price in ticks, size in lots, 0)
"""

import sys
import time
from importlib.metadata import version

import numpy as np
from hftbacktest import (
    BUY_EVENT,
    DEPTH_EVENT,
    EXCH_EVENT,
    GTC,
    LIMIT,
    LOCAL_EVENT,
    ROIVectorMarketDepthBacktest,
    SELL_EVENT,
    TRADE_EVENT,
    BacktestAsset,
)
from hftbacktest.types import event_dtype
from numba import njit
from numba.core.types import uint64
from numba.typed import Dict

FEED, LATENCY = 2_000_000, 10_000_000


@njit
def grid(hbt, half_spread, interval, levels, quantity, position_max):
    requests = 0
    tick = hbt.depth(0).tick_size
    while True:
        code = hbt.elapse(100_000_000)
        if code != 0:
            return requests, code
        hbt.clear_inactive_orders(0)
        depth = hbt.depth(0)
        if not (depth.best_bid_tick > 0 and depth.best_ask_tick < 2_000_000_000) or depth.best_bid_tick >= depth.best_ask_tick:
            continue
        mid = (depth.best_bid_tick + depth.best_ask_tick) // 2
        bid = (mid - half_spread) // interval * interval
        ask = -(-(mid + half_spread) // interval) * interval
        position = hbt.position(0)
        bids = Dict.empty(uint64, uint64)
        asks = Dict.empty(uint64, uint64)
        if position < position_max:
            for i in range(levels):
                bids[uint64(bid - i * interval)] = uint64(1)
        if position > -position_max:
            for i in range(levels):
                asks[uint64(ask + i * interval)] = uint64(1)
        orders = hbt.orders(0)
        values = orders.values()
        while values.has_next():
            order = values.get()
            if order.cancellable:
                price = uint64(order.price_tick)
                if (order.side == 1 and price not in bids) or (order.side == -1 and price not in asks):
                    hbt.cancel(0, order.order_id, False)
                    requests += 1
        # One id per side and price: the same order is not sent twice.
        for price in bids:
            if price not in orders:
                hbt.submit_buy_order(0, price, price * tick, quantity, GTC, LIMIT, False)
                requests += 1
        for price in asks:
            if (price + uint64(1 << 40)) not in orders:
                hbt.submit_sell_order(0, price + uint64(1 << 40), price * tick, quantity, GTC, LIMIT, False)
                requests += 1


def main() -> None:
    tick, lot = float(sys.argv[2]), float(sys.argv[3])
    rows = np.fromfile(sys.argv[1], dtype=np.int64).reshape(-1, 6)
    data = np.zeros(len(rows), dtype=event_dtype)
    data["exch_ts"] = rows[:, 0]
    data["local_ts"] = rows[:, 0] + FEED
    data["px"] = rows[:, 3] * tick
    data["qty"] = rows[:, 4] * lot
    data["ev"] = (
        EXCH_EVENT | LOCAL_EVENT | np.where(rows[:, 1] == 0, DEPTH_EVENT, TRADE_EVENT) | np.where(rows[:, 2] > 0, BUY_EVENT, SELL_EVENT)
    ).astype(np.uint64)
    low, high = float(data["px"].min()), float(data["px"].max())
    middle = float(np.median(data["px"]))
    low, high = max(low, middle * 0.9), min(high, middle * 1.1)

    def build():
        asset = (
            BacktestAsset()
            .data([data])
            .linear_asset(1.0)
            .constant_order_latency(LATENCY, LATENCY)
            .risk_adverse_queue_model()
            .no_partial_fill_exchange()
            .trading_value_fee_model(0.0, 0.0)
            .tick_size(tick)
            .lot_size(lot)
            .roi_lb(low)
            .roi_ub(high)
            .last_trades_capacity(0)
        )
        return ROIVectorMarketDepthBacktest([asset])

    grid(build(), 10, 10, 20, 0.001, 0.1)  # compiles
    print(f"ready {version('hftbacktest')} {len(rows)}", flush=True)
    for line in sys.stdin:
        if line.strip() != "run":
            break
        hbt = build()
        started = time.thread_time()
        requests, code = grid(hbt, 10, 10, 20, 0.001, 0.1)
        seconds = time.thread_time() - started
        if code != 1:  # 1: the end of the data; anything else stopped it early
            raise SystemExit(f"hftbacktest stopped with code {code} at {hbt.current_timestamp}")
        print(f"{seconds} {requests} {hbt.state_values(0).num_trades} {hbt.position(0)}", flush=True)
        hbt.close()


if __name__ == "__main__":
    main()
