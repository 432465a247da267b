#!/usr/bin/env python3
"""Writes tests/golden/risk/correlation_etf18.csv.gz: the iterated EWMA correlation matrix computed anew from all days before each
of some days, in NumPy, for the C++ test that compares the running one.

Needs: pip install numpy==2.2.6. Run from the repository root: tools/risk/correlation_golden.py
"""

import csv
import gzip
import io
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "tests/golden/risk"
VOLATILITY_HALF_LIFE, CORRELATION_HALF_LIFE, BARS_MIN = 63.0, 126.0, 20
DAYS = (45, 120, 600, 2000, 4192)


def shipped() -> np.ndarray:
    with gzip.open(ROOT / "data/daily/etf18_returns_2006_2022.csv.gz", "rt") as file:
        return np.array([[float(cell) for cell in row[1:]] for row in list(csv.reader(file))[1:]])


def with_holes(returns: np.ndarray) -> np.ndarray:
    t, k = np.indices(returns.shape)
    out = returns.copy()
    out[(7 * t + 13 * k) % 11 == 0] = np.nan  # every eleventh return of each, not on the same day
    out[:900, 3] = np.nan  # listed later
    return out


def matrix(returns: np.ndarray) -> tuple[np.ndarray, np.ndarray, float, float]:
    """Volatilities, shrunk correlations, their mean, the shrinkage: as after the last row."""
    days, n = returns.shape
    volatility = np.full(n, np.nan)
    z = np.full((days, n), np.nan)
    for k in range(n):
        rows = np.flatnonzero(np.isfinite(returns[:, k]))
        x = returns[rows, k]
        for place in range(len(rows)):
            w = 0.5 ** (np.arange(place, -1, -1) / VOLATILITY_HALF_LIFE)
            sigma = np.sqrt((w * x[: place + 1] ** 2).sum() / w.sum())
            if place >= BARS_MIN:
                z[rows[place], k] = x[place] / sigma
            if place + 1 >= BARS_MIN:
                volatility[k] = sigma
    learns = np.flatnonzero(np.isfinite(z).any(axis=1))  # a day on which nobody could be used does not age the others
    z = z[learns]
    w = 0.5 ** (np.arange(len(z) - 1, -1, -1) / CORRELATION_HALF_LIFE)
    both = np.isfinite(z).astype(float)
    filled = np.where(np.isfinite(z), z, 0.0)
    weight = (both * w[:, None]).T @ both
    product = (filled * w[:, None]).T @ filled
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = product / weight
        d = np.sqrt(np.diag(mean))
        c = np.clip(mean / np.outer(d, d), -1, 1)
    least = (0.5 ** (np.arange(BARS_MIN) / CORRELATION_HALF_LIFE)).sum() * (1 - 1e-9)
    c[weight < least] = np.nan
    pairs = c[np.tril_indices(n, -1)]
    pairs = pairs[np.isfinite(pairs)]
    average = pairs.mean()
    error = ((1 - pairs**2) ** 2).sum() * (w**2).sum() / w.sum() ** 2
    shrinkage = min(1.0, error / ((pairs - average) ** 2).sum())
    shrunk = (1 - shrinkage) * c + shrinkage * average
    np.fill_diagonal(shrunk, np.where(np.isfinite(np.diag(c)), 1.0, np.nan))
    return volatility, shrunk, average, shrinkage


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["set", "day", "i", "j", "value"])
    for name, returns in (("whole", shipped()), ("holes", with_holes(shipped()))):
        for day in DAYS:
            volatility, c, average, shrinkage = matrix(returns[: day + 1])
            n = len(volatility)
            writer.writerow([name, day, "average", "", repr(float(average))])
            writer.writerow([name, day, "shrinkage", "", repr(float(shrinkage))])
            for i in range(n):
                writer.writerow([name, day, i, "volatility", repr(float(volatility[i]))])
                for j in range(i + 1):
                    writer.writerow([name, day, i, j, f"{c[i, j]:.15g}"])
            print(name, day, average, shrinkage)
    with open(OUT / "correlation_etf18.csv.gz", "wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") as file:
        file.write(text.getvalue().encode())


if __name__ == "__main__":
    main()
