#!/usr/bin/env python3
"""Writes tests/golden/features/flow_*.csv.gz: order flow over shipped data, computed a second time from the formulas of
docs/features.md over whole arrays, for the C++ test that compares what the stream says trade by trade.

Needs: pip install numpy. Run from the repository root: tools/features/flow_golden.py
The files are checked in; run this only to change the set.
"""

import csv
import gzip
import io
import json
import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "tests/golden/features"
MS = 1_000_000
NAN = math.nan


class Quote(NamedTuple):
    at: int
    bid: float
    ask: float
    bid_size: int
    ask_size: int

    @property
    def mid(self) -> float:
        usable = self.bid_size > 0 and self.ask_size > 0 and self.bid <= self.ask
        return 0.5 * (self.bid + self.ask) if usable else NAN


class Trade(NamedTuple):
    at: int
    price: float
    size: int
    venue: str


def nanoseconds(text: str) -> int:
    whole = datetime.strptime(text[:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC)
    return int(whole.timestamp()) * 1_000_000_000 + int(text[20:26].ljust(6, "0")) * 1_000


def rows(path: str) -> list[dict[str, str]]:
    with gzip.open(ROOT / "data/equity_intraday" / path, "rt") as file:
        return list(csv.DictReader(file))


def xxx() -> tuple[list[Quote], list[Trade]]:
    quotes = [
        Quote(nanoseconds(r["DT"]), float(r["BID"]), float(r["OFR"]), 100 * int(r["BIDSIZ"]), 100 * int(r["OFRSIZ"]))
        for r in rows("taq_XXX_quotes_clean_2018-01-02_03.csv.gz")
    ]
    trades = [
        Trade(nanoseconds(r["DT"]), float(r["PRICE"]), int(r["SIZE"]), r["EX"])
        for r in rows("taq_XXX_trades_clean_2018-01-02_03.csv.gz")
    ]
    return quotes, trades


def of_day(at: int) -> int:
    return at // (86_400 * 1_000_000_000)


def edge(raw: int) -> int:
    """Lower edge of the 1.6 % bucket a raw size lies in."""
    if raw < 64:
        return raw
    shift = raw.bit_length() - 7
    return raw >> shift << shift


def quantile(sizes: Sequence[int], p: float) -> int:
    """Smallest size that a share p of all does not exceed."""
    return int(np.sort(np.array(sizes, dtype=np.int64))[math.ceil(p * len(sizes)) - 1])


def slope_z(values: Sequence[float]) -> float:
    y = np.array(values)
    n = len(y)
    slope = np.polyfit(np.arange(n), y - y[0], 1)[0]
    square = float(np.mean(np.diff(y) ** 2))
    return 0.0 if square == 0 else float(slope / math.sqrt(square * 6 * (n * n + 1) / (5 * n * (n * n - 1))))


LAGS = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000]


class Day:
    """One session of quotes, by time."""

    def __init__(self, quotes: list[Quote]) -> None:
        self.quotes = quotes
        self.times = [q.at for q in quotes]

    def before(self, at: int) -> Quote | None:
        i = bisect_left(self.times, at) - 1
        return self.quotes[i] if i >= 0 else None

    def mid_at(self, at: int) -> float:
        """In force at the end of the instant `at`."""
        i = bisect_right(self.times, at) - 1
        return self.quotes[i].mid if i >= 0 else NAN


def ticks_of(trades: Sequence[Trade]) -> list[int]:
    sides: list[int] = []
    last, side = NAN, 0
    for t in trades:
        side = 1 if t.price > last else -1 if t.price < last else side
        sides.append(side)
        last = t.price
    return sides


def judge(rule: str, t: Trade, q: Quote | None, tick: int) -> int:
    if rule == "tick" or q is None or math.isnan(q.mid):
        return tick
    # In whole millionths: at the mid means at the mid.
    p, b, a = round(1e6 * t.price), round(1e6 * q.bid), round(1e6 * q.ask)
    if rule == "lee_ready":
        return int(np.sign(2 * p - a - b)) or tick
    if b >= a:
        return tick
    if rule == "emo":
        return 1 if p == a else -1 if p == b else tick
    assert rule == "clnv"
    if not b <= p <= a:
        return tick
    return 1 if 10 * (p - b) >= 7 * (a - b) else -1 if 10 * (p - b) <= 3 * (a - b) else tick


