"""The gateway dies and comes back in the middle of the session: back-off, reconcile, resume."""

import re

import robot


class GatewayRestart(robot.Case):
    def test_the_engine_backs_off_reconciles_and_resumes(self):
        gateway = self.keep(robot.Gateway(self.folder))
        port = gateway.port
        config = self.config(port)
        engine = self.keep(robot.Process(self.folder, "engine", "trade", "--config", config))
        engine.wait_for(r"gateway ready")
        self.wait_for_record("OrderFilled", lambda fact: True)
        gateway.process.kill()
        gateway.process.wait()
        engine.wait_for(r"gateway disconnected")
        robot.time.sleep(3)
        again = self.keep(robot.Gateway(self.folder, name="gateway2", port=port))
        end = robot.time.monotonic() + 90
        while len(re.findall(r"gateway ready", engine.text())) < 2 and robot.time.monotonic() < end:
            robot.time.sleep(0.2)
        self.assertEqual(len(re.findall(r"gateway ready", engine.text())), 2, engine.text())
        self.assertGreaterEqual(len(re.findall(r"reconciled: ", engine.text())), 2, engine.text())
        self.assertEqual(engine.stop(), 0)
        # Nothing left the engine between the loss of the gateway and the end of the next reconciliation.
        journal = self.journals()[-1]
        lines = robot.run("journal", "cat", journal).stdout.splitlines()
        lost = None
        for line in lines:
            if '"state":"disconnected"' in line and " event " in line and " GatewayChanged " in line:
                lost = line
            if " GatewayChanged " in line and '"state":"ready"' in line:
                lost = None
            if lost and " command " in line:
                self.assertNotIn(" submit_order ", line, f"sent while the gateway was away: {line}")
        self.assertIn("identical", robot.run("replay", journal, "--verify", "--facts", check=0).stdout)
        again.stop()

    def test_the_daily_restart_on_command_is_survived(self):
        gateway = self.keep(robot.Gateway(self.folder))
        engine = self.keep(robot.Process(self.folder, "engine", "trade", "--config", self.config(gateway.port)))
        engine.wait_for(r"gateway ready")
        gateway.say("cut")
        engine.wait_for(r"\(?1100|lost|disconnected|connecting")
        gateway.say("restore kept")
        gateway.say("restart 2")
        end = robot.time.monotonic() + 90
        while len(re.findall(r"gateway ready", engine.text())) < 2 and robot.time.monotonic() < end:
            robot.time.sleep(0.2)
        self.assertGreaterEqual(len(re.findall(r"gateway ready", engine.text())), 2, engine.text())
        self.assertEqual(engine.stop(), 0)


if __name__ == "__main__":
    robot.unittest.main()
