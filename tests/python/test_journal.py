"""Journals read from Python say what the program says of them."""

import decimal
import itertools
import json
import shutil
import unittest

import polars
import pyarrow
import robotrader
from recorded import Recorded, run


class Journals(Recorded):
    def cat(self, *words: str) -> list[str]:
        return run("journal", "cat", self.journal, *words, cwd=self.folder).splitlines()

    def test_every_record_is_the_line_that_the_program_prints(self) -> None:
        journal = robotrader.Journal(self.journal)
        lines = self.cat("--only", "facts") + self.cat("--only", "commands")
        read = [*journal.records("facts"), *journal.records("commands")]
        self.assertEqual(len(read), len(lines))
        self.assertGreater(len(read), 1000)
        for line, record in zip(lines, read):
            number, _, kind, text = line.split(None, 3)
            self.assertEqual((record.number, record.kind, record.line), (int(number), kind, text))
        for line, record in zip(self.cat("--limit", "2000"), itertools.islice(journal, 2000)):
            self.assertEqual(record.line, line.split(None, 3)[3])
        self.assertEqual(journal.session, 1)

    def test_counts_and_ending_are_those_of_journal_stats(self) -> None:
        stats = {line.split()[1]: int(line.split()[2].replace(",", "")) for line in run("journal", "stats", self.journal, cwd=self.folder).splitlines()
                 if line.startswith(("  event", "  fact", "  command"))}
        journal = robotrader.Journal(self.journal)
        self.assertEqual(journal.counts(), stats)
        checked = journal.check()
        self.assertEqual((checked["records"], checked["lost"], checked["ending"]), (sum(stats.values()), 0, "clean"))

    def test_a_table_has_a_column_for_every_member_and_the_values_of_the_records(self) -> None:
        journal = robotrader.Journal(self.journal)
        table = pyarrow.table(journal.table("OrderFilled", numbers="decimal"))
        records = list(journal.records("OrderFilled"))
        self.assertEqual(table.num_rows, len(records))
        for row, record in zip(table.to_pylist(), records):
            self.assertEqual(row["number"], record.number)
            self.assertEqual(row["symbol"], "BTCUSDT")
            self.assertEqual(row["execution.price"], decimal.Decimal(record.values["execution"]["price"]))
            self.assertEqual(row["execution.quantity"], decimal.Decimal(record.values["execution"]["quantity"]))
            self.assertEqual(row["realized"], decimal.Decimal(record.values["realized"]))
            self.assertEqual(row["intent.side"], record.values["intent"]["side"])
            self.assertEqual(row["intent.kind.kind"], record.values["intent"]["kind"]["kind"])
        floats = journal.table("OrderFilled").to_pyarrow()["execution.price"].to_pylist()
        raws = journal.table("OrderFilled", numbers="raw").to_pyarrow()["execution.price"].to_pylist()
        self.assertEqual(floats, [raw / 10**9 for raw in raws])
        self.assertEqual(floats, [float(price) for price in table["execution.price"].to_pylist()])

    def test_commands_and_rows_are_tables_too(self) -> None:
        journal = robotrader.Journal(self.journal)
        commands = journal.table("commands").to_polars()
        self.assertEqual(commands.height, len(self.cat("--only", "commands")))
        self.assertEqual(set(commands["name"]), {"submit_order", "modify_order", "cancel_order", "start_timer"})
        rows = journal.rows("EquityMarked").to_polars()
        self.assertEqual(rows.height, journal.counts()["EquityMarked"])
        self.assertEqual(json.loads(rows["json"][-1]), list(journal.records("EquityMarked"))[-1].values)

    def test_polars_and_pyarrow_take_a_table_without_a_copy(self) -> None:
        table = robotrader.Journal(self.journal).table("Quote", numbers="raw")
        self.assertGreater(len(table), 70_000)
        first = pyarrow.table(table)["bid"].chunk(0).buffers()[1].address
        self.assertEqual(pyarrow.table(table)["bid"].chunk(0).buffers()[1].address, first)
        self.assertEqual(polars.DataFrame(table)["bid"].to_arrow().buffers()[1].address, first)

    def test_mistakes_are_exceptions_that_say_what_would_be_right(self) -> None:
        with self.assertRaisesRegex(FileNotFoundError, "nowhere"):
            robotrader.Journal(self.folder / "nowhere")
        with self.assertRaisesRegex(robotrader.DataError, "holds no journal"):
            robotrader.Journal(self.folder)
        journal = robotrader.Journal(self.journal)
        with self.assertRaisesRegex(ValueError, "no message 'Quotes'; there are commands; events: Quote"):
            journal.table("Quotes")
        with self.assertRaisesRegex(ValueError, "float, decimal and raw"):
            journal.table("Quote", numbers="cents")
        with self.assertRaises(TypeError):
            robotrader.Journal(7)  # type: ignore[arg-type]
        with self.assertRaisesRegex(KeyError, "there are number, at"):
            journal.table("commands")["price"]

    def test_a_damaged_journal_is_an_error_unless_what_is_good_is_asked_for(self) -> None:
        copy = self.folder / "damaged"
        shutil.copytree(self.journal, copy)
        segment = sorted(copy.glob("*.rtj"))[0]
        data = bytearray(segment.read_bytes())
        data[len(data) // 2] ^= 0xFF
        segment.write_bytes(data)
        with self.assertRaisesRegex(robotrader.DataError, "checksum"):
            robotrader.Journal(copy).table("Quote")
        with self.assertRaisesRegex(robotrader.DataError, segment.name):
            list(robotrader.Journal(copy))
        good = robotrader.Journal(copy, damaged_ok=True)
        whole = robotrader.Journal(self.journal)
        self.assertTrue(0 < len(good.table("Quote")) < len(whole.table("Quote")))
        self.assertEqual(good.check()["ending"], "damaged")


if __name__ == "__main__":
    unittest.main()
