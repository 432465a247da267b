"""The same matrix computed anew by NumPy from the last rows: what one does without a running one. One question, one answer:
"N" -> median milliseconds of a full computation for N instruments."""

import sys
import time

import numpy as np

ROWS = 252  # a year of days: two half-lives
KEEP = 0.5 ** (1 / 63)


def full(returns: np.ndarray, weights: np.ndarray) -> np.ndarray:
    z = np.empty_like(returns)
    variance, weight = np.zeros(returns.shape[1]), 0.0
    for t, row in enumerate(returns):
        variance = KEEP * variance + (1 - KEEP) * row * row
        weight = KEEP * weight + (1 - KEEP)
        z[t] = row / np.sqrt(variance / weight)
    s = (z * weights[:, None]).T @ z / weights.sum()
    d = np.sqrt(np.diag(s))
    c = s / np.outer(d, d)
    n = len(c)
    pairs = n * (n - 1)
    average = (c.sum() - n) / pairs
    error = (((1 - c * c) ** 2).sum()) * (weights**2).sum() / weights.sum() ** 2
    spread = ((c - average) ** 2).sum() - n * (1 - average) ** 2
    shrinkage = min(1.0, error / spread)
    c = (1 - shrinkage) * c + shrinkage * average
    np.fill_diagonal(c, 1)
    return c


def main() -> None:
    random = np.random.default_rng(7)
    print(f"numpy {np.__version__}", flush=True)
    for line in sys.stdin:
        n = int(line)
        returns = 0.01 * random.standard_normal((ROWS, n))
        weights = 0.5 ** (np.arange(ROWS - 1, -1, -1) / 126)
        times = []
        for _ in range(3):
            start = time.perf_counter()
            full(returns, weights)
            times.append(time.perf_counter() - start)
        print(sorted(times)[1] * 1e3, flush=True)


if __name__ == "__main__":
    main()
