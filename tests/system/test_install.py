"""An installed program works from any folder: it finds its data, settings and page beside itself, or where ROBO_HOME says."""

import os
import subprocess

import robot


class Install(robot.Case):
    def installed(self):
        prefix = self.folder / "usr"
        done = subprocess.run([os.environ["CMAKE"], "--install", os.environ["ROBO_BUILD_DIR"], "--prefix", prefix], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return prefix

    def at(self, binary, *words, home=None):
        away = self.folder / "away"
        away.mkdir(exist_ok=True)
        env = {**os.environ, "NO_COLOR": "1"}
        if home is not None:
            env["ROBO_HOME"] = str(home)
        return subprocess.run([binary, *map(str, words)], capture_output=True, text=True, timeout=120, cwd=away, env=env)

    def test_an_installed_program_imports_back_tests_and_trades_from_any_folder(self):
        prefix = self.installed()
        binary = prefix / "bin" / "robotrader"
        self.assertNotIn("not found", subprocess.run(["ldd", binary], capture_output=True, text=True).stdout)
        self.assertIn(str(prefix), subprocess.run(["ldd", binary], capture_output=True, text=True).stdout, "Arrow comes with it")

        done = self.at(binary, "import", robot.ROOT / "data/equity_intraday/SPY_1min_2020-12-15_18.csv.gz", "--store", "mine")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue((self.folder / "away" / "mine" / "bars").is_dir(), "what it writes stays in the working folder")

        done = self.at(binary, "backtest", "config/backtest/crypto.toml", "--once")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue((self.folder / "away" / "out" / "crypto" / "report.html").is_file())

        done = self.at(binary, "demo", "--headless", "--seconds", 3, "--port", 0, "--speed", 20, "--summary", "s.json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue((self.folder / "away" / "s.json").is_file())
        if (robot.ROOT / "ui/web/dist/index.html").is_file():
            self.assertTrue((prefix / "share/robotrader/ui/web/dist/index.html").is_file())

    def test_every_shipped_file_of_market_data_is_imported_from_any_folder(self):
        files = sorted((robot.ROOT / "data").glob("*/*.gz"))
        wanted = [f for f in files if f.parent.name in ("daily", "equity_intraday", "macro", "orderbook")]
        pseudo = [f for f in wanted if f.name.startswith(("europe_ABC", "us_stock_and_market"))]
        self.assertGreater(len(wanted), 15)
        done = self.at(robot.BINARY, "import", *[f for f in wanted if f not in pseudo], "--store", "st")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        done = self.at(robot.BINARY, "import", *pseudo, "--store", "st")
        self.assertEqual(done.returncode, 1, "nothing is read of files with made-up dates, and that is not a success")
        self.assertIn("--allow-pseudo-dates", done.stdout)
        self.assertEqual(self.at(robot.BINARY, "import", *pseudo, "--allow-pseudo-dates", "--store", "st").returncode, 0)

    def test_a_lost_home_is_told_with_the_places_that_were_looked_at(self):
        empty = self.folder / "empty"
        empty.mkdir()
        lone = self.folder / "lone" / "bin" / "robotrader"
        lone.parent.mkdir(parents=True)
        lone.write_bytes(open(robot.BINARY, "rb").read())
        lone.chmod(0o755)
        for words in (["import", robot.ROOT / "data/daily/MSFT_ohlcv_1990_2022.csv.gz"], ["demo", "--headless", "--seconds", 1], ["gateway-sim", "--port", 0], ["doctor"]):
            done = self.at(lone, *words, home=empty)
            self.assertEqual(done.returncode, 2, (words, done.stdout, done.stderr))
            self.assertIn("ROBO_HOME", done.stderr)
            self.assertIn(str(empty), done.stderr)
        self.assertEqual(self.at(lone, "import", robot.ROOT / "data/daily/MSFT_ohlcv_1990_2022.csv.gz", home=robot.ROOT).returncode, 0)


if __name__ == "__main__":
    robot.unittest.main()