def write(name: str, header: list[str], table: list[list[float | int]]) -> None:
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(header)
    for row in table:
        out.writerow(["" if isinstance(v, float) and math.isnan(v) else f"{v:.17g}" if isinstance(v, float) else v for v in row])
    with open(OUT / f"{name}.csv.gz", "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as file:
        file.write(text.getvalue().encode())
    print(name, len(table), "rows")


def flow_xxx() -> None:
    quotes, trades = xxx()
    n_spread, horizon, n_looks = 100, 5_000 * MS, 100
    vpin_n, bucket = 20, 5_000
    whale_n, whale_p, floor = 500, 0.99, 50_000.0
    run_n, run_p, gap = 200, 0.95, 1_000 * MS
    sweep_n, sweep_window = 100, 200 * MS
    divergence_n = 20
    columns = [
        "emo", "tick", "lee_ready", "clnv", "effective_spread", "realized_spread", "price_impact", "markout", "kyle_lambda", "vpin",
        "vpin_signed", "vpin_volatility", "vpin_learned", "whale_threshold", "whale_z", "whale_flow", "run_length", "metaorder",
        "sweep_flow", "cvd_divergence",
    ]  # fmt: skip
    table: list[list[float | int]] = []
    agreed, counted = [0] * len(LAGS), [0] * len(LAGS)
    edges: list[int] = []          # whales
    whale_flows: list[int] = []
    prints: list[int] = []         # completed prints of runs
    kyle: list[tuple[float, float]] = []
    interval = 300_000 * MS
    session_volume: list[float] = []
    changes: list[float] = []
    bulk: list[float] = []
    by_trade: list[float] = []
    squares: list[float] = []
    learned_by_trade: list[float] = []
    learned_closed = 0
    measured_z = (0.0, 0.0)        # median of ln q and MAD, as of the last look
    open_print = 0
    number = 0

    for day in sorted({of_day(t.at) for t in trades}):
        here = Day([q for q in quotes if of_day(q.at) == day])
        todays = [t for t in trades if of_day(t.at) == day]
        ticks = ticks_of(todays)
        spread: list[float] = []
        waiting: list[tuple[int, list[tuple[int, float, float]]]] = []   # first trade of a look; side, price, mid of each
        looks: list[list[tuple[float, float, float]]] = []
        side_before, run_count, run_volume, run_last, print_began = 0, 0, 0, 0, 0
        sweeps: list[int] = []
        group: list[Trade] = []
        group_side = 0
        whale_flows = []
        closes: list[float] = []
        cvds: list[float] = []
        cvd = 0.0
        filled, pressed, start = 0, 0.0, NAN
        learned_filled, learned_pressed = 0, 0.0
        learned = int(np.mean(session_volume) * 1e8) // 50 / 1e8 if session_volume else 0
        # Kyle: intervals of the clock; the first begins with the first mid.
        interval_flow: dict[int, list[float]] = {}
        first_quote = here.times[0]
        todays_kyle: list[tuple[int, float, float]] = []   # end of the interval, flow, change
        for t, tick in zip(todays, ticks, strict=True):
            s = judge("emo", t, here.before(t.at), tick)
            if s != 0 and t.at >= first_quote:
                interval_flow.setdefault(t.at // interval, []).append(s * math.sqrt(t.size))
        for k, flows in sorted(interval_flow.items()):
            begin = here.mid_at(k * interval - 1) if k * interval > first_quote else here.quotes[0].mid
            end = here.mid_at((k + 1) * interval - 1)
            if (k + 1) * interval <= here.times[-1] and not math.isnan(begin) and not math.isnan(end):
                todays_kyle.append(((k + 1) * interval, sum(flows), end - begin))
        told = 0

        for t, tick in zip(todays, ticks, strict=True):
            number += 1
            q = here.before(t.at)
            for i, lag in enumerate(LAGS):
                old = here.before(t.at - lag * MS)
                if tick == 0 or old is None or math.isnan(old.mid):
                    continue
                rule = int(np.sign(2 * round(1e6 * t.price) - round(1e6 * old.bid) - round(1e6 * old.ask)))
                counted[i] += rule != 0
                agreed[i] += rule != 0 and rule == tick
            sides = [judge(r, t, q, tick) for r in ("emo", "tick", "lee_ready", "clnv")]
            side = sides[0]
            mid = q.mid if q is not None else NAN
            # What was due before now, at the mid in force when it was due.
            while waiting and waiting[0][0] + horizon < t.at:
                first, of_look = waiting.pop(0)
                later = here.mid_at(first + horizon)
                if not math.isnan(later):
                    looks.append([(2 * s * (price - later) / m, 2 * s * (later - m) / m, s * (later - price) / m) for s, price, m in of_look])
            while told < len(todays_kyle) and todays_kyle[told][0] <= t.at:
                kyle.append((todays_kyle[told][1], todays_kyle[told][2]))
                told += 1
            if side != 0 and not math.isnan(mid):
                spread.append(2 * side * (t.price - mid) / mid)
                if not (waiting and t.at - waiting[-1][0] < horizon // 1000):
                    waiting.append((t.at, []))
                waiting[-1][1].append((side, t.price, mid))
            # VPIN, with buckets that are given and with those of the session before.
            rest = t.size
            if math.isnan(start):
                start = t.price
            while rest > 0:
                part = min(rest, bucket - filled)
                filled, pressed, rest = filled + part, pressed + side * part, rest - part
                if filled == bucket:
                    changes.append(t.price - start)
                    if len(changes) >= 2:
                        deviation = float(np.std(changes[-vpin_n:]))
                        bulk.append(abs(math.erf(changes[-1] / deviation / math.sqrt(2))) if deviation > 0 else 0.0)
                        by_trade.append(abs(pressed) / bucket)
                        squares.append(math.log(t.price / start) ** 2)
                    filled, pressed, start = 0, 0.0, t.price
            rest_f = float(t.size)
            while learned > 0 and rest_f > 1e-9:
                part_f = min(rest_f, learned - learned_filled)
                learned_filled, learned_pressed, rest_f = learned_filled + part_f, learned_pressed + side * part_f, rest_f - part_f
                if learned - learned_filled < 1e-9:
                    learned_closed += 1
                    if learned_closed >= 2:
                        learned_by_trade.append(abs(learned_pressed) / learned)
                    learned_filled, learned_pressed = 0, 0.0
            # Whales.
            raw = t.size * 100_000_000
            warm = len(edges) >= whale_n
            median, mad = measured_z
            z = (math.log(edge(raw)) - median) / (1.4826 * mad) if warm and mad > 0 else NAN
            large = warm and edge(raw) >= quantile(edges, whale_p) and t.price * t.size >= floor
            whale_flows.append(side * t.size if large else 0)
            edges.append(edge(raw))
            if (len(edges) - 1) % 64 == 0:
                centre = quantile(edges, 0.5)
                away = np.sort([max(e / centre, centre / e) for e in edges])
                measured_z = (math.log(centre), math.log(away[(len(edges) + 1) // 2 - 1]))
            # Runs and sweeps.
            if side != 0:
                joins = side == side_before and t.at - run_last <= gap
                if not (joins and t.at - print_began < MS):
                    if open_print > 0:
                        prints.append(edge(open_print * 100_000_000))
                    open_print, print_began = 0, t.at
                    run_count = run_count + 1 if joins else 1
                    run_volume = run_volume if joins else 0
                open_print += t.size
                run_volume += t.size
                side_before, run_last = side, t.at
                if not (side == group_side and group and t.at - group[0].at <= sweep_window):
                    group, group_side = [], side
                group.append(t)
                several = [len({(g.price, g.venue) for g in group[: k + 1]}) > 1 for k in range(len(group))]
                if not several[-1]:
                    sweeps.append(0)
                elif len(group) > 1 and not several[-2]:
                    sweeps.append(side * sum(g.size for g in group))
                else:
                    sweeps.append(side * t.size)
            cvd += side * t.size
            closes.append(t.price)
            cvds.append(cvd)

            if number % 5 != 0:
                continue
            divergence = NAN
            if len(closes) >= divergence_n:
                up, bought = slope_z(closes[-divergence_n:]), slope_z(cvds[-divergence_n:])
                parted = abs(up) > 1 and abs(bought) > 1 and up * bought < 0
                divergence = -math.copysign(1, up) if parted else 0.0
            weights = 0.999 ** np.arange(len(kyle))[::-1]
            x, y = np.array([k[0] for k in kyle]), np.array([k[1] for k in kyle])
            some = np.array([one for look in looks[-n_looks:] for one in look])
            full = len(bulk) >= vpin_n
            run_known = len(prints) >= run_n
            table.append([
                *sides,
                1e4 * float(np.mean(spread[-n_spread:])) if spread else NAN,
                *([1e4 * float(v) for v in some.mean(axis=0)] if len(looks) else [NAN] * 3),
                float((weights * x * y).sum() / (weights * x * x).sum()) if len(kyle) >= 12 else NAN,
                float(np.mean(bulk[-vpin_n:])) if full else NAN,
                float(np.mean(by_trade[-vpin_n:])) if full else NAN,
                math.sqrt(sum(squares[-vpin_n:])) if full else NAN,
                float(np.mean(learned_by_trade[-10:])) if len(learned_by_trade) >= 10 else NAN,
                quantile(edges, whale_p) / 1e8 if len(edges) >= whale_n else NAN,
                z,
                float(sum(whale_flows[-whale_n:])) if len(edges) >= whale_n else NAN,
                float(side_before * run_count) if side_before else NAN,
                (float(side_before * run_volume) if run_volume * 100_000_000 >= quantile(prints, run_p) else 0.0) if run_known else NAN,
                float(sum(sweeps[-sweep_n:])) if sweeps else NAN,
                divergence,
            ])  # fmt: skip
        session_volume.append(float(sum(t.size for t in todays)))
        # A run does not outlive the session; the print that was open is never counted.
        open_print, group, group_side = 0, [], 0
    write("flow_xxx", columns, table)
    write("flow_xxx_lags", ["lag_ms", "trades", "agreed"], [[lag, c, a] for lag, c, a in zip(LAGS, counted, agreed, strict=True)])


def flow_book() -> None:
    """OFI of ten levels over recorded differences of a book, and its first component by a full eigendecomposition."""
    levels, length, n = 10, 1_000 * MS, 10
    book: tuple[dict[float, float], dict[float, float]] = ({}, {})   # bids, asks
    before: tuple[list[tuple[float, float]], list[tuple[float, float]]] | None = None
    flows: dict[int, np.ndarray] = {}
    depth: dict[int, list[float]] = {}
    learned: list[np.ndarray] = []
    mean, covariance = np.zeros(levels), np.zeros((levels, levels))
    component = np.ones(levels)
    last = None
    table: list[list[float | int]] = []
    number = 0
    weights = np.exp(-np.arange(levels) / 2)
    with gzip.open(ROOT / "data/orderbook/binance_spot_btcusdt_20240808.jsonl.gz", "rt") as file:
        for line in file:
            if "@depth" not in line and "lastUpdateId" not in line:
                continue
            at, _, text = line.partition(" ")
            message = json.loads(text)
            message = message.get("data", message)
            concerns = False
            for side, name in ((0, "bids" if "bids" in message else "b"), (1, "asks" if "asks" in message else "a")):
                for price_text, size_text in message[name]:
                    price, size = float(price_text), float(size_text)
                    if before is None or len(before[side]) < levels:
                        concerns = True
                    elif price >= before[0][-1][0] if side == 0 else price <= before[1][-1][0]:
                        concerns = True
                    if size == 0:
                        book[side].pop(price, None)
                    else:
                        book[side][price] = size
            if not concerns:
                continue
            now = int(at)
            slot = now // length
            if last is not None and slot != last and last in depth:
                x = flows[last] / np.mean(depth[last])
                a = 1 / min(len(learned) + 1, 250)
                off = x - mean
                mean = mean + a * off
                covariance = (1 - a) * (covariance + a * np.outer(off, off))
                learned.append(x)
                vector = np.linalg.eigh(covariance)[1][:, -1]
                component = vector * (1 if vector.sum() >= 0 else -1)
            last = slot
            bids = sorted(book[0].items(), reverse=True)[:levels]
            asks = sorted(book[1].items())[:levels]
            if bids and asks and bids[0][0] >= asks[0][0]:
                continue
            if before is not None:
                flow = flows.setdefault(slot, np.zeros(levels))
                for i in range(min(len(bids), len(asks), len(before[0]), len(before[1]))):
                    (pb, qb), (pa, qa) = bids[i], asks[i]
                    (pb0, qb0), (pa0, qa0) = before[0][i], before[1][i]
                    flow[i] += (pb >= pb0) * qb - (pb <= pb0) * qb0 - (pa <= pa0) * qa + (pa >= pa0) * qa0
                depth.setdefault(slot, []).append(float(np.mean([q for _, q in bids + asks])))
            before = (bids, asks)
            number += 1
            if number % 4 != 0:
                continue
            window = [s for s in flows if s > slot - n]
            total = sum((flows[s] for s in window), np.zeros(levels))
            all_depth = [d for s in window for d in depth[s]]
            if not all_depth:
                table.append([now, NAN, NAN])
                continue
            total = total / np.mean(all_depth)
            integrated = float(total @ component / np.abs(component).sum()) if len(learned) >= 20 else NAN
            table.append([now, float(total @ weights / weights.sum()), integrated])
    write("flow_book", ["at", "ofi_multi", "ofi_integrated"], table)


if __name__ == "__main__":
    flow_xxx()
    flow_book()
