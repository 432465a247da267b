"""What a user writes, for the type checker: test_types.py runs mypy over it. It is never executed."""

import datetime
from typing import Any

import robotrader


def research(folder: str) -> dict[str, Any]:
    report: robotrader.Report = robotrader.backtest(folder, settings={"data.market": "taq"}, progress=print)
    verdict: str = report.verdict
    rows: list[dict[str, Any]] = report.trades().to_pylist()
    names: list[str] = report.statistics().column_names
    return {"verdict": verdict, "rows": rows, "names": names, "sharpe": report.evidence["sharpe"]}


def read(folder: str) -> robotrader.Table:
    journal = robotrader.Journal(folder)
    numbers: list[int] = [record.number for record in journal.records("facts")]
    store = robotrader.Store(folder)
    store.read("trades", ["XXX"], start=datetime.date(2018, 1, 2), until="2018-01-03", columns="price")
    assert len(numbers) == journal.counts()["Quote"]
    return robotrader.compute(journal.table("Trade", numbers="raw"), [robotrader.Feature("rsi", period=9), "cvd"])


def live(folder: str) -> robotrader.LiveBatch:
    store = robotrader.FeatureStore(folder)
    store.join({"at": [0]}, ["mid tick"], age_max=datetime.timedelta(seconds=5))
    found: dict[str, Any] | None = store.series("XXX").as_known_at(0)
    assert found is None
    return store.live("XXX")[-1]
