"""Bad settings, wrong words, damaged journals, full disks: a sentence and the right exit code, never a crash, never an order."""

import os
import subprocess

import robot


class BadInput(robot.Case):
    def test_a_bad_file_tells_all_its_errors_with_lines_and_exits_2(self):
        path = self.folder / "bad.toml"
        path.write_text('mode = "papper"\naccount = 5\n[limits]\ndayly_loss_max = 1\n')
        done = robot.run("trade", "--config", path)
        self.assertEqual(done.returncode, 2)
        for part in ("bad.toml:1: mode", "bad.toml:2: account", "bad.toml:4: limits.dayly_loss_max", "daily_loss_max"):
            self.assertIn(part, done.stderr)

    def test_a_missing_file_and_an_unknown_word_exit_2(self):
        self.assertEqual(robot.run("trade", "--config", self.folder / "none.toml").returncode, 2)
        self.assertEqual(robot.run("tarde").returncode, 2)
        self.assertEqual(robot.run("demo", "--speed", "-3").returncode, 2)
        self.assertEqual(robot.run("replay", self.folder).returncode, 2)

    def test_real_money_needs_mode_flag_and_account_to_agree(self):
        text = (robot.ROOT / "config" / "live.toml").read_text()
        path = self.folder / "live.toml"
        path.write_text(text.replace('journal = "journal"', f'journal = "{self.folder}/journal"'))
        for words in ((), ("--arm-live",), ("--arm-live", "--account", "U1"), ("--account", "U0000000")):
            done = robot.run("trade", "--config", path, *words)
            self.assertEqual(done.returncode, 2, words)
            self.assertFalse((self.folder / "journal").exists(), "nothing was started")
        path.write_text(path.read_text().replace("U0000000", "DU123"))
        self.assertEqual(robot.run("trade", "--config", path, "--arm-live", "--account", "DU123").returncode, 2, "a paper account is not real money")

    def test_a_paper_run_refuses_an_account_that_is_not_paper_and_a_gateway_of_another_account(self):
        config = self.config(1)
        config.write_text(config.read_text().replace("DU7654321", "U7654321"))
        self.assertEqual(robot.run("trade", "--config", config).returncode, 2)
        gateway = self.keep(robot.Gateway(self.folder))
        config = self.config(gateway.port)
        config.write_text(config.read_text().replace("DU7654321", "DU1111111"))
        engine = self.keep(robot.Process(self.folder, "engine", "trade", "--config", config, "--seconds", 8))
        engine.process.wait(60)
        self.assertNotIn("gateway ready", engine.text())
        self.assertIn("DU1111111", engine.text())
        self.assertEqual([name for name, _ in self.records(self.journals()[-1], "commands") if name == "submit_order"], [])

    def test_a_socket_thread_of_its_own_is_refused_where_it_would_be_slower(self):
        gateway = self.keep(robot.Gateway(self.folder))
        config = self.config(gateway.port)
        config.write_text('threads = "split"\n' + config.read_text())
        if os.cpu_count() < 3:
            done = robot.run("trade", "--config", config, "--seconds", 5)
            self.assertEqual(done.returncode, 2)
            self.assertIn("three cores", done.stderr)
        else:
            engine = self.keep(robot.Process(self.folder, "engine", "trade", "--config", config))
            engine.wait_for(r"gateway ready")
            self.wait_for_record("OrderFilled", lambda fact: True)
            self.assertEqual(engine.stop(), 0)

    def test_without_a_gateway_it_says_so_soon_and_keeps_trying(self):
        engine = self.keep(robot.Process(self.folder, "engine", "trade", "--config", self.config(9)))
        engine.wait_for(r"no gateway at 127\.0\.0\.1:9", 15)
        engine.wait_for(r"cannot connect to 127\.0\.0\.1:9", 15)
        self.assertEqual(engine.stop(), 0)

    def test_a_damaged_journal_is_read_to_its_last_good_record_and_said_so(self):
        out = self.folder / "out"
        robot.run("backtest", "config/backtest/taq.toml", "--out", out, "--journal", "--once", check=0)
        segment = out / "journal" / "segment-000000.rtj"
        data = bytearray(segment.read_bytes())
        data[len(data) // 2] ^= 0xFF
        segment.write_bytes(data)
        done = robot.run("journal", "stats", out / "journal")
        self.assertEqual(done.returncode, 1)
        self.assertIn("last good record", done.stderr)

    def test_a_full_disk_stops_entries_lets_exits_go_and_is_over_when_there_is_room(self):
        # A limit on file size, put on the running engine, stands in for a full disk: reserving the next segment fails as there.
        gateway = self.keep(robot.Gateway(self.folder, speed=30))
        config = self.config(gateway.port)
        config.write_text("journal_segment_mb = 1\n" + config.read_text())
        engine = self.keep(robot.Process(self.folder, "engine", "trade", "--config", config))
        engine.wait_for(r"gateway ready")
        self.wait_for_record("OrderFilled", lambda fact: True)
        pid = str(engine.process.pid)
        subprocess.run(["prlimit", "--pid", pid, f"--fsize={600 * 1024}:unlimited"], check=True)
        engine.wait_for(r"cannot reserve", 120)
        robot.time.sleep(8)
        subprocess.run(["prlimit", "--pid", pid, "--fsize=unlimited:unlimited"], check=True)
        engine.wait_for(r"writing again", 30)
        robot.time.sleep(2)
        self.assertEqual(engine.stop(), 0)
        failed = False
        seen = set()
        for line in robot.run("journal", "cat", self.journals()[-1]).stdout.splitlines():
            if "RuntimeAlarm" in line:
                kind = "journal_failed" if "journal_failed" in line else "journal_restored" if "journal_restored" in line else ""
                failed = failed if not kind else kind == "journal_failed"
                seen.add(kind)
            if failed and " submit_order " in line:
                self.assertRegex(line, r'"purpose":"(exit|protective_stop|profit_target|flatten)"', "no new risk while the journal cannot be written")
        self.assertLessEqual({"journal_failed", "journal_restored"}, seen)


if __name__ == "__main__":
    robot.unittest.main()
