"""Holidays and half days of NYSE 1998-2028 and the short days of CME equity futures 2009-2026 against an independent list."""

import json
import sys
from datetime import date
from pathlib import Path

# Where the other list is wrong or silent: a Sunday; planned half days it lacks; mourning and a storm it does not know.
NYSE_HALF_DAYS_THEY_MISS = {"1999-11-26"}
NYSE_HALF_DAYS_THEY_INVENT = {"2017-12-24"}
CME_SHORT_DAYS_THEY_MISS = {"2012-10-29", "2012-10-30", "2018-12-05", "2023-07-03", "2024-07-03", "2024-11-29", "2025-01-09"}


def iso(american: str) -> str:
    month, day, year = american.split("/")
    return f"{year}-{int(month):02}-{int(day):02}"


def ours(path: Path) -> tuple[set[str], dict[str, str]]:
    closed: set[str] = set()
    early: dict[str, str] = {}
    for line in path.read_text().splitlines():
        cells = line.split(",")
        if cells[0] == "closed":
            closed.add(cells[1])
        elif cells[0] == "early":
            early[cells[1]] = cells[2]
    return closed, early


def between(days: set[str], first: str, last: str) -> set[str]:
    return {day for day in days if first <= day <= last}


def main() -> int:
    data = Path(sys.argv[1])
    theirs = json.loads((data / "reference/market_hours_us.json").read_text())["entries"]
    faults: list[str] = []

    closed, early = ours(data / "calendars/NYSE.csv")
    stocks = theirs["Equity-usa-[*]"]
    holidays = {iso(day) for day in stocks["holidays"] if date.fromisoformat(iso(day)).weekday() < 5}
    faults += [f"NYSE holiday {day}" for day in sorted(between(closed, "1998-01-01", "2028-12-31") ^ holidays)]
    half = ({iso(day) for day in stocks["earlyCloses"]} | NYSE_HALF_DAYS_THEY_MISS) - NYSE_HALF_DAYS_THEY_INVENT
    faults += [f"NYSE half day {day}" for day in sorted(between(set(early), "1999-11-01", "2028-12-31") ^ half ^ {"1999-12-31"})]

    closed, early = ours(data / "calendars/CME.csv")
    futures = {iso(day): time for day, time in theirs["Future-cme-ES"]["earlyCloses"].items() if time != "17:00:00"}
    in_new_york = {day: f"{int(stop[:2]) + 1:02}{stop[2:]}:00" for day, stop in early.items()}
    short = between(set(in_new_york), "2009-01-01", "2026-12-31") - CME_SHORT_DAYS_THEY_MISS
    # Their list of the years to come is not complete; ours must hold what theirs has.
    for day in sorted(short | set(futures)):
        if in_new_york.get(day) != futures.get(day):
            faults.append(f"CME {day}: ours {in_new_york.get(day)}, theirs {futures.get(day)}")

    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
