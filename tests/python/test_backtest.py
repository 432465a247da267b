"""A back-test from Python is the program's, and its report is tables."""

import json
import os
import threading
import time
import unittest

import pyarrow
import robotrader
from recorded import ROOT, Recorded

CONFIG = "config/backtest/crypto.toml"


class Backtests(Recorded):
    def test_the_report_is_that_of_the_program(self) -> None:
        # The program ran once before: its ledger is ours, where this run is the same configuration again.
        report = robotrader.backtest(CONFIG, settings={"state": str(self.folder / "var")})
        theirs = json.loads(self.report.read_text())
        # The settings differ in one place, the folder of the ledger; all that was decided and counted is equal.
        for name in theirs:
            if name not in ("config", "evidence", "trial_sharpes", "targets", "caveats"):
                self.assertEqual(report.values[name], theirs[name], name)
        self.assertEqual(report.commands, theirs["commands"])
        self.assertEqual(report.evidence["sharpe_low"], theirs["evidence"]["sharpe_low"])
        self.assertEqual(report.evidence["trials"], 2)
        self.assertEqual(report.verdict, theirs["verdict"])
        self.assertEqual(json.loads(report.json()), report.values)

    def test_every_byte_is_the_programs_when_the_settings_are(self) -> None:
        before = os.getcwd()
        os.chdir(self.folder)
        try:
            report = robotrader.backtest(CONFIG)
        finally:
            os.chdir(before)
        theirs = json.loads(self.report.read_text())
        self.assertEqual(report.values["config"], theirs["config"])
        self.assertEqual({**report.values, "evidence": None}, {**theirs, "evidence": None})
        report.save(self.folder / "saved")
        self.assertEqual(json.loads((self.folder / "saved/report.json").read_text()), report.values)
        self.assertIn("<html", (self.folder / "saved/report.html").read_text()[:200])

    def run_here(self, **words: object) -> robotrader.Report:
        return robotrader.backtest(CONFIG, settings={"state": str(self.folder / self.id()), **words.pop("settings", {})}, **words)  # type: ignore[arg-type]

    def test_tables_agree_with_the_figures_of_the_report(self) -> None:
        report = self.run_here()
        equity = pyarrow.table(report.equity())
        self.assertEqual(equity["equity"][0].as_py(), report.values["start_equity"])
        self.assertEqual(equity["equity"][-1].as_py(), report.values["end_equity"])
        self.assertEqual(equity["commissions"][-1].as_py(), report.costs["commissions"])
        fills = report.fills().to_polars()
        self.assertEqual(fills.height, report.values["fills_total"])
        self.assertAlmostEqual(fills["realized"].sum(), sum(row["realized"] for row in report.values["fills"]))
        trades = report.trades().to_pylist()
        figures = report.values["trades"]
        self.assertEqual(len(trades), figures["round_trips"])
        self.assertEqual(min(trade["realized"] for trade in trades), figures["worst"])
        for trade in trades:
            sign = 1 if trade["side"] == "long" else -1
            self.assertAlmostEqual(trade["realized"], sign * (trade["exit"] - trade["entry"]) * trade["quantity"], places=3)
        self.assertEqual(report.statistics().to_pylist(), report.values["series"])
        self.assertEqual(report.statistics().column_names[0], "name")
        self.assertEqual([row["name"] for row in report.targets().to_pylist()], [row["name"] for row in report.values["targets"]])
        self.assertEqual(report.cost_ladder().to_pylist(), report.values["cost_ladder"])
        self.assertEqual(report.prices().column_names, ["at", "BTCUSDT"])
        self.assertEqual(len(report.positions()), equity.num_rows)

    def test_a_grid_is_counted_against_the_run(self) -> None:
        report = self.run_here(parameters={"momentum.hold_bars": 12}, grid={"momentum.bar_s": [5, 10]})
        self.assertEqual(report.grid().to_polars()["name"].to_list(), ["momentum.bar_s=5", "momentum.bar_s=10"])
        cells = report.values["grid"]["cells"]
        self.assertEqual([(report.values["grid"]["x"], cell["x"]) for cell in cells], [("momentum.bar_s", 5), ("momentum.bar_s", 10)])
        self.assertEqual([cell["sharpe"] for cell in cells], report.grid().to_polars()["sharpe"].to_list())
        # The run itself, which has the file's bar_s, and both cells: three texts of settings.
        self.assertEqual(report.evidence["trials"], 3)
        self.assertIn("hold_bars", report.settings)

    def test_its_journal_is_read_again(self) -> None:
        folder = self.folder / "kept"
        report = self.run_here(journal=folder)
        self.assertEqual(robotrader.Journal(folder).counts()["OrderFilled"], len(report.fills()))
        with self.assertRaisesRegex(FileExistsError, "never written over"):
            self.run_here(journal=folder)

    def test_other_threads_go_on_and_progress_is_told(self) -> None:
        counted, told, stop = [0], [], threading.Event()

        def count() -> None:
            while not stop.is_set():
                counted[0] += 1
                time.sleep(0)

        other = threading.Thread(target=count)
        other.start()
        try:
            before = counted[0]
            self.run_here(progress=told.append)
            self.assertGreater(counted[0], before + 20)
        finally:
            stop.set()
            other.join()
        self.assertEqual(told, sorted(told))
        self.assertTrue(0 < told[0] < told[-1] <= 1)

    def test_an_exception_out_of_progress_ends_the_run(self) -> None:
        def stop(_share: float) -> None:
            raise KeyboardInterrupt

        with self.assertRaises(KeyboardInterrupt):
            self.run_here(progress=stop)
        self.assertEqual(self.run_here().verdict, "NOT ENOUGH DATA")

    def test_mistakes_name_file_line_and_key(self) -> None:
        with self.assertRaisesRegex(robotrader.ConfigError, "nowhere.toml: does not exist"):
            robotrader.backtest("nowhere.toml")
        broken = self.folder / "broken.toml"
        broken.write_text((ROOT / CONFIG).read_text().replace("starting_cash = 1000000", 'starting_cash = "much"\nstarting_cesh = 1'))
        with self.assertRaises(robotrader.ConfigError) as caught:
            robotrader.backtest(str(broken))
        self.assertEqual(len(caught.exception.problems), 2)
        self.assertRegex(caught.exception.problems[0], r"broken\.toml:5: starting_cash: ")
        self.assertRegex(caught.exception.problems[1], r"broken\.toml:6: starting_cesh: .*starting_cash")
        with self.assertRaisesRegex(robotrader.ConfigError, "no parameter lokback; its parameters are: bar_s, lookback"):
            self.run_here(parameters={"momentum.lokback": 3})
        with self.assertRaisesRegex(robotrader.DataError, "no data for market 'nasdaq'"):
            self.run_here(settings={"data.market": "nasdaq"})
        with self.assertRaisesRegex(TypeError, r"settings\['data.market'\]: text"):
            self.run_here(settings={"data.market": None})
        with self.assertRaisesRegex(ValueError, "one value each"):
            self.run_here(parameters={"momentum.bar_s": [5, 10]})
        self.assertIn("taq", robotrader.check_settings(CONFIG, settings={"data.market": "taq"}))


if __name__ == "__main__":
    unittest.main()
