"""kill -9 with a position and a working stop, then a restart: the same orders are recognised, none is sent twice."""

import robot


class Restart(robot.Case):
    def test_kill_9_with_a_working_stop_loses_nothing_and_doubles_nothing(self):
        gateway = self.keep(robot.Gateway(self.folder))
        config = self.config(gateway.port)
        first = self.keep(robot.Process(self.folder, "first", "trade", "--config", config))
        first.wait_for(r"gateway ready")
        entry = self.wait_for_record("OrderFilled", lambda fact: fact["intent"].get("purpose", "entry") == "entry")
        stop = self.wait_for_record("OrderChanged", lambda fact: fact["intent"].get("purpose") == "protective_stop" and fact["state"] in ("pre_submitted", "submitted"))
        first.kill9()
        before = self.journals()[-1]
        stop_key = stop["intent"]["key"]

        # Stopped from the start: whatever it orders now, it orders because of what it found.
        config.write_text(config.read_text().replace('name = "mean_reversion"', 'name = "mean_reversion"\nrunning = false'))
        second = self.keep(robot.Process(self.folder, "second", "trade", "--config", config))
        second.wait_for(r"reconciled: ")
        second.wait_for(r"gateway ready")
        robot.time.sleep(3)
        second.stop()
        after = self.journals()[-1]
        self.assertNotEqual(before, after)

        remembered = {tuple(sorted(r["key"].items())) for _, r in self.records(after, "OrderIntent")}
        self.assertIn(tuple(sorted(stop_key.items())), remembered, "the stop was in the journal of the first session")
        note = self.records(after, "ReconciliationNoted")[0][1]
        self.assertTrue(note["complete"])
        self.assertGreaterEqual(note.get("orders_known", 0) + note.get("orders_adopted", 0), 1, note)
        sent = [r for name, r in self.records(after, "commands") if name == "submit_order"]
        self.assertEqual([r for r in sent if r.get("purpose", "entry") == "entry"], [], "nothing is entered twice")
        known = {(r["key"]["session"], r["key"]["number"]) for name, r in self.records(before, "commands") if name == "submit_order"}
        again = {(r["key"]["session"], r["key"]["number"]) for r in sent}
        self.assertEqual(known & again, set(), "no order key is ever sent twice")
        reports = [r for _, r in self.records(after, "PositionReport") if r.get("from_reconciliation")]
        held = float(reports[-1].get("quantity", "0")) if reports else 0.0
        changed = [r for _, r in self.records(after, "PositionChanged")]
        ours = float(changed[-1].get("quantity", "0")) if changed else 0.0
        self.assertAlmostEqual(ours, held, places=8)
        self.assertGreater(float(entry["execution"]["quantity"]), 0)


if __name__ == "__main__":
    robot.unittest.main()
