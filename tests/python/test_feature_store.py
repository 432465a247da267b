"""The feature store: a session's batches while it fills them, what it left, and joins that never look ahead."""

import math
import subprocess
import time
import unittest

import numpy
import pandas
import polars
import pyarrow
import robotrader
from recorded import BINARY, ROOT, Folder


def address(column: pyarrow.ChunkedArray) -> int:
    return column.chunk(0).buffers()[1].address + 8 * column.chunk(0).offset


class FeatureStores(Folder):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        text = (ROOT / "config/demo.toml").read_text()
        text = text.replace('journal = "journal"', f'journal = "{cls.folder}/journal"').replace('state = "var/demo"', f'state = "{cls.folder}/var"')
        text = text.replace('folder = "data"', f'folder = "{ROOT}/data"')
        text += f'\n[features]\non = true\nfolder = "{cls.folder}/sealed"\nlive = "{cls.folder}/live"\n'
        (cls.folder / "demo.toml").write_text(text)
        (cls.folder / "sealed").mkdir()
        cls.demo = subprocess.Popen([BINARY, "demo", "--headless", "--seconds", "7", "--port", "0", "--market", "us24", "--speed", "120", "--config", str(cls.folder / "demo.toml")],
                                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)
        cls.addClassCleanup(cls.demo.kill)
        cls.store = robotrader.FeatureStore(cls.folder / "sealed", cls.folder / "live")

    def wait_for(self, what, seconds: float = 60):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = what()
            if found:
                return found
            time.sleep(0.02)
        self.fail("it did not come")

    def test_1_rows_appear_in_a_batch_while_it_is_written_and_nothing_is_copied(self) -> None:
        symbol = self.wait_for(lambda: self.store.symbols() if self.store.sets() else [])[0]
        batch = self.wait_for(lambda: self.store.live(symbol))[-1]
        rows = self.wait_for(batch.refresh)
        self.assertEqual((batch.set, batch.symbol), ("decision", symbol))
        before = pyarrow.total_allocated_bytes()
        first = pyarrow.table(batch)
        self.assertEqual(pyarrow.total_allocated_bytes(), before, "reading allocated memory")
        self.assertEqual(first.num_rows, rows)
        more = self.wait_for(lambda: (now := batch.refresh()) > rows and now)
        second = pyarrow.table(batch)
        self.assertEqual((first.num_rows, second.num_rows), (rows, more))
        name = batch.features[0]
        place = address(first[name])
        self.assertEqual(address(second[name]), place, "the same memory, seen again")
        self.assertEqual(first[name].chunk(0).to_numpy(zero_copy_only=True).ctypes.data, place)
        self.assertEqual(polars.DataFrame(batch)[name].to_arrow().buffers()[1].address, place, "polars copied")
        self.assertEqual(pandas.Series(first[name].chunk(0).to_numpy(zero_copy_only=True)).to_numpy().ctypes.data, place, "pandas copied")
        self.assertTrue((second["at"].cast(pyarrow.int64()).to_numpy() != 0).all())
        # What was read stays readable when the session has sealed the batch and its file is gone.
        self.assertEqual(self.demo.wait(timeout=60), 0)
        self.assertFalse(batch.path.exists())
        self.assertEqual(first[name].to_numpy().view(numpy.int64).tolist(), second[name].slice(0, rows).to_numpy().view(numpy.int64).tolist())

    def test_2_what_was_sealed_is_a_series_and_a_point_in_time(self) -> None:
        self.demo.wait(timeout=60)
        symbol = self.store.symbols()[0]
        series = self.store.series(symbol)
        table = series.table().to_polars()
        self.assertEqual(series.damaged, [])
        self.assertGreater(table.height, 100)
        self.assertEqual(table.columns[:2], ["at", "known_at"])
        self.assertTrue(table["known_at"].is_sorted())
        known = table["known_at"].cast(polars.Int64)
        row = table.height // 2
        found = series.as_known_at(known[row])
        last = int((known <= known[row]).sum()) - 1
        self.assertEqual(found["at"], table["at"].cast(polars.Int64)[last])
        for name in series.features:
            self.assertEqual(numpy.float64(found[name]).tobytes(), numpy.float64(table[name][last]).tobytes())
        self.assertIsNone(series.as_known_at(known[0] - 1))
        half = self.store.series(symbol, start=int(table["at"].cast(polars.Int64)[row]))
        self.assertEqual(len(half), int((table["at"] >= table["at"][row]).sum()))

    def test_3_a_join_takes_what_was_known_then_and_never_later(self) -> None:
        self.demo.wait(timeout=60)
        symbol = self.store.symbols()[0]
        series = self.store.series(symbol)
        table = series.table().to_polars()
        known = table["known_at"].cast(polars.Int64).to_numpy()
        moments = numpy.concatenate([[known[0] - 1], known[::37], known[::37] - 1, [known[-1] + 3600 * 10**9]])
        asked = polars.DataFrame({"at": moments, "symbol": [symbol] * len(moments), "mine": range(len(moments))}).with_columns(polars.col("at").cast(polars.Datetime("ns", "UTC")))
        names = series.features[:3]
        joined = self.store.join(asked, names).to_polars()
        self.assertEqual(joined.columns, ["at", "symbol", "mine", "known_at", *names])
        for i, moment in enumerate(moments):
            row = numpy.searchsorted(known, moment, side="right") - 1
            if row < 0:
                self.assertIsNone(joined["known_at"][i])
                self.assertTrue(all(math.isnan(joined[name][i]) for name in names))
                continue
            for name in names:
                self.assertEqual(numpy.float64(joined[name][i]).tobytes(), numpy.float64(table[name][int(row)]).tobytes())
        fresh = self.store.join(asked, names, age_max="1m").to_polars()
        self.assertIsNone(fresh["known_at"][len(moments) - 1])
        self.assertEqual(len(self.store.join(asked.drop("symbol"), names, symbol=symbol)), len(moments))

    def test_4_mistakes_name_what_there_is(self) -> None:
        self.demo.wait(timeout=60)
        with self.assertRaisesRegex(FileNotFoundError, "nowhere"):
            robotrader.FeatureStore(self.folder / "nowhere", self.folder / "nowhere")
        with self.assertRaisesRegex(ValueError, "there are decision"):
            self.store.symbols("decisions")
        asked = {"at": [0], "symbol": ["X"]}
        with self.assertRaisesRegex(robotrader.DataError, "no column 'when'; there are at, symbol"):
            self.store.join(asked, ["mid tick"], at="when")
        with self.assertRaisesRegex(robotrader.DataError, "'symbol' is of type int64, texts"):
            self.store.join({"at": [0], "symbol": [1]}, ["mid tick"])
        with self.assertRaisesRegex(robotrader.DataError, "name at least one"):
            self.store.join(asked, [])
        with self.assertRaisesRegex(ValueError, "age_max: 'soon' is not a length of time"):
            self.store.join(asked, ["mid tick"], age_max="soon")
        file = sorted((self.folder / "sealed").rglob("*.parquet"))[0]
        file.write_bytes(file.read_bytes()[:200])
        symbol = file.parent.name.removeprefix("symbol=")
        self.assertIn(file.name, self.store.series(symbol).damaged[0])
        with self.assertRaisesRegex(robotrader.DataError, file.name):
            self.store.join({"at": [0], "symbol": [symbol]}, ["mid tick"])


if __name__ == "__main__":
    unittest.main()
