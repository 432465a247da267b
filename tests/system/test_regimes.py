"""Parameters of the model of returns, estimated from shipped data and taken by a back-test."""

import re
import tomllib

import robot

SP500 = robot.ROOT / "data" / "daily" / "index_SP500_close_1950_2015.csv.gz"
SECTORS = robot.ROOT / "data" / "daily" / "etf_sectors_ohlcv_2000_2025.csv.gz"


class Regimes(robot.Case):
    def test_the_estimate_of_1950_to_1989_is_the_shipped_model(self):
        done = robot.run("regimes", "fit", SP500, "--until", "1990-01-01", check=0)
        model = tomllib.loads(done.stdout)["regime"]["hmm"]
        for have, shipped in zip(model["deviation"], (0.65381, 1.09430, 2.67452)):
            self.assertAlmostEqual(have, shipped, delta=0.02 * shipped)
        for row in range(3):
            self.assertAlmostEqual(sum(model["move"][3 * row : 3 * row + 3]), 1, places=6)
        self.assertRegex(done.stdout, r"9993 returns, log-likelihood -133\d\d\.")
        self.assertNotIn("NOT converged", done.stdout)

    def test_a_backtest_takes_what_was_printed(self):
        fitted = robot.run("regimes", "fit", SP500, "--states", "2", "--half-life", "0", check=0).stdout
        settings = (robot.ROOT / "config" / "backtest" / "us24.toml").read_text()
        path = self.folder / "us24.toml"
        path.write_text(f'state = "{self.folder}/var"\n{settings}\n{fitted}')
        done = robot.run("backtest", path, "--out", self.folder / "out", check=0)
        self.assertTrue(re.search(r"commands ([0-9a-f]{16}), twice the same", done.stdout), done.stdout)

    def test_what_cannot_be_read_is_said_with_the_fix(self):
        self.assertIn("--symbol: AGG, SPY", robot.run("regimes", "fit", SECTORS, check=2).stderr)
        self.assertIn("a day like", robot.run("regimes", "fit", SP500, "--until", "soon", check=2).stderr)
        few = robot.run("regimes", "fit", SP500, "--until", "1950-03-01", "--half-life", "0", check=1)
        self.assertIn("too few", few.stderr)


if __name__ == "__main__":
    robot.unittest.main()
