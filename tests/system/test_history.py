"""History from a running gateway: fetched, killed, resumed, damaged, repaired; backed up and restored."""

import gzip
import json
import time

import robot

DAYS = ("--from", "2019-02-11", "--until", "2019-02-13")


class History(robot.Case):
    def gateway(self):
        return self.keep(robot.Gateway(self.folder, market="us24", speed=1))

    def settings(self, port):
        path = self.folder / "paper.toml"
        path.write_text(f"""
name = "paper"
mode = "paper"
account = "DU7654321"
state = "{self.folder}/var"
journal = "{self.folder}/journal"
[gateway]
port = {port}
cache = "{self.folder}/contracts.json"
[data]
folder = "{robot.ROOT}/data"
""")
        return path

    def data(self, action, *words, check=None, store="store"):
        return robot.run("data", action, "--store", self.folder / store, *words, check=check)

    def holdings(self, *words, store="store"):
        return json.loads(self.data("list", "--json", *words, store=store).stdout)["holdings"]

    def states(self, symbol, series="1-min"):
        path = self.folder / "store" / "history" / f"symbol={symbol}" / f"{series}.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()]

    def test_a_fetch_that_is_killed_goes_on_where_it_stood_and_asks_for_nothing_twice(self):
        config = self.settings(self.gateway().port)
        symbols = "AAPL,AMT,AMZN,BAC,BK,DFS,GLD,JPM,MSFT,MU,QQQ,SBUX,SPY,TRV,TSLA,V,VOO"
        words = ("--config", config, "--symbols", symbols, *DAYS)
        fetch = self.keep(robot.Process(self.folder, "fetch", "data", "fetch", "--store", self.folder / "store", *words))
        history = self.folder / "store" / "history"
        end = time.monotonic() + 60
        while sum(1 for _ in history.glob("symbol=*/*.jsonl")) < 3 and fetch.process.poll() is None and time.monotonic() < end:
            time.sleep(0.005)
        fetch.kill9()
        before = {line["day"] + symbol: line["at"] for symbol in symbols.split(",") if (history / f"symbol={symbol}").exists() for line in self.states(symbol)}
        self.assertGreaterEqual(len(before), 3, fetch.text())
        done = self.data("fetch", *words, check=0)
        self.assertIn("nothing is wrong", done.stdout)
        for symbol in symbols.split(","):
            days = {line["day"]: line for line in self.states(symbol)}
            self.assertEqual(sorted(days), ["2019-02-11", "2019-02-12"], symbol)
            for day, line in days.items():
                if line["status"] == "complete" and day + symbol in before:
                    self.assertEqual(line["at"], before[day + symbol], f"{symbol} {day} was asked for twice")
        bars = {h["symbol"]: h for h in self.holdings()}
        self.assertEqual(sorted(bars), symbols.split(","))
        self.assertEqual(bars["AAPL"]["rows"], 780)
        self.assertEqual(bars["AAPL"]["days_missing"], 0)
        self.assertEqual(bars["AAPL"]["sources"], ["IB TRADES 1 min regular hours"])
        self.assertIn("splits until", bars["AAPL"]["adjusted"])
        again = self.data("fetch", *words, check=0)
        self.assertRegex(again.stdout, r"0 added, 0 replaced")

    def test_a_connection_that_is_cut_costs_nothing_but_time(self):
        gateway = self.gateway()
        config = self.settings(gateway.port)
        symbols = "AAPL,AMT,AMZN,BAC,BK,DFS,GLD,JPM,MSFT,MU,QQQ,SBUX,SPY,TRV,TSLA,V,VOO"
        fetch = self.keep(robot.Process(self.folder, "fetch", "data", "fetch", "--store", self.folder / "store", "--config", config, "--symbols", symbols, *DAYS))
        history = self.folder / "store" / "history"
        end = time.monotonic() + 60
        while not any(history.glob("symbol=*/*.jsonl")) and fetch.process.poll() is None and time.monotonic() < end:
            time.sleep(0.002)
        gateway.say("cut")
        fetch.process.wait(120)
        self.assertEqual(fetch.process.returncode, 0, fetch.text())
        self.assertIn("nothing is wrong", fetch.text())
        self.assertEqual(len(self.holdings()), 17)
        self.assertEqual(sum(h["days"] for h in self.holdings()), 34)

    def test_ticks_come_page_by_page_and_once(self):
        config = self.settings(self.gateway().port)
        words = ("--config", config, "--symbols", "AAPL", "--ticks", "trades", *DAYS)
        done = self.data("fetch", *words, check=0)
        self.assertIn("2 complete", done.stdout)
        (trades,) = self.holdings()
        self.assertEqual((trades["kind"], trades["days"], trades["sources"]), ("trades", 2, ["IB trades regular hours"]))
        self.assertEqual(trades["rows"], 2 * 390 * 4, "four trades of every minute, none twice and none lost between two pages")
        self.assertRegex(self.data("fetch", *words, check=0).stdout, r"0 asked in 0 requests")
        self.assertEqual([line["status"] for line in self.states("AAPL", "trades")], ["complete", "complete"])

    def test_days_that_check_finds_wrong_are_asked_for_again_and_what_they_replace_is_kept(self):
        config = self.settings(self.gateway().port)
        rows = gzip.open(robot.ROOT / "data" / "equity_intraday" / "us24_1min_to_2019-02-15.csv.gz", "rt").read().splitlines()
        spy = [row for row in rows[1:] if row.startswith("SPY,2019-02-12")]
        self.assertEqual(len(spy), 390)
        cells = spy[100].split(",")
        cells[3] = cells[5] = "999.5"  # high and close of one minute
        damaged = spy[:100] + [",".join(cells)] + spy[101:200] + spy[230:]
        file = self.folder / "spy.csv"
        file.write_text("\n".join([rows[0], *damaged]) + "\n")
        robot.run("import", file, "--store", self.folder / "store", check=0)

        found = self.data("check", "--json", check=1)
        faults = {f["fault"]: f for f in json.loads(found.stdout)["findings"]}
        self.assertEqual(faults["hole"]["count"], 30)
        self.assertEqual(faults["outlier"]["days"], ["2019-02-12"])
        self.assertIn("999.5", faults["outlier"]["examples"][0])

        done = self.data("repair", "--config", config, check=0)
        self.assertIn("30 added, 1 replaced", done.stdout)
        self.data("check", check=0)
        (bars,) = self.holdings()
        self.assertEqual(bars["rows"], 390)
        self.assertEqual(bars["rows_repaired"], 31)
        self.assertEqual(bars["sources"], ["spy.csv; IB TRADES 1 min regular hours"])
        (kept,) = self.holdings("--replaced")
        self.assertEqual(kept["rows"], 360)
        (state,) = self.states("SPY")
        self.assertEqual(state["reason"], "hole, outlier")
        self.assertEqual(len(state["replaced"]), 1)
        self.assertIn("nothing to repair", self.data("repair", "--config", config, check=0).stdout)

    def test_a_backup_is_restored_as_it_was_and_a_damaged_one_is_not(self):
        robot.run("import", robot.ROOT / "data" / "equity_intraday" / "us24_1min_to_2019-02-15.csv.gz", "--store", self.folder / "store", check=0)
        self.data("actions", "--import", robot.ROOT / "data" / "daily" / "etf_sectors_ohlcv_2000_2025.csv.gz", check=0)
        backup = self.folder / "backup"
        self.data("backup", backup, check=0)
        self.assertIn(" 0 copied", self.data("backup", backup, check=0).stdout)
        self.data("restore", backup, store="again", check=0)

        def contents(store):
            root = self.folder / store
            return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file() and not path.name.startswith(".")}

        before = contents("store")
        self.assertGreater(len(before), 100)
        self.assertEqual(contents("again"), before)
        self.assertEqual(self.holdings(store="again"), self.holdings())
        victim = next(backup.rglob("*.parquet"))
        victim.write_bytes(victim.read_bytes()[:-1] + b"?")
        done = self.data("restore", backup, store="third")
        self.assertEqual(done.returncode, 1)
        self.assertIn(victim.name, done.stderr)
        self.assertFalse((self.folder / "third").exists())

    def test_a_back_test_plays_the_store_adjusted_and_by_membership(self):
        store = self.folder / "store"
        robot.run("import", robot.ROOT / "data" / "equity_intraday" / "us24_1min_to_2019-02-15.csv.gz", "--store", store, check=0)
        members = self.folder / "members.csv"
        members.write_text("ticker,start_date,end_date\nAAPL,2000-01-01,\nSPY,2019-02-13,\nMSFT,2000-01-01,2019-02-01\nGONE,2000-01-01,2019-02-14\n")
        self.data("universe", "mine", "--import", members, check=0)
        self.assertIn("3 members on 2019-02-13", self.data("universe", "mine", "--date", "2019-02-13", check=0).stdout)
        splits = self.folder / "splits.csv"
        splits.write_text("symbol,ex_date,kind,value,known_at\nAAPL,2019-02-14,split,4:1,2019-02-12\n")
        self.data("actions", "--import", splits, check=0)
        config = self.folder / "stored.toml"
        config.write_text(f"""
name = "stored"
mode = "backtest"
account = "DU1234567"
[data]
folder = "{robot.ROOT}/data"
market = "store"
store = "{store}"
from = 2019-02-11
until = 2019-02-15
universe = "mine"
[[strategies]]
name = "momentum"
[market]
quote_age_max = "30 s"
""")
        done = robot.run("backtest", config, "--out", self.folder / "out", check=0)
        self.assertIn("mine: 3 members of these days", done.stdout)
        self.assertIn("1 of 3 have no bars here: GONE", done.stdout)
        self.assertIn("adjusted for splits", done.stdout)
        self.assertIn("twice the same", done.stdout)
        for words, part in ((("universe", "yours"), "there are mine"), (("actions", "--import", members), "first line")):
            done = self.data(*words)
            self.assertEqual(done.returncode, 1, words)
            self.assertIn(part, done.stderr)

    def test_old_days_leave_when_they_are_told_to_and_the_ceiling_is_warned_of(self):
        robot.run("import", robot.ROOT / "data" / "equity_intraday" / "us24_1min_to_2019-02-15.csv.gz", "--store", self.folder / "store", check=0)
        config = self.settings(1)
        text = config.read_text()
        config.write_text(text.replace("[gateway]", f'store = "{self.folder}/store"\n[history]\nkeep_days = {{ bars = 2 }}\ndisk_max_gb = 0.001\n[gateway]'))
        doctor = robot.run("doctor", "--config", config)
        self.assertIn("history.disk_max_gb", doctor.stdout + doctor.stderr)
        dry = self.data("prune", "--config", config, "--dry-run", check=0)
        self.assertEqual(dry.stdout.count("older than 2 days"), 24 * 3)
        self.assertEqual(sum(h["days"] for h in self.holdings()), 24 * 5)
        self.data("prune", "--config", config, check=0)
        self.assertEqual(sum(h["days"] for h in self.holdings()), 24 * 2)

    def test_mistakes_are_told_in_a_sentence(self):
        config = self.settings(1)
        for words, part in (
            (("fetch", "--config", config, "--symbols", "SPY"), "--from"),
            (("fetch", "--config", config, "--from", "2019-02-30", "--symbols", "SPY"), "2019-02-30"),
            (("fetch", "--config", config, *DAYS, "--symbols", "SPY", "--bars", "7 mins"), "5 mins"),
            (("fetch", "--config", config, *DAYS), "--symbols"),
            (("list", "--kinds", "ticks"), "ticks"),
        ):
            done = self.data(*words)
            self.assertEqual(done.returncode, 2, words)
            self.assertIn(part, done.stderr)
        done = self.data("fetch", "--config", config, *DAYS, "--symbols", "SPY", "--patience", 1)
        self.assertEqual(done.returncode, 1)
        self.assertIn("no gateway at 127.0.0.1:1", done.stderr)


if __name__ == "__main__":
    import unittest

    unittest.main()
