"""Every file under data/ is listed with its size, hash and licence text, and the whole stays below 25 MB."""

import csv
import hashlib
import sys
from pathlib import Path

LIMIT_BYTES = 25 * 1000 * 1000
UNLISTED_BY_DESIGN = ("MANIFEST.csv", "README.md", "licences/", "calendars/", "fees/", "faults/")


def faults(data: Path) -> list[str]:
    found: list[str] = []
    with open(data / "MANIFEST.csv", newline="") as manifest:
        rows = list(csv.DictReader(manifest))
    if not rows:
        return ["MANIFEST.csv lists nothing"]
    for row in rows:
        path = data / row["path"]
        if not path.is_file():
            found.append(f"{row['path']}: listed but missing")
            continue
        content = path.read_bytes()
        if len(content) != int(row["bytes"]):
            found.append(f"{row['path']}: {len(content)} bytes, listed as {row['bytes']}")
        if hashlib.sha256(content).hexdigest() != row["sha256"]:
            found.append(f"{row['path']}: SHA-256 differs from the list")
        if row["rights"] not in ("A", "B", "B-GPL"):
            found.append(f"{row['path']}: rights '{row['rights']}' are not known")
        texts = row["licence_files"].split()
        if not texts:
            found.append(f"{row['path']}: no licence text named")
        for text in texts:
            if not (data / text).is_file() or (data / text).stat().st_size < 200:
                found.append(f"{row['path']}: licence text {text} is missing")
        if row["rights"] == "B-GPL" and not any("GPL" in text for text in texts):
            found.append(f"{row['path']}: GPL data without the GPL's text")
        if row["source_repository"] not in (data / "licences/NOTICE.md").read_text():
            found.append(f"{row['path']}: source {row['source_repository']} is not in licences/NOTICE.md")
    listed = {row["path"] for row in rows}
    total = 0
    for path in sorted(data.rglob("*")):
        if not path.is_file():
            continue
        total += path.stat().st_size
        name = path.relative_to(data).as_posix()
        if name not in listed and not name.startswith(UNLISTED_BY_DESIGN):
            found.append(f"{name}: present but not in MANIFEST.csv")
    if total > LIMIT_BYTES:
        found.append(f"data/ holds {total} bytes, more than {LIMIT_BYTES}")
    return found


def main() -> int:
    data = Path(sys.argv[1])
    found = faults(data)
    for fault in found:
        print(fault)
    print(f"{len(found)} faults in {data.name}/")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
