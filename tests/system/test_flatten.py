"""`flatten` works without the engine: it cancels everything and closes everything at the gateway."""

import robot


class Flatten(robot.Case):
    def test_cancels_and_closes_what_a_killed_engine_left_behind(self):
        gateway = self.keep(robot.Gateway(self.folder))
        config = self.config(gateway.port)
        engine = self.keep(robot.Process(self.folder, "engine", "trade", "--config", config))
        engine.wait_for(r"gateway ready")
        self.wait_for_record("OrderChanged", lambda fact: fact["intent"].get("purpose") == "protective_stop" and fact["state"] in ("pre_submitted", "submitted"))
        self.wait_for_record("OrderFilled", lambda fact: True)
        engine.kill9()
        done = robot.run("flatten", "--config", config, "--yes")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("0 orders working, 0 positions open", done.stdout)
        # The next start finds nothing.
        again = self.keep(robot.Process(self.folder, "again", "trade", "--config", config, "--seconds", 4))
        again.wait_for(r"reconciled: 0 orders known, 0 adopted")
        again.process.wait(30)

    def test_does_nothing_unless_the_account_is_typed(self):
        done = robot.subprocess.run([robot.BINARY, "flatten", "--config", str(self.config(1))], input="yes\n", capture_output=True, text=True, cwd=robot.ROOT)
        self.assertEqual(done.returncode, 1)
        self.assertIn("nothing was done", done.stderr)


if __name__ == "__main__":
    robot.unittest.main()
