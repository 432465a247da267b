"""The rows of all benchmarks as a table for people, and as one JSON array where a file is named."""

import json
import os
import sys


def figure(value: float | None) -> str:
    if value is None:
        return ""
    if value != 0 and (abs(value) >= 1e6 or abs(value) < 1e-3):
        return f"{value:.3g}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def main() -> int:
    with open(sys.argv[1], encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    color = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    head = ("name", "median", "p99", "max", "unit", "ratio", "rival", "bar", "")
    table = [head]
    for row in rows:
        rival = f"{row['rival']} {row['rival_version']}".strip()
        if row["rival_figure"] is not None:
            rival += f" {figure(row['rival_figure'])}"
        met = "" if row["met"] is None else "met" if row["met"] else "NOT MET"
        ratio = "" if row["ratio"] is None else figure(row["ratio"]) + "x"
        table.append((row["name"], figure(row["median"]), figure(row["p99"]), figure(row["max"]), row["unit"], ratio, rival, row["bar"], met))
    width = [max(len(line[i]) for line in table) for i in range(len(head))]
    for line in table:
        cells = [c.rjust(w) if i in (1, 2, 3, 5) else c.ljust(w) for i, (c, w) in enumerate(zip(line, width))]
        text = "  " + "  ".join(cells).rstrip()
        if color and line[-1] in ("met", "NOT MET"):
            shade = "\x1b[32m" if line[-1] == "met" else "\x1b[31m"
            text = text[: -len(line[-1])] + shade + line[-1] + "\x1b[0m"
        print(text)
    slow = max((row["machine_slowdown"] for row in rows), default=1.0)
    if slow > 1.15:
        print(f"\n  The calibration loop ran up to {slow:.2f}x slower than at its best: the machine was busy. Trust ratios, not times.")
    barred = [row for row in rows if row["met"] is not None]
    print(f"\n  {len(rows)} rows, {sum(row['met'] for row in barred)} of {len(barred)} bars met")
    if len(sys.argv) > 2 and sys.argv[2]:
        with open(sys.argv[2], "w", encoding="utf-8") as out:
            json.dump(rows, out, indent=1)
            out.write("\n")
        print(f"  rows  {sys.argv[2]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
