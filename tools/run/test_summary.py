"""Counts and the slowest tests out of ctest's JUnit file, and the output of those that failed."""

import sys
import xml.etree.ElementTree as ET

SLOWEST = 5
OUTPUT_LINES = 25


def main() -> int:
    cases = ET.parse(sys.argv[1]).getroot().findall("testcase")
    failed = [c for c in cases if c.get("status") == "fail" or c.find("failure") is not None]
    skipped = [c for c in cases if c.find("skipped") is not None or c.get("status") in ("notrun", "disabled")]
    for case in failed:
        print(f"\n  FAILED  {case.get('name')}")
        output = (case.findtext("system-out") or "").rstrip().splitlines()
        if len(output) > OUTPUT_LINES:
            print("    ...")
        for line in output[-OUTPUT_LINES:]:
            print(f"    {line}")
    for case in skipped:
        print(f"  not run  {case.get('name')}")
    if failed or skipped:
        print()
    passed = len(cases) - len(failed) - len(skipped)
    slowest = sorted(cases, key=lambda c: -float(c.get("time") or 0))[:SLOWEST]
    print(f"  {'counts':<10} {passed} passed, {len(failed)} failed, {len(skipped)} not run")
    for index, case in enumerate(slowest):
        print(f"  {'slowest' if index == 0 else '':<10} {float(case.get('time') or 0):7.2f} s  {case.get('name')}")
    return 1 if failed or skipped or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
