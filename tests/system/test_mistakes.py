"""What people do wrong on a first day: two engines, taken ports, folders that are files, Ctrl C twice, a read-only gateway."""

import os
import signal
import socket

import robot


class Mistakes(robot.Case):
    def test_a_second_engine_of_the_same_account_and_folders_is_refused_and_the_first_trades_on(self):
        gateway = self.keep(robot.Gateway(self.folder))
        config = self.config(gateway.port)
        first = self.keep(robot.Process(self.folder, "first", "trade", "--config", config))
        first.wait_for(r"gateway ready")
        second = robot.run("trade", "--config", config)
        self.assertEqual(second.returncode, 2, second.stdout)
        self.assertIn(f"runs already (process {first.process.pid})", second.stderr)
        self.assertIsNone(first.process.poll())
        self.assertEqual(first.stop(), 0)
        third = self.keep(robot.Process(self.folder, "third", "trade", "--config", config))
        third.wait_for(r"gateway ready")
        self.assertEqual(third.stop(), 0)

    def test_sigterm_ends_in_order_and_says_so(self):
        gateway = self.keep(robot.Gateway(self.folder))
        engine = self.keep(robot.Process(self.folder, "engine", "trade", "--config", self.config(gateway.port)))
        engine.wait_for(r"gateway ready")
        engine.process.send_signal(signal.SIGTERM)
        self.assertEqual(engine.process.wait(30), 0)
        self.assertIn("terminated", engine.text())
        self.assertEqual(robot.run("journal", "stats", self.journals()[-1]).returncode, 0, "closed in order")

    def test_ctrl_c_twice_ends_at_once_and_the_journal_is_whole(self):
        gateway = self.keep(robot.Gateway(self.folder))
        engine = self.keep(robot.Process(self.folder, "engine", "trade", "--config", self.config(gateway.port)))
        engine.wait_for(r"gateway ready")
        os.kill(engine.process.pid, signal.SIGSTOP)  # both arrive before the first can have had its way
        engine.process.send_signal(signal.SIGINT)
        engine.process.send_signal(signal.SIGTERM)
        os.kill(engine.process.pid, signal.SIGCONT)
        self.assertIn(engine.process.wait(30), (128 + signal.SIGINT, 128 + signal.SIGTERM))
        self.assertIn("ended at once", engine.text())
        self.assertEqual(robot.run("journal", "stats", self.journals()[-1]).returncode, 0, "cut, not damaged")

    def test_a_taken_port_is_told_with_the_setting_that_moves_it(self):
        taken = socket.socket()
        self.addCleanup(taken.close)
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = robot.run("gateway-sim", "--port", port, "--market", "crypto", timeout=30)
        self.assertIn(done.returncode, (1, 2))
        self.assertIn(str(port), done.stderr)
        config = self.config(1)
        config.write_text(config.read_text().replace("[desk]\non = false", f"[desk]\nport = {port}"))
        done = robot.run("trade", "--config", config, "--seconds", 5, timeout=60)
        self.assertEqual(done.returncode, 2, done.stdout)
        self.assertIn(str(port), done.stderr)
        done = robot.run("doctor", "--config", config, timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertIn("desk.port", done.stdout)

    def test_folders_that_cannot_be_written_are_named_and_nothing_starts(self):
        blocked = self.folder / "blocked"
        blocked.write_text("a file where a folder should be")
        for key in ("journal", "state"):
            config = self.config(1)
            text = config.read_text()
            wanted = f'{key} = "{self.folder}/{"journal" if key == "journal" else "var"}"'
            self.assertIn(wanted, text)
            config.write_text(text.replace(wanted, f'{key} = "{blocked}/inside"'))
            done = robot.run("trade", "--config", config, "--seconds", 5, timeout=60)
            self.assertEqual(done.returncode, 2, done.stdout)
            self.assertIn(str(blocked), done.stderr)

    def test_a_read_only_gateway_is_told_in_plain_words_found_by_doctor_and_over_when_unticked(self):
        gateway = self.keep(robot.Gateway(self.folder))
        gateway.say("read_only")
        gateway.wait_for(r"read-only")
        config = self.config(gateway.port)
        engine = self.keep(robot.Process(self.folder, "engine", "trade", "--config", config))
        engine.wait_for(r"untick Configure > API > Settings > Read-Only API")
        self.assertNotIn("gateway ready", engine.text())
        done = robot.run("doctor", "--config", config, timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertIn("its API is read-only", done.stdout)
        self.assertIn("untick", done.stdout)
        gateway.say("read_only on=false")
        engine.wait_for(r"gateway ready", 60)
        self.assertEqual(engine.stop(), 0)
        self.assertEqual(engine.text().count("gateway reconciling: the gateway's API is read-only"), 1, "said once, not every ten seconds")


if __name__ == "__main__":
    robot.unittest.main()
