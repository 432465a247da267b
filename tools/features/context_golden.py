#!/usr/bin/env python3
"""Writes tests/golden/features/context_*.csv.gz: price context and volume over shipped data, computed a second time from the
rules of docs/features.md over whole lists, for the C++ test that compares what the stream says row by row.

Needs: pip install numpy. Run from the repository root: tools/features/context_golden.py
The files are checked in; run this only to change the set.
"""

import csv
import gzip
import io
import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "tests/golden/features"
NAN = math.nan
MINUTE = 60_000_000_000
UNIT = 100_000_000  # a share in raw quantity


def rows(path: str) -> list[dict[str, str]]:
    with gzip.open(ROOT / "data/equity_intraday" / path, "rt") as file:
        return list(csv.DictReader(file))


def nanoseconds(text: str) -> int:
    whole = datetime.strptime(text[:19].replace(" ", "T"), "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC)
    return int(whole.timestamp()) * 1_000_000_000 + int(text[20:26].ljust(6, "0") or 0) * 1_000


def write(name: str, header: list[str], table: list[list[float | int]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    for row in table:
        writer.writerow("" if isinstance(x, float) and math.isnan(x) else repr(x) if isinstance(x, float) else x for x in row)
    with gzip.GzipFile(OUT / name, "wb", mtime=0) as file:
        file.write(text.getvalue().encode())


# ---- bars: levels, unusual volume --------------------------------------------------------------------------------------------


def average_true_range(high: np.ndarray, low: np.ndarray, close: np.ndarray, n: int) -> np.ndarray:
    out = np.full(len(close), NAN)
    ranges = np.maximum(high[1:], close[:-1]) - np.minimum(low[1:], close[:-1])
    if len(ranges) >= n:
        value = ranges[:n].mean()
        out[n] = value
        for i in range(n, len(ranges)):
            value += (ranges[i] - value) / n
            out[i + 1] = value
    return out


def levels(high: np.ndarray, low: np.ndarray, close: np.ndarray, volume: np.ndarray, days: list[int], n: int) -> list[list[float]]:
    atr = average_true_range(high, low, close, 14)
    heights = np.cumsum(high - low) / np.arange(1, len(high) + 1)
    known: list[dict[str, float | list[tuple[int, float]]]] = []
    out: list[list[float]] = []
    pivot_high = pivot_low = NAN

    def strength(level: dict, now: int) -> float:
        return len(level["touches"]) * sum(share * math.exp(-(now - at) / (50 * n)) for at, share in level["touches"])

    def touch(price: float, share: float, now: int) -> None:
        reach = 0.25 * (heights[now] if math.isnan(atr[now]) else atr[now])
        near = [level for level in known if abs(level["price"] - price) <= reach]
        if near:
            level = min(near, key=lambda item: abs(item["price"] - price))
        elif len(known) < 32:
            level = {"price": 0.0, "touches": []}
            known.append(level)
        else:
            level = min(known, key=lambda item: strength(item, now))
            level["price"], level["touches"] = 0.0, []
        level["touches"].append((now, share))
        level["price"] += (price - level["price"]) / len(level["touches"])

    for i in range(len(close)):
        if i > 0 and days[i] != days[i - 1]:
            first = days.index(days[i - 1])
            if i - first > 1:
                for price in (high[first:i].max(), low[first:i].min(), close[i - 1]):
                    touch(price, 1.0, i)
        c = i - n
        if c >= n:
            share = volume[c] / volume[max(0, i - 2 * n) : i + 1].mean()
            turned_high = high[c] > high[c - n : c].max() and high[c] >= high[c + 1 : i + 1].max()
            turned_low = low[c] < low[c - n : c].min() and low[c] <= low[c + 1 : i + 1].min()
            if turned_high:
                pivot_high = high[c]
                touch(pivot_high, share, i)
            if turned_low:
                pivot_low = low[c]
                touch(pivot_low, share, i)
        below = [level for level in known if level["price"] <= close[i]]
        above = [level for level in known if level["price"] > close[i]]
        support = max(below, key=lambda item: item["price"]) if below else None
        resistance = min(above, key=lambda item: item["price"]) if above else None
        out.append(
            [
                *((support["price"], strength(support, i)) if support else (NAN, NAN)),
                *((resistance["price"], strength(resistance, i)) if resistance else (NAN, NAN)),
                pivot_high,
                pivot_low,
            ]
        )
    return out


def usual(volume: np.ndarray, slots: list[int], days: list[int], n_days: int) -> list[list[float]]:
    """Ratio to the mean and deviations from it of the same slot on the days before; quiet slots before a bar count as 0."""
    past: dict[int, list[float]] = defaultdict(list)
    out = []
    last_slot, last_day = -1, None
    for v, slot, day in zip(volume, slots, days, strict=True):
        if day != last_day:
            last_slot, last_day = slot - 1, day
        for quiet in range(last_slot + 1, slot):
            past[quiet].append(0.0)
        last_slot = slot
        history = past[slot]
        mean = variance = 0.0
        for k, x in enumerate(history):  # the mean of the days so far; beyond n_days older ones fade
            alpha = 1 / min(k + 1, n_days)
            variance = (1 - alpha) * (variance + alpha * (x - mean) ** 2)
            mean += alpha * (x - mean)
        ratio = v / mean if history and mean > 0 else NAN
        z = (v - mean) / math.sqrt(variance) if len(history) >= 5 and variance > 0 else NAN
        out.append([ratio, z])
        history.append(v)
    return out


def bars() -> None:
    data = [r for r in rows("us24_15min_to_2019-02-15.csv.gz") if r["symbol"] == "AAPL"]
    data.sort(key=lambda r: r["datetime"])
    starts = [nanoseconds(r["datetime"]) - 15 * MINUTE for r in data]  # the file gives the end of a bar
    high, low, close, volume = (np.array([float(r[name]) for r in data]) for name in ("high", "low", "close", "volume"))
    days = [at // (1440 * MINUTE) for at in starts]
    slots = [(at - 9 * 60 * MINUTE - 30 * MINUTE - day * 1440 * MINUTE) // (15 * MINUTE) for at, day in zip(starts, days, strict=True)]
    found = levels(high, low, close, volume, days, 5)
    against_days = usual(volume, slots, days, 20)
    table = []
    for i in range(len(data)):
        before = volume[max(0, i - 20) : i]
        z = (volume[i] - before.mean()) / before.std() if i >= 20 and before.std() > 0 else NAN
        ratio, of_day = against_days[i]
        unusual = of_day if math.isnan(z) else z if math.isnan(of_day) else max(z, of_day)
        table.append([starts[i], high[i].item(), low[i].item(), close[i].item(), volume[i].item(), *map(float, found[i]), float(z), float(ratio), float(of_day), float(unusual)])
    write(
        "context_bars.csv.gz",
        ["start", "high", "low", "close", "volume", "support", "support_strength", "resistance", "resistance_strength", "pivot_high", "pivot_low", "volume_z", "relative_volume",
         "volume_z_of_day", "unusual_activity"],
        table,
    )


# ---- prints: profile, off-exchange, blocks -----------------------------------------------------------------------------------


class Profile:
    """Volume by tick of a cent; areas and nodes are drawn when 1/64 of the volume is new, after range / 16 trades at the earliest."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.volume: dict[int, int] = defaultdict(int)
        self.fresh = self.trades = 0
        self.area = (NAN, NAN)
        self.nodes_due = False
        self.hills: list[int] = []
        self.valleys: list[int] = []

    @property
    def poc(self) -> int | None:
        return min(self.volume, key=lambda t: (-self.volume[t], t)) if self.volume else None

    def add(self, tick: int, size: int) -> None:
        self.volume[tick] += size
        self.fresh += size
        self.trades += 1
        if self.fresh >= sum(self.volume.values()) >> 6 and self.trades >= (max(self.volume) - min(self.volume) + 1) >> 4:
            self.fresh = self.trades = 0
            self.draw_area()
            self.nodes_due = True
            if max(self.volume) - min(self.volume) + 1 < 64:
                self.draw_nodes()
        elif self.nodes_due:
            self.draw_nodes()

    def draw(self) -> None:
        self.fresh = self.trades = 0
        self.draw_area()
        self.draw_nodes()

    def around(self) -> tuple[int, int, dict[int, int]]:
        low_end, high_end = min(self.volume), max(self.volume)
        return low_end, high_end, {t: self.volume.get(t, 0) for t in range(low_end - 7, high_end + 8)}

    def draw_area(self) -> None:
        low_end, high_end, at = self.around()
        total = sum(self.volume.values())
        poc = self.poc
        assert poc is not None
        low = high = poc
        inside = at[poc]
        while inside * 10 < total * 7 and (low > low_end or high < high_end):
            up, down = at[high + 1] + at[high + 2], at[low - 1] + at[low - 2]
            if high < high_end and (low == low_end or up >= down):
                inside, high = inside + up, min(high + 2, high_end)
            else:
                inside, low = inside + down, max(low - 2, low_end)
        self.area = (high, low)

    def draw_nodes(self) -> None:
        self.nodes_due = False
        low_end, high_end, at = self.around()
        total = sum(self.volume.values())
        mean = total // (high_end - low_end + 1)
        self.hills, self.valleys = [], []
        for t in range(low_end, high_end + 1):
            below = [at[t - d] for d in range(1, 6) if t - d >= low_end - 7]
            above = [at[t + d] for d in range(1, 6)]
            if at[t] > 0 and at[t] >= mean and at[t] > max(below) and at[t] >= max(above):
                self.hills.append(t)
            if low_end + 5 <= t <= high_end - 5 and at[t] <= mean // 2 and at[t] < min(below) and at[t] <= min(above):
                self.valleys.append(t)

    def values(self) -> list[float]:
        poc = self.poc
        return [NAN if poc is None else poc / 100, self.area[0] / 100, self.area[1] / 100]

    def nodes(self, tick: int) -> list[float]:
        out = []
        for found in (self.hills, self.valleys):
            up, down = bisect_right(found, tick), bisect_left(found, tick)
            out += [found[up] / 100 if up < len(found) else NAN, found[down - 1] / 100 if down > 0 else NAN]
        return out


LATE, NOT_LAST, AUCTION, NOT_VOLUME, EXTENDED = set("UZGPL"), set("IQM9UZGPBW47VRNCH"), set("O56QM9"), set("QM9"), set("TU")


def prints() -> None:
    tape = [r for r in rows("taq_XXX_trades_raw_2018-01-02_03.csv.gz") if r["CORR"] in ("0", "1", "2")]
    tape = sorted(((nanoseconds(r["DT"]), i, r) for i, r in enumerate(tape)), key=lambda x: x[:2])
    n = 30
    session, rolling = Profile(), Profile()
    by_minute: dict[int, list[tuple[int, int]]] = {}
    seen: list[dict] = []
    recent: list[tuple[int, int, bool, bool]] = []  # minute, size, off exchange, fresh block: of everything that counts and is not late
    blocks: list[tuple[int, int, bool]] = []
    off = every = block_volume = block_off = block_count = 0
    share_30 = NAN
    block_30 = [NAN, NAN, NAN]
    date = None
    table = []
    for number, (at, _, r) in enumerate(tape, 1):
        if r["DT"][:10] != date:
            date = r["DT"][:10]
            session.clear()
            seen = []
            off = every = block_volume = block_off = block_count = 0
        letters = set(r["COND"])
        price, size = float(r["PRICE"]), int(r["SIZE"])
        tick = int(round(price * 10_000)) // 100
        clock, minute = r["DT"][11:19], at // MINUTE
        late = bool(letters & LATE)
        regular = not letters & EXTENDED and ("09:30:00" <= clock < "16:00:00" or bool(letters & AUCTION))
        counts = not letters & NOT_VOLUME
        sets_last = not letters & NOT_LAST and not late
        averages = counts and not late and (sets_last or "I" in letters)
        trf = r["EX"] == "D"
        if counts:
            block = not letters & AUCTION and (size >= 10_000 or price * size >= 200_000)
            new = True
            if block:
                again = next((s for s in seen if late and s["key"] == (price, size) and not s["again"]), None)
                if again:
                    again["again"], new = True, False
                else:
                    seen.append({"key": (price, size), "again": False})
            if regular and averages:
                session.add(tick, size * UNIT)
                if minute not in by_minute:
                    gone = [m for m in by_minute if m <= minute - n]
                    for m in gone:
                        for t, s in by_minute.pop(m):
                            rolling.volume[t] -= s
                            if rolling.volume[t] == 0:
                                del rolling.volume[t]
                    if gone and rolling.volume:
                        rolling.draw()
                    elif gone:
                        rolling.clear()
                    by_minute[minute] = []
                by_minute[minute].append((tick, size * UNIT))
                rolling.add(tick, size * UNIT)
            if new:
                every += size
                off += size if trf else 0
            if not late:
                recent.append((minute, size, trf, False))
                recent = [x for x in recent if x[0] > minute - n]
                whole = sum(x[1] for x in recent)
                share_30 = sum(x[1] for x in recent if x[2]) / whole
            if block and new:
                block_volume += size
                block_off += size if trf else 0
                block_count += 1
                if averages:
                    blocks.append((minute, size, trf))
            blocks = [x for x in blocks if x[0] > minute - n]
            block_30 = [float(sum(x[1] for x in blocks)), float(len(blocks)), float(sum(x[1] for x in blocks if x[2]))]
        last_of_day = number == len(tape) or tape[number][2]["DT"][:10] != date
        if number % 97 == 0 or last_of_day:
            nodes_at = session.nodes(last_tick) if session.volume else [NAN] * 4
            if regular and averages and counts:
                nodes_at = session.nodes(tick)
            table.append(
                [number, *session.values(), *rolling.values(), *nodes_at, off / every if every else NAN, share_30, float(block_volume) if every else NAN,
                 float(block_count) if every else NAN, float(block_off) if every else NAN, *block_30]
            )
        if regular and averages and counts:
            last_tick = tick
    write(
        "context_xxx.csv.gz",
        ["trade", "poc", "value_area_high", "value_area_low", "poc_30", "value_area_high_30", "value_area_low_30", "hvn_above", "hvn_below", "lvn_above", "lvn_below",
         "off_exchange_share", "off_exchange_share_30", "block_volume", "block_count", "off_exchange_block_volume", "block_volume_30", "block_count_30", "off_exchange_block_volume_30"],
        table,
    )


bars()
prints()
