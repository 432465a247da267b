"""Golden back-tests: the same days give the same commands, to the bit, and the same statistics.

After a wanted change of behaviour: ROBO_UPDATE_GOLDEN=1 python3 -m unittest test_backtests, and say in the commit why.
"""

import json
import os
import re

import robot

GOLDEN = robot.ROOT / "tests" / "golden" / "backtests"


class Backtests(robot.Case):
    def check(self, name):
        out = self.folder / name
        config = self.folder / f"{name}.toml"
        text = (robot.ROOT / "config" / "backtest" / f"{name}.toml").read_text()
        config.write_text(f'state = "{self.folder}/var"\n' + text)
        done = robot.run("backtest", config, "--out", out, check=0)
        commands = re.search(r"commands ([0-9a-f]{16}), twice the same", done.stdout)
        self.assertTrue(commands, done.stdout)
        report = json.loads((out / "report.json").read_text())
        told = {"commands": commands[1], "events": report["events"], "orders": report["trades"]["orders"], "fills": report["fills_total"],
                "end_equity": round(report["end_equity"], 2), "commissions": round(report["costs"]["commissions"], 2), "verdict": report["verdict"]}
        golden = GOLDEN / f"{name}.json"
        if os.environ.get("ROBO_UPDATE_GOLDEN"):
            golden.write_text(json.dumps(told, indent=2) + "\n")
        self.assertEqual(told, json.loads(golden.read_text()))
        page = (out / "report.html").read_text()
        self.assertNotRegex(page, r'(src|href)="https?://', "the page asks nobody for anything")
        self.assertIn(report["verdict"], done.stdout)

    def test_us24(self):
        self.check("us24")

    def test_taq(self):
        self.check("taq")

    def test_crypto(self):
        self.check("crypto")


if __name__ == "__main__":
    robot.unittest.main()
