#!/usr/bin/env python3
"""Writes tests/golden/features/*.csv.gz: what TA-Lib says about shipped data, for the C++ test that compares.

Needs: pip install TA-Lib numpy (the wheel brings the C library). Run from the repository root: tools/features/talib_golden.py
The files are checked in; run this only to change the set. Output is byte for byte the same for the same TA-Lib.
"""
import csv
import gzip
import io
import itertools
import sys
from pathlib import Path

import numpy as np
import talib

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "tests/golden/features"


def shipped(path: str, rows: int) -> np.ndarray:
    with gzip.open(ROOT / "data" / path, "rt") as file:
        reader = csv.DictReader(file)
        picked = itertools.islice(reader, rows)
        return np.array([[float(row[name]) for name in ("open", "high", "low", "close", "volume")] for row in picked])


def standstill() -> np.ndarray:
    """Bars that stop moving, jump, and stop again: where the zero rules of RSI, ADX and Bollinger show."""
    closes = [50.0] * 40 + [51.0] + [51.0] * 60 + [50.5, 50.0, 49.5] + [49.5] * 50 + [50 + i % 3 for i in range(60)]
    return np.array([[c, c, c, c, 100.0] for c in closes])


def columns(bars: np.ndarray) -> dict[str, np.ndarray]:
    high, low, close = bars[:, 1].copy(), bars[:, 2].copy(), bars[:, 3].copy()
    out: dict[str, np.ndarray] = {}
    for n in (2, 5, 20, 50):
        out[f"ema_{n}"] = talib.EMA(close, n)
    for n in (2, 7, 14, 21):
        out[f"rsi_{n}"] = talib.RSI(close, n)
    for fast, slow, signal in ((12, 26, 9), (3, 10, 16)):
        macd, line, histogram = talib.MACD(close, fast, slow, signal)
        out[f"macd_{fast}_{slow}_{signal}"] = macd
        out[f"macd_signal_{fast}_{slow}_{signal}"] = line
        out[f"macd_histogram_{fast}_{slow}_{signal}"] = histogram
    for n in (2, 7, 14):
        out[f"atr_{n}"] = talib.ATR(high, low, close, n)
        out[f"adx_{n}"] = talib.ADX(high, low, close, n)
        out[f"plus_di_{n}"] = talib.PLUS_DI(high, low, close, n)
        out[f"minus_di_{n}"] = talib.MINUS_DI(high, low, close, n)
    for n in (5, 20):
        upper, mid, lower = talib.BBANDS(close, n, 2.0, 2.0, 0)
        out[f"bollinger_upper_{n}"] = upper
        out[f"bollinger_mid_{n}"] = mid
        out[f"bollinger_lower_{n}"] = lower
    for n in (5, 20, 55):
        out[f"donchian_high_{n}"] = talib.MAX(high, n)
        out[f"donchian_low_{n}"] = talib.MIN(low, n)
    return out


def write(name: str, bars: np.ndarray) -> None:
    values = columns(bars)
    text = io.StringIO()
    print(",".join(["open", "high", "low", "close", "volume", *values]), file=text)
    for i, bar in enumerate(bars):
        row = [repr(float(x)) for x in bar] + [f"{v[i]:.15g}" if v[i] == v[i] else "" for v in values.values()]
        print(",".join(row), file=text)
    path = OUT / f"{name}.csv.gz"
    path.write_bytes(gzip.compress(text.getvalue().encode(), 9, mtime=0))
    print(f"{path.relative_to(ROOT)}: {len(bars)} bars, {len(values)} columns, {path.stat().st_size} bytes")


def main() -> int:
    print(f"TA-Lib {talib.__version__} (C library {talib.__ta_version__.decode()})")
    OUT.mkdir(parents=True, exist_ok=True)
    write("talib_msft_daily", shipped("daily/MSFT_ohlcv_1990_2022.csv.gz", 400))
    write("talib_spy_1min", shipped("equity_intraday/SPY_1min_2020-12-15_18.csv.gz", 400))
    write("talib_standstill", standstill())
    return 0


if __name__ == "__main__":
    sys.exit(main())
