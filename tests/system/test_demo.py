"""The demo trades through the wire, ends by itself, and its journal replays to identical commands."""

import json

import robot


class Demo(robot.Case):
    def test_trades_all_kinds_of_data_and_replays_identically(self):
        summary = self.folder / "summary.json"
        journal = self.folder / "journal"
        config = self.folder / "demo.toml"
        config.write_text((robot.ROOT / "config" / "demo.toml").read_text().replace('store = "store"', f'store = "{self.folder}/store"'))
        robot.run("demo", "--headless", "--seconds", 40, "--speed", 40, "--port", 0, "--summary", summary, "--journal", journal, "--config", config, check=0)
        result = json.loads(summary.read_text())
        self.assertEqual(result["exit_reason"], "time is up")
        self.assertGreater(result["orders"], 0)
        self.assertGreater(result["fills"], 0)
        self.assertGreater(result["commissions"], 0)
        self.assertEqual(result["journal_lost"], 0)
        self.assertAlmostEqual(result["pnl_net"], result["equity"] - result["starting_equity"], places=2)
        for symbol in ("XXX", "BTCUSDT", "SPY"):  # a recorded stock, a recorded book, bars turned into ticks
            self.assertGreater(result["events_by_symbol"].get(symbol, 0), 0, symbol)
        self.assertIn("reconstructed from 1-minute bars", result["data_note"])
        replay = robot.run("replay", journal, "--verify", "--facts", check=0)
        self.assertIn("identical", replay.stdout)
        # The session stored itself; its journal brought in from scratch comes to the same rows.
        again = robot.run("import", journal, "--store", self.folder / "again", check=0)
        self.assertIn(f"stored     {result['store_rows']} rows", again.stdout)
        for kind in ("quotes", "trades", "depth", "bars", "orders", "executions", "facts"):
            self.assertEqual(*[sorted({p.parent.relative_to(self.folder / root) for p in (self.folder / root / kind).rglob("*.parquet")})
                               for root in ("store", "again")], kind)

    def test_a_changed_record_is_found_by_the_replay(self):
        journal = self.folder / "journal"
        out = self.folder / "out"
        robot.run("backtest", "config/backtest/taq.toml", "--out", out, "--journal", "--once", check=0)
        (out / "journal").rename(journal)
        text = (journal / "run.toml").read_text()
        self.assertIn("order_notional_max = 50000", text)
        (journal / "run.toml").write_text(text.replace("order_notional_max = 50000", "order_notional_max = 1000"))
        replay = robot.run("replay", journal, "--verify")
        self.assertEqual(replay.returncode, 1)
        self.assertIn("the replay differs at record", replay.stderr)
        self.assertIn("submit_order", replay.stderr)


if __name__ == "__main__":
    robot.unittest.main()
