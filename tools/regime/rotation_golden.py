#!/usr/bin/env python3
"""Writes tests/golden/regime/rotation_sectors.csv.gz: sector leadership and risk appetite computed anew in NumPy from the shipped
sector ETFs, for the C++ test that compares the running figures.

Needs: pip install numpy==2.2.6. Run from the repository root: tools/regime/rotation_golden.py
"""

import csv
import gzip
import io
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "tests/golden/regime"
MEMBERS = ["XLB", "XLC", "XLE", "XLI", "XLK", "XLP", "XLU", "XLV", "XLY"]
PAIRS = [("SPY", "AGG"), ("XLY", "XLP"), ("XLK", "XLU")]
LOOKBACK, MOMENTUM, SILENT = 60, 20, 5
APPETITE_LOOKBACK, HALF_LIFE, BARS_MIN = 20, 120.0, 60


def closes() -> tuple[list[str], dict[str, dict[str, float]]]:
    table: dict[str, dict[str, float]] = {}
    with gzip.open(ROOT / "data/daily/etf_sectors_ohlcv_2000_2025.csv.gz", "rt") as file:
        for row in csv.DictReader(file):
            table.setdefault(row["Date"][:10], {})[row["symbol"]] = float(row["Close"])
    return sorted(table), table


def carried(days: list[str], table: dict[str, dict[str, float]], symbol: str) -> np.ndarray:
    """Log closes; a day without one keeps the last for fewer than SILENT days."""
    out, last, silent = np.full(len(days), np.nan), np.nan, SILENT
    for t, day in enumerate(days):
        if symbol in table[day]:
            last, silent = np.log(table[day][symbol]), 0
        else:
            silent += 1
        out[t] = last if silent < SILENT else np.nan
    return out


def running(values: np.ndarray, half_life: float) -> np.ndarray:
    """Exponentially weighted mean of the values that are known, from scratch at every step."""
    out = np.full(len(values), np.nan)
    places = np.flatnonzero(np.isfinite(values))
    for t in range(len(values)):
        seen = places[places <= t]
        if len(seen):
            w = 0.5 ** (np.arange(len(seen) - 1, -1, -1) / half_life)
            out[t] = (w * values[seen]).sum() / w.sum()
    return out


def lagged(values: np.ndarray, lag: int) -> np.ndarray:
    out = np.full_like(values, np.nan)
    out[lag:] = values[lag:] - values[:-lag]
    return out


def main() -> None:
    days, table = closes()
    prices = np.stack([carried(days, table, symbol) for symbol in MEMBERS], axis=1)
    moves = lagged(prices, 1)
    count = np.isfinite(moves).sum(axis=1, keepdims=True)
    mean = np.where(np.isfinite(moves), moves, 0).sum(axis=1, keepdims=True) / np.maximum(count, 1)
    against = np.where(count >= 3, moves - mean, np.nan)
    seen = np.isfinite(against).cumsum(axis=0)
    square = np.stack([running(against[:, k] ** 2, LOOKBACK) for k in range(len(MEMBERS))], axis=1)
    long = np.where(seen >= LOOKBACK, lagged(prices, LOOKBACK), np.nan)
    known = np.isfinite(long)
    enough = known.sum(axis=1) >= 3
    long[~enough] = np.nan
    average = np.where(known, long, 0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    strength = (long - average[:, None]) / np.sqrt(square * LOOKBACK)
    momentum = lagged(strength, MOMENTUM)

    scores = []
    for risky, safe in PAIRS:
        a, b = carried(days, table, risky), carried(days, table, safe)
        ratio = a - b
        change = lagged(ratio, 1)
        size = np.sqrt(running(change**2, HALF_LIFE) * APPETITE_LOOKBACK)
        score = np.tanh(0.5 * lagged(ratio, APPETITE_LOOKBACK) / size)
        scores.append(np.where(np.isfinite(change).cumsum() >= BARS_MIN, score, np.nan))
    scores = np.stack(scores, axis=1)
    pairs_known = np.isfinite(scores).sum(axis=1)
    with np.errstate(invalid="ignore"):
        appetite = np.where(2 * pairs_known >= len(PAIRS), np.where(np.isfinite(scores), scores, 0).sum(axis=1) / np.maximum(pairs_known, 1), np.nan)
    r, s = lagged(carried(days, table, "SPY"), 1), lagged(carried(days, table, "AGG"), 1)
    both = np.isfinite(r) & np.isfinite(s)
    r, s = np.where(both, r, np.nan), np.where(both, s, np.nan)
    hedge = running(r * s, HALF_LIFE) / np.sqrt(running(r * r, HALF_LIFE) * running(s * s, HALF_LIFE))

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["date", *(f"strength_{m}" for m in MEMBERS), *(f"momentum_{m}" for m in MEMBERS), "breadth", "dispersion", "appetite", "hedge"])
    for t in range(0, len(days), 23):
        cells = [f"{x:.12g}" for x in (*strength[t], *momentum[t])]
        mine = long[t][np.isfinite(long[t])]
        breadth = (mine > 0).mean() if len(mine) >= 3 else np.nan
        dispersion = mine.std() if len(mine) >= 3 else np.nan
        writer.writerow([days[t], *cells, *(f"{x:.12g}" for x in (breadth, dispersion, appetite[t], hedge[t]))])
    with open(OUT / "rotation_sectors.csv.gz", "wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") as file:
        file.write(text.getvalue().encode())
    for day in ("2008-10-01", "2020-03-16", "2021-03-01", "2022-06-01", "2017-06-01"):
        t = next(i for i, d in enumerate(days) if d >= day)
        order = [MEMBERS[k] for k in np.argsort(-np.nan_to_num(strength[t], nan=-9))]
        print(days[t], f"appetite {appetite[t]:+.2f} hedge {hedge[t]:+.2f}", order)


if __name__ == "__main__":
    main()
