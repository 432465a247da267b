#!/usr/bin/env python3
"""Writes tests/golden/regime/hmm_sp500.csv.gz: what hmmlearn says about the S&P 500, for the C++ tests that compare.

Needs: pip install hmmlearn==0.3.3 numpy (see the versions below). Run from the repository root: tools/regime/hmm_golden.py
The estimates are hmmlearn's; the filtered probabilities are written here from the model's definition, because hmmlearn's own
predict_proba is smoothed. The files are checked in; run this only to change the set.
"""

import csv
import gzip
import io
import math
from pathlib import Path

import numpy as np
from hmmlearn.hmm import GaussianHMM

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "tests/golden/regime"


def daily_returns() -> tuple[list[str], np.ndarray]:
    with gzip.open(ROOT / "data/daily/index_SP500_close_1950_2015.csv.gz", "rt") as file:
        rows = [(row[0], float(row[1])) for row in list(csv.reader(file))[1:]]
    closes = np.array([close for _, close in rows])
    return [date for date, _ in rows[1:]], np.diff(np.log(closes))


def fit(values: np.ndarray, states: int) -> tuple[GaussianHMM, float]:
    best, best_ll = None, -math.inf
    for seed in range(6):
        model = GaussianHMM(
            states, "full", n_iter=3000, tol=1e-6, random_state=seed, min_covar=1e-12, covars_prior=0, covars_weight=0,
            means_prior=0, means_weight=0, transmat_prior=1, startprob_prior=1,
        )
        model.fit(values.reshape(-1, 1))
        ll = model.score(values.reshape(-1, 1))
        if ll > best_ll:
            best, best_ll = model, ll
    return best, best_ll


def filtered(values: np.ndarray, start: np.ndarray, move: np.ndarray, mean: np.ndarray, deviation: np.ndarray) -> np.ndarray:
    out = np.empty((len(values), len(mean)))
    p = None
    for t, value in enumerate(values):
        prior = start if p is None else p @ move
        density = np.exp(-0.5 * ((value - mean) / deviation) ** 2) / deviation / math.sqrt(2 * math.pi)
        p = prior * density
        p /= p.sum()
        out[t] = p
    return out


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    dates, returns = daily_returns()
    past = np.array([date < "1990" for date in dates])
    models: list[list[str]] = [["set", "states", "log_likelihood", "state", "start", "mean", "deviation", "to_0", "to_1", "to_2"]]
    columns: dict[str, np.ndarray] = {}
    for name, values in (("all", returns), ("to_1989", returns[past])):
        for states in (2, 3):
            model, ll = fit(values, states)
            order = np.argsort(model.covars_[:, 0, 0])
            start, mean = model.startprob_[order], model.means_[order, 0]
            deviation = np.sqrt(model.covars_[order, 0, 0])
            move = model.transmat_[np.ix_(order, order)]
            print(name, states, ll, mean * 252, deviation * math.sqrt(252), np.diag(move))
            for i in range(states):
                cells = [*move[i], *[0.0] * (3 - states)]
                models.append([name, str(states), repr(float(ll)), str(i), *(repr(float(x)) for x in (start[i], mean[i], deviation[i], *cells))])
            if name == "to_1989":
                for i, column in enumerate(filtered(returns, start, move, mean, deviation).T):
                    columns[f"p{i}_of_{states}"] = column
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(models)
    (OUT / "hmm_sp500_models.csv").write_text(text.getvalue())
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["date", *columns])
    for t in range(0, len(dates), 7):
        writer.writerow([dates[t], *(f"{column[t]:.12g}" for column in columns.values())])
    with open(OUT / "hmm_sp500_filtered.csv.gz", "wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") as file:
        file.write(text.getvalue().encode())


if __name__ == "__main__":
    main()
